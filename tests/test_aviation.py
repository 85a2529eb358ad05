"""Iranian airlines: exposure and ranking rule by hand, the prior, ranks, the break of 2018, and what the charts say."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimaudit.dossier.dossier import DEFAULT_DOSSIER, Dossier
from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from claimaudit.verdict.audit import audit
from notebooks_on_disk import cells_run
from russia_iran.economic import aviation as topic
from russia_iran.economic.aviation import Parameters

QUICK = Parameters()


@pytest.fixture(scope="module")
def known() -> Dossier:
    return Dossier.load()


@pytest.fixture(scope="module")
def result(known):
    return audit(known, "aviation", QUICK)


@pytest.fixture(scope="module")
def executed_aviation():
    """The names a reader has after running the notebook's cells as they are, its panel left out."""
    return cells_run("aviation")


def of_iran(flights: pd.DataFrame) -> dict[int, float]:
    return flights[flights["country"] == "IRN"].set_index("year")["departures"].to_dict()


def rows(name: str) -> list[dict[str, str]]:
    with (DEFAULT_DOSSIER / "series" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# -- exposure --------------------------------------------------------------------------------------------------------


def test_departures_of_iran_are_the_sums_the_rows_state(known):
    """The yearly table adds up to the published sums, release by release."""
    then = of_iran(topic.departures(known.at_publication()))
    now = of_iran(topic.departures(known))

    assert sum(then.values()) == pytest.approx(known.observation("irn.departures.2000_2015").value, abs=2)
    assert sum(now.values()) == pytest.approx(known.observation("irn.departures.2000_2021").value, abs=8)
    assert max(then) == 2015
    assert max(now) == 2021
    assert then[2015] > now[2015], "2015 was revised downwards in the later release"


def test_an_error_is_left_out_and_a_suspect_year_only_when_asked(known):
    flights = topic.departures(known)
    strict = topic.departures(known, suspect_years=False)

    assert 2002 not in set(flights.loc[flights["country"] == "CAN", "year"])
    assert sorted(set(of_iran(flights)) - set(of_iran(strict))) == [2000, 2001, 2002, 2003]


def test_every_accident_of_the_world_has_a_country():
    """A country without a row had none: the rows of one scope add up to the world's, fatal accidents by year."""
    countries, world = defaultdict(float), defaultdict(float)
    for row in rows("air-accidents.csv"):
        if row["scope"] == "airliner_registry":
            (world if row["country_iso3"] == "WLD" else countries)[row["year"]] += float(row["fatal_accidents"])

    assert countries == world


def test_rates_of_the_rows_come_out_of_the_series(known):
    """Counts over departures of both releases give the rates other people's rows state."""
    for name, view in (
        ("rus.fatalrate.2000_2015", known.at_publication()),
        ("wld.fatalrate.2000_2015", known.at_publication()),
        ("idn.fatalrate.2000_2021", known),
        ("nga.fatalrate.2010_2021", known),
    ):
        row = known.observation(name)
        counts = topic.totals(topic.record(view), row.start.year, row.end.year).loc[row.entity]
        assert counts["fatal"] / counts["departures"] == pytest.approx(row.value, rel=0.01), name


def test_the_two_releases_agree_before_2014():
    """Only the years near the end of a release were revised."""
    found = defaultdict(dict)
    for row in rows("air-traffic.csv"):
        if row["country_iso3"] != "WLD" and int(row["year"]) < 2014 and row["departures"]:
            found[row["country_iso3"], row["year"]][row["source_id"]] = float(row["departures"])
    both = [list(pair.values()) for pair in found.values() if len(pair) == 2]

    assert len(both) > 1000
    assert all(one == other for one, other in both)


def test_scopes_are_never_added(known):
    """By airline Iran has three more fatal accidents than by register, others the same."""
    register, airline = (topic.accidents(known, scope) for scope in topic.SCOPES)

    def fatal(found, code):
        return found.loc[(found["country"] == code) & (found["year"] <= 2021), "fatal"].sum()

    assert fatal(register, "IRN") == 9
    assert fatal(airline, "IRN") == 12
    assert fatal(airline, "TUR") == fatal(register, "TUR")


def test_one_country_and_year_has_one_row(known):
    for frame in (topic.departures(known), topic.accidents(known, "operator"), topic.record(known)):
        assert not frame.duplicated(["country", "year"]).any()


def test_the_ranking_rule_by_hand():
    """Enough departures and enough years; accidents of years without departures do not count."""
    flown = [
        ("IRN", 2000, 2e5),
        ("IRN", 2001, 2e5),
        ("AAA", 2000, 3e5),
        ("BBB", 2000, 1e5),
        ("BBB", 2001, 1e5),
        ("WLD", 2000, 9e6),
    ]
    crashed = [("AAA", 2001, 2.0, 1.0), ("IRN", 2000, 1.0, 1.0), ("IRN", 2003, 1.0, 1.0)]
    years = topic.by_year(
        pd.DataFrame(flown, columns=["country", "year", "departures"]),
        pd.DataFrame(crashed, columns=["country", "year", "accidents", "fatal"]),
    )
    sums = topic.totals(years, 2000, 2009)

    assert list(topic.ranked(sums, 300_000, 1.6).index) == ["IRN"]
    assert list(topic.ranked(sums, 300_000, 1).index) == ["AAA", "IRN"]
    assert sums.loc["AAA"].to_dict() == {"departures": 3e5, "accidents": 0, "fatal": 0, "years": 1}
    assert sums.loc["IRN"].to_dict() == {"departures": 4e5, "accidents": 1, "fatal": 1, "years": 2}
    assert topic.on_the_same_years(years, "IRN", "AAA", 2000, 2009)["departures"].to_dict() == {"AAA": 3e5, "IRN": 2e5}


# -- the prior and the ranks -----------------------------------------------------------------------------------------


def test_the_shared_prior_finds_the_gamma_it_was_drawn_from():
    """Many countries with long records: shape and mean come back."""
    rng = np.random.default_rng(1)
    true = rng.gamma(2.0, 0.5, size=1500)
    exposure = np.full(1500, 8.0)
    shape, inverse = topic.shared_prior(tuple(rng.poisson(true * exposure)), tuple(exposure))

    assert shape == pytest.approx(2.0, rel=0.15)
    assert shape / inverse == pytest.approx(1.0, rel=0.06)


def rated(fatal: float, departures: float) -> pd.Series:
    return topic.with_rates(pd.DataFrame({"fatal": [fatal], "departures": [departures]}), "fatal").iloc[0]


def test_a_rate_by_hand():
    """Eight accidents on 2.17 million departures: quantiles of Gamma(8.5) over 2.17, as the row has them."""
    found = rated(8, 2_168_753)

    assert found["low"] == pytest.approx(1.74, abs=0.01)
    assert found["high"] == pytest.approx(6.96, abs=0.01)
    assert found["low"] < found["mid"] < found["high"]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 30), st.floats(0.4, 20))
