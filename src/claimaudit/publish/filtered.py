"""Long tables that can be narrowed: rows with what they can be filtered by, the controls, and the one small script.

The table is complete without the script. The controls are hidden until it runs (their room is kept, so
that nothing moves), gone where no script may run, and the page's policy allows it by hash.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources

from claimaudit.html import Html, tag
from claimaudit.publish.page import inline_script


@dataclass(frozen=True)
class Row:
    """A row: its cells (the first is its head), its anchor, and its values by filter (several joined by ``|``)."""

    cells: Sequence[Html | str]
    anchor: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """A drop-down: the key of the values it looks at, its name, and its options as pairs of value and words."""

    key: str
    name: str
    options: Sequence[tuple[str, str]]


@functools.cache
def script() -> str:
    """The script that narrows the rows."""
    return resources.files("claimaudit.publish").joinpath("filter.js").read_text(encoding="utf-8")


def listing(
    heads: Sequence[str], rows: Iterable[Row], *, caption: str, kind: str, numeric: Collection[str] = ()
) -> Html:
    """A table of rows that the script can narrow; each row becomes a block on narrow screens."""
    body = []
    for row in rows:
        first, *rest = row.cells
        cells = [tag("th", first, scope="row")]
        cells += [
            tag("td", cell, data_label=head, class_="number" if head in numeric else None)
            for head, cell in zip(heads[1:], rest, strict=True)
        ]
        values = {f"data_{key}": value for key, value in row.values.items()}
        body.append(tag("tr", *cells, id=row.anchor, data_row=row.anchor, **values))
    top = [tag("th", name, scope="col", class_="number" if name in numeric else None) for name in heads]
    shown = tag("table", tag("caption", caption), tag("thead", tag("tr", *top)), tag("tbody", *body))
    return tag("div", shown, class_=f"ca listing listing-{kind}")


def controls(choices: Iterable[Choice], *, total: int, noun: str) -> Html:
    """Search, drop-downs, a reset and how many rows are shown, with the script that brings them to life."""
    search = tag("input", type="search", id="filter-search", data_key="search", autocomplete="off", spellcheck="false")
    parts = [tag("p", tag("label", "Search", for_="filter-search"), search, class_="filter-search")]
    for choice in choices:
        name = f"filter-{choice.name.lower().replace(' ', '-')}"
        options = [tag("option", "all", value="")]
        options += [tag("option", words, value=value) for value, words in choice.options]
        select = tag("select", *options, id=name, data_key=choice.key)
        parts.append(tag("p", tag("label", choice.name, for_=name), select))
    parts.append(tag("p", tag("button", "Show all", type="button")))
    words = f"Showing {{shown}} of {{all}} {noun}"
    status = tag("p", f"Showing {total} of {total} {noun}", role="status", data_words=words, class_="filter-status")
    box = tag(
        "div", tag("div", *parts, class_="filter"), status, data_filter=True, role="search",
        aria_label=f"Filter the {noun}", class_="waiting",
    )  # fmt: skip
    return box + inline_script(script())
