"""The year the partner chart shows and Iran's place in it, on a handful of rows made for it."""

from __future__ import annotations

import pytest

from claimaudit.dossier.dossier import Dossier
from russia_iran.economic import trade, trade_report
from samples import OBSERVATIONS, OTHERS, write_dossier

MEASURES = OTHERS["measures.csv"] + "trade_turnover,USD,0,Exports plus imports of the pair\n"
UNITS = OTHERS["units.csv"] + "USD,US dollar,1,US dollar\n"
OTHER_PARTNERS = ("AZE", "KAZ", "BLR", "TUR")


def turnover(entity: str, year: int, value: float, *, end: str = "12-31", start: str = "01-01", name: str = "") -> str:
    """One row of the table: what Russia and a partner traded from a day to a day of a year."""
    key = name or f"{entity.lower()}.{year}"
    period = f"{year}-{start},{year}-{end}"
    return f"{key},trade_turnover,RUS-{entity},{period},{value},,,USD,1,,,,official,{key},customs,audit-2024,n\n"


def partners_of(year: int, entities=OTHER_PARTNERS, **cells: str) -> str:
    return "".join(turnover(entity, year, 10.0, **cells) for entity in entities)


@pytest.fixture
def dossier(tmp_path):
    def of(rows: str) -> Dossier:
        return Dossier.load(write_dossier(tmp_path, harbour=OBSERVATIONS + rows, measures=MEASURES, units=UNITS))

    return of


def test_the_chart_shows_the_latest_year_with_iran_and_four_others(dossier):
    """2023 has three others, 2024 five but not Iran: 2022 it is, though 2021 would do as well."""
    rows = turnover("IRN", 2021, 4.0) + partners_of(2021)
    rows += turnover("IRN", 2022, 5.0) + partners_of(2022)
    rows += turnover("IRN", 2023, 6.0) + partners_of(2023, OTHER_PARTNERS[:3])
    rows += partners_of(2024, (*OTHER_PARTNERS, "CHN"))

    assert trade.rank_year(dossier(rows)) == 2022


@pytest.mark.parametrize(("end", "year"), [("08-29", 2023), ("08-28", 2022)])
def test_a_year_of_which_less_than_240_days_are_counted_does_not_count(dossier, end, year):
    """1 January to 29 August spans 240 days (212 to 1 August and 28 more)."""
    rows = turnover("IRN", 2022, 5.0) + partners_of(2022)
    rows += turnover("IRN", 2023, 6.0) + partners_of(2023, end=end)

    assert trade.rank_year(dossier(rows)) == year


def test_without_such_a_year_the_latest_on_record_is_shown(dossier):
    assert trade.rank_year(dossier(turnover("IRN", 2021, 4.0) + partners_of(2023, OTHER_PARTNERS[:2]))) == 2023
    assert trade.rank_year(dossier("")) == 0


def test_the_projects_chart_shows_2022_at_publication_and_2024_now(project):
    parameters = trade.Parameters()

    assert trade_report.rank_title(project.at_publication(), parameters).startswith("In 2022 4 partners on record")
    assert trade_report.rank_title(project, parameters).startswith("In 2024 3 partners on record")


def test_irans_largest_count_is_held_against_the_least_of_each_other(dossier):
    """Iran 5 at most; Turkey 4 at least, so not above; China 30 and Kazakhstan 6 are, the larger first."""
    rows = turnover("IRN", 2022, 3.0) + turnover("IRN", 2022, 5.0, name="irn.other")
    rows += turnover("TUR", 2022, 9.0) + turnover("TUR", 2022, 4.0, name="tur.other")
    rows += turnover("KAZ", 2022, 6.0) + turnover("CHN", 2022, 30.0) + turnover("BLR", 2022, 5.0)
    rows += turnover("IND", 2023, 50.0)
    loaded = dossier(rows)

    assert trade.rank_of_iran(loaded, 2022) == (3, ["China", "Kazakhstan"])
    assert trade.rank_of_iran(loaded, 2023) == (0, [])
    assert trade.rank_of_iran(loaded, 2021) == (0, [])


def test_the_partner_table_marks_what_is_no_calendar_year(dossier):
    rows = (
        turnover("IRN", 2022, 5.0)
        + turnover("CHN", 2022, 30.0, end="11-30")
        + turnover("IND", 2022, 20.0, start="04-01")
    )
    rows += turnover("TUR", 2022, 40.0, end="06-30")
    table = trade.partners(dossier(rows), 2022).set_index("partner")

    assert list(table.index) == ["China", "India", "Iran"]
    assert list(table["covers"]) == ["January to November 2022", "April to December 2022", ""]
    assert list(table["value"]) == [30.0, 20.0, 5.0]
