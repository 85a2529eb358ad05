"""A drawing for phones: the same figure laid out again, so narrow that every mark and label is on the screen.

Names of rows are broken, what stood beside a row stands above it, names of lines become a legend below, ticks are thinned,
and the figure grows as high as that asks for.
"""

from __future__ import annotations

import re
import textwrap
from itertools import pairwise
from math import log10
from typing import Any

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedLocator
from matplotlib.transforms import Bbox, ScaledTranslation, blended_transform_factory

from claimaudit.show.charts.axes import names_along
from claimaudit.show.charts.layout import ABOVE, END, VALUE, settle
from claimaudit.show.charts.ruler import DPI, RULER

WIDTH = 3.7
"""Inches: a phone of 390 px less its margins."""
_SIZE = 9.0
"""Points, 12 px: the largest text."""
_LETTER = 7.3
"""Pixels a letter of that size takes, amply."""
_MARK, _GAP, _EDGE = 8, 3, 3
"""Pixels: half a mark, between texts, to the edge."""
_HIGHEST, _LEAST = 16.0, 0.7
"""Inches of the highest drawing; how far one whose rows have room to spare may shrink."""


def narrow(figure: Figure) -> Bbox:
    """Lay a figure of one plot out for a phone; the box (in inches) that holds all of it."""
    ax = figure.axes[0]
    figure.set_size_inches(
        WIDTH, max(2.2, min(figure.get_figheight(), 3.3 if names_along(ax.yaxis) is None else _HIGHEST))
    )
    for text in figure.findobj(Text):
        if text.get_size() > _SIZE:
            text.set_size(_SIZE)
    _break_names(ax)
    _break_heads(ax)
    _break_axis_names(ax)
    moved = _raise_notes(ax)
    for gid, letters in ((ABOVE, 26), (VALUE, 9)):
        for text in _of(ax, gid):
            text.set_text(_broken(text.get_text(), letters))
    below = _legend_below(ax)
    settle(figure, 1)
    _thin(ax.xaxis, across=True)
    _thin(ax.yaxis, across=False)
    _set_below(ax, below)
    settle(figure, 2)
    named = names_along(ax.yaxis) is not None
    left = ax.get_window_extent(RULER).x0 if named else 0.0
    for text in moved:  # not over the names of rows
        room = figure.bbox.x1 - _EDGE - left
        text.set_text(_broken(" ".join(text.get_text().split()), int(room / _LETTER)))
    rows = bool(moved) or named
    if rows and (scale := _needed(ax, moved)):
        plot = ax.get_window_extent(RULER).height / DPI
        figure.set_figheight(min(_HIGHEST, figure.get_figheight() + (scale - 1) * plot))
        settle(figure, 1)
    _make_room(ax, moved)
    for text in [*ax.texts, *figure.texts, ax.xaxis.label]:
        _pull_in(figure, text, left if text in moved else 0.0)
    return lay_out_box(figure, ax)


def lay_out_box(figure: Figure, ax: Axes) -> Bbox:
    """The box (inches) of all that is drawn."""
    boxes = [
        text.get_window_extent(RULER) for text in [*ax.texts, *figure.texts] if text.get_visible() and text.get_text()
    ]
    found = ax.get_tightbbox(RULER)
    boxes += [found] if found is not None else []
    grown = Bbox.union([box for box in boxes if box.width and box.height]).padded(_EDGE)
    grown = Bbox([[min(grown.x0, 0), grown.y0], [max(grown.x1, figure.bbox.x1), grown.y1]])
    return grown.transformed(figure.dpi_scale_trans.inverted())


# -- names of rows and columns -------------------------------------------------------------------------------------------


def _break_names(ax: Axes) -> None:
    names = names_along(ax.yaxis)
    if names is None:
        return
    longest = max(len(" ".join(name.split())) for name in names)
    places = list(ax.get_yticks())[: len(names)]
    limits = ax.get_ylim()
    ax.set_yticks(places, [_broken(name, 16 if longest <= 32 else 22) for name in names])
    ax.set_ylim(limits)


def _break_heads(ax: Axes) -> None:
    names = names_along(ax.xaxis)
    if names is None:
        return
    letters = int((WIDTH - 0.9) * DPI / max(1, len(names)) / _LETTER)
    places, limits = list(ax.get_xticks())[: len(names)], ax.get_xlim()
    if letters < max(len(word) for name in names for word in name.split() or [""]):
        ax.set_xticks(places, [_broken(name, 22) for name in names], rotation=90)
    else:
        ax.set_xticks(places, [_broken(name, letters) for name in names])
    ax.set_xlim(limits)


