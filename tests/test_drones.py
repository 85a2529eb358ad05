"""Drones and the campaign, their worth and the plan (M06, M10) against figures worked out by hand from the rows."""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimaudit.errors import ParameterError
from claimaudit.model import Label, Role, Vintage
from claimaudit.verdict.audit import unused
from claimaudit.verdict.sensitivity import flips_of
from russia_iran.military import drones
from russia_iran.military import drones_charts as words

P = drones.Parameters()
SMALL = drones.Campaign(100, 90, 300, 150)


def part_ids(audit):
    return [part.part_id for claim in audit.claims for part in claim.parts]


# -- the campaign ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        ("Shahed-136/131", "Shahed drones"),
        ("Shahed-136/131 and Lancet", ""),
        ("Mohajer-6", ""),
        ("X-101/X-555 and Kalibr and X-22", "Cruise missiles"),
        ("C-300", "Other missiles"),
        ("X-47 Kinzhal", "Other missiles"),
    ],
)
def test_kinds_of_munition(model, kind):
    assert drones.group(model) == kind


def test_shares_by_hand():
    """100 of 400; doubled by a coverage of a half 200 of 500; 10 of 160 got through if every claim is true."""
    assert drones.share_launched(SMALL) == 25
    assert drones.share_launched(SMALL, 0.5) == 40
    assert drones.share_through(SMALL, 1.0) == pytest.approx(100 * 10 / 160)
    assert drones.share_through(SMALL, 0.0) == 25


@given(st.floats(0, 0.99), st.floats(0.001, 0.5))
def test_truer_claims_leave_fewer_drones_among_what_got_through(claims, more):
    higher = min(claims + more, 1.0)

    assert drones.share_through(SMALL, higher) <= drones.share_through(SMALL, claims) + 1e-9


