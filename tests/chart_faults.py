"""What a graphics editor sees at once in a drawn chart and a program can find too, in its SVG alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from xml.etree import ElementTree

from matplotlib.colors import to_rgb
from matplotlib.font_manager import FontProperties

from claimaudit.show.charts.figures import house_style
from claimaudit.show.charts.ruler import DPI, RULER

PHONE, ROWS, SEEN = 360, 15, 3.0
"""Pixels of a drawing for phones, rows of a chart, contrast of a mark to the page: at most, at most, at least."""
_PAPER = {"l": "#ffffff", "d": "#171c22"}
_STEP = re.compile(r"([MhvlqcVHLz])([^MhvlqcVHLz]*)")
_FIGURE = re.compile(r"-?(?:\d*\.\d+|\d+)")


@dataclass(frozen=True)
class Box:
    """A place in a drawing, in pixels from its top left."""

    left: float
    top: float
    right: float
    bottom: float

    def over(self, other: Box, least: float = 1.0) -> bool:
        """Whether two share more than ``least`` pixels each way."""
        across = min(self.right, other.right) - max(self.left, other.left)
        return across > least and min(self.bottom, other.bottom) - max(self.top, other.top) > least


def charts(html: str) -> list[tuple[str, list[str]]]:
    """The title of each chart of a page, with its drawings as SVG."""
    found = re.findall(r'<figure[^>]*class="ca ca-figure".*?</figure>', html, re.DOTALL)
    return [
        ("".join(re.findall(r'class="ca-above">(.*?)</p>', part)), re.findall(r"<svg.*?</svg>", part, re.DOTALL))
        for part in found
    ]


def faults(svg: str) -> list[str]:
    """Each fault in words: texts that meet, are cut, lie on a mark or a line, begin small; too many rows, pale marks."""
    root = ElementTree.fromstring(svg.replace("viewbox=", "viewBox="))
    lines = [line for text in root.iter("text") for line in _lines(text)]
    left, top, width, height = map(float, root.get("viewBox").split())
    marks = [part for path in root.iter("path") if not _ground(path) for part in _parts(path)]
    found = [f"{one!r} meets {other!r}" for (one, a), (other, b) in combinations(lines, 2) if a.over(b)]
    for said, box in lines:
        if box.left < left - 2 or box.right > left + width + 2 or box.top < top - 2 or box.bottom > top + height + 2:
            found.append(f"{said!r} is cut off")
        found += [f"{said!r} lies on a mark" for points, filled in marks if _on(box, points, filled)]
        if re.fullmatch(r"-?\d+\.\d*0", said):
            found.append(f"{said!r} has a nought too many")
    firsts = [" ".join((text.text or "").split()) for text in root.iter("text")]
    found += [f"{said!r} begins small" for said in firsts if said[:1].isalpha() and said.split()[0].islower()]
    if "ca-narrow" in root.get("class", "") and width > PHONE:
        found.append(f"{width:g} pixels are wider than a phone")
    ends = [round(max(box.right for _, box in _lines(text))) for text in root.iter("text") if _named(text)]
    if (rows := max((sum(abs(end - other) < 3 for other in ends) for end in ends), default=0)) > ROWS:
        found.append(f"{rows} rows")
    found += _stops_short(root)
    found += [f"a mark of {shade} is pale" for path in root.iter("path") for shade in _pale(path)]
    return found


def _stops_short(root: ElementTree.Element) -> list[str]:
    """The last of evenly spaced figures below a plot, where a further one would have had its place."""
    rows: dict[float, list[tuple[float, str]]] = {}
    for text in root.iter("text"):
        said = (text.text or "").strip()
        if text.get("text-anchor") == "middle" and re.fullmatch(r"[-\u2212]?[\d,.]+", said):
            rows.setdefault(round(float(text.get("y"))), []).append((float(text.get("x")), said))
    flat = [points for path in root.iter("path") for points, filled in _parts(path) if not filled and len(points) == 2]
    found = []
    for y, named in rows.items():
        places = [x for x, _ in sorted(named)]
        gaps = [after - before for before, after in pairwise(places)]
        ends = [max(one[0], other[0]) for one, other in flat if one[1] == other[1] and 0 < y - one[1] < 30]
        if len(gaps) > 1 and max(gaps) - min(gaps) < 2 and ends and max(ends) > places[-1] + gaps[0] + 2:
            found.append(f"{max(named)[1]!r} ends a scale that goes on")
    return found


def _named(text: ElementTree.Element) -> bool:
    return bool(re.search("[A-Za-z]{2}", text.text or "")) and not text.get("transform")


def _lines(text: ElementTree.Element) -> Iterator[tuple[str, Box]]:
    """Each line of a text, with its place."""
    size, anchor = float(text.get("font-size")), text.get("text-anchor", "start")
    font = FontProperties(family="DejaVu Sans", size=size * 72 / DPI)
    for line in [text, *text]:
        said, x, y = (line.text or "").strip(), float(line.get("x")), float(line.get("y"))
        with house_style():  # measured as when it was laid out
            long = RULER.get_text_width_height_descent(said, font, False)[0]
        if text.get("transform"):  # upright, read from below
            if "rotate(-90" in text.get("transform"):
                yield said, Box(x - 0.72 * size, y - long, x + 0.1 * size, y)
            continue
        start = x - {"start": 0, "middle": long / 2, "end": long}[anchor]
        yield said, Box(start, y - 0.72 * size, start + long, y + 0.1 * size)


def _ground(path: ElementTree.Element) -> bool:
    """Whether a path is drawn in the page's own colour, and so hides what is under it."""
    names = set(path.get("class", "").split())
    return bool(names) and names <= {"fw", "sw"}


