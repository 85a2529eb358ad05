"""Walks a page and finds printed figures that lead nowhere.

The rule. A figure is a number in the text of a page that is no date, year, name, version or ordinal place (claim, element,
paragraph). It leads somewhere when it stands in

1. a link whose target exists: a row of the evidence table, a setting, a part that says what it was computed from, another
   page's claim, or a source on the web;
2. a row of a table that holds such a link, a row of the evidence table that names its source, or the tables of settings;
3. a figure, table or part of a card (``figure``, ``.ca-tabled``, ``.ca-part``) that holds a ``.ca-from`` with such a link;
4. the line above folded evidence, where it must be the number of the rows below it.

Words of the article (``.ca-claimed``) are what is audited, not evidence. Heads of columns are axis labels. Code, drawings,
contents and the page's head are no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bs4 import BeautifulSoup, NavigableString, Tag

_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_YEAR = r"(?:1[5-9]|20)\d\d"
_NO_FIGURES = re.compile(
    "|".join(
        (
            rf"\b\d{{1,2}}(?: to \d{{1,2}})? {_MONTH}(?: {_YEAR})?",  # 14 March 2023
            rf"\b{_MONTH} \d{{1,2}}\b",
            rf"\b{_YEAR}(?:-\d\d){{1,2}}\b",  # 2023-03-14
            rf"(?<![\d,.%$]){_YEAR}(?:s|[-/]\d\d(?:\d\d)?)?(?!\d|%|[.,]\d)",  # 2022, 2022-2023, 1990s
            r"\b[A-Z]\d\d(?:\.\w+)?\b",  # E14, M01.fits
            r"\b(?:paragraph|resolution|Resolution|article|Article|Part|chapter|HS) \d+",
            r"\b[A-Za-z][\w/]*-\d[\w-]*",  # Su-35, Shahed-136
            r"\b[A-Za-z]+\d[\w-]*",  # M1, G7, RFI2
            r"\b(?:Boeing|Airbus|Fokker|Tupolev|Antonov|MD|Grad) [A-Z]?\d{2,3}\b",
            r"\bNo\. ?\d+",
            r"\b[Vv]ersion \d+(?:\.\d+)*",
        )
    )
)
_FIGURE = re.compile(r"(?<![\w.,])[<>]?[-+\N{MINUS SIGN}]?\d[\d,.]*(?<![,.])(?:\N{NO-BREAK SPACE}?%)?")
_NO_TEXT = ("script", "style", "head", "code", "pre", "svg", "nav", "title", "thead")
_NO_TEXT_CLASS = frozenset(("ca-claimed", "code", "contents-folded", "ca-note"))
_BLOCK_CLASS = frozenset(("ca-tabled", "ca-part"))
_ENDS = ("row-", "parameter-", "parameters", "method", "assumptions")


@dataclass(frozen=True)
class Loose:
    """A figure that leads nowhere, with the section or claim it stands in and the words around it."""

    section: str
    figure: str
    around: str

    def __str__(self) -> str:
        return f"{self.section}: {self.figure!r} in {self.around!r}"


def loose_figures(html: str, pages: Mapping[str, set[str]] | None = None) -> list[Loose]:
    """Figures of a page that lead nowhere. ``pages`` are the other pages by name with their anchors."""
    soup = BeautifulSoup(html, "html.parser")
    walk = _Walk(soup, pages or {})
    return list(walk.loose())


def anchors(html: str) -> set[str]:
    """The ids of a page."""
    return set(re.findall(r'\sid="([^"]*)"', html))


class _Walk:
    def __init__(self, soup: BeautifulSoup, pages: Mapping[str, set[str]]) -> None:
        self.soup, self.pages = soup, pages
        self.by_id = {str(item["id"]): item for item in soup.find_all(id=True)}
        self.known: dict[tuple[int, str], bool] = {}

    def loose(self) -> Iterator[Loose]:
        section = ""
        for node in (self.soup.body or self.soup).descendants:
            if isinstance(node, Tag) and node.name in ("h1", "h2", "h3"):
                section = " ".join(node.get_text().split())
            if type(node) is not NavigableString or not (found := figures(str(node))):
                continue
            parents = list(node.parents)
            if any(_is_no_text(parent) for parent in parents) or self.leads(parents) or _counts_rows(parents, found):
                continue
            around = " ".join(parents[0].get_text().split())[:160]
            yield from (Loose(section, figure, around) for figure in found)

    def leads(self, parents: list[Tag]) -> bool:
        """Whether text inside these elements (innermost first) leads somewhere, by the rule above."""
        for item in parents:
            if item.name == "a" and self.resolves(item):
                return True
            if item.name == "tr" and (_names_source(item) or any(map(self.resolves, item.find_all("a", href=True)))):
                return True
            if str(item.get("id", "")) in ("parameters", "method", "assumptions"):
                return True
            if (item.name == "figure" or _BLOCK_CLASS & set(item.get("class", ()))) and self.sourced(item):
                return True
        return False

    def sourced(self, block: Tag) -> bool:
        """Whether a block says what it was computed from."""
        marked = [*([block] if "ca-from" in block.get("class", ()) else []), *block.select(".ca-from")]
        own = [item for item in marked if _block_of(item) is block]
        return any(
            self.resolves(link)
            for item in own
            for link in ([item] if item.name == "a" else item.find_all("a", href=True))
        )

    def resolves(self, link: Tag) -> bool:
        """Whether a link leads to evidence: a row, a setting, a part that is sourced itself, a web page, another report."""
        href = str(link.get("href", ""))
        if href.startswith(("https://", "http://")):
            return True
        page, _, anchor = href.partition("#")
        if page:
            return page in self.pages and (not anchor or anchor in self.pages[page])
        target = self.by_id.get(anchor)
        if target is None:
            return False
        return anchor.startswith(_ENDS) or self._part(target)

    def _part(self, target: Tag) -> bool:
        key = (id(target), "part")
        if key not in self.known:
            self.known[key] = False  # a part that only leads back to itself leads nowhere
            links = target.find_all("a", href=True)
            self.known[key] = any(str(link["href"])[1:].startswith(_ENDS) and self.resolves(link) for link in links)
        return self.known[key]


def figures(text: str) -> list[str]:
    """The figures printed in a text: numbers that are no date, year, name or place in the article."""
    return _FIGURE.findall(_NO_FIGURES.sub(" ", text))


def _block_of(item: Tag) -> Tag | None:
    """The block an element is part of; itself where it is one."""
    for parent in (item, *item.parents):
        if parent.name == "figure" or _BLOCK_CLASS & set(parent.get("class", ())):
            return parent
    return None


def _names_source(row: Tag) -> bool:
    """Whether a row of the evidence, or the line that heads its group, stands under a line that names its source."""
    head = row.parent.find("th", scope="rowgroup") if row.parent else None
    if "ca-further" in row.get("class", ()):
        return True
    return head is not None and bool(head.get_text(strip=True))


def _counts_rows(parents: list[Tag], found: list[str]) -> bool:
    """Whether the figures are the number of evidence rows in the fold, or in all folds, they stand above."""
    for item in parents:
        if item.name == "details" or "ca-evidence" in item.get("class", ()):
            rows = item.find_all("tr", id=re.compile("^row-"))
            further = (int(figures(line.get_text())[0]) for line in item.select(".ca-further"))
            return bool(rows) and found == [str(len(rows) + sum(further))]
    return False


def _is_no_text(item: Tag) -> bool:
    return item.name in _NO_TEXT or bool(_NO_TEXT_CLASS & set(item.get("class", ())))
