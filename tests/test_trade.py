"""Shares, partners and the corridor of E14 and E18 against figures worked out by hand from the rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from claimaudit.verdict.audit import audit
from russia_iran.economic import trade, trade_report

P = trade.Parameters()


def test_share_by_hand(project):
    """2024: 4.8 bn of 417.17 + 294.536 bn is 0.674%."""
    table = trade.shares(project, P)
    (row,) = table[[rows[0] == "ri.2024.prime" for rows in table["rows"]]].to_dict("records")

    assert row["share"] == pytest.approx(100 * 4.8 / (417.17 + 294.536))
    assert row["low"] < row["share"] < row["high"]


def test_at_publication_only_what_was_known_is_paired(project):
    """The one pairing then: 2.2 + 0.711 bn of 343.8 + 213.5 bn in nine months of 2021, 0.522%."""
    table = trade.shares(project.at_publication(), P)

    assert list(table["period"]) == ["January to September 2021"]
    assert table["share"].iloc[0] == pytest.approx(100 * 2.911 / 557.3)


def test_counts_are_kept_apart(project):
    table = trade.shares(project, P)
    iranian = trade.shares(project, replace(P, counts="iranian"))

    assert set(table["count"]) == {"russian", "iranian"}
    assert set(iranian["count"]) == {"iranian"}
    assert iranian["fiscal"].all()
    by_count = table[table["year"] == 2022].groupby("count")["share"]
    assert by_count.max()["iranian"] < by_count.min()["russian"], "Iranian customs count about half"


def test_uplift_scales_the_share(project):
    plain, raised = trade.shares(project, P), trade.shares(project, replace(P, uplift=1.0))

    assert list(raised["share"]) == pytest.approx(list(2 * plain["share"]))
    assert (raised["chance_below"] <= plain["chance_below"] + 1e-9).all()


def test_breaking_turnover_by_hand(project):
    """One per cent of 711.706 bn is 7.117 bn in 2024, by World Bank totals."""
    table = trade.breaking_turnover(project, P).set_index(["year", "denominator"])

    assert table.loc[(2024, "wdi-2025"), "breaks_at"] == pytest.approx(7_117_060_000)


def test_rank_of_iran_in_2022(project):
    place, above = trade.rank_of_iran(project, 2022)

    assert place == 1 + len(above)
    assert {"China", "Turkey", "Kazakhstan"} <= set(above)


def test_substitution_ratio_by_hand(project):
    """Corridor capacity of 30 mn over the 158 mn planned for the eastern railways in 2022 is 19%."""
    table = trade.substitution(project, P).set_index(["corridor_row", "route_row"])

    assert table.loc[("instc.capacity.2022", "scale.polygon.2022"), "ratio"] == pytest.approx(100 * 30 / 158)


def test_doubtful_corridor_rows_stay_out(project):
    rows = set(trade.corridor(project).index)

    assert "instc.26.9" not in rows, "seen in a title line only"
    assert "instc.2024.savelyev.now" not in rows, "lies below its own speaker's earlier figure"
    assert "instc.west.q1.2023" not in rows, "a quarter is no year"


@pytest.mark.parametrize(
    ("now", "goal", "growth", "years"),
    [(10, 20, 1.0, 1), (10, 80, 1.0, 3), (20, 10, 0.1, 0), (10, 20, 0, float("inf"))],
)
def test_years_to_reach_by_hand(now, goal, growth, years):
    assert trade.years_to_reach(now, goal, growth) == pytest.approx(years)


def test_verdicts_follow_from_the_shares(audited):
    result = audited("trade")
    verdict = result.verdict("E14.latest")

    assert result.verdict("E14", Vintage.AT_PUBLICATION).label is Label.SUPPORTED
    assert result.verdict("E14").label is Label.SUPPORTED
    assert {finding.observations[0] for finding in verdict.findings} >= {"ri.2022.intellinews", "ir.1401"}
    assert all(finding.quantity.value < 1 for finding in verdict.findings)
    assert result.verdict("E14.carnegie").label is Label.NOT_ENOUGH_EVIDENCE, "the passage could not be read"


def test_a_present_state_is_judged_on_the_printed_day(audited, project):
    """2022 is the last year over on 14 March 2023, whatever later years show; then only nine months of 2021 had a total."""
    for vintage, year in ((Vintage.HINDSIGHT, 2022), (Vintage.AT_PUBLICATION, 2021)):
        rows = {name for item in audited("trade").verdict("E14.latest", vintage).findings for name in item.observations}
        assert {project.observation(name).start.year for name in rows} == {year}


def test_what_iran_sells_is_far_below_a_twentieth(audited):
    """711 mn of 213.5 bn in nine months of 2021 are a third of one per cent, 744 mn of 259.1 bn in 2022 0.29."""
    verdict = audited("trade").verdict("E32.limited")
    shares = {item.observations: item.quantity.value for item in verdict.findings}

    assert shares["ri.m.9m2021", "fts.rus.imports.9m2021"] == pytest.approx(0.711 / 213.5, rel=0.01)
    assert shares["ir.x.1401", "fts.rus.imports.2022"] == pytest.approx(0.74388 / 259.1, rel=0.01)
    assert verdict.label is Label.SUPPORTED
    assert audited("trade").verdict("E32.limited", Vintage.AT_PUBLICATION).label is Label.SUPPORTED
    assert audited("trade").verdict("E32.carnegie", Vintage.AT_PUBLICATION).label is Label.SUPPORTED


def test_the_corridor_is_a_small_part_of_any_main_route(audited):
    """At most 31.7 mn tonnes hoped for in 2030 over 200 mn of the southern direction: 16%."""
    for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
        verdict = audited("trade").verdict("E18.cannot", vintage)
        assert verdict.label is Label.SUPPORTED
        assert max(item.quantity.value for item in verdict.findings) < 0.17


def test_considerable_problems_take_two_holders(audited):
    """The development bank in October 2022, Iran's deputy minister in November, an analyst and a comment: each by itself."""
    verdict = audited("trade").verdict("E18.problems", Vintage.AT_PUBLICATION)

    assert verdict.label is Label.SUPPORTED
    assert len({item.origin for item in verdict.findings}) == len(verdict.findings) == 4
    assert all(len(item.observations) == 1 for item in verdict.findings)
    assert {item.probability for item in audited("trade").verdict("E18.problems").findings} == {1.0}, (
        "an odd one counts too"
    )
    assert audited("trade").verdict("E18.said").label is Label.NOT_ENOUGH_EVIDENCE, "the passage could not be read"