def test_a_rate_is_surer_with_more_exposure(fatal, millions):
    """Ten times the accidents on ten times the departures: a narrower interval."""
    few, many = rated(fatal, millions * 1e6), rated(10 * fatal, 10 * millions * 1e6)

    assert many["high"] - many["low"] < few["high"] - few["low"]


def test_separate_priors_give_the_published_rank(known):
    """The row of 2000-2015 was worked out with Jeffreys' priors: the same place and interval come out."""
    made = topic.prepare(known.at_publication(), Parameters(prior="separate"))
    chances = topic.chances_of_place(made.counts, made.prior)
    row = known.observation("irn.rank.2000_2015")

    assert topic.place(chances) == row.value
    assert abs(topic.place(chances, 0.025) - row.low) <= 1
    assert abs(topic.place(chances, 0.975) - row.high) <= 1


def test_worst_share_counts_whole_countries():
    chances = np.array([0.1, 0.2, 0.3, 0.4])

    assert topic.chance_worst(chances, 1.0) == pytest.approx(1)
    assert topic.chance_worst(chances, 0.2) == 0
    assert topic.chance_worst(chances, 0.25) == pytest.approx(0.1)
    assert topic.chance_worst(chances, 0.74) == pytest.approx(0.3)
    assert [topic.place(chances, q) for q in (0.1, 0.5, 0.7)] == [1, 3, 4]