def _break_axis_names(ax: Axes) -> None:
    """The name of an axis in lines about as long as the axis: a longer one would make all of the picture smaller."""
    for axis, letters in ((ax.xaxis, 44 if names_along(ax.yaxis) is None else 30), (ax.yaxis, 26)):
        if name := axis.get_label_text():
            axis.set_label_text(_broken(name, letters))


def _broken(text: str, letters: int) -> str:
    whole = " ".join(re.split(r"[ \n]+", text.strip()))  # what is not to be parted (``1.2 m``) stays together
    return "\n".join(textwrap.wrap(whole, max(letters, 6), break_long_words=False)) or text


# -- notes beside rows -----------------------------------------------------------------------------------------------------


def _of(ax: Axes, gid: str) -> list[Annotation]:
    return [text for text in ax.texts if isinstance(text, Annotation) and text.get_gid() == gid]


def _raise_notes(ax: Axes) -> list[Annotation]:
    """Long texts beside a mark, set above it: they are pulled into the picture once the plot stands."""
    moved = []
    for text in ax.texts:
        if not isinstance(text, Annotation) or text.get_gid() in (END, ABOVE, VALUE):
            continue
        whole = " ".join(text.get_text().split())
        if len(whole) * _LETTER > 0.36 * WIDTH * DPI and text.get_va() in ("center", "center_baseline"):
            text.set_text(_broken(whole, int((WIDTH * DPI - 4 * _EDGE) / _LETTER)))
            text.set_va("bottom")
            text.set_ha("left")
            text.xyann = (0, _MARK * 72 / DPI)
            text.set_in_layout(False)
            moved.append(text)
    return moved


def _make_room(ax: Axes, moved: list[Annotation]) -> None:
    """Lift the edge of the plot, above which lines are named, over the note of its first row."""
    if not moved or not _of(ax, ABOVE):
        return
    plot = ax.get_window_extent(RULER)
    over = max(text.get_window_extent(RULER).y1 for text in moved) - plot.y1 + _GAP
    if over > 0:
        low, high = ax.get_ylim()
        ax.set_ylim(low, high + (high - low) * over / plot.height)


def _needed(ax: Axes, moved: list[Annotation]) -> float:
    """How many times as high the plot must be for its rows just to stay apart; 0 where it is."""
    notes: list[tuple[float, float, float]] = []  # where it stands, and what it takes above and below that
    for text in ax.texts:
        if isinstance(text, Annotation) and text.get_gid() not in (END, ABOVE) and text.get_visible():
            high = text.get_window_extent(RULER).height
            at = float(ax.transData.transform(_point(ax, text))[1])
            notes.append((at, high + _MARK + _GAP, _MARK) if text in moved else (at, high / 2 + 2, high / 2 + 2))
    names: list[tuple[float, float, float]] = []
    for label in ax.get_yticklabels() if names_along(ax.yaxis) is not None else ():
        box = label.get_window_extent(RULER)
        names.append(((box.y0 + box.y1) / 2, box.height / 2 + _GAP, box.height / 2 + _GAP))
    scale = _LEAST
    for column in (sorted(notes), sorted(names)):
        for lower, upper in pairwise(column):
            if (apart := upper[0] - lower[0]) > 2:
                scale = max(scale, (lower[1] + upper[2]) / apart)
    if moved and _of(ax, ABOVE):  # the topmost stands below the names of lines
        top = max(notes)
        scale = max(scale, min(1.6, top[1] / max(1.0, ax.get_window_extent(RULER).y1 - top[0])))
    return scale if abs(scale - 1) > 0.01 else 0.0


def _point(ax: Axes, text: Annotation) -> tuple[float, float]:
    x, y = text.xy
    return float(ax.xaxis.convert_units(x)), float(ax.yaxis.convert_units(y))


def _pull_in(figure: Figure, text: Text, left: float) -> None:
    """Move a text that stands beyond the picture into it."""
    if not text.get_visible() or not text.get_text():
        return
    box = text.get_window_extent(RULER)
    shift = max(left + _EDGE - box.x0, 0) + min(figure.bbox.x1 - _EDGE - box.x1, 0)
    if box.width > figure.bbox.width or not shift:
        return
    if isinstance(text, Annotation):
        x, y = text.xyann
        if text.anncoords == "offset points":
            text.xyann = (x + shift * 72 / DPI, y)
    else:
        text.set_transform(text.get_transform() + ScaledTranslation(shift / DPI, 0, figure.dpi_scale_trans))


