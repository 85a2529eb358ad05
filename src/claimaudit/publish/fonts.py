"""The font of a page's charts: the letters they use, cut from the one that measured them, once a page."""

from __future__ import annotations

import base64
import io
import re
from functools import lru_cache
from html import unescape
from importlib.util import find_spec
from pathlib import Path

_DRAWN = re.compile(r'<svg class="ca-(?:wide|narrow|alone)".*?</svg>', re.DOTALL)
_TEXT = re.compile(r"<text[^>]*>(.*?)</text>", re.DOTALL)
_LAYOUT = ("GPOS", "GSUB", "GDEF", "kern", "FFTM", "MATH")
"""Tables that texts of a chart do not need: without them the file is a third."""


def chart_font(body: str) -> str:
    """The rule that brings the font along; blank for a page without charts."""
    drawn = "".join(_TEXT.sub(r"\1", part) for found in _DRAWN.findall(body) for part in _TEXT.findall(found))
    letters = "".join(sorted(set(unescape(re.sub(r"<[^>]*>", "", drawn)))))
    if not letters:
        return ""
    held = base64.b64encode(_subset(letters)).decode("ascii")
    return f'@font-face {{ font-family: ca-chart; src: url(data:font/woff;base64,{held}) format("woff"); }}\n'


def font_file(style: str = "") -> Path:
    """DejaVu Sans as matplotlib brings it along; it is not imported for that, since it looks for a home to write into."""
    found = find_spec("matplotlib")
    return Path(str(found and found.origin)).parent / "mpl-data" / "fonts" / "ttf" / f"DejaVuSans{style}.ttf"


@lru_cache(maxsize=32)
def _subset(letters: str) -> bytes:
    """DejaVu Sans, which matplotlib brings along and measures by, with these letters alone; the same letters, the same bytes."""
    from fontTools.subset import Options, Subsetter  # noqa: PLC0415 # of no use to pages without charts, and slow to import
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    options = Options(hinting=False, layout_features=[], glyph_names=False, notdef_outline=True)
    options.drop_tables += list(_LAYOUT)
    with TTFont(font_file(), lazy=True, recalcTimestamp=False) as font:
        cut = Subsetter(options)
        cut.populate(text=letters)
        cut.subset(font)
        font.flavor = "woff"
        buffer = io.BytesIO()
        font.save(buffer)
    return buffer.getvalue()
