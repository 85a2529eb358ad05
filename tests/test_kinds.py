"""Kinds of test over several rows, each worked by hand, from rows as they are heard to findings."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimaudit.analysis.kinds.figures import Bounds
from claimaudit.analysis.kinds.heard import Asked, Row
from claimaudit.analysis.kinds.lists import how_many
from claimaudit.analysis.kinds.table import KINDS
from claimaudit.analysis.uncertainty import Split
from claimaudit.dossier.method import load_method
from claimaudit.model import Part, Role, Selector, TestKind
from samples import DATA

METHOD = load_method(DATA / "method.toml", [])
assert METHOD
YEAR = (date(2022, 1, 1), date(2022, 12, 31))


def row(name: str, value: float, role: str = "", *ends: float, trust: float = 0.8, **fields: object) -> Row:
    """A row whose range is ``ends`` (low and high), else its figure alone; one origin and publisher a row unless named."""
    low, high = ends or (value, value)
    base = Row(
        row_id=name, role=role, origin=name, holder=str(fields.get("origin", name)), publisher=name, named=True, entity="HRB",
        variant="", start=YEAR[0], end=YEAR[1], unit="crate", extent=Split(low, value, high), ranged=False, trust=trust,
        said=trust, text=f"{name} {value:g}",
    )  # fmt: skip
    return replace(base, **fields)


def asked(
    test: TestKind, *rows: Row, unit: str = "", factor: float = 1.0, day: date = YEAR[1], **fields: object
) -> Asked:
    numbers = {name: float(value) for name, value in fields.items() if isinstance(value, int | float)}
    words = {name: value for name, value in fields.items() if not isinstance(value, int | float)}
    evidence = tuple(Selector(ids=(row.row_id,), role=row.role) for row in rows)
    part = Part("E01.x", "E01", "t", Role.CORE, test, unit, numbers, evidence=evidence, **words)
    return Asked(part, rows, day, METHOD.size, METHOD.degrees, factor, METHOD.floor, METHOD.cause)


def found(question: Asked) -> list:
    return list(KINDS[question.part.test](question))


def chances(question: Asked) -> list[float]:
    return [item.probability for item in found(question)]


# -- a printed figure --------------------------------------------------------------------------------------------------

SIZES = {  # against 100, so 90 to 110
    "inside, however wide we take it": (row("x", 105, "", 79, 131), 1.0),
    "at the end": (row("x", 110), 1.0),
    "outside": (row("x", 120), 0.0),
    "outside, its range partly inside: half of the mass lies on 90 to 120, two thirds of that inside": (
        row("x", 120, "", 90, 150), 1 / 3,
    ),
    "outside, with a printed range: a third of the half on 100 to 130": (row("x", 130, "", 100, 160, ranged=True), 1 / 6),
    "the claimed figure in a printed range that is mostly outside": (row("x", 100, "", 50, 200, ranged=True), 0.5),
    "inside a printed range: (110 - 95) / 25 of one half, all of the other": (
        row("x", 95, "", 90, 120, ranged=True), 0.5 + 0.5 * 15 / 25,
    ),
    "a row set against it": (row("x", 100, side="against"), 0.0),
}  # fmt: skip


@pytest.mark.parametrize("case", SIZES.values(), ids=list(SIZES))
def test_of_that_size(case):
    heard, chance = case

    assert chances(asked(TestKind.OF_THAT_SIZE, heard, unit="crate", value=100)) == [pytest.approx(chance, abs=0.001)]


@pytest.mark.parametrize(("hedge", "holds"), [("half", 1), ("about", 0), ("up_to", 0), ("over", 1)])
def test_a_hedge_moves_the_band(hedge, holds):
    """57 per cent against 50: 40 to 60, 45 to 55, 40 to 55, above 50; shares are held in base units."""
    question = asked(TestKind.OF_THAT_SIZE, row("x", 0.57), unit="percent", factor=0.01, value=50, hedge=hedge)

    (item,) = found(question)
    assert item.probability == holds
    assert (item.quantity.value, item.quantity.unit) == (pytest.approx(57), "percent")


@pytest.mark.parametrize(
    ("heard", "numbers", "chance"),
    [  # 104 as printed: 103.5 to 104.5; revised by three: 101 to 107
        (row("x", 104.4), {"step": 1}, 1),
        (row("x", 103), {"step": 1}, 0),
        (row("x", 103), {"step": 1, "revision": 3}, 1),
        (row("x", 100, step=10), {"step": 1}, 0.5),  # to the ten 104 is 100: it does not speak against it
        (row("x", 90, step=10), {"step": 1}, 0),
        (row("x", 104), {"step": 0}, 1),
        (row("x", 103.2), {"step": 0.1, "rate_of_output": 1}, 1),  # a point
    ],
)
def test_the_printed_figure(heard, numbers, chance):
    assert chances(asked(TestKind.PRINTED_FIGURE, heard, unit="crate", value=104, **numbers)) == [chance]


@settings(max_examples=50)
@given(
    value=st.floats(0.001, 1e6),
    below=st.floats(0, 0.9),
    above=st.floats(0, 9),
    ranged=st.booleans(),
    test=st.sampled_from([TestKind.OF_THAT_SIZE, TestKind.PRINTED_FIGURE]),
)
def test_a_row_that_prints_the_claimed_figure_never_speaks_against_it(value, below, above, ranged, test):
    heard = row("x", value, "", value * (1 - below), value * (1 + above), ranged=ranged)

    assert chances(asked(test, heard, unit="crate", value=value, step=0))[0] >= 0.5


# -- holders -----------------------------------------------------------------------------------------------------------


def say(name: str, said: float, role: str = "", **fields: object) -> Row:
    return row(name, 1, role, said=said, **fields)


def test_one_strong_holder_never_stands_for_two():
    """Two needed: the two best make a set, the next two another, and each holder is a source of its own."""
    rows = [say("a", 0.5), say("b", 0.9), say("c", 0.7), say("d", 0.6)]
    given = found(asked(TestKind.HELD_BY, *rows, holders=2))

    assert [(item.trust, item.origin, item.observations) for item in given] == [
        (0.9, "b", ("b",)),
        (0.7, "c", ("c",)),
        (0.6, "d", ("d",)),
        (0.5, "a", ("a",)),
    ]
    assert {item.probability for item in given} == {1.0}


@pytest.mark.parametrize(
    ("rows", "needed", "leans"),
    [
        ([say("a", 0.9)], 1, [1]),
        ([say("a", 0.9)], 2, [0.5]),  # too few found is no proof that there are no more
        ([say("a", 0.9), say("b", 0.8, holder="a")], 2, [0.5]),  # b repeats a
        ([say("a", 0.9), say("b", 0.0)], 2, [0.5]),  # nobody believes that b said so
        ([say("a", 0.9), row("b", 0)], 1, [0.5, 1]),  # another holder does not say so
        ([say("a", 0.9), say("b", 0.9, side="against")], 1, [0, 1]),
        ([say("a", 0.9, named=False)], 1, [0.5]),
        ([say("a", 0.9, named=False), say("b", 0.8, named=False)], 1, [1, 1]),
        ([say("a", 0.9, named=False, publisher="p"), say("b", 0.8, named=False, publisher="p")], 1, [0.5]),
        ([say("a", 0.9, named=False), say("b", 0.8)], 2, [0.5]),
        ([say("a", 0.9, publisher="p"), say("b", 0.8, publisher="p")], 2, [1, 1]),  # two named holders in one outlet
    ],
)
def test_who_counts_as_a_holder(rows, needed, leans):
    assert sorted(chances(asked(TestKind.HELD_BY, *rows, holders=needed))) == leans


def test_where_two_are_needed_each_must_be_good_enough_to_count_beside_another():
    good, poor = replace(say("a", 0.9), said_grade="B2"), replace(say("b", 0.4), said_grade="D2")

    assert chances(asked(TestKind.HELD_BY, good, poor, holders=2)) == [0.5]
    assert chances(asked(TestKind.HELD_BY, good, replace(poor, said_grade="C3"), holders=2)) == [1, 1]


def test_a_word_says_how_many_holders_it_takes_and_whether_named_first_does():
    first = say("a", 0.9, "first")

    assert chances(asked(TestKind.HELD_BY, first, word="special")) == [1]
    assert chances(asked(TestKind.HELD_BY, first, word="considerable")) == [0.5]  # two, and no first
    assert chances(asked(TestKind.HELD_BY, first, say("b", 0.8), word="considerable")) == [1, 1]
    assert chances(asked(TestKind.HELD_BY, say("a", 0.9), word="special")) == [0.5]


# -- ratios and products -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "chance"),
    [(0.6, 1), (0.5, 1), (0.4, 0.5), (0.25, 0.5), (0.2, 0)],  # half makes a cause, below a quarter something else does
)
def test_a_cause_is_open_between_a_quarter_and_half_of_the_effect(share, chance):
    part = asked(TestKind.RATIO, row("a", 100 * share, "over"), row("u", 100, "under"), cause=1)

    assert chances(part) == [chance]


def test_the_share_of_an_effect_may_lie_on_both_sides_of_the_bars():
    """0.2 to 0.6 of the effect: the middle is 0.4, so half of the figures are below it, a quarter above 0.5."""
    part = asked(TestKind.RATIO, row("a", 40, "over", 20, 60), row("u", 100, "under"), cause=1)

    assert chances(part) == [pytest.approx(0.25 + 0.5 * 0.625, abs=0.01)]  # above a half, and half of what is open


@pytest.mark.parametrize(
    ("over", "bound", "chance"),
    [  # over 100
        ([row("a", 30, "over")], {"at_least": 0.3}, 1),
        ([row("a", 30, "over")], {"more_than": 0.3}, 0),
        ([row("a", 30, "over")], {"at_most": 0.3}, 1),
        ([row("a", 30, "over")], {"less_than": 0.3}, 0),
        ([row("a", 30, "over", 20, 40)], {"at_least": 0.35}, 0.25),  # 35 to 40 of 20 to 40
        ([row("a", 30, "over", 20, 40)], {"at_least": 0.25, "at_most": 0.35}, 0.5),
        ([row("a", 55, "over")], {"value": 0.5, "hedge": "half"}, 1),  # 40 to 60 per cent
        ([row("a", 30, "over"), row("b", 30, "over", origin="a")], {"at_least": 0.6, "sum": 1}, 1),
    ],
)
def test_a_ratio(over, bound, chance):
    (item,) = found(asked(TestKind.RATIO, *over, row("w", 100, "under"), **bound))

    assert item.probability == pytest.approx(chance, abs=0.01)


def test_a_ratio_is_as_good_as_its_weakest_row_and_says_its_figures():
    question = asked(TestKind.RATIO, row("a", 30, "over", trust=0.9), row("w", 40, "under", trust=0.4), at_least=0.5)
    (item,) = found(question)

    assert (item.trust, item.origin, item.observations) == (0.4, "w", ("a", "w"))
    assert item.text == "a 30, is 0.75 times w 40"
    assert item.quantity.value == 0.75


def test_a_small_ratio_is_told_in_per_cent():
    """Nobody reads "is 0.00291 times"; the figure that is judged stays the ratio."""
    (item,) = found(asked(TestKind.RATIO, row("a", 3, "over", 2, 4), row("w", 400, "under"), at_most=0.1))

    assert item.text == "a 3, is 0.75% (0.5 to 1%) of w 400"
    assert item.quantity.value == pytest.approx(0.0075)


def test_a_ratio_in_per_cent_has_its_bound_and_its_figure_in_per_cent():
    (item,) = found(
        asked(TestKind.RATIO, row("a", 3, "over"), row("w", 400, "under"), unit="percent", factor=0.01, less_than=1)
    )

    assert (item.probability, item.quantity.unit) == (1, "percent")
    assert item.quantity.value == pytest.approx(0.75)


def test_figures_of_one_origin_and_period_are_set_against_each_other_first():
    then = {"start": date(2021, 1, 1), "end": date(2021, 12, 31)}
    rows = [
        row("a", 1, "over", origin="o"), row("b", 2, "over", origin="o", **then), row("c", 3, "over"),
        row("d", 10, "under", origin="o"), row("e", 10, "under", origin="o", **then),
    ]  # fmt: skip

    pairs = [item.observations for item in found(asked(TestKind.RATIO, *rows, at_least=0.1))]
    assert sorted(pairs) == [("a", "d"), ("b", "e"), ("c", "d"), ("c", "e")]


def test_nothing_underneath_gives_no_ratio():
    assert found(asked(TestKind.RATIO, row("a", 1, "over"), row("b", 0, "under"), at_least=1)) == []


def test_a_product():
    """10 x 2 to 4 (3 in the middle) over 5: 4 to 8; seven or more is a quarter of it."""
    rows = [row("a", 10, "a", trust=0.9), row("b", 3, "b", 2, 4, trust=0.5), row("p", 5, "per", trust=0.7)]
    (item,) = found(asked(TestKind.PRODUCT, *rows, unit="crate", at_least=7))

    assert item.probability == pytest.approx(0.25, abs=0.01)
    assert (item.trust, item.origin, item.observations) == (0.5, "b", ("a", "b", "p"))
    assert item.quantity.value == pytest.approx(6, abs=0.05)
    assert item.text.startswith("a 10 times b 3 over p 5 make 6 crates (")


def test_an_input_of_several_rows_is_their_mixture_by_trust_and_as_good_as_the_best():
    """Once 10, thrice 30 by trust: thirty or more in three of four."""
    rows = [
        row("a", 10, "a", trust=0.9),
        row("b", 1, "b", trust=0.2),
        row("c", 3, "b", trust=0.6),
        row("d", 9, "b", trust=0),
    ]
    (item,) = found(asked(TestKind.PRODUCT, *rows, unit="crate", at_least=30))

    assert item.probability == pytest.approx(0.75, abs=0.01)
    assert (item.trust, item.observations) == (0.6, ("a", "c", "b"))


def test_a_product_without_a_row_for_an_input_finds_nothing():
    question = asked(TestKind.PRODUCT, row("a", 10, "a"), row("b", 1, "b"), unit="crate", at_least=3)

    assert found(replace(question, rows=question.rows[:1])) == []


# -- changes -----------------------------------------------------------------------------------------------------------


def moved(before: Row, after: Row, direction: str = "fall", **fields: object) -> list[float]:
    return chances(asked(TestKind.CHANGE, before, after, direction=direction, **fields))


@pytest.mark.parametrize(
    ("before", "after", "unit", "fields", "chance"),
    [
        (0.40, 0.30, "percent", {"word": "sharply"}, 1),  # ten points
        (0.90, 0.81, "percent", {"word": "sharply"}, 0),  # nine, a tenth
        (0.10, 0.08, "percent", {"word": "plummeted"}, 1),  # a fifth
        (100, 80, "crate", {"word": "sharply"}, 1),
        (100, 81, "crate", {"word": "sharply"}, 0),
        (100, 120, "crate", {"word": "sharply"}, 0),  # the wrong way
        (100, 50, "crate", {"share": 0.5}, 1),
        (0.40, 0.35, "percent", {"points": 5}, 1),
        (40, 35, "crate", {"points": 5}, 0),  # points are of percentages
    ],
)
def test_a_change(before, after, unit, fields, chance):
    ends = row("a", before, "before", origin="o", unit=unit), row("b", after, "after", origin="o", unit=unit)

    assert moved(*ends, **fields) == [chance]


def test_a_change_with_a_range():
    """From 95 to 105 down to 80: a fifth or more where it was 100 or more, which is half. Doubled: 45 to 55 to 100."""
    assert moved(row("a", 100, "before", 95, 105, origin="o"), row("b", 80, "after", origin="o"), share=0.2) == [0.5]
    doubled = row("a", 50, "before", 45, 55, origin="o"), row("b", 100, "after", origin="o")
    assert moved(*doubled, direction="rise", word="skyrocketed") == [0.5]


def test_a_change_is_seen_within_one_count_and_sums_need_the_same_items():
    before, after = row("a", 9, "before", origin="o"), row("b", 1, "after", origin="o")

    for other in ({"origin": "p"}, {"variant": "v"}, {"entity": "ELSE"}):
        assert moved(before, replace(after, **other), share=0.1) == []
    more = row("c", 20, "before", origin="o", entity="ELSE"), row("d", 1, "after", origin="o", entity="ELSE")
    (item,) = found(asked(TestKind.CHANGE, before, after, *more, direction="fall", share=0.9, sum=1))
    assert item.probability == 1  # 29 to 2
    assert "a fall of 93.1%" in item.text
    assert found(asked(TestKind.CHANGE, before, after, more[0], direction="fall", share=0.9, sum=1)) == []


@pytest.mark.parametrize(
    ("direction", "fields", "chance"),
    [  # 50 % to 40 %, a thousand each: a standard error of sqrt((0.25 + 0.24) / 1000) = 0.02214
        ("fall", {"at_least": 10}, 0.5),
        ("fall", {"at_least": 5}, 0.98806),  # 0.05 / 0.02214 = 2.2588
        ("fall", {"design_effect": 4}, 0.98806),  # 0.1 / 0.04427
        ("rise", {}, 0.0),
    ],
)
def test_two_shares(direction, fields, chance):
    ends = [
        row(name, value, role, origin="o", unit="percent")
        for name, value, role in (("a", 0.5, "first"), ("b", 0.4, "then"))
    ]

    assert chances(asked(TestKind.TWO_SHARES, *ends, direction=direction, sample=1000, **fields)) == [
        pytest.approx(chance, abs=1e-4)
    ]


def test_sizes_of_samples_come_from_rows_of_their_own_wave():
    old, new = (
        {"start": date(2021, 1, 1), "end": date(2021, 1, 9)},
        {"start": date(2022, 1, 1), "end": date(2022, 1, 9)},
    )
    rows = [
        row("a", 0.5, "first", origin="o", **old), row("b", 0.4, "then", origin="o", **new),
        row("n", 1000, "size_first", origin="o", trust=0.3, **old), row("m", 1000, "size_then", origin="o", **new),
        row("other", 9, "size_then", origin="o"),
    ]  # fmt: skip
    (item,) = found(asked(TestKind.TWO_SHARES, *rows, direction="fall", at_least=5))

    assert item.probability == pytest.approx(0.98806, abs=1e-4)
    assert (item.observations, item.trust) == (("a", "b", "n", "m"), 0.3)
    assert found(asked(TestKind.TWO_SHARES, *rows[:3], direction="fall")) == []


# -- rates -------------------------------------------------------------------------------------------------------------


def test_one_rate_against_a_bound():
    """No event in 10: the posterior is a gamma of shape one half, so P(rate <= 0.5) = erf(sqrt(5))."""
    rows = [row("e", 0, "events"), row("t", 10, "exposure")]

    assert chances(asked(TestKind.RATE, *rows, unit="day", at_most=0.5)) == [pytest.approx(math.erf(math.sqrt(5)))]
    assert chances(asked(TestKind.RATE, *rows, unit="day", at_least=0.5)) == [pytest.approx(1 - math.erf(math.sqrt(5)))]
    assert chances(asked(TestKind.RATE, *rows, unit="week", factor=7, at_most=3.5)) == [
        pytest.approx(math.erf(math.sqrt(5)))
    ]


def test_two_rates():
    """The same counts: even odds of being the higher. None in 10 against one half and more in a tenth of the time."""
    same = [row(name, value, role) for name, value, role in (
        ("e", 4, "events"), ("t", 10, "exposure"), ("f", 4, "other_events"), ("u", 10, "other_exposure"))]  # fmt: skip

    assert chances(asked(TestKind.RATE, *same, more_than=1)) == [pytest.approx(0.5)]
    (item,) = found(asked(TestKind.RATE, replace(same[0], extent=Split(40, 40, 40)), *same[1:], more_than=1))
    assert item.probability > 0.999
    assert item.observations == ("e", "t", "f", "u")
    assert 9 < item.quantity.value < 10.5


def test_without_rows_of_exposure_it_is_time():
    """None in the ten days of its own period, then in the ten of its selector that had passed: erf(sqrt(5)) again."""
    ten = row("e", 0, "events", start=date(2022, 1, 1), end=date(2022, 1, 10))
    question = asked(TestKind.RATE, ten, unit="day", at_most=0.5)
    looked = Selector(ids=("e",), role="events", start=date(2021, 12, 31), end=date(2022, 6, 30))
    windowed = replace(question, part=replace(question.part, evidence=(looked,)), day=date(2022, 1, 9))

    for item in found(question), found(windowed):
        assert item[0].probability == pytest.approx(math.erf(math.sqrt(5)))
        assert "over 10 days" in item[0].text


def test_listed_events_are_one_count_whoever_tells_of_them():
    """Three rows, two of which tell of the same days: two events, as good as the weaker of the two kept."""
    days = [(1, 1), (5, 8), (6, 6)]
    rows = [
        row(name, 1, "events", trust=trust, start=date(2022, 1, first), end=date(2022, 1, last))
        for name, trust, (first, last) in zip("abc", (0.4, 0.9, 0.6), days, strict=True)
    ]
    question = asked(TestKind.RATE, *rows, row("t", 10, "exposure"), unit="day", at_most=1, listed=1)
    (item,) = found(question)

    assert (item.observations, item.trust, item.origin) == (("b", "a", "t"), 0.4, "a")
    assert found(replace(question, rows=question.rows[::-1])) == [item]


def test_a_rate_without_exposure_finds_nothing():
    assert found(asked(TestKind.RATE, row("e", 4, "events"), row("t", 0, "exposure"), unit="day", at_most=1)) == []


def test_two_rates_of_which_one_is_not_known_yet_are_not_one_rate():
    full = asked(
        TestKind.RATE, row("e", 4, "events"), row("t", 10, "exposure"), row("f", 4, "other_events"),
        row("u", 10, "other_exposure"), more_than=1,
    )  # fmt: skip

    assert found(replace(full, rows=full.rows[:2])) == []


# -- lists -------------------------------------------------------------------------------------------------------------


def items(*flags: int, **fields: object) -> list[Row]:
    return [row(f"r{n}", flag, entity=f"i{n}", trust=0.9 - n / 10, **fields) for n, flag in enumerate(flags)]


@pytest.mark.parametrize(
    ("rows", "fields", "chance", "text"),
    [
        (items(1, 1, 0), {"word": "most"}, 1, "2 of 3 are in that state, 1 is not"),
        (items(1, 0), {"word": "most"}, 0, "1 of 2 is in that state, 1 is not"),  # half is not most
        (items(1, 1, 0), {"count": 2}, 1, "2 of 3"),
        (items(1, 1, 0), {"count": 3}, 0, "2 of 3"),
        (items(1, 1, 0), {"at_most": 0.5}, 0, "2 of 3"),
        (items(1, 1, 0), {"word": "most", "items": 4}, 0.5, "2 of 4 are in that state, 1 is not, 1 is not known"),
        (items(1, 1, 0), {"count": 2, "items": 5}, 1, "2 are not known"),
        (items(1, 0, 0), {"count": 2, "items": 5}, 0.75, "2 are not known"),  # one of two at least
    ],
)
def test_a_state_of_a_list(rows, fields, chance, text):
    (item,) = found(asked(TestKind.LIST_STATE, *rows, **fields))

    assert item.probability == pytest.approx(chance)
    assert text in item.text


def test_a_list_is_as_good_as_the_weakest_item_needed():
    """Trust falls from 0.9 by a tenth an item. Two of four hold by the second; that not three do, by the last two."""
    rows = items(1, 1, 0, 0)

    assert [item.trust for item in found(asked(TestKind.LIST_STATE, *rows, count=2))] == [pytest.approx(0.8)]
    assert [item.trust for item in found(asked(TestKind.LIST_STATE, *rows, count=1))] == [pytest.approx(0.9)]
    assert [item.trust for item in found(asked(TestKind.LIST_STATE, *rows, count=3))] == [pytest.approx(0.6)]


def test_rows_that_differ_on_an_item_count_by_their_trust():
    """One item, 0.6 for and 0.3 against by others: two in three; a repetition adds nothing."""
    rows = [row("a", 1, trust=0.6), row("b", 0, trust=0.3), row("c", 1, trust=0.5, holder="a")]

    assert chances(asked(TestKind.LIST_STATE, *rows, count=1)) == [pytest.approx(2 / 3)]


def test_how_many_of_independent_trials():
    assert how_many([0.5, 0.5]) == pytest.approx([0.25, 0.5, 0.25])
    assert how_many([1.0, 0.25]) == pytest.approx([0, 0.75, 0.25])
    assert how_many([]) == pytest.approx([1.0])


# -- promises and forecasts --------------------------------------------------------------------------------------------

DUE = date(2022, 12, 31)
PERIODS = {
    "to the day": (YEAR[0], DUE),
    "to midsummer": (YEAR[0], date(2022, 6, 30)),
    "beyond": (YEAR[0], date(2023, 6, 30)),
    "later alone": (date(2023, 1, 1), date(2023, 6, 30)),
    "as things stood later": (date(2023, 6, 30), date(2023, 6, 30)),
}
OUTCOMES = [
    ("to the day", 60, 1), ("to the day", 40, 0), ("to midsummer", 60, 1), ("to midsummer", 40, 0.5), ("beyond", 60, 0.5),
    ("beyond", 40, 0), ("later alone", 60, 0.5), ("later alone", 40, 0.5), ("as things stood later", 40, 0),
    ("as things stood later", 60, 0.5),
]  # fmt: skip


@pytest.mark.parametrize(("period", "figure", "chance"), OUTCOMES)
def test_a_promise_and_a_forecast_by_what_the_period_can_tell(period, figure, chance):
    """Half of 100 was enough, by the end of the year."""
    start, end = PERIODS[period]
    outcome = row("o", figure, "outcome", start=start, end=end)

    promise = asked(TestKind.PROMISE, row("p", 100, "promised"), outcome, due=DUE, enough=0.5, day=date(2024, 1, 1))
    forecast = asked(TestKind.FORECAST, replace(outcome, role=""), review=DUE, at_least=50, day=date(2024, 1, 1))
    assert chances(promise) == [chance]
    assert chances(forecast) == [chance]


@pytest.mark.parametrize(("day", "judged"), [(date(2022, 12, 30), 0), (DUE, 1)])
def test_neither_is_judged_before_its_day(day, judged):
    promise = asked(TestKind.PROMISE, row("p", 100, "promised"), row("o", 100, "outcome"), due=DUE, day=day)
    forecast = asked(TestKind.FORECAST, row("o", 1), review=DUE, day=day)

    assert [len(found(promise)), len(found(forecast))] == [judged, judged]


def test_a_promise_is_as_good_as_the_weaker_of_promise_and_outcome():
    rows = (
        row("p", 1, "promised", trust=0.4),
        row("better", 1, "promised", trust=0.7),
        row("o", 1, "outcome", trust=0.9),
    )
    (item,) = found(asked(TestKind.PROMISE, *rows, due=DUE))

    assert (item.probability, item.trust, item.observations) == (1, 0.7, ("o", "better"))


# -- all of them -------------------------------------------------------------------------------------------------------


def _bag() -> dict[TestKind, Asked]:
    """For each kind a part with several rows on each side, some of one origin, some alike in trust."""
    rising, roles = {"direction": "rise"}, {"o": "o", "p": "p"}

    def one(role: str, n: int, origin: str, first: float) -> Row:
        ends = first + n / 2, first + 2 * n
        return row(f"{role}{n}", first + n, role, *ends, origin=origin, entity=f"i{n % 2}", trust=0.5 + n % 2 / 10)

    def several(*named: str, first: float = 1.0) -> list[Row]:
        return [one(role, n, origin, first) for role in named for n, origin in enumerate((*roles, *roles))]

    return {
        TestKind.OF_THAT_SIZE: asked(TestKind.OF_THAT_SIZE, *several(""), unit="crate", value=3),
        TestKind.PRINTED_FIGURE: asked(TestKind.PRINTED_FIGURE, *several(""), unit="crate", value=3, step=1),
        TestKind.HELD_BY: asked(TestKind.HELD_BY, *several(""), holders=2),
        TestKind.RATIO: asked(TestKind.RATIO, *several("over", "under"), at_least=1, sum=1),
        TestKind.CHANGE: asked(TestKind.CHANGE, *several("before", "after"), word="sharply", sum=1, **rising),
        TestKind.RATE: asked(TestKind.RATE, *several("events", "exposure", first=2), unit="day", at_least=0.1),
        TestKind.TWO_SHARES: asked(TestKind.TWO_SHARES, *(
            replace(item, extent=Split(0.1, item.figure / 10, 1)) for item in several("first", "then")), sample=90, **rising),
        TestKind.LIST_STATE: asked(TestKind.LIST_STATE, *several("", first=0), count=1),
        TestKind.PROMISE: asked(TestKind.PROMISE, *several("promised", "outcome"), due=DUE),
        TestKind.PRODUCT: asked(TestKind.PRODUCT, *several("a", "b", "per"), unit="crate", at_least=2),
        TestKind.FORECAST: asked(TestKind.FORECAST, *several(""), review=DUE, at_least=2),
    }  # fmt: skip


BAG = _bag()


@pytest.mark.parametrize("kind", KINDS, ids=str)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_the_order_of_rows_is_irrelevant(kind, data):
    question = BAG[kind]
    shuffled = replace(question, rows=tuple(data.draw(st.permutations(question.rows))))

    assert found(question), "a case without a finding shows nothing"
    assert sorted(found(shuffled), key=repr) == sorted(found(question), key=repr)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_finding_is_trusted_no_further_than_a_row_it_rests_on(kind):
    """And has a chance, its observations, and its figures in words."""
    trust = {item.row_id: item.trust for item in BAG[kind].rows}

    for item in found(BAG[kind]):
        assert 0 <= item.probability <= 1
        assert item.trust <= max(trust[name] for name in item.observations)
        assert len(item.observations) == len(set(item.observations)) > 0
        assert item.text


def test_bounds_of_a_distribution_without_steps():
    """Even from 0 to 1."""
    assert Bounds(0.2, 0.5).mass(lambda x: min(1.0, max(0.0, x))) == pytest.approx(0.3)
    assert Bounds(low=0.2).mass(lambda x: min(1.0, max(0.0, x))) == pytest.approx(0.8)
    assert list(Bounds(0.2, 0.5, above=True, below=True).has(np.array([0.2, 0.3, 0.5]))) == [False, True, False]
