"""A sheet of observations, one row each, as people keep them: CSV with commas, semicolons or tabs, or XLSX.

Cells come out as a dossier's tables hold them: decimal points, days as 2023-03-14. How the sheet was read is told in one
sentence; what can be read in two ways is refused, never guessed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from claimaudit import formats, inert
from claimaudit.dossier import files
from claimaudit.dossier.tables import MOST_ROWS, PASSED
from claimaudit.errors import BuildError, DossierError, Fault, nearest

COLUMNS: dict[str, str] = {
    "measure": "what is measured, in words or as a name",
    "value": "the figure; 1 or 0 where something happened or did not",
    "start": "first day, month or year of the period",
    "title": "the source's title",
    "publisher": "who publishes the source, by name",
    "published": "day, month or year of its publication",
    "end": "last day of the period; blank: the end of start",
    "unit": "the figure's unit",
    "entity": "of whom or what; blank: all",
    "low": "lower bound of the figure",
    "high": "upper bound of the figure",
    "step": "the last printed digit, 0 for an exact count",
    "credibility": "1 to 6: that it is so",
    "said": "1 to 6: that it was said",
    "stake": "own or against, where the speaker is a party",
    "basis": "measured, official, derived, estimate or reported",
    "variant": "sets rival definitions apart",
    "origin": "who first counted or said it; blank: the publisher",
    "note": "what the row says, in words",
    "revises": "id of the earlier print of the figure that it revises",
    "observation_id": "the row's id",
    "table": "the table the row goes to",
    "claim": "the text's words, or the name of the claim the row bears on",
    "source_id": "the source's id",
    "url": "the source's address",
    "kind": "kind of source",
    "language": "the source's language",
    "license": "the source's terms",
    "seen": "full, excerpt or dataset: how much of it was read",
    "archived": "address of an archived copy",
    "copy_of": "id of the source it reprints",
    "source_reliability": "A to F, only where the source departs from its publisher's letter",
    "departure": "why it departs",
    "publisher_name": "the publisher's name, where publisher is an id",
    "reliability": "the publisher's letter, A to F",
    "reason": "why the publisher has that letter",
    "origin_kind": "voice, audited-article or own-calculation",
    "depends_on": "the origin it repeats",
    "origin_publisher": "whose own reporting the origin is",
    "state": "the state whose organ it is, by three letters",
    "unnamed": "1: one source that nobody names",
    "origin_note": "about the origin",
    "meaning": "the measure's meaning",
    "forward": "1: it may lie ahead of its source",
    "dimension": "what the unit measures",
    "factor": "the unit's size in its dimension",
    "unit_meaning": "the unit in words",
}
"""The columns of a sheet, by what they hold; others are refused, but for ``x_...`` of one's own, which pass through."""
REQUIRED = ("measure", "value", "start", "title", "publisher", "published")
NUMBERS = ("value", "low", "high", "step", "factor")
DAYS = ("start", "end", "published")
_OTHER_NAMES = {
    "source": "title", "name": "title", "date": "start", "year": "start", "day": "start", "from": "start", "to": "end",
    "country": "entity", "place": "entity", "link": "url", "address": "url", "grade": "reliability", "id": "observation_id",
    "number": "value", "figure": "value", "indicator": "measure", "what": "measure", "comment": "note",
}  # fmt: skip
_PARTED = {",": "commas", ";": "semicolons", "\t": "tabs"}
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}([.,])[0-9]{3}(\1[0-9]{3})*")
_PARTS = re.compile(r"[+-]?[0-9]*[.,][0-9.,]*([eE][+-]?[0-9]+)?")
_DOTTED_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_BLANKS = re.compile("(?<=[0-9])[ \u00a0\u2009\u202f'](?=[0-9])")


@dataclass(frozen=True)
class Sheet:
    """A sheet as read: each row with its line, cells by column; ``told`` says in a sentence how it was read."""

    name: str
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    told: str


