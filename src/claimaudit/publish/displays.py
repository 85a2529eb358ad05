"""What a report shows of a display: the richest of its forms that needs no script, or a note that says what is missing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

from claimaudit.html import tag
from claimaudit.inert import xml
from claimaudit.publish.clean import Cleaner
from claimaudit.publish.stand_ins import note, words

WIDGET = "application/vnd.jupyter.widget-view+json"
_FORMS = (
    "text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "image/jpeg", "image/gif", "image/webp",
    "application/json", "text/plain",
)  # fmt: skip
"""Forms that a report can show, the richest first."""
_NAMES = (
    (WIDGET, "widget"),
    ("application/vnd.plotly", "plotly"),
    ("application/vnd.vegalite", "vega-lite"),
    ("application/vnd.vega", "vega"),
    ("application/vnd.bokehjs", "bokeh"),
    ("application/vnd.holoviews", "holoviews"),
    ("application/javascript", "JavaScript"),
    ("text/javascript", "JavaScript"),
    ("application/pdf", "PDF"),
    ("image/svg+xml", "broken SVG"),
)
_RUN = re.compile(
    r"<(?:script|iframe|frame|frameset|object|embed|applet|form|button|textarea|select|audio|video|math|canvas|portal"
    r"|plaintext|xmp|noembed|noframes)\b",
    re.IGNORECASE,
)
_OBJECT = re.compile(r"\s*(?:<[^>]*>|[\w.]+\s*\(.*|\{.*\}|Loading\b.*|\s*\d+%\|.*)?\s*", re.DOTALL)
"""A text that only names what it stands for: ``<Figure at 0x7f>``, ``IntSlider(value=0)``; a bar as it was at first."""


def shown(data: Mapping[str, Any]) -> dict[str, Any]:
    """The one form of a display that a report shows, by its kind; a note where it has none that says something."""
    forms = {kind: found for kind in _FORMS if kind in data and (found := _content(kind, data[kind])) is not None}
    missing = [kind for kind in data if kind not in forms]
    script = lost(forms.get("text/html", ""))
    if script:
        del forms["text/html"]
    plain = forms.get("text/plain")
    if (missing or script or "application/json" in forms) and plain is not None and _OBJECT.fullmatch(plain):
        del forms["text/plain"]
    if not forms:
        return {"text/html": note(name(missing[0]) if missing else script).text} if missing or script else {}
    kind, content = next(iter(forms.items()))
    if kind == "application/json":
        return {"text/plain": json.dumps(content, ensure_ascii=False, indent=1)}
    if kind in ("image/gif", "image/webp"):
        return {"text/html": tag("img", alt="Picture", src=f"data:{kind};base64,{''.join(content.split())}").text}
    return {kind: content}


def _content(kind: str, content: Any) -> Any:
    """A form of a display as its kind asks for it; ``None`` for what is none (a number as a picture, a broken drawing)."""
    if kind == "application/json":
        return content
    text = "".join(map(str, content)) if isinstance(content, list) else content
    if not isinstance(text, str):
        return None
    return drawing(text) if kind == "image/svg+xml" else text


def drawing(svg: str) -> str | None:
    """A drawing as a file of its own: named as SVG, which within a page it need not be, without what XML cannot hold.

    ``None`` where it is no XML all the same: a browser would show a broken picture.
    """
    head = svg.partition(">")[0] if svg.lstrip().startswith("<svg") else "xmlns="
    named = xml(svg if "xmlns=" in head else svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))
    try:
        ElementTree.fromstring(named)
    except (ElementTree.ParseError, ValueError):
        return None
    return named


def lost(html: str) -> str:
    """The kind of element without which nothing is to be seen of some HTML (``script``), else blank."""
    if not _RUN.search(html):
        return ""
    cleaner = Cleaner()
    cleaner.clean(html)
    return cleaner.lost


def without_view(data: Mapping[str, Any]) -> dict[str, Any]:
    """A widget's display without its view, whose id is random and whose state is gone: its other forms, or the note."""
    rest = {kind: content for kind, content in data.items() if kind != WIDGET}
    if set(rest) - {"text/plain"} or not _OBJECT.fullmatch(rest.get("text/plain", "")):
        return rest
    return {"text/html": note(name(WIDGET)).text, "text/plain": words(name(WIDGET))}


def name(kind: str) -> str:
    """A kind of display as a reader may know it: ``plotly`` for ``application/vnd.plotly.v1+json``."""
    return next((short for start, short in _NAMES if kind.startswith(start)), kind)
