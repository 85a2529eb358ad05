"""The few forms of chart that recur, in house style (``figures.py``).

A notebook writes::

    fig, ax = figures.chart("Imports tripled in two years", "Million dollars a year, 2020-2022")
    forms.lines(ax, frame, "year", "value", "country")
    figures.finish(fig, alt="Imports rose from 11 to 33 million dollars.", sources="Customs service")

Lines are named where they end instead of in a legend, and every series differs by more than its colour.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from claimaudit import formats
from claimaudit.show.charts.axes import (
    broken,
    colour,
    dash,
    group_names,
    marker,
    places_of,
    readable_on,
    rows_axis,
    value_axis,
    x_axis,
    y_axis,
)
from claimaudit.show.charts.figures import above_label, end_label, rows_height, styled
from claimaudit.show.charts.labels import fit_columns, in_column, name_end
from claimaudit.show.charts.palette import COLOURS, INK, PALE, SHADES, SOFT
from claimaudit.show.charts.svg import ROW


@styled
def lines(
    ax: Axes, frame: pd.DataFrame, x: str, y: str, series: str | None = None, *, zero: bool = True, markers: bool = True
) -> Axes:
    """One line a series, named at its right end. ``zero`` starts the y axis at nothing.

    ``x``, ``y`` and ``series`` name columns of ``frame``: days, years or figures; figures; names.
    """
    data = frame.dropna(subset=[x, y]).sort_values(x, kind="stable")
    names = places_of(frame[series].astype(str)) if series else {"": 0}
    last = data[x].max()
    for name, place in names.items():
        part = data[data[series].astype(str) == name] if series else data
        if part.empty:
            continue
        shown = marker(place) if markers and len(part) <= 40 else None
        sns.lineplot(
            x=part[x].to_numpy(), y=part[y].to_numpy(dtype=float), ax=ax, errorbar=None, estimator=None, legend=False,
            color=colour(place), linewidth=2, marker=shown, markersize=6, markeredgecolor="white",
            dashes=False, linestyle=dash(place),
        )  # fmt: skip
        if name:
            name_end(ax, part[x].iloc[-1], float(part[y].iloc[-1]), last, name, place)
    x_axis(ax, data[x])
    y_axis(ax, zero)
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
    """Smooth model curves over ``x``, each with its range where ``bands`` gives one.

    Shapes: ``x``, each curve and both edges of a band are of one length.
    """
    x = np.asarray(x)
    for place, (name, values) in enumerate(curves.items()):
        heights = np.asarray(values, dtype=float)
        ax.plot(x, heights, color=colour(place), linewidth=2, linestyle=dash(place))
        if bands and name in bands:
            low, high = (np.asarray(edge, dtype=float) for edge in bands[name])
            ax.fill_between(x, low, high, color=colour(place), alpha=0.15, linewidth=0)
        if name:
            end_label(ax, float(heights[-1]), broken(name, 22), colour(place))
    ax.margins(x=0)
    x_axis(ax, pd.Series(x))
    y_axis(ax, zero)
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

    ``label``, ``low``, ``mid`` and ``high`` name columns of ``frame``; ``rival`` is the column that names the rivals
    (counters, sources); each has its own marker, named above the plot, where the names are not blank. ``values`` writes the
    figure of each dot right of the plot, in ``unit`` of ``units.csv``.
    """
    rows = list(dict.fromkeys(frame[label].astype(str)))
    places = places_of(frame[rival].astype(str)) if rival else {"": 0}
    if log:
        ax.set_xscale("log")
    ticks, y = [], 0.0
    for row in rows:
        part = frame[frame[label].astype(str) == row]
        for number, (index, item) in enumerate(part.iterrows()):
            name = str(item[rival]) if rival else ""
            centre = float(item[mid])
            ends = [centre if pd.isna(item[edge]) else float(item[edge]) for edge in (low, high)]
            _interval(ax, ends[0], centre, ends[1], y + number, places[name], f"{ROW}{index}")
            if values:
                figure = formats.quantity(centre, unit) if unit else formats.number(centre)
                in_column(ax, figure, y + number, places[name])
        ticks.append(y + (len(part) - 1) / 2)
        y += len(part) + (0.35 if len(part) == 1 else 0.7)
    rows = [broken(row, 30) for row in rows]
    rows_height(ax, y, each=max(0.34, _row_height(rows) / 1.35))
    ax.set_ylim(y - 0.7, -0.7)
    ax.set_yticks(ticks, rows)
    if named := {name: place for name, place in places.items() if name}:
        group_names(ax, named)
    rows_axis(ax)
    value_axis(ax, log)
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
    """Horizontal bars with their figures written at the end, largest on top; ``highlight`` names those that matter.

    ``label`` and ``value`` name columns of ``frame``; figures are written in ``unit`` of ``units.csv``.
    """
    chosen = {highlight} if isinstance(highlight, str) else set(highlight)
    data = frame.dropna(subset=[value])
    if ranked:
        data = data.sort_values(value, ascending=False, kind="stable")
    names = data[label].astype(str).tolist()
    for height, (index, name, figure) in enumerate(zip(data.index, names, data[value].astype(float), strict=True)):
        strong = not chosen or name in chosen
        ax.barh(height, figure, height=0.68, color=COLOURS[0] if strong else PALE, linewidth=0, gid=f"{ROW}{index}")
        # A negative bar is named on the free side of zero, where it cannot meet the names of the rows.
        ax.annotate(
            formats.quantity(figure, unit) if unit else formats.number(figure), (max(figure, 0), height),
            xytext=(5, 0), textcoords="offset points", va="center", size=9.5, ha="left",
            weight="bold" if name in chosen else "normal", annotation_clip=False,
        )  # fmt: skip
    shown = [broken(name, 30) for name in names]
    rows_height(ax, len(names), each=0.47 if any("\n" in name for name in shown) else 0.36, around=1.1)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_yticks(range(len(names)), shown)
    ax.axvline(0, color=SOFT, linewidth=0.8)
    rows_axis(ax)
    ax.spines["bottom"].set_visible(False)
    ax.set_xticks([])
    return ax


