"""Su-35 for Iran: hand-worked counts of the fleet, standing among states, and promises of delivery."""

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
from claimaudit.verdict.sensitivity import flips_of
from notebooks_on_disk import cells_run
from russia_iran.military import airpower

P = airpower.Parameters()
SHARES = st.floats(0.05, 1.0)
FLEETS = st.floats(1, 500)


@pytest.mark.parametrize(
    "wrong",
    [{"cutoff_year": 1900}, {"serviceability": 0.0}, {"serviceability": 1.5}, {"jets": -1}, {"jets": 1_000},
     {"generation": "6"}],
)  # fmt: skip
def test_parameters_out_of_range_are_refused(wrong):
    with pytest.raises(ParameterError):
        airpower.Parameters(**wrong)


def test_defaults_are_the_middle_of_the_method_files_ranges(project):
    assert project.method.topics["airpower"]["serviceability"]["range"][1] == P.serviceability


# -- the fleet ---------------------------------------------------------------------------------------------------------


def test_share_of_old_types_by_hand():
    """153 old and 78 newer aircraft: two thirds on paper, two fifths when a third of the old ones fly."""
    assert airpower.old_share(153, 78, 1.0) == pytest.approx(153 / 231)
    assert airpower.old_share(153, 78, 1 / 3) == pytest.approx(51 / 129)
    assert airpower.break_even(153, 78, 0.5) == pytest.approx(78 / 153)
    assert airpower.chance_of_share(153, 78, 0.5, 0.33) == pytest.approx((1 - 78 / 153) / 0.67)


@pytest.mark.parametrize(
    ("old", "newer", "lowest", "chance"),
    [(0, 10, 0.5, 0), (10, 0, 0.5, 1), (10, 10, 1, 1), (9, 10, 1, 0), (90, 10, 0.5, 1)],
)
def test_share_at_the_edges(old, newer, lowest, chance):
    assert airpower.chance_of_share(old, newer, 0.5, lowest) == chance


@given(FLEETS, FLEETS, SHARES, SHARES)
def test_more_flying_old_jets_raise_their_share(old, newer, one, other):
    low, high = sorted((one, other))

    assert airpower.old_share(old, newer, low) <= airpower.old_share(old, newer, high)
    assert airpower.chance_of_share(old, newer, 0.5, low) <= airpower.chance_of_share(old, newer, 0.5, high) + 1e-9


@given(FLEETS, FLEETS, st.floats(0.1, 0.9))
def test_at_the_break_even_the_share_is_the_bound(old, newer, bound):
    needed = airpower.break_even(old, newer, bound)

    assert airpower.old_share(old, newer, needed) == pytest.approx(bound)


def test_rival_counts_stay_apart(project):
    """Sums worked by hand from the counts as printed; the one without F-14 gets 17 to 41 of them."""
    found = {count.origin: count for count in airpower.counts(project, P)}

    assert {name: (count.old, count.newer) for name, count in found.items()} == {
        "flightglobal-waf-2022": (63 + 41 + 49, 19 + 23 + 19 + 17),
        "fliegerweb-202303": (63 + 41 + 35, 19 + 23 + 9 + 17),
        "flight-international-older": (42 + 24, 20 + 17 + 23 + 9),
    }
    older = found["flight-international-older"]
    assert older.added == (17, 41)
    assert older.total == (135 + 17, 135 + 41)
    assert older.paper().low == pytest.approx(100 * 83 / 152)
    assert found["flightglobal-waf-2022"].added == (0, 0)


def test_at_publication_only_two_counts_were_knowable(project):
    names = {count.origin for count in airpower.counts(project.at_publication(), P)}

    assert names == {"flightglobal-waf-2022", "flight-international-older"}


def test_an_early_cut_off_makes_no_type_old(project):
    early = replace(P, cutoff_year=1960)

    assert {count.old for count in airpower.counts(project, early)} == {0}
    assert [finding.probability for finding in airpower._types(project, early)] == [0, 0, 0]


# -- neighbours --------------------------------------------------------------------------------------------------------


def test_standing_by_hand():
    delivered = pd.Series({"IRN": 0.0, "PAK": 10.0, "ISR": 37.0, "TUR": 0.0})

    assert airpower.states_above(delivered, "IRN") == 2
    assert airpower.states_above(delivered, "IRN", 10) == 1
    assert airpower.passed(delivered, 10) == []
    assert airpower.passed(delivered, 11) == ["PAK"]
    assert airpower.passed(delivered, 100) == ["PAK", "ISR"]


def test_the_register_adds_up_to_the_memos_rows(project):
    """Deliveries of generation 4.5 or 5, as the observations give them; fractions of split deals are rounded there."""
    delivered = airpower.modern(airpower.register(project), "4.5").round()
    rows = project.rows(measure="new_combat_aircraft_delivered", variant="generation-4.5-or-5")

    assert delivered.to_dict() == {row.entity: row.value for row in rows}
    assert delivered["SAU"] == 48 + 24 + 84
    assert airpower.modern(airpower.register(project.at_publication()), "4.5").empty


def test_two_dozen_jets_pass_pakistan_and_twice_as_many_three_states(project):
    delivered = airpower.modern(airpower.register(project), "4.5")

    assert airpower.passed(delivered, 24) == ["PAK"]
    assert airpower.passed(delivered, 48) == ["PAK", "ISR", "KWT"]
    assert airpower.passed(airpower.modern(airpower.register(project), "4"), 24) == []


# -- verdicts ----------------------------------------------------------------------------------------------------------


