"""Su-35 for Iran: hand-worked counts of the fleet, standing among states, and promises of delivery."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimaudit.errors import ParameterError
from claimaudit.model import Label, Vintage
from claimaudit.rated import Badge
from claimaudit.verdict.sensitivity import flips_of
from russia_iran.military import airpower, airpower_report

P = airpower.Parameters()
SHARES = st.floats(0.05, 1.0)
FLEETS = st.floats(1, 500)


@pytest.mark.parametrize(
    "wrong",
    [{"cutoff_year": 1900}, {"serviceability": 0.0}, {"serviceability": 1.5}, {"jets": -1}, {"jets": 1_000},
     {"generation": "6"}, {"patience_days": -1}],
)  # fmt: skip
def test_parameters_out_of_range_are_refused(wrong):
    with pytest.raises(ParameterError):
        airpower.Parameters(**wrong)


def test_defaults_are_the_middle_of_the_method_files_ranges(project):
    topic = project.method.topics["airpower"]

    assert topic["serviceability"]["range"][1] == P.serviceability
    assert topic["patience_days"]["range"][1] == P.patience_days


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
    delivered = airpower.modern(project, "4.5").round()
    rows = project.rows(measure="new_combat_aircraft_delivered", variant="generation-4.5-or-5")

    assert delivered.to_dict() == {row.entity: row.value for row in rows}
    assert delivered["SAU"] == 48 + 24 + 84
    assert airpower.modern(project.at_publication(), "4.5").empty


def test_two_dozen_jets_pass_pakistan_and_twice_as_many_three_states(project):
    delivered = airpower.modern(project, "4.5")

    assert airpower.passed(delivered, 24) == ["PAK"]
    assert airpower.passed(delivered, 48) == ["PAK", "ISR", "KWT"]
    assert airpower.passed(airpower.modern(project, "4"), 24) == []


# -- promises ----------------------------------------------------------------------------------------------------------


def test_promises_fall_due_on_their_date_or_after_the_patience(project):
    due = {promise.row.observation_id: promise.due for promise in airpower.promises(project, 90)}

    assert due["asp.su35.earlier.heidari"] == date(2023, 4, 20)
    assert due["asp.su35.farahi.ongoing"] == date(2023, 11, 28) + timedelta(days=90)
    assert due["asp.su35.promise.leak2026"] == date(2026, 12, 31)
    assert list(due.values()) == sorted(due.values())


def test_no_promise_due_by_february_2026_was_kept(project):
    """Five promises, no jet: Jeffreys' posterior Beta(1/2, 11/2) reaches to 38 per cent."""
    last = airpower.statuses(project)[-1]
    kept, pace = airpower.kept_share(project, P), airpower.delivery_rate(project)

    assert last.start == date(2026, 2, 1)  # the register of May counts to the end of 2025
    assert len(airpower.due_by(project, 90, last.start)) == 5
    assert kept.high == pytest.approx(0.38, abs=0.01)
    # the 97.5% point of Gamma(1/2) is half that of chi-square with one degree of freedom, 5.024 / 2
    years = (date(2026, 2, 1) - date(2023, 3, 14)).days / 365.25
    assert pace.high == pytest.approx(2.512 / years, rel=1e-3)


def test_more_patience_lets_no_more_promises_lapse(project):
    due = [len(airpower.due_by(project, days, date(2024, 3, 1))) for days in (0, 90, 365, 730)]

    assert due == sorted(due, reverse=True)


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


# -- words -------------------------------------------------------------------------------------------------------------


def test_titles_follow_the_data(project):
    then = project.at_publication()

    assert "past Pakistan" in airpower_report.ladder_title(project, P)
    assert "past no neighbour" in airpower_report.ladder_title(project, replace(P, jets=5))
    assert airpower_report.ladder_title(then, P) == "No register of deliveries was knowable"
    assert "5 promised dates" in airpower_report.promise_title(project, P)
    assert airpower_report.promise_title(then, P) == "No count of deliveries was knowable"
    assert airpower_report.outcome_title(project).startswith("No Su-35 came to Iran")
    assert "the oldest of 9" in airpower_report.age_title(project)
    assert airpower_report.age_title(then) == "No ages were knowable"


def test_tables_hold_readable_words(project):
    tables = [
        airpower_report.count_table(project, P),
        airpower_report.chronicle(project),
        airpower_report.fleet_table(project),
        airpower_report.lateness_table(airpower.promise_table(project, P)),
        airpower_report.misses_table(project, P),
        airpower.order_table(project, P),
    ]

    for table in tables:
        assert len(table)
        cells = [str(cell) for cell in (*table.columns, *table.to_numpy().flat)]
        assert not [cell for cell in cells if "_" in cell or "RUS-" in cell or cell != cell.strip()]


def test_curves_end_on_the_paper_share(project):
    x, curves = airpower.share_curves(project, P)

    assert x[-1] == 100
    assert curves["World Air Forces 2022"][-1] == pytest.approx(100 * 153 / 231)
    assert all(np.all(np.diff(curve) > 0) for curve in curves.values())
