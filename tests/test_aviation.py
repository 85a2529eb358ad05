"""Iranian airlines: exposure and ranking rule by hand, the prior, ranks, the break of 2018, and what the charts say."""

from __future__ import annotations

import csv
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimaudit.dossier.dossier import DEFAULT_DOSSIER, Dossier
from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from claimaudit.verdict.audit import audit
from russia_iran.economic import aviation as topic
from russia_iran.economic import aviation_report as show
from russia_iran.economic.aviation import Counts, Parameters, Record, Split2018

QUICK = Parameters()


@pytest.fixture(scope="module")
def known() -> Dossier:
    return Dossier.load()


@pytest.fixture(scope="module")
def result(known):
    return audit(known, "aviation", QUICK)


def rows(name: str) -> list[dict[str, str]]:
    with (DEFAULT_DOSSIER / "series" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# -- exposure --------------------------------------------------------------------------------------------------------


def test_departures_of_iran_are_the_sums_the_rows_state(known):
    """The yearly table adds up to the published sums, release by release."""
    then = topic.departures(known.at_publication(), QUICK)["IRN"]
    now = topic.departures(known, QUICK)["IRN"]

    assert sum(then.values()) == pytest.approx(known.observation("irn.departures.2000_2015").value, abs=2)
    assert sum(now.values()) == pytest.approx(known.observation("irn.departures.2000_2021").value, abs=8)
    assert max(then) == 2015
    assert max(now) == 2021
    assert then[2015] > now[2015], "2015 was revised downwards in the later release"


def test_an_error_is_left_out_and_a_suspect_year_only_when_asked(known):
    flights = topic.departures(known, QUICK)
    strict = topic.departures(known, Parameters(suspect_years=False))

    assert 2002 not in flights["CAN"]
    assert 2002 in flights["IRN"]
    assert sorted(set(flights["IRN"]) - set(strict["IRN"])) == [2000, 2001, 2002, 2003]


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
        counts = topic.record(view, QUICK).counts(row.entity, row.start.year, row.end.year)
        assert counts.fatal / counts.departures == pytest.approx(row.value, rel=0.01), name


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
        return sum(item[1] for (who, year), item in found.items() if who == code and year <= 2021)

    assert fatal(register, "IRN") == 9
    assert fatal(airline, "IRN") == 12
    assert fatal(airline, "TUR") == fatal(register, "TUR")


def flights(**countries: dict[int, float]) -> Record:
    crashes = {("AAA", 2001): (2.0, 1.0), ("IRN", 2000): (1.0, 1.0), ("IRN", 2003): (1.0, 1.0)}
    return Record(countries, crashes)


def test_the_ranking_rule_by_hand():
    """Enough departures and enough years; accidents of years without departures do not count."""
    record = flights(
        IRN={2000: 200_000, 2001: 200_000},
        AAA={2000: 300_000},
        BBB={2000: 100_000, 2001: 100_000},
        WLD={2000: 9e6, 2001: 9e6},
    )

    assert list(topic.ranked(record, 2000, 2001, Parameters(), 0.8)) == ["IRN"]
    assert list(topic.ranked(record, 2000, 2001, Parameters(), 0.5)) == ["AAA", "IRN"]
    assert record.counts("AAA", 2000, 2001) == Counts(0, 0, 300_000, 1)
    assert record.counts("IRN", 2000, 2009) == Counts(1, 1, 400_000, 2)


# -- the prior and the ranks -----------------------------------------------------------------------------------------


def test_the_shared_prior_finds_the_gamma_it_was_drawn_from():
    """Many countries with long records: shape and mean come back."""
    rng = np.random.default_rng(1)
    true = rng.gamma(2.0, 0.5, size=1500)
    exposure = np.full(1500, 8.0)
    shape, inverse = topic.shared_prior(tuple(rng.poisson(true * exposure)), tuple(exposure))

    assert shape == pytest.approx(2.0, rel=0.15)
    assert shape / inverse == pytest.approx(1.0, rel=0.06)


def test_a_rate_by_hand():
    """Eight accidents on 2.17 million departures: quantiles of Gamma(8.5) over 2.17, as the row has them."""
    found = topic.fatal_rate(Counts(0, 8, 2_168_753, 16))

    assert found.low == pytest.approx(1.74, abs=0.01)
    assert found.high == pytest.approx(6.96, abs=0.01)
    assert found.low < 8 / 2.168753 < found.high


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 30), st.floats(0.4, 20))
def test_a_rate_is_surer_with_more_exposure(fatal, millions):
    """Ten times the accidents on ten times the departures: a narrower interval."""
    few = topic.fatal_rate(Counts(0, fatal, millions * 1e6, 10))
    many = topic.fatal_rate(Counts(0, 10 * fatal, 10 * millions * 1e6, 10))

    assert many.high - many.low < few.high - few.low


def test_separate_priors_give_the_published_rank(known):
    """The row of 2000-2015 was worked out with Jeffreys' priors: the same place and interval come out."""
    stand = topic.standing(known.at_publication(), Parameters(prior="separate"), 2000)
    row = known.observation("irn.rank.2000_2015")

    assert stand is not None
    assert stand.place(0.5) == row.value
    assert abs(stand.place(0.025) - row.low) <= 1
    assert abs(stand.place(0.975) - row.high) <= 1


