"""Shares and their flips on a few rows made for it, each figure worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claimaudit.analysis.uncertainty import Split
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Label
from claimaudit.verdict.sensitivity import flips_of
from russia_iran.economic import trade
from samples import OBSERVATIONS, OTHERS, write_dossier

MEASURES = OTHERS["measures.csv"] + "".join(
    f"{name},{unit},{int(name.endswith(('forecast', 'target')))},n\n"
    for name, unit in {
        "trade_turnover": "USD", "goods_exports": "USD", "goods_imports": "USD", "bilateral_goods_flow": "USD",
        "cargo_volume": "tonne",
    }.items()
)  # fmt: skip
UNITS = OTHERS["units.csv"] + "USD,US dollar,1,n\ntonne,mass,1000,n\n"
ORIGINS = OTHERS["origins.csv"] + "fts-russia,voice,,,,0,\nirica-iran,voice,,,,0,\nministry,voice,,,,0,\n"
P = trade.Parameters()


def row(
    name: str, measure: str, entity: str, year: int, value: float, *, variant: str = "v", origin: str = "fts-russia",
    start: str = "", end: str = "", digit: int = 1, basis: str = "official", unit: str = "USD",
) -> str:  # fmt: skip
    days = f"{start or f'{year}-01-01'},{end or f'{year}-12-31'}"
    return f"{name},{measure},{entity},{days},{value},,,{unit},{digit},,,,{basis},{variant},{origin},customs-2022,n\n"


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


def pairings(loaded):
    """Every pairing of a made dossier, a record each."""
    return trade.paired(trade.trade_with_iran(loaded), trade.russias_trade(loaded)).to_dict("records")


# -- shares -----------------------------------------------------------------------------------------------------------


def test_turnover_is_stated_or_both_flows_of_one_count_and_period_added(dossier):
    """3 + 2, each 5% either way. A flow of another count, period or origin has no partner."""
    others = row("fx21", "bilateral_goods_flow", "RUS-IRN", 2021, 9, variant="w")
    others += row("fm22.v", "bilateral_goods_flow", "IRN-RUS", 2022, 9, variant="z")
    others += row("fm22.o", "bilateral_goods_flow", "IRN-RUS", 2022, 9, variant="w", origin="customs")
    found = trade.trade_with_iran(dossier(STATED, FLOWS, others))

    assert list(found["rows"]) == [("ri22",), ("fx22", "fm22")]
    assert list(found["value"]) == [4, 5]
    assert list(found.loc[1, ["low", "high"]]) == pytest.approx([4.75, 5.25])
    assert (found.loc[1, "period"], found.loc[1, "variant"], found.loc[1, "origin"]) == ("2022", "w", "fts-russia")


def test_a_share_and_its_bounds(dossier):
    """4 of 800: 0.5%; 3.8 of 840 and 4.2 of 760 at worst; twice as much with an uplift of one."""
    loaded = dossier(WHOLE, STATED)
    (found,) = pairings(loaded)
    (plain,), (raised,) = (trade.findings(loaded, replace(P, uplift=uplift)) for uplift in (0.0, 1.0))

    assert found["share"] == pytest.approx(0.5)
    assert (found["share_low"], found["share_high"]) == pytest.approx((100 * 3.8 / 840, 100 * 4.2 / 760))
    assert (found["rows"], found["counter"], found["year"]) == (("ri22", "x22", "m22"), "Russian customs", 2022)
    assert plain.quantity.value == pytest.approx(0.5)
    assert (raised.quantity.value, raised.quantity.low, raised.quantity.high) == pytest.approx(
        (1.0, 100 * 7.6 / 840, 100 * 8.4 / 760)
    )


@pytest.mark.parametrize(("threshold", "uplift", "chance"), [(0.5, 0, 0.5), (0.44, 0, 0), (0.56, 0, 1), (1.0, 1, 0.5)])
def test_the_chance_of_a_share_below_the_threshold(threshold, uplift, chance):
    """4 of 800 with 5% either way lies from 0.452 to 0.553%."""
    found = trade.chance_below(Split(3.8, 4, 4.2), Split(760, 800, 840), threshold, uplift)

    assert found == pytest.approx(chance, abs=0.01)


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
    (found,) = pairings(dossier(WHOLE, next_year, half, short, PERSIAN, months, april))

    assert found["rows"] == ("ir1401", "x22", "m22")
    assert (found["counter"], found["held_against"], found["whole_year"]) == ("Iranian customs", "2022", True)


@pytest.mark.parametrize(
    ("counts", "rows"), [("any", ["ir1401", "ri22"]), ("russian", ["ri22"]), ("iranian", ["ir1401"])]
)
def test_whose_count_is_taken(dossier, counts, rows):
    found = trade.findings(dossier(WHOLE, STATED, PERSIAN), replace(P, counts=counts))

    assert sorted(item.observations[0] for item in found) == rows


@pytest.mark.parametrize(("end", "whole"), [("2022-12-17", True), ("2022-12-16", False)])
def test_a_year_is_whole_from_351_days_on(dossier, end, whole):
    """17 December is the 351st day: 350 after the first."""
    found = trade.trade_with_iran(dossier(row("ri22", "trade_turnover", "RUS-IRN", 2022, 4, end=end)))

    assert list(found["whole_year"]) == [whole]


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


# -- flips ------------------------------------------------------------------------------------------------------------


def test_what_would_turn_the_labels(dossier):
    """4 of 800, 0.452 to 0.553%; one independent source of trust 0.931 is sure enough (0.8) while p is above 0.8222.

    The uplift that would do it is what lifts the same point to 1%: 1 / threshold - 1.
    """
    loaded = dossier(WHOLE, STATED)
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
    assert pairings(loaded) == []
    assert list(flips_of(trade.knobs(loaded, P), loaded)) == []


def test_every_row_of_the_notebook_is_named_once(dossier):
    cargo = row("c22", "cargo_volume", "instc", 2022, 10, unit="tonne")
    found = trade.shown_rows(dossier(WHOLE, STATED, FLOWS, cargo))

    assert len(found) == len(set(found))
    assert set(found) == {"c22", "ri22", "fx22", "fm22", "x22", "m22"}


def test_parameters_take_their_ends():
    for name, low, high in (("threshold", 0.05, 10), ("uplift", 0, 5)):
        for value in (low, high):
            assert getattr(trade.Parameters(**{name: value}), name) == value
        for value in (low - 0.01, high + 0.01):
            with pytest.raises(ValueError, match=f"{name} = .* is out of range"):
                trade.Parameters(**{name: value})
    assert (P.threshold, P.counts, P.uplift) == (1.0, "any", 0.0)
