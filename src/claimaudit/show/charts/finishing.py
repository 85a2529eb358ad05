"""Charts drawn in the open with seaborn and matplotlib: the house's settings, and what makes a drawn plot a report's chart.

A notebook writes::

    style()
    ax = sns.pointplot(frame, x="year", y="value", hue="source")
    figure(ax, rows=frame, title=f"Sales rose to {frame['value'].max():.0f} crates", dossier=known)

The small forms here draw what recurs straight from a frame of observations, in the defaults of its columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from claimaudit import formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import ParameterError, unknown
from claimaudit.html import Html
from claimaudit.show.charts import figures, forms
from claimaudit.show.charts.axes import broken, house_axis
from claimaudit.show.charts.layout import SUBTITLE, TITLE
from claimaudit.show.charts.naming import WIDTH, capitals, legend_outside
from claimaudit.show.charts.palette import COLOURS, INK, SOFT
from claimaudit.show.charts.telling import csv_of, tell
from claimaudit.show.provenance import flat, sources_of, whole

HEIGHT = 4.2
"""Inches of a report's chart; a plot of rows is as high as they need."""
SETTINGS: dict[str, Any] = {
    **figures.HOUSE,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "legend.frameon": False,
    "lines.linewidth": 2,
    "lines.markeredgecolor": "white",
    "patch.edgecolor": "white",
    "figure.figsize": (WIDTH, HEIGHT),
}
"""The house style as settings that matplotlib documents."""
_NUMBERS, _NAMES = ("value", "mid", "share"), ("label", "entity", "source", "variant", "period", "year")


def style() -> None:
    """Draw all that follows in house style: settings that matplotlib documents, which seaborn follows too."""
    mpl.rcParams.update(SETTINGS)


# -- finishing ---------------------------------------------------------------------------------------------------------


def figure(
    ax: Axes,
    rows: pd.DataFrame | Iterable[str],
    title: str = "",
    *,
    dossier: Dossier,
    subtitle: str = "",
    value: str = "",
    label: str = "",
    unit: str = "",
    alt: str = "",
    note: str = "",
    height: float | None = None,
) -> Html:
    """A drawn plot as a report's chart: its size, title, text alternative, and sources with links to their rows.

    ``rows`` is the frame that was drawn, or ids alone. Ids are its index, or its columns ``row`` and ``rows`` (or ``row_...``).
    ``title`` is the finding (else the plot's own title); ``subtitle`` gives unit and period. The text alternative is the title
    with the least, the middle and the greatest figure of the column ``value``, each with its ``label``; both columns are
    found by the names of the axes where they are not given; ``alt`` replaces it. ``ParameterError`` where there is no title, no
    row id, or more than one plot.
    """
    drawn = ax.get_figure(root=True)
    assert isinstance(drawn, Figure)
    if len(drawn.axes) > 1:
        raise ParameterError(f"the figure holds {len(drawn.axes)} plots: draw each on a figure of its own")
    finding = " ".join((title or ax.get_title("left") or ax.get_title()).split())
    if not finding:
        raise ParameterError("the chart has no title: give title, a sentence that says what it shows")
    ids = row_ids(rows, dossier)
    frame = rows if isinstance(rows, pd.DataFrame) else None
    said = alt or _alt(finding, frame, ax, value, label, unit)
    for place in ("left", "center", "right"):
        ax.set_title("", loc=place)
    for text, gid, size, weight, colour in (
        (finding, TITLE, 13, "bold", INK),
        (subtitle, SUBTITLE, 10.5, "normal", SOFT),
    ):
        if text:
            shown = drawn.text(0, 1, text, ha="left", va="top", size=size, weight=weight, color=colour, gid=gid)
            shown.set_in_layout(False)
    drawn.set_size_inches(WIDTH, height or min(max(drawn.get_figheight(), 2.0), 14.0))
    for axis in (ax.xaxis, ax.yaxis):
        house_axis(axis, years=axis is ax.xaxis)
        if frame is not None and axis.get_label_text() in [*frame.columns, frame.index.name]:
            axis.set_label_text("")  # seaborn's name of a column; title and subtitle say it in words
    data = ""
    if frame is not None:
        tell(ax, frame, dossier)
        data = csv_of(frame)
    capitals(ax)  # once marks have been found by the names of their rows
    legend_outside(ax)
    done = figures.finish(drawn, alt=said, sources=sources_of(dossier, ids), note=note, data=data)
    plt.close(drawn)  # else a notebook shows it a second time
    return done


