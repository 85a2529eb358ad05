"""Trade with Iran (E14, E32) and the corridor (E18) against figures worked out by hand from the rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from claimaudit.verdict.audit import audit
from notebooks_on_disk import cells_run
from russia_iran.economic import trade

P = trade.Parameters()


def pairings(view, counter=""):
    """As the notebook merges them: what is shown is what is judged."""
    iran, russia = trade.trade_with_iran(view), trade.russias_trade(view)
    return trade.paired(iran[iran["counter"].str.contains(counter)], russia)


def test_share_by_hand(project):
    """2024: 4.8 bn of 417.17 + 294.536 bn is 0.674%."""
    table = pairings(project)
    (row,) = table[[rows[0] == "ri.2024.prime" for rows in table["rows"]]].to_dict("records")

    assert row["share"] == pytest.approx(100 * 4.8 / (417.17 + 294.536))
    assert row["share_low"] < row["share"] < row["share_high"]


def test_at_publication_only_what_was_known_is_paired(project):
    """The one pairing then: 2.2 + 0.711 bn of 343.8 + 213.5 bn in nine months of 2021, 0.522%."""
    table = pairings(project.at_publication())

    assert list(table["period"]) == ["January to September 2021"]
    assert table["share"].iloc[0] == pytest.approx(100 * 2.911 / 557.3)


def test_counts_are_kept_apart(project):
    table = pairings(project)
    by_counter = table[table["year"] == 2022].groupby("counter")["share"]

    assert set(table["counter"]) == {"Russian customs", "Iranian customs"}
    assert set(pairings(project, "Iranian")["counter"]) == {"Iranian customs"}
    assert by_counter.max()["Iranian customs"] < by_counter.min()["Russian customs"], "Iranian customs count about half"


def test_hidden_trade_scales_the_share(audited):
    plain, raised = audited("trade"), audit(audited("trade").dossier, "trade", replace(P, uplift=1.0))
    usual, doubled = (
        {item.observations: item.quantity.value for item in found.verdict("E14.latest").findings}
        for found in (plain, raised)
    )

    assert usual
    assert doubled == pytest.approx({rows: 2 * share for rows, share in usual.items()})


def test_the_notebook_shows_the_shares_the_verdict_rests_on(audited, executed_trade):
    """The frame of the notebook's own cell, recomputed from its visible columns, against the findings."""
    frame = executed_trade["deciding"]
    shares = 100 * frame["value"] / frame["value_all"]
    judged = {item.observations: item.quantity.value for item in audited("trade").verdict("E14.latest").findings}

    assert dict(zip(frame["rows"], shares, strict=True)) == pytest.approx(judged)
    assert dict(zip(frame["rows"], frame["share"], strict=True)) == pytest.approx(judged)


@pytest.mark.parametrize(("part", "frame"), [("E32.limited", "imports"), ("E18.cannot", "ratios")])
def test_the_notebook_shows_the_ratios_the_verdict_rests_on(audited, executed_trade, part, frame):
    """A finding keeps one of each pair of sources; each is a row of the notebook's frame."""
    other = {"imports": "row_all", "ratios": "row_route"}[frame]
    shown = executed_trade[frame].set_index(["row", other])["share"]
    judged = {item.observations: 100 * item.quantity.value for item in audited("trade").verdict(part).findings}

    assert judged
    assert {rows: shown[rows] for rows in judged} == pytest.approx(judged)
    assert shown.max() == pytest.approx(max(judged.values()))


@pytest.fixture(scope="module")
def executed_trade():
    """The names a reader has after running the notebook's cells as they are, its panel left out."""
    return cells_run("trade")


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
        ({"uplift": 6}, "out of range"),
    ],
)
def test_impossible_parameters_are_refused(change, message):
    with pytest.raises(ParameterError, match=message):
        trade.Parameters(**change)
