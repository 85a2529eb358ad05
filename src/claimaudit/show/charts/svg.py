"""A figure as a small inline SVG: text stays text, colours are classes that follow light and dark, nothing in it loads.

A renderer of matplotlib's, in place of its SVG backend: that writes a file of its own, with definitions, ids, styles and
clip paths for each mark, which is some ten times as long, and cannot stand in a page twice.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from claimaudit.html import escape
from claimaudit.show.charts.paint import painted
from claimaudit.show.charts.ruler import DPI, RULER

ROW, TELL = "row:", "tell:"
"""A ``gid`` that begins so holds the index of the row an artist shows, or what its marks tell, parted by ``APART``."""
APART = "\x1f"


@dataclass(frozen=True)
class Drawing:
    """A figure as SVG, its size in pixels, and where (from its upper left corner) the marks stand that tell something."""

    markup: str
    width: int
    height: int
    told: dict[str, Bbox]


def drawing(figure: Figure, box: Bbox, name: str) -> Drawing:
    """The figure as SVG of the class ``name``; ``box`` (in inches) is what is shown."""
    high = figure.bbox.height
    renderer = _Renderer(figure.bbox.width, high)
    figure.draw(renderer)
    left, top = box.x0 * DPI, high - box.y1 * DPI
    width, height = round(box.width * DPI), round(box.height * DPI)
    shown = f'viewBox="{_short(left)} {_short(top)} {width} {height}" width="{width}" height="{height}"'
    markup = f'<svg class="{name}" {shown} fill="none">{renderer.markup()}</svg>'
    moved = {
        words: Bbox([[at.x0 - left, high - at.y1 - top], [at.x1 - left, high - at.y0 - top]])
        for words, at in renderer.told.items()
    }
    return Drawing(markup, width, height, moved)


@dataclass
class _Marks:
    """Shapes of one look, or a picture."""

    given: str
    data: list[str]
    name: str = "path"

    def markup(self) -> str:
        return f'<{self.name}{self.given}{"".join(self.data)}"/>'


@dataclass
class _Words:
    """A text in lines, each at its place."""

    given: str
    lines: list[tuple[float, float, str]]

    def markup(self) -> str:
        lines = [f'x="{_short(x)}" y="{_short(y)}">{escape(text)}' for x, y, text in self.lines]
        # The blank before a further line parts its words from the last for those who search or copy.
        return f"<text{self.given} {' <tspan '.join(line + ('</tspan>' if n else '') for n, line in enumerate(lines))}</text>"


class _Renderer(RendererBase):
    """Writes what a figure draws as elements; equal strokes that follow each other become one path."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height = width, height
        self.told: dict[str, Bbox] = {}
        """Where the marks stand (from the lower left corner) that tell something, by what they tell."""
        self._flip = Affine2D().scale(1, -1).translate(0, height)
        self._items: list[_Marks | _Words] = []
        self._groups: list[list[str]] = []
        self._count = 0
        self._further = False  # whether the next text is a further line of the last

    def markup(self) -> str:
        """All elements."""
        return "".join(item.markup() for item in self._items)

    # -- what matplotlib asks of a renderer ----------------------------------------------------------------------------

    def flipy(self) -> bool:
        return True

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self.width, self.height

    def points_to_pixels(self, points: Any) -> Any:
        return points * DPI / 72

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> tuple[float, float, float]:
        return RULER.get_text_width_height_descent(s, prop, ismath)

    def _get_font_height_metrics(self, prop: Any) -> tuple[float, float, float]:
        return RULER._get_font_height_metrics(prop)

    def option_image_nocomposite(self) -> bool:
        return True

    def open_group(self, s: str, gid: str | None = None) -> None:
        told = gid[len(TELL) :].split(APART) if gid and gid.startswith(TELL) else []
        self._groups.append(told)
        self._count = 0
        self._further = False

    def close_group(self, s: str) -> None:
        self._groups.pop()

    def draw_path(self, gc: GraphicsContextBase, path: Path, transform: Any, rgbFace: Any = None) -> None:
        self._mark(gc, path, transform, rgbFace, self._next(one=True))

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Any,
        path: Path,
        trans: Any,
        rgbFace: Any = None,
    ) -> None:
        clip = gc.get_clip_rectangle()
        seen = clip.padded(1) if clip is not None else None
        self._count = 0
        inside = GraphicsContextBase()
        inside.copy_properties(gc)
        inside.set_clip_rectangle(None)
        for vertices, _ in path.iter_segments(trans, simplify=False, remove_nans=False):
            told = self._next(one=False)
            x, y = vertices[-2:]
            if np.isfinite(x + y) and (seen is None or seen.contains(x, y)):
                self._mark(inside, marker_path, marker_trans + Affine2D().translate(x, y), rgbFace, told)

    def draw_image(self, gc: GraphicsContextBase, x: float, y: float, im: Any, transform: Any = None) -> None:
        from PIL import Image  # noqa: PLC0415 # rarely drawn

        buffer = io.BytesIO()
        Image.fromarray(np.asarray(im)).save(buffer, format="png")
        high, wide = im.shape[:2]
        data = base64.b64encode(buffer.getvalue()).decode("ascii")
        given = f' x="{_short(x)}" y="{_short(self.height - y - high)}" width="{wide}" height="{high}"'
        self._items.append(_Marks(f'{given} href="', [f"data:image/png;base64,{data}"], name="image"))

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: Any,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        if not s.strip():
            return
        size = self.points_to_pixels(prop.get_size_in_points())
        given = _painted("f", gc.get_rgb(), gc.get_alpha() if gc.get_forced_alpha() else None, default="i")
        given += f' font-size="{_short(size)}"' + (' font-weight="700"' if prop.get_weight() in ("bold", 700) else "")
        side = mtext.get_horizontalalignment() if mtext is not None and not angle else "left"
        width = self.get_text_width_height_descent(s, prop, False)[0] if side != "left" else 0.0
        x += {"center": width / 2, "right": width}.get(side, 0.0)
        given += {"center": ' text-anchor="middle"', "right": ' text-anchor="end"'}.get(side, "")
        if self._further and isinstance(last := self._items[-1], _Words) and not angle:
            last.lines.append((x, y, s.strip()))
            return
        self._further = True
        if angle:
            given += f' transform="rotate({_short(-angle)} {_short(x)} {_short(y)})"'
        self._items.append(_Words(given, [(x, y, s.strip())]))

    # -- marks ---------------------------------------------------------------------------------------------------------

    def _next(self, one: bool) -> str:
        """What the next mark of the artist being drawn tells; one for all is told by each, of many each has its own."""
        told = self._groups[-1] if self._groups else []
        if len(told) == 1:
            return told[0]
        place, self._count = self._count, self._count + 1
        return told[place] if place < len(told) else ""

    def _mark(self, gc: GraphicsContextBase, path: Path, transform: Any, face: Any, told: str) -> None:
        given = self._style(gc, face)
        if not given:
            return
        clip = gc.get_clip_rectangle()
        if clip is not None and not _within(path, transform, clip):
            # What is beyond the plot is cut off here: a clip path would need an id, which a page may hold only once.
            path, transform = path.transformed(transform), Affine2D()
            path = path.clip_to_bbox(clip) if face is not None else path.cleaned(remove_nans=True, clip=_corners(clip))
        drawn = _data(path.iter_segments(transform + self._flip, remove_nans=True))
        if not drawn:
            return
        if told:
            at = path.get_extents(transform)
            self.told[told] = Bbox.union([self.told[told], at]) if told in self.told else at
        before = next((item for item in reversed(self._items) if isinstance(item, _Marks)), None)
        if before is not None and before.given == f'{given} d="':
            before.data.append(drawn)
        else:
            self._items.append(_Marks(f'{given} d="', [drawn]))

    def _style(self, gc: GraphicsContextBase, face: Any) -> str:
        """The attributes of a mark; blank where nothing of it is seen."""
        forced = gc.get_alpha() if gc.get_forced_alpha() else None
        width = self.points_to_pixels(gc.get_linewidth())
        line = gc.get_rgb()
        stroked = width > 0 and (line[3] if len(line) > 3 and forced is None else 1) > 0
        filled = face is not None and (len(face) < 4 or forced is not None or face[3] > 0)
        if not (stroked or filled):
            return ""
        fill = _classes("f", face, forced) if filled else ("", "", "")
        stroke = _classes("s", line, forced) if stroked else ("", "", "")
        names = " ".join(name for name in (fill[0], stroke[0]) if name)
        own = ";".join(style for style in (fill[1], stroke[1]) if style)
        given = f' class="{names}"' + (f' style="{own}"' if own else "") + fill[2] + stroke[2]
        if stroked:
            if abs(width - 1) > 0.05:
                given += f' stroke-width="{_short(width)}"'
            _, dashes = gc.get_dashes()
            if dashes is not None and len(dashes):
                given += f' stroke-dasharray="{" ".join(_short(self.points_to_pixels(part)) for part in dashes)}"'
            if gc.get_capstyle() == "round":
                given += ' stroke-linecap="round"'
        return given


