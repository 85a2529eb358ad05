"""A sentence says a thing as surely as the evidence on it allows, by one table of forms, and is never too long to be followed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from claimaudit.cli import main
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Label, Templates, Vintage
from claimaudit.rated import Badge, Confidence, Sources
from claimaudit.verdict import accepted
from claimaudit.verdict.audit import audit
from claimaudit.verdict.certainty import ONE_SOURCE, PLAIN, PROBABLY, SUGGESTED, form
from claimaudit.verdict.lengths import LONGEST, length, long_sentences
from claimaudit.verdict.parts import assess_claim
from claimaudit.verdict.pieces import plain
from claimaudit.verdict.wording import conclusion, conclusion_text, found, reason_text
from samples import CLAIMS, RULE, write_dossier

S, R, N = Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_EVIDENCE
STRONG, MODERATE, THIN = Confidence.STRONG, Confidence.MODERATE, Confidence.THIN
TWO, ONE = Sources(2), Sources(1)
EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "december-jobs"


@pytest.fixture(scope="module")
def figs(tmp_path_factory):
    return audit(Dossier.load(write_dossier(tmp_path_factory.mktemp("dossier"))), "figs").verdict("E01")


def sentence(claim, *told):
    """The claim's one sentence where its parts are so: label, certainty, sources, and words of their own."""
    parts = []
    for part, (label, certainty, sources, words) in zip(claim.parts, told, strict=True):
        grounds = replace(part.grounds, part=replace(part.part, templates=Templates(words, words, words)))
        parts.append(replace(part, label=label, certainty=certainty, sources=sources, grounds=grounds))
    record = SimpleNamespace(claim_id=claim.claim_id, parts=tuple(part.part for part in parts))
    return conclusion_text(assess_claim(record, parts, RULE))


# -- the table -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "sources", "told"),
    [
        (STRONG, Sources(3), PLAIN),
        (MODERATE, TWO, PROBABLY),
        (MODERATE, Sources(1, primary=True), PROBABLY),
        (THIN, TWO, SUGGESTED),
        (THIN, ONE, ONE_SOURCE),
        (THIN, Sources(1, parties=1), SUGGESTED),
        (THIN, Sources(1, direct=False), SUGGESTED),
        (None, Sources(), PLAIN),
    ],
)
def test_the_form_follows_the_evidence(level, sources, told):
    assert form(level, sources) is told


QUOTE = (S, STRONG, Sources(3), "the harbour master named it")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ((S, STRONG, Sources(3), "it sold {probably} ten"), "It sold ten."),
        ((S, MODERATE, TWO, "it sold {probably} ten"), "It sold probably ten."),
        ((S, MODERATE, TWO, "it sold ten"), "Probably it sold ten."),
        ((S, THIN, TWO, "it sold {probably} ten"), "The evidence suggests that it sold ten."),
        ((S, THIN, ONE, "it sold {probably} ten"), "According to one independent source, it sold ten."),
        ((R, STRONG, Sources(3), "it sold one"), "It sold one."),
        ((R, MODERATE, TWO, "it {probably} sold one"), "It probably sold one."),
        ((R, THIN, TWO, "it sold one"), "The evidence suggests that it sold one."),
        ((R, THIN, ONE, "it sold one"), "According to one independent source, it sold one."),
        ((N, THIN, ONE, "we could not count it {probably} here"), "We could not count it here."),
        ((S, STRONG, Sources(3), ""), "Sales in 2022 were about 100 crates."),
        ((S, MODERATE, TWO, ""), "Probably: Sales in 2022 were about 100 crates."),
        ((S, THIN, TWO, ""), "The evidence suggests: Sales in 2022 were about 100 crates."),
        ((S, THIN, ONE, ""), "According to one independent source: Sales in 2022 were about 100 crates."),
        ((R, STRONG, Sources(3), ""), "Not so: Sales in 2022 were about 100 crates ("),
        ((R, MODERATE, TWO, ""), "Probably not so: Sales in 2022 were about 100 crates ("),
        ((R, THIN, TWO, ""), "Not so, as the evidence suggests: Sales in 2022 were about 100 crates ("),
        ((R, THIN, ONE, ""), "Not so, according to one independent source: Sales in 2022 were about 100 crates ("),
    ],
)
def test_the_sentence_in_each_form(figs, number, words):
    told = sentence(figs, number, QUOTE)

    assert told == words if words.endswith(".") else told.startswith(words)


def test_the_other_side_has_its_own_form_and_neighbours_of_one_share_their_lead(figs):
    right = (S, THIN, TWO, "it sold ten")

    assert sentence(figs, right, (R, STRONG, Sources(3), "nobody said so")) == (
        "The evidence suggests that it sold ten, but nobody said so."
    )
    assert sentence(figs, right, (R, THIN, TWO, "nobody said so")) == (
        "The evidence suggests that it sold ten, but that nobody said so."
    )
    assert sentence(figs, right, (R, MODERATE, TWO, "nobody {probably} said so")) == (
        "The evidence suggests that it sold ten, but nobody probably said so."
    )


