"""The marks of a chart as links that lead to their rows: a list that lies over the drawing, each link where its mark stands.

One list serves both drawings, each link with a place in either. Its text is the link's name; the stylesheet shows it while
the link is hovered or has the focus. Without the stylesheet it is a list of the figures and their sources.
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.transforms import Bbox

from claimaudit import formats
from claimaudit.html import Html, tag
from claimaudit.show.charts.svg import Drawing

_AROUND, _LEAST = 4.0, 24.0
"""Pixels around a mark that are its own, and the least width and height of what is aimed at."""
_STOPS = 10
"""Links of a chart at most before which none is offered that skips them."""


def marks_told(drawn: Sequence[Drawing], *, by_rows: bool, after: str = "") -> list[Html]:
    """The list, behind a link to the anchor ``after`` where it is long; nothing where no mark tells anything.

    ``drawn`` are the drawings of one chart, the wide one first. Marks that tell the same are one link. Links follow each
    other from top to bottom where ``by_rows``, else from left to right.
    """
    wide = drawn[0]
    told = [words for words in wide.told if all(words in one.told for one in drawn)]
    places = {words: [_aimed_at(one.told[words], one) for one in drawn] for words in told}

    def order(words: str) -> tuple[float, float]:
        at = wide.told[words]
        middle = round((at.x0 + at.x1) / 2), round((at.y0 + at.y1) / 2)
        return middle[::-1] if by_rows else middle

    items = []
    for words in sorted(told, key=order):
        anchor, _, text = words.partition("\n")
        style = ";".join(
            f"--{name}:{_insets(at, one.width, one.height)}"
            for name, at, one in zip("wn", places[words], drawn, strict=False)
        )
        under = _larger_over(words, places)
        style += f";z-index:{under}" if under else ""
        items.append(tag("li", tag("a", tag("span", text), href=f"#{anchor}"), style=style))
    if not items:
        return []
    marks = tag("ul", *items, class_="ca-told", aria_label="Marks and their sources")
    if len(items) <= _STOPS or not after:
        return [marks]
    return [
        tag("a", f"Skip {formats.count(len(items), 'mark')} of the chart", href=f"#{after}", class_="ca-skip"),
        marks,
    ]


def _aimed_at(mark: Bbox, one: Drawing) -> Bbox:
    """The mark with room around it, within the drawing."""
    spans = []
    for low, high, edge in ((mark.x0, mark.x1, one.width), (mark.y0, mark.y1, one.height)):
        wanted = max(high - low + 2 * _AROUND, _LEAST)
        start = max(0.0, min((low + high - wanted) / 2, edge - wanted))
        spans.append((start, min(start + wanted, edge)))
    return Bbox([[spans[0][0], spans[1][0]], [spans[0][1], spans[1][1]]])


def _larger_over(words: str, places: dict[str, list[Bbox]]) -> int:
    """How many larger marks one stands in, in either drawing: it lies above them, so that each can be aimed at."""

    def within(own: Bbox, their: Bbox) -> bool:
        middle = (own.x0 + own.x1) / 2, (own.y0 + own.y1) / 2
        return _area(their) > _area(own) and bool(their.contains(*middle))

    return sum(any(map(within, places[words], others)) for other, others in places.items() if other != words)


def _area(box: Bbox) -> float:
    return float(box.width * box.height)


def _insets(box: Bbox, width: float, height: float) -> str:
    """Distances from the four edges, in parts of the drawing's width as paddings are."""
    return " ".join(_part(gap / width) for gap in (box.y0, width - box.x1, height - box.y1, box.x0))


def _part(share: float) -> str:
    text = f"{100 * share:.1f}".removesuffix(".0")
    return "0" if text in ("0", "-0") else f"{text.removeprefix('0')}%"
