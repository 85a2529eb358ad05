"""The cargo model and the verdicts of M01-M03 against figures worked out by hand from the rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from russia_iran.military import munitions, munitions_report

P = munitions.Parameters(draws=20_000)


def test_cargo_mass_by_hand():
    """100 million at 25 g is 2,500 t; 300,000 with a tenth at 50 kg and the rest at 3 kg is 1,500 + 810 t."""
    mass = munitions.cargo_tonnes(100e6, 300e3, 0.1, 0.025, 3.0, 50.0)

    assert mass == pytest.approx(2500 + 1500 + 810)


def test_all_artillery_weighs_what_the_memo_says():
    """300,000 rounds of 45 kg bare are 13,500 tonnes."""
    assert munitions.cargo_tonnes(0, 300e3, 1.0, 0.025, 3.0, 45.0) == pytest.approx(13_500)


def test_ship_room_by_hand():
    assert munitions.ship_room(2, 5543, 200, 2.34) == pytest.approx(2 * 5543 - 468)


@pytest.mark.parametrize(("rounds", "rate", "days"), [(300e3, 5000, 60), (300e3, 20_000, 15), (30e3, 20_000, 1.5)])
def test_days_of_fire_by_hand(rounds, rate, days):
    assert munitions.days_of_fire(rounds, rate) == days


def test_fit_falls_with_the_heavy_share_and_rises_with_containers(project):
    curve = munitions.fit_curve(project, P)
    more = munitions.fit_curve(project, replace(P, containers=400))

    assert curve["containers"].is_monotonic_decreasing
    assert curve["ships"].is_monotonic_decreasing
    assert (more["containers"] >= curve["containers"]).all()
    assert curve["containers"].iloc[-1] == 0


@given(st.floats(0, 1), st.integers(1, 2000), st.integers(0, 1_000_000_000))
@settings(max_examples=40, deadline=None)
def test_fit_chances_are_chances(project, share, containers, bullets):
    case = replace(P, heavy_share=share, containers=containers, bullets=bullets, draws=1000)

    assert all(0 <= chance <= 1 for chance in munitions.fit_chances(munitions.draw(project, case), case))


def test_heavy_rounds_that_fit_lie_in_the_memos_range_with_a_million_bullets(project):
    """With one million bullets the boxes take tens of thousands of heavy rounds, far from 300,000."""
    rounds = munitions.heavy_rounds_that_fit(project, replace(P, bullets=1_000_000))
    low, high = np.quantile(rounds, [0.05, 0.95])

    assert 25_000 < low < 45_000
    assert 90_000 < high < 115_000


def test_by_count_by_hand(project):
    """200 containers at Seoul's 480 a box hold 96,000 rounds of 152 mm; 300,000 would need 625."""
    row = munitions.by_count(project, P).loc["mun.prk.per_container_152_jun"]

    assert row["rounds_value"] == 96_000
    assert row["containers_needed"] == pytest.approx(625)


def test_rival_rates_are_never_averaged(project):
    rates = munitions.firing_rates(project)

    assert set(rates.index) <= set(project.observations.index)
    assert not rates["variant"].str.contains("peak|ceiling").any()
    january = rates[rates["start"] == pd.Timestamp(2023, 1, 1)].set_index("variant")["value"]
    assert (january["us-estimate"], january["ukrainian-claim"]) == (5000, 20_000)


def test_supply_share_by_hand(project):
    """300,000 is 12% of the 2.5 million RUSI saw as a year's capacity, 2.5% of its 12 million fired in 2022."""
    table = munitions.supply_shares(project, P).set_index("row")["share"]

    assert table["mun.prod.ru_rusi"] == pytest.approx(12)
    assert table["mun.rate.ru_2022_year_rusi"] == pytest.approx(2.5, abs=0.01)


def test_value_by_hand(project):
    """At the Czech book value of 0.108 dollars a hundred million cartridges are 10.8 million dollars."""
    table = munitions.value_table(project, P)

    assert table.loc["mun.czech.price", "usd"] == pytest.approx(10_800_000)
    assert table.loc["mun.price.152_ru_salm", "usd"] == pytest.approx(180_000_000)
    assert "mun.wsj.contract_unit_price" not in table.index, "planned quantity over the sum of the samples is no price"