# -- ticks -----------------------------------------------------------------------------------------------------------------


def _thin(axis: Axis, *, across: bool) -> None:
    """Leave out ticks whose names would touch; of a logarithmic axis the powers of ten stay."""
    if names_along(axis) is not None:
        return
    axis.get_majorticklabels()  # the plot has moved since ticks were last placed and named: asking does both again
    low, high = sorted(axis.get_view_interval())
    ticks = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high and tick.label1.get_text()]
    if axis.get_scale() == "log":
        round_ones = [tick for tick in ticks if abs(log10(tick.get_loc()) % 1) < 1e-9]
        ticks = round_ones if len(round_ones) > 1 else ticks
    spans = [
        (box.x0, box.x1) if across else (box.y0, box.y1)
        for box in (tick.label1.get_window_extent(RULER) for tick in ticks)
    ]
    for step in range(1, len(ticks) + 1):
        kept = sorted(spans[::step])
        if all(after[0] - before[1] > (2 * _GAP if across else 1) for before, after in pairwise(kept)):
            axis.set_major_locator(FixedLocator([tick.get_loc() for tick in ticks[::step]]))
            return


# -- legends ---------------------------------------------------------------------------------------------------------------


def _legend_below(ax: Axes) -> Legend | None:
    """What the legend says, and the names at the ends of lines, in one legend that stands below the plot."""
    given = ax.get_legend()
    entries: list[tuple[Any, str, Any]] = []
    if given is not None:
        entries = [
            (handle, text.get_text(), text.get_color())
            for handle, text in zip(given.legend_handles, given.get_texts(), strict=True)
        ]
        given.remove()
    for label in _of(ax, END):
        entries.append((_handle(ax, label), label.get_text(), label.get_color()))
        label.remove()
    if not entries:
        return None
    letters = int((WIDTH * DPI - 50) / _LETTER)
    names = [_broken(name, letters) for _, name, _ in entries]
    longest = max(len(line) for name in names for line in name.split("\n"))
    below = Legend(
        ax, [handle for handle, _, _ in entries], names, loc="upper left", frameon=False, borderaxespad=0, borderpad=0,
        fontsize=_SIZE, labelcolor=[colour for _, _, colour in entries], handlelength=1.8, handletextpad=0.5,
        ncols=max(1, min(len(names), int(WIDTH * DPI / ((longest + 5) * _LETTER)))),
    )  # fmt: skip
    ax.add_artist(below)
    below.set_clip_on(False)  # it stands beyond the plot
    _set_below(ax, below)
    return below


def _set_below(ax: Axes, below: Legend | None) -> None:
    """Stand the legend under the ticks, flush with the picture's edge."""
    figure = ax.get_figure(root=True)
    if below is None or figure is None:
        return
    frame, ticks = ax.get_window_extent(RULER), ax.xaxis.get_tightbbox(RULER)
    drop = (frame.y0 - min(ticks.y0, frame.y0) if ticks is not None else 0) + 2 * _GAP
    upright = ax.transAxes + ScaledTranslation(0, -drop / DPI, figure.dpi_scale_trans)
    below.set_bbox_to_anchor((0.02, 0), transform=blended_transform_factory(figure.transFigure, upright))


def _handle(ax: Axes, label: Annotation) -> Any:
    """A sample of the line (or the band) that a name at the edge is of: the one of its colour that ends nearest to it."""
    colour, height = to_hex(label.get_color()), float(ax.yaxis.convert_units(label.xy[1]))
    lines = [line for line in ax.lines if to_hex(line.get_color()) == colour and len(line.get_ydata())]
    if not lines:
        return Patch(color=label.get_color(), alpha=0.2, linewidth=0)
    ends = [abs(float(ax.yaxis.convert_units(line.get_ydata()[-1])) - height) for line in lines]
    line = lines[ends.index(min(ends))]
    return Line2D(
        [], [], color=line.get_color(), linestyle=line.get_linestyle(), linewidth=line.get_linewidth(), marker=line.get_marker(),
        markersize=5,
    )  # fmt: skip
