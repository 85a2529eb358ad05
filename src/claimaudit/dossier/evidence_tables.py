"""The columns of the evidence tables and the checks of their rows; ``publishers.py`` has those of who says it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import pandas as pd

from claimaudit.dossier.forms import sound_size
from claimaudit.dossier.tables import PASSED, Row
from claimaudit.errors import Fault, References, nearest
from claimaudit.model import ADMIRALTY_CREDIBILITY, Basis, Stake

COLUMNS: dict[str, tuple[str, ...]] = {
    "publishers.csv": ("publisher", "name", "reliability", "reason"),
    "sources.csv": (
        "source_id", "title", "publisher", "url", "published", "kind", "language", "license", "reliability", "departure",
        "copy_of", "seen",
    ),
    "observations": (
        "observation_id", "measure", "entity", "start", "end", "value", "low", "high", "unit", "credibility", "said",
        "stake", "step", "basis", "variant", "origin", "source_id", "note",
    ),
    "measures.csv": ("measure", "unit", "forward", "meaning"),
    "units.csv": ("unit", "dimension", "factor", "meaning"),
    "origins.csv": ("origin", "kind", "depends_on", "publisher", "state", "unnamed", "note"),
}  # fmt: skip
OPTIONAL: dict[str, tuple[str, ...]] = {"sources.csv": ("archived",), "observations": ("revises",)}
"""Columns a table may leave out; they are blank then. Any table may have columns ``x_...`` of its own besides."""
KEYS = {
    "publishers.csv": "publisher",
    "sources.csv": "source_id",
    "observations": "observation_id",
    "measures.csv": "measure",
    "units.csv": "unit",
    "origins.csv": "origin",
}
SOURCE_KINDS = (  # a dossier may list others in words.toml
    "official-statistics", "official-statement", "dataset", "press", "think-tank", "academic", "reference",
)  # fmt: skip
SEEN = ("full", "excerpt", "dataset")


def check_unique(rows: Sequence[Row], column: str) -> None:
    """Every name in the column has its form and stands once; a fault for each other."""
    seen: dict[str, Row] = {}
    for row in rows:
        name = row.id(column, unit=column == "unit")
        if name in seen:
            first = seen[name]
            where = f"line {first.line}" if first.file == row.file else f"line {first.line} of {first.file}"
            row.fault(column, f"the id {name!r} stands already on {where}", "give it an id of its own")
        seen.setdefault(name, row)


def indexed(records: list[dict[str, Any]], index: str, columns: Sequence[str]) -> pd.DataFrame:
    """Checked records as a table, each id once: indexed by the column ``index``, with the other ``columns``.

    Columns ``x_...`` of the dossier's own come last, as texts.
    """
    own = dict.fromkeys(name for record in records for name in record if name.startswith(PASSED))
    frame = pd.DataFrame(records, columns=[*columns, *own])
    return frame.fillna(dict.fromkeys(own, "")).drop_duplicates(index).set_index(index)


def check_units(rows: list[Row]) -> pd.DataFrame:
    """Units, indexed by name; columns ``dimension``, ``factor`` (float, size in the dimension's base unit) and ``meaning``.

    Like all tables here it holds the rows as they are, each id once; what is wrong in them becomes faults of the rows.
    """
    check_unique(rows, "unit")
    records = []
    for row in rows:
        factor = row.number("factor")
        if factor is not None and factor <= 0:
            row.fault("factor", f"{factor:g} is not above 0", "give the size in the dimension's base unit")
        records.append(
            {**row.values, "dimension": row.text("dimension"), "factor": factor, "meaning": row.text("meaning")}
        )
    return indexed(records, "unit", COLUMNS["units.csv"])


def check_measures(rows: list[Row], units: Collection[str], faults: list[Fault]) -> pd.DataFrame:
    """Measures, indexed by name; columns: canonical ``unit``, ``forward`` (bool: may it lie ahead of its source), ``meaning``.

    ``units`` are the names known, none where the list is at fault itself; others become faults.
    """
    check_unique(rows, "measure")
    records = []
    known = References("units.csv", "unit", units)
    for row in rows:
        known.check(row["unit"], row.file, row.line, "unit")
        row.one_of("forward", ("0", "1"))
        records.append({**row.values, "meaning": row.text("meaning"), "forward": row["forward"] == "1"})
    faults += known.faults()
    return indexed(records, "measure", COLUMNS["measures.csv"])


@dataclass(frozen=True)
class Lists:
    """What observations refer to; ``at_fault`` names the files of those that are at fault themselves, and not held against."""

    sources: pd.DataFrame
    measures: pd.DataFrame
    units: pd.DataFrame
    origins: pd.DataFrame
    at_fault: Collection[str] = ()

    def references(self) -> dict[str, References]:
        """A list to hold names against for each column that refers to one."""
        lists = {
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

    Columns as in ``COLUMNS``: ``value``, ``low``, ``high``, ``step`` (float, nan for none) and ``unit`` in the measure's canonical
    unit, ``start`` and ``end`` datetime64; and ``reliability`` and ``knowable`` of the source, the ``topic`` (the table's name),
    ``file_line``.
    """
    check_unique(rows, "observation_id")
    references = lists.references()
    factor, dimension = lists.units["factor"].to_dict(), lists.units["dimension"].to_dict()
    unit_of, forward = lists.measures["unit"].to_dict(), lists.measures["forward"].to_dict()
    first_day = {name: stamp.date() for name, stamp in lists.sources["knowable"].items() if pd.notna(stamp)}
    reliability = lists.sources["reliability"].to_dict()
    bases = tuple(basis.value for basis in Basis)
    # Twins are told from each other by corrections: where those are at fault, so may be the twins.
    figures_of = None if "corrections.toml" in lists.at_fault else itemgetter(*_FIGURES)
    same: dict[tuple[str, ...], str] = {}
    records = []
    for row in rows:
        before = len(row.faults)
        wrong = [
            column for column, known in references.items() if not known.check(row[column], row.file, row.line, column)
        ]
        row.one_of("basis", bases, "basis")
        _check_grades(row)
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
            {"revises": ""}
            | row.values
            | scaled
            | {
                "start": start,
                "end": end,
                "unit": unit,
                "reliability": reliability.get(row["source_id"]),
                "knowable": first_day.get(row["source_id"]),
                "topic": row.file.removeprefix("observations/").removesuffix(".csv"),
                "file_line": row.line,
            }
        )
    for known in references.values():
        faults += known.faults()
    _check_revisions(rows, records)
    columns = (*COLUMNS["observations"], "revises", "reliability", "knowable", "topic", "file_line")
    frame = indexed(records, "observation_id", columns)
    for column in ("start", "end", "knowable"):
        frame[column] = pd.to_datetime(frame[column])
    for column in ("value", "low", "high", "step"):
        frame[column] = frame[column].astype(float)
    return frame


