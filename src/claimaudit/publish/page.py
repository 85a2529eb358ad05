"""The frame of every page (one file, nothing loaded, no script but a named one) and the cleaning that makes sure of it."""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from claimaudit import inert
from claimaudit.html import Html, escape, tag
from claimaudit.publish.clean import CONTENT, Heading
from claimaudit.publish.fonts import chart_font
from claimaudit.publish.stylesheet import style

CSP = (
    "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
"""What a page may do: show its own styles, and the pictures and the font it holds. No script, no request."""


SITE = {
    "index.html": "All claims",
    "codebook.html": "Codebook",
    "method.html": "Method",
    "sources.html": "Sources",
    "corrections.html": "Corrections and gaps",
    "changes.html": "Changed verdicts",
    "timeline.html": "Over time",
}
"""The pages beside the reports, by file; each page leads to all of them."""

_DATA = re.compile(r'<script type="application/ld\+json">.*?</script>\n', re.DOTALL)


@dataclass(frozen=True)
class Shared:
    """What is shown of a page where it is shared: title, description, its address (blank: not known) and its picture's."""

    title: str
    description: str
    url: str = ""
    image: str = ""


@dataclass(frozen=True)
class Meta:
    """What a page says about itself.

    ``facts`` are pairs shown under the title, ``foot`` sentences or finished paragraphs at the end of the page; ``index`` is the
    page to go back to, ``shared`` what is shown of the page elsewhere.
    """

    language: str = "en"
    description: str = ""
    index: str = "index.html"
    facts: Sequence[tuple[str, str | Html]] = ()
    foot: Sequence[str | Html] = ()
    shared: Shared | None = None


def contents(headings: Sequence[Heading]) -> Html:
    """Links to the sections and claims of a page."""
    items = [
        tag("li", tag("a", heading.text, href=f"#{heading.anchor}"), class_=f"level-{heading.level}")
        for heading in headings
        if heading.level > 1
    ]
    return tag("ol", *items)


def page(
    title: str,
    body: Html,
    *,
    meta: Meta,
    headings: Sequence[Heading] = (),
    here: str = "",
    script: str = "",
    alone: bool = False,
) -> str:
    """A whole page around a cleaned body.

    ``here`` is the page's own file among ``SITE``. ``script`` is the one script the page may run: the policy names it
    by its hash, so that no other can. A page ``alone`` stands beside no others.
    """
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy(script)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="referrer" content="no-referrer">',
        *([f'<meta name="description" content="{escape(meta.description)}">'] if meta.description else []),
        *(_shared(meta.shared) if meta.shared else []),
        f"<title>{escape(title)}</title>",
    ]
    links = contents(headings) if any(heading.level > 1 for heading in headings) else Html("")
    folded = tag("details", tag("summary", "Contents"), links, class_="contents-folded") if links.text else links
    side = tag("nav", tag("p", "Contents"), links, class_="contents", aria_label="Contents") if links.text else links
    main = tag("main", folded, body, id=CONTENT, tabindex="-1")
    shown = tag("div", side, main, class_="page" if links.text else "page page-plain")
    said = (words if isinstance(words, Html) else tag("p", words) for words in meta.foot)
    foot = tag("footer", *said, class_="foot").text if meta.foot else ""
    ends = [*([foot] if foot else []), "</body>", "</html>", ""]
    links_above = [] if alone else [_site_links(meta, here).text]
    seen = [*links_above, shown.text, *ends]
    head.append(f"<style>\n{style(chr(10).join(seen))}{chart_font(body.text)}</style>")
    lines = ["<!DOCTYPE html>", f'<html lang="{escape(meta.language)}">', "<head>", *head, "</head>", "<body>"]
    return "\n".join([*lines, *seen])


def _shared(shared: Shared) -> list[str]:
    """The lines of a head by which other sites show a page; its own address only where that is known."""
    pairs = {
        "og:type": "article", "og:site_name": "claimaudit", "og:title": shared.title, "og:description": shared.description,
        "og:image": shared.image, "og:url": shared.url,
    }  # fmt: skip
    lines = [f'<meta property="{name}" content="{escape(value)}">' for name, value in pairs.items() if value]
    lines.append('<meta name="twitter:card" content="summary_large_image">')
    return [*lines, *([f'<link rel="canonical" href="{escape(shared.url)}">'] if shared.url else [])]


def policy(script: str = "") -> str:
    """The Content-Security-Policy of a page: no script, or the one given."""
    if not script:
        return CSP
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"{CSP}; script-src 'sha256-{digest}'"


def inline_script(script: str) -> Html:
    """A script as an element. Its text goes in as it is.

    ``ValueError`` where it holds the end of an element or the start of a comment.
    """
    if "</" in script or "<!--" in script:
        raise ValueError("a script that closes its own element cannot stand in a page")
    return Html(f"<script>{script}</script>")


def with_data(html: str, data: Any) -> str:
    """A finished page with a block of JSON-LD in its head, in place of one it already has. Nothing in it is run.

    No text in the data can end the block (``inert.json_block``). ``ValueError`` where the page has no head.
    """
    head, found, rest = html.partition("</head>")
    if not found:
        raise ValueError("a page without a head cannot hold data")
    block = f'<script type="application/ld+json">{inert.json_block(data)}</script>\n'
    return f"{_DATA.sub('', head)}{block}{found}{rest}"


def as_what_if(html: str, changed: str) -> str:
    """A finished page that says on every screen that it is not the audit, and asks search engines to leave it out.

    ``ValueError`` where the page has no body.
    """
    said = tag("p", tag("strong", "What if, not the audit: "), changed, class_="what-if", role="note")
    head, found, body = html.partition("<body>\n")
    if not found:
        raise ValueError("a page without a body cannot be marked")
    head = head.replace("<title>", '<meta name="robots" content="noindex">\n<title>What if: ', 1)
    return f"{head}{found}{said}\n{body}"


def _site_links(meta: Meta, here: str) -> Html:
    """The way to the text, and to the pages beside the reports."""
    folder = posixpath.dirname(meta.index)
    files = {file: meta.index if file == "index.html" else posixpath.join(folder, file) for file in SITE}
    items = [
        tag("li", tag("a", name, href=files[file], aria_current="page" if file == here else None))
        for file, name in SITE.items()
    ]
    skip = tag("a", "Skip to the text", href=f"#{CONTENT}", class_="skip")
    return tag("header", skip, tag("nav", tag("ul", *items), aria_label="Site"), class_="site")


def facts(pairs: Sequence[tuple[str, str | Html]]) -> Html:
    """A short list of facts under a page's title."""
    if not pairs:
        return Html("")
    items = [tag("div", tag("dt", name), tag("dd", value)) for name, value in pairs]
    return tag("dl", *items, class_="facts")
