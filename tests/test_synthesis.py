"""The article as a whole: the table of all claims, promises by the day, and two countries under sanctions, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from claimaudit.rated import Badge
from claimaudit.show.charts import figures
from claimaudit.verdict import whole
from russia_iran import synthesis
from russia_iran import synthesis_charts as words

P = synthesis.Parameters()


def sample() -> pd.DataFrame:
    rows = [
        ("E01", "Right", "Right", "", "", "economic", 0.95),
        ("E02", "Unproven", "Right, but", "disputed", "wrong month", "economic", 0.5),
        ("M01", "Wrong", "Wrong", "", "", "military", 0.9),
    ]
    columns = ["claim", "then", "now", "why_then", "why_now", "domain", "survives"]
    frame = pd.DataFrame(rows, columns=columns).assign(says="It is so")
    return frame.assign(moved=frame["then"] != frame["now"])


def test_scorecard_counts_badges_by_group():
    score = whole.scorecard(sample(), "domain").set_index("domain")

    assert score.loc["economic"].to_dict() == {
        "claims": 2, "Right": 1, "Right, but": 1, "Unproven": 0, "Partly right": 0, "Wrong": 0,
    }  # fmt: skip
    assert score.loc["military", "Wrong"] == 1


def test_moves_go_from_publication_to_hindsight():
    table = whole.moves(sample())

    assert table.loc["Unproven", "Right, but"] == 1
    assert table.to_numpy().sum() == 3
    assert words.moves_sentence(sample()) == (
        "Changed with hindsight: E02 from Unproven (disputed) to Right, but (wrong month)."
    )
    assert words.moves_sentence(sample().query("claim != 'E02'")).startswith("No claim changed")


def test_titles_follow_the_data():
    assert words.badge_title(sample()) == (
        "1 of 3 claims are right in hindsight; 1 more is right but for what the badge names; 1 has changed rating"
    )
    assert words.survival_title(sample()) == "2 of 3 ratings are firm: the same in nine of ten variants of the method"
    assert words.badge_alt(sample()) == (
        "Claims by badge. Economic, at publication: 1 Right, 1 Unproven; Economic, in hindsight: 1 Right, 1 Right but; "
        "Military, at publication: 1 Wrong; Military, in hindsight: 1 Wrong."
    )


def test_the_chart_of_badges_draws_every_claim_once_at_each_date():
    _, ax = figures.chart("t")
    words.badge_bars(ax, sample())

    names = [text.get_text() for text in ax.get_legend().get_texts()]
    widths = {bars[0].get_facecolor(): sum(bar.get_width() for bar in bars) for bars in ax.containers}
    drawn = {name: widths[to_rgba(words.BADGES[name])] for name in names}
    assert list(drawn.items()) == [("Right", 2), ("Right, but", 1), ("Unproven", 1), ("Wrong", 2)]
    assert {text.get_text() for text in ax.texts} == {"", "1"}


def test_the_least_firm_ratings_are_drawn():
    many = pd.concat([sample()] * 10, ignore_index=True)

    assert len(words.survival_bars(many)) == words.LEAST
    assert words.survival_bars(many)["survives"].head(10).eq(50).all()


def test_every_claim_stands_in_the_table_once(project, audited):
    audits = {topic: audited(topic) for topic in dict.fromkeys(claim.topic for claim in project.claims)}
    table = whole.all_claims(project, audits)

    assert list(table["claim"]) == [claim.claim_id for claim in project.claims]
    assert table["survives"].between(0, 1).all()
    for row in table.itertuples():
        verdict = audits[row.topic].verdict(row.claim, Vintage.HINDSIGHT)
        assert (row.now, row.why_now) == (verdict.rating.badge.value, verdict.rating.reason)


def test_promises_are_judged_by_what_was_known(project):
    then = {item.name: item for item in synthesis.promises(project.at_publication())}
    now = {item.name: item for item in synthesis.promises(project.hindsight())}
    trade = "Trade of USD 10 billion by 2020"

    assert then[trade].state == now[trade].state == "broken"
    assert now[trade].reached == pytest.approx(0.222), "2.22 of 10 billion"
    assert now["Two thousand Iranian cars by 20 March 2023"].reached == pytest.approx(0.06), "120 of 2,000"
    assert then["Two thousand Iranian cars by 20 March 2023"].state == "open"
    assert now["Railway Rasht-Astara open in 2028"].state == "open"
    assert now["Drones from the joint plant: 6,000 by September 2025"].state == "kept"
    assert "Gas from Russia to Iran in 2025" not in then, "not yet promised"
    assert all(item.made <= date(2023, 3, 14) for item in then.values())


def test_kept_share_by_hand(project):
    states = [item.state for item in synthesis.promises(project.hindsight())]
    found = synthesis.kept_share(project.hindsight())

    assert found.low < states.count("kept") / (states.count("kept") + states.count("broken")) < found.high


def test_yearly_takes_the_latest_release(project):
    """Russian growth of 2022 was first put at -2.1 and later at -1.2."""
    assert synthesis.yearly(project.hindsight(), "RUS", "growth")[2022][0] == -1.2
    assert synthesis.yearly(project.as_of("2023-06-01"), "RUS", "growth")[2022][0] == -2.1


def test_aligned_compares_with_the_countrys_own_past(project):
    table = synthesis.aligned(project, P).set_index(["country", "indicator", "offset"])

    assert table.loc[("Russia", "inflation", 0), "usual"] == pytest.approx((2.52 + 4.27 + 3.05 + 4.91 + 8.39) / 5)
    assert table.loc[("Russia", "inflation", 0), "worse"]
    assert table.loc[("Iran", "growth", 0), "value"] == pytest.approx(-3.748)
    short = synthesis.aligned(project, replace(P, window=2)).set_index(["country", "indicator", "offset"])
    assert short.loc[("Russia", "inflation", 0), "usual"] == pytest.approx((4.91 + 8.39) / 2)


def test_recovery_by_hand(project):
    """756 of 1,340.9 thousand cars; seven airliners in three years against thirteen in 2021."""
    table = synthesis.recovery(project).set_index("series")

    assert table.loc["cars built", "ratio"] == pytest.approx(100 * 756 / 1340.9)
    assert table.loc["airliners built", "ratio"] == pytest.approx(100 * 7 / 3 / 13)


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


@pytest.mark.parametrize("change", [{"recovery_share": 3}, {"window": 0}, {"group": "author"}])
def test_impossible_parameters_are_refused(change):
    with pytest.raises(ParameterError):
        synthesis.Parameters(**change)
