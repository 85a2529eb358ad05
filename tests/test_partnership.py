"""Arms, meetings, drills, silence and praise (M09, M11-M14, M16-M18) against figures worked out by hand from the rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from claimaudit.rated import Badge
from claimaudit.verdict.audit import unused
from claimaudit.verdict.sensitivity import flips_of
from russia_iran.military import partnership
from russia_iran.military import partnership_report as words

P = partnership.Parameters()
MILLION = 1e6


# -- arms ------------------------------------------------------------------------------------------------------------


def test_best_window_by_hand():
    volumes = pd.Series([1.0, 2.0, 3.0, 10.0, 0.0], index=range(2000, 2005))

    assert partnership.best_window(volumes, 2) == (2002, 6.5)
    assert partnership.best_window(volumes, 10) == (2000, 3.2)


def test_volumes_by_hand(project):
    """Licensed output off: 63 in four years; 409 in eight; 347.6 + 275 + 0 + 35 in 2006 to 2009 (millions of TIV)."""
    found = partnership.volumes(project, P)

    assert found.after == pytest.approx(63 / 4 * MILLION)
    assert found.before == pytest.approx(409 / 8 * MILLION)
    assert (found.peak_from, found.peak) == (2006, pytest.approx((347.6 + 275 + 35) / 4 * MILLION))


def test_licensed_output_is_kept_only_when_asked_for(project):
    with_it = partnership.arms(project, replace(P, licensed="with"))
    without = partnership.arms(project, P)

    assert (with_it["to_iran"] >= without["to_iran"]).all()
    assert with_it.at[1998, "to_iran"] == pytest.approx(189.3 * MILLION)
    assert without.at[1998, "to_iran"] == 0
    assert 1991 not in without.index


def test_asymmetry_by_hand(project):
    assert partnership.asymmetry(project, P) == pytest.approx(297 / 63)


def test_the_clean_break_is_in_iranian_deliveries(project):
    table = partnership.arms(project, P)
    year, luck = partnership.break_year(table["to_russia"], np.random.default_rng(1), 100)

    assert year == 2022
    assert luck < 0.05


def test_the_register_was_not_knowable_at_publication(project):
    view = project.at_publication()

    assert partnership.volumes(view, P) is None
    assert [item for item in partnership.findings(project, P) if item.origin == partnership.WORKED_OUT]
    assert not [item for item in partnership.findings(view, P) if item.origin == partnership.WORKED_OUT]


# -- meetings --------------------------------------------------------------------------------------------------------


def test_years_between():
    assert partnership.years_between(date(2021, 1, 1), date(2024, 12, 31)) == pytest.approx(4.0, abs=0.01)
    assert partnership.years_between(date(2024, 1, 1), date(2020, 1, 1)) == 0


def test_totals_are_cut_at_the_invasion(project):
    """Sputnik's six and TASS's five of August 2021 to May 2024 lose the one of January 2022; nine are dated since."""
    after = {period.counter: period for period in partnership.after_invasion(project)}

    assert after["sputnik-count"].events == 5
    assert after["tass-count"].events == 4
    assert after["dated-meetings"].events == 9
    assert after["tass-count"].years == pytest.approx(2.23, abs=0.01)
    assert "asp.ties.meet.20220119" in after["tass-count"].rows


def test_what_was_known_of_meetings_at_publication(project):
    view = project.at_publication()

    assert [period.events for period in partnership.after_invasion(view)] == [3]
    assert [period.counter for period in partnership.before_invasion(view)] == ["iranian-ambassador"]


def test_dated_meetings_stand_once(project):
    days = [row.start for row in partnership.dated_meetings(project)]

    assert days == sorted(set(days))


@given(st.integers(1, 30), st.integers(0, 30))
def test_more_meetings_since_make_no_rise_less_likely(before, after):
    early = partnership.Period("a", "a", date(2014, 1, 1), date(2020, 12, 31), before, ())
    late = partnership.Period("b", "b", date(2022, 2, 24), date(2024, 2, 23), after, ())
    more = late._replace(events=after + 1)

    assert partnership.chance_no_rise(early, more) <= partnership.chance_no_rise(early, late) + 1e-9


# -- drills ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("which", "before", "after"), [("ocean", 3, 4), ("any-sea", 4, 5), ("with-china", 2, 3)])
def test_drills_by_hand(project, which, before, after):
    """Ocean: 2019, 2021, 2022 against 2023 to 2026; the Caspian adds 2015 and 2025; with China not 2021 and 2026."""
    found = partnership.drill_counts(project, replace(P, drills=which))

    assert (found.before, found.after) == (before, after)


def test_no_drill_had_been_held_since_the_invasion_when_the_article_appeared(project):
    found = partnership.drill_counts(project.at_publication(), P)

    assert (found.before, found.after) == (3, 0)
    assert found.years_after == pytest.approx(1.05, abs=0.01)
    assert found.chance_more < 0.2


def test_a_drill_reported_twice_counts_once(project):
    held = partnership.drills(project, P)

    assert len(held[2022, "RUS-IRN:ocean"]) == 2
    assert sum(year == 2022 for year, _ in held) == 1


# -- silence ---------------------------------------------------------------------------------------------------------


def test_silence_by_hand():
    assert partnership.chance_despite_silence(0.5, 1) == pytest.approx(1 / 3)
    assert partnership.chance_despite_silence(0.15, 6) == pytest.approx(0.85**6 / (0.85**6 + 1))


@given(st.floats(0.01, 0.9), st.integers(1, 13))
def test_longer_silence_makes_it_less_likely(chance, reports):
    assert partnership.chance_despite_silence(chance, reports + 1) < partnership.chance_despite_silence(chance, reports)


# -- verdicts --------------------------------------------------------------------------------------------------------


def test_every_part_has_a_verdict_at_both_dates(audited):
    result = audited("partnership")

    for claim in result.claims:
        for part in claim.parts:
            for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
                assert result.verdict(part.part_id, vintage).text == part.text
    assert unused(result) == []


BOTH = (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT)


def test_what_kirby_said_holds_at_both_dates(audited):
    """Four accounts have ties turned into a full partnership, one moving toward it; four have him call it harmful to the world."""
    result = audited("partnership")

    for vintage in BOTH:
        for part in ("partnership", "threat", "month", "post"):
            assert result.verdict(f"M09.{part}", vintage).label is Label.SUPPORTED, part
    assert result.verdict("M09.alliance").label is Label.REFUTED


def test_support_went_both_ways_but_russian_deliveries_were_no_record(audited, project):
    """63 million in four years against 657.6 million in 2006 to 2009; Iran had delivered nothing before."""
    result = audited("partnership")
    chance, text = partnership.unprecedented(project, P)

    for part in ("M16.iran", "M16.russia"):
        assert result.verdict(part, Vintage.AT_PUBLICATION).label is Label.SUPPORTED
    assert result.verdict("M16.unprecedented", Vintage.AT_PUBLICATION).label is Label.NOT_ENOUGH_EVIDENCE
    assert result.verdict("M16.unprecedented").label is Label.REFUTED
    assert chance < 0.01
    assert "against 0 TIV" in text


def test_those_who_call_it_unprecedented_count_at_one_remove(audited):
    found = audited("partnership").verdict("M16.unprecedented").findings

    assert {item.direct for item in found if item.origin != "sipri"} == {False}
    assert {item.origin for item in found} == {"sipri", "ecfr-202309", "us-nsc-kirby-20221209"}


def test_naval_plans_were_known_only_later(audited):
    """Before the article only talks of 2021 and a word of 2022 were public: both at one remove."""
    result = audited("partnership")
    then = result.verdict("M11.naval", Vintage.AT_PUBLICATION)

    assert then.label is Label.NOT_ENOUGH_EVIDENCE
    assert not any(finding.direct for finding in then.findings)
    assert result.verdict("M11.naval").label is Label.SUPPORTED
    assert result.verdict("M11.programmes", Vintage.AT_PUBLICATION).label is Label.SUPPORTED


def test_words_found_once_are_no_quotation(audited):
    result = audited("partnership")

    assert result.verdict("M12.words").label is Label.NOT_ENOUGH_EVIDENCE
    assert result.verdict("M12", Vintage.AT_PUBLICATION).rating.badge is Badge.RIGHT


def test_praise_of_another_kind_settles_nothing_of_the_sentence(audited):
    result = audited("partnership")

    assert result.verdict("M13.praise").label is Label.SUPPORTED
    for part in ("heroes", "antichrist", "iraq", "hezbollah", "assad"):
        assert result.verdict(f"M13.{part}").origins == ()


def test_causes_are_named_by_independent_analysts(audited):
    for part in ("war", "sanctions"):
        assert audited("partnership").verdict(f"M18.{part}", Vintage.AT_PUBLICATION).label is Label.SUPPORTED


def test_one_package_decides_the_arms_before_the_invasion(project):
    """From 2017 to 2021 nothing without licence came: a later first year turns the label."""
    view = project.hindsight()
    found = {flip.part_id: flip for flip in flips_of(partnership.knobs(view, P), view) if flip.source == "arms_since"}

    assert round(found["M12.arms"].threshold) == 2017
    assert found["M12.arms"].becomes is Label.REFUTED


@pytest.mark.parametrize(
    "change",
    [
        {"arms_since": 1980},
        {"window": 0},
        {"licensed": "half"},
        {"mention_chance": 0.0},
        {"independent_reports": 15},
        {"drills": "lake"},
    ],
)
def test_parameters_out_of_range_are_refused(change):
    with pytest.raises(ParameterError, match=next(iter(change))):
        partnership.Parameters(**change)


# -- words -----------------------------------------------------------------------------------------------------------


def test_checklist_by_hand(project):
    table = words.checklist(project)

    assert list(table.loc["Iranian arms to Russia", ["2021", "2022", "2025"]]) == [0, 1, 1]
    assert list(table.loc["Russian arms to Iran", ["2016", "2022", "2023"]]) == [1, 0, 1]
    assert table.at["Military help in the other's war", "2026"] == 0.5
    assert table.at["Duty to defend each other", "2025"] == 0
    assert np.isnan(table.at["Duty to defend each other", "2015"])
    assert words.mark(0.5) == "disputed"


def test_praise_by_hand(project):
    grid = words.praise(project)

    assert grid.at["Defence Ministry", "Syria"] == 2
    assert grid.at["Military blogger", "Lebanon"] == 1
    assert grid.loc[["Defence Ministry", "Retired general"], "Lebanon"].sum() == 0


def test_titles_follow_the_data(project):
    assert "4.7 times" in words.arms_title(project, P)
    assert "Syria and Iraq" in words.praise_title(project)
    assert words.silence_title(replace(P, independent_reports=1), 0.5).startswith("With 1 independent report silent")
    assert "2.9 to 3.2 before it" in words.meetings_title(project)
    assert "3 in 3.15 years" in words.drill_words(project, P)
    assert words.steps_title(project).startswith("9 of ")


def test_alternatives_and_tables_say_what_is_shown(project):
    meetings = words.meeting_rates(project)

    assert "TASS (4)" in words.meetings_alt(meetings)
    assert "from 2020" in words.arms_alt(project, P)
    assert "14 reports" in words.silence_alt()
    assert "Defence Ministry" in words.praise_alt(project)
    assert "2025" in words.checklist_alt(project)
    assert "Hamadan" in words.steps_alt(project)
    assert set(words.statements(project)["Says"]) == {"yes", "no"}
    assert len(words.breaks(project, P)) == 2
    assert len(words.drill_table(project, P)) == 7
    assert len(words.arms_lines(project, P)["way"].unique()) == 2
