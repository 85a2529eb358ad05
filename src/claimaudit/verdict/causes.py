"""Which changes of a dossier moved a verdict: each put back by itself, to see whether the verdict goes back with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import ClaimAuditError
from claimaudit.verdict import accepted
from claimaudit.verdict.audit import audit
from claimaudit.verdict.diff import Change, Row, changes
from claimaudit.verdict.mixing import Piece, pieces, put_back

_MOST = 40
"""Pieces that are tried on claims they are not known to touch."""


@dataclass(frozen=True)
class Cause:
    """Why something moved: the pieces that undo it, each by itself.

    Where none does, ``together`` holds those that touch the claim; where the old dossier gives the new verdict today, too, or
    nothing in it differs, it is the program (``program``).
    """

    alone: tuple[Piece, ...] = ()
    together: tuple[Piece, ...] = ()
    program: bool = False

    @property
    def words(self) -> str:
        """The same in a few words."""
        if self.program:
            return "the program, not the dossier"
        if self.alone:
            return _listed(self.alone)
        if self.together:
            return f"no change by itself; together: {_listed(self.together)}"
        return "not found"


_NAMED = 4


def _listed(found: Sequence[Piece]) -> str:
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return f"{', '.join(piece.words for piece in found[:_NAMED])}{more}"


def causes(
    moved: Sequence[Change], old: Dossier, new: Dossier, old_rows: Iterable[Row], new_rows: Iterable[Row]
) -> dict[Change, Cause]:
    """By change the cause of it. ``old`` is the dossier of the verdicts that ``old_rows`` tell, ``new`` that of ``new_rows``.

    A topic is audited anew for each piece that may touch it; raises as ``audit`` does.
    """
    if not moved:
        return {}
    differ = pieces(old, new)
    topic_of = {claim.claim_id: claim.topic for dossier in (old, new) for claim in dossier.claims}
    by_topic: dict[str, list[Change]] = {}
    for change in moved:
        by_topic.setdefault(topic_of.get(change.claim_id, ""), []).append(change)
    told = list(old_rows), list(new_rows)
    found: dict[Change, Cause] = {}
    for topic, own in by_topic.items():
        found |= _of_topic(topic, own, old, new, differ, told)
    return {change: found[change] for change in moved}


def _of_topic(
    topic: str,
    moved: Sequence[Change],
    old: Dossier,
    new: Dossier,
    differ: Sequence[Piece],
    told: tuple[Sequence[Row], ...],
) -> dict[Change, Cause]:
    names = {change.claim_id for change in moved}
    before, now = (_of(table, names) for table in told)
    again = _rows(old, topic) or []
    by_program = {_mark(change) for change in changes(before, _of(again, names))}
    used = {name for row in (*before, *again, *now) for name in row["observations"].split(";")}
    tried = [piece for piece in differ if _may_touch(piece, topic, names, used, len(differ))]

    def undone(back: Sequence[Piece]) -> set[Change]:
        rows = _rows(new, topic, old, back)
        if rows is None:
            return set()
        left = {_mark(change) for change in changes(before, _of(rows, names))}
        return {change for change in moved if _mark(change) not in left and not _still(change, rows)}

    by_itself = {piece: undone([piece]) for piece in tried}
    out = {}
    for change in moved:
        alone = tuple(piece for piece in tried if change in by_itself[piece])
        if alone or _mark(change) in by_program or not differ:
            out[change] = Cause(alone, program=not alone)
    for change in moved:
        if change not in out:
            out |= _together(change, [other for other in moved if other not in out], tried, undone)
    return out


def _together(
    change: Change, rest: Sequence[Change], tried: Sequence[Piece], undone: Callable[[Sequence[Piece]], set[Change]]
) -> dict[Change, Cause]:
    """The fewest pieces that undo a change when they are put back together, found by leaving out one after the other.

    What else they undo has the same cause. Where they are too many to try, those that touch the claim.
    """
    touching = [piece for piece in tried if piece.claims is None or change.claim_id in piece.claims]
    if len(touching) > _MOST or change not in undone(touching):
        return {change: Cause(together=tuple(touching))}
    for piece in list(touching):
        fewer = [other for other in touching if other is not piece]
        if fewer and change in undone(fewer):
            touching = fewer
    return {other: Cause(together=tuple(touching)) for other in rest if other in undone(touching)}


def _mark(change: Change) -> tuple[object, ...]:
    return (*change.where, change.what, change.now)


def _still(change: Change, rows: Sequence[Row]) -> bool:
    """Whether a claim or part that came is there even so, or one that went still is not."""
    return change.now == "not judged" and not any(_key(row) == change.where for row in rows)


def _key(row: Row) -> tuple[str, str, str]:
    return row["claim_id"], row["part_id"], row["vintage"]


def _of(rows: Sequence[Row], names: set[str]) -> list[Row]:
    return [row for row in rows if row["claim_id"] in names]


def _may_touch(piece: Piece, topic: str, names: set[str], used: set[str], count: int) -> bool:
    if piece.path[:1] == ("topics",) and piece.path[1:2] != (topic,):
        return False
    if piece.claims is None or piece.claims & names:
        return True
    return piece.kind == "row" and (piece.name in used or count <= _MOST)


def _rows(dossier: Dossier, topic: str, old: Dossier | None = None, back: Sequence[Piece] = ()) -> list[Row] | None:
    """A topic's rows, with pieces as the old dossier has them; ``None`` where a half-changed dossier cannot be judged."""
    try:
        return accepted.rows([audit(put_back(dossier, old, back) if old else dossier, topic)])
    except (ClaimAuditError, LookupError, ValueError):
        return None
