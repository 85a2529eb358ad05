"""What stands in a report in place of what it cannot load or run: pictures attached to a cell as data, notes for the rest."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import unquote

from claimaudit.html import Html, tag

Attachments = Mapping[str, Mapping[str, Any]]
"""Pictures kept in a Markdown cell: by name, by kind, in base64."""

_ATTACHED = "attachment:"
_PICTURE = re.compile(r"image/[a-zA-Z][\w.+-]*")
_ELSEWHERE = re.compile(r"[a-zA-Z][\w+.-]*:|//")
_LONGEST = 80


def attached_picture(source: str, attached: Attachments) -> str:
    """The picture that ``attachment:name`` means as a ``data:`` address; blank where there is none of that name."""
    if not source.casefold().startswith(_ATTACHED):
        return ""
    name = source[len(_ATTACHED) :]
    kinds = next((attached[one] for one in (name, unquote(name), unescape(unquote(name))) if one in attached), {})
    for kind, content in kinds.items():
        if _PICTURE.fullmatch(kind):
            text = content if isinstance(content, str) else "".join(content)
            if "<" in text:  # a drawing that is kept as text
                text = b64encode(text.encode("utf-8", "replace")).decode("ascii")
            return f"data:{kind};base64,{''.join(text.split())}"
    return ""


def picture_note(source: str, alt: str) -> str:
    """What stands in place of a picture that a report would have to load."""
    named = f" “{short}”" if (short := " ".join(alt.split())[:_LONGEST]) else ""
    if not source or (_ELSEWHERE.match(source) and not source.casefold().startswith(_ATTACHED)):
        return f"[The picture{named} is not part of this report, which loads nothing from elsewhere.]"
    file = unquote(source.removeprefix(_ATTACHED))[-_LONGEST:]
    return f"[The picture{named} ({file}) is not part of this report: attach it to its cell, or show it by code.]"


def words(kind: str) -> str:
    """What is said in place of a display that cannot be shown."""
    return f"A display of the kind {kind} cannot be shown in a report: save it as a picture."


def note(kind: str) -> Html:
    """The same as a paragraph of a report."""
    return tag("p", words(kind), class_="not-shown")
