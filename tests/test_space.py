"""Iranian satellites on Russian rockets: dates, sharpness and passes by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from claimaudit.verdict.sensitivity import flips_of
from notebooks_on_disk import cells_run
from russia_iran.military import space

P = space.Parameters()


@pytest.mark.parametrize("wrong", [{"levels": 0.0}, {"levels": 7}, {"unnamed": 1.5}])
def test_parameters_out_of_range_are_refused(wrong):
    with pytest.raises(ParameterError):
        space.Parameters(**wrong)


def test_defaults_are_the_middle_of_the_method_files_ranges(project):
    assert project.method.topics["space"]["levels"]["range"][1] == P.levels
    assert project.part(space.NEW).numbers["value"] == 2**P.levels


# -- dates -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "month", "last"),
    [(2022, 9, date(2022, 9, 30)), (2022, 12, date(2022, 12, 31)), (2024, 2, date(2024, 2, 29))],
)
def test_months_have_their_last_day(year, month, last):
    assert space.month_window(year, month) == (date(year, month, 1), last)


@pytest.mark.parametrize(
    ("day", "days"), [(date(2022, 8, 9), -23), (date(2022, 9, 1), 0), (date(2022, 9, 30), 0), (date(2022, 10, 2), 2)]
)
def test_days_outside_a_month(day, days):
    assert space.days_outside(day, space.month_window(2022, 9)) == days


# -- the camera ------------------------------------------------------------------------------------------


def test_a_level_is_a_doubling():
    assert space.quality_levels(2.0, 1.0) == 1
    assert space.quality_levels(80.0, 1.25) == pytest.approx(6)
    assert space.quality_levels(1.0, 2.0) == -1


# -- verdicts ----------------------------------------------------------------------------------------------------------


def test_right_launch_and_wrong_month_show_as_that(audited):
    for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
        assert audited("space").verdict("M07.launched", vintage).label is Label.SUPPORTED
        assert audited("space").verdict("M07.month", vintage).label is Label.REFUTED


def test_only_august_would_have_been_right(project, audited):
    (flip,) = [flip for flip in flips_of(audited("space").knobs(project), project) if flip.part_id == "M07.month"]

    assert (flip.threshold, flip.becomes) == (8, Label.SUPPORTED)
    assert "August 2022" in flip.words


def test_no_launch_of_that_september_was_iranian(audited):
    """A list of all its launches was public before the article: Russia's only one carried a crew."""
    verdict = audited("space").verdict("M07.month", Vintage.AT_PUBLICATION)

    assert "asp.space.list.sept2022" in verdict.observations
    assert all(row.probability == 0 for row in verdict.findings)


def test_the_worry_over_the_regime_is_shown_against_the_commander(audited):
    """He thought little of the planned satellite; the State Department and officials in the press did not."""
    for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
        verdict = audited("space").verdict("M08.regime", vintage)
        against = [row.observations for row in verdict.findings if row.probability == 0]

        assert against == [("asp.space.kanopus.mckenzie",)]
        assert verdict.label is Label.SUPPORTED


def test_the_worry_that_was_there_before_the_launch_leaves_its_cause_open(audited):
    """A party after the launch, one newspaper the week before (three relays), the same newspaper 14 months before."""
    for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
        verdict = audited("space").verdict("M08.caused", vintage)

        assert verdict.label is Label.NOT_ENOUGH_EVIDENCE
        assert {row.origin: row.probability for row in verdict.findings} == {
            "us-state-department-20220809": 1,
            "washington-post-202208": 1,
            "washington-post-202106": 0,
        }


def test_the_worry_over_the_militias_is_read_in_two_copies_only(project, audited):
    """One of letter D, one of C: neither alone nor together two of C or better."""
    rows = project.rows(measure="militia_access_stated", entity=space.CRAFT)
    verdict = audited("space").verdict("M08.militias")

    assert min(row.start for row in rows) == date(2021, 6, 1)
    assert set(verdict.observations) == {"asp.space.khayyam.militias.2022", "asp.space.khayyam.militias.kresy24"}
    assert verdict.label is Label.NOT_ENOUGH_EVIDENCE
    assert project.part("M08.militias").unread


def test_what_is_said_of_the_satellite_speaks_for_and_against_it(project):
    said = {row.observations[0]: row.probability for row in space._said(project, P)}

    assert said["asp.space.noor.raymond"] == 1, "a predecessor of no use makes this one new"
    assert said["asp.space.kanopus.mckenzie"] == 0
    assert said["asp.space.khayyam.statedept"] == 1


def test_disbelieved_officials_leave_the_space_agency(project):
    """With the newspaper's officials not believed the camera is judged by the agency's own metre."""
    found = list(space._sharper(project, replace(P, unnamed=0.0)))

    assert found
    assert not any("asp.space.khayyam.resolution" in row.observations for row in found)
    assert all(row.trust > 0 for row in found)


@given(st.floats(0.5, 6), st.floats(0.5, 6))
def test_asking_for_more_never_makes_it_newer(project, one, other):
    low, high = sorted((one, other))
    lax = [row.probability for row in space._sharper(project, replace(P, levels=low))]
    strict = [row.probability for row in space._sharper(project, replace(P, levels=high))]

    assert all(a >= b for a, b in zip(lax, strict, strict=True))


# -- the notebook ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shown():
    """The names a reader has after running the notebook's cells as they are, its panel left out."""
    return cells_run("space")


def test_the_notebook_counts_the_sources_of_each_day(shown):
    """Four independent ones give 9 August, 23 days before September; the misprint is one agency's copy."""
    days = shown["days"]

    assert days.index.tolist() == [pd.Timestamp(2022, 8, 7), pd.Timestamp(2022, 8, 9)]
    assert days["sources"].tolist() == [1, 4]
    assert days["days off"].tolist() == [-25, -23]


def test_the_notebook_dates_the_worry_as_the_verdict_does(audited, shown):
    """June 2021 is 14 months before the launch; a source before it speaks against the cause, one at it for it."""
    months = shown["voices"]["months"]
    found = {row.origin: row.probability for row in audited("space").verdict("M08.caused").findings}

    assert months["washington-post-202106"] == 14
    assert found["washington-post-202106"] == 0
    assert all(months[origin] == 0 for origin, chance in found.items() if chance)


def test_the_notebook_shows_the_leaps_the_verdict_rests_on(audited, shown):
    """The levels, recomputed from the frame's visible columns: 20 m over 1.2 m are 4.1 doublings, 80 m over 1.2 m 6.1."""
    frame = shown["leaps"].set_index(["row", "row_now"])
    levels = (frame["value"] / frame["value_now"]).map(math.log2)
    judged = {
        row.observations: row.text for row in audited("space").verdict(space.NEW).findings if len(row.observations) == 2
    }

    assert levels.to_dict() == pytest.approx(frame["levels"].to_dict())
    assert len(judged) == 2
    assert all(f"{levels[rows]:.1f} levels sharper" in text for rows, text in judged.items())