def test_the_threshold_flips_where_the_largest_share_lies(audited):
    flips = audited("trade").flips["E14.latest", Vintage.HINDSIGHT]
    bound = next(flip for flip in flips if flip.source == "threshold")

    assert 0.5 < bound.threshold < 0.6, "Russian customs see 0.54 to 0.58%"
    assert bound.becomes is not Label.SUPPORTED


def test_a_lower_threshold_parts_the_counts_and_then_is_refuted(project):
    """Russian customs see 0.54% and more, the Iranian side 0.27%: at 0.3 they part, at 0.2 both are above."""
    for threshold, label in ((0.3, Label.CONFLICTING), (0.2, Label.REFUTED)):
        result = audit(project, "trade", replace(P, threshold=threshold))
        assert result.verdict("E14.latest").label is label


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"threshold": 0}, "threshold = 0 is out of range"),
        ({"counts": "russians"}, "did you mean 'russian'"),
        ({"partner": "IRN"}, "partner = 'IRN' is not known"),
        ({"replacement_share": 2}, "out of range"),
    ],
)
def test_impossible_parameters_are_refused(change, message):
    with pytest.raises(ParameterError, match=message):
        trade.Parameters(**change)


def test_titles_follow_the_data(project):
    assert trade_report.share_title(trade.shares(project, P), P).startswith("Never above 1%")
    low = replace(P, threshold=0.3)
    assert trade_report.share_title(trade.shares(project, low), low).startswith("Above 0.3%")
    assert set(trade_report.share_table(trade.shares(project, P), project.words)["count"]) <= {
        "Russian count",
        "Iranian count",
    }
    assert "Russian customs count" in trade_report.mirror_title(trade_report.mirror(project))