def test_each_place_has_a_chance_and_fewer_accidents_are_a_better_one(known):
    made = topic.prepare(known, QUICK)
    chances = topic.chances_of_place(made.counts, made.prior)

    assert len(chances) == len(made.counts)
    assert chances.sum() == pytest.approx(1)
    assert topic.place(topic.chances_of_place(made.counts, made.prior, fatal=0.0)) > topic.place(chances)
    assert topic.place(topic.chances_of_place(made.counts.iloc[:0], made.prior)) == 0


# -- 2018 ------------------------------------------------------------------------------------------------------------


def test_both_sides_of_a_day_by_hand():
    """From 1 June 214 of 365 days of 2018 are left: 365 departures are 151 before and 214 after."""
    made = {"year": [2016, 2017, 2018, 2019, 2020, 2021], "departures": [10.0, 10, 365, 20, 5, 5]}
    own = pd.DataFrame({**made, "accidents": [1.0, 2, 3, 4, 0, 1], "fatal": [0.0, 1, 1, 0, 0, 1]})

    both = topic.around(own, date(2018, 6, 1), 1.0, first=2017)

    assert both.loc["before"].to_dict() == {"accidents": 2 + 3 - 1, "fatal": 2, "departures": pytest.approx(10 + 151)}
    assert both.loc["after"].to_dict() == {"accidents": 1 + 5, "fatal": 1, "departures": pytest.approx(214 + 30)}


def test_the_break_by_hand(known):
    """Twelve accidents before June 2018 and two after, on departures of 2018 divided by days."""
    now = of_iran(topic.departures(known))
    sides = topic.around_2018(known, QUICK)

    assert sides["accidents"].to_dict() == {"before": 12, "after": 2}
    assert sides["fatal"].to_dict() == {"before": 3, "after": 0}
    before = sum(now[year] for year in range(2010, 2018)) + now[2018] * 151 / 365
    assert sides.at["before", "departures"] == pytest.approx(before)
    assert sides.at["after", "departures"] == pytest.approx(now[2018] * 214 / 365 + now[2019] + now[2020] + now[2021])


def test_the_change_is_that_of_the_published_row(known, result):
    row = known.observation("irn.accrate.ratio.post.pre")
    (finding,) = [item for item in result.verdict("E16.worse").findings if item.origin == "asn"]

    assert finding.quantity.value == pytest.approx(row.value, abs=0.01)
    assert finding.quantity.high == pytest.approx(row.high, abs=0.01)


def test_nothing_is_said_of_2018_without_departures(known):
    """At publication departures end in 2015."""
    assert topic.around_2018(known.at_publication(), QUICK).empty


# -- verdicts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vintage", [Vintage.AT_PUBLICATION, Vintage.HINDSIGHT])
def test_every_part_has_a_verdict(result, vintage):
    for claim in result.claims:
        for part in claim.parts:
            assert result.verdict(part.part_id, vintage).text == part.text


def test_iran_is_far_above_the_world(known, result):
    """8 on 2.17 million against 246 on 424 million to 2015: a ratio of six and a half, by one count of grade A3."""
    ratio = (8 / 2.168753) / (246 / 424.328149)

    finding = result.verdict("E15.above_world", Vintage.AT_PUBLICATION).findings[0]
    assert finding.quantity.value == pytest.approx(ratio, rel=0.05)
    assert finding.probability > 0.999


def test_new_aircraft_stopped_but_not_all(known, result):
    bought = sum(known.observation(f"orders.{maker}.ordered").value for maker in ("airbus", "boeing", "atr"))
    came = sum(known.observation(f"orders.{maker}.delivered").value for maker in ("airbus", "boeing", "atr"))

    assert bought - came == known.observation("orders.west.undelivered").value
    assert result.verdict("E16.halted").label is Label.SUPPORTED
    assert result.verdict("E16.resumed").label is Label.SUPPORTED


