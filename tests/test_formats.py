"""How figures, days and names are written."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimaudit import formats
from claimaudit.model import dated


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (4.6e9, "USD", "$4.6bn"),
        (22.5e9, "USD/year", "$22.5bn a year"),
        (600, "USD/round", "$600 a round"),
        (285_000, "IRR/USD", "285,000 rials a dollar"),
        (0.5224, "percent", "0.522%"),
        (-64.2, "percent", "-64.2%"),
        (401.5, "index(1395=100)", "402 (1395 = 100)"),
        (10.94, "USD1983/hour", "$10.9 an hour in money of 1983"),
        (300_000, "round", "300,000 rounds"),
        (1, "ship", "1 ship"),
        (5, "country", "5 countries"),
        (5000, "round/day", "5,000 rounds a day"),
        (231, "aircraft", "231 aircraft"),
        (1979, "year", "1979"),
        (24.5, "year", "24.5 years"),
        (1, "flag", "1"),
        (28_140, "kg", "28,100 kg"),
        (0, "drone", "0 drones"),
    ],
)
def test_quantities(value, unit, shown):
    assert formats.quantity(value, unit) == shown


@pytest.mark.parametrize(
    ("low", "high", "unit", "shown"),
    [
        (8.3, 28.14, "tonne/container", "8.3 to 28.1 tonnes a container"),
        (4e9, 5e9, "USD", "$4bn to $5bn"),
        (600, 4000, "USD/round", "$600 to $4,000 a round"),
        (47.4, 48.2, "percent", "47.4 to 48.2%"),
        (1976, 1979, "year", "1976 to 1979"),
        (3, 3, "ship", "3 ships"),
    ],
)
def test_ranges(low, high, unit, shown):
    assert formats.span(low, high, unit) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.001, "<1%"),
        (0.005, "<1%"),
        (0.5, "50%"),
        (0.81, "81%"),
        (0.995, ">99%"),
        (0.2011, "20.1%"),
        (0.7999, "80.0%"),
    ],
)
def test_probabilities_are_never_quite_certain_where_they_are_not(value, shown):
    assert formats.probability(value) == shown


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        (date(2022, 1, 1), date(2022, 12, 31), "2022"),
        (date(2010, 1, 1), date(2015, 12, 31), "2010-2015"),
        (date(2023, 1, 1), date(2023, 1, 31), "January 2023"),
        (date(2022, 1, 1), date(2022, 7, 31), "January to July 2022"),
        (date(2023, 1, 10), date(2023, 1, 27), "10 to 27 January 2023"),
        (date(2023, 3, 8), date(2023, 3, 8), "8 March 2023"),
        (date(2022, 3, 21), date(2023, 3, 20), "21 March 2022 to 20 March 2023"),
    ],
)
def test_periods_are_as_short_as_they_can_be(start, end, shown):
    assert formats.period(start, end) == shown


def test_names_become_words_and_nouns_get_their_number():
    assert formats.words("at_low") == "at low"
    assert formats.words("of-january_may") == "of January may"
    assert formats.words("us-estimate", {"us": "US"}) == "US estimate"
    assert formats.count(0, "independent source") == "no independent sources"
    assert formats.count(1, "independent source") == "1 independent source"
    assert formats.count(2, "country", "countries") == "2 countries"


@given(st.floats(-1e13, 1e13))
def test_numbers_keep_their_size(value):
    """Read back, a written number is within one per cent of what it was."""
    text = formats.number(value)
    scale = next((size for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")) if word in text), 1)
    read = float(text.split(" ")[0].replace(",", "")) * scale

    assert read == pytest.approx(value, rel=0.01, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2022-08-09", "9 August 2022"),
        ("2022-08", "August 2022"),
        ("2022", "2022"),
        ("2022-13", "2022-13"),  # no month, so no date
        ("copy of 2022-08-09", "copy of 2022-08-09"),
    ],
)
def test_a_date_of_the_tables_is_written_as_a_reader_would(text, words):
    assert dated(text) == words
