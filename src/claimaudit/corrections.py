"""Departures from a source table, kept as data: ``corrections.toml``.

The format::

    [[corrections]]
    file = "observations/munitions.csv"
    id = "mun.example"  # the row
    column = "value"  # the cell; leave out with drop = true
    expect = "28.5"  # the text the cell holds today: the guard. When the source is mended the guard fails
    value = "48.5"  # the text it should hold
    reason = "misprint: the outlet's own table gives 48.5"

With ``drop = true`` the whole row is left out and ``expect`` guards its ``value`` cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from claimaudit.claims import read_toml
from claimaudit.errors import Fault, nearest
from claimaudit.tables import Row

_KEYS = ("file", "id", "column", "expect", "value", "reason", "drop")


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
    """Read ``corrections.toml``; a dossier without the file has no corrections."""
    if not path.exists():
        return ()
    raw, _ = read_toml(path, faults)
    corrections = []
    for number, entry in enumerate(raw.get("corrections", []), start=1):
        key = str(entry.get("id", f"entry {number}"))
        drop = entry.get("drop", False)
        needed = ("file", "id", "expect", "reason") if drop else ("file", "id", "column", "expect", "value", "reason")
        missing = [name for name in needed if not isinstance(entry.get(name), str)]
        for name in missing:
            faults.append(Fault(path.name, 0, f"{key}: {name}", "the entry is missing", "give it as a text"))
        for name in set(entry) - set(_KEYS):
            remedy = nearest(name, _KEYS) or "take it out"
            faults.append(Fault(path.name, 0, f"{key}: {name}", "the entry is not known", remedy))
        if not missing:
            fields = {name: entry[name] for name in _KEYS if name in entry}
            corrections.append(Correction(**({"column": "value", "value": ""} | fields)))
    return tuple(corrections)


def apply_corrections(
    tables: Mapping[str, list[Row]],
    key_columns: Mapping[str, str],
    corrections: tuple[Correction, ...],
    faults: list[Fault],
) -> None:
    """Change the cells the corrections name, in place; a guard that does not hold is a fault."""
    for entry in corrections:
        where = f"{entry.id}: {entry.column}"

        def fault(problem: str, remedy: str, where: str = where) -> None:
            faults.append(Fault("corrections.toml", 0, where, problem, remedy))

        rows = tables.get(entry.file)
        if rows is None:
            fault(f"no table {entry.file!r}", nearest(entry.file, tables) or "name a table of the dossier")
            continue
        key = key_columns[entry.file]
        matches = [row for row in rows if row[key] == entry.id]
        if not matches:
            fault(
                f"no row {entry.id!r} in {entry.file}", nearest(entry.id, [row[key] for row in rows]) or "mend the id"
            )
        for row in matches:
            if entry.column not in row.values:
                fault(f"no column {entry.column!r} in {entry.file}", nearest(entry.column, row.values) or "mend it")
            elif row[entry.column] != entry.expect:
                fault(
                    f"the cell holds {row[entry.column]!r} where the guard expects {entry.expect!r}",
                    "the table was changed: drop the correction or renew its guard",
                )
            elif entry.drop:
                rows.remove(row)
            else:
                row.values[entry.column] = entry.value
