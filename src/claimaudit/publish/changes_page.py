"""Verdicts that were changed after they had been accepted: when, why, from what to what. Newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from claimaudit import formats
from claimaudit.dossier.changelog import Acceptance, Moved
from claimaudit.dossier.dossier import Dossier
from claimaudit.html import Html, join, tag
from claimaudit.model import Vintage
from claimaudit.publish.clean import Heading
from claimaudit.publish.foot import foot
from claimaudit.publish.page import Meta, page

FILE = "changes.html"


def anchor(number: int) -> str:
    """Where the entry of a number (from 1, the oldest) stands on the page."""
    return f"change-{number}"


def changes_page(dossier: Dossier) -> str:
    """The page, from the dossier's changelog."""
    whole = dossier.whole or dossier
    lead = (
        "Ratings here are computed, and reviewed before they are published. Whenever one that was published before came out "
        "otherwise, because of a new source, a corrected row or another rule, it is told here with the day and the reason, "
        "and in the feed."
    )
    numbered = list(enumerate(whole.changelog, start=1))[::-1]
    sections = [_entry(number, entry) for number, entry in numbered]
    nothing = [tag("p", "No accepted verdict has been changed so far.")] * (not sections)
    feed = tag("p", "To be told of changes: ", tag("a", "feed.xml", href="feed.xml"), ".")
    body = join([tag("h1", "Changed verdicts"), tag("p", lead, class_="lead"), feed, *nothing, *sections], Html("\n"))
    headings = [Heading(2, anchor(number), formats.day(entry.day)) for number, entry in numbered]
    meta = Meta(
        description="Verdicts that were changed after they had been accepted, with day and reason.", foot=foot(dossier)
    )
    return page("Changed verdicts", body, meta=meta, headings=headings, here=FILE)


def _entry(number: int, entry: Acceptance) -> Html:
    claims = [item for item in entry.moved if not item.part]
    parts = [item for item in entry.moved if item.part]
    shown = [tag("p", entry.note if entry.note.endswith((".", "!", "?")) else f"{entry.note}.")]
    if not entry.moved:
        shown.append(tag("p", "No rating, label, confidence or likelihood moved; weights did.", class_="soft"))
    if claims:
        shown.append(_listed(claims))
    if parts:
        folded = tag("summary", formats.count(len(parts), "change of a part", "changes of parts"))
        shown.append(tag("details", folded, _listed(parts)))
    return tag("section", tag("h2", formats.day(entry.day), id=anchor(number)), *shown)


def _listed(moved: Sequence[Moved]) -> Html:
    """What moved, a line each; what moved in the same way at both dates in one."""
    dates: dict[Moved, list[str]] = {}
    for item in moved:
        dates.setdefault(replace(item, date=""), []).append(item.date)
    return tag("ul", *(_item(item, own) for item, own in dates.items()))


def _item(item: Moved, dates: Sequence[str]) -> Html:
    link = tag("a", item.part or item.claim, href=f"index.html#claim-{item.claim}")
    when = " and ".join(Vintage(date).words for date in dates)
    return tag("li", link, f", {when}: {item.what}, from “{item.before}” to “{item.now}”")


def rating_moves(entry: Acceptance) -> Sequence[Moved]:
    """The ratings of claims that an entry tells of."""
    return [item for item in entry.moved if not item.part and item.what == "rating"]
