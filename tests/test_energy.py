"""The Valdai piece, the credit, the memorandum and the gas against figures worked out by hand from the rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from claimaudit.verdict.audit import audit, unused
from claimaudit.verdict.rating import Badge
from notebooks_on_disk import cells_run
from russia_iran.economic import energy

P = energy.Parameters()
CLAIMS = ("E02", "E11", "E12", "E13", "E27", "E31")


def sums_of(dossier, parameters=P):
    return energy.prepare(dossier, parameters).sums.set_index("row")


@pytest.fixture(scope="module")
def executed_energy():
    """The names a reader has after running the notebook's cells as they are, its panel left out."""
    return cells_run("energy")


# -- small parts -----------------------------------------------------------------------------------------------------


def test_euros_become_dollars_end_by_end_and_dollars_stay():
    """One euro sum in months with rates of 1.1 to 1.3 (mean 1.2) and 1.3 to 1.5 (1.4), one before any rate, one in dollars."""
    days = pd.to_datetime(["2021-01-20", "2021-02-10", "1998-05-01", "1998-05-01", "2021-01-01", "2021-01-01"])
    sums = pd.DataFrame({"low": [9.0, 9.0, 9.0], "value": [10.0, 10.0, 10.0], "high": [11.0, 11.0, 11.0]})
    sums = sums.assign(unit=["EUR", "EUR", "USD"], start=days[::2], end=days[1::2])
    rates = pd.DataFrame({"month": ["2021-01", "2021-02"], "low": [1.1, 1.3], "mean": [1.2, 1.4], "high": [1.3, 1.5]})

    found = energy.in_dollars(sums, rates)
    fixed = energy.in_dollars(sums, rates, 1.0)

    assert found[["usd_low", "usd", "usd_high"]].to_numpy().tolist() == [
        pytest.approx([9 * 1.1, 10 * 1.3, 11 * 1.5]),
        pytest.approx([9 * 1.12, 10 * 1.12, 11 * 1.12]),
        [9, 10, 11],
    ]
    assert fixed["usd"].tolist() == [10, 10, 10]


@pytest.mark.parametrize(
    ("extent", "chance"),
    [((1, 2, 3), 0.5), ((2, 2, 2), 1.0), ((4, 4, 4), 0.0), ((1.5, 2, 2.5), 1.0)],
)
def test_chance_within_by_hand(extent, chance):
    """Of an even spread from 1 to 3 half lies in 1.5 to 2.5."""
    assert energy.chance_within(*extent, 1.5, 2.5) == pytest.approx(chance)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2022, 2, 1), date(2022, 2, 28), 1.0),
        (date(2021, 12, 1), date(2022, 1, 31), 31 / 62),
        (date(2021, 2, 28), date(2021, 2, 28), 0.0),
        (date(2022, 4, 30), date(2022, 5, 1), 0.5),
    ],
)
def test_share_of_days_by_hand(start, end, expected):
    assert energy.share_inside(start, end, date(2022, 1, 1), date(2022, 4, 30)) == pytest.approx(expected)


