"""The article as a whole: all ratings counted, promises by the day, and what came back in Russia, by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from claimaudit.rated import Badge
from notebooks_on_disk import cells_run
from russia_iran import synthesis


@pytest.fixture(scope="module")
def shown():
    """The names a reader has after running the notebook's cells as they are, its panel left out."""
    return cells_run("synthesis")


def test_the_notebook_counts_every_claim_once_at_each_date(project, audited, shown):
    claims = shown["claims"]

    assert list(shown["badges"]) == [badge.value for badge in reversed(Badge)]
    for words, vintage in (("at publication", Vintage.AT_PUBLICATION), ("in hindsight", Vintage.HINDSIGHT)):
        badges = claims[claims["date"] == words].set_index("claim")["badge"].to_dict()
        assert badges == {
            claim.claim_id: audited(claim.topic).verdict(claim.claim_id, vintage).rating.badge.value
            for claim in project.claims
        }
    assert shown["score"].drop(columns="domain").to_numpy().sum() == len(project.claims)
    assert shown["counts"].sum() == len(project.claims)


def test_the_notebook_shows_the_claims_whose_badge_changed(project, audited, shown):
    moved = {
        claim.claim_id
        for claim in project.claims
        if audited(claim.topic).verdict(claim.claim_id, Vintage.AT_PUBLICATION).rating.badge
        is not audited(claim.topic).verdict(claim.claim_id).rating.badge
    }

    assert set(shown["moved"]["claim"]) == moved


def test_promises_are_judged_by_what_was_known(project):
    then, now = (
        synthesis.promises(view).set_index("promise") for view in (project.at_publication(), project.hindsight())
    )
    trade, cars = "Trade of USD 10 billion by 2020", "Two thousand Iranian cars by 20 March 2023"

    assert then.loc[trade, "state"] == now.loc[trade, "state"] == "broken"
    assert now.loc[trade, "reached"] == pytest.approx(22.2), "2.22 of 10 billion"
    assert now.loc[cars, "reached"] == pytest.approx(6), "120 of 2,000"
    assert then.loc[cars, "state"] == "open"
    assert now.loc["Railway Rasht-Astara open in 2028", "state"] == "open"
    assert now.loc["Drones from the joint plant: 6,000 by September 2025", "state"] == "kept"
    assert "Gas from Russia to Iran in 2025" not in then.index, "not yet promised"
    assert now["due"].is_monotonic_increasing


def test_the_best_later_year_by_hand():
    """To 100 in 2021 come 40 and 60 of one series, so 60%; of the other, a mean of 9 a year after 30."""
    rows = [
        ("a1", "boxes", True, True, 2021, 100.0), ("a2", "boxes", True, False, 2023, 40.0),
        ("a3", "boxes", True, False, 2024, 60.0),
        ("b1", "bells", False, True, 2021, 30.0), ("b2", "bells", False, False, 2024, 9.0),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["row", "series", "bought", "base", "year", "a_year"]).set_index("row")
    found = synthesis.best_after(table.assign(low=table["a_year"], high=table["a_year"]))

    assert found[["series", "row", "row_2021", "year"]].to_numpy().tolist() == [
        ["boxes", "a3", "a1", 2024],
        ["bells", "b2", "b1", 2024],
    ]
    assert found["ratio"].tolist() == pytest.approx([60, 30])


def test_recovery_by_hand(project):
    """756 of 1,340.9 thousand cars; seven airliners in three years against thirteen in 2021."""
    table = synthesis.best_after(synthesis.series(project)).set_index("series")

    assert table.loc["cars built", "ratio"] == pytest.approx(100 * 756 / 1340.9)
    assert table.loc["airliners built", "ratio"] == pytest.approx(100 * 7 / 3 / 13)


def test_the_notebook_shows_what_came_back_as_judged(audited, shown):
    """Recomputed from the visible rows: the greatest later figure over that of 2021."""
    judged = {item.observations: item.text for item in audited("synthesis").verdict("E26.rus_recovery").findings}
    series, back = shown["series"], shown["back"]

    assert judged
    assert {(row.row, row.row_2021) for row in back.itertuples()} == set(judged)
    for row in back.itertuples():
        own = series[series["series"] == series.loc[row.row, "series"]]
        ratio = 100 * own.loc[~own["base"], "a_year"].max() / own.loc[own["base"], "a_year"].item()
        assert row.ratio == pytest.approx(ratio)
        assert f"{ratio:.2g}%" in judged[row.row, row.row_2021] or f"{ratio:.0f}%" in judged[row.row, row.row_2021]


def test_the_conclusion_and_its_flip(audited):
    result = audited("synthesis")
    flips = result.flips["E26.rus_recovery", Vintage.HINDSIGHT]

    for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
        assert result.verdict("E26", vintage).rating.badge is Badge.UNPROVEN
    assert {finding.direct for finding in result.verdict("E26.conclude").findings} == {False}
    assert result.verdict("E26.conclude", Vintage.AT_PUBLICATION).findings == (), "not judged before its day"
    assert result.verdict("E26.already", Vintage.AT_PUBLICATION).label is Label.SUPPORTED
    assert any(flip.source == "recovery_share" and flip.threshold != 0.9 for flip in flips)


def test_what_iran_says_is_heard_from_those_who_print_it(audited):
    """Two papers of letter B and one of C by the day of the article, one of C after: all have the opposite line."""
    then, now = (
        audited("synthesis").verdict("E38.iran", vintage) for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT)
    )

    assert {finding.origin for finding in then.findings} == {"Financial Tribune", "Tehran Times", "Press TV"}
    assert {finding.origin for finding in now.findings} - {finding.origin for finding in then.findings} == {
        "Iran International"
    }
    assert {finding.probability for finding in now.findings} == {0.0}
    assert then.label is now.label is Label.REFUTED


@pytest.mark.parametrize("change", [{"recovery_share": 3}, {"recovery_share": 0.1}])
def test_impossible_parameters_are_refused(change):
    with pytest.raises(ParameterError):
        synthesis.Parameters(**change)
