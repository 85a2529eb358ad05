"""What a row says about a part, each kind of test by hand: ranges, edges, units, words and trust."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from claimaudit.analysis.findings import find, holds, tolerance
from claimaudit.analysis.hearing import describe, extent_of, model_trust
from claimaudit.analysis.uncertainty import Constant, Split
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Part, Role, Selector, TestKind
from claimaudit.outcome import Finding
from samples import OBSERVATIONS, OTHERS, write_dossier

ROW = "{id},{measure},{entity},{start},{end},{value},{low},{high},{unit},{digit},,,{step},{basis},{variant},{origin},{source},n\n"
PLAIN = {
    "measure": "figs_sold", "entity": "HRB", "start": "2022-01-01", "end": "2022-12-31", "value": 100, "low": "", "high": "",
    "unit": "crate", "digit": 1, "basis": "official", "variant": "", "origin": "customs", "source": "customs-2022", "step": "",
}  # fmt: skip
UNITS = OTHERS["units.csv"] + "dozen,crates,12,dozen crates\nyear,time,1,year\nratio,ratio,1,ratio\n"
MEASURES = (
    OTHERS["measures.csv"] + "founded,year,0,Year\nfig_share,ratio,0,Share of figs\nfigs_lent,crate,0,Figs lent\n"
)
ORIGINS = OTHERS["origins.csv"] + "own-sum,own-calculation,,,,0,Added up here\n"


def line(name: str, **cells: object) -> str:
    return ROW.format(id=name, **(PLAIN | cells))


@pytest.fixture
def dossier(tmp_path):
    def of(*rows: str) -> Dossier:
        text = OBSERVATIONS + "".join(rows)
        return Dossier.load(write_dossier(tmp_path, harbour=text, units=UNITS, measures=MEASURES, origins=ORIGINS))

    return of


def part(test: TestKind, *evidence: Selector, **fields: object) -> Part:
    base = Part("E01.x", "E01", "t", Role.CORE, test, evidence=evidence)
    return replace(base, **fields)


def rows(*names: str, **fields: object) -> Selector:
    return Selector(ids=names, **fields)


# -- ranges -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"low": 80, "high": 150}, (80, 100, 150)),
        ({"basis": "official"}, (95, 100, 105)),
        ({"basis": "measured"}, (98, 100, 102)),
        ({"basis": "derived"}, (90, 100, 110)),
        ({"basis": "reported"}, (75, 100, 125)),
        ({"low": 100}, (100, 100, 200)),  # "more than 100": up to twice as many
        ({"low": 90}, (90, 100, 200)),
        ({"high": 100}, (50, 100, 100)),  # "under 100": down to half
        ({"high": 110}, (50, 100, 110)),
    ],
)
def test_the_range_of_a_record_and_of_a_table_row_is_the_same(dossier, cells, expected):
    loaded = dossier(line("x", **cells))
    record, tabled = loaded.observation("x"), loaded.observations.loc["x"]

    for row in (record, tabled):
        found = extent_of(row, loaded.method)
        assert (found.low, found.mid, found.high) == pytest.approx(expected)


def test_a_width_of_the_part_replaces_that_of_the_basis_but_no_printed_range(dossier):
    loaded = dossier(line("x"), line("y", low=60, high=140))

    assert extent_of(loaded.observation("x"), loaded.method, 0.3) == Split(70, 100, 130)
    assert extent_of(loaded.observation("x"), loaded.method, 0.0) == Split(100, 100, 100)
    assert extent_of(loaded.observation("y"), loaded.method, 0.3) == Split(60, 100, 140)


@pytest.mark.parametrize(("step", "half"), [(10, 5), (1, 0.5), (0, 0)])
def test_the_last_printed_digit_replaces_width_and_basis_but_no_printed_range(dossier, step, half):
    loaded = dossier(line("x", step=step), line("y", step=step, low=60, high=140))

    for row in (loaded.observation("x"), loaded.observations.loc["x"]):
        assert extent_of(row, loaded.method) == extent_of(row, loaded.method, 0.3) == Split(100 - half, 100, 100 + half)
    assert extent_of(loaded.observation("y"), loaded.method) == Split(60, 100, 140)


def test_a_step_is_converted_with_its_row(dossier):
    loaded = dossier(line("x", value=10, unit="dozen", step=1))

    assert loaded.observation("x").step == 12
    assert extent_of(loaded.observation("x"), loaded.method) == Split(114, 120, 126)


# -- quantities -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "numbers", "uniform", "at_bound"),
    [  # uniform: 80 to 120 evenly; at_bound: exactly 110
        (TestKind.AT_MOST, {"value": 110}, 0.75, 1.0),
        (TestKind.LESS_THAN, {"value": 110}, 0.75, 0.0),
        (TestKind.AT_LEAST, {"value": 110}, 0.25, 1.0),
        (TestKind.MORE_THAN, {"value": 110}, 0.25, 0.0),
        (TestKind.BETWEEN, {"low": 90, "high": 110}, 0.5, 1.0),
        (TestKind.BETWEEN, {"low": 110, "high": 200}, 0.25, 1.0),
        (TestKind.BETWEEN, {"low": 111, "high": 200}, 0.225, 0.0),
        (TestKind.ABOUT, {"value": 100, "tolerance": 0.1}, 0.5, 1.0),
        (TestKind.ABOUT, {"value": 100, "within": 5}, 0.25, 0.0),
        (TestKind.ABOUT, {"value": 110}, 0.0, 1.0),
    ],
)
def test_a_quantity_holds_by_the_share_of_its_range(test, numbers, uniform, at_bound):
    asked = part(test, numbers=numbers)

    assert holds(asked, Split(80, 100, 120)) == pytest.approx(uniform)
    assert holds(asked, Split(110, 110, 110)) == at_bound
    assert holds(asked, Constant(110)) == at_bound


@pytest.mark.parametrize(
    ("test", "numbers", "cells", "chance"),
    [
        (TestKind.BETWEEN, {"low": 99, "high": 101}, {"low": 50, "high": 150}, 0.5),  # meets it, most of its range not
        (TestKind.BETWEEN, {"low": 101, "high": 150}, {"low": 50, "high": 150}, 0.49),
        (TestKind.MORE_THAN, {"value": 100}, {"low": 50, "high": 150}, 0.5),  # 100 is not more than 100
        (TestKind.ABOUT, {"value": 109, "tolerance": 0.1}, {"basis": "reported"}, 0.5),
        (TestKind.ABOUT, {"value": 100, "tolerance": 0.1}, {"step": 1}, 1.0),
        (TestKind.ABOUT, {"value": 120, "tolerance": 0.1}, {"step": 1}, 0.0),
        (TestKind.MORE_THAN, {"value": 100}, {"low": 100}, 1.0),  # "more than 100" is
        (TestKind.LESS_THAN, {"value": 100}, {"high": 100}, 1.0),
        (TestKind.AT_MOST, {"value": 100}, {"low": 100}, 0.5),  # "100 or more" may be 100
        (TestKind.AT_LEAST, {"value": 120}, {"low": 100}, 0.5),  # "over 100" says nothing for 120
    ],
)
def test_a_printed_figure_that_meets_the_test_never_leans_against_it(dossier, test, numbers, cells, chance):
    loaded = dossier(line("x", **cells))
    (found,) = find(loaded, part(test, rows("x"), numbers=numbers))

    assert found.probability == pytest.approx(chance)


def test_the_end_of_a_band_counts_whatever_a_computer_makes_of_a_tenth():
    """1.1 is about 1 within a tenth, though 1 + 0.1 x 1 is a hair less or more than 1.1 in binary."""
    assert holds(part(TestKind.ABOUT, numbers={"value": 3.0, "tolerance": 0.1}), Constant(3.3)) == 1.0
    assert holds(part(TestKind.BETWEEN, numbers={"low": 0.1 + 0.2, "high": 1}), Constant(0.3)) == 1.0
    assert holds(part(TestKind.BETWEEN, numbers={"low": 0.3, "high": 1}), Constant(0.29999)) == 0.0


def test_tolerance_is_a_share_of_the_figure_or_the_figure_itself():
    assert tolerance(part(TestKind.ABOUT, numbers={"value": -50, "tolerance": 0.1})) == pytest.approx(5)
    assert tolerance(part(TestKind.ABOUT, numbers={"value": 50, "tolerance": 0.1, "within": 7})) == 7
    assert tolerance(part(TestKind.ABOUT, numbers={"value": 50})) == 0


def test_what_is_no_quantity_test_is_an_error():
    with pytest.raises(ValueError, match="'event' is no quantity test"):
        holds(part(TestKind.EVENT), Constant(1))


def test_a_row_in_another_unit_is_converted(dossier):
    """10 dozen, 5% each way, are 114 to 126 crates: two thirds are above 118 (8 of 12, by halves 0.5 + 0.5 x 2/6)."""
    loaded = dossier(line("x", value=10, unit="dozen"))
    (found,) = find(loaded, part(TestKind.AT_LEAST, rows("x"), unit="crate", numbers={"value": 118}))
    (wide,) = find(loaded, part(TestKind.AT_LEAST, rows("x"), unit="dozen", numbers={"value": 9, "width": 0.2}))

    assert (found.quantity.low, found.quantity.value, found.quantity.high) == pytest.approx((114, 120, 126))
    assert found.quantity.unit == "crate"
    assert found.probability == pytest.approx(8 / 12)
    assert wide.probability == pytest.approx(0.75)  # 8 to 12 dozen


def test_a_row_said_to_be_for_or_against_is_not_read_as_a_figure(dossier):
    loaded = dossier(line("x"), line("y", variant="other"))
    asked = part(TestKind.AT_LEAST, rows("x", side="for"), rows("y", side="against"), numbers={"value": 1e9})

    assert {item.observations[0]: (item.probability, item.quantity) for item in find(loaded, asked)} == {
        "x": (1.0, None),
        "y": (0.0, None),
    }


def test_a_row_named_twice_counts_once(dossier):
    loaded = dossier(line("x"))
    found = find(loaded, part(TestKind.AT_LEAST, rows("x"), rows("x", says="again"), numbers={"value": 1}))

    assert [item.observations for item in found] == [("x",)]
    assert "again" not in found[0].text


# -- events, dates, orders --------------------------------------------------------------------------------------------


def event(name: str, value: float, **cells: object) -> str:
    return line(name, **({"measure": "ferry_armed", "unit": "event", "value": value, "variant": name} | cells))


def test_an_event_is_read_from_its_flag_or_from_the_side(dossier):
    loaded = dossier(event("yes", 1), event("half", 0.5), event("no", 0), event("for", 0), event("against", 1))
    asked = part(TestKind.EVENT, rows("yes", "half", "no"), rows("for", side="for"), rows("against", side="against"))

    assert {item.observations[0]: item.probability for item in find(loaded, asked)} == {
        "yes": 1.0,
        "half": 1.0,
        "no": 0.0,
        "for": 1.0,
        "against": 0.0,
    }


@pytest.mark.parametrize(
    ("start", "end", "chance"),
    [
        ("2022-09-30", "2022-09-30", 1.0),  # the last day belongs to the window
        ("2022-09-01", "2022-09-01", 1.0),
        ("2022-10-01", "2022-10-01", 0.0),
        ("2022-08-31", "2022-08-31", 0.0),
        ("2022-09-26", "2022-10-05", 0.5),  # five of ten days
        ("2022-08-29", "2022-09-01", 0.25),
        ("2022-07-18", "2022-10-25", 0.3),  # thirty of a hundred
    ],
)
def test_a_date_holds_by_the_days_inside_the_window(dossier, start, end, chance):
    loaded = dossier(event("x", 1, start=start, end=end))
    asked = part(TestKind.DATE, rows("x"), window=(date(2022, 9, 1), date(2022, 9, 30)))

    assert find(loaded, asked)[0].probability == pytest.approx(chance)


@pytest.mark.parametrize(("side", "chance"), [("for", 1.0), ("against", 0.0)])
def test_a_row_said_to_be_for_or_against_a_date_is_not_read_as_one(dossier, side, chance):
    loaded = dossier(event("x", 1, start="2022-09-26", end="2022-10-05"))
    asked = part(TestKind.DATE, rows("x", side=side), window=(date(2022, 9, 1), date(2022, 9, 30)))

    assert find(loaded, asked)[0].probability == chance


@pytest.mark.parametrize(
    ("first", "then", "chance"),
    [
        (("2022-01-01", "2022-01-10"), ("2022-01-11", "2022-01-20"), 1.0),
        (("2022-01-01", "2022-01-10"), ("2022-01-10", "2022-01-20"), 0.5),  # they share a day
        (("2022-01-20", "2022-01-30"), ("2022-01-10", "2022-01-20"), 0.5),
        (("2022-01-21", "2022-01-30"), ("2022-01-10", "2022-01-20"), 0.0),
    ],
)
def test_an_order_is_open_where_the_periods_overlap(dossier, first, then, chance):
    loaded = dossier(
        event("a", 1, start=first[0], end=first[1]),
        event("b", 1, start=then[0], end=then[1], digit=3, origin="gazette", source="gazette-2023"),
    )
    (found,) = find(loaded, part(TestKind.ORDER, rows("a", role="first"), rows("b", role="then")))

    assert found.probability == chance
    assert found.observations == ("a", "b")
    assert (found.origin, found.trust) == ("gazette", pytest.approx(0.70 * 0.65)), "as far as the weaker row"


@pytest.mark.parametrize(
    ("direction", "step", "chance"),
    [
        ("rise", 0.0, 1.0),
        ("fall", 0.0, 0.0),
        ("rise", 0.5, 0.5),  # 142.5-157.5 against 1.5 times 95-105: the same range
        ("rise", 0.8, 0.0),
        ("rise", 0.3, 1.0),
    ],
)
def test_a_trend_by_hand(dossier, direction, step, chance):
    loaded = dossier(line("a", value=100), line("b", value=150))
    asked = part(
        TestKind.TREND,
        rows("a", role="before"),
        rows("b", role="after"),
        direction=direction,
        numbers={"at_least": step},
    )

    assert find(loaded, asked)[0].probability == pytest.approx(chance, abs=0.01)


def test_a_small_rise_is_told_in_as_many_digits_as_show_it(dossier):
    loaded = dossier(line("a", value=10.91), line("b", value=10.94))
    before, after = rows("a", role="before"), rows("b", role="after")
    (rose,) = find(loaded, part(TestKind.TREND, before, after, direction="rise"))
    (far,) = find(loaded, part(TestKind.CHANGE, before, after, direction="rise", numbers={"share": 0.1}))

    assert ("10.91" in rose.text, "10.94" in rose.text) == (True, True)
    assert ("10.91" in far.text, "10.94" in far.text) == (True, True)


@pytest.mark.parametrize(
    "cells", [{"origin": "gazette"}, {"variant": "other"}, {"entity": "OTH"}, {"measure": "figs_lent"}]
)
def test_a_trend_is_only_seen_within_one_count(dossier, cells):
    loaded = dossier(line("a", value=100), line("b", value=150, **cells))

    assert find(loaded, part(TestKind.TREND, rows("a", role="before"), rows("b", role="after"), direction="rise")) == ()


@pytest.mark.parametrize(("share", "chance"), [(0.2, 1.0), (0.25, 0.5), (0.4, 0.0)])
def test_a_size_is_the_part_over_the_whole(dossier, share, chance):
    loaded = dossier(line("part", value=25), line("whole", value=100))
    (found,) = find(
        loaded,
        part(TestKind.SIZE, rows("part", role="part"), rows("whole", role="whole"), numbers={"share": share}),
    )

    assert found.probability == pytest.approx(chance, abs=0.01)
    assert "is 25% of" in found.text
    assert found.observations == ("part", "whole")


@pytest.mark.parametrize(
    ("direction", "rank", "place", "holds_"),
    [
        ("highest", 1, 2, 0.0),
        ("highest", 2, 2, 1.0),
        ("lowest", 1, 2, 0.0),
        ("lowest", 2, 2, 1.0),
        ("lowest", 3, 2, 1.0),
    ],
)
def test_a_rank_among_three(dossier, direction, rank, place, holds_):
    loaded = dossier(
        line("a", entity="AAA", value=50),
        line("b", entity="BBB", value=90, digit=3),
        line("c", entity="CCC", value=20),
    )
    asked = part(TestKind.RANK, rows("a", "b", "c"), entity="AAA", direction=direction, numbers={"rank": rank})
    (found,) = find(loaded, asked)

    assert f"stands at place {place} of 3" in found.text
    assert (found.probability, found.observations) == (holds_, ("a", "b", "c"))
    assert found.trust == pytest.approx(0.95 * 0.65), "as far as the weakest row of the count"


def test_an_origin_that_ranks_in_several_windows_is_heard_once_with_all_of_them(dossier):
    """First in three of four years: neither its best nor its worst year speaks for all. Trust is that of the weakest row."""
    windows = [
        line(
            f"{entity}{year}",
            entity=entity,
            value=value,
            start=f"{year}-01-01",
            end=f"{year}-12-31",
            digit=1 + (year == 2019),
        )
        for year, own in ((2019, 50), (2020, 50), (2021, 50), (2022, 10))
        for entity, value in (("AAA", own), ("BBB", 20))
    ]
    names = [f"{entity}{year}" for entity in ("AAA", "BBB") for year in range(2019, 2023)]
    asked = part(TestKind.RANK, rows(*names), entity="AAA", direction="highest", numbers={"rank": 1})
    (found,) = find(dossier(*windows), asked)

    assert (found.probability, len(found.observations)) == (0.75, 8)
    assert found.trust == pytest.approx(0.95 * 0.85)
    assert found.text.startswith("in 3 of 4 windows within the rank: AAA stands at place 1 of 2 with 50 crates, 2019; ")
    assert found.text.endswith("; and 1 more")


def test_equal_figures_share_a_place_and_one_alone_has_none(dossier):
    loaded = dossier(line("a", entity="AAA", value=50), line("b", entity="BBB", value=50))
    asked = part(TestKind.RANK, rows("a", "b"), entity="AAA", direction="highest", numbers={"rank": 1})

    assert find(loaded, asked)[0].probability == 1.0
    assert find(loaded, replace(asked, evidence=(rows("a"),))) == ()
    assert find(loaded, replace(asked, evidence=(rows("b"),))) == ()


# -- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({}, "100 crates, 2022"),
        ({"low": 90, "high": 110}, "100 crates (90 to 110 crates), 2022"),
        ({"low": 100}, "at least 100 crates, 2022"),
        ({"high": 100}, "at most 100 crates, 2022"),
        ({"low": 90}, "100 crates, 2022"),
        ({"high": 110}, "100 crates, 2022"),
        ({"measure": "ferry_armed", "unit": "event", "value": 1}, "ferry armed, 2022"),
        ({"measure": "ferry_armed", "unit": "event", "value": 0}, "ferry armed: no, 2022"),
        (
            {"measure": "figure_named", "unit": "flag", "value": 1, "variant": "by-night"},
            "figure named (by night), 2022",
        ),
        ({"measure": "founded", "unit": "year", "value": 1850}, "founded 1850, 2022"),
        ({"measure": "fig_share", "unit": "ratio", "value": 0.5}, "fig share 0.5, 2022"),
    ],
)
def test_a_row_in_a_few_words(dossier, cells, words):
    loaded = dossier(line("x", **cells))

    assert describe(loaded.observation("x"), loaded.words).replace(",850", "850") == words


# -- trust ------------------------------------------------------------------------------------------------------------


def test_the_trust_of_a_model_is_that_of_its_weakest_input_each_by_its_best_row(dossier):
    """A1 = 0.95 x 0.98 = 0.931; C3 = 0.70 x 0.65 = 0.455; C2 = 0.70 x 0.85 = 0.595; an own sum and grade 6 are nothing."""
    paper = {"origin": "gazette", "source": "gazette-2023"}
    loaded = dossier(
        line("a1"), line("c3", digit=3, **paper), line("c2", digit=2, **paper), line("c6", digit=6, **paper),
        line("own", origin="own-sum"),
    )  # fmt: skip

    assert model_trust(loaded, ["a1"]) == pytest.approx(0.931)
    assert model_trust(loaded, ["c3", "a1"], ["c2"]) == pytest.approx(0.595), (
        "not the product, and the best row of each"
    )
    assert model_trust(loaded, ["c3", "c2"], ["a1"]) == pytest.approx(0.595)
    assert model_trust(loaded, ["a1"], ["own"]) == 0.0, "a row that is no independent source gives nothing"
    assert model_trust(loaded, ["a1"], ["c6"]) == 0.0
    assert model_trust(loaded, ["a1"], []) == 0.0, "an input without a row is not known"
    assert model_trust(loaded) == 0.0


def test_who_quotes_is_trusted_by_letter_and_quoting_unless_the_row_is_no_independent_source(dossier):
    paper = {"origin": "gazette", "source": "gazette-2023", "measure": "figure_named", "unit": "flag", "value": 1}
    loaded = dossier(
        line("q3", digit=3, **paper), line("q6", digit=6, **paper), line("own", **(paper | {"origin": "own-sum"}))
    )
    asked = part(TestKind.STATEMENT, rows("q3", "q6", "own"), saying=True)
    found = {item.observations[0]: (item.origin, item.trust) for item in find(loaded, asked)}

    assert found["q3"] == found["q6"] == ("The Gazette", pytest.approx(0.70 * 0.85)), "the digit grades what was said"
    assert found["own"] == ("The Gazette", 0.0)


def test_findings_come_surest_first_with_those_of_a_model_for_this_part_only(dossier):
    loaded = dossier(line("x", digit=3), line("y"))
    asked = part(TestKind.AT_LEAST, rows("x", "y"), numbers={"value": 1})
    modelled = [Finding("E01.x", "model", 0.4, 0.8, ("x",)), Finding("E01.other", "model", 0.4, 0.8, ("x",))]

    found = find(loaded, asked, modelled)
    assert [(item.origin, item.observations[0]) for item in found] == [
        ("customs", "y"),
        ("model", "x"),
        ("customs", "x"),
    ]
    (own,) = find(loaded, replace(asked, test=TestKind.MODEL), modelled)
    assert (own.origin, own.trust, own.grade) == ("model", 0.8, "A3"), "graded as its weakest input"