def _parts(path: ElementTree.Element) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """The corners of each part of a path, and whether it is filled."""
    filled = any(name.startswith("f") for name in path.get("class", "").split())
    points: list[tuple[float, float]] = []
    for step, figures in _STEP.findall(path.get("d", "")):
        numbers = [float(figure) for figure in _FIGURE.findall(figures)]
        if step == "M":
            if len(points) > 1:
                yield points, filled
            points = [(numbers[0], numbers[1])]
        elif step == "z":
            points.append(points[0])
        else:
            dx = numbers[0] if step == "h" else 0.0 if step == "v" else numbers[-2]
            dy = numbers[0] if step == "v" else 0.0 if step == "h" else numbers[-1]
            points.append((points[-1][0] + dx, points[-1][1] + dy))
    if len(points) > 1:
        yield points, filled


def _on(box: Box, points: list[tuple[float, float]], filled: bool) -> bool:
    """Whether a text lies on a shape, or a line runs through it."""
    inner = Box(box.left + 1, box.top + 1, box.right - 1, box.bottom - 1)
    if filled:
        across, along = zip(*points, strict=True)
        return inner.over(Box(min(across), min(along), max(across), max(along)), 0.5)
    return any(_crosses(inner, one, other) for one, other in pairwise(points))


def _crosses(box: Box, one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether a straight line enters a box (Liang and Barsky)."""
    (x, y), dx, dy = one, other[0] - one[0], other[1] - one[1]
    begin, end = 0.0, 1.0
    for step, room in ((-dx, x - box.left), (dx, box.right - x), (-dy, y - box.top), (dy, box.bottom - y)):
        if step == 0:
            if room < 0:
                return False
            continue
        at = room / step
        begin, end = (max(begin, at), end) if step < 0 else (begin, min(end, at))
    return begin < end


def _pale(path: ElementTree.Element) -> list[str]:
    """Fills of a mark that can hardly be seen on a light or a dark page; what is see-through is a background."""
    if path.get("fill-opacity"):
        return []
    if "fl" in path.get("class", "").split():
        return ["a rule's colour"]
    shades = re.findall(r"--f([ld]):(#[0-9a-f]{6})", path.get("style", ""))
    return [shade for page, shade in shades if _contrast(shade, _PAPER[page]) < SEEN]


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)
