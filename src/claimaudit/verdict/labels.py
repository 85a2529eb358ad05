"""What a part of a claim brings to the claim's verdict, and the strict label of the sentence as printed.

The label follows AVeriTeC's four (Schlichtkrull et al. 2023). It is for exports and for comparison with other data sets; what
readers see is the rating (``rating.py``).
"""

from __future__ import annotations

from collections.abc import Iterable

from claimaudit.model import Label, Role
from claimaudit.rated import Conflict, Printed, RatedPart


def in_order(parts: Iterable[RatedPart]) -> tuple[RatedPart, ...]:
    """Parts by role and id, so that no verdict depends on the order they come in.

    ``ValueError`` where none is core (a sentence has a point) or two have one id.
    """
    rank = list(Role)
    found = sorted(parts, key=lambda part: (rank.index(part.role), part.part_id))
    if not any(part.role is Role.CORE for part in found):
        raise ValueError("no part is core; say what the sentence is there to say")
    if len({part.part_id for part in found}) < len(found):
        raise ValueError("two parts have one id; give each its own")
    return tuple(found)


def point(parts: Iterable[RatedPart]) -> tuple[RatedPart, ...]:
    """Core and link parts: what the sentence is there to say."""
    return tuple(part for part in parts if part.role.is_point)


def refuted_as_printed(parts: Iterable[RatedPart]) -> tuple[RatedPart, ...]:
    """Every printed part that is not so."""
    return tuple(part for part in parts if part.role.is_printed and part.refuted)


def misleading(parts: Iterable[RatedPart]) -> tuple[RatedPart, ...]:
    """Context that is so, and without which the sentence misleads."""
    return tuple(part for part in parts if part.misleads and part.holds)


def label_as_printed(parts: Iterable[RatedPart]) -> Printed:
    """The label of the sentence, word for word; the first rule that fits.

    A printed part refuted: refuted. A core or link part conflicting: conflicting, by sources. All core and link parts
    supported: conflicting, as misleading, where context that misleads is supported too, else supported. Otherwise not
    enough evidence. A detail or quote that is open or disputed takes nothing from ``supported``; the rating names it.
    """
    parts = in_order(parts)
    core = point(parts)
    if refuted_as_printed(parts):
        return Printed(Label.REFUTED)
    if any(part.disputed for part in core):
        return Printed(Label.CONFLICTING, Conflict.SOURCES)
    if not all(part.holds for part in core):
        return Printed(Label.NOT_ENOUGH_EVIDENCE)
    return Printed(Label.CONFLICTING, Conflict.MISLEADING) if misleading(parts) else Printed(Label.SUPPORTED)
