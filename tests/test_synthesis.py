"""The article as a whole: the table of all claims, promises by the day, and two countries under sanctions, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from claimaudit.verdict import whole
from russia_iran import synthesis
from russia_iran import synthesis_charts as words

P = synthesis.Parameters()


def sample() -> pd.DataFrame:
    rows = [
        ("E01", "supported", "supported", 0.9, 0.9, "economic", 0.95),
        ("E02", "not enough evidence", "refuted", 0.5, 0.1, "economic", 0.5),
        ("M01", "conflicting", "conflicting", 0.6, 0.4, "military", 0.9),
    ]
    columns = ["claim", "then", "now", "p_then", "p_now", "domain", "survives"]
    frame = pd.DataFrame(rows, columns=columns).assign(says="It is so")
    return frame.assign(moved=frame["then"] != frame["now"])


def test_scorecard_counts_labels_by_group():
    score = whole.scorecard(sample(), "domain").set_index("domain")

    assert score.loc["economic"].to_dict() == {
        "claims": 2, "supported": 1, "conflicting": 0, "not enough evidence": 0, "refuted": 1,
    }  # fmt: skip
    assert score.loc["military", "conflicting"] == 1


def test_moves_go_from_publication_to_hindsight():
    table = whole.moves(sample())

    assert table.loc["not enough evidence", "refuted"] == 1
    assert table.to_numpy().sum() == 3
    assert words.moves_sentence(sample()) == "Changed with hindsight: E02 from not enough evidence to refuted."
    assert words.moves_sentence(sample().query("claim != 'E02'")).startswith("No claim changed")


def test_titles_follow_the_data():
    assert words.picture_title(sample()) == "1 of 3 claims hold in hindsight; 1 has changed label since publication"
    assert words.survival_title(sample()) == "2 of 3 labels hold in nine tenths of all settings of the method"
    assert words.picture_alt(sample()).count("then") == 3


def test_every_claim_stands_in_the_table_once(project, audited):
    audits = {topic: audited(topic) for topic in dict.fromkeys(claim.topic for claim in project.claims)}
    table = whole.all_claims(project, audits)

    assert list(table["claim"]) == [claim.claim_id for claim in project.claims]
    assert table["survives"].between(0, 1).all()
    for row in table.itertuples():
        verdict = audits[row.topic].verdict(row.claim, Vintage.HINDSIGHT)
        assert (row.now, row.p_now) == (verdict.label.words, verdict.probability)


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

    assert result.verdict("E26").label is Label.SUPPORTED
    assert any(flip.source == "recovery_share" and flip.threshold != 0.9 for flip in flips)


@pytest.mark.parametrize("change", [{"recovery_share": 3}, {"window": 0}, {"group": "author"}])
def test_impossible_parameters_are_refused(change):
    with pytest.raises(ParameterError):
        synthesis.Parameters(**change)
