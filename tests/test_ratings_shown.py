"""Wherever a claim's rating is shown, each printed part that is wrong is named with it, whatever its parts come to."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from claimaudit import looks, terminal
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Label, Role, Vintage
from claimaudit.rated import Badge, Confidence, Open, Rating, Relayed
from claimaudit.show import badges, cards, summary
from claimaudit.verdict.audit import audit
from claimaudit.verdict.parts import assess_claim
from samples import CLAIMS, RULE, write_dossier

LABELS = st.sampled_from(list(Label))
DATES = (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT)
ROLES = {"built": "core", "sold": "core", "tariff": "link", "month": "detail", "sum": "detail", "word": "quote"}
MORE = {
    "tariff": 'wrong = "not for the tariff"',
    "month": 'wrong = "wrong month"\n  why_detail = "Another month would do"',
    "sum": 'wrong = "wrong sum"\n  why_detail = "Another sum would do"\n  unread = true',
    "word": 'wrong = "said by another"',
    "closed": 'misleads = "it never opened"',
}
PART = """
  [[claims.parts]]
  id = "E01.{name}"
  name = "{name}"
  text = "The {name} is as printed"
  role = "{role}"
  test = "{test}"
  {more}
  evidence = [{{ measure = "figure_named" }}]
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A claim with a part of every role; what its parts come to is drawn."""
    head = (
        '[[claims]]\nid = "E01"\nparagraph = 2\ndomain = "economic"\ntopic = "figs"\nspeaker = "a clerk"\nspeech = "relayed"\n'
        'kind = "event"\nquotation = "a plant"\nsplit_note = "All of it"\nparaphrase = "A plant"\nbest_reading = "A plant"\n'
    )
    parts = [
        PART.format(name=name, role=role, test="statement" if role == "quote" else "event", more=MORE.get(name, ""))
        for name, role in {**ROLES, "closed": "context"}.items()
    ]
    other = CLAIMS[CLAIMS.rindex("[[claims]]") :]
    folder = write_dossier(tmp_path_factory.mktemp("d"), claims="\n".join([head, *parts, other]))
    return audit(Dossier.load(folder), "figs")


def rated(base, labels):
    """The audit with other labels of its parts, on strong evidence, at each date in the claim's order, rated by the real rules."""
    claim, verdicts = base.dossier.claim("E01"), []
    for vintage, own in zip(DATES, labels, strict=True):
        parts = []
        for part, label in zip(base.of("E01", vintage)[1], own, strict=True):
            unread = part.part.unread and label is Label.NOT_ENOUGH_EVIDENCE
            parts.append(
                replace(part, label=label, open=Open.UNREAD if unread else Open.EVIDENCE, certainty=Confidence.STRONG)
            )
        verdicts += [assess_claim(claim, parts, RULE), *parts]
    return replace(base, verdicts=tuple(verdicts))


def seen(html) -> str:
    """What stands on the page before anything is opened or hovered."""
    soup = BeautifulSoup(str(html), "html.parser")
    for hidden in soup.select("details, .ca-note"):
        hidden.decompose()
    return " ".join(soup.get_text(" ").split())


def printed(shown, width=1000) -> str:
    console = Console(width=width, file=io.StringIO())
    console.print(shown)
    return console.file.getvalue()


def wrong(verdict):
    return [part.part for part in verdict.parts if part.part.role.is_printed and part.label is Label.REFUTED]


@given(st.lists(st.lists(LABELS, min_size=7, max_size=7), min_size=2, max_size=2))
@settings(max_examples=40)
def test_no_rating_stands_without_each_printed_part_that_is_wrong(base, labels):
    found = rated(base, labels)
    then, now = (found.verdict("E01", vintage) for vintage in DATES)
    card, row = seen(cards.claim_card(found, "E01")), seen(summary.overview(found))
    explained = printed(terminal.explanation(found, found.dossier.claim("E01")))
    listed = printed(terminal.claims_table(found.claims, {"E01": {"at_publication": then, "hindsight": now}}))

    for part in wrong(now):
        assert f"wrong {part.text}" in card
        assert part.text.casefold() in row.casefold()
        assert f"not so: {part.text}".casefold() in explained.casefold()
    for verdict, places in ((then, (listed, explained)), (now, (card, row, listed, explained))):
        rating = verdict.rating
        for part in wrong(verdict) if rating.badge in (Badge.RIGHT, Badge.RIGHT_BUT) else ():
            for place in places:
                assert f"Right, but {rating.reason}" in " ".join(place.split())
            assert part.wrong in rating.reason
    for word in ("supported", "refuted", "conflicting", "not enough evidence"):
        assert word not in card
        assert word not in row
        assert word not in listed