BOTH = (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT)


def test_the_report_and_its_day_hold_at_both_dates(audited):
    """The broadcaster carried it on Saturday, 11 March; the agency had it on the evening before, which is another medium."""
    result = audited("airpower")

    for vintage in BOTH:
        assert result.verdict("M04.reported", vintage).label is Label.SUPPORTED
        assert result.verdict("M04.date", vintage).label is Label.SUPPORTED
        assert result.verdict("M04.unconfirmed", vintage).label is Label.SUPPORTED
    assert result.verdict("M04.delivered").label is Label.REFUTED


def test_the_sale_itself_was_one_partys_word_until_the_register_had_it(audited):
    result = audited("airpower")

    assert result.verdict("M04.agreement", Vintage.AT_PUBLICATION).label is Label.NOT_ENOUGH_EVIDENCE
    assert result.verdict("M04.agreement").label is Label.SUPPORTED


def test_the_agency_had_it_on_the_tenth(project):
    assert project.observation("asp.su35.announce.irna").start == date(2023, 3, 10)
    assert project.observation("asp.su35.announce.irib").start == date(2023, 3, 11)


def test_degree_words_are_held_by_two(audited):
    """Before the article an agency and a US paper, both of letter B, call the fleet old."""
    result = audited("airpower")

    assert result.verdict("M05.antiquated", Vintage.AT_PUBLICATION).label is Label.SUPPORTED
    assert result.verdict("M05.significant").label is Label.SUPPORTED
    assert result.verdict("M04.advanced").label is Label.SUPPORTED


def test_the_reason_was_given_only_after_the_article(audited):
    result = audited("airpower")

    assert result.verdict("M05.given", Vintage.AT_PUBLICATION).label is Label.NOT_ENOUGH_EVIDENCE
    assert result.verdict("M05.given").label is Label.SUPPORTED
    assert result.verdict("M05", Vintage.AT_PUBLICATION).rating.badge is Badge.UNPROVEN


def test_five_outlets_of_one_announcement_are_one_independent_source_on_the_sale(audited):
    assert audited("airpower").verdict("M04.agreement", Vintage.AT_PUBLICATION).origins == ("state:IRN",)


def test_the_register_weighs_on_the_standing_in_hindsight_only(audited):
    result = audited("airpower")

    assert result.verdict("M05.standing").origins == ("sipri",)
    assert result.verdict("M05.standing", Vintage.AT_PUBLICATION).origins == ()


def test_flips_name_the_jets_that_pass_nobody(project, audited):
    found = {(flip.part_id, flip.source): flip for flip in flips_of(audited("airpower").knobs(project), project)}

    assert round(found["M05.standing", "jets"].threshold) == 10
    assert found["M05.standing", "generation"].becomes is Label.REFUTED
    assert ("M05.types", "serviceability") not in found  # open at every serviceability: outlets part on it


# -- the notebook ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shown():
    """The names a reader has after running the notebook's cells as they are, its panel left out."""
    return cells_run("airpower")


def test_types_are_split_by_the_year_they_came():
    """By hand: 10 of 1971 and 5 of 1990 in one count, 7 of 1980 in another; the year itself is not before it."""
    types = pd.DataFrame(
        {"source_id": ["a", "a", "b"], "introduced_year": [1971, 1990, 1980], "number": [10.0, 5.0, 7.0]}
    )

    assert airpower.old_and_newer(types, 1980).to_dict("index") == {
        "a": {"old": 10, "newer": 5},
        "b": {"old": 0, "newer": 7},
    }


def test_the_notebook_shows_the_shares_the_verdict_rests_on(audited, shown):
    """Old over all, of the frame's own columns: 153 of 231; 139 of 207; with 17 to 41 F-14 the middle of 83/152 and 107/176."""
    frame = shown["counts"].set_index("origin")
    findings = {row.origin: row for row in audited("airpower").verdict("M05.types").findings if row.quantity}
    low, high = (frame["old"] + frame["added"].str[end] for end in (0, 1))
    paper = 50 * (low / (low + frame["newer"]) + high / (high + frame["newer"]))

    assert set(findings) == set(frame.index)
    assert paper.to_dict() == pytest.approx({name: row.quantity.value for name, row in findings.items()})
    assert frame["on paper"].to_dict() == pytest.approx(paper.to_dict())
    assert frame["chance"].to_dict() == pytest.approx({name: row.probability for name, row in findings.items()})


def test_the_notebook_passes_whom_the_verdict_passes(audited, shown):
    """States with more than Iran has and fewer than Iran with the jets, of the frame that is drawn."""
    bars = shown["ladder"]
    own = bars[bars["state"].str.startswith("Iran")]["aircraft"]
    between = bars[(bars["aircraft"] > own.min()) & (bars["aircraft"] < own.max())]["state"].tolist()
    (finding,) = audited("airpower").verdict("M05.standing").findings

    assert between == ["Pakistan"] == [airpower.COUNTRIES[code] for code in shown["passed"]]
    assert finding.probability == bool(between)
    assert f"would pass {', '.join(between)} of the" in finding.text


def test_the_announcement_is_one_source_however_many_carry_it(shown):
    speakers = shown["speakers"]

    assert speakers.at["iran-un-mission-202303", "reports"] == 6
    assert speakers.at["iran-un-mission-202303", "says"] == "there is a sale"
    assert set(speakers.loc[["reuters-20230311", "business-standard-20230312"], "says"]) == {"not confirmed"}
    assert shown["came"]["value"].max() == 0
