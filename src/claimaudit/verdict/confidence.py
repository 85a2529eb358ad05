"""How good the evidence behind a rating is, apart from how likely the claim is: strong, moderate or thin.

It is read from the part that decides, with the number of sources it rests on. None is given where the badge is "Unproven".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from claimaudit import formats
from claimaudit.verdict.labels import RatedPart, Sources, in_order, misleading, point, refuted_as_printed
from claimaudit.verdict.rating import Badge, badge_of


class Confidence(StrEnum):
    """How good the deciding evidence is, from worst to best."""

    THIN = "thin"
    MODERATE = "moderate"
    STRONG = "strong"

    @property
    def rank(self) -> int:
        """Its place from worst (0) to best (2)."""
        return list(Confidence).index(self)


@dataclass(frozen=True)
class Evidenced:
    """The confidence in a rating, the part it is read from, and how many independent sources decide that part."""

    level: Confidence
    part_id: str
    sources: int

    @property
    def words(self) -> str:
        """Level and count as a card prints them."""
        return f"{self.level.value} ({formats.count(self.sources, 'independent source')})"


def level(sources: Sources) -> Confidence:
    """The confidence that the deciding sources of one part give.

    The conditions overlap; they are read so that one more source never lowers the level:

    - thin: at one remove, or only parties; or, without a primary record, fewer than two sources, or a label that changes
      without one of them.
    - strong: none of that, the label is the same without any one source, and three sources that are no party, or two of which
      one is a primary record. A party that says the same takes nothing away.
    - moderate: the rest, so two sources, or one primary record, with which the label naturally falls.
    """
    if not sources.direct or sources.free == 0:
        return Confidence.THIN
    if not sources.primary and (sources.count < 2 or not sources.survives):
        return Confidence.THIN
    enough = sources.free >= 3 or (sources.primary and sources.free >= 2)
    return Confidence.STRONG if enough and sources.survives else Confidence.MODERATE


def deciding(parts: Iterable[RatedPart]) -> RatedPart | None:
    """The part that the confidence of a rating is read from; ``None`` where the badge is "Unproven".

    A badge is as well evidenced as the weakest thing it needs, and where one of several parts suffices, the best of them counts:
    "Right" needs every core and link part; "Right, but" these and one refuted detail or quote, or misleading context;
    "Wrong" one refuted core or link part; "Partly right" one that holds and one refuted.
    """
    parts = in_order(parts)
    core = point(parts)
    refuted = [part for part in core if part.refuted]
    holds = [part for part in core if part.holds]
    match badge_of(parts):
        case Badge.UNPROVEN:
            return None
        case Badge.WRONG:
            needed = [_best(refuted)]
        case Badge.PARTLY_RIGHT:
            needed = [_best(holds), _best(refuted)]
        case Badge.RIGHT_BUT:
            needed = [*core, _best((*refuted_as_printed(parts), *misleading(parts)))]
        case Badge.RIGHT:
            needed = list(core)
    return min(needed, key=_strength)


def confidence(parts: Iterable[RatedPart]) -> Evidenced | None:
    """The confidence in a claim's rating; ``None`` where the badge is "Unproven"."""
    part = deciding(parts)
    return Evidenced(level(part.sources), part.part_id, part.sources.count) if part else None


def _best(parts: Sequence[RatedPart]) -> RatedPart:
    return max(parts, key=_strength)


def _strength(part: RatedPart) -> tuple[int, int, str]:
    """By level, then by number of sources; the id settles the rest."""
    return level(part.sources).rank, part.sources.count, part.part_id
