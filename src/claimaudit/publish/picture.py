# ruff: noqa: PLC0415 (slow to import, and a build in which no claim has changed draws nothing)
"""The picture that stands for a claim where its page is shared: badge, quotation, sentence. Drawn once, kept until these change."""

from __future__ import annotations

import functools
import hashlib
import io
import textwrap
from typing import Any

from claimaudit.inert import readable
from claimaudit.publish.fonts import font_file
from claimaudit.rated import Badge, Rating

WIDTH, HEIGHT = 1200, 630
"""In pixels: the form in which pages are shown where they are shared."""
_FORM = "1"
"""Rises when the drawing changes, so that pictures of the form before are drawn anew."""
_COLOURS = {
    Badge.RIGHT: "#14406b", Badge.RIGHT_BUT: "#2d6491", Badge.UNPROVEN: "#56606b", Badge.PARTLY_RIGHT: "#7d5010",
    Badge.WRONG: "#a63c22",
}  # fmt: skip
_SIGNS = {Badge.RIGHT: "✓", Badge.RIGHT_BUT: "◐", Badge.UNPROVEN: "?", Badge.PARTLY_RIGHT: "◧", Badge.WRONG: "✗"}


def claim_picture(kicker: str, rating: Rating, quotation: str, sentence: str, *, earlier: bytes = b"") -> bytes:
    """The picture as PNG; ``earlier``, where it shows just this already."""
    texts = tuple(readable(text) for text in (kicker, rating.words, quotation, sentence))
    mark = hashlib.sha256("\0".join((_FORM, *texts)).encode("utf-8", "replace")).hexdigest()
    if earlier.startswith(b"\x89PNG") and mark.encode() in earlier[:400]:
        return earlier
    return _drawn(rating.badge, *texts, mark)


def _drawn(badge: Badge, kicker: str, rating: str, quotation: str, sentence: str, mark: str) -> bytes:
    from PIL import Image, ImageDraw, PngImagePlugin

    picture = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw, colour = ImageDraw.Draw(picture), _COLOURS[badge]
    draw.rectangle((0, 0, 24, HEIGHT), fill=colour)
    draw.text((72, 44), _cut(kicker, 86, 1), font=_font("", 20), fill="#56606b")
    words = f"{_SIGNS[badge]}  {_cut(rating, 50, 1)}"
    left, top, right, bottom = draw.textbbox((88, 106), words, font=_font("-Bold", 32))
    draw.rounded_rectangle((left - 16, top - 14, right + 18, bottom + 14), 12, fill=colour)
    draw.text((88, 106), words, font=_font("-Bold", 32), fill="white")
    quoted = _cut(quotation, 54, 3)
    draw.multiline_text((72, 196), quoted, font=_font("-Oblique", 33), fill="#1b2430", spacing=12)
    below = 196 + 48 * (quoted.count("\n") + 1) + 28
    draw.multiline_text((72, below), _cut(sentence, 70, 6), font=_font("", 27), fill="#1b2430", spacing=13)
    about = PngImagePlugin.PngInfo()
    about.add_text("claimaudit", mark)
    buffer = io.BytesIO()
    picture.quantize(32, method=Image.Quantize.FASTOCTREE).save(buffer, "PNG", pnginfo=about)
    return buffer.getvalue()


@functools.cache
def _font(style: str, size: int) -> Any:
    """A font that matplotlib brings along, so that a picture is the same on every machine."""
    from PIL import ImageFont

    return ImageFont.truetype(font_file(style), size, layout_engine=ImageFont.Layout.BASIC)


def _cut(text: str, width: int, lines: int) -> str:
    """A text in lines, the last of which ends in an ellipsis where there is more of it."""
    return "\n".join(textwrap.wrap(text, width, max_lines=lines, placeholder=" …"))
