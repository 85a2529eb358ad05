"""Departures from a source table, kept as data: ``corrections.toml``.

The format::

    [[corrections]]
    file = "observations/harbour.csv"
    id = "mun.example"  # the row
    column = "value"  # the cell; leave out with drop = true
    expect = "28.5"  # the text the cell holds today: the guard. When the source is mended the guard fails
    value = "48.5"  # the text it should hold
    reason = "misprint: the outlet's own table gives 48.5"

With ``drop = true`` the whole row is left out and ``expect`` guards its ``value`` cell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from claimaudit.dossier.forms import Flag, Table, Text, check
from claimaudit.dossier.tables import Row
from claimaudit.dossier.toml_files import entries
from claimaudit.errors import SUMMED, Fault, nearest, summed

FILE = "corrections.toml"
_GUARD = {"file": Text(), "id": Text(), "expect": Text(blank=True), "reason": Text()}
_CHANGE = Table(
    _GUARD | {"column": Text(), "value": Text(blank=True)},
    {"drop": Flag()},
    label="id",
)
_DROP = Table(_GUARD | {"drop": Flag()}, {"column": Text(), "value": Text(blank=True)}, label="id")


@dataclass(frozen=True)
class Correction:
    """One corrected cell (or dropped row): what it held, what it should hold, and why."""

    file: str
    id: str
    column: str
    expect: str
    value: str
    reason: str
    drop: bool = False


def load_corrections(path: Path, faults: list[Fault]) -> tuple[Correction, ...]:
    """Read ``corrections.toml``; a dossier without the file has no corrections. Entries at fault are left out."""
    return tuple(
        Correction(**({"column": "value", "value": ""} | entry))
        for entry, place in entries(path, "corrections", faults)
        if check(_DROP if isinstance(entry, dict) and entry.get("drop") is True else _CHANGE, entry, place)
    )


def apply_corrections(
    tables: Mapping[str, list[Row]],
    key_columns: Mapping[str, str],
    corrections: tuple[Correction, ...],
    faults: list[Fault],
    *,
    at_fault: Collection[str] = (),
) -> None:
    """Change the cells the corrections name, in place; a guard that does not hold is a fault.

    Tables ``at_fault`` themselves are left alone: their own faults say why rows may be missing.
    """
    rows_of: dict[str, dict[str, list[Row]]] = {}
    dropped: dict[str, set[int]] = {}
    unknown: dict[str, list[Fault]] = {}
    for entry in corrections:
        where = f"{entry.id}: {entry.column}"
        rows = tables.get(entry.file)
        if entry.file in at_fault or entry.file.partition("/")[0] in at_fault:
            continue
        if rows is None:
            remedy = _near(entry.file, tables) or "name a table of the dossier"
            unknown.setdefault(entry.file, []).append(Fault(FILE, 0, where, f"no table {entry.file!r}", remedy))
            continue
        if entry.file not in rows_of:
            rows_of[entry.file] = _by_key(rows, key_columns[entry.file])
        by_key = rows_of[entry.file]
        if entry.id not in by_key:
            told = unknown.setdefault(entry.file, [])
            # The nearest name takes a search through all: worth it only where they are told one by one.
            hint = nearest(entry.id, by_key) if len(told) < SUMMED else ""
            remedy = hint or "restore the row, or drop the correction"
            told.append(Fault(FILE, 0, where, f"no row {entry.id!r} in {entry.file}", remedy))
        for row in by_key.get(entry.id, ()):
            if entry.column not in row.values:
                problem = f"no column {entry.column!r} in {entry.file}"
                faults.append(Fault(FILE, 0, where, problem, nearest(entry.column, row.values) or "mend it"))
            elif row[entry.column] != entry.expect:
                problem = f"the cell holds {row[entry.column]!r} where the guard expects {entry.expect!r}"
                remedy = "the table was changed: drop the correction or renew its guard"
                faults.append(Fault(FILE, 0, where, problem, remedy))
            elif entry.drop:
                dropped.setdefault(entry.file, set()).add(id(row))
            else:
                row.values[entry.column] = entry.value
    for name, gone in dropped.items():
        tables[name][:] = [row for row in tables[name] if id(row) not in gone]
    for name, missing in unknown.items():
        words = f"corrections name what {name} does not hold"
        faults += summed(missing, words, f"restore {name}, or drop the corrections")


def _by_key(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def _near(file: str, tables: Iterable[str]) -> str:
    """The table nearest to a name, by its own name alone: the folder is the same for most."""
    by_name = {Path(name).name: name for name in tables}
    hint = nearest(Path(file).name, by_name)
    return hint.replace(*next((name, by_name[name]) for name in by_name if repr(name) in hint)) if hint else ""
