"""Every sentence of the audited text, accounted for: ``sentences.csv``, which a dossier may leave out.

A row is a sentence by its place (``paragraph`` and ``number`` in it, both from 1) and its ``digest``, never its text.
``claims`` are the claims it makes, with ; between. ``reason`` says why it makes none, or why it makes no more (then both
are given): one of ``REASONS``, ``repeats E01``, or ``claim to come: E27`` for a claim still to be written; after a colon, why.
How a text is cut into sentences and what the digest is: ``plain_text.py``. Whether they fit a text: ``coverage.py``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path

import pandas as pd

from claimaudit.dossier import files
from claimaudit.dossier.forms import ID
from claimaudit.dossier.tables import Row, read_table
from claimaudit.errors import Fault, References, summed
from claimaudit.model import Claim

FILE = "sentences.csv"
COLUMNS = ("paragraph", "number", "digest", "claims", "reason")
REASONS = ("opinion", "rhetoric", "too vague to test", "transition", "heading", "beside the text")
"""Why a sentence makes no claim; ``beside the text``: sign-up boxes, about the author, the publisher's notes."""
REPEATS, TO_COME = "repeats ", "claim to come"
_TOLD = f"begin with {', '.join(map(repr, REASONS))}, 'repeats' and a claim, or '{TO_COME}: ' and its id"
_COUNT = re.compile(r"[1-9][0-9]{0,5}")
_DIGEST = re.compile(r"[0-9a-f]{16}")


def load_sentences(folder: Path, claims: Iterable[Claim], known: Collection[str], faults: list[Fault]) -> pd.DataFrame:
    """The sentences in the text's order; columns ``paragraph``, ``number`` (int), ``digest``, ``claims`` (ids), ``reason``.

    ``claims`` are tuples. Empty where the dossier has no such file. ``known`` are the ids of all claims, also of those at
    fault, which are not among the claims given and are not looked for.
    """
    if not files.exists(folder, FILE):
        return _frame([])
    before = len(faults)
    sheet = read_table(folder / FILE, COLUMNS, faults)
    named = References("claims.toml", "claim", known)
    records = [(row, *_place(row), _claims(row, named)) for row in sheet.rows]
    for row, _, _, own in records:
        _check_digest(row)
        _check_reason(row, own, known, named)
    faults += named.faults()
    if len(faults) == before:
        _check_order([(row, paragraph, number) for row, paragraph, number, _ in records])
    if len(faults) == before:  # else what is missing may stand in a row at fault
        faults += _unplaced(claims, {(paragraph, name) for _, paragraph, _, own in records for name in own})
    return _frame([(place, number, row["digest"], own, row["reason"].strip()) for row, place, number, own in records])


def promised(reason: str) -> tuple[str, ...]:
    """The ids of the claims to come that a reason names, with ; between them; none for any other reason."""
    kind, _, rest = reason.partition(":")
    return tuple(name.strip() for name in rest.split(";")) if kind.strip() == TO_COME else ()


def _frame(records: list[tuple[int, int, str, tuple[str, ...], str]]) -> pd.DataFrame:
    frame = pd.DataFrame(records, columns=list(COLUMNS))
    return frame.astype({"paragraph": int, "number": int})


def _place(row: Row) -> tuple[int, int]:
    """Paragraph and sentence; 0 with a fault where it is no such number."""
    for column in ("paragraph", "number"):
        if not _COUNT.fullmatch(row[column]):
            row.fault(column, f"{row[column]!r} is no number from 1", "count paragraphs, and sentences in each, from 1")
    paragraph, number = (int(row[name]) if _COUNT.fullmatch(row[name]) else 0 for name in ("paragraph", "number"))
    return paragraph, number


def _check_digest(row: Row) -> None:
    if not _DIGEST.fullmatch(row["digest"]):
        remedy = "take it from 'claimaudit coverage TEXT --digests': 16 digits of 0-9 and a-f"
        row.fault("digest", f"{row['digest']!r} is not of the form of a digest", remedy)


def _claims(row: Row, named: References) -> tuple[str, ...]:
    found = [name.strip() for name in row["claims"].split(";")] if row["claims"].strip() else []
    for number, name in enumerate(found):
        if name in found[:number]:
            row.fault("claims", f"{name!r} stands twice", "name it once")
        elif not name:
            row.fault("claims", "a name between two ; is blank", "take the extra ; out")
        else:
            named.check(name, row.file, row.line, "claims")
    return tuple(found)


def _check_reason(row: Row, own: tuple[str, ...], known: Collection[str], named: References) -> None:
    reason = row["reason"].strip()
    if not reason:
        if not own:
            row.fault("reason", "the sentence has neither a claim nor a reason", f"name its claim, or {_TOLD}")
        return
    kind = reason.partition(":")[0].strip()
    if kind.startswith(REPEATS):
        named.check(kind.removeprefix(REPEATS).strip(), row.file, row.line, "reason")
    elif kind == TO_COME:
        for name in promised(reason):
            if not ID.fullmatch(name):
                row.fault(
                    "reason", f"{name!r} is no id of a claim to come", f"write '{TO_COME}: ' and its id, with ; between"
                )
            elif name in known:
                row.fault("reason", f"the claim {name!r} has come", "name it under claims, and take the reason out")
    elif kind not in REASONS:
        row.fault("reason", f"unknown reason {kind!r}", _TOLD)


def _check_order(places: list[tuple[Row, int, int]]) -> None:
    """Each sentence follows the one before, in its paragraph or as the first of the next; told at the first that does not."""
    seen: dict[tuple[int, int], int] = {}
    last = (0, 0)
    for row, paragraph, number in places:
        if (paragraph, number) in seen:
            problem = f"paragraph {paragraph}, sentence {number} stands already on line {seen[paragraph, number]}"
            row.fault("number", problem, "give each sentence one row")
            return
        if (paragraph, number) not in ((last[0], last[1] + 1), (last[0] + 1, 1)):
            after = f"paragraph {last[0]}, sentence {last[1]}" if last[0] else "the header"
            problem = f"paragraph {paragraph}, sentence {number} does not follow {after}"
            row.fault("number", problem, "put the rows in the text's order, and leave no sentence out")
            return
        seen[paragraph, number] = row.line
        last = (paragraph, number)


def _unplaced(claims: Iterable[Claim], placed: Collection[tuple[int, str]]) -> list[Fault]:
    """A fault for each claim that no sentence of its paragraph makes."""
    problem = "{0.claim_id} stands at no sentence of its paragraph {0.paragraph}"
    remedy = "name it at the sentence that makes it, or mend the claim's paragraph"
    missing = [
        Fault(FILE, 0, "claims", problem.format(claim), remedy)
        for claim in claims
        if (claim.paragraph, claim.claim_id) not in placed
    ]
    return summed(missing, "claims stand at no sentence of their paragraphs", remedy)