def _check_revisions(rows: Sequence[Row], records: Sequence[dict[str, Any]]) -> None:
    """What a row revises is an earlier print of the same figure; a fault for each other."""
    known = {record["observation_id"]: record for record in records}
    tables: dict[str, set[str]] = {}
    for row in rows:
        tables.setdefault(row.file, set()).add(row["observation_id"])
    for row in rows:
        own = known.get(row["observation_id"])
        for name in filter(None, map(str.strip, row.values.get("revises", "").split(";"))):
            old = known.get(name)
            if name not in tables[row.file]:
                remedy = nearest(name, tables[row.file]) or "name a row of the same table"
                row.fault("revises", f"unknown observation {name!r}", remedy)
            elif own and old and any(own[column] != old[column] for column in _SAME):
                problem = f"{name!r} is no print of the same figure"
                row.fault("revises", problem, f"name a row of the same {', '.join(_SAME[:-1])} and {_SAME[-1]}")
            elif own and old and own["knowable"] and old["knowable"] and own["knowable"] <= old["knowable"]:
                row.fault("revises", f"{name!r} was not published before it", "let the later one revise the earlier")


_SAME = ("measure", "entity", "start", "end", "origin")
_FIGURES = tuple(name for name in COLUMNS["observations"] if name not in ("observation_id", "note"))
"""Columns in which two rows of one fact are the same."""


def _check_grades(row: Row) -> None:
    """The two digits (is it so, was it said) and the stake of who says it."""
    if row["credibility"] not in tuple(ADMIRALTY_CREDIBILITY):
        row.fault("credibility", f"{row['credibility']!r} is no Admiralty digit", "grade it 1 to 6")
    if row["said"] not in ("", *ADMIRALTY_CREDIBILITY):
        problem = f"{row['said']!r} is no Admiralty digit"
        row.fault("said", problem, "grade 1 to 6 that it was said, or leave it blank")
    if row["stake"] not in tuple(Stake):
        remedy = "write own (in its own cause), against (against its opponent), or leave it blank"
        row.fault("stake", f"unknown stake {row['stake']!r}", remedy)


def _figures(row: Row) -> dict[str, float | None]:
    """Value, low, high and step of a row, and whether they rise."""
    value = row.number("value")
    low, high = row.number("low", blank=True), row.number("high", blank=True)
    if low is not None and high is not None and low > high:
        row.fault("low", f"low {low:g} is above high {high:g}", "mend the range")
    elif value is not None and ((low is not None and value < low) or (high is not None and value > high)):
        row.fault("value", f"{value:g} lies outside its range", "mend the value or the range")
    step = row.number("step", blank=True)
    if step is not None and step < 0:
        row.fault(
            "step", f"{step:g} is below 0", "give the last printed digit, 0 for an exact count, or leave it blank"
        )
    return {"value": value, "low": low, "high": high, "step": step}
