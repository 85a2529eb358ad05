"""The readings of a claim that careful readers could differ on, and the badge each gives: what a specification curve is drawn from.

A reading changes what parts are to the sentence, never what is found on them. Form after Simonsohn, Simmons and Nelson,
"Specification curve analysis", Nature Human Behaviour 4 (2020).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from claimaudit.model import Claim, Label, Role
from claimaudit.rated import Badge, RatedPart
from claimaudit.verdict.rating import badge_of
from claimaudit.verdict.sensitivity import Grid

AS_SPLIT, BEST, STRICTEST = "as split", "best reading", "strictest reading"
_BESIDE = (Role.DETAIL, Role.QUOTE)


@dataclass(frozen=True)
class Reading:
    """A name, and the role of each part under it; under the best reading no context misleads."""

    name: str
    roles: Mapping[str, Role]
    misleads: bool = True


def readings(claim: Claim) -> tuple[Reading, ...]:
    """The claim as split; best (its point alone); strictest (details and quotes weigh as core); each disputed role the other way.

    Readings that change no role are left out.
    """
    split = {part.part_id: part.role for part in claim.parts}
    beside = [name for name, role in split.items() if role in _BESIDE]
    misleads = any(part.misleads for part in claim.parts)
    found = [Reading(AS_SPLIT, split)]
    if beside or misleads:
        found.append(Reading(BEST, split | dict.fromkeys(beside, Role.CONTEXT), misleads=False))
    if beside:
        found.append(Reading(STRICTEST, split | dict.fromkeys(beside, Role.CORE)))
    for part in claim.parts:
        if part.also:
            other = split | {part.part_id: part.also}
            if Role.CORE in other.values():
                found.append(Reading(f"{part.name or part.part_id} as {part.also.value}", other))
    return tuple(found)


def badge_under(reading: Reading, claim: Claim, labels: Mapping[str, Label]) -> Badge:
    """The badge of a claim under a reading, from the labels of its parts."""
    parts = []
    for part in claim.parts:
        role = reading.roles[part.part_id]
        misleads = part.misleads if role is Role.CONTEXT and reading.misleads else ""
        parts.append(RatedPart(part.part_id, role, labels[part.part_id], misleads=misleads))
    return badge_of(parts)


def specifications(claim: Claim, grid: Grid) -> pd.DataFrame:
    """The badge under every method of a sweep and every reading: one row each; columns the sweep's numbers, reading, badge."""
    found = [
        {**setting, "reading": reading.name, "badge": badge.value}
        for reading in readings(claim)
        for setting, badge in zip(grid.settings, _badges(claim, reading, grid), strict=True)
    ]
    return pd.DataFrame(found)


def badge_counts(claim: Claim, grid: Grid) -> dict[Badge, float]:
    """The share (0-1) of methods and roles as careful readers gave them that gives each badge.

    The best and the strictest reading are left out: they bound what can be read into a sentence, and nobody proposed them.
    """
    proposed = [reading for reading in readings(claim) if reading.name not in (BEST, STRICTEST)]
    counts = Counter(badge for reading in proposed for badge in _badges(claim, reading, grid))
    return {badge: many / counts.total() for badge, many in counts.items()}


def _badges(claim: Claim, reading: Reading, grid: Grid) -> list[Badge]:
    """The badge under each method; what the same labels give is worked out once."""
    names = [part.part_id for part in claim.parts]
    known: dict[tuple[Label, ...], Badge] = {}
    out = []
    for labels in zip(*(grid.labels[name] for name in names), strict=True):
        if labels not in known:
            known[labels] = badge_under(reading, claim, dict(zip(names, labels, strict=True)))
        out.append(known[labels])
    return out
