"""The models and verdicts of the claims on industry against figures worked out by hand from the rows."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimaudit.analysis.inference import permutation_test
from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from claimaudit.verdict.audit import audit
from claimaudit.verdict.wording import conclusion_text
from russia_iran.economic import industry, industry_report

P = industry.Parameters()
JULY, AUGUST = date(2022, 7, 31), date(2022, 8, 31)


# -- the listed sectors ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "chance"),
    [((1, 2), 0.95), ((4, 5), 0.05), ((1, 5), 0.5), ((2, 4), 0.5)],
)
def test_share_of_milder_sets_by_hand(chosen, chance):
    """Of the ten pairs of 1 to 5 the lowest has nine above it and itself for one half; sums of 6 come twice."""
    values = [1, 2, 3, 4, 5]

    assert industry.share_milder(values, [value in chosen for value in values]) == pytest.approx(chance)


@given(st.lists(st.floats(-90, 60), min_size=4, max_size=9), st.data())
@settings(max_examples=60, deadline=None)
def test_turning_the_figures_round_turns_the_share_round(values, data):
    mask = [True] + [data.draw(st.booleans()) for _ in values[2:]] + [False]
    there, back = (industry.share_milder(sign * np.array(values), mask) for sign in (1, -1))

    assert 0 <= there <= 1
    assert there + back == pytest.approx(1)


def test_the_exact_share_agrees_with_the_drawn_permutation_test(project):
    one = industry.ranking(project, "year", "wide")
    _, as_low = permutation_test(one.values, one.listed, np.random.default_rng(1))

    assert 1 - one.chance() == pytest.approx(as_low, abs=0.02)


def test_a_lower_figure_of_a_listed_branch_never_makes_the_list_look_milder(project):
    one = industry.ranking(project, "year", "narrow")
    before = one.chance()
    for change in (-5, -20, -60):
        moved = tuple(b._replace(value=b.value + change) if b.name == "medicines" else b for b in one.branches)
        after = replace(one, branches=moved).chance()
        assert after >= before
        before = after


def test_branches_of_2022_by_hand(project):
    """Rail products are -20.1, -21.6, 14.9 and -2.8: mean -7.4; civil vessels 55 after 61; medicines +8.6."""
    values = {branch.name: branch.value for branch in industry.ranking(project, "year", "narrow").branches}

    assert values["railways"] == pytest.approx(-7.4)
    assert values["ships"] == pytest.approx(100 * (55 / 61 - 1), abs=0.05)
    assert values["medicines"] == 8.6
    assert values["motor vehicles"] == -44.7
    assert "machinery" not in values


def test_aircraft_by_hand_and_in_hindsight_only(project):
    """Seven in 1,077 days are 2.37 a year, against 13."""
    change, rows = industry.aircraft_change(project)

    assert change == pytest.approx(100 * (7 / (1077 / 365.25) / 13 - 1))
    assert rows == ("aircraft.built.2021", "aircraft.built.2022_2024")
    assert industry.aircraft_change(project.at_publication()) is None


def test_the_wide_sense_takes_in_vehicles_and_electronics(project):
    narrow, wide = (
        {branch.name for branch in industry.ranking(project, "year", name).branches if branch.sector}
        for name in ("narrow", "wide")
    )

    assert wide - narrow == {"motor vehicles", "electronics"}


def test_of_two_printings_of_one_month_the_better_graded_counts(project):
    rows = {row for branch in industry.ranking(project, "last-months", "wide").branches for row in branch.rows}

    assert "ip.tobacco.dec2022" in rows
    assert "ip.tobacco.dec2022.b" not in rows


def test_one_branch_is_no_list(project):
    assert not industry.ranking(project, "last-months", "narrow").testable


# -- the four falls ----------------------------------------------------------------------------------------------------


def test_all_four_figures_are_those_of_january_to_july(project):
    readings = industry.cumulative(project)
    exact = {end: sum(item.exact for item in readings if item.end == end) for end in {item.end for item in readings}}

    assert exact == {date(2022, 5, 31): 0, JULY: 4, AUGUST: 0, date(2022, 9, 30): 0}


def test_gaps_to_january_to_august_by_hand(project):
    gaps = {item.entity: item.gap for item in industry.cumulative(project) if item.end == AUGUST}

    assert gaps == pytest.approx(
        {"RUS:cars": -0.3, "RUS:trucks": 1.8, "RUS:buses_under_5t": -1.6, "RUS:buses_over_5t": -0.5}
    )


def test_chance_of_coincidence_by_hand(project):
    """Spreads from May to September: cars 9.5, trucks 8.4, minibuses 7.9, large buses 12 points."""
    chances = industry.coincidence(industry.cumulative(project))

    assert math.prod(chances.values()) == pytest.approx(0.1**4 / (9.5 * 8.4 * 7.9 * 12))


def test_month_weights_by_hand(project):
    """With one class in two months, 60 and 70 apart by ten: agreeing against not is 0.9 to 0.1 times one hundredth."""
    row = project.observation("rus.cars.ytd7.2022.yoy")
    readings = [
        industry.Reading(JULY, "RUS:cars", -60.0, replace(row, value=-60.0)),
        industry.Reading(AUGUST, "RUS:cars", -60.0, replace(row, value=-70.0)),
    ]
    weights = industry.month_weights(readings, 0.1)

    assert weights[JULY] == pytest.approx(0.9 / (0.9 + 0.1 * 0.01))
    assert sum(weights.values()) == pytest.approx(1)


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.2])
def test_the_month_does_not_hang_on_the_rate_of_misprints(project, rate):
    assert industry.month_weights(industry.cumulative(project), rate)[JULY] > 0.999


def test_a_misprint_and_the_first_base_are_no_readings(project):
    rows = {item.row.observation_id for item in industry.cumulative(project)}

    assert not rows & {"rus.cars.ytd7.2022.yoy.c", "rus.bus.ytd8.2022.yoy.firstbase", "rus.cars.asm.ytd7.2022.yoy"}


# -- the plants --------------------------------------------------------------------------------------------------------


def test_eight_of_eleven_plants_idle_at_both_dates(project):
    for view in (project.at_publication(), project.hindsight()):
        found = industry.sites(view, P)
        assert sum(site.idle for site in found) == 8
        assert {site.name for site in found if not site.idle} == {
            "Renault Moscow",
            "BMW at Avtotor Kaliningrad",
            "Ford Sollers Yelabuga",
        }


@pytest.mark.parametrize(
    ("change", "idle", "of"),
    [
        ({"max_age_weeks": 13}, 5, 7),  # Toyota, PSMA, Mercedes and Renault were last heard of before mid-December
        ({"scope": "named"}, 5, 7),
        ({"idle_unit": "brand"}, 11, 11),
    ],
)
def test_other_readings_of_the_plants_by_hand(project, change, idle, of):
    found = industry.sites(project.at_publication(), replace(P, **change))

    assert (sum(site.idle for site in found), len(found)) == (idle, of)


def test_hindsight_uses_the_later_source(project):
    before, after = (
        {site.name: site for site in industry.sites(view, P)}
        for view in (project.at_publication(), project.hindsight())
    )

    assert before["Toyota St Petersburg"].age_days == 103
    assert after["Toyota St Petersburg"].age_days == 0


def test_share_of_eight_in_eleven(project):
    estimate = industry.idle_share(industry.sites(project, P))

    assert estimate.low < 100 * 8 / 11 < estimate.high
    assert estimate.value == pytest.approx(72.0, abs=0.1)


@pytest.mark.parametrize(
    ("grades", "at_work", "most", "hangs_on"),
    [
        ("A1 B2 C2", "C3", True, "C2"),  # three of four are needed for more than half
        ("A1 B2 C2 D3", "C3", True, "C2"),  # of four idle in five the last is not needed
        ("A1 B2", "C2 C3", False, "C3"),  # two of four are half, not most: both at work are needed
    ],
)
def test_most_idle_hangs_on_the_weakest_report_needed(project, grades, at_work, most, hangs_on):
    row = project.observation("plant.toyota.status.202212")
    found = [
        industry.Site(f"{idle}{n}", idle, 0, replace(row, reliability=grade[0], credibility=grade[1]))
        for idle, group in ((True, grades), (False, at_work))
        for n, grade in enumerate(group.split())
    ]

    answer, weakest = industry.most_idle(found, 0.5)

    assert answer is most
    assert weakest.reliability + weakest.credibility == hangs_on


def test_without_a_site_nothing_is_found(project):
    assert industry.most_idle([], 0.5) == (False, None)


def test_plants_counted_and_general_accounts_are_apart(project):
    """Six of eleven are needed; the sixth best report on an idle one is a C2. General accounts are older: at one remove."""
    found = [item for item in industry.findings(project.at_publication(), P) if item.part_id == "E29.idle"]

    assert [(item.origin, item.grade, item.direct) for item in found] == [
        (industry.PLANT_REPORTS, "C2", True),
        ("carnnews-202210", "C3", False),
        ("procrossover-202209", "C2", False),
    ]
    assert all(item.probability == 1 for item in found)


# -- verdicts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "then", "now"),
    [
        ("E03.ships", Label.SUPPORTED, Label.SUPPORTED),  # a trade journal and an Iranian official
        ("E03.aircraft", Label.NOT_ENOUGH_EVIDENCE, Label.NOT_ENOUGH_EVIDENCE),  # officials of one state are one voice
        ("E03.pharma", Label.NOT_ENOUGH_EVIDENCE, Label.NOT_ENOUGH_EVIDENCE),
        ("E04.pharma", Label.REFUTED, Label.REFUTED),  # last of eight by depth of fall
        ("E04.aircraft", Label.NOT_ENOUGH_EVIDENCE, Label.NOT_ENOUGH_EVIDENCE),  # airliners alone
        ("E04", Label.REFUTED, Label.REFUTED),
        ("E05.size", Label.SUPPORTED, Label.SUPPORTED),  # 64.5 lies within 57.8 to 70.6
        ("E05.figure", Label.SUPPORTED, Label.SUPPORTED),  # 64.5 and 64.6: within a point
        ("E05.four_together", Label.REFUTED, Label.REFUTED),
        ("E05.said", Label.NOT_ENOUGH_EVIDENCE, Label.NOT_ENOUGH_EVIDENCE),  # one page of letter D
        ("E06.size", Label.SUPPORTED, Label.SUPPORTED),  # 18.3 lies within 18.1 to 22.1
        ("E06.figure", Label.REFUTED, Label.REFUTED),
        ("E07.size", Label.SUPPORTED, Label.SUPPORTED),  # 43.5 lies within 37.7 to 46.1
        ("E07.figure", Label.NOT_ENOUGH_EVIDENCE, Label.NOT_ENOUGH_EVIDENCE),  # 42.5 to 44.5 against 40.9 to 42.9
        ("E08.size", Label.SUPPORTED, Label.SUPPORTED),  # 10.7 lies within 8.2 to 12.2
        ("E08.figure", Label.SUPPORTED, Label.SUPPORTED),  # 10.7
        ("E09.volkswagen", Label.SUPPORTED, Label.SUPPORTED),
        ("E09.skoda", Label.SUPPORTED, Label.SUPPORTED),
        ("E09.others", Label.SUPPORTED, Label.SUPPORTED),  # three of twelve are a quarter
        ("E09.season", Label.SUPPORTED, Label.SUPPORTED),
        ("E29", Label.SUPPORTED, Label.SUPPORTED),
        ("E28.state", Label.NOT_ENOUGH_EVIDENCE, Label.NOT_ENOUGH_EVIDENCE),
        ("E28.famous", Label.SUPPORTED, Label.SUPPORTED),
        ("E33.aircraft", Label.SUPPORTED, Label.SUPPORTED),
        ("E33.engineering", Label.SUPPORTED, Label.SUPPORTED),
        ("E33.experts", Label.NOT_ENOUGH_EVIDENCE, Label.NOT_ENOUGH_EVIDENCE),
        ("E17", Label.NOT_ENOUGH_EVIDENCE, Label.NOT_ENOUGH_EVIDENCE),  # nothing known after March 2024
        ("E35", Label.SUPPORTED, Label.SUPPORTED),
    ],
)
def test_labels(audited, key, then, now):
    result = audited("industry")

    assert result.verdict(key, Vintage.AT_PUBLICATION).label is then
    assert result.verdict(key).label is now


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("E04", "Wrong"),
        ("E05", "Right: Izvestia wrote so: text not read"),
        ("E06", "Right, but figure of January to July"),
        ("E07", "Right: printed figure not shown"),
        ("E08", "Right"),
        ("E09", "Right: Izvestia: text not read"),
        ("E17", "Unproven: forecast, open"),
    ],
)
def test_badges_say_what_is_wrong_and_what_is_open(audited, key, words):
    assert audited("industry").verdict(key).rating.words == words


def test_the_right_figure_stands_in_the_sentence(audited):
    for key, figure in (("E05", "-64.5%"), ("E06", "-18.3%"), ("E07", "-43.5%"), ("E08", "-10.7%")):
        sentence = conclusion_text(audited("industry").verdict(key))
        assert figure in sentence
        assert "January to July" in sentence


def test_every_part_has_a_verdict_at_both_dates(audited):
    result = audited("industry")

    for claim in result.claims:
        for part in claim.parts:
            for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
                assert result.verdict(part.part_id, vintage).text == part.text


def test_flips_name_the_model_inputs(audited):
    flips = audited("industry").flips

    assert any(flip.source == "unseen restarts" for flip in flips["E29.idle", Vintage.AT_PUBLICATION])


def test_a_day_before_any_figure_is_no_error(project):
    result = audit(project, "industry", replace(P, as_of="2022-02-01"))

    assert result.verdict("E05.four_together", Vintage.AS_OF).label is Label.NOT_ENOUGH_EVIDENCE
    assert result.verdict("E29.idle", Vintage.AS_OF).label is Label.NOT_ENOUGH_EVIDENCE
    assert result.flips


@pytest.mark.parametrize(
    "wrong",
    [
        {"mapping": "broad"},
        {"metric": "month"},
        {"max_age_weeks": 0},
        {"max_age_weeks": 105},
        {"idle_unit": "maker"},
        {"scope": "none"},
        {"plan": "saipa"},
        {"as_of": "14 March 2023"},
    ],
)
def test_parameters_out_of_range_are_refused(wrong):
    with pytest.raises(ParameterError):
        industry.Parameters(**wrong)


# -- tables and words --------------------------------------------------------------------------------------------------


def test_titles_follow_the_data(project):
    falls = industry_report.falls(project)
    moved = falls.assign(mid=falls["mid"].where(falls["reading"] != "January to July", falls["mid"] - 1))
    brands = replace(P, idle_unit="brand")

    assert industry_report.falls_title(falls).startswith("All of the printed falls are those of January to July, none")
    assert industry_report.falls_title(moved).startswith("None of the printed falls")
    assert industry_report.plants_title(project, P).startswith("8 of 11 plants")
    assert industry_report.plants_title(project, brands).startswith("11 of 11 plants")
    assert "120 of 2,000" in industry_report.cars_title(project, P)
    assert "12,6" in industry_report.cars_title(project, replace(P, plan="both-makers"))
    assert (
        industry_report.cars_title(project.at_publication(), P) == "No delivery of Iranian cars to Russia is on record"
    )
    assert "places 1, 3, 4 and 11" in industry_report.ranking_title(industry_report.ranking_bars(project))
    assert "4 of 4" in industry_report.gap_title(project)


def test_a_reading_with_half_of_the_plants_at_work_changes_the_title(project):
    table = industry_report.idle_readings(project, P)
    worse = pd.concat([table, table.iloc[:1].assign(idle=5, share=45.0)])

    assert industry_report.idle_title(table).startswith("In every reading most plants are idle")
    assert industry_report.idle_title(worse).startswith("Not every reading")


def test_alternatives_name_every_row(project):
    spells = industry_report.plant_spells(project)

    assert len(spells) == 11
    assert all(name in industry_report.plants_alt(spells) for name in ("Toyota", "Hyundai", "Mazda"))
    assert industry_report.falls_alt(industry_report.falls(project)).count("the article") == 4
    assert industry_report.gap_alt(industry_report.gap_grid(project)).count("January to July 0.0") == 4
    assert "744 million" in industry_report.goods_alt(industry_report.goods(project))


def test_venture_table_says_who_named_what(project):
    table = industry_report.venture_table(project).set_index("Sector")

    assert table.loc["ships", "23 August 2022"] == "named"
    assert table.loc["pharma", "30 November 2022"] == "–"


def test_shown_rows_exist_and_stand_once(project):
    shown = industry.shown_rows(project)

    assert len(shown) == len(set(shown))
    assert set(shown) <= set(project.evidence.records)
