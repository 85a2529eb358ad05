"""How far something moved between two dates: figures of one count, and shares of two samples."""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import NormalDist

import numpy as np

from claimaudit import formats
from claimaudit.analysis.degrees import degree_of, moved
from claimaudit.analysis.kinds.figures import grid
from claimaudit.analysis.kinds.heard import Asked, Row, counts, finding, matched, told, total
from claimaudit.analysis.uncertainty import Split
from claimaudit.dossier.rules import Degree
from claimaudit.outcome import Finding

PERCENT = 0.01
"""A percent, and a point, in base units."""


def change(asked: Asked) -> Iterator[Finding]:
    """Did it rise or fall (``direction``) as far as ``word``, or ``points``, ``share`` or ``times``, asks: one finding a pair.

    Only figures of one origin, variant and entity are set against each other; with ``sum`` those of one origin and variant are
    added up on each side. Of what is asked one suffices; ``points`` count for percentages, ``share`` is of the figure before.
    """
    part, added = asked.part, bool(asked.number("sum"))
    degree = degree_of(part.word, asked.degrees) if part.word else None
    own = Degree(
        points=part.numbers.get("points"), share_of_before=part.numbers.get("share"), times=part.numbers.get("times")
    )
    befores, afters = (counts(asked.of(role), added) for role in ("before", "after"))
    for before, after in matched(befores, afters, alone=True):
        if _count(before) != _count(after):
            continue
        percentage = all(row.unit == "percent" for row in (*before, *after))
        old, new = total(before), total(after)
        chance = chance_moved(old, new, part.direction, [item for item in (degree, own) if item], percentage)
        text = f"from {told(before)}, to {told(after)}: {_moved(old.mid, new.mid, percentage)}"
        yield finding(asked, (*before, *after), chance, text)


def _count(rows: tuple[Row, ...]) -> tuple[str, str, frozenset[str]]:
    return rows[0].origin, rows[0].variant, frozenset(row.entity for row in rows)


def chance_moved(old: Split, new: Split, direction: str, degrees: list[Degree], percentage: bool) -> float:
    """Probability (0-1) that the move is in the direction and of one of the degrees; figures in base units, independent."""
    scale = PERCENT if percentage else 1.0
    before, after = grid(old)[:, None] / scale, grid(new)[None, :] / scale
    right = after > before if direction == "rise" else after < before
    enough = np.zeros(right.shape, dtype=bool)
    for degree in degrees:
        if degree.of_change:
            enough |= moved(degree, before, after, percentage)
    return float(np.mean(right & enough))


def _moved(old: float, new: float, percentage: bool) -> str:
    if old == new:
        return "no change"
    turn = "a rise" if new > old else "a fall"
    share = f"{formats.number(100 * abs(new - old) / abs(old))}%" if old else ""
    if percentage:
        points = f"{turn} of {formats.number(abs(new - old) / PERCENT)} points"
        return f"{points}, {share} of what it was" if share else points
    return f"{turn} of {share}" if share else f"{turn} from nothing"


def two_shares(asked: Asked) -> Iterator[Finding]:
    """Did a sampled share rise or fall, by ``at_least`` so many points: the posterior chance, a finding a pair of samples.

    Sizes come from ``sample``, or from rows of the roles ``size_first`` and ``size_then`` of the same origin and period (or the one
    its origin has). Only samples of one
    origin, variant and entity are compared. No p-value is given out as a probability.
    """
    part = asked.part
    for first, then in matched(counts(asked.of("first"), False), counts(asked.of("then"), False), alone=True):
        if _count(first) != _count(then):
            continue
        sized = [_size(asked, row, role) for row, role in ((first[0], "size_first"), (then[0], "size_then"))]
        if None in sized:
            continue
        (n_first, one), (n_then, other) = (item for item in sized if item)
        chance = chance_of_change(
            (first[0].figure, n_first),
            (then[0].figure, n_then),
            part.direction,
            asked.number("at_least") * PERCENT,
            asked.number("design_effect", 1.0),
        )
        sizes = f"samples of {formats.number(n_first)} and {formats.number(n_then)}"
        text = f"from {first[0].text}, to {then[0].text} ({sizes}): {_moved(first[0].figure, then[0].figure, True)}"
        yield finding(asked, (*first, *then, *one, *other), chance, text)


def _size(asked: Asked, row: Row, role: str) -> tuple[float, tuple[Row, ...]] | None:
    """The size of a row's sample, with the row that tells it; ``None`` where none of its origin does."""
    if asked.number("sample"):
        return asked.number("sample"), ()
    sizes = [size for size in asked.of(role) if size.origin == row.origin and size.figure > 0]
    of_it = [size for size in sizes if (size.start, size.end) == (row.start, row.end)]
    if not of_it and len(sizes) == 1:
        of_it = sizes
    return (of_it[0].figure, (of_it[0],)) if of_it else None


def chance_of_change(
    first: tuple[float, float],
    then: tuple[float, float],
    direction: str,
    least: float = 0.0,
    design_effect: float = 1.0,
) -> float:
    """Posterior probability that a share (0-1, with its sample's size) rose or fell by at least ``least`` (0-1).

    Normal approximation with unpooled variance under an even prior; each sample is as good as one
    ``design_effect`` times smaller (Kish 1965). Without any spread it is 0 or 1.
    """
    (before, n_before), (after, n_after) = first, then
    far = after - before if direction == "rise" else before - after
    variance = sum(share * (1 - share) / n for share, n in ((before, n_before), (after, n_after)))
    spread = math.sqrt(design_effect * max(0.0, variance))
    if spread == 0:
        return float(far >= least - 1e-12 and far > 0)
    return NormalDist().cdf((far - least) / spread)
