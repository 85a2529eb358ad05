"""The frame of every chart: house style, title and subtitle, room for labels, and the finished figure as HTML.

Figures are made without ``pyplot``: a notebook shows only what ``finish`` returns, and nothing stays open. The same
calls give the same bytes: fonts, ids and metadata of the SVG are fixed.
"""

from __future__ import annotations

import base64
import io
import warnings
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, wraps
from itertools import combinations, product
from typing import Any

import matplotlib.style
from matplotlib import rcParams, rcParamsDefault
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

from claimaudit.html import Html, tag
from claimaudit.inert import xml

INK, SOFT, FAINT = "#1d2733", "#5b6470", "#d5d9de"
"""Text and the main series, secondary text, rules."""
COLOURS = ("#14406b", "#b5472a", "#0d766e", "#6d6f73", "#7b4fa0", "#8a6412")
"""Dark enough for text on white, apart for colour-blind readers; series differ by marker and dash as well."""
MARKERS = ("o", "s", "^", "D", "v", "P")
DASHES: tuple[Any, ...] = ("", (5, 2), (1.5, 1.5), (6, 2, 1.5, 2), (3, 1, 1, 1, 1, 1), (9, 3))
BACKING = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
"""Keeps text readable where a line runs behind it (a stroke around the letters would make files five times as big)."""

_HOUSE = {
    "font.family": "DejaVu Sans",
    "font.size": 10.5,
    "text.color": INK,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": SOFT,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.titlelocation": "left",
    "grid.color": FAINT,
    "grid.linewidth": 0.7,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "hatch.linewidth": 0.7,
    "hatch.color": "white",
    "svg.fonttype": "path",
    "text.hinting": "none",  # letters are drawn as paths, which know no hints; measured so too, and faster
    "svg.hashsalt": "claimaudit",
    "text.parse_math": False,  # a dollar in a text is a dollar
}
_TITLE, _SUBTITLE, _END, _ABOVE = "title", "subtitle", "end-label", "above-label"
_FREE_HEIGHT = "free-height"
_PAD = 0.12
_ROUNDS, _SETTLED = 8, 1e-5
"""How often a plot is fitted among its labels at most, and the change (of the figure's size, of points) that ends it."""


@contextmanager
def house_style() -> Iterator[None]:
    """A context in which matplotlib draws in house style, whatever a notebook has set before."""
    # Not matplotlib's own context: it checks every one of some 300 settings again each time.
    settings = _checked_style()
    before = {name: rcParams._get(name) for name in settings}
    try:
        for name, value in settings.items():
            rcParams._set(name, value)
        yield
    finally:
        for name, value in before.items():
            rcParams._set(name, value)


@cache
def _checked_style() -> dict[str, Any]:
    """Every setting but the backend and its mode: matplotlib's defaults and the house's own."""
    with matplotlib.style.context(["default", _HOUSE]):
        return {name: rcParams._get(name) for name in rcParamsDefault if name not in ("backend", "interactive")}


def styled(function: Any) -> Any:
    """Run a chart form in house style."""

    @wraps(function)
    def inner(*args: Any, **kwargs: Any) -> Any:
        with house_style():
            return function(*args, **kwargs)

    return inner


@styled
def chart(title: str, subtitle: str = "", *, width: float = 8.0, height: float | None = None) -> tuple[Figure, Axes]:
    """An empty figure in house style, in inches.

    ``title`` states what the chart shows; ``subtitle`` gives unit and period. Without a ``height`` forms that list
    rows choose their own.
    """
    figure = Figure(figsize=(width, height or 4.2))
    FigureCanvasAgg(figure)
    figure.set_label("" if height else _FREE_HEIGHT)
    for text, gid, size, weight, colour in (
        (title, _TITLE, 13, "bold", INK),
        (subtitle, _SUBTITLE, 10.5, "normal", SOFT),
    ):
        if text:
            shown = figure.text(0, 1, text, ha="left", va="top", size=size, weight=weight, color=colour, gid=gid)
            shown.set_in_layout(False)
    return figure, figure.add_subplot()


