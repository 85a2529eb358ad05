"""How likely a claim's point is, and how good the evidence behind its rating is: cases by hand, and what always holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimaudit.model import Label, Role
from claimaudit.rated import Badge, Confidence, Evidenced, Likelihood, Open, RatedPart, Sources
from claimaudit.verdict.confidence import confidence, deciding, level
from claimaudit.verdict.likelihood import WORDS, likelihood, rounded, word
from claimaudit.verdict.rating import badge_of
from samples import RULE
from test_rating import claims

S, R, N, C = Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_EVIDENCE, Label.CONFLICTING


def part(role, label, probability=None, sources=None, part_id="", **more):
    return RatedPart(part_id or role, Role(role), label, probability=probability, sources=sources or Sources(), **more)


# -- likelihood --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chances", "low", "high", "words"),
    [
        ([0.9], 0.90, 0.90, "very likely"),
        ([0.9, 0.8], 0.70, 0.80, "likely"),  # 0.72 and 0.80
        ([0.95, 0.9], 0.85, 0.90, "very likely"),  # 0.855: halves and more go up
        ([0.9, 0.9, 0.9], 0.75, 0.90, "likely to very likely"),  # 0.729
        ([0.5], 0.50, 0.50, "roughly even chance"),
        ([0.99], 1.00, 1.00, "almost certain"),
        ([0.01], 0.00, 0.00, "almost no chance"),
        ([0.6, 0.5], 0.30, 0.50, "unlikely to roughly even chance"),
    ],
)
def test_likelihood_by_hand(chances, low, high, words):
    """The plant (core) and its reason (link); detail, quote and context are no part of the point."""
    parts = [part("core" if n == 0 else "link", S, p, part_id=f"p{n}") for n, p in enumerate(chances)]
    beside = [part("detail", R, 0.1), part("quote", N, open=Open.UNREAD), part("context", C, 0.3)]

    assert likelihood([*parts, *beside]) == Likelihood(low, high, words)


@pytest.mark.parametrize("role", ["core", "link"])
@pytest.mark.parametrize(
    "odd",
    [
        {"label": R},
        {"label": C},
        {"label": N, "open": Open.UNREAD},
        {"label": N, "open": Open.FORECAST},
        {"label": N, "open": Open.CAME_TRUE},
        {"label": N, "open": Open.NOT_IN_TIME},
    ],
    ids=lambda odd: f"{odd['label']} {odd.get('open', '')}",
)
def test_no_likelihood_where_there_is_no_number_to_give(role, odd):
    assert likelihood([part("core", S, 0.9, part_id="a"), part(role, probability=0.5, part_id="b", **odd)]) is None


def test_a_part_without_evidence_has_no_number_and_an_open_one_with_some_has():
    assert likelihood([part("core", S, 0.9), part("link", N)]) is None
    assert likelihood([part("core", S, 0.9), part("link", N, 0.6)]) == Likelihood(0.55, 0.6, "likely")


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (0.05, 0.05, "very unlikely"),
        (0.20, 0.20, "unlikely"),
        (0.45, 0.45, "roughly even chance"),
        (0.55, 0.55, "roughly even chance"),
        (0.80, 0.80, "likely"),
        (0.95, 0.95, "very likely"),
        (0.55, 0.80, "likely"),
        (0.80, 0.95, "very likely"),
        (0.50, 0.60, "roughly even chance to likely"),
        (0.00, 1.00, "almost no chance to almost certain"),
        (0.80, 1.00, "very likely to almost certain"),
    ],
)
def test_words_of_a_range(least, most, words):
    assert word(least, most) == words


@given(parts=claims())
def test_a_likelihood_is_a_range_of_five_per_cents(parts):
    found = likelihood(parts)
    if found is not None:
        assert 0 <= found.low <= found.high <= 1
        for end in (found.low, found.high):
            assert (end * 100) % 5 == pytest.approx(0, abs=1e-9) or (end * 100) % 5 == pytest.approx(5)
        assert found.word


FIVES = st.integers(0, 20).map(lambda steps: steps / 20)


@given(ends=st.tuples(FIVES, FIVES).map(sorted))
def test_a_word_never_contradicts_its_percentage(ends):
    """Every band that the range reaches into lies between the words, and either end lies in its own."""
    low, high = ends
    bands = {text: (least, most) for least, most, text in WORDS}
    first, *last = word(low, high).split(" to ")

    assert bands[first][0] <= low <= bands[first][1]
    assert bands[last[0] if last else first][0] <= high <= bands[last[0] if last else first][1]


@given(chances=st.lists(st.floats(0, 1), min_size=1, max_size=6), more=st.floats(0, 1))
def test_one_more_part_never_makes_the_point_likelier(chances, more):
    parts = [part("core", S, p, part_id=f"p{n}") for n, p in enumerate(chances)]
    before, after = likelihood(parts), likelihood([*parts, part("core", S, more, part_id="more")])

    assert after.low <= before.low
    assert after.high <= before.high


def test_halves_go_up():
    assert [rounded(p) for p in (0.0, 0.024, 0.025, 0.774, 0.775, 0.98)] == [0.0, 0.0, 0.05, 0.75, 0.8, 1.0]


# -- confidence --------------------------------------------------------------------------------------------------------

LEVELS = {
    "three independent sources": (Sources(3), Confidence.STRONG),
    "a primary record and one more": (Sources(2, primary=True), Confidence.STRONG),
    "three, and a party that says the same": (Sources(4, parties=1), Confidence.STRONG),
    "two independent sources": (Sources(2), Confidence.MODERATE),
    "two, one of them a party": (Sources(2, parties=1), Confidence.MODERATE),
    "three, one of them a party": (Sources(3, parties=1), Confidence.MODERATE),
    "one primary record": (Sources(1, primary=True), Confidence.MODERATE),
    "one primary record, with which the label falls": (Sources(1, primary=True, survives=False), Confidence.MODERATE),
    "a primary record and a party": (Sources(2, parties=1, primary=True), Confidence.MODERATE),
    "a primary record and one that could not stand alone": (
        Sources(2, primary=True, survives=False), Confidence.MODERATE,
    ),
    "one source": (Sources(1), Confidence.THIN),
    "one source, though the odds stay": (Sources(1, survives=True), Confidence.THIN),
    "none": (Sources(0), Confidence.THIN),
    "three at one remove": (Sources(3, direct=False), Confidence.THIN),
    "a primary record at one remove": (Sources(2, primary=True, direct=False), Confidence.THIN),
    "only parties": (Sources(4, parties=4), Confidence.THIN),
    "only parties, with a record of theirs": (Sources(2, parties=2, primary=True), Confidence.THIN),
    "three, and without one the label changes": (Sources(3, survives=False), Confidence.THIN),
    "two, and without one the label changes": (Sources(2, survives=False), Confidence.THIN),
}  # fmt: skip


@pytest.mark.parametrize("case", LEVELS.values(), ids=list(LEVELS))
def test_levels_by_hand(case):
    sources, expected = case

    assert level(sources, RULE) is expected


def test_only_parties_means_that_somebody_spoke():
    assert Sources(2, parties=2).parties_only
    assert not Sources(2, parties=1).parties_only
    assert not Sources(0).parties_only


THREE, TWO, ONE = Sources(3), Sources(2), Sources(1)

DECIDING = {
    "wrong: the best refuted one suffices": (
        [part("core", R, sources=ONE, part_id="a"), part("core", R, sources=THREE, part_id="b")], "b",
    ),
    "partly right: the weaker of what holds best and what is refuted best": (
        [
            part("core", S, sources=ONE, part_id="a"), part("core", S, sources=TWO, part_id="b"),
            part("link", R, sources=THREE, part_id="c"), part("link", N, part_id="d"),
        ], "b",
    ),
    "right: every core and link part is needed": (
        [part("core", S, sources=THREE, part_id="a"), part("link", S, sources=TWO, part_id="b")], "b",
    ),
    "right: a detail is not needed": (
        [part("core", S, sources=THREE, part_id="a"), part("detail", S, sources=ONE, part_id="b")], "a",
    ),
    "right, but: the month is known by two": (
        [part("core", S, sources=THREE, part_id="a"), part("detail", R, sources=TWO, part_id="b")], "b",
    ),
    "right, but: the plant itself is known by one": (
        [part("core", S, sources=ONE, part_id="a"), part("detail", R, sources=THREE, part_id="b")], "a",
    ),
    "right, but: one refuted detail suffices": (
        [
            part("core", S, sources=THREE, part_id="a"), part("detail", R, sources=ONE, part_id="b"),
            part("quote", R, sources=TWO, part_id="c"),
        ], "c",
    ),
    "right, but: the context is known by one": (
        [
            part("core", S, sources=THREE, part_id="a"),
            part("context", S, sources=ONE, part_id="b", misleads="the plant never opened"),
        ], "b",
    ),
    "of two moderate ones the one with fewer sources": (
        [part("core", S, sources=TWO, part_id="a"), part("core", S, sources=Sources(1, primary=True), part_id="b")], "b",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", DECIDING.values(), ids=list(DECIDING))
def test_the_part_that_decides(case):
    parts, expected = case

    assert deciding(parts, RULE).part_id == expected


def test_confidence_is_printed_with_the_count_of_the_deciding_part():
    found = confidence(
        [part("core", S, sources=Sources(5), part_id="a"), part("link", S, sources=THREE, part_id="b")], RULE
    )

    assert found == Evidenced(Confidence.STRONG, "b", 3)
    assert found.words == "strong (3 independent sources)"
    assert confidence([part("core", R, sources=ONE)], RULE).words == "thin (1 independent source)"


@given(parts=claims())
def test_confidence_is_given_unless_unproven(parts):
    assert (confidence(parts, RULE) is None) == (badge_of(parts) is Badge.UNPROVEN)


@given(
    count=st.integers(0, 5),
    parties=st.integers(0, 5),
    primary=st.booleans(),
    direct=st.booleans(),
    survives=st.booleans(),
    another=st.sampled_from(["source", "party", "primary record"]),
)
def test_one_more_source_never_lowers_the_level(count, parties, primary, direct, survives, another):
    """One more on the same side: the label is the surer without one, and it survives where it did with two or more."""
    parties = min(parties, count)
    before = Sources(count, parties, primary and count > 0, direct, survives and count > 1)
    after = replace(
        before,
        count=count + 1,
        parties=parties + (another == "party"),
        primary=before.primary or another == "primary record",
    )

    assert level(after, RULE).rank >= level(before, RULE).rank
