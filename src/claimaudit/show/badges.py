"""A verdict at a glance: its label as a badge, its probability on a line between the method's bars."""

from __future__ import annotations

from claimaudit import formats
from claimaudit.dossier.method import Method
from claimaudit.html import Html, tag
from claimaudit.model import Label
from claimaudit.outcome import Verdict
from claimaudit.rated import Badge, Rating

_ICONS = {
    Label.SUPPORTED: '<circle cx="8" cy="8" r="7"/><path d="M4.5 8.5l2.5 2.5 4.5-5.5"/>',
    Label.REFUTED: '<rect x="1.5" y="1.5" width="13" height="13"/><path d="M5 5l6 6M11 5l-6 6"/>',
    Label.NOT_ENOUGH_EVIDENCE: '<circle cx="8" cy="8" r="7" stroke-dasharray="2 2"/><path d="M5 8h6"/>',
    Label.CONFLICTING: '<path d="M8 1l7 7-7 7-7-7z"/><path d="M8 1v14"/>',
}
"""A shape for each label: the words and the outline tell them apart without any colour."""


def label_badge(label: Label | str) -> Html:
    """A label as shape, word and colour."""
    label = Label(label)
    icon = Html(
        f'<svg class="ca-icon" width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">{_ICONS[label]}</svg>'
    )
    return tag("span", icon, label.words, class_=f"ca-badge ca-{label.value.replace('_', '-')}")


def interval_bar(verdict: Verdict, method: Method) -> Html:
    """The probability on a line from 0 to 100% with its leave-one-origin-out range and the two bars of the method."""
    low, high = range_of(verdict)
    words = f"Probability {formats.probability(verdict.probability)}"
    if verdict.low is not None:
        words += f"; {spread(low, high)} when any one origin is left out"
    marks = [f"{200 * at:.1f}" for at in (method.refuted, method.supported)]
    parts = [
        '<line class="ca-bar-track" x1="0" x2="200" y1="9" y2="9"/>',
        *(f'<line class="ca-bar-mark" x1="{at}" x2="{at}" y1="1" y2="17"/>' for at in marks),
        f'<rect class="ca-bar-range" x="{200 * low:.1f}" y="6" width="{max(200 * (high - low), 0.1):.1f}" height="6"/>',
        f'<circle class="ca-bar-dot" cx="{200 * verdict.probability:.1f}" cy="9" r="4.5"/>',
    ]
    ends = ((0, "start", Label.REFUTED), (200, "end", Label.SUPPORTED))
    parts += [f'<text x="{at}" y="27" text-anchor="{side}">{label.words}</text>' for at, side, label in ends]
    drawing = Html("".join(parts))
    return tag("svg", drawing, class_="ca-bar", viewBox="-5 0 210 30", role="img", aria_label=words)


def range_of(verdict: Verdict) -> tuple[float, float]:
    """The least and greatest probability (0-1) when any one origin is left out; the probability itself where none can be."""
    low = verdict.probability if verdict.low is None else verdict.low
    return low, verdict.probability if verdict.high is None else verdict.high


def spread(low: float, high: float) -> str:
    """A range of probabilities (0-1) in percent: ``62% to 80%``, one figure where both ends read the same."""
    ends = formats.probability(low), formats.probability(high)
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


_RATED = {
    Badge.RIGHT: ("right", '<circle cx="8" cy="8" r="7"/><path d="M4.5 8.5l2.5 2.5 4.5-5.5"/>'),
    Badge.RIGHT_BUT: ("right-but", '<circle cx="8" cy="8" r="7"/><path d="M8 1a7 7 0 0 1 0 14z" fill="currentColor"/>'),
    Badge.UNPROVEN: ("unproven", '<circle cx="8" cy="8" r="7" stroke-dasharray="2 2"/><path d="M5 8h6"/>'),
    Badge.PARTLY_RIGHT: ("partly-right", '<path d="M8 1l7 7-7 7-7-7z"/><path d="M8 1v14"/>'),
    Badge.WRONG: ("wrong", '<rect x="1.5" y="1.5" width="13" height="13"/><path d="M5 5l6 6M11 5l-6 6"/>'),
}


def rating_badge(rating: Rating, words: bool = True) -> Html:
    """A rating as shape, word and colour, with its reason; without ``words`` the badge alone."""
    name, drawn = _RATED[rating.badge]
    icon = Html(f'<svg class="ca-icon" width="14" height="14" viewBox="0 0 16 16" aria-hidden="true">{drawn}</svg>')
    said = rating.words if words else rating.badge.value
    return tag("span", icon, tag("span", said), class_=f"ca-badge ca-{name}")
