# ruff: noqa: PLC0415 (matplotlib is slow to import, and a build in which no claim has changed draws nothing)
"""The picture that stands for a claim where its page is shared: badge, quotation, sentence. Drawn once, kept until these change."""

from __future__ import annotations

import hashlib
import io
import textwrap
from typing import Any

from claimaudit.inert import readable
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
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from PIL import Image, PngImagePlugin

    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    colour = _COLOURS[badge]
    figure.add_artist(_bar(colour))

    def write(text: str, y: float, size: float, **how: Any) -> None:
        figure.text(0.06, y, text, fontsize=size, va="top", ha="left", parse_math=False, family="DejaVu Sans", **how)

    write(_cut(kicker, 86, 1), 0.93, 14, color="#56606b")
    write(
        f"{_SIGNS[badge]}  {_cut(rating, 52, 1)}", 0.84, 22, color="white", weight="bold",
        bbox={"boxstyle": "round,pad=0.4", "facecolor": colour, "edgecolor": "none"},
    )  # fmt: skip
    quoted = _cut(quotation, 52, 3)
    write(quoted, 0.68, 24, color="#1b2430", linespacing=1.25, style="italic")
    below = 0.68 - 0.085 * (quoted.count("\n") + 1) - 0.05
    write(_cut(sentence, 70, 5), below, 19, color="#1b2430", linespacing=1.3)
    canvas.draw()
    picture = Image.frombuffer("RGBA", (WIDTH, HEIGHT), canvas.buffer_rgba(), "raw", "RGBA", 0, 1).convert("RGB")
    about = PngImagePlugin.PngInfo()
    about.add_text("claimaudit", mark)
    buffer = io.BytesIO()
    picture.quantize(32).save(buffer, "PNG", pnginfo=about)
    return buffer.getvalue()


def _bar(colour: str) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((0, 0), 0.02, 1, facecolor=colour, edgecolor="none")


def _cut(text: str, width: int, lines: int) -> str:
    """A text in lines, the last of which ends in an ellipsis where there is more of it."""
    return "\n".join(textwrap.wrap(text, width, max_lines=lines, placeholder=" …"))