def test_posterior_by_hand():
    table = pd.DataFrame({"first": {"a": 0.5, "b": 0.1}, "second": {"a": 0.2, "b": 1.0}})

    assert munitions.posterior({"a": 0.5, "b": 0.5}, table).to_dict() == pytest.approx({"a": 0.5, "b": 0.5})
    assert munitions.posterior({"a": 0.9, "b": 0.1}, table)["a"] == pytest.approx(0.9)


def test_accounts_use_later_evidence_only_when_it_was_known(project):
    then = munitions.accounts(project.at_publication(), P)
    now = munitions.accounts(project.hindsight(), P)

    assert "a count a hundredth as large" not in then
    assert now["posterior"].sum() == pytest.approx(1)
    assert now.loc["as_reported", "posterior"] < then.loc["as_reported", "posterior"]
    assert now["posterior"].idxmin() == "all_artillery"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"heavy_share": 1.2}, "heavy_share = 1.2 is out of range: give a number from 0 to 1"),
        ({"containers": 0}, "containers = 0 is out of range"),
        ({"firing_rate": "us-estimat"}, "did you mean 'us-estimate'"),
        ({"heavy_share": float("nan")}, "is not a number"),
        ({"as_of": "spring"}, "is not a day"),
        ({"draws": 10}, "draws = 10 is out of range"),
    ],
)
def test_impossible_parameters_are_refused(change, message):
    with pytest.raises(ParameterError, match=message):
        munitions.Parameters(**change)


def test_verdicts_follow_from_the_rows_by_hand(audited):
    """M02.half_year: WSJ and NATO count as one independent source of trust B3, the analyst C3 against, by the printed method."""
    result = audited("munitions")
    verdict = result.verdict("M02.half_year")
    wsj = max(
        finding.trust
        for finding in verdict.findings
        if finding.origin in ("wsj-20230424", "nato-official-cnn-20240311")
    )

    assert verdict.origins == ("wsj-20230424", "zgurets-202402"), (
        "two origins that may be one number are one independent source"
    )
    assert wsj == pytest.approx(0.85 * 0.65)
    assert verdict.findings[0].probability == 1.0, "at least 300,000 meets at least 225,000"


def test_as_artillery_the_lot_is_refuted_in_hindsight_only(audited):
    result = audited("munitions")

    assert result.verdict("M02.fits_as_artillery", Vintage.HINDSIGHT).label is Label.REFUTED
    assert result.verdict("M02.fits_as_artillery", Vintage.AT_PUBLICATION).label is Label.NOT_ENOUGH_EVIDENCE
    known = {finding.origin for finding in result.verdict("M02.fits_as_artillery", Vintage.AT_PUBLICATION).findings}
    assert "skr-ministry-of-defence" not in known


def test_attribution_and_substance_part_ways(audited):
    result = audited("munitions")

    for claim in ("M01", "M02", "M03"):
        assert result.verdict(f"{claim}.attribution").label is Label.SUPPORTED
        assert result.verdict(claim).label is Label.NOT_ENOUGH_EVIDENCE


def test_flips_name_the_containers_that_would_turn_the_label(audited):
    flips = audited("munitions").flips["M02.fits_as_artillery", Vintage.HINDSIGHT]
    boxes = next(flip for flip in flips if flip.source == "containers")

    assert boxes.threshold > 600, "by count alone 300,000 rounds need 625 boxes and more"
    assert boxes.words == f"with more than {boxes.threshold:,.0f} containers, the label would be {boxes.becomes.words}"


def test_titles_follow_the_data(project):
    curve = munitions.fit_curve(project, P)

    assert munitions_report.fit_title(curve, P).startswith(
        "At no share of artillery rounds does the cargo fit 200 containers"
    )
    assert "fits 200 containers in >99%" in munitions_report.fit_title(curve.assign(containers=1.0), P)
    budget = munitions.mass_budget(project, P)
    assert munitions_report.budget_title(budget).startswith("As artillery rounds the shells would weigh")
    roomy = munitions.mass_budget(project, replace(P, containers=2000))
    assert "fit into what" in munitions_report.budget_title(roomy)
    assert munitions_report.duration_title(munitions.duration_table(project, P), P).startswith("If 10% of the shells")
