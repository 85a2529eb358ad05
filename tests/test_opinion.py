"""Iranian opinion of Russia (E24, E25) and the Kremlin's aim (E37) against figures worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from claimaudit.rated import Badge
from claimaudit.verdict.audit import unused
from russia_iran.economic import opinion

P = opinion.Parameters()
SIMPLE = replace(P, n_before=1000, n_after=1000, design_effect=1.0)


def test_the_change_by_hand():
    """55 to 40 of a thousand each: standard error sqrt(.55*.45/1000 + .4*.6/1000) = 2.21 points, z = -6.8."""
    error = math.sqrt(0.55 * 0.45 / 1000 + 0.4 * 0.6 / 1000)
    found = opinion.change(55, 40, SIMPLE)

    assert found.change == pytest.approx(-0.15)
    assert found.z == pytest.approx(-0.15 / error)
    assert found.z == pytest.approx(-6.8, abs=0.05)
    assert found.high - found.change == pytest.approx(1.96 * error, rel=1e-3)


def test_the_chance_of_a_sharp_fall_by_hand():
    error = math.sqrt(0.55 * 0.45 / 1000 + 0.4 * 0.6 / 1000)

    assert opinion.chance_of_fall(55, 40, SIMPLE) == pytest.approx(NormalDist().cdf(0.05 / error))
    assert opinion.chance_of_fall(50, 40, SIMPLE) == pytest.approx(0.5), "exactly the bar is a toss-up"


@given(st.floats(41, 70), st.floats(0, 20))
def test_a_higher_start_is_never_less_sharp(start, more):
    assert opinion.chance_of_fall(start + more, 40, SIMPLE) >= opinion.chance_of_fall(start, 40, SIMPLE) - 1e-9


@given(st.floats(1, 4))
def test_a_design_effect_draws_the_chance_to_the_middle(effect):
    loose = opinion.chance_of_fall(55, 40, replace(SIMPLE, design_effect=effect))

    assert 0.5 <= loose <= opinion.chance_of_fall(55, 40, SIMPLE) + 1e-9


def test_the_rows_behind_the_fall(project):
    after = opinion.after_reading(project.at_publication())

    assert after is not None
    assert after.value == 40
    assert project.observation(opinion.BEFORE).value == P.baseline
    assert project.observation("sp.poll-sample-size.irn.2021-08-30").value == P.n_before


def test_our_own_subtraction_is_no_independent_source(project):
    row = project.observation("sp.change-in-favourable-view-of-russia.irn.2021-08-30")

    assert project.trust(row) == 0


def test_the_turn_has_a_row_of_its_own(project):
    (row,) = project.rows(measure="majority_turned_unfavourable_to_russia")

    assert (row.credibility, row.origin) == ("2", "iranpoll-cissm")
    assert "unfavourable" not in project.observation("sp.majority-calls-invasion-illegitimate.irn.2022-06-01").note


def test_pooling_by_hand(project):
    """Favourable before: 55 of 1,001 and 42 of 1,001, mean 48.5; after 40. Unfavourable: 42, then 57 and 50."""
    table = opinion.pooled_table(project, P).set_index("Answers")

    assert table.loc["favourable or approving", "Change, points"] == pytest.approx(40 - 48.5)
    assert table.loc["unfavourable or disapproving", "Change, points"] == pytest.approx(53.5 - 42)


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


def test_the_chance_of_the_fall_by_hand(audited):
    """55 to 40 of a thousand each with a design effect of 1.5: standard error 2.70 points, ten points 1.85 of them away."""
    error = math.sqrt(1.5 * (0.55 * 0.45 + 0.4 * 0.6) / 1000)
    (finding,) = audited("opinion").verdict("E24.plummeted").findings

    assert finding.probability == pytest.approx(NormalDist().cdf(0.05 / error))
    assert not finding.direct


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


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"baseline": 10}, "baseline = 10 is out of range"),
        ({"design_effect": 0.5}, "out of range"),
        ({"n_after": 10}, "n_after = 10 is out of range: give a number from 100"),
        ({"bar": 90}, "out of range"),
    ],
)
def test_impossible_parameters_are_refused(change, message):
    with pytest.raises(ParameterError, match=message):
        opinion.Parameters(**change)


def test_the_timeline_holds_each_event_once(project):
    table = opinion.past(project)

    assert list(table["date"].dt.year) == [1907, 1909, 1911, 1914, 1921, 1941, 1944]
    assert set(table["kind"]) == {"armed force", "resources", "given up"}


def test_titles_follow_the_data(project):
    starts, curves = opinion.chance_curves(project, P)

    assert "from about 55 to 40%: 15 points" in opinion.readings_title(project, P)
    assert "more likely than not from 50%" in opinion.curves_title(starts, curves, P)
    assert opinion.favour_title(opinion.favour_lines(project)).endswith("13% in 2011 to 42% in 2021")
    assert opinion.past_title(opinion.past(project)).startswith("On record: 4 armed interventions")