def test_accidents_are_not_knowable_then_and_speak_against_worse_since(result):
    then, now = (result.verdict("E16.worse", vintage) for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT))

    assert "asn" not in {finding.origin for finding in then.findings}
    (accidents,) = [finding for finding in now.findings if finding.origin == "asn"]
    assert accidents.probability < 0.25
    assert now.probability < then.probability
    assert then.label is now.label is Label.SUPPORTED, "two counts of half the fleet idle weigh more than twice as much"


def test_nobody_found_counts_them_among_the_worst(result):
    for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT):
        assert result.verdict("E15.considered", vintage).findings == ()
        assert result.verdict("E15.given", vintage).label is Label.NOT_ENOUGH_EVIDENCE, "all at one remove"
        assert result.verdict("E15.old_fleet", vintage).label is Label.SUPPORTED
        assert result.verdict("E15.spares", vintage).label is Label.SUPPORTED
        assert result.verdict("E34.troubled", vintage).label is Label.SUPPORTED
    assert result.verdict("E15.post").label is Label.SUPPORTED


def test_the_worst_tenth_is_asked_for(known, result):
    """Of the 91 countries ranked in hindsight the worst tenth are nine."""
    made = topic.prepare(known, QUICK)
    finding = result.verdict("E15.unsafe").findings[0]

    assert QUICK.worst_share == known.part("E15.unsafe").numbers["share"] == 0.1
    assert finding.probability == pytest.approx(float(topic.chances_of_place(made.counts, made.prior)[:9].sum()))


def test_flips_are_past_the_present_value(result):
    for (part, _), found in result.flips.items():
        for flip in found:
            assert flip.becomes is not flip.label or flip.threshold == float("inf"), part


@pytest.mark.parametrize(
    "wrong",
    [
        {"scope": "country"}, {"prior": "none"}, {"min_departures": 1000}, {"worst_share": 0.0}, {"worst_share": 1.5},
        {"as_of": "soon"},
    ],
)  # fmt: skip
def test_parameters_out_of_range_are_refused(wrong):
    with pytest.raises(ParameterError):
        Parameters(**wrong)


# -- the notebook ------------------------------------------------------------------------------------------------------


def test_the_notebook_shows_the_places_and_ratios_the_verdict_rests_on(result, executed_aviation):
    """Recomputed from what the notebook's frames show, against the findings."""
    standing, ratios = executed_aviation["standing"].iloc[0], executed_aviation["ratios"].set_index("Iran over")
    place, world = result.verdict("E15.unsafe").findings[0], result.verdict("E15.above_world").findings[0]

    assert (standing["from"], standing["middle place"], standing["to"]) == (
        place.quantity.low, place.quantity.value, place.quantity.high,
    )  # fmt: skip
    assert standing["chance of the worst 10%"] / 100 == pytest.approx(place.probability)
    assert ratios.at["World", "times"] == pytest.approx(world.quantity.value)
    assert ratios.at["World", "chance to be higher"] == pytest.approx(world.probability)


def test_the_notebook_shows_the_sides_of_2018_the_verdict_rests_on(result, executed_aviation):
    rated = executed_aviation["rated"].query("kind == 'All accidents'").set_index("side")
    (finding,) = [item for item in result.verdict("E16.worse").findings if item.origin == "asn"]

    assert rated["count"].to_dict() == {"before": 12, "after": 2}
    raw = rated["count"] / rated["departures"]
    assert raw["after"] / raw["before"] == pytest.approx(finding.quantity.value, rel=0.1), (
        "the median is near the raw ratio"
    )
    assert executed_aviation["rose"] == pytest.approx(finding.probability)


def test_the_notebook_counts_the_shares_able_to_fly_that_decide(result, executed_aviation):
    since = executed_aviation["since"].set_index("row")["value"]
    judged = {name for item in result.verdict("E16.worse").findings for name in item.observations}

    assert (since < executed_aviation["before"]).all()
    assert set(since.index) <= judged


def test_every_ranked_country_has_a_name(known):
    for view in (known.at_publication(), known):
        years = topic.record(view)
        for first in (2000, 2010):
            assert set(topic.to_rank(view, QUICK, years, first).index) <= set(topic.NAMES)