def test_worst_share_counts_whole_countries(known):
    stand = topic.standing(known, QUICK, 2000)

    assert stand is not None
    assert stand.chance_worst(1.0) == pytest.approx(1)
    assert stand.chance_worst(0.001) == 0
    assert stand.chance_worst(1 / stand.size) == pytest.approx(stand.chances[0])


# -- 2018 ------------------------------------------------------------------------------------------------------------


def test_the_break_by_hand(known):
    """Twelve accidents before June 2018 and two after, on departures of 2018 divided by days."""
    now = topic.departures(known, QUICK)["IRN"]
    split = topic.split_2018(known, QUICK)

    assert split is not None
    assert (split.before.accidents, split.after.accidents) == (12, 2)
    assert (split.before.fatal, split.after.fatal) == (3, 0)
    assert split.before.departures == pytest.approx(sum(now[y] for y in range(2010, 2018)) + now[2018] * 151 / 365)
    assert split.after.departures == pytest.approx(now[2018] * 214 / 365 + now[2019] + now[2020] + now[2021])
    row = known.observation("irn.accrate.ratio.post.pre")
    change = split.change()
    assert change.value == pytest.approx(row.value, abs=0.01)
    assert change.high == pytest.approx(row.high, abs=0.01)


def test_switches_move_only_what_they_name(known):
    base = topic.split_2018(known, QUICK)
    plane = topic.split_2018(known, Parameters(military_707=True))
    short = topic.split_2018(known, Parameters(pandemic_years=False))

    assert base is not None
    assert plane is not None
    assert short is not None
    assert plane.after.accidents == base.after.accidents + 1
    assert plane.before == base.before
    assert short.before == base.before
    assert short.after.accidents == 1
    assert short.after.departures < base.after.departures


def test_nothing_is_said_of_2018_without_departures(known):
    """At publication departures end in 2015."""
    assert topic.split_2018(known.at_publication(), QUICK) is None


def test_chance_of_a_rise_is_even_when_nothing_changed():
    same = Split2018(Counts(5, 1, 1e6, 5), Counts(5, 1, 1e6, 5))

    assert same.chance_of_rise() == pytest.approx(0.5)
    assert same.chance_of_rise(3) > same.chance_of_rise()
    assert same.change().value == pytest.approx(1)


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
    stand = topic.standing(known, QUICK, topic.FIRST)
    finding = result.verdict("E15.unsafe").findings[0]

    assert QUICK.worst_share == known.part("E15.unsafe").numbers["share"] == 0.1
    assert finding.probability == pytest.approx(float(stand.chances[:9].sum()))


def test_flips_are_past_the_present_value(result):
    for (part, _), found in result.flips.items():
        for flip in found:
            assert flip.becomes is not flip.label or flip.threshold == float("inf"), part


@pytest.mark.parametrize(
    "wrong",
    [
        {"scope": "country"}, {"prior": "none"}, {"min_departures": 1000}, {"worst_share": 0.0}, {"worst_share": 1.5},
        {"break_day": "2018"}, {"draws": 10}, {"as_of": "soon"},
    ],
)  # fmt: skip
def test_parameters_out_of_range_are_refused(wrong):
    with pytest.raises(ParameterError):
        Parameters(**wrong)


# -- words -----------------------------------------------------------------------------------------------------------


def test_titles_follow_the_data(known):
    stand = topic.standing(known, QUICK, 2000)
    split = topic.split_2018(known, QUICK)

    assert stand is not None
    assert split is not None
    assert f"of {stand.size} countries" in show.rates_title(known, QUICK, 2000)
    assert f"{split.change().value:.2f}" in show.around_title(known, QUICK)
    assert show.around_title(known.at_publication(), QUICK) == "No departures after 2018 were on record"
    deals = show.orders(known)
    assert show.orders_title(deals).startswith("Of 200 ")
    assert show.orders_title(deals.assign(delivered=0)).count(" 0 had come") == 1
    fleet = show.active_share(known)
    assert show.active_title(fleet).startswith("Every count since")
    assert show.active_title(fleet.assign(mid=fleet["mid"] + 30 * (fleet["counter"] == "regulator"))).startswith(
        "Not every"
    )


def test_every_ranked_country_has_a_name(known):
    for view in (known.at_publication(), known):
        for first in (2000, 2010):
            stand = topic.standing(view, QUICK, first)
            assert stand
            assert set(stand.counts) <= set(show.NAMES)


def test_tables_for_readers_hold_no_slugs(known):
    for table in (show.standings(known, QUICK), show.ratios(known, QUICK), show.variants_2018(known, QUICK),
                  show.ages(known), show.used_aircraft(known), show.crashes(known)):  # fmt: skip
        assert len(table)
        assert not [name for name in table.columns if "_" in name]


def test_ordinals():
    assert [show._ordinal(n) for n in (1, 2, 3, 4, 11, 12, 21, 22, 113)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "22nd", "113th",
    ]  # fmt: skip


def test_every_shown_row_exists(known):
    shown = topic.shown_rows(known)

    assert len(shown) == len(set(shown))
    assert all(known.observation(name) for name in shown)
