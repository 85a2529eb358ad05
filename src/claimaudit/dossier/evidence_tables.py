"""The columns of the evidence tables and the checks of their rows; ``dossier.py`` puts them together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

import pandas as pd

from claimaudit.dossier.forms import sound_size
from claimaudit.dossier.tables import Row
from claimaudit.errors import Fault, References
from claimaudit.model import ADMIRALTY_CREDIBILITY, ADMIRALTY_RELIABILITY, Basis, OriginKind

COLUMNS: dict[str, tuple[str, ...]] = {
    "sources.csv": (
        "source_id", "title", "publisher", "url", "published", "kind", "language", "license", "reliability", "seen",
    ),
    "observations": (
        "observation_id", "claims", "measure", "entity", "start", "end", "value", "low", "high", "unit",
        "credibility", "basis", "variant", "origin", "source_id", "note",
    ),
    "measures.csv": ("measure", "unit", "forward", "meaning"),
    "units.csv": ("unit", "dimension", "factor", "meaning"),
    "origins.csv": ("origin", "kind", "depends_on", "note"),
}  # fmt: skip
KEYS = {
    "sources.csv": "source_id",
    "observations": "observation_id",
    "measures.csv": "measure",
    "units.csv": "unit",
    "origins.csv": "origin",
}
SOURCE_KINDS = (
    "official-statistics", "official-statement", "dataset", "press", "think-tank", "academic", "reference",
)  # fmt: skip
SEEN = ("full", "excerpt", "dataset")


def _unique(rows: Sequence[Row], column: str) -> None:
    seen: dict[str, Row] = {}
    for row in rows:
        name = row.id(column, unit=column == "unit")
        if name in seen:
            first = seen[name]
            where = f"line {first.line}" if first.file == row.file else f"line {first.line} of {first.file}"
            row.fault(column, f"the id {name!r} stands already on {where}", "give it an id of its own")
        seen.setdefault(name, row)


def _frame(records: list[dict[str, Any]], index: str, columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(records, columns=list(columns)).drop_duplicates(index).set_index(index)


def check_units(rows: list[Row]) -> pd.DataFrame:
    """Units, indexed by name; columns ``dimension``, ``factor`` (float, size in the dimension's base unit) and ``meaning``.

    Like all tables here it holds the rows as they are, each id once; what is wrong in them becomes faults of the rows.
    """
    _unique(rows, "unit")
    records = []
    for row in rows:
        factor = row.number("factor")
        if factor is not None and factor <= 0:
            row.fault("factor", f"{factor:g} is not above 0", "give the size in the dimension's base unit")
        records.append(
            {**row.values, "dimension": row.text("dimension"), "factor": factor, "meaning": row.text("meaning")}
        )
    return _frame(records, "unit", COLUMNS["units.csv"])


def check_measures(rows: list[Row], units: Collection[str], faults: list[Fault]) -> pd.DataFrame:
    """Measures, indexed by name; columns: canonical ``unit``, ``forward`` (bool: may it lie ahead of its source), ``meaning``.

    ``units`` are the names known, none where the list is at fault itself; others become faults.
    """
    _unique(rows, "measure")
    records = []
    known = References("units.csv", "unit", units)
    for row in rows:
        known.check(row["unit"], row.file, row.line, "unit")
        row.one_of("forward", ("0", "1"))
        records.append({**row.values, "meaning": row.text("meaning"), "forward": row["forward"] == "1"})
    faults += known.faults()
    return _frame(records, "measure", COLUMNS["measures.csv"])


def check_origins(rows: list[Row], faults: list[Fault], *, whole: bool = True) -> pd.DataFrame:
    """Origins, indexed by name; columns: ``kind`` (voice or not), the origin it ``depends_on`` and a ``note``, all texts.

    Where the table is not ``whole``, origins it depends on may be missing without a fault.
    """
    _unique(rows, "origin")
    known = References("origins.csv", "origin", {row["origin"] for row in rows} if whole else ())
    kinds = tuple(kind.value for kind in OriginKind)
    for row in rows:
        row.one_of("kind", kinds, "kind")
        if row["depends_on"]:
            known.check(row["depends_on"], row.file, row.line, "depends_on")
            row.text("note")
    chained = {row["origin"] for row in rows if row["depends_on"]}
    for row in rows:
        if row["depends_on"] in chained:
            row.fault(
                "depends_on", f"{row['depends_on']!r} depends on another itself", "name the first independent source"
            )
    faults += known.faults()
    return _frame([row.values for row in rows], "origin", COLUMNS["origins.csv"])


def check_sources(rows: list[Row], compiled: date) -> pd.DataFrame:
    """Sources, indexed by id; columns as in ``COLUMNS``, texts, and ``knowable``.

    That is the first day on which a source surely was public (datetime64): the last of the period its date names, at the
    latest ``compiled``; ``NaT`` where the date is at fault.
    """
    _unique(rows, "source_id")
    records = []
    for row in rows:
        row.text("title")
        row.text("publisher")
        row.one_of("kind", SOURCE_KINDS, "kind of source")
        row.one_of("seen", SEEN)
        if row["reliability"] not in tuple(ADMIRALTY_RELIABILITY):
            row.fault("reliability", f"{row['reliability']!r} is no Admiralty letter", "grade it A to F")
        if row["url"] and not row["url"].startswith(("https://", "http://")):
            row.fault("url", f"{row['url']!r} is no web address", "start it with https:// or leave it blank")
        published = row.partial_date("published")
        if published and published.first > compiled:
            row.fault("published", f"{published} is after the dossier was compiled ({compiled})", "mend one of the two")
        records.append({**row.values, "knowable": min(published.last, compiled) if published else None})
    frame = _frame(records, "source_id", (*COLUMNS["sources.csv"], "knowable"))
    frame["knowable"] = pd.to_datetime(frame["knowable"])
    return frame


@dataclass(frozen=True)
class Lists:
    """What observations refer to; ``at_fault`` names the files of those that are at fault themselves, and not held against."""

    claims: Collection[str]
    sources: pd.DataFrame
    measures: pd.DataFrame
    units: pd.DataFrame
    origins: pd.DataFrame
    at_fault: Collection[str] = ()

    def references(self) -> dict[str, References]:
        """A list to hold names against for each column that refers to one."""
        lists = {
            "claims": ("claims.toml", "claim", self.claims),
            "unit": ("units.csv", "unit", self.units.index),
            "measure": ("measures.csv", "measure", self.measures.index),
            "origin": ("origins.csv", "origin", self.origins.index),
            "source_id": ("sources.csv", "source", self.sources.index),
        }
        return {
            column: References(file, kind, () if file in self.at_fault else frozenset(names))
            for column, (file, kind, names) in lists.items()
        }


def check_observations(rows: list[Row], lists: Lists, faults: list[Fault]) -> pd.DataFrame:
    """Observations, indexed by id: one row for each that has no fault; the rest become faults.

    Columns as in ``COLUMNS``: ``value``, ``low``, ``high`` (float, nan for none) and ``unit`` in the measure's canonical unit,
    ``start`` and ``end`` datetime64, ``claims`` a tuple of ids; and ``reliability`` and ``knowable`` of the source, the
    ``topic`` (the table's name), ``file_line``.
    """
    _unique(rows, "observation_id")
    references = lists.references()
    claims, others = references.pop("claims"), references
    factor, dimension = lists.units["factor"].to_dict(), lists.units["dimension"].to_dict()
    unit_of, forward = lists.measures["unit"].to_dict(), lists.measures["forward"].to_dict()
    first_day = {name: stamp.date() for name, stamp in lists.sources["knowable"].items() if pd.notna(stamp)}
    reliability = lists.sources["reliability"].to_dict()
    bases, digits = tuple(basis.value for basis in Basis), tuple(ADMIRALTY_CREDIBILITY)
    # Twins are told from each other by corrections: where those are at fault, so may be the twins.
    figures_of = None if "corrections.toml" in lists.at_fault else itemgetter(*_FIGURES)
    same: dict[tuple[str, ...], str] = {}
    records = []
    for row in rows:
        before = len(row.faults)
        bears_on = tuple(part.strip() for part in row["claims"].split(";") if part.strip())
        if not bears_on:
            row.fault("claims", "no claim is named", "name the claims it bears on, with ; between")
        names = [(claims, claim, "claims") for claim in bears_on]
        names += [(known, row[column], column) for column, known in others.items()]
        wrong = [name for known, name, column in names if not known.check(name, row.file, row.line, column)]
        row.one_of("basis", bases, "basis")
        if row["credibility"] not in digits:
            row.fault("credibility", f"{row['credibility']!r} is no Admiralty digit", "grade it 1 to 6")
        row.text("entity")
        row.text("note")
        start, end = row.day("start"), row.day("end")
        if start and end and end < start:
            row.fault("end", f"it ends ({end}) before it starts ({start})", "mend one of the two dates")
        figures = _figures(row)
        if len(row.faults) > before or wrong:
            continue
        unit = unit_of.get(row["measure"], row["unit"])
        if unit in dimension and row["unit"] in dimension and dimension[unit] != dimension[row["unit"]]:
            row.fault("unit", f"{row['unit']!r} does not fit the measure", f"give it in {unit!r}")
            continue
        held = row["measure"] in forward and not forward[row["measure"]]
        if held and row["source_id"] in first_day and start > first_day[row["source_id"]]:
            row.fault(
                "start",
                "the period begins after its source was published",
                "mend the date, or use a planned or forecast measure",
            )
        if figures_of:
            twin = figures_of(row.values)
            if twin in same:
                row.fault("observation_id", f"it repeats {same[twin]!r} in every figure", "keep one row for one fact")
            same.setdefault(twin, row["observation_id"])
        scale = (factor.get(row["unit"]) or 1.0) / (factor.get(unit) or 1.0)
        scaled = {name: None if figure is None else figure * scale for name, figure in figures.items()}
        if any(figure and not sound_size(figure) for figure in scaled.values()):
            problem = f"in {unit!r} it is out of range"
            row.fault("value", problem, f"mend the value or the factor of {row['unit']!r}")
            continue
        records.append(
            row.values
            | scaled
            | {
                "claims": bears_on,
                "start": start,
                "end": end,
                "unit": unit,
                "reliability": reliability.get(row["source_id"]),
                "knowable": first_day.get(row["source_id"]),
                "topic": row.file.removeprefix("observations/").removesuffix(".csv"),
                "file_line": row.line,
            }
        )
    for known in (claims, *others.values()):
        faults += known.faults()
    columns = (*COLUMNS["observations"], "reliability", "knowable", "topic", "file_line")
    frame = _frame(records, "observation_id", columns)
    for column in ("start", "end", "knowable"):
        frame[column] = pd.to_datetime(frame[column])
    for column in ("value", "low", "high"):
        frame[column] = frame[column].astype(float)
    return frame


_FIGURES = tuple(name for name in COLUMNS["observations"] if name not in ("observation_id", "claims", "note"))
"""Columns in which two rows of one fact are the same."""


def _figures(row: Row) -> dict[str, float | None]:
    """Value, low and high of a row, and whether they rise."""
    value = row.number("value")
    low, high = row.number("low", blank=True), row.number("high", blank=True)
    if low is not None and high is not None and low > high:
        row.fault("low", f"low {low:g} is above high {high:g}", "mend the range")
    elif value is not None and ((low is not None and value < low) or (high is not None and value > high)):
        row.fault("value", f"{value:g} lies outside its range", "mend the value or the range")
    return {"value": value, "low": low, "high": high}
