"""The few forms of chart that recur, in house style (``figures.py``).

A notebook writes::

    fig, ax = charts.chart("Imports tripled in two years", "Million dollars a year, 2020-2022")
    charts.lines(ax, frame, "year", "value", "country")
    charts.finish(fig, alt="Imports rose from 11 to 33 million dollars.", sources="Customs service")

Lines are named where they end instead of in a legend, and every series differs by more than its colour.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from claimaudit import formats
from claimaudit.figures import (
    COLOURS,
    DASHES,
    INK,
    MARKERS,
    SOFT,
    above_label,
    chart,
    colour_of,
    end_label,
    finish,
    rows_height,
    styled,
)
from claimaudit.html import Html

__all__ = ["Html", "bars", "chart", "curve", "finish", "heat", "intervals", "lines", "threshold", "timeline"]


@styled
def lines(
    ax: Axes, frame: pd.DataFrame, x: str, y: str, series: str | None = None, *, zero: bool = True, markers: bool = True
) -> Axes:
    """One line a series, named at its right end. ``zero`` starts the y axis at nothing."""
    data = frame.dropna(subset=[x, y]).sort_values(x, kind="stable")
    names = colour_of(frame[series].astype(str)) if series else {"": 0}
    last = data[x].max()
    for name, place in names.items():
        part = data[data[series].astype(str) == name] if series else data
        if part.empty:
            continue
        shown = MARKERS[place % len(MARKERS)] if markers and len(part) <= 40 else None
        sns.lineplot(
            x=part[x].to_numpy(), y=part[y].to_numpy(dtype=float), ax=ax, errorbar=None, estimator=None, legend=False,
            color=_colour(place), linewidth=2, marker=shown, markersize=6, markeredgecolor="white",
            dashes=False, linestyle=_dash(place),
        )  # fmt: skip
        if name:
            _name_end(ax, part[x].iloc[-1], float(part[y].iloc[-1]), last, name, place)
    _x_axis(ax, data[x])
    _y_axis(ax, zero)
    return ax


@styled
def curve(
    ax: Axes,
    x: Sequence[float] | np.ndarray,
    curves: Mapping[str, Sequence[float] | np.ndarray],
    *,
    bands: Mapping[str, tuple[Sequence[float], Sequence[float]]] | None = None,
    zero: bool = True,
) -> Axes:
    """Smooth model curves over ``x``, each with its range where ``bands`` gives one."""
    x = np.asarray(x)
    for place, (name, values) in enumerate(curves.items()):
        heights = np.asarray(values, dtype=float)
        ax.plot(x, heights, color=_colour(place), linewidth=2, linestyle=_dash(place))
        if bands and name in bands:
            low, high = (np.asarray(edge, dtype=float) for edge in bands[name])
            ax.fill_between(x, low, high, color=_colour(place), alpha=0.15, linewidth=0)
        if name:
            end_label(ax, float(heights[-1]), _broken(name, 22), _colour(place))
    ax.margins(x=0)
    _x_axis(ax, pd.Series(x))
    _y_axis(ax, zero)
    return ax


@styled
def intervals(
    ax: Axes,
    frame: pd.DataFrame,
    label: str,
    low: str,
    mid: str,
    high: str,
    *,
    rival: str | None = None,
    unit: str = "",
    log: bool = False,
    values: bool = True,
) -> Axes:
    """A dot with its range for each row, the first on top; rows of one label that rival each other lie side by side.

    ``rival`` is the column that names the rivals (counters, sources); each has its own marker and is named at its
    range. ``values`` writes the figure beside the dot.
    """
    rows = list(dict.fromkeys(frame[label].astype(str)))
    places = colour_of(frame[rival].astype(str)) if rival else {"": 0}
    if log:
        ax.set_xscale("log")
    ticks, y = [], 0.0
    for row in rows:
        part = frame[frame[label].astype(str) == row]
        heights = [y + number for number in range(len(part))]
        for height, (_, item) in zip(heights, part.iterrows(), strict=True):
            name = str(item[rival]) if rival else ""
            _interval(ax, item, (low, mid, high), height, places[name])
            text = [name] if name else []
            text += [formats.quantity(item[mid], unit) if unit else formats.number(item[mid])] if values else []
            edge = max(value for value in (item[mid], item[high]) if pd.notna(value))
            ax.annotate(
                ", ".join(text), (edge, height), xytext=(8, 0), textcoords="offset points", va="center", size=9.5,
                color=_colour(places[name]), annotation_clip=False,
            )  # fmt: skip
        ticks.append((heights[0] + heights[-1]) / 2)
        y = heights[-1] + (1.35 if len(part) == 1 else 1.7)
    rows_height(ax, y, each=0.34)
    ax.set_ylim(y - 0.7, -0.7)
    ax.set_yticks(ticks, [_broken(row, 30) for row in rows])
    _no_y_spine(ax)
    _value_axis(ax, log)
    return ax


@styled
def bars(
    ax: Axes,
    frame: pd.DataFrame,
    label: str,
    value: str,
    *,
    highlight: str | Collection[str] = (),
    unit: str = "",
    ranked: bool = True,
) -> Axes:
    """Horizontal bars with their figures written at the end, largest on top; ``highlight`` names those that matter."""
    chosen = {highlight} if isinstance(highlight, str) else set(highlight)
    data = frame.dropna(subset=[value])
    if ranked:
        data = data.sort_values(value, ascending=False, kind="stable")
    names = data[label].astype(str).tolist()
    for height, (name, figure) in enumerate(zip(names, data[value].astype(float), strict=True)):
        strong = not chosen or name in chosen
        ax.barh(
            height, figure, height=0.68, color=COLOURS[0] if strong else "#c3c9d1", hatch="" if strong else "///",
            edgecolor="white", linewidth=0,
        )  # fmt: skip
        ax.annotate(
            formats.quantity(figure, unit) if unit else formats.number(figure), (figure, height),
            xytext=(5 if figure >= 0 else -5, 0), textcoords="offset points", va="center", size=9.5,
            ha="left" if figure >= 0 else "right", weight="bold" if name in chosen else "normal",
            annotation_clip=False,
        )  # fmt: skip
    rows_height(ax, len(names), each=0.36, around=1.1)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_yticks(range(len(names)), [_broken(name, 30) for name in names])
    ax.axvline(0, color=SOFT, linewidth=0.8)
    _no_y_spine(ax)
    ax.spines["bottom"].set_visible(False)
    ax.set_xticks([])
    return ax


@styled
def threshold(ax: Axes, value: Any, text: str, axis: str = "x") -> Axes:
    """A reference line with its name beside it: ``axis="x"`` a vertical line at an x value, ``"y"`` a level one."""
    if axis not in ("x", "y"):
        raise ValueError(f"axis is {axis!r}: use 'x' or 'y'")
    draw = ax.axvline if axis == "x" else ax.axhline
    draw(value, color=INK, linewidth=1.1, linestyle=(0, (2, 2)), zorder=1.5)
    convert = (ax.xaxis if axis == "x" else ax.yaxis).convert_units
    name = above_label if axis == "x" else end_label
    name(ax, float(convert(value)), _broken(text, 34 if axis == "x" else 22), INK)
    return ax


@styled
def timeline(
    ax: Axes,
    frame: pd.DataFrame,
    date: str = "date",
    label: str = "label",
    *,
    end: str | None = None,
    group: str | None = None,
) -> Axes:
    """Events from top to bottom in the order they happened, each at its date; ``end`` stretches one over a period.

    One row an event, so that no two labels can meet.
    """
    data = frame.sort_values(date, kind="stable").reset_index(drop=True)
    places = colour_of(data[group].astype(str)) if group else {"": 0}
    starts = pd.to_datetime(data[date])
    stops = pd.to_datetime(data[end]).fillna(starts) if end else starts
    middle = starts.min() + (stops.max() - starts.min()) * 0.5
    for height, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        place = places[str(data[group][height])] if group else 0
        left = start <= middle
        style = {"color": _colour(place), "solid_capstyle": "butt"}
        ax.plot([start, stop], [height, height], linewidth=5, **style)
        ax.plot([start], [height], MARKERS[place % len(MARKERS)], color=_colour(place), markersize=7)
        text = _broken(str(data[label][height]), 52)
        ax.annotate(
            text, (stop if left else start, height), xytext=(9 if left else -9, 0), textcoords="offset points",
            ha="left" if left else "right", va="center", size=10, annotation_clip=False,
        )  # fmt: skip
    depth = sum(max(1, str(text).__len__() / 52) for text in data[label])
    rows_height(ax, depth, each=0.36, around=1.3)
    ax.set_ylim(len(data) - 0.4, -0.6)
    ax.set_yticks([])
    ax.grid(axis="x")
    _no_y_spine(ax)
    _x_axis(ax, starts)
    return ax


@styled
def heat(ax: Axes, frame: pd.DataFrame, *, text: Callable[[float], str] = formats.number, **limits: float) -> Axes:
    """A small heat map with the figure in every cell; rows and columns are named by the frame's index and columns.

    ``limits`` are ``vmin`` and ``vmax`` of the colour scale, which is light to dark and so the same in grey.
    """
    shades = LinearSegmentedColormap.from_list("house", ["#f3f5f7", "#9db4cb", COLOURS[0]])
    written = frame.map(lambda value: "" if pd.isna(value) else text(value))
    sns.heatmap(
        frame.astype(float), ax=ax, cmap=shades, annot=written, fmt="", cbar=False, linewidths=2, linecolor="white",
        annot_kws={"size": 10}, **limits,
    )  # fmt: skip
    rows_height(ax, len(frame), each=0.5, around=1.6)
    ax.set_yticklabels([_broken(str(name), 28) for name in frame.index], rotation=0)
    ax.set_xticklabels([_broken(str(name), 12) for name in frame.columns], rotation=0)
    ax.set(xlabel="", ylabel="")
    ax.tick_params(length=0)
    return ax


# -- small parts -----------------------------------------------------------------------------------------------------


def _colour(place: int) -> str:
    return COLOURS[place % len(COLOURS)]


def _dash(place: int) -> Any:
    dash = DASHES[place % len(DASHES)]
    return (0, dash) if dash else "-"


def _broken(text: str, width: int) -> str:
    return "\n".join(textwrap.wrap(text, width, break_long_words=False)) or text


def _name_end(ax: Axes, x: Any, y: float, last: Any, name: str, place: int) -> None:
    """Name a line at the plot's edge; a line that ends earlier is led there by dots."""
    if x < last:
        ax.plot([x, last], [y, y], color=_colour(place), linewidth=0.9, linestyle=(0, (1, 3)))
    end_label(ax, y, _broken(name, 22), _colour(place))


