"""The chart of an exploring panel: how likely a part is to hold as one thing that may be turned moves through its range.

Drawn as a few lines of SVG: a figure in house style takes longer than a slider may wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from claimaudit import formats
from claimaudit.dossier.method import Method
from claimaudit.html import Html, join, tag
from claimaudit.model import Label
from claimaudit.outcome import Verdict
from claimaudit.show.charts.palette import LABELS
from claimaudit.show.lab.levers import Lever

INK, SOFT, PAPER = "var(--ink)", "var(--soft)", "var(--paper)"
"""Colours of the card around it, and so of JupyterLab's theme."""
_LEFT, _RIGHT, _TOP, _BOTTOM, _WIDTH, _HEIGHT = 46, 18, 12, 40, 560, 250


def turning_chart(lever: Lever, judged: Mapping[Any, Verdict], now: Any, method: Method) -> Html:
    """Probability (upright) over the values of a lever (across), a mark for each label, the present value ringed.

    ``judged`` holds the verdict at each value; choices stand in the order of the menu, numbers by size.
    """
    values = [value for value in lever.choices if value in judged] if lever.choices else sorted(judged)
    across = _across(values, lever)
    words = finding(lever, {value: judged[value] for value in values})
    parts = [_axis(values, across, lever), _bars(method), _line(values, judged, across, lever)]
    parts += [_mark(judged[value], across[value]) for value in values]
    if now in across:
        parts.append(_present(across[now], judged[now], lever.written(now)))
    alt = (
        f"{words} Now {lever.written(now)}: {formats.probability(judged[now].probability)} likely to hold."
        if now in judged
        else words
    )
    drawing = tag(
        "svg", *parts, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", width=_WIDTH, height=_HEIGHT, role="img", aria_label=alt,
        style="max-width:100%;height:auto;display:block;font:12px sans-serif",
    )  # fmt: skip
    shapes = "Filled circle: holds; square: wrong; diamond: disputed; hollow circle: open."
    return tag(
        "figure",
        tag("p", tag("strong", words)),
        tag("div", drawing, class_="ca-turns"),
        tag(
            "figcaption",
            f"Judged at {formats.count(len(judged), 'value')}. {shapes} Dashed: the method's bars for holds and for wrong.",
        ),
        class_="ca ca-figure",
    )


def finding(lever: Lever, judged: Mapping[Any, Verdict]) -> str:
    """What the chart shows in a sentence: how the part turns out along the range, as far as it was judged."""
    runs = [(label, [value for value, _ in run]) for label, run in groupby(judged.items(), lambda item: item[1].label)]
    shown = lever.words[:1].lower() + lever.words[1:]
    if len(runs) == 1:
        return f"{lever.words}: {runs[0][0].mark} throughout."
    parts = [f"{label.mark} {_stretch(values, lever)}" for label, values in runs]
    return f"By {shown}: {', '.join(parts)}."


def _stretch(values: list[Any], lever: Lever) -> str:
    shown = [lever.written(value) for value in values]
    if lever.choices:
        return f"for {' and '.join(shown)}"
    return f"at {shown[0]}" if len(values) == 1 else f"from {shown[0]} to {shown[-1]}"


def _across(values: list[Any], lever: Lever) -> dict[Any, float]:
    room = _WIDTH - _LEFT - _RIGHT
    if lever.choices:
        return {value: _LEFT + room * (place + 0.5) / len(values) for place, value in enumerate(values)}
    low, high = values[0], values[-1]
    return {value: _LEFT + room * ((value - low) / (high - low) if high > low else 0.5) for value in values}


def _up(probability: float) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - probability)


def _text(x: float, y: float, words: str, anchor: str = "middle", colour: str = SOFT) -> Html:
    return tag("text", words, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor, fill=colour)


def _rule(x1: float, y1: float, x2: float, y2: float, colour: str = SOFT, dash: str | None = None) -> Html:
    ends = {"x1": f"{x1:.1f}", "y1": f"{y1:.1f}", "x2": f"{x2:.1f}", "y2": f"{y2:.1f}"}
    return tag("line", **ends, stroke=colour, stroke_dasharray=dash)


def _axis(values: list[Any], across: Mapping[Any, float], lever: Lever) -> Html:
    floor = _up(0)
    parts = [_rule(_LEFT, floor, _WIDTH - _RIGHT, floor)]
    for share in (0, 0.5, 1):
        parts.append(_text(_LEFT - 8, _up(share) + 4, f"{100 * share:.0f}%", "end"))
    shown = values if lever.choices else list(dict.fromkeys((values[0], values[-1])))
    room = int((_WIDTH - _LEFT - _RIGHT) / max(1, len(shown)) / 6.5)  # letters, a little narrow
    for value in shown:
        if lever.choices:
            parts.append(_text(across[value], floor + 16, _fitting(lever.written(value), room)))
        else:  # ends of the axis: a long number must not leave the drawing
            parts.append(
                _text(across[value], floor + 16, lever.written(value), "start" if value == shown[0] else "end")
            )
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 6, lever.words, colour=INK))
    return join(parts)


def _fitting(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: max(2, letters - 1)] + "\N{HORIZONTAL ELLIPSIS}"


def _bars(method: Method) -> Html:
    return join(
        _rule(_LEFT, _up(bar), _WIDTH - _RIGHT, _up(bar), dash="2 3") for bar in (method.refuted, method.supported)
    )


def _line(values: list[Any], judged: Mapping[Any, Verdict], across: Mapping[Any, float], lever: Lever) -> Html:
    """Joins neighbouring points; choices have no between, so nothing joins them."""
    if lever.choices:
        return Html("")
    points = " ".join(f"{across[value]:.1f},{_up(judged[value].probability):.1f}" for value in values)
    return tag("polyline", points=points, fill="none", stroke=SOFT)


def _mark(verdict: Verdict, x: float) -> Html:
    fill = PAPER if verdict.label is Label.NOT_ENOUGH_EVIDENCE else LABELS[verdict.label]
    y, colour = _up(verdict.probability), {"fill": fill, "stroke": INK}
    if verdict.label in (Label.REFUTED, Label.CONFLICTING):
        turned = f"rotate(45 {x:.1f} {y:.1f})" if verdict.label is Label.CONFLICTING else None
        return tag("rect", x=f"{x - 4:.1f}", y=f"{y - 4:.1f}", width=8, height=8, transform=turned, **colour)
    return tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=4.5, **colour)


def _present(x: float, verdict: Verdict, now: str) -> Html:
    y = _up(verdict.probability)
    anchor = "start" if x < _WIDTH / 2 else "end"
    beside = x + 12 if anchor == "start" else x - 12
    ring = tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=9, fill="none", stroke=INK, stroke_width=2)
    words = f"now {now}: {formats.probability(verdict.probability)}"
    level = y - 10 if y > _TOP + 24 else y + 22
    return join([_rule(x, _up(1), x, _up(0), INK, "1 3"), ring, _text(beside, level, words, anchor, INK)])
