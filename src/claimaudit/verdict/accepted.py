"""The accepted verdicts: what a person has reviewed, kept beside the dossier, and what differs from it now.

Their file (``default_file``) holds every claim and every part at both dates, each judged with default parameters. Numbers are
not rounded there (``repr``), lists are joined by ``;`` in the order of the verdict, strongest first: another order is a
difference too, since it tells that weights have moved. A reason's wording may change freely and is shown as a note.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from claimaudit.errors import BuildError, ClaimAuditError
from claimaudit.verdict.table import COLUMNS, LISTS, NUMBERS, verdict_rows

if TYPE_CHECKING:
    from claimaudit.dossier.dossier import Dossier
    from claimaudit.verdict.audit import Audit

KEY = ("claim_id", "part_id", "vintage")
NOTES = ("reason",)
TOLERANCE = 0.001
"""Numbers further apart than this differ."""
WHOLE_ROW = "row"
"""The column a difference names when a whole row was added or has gone."""

Row = Mapping[str, str]


@dataclass(frozen=True)
class Difference:
    """One cell that is not as accepted: the row's key (claim, part, vintage), the column, both texts."""

    key: tuple[str, ...]
    column: str
    accepted: str
    now: str

    @property
    def is_note(self) -> bool:
        """Shown, and no failure: another wording."""
        return self.column in NOTES

    def __str__(self) -> str:
        claim, part, vintage = self.key
        return f"{part or claim}, {vintage}, {self.column}: {_change(self)}"


# -- rows ---------------------------------------------------------------------------------------------------------------


def of_dossier(dossier: Dossier) -> list[Row]:
    """The rows of a whole dossier, every topic audited with its default parameters.

    Raises ``BuildError`` when an assumption is missing, ``ModelError`` when a model is not installed or cannot judge.
    """
    from claimaudit.verdict.audit import audit  # noqa: PLC0415 (pandas: reading and comparing do without)

    topics = dict.fromkeys(claim.topic for claim in dossier.claims)
    try:
        return rows(audit(dossier, topic) for topic in topics)
    except LookupError as error:
        if isinstance(error, ClaimAuditError):
            raise
        raise BuildError(
            f"the dossier cannot be judged as a whole, as a model misses {error}: add it to method.toml"
        ) from None


def rows(audits: Iterable[Audit]) -> list[Row]:
    """One row a verdict by claim, part (the claim's own row first) and date; ``COLUMNS``, every cell text, no number rounded."""
    verdicts = [verdict for audit in audits for verdict in audit.verdicts]
    return [{name: _text(value) for name, value in row.items()} for row in verdict_rows(verdicts)]


def _text(value: object) -> str:
    return "" if value is None else repr(value) if isinstance(value, float) else str(value)


# -- the file -----------------------------------------------------------------------------------------------------------


def default_file(folder: Path) -> Path:
    """Where the accepted verdicts of a dossier's folder lie: ``accepted.csv`` in it, so that two dossiers never share them.

    A folder called ``data`` is that of a project, which keeps them beside it, in ``accepted/verdicts.csv``.
    """
    folder = folder.resolve()
    return folder.parent / "accepted" / "verdicts.csv" if folder.name == "data" else folder / "accepted.csv"


def read(path: Path) -> list[Row]:
    """The accepted rows of a file, with ``COLUMNS``; ``BuildError`` when it is missing or is no such file."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            table = csv.DictReader(file, strict=True)
            found: list[Row] = list(table)
            columns = tuple(table.fieldnames or ())
    except OSError as error:
        raise BuildError(f"{path}: {error.strerror}; make it with 'claimaudit accept'") from None
    except (csv.Error, UnicodeDecodeError):
        found, columns = [], ()
    ragged = any(None in row or None in row.values() for row in found)
    if columns != COLUMNS or ragged or len({_key(row) for row in found}) < len(found):
        raise BuildError(f"{path} is no file of accepted verdicts; name another, or delete it and accept anew")
    return found


def write(path: Path, accepted: Sequence[Row]) -> None:
    """Write rows, whole or not at all; ``BuildError`` when the file cannot be written."""
    buffer = io.StringIO(newline="")
    table = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(accepted)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(buffer.getvalue(), encoding="utf-8", newline="")
        unfinished.replace(path)
    except OSError as error:
        raise BuildError(f"{path} cannot be written: {error.strerror}; name another with --file") from None
    finally:
        unfinished.unlink(missing_ok=True)


# -- comparing ----------------------------------------------------------------------------------------------------------


def compare(accepted: Iterable[Row], now: Iterable[Row]) -> tuple[Difference, ...]:
    """Every cell that differs, in the order of the rows: first of those accepted, then of new ones."""
    before, after = ({_key(row): row for row in table} for table in (accepted, now))
    found: list[Difference] = []
    for key, row in before.items():
        if key not in after:
            found.append(Difference(key, WHOLE_ROW, row["label"], ""))
            continue
        found += [
            Difference(key, column, row[column], after[key][column])
            for column in COLUMNS
            if not _same(column, row[column], after[key][column])
        ]
    return (*found, *(Difference(key, WHOLE_ROW, "", after[key]["label"]) for key in after if key not in before))


def drift(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """The differences that are failures: all but notes."""
    return tuple(item for item in differences if not item.is_note)


def review(differences: Sequence[Difference]) -> str:
    """What changed, a line each, failures first, with a last line that counts."""
    failures, notes = drift(differences), [item for item in differences if item.is_note]
    lines = [*map(str, failures), *(f"note: {item}" for item in notes)]
    return "\n".join(
        [*lines, f"{len(failures):,} differences from the accepted verdicts, {len(notes):,} other wordings"]
    )


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in KEY)


def _same(column: str, before: str, after: str) -> bool:
    if before == after:
        return True
    if column not in NUMBERS or not (before and after):
        return False
    try:
        return abs(float(before) - float(after)) <= TOLERANCE
    except ValueError:
        return False


def _change(item: Difference) -> str:
    """Old and new in a few words; of a list what left and what came, of a sentence from where it differs."""
    if item.column in LISTS:
        before, after = item.accepted.split(";"), item.now.split(";")
        gone = [f"-{name}" for name in before if name not in after]
        come = [f"+{name}" for name in after if name not in before]
        return " ".join([*gone, *come]) or "another order"
    if item.column in NOTES:
        same = takewhile(lambda pair: pair[0] == pair[1], zip(item.accepted, item.now, strict=False))
        start = sum(1 for _ in same)
        return f"'{_cut(item.accepted, start)}' -> '{_cut(item.now, start)}'"
    return f"{item.accepted or 'none'} -> {item.now or 'none'}"


def _cut(text: str, start: int, most: int = 60) -> str:
    start = max(text.rfind(" ", 0, start) + 1, 0)
    rest = text[start : start + most]
    return f"{'...' if start else ''}{rest}{'...' if len(text) > start + most else ''}"
