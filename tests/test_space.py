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
from russia_iran.military import space, space_report

P = space.Parameters()
HEIGHTS = st.floats(300, 900)
TILTS = st.floats(5, 50)


@pytest.mark.parametrize(
    "wrong", [{"resolution_bar": 0.1}, {"levels": 0.0}, {"unnamed": 1.5}, {"tilt": 60}, {"latitude": -1}]
)
def test_parameters_out_of_range_are_refused(wrong):
    with pytest.raises(ParameterError):
        space.Parameters(**wrong)


def test_defaults_are_the_middle_of_the_method_files_ranges(project):
    topic = project.method.topics["space"]

    assert {name: topic[name]["range"][1] for name in topic} == {name: getattr(P, name) for name in topic}
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


def test_the_register_has_one_row_a_launch(project):
    """The misprinted Sunday is no launch of its own, nor is a count of nothing."""
    frame = space.register(project)

    assert frame["date"].tolist() == [
        pd.Timestamp(day)
        for day in ("2005-10-27", "2022-08-09", "2024-02-29", "2024-11-05", "2025-07-25", "2025-12-28")
    ]
    assert frame["satellites"].tolist() == [1, 1, 1, 2, 1, 3]
    assert frame["sources"].iloc[1] == 4
    assert space.launch_day(project) == date(2022, 8, 9)
    assert len(space.register(project.at_publication())) == 2


# -- the camera and the orbit ------------------------------------------------------------------------------------------


def test_a_level_is_a_doubling():
    assert space.quality_levels(2.0, 1.0) == 1
    assert space.quality_levels(80.0, 1.25) == pytest.approx(6)
    assert space.quality_levels(1.0, 2.0) == -1


def test_a_geostationary_craft_turns_once_a_sidereal_day():
    assert space.orbits_a_day(35786) == pytest.approx(1440 / 1436.07, rel=1e-4)


def test_reach_on_a_round_earth_by_hand():
    """500 km up, 30 degrees aside: asin(1.07839 / 2) - 30 degrees is 2.629 degrees of arc, 292.7 km."""
    assert space.reach(500, 30) == pytest.approx(292.7, abs=0.1)
    assert space.reach(500, 1) == pytest.approx(500 * math.tan(math.radians(1)), rel=1e-3)
    with pytest.raises(ValueError, match="horizon"):
        space.reach(500, 70)


@given(HEIGHTS, TILTS, TILTS, st.floats(0, 60))
def test_a_wider_look_comes_round_sooner(height, one, other, latitude):
    low, high = sorted((one, other))

    assert space.days_between_looks(height, high, latitude) <= space.days_between_looks(height, low, latitude)
    at_equator = space.days_between_looks(height, one, 0)
    assert space.days_between_looks(height, one, latitude) == pytest.approx(
        at_equator * math.cos(math.radians(latitude))
    )


def test_cameras_are_told_apart_and_shown_once(project):
    frame = space.cameras(project)

    assert frame["who"].is_unique
    assert frame["mid"].is_monotonic_increasing
    assert frame["mid"].iloc[-1] == 80
    assert not [who for who in frame["who"] if "_" in who or "-" in who.replace("Zafar-2", "")]


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


# -- words -------------------------------------------------------------------------------------------------------------


def test_titles_follow_the_data(project):
    then = project.at_publication()

    assert space_report.launch_title(project) == (
        "The satellite went up on 9 August 2022, 23 days before the month the article names; 4 launches came later"
    )
    assert space_report.launch_title(then).endswith("no launches came later")
    assert "14 months before the launch" in space_report.statement_title(project)
    assert "4.1 to 6.1 quality levels" in space_report.camera_title(project, P)
    assert "no later one is sharper" in space_report.camera_title(project, P)
    assert space_report.look_title(then, P) == "The orbit was not knowable"
    assert "30 degrees" in space_report.look_title(project, P)


def test_tables_hold_readable_words(project):
    register = space_report.register_table(project)

    assert register["Days from the article's month"].tolist()[1:3] == ["-23", "+517"]
    assert len(space_report.orbit_table(project, P)) == 4
    assert not any("_" in label for label in space_report.statement_events(project)["label"])
    assert not any("_" in label for label in space_report.launch_events(project)["label"])
