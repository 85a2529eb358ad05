"""Tables as HTML: one accessible form for all, and DataFrames in house style with where their figures come from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from claimaudit import formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.words import PLAIN, Words
from claimaudit.html import Html, tag
from claimaudit.model import Label
from claimaudit.show.provenance import Rows, computed_from, sources_of

Format = Callable[[Any], "str | Html"] | str
"""How a column is written: a function, or a unit of ``units.csv``."""


def rows_table(
    heads: Sequence[str],
    rows: Iterable[Iterable[Html | str]],
    *,
    caption: str | Html,
    ids: Iterable[str] = (),
    kind: str = "",
    numeric: Collection[str] = (),
    anchor: str | None = None,
    foot: Html | None = None,
    folded: bool = False,
) -> Html:
    """The one form of table: a caption, column heads with scope, the first cell of a row its head.

    ``kind="stack"`` lays every row out as a block on narrow screens, as is done with tables of many columns; columns
    that are ``numeric`` are set flush right. ``anchor`` is the id of the whole; ``foot`` stands below, as what it was
    computed from does. ``folded`` shows the caption alone until it is opened.
    """
    many = not kind and len(heads) > _NARROW
    stacks = many or kind.startswith("stack")
    anchors = iter(ids)
    body = []
    for row in rows:
        first, *rest = row
        named = heads[0] in numeric  # a figure alone on its line says nothing
        cells = [
            tag(
                "th", first, scope="row", data_label=heads[0] if stacks and named else None,
                class_="ca-number" if named else None,
            )
        ]  # fmt: skip
        cells += [
            tag("td", cell, data_label=head if stacks else None, class_="ca-number" if head in numeric else None)
            for head, cell in zip(heads[1:], rest, strict=True)
        ]
        body.append(tag("tr", *cells, id=next(anchors, None)))
    head = tag(
        "thead",
        tag("tr", *(tag("th", name, scope="col", class_="ca-number" if name in numeric else None) for name in heads)),
    )
    classes = "ca-table" + (f" ca-{kind}" if kind else " ca-stack" if many else "")
    title = tag("caption", caption, class_="ca-unseen" if folded else None)
    shown = tag("table", title, head, tag("tbody", *body), class_=classes)
    # A table that may scroll must be within reach of the keyboard: by its links, or else by itself.
    reach = None if kind.startswith("stack") or "href=" in shown.text else 0
    parts = [tag("div", shown, tabindex=reach, class_="ca-scroll"), *([foot] if foot is not None else [])]
    if folded:
        parts = [tag("details", tag("summary", caption), *parts, class_="ca-more")]
    return tag("div", *parts, id=anchor, class_="ca ca-tabled")


def table(
    frame: pd.DataFrame,
    caption: str,
    formats: Mapping[str, Format] | None = None,
    *,
    of: Dossier | None = None,
    rows: Rows = (),
    how: str | Html = "",
    given: Iterable[str] = (),
) -> Html:
    """A DataFrame as an accessible table, its first column naming the rows.

    ``formats`` says for a column how to write it: a function, or a unit (``"USD"``, ``"percent"``); otherwise figures,
    days and labels come in house style. Column names are shown as words.

    Where the figures come from: a column ``rows`` (or ``row``) of observation ids, or an index called so, becomes links to
    the evidence of the dossier ``of``; otherwise ``rows`` are listed below, with ``how`` the table was computed from them
    and the parameters ``given``.
    """
    chosen = formats or {}
    frame, own = _own_rows(frame, of)
    names = [str(name) for name in frame.columns]
    cells = [
        [written(value, chosen.get(name)) for name, value in zip(names, record, strict=True)]
        for record in frame.itertuples(index=False, name=None)
    ]
    words = of.words if of else PLAIN
    heads = [heading(name, words) for name in names]
    if own is not None and of is not None:
        heads.append("Source")
        cells = [[*record, sources_of(of, links, 3)] for record, links in zip(cells, own, strict=True)]
    kinds = frame.dtypes.items()
    numeric = [heading(str(name), words) for name, kind in kinds if is_numeric_dtype(kind) and not is_bool_dtype(kind)]
    rows = list(rows)
    foot = computed_from(of, rows, how, given=given) if rows or str(how) else None
    return rows_table(heads, cells, caption=caption, numeric=numeric, foot=foot, folded=len(cells) > _LONG)


def _own_rows(frame: pd.DataFrame, of: Dossier | None) -> tuple[pd.DataFrame, list[list[str]] | None]:
    """The frame without its column of observation ids, and those ids for each of its rows."""
    if of is not None and len(frame) and set(frame.index) <= set(of.evidence.records):
        return frame, [[str(name)] for name in frame.index]
    name = next((name for name in _ROWS if name in frame.columns), None)
    if name is None:
        return frame, None
    given = [
        [item] if isinstance(item, str) else list(item) if isinstance(item, tuple | list) else []
        for item in frame[name]
    ]
    return frame.drop(columns=name), [[one for one in names if one] for names in given]


_ROWS = ("rows", "row")
_NARROW = 3
"""Columns that a phone shows side by side."""
_LONG = 8
"""Tables of more rows are folded, so that a report is short to scan."""


def heading(name: str, words: Words) -> str:
    """A column's name as words, the first with a capital: ``at_low`` reads ``At low``."""
    shown = words.words(name)
    return shown[:1].upper() + shown[1:]


def written(value: Any, form: Format | None = None) -> str | Html:
    """A cell's value as a reader sees it."""
    if isinstance(value, Html):
        return value
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return "–"
    if callable(form):
        return form(value)
    if isinstance(form, str):
        return formats.quantity(float(value), form)
    if isinstance(value, str) and value in set(Label):
        return Label(value).words
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if hasattr(value, "strftime"):
        return formats.day(value)
    if pd.api.types.is_number(value):
        return formats.number(float(value))
    return str(value)
