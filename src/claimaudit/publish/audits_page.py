"""The index over several audits on one site: a page that leads to each, with what it came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from claimaudit import formats
from claimaudit.html import Html, join, tag
from claimaudit.inert import file_address
from claimaudit.publish.page import Meta, page
from claimaudit.rated import Badge

MARK = 'id="audits"'
"""What the page holds, by which it is told from a page of others."""


@dataclass(frozen=True)
class Listed:
    """An audit in a folder of the site: the text it judges, and the badge of each claim in hindsight."""

    folder: str
    title: str
    by: tuple[str, ...]
    published: date
    compiled: date
    badges: tuple[Badge, ...]


def audits_page(audits: Sequence[Listed]) -> str:
    """The page, newest text first. Nothing of one audit stands in another's entry."""
    ordered = sorted(audits, key=lambda item: (item.published, item.title), reverse=True)
    items = [tag("li", *_entry(item)) for item in ordered]
    words = f"{formats.count(len(audits), 'text')} audited claim by claim; each audit stands in a folder of its own."
    lead = tag("p", words, class_="lead")
    body = join([tag("h1", "Claim audits"), lead, tag("ul", *items, id="audits", class_="reports")], Html("\n"))
    return page("Claim audits", body, meta=Meta(description=words), alone=True)


def _entry(item: Listed) -> list[Html]:
    counts = Counter(item.badges)
    words = {Badge.RIGHT_BUT: "right but for a slip or missing context"}
    best_first = [badge for badge in reversed(Badge) if counts[badge]]
    found = ", ".join(f"{counts[badge]} {words.get(badge, badge.value.lower())}" for badge in best_first)
    about = ", ".join([*item.by, formats.day(item.published)])
    return [
        tag("a", f"“{item.title}”", href=f"{file_address(item.folder)}/index.html"),
        tag(
            "span",
            f", by {about}. {formats.count(len(item.badges), 'claim')}: {found}. Evidence as of {formats.day(item.compiled)}.",
        ),
    ]