@styled
def threshold(ax: Axes, value: Any, text: str, axis: str = "x") -> Axes:
    """A reference line with its name beside it: ``axis="x"`` a vertical line at an x value, ``"y"`` a level one.

    ``ValueError`` for another ``axis``.
    """
    if axis not in ("x", "y"):
        raise ValueError(f"axis is {axis!r}: use 'x' or 'y'")
    draw = ax.axvline if axis == "x" else ax.axhline
    # Over bars, where the page's ground lets the dots be seen; under marks and lines.
    draw(value, color="white", linewidth=2.4, zorder=1.5)
    draw(value, color=INK, linewidth=1.1, linestyle=(0, (2, 2)), zorder=1.6)
    convert = (ax.xaxis if axis == "x" else ax.yaxis).convert_units
    name = above_label if axis == "x" else end_label
    name(ax, float(convert(value)), broken(text, 34 if axis == "x" else 22), INK)
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

    ``date``, ``label``, ``end`` and ``group`` name columns of ``frame``: days, texts, days, names. One row an event, named
    left of the plot, so that no label meets another, or a line.
    """
    data = frame.sort_values(date, kind="stable")
    names = [f"{ROW}{index}" for index in data.index]
    data = data.reset_index(drop=True)
    places = places_of(data[group].astype(str)) if group else {"": 0}
    starts = pd.to_datetime(data[date])
    stops = pd.to_datetime(data[end]).fillna(starts) if end else starts
    least = (stops.max() - starts.min()) * 0.025  # what is shorter hides behind its mark
    for number, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        place = places[str(data[group][number])] if group else 0
        if stop - start > least:
            ax.plot([start, stop], [number, number], linewidth=5, color=colour(place), gid=names[number])
        ax.plot([start], [number], marker(place), color=colour(place), markersize=7, gid=names[number])
    rows = [broken(str(name), 40) for name in data[label]]
    rows_height(ax, len(rows), each=_row_height(rows), around=1.3)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks(range(len(rows)), rows)
    if group:
        group_names(ax, places)
    ax.grid(visible=True, axis="both")
    rows_axis(ax)
    x_axis(ax, starts)
    return ax


@styled
def heat(ax: Axes, frame: pd.DataFrame, *, text: Callable[[float], str] = formats.number, **limits: float) -> Axes:
    """A small heat map with the figure in every cell; rows and columns are named by the frame's index and columns.

    ``limits`` are ``vmin`` and ``vmax`` of the colour scale, which is light to dark and so the same in grey.
    """
    shades = LinearSegmentedColormap.from_list("house", SHADES)
    written = frame.map(lambda value: "–" if pd.isna(value) else text(value))
    cells = np.ma.masked_invalid(frame.to_numpy(dtype=float))
    scale = {"vmin": cells.min(), "vmax": cells.max()} | limits
    # Not seaborn's heatmap: it draws the whole figure to see whether labels meet, which are set anew below anyway.
    mesh = ax.pcolormesh(cells, cmap=shades, linewidths=2, edgecolor="white", **scale)
    ax.set(xlim=(0, frame.shape[1]), ylim=(frame.shape[0], 0))
    ax.set(xticks=np.arange(frame.shape[1]) + 0.5, yticks=np.arange(frame.shape[0]) + 0.5)
    ax.spines[:].set_visible(False)
    for place, (value, shown) in enumerate(zip(frame.to_numpy().flat, written.to_numpy().flat, strict=True)):
        tone = "white" if pd.isna(value) else mesh.to_rgba([float(value)])[0]
        row, column = divmod(place, frame.shape[1])
        ax.text(column + 0.5, row + 0.5, shown, ha="center", va="center", size=10, color=readable_on(tone))
    rows_height(ax, len(frame), each=0.5, around=1.6)
    ax.set_yticklabels([broken(str(name), 28) for name in frame.index], rotation=0, va="center")
    ax.set_xticklabels([broken(str(name), 12) for name in frame.columns], rotation=0)
    ax.set(xlabel="", ylabel="")
    ax.tick_params(length=0)
    fit_columns(ax, frame)
    return ax


# -- small parts -----------------------------------------------------------------------------------------------------


def _row_height(names: Sequence[str]) -> float:
    """Inches a row takes, as high as the name with the most lines asks for."""
    return max(0.36, 0.08 + 0.18 * max((name.count("\n") + 1 for name in names), default=1))


def _interval(ax: Axes, low: float, mid: float, high: float, height: float, place: int, gid: str) -> None:
    if low < high:
        ax.plot([low, high], [height, height], color=colour(place), linewidth=2.4, alpha=0.75, gid=gid)
        ax.plot([low, high], [height, height], "|", color=colour(place), markersize=9, markeredgewidth=1.6)
    ax.plot([mid], [height], marker(place), color=colour(place), markersize=7.5, markeredgecolor="white", gid=gid)
