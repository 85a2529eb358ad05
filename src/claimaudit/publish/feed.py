"""An Atom feed of ratings that changed: between publication and hindsight, and from one edition of the audit to the next.

Its dates are the days the evidence speaks of, never the clock. Changes found against an earlier build stay in the feed of
later builds, since a reader may look only now and then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

from claimaudit import formats
from claimaudit.dossier.changelog import Acceptance
from claimaudit.inert import readable, web_address, xml
from claimaudit.model import Article, Claim, Vintage
from claimaudit.outcome import Verdict
from claimaudit.publish.outputs import SCHEMA_VERSION
from claimaudit.rated import Badge, Rating
from claimaudit.verdict.wording import conclusion_text

ATOM = "http://www.w3.org/2005/Atom"
_EDITION = "rating"
"""Marks an id as a change between editions; feeds of the form before, which told of labels, had another."""


@dataclass(frozen=True)
class Entry:
    """One change: a lasting id, the day it is dated to, a title, a sentence and where to read on."""

    id: str
    day: str
    title: str
    text: str
    href: str


def vintage_changes(
    article: Article, claims: Iterable[Claim], verdicts: Iterable[Verdict], places: Mapping[str, str]
) -> list[Entry]:
    """Claims whose badge or reason in hindsight is not the one at publication, as entries of the day of the evidence."""
    rated = {(verdict.claim_id, verdict.vintage): verdict for verdict in verdicts if not verdict.part_id}
    out = []
    for claim in claims:
        before = rated.get((claim.claim_id, Vintage.AT_PUBLICATION))
        after = rated.get((claim.claim_id, Vintage.HINDSIGHT))
        if before and after and before.rating.words != after.rating.words:
            was, now = before.rating.words, after.rating.words
            words = (
                f"“{claim.paraphrase}”. {conclusion_text(after)} Rated “{now}” with what is known on "
                f"{formats.day(article.compiled)}; “{was}” using only what was public on {formats.day(article.published)}."
            )
            name = f"{claim.claim_id}:hindsight:{_slug(was)}:{_slug(now)}"
            title = f"{claim.claim_id}: “{was}” at publication, “{now}” in hindsight"
            out.append(Entry(_id(article, name), f"{article.compiled}", title, words, places[claim.claim_id]))
    return out


def edition_changes(
    article: Article, claims: Iterable[Claim], rows: Sequence[Mapping[str, Any]], earlier: Sequence[Mapping[str, Any]],
    places: Mapping[str, str],
) -> list[Entry]:  # fmt: skip
    """Claims whose badge or reason at one of the two dates is not the one in the rows of an earlier ``verdicts.json``."""
    known = {claim.claim_id: claim for claim in claims}
    before = {_key(row): row for row in earlier}
    out = []
    for row in rows:
        old = before.get(_key(row))
        if row["part_id"] or row["vintage"] == Vintage.AS_OF.value or row["claim_id"] not in known:
            continue
        if old and (was := _words(old)) != (now := _words(row)):
            when = Vintage(row["vintage"]).words
            name = f"{row['claim_id']}:{_EDITION}:{row['vintage']}:{article.compiled}:{_slug(was)}:{_slug(now)}"
            words = f"“{known[row['claim_id']].paraphrase}”, {when}: “{was}” in the edition before, “{now}” now."
            title = f"{row['claim_id']}, {when}: changed from “{was}” to “{now}”"
            out.append(Entry(_id(article, name), f"{article.compiled}", title, words, places[row["claim_id"]]))
    return out


def accepted_changes(article: Article, changelog: Sequence[Acceptance], page: str) -> list[Entry]:
    """Verdicts that were taken in with a reason, one entry each; ``page`` is the file that tells of them."""
    out = []
    for number, entry in enumerate(changelog, start=1):
        ratings = [item for item in entry.moved if not item.part and item.what == "rating"]
        told = "; ".join(item.words for item in ratings or entry.moved)
        text = f"{entry.note}{'' if entry.note.endswith('.') else '.'} {told or 'No rating moved'}."
        claims = list(dict.fromkeys(item.claim for item in ratings or entry.moved))
        more = f" and {len(claims) - _NAMED} more" if len(claims) > _NAMED else ""
        title = f"Changed after review: {', '.join(claims[:_NAMED])}{more}" if claims else "Reviewed: weights moved"
        href = f"{page}#change-{number}"
        out.append(Entry(_id(article, f"accepted:{number}:{entry.day}"), f"{entry.day}", title, text, href))
    return out


_NAMED = 3
"""Claims that a title names."""


def earlier_rows(raw: bytes, topics: Mapping[str, str], article: Article | None = None) -> list[dict[str, Any]]:
    """The verdicts on claims of an earlier ``verdicts.json``; none where it cannot be read, is of another form or another text.

    ``article`` is the text they must be on (``None``: any).
    ``topics`` names each claim's topic: verdicts made with changed parameters are left out, since they are no edition.
    """
    try:
        document = json.loads(raw)
        if document["schema_version"] != SCHEMA_VERSION:
            return []
        told = {name: document["article"][name] for name in ("title", "url", "published")} if article else {}
        if article and told != {"title": article.title, "url": article.url, "published": article.published.isoformat()}:
            return []
        changed = document.get("parameters", {})
        rows = [
            row for row in document["verdicts"] if topics.get(row["claim_id"]) not in changed and not row["part_id"]
        ]
        return [row for row in rows if _words(row) and Vintage(row["vintage"]) and _key(row)]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def kept_entries(raw: bytes, article: Article | None = None) -> list[Entry]:
    """Changes between editions that an earlier feed of ours reports on the same text; none where it cannot be read."""
    if b"<!" in raw:  # we write no declarations, and a foreign one could make the reader expand without end
        return []
    try:
        root = ET.fromstring(raw)
        entries = [_read(item) for item in root.iter(f"{{{ATOM}}}entry")]
    except (ET.ParseError, ValueError, TypeError, AttributeError):
        return []
    own = _id(article, "") if article else ""
    return [entry for entry in entries if f":{_EDITION}:" in entry.id and entry.id.startswith(own)]


def render(article: Article, entries: Iterable[Entry], author: str) -> bytes:
    """The feed, newest first; each id once."""
    once = {entry.id: entry for entry in entries}
    ordered = sorted(once.values(), key=lambda entry: (entry.day, entry.id), reverse=True)
    ET.register_namespace("", ATOM)
    at = article.imprint.address
    feed = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": article.imprint.language})
    newest = max([f"{article.compiled}", *(entry.day for entry in ordered)])
    _add(feed, "id", _id(article, "feed"))
    _add(feed, "title", f"Changed ratings: claims of “{article.title}”")
    _add(feed, "subtitle", "Ratings that changed between publication and hindsight, or between editions of the audit")
    _add(feed, "updated", _stamp(newest))
    _add(ET.SubElement(feed, f"{{{ATOM}}}author"), "name", author)
    _add(feed, "link", rel="alternate", type="text/html", href=at("index.html"))
    _add(feed, "link", rel="self", type="application/atom+xml", href=at("feed.xml"))
    for entry in ordered:
        node = ET.SubElement(feed, f"{{{ATOM}}}entry")
        _add(node, "id", entry.id)
        _add(node, "title", entry.title)
        _add(node, "updated", _stamp(entry.day))
        _add(node, "link", rel="alternate", type="text/html", href=at(entry.href))
        _add(node, "summary", entry.text)
    ET.indent(feed, " ")
    return ET.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"


def _key(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["claim_id"], row["part_id"], row["vintage"]


def _words(row: Mapping[str, Any]) -> str:
    """A claim's rating in words, from its row; ``ValueError`` where it has none."""
    return Rating(Badge(row["rating"]), str(row["rating_reason"])).words


def _id(article: Article, name: str) -> str:
    return f"urn:claimaudit:{_slug(article.title) or 'article'}:{article.published}:{name}"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


def _stamp(day: str) -> str:
    return f"{date.fromisoformat(day)}T00:00:00Z"


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> None:
    node = ET.SubElement(parent, f"{{{ATOM}}}{name}", {key: xml(value) for key, value in attributes.items()})
    if text is not None:
        node.text = xml(readable(text))


def _read(item: ET.Element) -> Entry:
    def text(name: str) -> str:
        found = item.findtext(f"{{{ATOM}}}{name}")
        if not found:
            raise ValueError(f"an entry has no {name}")
        return found

    link = item.find(f"{{{ATOM}}}link")
    href = link.get("href", "index.html")
    if ":" in href.partition("#")[0] and not web_address(href):
        raise ValueError("an entry leads out of the web")
    day = f"{date.fromisoformat(text('updated')[:10])}"
    return Entry(text("id"), day, text("title"), text("summary"), href)
