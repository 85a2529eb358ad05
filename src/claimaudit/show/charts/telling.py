"""What the marks of a chart tell, and its figures as CSV: both from the frame that was drawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import PathCollection
from matplotlib.dates import date2num
from matplotlib.patches import Rectangle

from claimaudit import inert
from claimaudit.dossier.dossier import Dossier
from claimaudit.show.charts.svg import APART, ROW, TELL
from claimaudit.show.provenance import grade, published, row_anchor, value_words, whole

_MOST, _TOGETHER = 60, 4
"""Marks of a chart that tell something, and rows that one mark may stand for."""
_ALIKE = 3
"""Marks that have no source of their own where all rest on the same rows: the line below the chart tells those."""
_UNDRAWN = frozenset({"note", "grade", "published", "measure"})
"""Columns of observations that a chart does not show; their rows lead to them."""


def tell(ax: Axes, frame: pd.DataFrame, dossier: Dossier) -> None:
    """Give each mark that shows a row of the frame its label, figure and source, where that is certain."""
    rows = [_ids(frame, place, dossier) for place in range(len(frame))]
    held = [tuple(ids) for ids in rows if ids]
    if not held or (len(held) >= _ALIKE and len(set(held)) == 1):
        return
    by_index = {f"{ROW}{index}": place for place, index in enumerate(frame.index)} if frame.index.is_unique else {}
    marks = [item for item in ax.get_children() if str(item.get_gid() or "").startswith(ROW)]
    for item in marks:
        place = by_index.get(str(item.get_gid()))
        item.set_gid(f"{TELL}{_words(dossier, rows[place])}" if place is not None and rows[place] else None)
    if not marks:
        _tell_found(ax, _Finder(ax, frame), rows, dossier)


def _tell_found(ax: Axes, finder: _Finder, rows: list[list[str]], dossier: Dossier) -> None:
    """Marks that a library drew: each is looked for in the frame by where it stands."""
    places: list[tuple[Any, list[tuple[float, float]]]] = []
    for item in ax.patches:
        if isinstance(item, Rectangle) and item.get_width() and item.get_height():
            box = item.get_bbox()
            across = finder.along[1] is not None
            centre = (box.y0 + box.y1) / 2 if across else (box.x0 + box.x1) / 2
            length = item.get_width() if across else item.get_height()
            places.append((item, [(length, centre) if across else (centre, length)]))
    for item in ax.collections:
        if isinstance(item, PathCollection):
            places.append((item, [(float(x), float(y)) for x, y in np.ma.filled(item.get_offsets(), np.nan)]))
    for item in ax.lines:
        if item.get_marker() not in ("", "None", " ", None):
            places.append((item, [(float(x), float(y)) for x, y in item.get_xydata()]))
    if sum(len(points) for _, points in places) > _MOST:
        return
    for item, points in places:
        told = []
        for x, y in points:
            ids = [name for place in finder.find(x, y) for name in rows[place]]
            told.append(_words(dossier, ids) if 0 < len(ids) <= _TOGETHER else "")
        if any(told):
            item.set_gid(TELL + APART.join(told))


class _Finder:
    """Finds the rows of a frame that a mark may show: those that hold what it stands at on both axes."""

    def __init__(self, ax: Axes, frame: pd.DataFrame) -> None:
        columns = []
        for name in frame.columns:
            column = frame[name]
            if pd.api.types.is_datetime64_any_dtype(column):
                columns.append(np.where(column.isna(), np.nan, date2num(column.ffill().bfill())))
            elif pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
                columns.append(column.to_numpy(dtype=float, na_value=np.nan))
        self.figures = np.column_stack(columns) if columns else np.empty((len(frame), 0))
        self.texts = [set(map(str, record)) for record in frame.itertuples(index=False, name=None)]
        self.along = [self._names(axis) for axis in (ax.xaxis, ax.yaxis)]

    def _names(self, axis: Axis) -> dict[float, str] | None:
        """The names along an axis of categories by their places; ``None`` for one of figures or days."""
        shown = {
            float(at): text.get_text() for at, text in zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=False)
        }
        return (
            shown if any(name in held for name in shown.values() for held in self.texts) and axis.have_units() else None
        )

    def find(self, x: float, y: float) -> list[int]:
        """The places of the rows."""
        hits = [self._hits(names, at) for names, at in zip(self.along, (x, y), strict=True)]
        return [int(place) for place in np.flatnonzero(hits[0] & hits[1])]

    def _hits(self, names: dict[float, str] | None, at: float) -> np.ndarray:
        if names is not None:
            name = names.get(float(round(at)), "")
            return np.array([name in held for held in self.texts], dtype=bool)
        hits: np.ndarray = np.isclose(self.figures, at, rtol=1e-9, atol=0).any(axis=1)
        return hits


def _ids(frame: pd.DataFrame, place: int, dossier: Dossier) -> list[str]:
    """The observations that a row of the frame carries."""
    known = whole(dossier).evidence.records
    if frame.index[place] in known:
        return [str(frame.index[place])]
    found: list[str] = []
    for name in frame.columns:
        if str(name) in ("row", "rows") or str(name).startswith("row_"):
            cell = frame[name].iloc[place]
            items: Iterable[Any] = (
                [cell] if isinstance(cell, str) else cell if isinstance(cell, tuple | list | set) else ()
            )
            found += [str(item) for item in items if item in known]
    return list(dict.fromkeys(found))


def _words(dossier: Dossier, ids: list[str]) -> str:
    """The anchor of the first row, then each row as a line: ``140 crates. The Gazette, 2 March 2023; grade B2``.

    Its subject stands before it where the line above is of another; rows that read alike are one line.
    """
    said: dict[tuple[str, str], None] = {}
    for row in map(dossier.observation, ids):
        about = dossier.words.entity(row.entity).replace(": ", ", ") if row.entity else ""
        words = f"{value_words(row)}. {published(dossier, row.source_id)}; grade {grade(row)}"
        said.setdefault((about, words))
    lines, before = [], ""
    for about, words in list(said)[:_TOGETHER]:
        lines.append(f"{about}: {words}" if about not in ("", before) else words)
        before = about
    if len(said) > _TOGETHER:
        lines.append(f"and {len(said) - _TOGETHER} more")
    return "\n".join([row_anchor(ids[0]), *lines])


def csv_of(frame: pd.DataFrame) -> str:
    """The frame as CSV without what the chart does not show; no text in it is a formula to a spreadsheet."""
    table = frame if isinstance(frame.index, pd.RangeIndex) else frame.reset_index()
    table = table[[name for name in table.columns if name not in _UNDRAWN]].dropna(axis="columns", how="all")
    shown = table.map(
        lambda cell: ";".join(map(str, cell)) if isinstance(cell, tuple | list | set | frozenset) else inert.cell(cell)
    )
    return str(shown.to_csv(index=False, lineterminator="\n", float_format="%.6g"))
