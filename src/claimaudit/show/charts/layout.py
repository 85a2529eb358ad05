"""Room for every label of a chart: the plot fitted among its labels, names that would touch kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from claimaudit.show.charts.ruler import RULER

TITLE, SUBTITLE, END, ABOVE, VALUE = "title", "subtitle", "end-label", "above-label", "value"
"""What a text of a figure is: its ``gid``, by which it is laid out."""
_PAD = 0.12
_ROUNDS, _SETTLED = 5, 5e-4
"""How often a plot is fitted among its labels at most, and the change (of the figure's size, of points) that ends it."""


def lay_out(figure: Figure) -> Bbox:
    """Place plot and labels; the box (in inches) that holds them all."""
    taken = settle(figure) or [_around(ax, RULER) for ax in figure.axes]
    # What is measured for the layout leaves out how long the names of axes are.
    named = [axis.label for ax in figure.axes for axis in (ax.xaxis, ax.yaxis) if axis.get_label_text()]
    taken += [text.get_window_extent(RULER) for text in (*figure.texts, *named)]
    grown = Bbox.union(taken).padded(figure.dpi * _PAD / 2)
    needed = grown.transformed(figure.dpi_scale_trans.inverted())
    return Bbox.union([needed, figure.bbox_inches])


def settle(figure: Figure, rounds: int = _ROUNDS) -> list[Bbox]:
    """Place plot and labels in at most so many ``rounds``; what each plot takes with all around it, none where it moved since."""
    room = figure.bbox.padded(-figure.dpi * _PAD / 2)
    for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
        if not axis.get_label_text():
            axis.set_label_coords(0, 0)  # else a place is sought for the empty name, which costs much
    # Moving the plot moves ticks and labels, which ask for other room: few rounds settle it.
    before: list[float] = []
    for _ in range(rounds):
        taken = []
        for ax in figure.axes:
            taken.append(_fit(ax, room, RULER))
            _spread_end_labels(ax, RULER)
            _stack_above_labels(ax, RULER)
        places = _places_taken(figure)
        if before and max(abs(now - then) for now, then in zip(places, before, strict=True)) < _SETTLED:
            return taken
        before = places
    return []


def _around(ax: Axes, renderer: RendererBase) -> Bbox:
    """The plot with all that stands around it, in pixels."""
    taken = ax.get_tightbbox(renderer, for_layout_only=True)
    assert taken is not None
    return Bbox(taken)


def _fit(ax: Axes, room: Bbox, renderer: RendererBase) -> Bbox:
    """Make the plot as big as fits into ``room`` (in pixels) with all that stands around it; what that took before."""
    frame, taken = ax.get_window_extent(renderer), _around(ax, renderer)
    corners = [[room.x0 + frame.x0 - taken.x0, room.y0 + frame.y0 - taken.y0]]
    corners += [[room.x1 + frame.x1 - taken.x1, room.y1 + frame.y1 - taken.y1]]
    plot = Bbox(corners)
    if plot.width > 0 and plot.height > 0:
        ax.set_position(plot.transformed(ax.get_figure().transFigure.inverted()))  # type: ignore[union-attr] # axes here stand in a figure
    return taken


def _places_taken(figure: Figure) -> list[float]:
    """Where plots and names stand, in figure widths and points: once a round leaves them be, further rounds do too."""
    plots = [edge for ax in figure.axes for edge in ax.get_position().bounds]
    names = [name.xyann for ax in figure.axes for gid in (END, ABOVE) for name in _labels(ax, gid)]
    return plots + [shift for place in names for shift in place]


def _labels(ax: Axes, gid: str) -> list[Annotation]:
    return [text for text in ax.texts if isinstance(text, Annotation) and text.get_gid() == gid]


def apart(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Centres as near to ``wanted`` as can be with no overlap, kept within ``low``..``high`` where there is room.

    All in one unit of length (pixels); as many centres as wanted, in their order. Labels that would touch form a pile around
    the mean of their wanted places; piles that touch become one.
    """

    def height(pile: list[int]) -> float:
        return sum(sizes[index] for index in pile)

    def bottom(pile: list[int]) -> float:
        middle = sum(wanted[index] for index in pile) / len(pile)
        return max(low, min(middle - height(pile) / 2, high - height(pile)))

    piles: list[list[int]] = []
    for index in sorted(range(len(wanted)), key=lambda index: wanted[index]):
        piles.append([index])
        while len(piles) > 1 and bottom(piles[-1]) < bottom(piles[-2]) + height(piles[-2]):
            piles[-2:] = [piles[-2] + piles[-1]]
    placed = list(wanted)
    for pile in piles:
        edge = bottom(pile)
        for index in pile:
            placed[index] = edge + sizes[index] / 2
            edge += sizes[index]
    return placed


def _spread_end_labels(ax: Axes, renderer: RendererBase) -> None:
    labels = _labels(ax, END)
    if not labels:
        return
    scale = ax.get_figure().dpi / 72  # type: ignore[union-attr] # axes here stand in a figure
    wanted = [float(ax.transData.transform((0, label.xy[1]))[1]) for label in labels]
    if ax.get_yscale() == "log":
        wanted = [float(ax.transData.transform((ax.get_xlim()[0], label.xy[1]))[1]) for label in labels]
    sizes = [label.get_window_extent(renderer).height + 3 * scale for label in labels]
    frame = ax.get_window_extent(renderer)
    placed = apart(wanted, sizes, frame.y0 - sizes[0] / 2, frame.y1 + sizes[0] / 2)
    for label, at, centre in zip(labels, wanted, placed, strict=True):
        label.xyann = (7, (centre - at) / scale)


def _stack_above_labels(ax: Axes, renderer: RendererBase) -> None:
    """Set names above their lines, centred or to one side; where that cannot be done, one above the other."""
    labels = sorted(_labels(ax, ABOVE), key=lambda label: label.xy[0])
    figure = ax.get_figure()
    scale = figure.dpi / 72  # type: ignore[union-attr] # axes here stand in a figure
    frame = ax.get_window_extent(renderer)
    # Names of lines stand right of the plot: then there is no room for names of thresholds beyond its edge.
    right = frame.x1 if _labels(ax, END) else figure.bbox.x1 - figure.dpi * _PAD  # type: ignore[union-attr] # axes here stand in a figure
    boxes, sides = [], []
    for label in labels:
        label.xyann = (0, 4)
        box = label.get_window_extent(renderer)
        inside = max(frame.x0 - box.x0, 0) + min(frame.x1 - box.x1, 0)
        wanted = [inside, -box.width / 2, box.width / 2]
        boxes.append(box)
        sides.append([shift for shift in wanted if box.x0 + shift >= frame.x0 and box.x1 + shift <= right] or [inside])
    for label, (shift, lift) in zip(labels, _places(boxes, sides, 6 * scale), strict=True):
        label.xyann = (shift / scale, 4 + lift / scale)


def _places(boxes: list[Bbox], sides: list[list[float]], gap: float) -> list[tuple[float, float]]:
    """A shift and a lift for each box: the smallest shifts on one level that keep all apart, else a pile."""
    if len(boxes) <= 6:
        for shifts in sorted(product(*sides), key=lambda shifts: sum(map(abs, shifts))):
            moved = [box.translated(shift, 0) for box, shift in zip(boxes, shifts, strict=True)]
            if not any(_touch(one, other, gap) for one, other in combinations(moved, 2)):
                return [(shift, 0.0) for shift in shifts]
    done: list[Bbox] = []
    chosen = []
    for box, options in zip(boxes, sides, strict=True):
        lift = 0.0
        while any(_touch(box.translated(options[0], lift), other, gap) for other in done):
            lift += box.height / 2
        done.append(box.translated(options[0], lift))
        chosen.append((options[0], lift))
    return chosen


def _touch(one: Bbox, other: Bbox, gap: float) -> bool:
    apart_x = one.x0 >= other.x1 + gap or other.x0 >= one.x1 + gap
    apart_y = one.y0 >= other.y1 + 1 or other.y0 >= one.y1 + 1
    return not (apart_x or apart_y)
