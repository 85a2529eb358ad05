"""The evidence of a report at a length that can be read: rows that nothing on the page refers to are shown up to a number."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST = 12
"""Rows of one table that are shown although nothing on the page refers to them."""
_TABLE = re.compile(r'<table class="ca-table ca-stack ca-rows">.*?</table>', re.DOTALL)
_BODY = re.compile(r"<tbody>(.*?)</tbody>", re.DOTALL)
_ROW = re.compile(r'<tr id="(row-[^"]*)">.*?</tr>', re.DOTALL)
_LINK = re.compile(r'href="#(row-[^"]*)"')


def shortened(html: str, *, kept: Iterable[str] = ()) -> str:
    """A finished page without the rows beyond ``MOST`` in each table of evidence that neither it nor ``kept`` refers to.

    The table says how many there are, and where they stand. One row more is not worth the line that would stand for it.
    """
    needed = {*_LINK.findall(html), *kept}
    return _TABLE.sub(lambda table: _shortened(table[0], needed), html)


def _shortened(table: str, needed: set[str]) -> str:
    spare = [row[1] for row in _ROW.finditer(table) if row[1] not in needed]
    dropped = set(spare[MOST:]) if len(spare) > MOST + 1 else set()
    if not dropped:
        return table

    def body(found: re.Match[str]) -> str:
        inside = _ROW.sub(lambda row: "" if row[1] in dropped else row[0], found[1])
        return f"<tbody>{inside}</tbody>" if _ROW.search(inside) else ""

    rest = f"{len(dropped)} further rows, to which nothing on this page refers, are in evidence.sqlite and datapackage.zip."
    end = f'<tbody><tr class="ca-further"><td colspan="5">{rest}</td></tr></tbody></table>'
    return f"{_BODY.sub(body, table).removesuffix('</table>')}{end}"
