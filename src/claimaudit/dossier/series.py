"""The regular tables of a dossier (``series.toml`` and ``series/*.csv``) and how far each can be cut back in time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from claimaudit.dossier import files
from claimaudit.dossier.forms import ID, ID_TOLD, NAME, UNIT_NAME, List, Names, Number, Table, Text, check
from claimaudit.dossier.tables import Row, read_table
from claimaudit.dossier.toml_files import Place, Read, read_toml
from claimaudit.errors import Fault, References, nearest
from claimaudit.model import VintageCapability

FILE = "series.toml"
_FORM = Table(
    {
        "title": Text(),
        "row": Text(),
        "key": List(NAME, least=1),
        "period": Text(blank=True),
        "vintage": Text(choices=tuple(capability.value for capability in VintageCapability)),
        "lag_days": Number(0, 36_500, whole=True),
        "vintage_reason": Text(),
        "numbers": Names(UNIT_NAME),
    }
)
_OWN = ("knowable",)
"""Columns that are worked out, and so cannot stand in a table."""


@dataclass(frozen=True)
class Series:
    """A regular table with what a row is, and its vintage capability with the reason.

    ``frame`` holds the table's own columns and ``knowable``, the day each row counts from (datetime64; ``NaT``: in
    hindsight only). ``units`` gives the unit of each number column.
    """

    name: str
    title: str
    row: str
    key: tuple[str, ...]
    period: str
    vintage: VintageCapability
    vintage_reason: str
    units: dict[str, str]
    frame: pd.DataFrame

    def as_of(self, day: date, hindsight: date) -> Series:
        """The series with the rows that were knowable on ``day``; from the day of ``hindsight`` on, with all of them."""
        if day >= hindsight:
            return self
        return replace(self, frame=self.frame[self.frame["knowable"] <= pd.Timestamp(day)])


def load_series(
    folder: Path,
    sources: pd.DataFrame,
    units: pd.DataFrame,
    faults: list[Fault],
    *,
    tables: Collection[str],
    whole: bool = True,
) -> dict[str, Series]:
    """Read the ``tables`` by what ``series.toml`` says of them, by name; one that nobody describes is a fault.

    With ``whole``, so is an entry whose table is not there. ``sources`` (column ``knowable``) and ``units`` are indexed by
    their names; no row in one of them means that it is at fault itself, and nothing is held against it.
    """
    if not tables and not (whole and files.exists(folder, FILE)):
        return {}
    read = read_toml(folder / FILE, faults) if files.exists(folder, FILE) else Read({}, Place(FILE, "", faults))
    if read is None:
        return {}
    for name in sorted(set(tables) - set(read.data)):
        faults.append(Fault(f"series/{name}.csv", 0, "", f"{FILE} does not describe it", "add an entry for it"))
    lists = {
        "source_id": References("sources.csv", "source", dict.fromkeys(sources.index)),
        "unit": References("units.csv", "unit", dict.fromkeys(units.index)),
    }
    days = {name: stamp.date() for name, stamp in sources["knowable"].items() if pd.notna(stamp)}
    found = {}
    for name, entry in read.data.items():
        if not whole and name not in tables:
            continue
        place = read.place.at(name).called(name)
        if not ID.fullmatch(name):
            place.fault(f"{name!r} is no name of a table", ID_TOLD)
        elif check(_FORM, entry, place) and (series := _load(folder, name, entry, place, days, lists)):
            found[name] = series
    for references in lists.values():
        faults += references.faults()
    return found


def _load(
    folder: Path,
    name: str,
    entry: Mapping[str, Any],
    place: Place,
    published: Mapping[str, date],
    lists: Mapping[str, References],
) -> Series | None:
    faults = place.faults
    before = len(faults)
    vintage = VintageCapability(entry["vintage"])
    for column, unit in entry["numbers"].items():
        lists["unit"].check(unit, FILE, place.at("numbers").at(column).line, f"{name}: {column}")
    if vintage is VintageCapability.NATIVE and not entry["period"]:
        place.at("period").fault("a native series counts from its period", "name the column of the period")
    shown = f"series/{name}.csv"
    sheet = read_table(folder / shown, None, faults, shown=shown)
    if not sheet.rows:
        return None
    needed = [*entry["key"], *entry["numbers"], "source_id", *([entry["period"]] if entry["period"] else [])]
    for column in dict.fromkeys(needed):
        if column not in sheet.header:
            hint = nearest(column, sheet.header) or "add it"
            faults.append(Fault(shown, 1, column, "the column is missing", f"{hint}, or mend {FILE}"))
    for column in set(_OWN) & set(sheet.header):
        faults.append(Fault(shown, 1, column, "the name is taken by a column that is worked out", "rename it"))
    if len(faults) > before:
        return None
    seen: dict[tuple[str, ...], int] = {}
    for row in sheet.rows:
        key = tuple(row[column] for column in entry["key"])
        if key in seen:
            row.fault(entry["key"][0], f"the same {entry['row']} as on line {seen[key]}", "keep one row for each")
        seen.setdefault(key, row.line)
        lists["source_id"].check(row["source_id"], shown, row.line, "source_id")
    columns: dict[str, list[str] | list[float | None]] = {
        column: [row[column] for row in sheet.rows] for column in sheet.header
    }
    for column in entry["numbers"]:
        columns[column] = [row.number(column, blank=True) for row in sheet.rows]
    frame = pd.DataFrame(columns)
    frame["knowable"] = _knowable(sheet.rows, vintage, entry["period"], entry["lag_days"], published)
    for column in entry["numbers"]:
        frame[column] = frame[column].astype(float)
    return Series(
        name=name,
        title=entry["title"],
        row=entry["row"],
        key=tuple(entry["key"]),
        period=entry["period"],
        vintage=vintage,
        vintage_reason=entry["vintage_reason"],
        units=dict(entry["numbers"]),
        frame=frame,
    )


def _knowable(
    rows: list[Row], vintage: VintageCapability, period: str, lag: int, published: Mapping[str, date]
) -> pd.DatetimeIndex:
    """The day each row counts from; rows of one period (or source) share it, so each is read once."""
    days: dict[str, date | None] = {}
    if period:
        for row in rows:
            if days.get(row[period]) is None:  # a period that cannot be read is a fault of every row it stands in
                whole = row.partial_date(period)
                days[row[period]] = _later(whole.last, lag) if whole else None
    if vintage is VintageCapability.UNKNOWN:
        return pd.to_datetime([None] * len(rows))
    if vintage is VintageCapability.BY_PUBLICATION:
        return pd.to_datetime([published.get(row["source_id"]) for row in rows])
    return pd.to_datetime([days[row[period]] for row in rows])


def _later(day: date, days: int) -> date:
    """A day some days later, at the latest the last one there is."""
    return day + timedelta(days=min(days, (date.max - day).days))
