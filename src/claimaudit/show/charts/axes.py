"""Axes in house style: series told apart by colour, dash and marker; ticks written as a reader would."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.category import StrCategoryFormatter
from matplotlib.colors import to_rgb
from matplotlib.dates import AutoDateFormatter, AutoDateLocator, num2date
from matplotlib.lines import Line2D
from matplotlib.ticker import (
    FixedLocator,
    Formatter,
    FuncFormatter,
    LogFormatter,
    LogLocator,
    MaxNLocator,
    NullFormatter,
    ScalarFormatter,
)

from claimaudit import formats
from claimaudit.show.charts.palette import COLOURS, DASHES, INK, MARKERS

_STEPS = [1, 2, 2.5, 5, 10]


def places_of(names: Iterable[str]) -> dict[str, int]:
    """The place of each name in the palette, in order of appearance."""
    return {name: place for place, name in enumerate(dict.fromkeys(names))}


def colour(place: int) -> str:
    """The colour of a series."""
    return COLOURS[place % len(COLOURS)]


def marker(place: int) -> str:
    """The marker of a series."""
    return MARKERS[place % len(MARKERS)]


def dash(place: int) -> Any:
    """The line style of a series."""
    pattern = DASHES[place % len(DASHES)]
    return (0, pattern) if pattern else "-"


def broken(text: str, width: int) -> str:
    """A text in lines of at most ``width`` letters."""
    return "\n".join(textwrap.wrap(text, width, break_long_words=False)) or text


def readable_on(background: Any) -> str:
    """Dark or white text, whichever stands out more on a background."""
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(background)
    )
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "white" if (1.05 / (luminance + 0.05)) > (luminance + 0.05) / 0.07 else INK


def x_axis(ax: Axes, values: pd.Series) -> None:
    """Ticks along a line: days, years or figures, by what ``values`` hold (one column of a chart's data)."""
    ax.set_xlabel("")
    if pd.api.types.is_datetime64_any_dtype(values):
        ax.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=8))
        ax.xaxis.set_major_formatter(_Days())
    elif pd.api.types.is_numeric_dtype(values):
        years = bool(((values % 1 == 0) & values.between(1500, 2200)).all())
        ax.xaxis.set_major_locator(MaxNLocator(8, integer=years, steps=_STEPS))
        ax.xaxis.set_major_formatter(_PLAIN if years else _FIGURES)


def y_axis(ax: Axes, zero: bool) -> None:
    """Level rules instead of an axis line; from nothing up unless a figure is below it or ``zero`` is off."""
    ax.set_ylabel("")
    ax.grid(axis="y")
    rows_axis(ax)
    if zero and ax.dataLim.y0 >= 0:
        ax.set_ylim(bottom=0)
    ax.yaxis.set_major_locator(MaxNLocator(6, steps=_STEPS))
    ax.yaxis.set_major_formatter(_FIGURES)


def value_axis(ax: Axes, log: bool) -> None:
    """The x axis of a chart whose rows are names."""
    ax.grid(axis="x")
    if log:
        _log_ticks(ax.xaxis)
    else:
        ax.xaxis.set_major_locator(MaxNLocator(5, steps=_STEPS))
        ax.xaxis.set_major_formatter(_FIGURES)


def _log_ticks(axis: Axis) -> None:
    """Ones, twos and fives where there is room, and figures in words: matplotlib's own are markup that no page can read."""
    low, high = sorted(axis.get_view_interval())
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high / low < 2000 else (1,), numticks=12))
    axis.set_minor_locator(LogLocator(subs=(1,), numticks=1))
    axis.set_minor_formatter(NullFormatter())
    axis.set_major_formatter(_FIGURES)


def house_axis(axis: Axis, *, years: bool = False) -> None:
    """Ticks that nobody has set as a reader writes them: days, figures in words, with ``years`` whole years where they may be."""
    formatter = axis.get_major_formatter()
    if isinstance(formatter, AutoDateFormatter):
        axis.set_major_locator(AutoDateLocator(minticks=3, maxticks=8))
        axis.set_major_formatter(_Days())
    elif isinstance(formatter, LogFormatter):
        _log_ticks(axis)
    elif isinstance(formatter, ScalarFormatter):
        low, high = sorted(axis.get_data_interval())
        whole = years and low >= 1500 and high <= 2200
        if whole:
            axis.set_major_locator(MaxNLocator(8, integer=True, steps=_STEPS))
        axis.set_major_formatter(_PLAIN if whole else _FIGURES)


def names_along(axis: Axis) -> list[str] | None:
    """The names along an axis of categories, in the order of its ticks; ``None`` where it holds figures or days."""
    formatter = axis.get_major_formatter()
    if formatter in (_FIGURES, _PLAIN) or isinstance(
        formatter, _Days | ScalarFormatter | LogFormatter | AutoDateFormatter
    ):
        return None
    if not isinstance(axis.get_major_locator(), FixedLocator) and not isinstance(formatter, StrCategoryFormatter):
        return None
    names = [label.get_text() for label in axis.get_ticklabels()]
    return names if any(names) else None


def rows_axis(ax: Axes) -> None:
    """No line and no tick marks on the y axis."""
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)


def group_names(ax: Axes, places: Mapping[str, int]) -> None:
    """Say above the plot which marker is which group."""
    handles = [
        Line2D([], [], color=colour(place), marker=marker(place), linestyle="", markersize=7, label=name)
        for name, place in places.items()
    ]
    ax.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncols=4, frameon=False, borderaxespad=0.2,
        handletextpad=0.2, columnspacing=1.4, labelcolor=[colour(place) for place in places.values()],
    )  # fmt: skip


class _Days(Formatter):
    """Days as short as they can be said, the year where it begins: ``Mar`` over ``2022``, ``Jun``..., or just years."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        return formats.day(num2date(x))

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        days = [num2date(value) for value in values]
        if all((day.month, day.day) == (1, 1) for day in days):
            return [str(day.year) for day in days]
        whole = all(day.day == 1 for day in days)
        shown, year = [], 0
        for day in days:
            short = f"{day:%b}" if whole else f"{day.day} {day:%b}"
            shown.append(short if day.year == year else f"{short}\n{day.year}")
            year = day.year
        return shown


_FIGURES = FuncFormatter(lambda value, _: formats.number(value, 4))
_PLAIN = FuncFormatter(lambda value, _: f"{value:.0f}")
