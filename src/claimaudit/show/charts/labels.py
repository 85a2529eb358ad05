"""Names and figures written beside what they tell: at a line's end, right of a row, under the columns of a heat map."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from claimaudit.show.charts.axes import broken, colour
from claimaudit.show.charts.figures import end_label, rows_height
from claimaudit.show.charts.layout import VALUE


def fit_columns(ax: Axes, frame: pd.DataFrame) -> None:
    """Where the columns of a heat map are too narrow for their names side by side, set the names upright."""
    names = [str(name) for name in frame.columns]
    widest = max(len(line) for name in names for line in broken(name, 12).split("\n"))
    if len(names) < 8:
        return
    for text in ax.texts:
        text.set_size(8.5 if len(text.get_text()) > 5 else text.get_size())
    if widest > 7:
        rows_height(ax, len(frame), each=0.5, around=3.0)
        ax.set_xticklabels([broken(name, 24) for name in names], rotation=90)


def name_end(ax: Axes, x: Any, y: float, last: Any, name: str, place: int) -> None:
    """Name a line at the plot's edge; a line that ends earlier is led there by dots."""
    if x < last:
        ax.plot([x, last], [y, y], color=colour(place), linewidth=0.9, linestyle=(0, (1, 3)))
    end_label(ax, y, broken(name, 22), colour(place))


def in_column(ax: Axes, text: str, height: float, place: int) -> None:
    """Write the figure of a row right of the plot, where no line, range or band runs behind it."""
    ax.annotate(
        text, (1, height), xycoords=ax.get_yaxis_transform(), xytext=(8, 0), textcoords="offset points", ha="left",
        va="center", size=9.5, color=colour(place), annotation_clip=False, gid=VALUE,
    )  # fmt: skip