def read_sheet(path: Path, decimal: str = "") -> Sheet:
    """Read a CSV or XLSX file; ``decimal`` is ``comma`` or ``point`` where the figures alone do not tell.

    Raises ``DossierError`` with every fault of the sheet, ``BuildError`` where it cannot be opened or an XLSX cannot be read here.
    """
    if path.suffix.casefold() in (".xlsx", ".xlsm"):
        lines, how = _xlsx(path), "the first sheet of the workbook"
    elif path.suffix.casefold() in (".csv", ".tsv", ".txt"):
        lines, how = _csv(path)
    else:
        raise BuildError(f"{path.name} is no sheet: save it as CSV (UTF-8) or XLSX")
    faults: list[Fault] = []
    lines = [(number, cells) for number, cells in lines if any(cells)]
    header = _header(path.name, lines, faults)
    rows = []
    for number, cells in lines[1:]:
        if any(cells[len(header) :]):
            problem = f"{len(cells)} cells where the header has {len(header)}"
            faults.append(Fault(path.name, number, "", problem, "put the cell with the separator in quotes"))
        rows.append((number, dict(zip(header, map(bare, cells), strict=False))))
    if not rows and not faults:
        faults.append(Fault(path.name, 0, "", "the sheet has no row", "give at least one below the header"))
    if len(rows) > MOST_ROWS:
        faults.append(Fault(path.name, 0, "", f"the sheet has more than {MOST_ROWS:,} rows", "split it"))
    if faults:
        raise DossierError(faults)
    commas, example = _decimals(path.name, rows, decimal, faults)
    for number, row in rows:
        _mend(row, commas)
        for column in DAYS:
            if "/" in row.get(column, ""):
                problem = f"{row[column]!r} can be read as two days"
                faults.append(Fault(path.name, number, column, problem, "write 2023-03-14, 2023-03 or 2023"))
        faults += [
            Fault(path.name, number, column, "it is blank", f"give {COLUMNS[column]}")
            for column in REQUIRED
            if not row.get(column)
        ]
    if faults:
        raise DossierError(faults)
    signs = f"decimal {'commas' if commas else 'points'}{example}"
    told = f"{path.name} was read as {how}, {formats.count(len(rows), 'row')}, figures with {signs}."
    return Sheet(path.name, tuple(rows), told)


# -- files --------------------------------------------------------------------------------------------------------------


def _csv(path: Path) -> tuple[list[tuple[int, list[str]]], str]:
    """Lines of cells, and how they are parted: by the sign that makes most known columns of the first line."""
    faults: list[Fault] = []
    try:
        text = files.decoded(_bytes(path), path.name, faults)
    except OSError as error:
        raise BuildError(f"{path} cannot be read ({error.strerror}); name a sheet that is there") from None
    if text is None:
        raise DossierError(faults)
    first = text.lstrip("\n").partition("\n")[0]

    def known(sign: str) -> tuple[int, int]:
        cells = next(csv.reader([first], delimiter=sign), [])
        return sum(_plain(cell) in COLUMNS for cell in cells), len(cells)

    sign = max(_PARTED, key=known)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    try:
        lines = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise DossierError(
            [Fault(path.name, reader.line_num, "", f"it breaks off ({error})", "close the quotation mark")]
        ) from None
    return lines, f"CSV parted by {_PARTED[sign]}"


def _bytes(path: Path) -> bytes:
    if not path.is_file():  # opening a pipe would wait for ever
        raise FileNotFoundError(2, "there is no such file")
    if path.stat().st_size > files.MOST_BYTES:
        raise BuildError(f"{path} is larger than {files.MOST_BYTES // 2**20} MB; split it")
    return path.read_bytes()


def _xlsx(path: Path) -> list[tuple[int, list[str]]]:
    try:
        import openpyxl  # type: ignore[import-untyped,import-not-found,unused-ignore] # noqa: PLC0415 (an extra)
    except ImportError:
        raise BuildError(
            f"{path.name} cannot be read here, as openpyxl is not installed: save the sheet as CSV (UTF-8), or install "
            "claimaudit[xlsx]"
        ) from None
    try:
        _bytes(path)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        cells = list(book.worksheets[0].iter_rows(values_only=True))
        book.close()
    except OSError as error:
        raise BuildError(f"{path} cannot be read ({error.strerror}); name a sheet that is there") from None
    except Exception as error:  # whatever a broken workbook makes of the library
        raise BuildError(
            f"{path.name} is no workbook that can be read ({type(error).__name__}); save it anew"
        ) from None
    return [(number, [_cell(value) for value in row]) for number, row in enumerate(cells, start=1)]


