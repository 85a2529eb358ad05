"""Charts whose marks tell something, drawn as a notebook's are."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from claimaudit.show.charts import figures, forms
from claimaudit.show.charts.svg import ROW, TELL


def told_by(ax, words):
    """Let each mark of a form tell ``words(index)`` of its row: an anchor, then lines."""
    for item in ax.get_children():
        gid = str(item.get_gid() or "")
        if gid.startswith(ROW):
            item.set_gid(TELL + words(int(gid.removeprefix(ROW))))


def bars(number: int, more: str = "") -> Figure:
    """So many bars, each of a row of its own; ``more`` stands after each one's words."""
    figure, ax = figures.chart(f"Crates by port, {number} ports", "crates")
    frame = pd.DataFrame({"port": [f"Port {n}" for n in range(number)], "value": [200.0 - n for n in range(number)]})
    forms.bars(ax, frame, "port", "value")
    told_by(ax, lambda n: f"row-fig.{n}\nPort {n}: {200 - n} crates. Customs house, 2 March 2023; grade B2{more}")
    return figure
