"""The least evidence that decides a part: grades, parties and proxies, by hand and in general."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimaudit.analysis.floor import Graded, reached
from claimaudit.dossier.method import Floor
from claimaudit.model import Stake

RULE = Floor(alone="B2", together="C3", sources=2, party_digit=3)


def floor(rows):
    return reached(rows, RULE)


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


@pytest.mark.parametrize(
    ("stake", "digits"), [(Stake.NONE, "123456"), (Stake.OWN, "333456"), (Stake.AGAINST, "333456")]
)
def test_the_digit_of_a_party_is_three_at_best(stake, digits):
    assert "".join(str(RULE.counted(digit, stake)) for digit in range(1, 7)) == digits


def test_a_proxy_is_one_digit_worse():
    assert [RULE.counted(digit, direct=False) for digit in range(1, 7)] == [2, 3, 4, 5, 6, 6]
    assert RULE.counted(1, Stake.OWN, direct=False) == 4, "first the cap, then the remove"


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


@pytest.mark.parametrize(
    ("change", "rows", "expected"),
    [
        ({"alone": "A1"}, [row("A2")], False),
        ({"alone": "C3"}, [row("C3")], True),
        ({"alone": "C3", "together": "B2"}, [row("C3")], True),
        ({"together": "B2"}, [row("B3"), row("B2", "agency", named=False)], False),
        ({"together": "D4"}, [row("D4"), row("C3", "agency")], True),
        ({"sources": 3}, [row("C3"), row("C3", "agency")], False),
        ({"sources": 3}, [row("C3"), row("C3", "agency"), row("C3", "paper")], True),
        ({"party_digit": 2}, [row("B1", stake=Stake.OWN)], True),
        ({"party_digit": 4}, [row("B1", stake=Stake.OWN), row("B1", "agency", stake=Stake.AGAINST)], False),
    ],
)
def test_the_methods_file_sets_the_floor(change, rows, expected):
    assert reached(rows, replace(RULE, **change)) is expected


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


@given(rows=ROWS, more=ROWS)
def test_more_evidence_never_falls_below_the_floor(rows, more):
    assert floor([*rows, *more]) >= floor(rows)


@given(rows=ROWS, data=st.data())
def test_neither_order_nor_repetition_of_rows_matters(rows, data):
    assert floor(data.draw(st.permutations(rows))) is floor(rows)
    assert floor([*rows, *rows]) is floor(rows)


@given(rows=ROWS)
def test_what_decides_is_direct_and_of_a_fair_grade(rows):
    if floor(rows):
        assert any(one.direct and one.letter in "ABC" and one.digit <= 3 for one in rows)