def _within(path: Path, transform: Any, clip: Bbox) -> bool:
    """Whether a path stays inside the plot, lines on its edge included."""
    box, area = path.get_extents(transform), clip.padded(1)
    return bool(box.x0 >= area.x0 and box.x1 <= area.x1 and box.y0 >= area.y0 and box.y1 <= area.y1)


def _corners(clip: Bbox) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = clip.padded(1).extents
    return x0, y0, x1, y1


def _classes(kind: str, colour: Any, forced: float | None) -> tuple[str, str, str]:
    """A colour as class, style and opacity."""
    name, light, dark = painted(tuple(float(part) for part in colour[:3]))
    opacity = forced if forced is not None else float(colour[3]) if len(colour) > 3 else 1.0
    see = (
        "" if opacity is None or opacity > 0.995 else f' {"fill" if kind == "f" else "stroke"}-opacity="{opacity:.2g}"'
    )
    if name:
        return f"{kind}{name}", "", see
    return f"{kind}x", f"--{kind}l:{light};--{kind}d:{dark}", see


def _painted(kind: str, colour: Any, forced: float | None, default: str) -> str:
    name, style, see = _classes(kind, colour, forced)
    return (f' class="{name}"' if name != f"{kind}{default}" else "") + (f' style="{style}"' if style else "") + see


