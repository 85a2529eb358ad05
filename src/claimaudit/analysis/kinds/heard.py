"""What a kind of test is given: a part's rows as they are heard, and what the method says. No dossier, no files.

Figures are in the base unit of their dimension (shares 0-1), so that rows of several units can be set against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from claimaudit.analysis.uncertainty import Split
from claimaudit.dossier.method import Floor
from claimaudit.dossier.rules import Cause, Degree, Size
from claimaudit.model import Part, Stake
from claimaudit.outcome import Finding, Quantity


@dataclass(frozen=True)
class Row:
    """One row as it is heard on a part.

    ``origin`` is who counts or says it, ``holder`` the origin it is counted with where it repeats another, ``publisher`` who
    prints it; ``named`` is false where the origin is a source nobody names. ``extent`` is its figure with its range and
    ``ranged`` whether the source prints one; ``step`` is its last printed digit, 0 where it is not known. ``trust`` is that
    it is so, ``said`` that it was said (both 0-1), with their grades; ``stake``, ``direct`` and ``speaker`` are what a finding
    says of it.
    """

    row_id: str
    role: str
    origin: str
    holder: str
    publisher: str
    named: bool
    entity: str
    variant: str
    start: date
    end: date
    unit: str
    extent: Split
    ranged: bool
    trust: float
    said: float
    text: str
    side: str = "auto"
    step: float = 0.0
    grade: str = ""
    said_grade: str = ""
    stake: Stake = Stake.NONE
    direct: bool = True
    speaker: str = ""

    @property
    def figure(self) -> float:
        """The figure it prints."""
        return self.extent.mid

    @property
    def so(self) -> bool:
        """Whether a flag says yes; a side that the selector sets goes before."""
        return self.figure >= 0.5 if self.side == "auto" else self.side == "for"


@dataclass(frozen=True)
class Asked:
    """A part with its rows, the day on which it is judged, and the rules of the method it is judged by.

    ``factor`` is the size of the part's unit in base units (1 where it has none); ``floor`` the least evidence that decides.
    """

    part: Part
    rows: tuple[Row, ...]
    day: date
    size: Size
    degrees: Mapping[str, Degree]
    factor: float = 1.0
    floor: Floor | None = None
    cause: Cause | None = None

    def of(self, *roles: str) -> tuple[Row, ...]:
        """The rows of some roles, most trusted first, in an order that does not depend on the file's."""
        return tuple(sorted((row for row in self.rows if row.role in roles), key=lambda row: (-row.trust, row.row_id)))

    def number(self, name: str, usual: float = 0.0) -> float:
        """One of the part's own numbers."""
        return self.part.numbers.get(name, usual)

    @property
    def percentage(self) -> bool:
        """Whether the part's figures are percentages."""
        return self.part.unit == "percent"


Test = Callable[[Asked], Iterator[Finding]]
"""A kind of test: from what is asked to findings."""


def finding(
    asked: Asked,
    rows: Iterable[Row],
    chance: float,
    text: str,
    quantity: Quantity | None = None,
    weakest: Row | None = None,
) -> Finding:
    """A finding that rests on some rows: it counts with the weakest of them (or of those needed), and is trusted as far."""
    rows = tuple(rows)
    weak = weakest or min(rows, key=lambda row: (row.trust, row.row_id))
    ids = tuple(dict.fromkeys(row.row_id for row in rows))
    direct = all(row.direct for row in rows)
    return Finding(
        asked.part.part_id, weak.origin, float(chance), weak.trust, ids, text, quantity,
        weak.grade, weak.stake, direct, weak.named, weak.speaker,
    )  # fmt: skip


def counts(rows: Iterable[Row], added: bool) -> list[tuple[Row, ...]]:
    """Rows as figures: each by itself, or (``added``) the rows of one origin and variant together, to be added up."""
    rows = tuple(rows)
    if not added:
        return [(row,) for row in rows]
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.origin, row.variant), []).append(row)
    return [tuple(group) for group in groups.values()]


def total(rows: Iterable[Row]) -> Split:
    """The sum of rows of one origin: low ends, figures and high ends added, as their errors go together."""
    rows = tuple(rows)
    return Split(*(sum(getattr(row.extent, end) for row in rows) for end in ("low", "mid", "high")))


def told(rows: Iterable[Row]) -> str:
    """Rows in words: the figure of one, the figures of several with "and" between them; many are counted."""
    texts = [row.text for row in sorted(rows, key=lambda row: (row.start, row.row_id))]
    if len(texts) > 4:
        return f"the sum of {len(texts)} figures, from {texts[0]} to {texts[-1]}"
    return " and ".join(texts)


Figure = tuple[Row, ...]
"""Rows that make one figure."""


def matched(lefts: Iterable[Figure], rights: Iterable[Figure], alone: bool = False) -> Iterator[tuple[Figure, Figure]]:
    """Each figure with those it can be held against.

    Those of the same origin, variant and period; else of the same origin and variant; else of the same origin; else (unless
    ``alone``) all.
    """

    def keys(figure: Figure) -> list[tuple[object, ...]]:
        row = figure[0]
        period = min(item.start for item in figure), max(item.end for item in figure)
        return [(row.origin, row.variant, period), (row.origin, row.variant), (row.origin,)]

    rights = tuple(rights)
    for left in lefts:
        levels = ([right for right in rights if keys(right)[depth] == keys(left)[depth]] for depth in range(3))
        for right in next(filter(None, levels), [] if alone else rights):
            yield left, right
