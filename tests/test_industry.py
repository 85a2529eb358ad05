"""The models and verdicts of the claims on industry against figures worked out by hand from the rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from claimaudit.verdict.audit import audit
from claimaudit.verdict.wording import conclusion_text
from notebooks_on_disk import cells_run
from russia_iran.economic import industry

P = industry.Parameters()
MAY, JULY, AUGUST, SEPTEMBER = (date(2022, month, day) for month, day in ((5, 31), (7, 31), (8, 31), (9, 30)))


@pytest.fixture(scope="module")
def executed_industry():
    """The names a reader has after running the notebook's cells as they are, its panel left out."""
    return cells_run("industry")


@pytest.fixture(scope="module")
def falls(project):
    return industry.compared(industry.cumulative(project))


# -- the named sectors, as the notebook works them out ------------------------------------------------------------------


def test_branches_of_2022_by_hand(executed_industry):
    """Rail products are -20.1, -21.6, 14.9 and -2.8: mean -7.4; civil vessels 55 after 61; medicines +8.6.

    Airliners: seven in 1,077 days are 2.37 a year, against 13.
    """
    changes = executed_industry["bars"].set_index("branch")["change"]

    assert changes["railways"] == pytest.approx(-7.4)
    assert changes["ships"] == pytest.approx(100 * (55 / 61 - 1), abs=0.05)
    assert changes["aircraft"] == pytest.approx(100 * (7 / (1077 / 365.25) / 13 - 1))
    assert changes["medicines"] == 8.6
    assert changes["motor vehicles"] == -44.7
    assert not {"machine building", "manufacturing"} & set(changes.index)


def test_medicines_are_last_of_the_branches_the_verdict_ranks(audited, executed_industry):
    ranked = executed_industry["ranked"].set_index("branch")["place"]
    (finding,) = audited("industry").verdict("E04.pharma").findings

    assert ranked["pharmaceuticals"] == ranked.max() == 8
    assert set(finding.observations) <= set(executed_industry["ranked"].index)


def test_vehicles_and_electronics_are_engineering_in_the_wide_sense_only(executed_industry):
    bars = executed_industry["bars"]

    assert set(bars.loc[bars["is"].str.contains("wide"), "branch"]) == {"motor vehicles", "electronics"}


# -- the four falls ----------------------------------------------------------------------------------------------------


def test_all_four_figures_are_those_of_january_to_july(falls):
    assert falls.groupby("end")["exact"].sum().to_dict() == {MAY: 0, JULY: 4, AUGUST: 0, SEPTEMBER: 0}


def test_gaps_to_january_to_august_by_hand(falls):
    gaps = falls[falls["end"] == AUGUST].set_index("class")["gap"]

    assert gaps.to_dict() == pytest.approx(
        dict(zip(industry.CLASS_NAMES.values(), (-0.3, 1.8, -1.6, -0.5), strict=True))
    )


def test_chance_of_coincidence_by_hand(falls):
    """Spreads from May to September: cars 9.5, trucks 8.4, minibuses 7.9, large buses 12 points."""
    chances = falls.drop_duplicates("class")["coincidence"]

    assert np.prod(chances) == pytest.approx(0.1**4 / (9.5 * 8.4 * 7.9 * 12))


def test_month_weights_by_hand():
    """With one class in two months, 60 and 70 apart by ten: agreeing against not is 0.9 to 0.1 times one hundredth."""
    made = pd.DataFrame({"end": [JULY, AUGUST], "class": "Cars", "printed": -60.0, "published": [-60.0, -70.0]})
    weights = industry.month_weights(industry.compared(made), 0.1)

    assert weights[JULY] == pytest.approx(0.9 / (0.9 + 0.1 * 0.01))
    assert weights.sum() == pytest.approx(1)


def test_one_month_alone_takes_all_the_weight():
    made = pd.DataFrame({"end": [AUGUST], "class": "Cars", "printed": -60.0, "published": [-61.0]})

    assert industry.month_weights(industry.compared(made), 0.1).tolist() == [1.0]


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.2])
def test_the_month_does_not_hang_on_the_rate_of_misprints(falls, rate):
    assert industry.month_weights(falls, rate)[JULY] > 0.999


