"""The frame of every chart: house style, title and subtitle, names of lines, and the finished figure as HTML.

Figures are made without ``pyplot`` (``finishing.py`` closes those drawn with it): a notebook shows only what ``finish``
returns, and nothing stays open. The same calls give the same bytes.
"""

from __future__ import annotations

import base64
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from cycler import cycler
from matplotlib import rc_context, rcParamsDefault
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text

from claimaudit.html import Html, tag
from claimaudit.show.charts.axes import names_along
from claimaudit.show.charts.layout import ABOVE, END, SUBTITLE, TITLE, lay_out
from claimaudit.show.charts.marks import marks_told
from claimaudit.show.charts.narrow import narrow
from claimaudit.show.charts.palette import COLOURS, FAINT, INK, SOFT
from claimaudit.show.charts.ruler import DPI
from claimaudit.show.charts.svg import drawing

HOUSE = {
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
    "axes.prop_cycle": cycler(color=COLOURS),  # also while a figure is finished: "C0" is read late
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
    "svg.fonttype": "none",
    "text.hinting": "none",  # a page's letters know no hints of ours; measured so too, and faster
    "text.parse_math": False,  # a dollar in a text is a dollar
}
"""What the house sets of what matplotlib documents."""
_PLAIN = {name: value for name, value in rcParamsDefault.items() if name not in ("backend", "interactive")}
FREE_HEIGHT = "free-height"
"""The label of a figure that is as high as its rows need."""
_HEADER = {TITLE: 0.34, SUBTITLE: 0.26}
"""Inches that title and subtitle take of a figure's height."""
_MOST = 15_000
"""The longest CSV (bytes) that a chart carries along."""


@contextmanager
def house_style() -> Iterator[None]:
    """A context in which matplotlib draws in house style, whatever a notebook has set before."""
    with rc_context(_PLAIN | HOUSE):
        yield


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
    figure.set_label("" if height else FREE_HEIGHT)
    for text, gid, size, weight, colour in (
        (title, TITLE, 13, "bold", INK),
        (subtitle, SUBTITLE, 10.5, "normal", SOFT),
    ):
        if text:
            shown = figure.text(0, 1, text, ha="left", va="top", size=size, weight=weight, color=colour, gid=gid)
            shown.set_in_layout(False)
    return figure, figure.add_subplot()


def rows_height(ax: Axes, rows: float, each: float = 0.42, around: float = 1.5) -> None:
    """Make the figure as high (inches) as its rows need, unless the caller chose a height: ``around + each * rows``."""
    figure = ax.get_figure()
    if figure is not None and figure.get_label() == FREE_HEIGHT:
        figure.set_figheight(around + each * rows)


def end_label(ax: Axes, y: float, text: str, colour: str) -> Annotation:
    """Name a line at the right edge of the plot, at height ``y``; ``finish`` keeps such names apart."""
    return ax.annotate(
        text, (1, y), xycoords=ax.get_yaxis_transform(), xytext=(7, 0), textcoords="offset points",
        ha="left", va="center", color=colour, size=10, gid=END, annotation_clip=False,
    )  # fmt: skip


def above_label(ax: Axes, x: float, text: str, colour: str) -> Annotation:
    """Name a vertical line above the plot; ``finish`` keeps such names apart."""
    return ax.annotate(
        text, (x, 1), xycoords=ax.get_xaxis_transform(), xytext=(0, 4), textcoords="offset points",
        ha="center", va="bottom", color=colour, size=9.5, gid=ABOVE, annotation_clip=False,
    )  # fmt: skip


@styled
def finish(fig: Figure, *, alt: str, sources: str | Html = "", note: str | Html = "", data: str = "") -> Html:
    """The figure as HTML with its text alternative and caption, drawn for desk and phone; the same figure gives the same bytes.

    ``alt`` says in words what the chart shows; ``ValueError`` where it is empty. ``sources`` and ``note`` make the caption,
    ``data`` (CSV) a link to what was drawn, where it is short. The figure is left as it was drawn for the phone.
    """
    if not alt.strip():
        raise ValueError("a chart needs alt text: say in a sentence what it shows")
    title, subtitle = (_taken(fig, gid) for gid in (TITLE, SUBTITLE))
    for text in fig.findobj(Text):
        text.set_parse_math(False)  # also of texts that were set outside the house style
    fig.set_dpi(DPI)
    for patch in (fig.patch, *(ax.patch for ax in fig.axes)):
        patch.set_visible(False)  # the page's own ground, light or dark
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # a box stands for it
        drawn = [drawing(fig, lay_out(fig), "ca-wide" if len(fig.axes) == 1 else "ca-alone")]
        if len(fig.axes) == 1:
            drawn.append(drawing(fig, narrow(fig), "ca-narrow"))
    anchor = f"chart-{'-'.join(re.findall(r'[a-z0-9]+', title.lower())[:8])}" if title else None
    links = [_download(anchor or "chart", data)] if 0 < len(data.encode()) <= _MOST else []
    lines = [tag("div", "Sources: ", sources, class_="ca-from")] if str(sources) else []
    lines += [tag("p", "Note: ", note)] if str(note) else []
    lines += [tag("p", *links)] if links else []
    above = [tag("p", title, class_="ca-above")] if title else []
    above += [tag("p", subtitle, class_="ca-below")] if subtitle else []
    picture = tag("div", Html("".join(one.markup for one in drawn)), role="img", aria_label=" ".join(alt.split()))
    # What is in a picture is no part of the page to those who read it by ear or keyboard: its marks are a list beside it.
    below = f"{anchor}-below" if anchor and lines else None
    told = marks_told(drawn, by_rows=_in_rows(fig.axes), after=below or "")
    plot = tag("div", picture, *told, class_="ca-plot")
    caption = [tag("figcaption", *lines, id=below if len(told) > 1 else None)] if lines else []
    return tag("figure", *above, plot, *caption, id=anchor, class_="ca ca-figure")


def _in_rows(plots: list[Axes]) -> bool:
    """Whether marks follow each other from top to bottom: in rows with names, or with words beside them."""
    return bool(plots) and (names_along(plots[0].yaxis) is not None or not len(plots[0].get_yticks()))


def _taken(fig: Figure, gid: str) -> str:
    """The text of the figure's title or subtitle, which leaves the drawing: a page sets it as text, at any width."""
    found = [text for text in fig.texts if text.get_gid() == gid]
    for text in found:
        text.remove()
        fig.set_figheight(max(1.0, fig.get_figheight() - _HEADER[gid]))
    return " ".join(" ".join(text.get_text() for text in found).split())


def _download(name: str, data: str) -> Html:
    """The figures of a chart as a file within the page."""
    held = base64.b64encode(data.encode()).decode("ascii")
    return tag("a", "Data of this chart (CSV)", download=f"{name}.csv", href=f"data:text/csv;base64,{held}")