def row_ids(rows: pd.DataFrame | Iterable[str], dossier: Dossier) -> list[str]:
    """The ids of observations that a frame carries, each once; ``ParameterError`` where it carries none, or an unknown one."""
    known = whole(dossier).evidence.records
    if isinstance(rows, str):
        rows = [rows]
    if not isinstance(rows, pd.DataFrame):
        found = flat(rows)
    elif not rows.empty and set(rows.index) <= set(known):
        found = flat(rows.index)
    else:
        names = [name for name in map(str, rows.columns) if name in ("row", "rows") or name.startswith("row_")]
        cells = (cell for name in names for cell in rows[name])
        found = flat(cell for cell in cells if isinstance(cell, str | tuple | list | set | frozenset))
    if not found:
        raise ParameterError(
            "the frame carries no row id: keep the index of observations (reset_index makes it the column 'row'), or give the ids"
        )
    for name in found:
        if name not in known:
            raise ParameterError(unknown("observation", name, known))
    return found


def _alt(title: str, frame: pd.DataFrame | None, ax: Axes, value: str, label: str, unit: str) -> str:
    """The finding and its three figures."""
    finding = title if title.endswith((".", "!", "?")) else f"{title}."
    if frame is not None and not value and "unit" in frame.columns and frame["unit"].nunique() > 1:
        return f"{finding} {_span(frame, label)}".strip()  # figures of several units cannot be ranked
    column = _column(frame, value, "value", (ax.get_ylabel(), ax.get_xlabel(), *_NUMBERS), number=True)
    if frame is None or not column:
        return finding
    likely = (item for item in (ax.get_xlabel(), ax.get_ylabel(), *_NAMES) if item != column)
    name = _column(frame, label, "label", likely, number=False)
    data = frame.dropna(subset=[column]).sort_values(column, kind="stable")
    if data.empty:
        return finding
    unit = unit or _unit(data)
    places = dict.fromkeys((0, len(data) // 2, len(data) - 1))
    words = {1: ("The figure is",), 2: ("Least", "greatest")}.get(len(places), ("Least", "middle", "greatest"))
    told = []
    for word, place in zip(words, places, strict=True):
        row = data.iloc[place]
        shown = formats.quantity(float(row[column]), unit) if unit else formats.number(float(row[column]))
        about = f" ({row[name]})" if name and pd.notna(row[name]) else ""
        told.append(f"{word} {shown}{about}")
    return f"{finding} {', '.join(told)}."


def _span(frame: pd.DataFrame, label: str) -> str:
    """The first and the last of events, where the frame has their days."""
    if "start" not in frame.columns:
        return ""
    name = _column(frame, label, "label", ("note", *_NAMES), number=False)
    ordered = frame.dropna(subset=["start"]).sort_values("start", kind="stable")
    ends = [
        f"{formats.day(row['start'])}" + (f" ({row[name]})" if name else "")
        for _, row in ordered.iloc[[0, -1]].iterrows()
    ]
    return f"First {ends[0]}, last {ends[1]}; {formats.count(len(ordered), 'event')}."


def _column(frame: pd.DataFrame | None, given: str, what: str, likely: Iterable[str], *, number: bool) -> str:
    """The column asked for, else the first likely one of its kind; blank where there is none."""
    if frame is None:
        return ""
    if given:
        return _known(frame, given, what)
    fits = (name for name in likely if name in frame.columns)
    numeric = pd.api.types.is_numeric_dtype
    return next((name for name in fits if not number or (numeric(frame[name]) and name != "year")), "")


def _known(frame: pd.DataFrame, name: str, what: str) -> str:
    if name not in frame.columns:
        raise ParameterError(f"{what}: {unknown('column', name, map(str, frame.columns))}")
    return name


def _unit(frame: pd.DataFrame) -> str:
    """The one unit of a frame of observations; blank where there is none, or more."""
    units = set(frame["unit"].dropna()) if "unit" in frame.columns else set()
    return str(units.pop()) if len(units) == 1 else ""


# -- small forms from a frame ------------------------------------------------------------------------------------------


def intervals(
    frame: pd.DataFrame,
    label: str = "entity",
    *,
    rival: str = "",
    value: str = "value",
    low: str = "low",
    high: str = "high",
    unit: str = "",
    log: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """A dot with its range for each row of a frame; rows of one ``label`` lie side by side, told apart by ``rival``.

    The others name columns of the frame, by default those of observations. ``ParameterError`` where one is none.
    """
    for what, name in (("label", label), ("value", value), ("low", low), ("high", high), ("rival", rival or label)):
        _known(frame, name, what)
    data = _filled(frame, value)
    unit = unit or _unit(data)
    return forms.intervals(ax or _axes(), data, label, low, value, high, rival=rival or None, unit=unit, log=log)


def timeline(
    frame: pd.DataFrame,
    date: str = "start",
    label: str = "note",
    *,
    end: str = "",
    group: str = "",
    ax: Axes | None = None,
) -> Axes:
    """The rows of a frame as events from top to bottom, each at its date; ``end`` stretches one over a period.

    ``date``, ``label``, ``end`` and ``group`` name columns. ``ParameterError`` where one is none.
    """
    for what, name in (("date", date), ("label", label), ("end", end or date), ("group", group or label)):
        _known(frame, name, what)
    return forms.timeline(ax or _axes(), _filled(frame, date), date, label, end=end or None, group=group or None)


def band(ax: Axes, low: float | None, high: float | None, text: str, axis: str = "x") -> Axes:
    """The claimed figure as a shaded band with its name; ``None`` leaves a side open, to the edge of what is drawn.

    ``axis`` is the one the figure is read on. ``ParameterError`` for another axis, or a band without sides.
    """
    if axis not in ("x", "y"):
        raise ParameterError(f"axis is {axis!r}: use 'x' or 'y'")
    if low is None and high is None:
        raise ParameterError("the band has no side: give low, high or both")
    edges = ax.get_xlim() if axis == "x" else ax.get_ylim()
    ends = min(edges) if low is None else low, max(edges) if high is None else high
    (ax.axvspan if axis == "x" else ax.axhspan)(*ends, color=COLOURS[0], alpha=0.12, linewidth=0, zorder=0.5)
    middle = (max(ends[0], min(edges)) + min(ends[1], max(edges))) / 2
    name = figures.above_label if axis == "x" else figures.end_label
    name(ax, middle, broken(text, 34 if axis == "x" else 22), INK)
    if low is None or high is None:
        (ax.set_xlim if axis == "x" else ax.set_ylim)(edges)
    return ax


def threshold(ax: Axes, value: Any, text: str, axis: str = "x") -> Axes:
    """A reference line with its name: upright at an x value, or with ``axis="y"`` level. ``ParameterError`` for another axis."""
    if axis not in ("x", "y"):
        raise ParameterError(f"axis is {axis!r}: use 'x' or 'y'")
    return forms.threshold(ax, value, text, axis)


def _filled(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    data = frame.dropna(subset=[column])
    if data.empty:
        raise ParameterError(f"there is nothing to draw: no row of the frame has a {column!r}")
    return data


def _axes() -> Axes:
    """A new plot whose height its rows may set."""
    drawn, ax = plt.subplots(figsize=(WIDTH, HEIGHT))
    drawn.set_label(figures.FREE_HEIGHT)
    return ax
