"""The least evidence that decides a part: grades, parties, proxies and conflicts, by hand and in general."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimaudit.analysis.floor import Graded, Stake, at_one_remove, capped, conflicting, floor, floored
from claimaudit.model import Label

S, R, N, C = Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH_EVIDENCE, Label.CONFLICTING


def row(grade, origin="gazette", **more):
    return Graded(origin, grade[0], int(grade[1]), **more)


FLOOR = {
    "a single row of A1": ([row("A1")], True),
    "a single row of A2": ([row("A2")], True),
    "a single row of B1": ([row("B1")], True),
    "a single row of B2": ([row("B2")], True),
    "a single row of B3": ([row("B3")], False),
    "a single row of C1": ([row("C1")], False),
    "a letter of one row and a digit of another": ([row("A3"), row("C1")], False),
    "three rows of C1, all of one source": ([row("C1"), row("C1"), row("C1")], False),
    "two sources of C3": ([row("C3"), row("C3", "agency")], True),
    "two sources, one of C4": ([row("C3"), row("C4", "agency")], False),
    "two sources, one of D1": ([row("C3"), row("D1", "agency")], False),
    "two sources of A3 and C1": ([row("A3"), row("C1", "agency")], True),
    "two of E1 and F1": ([row("E1"), row("F1", "agency")], False),
    "a good row beside a bad one": ([row("B2"), row("F6", "agency")], True),
    "nothing": ([], False),
    "one unnamed source of A1": ([row("A1", named=False)], False),
    "one unnamed source and another": ([row("B3", named=False), row("C3", "agency")], True),
    "a party of A1 for itself": ([row("A1", stake=Stake.OWN)], False),
    "a party of A1 against its opponent": ([row("A1", stake=Stake.AGAINST)], False),
    "a party and another": ([row("A1", stake=Stake.OWN), row("C3", "agency")], True),
    "an admission, graded as it deserves": ([row("A1", stake=Stake.NONE)], True),
    "a proxy of A1": ([row("A1", direct=False)], False),
    "two proxies": ([row("A1", direct=False), row("A1", "agency", direct=False)], False),
    "a proxy of C2 beside a direct row of C3": ([row("C2", direct=False), row("C3", "agency")], True),
    "a proxy of C3 counts as C4": ([row("C3", direct=False), row("C3", "agency")], False),
    "a party at one remove counts as 4": ([row("A1", stake=Stake.OWN, direct=False), row("C3", "agency")], False),
}


@pytest.mark.parametrize("case", FLOOR.values(), ids=list(FLOOR))
def test_floor_by_hand(case):
    rows, expected = case

    assert floor(rows) is expected


def test_one_unnamed_source_may_decide_that_something_was_said():
    assert floor([row("B2", named=False)], substance=False)
    assert not floor([row("B3", named=False)], substance=False)


@pytest.mark.parametrize(
    ("stake", "digits"), [(Stake.NONE, "123456"), (Stake.OWN, "333456"), (Stake.AGAINST, "333456")]
)
def test_the_digit_of_a_party_is_three_at_best(stake, digits):
    assert "".join(str(capped(digit, stake)) for digit in range(1, 7)) == digits


def test_a_proxy_is_one_digit_worse():
    assert [at_one_remove(digit) for digit in range(1, 7)] == [2, 3, 4, 5, 6, 6]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: row("G1"), "letter"),
        (lambda: Graded("gazette", "", 1), "letter"),
        (lambda: Graded("gazette", "AB", 1), "letter"),
        (lambda: row("A0"), "digit"),
        (lambda: row("A7"), "digit"),
    ],
)
def test_grades_are_those_of_the_scale(make, words):
    with pytest.raises(ValueError, match=words):
        make()


FOR, AGAINST = [row("A2")], [row("B2", "agency")]

CONFLICTS = {
    "both sides at the floor, of equal weight": (FOR, AGAINST, 1.0, 1.0, True),
    "the weaker has half the weight": (FOR, AGAINST, 2.0, 1.0, True),
    "the weaker has half the weight, the other way": (FOR, AGAINST, 1.0, 2.0, True),
    "the weaker has less than half": (FOR, AGAINST, 2.0, 0.9, False),
    "one side is below the floor": (FOR, [row("C3", "agency")], 1.0, 1.0, False),
    "the other side is below the floor": ([row("C3")], AGAINST, 1.0, 1.0, False),
    "two sources of C3 against": (FOR, [row("C3", "agency"), row("C3", "paper")], 1.0, 1.0, True),
    "one source contradicts itself": (FOR, [row("A2")], 1.0, 1.0, False),
    "one source on both sides, and another against": (FOR, [row("A2"), *AGAINST], 1.0, 1.0, False),
    "a party denies": (FOR, [row("A1", "owner", stake=Stake.OWN)], 1.0, 1.0, False),
    "no weight on either side": (FOR, AGAINST, 0.0, 0.0, False),
}


@pytest.mark.parametrize("case", CONFLICTS.values(), ids=list(CONFLICTS))
def test_conflict_by_hand(case):
    rows_for, rows_against, weight_for, weight_against, expected = case

    assert conflicting(rows_for, rows_against, weight_for, weight_against) is expected


def test_what_counts_as_much_weight_can_be_set():
    assert not conflicting(FOR, AGAINST, 2.0, 1.0, share=0.6)
    assert conflicting(FOR, AGAINST, 2.0, 1.2, share=0.6)


def test_witnesses_of_a_saying_conflict_though_unnamed():
    unnamed = [row("B2", "agency", named=False)]

    assert conflicting(FOR, unnamed, 1.0, 1.0, substance=False)
    assert not conflicting(FOR, unnamed, 1.0, 1.0)


@pytest.mark.parametrize(
    ("label", "rows_for", "rows_against", "expected"),
    [
        (S, FOR, [], S),
        (S, [row("C3")], AGAINST, N),
        (R, [], AGAINST, R),
        (R, FOR, [row("B3")], N),
        (C, FOR, AGAINST, C),
        (C, FOR, [row("B3", "agency")], N),
        (C, [row("B3")], AGAINST, N),
        (N, FOR, AGAINST, N),
    ],
)
def test_below_the_floor_there_is_not_enough_evidence_whatever_the_odds(label, rows_for, rows_against, expected):
    assert floored(label, rows_for, rows_against) is expected


def test_an_unnamed_source_may_settle_a_saying():
    unnamed = [row("A1", named=False)]

    assert floored(S, unnamed, [], substance=False) is S
    assert floored(S, unnamed, []) is N


# -- what always holds -------------------------------------------------------------------------------------------------

ROWS = st.lists(
    st.builds(
        Graded,
        st.sampled_from(["gazette", "agency", "paper"]),
        st.sampled_from("ABCDEF"),
        st.integers(1, 6),
        st.sampled_from(Stake),
        st.booleans(),
        st.booleans(),
    ),
    max_size=5,
)


@given(rows=ROWS, more=ROWS, substance=st.booleans())
def test_more_evidence_never_falls_below_the_floor(rows, more, substance):
    assert floor([*rows, *more], substance) >= floor(rows, substance)


@given(rows=ROWS, data=st.data())
def test_neither_order_nor_repetition_of_rows_matters(rows, data):
    assert floor(data.draw(st.permutations(rows))) is floor(rows)
    assert floor([*rows, *rows]) is floor(rows)


@given(rows=ROWS)
def test_what_decides_is_direct_and_of_a_fair_grade(rows):
    if floor(rows):
        assert any(one.direct and one.letter in "ABC" and one.digit <= 3 for one in rows)


@given(first=ROWS, second=ROWS, weights=st.tuples(st.floats(0, 9), st.floats(0, 9)))
def test_a_conflict_has_no_side(first, second, weights):
    assert conflicting(first, second, *weights) is conflicting(second, first, *reversed(weights))