def _interval(ax: Axes, item: pd.Series, columns: tuple[str, str, str], height: float, place: int) -> None:
    low, mid, high = (item[column] for column in columns)
    low, high = (mid if pd.isna(edge) else edge for edge in (low, high))
    colour, marker = _colour(place), MARKERS[place % len(MARKERS)]
    ax.plot([low, high], [height, height], color=colour, linewidth=2.4, alpha=0.75, solid_capstyle="butt")
    ax.plot([low, high], [height, height], "|", color=colour, markersize=9, markeredgewidth=1.6)
    ax.plot([mid], [height], marker, color=colour, markersize=7.5, markeredgecolor="white")


def _ticks(axis: Any) -> None:
    axis.set_major_formatter(FuncFormatter(lambda value, _: formats.number(value, 4)))


def _value_axis(ax: Axes, log: bool) -> None:
    ax.grid(axis="x")
    if log:
        ax.xaxis.set_major_locator(LogLocator(numticks=8))
        ax.xaxis.set_minor_formatter(NullFormatter())
    else:
        ax.xaxis.set_major_locator(MaxNLocator(6))
    _ticks(ax.xaxis)


def _no_y_spine(ax: Axes) -> None:
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)


def _x_axis(ax: Axes, values: pd.Series) -> None:
    """Days in short form, years as they are, other numbers in house style; names are left to seaborn."""
    ax.set_xlabel("")
    if pd.api.types.is_datetime64_any_dtype(values):
        locator = AutoDateLocator(minticks=3, maxticks=8)
        ax.xaxis.set_major_locator(locator)
        ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    elif pd.api.types.is_numeric_dtype(values):
        years = bool(((values % 1 == 0) & values.between(1500, 2200)).all())
        ax.xaxis.set_major_locator(MaxNLocator(8, integer=years))
        if years:
            ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
        else:
            _ticks(ax.xaxis)


def _y_axis(ax: Axes, zero: bool) -> None:
    ax.set_ylabel("")
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    if zero and ax.get_ylim()[0] > 0:
        ax.set_ylim(bottom=0)
    ax.yaxis.set_major_locator(MaxNLocator(6))
    _ticks(ax.yaxis)