def _cell(value: Any) -> str:
    """A workbook's cell as text: days in their form, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


# -- columns and cells --------------------------------------------------------------------------------------------------


def kept(text: str) -> str:
    """A text as a cell that no spreadsheet takes for a formula; ``bare`` gives it back as it was."""
    return f"'{text}" if _is_formula(text.lstrip("'")) else text


def bare(text: str) -> str:
    """A cell without the apostrophe that keeps it a text."""
    return text[1:] if text.startswith("'") and _is_formula(text.lstrip("'")) else text


def _is_formula(text: str) -> bool:
    return bool(inert.cell(text) != text)


def _plain(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().casefold())


def _header(name: str, lines: Sequence[tuple[int, Sequence[str]]], faults: list[Fault]) -> list[str]:
    """The columns; a fault for each that is not known, stands twice, or is missing."""
    line, cells = lines[0] if lines else (1, ())
    last = max((place for place, cell in enumerate(cells) if cell), default=-1)
    header = [_plain(cell) for cell in cells[: last + 1]]
    odd = [column for column in header if column not in COLUMNS and not column.startswith(PASSED)]
    missing = [column for column in REQUIRED if column not in header]
    for place, column in enumerate(header):
        if column in header[:place]:
            faults.append(Fault(name, line, column, "the column stands twice", "take one of the two out"))
    for column in dict.fromkeys(odd):
        other = _OTHER_NAMES.get(column, "")
        hint = f"did you mean {other!r}?" if other else nearest(column, COLUMNS)
        passed = f"call it {PASSED}{column or 'name'} to keep it as it is, or take it out"
        faults.append(Fault(name, line, column or "(blank)", "the column is not known", hint or passed))
    for column in missing:
        hint = next((item for item in odd if nearest(item, [column]) or _OTHER_NAMES.get(item) == column), "")
        remedy = f"is it {hint!r}? Call it {column!r}" if hint else f"give {COLUMNS[column]}"
        faults.append(Fault(name, line, column, "the column is missing", remedy))
    return header


def _figures(rows: Iterable[tuple[int, Mapping[str, str]]]) -> Iterable[tuple[int, str, str]]:
    for number, row in rows:
        for column in NUMBERS:
            if text := row.get(column, ""):
                yield number, column, _BLANKS.sub("", text)


def _decimals(
    name: str, rows: Sequence[tuple[int, Mapping[str, str]]], given: str, faults: list[Fault]
) -> tuple[bool, str]:
    """Whether commas are decimal signs, with an example; a fault where figures contradict each other or do not tell."""
    comma: tuple[int, str, str] | None = None
    point: tuple[int, str, str] | None = None
    open_: tuple[int, str, str] | None = None
    for found in _figures(rows):
        text = found[2]
        if not _PARTS.fullmatch(text):
            continue
        grouped = None if text.lstrip("+-").startswith("0") else _GROUPED.fullmatch(text)
        if grouped and text.count(grouped[1]) == 1:
            open_ = open_ or (found if "," in text else None)  # a lone point is decimal where nothing speaks against it
            continue
        last = max(text.rfind(","), text.rfind("."))
        is_comma = (text[last] == ",") != bool(grouped)  # grouped twice: the sign parts thousands
        if is_comma:
            comma = comma or found
        else:
            point = point or found
    against = {"comma": point, "point": comma}.get(given)
    if against:
        problem = f"{against[2]!r} has no decimal {given}"
        faults.append(Fault(name, against[0], against[1], problem, "mend it, or leave --decimal out"))
    elif given:
        return given == "comma", _example(comma or open_, given == "comma")
    elif comma and point:
        problem = f"{comma[2]!r} (line {comma[0]}) and {point[2]!r} (line {point[0]}) have different decimal signs"
        faults.append(Fault(name, comma[0], comma[1], problem, "write all figures in one way"))
    elif open_ and not comma and not point:
        problem = f"{open_[2]!r} may be {open_[2].replace(',', '')} or {open_[2].replace(',', '.')}"
        faults.append(Fault(name, open_[0], open_[1], problem, "say --decimal comma or --decimal point"))
    return comma is not None, _example(comma, True)


def _example(found: tuple[int, str, str] | None, commas: bool) -> str:
    return f" ({found[2]!r} is {_number(found[2], commas)})" if found else ""


def _number(text: str, commas: bool) -> str:
    """A figure with a decimal point and nothing between thousands; what is none stays, and is told by its own check."""
    plain = _BLANKS.sub("", text)
    if commas:
        return plain.replace(".", "").replace(",", ".")
    return plain.replace(",", "")


def _mend(row: dict[str, str], commas: bool) -> None:
    for column in NUMBERS:
        if row.get(column):
            row[column] = _number(row[column], commas)
    for column in DAYS:
        if match := _DOTTED_DAY.fullmatch(row.get(column, "")):
            row[column] = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