@given(
    st.dates(date(2015, 1, 1), date(2023, 12, 31)),
    st.integers(0, 400),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_a_wider_window_never_holds_less(start, days, slack, more):
    end = date.fromordinal(start.toordinal() + days)
    first, last = date(2022, 1, 1), date(2022, 4, 30)
    narrow = energy.share_inside(start, end, date.fromordinal(first.toordinal() - 30 * slack), last)
    wide = energy.share_inside(start, end, date.fromordinal(first.toordinal() - 30 * (slack + more)), last)

    assert 0 <= narrow <= wide <= 1


# -- the credit --------------------------------------------------------------------------------------------------------


def test_euros_at_the_rate_of_their_month(project):
    """February 2021: the twenty daily rates average 1.2098, so 1.2 bn euros are 1.452 bn dollars."""
    loan = sums_of(project).loc["sirik.guarantee.2021.eur"]

    assert loan["usd"] == pytest.approx(1.2e9 * 1.2098, rel=1e-4)
    assert loan["usd_low"] == pytest.approx(1.2e9 * 0.95 * 1.1983)
    assert loan["usd_high"] == pytest.approx(1.2e9 * 1.05 * 1.2225)


def test_one_rate_for_all_and_dollars_left_alone(project):
    fixed = sums_of(project, replace(P, eur_usd=1.1))["usd"]

    assert fixed["sirik.contract.2016"] == pytest.approx(1.32e9)
    assert fixed["sirik.guarantee.2021.usd"] == 1.4e9


def test_the_other_credit_and_the_plant_cost_stay_out(project):
    rows = set(energy.credit_steps(project)["row"])

    assert not any(name.startswith("ra.") for name in rows), "the credit for the railway"
    assert not rows & {"sirik.cost.2017", "sirik.cost.2021", "article.claim.credit"}


def test_the_whole_need_counts_only_when_asked(project):
    sums = energy.prepare(project, P).sums
    agreed, everything = (set(energy.meant_by(sums, "granted", sizes)["row"]) for sizes in ("agreed", "all"))

    assert everything - agreed == {"sirik.need.2020", "sirik.kommersant.2020", "sirik.start.2021"}


def test_the_loan_is_85_percent_of_the_need(project):
    """Why loan and need are kept apart: 1.2 of 1.4 bn euros is the lender's 85% of the cost."""
    loan, need = (project.observation(name).value for name in ("sirik.guarantee.2021.eur", "sirik.need.2020"))

    assert 100 * loan / need == pytest.approx(project.observation("sirik.share.2021").value, abs=1)


def test_right_sum_wrong_date(audited):
    result = audited("energy")
    for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
        assert result.verdict("E11.amount", vintage).label is Label.SUPPORTED
        assert result.verdict("E11.date", vintage).label is Label.REFUTED
        assert result.verdict("E11", vintage).label is Label.REFUTED
        assert result.verdict("E11", vintage).rating.badge is Badge.PARTLY_RIGHT
    assert {finding.observations[0] for finding in result.verdict("E11.date").findings} == {
        "sirik.approved.2016",
        "sirik.order.2016",
        "sirik.contract.2016",
        "sirik.protocol.2019",
        "sirik.lc.2021",
        "sirik.guarantee.2021.eur",
        "sirik.guarantee.2021.usd",
    }


def test_another_meaning_turns_date_and_sum_around(project):
    """73 mn euros were cleared in February 2022: the date is right, the sum a twentieth of the claimed one."""
    result = audit(project, "energy", replace(P, provided="tranche"))

    assert result.verdict("E11.date").probability > 0.75
    assert result.verdict("E11.date").label is Label.NOT_ENOUGH_EVIDENCE, "one ministry's word of the grade C2"
    assert result.verdict("E11.amount").probability < 0.25


def test_ten_months_of_slack_reach_the_guarantee(audited):
    """From 28 February 2021 to 1 January 2022 are 10.1 months: the guarantee and the first letter of credit then weigh for it."""
    flips = audited("energy").flips["E11.date", Vintage.HINDSIGHT]
    slack = next(flip for flip in flips if flip.source == "slack_months")

    assert slack.threshold == pytest.approx(10.1, abs=0.2)
    assert slack.becomes is not Label.REFUTED


def test_the_line_was_open_before_the_article(audited):
    """Approved, contracted and guaranteed, and 6.2 mn euros taken in 2021; that nothing was used by 2019 is older and indirect."""
    verdict = audited("energy").verdict("E11.credit", Vintage.AT_PUBLICATION)
    against = [item for item in verdict.findings if item.probability < 0.5]

    assert verdict.label is Label.SUPPORTED
    assert [item.observations for item in against] == [("sirik.drawn.2019",)]
    assert not against[0].direct


def test_the_sum_in_dollars_is_told_once(audited):
    """1.4 bn by one report of the grade C2; the 1.2 bn of 2017 is doubtful (euros printed as dollars) and weighs nothing."""
    verdict = audited("energy").verdict("E11.figure")

    assert verdict.label is Label.NOT_ENOUGH_EVIDENCE
    assert {item.observations[0]: item.trust > 0 for item in verdict.findings} == {
        "sirik.guarantee.2021.usd": True,
        "sirik.credit.2017.usd": False,
    }


def test_the_way_is_azerbaijan_by_two_independent_sources(audited, project):
    """Iran's ministry, its minister and deputies as one; Novak's words of 2016 at one remove."""
    repeats = project.origins["depends_on"]
    verdict = audited("energy").verdict("E13.iran", Vintage.AT_PUBLICATION)
    heard = {repeats[item.origin] or item.origin: item.direct for item in verdict.findings if item.probability > 0.5}

    assert verdict.label is Label.SUPPORTED
    assert heard == {"novak-20221014": False, "iran-oil-ministry-202209": True}


def test_south_asia_is_not_the_asia_pacific_region(audited):
    """Pakistan, Afghanistan and the Gulf are shown with the claim and test no part; only words of 2016 name South-East Asia."""
    for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
        verdict = audited("energy").verdict("E13.asia", vintage)
        assert verdict.label is Label.NOT_ENOUGH_EVIDENCE
        assert {item.observations for item in verdict.findings} == {("gas.onward.novak2016",)}


# -- the memorandum and the gas ----------------------------------------------------------------------------------------


def test_contracts_named_before_the_memorandum_are_no_result_of_it(executed_energy):
    later = executed_energy["later"]
    contracted = later[later["stage"] == "contracted"]

    assert set(contracted.index) == {"mou.6.5bn", "mou.owji.4.5bn", "mou.asadzadeh.2023", "mou.paknejad.2025"}
    assert contracted["share"].max() == pytest.approx(100 * 6.5 / 40)
    assert set(later.loc[later["stage"] == "invested", "entity"]) == {"Russia-Iran"}


def test_the_estimate_is_shown_and_the_result_is_not(audited):
    """Signed in July by both makers' word, put at 40 bn by one of them; of work under it only the two states speak."""
    result = audited("energy")
    for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
        for part in ("signed", "size", "figure", "month"):
            assert result.verdict(f"E12.{part}", vintage).label is Label.SUPPORTED
        for part in ("projects", "resulted"):
            assert result.verdict(f"E12.{part}", vintage).label is Label.NOT_ENOUGH_EVIDENCE
    assert {item.origin for item in result.verdict("E12.signed").findings} == {"nioc-20220719", "gazprom-202211"}
    later = {item.observations[0]: item.probability for item in result.verdict("E12.resulted").findings if item.trust}
    assert later == {"mou.work.dedov2023": 1.0, "mou.work.novak2023": 1.0, "mou.converted.2023": 0.0}


# -- the Valdai piece --------------------------------------------------------------------------------------------------


def test_the_reprint_dates_the_valdai_piece(audited):
    """The club's own page is the record of the publication, and undated; the reprint of 2 March is a copy of it."""
    result = audited("energy")

    assert result.verdict("E27.date", Vintage.AT_PUBLICATION).observations == ("valdai.reprint.iarex",)
    assert result.verdict("E27.date").probability > 0.5
    assert result.verdict("E27.published").label is Label.SUPPORTED
    assert result.verdict("E27.published", Vintage.AT_PUBLICATION).label is Label.NOT_ENOUGH_EVIDENCE
    assert result.verdict("E02.noted").label is Label.NOT_ENOUGH_EVIDENCE, "the passages on energy could not be read"


def test_a_memorandum_alone_shows_no_closer_work(audited):
    """It counts at one remove; what decides is an analyst without a part in it, and the parties count beside him."""
    for part in ("E02.energy", "E02.oilgas", "E31.intensified"):
        verdict = audited("energy").verdict(part, Vintage.AT_PUBLICATION)
        assert verdict.label is Label.SUPPORTED
        direct = {item.origin for item in verdict.findings if item.direct and item.probability > 0.5}
        assert "smagin-202210" in direct
        assert "nioc-20220719" not in direct


def test_what_was_announced_was_neither_done_nor_all_undone(audited):
    """No contract and no gas on one side; money cleared, products swapped and fuel sent on the other: it does not mislead."""
    assert audited("energy").verdict("E31.unrealised").label is Label.CONFLICTING
    assert audited("energy").verdict("E31").label is Label.SUPPORTED


# -- the whole ---------------------------------------------------------------------------------------------------------


def test_every_part_has_a_verdict_at_both_dates(audited):
    result = audited("energy")

    assert {claim.claim_id for claim in result.claims} == set(CLAIMS)
    for claim in result.claims:
        for part in claim.parts:
            for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
                assert result.verdict(part.part_id, vintage).label in Label


def test_at_publication_nothing_later_is_used(audited):
    result = audited("energy")
    view = result.view(Vintage.AT_PUBLICATION)
    used = {
        name
        for verdict in result.verdicts
        if verdict.vintage is Vintage.AT_PUBLICATION
        for name in verdict.observations
    }

    assert used <= set(view.evidence.records)
    assert energy.monthly_rates(view)["month"].max() == "2023-02"


def test_every_row_is_used_shown_or_explained(audited):
    assert unused(audited("energy")) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"eur_usd": 0.5}, "eur_usd = 0.5 is out of range"),
        ({"tolerance": 0}, "tolerance = 0 is out of range"),
        ({"provided": "granting"}, "did you mean 'granted'"),
        ({"sizes": "some"}, "sizes = 'some' is not known"),
        ({"slack_months": 100}, "out of range"),
    ],
)
def test_impossible_parameters_are_refused(change, message):
    with pytest.raises(ParameterError, match=message):
        energy.Parameters(**change)


