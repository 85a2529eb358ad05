"""How good the evidence behind a rating is, apart from how likely the claim is: strong, moderate or thin.

It is read from the part that decides, with the number of sources it rests on. None is given where the badge is "Unproven".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from claimaudit.dossier.rules import ConfidenceRule
from claimaudit.rated import Badge, Confidence, Evidenced, RatedPart, Sources
from claimaudit.verdict.labels import in_order, misleading, point, refuted_as_printed
from claimaudit.verdict.rating import badge_of


def level(sources: Sources, rule: ConfidenceRule) -> Confidence:
    """The confidence that the deciding sources of one part give.

    The conditions overlap; they are read so that one more source never lowers the level:

    - thin: at one remove, or only parties; or, without a primary record, fewer than ``moderate`` sources, or a label that changes
      without one of them.
    - strong: none of that, the label is the same without any one source, and ``strong`` sources that are no party, or
      ``strong_with_record`` of which one is a primary record. A party that says the same takes nothing away.
    - moderate: the rest, so two sources, or one primary record, with which the label naturally falls.
    """
    if not sources.direct or sources.free == 0:
        return Confidence.THIN
    if not sources.primary and (sources.count < rule.moderate or not sources.survives):
        return Confidence.THIN
    enough = sources.free >= rule.strong or (sources.primary and sources.free >= rule.strong_with_record)
    return Confidence.STRONG if enough and sources.survives else Confidence.MODERATE


def deciding(parts: Iterable[RatedPart], rule: ConfidenceRule) -> RatedPart:
    """The part that a rating hangs on, and that its confidence is read from.

    A badge is as well evidenced as the weakest thing it needs, and where one of several parts suffices, the best of them counts:
    "Right" needs every core and link part; "Right, but" these and one refuted detail or quote, or misleading context;
    "Wrong" one refuted core or link part; "Partly right" one that holds and one refuted. What is "Unproven" hangs on a disputed
    core or link part, else on the least likely open one.
    """
    parts = in_order(parts)
    core = point(parts)
    refuted = [part for part in core if part.refuted]
    holds = [part for part in core if part.holds]
    strength = _strength(rule)
    match badge_of(parts):
        case Badge.UNPROVEN:
            disputed = [part for part in core if part.disputed]
            return min(disputed or [part for part in core if part.is_open], key=_likely)
        case Badge.WRONG:
            needed = [max(refuted, key=strength)]
        case Badge.PARTLY_RIGHT:
            needed = [max(holds, key=strength), max(refuted, key=strength)]
        case Badge.RIGHT_BUT:
            needed = [*core, max((*refuted_as_printed(parts), *misleading(parts)), key=strength)]
        case Badge.RIGHT:
            needed = list(core)
    return min(needed, key=strength)


def confidence(parts: Iterable[RatedPart], rule: ConfidenceRule) -> Evidenced | None:
    """The confidence in a claim's rating; ``None`` where the badge is "Unproven"."""
    parts = in_order(parts)
    if badge_of(parts) is Badge.UNPROVEN:
        return None
    part = deciding(parts, rule)
    return Evidenced(level(part.sources, rule), part.part_id, part.sources.count)


def _strength(rule: ConfidenceRule) -> Callable[[RatedPart], tuple[int, int, str]]:
    """By level, then by number of sources; the id settles the rest."""
    return lambda part: (level(part.sources, rule).rank, part.sources.count, part.part_id)


def _likely(part: RatedPart) -> tuple[float, str]:
    """Least likely first; what nothing was found on counts as even."""
    return 0.5 if part.probability is None else part.probability, part.part_id
