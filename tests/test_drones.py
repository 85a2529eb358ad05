"""Drones and the campaign, their worth and the plan (M06, M10) against figures worked out by hand from the rows."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimaudit.errors import ParameterError
from claimaudit.model import Label, Role, Vintage
from claimaudit.verdict.audit import unused
from claimaudit.verdict.sensitivity import flips_of
from notebooks_on_disk import cells_run
from russia_iran.military import drones

P = drones.Parameters()


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


def test_a_share_is_of_both_together():
    """100 beside 300 are a quarter; 10 beside 150 a sixteenth."""
    assert drones.share_percent(100, 300) == 25
    assert drones.share_percent(10, 150) == pytest.approx(100 / 16)


def test_the_campaign_was_knowable_at_publication_but_not_before_its_months_had_passed(project):
    def months(view):
        return set(drones.munitions(view)["month"])

    assert set(drones.CAMPAIGN) <= months(project.at_publication())
    assert drones.CAMPAIGN[1] not in months(project.as_of("2023-02-20"))


# -- worth -----------------------------------------------------------------------------------------------------------


def test_worth_by_hand():
    """700 at 375,000 are 262.5 million against 24 at 80 million."""
    assert drones.worth(700, 375_000, 24, 80e6) == pytest.approx(262.5 / 1920)


def test_a_range_is_spread_evenly_about_its_middle():
    """Half of the values lie below the middle, evenly: the first of eight in 0 to 8 is the middle of its eighth."""
    values = drones.spread(0.0, 8.0, 80.0)

    assert len(values) == drones.POINTS
    assert (values < 8).sum() == drones.POINTS / 2
    assert values[0] == pytest.approx(0.5)
    assert values[-1] == pytest.approx(80 - 72 / 16)


def test_even_the_largest_order_at_the_first_price_asked_is_no_more_than_half_of_the_cheapest_jets(project):
    """2,400 x 375,000 = 900 million; 24 x 75 million = 1.8 billion."""
    order = project.observation("asp.drone.ordered.ihnat").value
    asked = project.observation("asp.drone.price.asked").value
    jet = project.observation("asp.su35.egypt.unit20").value

    assert drones.worth(order, asked, 24, jet) <= 0.5
    assert max(row.probability for row in drones.findings(project, P)) < 0.1


def test_prices_keep_later_mass_production_out(project):
    ids = set(drones.prices(project).index)

    assert "asp.drone.price.cost2025" not in ids
    assert {"asp.drone.price.asked", "asp.drone.cost.budanov", "asp.drone.cost.press2022"} <= ids


def test_no_price_no_worth(project):
    """In June 2022 no price of a drone was known: nothing is found."""
    view = project.as_of("2022-06-30")

    assert drones.prices(view).empty
    assert list(drones.findings(view, P)) == []


@given(st.integers(100, 5000), st.integers(1, 1000))
def test_more_drones_are_worth_more(number, more):
    assert drones.worth(number + more, 20_000, 24, 8e7) > drones.worth(number, 20_000, 24, 8e7)


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


def test_flips_name_the_inputs(project):
    view = project.hindsight()
    found = {(flip.part_id, flip.source): flip for flip in flips_of(drones.knobs(view, P), view)}

    assert found["M06.value", "jets"].threshold < 24
    assert found["M06.value", "return_share"].threshold < 0.5


@pytest.mark.parametrize(
    "change",
    [{"drones": 10}, {"jets": 0}, {"return_share": 1.5}],
)
def test_parameters_out_of_range_are_refused(change):
    with pytest.raises(ParameterError, match=next(iter(change))):
        drones.Parameters(**change)


# -- the notebook ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shown():
    """The names a reader has after running the notebook's cells as they are, its panel left out."""
    return cells_run("drones")


def test_the_notebook_shows_the_worth_the_verdict_rests_on(audited, shown):
    """Every case of the frame, recomputed from its columns, gives the chance and the interval of each finding."""
    cases = shown["cases"]
    worth = (cases["drones"] * cases["price"] / (24 * cases["jet"])).astype(float)
    ends = worth.groupby(cases["row"]).quantile([0.05, 0.5, 0.95]).unstack()
    chance = (worth >= 0.5).groupby(cases["row"]).mean()
    findings = {row.observations[0]: row for row in audited("drones").verdict("M06.value").findings}

    assert set(findings) == set(ends.index)
    for name, row in findings.items():
        extent = row.quantity
        assert (extent.low, extent.value, extent.high) == pytest.approx(tuple(ends.loc[name]))
        assert row.probability == pytest.approx(chance[name])
        assert 100 * extent.value == pytest.approx(shown["worth"].at[name, "middle"])


def test_the_notebook_sums_the_campaign_as_the_table_has_it(project, shown):
    """253 + 59 + 90 + 108 + 45 Shaheds, 247 + 58 + 80 + 108 + 40 of them claimed; missiles read from the table itself."""
    with (project.path / "series" / "drone-attacks-monthly.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if "2022-10" <= row["month"] <= "2023-02"]
    names = ("UAV", "Orlan", "Lancet", "Mohajer", "Shahed", "Merlin", "ZALA", "Supercam", "Kub", "Orion", "Forpost")
    missiles = [row for row in rows if not any(name in row["model"] for name in names)]
    sums = shown["campaign"]

    assert sums.loc["drones"].tolist() == [555, 533]
    assert sums.at["missiles", "launched"] == sum(int(row["launched"]) for row in missiles)
    assert sums.at["missiles", "destroyed"] == sum(int(float(row["destroyed"] or 0)) for row in missiles)


def test_what_got_through_hangs_on_the_claims(shown):
    """22 of 329 if all claims are true; more, the fewer are."""
    got_through = shown["through"].set_index("true")["got through"]

    assert got_through[100] == pytest.approx(100 * (555 - 533) / (555 - 533 + 934 - 627))
    assert got_through.is_monotonic_decreasing
    assert got_through[50] > 30


def test_the_notebook_counts_the_orders_dated_before_the_first_drones(shown):
    assert shown["first"].strftime("%Y-%m-%d") == "2022-08-20"
    assert set(shown["before"].index) == {"asp.su35.number.boursebazaar", "asp.su35.earlier.taghvaee"}