# -- the notebook ------------------------------------------------------------------------------------------------------


def test_the_notebook_shows_the_sums_and_days_the_verdict_rests_on(audited, executed_energy):
    """Recomputed from the visible columns of the notebook's own frames, against the findings."""
    sums, acts = executed_energy["meant"].set_index("row"), executed_energy["acts"].set_index("row")
    judged = {part: audited("energy").verdict(part).findings for part in ("E11.amount", "E11.date")}
    worth = {item.observations[0]: item.quantity.value for item in judged["E11.amount"]}
    chances = {item.observations[0]: 100 * item.probability for item in judged["E11.amount"]}
    inside = {item.observations[0]: 100 * item.probability for item in judged["E11.date"]}

    assert (1.4e9 * (1 + sums["difference"] / 100)).to_dict() == pytest.approx(worth)
    assert sums["chance"].to_dict() == pytest.approx(chances)
    assert acts["inside"].to_dict() == pytest.approx(inside)


def test_the_notebook_finds_no_meaning_with_both_right(executed_energy):
    meanings = executed_energy["meanings"].set_index("provided means")
    sums, days = meanings["of them more likely right than not"] > 0, meanings["of them mostly in the months"] > 0

    assert list(meanings.index[sums]) == ["granted", "guaranteed"]
    assert list(meanings.index[days]) == ["cleared for the year"]
