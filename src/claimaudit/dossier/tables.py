"""Strict reading of CSV tables: every departure from the expected form becomes a fault, none a traceback."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from claimaudit.dossier import files
from claimaudit.dossier.forms import ID, ID_TOLD, LARGEST, LONGEST, SMALLEST, UNIT, UNIT_TOLD, sound_size
from claimaudit.errors import Fault, nearest
from claimaudit.model import PartialDate

MOST_ROWS, MOST_COLUMNS = 1_000_000, 200
"""The most a table may hold."""
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
PASSED = "x_"
"""What the name of a column begins with that is the dossier's own: kept as text, and read by nothing."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(slots=True)
class Row:
    """One record of a table with the line it stands on, and the faults list it reports to."""

    file: str
    line: int
    values: dict[str, str]
    faults: list[Fault]

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def fault(self, column: str, problem: str, remedy: str) -> None:
        """Note that something is wrong in this row."""
        self.faults.append(Fault(self.file, self.line, column, problem, remedy))

    def text(self, column: str) -> str:
        """A text that must not be blank, without spaces around it; a blank one is a fault."""
        if not self[column].strip():
            self.fault(column, "it is blank", "give a text")
        return self[column].strip()

    def id(self, column: str, *, unit: bool = False) -> str:
        """An id, or a unit's name, as it stands; one that is not of the stated form is a fault."""
        text = self[column]
        if not (UNIT if unit else ID).fullmatch(text):
            problem = f"{text!r} is not of the form of {'a unit' if unit else 'an id'}" if text else "it is blank"
            self.fault(column, problem, UNIT_TOLD if unit else ID_TOLD)
        return text

    def number(self, column: str, *, blank: bool = False) -> float | None:
        """A finite number, or ``None`` where blank is allowed; a fault and ``None`` otherwise."""
        text = self[column]
        if not text:
            if not blank:
                self.fault(column, "the number is missing", "give a number")
            return None
        if not _NUMBER.fullmatch(text):
            if re.fullmatch(r"[+-]?(nan|inf|infinity)", text.casefold()):
                self.fault(column, f"{text!r} is not a finite number", "give a finite number, or leave the row out")
            else:
                self.fault(column, f"{text!r} is not a number", "write digits with a point, without units or commas")
            return None
        value = float(text)
        if not math.isfinite(value):
            self.fault(column, f"{text!r} is not a finite number", "give a finite number, or leave the row out")
        elif not sound_size(value) or (value == 0 and re.match(r"[+-]?[0.]*[1-9]", text)):
            self.fault(column, f"{text} is out of range", f"give 0, or a size from {SMALLEST:g} to {LARGEST:g}")
        else:
            return value
        return None

    def day(self, column: str) -> date | None:
        """A full ISO date; a fault and ``None`` otherwise."""
        if _DAY.fullmatch(self.values[column]):  # the usual case, without a detour
            with suppress(ValueError):
                return date.fromisoformat(self.values[column])
        try:
            parsed = PartialDate.parse(self[column])
        except ValueError as error:
            self.fault(column, str(error), "write a day as 2023-03-14")
            return None
        if not parsed.is_day:
            self.fault(column, f"{self[column]!r} is not a full date", "write a day as 2023-03-14")
            return None
        return parsed.first

    def partial_date(self, column: str) -> PartialDate | None:
        """An ISO date of full or partial precision; a fault and ``None`` otherwise."""
        try:
            return PartialDate.parse(self[column])
        except ValueError as error:
            self.fault(column, str(error), "write 2023-03-14, 2023-03 or 2023")
            return None

    def one_of(self, column: str, known: Collection[str], kind: str = "value") -> bool:
        """Is it a value of a controlled list; a fault where it is not."""
        text = self[column]
        if text in known:
            return True
        remedy = nearest(text, known) or f"use one of {', '.join(known)}"
        self.fault(column, f"unknown {kind} {text!r}", remedy)
        return False


@dataclass(frozen=True)
class Sheet:
    """A CSV file as read: its header and its whole rows. ``sound`` is False where the file itself is at fault."""

    header: tuple[str, ...]
    rows: list[Row]
    sound: bool


