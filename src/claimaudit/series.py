"""The regular tables of a dossier (``series.toml`` and ``series/*.csv``) and how far each can be cut back in time."""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from claimaudit.claims import read_toml
from claimaudit.errors import Fault, nearest
from claimaudit.model import VintageCapability
from claimaudit.tables import Row, read_table

_ENTRIES = ("title", "row", "key", "period", "vintage", "lag_days", "vintage_reason", "numbers")


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
        """The rows that were knowable on ``day``; from the day of ``hindsight`` on, all of them."""
        if day >= hindsight:
            return self
        return replace(self, frame=self.frame[self.frame["knowable"] <= pd.Timestamp(day)])


def load_series(
    folder: Path,
    sources: pd.DataFrame,
    units: pd.DataFrame,
    faults: list[Fault],
    *,
    only: Collection[str] | None = None,
) -> dict[str, Series]:
    """Read every table ``series.toml`` describes, or ``only`` those; a table nobody describes is a fault."""
    listing = folder / "series.toml"
    tables = {path.stem for path in (folder / "series").glob("*.csv")} if only is None else set(only)
    if not tables and (only is not None or not listing.exists()):
        return {}
    raw, _ = read_toml(listing, faults)
    raw = raw if only is None else {name: entry for name, entry in raw.items() if name in only}
    for name in sorted(tables - set(raw)):
        faults.append(Fault(f"series/{name}.csv", 0, "", "series.toml does not describe it", "add an entry for it"))
    return {
        name: series for name, entry in raw.items() if (series := _load(folder, name, entry, sources, units, faults))
    }


def _load(
    folder: Path, name: str, entry: dict, sources: pd.DataFrame, units: pd.DataFrame, faults: list[Fault]
) -> Series | None:
    before = len(faults)
    for key in _ENTRIES:
        if key not in entry:
            faults.append(Fault("series.toml", 0, f"{name}: {key}", "the entry is missing", "give it"))
    for key in set(entry) - set(_ENTRIES):
        remedy = nearest(key, _ENTRIES) or "take it out"
        faults.append(Fault("series.toml", 0, f"{name}: {key}", "the entry is not known", remedy))
    capabilities = [capability.value for capability in VintageCapability]
    if entry.get("vintage") not in capabilities:
        remedy = f"use one of {', '.join(capabilities)}"
        faults.append(Fault("series.toml", 0, f"{name}: vintage", f"unknown vintage {entry.get('vintage')!r}", remedy))
    for column, unit in entry.get("numbers", {}).items():
        if len(units) and unit not in units.index:
            remedy = nearest(unit, units.index) or "use a unit of units.csv"
            faults.append(Fault("series.toml", 0, f"{name}: {column}", f"unknown unit {unit!r}", remedy))
    path, shown = folder / "series" / f"{name}.csv", f"series/{name}.csv"
    if len(faults) > before:
        return None
    rows = read_table(path, _header(path), faults, shown=shown)
    if not rows:
        return None
    needed = [*entry["key"], *entry["numbers"], "source_id", *([entry["period"]] if entry["period"] else [])]
    for column in needed:
        if column not in rows[0].values:
            faults.append(Fault(shown, 1, column, "the column is missing", "add it, or mend series.toml"))
    if len(faults) > before:
        return None
    vintage = VintageCapability(entry["vintage"])
    known: dict[str, date] = {name: stamp.date() for name, stamp in sources["knowable"].items()}
    seen: dict[tuple, int] = {}
    for row in rows:
        key = tuple(row[column] for column in entry["key"])
        if key in seen:
            row.fault(entry["key"][0], f"the same {entry['row']} as on line {seen[key]}", "keep one row for each")
        seen.setdefault(key, row.line)
        if known and row["source_id"] not in known:
            row.one_of("source_id", list(known), "source")
    columns: dict[str, list] = {column: [row[column] for row in rows] for column in rows[0].values}
    for column in entry["numbers"]:
        columns[column] = [row.number(column, blank=True) for row in rows]
    frame = pd.DataFrame(columns)
    frame["knowable"] = _knowable(rows, vintage, entry["period"], entry["lag_days"], known)
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


def _header(path: Path) -> list[str]:
    """The table's own header: a series may have columns of its own beside those series.toml names."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return next(csv.reader(file), [])
    except (OSError, UnicodeDecodeError):
        return []


def _knowable(
    rows: list[Row], vintage: VintageCapability, period: str, lag: int, published: dict[str, date]
) -> pd.DatetimeIndex:
    """The day each row counts from; rows of one period (or source) share it, so each is read once."""
    if vintage is VintageCapability.UNKNOWN:
        return pd.to_datetime([None] * len(rows))
    if vintage is VintageCapability.BY_PUBLICATION:
        return pd.to_datetime([published.get(row["source_id"]) for row in rows])
    days: dict[str, date | None] = {}
    for row in rows:
        if days.get(row[period]) is None:  # a period that cannot be read is a fault of every row it stands in
            whole = row.partial_date(period)
            days[row[period]] = whole.last + timedelta(days=lag) if whole else None
    return pd.to_datetime([days[row[period]] for row in rows])
