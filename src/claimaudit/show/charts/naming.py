"""How what is drawn is named: a legend beside the plot, or names where lines end; every name begins with a capital."""

from __future__ import annotations

import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from claimaudit.show.charts.axes import broken, names_along
from claimaudit.show.charts.figures import end_label
from claimaudit.show.charts.layout import ABOVE
from claimaudit.show.charts.ruler import DPI

WIDTH = 8.0
"""Inches of a report's chart."""
_ROW, _LETTER = 7.0, 7.8
"""Pixels a letter takes, amply, in the names of rows and in a legend."""


def legend_outside(ax: Axes) -> None:
    """A legend stands above the plot and the names of its lines, where it hides nothing; lines are named where they end."""
    legend = ax.get_legend()
    if legend is None:
        return
    if _named_at_ends(ax, legend):
        legend.remove()
        return
    lines = max((text.get_text().count("\n") + 1 for text in ax.texts if text.get_gid() == ABOVE), default=0)
    lift = ScaledTranslation(0, (lines * 12 + 6 if lines else 0) / 72, legend.figure.dpi_scale_trans)
    names = [len(text.get_text()) for text in legend.get_texts()]
    rows = max((len(line) for name in names_along(ax.yaxis) or () for line in name.split("\n")), default=6)
    room = (WIDTH * DPI - rows * _ROW) / _LETTER - 3
    columns = len(names) if sum(names) + 7 * len(names) <= room else max(1, int(room / (max(names) + 7)))
    sns.move_legend(
        ax, "lower left", bbox_to_anchor=(0, 1), bbox_transform=ax.transAxes + lift, ncols=columns, title=None,
        frameon=False, borderaxespad=0.2, handletextpad=0.4, columnspacing=1.4,
    )  # fmt: skip


def _named_at_ends(ax: Axes, legend: Legend) -> bool:
    """Name each line of a legend at the right edge; false where one is no line, or ends elsewhere."""
    lines = []
    for handle in legend.legend_handles:
        if not isinstance(handle, Line2D) or handle.get_linestyle() in ("None", "none", "", " "):
            return False
        look = (handle.get_color(), handle.get_linestyle())
        same = [
            line for line in ax.lines if (line.get_color(), line.get_linestyle()) == look and len(line.get_xydata()) > 2
        ]
        if len(same) != 1:
            return False
        lines.append(same[0])
    ends = [line.get_xydata()[-1] for line in lines]
    low, high = sorted(ax.get_xlim())
    if max(x for x, _ in ends) - min(x for x, _ in ends) > 0.01 * (high - low):
        return False
    for (_, y), line, text in zip(ends, lines, legend.get_texts(), strict=True):
        end_label(ax, float(y), broken(text.get_text(), 22), line.get_color())
    return True


def capitals(ax: Axes) -> None:
    """Names of rows, series and lines begin with a capital; what has one within (``iPhone``) or a figure first stays."""
    for axis in (ax.xaxis, ax.yaxis):
        if names := names_along(axis):
            limits = axis.get_view_interval().copy()
            axis.set_ticks(list(axis.get_ticklocs())[: len(names)], [_capital(name) for name in names])
            axis.set_view_interval(*limits, ignore=True)
        axis.set_label_text(_capital(axis.get_label_text()))
    legend = ax.get_legend()
    for text in [*ax.texts, *(legend.get_texts() if legend is not None else ())]:
        text.set_text(_capital(text.get_text()))


def _capital(text: str) -> str:
    word = next(iter(text.split()), "")
    return text[:1].upper() + text[1:] if word.islower() else text
