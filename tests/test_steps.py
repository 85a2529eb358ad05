"""The last digit of a printed figure, what comes near enough to it, and words of degree: by hand and in general."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimaudit.analysis.degrees import degree_of, held, moved, of_the_whole
from claimaudit.analysis.steps import Band, Hedge, of_that_size, printed_figure, step_of
from claimaudit.dossier.method import load_method, usual_text
from claimaudit.dossier.rules import Degree, Size
from samples import DATA

SIZE = Size(tenth=0.1, fifth=0.2, points=2, rate_points=1)
METHOD = load_method(DATA / "method.toml", [])
assert METHOD
DEGREES = METHOD.degrees
SIZES_ADMITTED = st.floats(-1e6, 1e6).filter(lambda value: value == 0 or abs(value) >= 1e-30)
"""Figures as the loader takes them: 0, or no smaller than 1e-30."""


@pytest.mark.parametrize(
    ("printed", "step"),
    [
        ("40", 1),
        ("0.67", 0.01),
        ("1.4bn", 0.1e9),
        ("$1.4bn", 0.1e9),
        ("1.4 billion", 0.1e9),
        ("100 million", 1e6),
        ("2.50 Million zloty", 1e4),
        ("12 mn", 1e6),
        ("3tn", 1e12),
        ("0.5 trillion", 1e11),
        ("7 thousand", 1e3),
        ("3 hundred", 1e2),
        ("1,400", 1),
        ("12,345,678.9", 0.1),
        ("about 40 %", 1),
        ("-5.3 per cent", 0.1),
        ("−5.3 %", 0.1),
        (" 40. ", 1),
        ("40 tonnes", 1),
        ("0", 1),
    ],
)
def test_last_printed_digit(printed, step):
    assert step_of(printed) == pytest.approx(step, rel=1e-12)


def test_an_exact_count_has_no_last_digit():
    assert step_of("14", exact=True) == 0


@pytest.mark.parametrize(
    "printed", ["", "many", "40 to 60", "1.4-1.6bn", "0,67", "1,40", ".5", "1.4.2", "1 400", "40m", "3 k", "2B", "12 t"]
)
def test_what_is_not_one_figure_is_refused(printed):
    with pytest.raises(ValueError, match=r"print it as|write the word"):
        step_of(printed)


@given(value=st.integers(0, 10**9), digits=st.integers(0, 6), word=st.sampled_from(["", " million", "bn"]))
def test_the_last_digit_is_what_one_more_of_it_adds(value, digits, word):
    """Counting the printed digits up by one moves the figure by its step."""
    factor = {"": 1, " million": 10**6, "bn": 10**9}[word]
    one, two = (f"{number / 10**digits:,.{digits}f}" for number in (value, value + 1))
    moved = (float(two.replace(",", "")) - float(one.replace(",", ""))) * factor

    assert step_of(one + word) == pytest.approx(moved, rel=1e-3)


# -- of that size ------------------------------------------------------------------------------------------------------

SIZES = {
    "40 million by the minister": (of_that_size(40e6, SIZE), [36e6, 40e6, 44e6], [35.9e6, 44.1e6]),
    "a fall of 40": (of_that_size(-40, SIZE), [-44, -36], [-44.1, -35.9, 40]),
    "nothing at all": (of_that_size(0, SIZE), [0], [0.01, -0.01]),
    "40 %: a tenth of it": (of_that_size(40, SIZE, percentage=True), [36, 44], [35.9, 44.1]),
    "15 %: two points": (of_that_size(15, SIZE, percentage=True), [13, 17], [12.9, 17.1]),
    "5 %: a fifth of it": (of_that_size(5, SIZE, percentage=True), [4, 6], [3.9, 6.1]),
    "-1 %: never across zero": (of_that_size(-1, SIZE, percentage=True), [-1.2, -0.8], [-1.3, -0.7, 0, 0.5]),
    "0 %": (of_that_size(0, SIZE, percentage=True), [0], [0.1, -0.1]),
    "about 40": (of_that_size(40, SIZE, hedge=Hedge.ABOUT), [36, 44], [35.9, 44.1]),
    "about 5 %": (of_that_size(5, SIZE, percentage=True, hedge=Hedge.ABOUT), [4, 6], [3.9, 6.1]),
    "half": (of_that_size(50, SIZE, percentage=True, hedge=Hedge.HALF), [40, 60], [39.9, 60.1]),
    "about half of 300 plants": (of_that_size(150, SIZE, hedge=Hedge.HALF), [120, 180], [119, 181]),
    "up to 40: reached within a fifth, passed by a tenth": (
        of_that_size(40, SIZE, hedge=Hedge.UP_TO), [32, 40, 44], [31.9, 44.1],
    ),
    "down by up to 40": (of_that_size(-40, SIZE, hedge=Hedge.UP_TO), [-32, -44], [-31.9, -44.1]),
    "over 40": (of_that_size(40, SIZE, hedge=Hedge.OVER), [40.01, 41, 4e9], [40, 39]),
}  # fmt: skip


@pytest.mark.parametrize("case", SIZES.values(), ids=list(SIZES))
def test_of_that_size(case):
    band, within, without = case

    assert all(band.has(found) for found in within)
    assert not any(band.has(found) for found in without)


@given(value=SIZES_ADMITTED, percentage=st.booleans(), hedge=st.sampled_from(Hedge))
def test_the_printed_figure_is_of_its_own_size_and_never_across_zero(value, percentage, hedge):
    band = of_that_size(value, SIZE, percentage, hedge)

    assert band.has(value) or hedge is Hedge.OVER
    if value and hedge is not Hedge.OVER:
        assert not band.has(0)
        assert not band.has(-value)
        assert max(abs(band.low - value), abs(band.high - value)) <= 0.2 * abs(value) * (1 + 1e-9)


# -- the printed figure ------------------------------------------------------------------------------------------------

FIGURES = {
    "40: half its last digit": (printed_figure(40, 1), [39.5, 40.5], [39.4, 40.6]),
    "1.4bn": (printed_figure(1.4e9, step_of("1.4bn")), [1.35e9, 1.45e9], [1.34e9, 1.46e9]),
    "40, revised by 3": (printed_figure(40, 1, revision=3), [37, 43], [36.9, 43.1]),
    "40, revised by less than its last digit": (printed_figure(40, 1, revision=0.1), [39.5, 40.5], [39.4, 40.6]),
    "an exact count of 14": (printed_figure(14, 0), [14], [13, 15, 13.99]),
    "output fell by 5.3 %": (printed_figure(-5.3, 0.1, rate_points=1), [-6.3, -4.3], [-6.4, -4.2]),
    "output, revised by more than a point": (
        printed_figure(5.3, 0.1, revision=1.5, rate_points=1), [3.8, 6.8], [3.7, 6.9],
    ),
    "a rate of 40 to the ten": (printed_figure(40, 10, rate_points=1), [35, 45], [34.9, 45.1]),
}  # fmt: skip


@pytest.mark.parametrize("case", FIGURES.values(), ids=list(FIGURES))
def test_printed_figure(case):
    band, within, without = case

    assert all(band.has(found) for found in within)
    assert not any(band.has(found) for found in without)


@pytest.mark.parametrize("wrong", [{"step": -1}, {"step": 1, "revision": -0.1}])
def test_a_width_below_nothing_is_refused(wrong):
    with pytest.raises(ValueError, match="below 0"):
        printed_figure(40, **wrong)


def test_ends_of_a_band_allow_for_floating_point():
    assert of_that_size(0.7, SIZE).has(0.77)
    assert of_that_size(3e-9, SIZE).has(3.3e-9)
    assert printed_figure(0.3, 0.1).has(0.1 + 0.15)
    assert not Band(40, math.inf, above=True).has(40 + 1e-12)


# -- words of degree ---------------------------------------------------------------------------------------------------


def test_every_degree_of_the_method_asks_for_something_and_says_why():
    assert {name: degree.asks for name, degree in DEGREES.items()} == {
        "sharp": "10 points, or 20% of what it was",
        "leap": "2 times what it was",
        "many": "25% of the whole or more, or 2 competent holders who say so",
        "most": "more than 50% of the whole",
        "little": "less than 5% of the whole",
        "special": "2 competent holders who say so, or named first or alone by the holder",
        "other": "2 competent holders who say so",
    }
    assert all(degree.why for degree in DEGREES.values())


def test_the_methods_sizes_are_those_the_cases_are_worked_with():
    assert METHOD.size == SIZE
    assert (METHOD.cause.holds, METHOD.cause.refuted) == (0.5, 0.25)


def test_a_sweep_of_the_file_can_scale_the_tolerances(tmp_path):
    text = usual_text()
    head, _, _ = text.partition("\n[sweep]\n")
    (tmp_path / "method.toml").write_text(f"{head}\n[sweep]\ntolerance_scale = [0.5, 1.0]\n", encoding="utf-8")
    method = load_method(tmp_path / "method.toml", [])

    assert [(variant.size.tenth, variant.size.points) for variant in method.variants()] == [(0.05, 1), (0.1, 2)]


def test_tolerances_can_be_swept():
    """Twice as wide: a tenth is a fifth, two points are four; the printed figure's own point stays."""
    assert METHOD.varied({"tolerance_scale": 2.0}).size == Size(0.2, 0.4, 4, 1)
    assert METHOD.varied({"prior": 0.4}).size == SIZE


