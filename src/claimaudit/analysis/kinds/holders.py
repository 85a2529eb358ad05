"""Is it held by at least so many independent competent holders: hedges, and words of degree that nothing measures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from claimaudit import formats
from claimaudit.analysis.degrees import degree_of
from claimaudit.analysis.floor import Graded
from claimaudit.analysis.kinds.heard import Asked, Row
from claimaudit.dossier.method import Floor
from claimaudit.outcome import Finding

UNNAMED = 2
"""Sources nobody names that make up one holder: two outlets that cite such sources independently."""


def held_by(asked: Asked) -> Iterator[Finding]:
    """Do ``holders`` independent holders say so, or as many as the ``word`` of degree asks for.

    Each row is one holder's saying, trusted as far as that it was said. Holders are independent by origin, and those nobody
    names by their publisher as well; of these two count as one. The most trusted holders are put together in sets that are
    each enough, and each of their holders is a finding, an independent source of its own. So one strong holder never stands for
    two. What falls short of a set is a finding that leans nowhere: too few found is no proof that there are no more. A row for
    the role ``first`` (named first or alone) is a set by itself where the word allows it. A row that a selector sets
    ``against`` speaks against the holding itself.
    """
    part = asked.part
    degree = degree_of(part.word, asked.degrees) if part.word else None
    needed = int(asked.number("holders", float(degree.holders or 1) if degree else 1.0))
    said = [row for row in asked.of("", "first") if row.so]
    for row in asked.of("", "first"):
        if row.side == "against":
            yield _finding(asked, [row], 0.0, row.text)
        elif not row.so:
            yield _finding(asked, [row], 0.5, f"{row.text}: this holder does not say so")
    alone = [row for row in said if row.role == "first"] if degree and degree.named_first else []
    for row in independent(alone):
        yield _finding(asked, [row], 1.0, row.text)
    others = [row for row in said if row not in alone and (needed < 2 or _counts(row, asked.floor))]
    taken = {row.holder for row in alone}
    held = False
    for group, enough in sets(independent(row for row in others if row.holder not in taken), needed):
        held = held or enough  # beside a whole set, one holder more is one more who says so
        if held:
            yield from (_finding(asked, [row], 1.0, row.text) for row in group)
        else:
            found, texts = formats.count(len(group), "holder"), "; ".join(row.text for row in group)
            yield _finding(asked, group, 0.5, f"{found} found who can be counted on, {needed} needed: {texts}")


def _counts(row: Row, floor: Floor | None) -> bool:
    """Whether a holder's saying is good enough to count beside another's."""
    if floor is None or not row.said_grade:
        return True
    return Graded(row.holder, row.said_grade[0], int(row.said_grade[1:])).reaches(floor.together, floor)


def independent(rows: Iterable[Row]) -> list[Row]:
    """One row a holder, the most surely said; of sources nobody names one a publisher. Most surely said first."""
    kept: list[Row] = []
    holders: set[str] = set()
    outlets: set[str] = set()
    for row in sorted(rows, key=lambda row: (-row.said, row.row_id)):
        if row.holder in holders or (not row.named and row.publisher in outlets):
            continue
        kept.append(row)
        holders.add(row.holder)
        if not row.named:
            outlets.add(row.publisher)
    return kept


def sets(rows: Iterable[Row], needed: int) -> Iterator[tuple[list[Row], bool]]:
    """Rows in their order, put together until they make ``needed`` holders; the last may fall short.

    Each set comes with whether it is enough. Rows nobody believes are left out.
    """
    group: list[Row] = []
    halves = 0
    for row in rows:
        if row.said <= 0:
            continue
        group.append(row)
        halves += UNNAMED if row.named else 1
        if halves >= UNNAMED * needed:
            yield group, True
            group, halves = [], 0
    if group:
        yield group, False


def _finding(asked: Asked, rows: list[Row], chance: float, text: str) -> Finding:
    weak = min(rows, key=lambda row: (row.said, row.row_id))
    ids = tuple(row.row_id for row in rows)
    direct = all(row.direct for row in rows)
    return Finding(asked.part.part_id, weak.origin, chance, weak.said, ids, text, grade=weak.said_grade, direct=direct)
