"""The frame of every chart: house style, title and subtitle, names of lines, and the finished figure as HTML.

Figures are made without ``pyplot`` (``finishing.py`` closes those drawn with it): a notebook shows only what ``finish``
returns, and nothing stays open. The same calls give the same bytes: fonts, ids and metadata of the SVG are fixed.
"""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, wraps
from typing import Any

import matplotlib.style
from matplotlib import rcParams, rcParamsDefault
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text

from claimaudit.html import Html, tag
from claimaudit.inert import xml
from claimaudit.show.charts.layout import ABOVE, END, SUBTITLE, TITLE, lay_out
from claimaudit.show.charts.palette import FAINT, INK, SOFT

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
"""What the house sets of what matplotlib documents."""
FREE_HEIGHT = "free-height"
"""The label of a figure that is as high as its rows need."""


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
    with matplotlib.style.context(["default", HOUSE]):
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
def finish(fig: Figure, *, alt: str, sources: str | Html = "", note: str | Html = "") -> Html:
    """The figure as HTML with its text alternative and caption; the same figure gives the same bytes.

    ``alt`` says in words what the chart shows; ``ValueError`` where it is empty. ``sources`` and ``note`` make the caption.
    """
    if not alt.strip():
        raise ValueError("a chart needs alt text: say in a sentence what it shows")
    for text in fig.findobj(Text):
        text.set_parse_math(False)  # also of texts that were set outside the house style
    title = " ".join(next((text.get_text() for text in fig.texts if text.get_gid() == TITLE), "").split())
    buffer = io.StringIO()  # one of bytes would encode each of the many small pieces by itself
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # a box stands for it
        box = lay_out(fig)
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
