"""Sentences from verdicts: the same words as text and as HTML, what they lead to, and templates a part may carry."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import DossierError
from claimaudit.html import tag
from claimaudit.model import Label, Templates, Vintage
from claimaudit.rated import Confidence, Open
from claimaudit.show import provenance
from claimaudit.verdict import wording
from claimaudit.verdict.audit import audit
from claimaudit.verdict.parts import assess_claim
from claimaudit.verdict.pieces import Claimed, Mention, as_html, gathered, plain
from claimaudit.verdict.wording import clause, conclusion, conclusion_text, found, reason, reason_text
from samples import CLAIMS, RULE, write_dossier

S, R, N, C = Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_EVIDENCE, Label.CONFLICTING
CUSTOMS = "95 crates (90 to 100 crates), 2022"
AUDIT = "60 crates (55 to 65 crates), 2022"


@pytest.fixture(scope="module")
def dossier(tmp_path_factory):
    return Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier")))


@pytest.fixture(scope="module")
def claim(dossier):
    """The claim on figs in hindsight: customs for it, the audit office and the gazette against."""
    return audit(dossier, "figs").verdict("E01")


def with_template(claim, label, **templates):
    """The deciding part of the claim with another label and words of its own."""
    grounds = claim.deciding.grounds
    part = replace(grounds.part, templates=Templates(**templates))
    return replace(claim.deciding, label=label, grounds=replace(grounds, part=part))


# -- pieces ------------------------------------------------------------------------------------------------------------


def test_pieces_by_hand():
    sentence = ("Of ", Claimed("5 <figs>"), ": ", Mention("4 & more", ("a", "b")), ", ", Mention("none", ()), ".")
    shown = as_html(sentence, lambda said: tag("a", said.text, href=f"#{said.rows[0]}"))

    assert plain(sentence) == "Of 5 <figs>: 4 & more, none."
    assert str(shown) == (
        'Of <span class="ca-claimed">5 &lt;figs&gt;</span>: <a href="#a">4 &amp; more</a>, none.'
    )  # fmt: skip


@pytest.mark.parametrize("topic", ["trade", "space"])
def test_text_and_html_say_the_same(audited, topic):
    result = audited(topic)
    for verdict in result.verdicts:
        sentences = [reason(verdict)]
        if verdict.deciding:
            sentences += [conclusion(verdict), *map(found, verdict.parts)]
        for sentence in sentences:
            shown = BeautifulSoup(str(provenance.linked(result.dossier, sentence)), "html.parser")
            for note in shown.select(".ca-note"):
                note.decompose()

            assert shown.get_text() == plain(sentence) != ""


def test_each_mention_rests_on_the_rows_of_its_own_finding(claim):
    mentions = [piece for piece in reason(claim) if isinstance(piece, Mention)]

    assert mentions == [Mention(CUSTOMS, ("fig.customs",)), Mention(AUDIT, ("fig.audit",))]


def test_rows_that_say_the_same_in_the_same_words_are_told_apart(claim):
    """Nothing is searched for: equal texts on both sides lead to the rows they came from."""
    grounds = claim.deciding.grounds
    alike = replace(grounds.against, finding=replace(grounds.against.finding, text=CUSTOMS))
    part = replace(claim.deciding, grounds=replace(grounds, against=alike))
    mentions = [piece for piece in reason(part) if isinstance(piece, Mention)]

    assert [piece.rows for piece in mentions] == [("fig.customs",), ("fig.audit",)]


# -- sentences ---------------------------------------------------------------------------------------------------------


def test_the_reason_of_a_part_by_hand(claim):
    assert reason_text(claim.deciding) == (
        f"For it: {CUSTOMS} (Customs house, 1 February 2023); against it: {AUDIT} (Audit office, May 2024) "
        "(1 independent source for, 2 against)."
    )


@pytest.mark.parametrize(
    ("label", "words"),
    [
        (S, f"{CUSTOMS} (Customs house, 1 February 2023)"),
        (R, f"found instead: {AUDIT} (Audit office, May 2024)"),
        (C, f"for it {CUSTOMS} (Customs house, 1 February 2023); against it {AUDIT} (Audit office, May 2024)"),
        (N, f"for it {CUSTOMS} (Customs house, 1 February 2023); against it {AUDIT} (Audit office, May 2024)"),
    ],
)
def test_what_was_found_is_what_the_label_rests_on(claim, label, words):
    assert plain(found(replace(claim.deciding, label=label))) == words


def test_a_row_that_denies_without_a_figure_is_said_to_stand_against_it(claim):
    grounds = claim.deciding.grounds
    denied = replace(grounds.against, finding=replace(grounds.against.finding, quantity=None, text="it sold none"))
    part = replace(claim.deciding, label=R, grounds=replace(grounds, against=denied))

    assert plain(found(part)) == "against it it sold none (Audit office, May 2024)"


@pytest.mark.parametrize("why", [why for why in Open if why is not Open.EVIDENCE])
def test_a_part_that_is_open_for_a_reason_of_its_own_says_that_reason(claim, why):
    assert plain(found(replace(claim.deciding, label=N, open=why))) == why.value


def test_a_claim_nobody_speaks_on_says_so(dossier):
    early = replace(dossier, article=replace(dossier.article, published=dossier.article.published.replace(year=2020)))
    claim = audit(early, "figs").verdict("E01", Vintage.AT_PUBLICATION)

    assert (
        conclusion_text(claim)
        == "Not established: Sales in 2022 were about 100 crates. Also open: quotation not found."
    )
    assert plain(found(claim.deciding)) == "no independent source was found that bears on it"
    assert reason_text(claim).endswith(". No independent source was found that bears on it by then.")


def rated(claim, **labels):
    """The claim with other labels of its parts, by the last word of their ids, on strong evidence."""
    parts = [
        replace(part, label=labels[part.part_id.split(".")[1]], certainty=Confidence.STRONG) for part in claim.parts
    ]
    return assess_claim(replace_parts(claim), parts, RULE)


def replace_parts(claim):
    """The claim's own record, as its parts carry it."""
    return SimpleNamespace(claim_id=claim.claim_id, parts=tuple(part.part for part in claim.parts))