WRONG_RULES = {
    "a tolerance that is no share": ("tenth = 0.1", "tenth = 1.5", "size.tenth: 1.5 is out of range"),
    "a fifth below a tenth": ("fifth = 0.2", "fifth = 0.05", "size.fifth: it is below tenth"),
    "shares of a cause crossed": (
        "holds = 0.5\nrefuted = 0.25",
        "holds = 0.5\nrefuted = 0.75",
        "cause.refuted: it is above holds",
    ),
    "a word in two groups": ('["most"]', '["Many"]', "degrees.most.words: 'many' stands in 'many' too"),
    "a degree of nothing": ("more_than = 0.5", "", "degrees.most: the degree asks for nothing"),
    "half a holder": ("holders = 2", "holders = 1.5", "holders: 1.5 is not a whole number"),
    "no holders for other words": (
        "[degrees.other]\nwords = []\nholders = 2",
        "[degrees.other]\nwords = []\ntimes = 2",
        "degrees.other: words that stand in no group need it",
    ),
}


@pytest.mark.parametrize("case", WRONG_RULES.values(), ids=list(WRONG_RULES))
def test_a_wrong_rule_is_one_fault_with_its_place(tmp_path, case):
    was, now, told = case
    text = usual_text()
    assert was in text
    (tmp_path / "method.toml").write_text(text.replace(was, now, 1), encoding="utf-8")
    faults = []

    assert load_method(tmp_path / "method.toml", faults) is None
    assert [told in str(fault) for fault in faults] == [True], [str(fault) for fault in faults]


