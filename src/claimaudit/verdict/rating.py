"""What readers are told of a claim: one of five badges with a reason in words, and whether what it relays was said.

Badge and reason come from the parts alone. Where the rules leave a choice, the reading taken stands with the function.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from claimaudit.model import Role
from claimaudit.rated import Badge, Open, RatedPart, Rating, Relayed
from claimaudit.verdict.labels import in_order, misleading, point, refuted_as_printed


def rating(parts: Iterable[RatedPart]) -> Rating:
    """The rating of a claim at one date; the first badge of the table that fits.

    Beside "Partly right" and "Unproven", too, refuted details and quotes are named after the reason, so that no badge hides a
    printed part that is wrong. "Wrong" has no reason; its sentence gives what is right. Unsettled details and quotes stand in
    the reason of "Right" alone; ``unsettled`` has them for every badge.
    """
    parts = in_order(parts)
    core = point(parts)
    badge = badge_of(parts)
    beside = [part for part in parts if part.role in (Role.DETAIL, Role.QUOTE)]
    slips = [wrong_words(part) for part in beside if part.refuted]
    unsettled = tuple(part for part in beside if part.is_open or part.disputed)
    reasons = {
        Badge.WRONG: [],
        Badge.PARTLY_RIGHT: [partly_words(core), *slips],
        Badge.UNPROVEN: [unproven_words(core), *slips],
        Badge.RIGHT_BUT: [*slips, *(f"needs context: {part.misleads}" for part in misleading(parts))],
        Badge.RIGHT: [unsettled_words(part) for part in unsettled],
    }[badge]
    reason = "; ".join(dict.fromkeys(reasons))
    return Rating(badge, reason, refuted_as_printed(parts), unsettled, misleading(parts))


def badge_of(parts: Iterable[RatedPart]) -> Badge:
    """The badge alone."""
    parts = in_order(parts)
    core = point(parts)
    if any(part.refuted for part in core):
        return Badge.PARTLY_RIGHT if any(part.holds for part in core) else Badge.WRONG
    if not all(part.holds for part in core):
        return Badge.UNPROVEN
    return Badge.RIGHT_BUT if refuted_as_printed(parts) or misleading(parts) else Badge.RIGHT


def partly_words(core: Sequence[RatedPart]) -> str:
    """Why a claim is partly right, from its core and link parts.

    "Not for that reason" (or the link's own words) where all that is wrong is one link and the rest holds; else how many
    hold, with the disputed counted apart from the open.
    """
    wrong = [part for part in core if part.refuted]
    holds = sum(part.holds for part in core)
    if len(wrong) == 1 and wrong[0].role is Role.LINK and holds == len(core) - 1:
        return wrong[0].wrong or "not for that reason"
    words = [f"{holds} of {len(core)} {'holds' if holds == 1 else 'hold'}"]
    for count, what in (
        (sum(part.disputed for part in core), "disputed"),
        (sum(part.is_open for part in core), "open"),
    ):
        words += [f"{count} {what}"] if count else []
    return ", ".join(words)


def unproven_words(core: Sequence[RatedPart]) -> str:
    """Why a claim is unproven, from its core and link parts; the first that fits.

    Disputed: one of them is. Text not read: every open one. Forecast: the only open one, or every one of several. Else what
    is shown and what not; where a part has no name, how many are shown.
    """
    waiting = [part for part in core if part.is_open]
    if any(part.disputed for part in core):
        return "disputed"
    why = {part.open for part in waiting}
    if why == {Open.UNJUDGED}:
        return Open.UNJUDGED.value
    if why == {Open.UNREAD}:
        return Open.UNREAD.value
    if all(one.is_forecast for one in why):
        return why.pop().value if len(why) == 1 else Open.FORECAST.value
    shown = [part for part in core if part.holds]
    if not shown:
        return "not shown" if len(core) == 1 else "nothing shown"
    if not all(part.name for part in core):
        return f"{len(shown)} of {len(core)} shown"
    return f"{_listed(shown)} shown, {_listed(waiting)} not"


def wrong_words(part: RatedPart) -> str:
    """How a badge names a refuted detail or quote: in its own words, else by its name.

    A quote is refuted because somebody else said it or because its sense is altered; without words of its own it only says
    that it was not said so, and by its name who is meant, so that two of them stay two.
    """
    if part.wrong:
        return part.wrong
    if part.role is Role.QUOTE:
        return f"{part.name}: not said so" if part.name else "not said so"
    return f"wrong {part.name or 'detail'}"


def unsettled_words(part: RatedPart) -> str:
    """How a badge names a detail or quote that is not established."""
    name = part.name or ("quotation" if part.role is Role.QUOTE else "detail")
    if part.disputed:
        return f"{name} disputed"
    if part.open is Open.UNREAD:
        return f"{name} not read"
    if part.open is not Open.EVIDENCE:
        return f"{name}: {part.open.value}"
    return f"{name} not found" if part.role is Role.QUOTE else f"{name} not shown"


def relayed(parts: Iterable[RatedPart]) -> Relayed | None:
    """Whether what the sentence relays was said: from its quote parts; ``None`` where it has none.

    One refuted: no. All found: yes. One disputed: disputed. Else the source was not found.
    """
    quotes = [part for part in in_order(parts) if part.role is Role.QUOTE]
    if not quotes:
        return None
    if any(part.refuted for part in quotes):
        return Relayed.NO
    if all(part.holds for part in quotes):
        return Relayed.YES
    return Relayed.DISPUTED if any(part.disputed for part in quotes) else Relayed.NOT_FOUND


def _listed(parts: Sequence[RatedPart]) -> str:
    """Names of parts as a list in a sentence."""
    *most, last = (part.name for part in parts)
    return f"{', '.join(most)} and {last}" if most else last
