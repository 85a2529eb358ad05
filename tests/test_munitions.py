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


def test_one_unnamed_source_decides_nothing_and_a_second_voice_does(audited):
    """Before the article only Sky's source spoke of bullets; the newspaper of April and the experts of May are the others."""
    result = audited("munitions")
    then, now = (result.verdict("M01.moved", at) for at in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT))

    assert then.origins == ("sky-news-20230308",)
    assert then.label is Label.NOT_ENOUGH_EVIDENCE
    assert {"sky-news-20230308", "wsj-20230424", "cnn-20230526"} <= set(now.origins)
    assert now.label is Label.SUPPORTED


def test_that_shells_went_was_knowable_their_number_was_not(audited):
    """The White House spoke of shells on 24 February 2023; every count of the January cargo is the one source's."""
    result = audited("munitions")

    for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
        assert result.verdict("M02.moved", vintage).label is Label.SUPPORTED
        assert "state:USA" in result.verdict("M02.moved", vintage).origins, "a party, heard as its state"
        assert result.verdict("M02.size", vintage).label is Label.NOT_ENOUGH_EVIDENCE
    assert result.verdict("M02.size", Vintage.AT_PUBLICATION).origins == ("sky-news-20230308",)


def test_two_origins_that_may_be_one_number_are_one_independent_source(audited):
    origins = audited("munitions").verdict("M02.moved").origins

    assert "wsj-20230424" in origins
    assert "nato-official-cnn-20240311" not in origins


def test_a_count_of_six_months_speaks_against_the_bullets_of_one(audited):
    """A million in six months, B3: too little to decide alone."""
    verdict = audited("munitions").verdict("M01.size")
    against = {row.observations[0] for row in verdict.findings if row.probability == 0 and row.trust > 0}

    assert "mun.wsj.rounds" in against
    assert verdict.probability < 0.5
    assert verdict.label is Label.NOT_ENOUGH_EVIDENCE


def test_what_sky_said_is_shown_and_what_was_in_the_boxes_is_not(audited):
    result = audited("munitions")

    for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
        for part in ("M15.released", "M15.day", "M01.broadcaster", "M01.figure", "M02.broadcaster", "M02.figure"):
            assert result.verdict(part, vintage).label is Label.SUPPORTED, part
        for item in ("machineguns", "rifles", "launchers", "mortars", "helmets", "armour"):
            assert result.verdict(f"M03.{item}", vintage).label is Label.NOT_ENOUGH_EVIDENCE


def test_two_accounts_name_all_four_weapons(audited):
    """The shorter ones leave out rifles; one of the fuller is of the day of the report."""
    result = audited("munitions")
    then, now = (result.verdict("M03.said", at) for at in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT))

    assert then.observations == ("mun.sky.composition_tf1",)
    assert set(now.observations) == {"mun.sky.composition_tf1", "mun.sky.composition_toi"}
    assert then.label is now.label is Label.SUPPORTED


def test_a_fit_is_open_and_only_more_containers_could_settle_that_of_the_bullets(audited):
    """The model is as good as its weakest input: B2 for the bullets, which decides alone; for the mixed lot C3, which does not."""
    result = audited("munitions")

    for part, grade in (("M01.fits", "B2"), ("M02.fits_as_reported", "C3")):
        verdict = result.verdict(part)
        assert verdict.origins == ("cargo-model",)
        assert verdict.label is Label.NOT_ENOUGH_EVIDENCE
        assert [finding.grade for finding in verdict.findings] == [grade]
        flips = [flip for flip in result.flips[part, Vintage.HINDSIGHT] if flip.source == "containers"]
        assert [flip.becomes for flip in flips] == ([Label.SUPPORTED] if grade == "B2" else [])


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
