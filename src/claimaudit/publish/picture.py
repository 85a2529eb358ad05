"""The audit in one picture: every claim at publication beside hindsight, by domain and topic, in the article's order.

A claim is a column: a small mark for what could be known at publication, a large one for hindsight, each as high as the
claim is likely to hold. Shape and fill tell the label, the line between them what moved. Each column leads to its claim.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from claimaudit import formats
from claimaudit.dossier.method import Method
from claimaudit.html import Html, join, tag
from claimaudit.model import Claim, Label
from claimaudit.outcome import Verdict

MOVED = 0.1
"""From this change of probability on, a claim counts as moved and the picture prints by how much."""

_COLUMN, _EDGE = 38, 6
_TOP, _RISE = 14, 104
_BEFORE, _AFTER = 11, 28
_SHAPES = {
    Label.SUPPORTED: ('<circle r="7"/>', '<path d="M-3.4 .4l2.4 2.5 4.4-5.4"/>'),
    Label.REFUTED: ('<rect x="-6.5" y="-6.5" width="13" height="13"/>', '<path d="M-3 -3l6 6M3 -3l-6 6"/>'),
    Label.NOT_ENOUGH_EVIDENCE: ('<circle r="6.5"/>', '<path d="M-3 0h6"/>'),
    Label.CONFLICTING: ('<path d="M0 -8.2l8.2 8.2 -8.2 8.2 -8.2 -8.2z"/>', '<path d="M0 -7v14"/>'),
}
"""Outline and sign of each label, around the origin: a disc, a square, an open ring, a split diamond."""


@dataclass(frozen=True)
class Mark:
    """A claim in the picture: its verdicts at both dates, and the anchor it leads to."""

    claim: Claim
    topic: str
    before: Verdict | None
    after: Verdict | None
    href: str

    @property
    def change(self) -> float:
        """By how much the probability moved."""
        return self.after.probability - self.before.probability if self.before and self.after else 0.0

    @property
    def relabelled(self) -> bool:
        """Whether the label is another one in hindsight."""
        return bool(self.before and self.after and self.before.label is not self.after.label)

    @property
    def moved(self) -> bool:
        """Whether the label changed or the probability moved visibly."""
        return self.relabelled or abs(round(self.change, 4)) >= MOVED

    @property
    def words(self) -> str:
        """The column in a sentence, for those who do not see it."""
        parts = [
            f"{verdict.label.words} {formats.probability(verdict.probability)} {when}"
            for when, verdict in (("at publication", self.before), ("in hindsight", self.after))
            if verdict
        ]
        tail = "; the label changed" if self.relabelled else ""
        return f"{self.claim.claim_id}: {', '.join(parts) or 'no verdict'}{tail}. {self.claim.paraphrase}"


def picture(marks: Sequence[Mark], method: Method) -> Html:
    """All claims, one panel a topic, the domains one after the other."""
    parts = []
    for domain in dict.fromkeys(mark.claim.domain for mark in marks):
        own = [mark for mark in marks if mark.claim.domain is domain]
        topics = dict.fromkeys(mark.topic for mark in own)
        panels = [_panel(topic, [mark for mark in own if mark.topic == topic], method) for topic in topics]
        parts.append(tag("div", tag("h3", f"{domain.value.capitalize()} claims"), tag("div", *panels, class_="panels")))
    return tag("figure", *parts, tag("figcaption", _caption(marks)), class_="picture")


def label_mark(label: Label, *, scale: float = 1.0, at: tuple[float, float] = (0, 0)) -> str:
    """A label's mark as SVG."""
    outline, sign = _SHAPES[label]
    move = f"translate({at[0]:g} {at[1]:g})" + ("" if scale == 1 else f" scale({scale:g})")
    return f'<g class="mark mark-{label.value.replace("_", "-")}" transform="{move}">{outline}{sign}</g>'


def small_mark(label: Label) -> Html:
    """A label's mark by itself, beside a word that names it."""
    drawing = Html(label_mark(label))
    return tag("svg", drawing, class_="small-mark", viewBox="-9 -9 18 18", width=18, height=18, aria_hidden="true")


def _caption(marks: Sequence[Mark]) -> str:
    moved = [mark for mark in marks if mark.moved]
    changed = [mark.claim.claim_id for mark in marks if mark.relabelled]
    words = f"{formats.count(len(moved), 'claim')} of {len(marks)} moved by {100 * MOVED:.0f} points or more"
    if not changed:
        return f"{words}; no label changed with hindsight."
    return f"{words}; with hindsight the label changed for {', '.join(changed)}."


def _height(probability: float) -> float:
    return round(_TOP + (1 - probability) * _RISE, 1)


def _bars(method: Method, width: float) -> list[str]:
    return [
        f'<line class="bar" x1="0" x2="{width:g}" y1="{_height(bar)}" y2="{_height(bar)}"/>'
        for bar in (method.supported, method.refuted)
    ]