def test_the_campaign_by_hand(project):
    """253 + 59 + 90 + 108 + 45 Shaheds, 247 + 58 + 80 + 108 + 40 of them claimed; read from the table itself."""
    with (project.path / "series" / "drone-attacks-monthly.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if "2022-10" <= row["month"] <= "2023-02"]
    no_missile = (
        "UAV",
        "Orlan",
        "Lancet",
        "Mohajer",
        "Shahed",
        "Merlin",
        "ZALA",
        "Supercam",
        "Kub",
        "Orion",
        "Forpost",
    )
    missiles = [row for row in rows if not any(name in row["model"] for name in no_missile)]
    found = drones.campaign(project)

    assert found.drones == 555
    assert found.drones_down == 533
    assert found.missiles == sum(int(row["launched"]) for row in missiles)
    assert found.missiles_down == sum(int(float(row["destroyed"] or 0)) for row in missiles)


def test_the_campaign_was_knowable_at_publication_but_not_before_its_months_had_passed(project):
    assert drones.campaign(project.at_publication()) == drones.campaign(project)
    assert drones.campaign(project.as_of("2023-02-20")) is None


def test_what_got_through_hangs_on_the_claims(project):
    found = drones.campaign(project)

    assert drones.share_through(found, 1.0) < 10
    assert drones.share_through(found, 0.5) > 30


# -- worth -----------------------------------------------------------------------------------------------------------


def test_worth_by_hand():
    """700 at 375,000 are 262.5 million against 24 at 80 million."""
    assert drones.worth(700, 375_000, 24, 80e6) == pytest.approx(262.5 / 1920)


def test_even_the_largest_order_at_the_first_price_asked_is_no_more_than_half_of_the_cheapest_jets(project):
    """2,400 x 375,000 = 900 million; 24 x 75 million = 1.8 billion."""
    order = project.observation("asp.drone.ordered.ihnat").value
    asked = project.observation("asp.drone.price.asked").value
    jet = project.observation("asp.su35.egypt.unit20").value

    assert drones.worth(order, asked, 24, jet) <= 0.5
    assert drones.worth_table(project, P)["chance"].max() < 0.1


def test_prices_keep_later_mass_production_out(project):
    ids = {row.observation_id for row in drones.prices(project)}

    assert "asp.drone.price.cost2025" not in ids
    assert {"asp.drone.price.asked", "asp.drone.cost.budanov", "asp.drone.cost.press2022"} <= ids


def test_no_price_no_worth(project):
    """In June 2022 no price was known and none of the campaign's months had passed: nothing is found."""
    view = project.as_of("2022-06-30")

    assert drones.worth_table(view, P).empty
    assert list(drones.findings(view, P)) == []


@given(st.integers(100, 5000), st.integers(1, 1000))
def test_more_drones_are_worth_more(number, more):
    assert drones.worth(number + more, 20_000, 24, 8e7) > drones.worth(number, 20_000, 24, 8e7)


# -- steps -----------------------------------------------------------------------------------------------------------


def test_overdispersion_by_hand():
    assert drones.overdispersion(np.array([10.0, 10.0, 10.0])) == 1
    assert drones.overdispersion(np.array([10.0, 40.0])) == pytest.approx(900 / 50)


def test_steps_of_made_series():
    assert drones.steps(np.array([100.0] * 6 + [400.0] * 6)) == [6]
    assert drones.steps(np.array([100.0] * 5 + [400.0] * 5 + [1500.0] * 5)) == [5, 10]
    assert drones.steps(np.array([100.0] * 12)) == []


def test_stage_fit_by_hand():
    """Months 1 to 5 of 10 lie in the window: a hit weighs 0.8 against 0.5, a miss 0.2 against 0.5."""
    hit, miss = (drones.stage_fit([at], [1], 10, 4, 0.8) for at in (3, 8))

    assert (hit.hits, hit.window, hit.chance) == (1, 0.5, pytest.approx(0.8 / 1.3))
    assert (miss.hits, miss.chance) == (0, pytest.approx(0.2 / 0.7))
    assert drones.stage_fit([], [1], 10, 4, 0.8).chance == 0.5


def test_the_steps_of_the_memo(project):
    """The memo's means change in May 2023 and in August 2024; without any decoys the second step is a month later."""
    assert drones.onset(project, replace(P, decoys=0.0)).steps == ("2023-05", "2024-09")
    assert drones.onset(project, replace(P, decoys=0.65)).steps == ("2023-05", "2024-08")
    found = drones.onset(project, P)
    assert found.steps == ("2023-05", "2024-08")
    levels = list(dict.fromkeys(found.months["level"]))
    assert levels[0] == pytest.approx((253 + 59 + 90 + 108 + 45 + 89 + 73) / 7)


def test_a_longer_lag_takes_the_second_step_in(project):
    fits = [drones.onset(project, replace(P, lag_months=lag)).fit for lag in (6, 7)]

    assert [fit.hits for fit in fits] == [1, 2]
    assert fits[1].chance > fits[0].chance


def test_partial_months_are_left_out_and_decoys_taken_off(project):
    table = drones.launches(project, replace(P, decoys=0.5)).set_index("month")

    assert "2022-09" not in table.index
    assert "2026-05" not in table.index
    assert table.at["2024-09", "armed"] == table.at["2024-09", "launched"] == 1334
    assert table.at["2024-10", "armed"] == 1960 / 2


# -- verdicts --------------------------------------------------------------------------------------------------------


def test_every_part_has_a_verdict_at_both_dates(audited):
    result = audited("drones")

    for part in part_ids(result):
        for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
            assert result.verdict(part, vintage).key == part
    assert unused(result) == []


def test_deciding_facts(audited, project):
    """An account dates the jets to January 2022, the first drones reached Russia in August: too early for a return."""
    early = project.observation("asp.su35.earlier.taghvaee")
    first = project.observation("asp.drone.sky.delivered136")
    result = audited("drones")

    assert early.end < first.start
    for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
        assert result.verdict("M06.held", vintage).label is Label.SUPPORTED
        assert result.verdict("M06.supplied", vintage).label is Label.SUPPORTED
        assert result.verdict("M10.plan", vintage).label is Label.SUPPORTED
    assert result.verdict("M06.exchange", Vintage.AT_PUBLICATION).probability < 0.95, "word against word"
    assert project.part("M06.exchange").role is Role.CONTEXT, "the article says that it is thought"
    assert result.verdict("M06.value").label is Label.REFUTED


def test_no_ukrainian_row_decides_alone_on_the_energy_system(audited):
    """A human-rights report and the agency in Kyiv join them; the first does not name the make, so it counts at one remove."""
    found = audited("drones").verdict("M06.energy", Vintage.AT_PUBLICATION)
    remove = {finding.origin for finding in found.findings if not finding.direct}

    assert found.label is Label.SUPPORTED
    assert {"ap-20221017", "human-rights-watch-20221206"} <= set(found.origins)
    assert remove == {"human-rights-watch-20221206"}


def test_the_campaign_gives_two_shares(project):
    found = drones.campaign(project)

    assert drones.share_launched(found) > drones.share_through(found, 1.0)


def test_flips_name_the_inputs(project):
    view = project.hindsight()
    found = {(flip.part_id, flip.source): flip for flip in flips_of(drones.knobs(view, P), view)}

    assert found["M06.value", "jets"].threshold < 24
    assert found["M06.value", "return_share"].threshold < 0.5


@pytest.mark.parametrize(
    "change",
    [{"drones": 10}, {"jets": 0}, {"return_share": 1.5}, {"true_claims": 0.1}, {"decoys": 0.9}, {"lag_months": 13}],
)
def test_parameters_out_of_range_are_refused(change):
    with pytest.raises(ParameterError, match=next(iter(change))):
        drones.Parameters(**change)


# -- words -----------------------------------------------------------------------------------------------------------


def test_titles_follow_the_data(project):
    curve = drones.through_curve(drones.campaign(project))
    worth = drones.worth_table(project, P)

    assert "at most" in words.through_title(curve, P, 20)
    assert "drones pass" in words.through_title(curve, P, 1)
    assert "stay below" in words.through_title(curve, P, 90)
    assert words.worth_title(worth, replace(P, drones=900)).count("900 drones") == 1
    assert words.kinds_title(project).startswith("Shaheds were 37%")
    assert words.events_title(project).startswith("2 accounts")
    assert words.step_title(drones.onset(project, P), P).startswith("1 of 2 steps")


def test_interceptions_keep_one_definition(project):
    """July 2025 gives 3,577 shot down and 1,990 jammed; August 2025 gives both in one."""
    table = words.monthly(project)
    own = table[table["what"] != "launched"].set_index("month")["count"]

    assert own["2025-07-01"] == 3577 + 1990
    assert own["2025-08-01"] == 3468
    assert own["2025-10-01"] == 4385


def test_tables_read_as_words(project):
    for table in (words.damage(project), words.supplied_table(project), words.plan_table(project)):
        assert len(table)
        assert not table.apply(lambda column: column.astype(str).str.contains("_")).to_numpy().any()


def test_alternatives_say_what_is_shown(project):
    assert "253" in words.kinds_alt(project)
    assert "%" in words.stopped_alt(project)
    assert "375,000" in words.worth_alt(drones.worth_table(project, P))
    assert "2022" in words.monthly_alt(project)
    assert "20 August 2022" in words.events_alt(project)
    assert "May 2023" in words.step_alt(drones.onset(project, P))