@pytest.mark.parametrize(
    ("number", "said", "words"),
    [
        (S, S, "Sales in 2022 were about 100 crates."),
        (S, N, "Sales in 2022 were about 100 crates. Also open: quotation not found."),
        (S, R, "Sales in 2022 were about 100 crates, but not so: The harbour master named the figure "),
        (R, S, f"Not so: Sales in 2022 were about 100 crates (found instead: {AUDIT} (Audit office, May 2024))."),
        (
            R,
            R,
            f"Not so: Sales in 2022 were about 100 crates (found instead: {AUDIT} (Audit office, May 2024)); "
            "not so: The harbour master named the figure",
        ),
        (C, S, "Disputed: Sales in 2022 were about 100 crates."),
        (N, C, "Not established: Sales in 2022 were about 100 crates. Also open: quotation disputed."),
    ],
)  # fmt: skip
def test_the_one_sentence_by_hand(claim, number, said, words):
    assert conclusion_text(rated(claim, number=number, said=said)).startswith(words)


def test_the_reason_of_a_claim_is_its_sentence_and_the_deciding_question(claim):
    assert reason_text(claim).startswith(
        f"{conclusion_text(claim)} The deciding question: Sales in 2022 were about 100 crates. For it: {CUSTOMS} "
    )


# -- templates ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "templates", "short"),
    [
        (S, {"holds": "customs counted {value}."}, "customs counted 95 crates (Customs house, 1 February 2023)"),
        (R, {"fails": "it was {value}"}, "it was 60 crates (Audit office, May 2024)"),
        (R, {"fails": "far fewer"}, "far fewer (Audit office, May 2024, and 1 more)"),
        (C, {"open": "counted twice, {value} by customs"}, "counted twice, 95 crates by customs (Customs house, 1 February 2023)"),
        (N, {"open": "the books are lost"}, "the books are lost"),
        (S, {"fails": "it was {value}"}, f"{CUSTOMS} (Customs house, 1 February 2023)"),
    ],
)  # fmt: skip
def test_a_part_may_say_it_in_its_own_words(claim, label, templates, short):
    part = with_template(claim, label, **templates)

    assert plain(found(part)) == short


