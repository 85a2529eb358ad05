"""Shares, the corridor and their flips on a few rows made for it, each figure worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Label
from claimaudit.verdict.sensitivity import flips_of
from russia_iran.economic import trade
from samples import OBSERVATIONS, OTHERS, write_dossier

MEASURES = OTHERS["measures.csv"] + "".join(
    f"{name},{unit},{int(name.endswith(('forecast', 'target')))},n\n"
    for name, unit in {
        "trade_turnover": "USD", "goods_exports": "USD", "goods_imports": "USD", "bilateral_goods_flow": "USD",
        "cargo_volume": "tonne", "corridor_capacity": "tonne/year", "cargo_volume_forecast": "tonne",
        "cargo_volume_target": "tonne", "route_volume": "tonne",
    }.items()
)  # fmt: skip
UNITS = OTHERS["units.csv"] + "USD,US dollar,1,n\ntonne,mass,1000,n\ntonne/year,mass by time,1,n\n"
ORIGINS = OTHERS["origins.csv"] + "fts-russia,voice,,,,0,\nirica-iran,voice,,,,0,\nministry,voice,,,,0,\n"
P = trade.Parameters()


def row(
    name: str, measure: str, entity: str, year: int, value: float, *, variant: str = "v", origin: str = "fts-russia",
    start: str = "", end: str = "", digit: int = 1, basis: str = "official", unit: str = "USD",
) -> str:  # fmt: skip
    days = f"{start or f'{year}-01-01'},{end or f'{year}-12-31'}"
    return f"{name},{measure},{entity},{days},{value},,,{unit},{digit},,,,{basis},{variant},{origin},customs-2022,n\n"


def cargo(name: str, measure: str, entity: str, year: int, value: float, **cells) -> str:
    unit = "tonne/year" if measure == "corridor_capacity" else "tonne"
    return row(name, measure, entity, year, value, **({"unit": unit, "origin": "ministry"} | cells))


WHOLE = row("x22", "goods_exports", "RUS", 2022, 600) + row("m22", "goods_imports", "RUS", 2022, 200)
STATED = row("ri22", "trade_turnover", "RUS-IRN", 2022, 4)
FLOWS = row("fx22", "bilateral_goods_flow", "RUS-IRN", 2022, 3, variant="w") + row(
    "fm22", "bilateral_goods_flow", "IRN-RUS", 2022, 2, variant="w"
)
PERSIAN = row(
    "ir1401", "trade_turnover", "RUS-IRN", 2022, 2, origin="irica-iran", start="2022-03-21", end="2023-03-20"
)  # fmt: skip


@pytest.fixture
def dossier(tmp_path):
    def of(*rows: str) -> Dossier:
        folder = write_dossier(
            tmp_path, harbour=OBSERVATIONS + "".join(rows), measures=MEASURES, units=UNITS, origins=ORIGINS
        )
        return Dossier.load(folder)

    return of


# -- shares -----------------------------------------------------------------------------------------------------------


def test_turnover_is_stated_or_both_flows_of_one_count_and_period_added(dossier):
    """3 + 2, each 5% either way. A flow of another count, period or origin has no partner."""
    others = row("fx21", "bilateral_goods_flow", "RUS-IRN", 2021, 9, variant="w")
    others += row("fm22.v", "bilateral_goods_flow", "IRN-RUS", 2022, 9, variant="z")
    others += row("fm22.o", "bilateral_goods_flow", "IRN-RUS", 2022, 9, variant="w", origin="customs")
    found = trade.bilateral(dossier(STATED, FLOWS, others))

    assert [item.rows for item in found] == [("ri22",), ("fx22", "fm22")]
    assert [item.extent.mid for item in found] == [4, 5]
    assert (found[1].extent.low, found[1].extent.high) == pytest.approx((4.75, 5.25))
    assert (found[1].start, found[1].end, found[1].variant, found[1].origin) == (
        date(2022, 1, 1),
        date(2022, 12, 31),
        "w",
        "fts-russia",
    )


def test_a_share_and_its_bounds(dossier):
    """4 of 800: 0.5%; 3.8 of 840 and 4.2 of 760 at worst; twice as much with an uplift of one."""
    (found,) = trade.pairings(dossier(WHOLE, STATED), P)

    assert found.share() == pytest.approx(0.5)
    assert found.bounds() == pytest.approx((100 * 3.8 / 840, 100 * 4.2 / 760))
    assert found.share(1.0) == pytest.approx(1.0)
    assert found.bounds(1.0) == pytest.approx((100 * 7.6 / 840, 100 * 8.4 / 760))
    assert found.rows == ("ri22", "x22", "m22")
    assert (found.count, found.fiscal, found.year) == ("russian", False, 2022)
    assert found.chance_below(0.5) == pytest.approx(0.5, abs=0.01)
    assert found.chance_below(0.44) == 0.0
    assert found.chance_below(0.56) == 1.0
    assert found.chance_below(1.0, 1.0) == pytest.approx(0.5, abs=0.01)


def test_a_persian_year_is_held_against_the_calendar_year_it_begins_in(dossier):
    """Not against the next one, nor part of one; and neither some months from March on nor a year from April is Persian."""
    next_year = row("x23", "goods_exports", "RUS", 2023, 600) + row("m23", "goods_imports", "RUS", 2023, 200)
    half = row("xh", "goods_exports", "RUS", 2022, 300, end="2022-06-30")
    half += row("mh", "goods_imports", "RUS", 2022, 100, end="2022-06-30")
    months = row(
        "ir8", "trade_turnover", "RUS-IRN", 2022, 1, origin="irica-iran", start="2022-03-21", end="2022-11-20"
    )  # fmt: skip
    april = row("ri4", "trade_turnover", "RUS-IRN", 2022, 1, start="2022-04-01", end="2023-03-31")
    short = row("xs", "goods_exports", "RUS", 2022, 550, start="2022-02-01")
    short += row("ms", "goods_imports", "RUS", 2022, 150, start="2022-02-01")
    (found,) = trade.pairings(dossier(WHOLE, next_year, half, short, PERSIAN, months, april), P)

    assert found.rows == ("ir1401", "x22", "m22")
    assert (found.count, found.fiscal, found.own.whole_year) == ("iranian", True, True)


@pytest.mark.parametrize(("counts", "rows"), [("any", 2), ("russian", 1), ("iranian", 1)])
def test_whose_count_is_taken(dossier, counts, rows):
    found = trade.pairings(dossier(WHOLE, STATED, PERSIAN), replace(P, counts=counts))

    assert len(found) == rows
    assert counts == "any" or {pair.count for pair in found} == {counts}


@pytest.mark.parametrize(("end", "whole"), [("2022-12-17", True), ("2022-12-16", False)])
def test_a_year_is_whole_from_351_days_on(dossier, end, whole):
    """17 December is the 351st day: 350 after the first."""
    (found,) = trade.bilateral(dossier(row("ri22", "trade_turnover", "RUS-IRN", 2022, 4, end=end)))

    assert found.whole_year is whole


def test_the_range_of_a_year_over_its_whole_pairings(dossier):
    part = row("rih", "trade_turnover", "RUS-IRN", 2022, 40, end="2022-06-30")
    part += row("xh", "goods_exports", "RUS", 2022, 300, end="2022-06-30")
    part += row("mh", "goods_imports", "RUS", 2022, 100, end="2022-06-30")
    table = trade.shares(dossier(WHOLE, STATED, FLOWS, PERSIAN, part), P)
    (year,) = trade.share_by_year(table).to_dict("records")

    assert year == {"year": 2022, "low": pytest.approx(0.25), "high": pytest.approx(0.625), "pairings": 3}
    assert table["share"].max() == pytest.approx(10), "the half-year stands in the table itself"


def test_what_turnover_would_reach_the_threshold(dossier):
    """1% of 800 is 8, 1.6 times the largest Russian count of 5; the Persian year and a half-year are left out."""
    part = row("rih", "trade_turnover", "RUS-IRN", 2022, 40, end="2022-06-30")
    part += row("xh", "goods_exports", "RUS", 2022, 300, end="2022-06-30", variant="h")
    part += row("mh", "goods_imports", "RUS", 2022, 100, end="2022-06-30", variant="h")
    (found,) = trade.breaking_turnover(dossier(WHOLE, STATED, FLOWS, PERSIAN, part), P).to_dict("records")

    assert (found["year"], found["breaks_at"], found["recorded"]) == (2022, pytest.approx(8), pytest.approx(5))
    assert found["times"] == pytest.approx(1.6)
    assert found["rows"][:2] == ("fx22", "fm22")
    (double,) = trade.breaking_turnover(dossier(WHOLE, STATED), replace(P, threshold=2.0)).to_dict("records")
    assert (double["breaks_at"], double["times"]) == (pytest.approx(16), pytest.approx(4))


# -- findings on the shares -------------------------------------------------------------------------------------------


def of(found, part_id):
    return [item for item in found if item.part_id == part_id]


def test_the_latest_year_that_was_over_on_the_day_of_the_text(dossier):
    """The text is of 14 March 2023: 2022 was over, 2023 was not, whatever is known of it since."""
    later = row("x23", "goods_exports", "RUS", 2023, 600) + row("m23", "goods_imports", "RUS", 2023, 200)
    later += row("ri23", "trade_turnover", "RUS-IRN", 2023, 10)
    found = list(trade.findings(dossier(WHOLE, STATED, PERSIAN), P))

    assert [item.observations[0] for item in of(found, "E14.latest")] == ["ri22", "ir1401"]
    assert [item.quantity.value for item in found] == pytest.approx([0.5, 0.25])
    assert {item.origin for item in found} == {"fts-russia", "irica-iran"}
    assert [item.observations[0] for item in trade.findings(dossier(WHOLE, STATED, later), P)] == ["ri22"]


def test_a_share_is_told_with_two_digits(dossier):
    """4.328 of 800 is 0.541%."""
    loaded = dossier(WHOLE, row("ri22", "trade_turnover", "RUS-IRN", 2022, 4.328))

    assert [item.text for item in of(trade.findings(loaded, P), "E14.latest")] == ["a share of 0.54% in 2022"]


# -- the corridor -----------------------------------------------------------------------------------------------------

ROUTES = cargo("scale.polygon.2022", "route_volume", "rail", 2022, 200) + cargo(
    "scale.rzd.2022", "route_volume", "rail", 2022, 1000
)
CORRIDOR = (
    cargo("c21", "cargo_volume", "instc", 2021, 8) + cargo("c22", "cargo_volume", "instc", 2022, 10)
    + cargo("w22", "cargo_volume", "instc_western", 2022, 6)
    + cargo("cap", "corridor_capacity", "instc", 2022, 30) + cargo("exp", "cargo_volume_forecast", "instc", 2030, 20)
    + cargo("aim", "cargo_volume_target", "instc", 2030, 40)
    + cargo("doubt", "cargo_volume", "instc", 2022, 99, digit=5, variant="d")
    + cargo("part", "cargo_volume", "instc", 2022, 98, end="2022-12-16", variant="p")
    + cargo("whole", "cargo_volume", "instc", 2020, 5, end="2020-12-16", variant="q")
    + cargo("other", "cargo_volume", "lapis", 2022, 97)
)  # fmt: skip


def test_the_corridors_rows(dossier):
    """16 December is the 351st day of 2020, a leap year, but the 350th of 2022: that is no whole year."""
    table = trade.corridor(dossier(CORRIDOR))

    assert table["what"].to_dict() == {
        "whole": "carried", "c21": "carried", "c22": "carried", "w22": "carried", "cap": "capacity", "exp": "expected",
        "aim": "aimed at",
    }  # fmt: skip
    assert list(table.loc["cap", ["low", "mid", "high"]]) == pytest.approx([28.5, 30, 31.5])
    assert list(table.index) == ["whole", "c21", "w22", "c22", "cap", "exp", "aim"]


def test_the_corridor_over_each_route(dossier):
    """10 of 200 is 5%: 9.5 of 210 to 10.5 of 190. A half of a route it never carries."""
    loaded = dossier(CORRIDOR, ROUTES)
    table = trade.substitution(loaded, P).set_index(["corridor_row", "route_row"])
    own = table.loc["c22", "scale.polygon.2022"]

    assert len(table) == 7 * 2
    assert own["ratio"] == pytest.approx(5)
    assert (own["low"], own["high"]) == pytest.approx((100 * 9.5 / 210, 100 * 10.5 / 190))
    assert (own["corridor"], own["what"], own["route"]) == (
        "instc carried 2022",
        "carried",
        "eastern railways, planned capacity 2022",
    )
    assert own["chance_below"] == 1.0
    assert trade.substitution(loaded, replace(P, replacement_share=0.05)).set_index(["corridor_row", "route_row"]).loc[
        ("c22", "scale.polygon.2022"), "chance_below"
    ] == pytest.approx(0.5, abs=0.01)
    assert list(trade.yardsticks(loaded).index) == ["scale.polygon.2022", "scale.rzd.2022"]


def test_years_to_catch_up(dossier):
    """From 10 to half of 200 at 10% a year: log 10 / log 1.1 = 24.16; half of 1,000: log 50 / log 1.1 = 41.05."""
    table = trade.catch_up(dossier(CORRIDOR, ROUTES), P)

    assert list(table.columns) == ["5% a year", "10% a year", "18% a year", "35% a year"]
    assert list(table["10% a year"]) == pytest.approx([24.1589, 41.0450], abs=1e-3)
    assert trade.catch_up(dossier(ROUTES), P).empty


# -- flips ------------------------------------------------------------------------------------------------------------


def test_what_would_turn_the_labels(dossier):
    """4 of 800, 0.452 to 0.553%; one independent source of trust 0.931 is sure enough (0.8) while p is above 0.8222.

    The uplift that would do it is what lifts the same point to 1%: 1 / threshold - 1.
    """
    loaded = dossier(WHOLE, STATED, CORRIDOR, ROUTES)
    found = {(item.part_id, item.source): item for item in flips_of(trade.knobs(loaded, P), loaded)}
    threshold, uplift = found["E14.latest", "threshold"], found["E14.latest", "uplift"]

    assert (threshold.label, threshold.becomes) == (Label.SUPPORTED, Label.NOT_ENOUGH_EVIDENCE)
    assert 0.505 < threshold.threshold < 0.53
    assert uplift.threshold == pytest.approx(1 / threshold.threshold - 1, abs=0.03)
    assert (
        threshold.words
        == f"had the claim said less than {threshold.threshold:.2g}%, the label would be not enough evidence"
    )
    assert uplift.words.startswith(
        f"if trade that no customs office sees came to {100 * uplift.threshold:.0f}% of what"
    )


def test_nothing_on_record_gives_no_finding_and_no_flip(dossier):
    loaded = dossier("")

    assert list(trade.findings(loaded, P)) == []
    assert trade.shares(loaded, P).empty
    assert list(flips_of(trade.knobs(loaded, P), loaded)) == []


def test_every_row_of_the_notebook_is_named_once(dossier):
    rows = row("tr22", "trade_turnover", "RUS-TUR", 2022, 12)
    found = trade.shown_rows(dossier(WHOLE, STATED, FLOWS, CORRIDOR, ROUTES, rows))

    assert len(found) == len(set(found))
    assert set(found) == {
        "whole", "c21", "w22", "c22", "cap", "exp", "aim", "scale.polygon.2022", "scale.rzd.2022", "tr22", "ri22", "fx22", "fm22",
        "x22", "m22",
    }  # fmt: skip


def test_parameters_take_their_ends():
    for name, low, high in (("threshold", 0.05, 10), ("uplift", 0, 5), ("replacement_share", 0.05, 1)):
        for value in (low, high):
            assert getattr(trade.Parameters(**{name: value}), name) == value
        for value in (low - 0.01, high + 0.01):
            with pytest.raises(ValueError, match=f"{name} = .* is out of range"):
                trade.Parameters(**{name: value})
    assert (P.threshold, P.counts, P.uplift, P.partner, P.replacement_share) == (1.0, "any", 0.0, "AZE", 0.5)