# -- numbers -----------------------------------------------------------------------------------------------------------


def _short(value: float) -> str:
    """A length to a tenth, as short as can be."""
    return _tenths(round(value * 10))


@lru_cache(maxsize=16384)
def _tenths(tenths: int) -> str:
    whole, rest = divmod(abs(tenths), 10)
    text = f"{whole or ''}.{rest}" if rest else str(whole)
    return f"-{text}" if tenths < 0 else text


def _pairs(numbers: Sequence[int]) -> str:
    text = ""
    for number in numbers:
        shown = _tenths(number)
        text += shown if not text or shown[0] == "-" else f" {shown}"
    return text


def _data(steps: Iterator[tuple[Any, Any]]) -> str:
    """The segments of a path as its data: tenths of a pixel, each from where the last one ended."""
    out: list[str] = []
    x = y = start_x = start_y = 0
    for vertices, code in steps:
        points = [round(float(value) * 10) for value in vertices]
        if code == Path.MOVETO:
            out.append(f"M{_pairs(points)}")
            start_x, start_y = points
        elif code == Path.LINETO:
            dx, dy = points[0] - x, points[1] - y
            if dx or dy or (out and out[-1][0] == "M"):
                out.append(f"h{_tenths(dx)}" if not dy else f"v{_tenths(dy)}" if not dx else f"l{_pairs((dx, dy))}")
        elif code in (Path.CURVE3, Path.CURVE4):
            moved = [value - (y if place % 2 else x) for place, value in enumerate(points)]
            out.append(f"{'q' if code == Path.CURVE3 else 'c'}{_pairs(moved)}")
        else:
            out.append("z")
            x, y = start_x, start_y
            continue
        x, y = points[-2:]
    return "".join(out)