def test_a_template_comes_first_in_the_reason_and_leaves_the_other_side(claim):
    part = with_template(claim, R, fails="it was {value}")

    assert reason_text(part) == (
        f"It was 60 crates (Audit office, May 2024); for it: {CUSTOMS} (Customs house, 1 February 2023) "
        "(1 independent source for, 2 against)."
    )
    assert Mention("60 crates", ("fig.audit",)) in reason(part)


def test_a_template_alone_says_nothing_of_the_other_side(claim):
    part = with_template(claim, S, holds="customs counted {value}")
    part = replace(part, grounds=replace(part.grounds, against=None, independent_against=0))

    assert (
        reason_text(part)
        == "Customs counted 95 crates (Customs house, 1 February 2023) (1 independent source for, none against)."
    )


def test_a_template_without_a_figure_leads_as_a_whole_to_the_row(claim):
    assert reason(with_template(claim, R, fails="far fewer"))[0] == Mention("Far fewer", ("fig.audit",))


def test_a_figure_that_is_not_there_leaves_the_usual_words(claim):
    part = with_template(claim, R, fails="it was {value}")
    silent = replace(part.grounds.against, finding=replace(part.grounds.against.finding, quantity=None))
    part = replace(part, grounds=replace(part.grounds, against=silent))

    assert "it was" not in reason_text(part).casefold()
    assert reason_text(part) == reason_text(claim.deciding)


def test_an_open_part_nobody_speaks_on_keeps_its_words(claim):
    part = with_template(claim, N, open="the books are lost")
    part = replace(part, grounds=replace(part.grounds, for_it=None, against=None, first=None))

    assert reason_text(part) == "The books are lost. No independent source was found that bears on it by then."


def test_templates_are_read_from_the_dossier(tmp_path):
    own = CLAIMS.replace("  value = 100\n", '  value = 100\n  holds = "customs counted {value}"\n')
    found = audit(Dossier.load(write_dossier(tmp_path, claims=own)), "figs")
    then = found.verdict("E01.number", Vintage.AT_PUBLICATION)

    assert then.label is S
    assert reason_text(then).startswith("Customs counted 95 crates (Customs house, 1 February 2023); against it: ")


@pytest.mark.parametrize(
    ("test", "line", "problem"),
    [
        ("about", 'holds = "it was {figure}"', "unknown placeholder {figure}"),
        ("about", 'holds = "it was {value:.1f}"', "unknown placeholder {value.1f}"),
        ("about", 'holds = "it was {}"', "unknown placeholder {}"),
        ("about", 'holds = "it was {value"', "a brace is open or stands alone"),
        ("about", "fails = 7", "7 is not a text"),
        ("event", 'open = "it was {value}"', "the test 'event' gives no figure to put in place of {value}"),
    ],
)
def test_a_template_that_cannot_be_filled_is_a_fault(tmp_path, test, line, problem):
    after = "  tolerance = 0.2\n" if test == "about" else '  test = "event"\n'
    folder = write_dossier(tmp_path, claims=CLAIMS.replace(after, f"{after}  {line}\n"))

    with pytest.raises(DossierError) as caught:
        Dossier.load(folder)

    (fault,) = caught.value.faults
    assert fault.problem == problem
    assert line.split(" = ")[0] in fault.column


