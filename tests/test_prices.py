"""Prices, inflation and the rial (E21-E23) against figures worked out by hand from the rows."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from claimaudit.rated import Badge
from claimaudit.verdict.audit import audit, unused
from notebooks_on_disk import cells_run
from russia_iran.economic import prices

P = prices.Parameters()
VINTAGES = (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT)


# -- products and their cause -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2017, 3, 21), 1396), (date(2020, 3, 20), 1399), (date(2022, 1, 21), 1400), (date(2022, 3, 21), 1401)],
)
def test_iranian_years_begin_in_march(day, year):
    assert prices.iranian_year(day) == year


@pytest.mark.parametrize(
    ("surcharge", "multiple", "share"),
    [(1.0, 4, 0.5), (3.0, 4, 1.0), (0.0, 4, 0.0), (0.3, 4, math.log(1.3) / math.log(4))],
)
def test_what_a_surcharge_explains_by_hand(surcharge, multiple, share):
    assert prices.explained(surcharge, multiple) == pytest.approx(share)


@given(st.floats(0.01, 1.0), st.floats(1.1, 20))
def test_the_surcharge_needed_explains_the_share(share, multiple):
    assert prices.explained(prices.surcharge_needed(share, multiple), multiple) == pytest.approx(share)


def test_poisson_binomial_by_hand():
    """Two events of 1/2 and 1/4: at least one 1 - 1/2 * 3/4 = 5/8, both 1/8."""
    assert prices.chance_of_at_least(1, [0.5, 0.25]) == pytest.approx(5 / 8)
    assert prices.chance_of_at_least(2, [0.5, 0.25]) == pytest.approx(1 / 8)
    assert prices.chance_of_at_least(0, [0.5, 0.25]) == pytest.approx(1)
    assert prices.chance_of_at_least(3, [0.5, 0.25]) == 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.integers(1, 8))
def test_more_groups_asked_for_are_never_likelier(chances, number):
    more = prices.chance_of_at_least(number + 1, chances)

    assert -1e-9 <= more <= prices.chance_of_at_least(number, chances) + 1e-9


def test_group_rises_by_hand(project):
    """Dairy and eggs: 22.5 in 1396, 100 in 1400, so +344%; six of twelve groups reach +300%."""
    table = prices.group_rises(project, P).set_index("group")

    assert table.loc["Dairy and eggs", "rise"] == pytest.approx(100 * (100 / 22.5 - 1))
    assert len(table) == 12, "all items and all food are no groups"
    reached = set(table.index[table["rise"] >= 300])
    assert reached == {
        "Vehicle purchase", "Durables", "Fruit and nuts", "Household goods", "Dairy and eggs", "Red and white meat",
    }  # fmt: skip


def test_the_table_of_groups_was_not_public_at_publication(project):
    assert prices.group_rises(project.at_publication(), P).empty


def test_no_surcharge_comes_near_a_quarter_of_the_rise(project):
    """The largest printed end is 33 per cent: 21% of the logarithm of four; a quarter takes 41.4 per cent, half of it 100."""
    rows = prices.surcharges(project)
    ends = [row.high or row.value for row in rows]

    assert prices.surcharge_needed(project.method.cause.holds, P.multiple) == pytest.approx(1.0)
    assert prices.surcharge_needed(project.method.cause.refuted, P.multiple) == pytest.approx(math.sqrt(2) - 1)
    assert max(ends) == 33
    assert prices.explained(max(ends) / 100, P.multiple) == pytest.approx(0.206, abs=0.001)
    assert all(row.entity == "IRN" and row.variant != "sanctions-lifted" for row in rows)


# -- the rial ----------------------------------------------------------------------------------------------------------


def test_loss_is_not_rise():
    assert prices.loss(2.0) == pytest.approx(0.5)
    assert prices.rise_percent(1, 2) == pytest.approx(100)
    assert prices.loss(4.0) == pytest.approx(0.75)


@given(st.floats(1, 1000), st.floats(1, 1000))
def test_loss_and_rise_say_the_same(ratio, other):
    assert (prices.loss(ratio) <= prices.loss(other)) == (ratio <= other) or ratio == pytest.approx(other)
    assert 0 <= prices.loss(ratio) < 1


def losses(view, parameters):
    table = prices.starting_quotes(view, parameters)
    return table.assign(loss=100 * prices.loss(table["last"] / table["rate"]))


def about_half(table):
    return table["loss"].between(*prices.band(P)).sum()


def test_windows_by_hand(project):
    """March 2022 at a mean of 262,693.5 to 453,000 on the eve: 42.0% lost."""
    table = losses(project, P).set_index("month")

    assert len(table) == 19
    assert table.loc["2022-03-01", "loss"] == pytest.approx(100 * (1 - 262_693.5 / 453_000))
    assert about_half(table) == 8, "March to August 2021, February and March 2022"
    assert about_half(losses(project, replace(P, end_day="day"))) == 13


def test_windows_are_the_same_at_publication(project):
    then, now = prices.starting_quotes(project.at_publication(), P), prices.starting_quotes(project, P)

    pd.testing.assert_frame_equal(then, now)


def test_flagged_months_are_left_out(project):
    means = prices.quotes(project, replace(P, archive="tgju"))
    bonbast_last = prices.quotes(project, replace(P, quote="last"))

    assert date(2018, 11, 1) not in means, "the archive stuck in autumn 2018"
    assert date(2018, 3, 1) not in bonbast_last
    assert date(2018, 3, 1) in prices.quotes(project, P)


def test_share_inside_by_hand():
    """To 100 from 40, 50 and 90: 60, 50 and 10% lost; two of three lie within 45 to 65."""
    shares = prices.share_inside(np.array([40.0, 50.0, 90.0]), np.array([100.0, 45.0]), 45, 65)

    assert shares.tolist() == pytest.approx([2 / 3, 0])


# -- the audit ---------------------------------------------------------------------------------------------------------


def test_the_rise_holds_but_not_its_cause(audited):
    """Quadrupled cooking oil (B2) and onions at 306% stand against charges of at most 30%: right size, wrong cause."""
    result = audited("prices")
    for vintage in VINTAGES:
        labels = {part.key: part.label for part in result.verdict("E21", vintage).parts}

        assert labels["E21.size"] is Label.SUPPORTED
        assert labels["E21.figure"] is Label.NOT_ENOUGH_EVIDENCE, "quadrupled by one report, nearly fourfold by another"
        assert labels["E21.result"] is Label.REFUTED
        assert labels["E21.sazhin"] is Label.NOT_ENOUGH_EVIDENCE, "only the opening of the interview could be read"
        assert labels["E21.dollar"] is Label.SUPPORTED, "318,500 over 64,500 and 312,934 over 65,710 rials"
        assert result.verdict("E21", vintage).rating.badge is Badge.PARTLY_RIGHT
    assert result.verdict("E21.groups", Vintage.AT_PUBLICATION).label is Label.NOT_ENOUGH_EVIDENCE


def test_inflation_is_over_the_bound_as_both_offices_printed_it(audited):
    """53.4 and 54.6% on a year before; 47.7 and 43.6% as means of twelve months; 48.5 to 50.1% on the newer basket."""
    result = audited("prices")
    for vintage in VINTAGES:
        assert result.verdict("E22", vintage).rating.badge is Badge.RIGHT
        assert result.verdict("E22.over", vintage).sources.count == 2
        assert result.verdict("E22.average", vintage).label is Label.REFUTED
        assert result.verdict("E22.rebased", vintage).label is Label.NOT_ENOUGH_EVIDENCE


def test_the_rial_lost_about_half_in_the_year(audited):
    """41.6 to 47.3%, within 40 to 60; from the eve of the protests 33%."""
    result = audited("prices")
    for vintage in VINTAGES:
        assert result.verdict("E23", vintage).rating.badge is Badge.RIGHT
        losses = [finding.quantity.value for finding in result.verdict("E23.half", vintage).findings]
        assert min(losses) == pytest.approx(41.6)
        assert max(losses) <= 47.3 + 1e-9
        assert result.verdict("E23.since_protests", vintage).label is Label.REFUTED


def test_charges_between_a_quarter_and_half_would_settle_nothing(project):
    """Three times the charges on record: 30% becomes 90%, between 41.4 and 100."""
    knob = next(knob for knob in prices.knobs(project, P) if knob.name == "surcharges")
    (once,) = [item for item in knob.findings(1.0) if item.origin == "akhoundi-ilna-202104"]
    (thrice,) = [item for item in knob.findings(3.0) if item.origin == "akhoundi-ilna-202104"]

    assert once.probability == 0
    assert thrice.probability == pytest.approx(0.5), "60 to 90 per cent"


def test_every_part_has_a_verdict_at_both_dates(audited):
    result = audited("prices")
    for claim in result.claims:
        for part in claim.parts:
            assert all(result.verdict(part.part_id, vintage).text == part.text for vintage in VINTAGES)
    assert unused(result) == []


def test_flips_name_their_own_inputs(audited):
    flips = audited("prices").flips
    by_source = {flip.source: flip for flip in flips["E21.result", Vintage.HINDSIGHT]}

    assert by_source["surcharges"].threshold > 3, "100 over 33 per cent at least"
    within = next(flip for flip in flips["E23.windows", Vintage.HINDSIGHT] if flip.source == "within")
    assert within.threshold > P.within


def test_a_wider_band_supports_the_windows(project):
    wide = audit(project, "prices", replace(P, within=20.0))

    assert wide.verdict("E23.windows").probability > audit(project, "prices", P).verdict("E23.windows").probability


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rise": 10}, "rise = 10 is out of range"),
        ({"to_year": 1396}, "to_year = 1396 is out of range: give a number from 1397"),
        ({"archive": "bonbas"}, "did you mean 'bonbast'"),
        ({"within": 60}, "out of range"),
        ({"quote": "high"}, "quote = 'high' is not known"),
    ],
)
def test_impossible_parameters_are_refused(change, message):
    with pytest.raises(ParameterError, match=message):
        prices.Parameters(**change)


# -- the notebook ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shown():
    """The names a reader has after running the notebook's cells as they are, its panel left out."""
    return cells_run("prices")


