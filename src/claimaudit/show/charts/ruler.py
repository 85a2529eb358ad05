"""What the texts of charts are measured by, each once: a chart is laid out some eight times before it stands."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties, fontManager, get_font

DPI = 96
"""Dots an inch of what is laid out and drawn: one dot is one pixel of a page."""


class _Ruler(RendererAgg):
    """Matplotlib's own measures, kept."""

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        return _measured(s, prop.get_size_in_points(), _face(prop))

    def _get_font_height_metrics(self, prop: Any) -> tuple[float, float, float]:
        """What matplotlib asks of a renderer that knows it: ascent, descent and the gap between lines, in pixels."""
        size = prop.get_size_in_points() * DPI / 72
        ascent, descent, gap = _lines_of(_face(prop))
        return ascent * size, descent * size, gap * size


_FACE = ("style", "variant", "weight", "stretch")


def _face(prop: Any) -> tuple[tuple[str, Any], ...]:
    """What makes a font beside its size."""
    return ("family", tuple(prop.get_family())), *((name, getattr(prop, f"get_{name}")()) for name in _FACE)


@lru_cache(maxsize=8192)
def _measured(text: str, size: float, face: tuple[tuple[str, Any], ...]) -> tuple[float, float, float]:
    return RendererAgg.get_text_width_height_descent(RULER, text, FontProperties(size=size, **dict(face)), False)


@lru_cache(maxsize=64)
def _lines_of(face: tuple[tuple[str, Any], ...]) -> tuple[float, float, float]:
    """Ascent, descent and the gap between lines of a font, as shares of its size."""
    font = get_font(fontManager.findfont(FontProperties(**dict(face))))
    table, em = font.get_sfnt_table("OS/2"), font.get_sfnt_table("head")["unitsPerEm"]
    return table["sTypoAscender"] / em, -table["sTypoDescender"] / em, table["sTypoLineGap"] / em


RULER = _Ruler(1, 1, DPI)
"""What texts are measured by: one for all figures, because matplotlib keeps a renderer's measurements with it."""