@given(st.lists(LABELS, min_size=7, max_size=7))
@settings(max_examples=40)
def test_a_card_answers_in_the_form_of_the_guide(base, labels):
    found = rated(base, [labels, labels])
    card, now = seen(cards.claim_card(found, "E01")), found.verdict("E01")

    assert "The same with only what was public on 14 March 2023." in card
    assert f"Relayed faithfully? {now.rated.relayed.value.capitalize()}." in card
    assert ("Evidence: " in card) is (now.rated.confidence is not None)
    assert ("What could change it Nothing likely." in card) is (cards.one_more_source(found, now) is None)
    assert "hangs on" not in card.casefold()
    assert "turn" not in card.casefold()
    assert "voice" not in card.casefold()
    assert "%" not in card


def test_both_answers_stand_where_the_rating_differs(base):
    fine = [Label.SUPPORTED] * 6 + [Label.REFUTED]
    slipped = [*fine[:3], Label.REFUTED, *fine[4:]]
    card = seen(cards.claim_card(rated(base, [slipped, fine]), "E01"))

    assert "Using only what was public on 14 March 2023: Right, but wrong month ." in card
    assert "As of 1 June 2024: Right , as above." in card
    assert card.count("The built is as printed ; The sold is as printed") == 2
    assert "14 March 2023: Right, but wrong month" in seen(summary.overview(rated(base, [slipped, fine])))


def test_a_text_that_was_not_read_says_so(base):
    labels = [Label.SUPPORTED] * 4 + [Label.NOT_ENOUGH_EVIDENCE, Label.SUPPORTED, Label.REFUTED]

    assert "open The sum is as printed Text not read." in seen(cards.claim_card(rated(base, [labels] * 2), "E01"))


def test_one_more_source_is_told_only_where_it_would_give_another_rating(base):
    open_ = rated(base, [[Label.NOT_ENOUGH_EVIDENCE] * 7] * 2)
    one = cards.one_more_source(open_, open_.verdict("E01"))
    deciding = open_.verdict("E01").deciding.part_id
    own = [flip for flip in open_.flips[deciding, Vintage.HINDSIGHT] if flip.source == "new independent sources"]

    assert (one is not None) is (own[0].threshold == 1)
    assert one is None or one.part_id == deciding
    assert (" would change this." in seen(cards.claim_card(open_, "E01"))) is (one is not None)


@pytest.mark.parametrize("badge", list(Badge))
def test_badges_differ_by_shape_word_and_class_and_give_the_reason(badge):
    shown = [BeautifulSoup(str(badges.rating_badge(Rating(one, "a < b"))), "html.parser") for one in Badge]
    own = shown[badge.rank]

    assert own.get_text() == f"{badge.value} a < b"
    assert (
        len({str(one.svg) for one in shown}) == len({str(one.select_one(".ca-badge")["class"]) for one in shown}) == 5
    )
    assert badges.rating_badge(Rating(badge, "a < b"), words=False).text.count("a &lt; b") == 1


@pytest.mark.parametrize(
    ("label", "words"),
    [
        (Label.SUPPORTED, "\N{CHECK MARK} holds"),
        (Label.REFUTED, "\N{BALLOT X} wrong"),
        (Label.CONFLICTING, "\N{NOT EQUAL TO} disputed"),
        (Label.NOT_ENOUGH_EVIDENCE, "? open"),
    ],
)
def test_marks_by_hand(label, words):
    assert BeautifulSoup(str(badges.part_mark(label)), "html.parser").get_text() == words


def test_what_is_typed_in_a_cell_names_the_badge_and_its_reason(base):
    labels = [*[Label.SUPPORTED] * 3, Label.REFUTED, Label.SUPPORTED, Label.SUPPORTED, Label.REFUTED]
    found = rated(base, [labels, labels])

    assert "Right, but wrong month" in seen(looks.audit(found))
    assert "Right, but wrong month" in seen(looks.verdict(found.verdict("E01")))


def test_every_answer_to_is_it_so_fits_its_badge():
    said = {badge: cards.is_it_so(Rating(badge, "wrong month")) for badge in Badge}

    assert said[Badge.RIGHT] == "Yes."
    assert said[Badge.UNPROVEN] == "Not established: wrong month."
    assert said[Badge.RIGHT_BUT] == "Yes, but wrong month."
    assert not any(words.startswith("Yes") for badge, words in said.items() if badge.rank < Badge.RIGHT_BUT.rank)


def test_the_roles_drawn_are_all_there():
    assert {*ROLES.values(), "context"} == {role.value for role in Role}
    assert Relayed("source not found") is Relayed.NOT_FOUND