def test_the_notebook_shows_what_a_surcharge_explains(audited, shown):
    """Recomputed from the visible columns alone: ln(1.3) over ln(4) for 30 per cent, and so for each."""
    judged = {item.observations[0]: item.quantity.value for item in audited("prices").verdict("E21.result").findings}
    frame = shown["costs"]

    assert (100 * np.log1p(frame["value"] / 100) / math.log(4)).to_dict() == pytest.approx(judged)
    assert frame["explains"].to_dict() == pytest.approx(judged)
    assert frame["explains at most"].max() == pytest.approx(100 * math.log(1.33) / math.log(4))


def test_the_notebook_counts_the_groups_and_windows_the_verdicts_count(audited, shown):
    result = audited("prices")
    (groups,), (windows,) = (result.verdict(key).findings for key in ("E21.groups", "E23.windows"))
    half = (100 * (1 - shown["windows"]["rate"] / shown["windows"]["last"])).between(40, 60)

    assert f"{(shown['groups']['rise'] >= 300).sum()} of {len(shown['groups'])} groups" in groups.text
    assert f"from {half.sum()} of {len(half)} starting months" in windows.text
    assert list(half) == list(shown["windows"]["about half"])


@pytest.mark.parametrize("part", ["E22.over", "E22.average", "E22.rebased"])
def test_the_notebook_shows_the_rates_the_verdict_rests_on(audited, shown, part):
    judged = {name for item in audited("prices").verdict(part).findings for name in item.observations}

    assert judged
    assert judged <= set(shown["yearly"].index) | set(shown["means"].index)
    assert list(shown["means"]["value"].gt(50)) == [False] * 3
    assert shown["yearly"]["value"].gt(50).sum() == 4
