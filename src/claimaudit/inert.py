"""Text of a dossier or a notebook on its way into a medium, where it must stay text: one function for each medium.

A text may hold anything: markup, formulas, escape sequences, signs that turn the reading order of what follows. It is
kept as it is in the dossier, and made harmless where it is written, by these functions alone.
"""

from __future__ import annotations

import html as _html
import json
import re
from typing import Any
from urllib.parse import quote, urlsplit

SHOWN = "\N{REPLACEMENT CHARACTER}"
"""Stands in place of a sign that cannot be shown, so that a reader sees that there was one."""

_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters but tab and ends of line
    "\u202a-\u202e\u2066-\u2069"  # what turns the reading order, also of the text that follows
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"  # halves of characters, and what is none
)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = re.compile("[\\s\x00-\x1f\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n\x00]")


def readable(text: str) -> str:
    """Without control characters, signs that turn the reading order, and what is no character."""
    return _UNSEEN.sub(SHOWN, text)


def html(text: str) -> str:
    """For a page: as text of an element, or within a quoted attribute."""
    return _html.escape(readable(text))


def xml(text: str) -> str:
    """For a writer of XML that escapes markup itself: without what XML cannot hold."""
    return _NOT_XML.sub(SHOWN, text)


def json_block(data: Any) -> str:
    """JSON for a ``script`` element: no text in it can end the block, for all but plain ASCII is written as escapes."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def utf8(text: str) -> bytes:
    """For a file; half a character (from a file name, say) becomes a question mark instead of an error."""
    return text.encode("utf-8", "replace")


def cell(value: Any) -> Any:
    """For a spreadsheet, which takes a text that begins so for a formula: an apostrophe before it. Numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def terminal(text: str) -> str:
    """For a terminal: no escape sequence, nothing that moves the cursor but ends of line."""
    return _UNSEEN.sub(SHOWN, text.replace("\r\n", "\n")).replace("\r", SHOWN)


def line(text: str) -> str:
    """For one line of a terminal: ends of line are no more than spaces."""
    return terminal(" ".join(re.split(r"[\r\n\x0b\x0c\x85\u2028\u2029]+", text)))


def file_address(name: str) -> str:
    """The address of a file beside the page: no sign in its name is read as a scheme, a query or an anchor."""
    return quote(name, safe="", errors="surrogateescape")


def web_address(url: str) -> str:
    """The address where it leads to the web or is one for mail, else nothing: no link may run code or open a file."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    known = (parts.scheme in ("http", "https") and parts.netloc) or (parts.scheme == "mailto" and parts.path)
    return url if known and url == url.strip() and not _UNSEEN.search(url) else ""