def test_a_misprint_and_the_first_base_are_no_readings(falls):
    assert not set(falls["row"]) & {
        "rus.cars.ytd7.2022.yoy.c", "rus.bus.ytd8.2022.yoy.firstbase", "rus.cars.asm.ytd7.2022.yoy",
    }  # fmt: skip


def test_the_notebook_shows_the_months_the_verdict_rests_on(audited, executed_industry):
    """Its visible column of figures that agree leads to the same month; the probability is that of the finding."""
    months = executed_industry["months"].set_index("end")
    (finding,) = audited("industry").verdict("E05.four_together").findings

    assert months["agree"].idxmax() == JULY
    assert months.loc[AUGUST, "probability"] / 100 == pytest.approx(finding.probability)
    assert set(finding.observations) == {*months.loc[JULY, "rows"], *months.loc[AUGUST, "rows"]}


# -- the plants --------------------------------------------------------------------------------------------------------


def test_eight_of_eleven_plants_idle_at_both_dates(project):
    for view in (project.at_publication(), project.hindsight()):
        found = industry.plants(view, P.max_age_weeks)
        assert found["idle"].sum() == 8
        assert set(found.loc[~found["idle"], "plant"]) == industry.other_brand(project)


def test_older_reports_drop_out(project):
    """Toyota, PSMA, Mercedes and Renault were last heard of before mid-December."""
    found = industry.plants(project.at_publication(), 13)

    assert (found["idle"].sum(), len(found)) == (5, 7)


def test_hindsight_uses_the_later_source(project):
    before, after = (
        industry.plants(view, P.max_age_weeks).set_index("plant")["age_days"]
        for view in (project.at_publication(), project.hindsight())
    )

    assert before["Toyota St Petersburg"] == 103
    assert after["Toyota St Petersburg"] == 0


@pytest.mark.parametrize(
    ("grades", "at_work", "most", "hangs_on"),
    [
        ("A1 B2 C2", "C3", True, "C2"),  # three of four are needed for more than half
        ("A1 B2 C2 D3", "C3", True, "C2"),  # of four idle in five the last is not needed
        ("A1 B2", "C2 C3", False, "C3"),  # two of four are half, not most: both at work are needed
    ],
)
def test_most_idle_hangs_on_the_weakest_report_needed(grades, at_work, most, hangs_on):
    made = [(idle, grade, grade) for idle, group in ((True, grades), (False, at_work)) for grade in group.split()]

    assert industry.most_idle(pd.DataFrame(made, columns=["idle", "grade", "row"]), 0.5) == (most, hangs_on)


def test_without_a_plant_nothing_is_found(project):
    assert industry.most_idle(industry.plants(project.as_of("2022-02-01"), 52), 0.5) == (False, "")


def test_the_notebook_counts_the_plants_the_verdict_rests_on(audited, executed_industry):
    counted = executed_industry["counted"].set_index("known")
    for known, vintage in (("at publication", Vintage.AT_PUBLICATION), ("in hindsight", Vintage.HINDSIGHT)):
        findings = audited("industry").verdict("E29.idle", vintage).findings
        finding = next(item for item in findings if item.origin == industry.PLANT_REPORTS)
        assert finding.grade == counted.loc[known, "weakest report needed"]
        assert set(finding.observations) == set(counted.loc[known, "rows"])
        assert finding.probability == float(counted.loc[known, "idle"] >= counted.loc[known, "needed"])


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
        ("E05", "Right: Izvestia's text not read"),
        ("E06", "Right, but figure is for January to July"),
        ("E07", "Right: printed figure not shown"),
        ("E08", "Right"),
        ("E09", "Right: Izvestia's text not read"),
        ("E17", "Unproven: forecast, open"),
    ],
)
def test_badges_say_what_is_wrong_and_what_is_open(audited, key, words):
    assert audited("industry").verdict(key).rating.words == words


def test_the_right_figure_stands_in_the_sentence(audited):
    for key, figure in (("E05", "64.5%"), ("E06", "18.3%"), ("E07", "43.5%"), ("E08", "10.7%")):
        sentence = conclusion_text(audited("industry").verdict(key))
        assert figure in sentence
        assert "the fall to July" in sentence


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
    assert dict(result.flips)


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_age_weeks": 0},
        {"max_age_weeks": 105},
        {"as_of": "14 March 2023"},
    ],
)
def test_parameters_out_of_range_are_refused(wrong):
    with pytest.raises(ParameterError):
        industry.Parameters(**wrong)
