"""Tables of a notebook as libraries write them (pandas, Markdown): on their way into a page, made fit for phones and readers."""

from __future__ import annotations

import re
from html import unescape

from claimaudit.html import escape

_TABLE = re.compile(r"<table\b([^>]*)>((?:(?!<table\b).)*?)</table>", re.DOTALL)
_HEAD = re.compile(r"<thead\b[^>]*>(.*?)</thead>", re.DOTALL)
_ROW = re.compile(r"<tr\b[^>]*>.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<(t[hd])\b([^>]*)>(.*?)</\1>", re.DOTALL)
_EMPTY = re.compile(r"<th\b([^>]*)>\s*</th>")
_SPAN = re.compile(r"\s(?:col|row)span=\"(?!1\")")
_UNNAMED = '<span class="unseen">Row</span>'
_NARROW = 3
"""Columns that a phone shows side by side."""


def fitted(html: str) -> str:
    """The page's HTML, its plain tables without borders of their own and empty heads, the cells of wide ones named."""
    return _TABLE.sub(lambda found: found[0] if "ca-table" in found[1] else _fitted(found[1], found[2]), html)


def _fitted(given: str, body: str) -> str:
    given = re.sub(r'\s(?:border|cellpadding|cellspacing|width|align)="[^"]*"', "", given)
    names = _names(body)
    head = _HEAD.search(body)
    if names and head and len(_ROW.findall(head[1])) > 1 and "<a" not in head[1]:
        # The name of an index stands in a row of its own.
        merged = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
        body = f"{body[: head.start()]}<thead><tr>{merged}</tr></thead>{body[head.end() :]}"
        head = _HEAD.search(body)
    if len(names) > _NARROW:
        cut = head.end() if head else 0
        body = body[:cut] + _ROW.sub(lambda row: _named(row[0], names), body[cut:])
        own = re.search(r'\sclass="([^"]*)"', given)
        given = given.replace(own[0], f' class="{own[1]} stacked"') if own else f'{given} class="stacked"'
    filled = _EMPTY.sub(rf"<th\1>{_UNNAMED}</th>", body)
    return f"<table{given}>{filled}</table>"


def _names(body: str) -> list[str]:
    """The names of the columns; none where heads span several, or there are none."""
    head = _HEAD.search(body)
    if not head or _SPAN.search(body):
        return []
    cells = [[_text(cell[3]) for cell in _CELL.finditer(row)] for row in _ROW.findall(head[1])]
    if not cells or len({len(row) for row in cells}) != 1:
        return []
    return [next((name for name in column if name), "") for column in zip(*cells, strict=True)]


def _named(row: str, names: list[str]) -> str:
    cells = list(_CELL.finditer(row))
    if len(cells) != len(names):
        return row
    shown = iter(names)

    def named(cell: re.Match[str]) -> str:
        name = next(shown)
        label = f' data-label="{escape(name)}"' if name and cell[1] == "td" else ""
        return f"<{cell[1]}{cell[2]}{label}>{cell[3]}</{cell[1]}>"

    return _CELL.sub(named, row)


def _text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())
