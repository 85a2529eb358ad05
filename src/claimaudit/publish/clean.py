"""HTML of notebooks, copied without what a report must not hold: nothing in it runs, loads or ends what is around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from claimaudit.html import escape
from claimaudit.inert import SHOWN, readable
from claimaudit.publish.stand_ins import Attachments, attached_picture, note, picture_note

CONTENT = "content"
"""The anchor of a page's text, for those who skip the links above it."""
EDGE = "\0"
"""Parts a body into the frame's own HTML and pieces that come from a notebook, in turn."""

_DROPPED = frozenset(
    {
        "script", "style", "link", "meta", "base", "iframe", "frame", "frameset", "object", "embed", "applet", "template",
        "form", "input", "button", "textarea", "select", "audio", "video", "title", "math", "noscript", "canvas", "portal",
        "plaintext", "xmp", "noembed", "noframes", "foreignobject", "animate", "animatemotion", "animatetransform", "set",
    }
)  # fmt: skip
_FRAME = frozenset({"html", "head", "body"})
"""Ignored: the page has these, and a second one would only restyle it."""
_UNSEEN = frozenset({"style", "link", "meta", "base", "template", "title", "noscript", "input"})
"""Left out without a loss: a reader would not have seen them (an input stands in a form, which is told)."""
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_IMPLIED = frozenset({"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "colgroup"})
"""Elements that need no end of their own."""
_DRAWN = frozenset(
    {
        "img",
        "hr",
        "circle",
        "ellipse",
        "line",
        "path",
        "polygon",
        "polyline",
        "rect",
        "use",
        "image",
        "meter",
        "progress",
    }
)
"""Elements that are seen without a text in them."""
_HEADINGS = ("h1", "h2", "h3")
_LOADING = ("src", "srcset", "poster", "background", "data", "action", "formaction", "ping", "xlink:href")
_NAME = re.compile(r"[a-zA-Z][\w:.-]*")
_STYLE = re.compile(
    r"position\s*:\s*(?:fixed|sticky)|(?:url|src|image|image-set|cross-fade)\s*\(|\\|/\*", re.IGNORECASE
)
"""Styles that would load something, cover the page, or hide that they do."""
_ELSEWHERE = re.compile(r"url\(\s*['\"]?(?!#)", re.IGNORECASE)
_DATA = "data:text/csv;base64,"
"""A table within the page: a browser keeps it as a file and runs nothing of it."""
_PAINT = ("fill", "stroke", "filter", "mask", "clip-path", "cursor", "marker-start", "marker-mid", "marker-end")


@dataclass(frozen=True)
class Heading:
    """A heading of a page with its anchor."""

    level: int
    anchor: str
    text: str


@dataclass
class _Piece:
    """What is being copied: how many elements stood open before it, its pictures, whether any of it is seen, what is not."""

    floor: int = 0
    attached: Attachments = field(default_factory=dict)
    seen: bool = False
    lost: str = ""


class Cleaner(HTMLParser):
    """Copies HTML, without what a report must not hold, and notes its headings.

    Left out: elements that run, load or restyle, event attributes, sources that are not data. Changed: ids that stand
    twice, headings without one, a second ``h1``, elements that are not ended, ends of none, and pictures that would have
    to be loaded, which a note stands for.
    """

    def __init__(self, reserved: Sequence[str] = ()) -> None:
        super().__init__(convert_charrefs=False)
        self.headings: list[Heading] = []
        self._out: list[str] = []
        self._open: list[str] = []
        self._ids: set[str] = {CONTENT, *reserved}
        self._dropped: list[str] = []
        self._heading: tuple[int, str, list[str]] | None = None
        self._titled = False
        self._h1 = "h1"
        self._piece = _Piece()

    def clean(self, body: str, attached: Sequence[Attachments] = (), *, framed: bool = False) -> str:
        """The cleaned HTML.

        Every other part of a body with ``EDGE`` in it is a piece from a notebook, with its own attachments: it is balanced
        by itself, so that one that is broken off takes nothing of what follows with it, and leaves a note where nothing is
        to be seen of it. ``framed`` says that a body without ``EDGE`` is the frame's own. May be called for cell after cell:
        anchors stay unique.
        """
        self._out = []
        parts = body.split(EDGE)
        own = _Piece()
        for number, part in enumerate(parts):
            foreign = (len(parts) == 1 and not framed) or number % 2
            pictures = attached[number // 2] if foreign and number // 2 < len(attached) else {}
            self._piece = _Piece(len(self._open), pictures) if foreign else own
            self._copy(part)
            if foreign:
                self._end_open(self._piece.floor)
                if len(parts) > 1 and self.lost:
                    self._out.append(note(self.lost).text)
        self._end_open(0)
        return "".join(self._out)

    @property
    def lost(self) -> str:
        """The kind of element that was left out where nothing is to be seen of the (last) piece, else blank."""
        return "" if self._piece.seen else self._piece.lost

    def _copy(self, part: str) -> None:
        whole, end, rest = readable(part).rpartition(">")
        self.feed(whole + end)
        # No element begins after the last one has ended; the parser would look for an end from every sign anew.
        self.feed(rest.replace("<", "&lt;"))
        self.close()
        self.reset()

    def _end_open(self, floor: int) -> None:
        self._dropped.clear()
        while len(self._open) > floor:
            self._shut(self._open.pop())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Copy the start of an element, mended, unless it is left out."""
        titled = tag == "title" and "svg" in self._open[self._piece.floor :]  # what a mark of a drawing tells
        if self._dropped or (tag in _DROPPED and not titled) or not _NAME.fullmatch(tag):
            if tag not in _UNSEEN and not self._dropped:
                self._piece.lost = self._piece.lost or tag
            if tag not in _VOID:
                self._dropped.append(tag)
            return
        if tag in _FRAME or (tag == "img" and not self._with_picture(attrs)):
            return
        if tag not in _VOID:
            self._open.append(tag)
        self._piece.seen |= tag in _DRAWN
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
        """Copy an element that ends where it starts, with an end of its own where HTML asks for one."""
        depth, standing = len(self._dropped), len(self._open)
        self.handle_starttag(tag, attrs)
        if len(self._dropped) > depth:
            self._dropped.pop()
        elif len(self._open) > standing:
            self._open.pop()
            self._out.append(f"</{self._close_heading(tag)}>")

    def handle_endtag(self, tag: str) -> None:
        """Copy the end of what stands open, and of all that was opened in it; any other end is dropped."""
        if self._dropped:
            if tag in self._dropped:
                del self._dropped[self._dropped.index(tag) :]
            return
        if (tag in _DROPPED and tag != "title") or tag in _VOID:
            return
        if tag in self._open[self._piece.floor :]:  # what stands open inside ends with it; an end of none is left out
            while (last := self._open.pop()) != tag:
                if last not in _IMPLIED:
                    self._shut(last)
            self._shut(tag)

    def _shut(self, tag: str) -> None:
        self._out.append(f"</{self._close_heading(tag)}>")

    def handle_data(self, data: str) -> None:
        """Copy text, escaped."""
        if not self._dropped:
            self._out.append(data.replace("<", "&lt;").replace(">", "&gt;"))
            self._piece.seen = self._piece.seen or not data.isspace()
            if self._heading:
                self._heading[2].append(data)

    def handle_entityref(self, name: str) -> None:
        """Copy a character by its name."""
        self._reference(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """Copy a character by its number."""
        self._reference(f"&#{name};")

    def _reference(self, text: str) -> None:
        if not self._dropped:
            sign = unescape(text)
            self._out.append(text if readable(sign) == sign else SHOWN)
            self._piece.seen = self._piece.seen or bool(sign.strip())
            if self._heading:
                self._heading[2].append(readable(sign))

    def _with_picture(self, attrs: list[tuple[str, str | None]]) -> bool:
        """Whether a picture is in the page; one that is attached to its cell is put there, for others stands a note."""
        given = {name: value or "" for name, value in reversed(attrs)}
        source = given.get("src", "").strip()
        if source.casefold().startswith("data:image/"):
            return True
        if found := attached_picture(source, self._piece.attached):
            attrs[:] = [("src", found), *((name, value) for name, value in attrs if name != "src")]
            return True
        self._piece.seen = True
        self._out.append(f'<span class="not-shown">{escape(picture_note(source, given.get("alt", "")))}</span>')
        return False

    def _open_heading(self, tag: str, kept: dict[str, str | None]) -> str:
        if tag == "h1":
            self._h1 = "h2" if self._titled else "h1"
            self._titled = True
            tag = self._h1
        # The anchor may be known only once the text is: a mark is put in its place and filled when the heading ends.
        self._heading = (int(tag[1]), str(kept.pop("id", "") or ""), [])
        kept["id"] = None
        return tag

    def _close_heading(self, tag: str) -> str:
        if tag not in _HEADINGS or not self._heading:
            return tag
        level, wanted, parts = self._heading
        text = " ".join("".join(parts).replace("¶", "").split())
        anchor = self._unique(wanted or slug(text))
        for place in range(len(self._out) - 1, -1, -1):
            if self._out[place].startswith(f"<h{level}") and self._out[place].endswith(" id>"):
                self._out[place] = f'{self._out[place][:-1]}="{escape(anchor)}">'
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
    if name.startswith("on") or not _NAME.fullmatch(name) or (tag, name) == ("table", "border"):
        return False
    if name in ("href", "xlink:href") and tag != "a":
        return value.startswith("#") or (tag == "image" and value.startswith("data:image/"))
    if name == "href":
        return value.startswith(("#", _DATA, "http://", "https://", "mailto:")) or _within(value)
    if name in _LOADING:
        return tag == "img" and name == "src" and value.strip().casefold().startswith("data:image/")
    if name in _PAINT:
        return not _ELSEWHERE.search(value)
    return name != "style" or not _STYLE.search(value)


def _within(value: str) -> bool:
    """Whether an address stays where the page stands: it names neither a scheme nor another host."""
    return ":" not in value.split("/", 1)[0] and not value.lstrip().startswith(("//", "\\", "/\\"))
