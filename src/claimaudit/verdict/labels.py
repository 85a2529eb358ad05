"""What a part of a claim brings to the claim's verdict, and the strict label of the sentence as printed.

The label follows AVeriTeC's four (Schlichtkrull et al. 2023). It is for exports and for comparison with other data sets; what
readers see is the rating (``rating.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from claimaudit.model import Label


class Role(StrEnum):
    """What a part is to its sentence. ``core`` and ``link`` make its point; all but ``context`` are printed."""

    CORE = "core"
    LINK = "link"
    DETAIL = "detail"
    QUOTE = "quote"
    CONTEXT = "context"

    @property
    def is_point(self) -> bool:
        """Whether the sentence is there to say it. A link weighs as core, so every rule on core parts is one on both."""
        return self in (Role.CORE, Role.LINK)

    @property
    def is_printed(self) -> bool:
        """Whether the sentence says it at all."""
        return self is not Role.CONTEXT


class Open(StrEnum):
    """Why a part has no answer, in the words of a badge.

    A forecast is never right or wrong, whatever came of it: its part stays without a label, and what came of it stands here.
    """

    EVIDENCE = "not shown"
    UNREAD = "text not read"
    FORECAST = "forecast, open"
    CAME_TRUE = "forecast, came true"
    NOT_IN_TIME = "forecast, not by the review day"

    @property
    def is_forecast(self) -> bool:
        """Whether the part is a forecast, before or after its review day."""
        return self in (Open.FORECAST, Open.CAME_TRUE, Open.NOT_IN_TIME)


class Conflict(StrEnum):
    """Why a label is conflicting: sources contradict each other, or what is left out misleads."""

    SOURCES = "sources"
    MISLEADING = "misleading"


@dataclass(frozen=True)
class Sources:
    """The evidence that decides a part: its independent sources, counted.

    ``parties`` are those of ``count`` that are parties; ``primary`` tells of a primary record among the others or of its maker;
    ``direct`` that the evidence is on the part itself, not at one remove; ``survives`` that the part's label is the same
    without any one of the sources. Raises ``ValueError`` where the counts do not fit each other.
    """

    count: int = 0
    parties: int = 0
    primary: bool = False
    direct: bool = True
    survives: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.parties <= self.count:
            raise ValueError(f"{self.parties} of {self.count} sources cannot be parties; count each party as a source")
        if self.primary and not self.count:
            raise ValueError("a primary record is a source; count it")

    @property
    def free(self) -> int:
        """Sources that are no party."""
        return self.count - self.parties

    @property
    def parties_only(self) -> bool:
        """Whether nobody but parties says so."""
        return self.count > 0 and self.free == 0


@dataclass(frozen=True)
class RatedPart:
    """A part with its verdict, and the words its claim's badge may need of it.

    ``name`` is what it is about in a word or two ("sum", "month"). ``wrong`` stands in the badge where it is refuted ("wrong
    month"), ``right`` is the right value. ``misleads`` says, on context alone, why a reader who is told it would no longer draw the
    conclusion. ``open`` counts only where the label is not enough evidence. ``probability`` is ``None`` where nothing was found.
    Raises ``ValueError`` where role, label and these do not fit each other.
    """

    part_id: str
    role: Role
    label: Label
    name: str = ""
    wrong: str = ""
    right: str = ""
    misleads: str = ""
    open: Open = Open.EVIDENCE
    probability: float | None = None
    sources: Sources = Sources()

    def __post_init__(self) -> None:
        if self.misleads and self.role is not Role.CONTEXT:
            raise ValueError(f"{self.part_id}: only context misleads; a printed part is right or wrong")
        if self.open is not Open.EVIDENCE and self.label is not Label.NOT_ENOUGH_EVIDENCE:
            raise ValueError(
                f"{self.part_id}: {self.label.words}, but {self.open.value}; a forecast or a text that was not read has no label"
            )
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise ValueError(f"{self.part_id}: a probability of {self.probability}; give one from 0 to 1")

    @property
    def holds(self) -> bool:
        """Whether it is so."""
        return self.label is Label.SUPPORTED

    @property
    def refuted(self) -> bool:
        """Whether it is not so."""
        return self.label is Label.REFUTED

    @property
    def disputed(self) -> bool:
        """Whether independent sources contradict each other on it."""
        return self.label is Label.CONFLICTING

    @property
    def is_open(self) -> bool:
        """Whether there is no answer yet; what is disputed has two."""
        return self.label is Label.NOT_ENOUGH_EVIDENCE


@dataclass(frozen=True)
class Printed:
    """The strict label of a sentence, and why where it is conflicting."""

    label: Label
    conflict: Conflict | None = None


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
