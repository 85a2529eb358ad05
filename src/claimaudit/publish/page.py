"""The frame of every page (one file, nothing loaded, no script but a named one) and the cleaning that makes sure of it."""

from __future__ import annotations

import base64
import hashlib
import json
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape
from html.parser import HTMLParser
from importlib import resources
from typing import Any

from claimaudit.html import Html, card_style, tag

CSP = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What a page may do: show its own styles and the pictures it holds. No script, no font, no request."""

CONTENT = "content"
"""The anchor of a page's text, for those who skip the links above it."""

SITE = {
    "index.html": "All claims",
    "method.html": "Method",
    "sources.html": "Sources",
    "corrections.html": "Corrections and gaps",
}
"""The pages beside the reports, by file; each page leads to all of them."""

_DATA = re.compile(r'<script type="application/ld\+json">.*?</script>\n', re.DOTALL)

_DROPPED = frozenset(
    {
        "script", "style", "link", "meta", "base", "iframe", "frame", "object", "embed", "template", "form", "input",
        "button", "textarea", "select", "audio", "video", "title", "math", "noscript",
    }
)  # fmt: skip
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_IMPLIED = frozenset({"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "colgroup"})
"""Elements that need no end of their own."""
_HEADINGS = ("h1", "h2", "h3")
_LOADING = ("src", "srcset", "poster", "background", "data", "action", "formaction", "ping", "xlink:href")


@dataclass(frozen=True)
class Meta:
    """What a page says about itself. ``facts`` are pairs shown under the title; ``index`` the page to go back to."""

    language: str = "en"
    description: str = ""
    index: str = "index.html"
    facts: Sequence[tuple[str, str | Html]] = ()


@dataclass(frozen=True)
class Heading:
    """A heading of a page with its anchor."""

    level: int
    anchor: str
    text: str


class Cleaner(HTMLParser):
    """Copies HTML, without what a report must not hold, and notes its headings.

    Left out: elements that run, load or restyle, event attributes, sources that are not data. Changed: ids that stand
    twice, headings without one, a second ``h1``, elements that are not ended, ends of none.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.headings: list[Heading] = []
        self._out: list[str] = []
        self._open: list[str] = []
        self._ids: set[str] = {CONTENT}
        self._dropped: list[str] = []
        self._heading: tuple[int, str, list[str]] | None = None
        self._titled = False
        self._h1 = "h1"

    def clean(self, body: str) -> str:
        """The cleaned HTML."""
        self.feed(body)
        self.close()
        self._dropped.clear()
        while self._open:
            self._shut(self._open.pop())
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._dropped or tag in _DROPPED:
            if tag not in _VOID:
                self._dropped.append(tag)
            return
        if tag not in _VOID:
            self._open.append(tag)
        kept = {name: value for name, value in attrs if _allowed(tag, name, value or "")}
        if tag in _HEADINGS:
            tag = self._open_heading(tag, kept)
        elif kept.get("id"):
            if kept["id"] in self._ids:
                del kept["id"]
            else:
                self._ids.add(str(kept["id"]))
        if tag == "img" and not (kept.get("alt") or "").strip():
            kept["alt"] = "Picture without a description"
        shown = "".join(f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in kept.items())
        self._out.append(f"<{tag}{shown}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        depth = len(self._dropped)
        self.handle_starttag(tag, attrs)
        if len(self._dropped) > depth:
            self._dropped.pop()
        elif not self._dropped and tag not in _DROPPED and tag not in _VOID:
            self._open.pop()
            self._out.append(f"</{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if self._dropped:
            if tag in self._dropped:
                del self._dropped[self._dropped.index(tag) :]
            return
        if tag in _DROPPED or tag in _VOID:
            return
        if tag in self._open:  # what stands open inside ends with it; an end without a beginning is left out
            while (last := self._open.pop()) != tag:
                if last not in _IMPLIED:
                    self._shut(last)
            self._shut(tag)

    def _shut(self, tag: str) -> None:
        self._out.append(f"</{self._close_heading(tag)}>")

    def handle_data(self, data: str) -> None:
        if not self._dropped:
            self._out.append(data.replace("<", "&lt;").replace(">", "&gt;"))
            if self._heading:
                self._heading[2].append(data)

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name};")

    def _reference(self, text: str) -> None:
        if not self._dropped:
            self._out.append(text)
            if self._heading:
                self._heading[2].append(unescape(text))

    def _open_heading(self, tag: str, kept: dict[str, str | None]) -> str:
        if tag == "h1":
            self._h1 = "h2" if self._titled else "h1"
            self._titled = True
            tag = self._h1
        # The anchor may be known only once the text is: a mark is put in its place and filled when the heading ends.
        self._heading = (int(tag[1]), str(kept.pop("id", "") or ""), [])
        kept["id"] = "\0"
        return tag

    def _close_heading(self, tag: str) -> str:
        if tag not in _HEADINGS or not self._heading:
            return tag
        level, wanted, parts = self._heading
        text = " ".join("".join(parts).replace("¶", "").split())
        anchor = self._unique(wanted or slug(text))
        for place in range(len(self._out) - 1, -1, -1):
            if 'id="\0"' in self._out[place]:
                self._out[place] = self._out[place].replace('id="\0"', f'id="{escape(anchor)}"')
                break
        self.headings.append(Heading(level, anchor, text))
        self._heading = None
        return f"h{level}"

    def _unique(self, anchor: str) -> str:
        number, name = 1, anchor
        while name in self._ids:
            number += 1
            name = f"{anchor}-{number}"
        self._ids.add(name)
        return name


def slug(text: str) -> str:
    """The anchor of a heading as JupyterLab writes it, so that one link works in both places: spaces become hyphens."""
    return re.sub(r"\s+", "-", re.sub(r"[%\"<>&]", "", text).strip()) or "section"


def _allowed(tag: str, name: str, value: str) -> bool:
    if name.startswith("on"):
        return False
    if name == "href" and tag != "a":
        return value.startswith("#")
    if name == "href":
        return value.startswith(("#", "http://", "https://", "mailto:")) or ":" not in value.split("/", 1)[0]
    if name in _LOADING:
        return tag == "img" and name == "src" and value.startswith("data:image/")
    return name != "style" or "url(" not in value.replace("\\", "").lower()


def contents(headings: Sequence[Heading]) -> Html:
    """Links to the sections and claims of a page."""
    items = [
        tag("li", tag("a", heading.text, href=f"#{heading.anchor}"), class_=f"level-{heading.level}")
        for heading in headings
        if heading.level > 1
    ]
    return tag("ol", *items)


def page(
    title: str, body: Html, *, meta: Meta, headings: Sequence[Heading] = (), here: str = "", script: str = ""
) -> str:
    """A whole page around a cleaned body.

    ``here`` is the page's own file among ``SITE``. ``script`` is the one script the page may run: the policy names it
    by its hash, so that no other can.
    """
    style = resources.files("claimaudit.publish").joinpath("page.css").read_text(encoding="utf-8")
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy(script)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="referrer" content="no-referrer">',
        *([f'<meta name="description" content="{escape(meta.description)}">'] if meta.description else []),
        f"<title>{escape(title)}</title>",
        f"<style>\n{card_style()}{style}</style>",
    ]
    links = contents(headings) if any(heading.level > 1 for heading in headings) else Html("")
    folded = tag("details", tag("summary", "Contents"), links, class_="contents-folded") if links.text else links
    side = tag("nav", tag("p", "Contents"), links, class_="contents", aria_label="Contents") if links.text else links
    main = tag("main", folded, body, id=CONTENT, tabindex="-1")
    shown = tag("div", side, main, class_="page" if links.text else "page page-plain")
    lines = ["<!DOCTYPE html>", f'<html lang="{escape(meta.language)}">', "<head>", *head, "</head>", "<body>"]
    return "\n".join([*lines, _site_links(meta, here).text, shown.text, "</body>", "</html>", ""])


def policy(script: str = "") -> str:
    """The Content-Security-Policy of a page: no script, or the one given."""
    if not script:
        return CSP
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"{CSP}; script-src 'sha256-{digest}'"


def inline_script(script: str) -> Html:
    """A script as an element. Its text goes in as it is, so it must not hold the end of one."""
    if "</" in script or "<!--" in script:
        raise ValueError("a script that closes its own element cannot stand in a page")
    return Html(f"<script>{script}</script>")


def with_data(html: str, data: Any) -> str:
    """A finished page with a block of JSON-LD in its head, in place of one it already has. Nothing in it is run.

    No text in the data can end the block: angle brackets and all that is not ASCII are written as escapes.
    """
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    head, found, rest = html.partition("</head>")
    if not found:
        raise ValueError("a page without a head cannot hold data")
    block = f'<script type="application/ld+json">{text}</script>\n'
    return f"{_DATA.sub('', head)}{block}{found}{rest}"


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