def rows_height(ax: Axes, rows: float, each: float = 0.42, around: float = 1.5) -> None:
    """Make the figure as high as its rows need, unless the caller chose a height."""
    figure = ax.get_figure()
    if figure is not None and figure.get_label() == _FREE_HEIGHT:
        figure.set_figheight(around + each * rows)


def end_label(ax: Axes, y: float, text: str, colour: str) -> Annotation:
    """Name a line at the right edge of the plot, at height ``y``; ``finish`` keeps such names apart."""
    return ax.annotate(
        text, (1, y), xycoords=ax.get_yaxis_transform(), xytext=(7, 0), textcoords="offset points",
        ha="left", va="center", color=colour, size=10, gid=_END, annotation_clip=False,
    )  # fmt: skip


def above_label(ax: Axes, x: float, text: str, colour: str) -> Annotation:
    """Name a vertical line above the plot; ``finish`` keeps such names apart."""
    return ax.annotate(
        text, (x, 1), xycoords=ax.get_xaxis_transform(), xytext=(0, 4), textcoords="offset points",
        ha="center", va="bottom", color=colour, size=9.5, gid=_ABOVE, annotation_clip=False,
    )  # fmt: skip


@styled
def finish(fig: Figure, *, alt: str, sources: str | Html = "", note: str | Html = "") -> Html:
    """The figure as HTML with its text alternative and caption; the same figure gives the same bytes.

    ``alt`` says in words what the chart shows and must not be empty. ``sources`` and ``note`` make the caption.
    """
    if not alt.strip():
        raise ValueError("a chart needs alt text: say in a sentence what it shows")
    for text in fig.findobj(Text):
        text.set_parse_math(False)  # also of texts that were set outside the house style
    title = " ".join(next((text.get_text() for text in fig.texts if text.get_gid() == _TITLE), "").split())
    buffer = io.StringIO()  # one of bytes would encode each of the many small pieces by itself
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # a box stands for it
        box = _lay_out(fig)
        fig.savefig(buffer, format="svg", bbox_inches=box, metadata={"Date": None, "Creator": None})
    drawn = xml(buffer.getvalue())  # each text stands in a comment too
    data = base64.b64encode(drawn.encode()).decode("ascii")
    image = tag(
        "img", alt=" ".join(alt.split()), src=f"data:image/svg+xml;base64,{data}",
        width=round(96 * box.width), height=round(96 * box.height),
    )  # fmt: skip
    lines = [tag("div", "Sources: ", sources, class_="ca-from")] if str(sources) else []
    lines += [tag("p", "Note: ", note)] if str(note) else []
    caption = [tag("figcaption", *lines)] if lines else []
    # On a narrow screen the plate scrolls sideways: the keyboard must reach it to do so, and the title stands above it.
    plate = tag(
        "div", image, class_="ca-plate", tabindex=0, role="group", aria_label=f"Chart: {title}" if title else "Chart"
    )
    above = [tag("p", title, class_="ca-above")] if title else []
    return tag("figure", *above, plate, *caption, class_="ca ca-figure")


# -- room for every label ------------------------------------------------------------------------------------------


def _lay_out(figure: Figure) -> Bbox:
    """Place title, plot and labels; the box (in inches) that holds them all."""
    renderer = _ruler(figure.dpi)
    room = _place_header(figure, renderer)
    for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
        if not axis.get_label_text():
            axis.set_label_coords(0, 0)  # else a place is sought for the empty name, which costs much
    # Moving the plot moves ticks and labels, which ask for other room: few rounds settle it.
    before: list[float] = []
    for _ in range(_ROUNDS):
        taken = []
        for ax in figure.axes:
            taken.append(_fit(ax, room, renderer))
            _spread_end_labels(ax, renderer)
            _stack_above_labels(ax, renderer)
        places = _places_taken(figure)
        if before and max(abs(now - then) for now, then in zip(places, before, strict=True)) < _SETTLED:
            break
        before = places
    else:  # nothing stands yet where it was measured
        taken = [_around(ax, renderer) for ax in figure.axes]
    # What is measured for the layout leaves out how long the names of axes are.
    named = [axis.label for ax in figure.axes for axis in (ax.xaxis, ax.yaxis) if axis.get_label_text()]
    taken += [text.get_window_extent(renderer) for text in (*figure.texts, *named)]
    grown = Bbox.union(taken).padded(figure.dpi * _PAD / 2)
    needed = grown.transformed(figure.dpi_scale_trans.inverted())
    return Bbox.union([needed, figure.bbox_inches])