def read_table(
    path: Path, columns: Sequence[str] | None, faults: list[Fault], *, shown: str = "", may: Sequence[str] = ()
) -> Sheet:
    """Read a UTF-8 CSV file with exactly these columns in any order, or with ``None`` of whatever columns it names.

    It may have the columns ``may`` and any whose names begin with ``x_``, too. ``shown`` is the table's name in the dossier
    (``observations/harbour.csv``). A missing, unreadable, empty or truncated file adds faults; rows that are whole are still
    returned, so that one run reports everything.
    """
    name = shown or path.name
    before = len(faults)
    folder = path.parents[name.count("/")]
    try:
        text = files.decoded(files.read(folder, name), name, faults)
    except files.RefusedError as error:
        faults.append(error.fault)
        return Sheet((), [], False)
    if text is None:
        return Sheet((), [], False)
    if not text.strip():
        faults.append(Fault(name, 0, "", "the table is empty", "give a header and at least one row"))
        return Sheet((), [], False)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    header: tuple[str, ...] = ()
    try:
        header = tuple(next(reader))
        if not _check_header(name, header, columns, faults, may):
            return Sheet(header, [], False)
        for fields in reader:
            line = reader.line_num
            if len(fields) != len(header):
                problem = f"{len(fields)} fields where the header has {len(header)}"
                faults.append(Fault(name, line, "", problem, "the row is cut off or has a stray comma: restore it"))
                continue
            if max(map(len, fields)) > LONGEST:
                longest = max(range(len(fields)), key=lambda place: len(fields[place]))
                problem = f"the cell holds more than {LONGEST:,} characters"
                faults.append(Fault(name, line, header[longest], problem, "shorten it"))
                continue
            if len(rows) == MOST_ROWS:
                faults.append(Fault(name, line, "", f"the table has more than {MOST_ROWS:,} rows", "split it"))
                break
            rows.append(Row(name, line, dict(zip(header, fields, strict=True)), faults))
    except csv.Error as error:
        why = f"the CSV breaks off ({error})"
        faults.append(Fault(name, reader.line_num, "", why, "close the quotation mark or restore the end"))
        return Sheet(header, rows, False)
    if not text.endswith("\n"):
        faults.append(
            Fault(name, reader.line_num, "", "the last line has no end", "the file looks cut off: restore it")
        )
    if not rows and len(faults) == before:
        faults.append(Fault(name, 0, "", "the table is empty", "give at least one row under the header"))
    return Sheet(header, rows, len(faults) == before)


def _check_header(
    name: str, header: Sequence[str], columns: Sequence[str] | None, faults: list[Fault], may: Sequence[str] = ()
) -> bool:
    """Is every column there, once, under a name."""
    before = len(faults)

    def fault(column: str, problem: str, remedy: str) -> None:
        faults.append(Fault(name, 1, column, problem, remedy))

    if len(header) == 1 and ";" in header[0]:
        fault("", "it is separated by semicolons", "use commas or --from sheet")
        return False
    if len(header) > MOST_COLUMNS:
        fault("", f"the header has more than {MOST_COLUMNS} columns", "take some out")
        return False
    for number, column in enumerate(header):
        if not column:
            fault("", f"column {number + 1} has no name", "give it one, or take it out")
        elif column in header[:number]:
            fault(column, "the column stands twice", "take one of the two out")
        elif (columns is None or column.startswith(PASSED)) and not ID.fullmatch(column):
            fault(column, f"{column!r} is no name of a column", ID_TOLD)
    if columns is None:
        return len(faults) == before
    odd = [
        column for column in dict.fromkeys(header) if column not in (*columns, *may) and not column.startswith(PASSED)
    ]
    for column in columns:
        if column not in header:
            fault(column, "the column is missing", nearest(column, odd) or "add it to the header and to every row")
    for column in filter(None, odd):
        fault(
            column,
            "the column is not known",
            nearest(column, (*columns, *may)) or f"take it out, or let its name begin with {PASSED}",
        )
    return len(faults) == before
