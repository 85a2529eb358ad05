"""The small tests that read what a word of degree asks for (``[degrees.*]`` of the method).

Direction is a part of its own: here only how far something moved, how much of the whole it is, or who says so.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from claimaudit.analysis.uncertainty import Floats
from claimaudit.dossier.rules import OTHER, Degree


def degree_of(word: str, table: Mapping[str, Degree]) -> Degree:
    """What a word asks for: its group's entry, else that of ``other``."""
    return next((degree for degree in table.values() if word.lower() in degree.words), table[OTHER])


def moved(degree: Degree, before: Floats, after: Floats, percentage: bool = False) -> NDArray[np.bool_]:
    """Whether each change is of the degree, in either direction, in the shape the two arrays broadcast to.

    One of what the degree asks for suffices. Points count for percentages alone. A ratio (``times``) asks for a rise from a
    figure above 0. ``ValueError`` where the words are not of a change.
    """
    if not degree.of_change:
        raise ValueError("the degree is not of a change; ask for a share or for holders")
    before, after = np.broadcast_arrays(np.asarray(before, dtype=float), np.asarray(after, dtype=float))
    change = np.abs(after - before)
    slack = 1e-9 * np.maximum(np.abs(before), np.abs(after))
    enough = np.zeros(before.shape, dtype=bool)
    if percentage and degree.points is not None:
        enough |= change >= degree.points - slack
    if degree.share_of_before is not None:
        enough |= (before != 0) & (change >= degree.share_of_before * np.abs(before) - slack)
    if degree.times is not None:
        enough |= (before > 0) & (after >= degree.times * before - slack)
    return enough


def of_the_whole(degree: Degree, share: float) -> bool:
    """Whether a share of the whole (or of the need), 0-1, is of the degree; ``ValueError`` where it asks for no share."""
    if degree.least is not None:
        return share >= degree.least
    if degree.more_than is not None:
        return share > degree.more_than
    if degree.less_than is not None:
        return share < degree.less_than
    raise ValueError("the degree is not of a share; ask for a change or for holders")


def held(degree: Degree, holders: int, named_first: bool = False) -> bool:
    """Whether independent competent holders who say so suffice, or the holder's naming it first or alone.

    ``ValueError`` where the degree is measured and no saying suffices.
    """
    if degree.holders is None:
        raise ValueError("the degree is measured; ask for a change or for a share")
    return holders >= degree.holders or (named_first and degree.named_first)
