"""Arms, meetings, drills, silence and praise (M09, M11-M14, M16-M18) against figures worked out by hand from the rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from claimaudit.rated import Badge
from claimaudit.verdict.audit import unused
from claimaudit.verdict.sensitivity import flips_of
from notebooks_on_disk import cells_run
from russia_iran.military import partnership

P = partnership.Parameters()
MILLION = 1e6


# -- arms ------------------------------------------------------------------------------------------------------------


def test_best_window_by_hand():
    volumes = pd.Series([1.0, 2.0, 3.0, 10.0, 0.0], index=range(2000, 2005))

    assert partnership.best_window(volumes, 2) == (2002, 6.5)
    assert partnership.best_window(volumes, 10) == (2000, 3.2)


def test_levels_by_hand():
    """2020 and 2021 are the time before (4 a year), 2022 and 2023 the time since (2); 2019 lies before the first year."""
    volumes = pd.Series([9.0, 6.0, 2.0, 1.0, 3.0], index=range(2019, 2024))

    assert partnership.since_and_before(volumes, 2020) == (2.0, 4.0)


def test_licensed_output_is_left_out(project):
    """189.3 million in 1998, all of it under licence."""
    sold = partnership.deals(project)
    volumes = partnership.yearly(sold)

    assert sold.query("year == 1998 and supplier == 'RUS'")["volume"].sum() == pytest.approx(189.3 * MILLION)
    assert volumes.at[1998, "to_iran"] == 0
    assert 1991 not in volumes.index


def test_the_register_was_not_knowable_at_publication(project):
    view = project.at_publication()

    assert partnership.yearly(partnership.deals(view)).empty
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
    more, fewer = (partnership.chance_no_rise(before, 7.0, number, 2.0) for number in (after + 1, after))

    assert more <= fewer + 1e-9


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


def test_a_drill_reported_twice_counts_once():
    """Two reports of one year are one drill; a count of nothing and a total over years are none; the Caspian is another sea."""
    day = pd.Timestamp(2022, 1, 20)
    rows = pd.DataFrame(
        {
            "entity": ["RUS-IRN:ocean"] * 4 + ["RUS-IRN:Caspian"],
            "variant": "bilateral",
            "start": [day, day + pd.Timedelta(days=1), pd.Timestamp(2020, 1, 1), pd.Timestamp(2019, 1, 1), day],
            "end": [day, day, pd.Timestamp(2020, 12, 31), pd.Timestamp(2025, 1, 1), day],
            "value": [1, 1, 0, 5, 1],
        },
        index=list("abcde"),
    )

    assert partnership.drills(rows, "ocean")["rows"].tolist() == [("a", "b")]
    assert len(partnership.drills(rows, "any-sea")) == 2
    assert partnership.drills(rows, "with-china").empty


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
    table = partnership.yearly(partnership.deals(project))
    chance, text = partnership.unprecedented(project, table)

    for part in ("M16.iran", "M16.russia"):
        assert result.verdict(part, Vintage.AT_PUBLICATION).label is Label.SUPPORTED
    assert result.verdict("M16.unprecedented", Vintage.AT_PUBLICATION).label is Label.NOT_ENOUGH_EVIDENCE
    assert result.verdict("M16.unprecedented").label is Label.REFUTED
    assert chance < 0.01
    assert "against 0 TIV" in text


def test_those_who_call_it_unprecedented_count_at_one_remove(audited):
    found = audited("partnership").verdict("M16.unprecedented").findings

    assert {item.direct for item in found if item.origin != partnership.WORKED_OUT} == {False}
    assert {item.origin for item in found} == {partnership.WORKED_OUT, "ecfr-202309", "us-nsc-kirby-20221209"}


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
        {"drills": "lake"},
    ],
)
def test_parameters_out_of_range_are_refused(change):
    with pytest.raises(ParameterError, match=next(iter(change))):
        partnership.Parameters(**change)


# -- the notebook ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shown():
    """The names a reader has after running the notebook's cells as they are, its panel left out."""
    return cells_run("partnership")


def test_the_notebook_shows_the_arms_the_verdicts_rest_on(audited, shown):
    """Licence left out, in millions: 63 in four years since, 409 in eight before, 347.6 + 275 + 0 + 35 from 2006; 297 to Russia."""
    arms, result = shown["arms"], audited("partnership")
    since = arms[arms.index >= 2022]

    assert since.sum().to_dict() == pytest.approx({"to_iran": 63, "to_russia": 297})
    assert shown["peaks"]["to_iran"] == (2006, pytest.approx((347.6 + 275 + 35) / 4))
    assert shown["times"] == pytest.approx(297 / 63)
    assert shown["chosen"].to_dict() == pytest.approx({"before it": 409 / 8, "since the invasion": 63 / 4})
    (before,) = (item for item in result.verdict("M12.arms").findings if item.origin == partnership.WORKED_OUT)
    assert before.text.startswith("15.8 million TIV a year since 2022 against 51.1 million TIV a year in 2014")
    (both,) = (item for item in result.verdict("M16.unprecedented").findings if item.origin == partnership.WORKED_OUT)
    assert f"against {shown['peaks']['to_iran'][1]:.0f} million TIV in 2006" in both.text
    assert f"{since['to_russia'].mean():.1f} million TIV a year since 2022 against 0 TIV" in both.text


def test_the_notebook_counts_the_drills_the_verdict_rests_on(audited, shown):
    """Three in 3.15 years before and four in 4.27 since: the rate by the frame's columns, the chance by the finding."""
    (finding,) = audited("partnership").verdict("M11.more").findings
    sides = shown["sides"]

    assert sides["drills"].tolist() == [3, 4]
    assert (sides["drills"] / sides["years"]).tolist() == pytest.approx(sides["a year"].tolist())
    assert shown["more"] == pytest.approx(finding.probability)
    assert set(finding.observations) == {row for rows in sides["rows"] for row in rows}


def test_the_notebook_pairs_the_meetings_the_verdict_rests_on(audited, shown):
    """Each pair of counts is a finding: the ratio of the rates of the frame's columns, and the chance beside it."""
    frame = shown["meetings"].set_index("rows")
    ratios = (frame["events"] / frame["years"]) / (frame["events_before"] / frame["years_before"])
    findings = {item.observations: item for item in audited("partnership").verdict("M12.contacts").findings}

    assert set(findings) == set(frame.index)
    for rows, item in findings.items():
        assert item.probability == pytest.approx(frame.at[rows, "no_rise"])
        assert item.quantity.low < ratios[rows] < item.quantity.high


def test_steps_before_the_invasion_are_dated_before_it(shown):
    steps = shown["steps"]

    assert (steps["end"] < pd.Timestamp(2022, 2, 24)).all()
    assert len(steps) <= 15
