"""How figures, days and labels are written for a reader: one style for charts, cards, reports and the terminal."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_SCALES = ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"))
_COUNTS_WITHOUT_UNIT = ("flag", "event", "ratio", "rank", "year")
_PLURALS = {"country": "countries", "index": "indices"}
_RATES = {"IRR/USD": "rials a dollar", "RUB/USD": "roubles a dollar", "USD/EUR": "dollars a euro"}
_BEFORE = {"USD": "$", "EUR": "€"}
_AFTER = {"RUB": "roubles", "IRR": "rials", "IRT": "tomans"}
_SHORT = {" trillion": "tn", " billion": "bn", " million": "m"}
"""How money is scaled."""


def number(value: float, digits: int = 3) -> str:
    """A figure in about ``digits`` significant digits, large ones in words: ``2.18 billion``, ``63,000``, ``0.54``.

    What is not finite reads ``unbounded``, or ``none``.
    """
    if not math.isfinite(value):
        return "unbounded" if value > 0 else "none"
    for scale, word in _SCALES:
        if abs(value) >= scale:
            return f"{_trim(value / scale, digits)}{word}"
    if abs(value) >= 1000:
        keep = max(0, digits - len(str(int(abs(value)))))
        rounded = round(value, min(0, digits - len(str(int(abs(value))))) if keep == 0 else keep)
        return f"{rounded:,.0f}"
    return _trim(value, digits)


def apart(*values: float) -> int:
    """The significant digits, three or more, in which figures that differ are written differently."""
    differing = set(values)
    return next((digits for digits in range(3, 13) if len({number(v, digits) for v in differing}) == len(differing)), 3)


def significant(value: float) -> int:
    """How many significant digits a printed figure has: three in 64.2, two in 1,400,000,000."""
    digits = f"{abs(value):.10e}".split("e")[0].replace(".", "").rstrip("0")
    return max(1, len(digits))


def money(value: float, currency: str, digits: int = 3) -> str:
    """A sum: ``$1.4bn``, ``€250m``, ``$600``, ``1.2tn rials``."""
    text = number(abs(value), digits)
    for word, short in _SHORT.items():
        text = text.replace(word, short)
    sign = "-" if value < 0 else ""
    return f"{sign}{_BEFORE[currency]}{text}" if currency in _BEFORE else f"{sign}{text} {_AFTER[currency]}"


def _trim(value: float, digits: int) -> str:
    if value == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{min(places, 10)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plural(unit: str, value: float) -> str:
    """The unit as a word after a figure: ``1 ship``, ``2 ships``, ``5 rounds a day``."""
    first, _, per = unit.partition("/")
    if first.isupper() or first in ("kg", "km", "m", "m3", "W", "percent", "aircraft"):
        many = first
    else:
        many = first if abs(value) == 1 else _PLURALS.get(first, first + "s")
    return f"{many} a {per}" if per and not first.isupper() else unit if per else many


_OF_A_YEAR = re.compile(r"([A-Z]{3})([12]\d{3})")
"""Money of a year, as ``USD1983``."""


def quantity(value: float, unit: str, digits: int = 3) -> str:
    """A figure with its unit: ``$4.6bn``, ``0.54%``, ``300,000 rounds``, ``$11 an hour in money of 1983``."""
    if unit == "percent":
        return f"{number(value, digits)}%"
    if unit == "year":
        return f"{value:.0f}" if value > 1000 else f"{number(value, digits)} years"
    if unit in _RATES:
        return f"{number(value, digits)} {_RATES[unit]}"
    currency, _, per = unit.partition("/")
    if priced := _OF_A_YEAR.fullmatch(currency):
        return f"{quantity(value, unit.replace(priced[2], '', 1), digits)} in money of {priced[2]}"
    if currency in _BEFORE or currency in _AFTER:
        return money(value, currency, digits) + (
            f" {'an' if per[0] in 'aeiou' or per == 'hour' else 'a'} {per}" if per else ""
        )
    if unit in _COUNTS_WITHOUT_UNIT or unit == "index":
        return number(value, digits)
    if unit.startswith("index("):
        return f"{number(value, digits)} ({unit[6:-1].replace('=', ' = ')})"
    return f"{number(value, digits)} {plural(unit, value)}"


def span(low: float, high: float, unit: str, digits: int = 3) -> str:
    """A range with its unit once: ``8.3 to 28.1 tonnes a container``."""
    if low == high:
        return quantity(low, unit, digits)
    if unit == "year" and low > 1000:
        return f"{low:.0f} to {high:.0f}"
    if unit == "percent":
        return f"{number(low, digits)} to {number(high, digits)}%"
    currency = unit.partition("/")[0]
    if currency in _BEFORE and unit not in _RATES:
        return f"{money(low, currency, digits)} to {quantity(high, unit, digits)}"
    return f"{number(low, digits)} to {quantity(high, unit, digits)}"


def probability(value: float) -> str:
    """A probability (0-1) in whole per cent, never quite 0 or 100: ``85%``, ``<1%``; with a decimal close to the usual bars."""
    if value <= 0.005:
        return "<1%"
    if value >= 0.995:
        return ">99%"
    close = min(abs(value - 0.2), abs(value - 0.8)) < 0.005
    return f"{100 * value:.{1 if close else 0}f}%"


def day(value: date | pd.Timestamp) -> str:
    """A day as ``14 March 2023``."""
    return f"{value.day} {calendar.month_name[value.month]} {value.year}"


@lru_cache(maxsize=4096)
def period(start: date | pd.Timestamp, end: date | pd.Timestamp) -> str:
    """The period a figure was measured in, as short as it can be said: ``2022``, ``January 2023``, two days."""
    if start == end:
        return day(start)
    first_of_year, last_of_year = (start.month, start.day) == (1, 1), (end.month, end.day) == (12, 31)
    if first_of_year and last_of_year:
        return f"{start.year}" if start.year == end.year else f"{start.year}-{end.year}"
    last_of_month = end.day == calendar.monthrange(end.year, end.month)[1]
    if start.day == 1 and last_of_month:
        if (start.year, start.month) == (end.year, end.month):
            return f"{start:%B %Y}"
        if start.year == end.year:
            return f"{start:%B} to {end:%B %Y}"
        return f"{start:%B %Y} to {end:%B %Y}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day} to {day(end)}"
    return f"{day(start)} to {day(end)}"


def capital(text: str) -> str:
    """A text that begins a line: its first letter a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def count(items: int, noun: str, many: str = "") -> str:
    """``1 independent source``, ``3 independent sources``, ``no independent sources``."""
    return f"{'no' if items == 0 else f'{items:,}'} {noun if items == 1 else many or noun + 's'}"


_MONTHS = frozenset(name.casefold() for name in calendar.month_name if name not in ("", "March", "May"))
"""Months, but for those that are words as well."""


def words(slug: str, own: Mapping[str, str] | None = None) -> str:
    """A name of the tables as words: ``at_low`` reads ``at low``; ``own`` words by their lower case as they are written."""
    out = []
    for word in slug.replace("_", " ").replace("-", " ").split():
        low = word.casefold()
        out.append(own[low] if own and low in own else word.capitalize() if low in _MONTHS else word)
    return " ".join(out)
