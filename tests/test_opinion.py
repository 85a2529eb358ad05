"""Iranian opinion of Russia (E24, E25) and the Kremlin's aim (E37) against figures worked out by hand."""

from __future__ import annotations

import math
from statistics import NormalDist

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimaudit.model import Label, Vintage
from claimaudit.rated import Badge
from claimaudit.verdict.audit import unused
from notebooks_on_disk import cells_run
from russia_iran.economic import opinion


def test_the_standard_error_by_hand():
    """55 to 40 of a thousand each: sqrt(.55*.45/1000 + .4*.6/1000) = 2.21 points; with a design effect of 4, twice that."""
    error = 100 * math.sqrt(0.55 * 0.45 / 1000 + 0.4 * 0.6 / 1000)

    assert opinion.standard_error(55, 40, 1000, 1.0) == pytest.approx(error)
    assert opinion.standard_error(55, 40, 1000, 4.0) == pytest.approx(2 * error)
    assert opinion.standard_error(pd.Series([55, 45]), 55, 1000, 1.0).tolist() == pytest.approx(
        [100 * math.sqrt(2 * 0.55 * 0.45 / 1000)] * 2
    )


def test_the_chance_of_a_sharp_fall_by_hand():
    assert opinion.chance_of_fall(15, 2.5, 10) == pytest.approx(NormalDist().cdf(2))
    assert opinion.chance_of_fall(10, 2.5, 10) == pytest.approx(0.5), "exactly the bar is a toss-up"


@given(st.floats(0, 40), st.floats(0, 20), st.floats(0.5, 5))
def test_a_larger_fall_is_never_less_sharp(fall, more, error):
    assert opinion.chance_of_fall(fall + more, error, 10) >= opinion.chance_of_fall(fall, error, 10) - 1e-9


def test_our_own_subtraction_is_no_independent_source(project):
    row = project.observation("sp.change-in-favourable-view-of-russia.irn.2021-08-30")

    assert project.trust(row) == 0


def test_the_turn_has_a_row_of_its_own(project):
    (row,) = project.rows(measure="majority_turned_unfavourable_to_russia")

    assert (row.credibility, row.origin) == ("2", "iranpoll-cissm")
    assert "unfavourable" not in project.observation("sp.majority-calls-invasion-illegitimate.irn.2022-06-01").note


VINTAGES = (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT)


def test_views_of_russia_do_not_settle_approval_of_its_actions(audited):
    """One pollster's views of the country (A2 and C3) are at one remove; no poll has approval before and after."""
    result = audited("opinion")
    for vintage in VINTAGES:
        assert result.verdict("E24", vintage).rating.badge is Badge.UNPROVEN
        for key in ("E24.fell", "E24.plummeted", "E24.polls"):
            assert result.verdict(key, vintage).label is Label.NOT_ENOUGH_EVIDENCE
        assert result.verdict("E24.majority", vintage).label is Label.SUPPORTED
        assert result.verdict("E24.actions", vintage).label is Label.SUPPORTED


@pytest.fixture(scope="module")
def shown():
    """The names a reader has after running the notebook's cells as they are."""
    return cells_run("opinion")


def test_the_notebook_shows_the_chance_of_the_fall_that_was_judged(audited, shown):
    """From the visible row: 55 to 40 with a standard error of 2.70 points, ten points 1.85 of them away."""
    (finding,) = audited("opinion").verdict("E24.plummeted").findings
    (row,) = shown["fall"].to_dict("records")
    apart = (row["before"] - row["after"] - row["asked at least"]) / row["standard error"]

    assert finding.probability == pytest.approx(NormalDist().cdf(apart))
    assert finding.probability == pytest.approx(row["chance of that"] / 100)
    assert row["standard error"] == pytest.approx(100 * math.sqrt(1.5 * (0.55 * 0.45 + 0.4 * 0.6) / 1000))
    assert set(finding.observations) == set(shown["views"].index)
    assert not finding.direct


def test_the_notebook_shows_each_deed_once(shown):
    assert list(shown["once"]["start"].dt.year) == [1907, 1909, 1911, 1914, 1921, 1941, 1944]
    assert shown["once"]["kind"].value_counts().to_dict() == {"armed force": 4, "resources": 2, "given up": 1}


def test_the_empire_is_recalled_the_resources_are_not_shown_to_be(audited):
    """Before the article IranWire (B) and a writer on Iran.ru (C) make two holders; nobody names resources as recalled."""
    result = audited("opinion")
    for vintage in VINTAGES:
        verdict = result.verdict("E25.imperial", vintage)
        assert verdict.label is Label.SUPPORTED
        assert {"iranwire-20220226", "alekseev-iranru-2014"} <= set(verdict.origins)
        assert result.verdict("E25.resources", vintage).label is Label.NOT_ENOUGH_EVIDENCE
        assert result.verdict("E25.efforts", vintage).label is Label.SUPPORTED
        assert result.verdict("E25.milder", vintage).label is Label.SUPPORTED
        assert result.verdict("E25", vintage).rating.badge is Badge.UNPROVEN


def test_the_aim_is_shown_and_the_quoted_words_are_not(audited):
    """At publication an unnamed source beside a newspaper's word at one remove, so thin; later a think tank (B2) as well."""
    result = audited("opinion")
    for vintage in VINTAGES:
        assert result.verdict("E37.desire", vintage).label is Label.SUPPORTED
        assert result.verdict("E37.words", vintage).label is Label.NOT_ENOUGH_EVIDENCE
        assert "quoted aim not found" in result.verdict("E37", vintage).rating.words
    assert not result.verdict("E37.desire", Vintage.AT_PUBLICATION).sources.survives
    own = [item for item in result.verdict("E37.desire").findings if item.origin.startswith("putin")]
    assert len(own) == 2
    assert {item.trust for item in own} == {0.0}, "a party's word at one remove"


def test_every_part_has_a_verdict_at_both_dates(audited):
    result = audited("opinion")
    for claim in result.claims:
        for part in claim.parts:
            for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
                assert result.verdict(part.part_id, vintage).text == part.text
    assert unused(result) == []