def test_every_kind_of_test_has_its_usual_words():
    from claimaudit.model import TestKind

    assert set(wording.DEFAULTS) == set(TestKind)
    assert all("{finding}" in words for usual in wording.DEFAULTS.values() for words in (usual.holds, usual.fails))


# -- lists said once ---------------------------------------------------------------------------------------------------


def said(*clauses):
    """Clauses of one piece, each resting on a row, gathered and written."""
    return [plain(one) for one in gathered([(Mention(text, (f"row{n}",)),) for n, text in enumerate(clauses)])]


@pytest.mark.parametrize(
    ("clauses", "told"),
    [
        (("Ann stopped work", "Bob stopped work", "C D stopped work"), ["Ann, Bob and C D stopped work"]),
        (("only one source tells of rifles", "only one source tells of helmets"), ["only one source tells of rifles and helmets"]),
        (
            ("one source alone lists shot for guns", "one source alone lists shot for bows", "one source alone lists oil"),
            ["one source alone lists shot for guns and bows and oil"],
        ),
        (("it rose", "it rose"), ["it rose"]),
        (("the war has grown it", "the trade has grown it"), ["the war has grown it", "the trade has grown it"]),
        (("A falls short", "B falls short"), ["A falls short", "B falls short"]),
        (("we read no report", "we found a book and a map"), ["we read no report", "we found a book and a map"]),
    ],
)  # fmt: skip
def test_a_list_is_said_once_where_the_clauses_make_one(clauses, told):
    assert said(*clauses) == told


def test_each_item_of_a_list_leads_to_its_own_rows():
    ((first, _, second, rest),) = gathered(
        [(Mention("Ann stopped work", ("a",)),), (Mention("Bob stopped work", ("b",)),)]
    )

    assert (first, second, rest) == (Mention("Ann", ("a",)), Mention("Bob", ("b",)), " stopped work")


@pytest.mark.parametrize(
    ("clauses", "told"),
    [
        (
            ("we could not confirm that it was due to rain", "we could not confirm that rain fell"),
            ["we could not confirm that it was due to rain or that rain fell"],
        ),
        (
            ("we could not tell whether it sank", "we could not tell whether they swam"),
            ["we could not tell whether it sank or whether they swam"],
        ),
        (("she said that it sank", "she said that all went"), ["she said that it sank", "she said that all went"]),
        (("it was not said of Ann", "it was not said of Bob"), ["it was not said of Ann or Bob"]),
        (("jobs of Black Americans grew", "jobs of Hispanic Americans grew"), ["jobs of Black and Hispanic Americans grew"]),
    ],
)  # fmt: skip
def test_what_could_not_be_confirmed_is_said_once(clauses, told):
    assert [plain(one) for one in gathered([(text,) for text in clauses])] == told


# -- figures of a template ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "printed", "template", "words"),
    [
        (-18.34, -20.1, "it fell by {fall}", "it fell by 18.3 crates"),
        (18.34, -20.1, "it fell by {fall}", "found instead: "),
        (0.5761, 1, "it was {value}", "it was 0.58 crates"),
        (1234.5, 1, "it was {value}", "it was 1,200 crates"),
    ],
)
def test_a_figure_has_two_digits_or_those_of_the_printed_one(claim, found, printed, template, words):
    part = with_template(claim, R, fails=template)
    grounds = part.grounds
    against = replace(
        grounds.against,
        finding=replace(grounds.against.finding, quantity=replace(grounds.against.finding.quantity, value=found)),
    )
    asked = replace(grounds.part, numbers={"value": printed})

    shown = plain(clause(replace(part, grounds=replace(grounds, part=asked, against=against)), cited=False))
    assert words in shown
    assert "by 18" not in shown or found < 0


def test_the_one_sentence_names_no_source_and_leads_to_each(claim):
    part = with_template(claim, S, holds="customs counted {value}")

    assert plain(clause(part, cited=False)) == "customs counted 95 crates"
    assert clause(part, cited=False)[1].rows == ("fig.customs",)
