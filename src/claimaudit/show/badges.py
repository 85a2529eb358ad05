"""A claim's rating and a part's outcome at a glance: a shape, a word and a colour each, and the reason in words."""

from __future__ import annotations

from claimaudit.html import Html, tag
from claimaudit.model import Label
from claimaudit.rated import Badge, Rating

_ICONS = {
    Badge.RIGHT: '<circle cx="8" cy="8" r="7"/><path d="M4.5 8.5l2.5 2.5 4.5-5.5"/>',
    Badge.RIGHT_BUT: '<circle cx="8" cy="8" r="7"/><path d="M8 1a7 7 0 0 1 0 14z" fill="currentColor"/>',
    Badge.UNPROVEN: '<circle cx="8" cy="8" r="7" stroke-dasharray="2 2"/><path d="M5 8h6"/>',
    Badge.PARTLY_RIGHT: '<rect x="1.5" y="1.5" width="13" height="13"/><path d="M8 2h6v12h-6z" fill="currentColor"/>',
    Badge.WRONG: '<rect x="1.5" y="1.5" width="13" height="13"/><path d="M5 5l6 6M11 5l-6 6"/>',
}
"""A shape for each badge: the words and the outline tell them apart without any colour."""
_SIGNS = {
    Label.SUPPORTED: "\N{CHECK MARK}",
    Label.REFUTED: "\N{BALLOT X}",
    Label.CONFLICTING: "\N{NOT EQUAL TO}",
    Label.NOT_ENOUGH_EVIDENCE: "?",
}


def rating_badge(rating: Rating, words: bool = True) -> Html:
    """A claim's badge as shape, word and colour, with its reason after it.

    Without ``words`` the reason stands in the badge's title alone: for places that give it in words beside.
    """
    kind = rating.badge.name.lower().replace("_", "-")
    hint = rating.words if rating.reason and not words else None
    badge = tag("span", _icon(_ICONS[rating.badge]), rating.badge.value, class_=f"ca-badge ca-{kind}", title=hint)
    if not (words and rating.reason):
        return badge
    return tag("span", badge, " ", tag("span", rating.reason, class_="ca-why"), class_="ca-rating")


def part_mark(label: Label | str) -> Html:
    """How a part turned out: a sign and a word."""
    label = Label(label)
    sign = tag("span", _SIGNS[label], aria_hidden="true", class_="ca-sign")
    return tag("span", sign, " ", label.mark, class_=f"ca-mark ca-mark-{label.mark}")


def _icon(shape: str) -> Html:
    return Html(f'<svg class="ca-icon" viewBox="0 0 16 16" aria-hidden="true">{shape}</svg>')
