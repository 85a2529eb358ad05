"""Strict reading of CSV tables: every departure from the expected form becomes a fault, none a traceback."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from claimaudit.errors import Fault, nearest
from claimaudit.model import PartialDate

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


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
        """A text that must not be blank."""
        if not self[column].strip():
            self.fault(column, "it is blank", "give a text")
        return self[column].strip()

    def number(self, column: str, *, blank: bool = False) -> float | None:
        """A finite number, or ``None`` where blank is allowed."""
        text = self[column].strip()
        if not text:
            if not blank:
                self.fault(column, "the number is missing", "give a number")
            return None
        if _NUMBER.fullmatch(text) and math.isfinite(float(text)):
            return float(text)
        if re.fullmatch(r"[+-]?(nan|inf|infinity)", text.casefold()) or _NUMBER.fullmatch(text):
            self.fault(column, f"{text!r} is not a finite number", "give a finite number, or leave the row out")
        else:
            self.fault(column, f"{text!r} is not a number", "write digits with a point, without units or commas")
        return None

    def day(self, column: str) -> date | None:
        """A full ISO date."""
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
        """An ISO date of full or partial precision."""
        try:
            return PartialDate.parse(self[column])
        except ValueError as error:
            self.fault(column, str(error), "write 2023-03-14, 2023-03 or 2023")
            return None

    def one_of(self, column: str, known: Sequence[str], kind: str = "value") -> str | None:
        """A value of a controlled list."""
        text = self[column].strip()
        if text in known:
            return text
        short = ", ".join(known) if len(known) <= 12 else ""
        remedy = nearest(text, known) or (f"use one of {short}" if short else "add it to its list or use a known one")
        self.fault(column, f"unknown {kind} {text!r}", remedy)
        return None


def read_table(path: Path, columns: Sequence[str], faults: list[Fault], *, shown: str = "") -> list[Row]:
    """Read a UTF-8 CSV file with exactly these columns, in any order.

    A missing, unreadable, empty or truncated file adds faults; rows that are whole are still returned, so that one
    run reports everything.
    """
    name = shown or path.name

    def fault(line: int, problem: str, remedy: str, column: str = "") -> None:
        faults.append(Fault(name, line, column, problem, remedy))

    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        fault(0, "the file is missing", "restore it, or take it out of the list that names it")
        return []
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        fault(line, f"byte {raw[error.start]:#04x} is not UTF-8", "save the file as UTF-8")
        return []
    if not text.strip():
        fault(0, "the table is empty", "give a header and at least one row")
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    try:
        header = next(reader)
        for column in columns:
            if column not in header:
                hint = nearest(column, [name for name in header if name not in columns])
                fault(1, "the column is missing", hint or "add it to the header and to every row", column)
        for column in header:
            if column not in columns:
                fault(1, "the column is not known", nearest(column, columns) or "take it out", column)
        if sorted(header) != sorted(columns):
            return []
        for fields in reader:
            if len(fields) != len(header):
                problem = f"{len(fields)} fields where the header has {len(header)}"
                fault(reader.line_num, problem, "the row is cut off or has a stray comma: restore it")
                continue
            rows.append(Row(name, reader.line_num, dict(zip(header, fields, strict=True)), faults))
    except csv.Error as error:
        fault(reader.line_num, f"the CSV breaks off ({error})", "close the quotation mark or restore the end")
        return rows
    if not text.endswith("\n"):
        fault(reader.line_num, "the last line has no end", "the file looks cut off: restore it")
    if not rows and not faults:
        fault(0, "the table is empty", "give at least one row under the header")
    return rows