@cache
def _ruler(dpi: float) -> RendererAgg:
    """What texts are measured by: one for all figures, because matplotlib keeps a renderer's measurements with it."""
    return RendererAgg(1, 1, dpi)


def _around(ax: Axes, renderer: RendererBase) -> Bbox:
    """The plot with all that stands around it, in pixels."""
    taken = ax.get_tightbbox(renderer, for_layout_only=True)
    assert taken is not None
    return Bbox(taken)


def _fit(ax: Axes, room: Bbox, renderer: RendererBase) -> Bbox:
    """Make the plot as big as fits into ``room`` (in pixels) with all that stands around it; what that took before."""
    frame, taken = ax.get_window_extent(renderer), _around(ax, renderer)
    corners = [[room.x0 + frame.x0 - taken.x0, room.y0 + frame.y0 - taken.y0]]
    corners += [[room.x1 + frame.x1 - taken.x1, room.y1 + frame.y1 - taken.y1]]
    plot = Bbox(corners)
    if plot.width > 0 and plot.height > 0:
        ax.set_position(plot.transformed(ax.get_figure().transFigure.inverted()))  # type: ignore[union-attr]
    return taken


def _places_taken(figure: Figure) -> list[float]:
    """Where plots and names stand, in figure widths and points: once a round leaves them be, further rounds do too."""
    plots = [edge for ax in figure.axes for edge in ax.get_position().bounds]
    names = [name.xyann for ax in figure.axes for gid in (_END, _ABOVE) for name in _labels(ax, gid)]
    return plots + [shift for place in names for shift in place]


def _place_header(figure: Figure, renderer: RendererBase) -> Bbox:
    """Set title and subtitle flush left at the top, wrapped to the width; what is left for the plot, in pixels."""
    width, height = figure.get_size_inches()
    top = height - _PAD
    for text in figure.texts:
        if text.get_gid() not in (_TITLE, _SUBTITLE):
            continue
        _wrap(text, (width - 2 * _PAD) * figure.dpi, renderer)
        text.set_position((_PAD / width, top / height))
        top -= text.get_window_extent(renderer).height / figure.dpi + 0.09
    left = max(0.3 * height, top - 0.06)
    inches = Bbox([[_PAD, _PAD / 2], [width - _PAD, left - _PAD / 2]])
    return inches.transformed(figure.dpi_scale_trans)


def _wrap(text: Text, width: float, renderer: RendererBase) -> None:
    """Break a text into lines no wider than ``width`` pixels, each with as many words as fit."""

    def fits(words: Sequence[str]) -> bool:
        text.set_text(" ".join(words))
        return text.get_window_extent(renderer).width <= width

    words = text.get_text().split()
    lines: list[str] = []
    while words:
        most = len(words)
        if not fits(words):
            most = max(1, bisect_left(range(1, most), True, key=lambda many: not fits(words[:many])))
        lines.append(" ".join(words[:most]))
        words = words[most:]
    text.set_text("\n".join(lines))


def _labels(ax: Axes, gid: str) -> list[Annotation]:
    return [text for text in ax.texts if isinstance(text, Annotation) and text.get_gid() == gid]