@pytest.mark.parametrize(
    ("word", "before", "after", "percentage", "expected"),
    [
        ("sharply", 40, 50, True, True),  # ten points
        ("plummeted", 90, 80, True, True),  # ten points, a ninth
        ("sharply", 90, 81, True, False),
        ("sharply", 20, 24, True, True),  # four points, a fifth
        ("sharply", 20, 23.9, True, False),
        ("sharply", 100, 120, False, True),
        ("plummeted", 100, 80, False, True),
        ("plummeted", 100, 81, False, False),
        ("sharply", 900, 950, False, False),  # fifty, but no points
        ("sharply", 0, 5, False, False),
        ("Sharply", -10, -12, False, True),
        ("skyrocketed", 40, 80, False, True),
        ("skyrocketed", 40, 79, True, False),
        ("skyrocketed", 80, 40, False, False),
        ("skyrocketed", 0, 40, False, False),
        ("skyrocketed", -40, -20, False, False),
    ],
)
def test_how_far_something_moved(word, before, after, percentage, expected):
    assert moved(degree_of(word, DEGREES), before, after, percentage) == expected


@pytest.mark.parametrize(
    ("word", "share", "expected"),
    [
        ("many", 0.25, True),
        ("many", 0.24, False),
        ("most", 0.51, True),
        ("most", 0.5, False),
        ("little", 0.049, True),
        ("limited", 0.05, False),
    ],
)
def test_how_much_of_the_whole(word, share, expected):
    assert of_the_whole(degree_of(word, DEGREES), share) is expected


@pytest.mark.parametrize(
    ("word", "holders", "named_first", "expected"),
    [
        ("many", 2, False, True),
        ("many", 1, True, False),
        ("special", 0, True, True),
        ("particularly", 2, False, True),
        ("particularly", 1, False, False),
        ("considerable", 2, False, True),
        ("considerable", 1, True, False),
    ],
)
def test_who_says_so(word, holders, named_first, expected):
    assert held(degree_of(word, DEGREES), holders, named_first) is expected


@pytest.mark.parametrize(
    "ask",
    [
        lambda: moved(degree_of("most", DEGREES), 1, 2),
        lambda: of_the_whole(degree_of("sharply", DEGREES), 0.5),
        lambda: held(degree_of("most", DEGREES), 2),
    ],
)
def test_a_degree_is_only_asked_what_it_speaks_of(ask):
    with pytest.raises(ValueError, match="the degree is"):
        ask()


def test_another_table_can_take_its_place():
    stricter = {**DEGREES, "most": Degree(("most",), more_than=0.6)}

    assert not of_the_whole(degree_of("most", stricter), 0.55)