def _panel(topic: str, marks: Sequence[Mark], method: Method) -> Html:
    width, height = _EDGE * 2 + _COLUMN * len(marks), _TOP + _RISE + 44
    columns = [_column(mark, _EDGE + number * _COLUMN) for number, mark in enumerate(marks)]
    ground = f'<rect class="ground" x="0" y="{_TOP}" width="{width}" height="{_RISE}"/>'
    drawing = join([Html(ground + "".join(_bars(method, width))), *columns])
    tally = Counter(mark.after.label for mark in marks if mark.after)
    counts = ", ".join(f"{tally[label]} {label.words}" for label in Label if tally[label])
    svg = tag(
        "svg", drawing, viewBox=f"0 0 {width} {height}", width=width, height=height, role="group",
        aria_label=f"{topic}: {counts or 'no verdict'} in hindsight",
    )  # fmt: skip
    return tag("div", tag("h4", topic), svg, class_="panel")


def _column(mark: Mark, left: float) -> Html:
    """The link around one claim: a field to point at, the line, both marks, the name and by how much it moved."""
    drawn = [
        f'<rect class="field" x="{left}" y="2" width="{_COLUMN}" height="{_TOP + _RISE + 40}" rx="4"/>',
    ]
    if mark.before and mark.after:
        ends = [(_BEFORE, mark.before), (_AFTER, mark.after)]
        (x1, y1), (x2, y2) = ((left + x, _height(verdict.probability)) for x, verdict in ends)
        drawn.append(f'<line class="way" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>')
    for x, verdict, scale in ((_BEFORE, mark.before, 0.66), (_AFTER, mark.after, 1.0)):
        if verdict:
            drawn.append(label_mark(verdict.label, scale=scale, at=(left + x, _height(verdict.probability))))
    middle, foot = left + _COLUMN / 2, _TOP + _RISE
    name = tag("text", mark.claim.claim_id, class_="name", x=middle, y=foot + 20)
    moved = Html("")
    if mark.moved:
        moved = tag("text", f"{100 * mark.change:+.0f}".replace("-", "−"), class_="points", x=middle, y=foot + 35)
    classes = "column" + (" moved" if mark.moved else "") + (" relabelled" if mark.relabelled else "")
    title = tag("title", mark.words)
    return tag(
        "a", title, Html("".join(drawn)), name, moved, href=mark.href, class_=classes, aria_label=mark.words,
        data_mark=mark.href.removeprefix("#"),
    )  # fmt: skip


def key(method: Method) -> Html:
    """How to read a column, drawn as one, with the two bars of the method named."""
    width, height, x = 232, _TOP + _RISE + 44, 54
    supported, refuted = (f"{100 * bar:g}%" for bar in (method.supported, method.refuted))
    lines = [
        f'<rect class="ground" x="44" y="{_TOP}" width="38" height="{_RISE}"/>',
        *(bar.replace('x1="0"', 'x1="44"') for bar in _bars(method, 82)),
        f'<line class="way" x1="{x}" y1="{_height(0.35)}" x2="{x + 17}" y2="{_height(0.62)}"/>',
        f'<circle class="sample" cx="{x}" cy="{_height(0.35)}" r="4.6"/>',
        f'<circle class="sample" cx="{x + 17}" cy="{_height(0.62)}" r="7"/>',
    ]
    texts = [
        ("end", 40, _height(1) + 4, "100%"),
        ("end", 40, _height(0) + 4, "0%"),
        ("start", 88, _height(method.supported) + 4, f"supported from {supported}"),
        ("start", 88, _height(0.62) + 4, "large: in hindsight"),
        ("start", 88, _height(0.35) + 4, "small: at publication"),
        ("start", 88, _height(method.refuted) + 4, f"refuted up to {refuted}"),
        ("middle", 63, _TOP + _RISE + 18, "claim"),
        ("middle", 63, _TOP + _RISE + 33, "points moved"),
    ]
    words = [tag("text", text, x=at, y=high, text_anchor=anchor) for anchor, at, high, text in texts]
    said = (
        "How to read the picture: each claim has a small mark for what could be known at publication and a large one for "
        "hindsight, each as high as the claim is likely to hold."
    )
    drawing = join([Html("".join(lines)), *words])
    return tag(
        "svg", drawing, class_="key", viewBox=f"0 0 {width} {height}", width=width, height=height, role="img",
        aria_label=said,
    )  # fmt: skip


def tally(marks: Iterable[Mark]) -> Html:
    """The labels counted at both dates: mark, word, how many then and now. It is the picture's key as well."""
    marks = list(marks)
    before = Counter(mark.before.label for mark in marks if mark.before)
    after = Counter(mark.after.label for mark in marks if mark.after)
    heads = [tag("th", words, scope="col") for words in ("Label", "At publication", "In hindsight")]
    rows = [
        tag(
            "tr",
            tag("th", small_mark(label), " ", label.words.capitalize(), scope="row"),
            tag("td", str(before[label])),
            tag("td", str(after[label])),
        )
        for label in Label
    ]
    caption = tag("caption", "Claims by label")
    return tag("table", caption, tag("thead", tag("tr", *heads)), tag("tbody", *rows), class_="tally")