def apart(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Centres as near to ``wanted`` as can be with no overlap, kept within ``low``..``high`` where there is room.

    Labels that would touch form a pile around the mean of their wanted places; piles that touch become one.
    """

    def height(pile: list[int]) -> float:
        return sum(sizes[index] for index in pile)

    def bottom(pile: list[int]) -> float:
        middle = sum(wanted[index] for index in pile) / len(pile)
        return max(low, min(middle - height(pile) / 2, high - height(pile)))

    piles: list[list[int]] = []
    for index in sorted(range(len(wanted)), key=lambda index: wanted[index]):
        piles.append([index])
        while len(piles) > 1 and bottom(piles[-1]) < bottom(piles[-2]) + height(piles[-2]):
            piles[-2:] = [piles[-2] + piles[-1]]
    placed = list(wanted)
    for pile in piles:
        edge = bottom(pile)
        for index in pile:
            placed[index] = edge + sizes[index] / 2
            edge += sizes[index]
    return placed


def _spread_end_labels(ax: Axes, renderer: RendererBase) -> None:
    labels = _labels(ax, _END)
    if not labels:
        return
    scale = ax.get_figure().dpi / 72  # type: ignore[union-attr]
    wanted = [float(ax.transData.transform((0, label.xy[1]))[1]) for label in labels]
    if ax.get_yscale() == "log":
        wanted = [float(ax.transData.transform((ax.get_xlim()[0], label.xy[1]))[1]) for label in labels]
    sizes = [label.get_window_extent(renderer).height + 3 * scale for label in labels]
    frame = ax.get_window_extent(renderer)
    placed = apart(wanted, sizes, frame.y0 - sizes[0] / 2, frame.y1 + sizes[0] / 2)
    for label, at, centre in zip(labels, wanted, placed, strict=True):
        label.xyann = (7, (centre - at) / scale)


def _stack_above_labels(ax: Axes, renderer: RendererBase) -> None:
    """Set names above their lines, centred or to one side; where that cannot be done, one above the other."""
    labels = sorted(_labels(ax, _ABOVE), key=lambda label: label.xy[0])
    figure = ax.get_figure()
    scale = figure.dpi / 72  # type: ignore[union-attr]
    frame = ax.get_window_extent(renderer)
    # Names of lines stand right of the plot: then there is no room for names of thresholds beyond its edge.
    right = frame.x1 if _labels(ax, _END) else figure.bbox.x1 - figure.dpi * _PAD  # type: ignore[union-attr]
    boxes, sides = [], []
    for label in labels:
        label.xyann = (0, 4)
        box = label.get_window_extent(renderer)
        inside = max(frame.x0 - box.x0, 0) + min(frame.x1 - box.x1, 0)
        wanted = [inside, -box.width / 2, box.width / 2]
        boxes.append(box)
        sides.append([shift for shift in wanted if box.x0 + shift >= frame.x0 and box.x1 + shift <= right] or [inside])
    for label, (shift, lift) in zip(labels, _places(boxes, sides, 6 * scale), strict=True):
        label.xyann = (shift / scale, 4 + lift / scale)


def _places(boxes: list[Bbox], sides: list[list[float]], gap: float) -> list[tuple[float, float]]:
    """A shift and a lift for each box: the smallest shifts on one level that keep all apart, else a pile."""
    if len(boxes) <= 6:
        for shifts in sorted(product(*sides), key=lambda shifts: sum(map(abs, shifts))):
            moved = [box.translated(shift, 0) for box, shift in zip(boxes, shifts, strict=True)]
            if not any(_touch(one, other, gap) for one, other in combinations(moved, 2)):
                return [(shift, 0.0) for shift in shifts]
    done: list[Bbox] = []
    chosen = []
    for box, options in zip(boxes, sides, strict=True):
        lift = 0.0
        while any(_touch(box.translated(options[0], lift), other, gap) for other in done):
            lift += box.height / 2
        done.append(box.translated(options[0], lift))
        chosen.append((options[0], lift))
    return chosen


def _touch(one: Bbox, other: Bbox, gap: float) -> bool:
    apart_x = one.x0 >= other.x1 + gap or other.x0 >= one.x1 + gap
    apart_y = one.y0 >= other.y1 or other.y0 >= one.y1
    return not (apart_x or apart_y)
