"""The evidence of a report at a length that can be read: the rows that something on the page refers to."""

from __future__ import annotations

import re

_TABLE = re.compile(r'<table class="ca-table ca-stack ca-rows">.*?</table>', re.DOTALL)
_BODY = re.compile(r"<tbody>(.*?)</tbody>", re.DOTALL)
_ROW = re.compile(r'<tr id="(row-[^"]*)">.*?</tr>', re.DOTALL)
_LINK = re.compile(r'href="#(row-[^"]*)"')


def shortened(html: str) -> str:
    """A finished page whose tables of evidence hold the rows it refers to; each says how many more there are, and where.

    One row more is shown all the same: the line that would stand for it is no shorter.
    """
    needed = set(_LINK.findall(html))
    return _TABLE.sub(lambda table: _shortened(table[0], needed), html)


def _shortened(table: str, needed: set[str]) -> str:
    dropped = {row[1] for row in _ROW.finditer(table)} - needed
    if len(dropped) < 2:
        return table

    def body(found: re.Match[str]) -> str:
        inside = _ROW.sub(lambda row: "" if row[1] in dropped else row[0], found[1])
        return f"<tbody>{inside}</tbody>" if _ROW.search(inside) else ""

    rest = f"{len(dropped)} further rows, to which nothing on this page refers, are in evidence.sqlite and datapackage.zip."
    end = f'<tbody><tr class="ca-further"><td colspan="5">{rest}</td></tr></tbody></table>'
    return f"{_BODY.sub(body, table).removesuffix('</table>')}{end}"
