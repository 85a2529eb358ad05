"""What human readers made of claims: tables of their badges or labels, read as strictly as a dossier's own.

A table has the columns ``claim_id`` and either ``badge`` or ``label``; it may have ``confidence``, ``reader``, ``day`` and
``note``. Those that count as a test by human readers lie in ``labels/`` beside the dossier.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from claimaudit.dossier.tables import Row, read_table
from claimaudit.errors import Fault, LabelsError, nearest
from claimaudit.model import Label
from claimaudit.rated import Badge, Confidence

FOLDER = "labels"
BADGE, LABEL = "badge", "label"
"""The two scales: what pages show, and the strict label of exports."""
SCALES: dict[str, tuple[str, ...]] = {
    BADGE: tuple(item.value for item in Badge),
    LABEL: tuple(item.value for item in Label),
}
CONFIDENCES = tuple(item.value for item in Confidence)
COLUMNS = ("claim_id", BADGE, "confidence", "reader", "day", "note")
"""The columns of a table of badges, in the order in which the notebook writes them."""
UNNAMED, PROGRAM = "unnamed reader", "the program"
MOST_READERS = 100


@dataclass(frozen=True)
class Judgement:
    """What one reader made of one claim: a value of the table's scale; confidence, day and note where they are given."""

    claim_id: str
    value: str
    reader: str = UNNAMED
    confidence: str = ""
    day: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Judgements:
    """The judgements of one or more tables, all on one ``scale`` (``badge`` or ``label``)."""

    scale: str
    items: tuple[Judgement, ...]

    @property
    def readers(self) -> tuple[str, ...]:
        """Who judged, in the order of the tables."""
        return tuple(dict.fromkeys(item.reader for item in self.items))

    def of(self, reader: str) -> dict[str, Judgement]:
        """One reader's judgements by claim id."""
        return {item.claim_id: item for item in self.items if item.reader == reader}


def read_judgements(paths: Sequence[Path], claims: Collection[str]) -> Judgements:
    """The judgements of tables on these claims; ``LabelsError`` with every fault and its line where one is not sound.

    A reader judges a claim once, and all tables are on one scale.
    """
    faults: list[Fault] = []
    scale, items, seen = "", [], dict[tuple[str, str], Row]()
    for path in paths:
        own, rows = _rows(path, faults)
        if own and scale and own != scale:
            problem = f"it holds a column {own!r}, and the tables before it a column {scale!r}"
            faults.append(Fault(path.name, 1, own, problem, "compare badges with badges and labels with labels"))
            continue
        scale = scale or own
        for row in rows:
            item = _judgement(row, own, claims)
            first = seen.setdefault((item.reader, item.claim_id), row)
            if first is not row:
                problem = f"{item.reader!r} has judged {item.claim_id!r} before ({first.file}:{first.line})"
                row.fault("claim_id", problem, "keep one of the two, or name the readers apart")
            items.append(item)
    readers = {item.reader for item in items}
    if len(readers) > MOST_READERS:
        problem = f"{len(readers):,} readers are more than the {MOST_READERS} that are compared"
        faults.append(Fault(paths[0].name, 0, "reader", problem, "compare fewer at once"))
    if faults:
        raise LabelsError(faults)
    return Judgements(scale, tuple(items))


def label_files(dossier: Path) -> tuple[Path, ...]:
    """The tables of human readers beside a dossier's folder, by name, sound or not."""
    folder = dossier.resolve().parent / FOLDER
    return tuple(sorted(path for path in folder.glob("*.csv") if path.is_file()))


def by_humans(dossier: Path, claims: Iterable[str]) -> tuple[Judgements, ...]:
    """What human readers have made of a dossier's claims, one a sound table beside it; a table with a fault counts for nothing."""
    known, found = tuple(claims), []
    for path in label_files(dossier):
        try:
            found.append(read_judgements([path], known))
        except LabelsError:
            continue
    return tuple(found)


def _rows(path: Path, faults: list[Fault]) -> tuple[str, list[Row]]:
    """The scale of a table and its rows; an empty scale and no rows where its columns are at fault."""
    if not path.is_file():
        faults.append(
            Fault(
                path.name or str(path),
                0,
                "",
                "it is no plain file" if path.exists() else "there is no such file",
                "name a table of labels",
            )
        )
        return "", []
    sheet = read_table(path, None, faults)
    scales = [name for name in SCALES if name in sheet.header]
    if not sheet.header or not _check_columns(path.name, sheet.header, scales, faults):
        return "", []
    return scales[0], sheet.rows


def _check_columns(name: str, header: Sequence[str], scales: Sequence[str], faults: list[Fault]) -> bool:
    before = len(faults)

    def fault(column: str, problem: str, remedy: str) -> None:
        faults.append(Fault(name, 1, column, problem, remedy))

    known = (*COLUMNS, LABEL)
    odd = [column for column in dict.fromkeys(header) if column and column not in known]
    if "claim_id" not in header:
        fault("claim_id", "the column is missing", nearest("claim_id", odd) or "add it to the header and to every row")
    if not scales:
        fault(BADGE, "the column is missing", nearest(BADGE, odd) or f"give a column {BADGE!r}, or {LABEL!r} instead")
    if len(scales) > 1:
        fault(LABEL, f"it stands beside a column {BADGE!r}", "give one of the two, the other in a table of its own")
    for column in odd:
        fault(column, "the column is not known", nearest(column, known) or "take it out")
    return len(faults) == before


def _judgement(row: Row, scale: str, claims: Collection[str]) -> Judgement:
    """A row as a judgement, its faults noted."""
    row.one_of("claim_id", claims, "claim")
    if row.one_of(scale, SCALES[scale], scale) and scale == BADGE and _given(row, "confidence"):
        if row[scale] == Badge.UNPROVEN:
            row.fault("confidence", "an unproven claim has none", "leave it blank, or give another badge")
        else:
            row.one_of("confidence", CONFIDENCES, "confidence")
    elif scale == LABEL and _given(row, "confidence"):
        row.one_of("confidence", CONFIDENCES, "confidence")
    if _given(row, "reader") == PROGRAM:
        row.fault("reader", f"{PROGRAM!r} is what readers are compared with", "give another name")
    return Judgement(
        row["claim_id"],
        row[scale],
        reader=_given(row, "reader") or UNNAMED,
        confidence=_given(row, "confidence"),
        day=row.day("day") if _given(row, "day") else None,
        note=_given(row, "note"),
    )


def _given(row: Row, column: str) -> str:
    return row.values.get(column, "").strip()