def test_what_stands_beside_the_part_has_no_form(figs):
    """Its own row tells how many sources there are; the slot leaves nothing behind."""
    part = figs.parts[0]
    grounds = replace(part.grounds, part=replace(part.part, templates=Templates(holds="it sold {probably} ten")))

    assert plain(found(replace(part, label=S, certainty=MODERATE, grounds=grounds))).startswith("it sold ten (")


def test_the_place_of_probably_is_read_from_a_dossier_beside_a_figure(tmp_path):
    own = CLAIMS.replace("  value = 100\n", '  value = 100\n  holds = "customs {probably} counted {value}"\n')
    then = audit(Dossier.load(write_dossier(tmp_path, claims=own)), "figs").verdict("E01", Vintage.AT_PUBLICATION)

    assert then.parts[0].certainty is MODERATE
    assert reason_text(then).startswith("Customs probably counted 95 crates. ")


# -- every claim ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def example():
    return Dossier.load(EXAMPLE)


def claims_of(dossier, audited):
    for topic in {claim.topic for claim in dossier.claims}:
        yield from (verdict for verdict in audited(topic).verdicts if not verdict.part_id)


@pytest.fixture(scope="module")
def told(project, audited, example):
    mine = list(claims_of(project, audited))
    return mine + list(claims_of(example, lambda topic: audit(example, topic)))


def test_no_claim_rated_on_less_than_strong_evidence_is_told_plainly(told):
    """The deciding part's clause has its form; a claim all of whose printed clauses are strong has none."""
    rated = [claim for claim in told if claim.rating.badge is not Badge.UNPROVEN]
    marks = {THIN: (SUGGESTED.lead, ONE_SOURCE.lead), MODERATE: (PROBABLY.word,)}

    assert {claim.rated.confidence.level for claim in rated} == set(Confidence)
    for claim in rated:
        level = claim.rated.confidence.level
        if level is not STRONG:
            assert any(mark in conclusion_text(claim).casefold() for mark in marks[level]), (
                claim,
                conclusion_text(claim),
            )


def test_what_is_strong_throughout_is_told_without_a_form(told):
    for claim in told:
        shown = [part for part in claim.parts if part.part.role.is_point or part.label is R]
        if all(part.certainty is STRONG for part in shown):
            assert not any(mark in conclusion_text(claim) for mark in (SUGGESTED.lead, ONE_SOURCE.lead, "robably"))


def test_no_sentence_is_longer_than_a_reader_can_follow(told):
    long = {
        f"{claim.claim_id}, {claim.vintage}: {conclusion_text(claim)}"
        for claim in told
        if length(conclusion(claim)) > LONGEST
    }

    assert len(told) == 2 * (56 + 10)
    assert long == set()


def test_every_refuted_printed_part_is_in_the_sentence(told):
    for claim in told:
        for part in claim.rating.refuted:
            own = next(one for one in claim.parts if one.part_id == part.part_id)
            words = plain(found(own)).partition(" (")[0]
            assert words[-20:] in conclusion_text(claim).replace("probably ", ""), (
                part.part_id,
                conclusion_text(claim),
            )


def test_details_that_make_it_too_long_are_told_by_name(figs):
    words = " ".join(["word"] * 30)
    own = "we found no text in which the harbour master names the figure"

    assert sentence(figs, (S, STRONG, Sources(3), words), (N, THIN, ONE, own)).endswith(
        "word. Also open: quotation not found."
    )
    assert sentence(figs, (S, STRONG, Sources(3), "it sold ten"), (N, THIN, ONE, own)) == f"It sold ten. W{own[1:]}."


def test_a_sentence_that_is_too_long_is_told_with_its_place_and_what_to_do(tmp_path):
    words = " ".join(["word"] * 40)
    own = CLAIMS.replace(
        "  value = 100\n", f'  value = 100\n  holds = "{words}"\n  fails = "short"\n  open = "short"\n'
    )
    planted = audit(Dossier.load(write_dossier(tmp_path, claims=own)), "figs")

    (fault,) = long_sentences(accepted.rows([planted]))
    assert str(fault) == (
        "claims.toml: E01: its sentence has 46 words at publication, and a reader follows 35; "
        "shorten 'holds', 'fails' or 'open' of its parts, or let two say the same in the same words"
    )


def test_check_and_accept_warn_of_it_and_go_on(tmp_path):
    words = " ".join(["word"] * 40)
    folder = write_dossier(tmp_path, claims=CLAIMS.replace("  value = 100\n", f'  value = 100\n  holds = "{words}"\n'))

    for command in ("accept", "check"):
        told = CliRunner().invoke(main, [command, "--dossier", str(folder)], catch_exceptions=False)
        assert told.exit_code == 0
        assert "warning: claims.toml: E01: its sentence has 4" in told.stderr
        assert "warning" not in told.stdout
