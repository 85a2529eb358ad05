"""What a panel lets a reader turn, each thing as data: what it is called, what it may be, and what setting it makes.

Parameters are declared by the model, claimed figures by the part, numbers of the method by its sweep, sources by who is heard.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np

from claimaudit import formats
from claimaudit.analysis.parameters import declared
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Part, TestKind
from claimaudit.show.lab.what_if import Setting, WhatIf, usual_number
from claimaudit.show.provenance import source_words

POINTS = 17
"""On how many points of a slider's range the chart shows the verdict: ends, middle, quarters and so on."""

Range = tuple[float, float, float]
Control = Range | tuple[str, ...] | tuple[bool, ...]
"""A slider's (low, high, step), or the choices of a menu; (False, True) makes a box to tick."""


@dataclass(frozen=True)
class Lever:
    """One thing to turn: what it ``is`` at first, its ``choices`` (or else the slider's ``low``, ``high``, ``step``).

    ``put`` makes a setting with a value of it; ``written`` a value as a reader sees it. ``key`` tells it from others.
    """

    key: str
    words: str
    now: Any
    put: Callable[[Setting, Any], Setting]
    written: Callable[[Any], str]
    low: float = 0.0
    high: float = 0.0
    step: float = 0.0
    choices: tuple[Any, ...] = ()
    year: bool = False
    help: str = ""

    def values(self, now: Any) -> tuple[Any, ...]:
        """The values a chart shows, coarse before fine: all choices, or points on the slider's own steps."""
        if self.choices:
            return self.choices
        places = [
            self.low + self.step * round((at - self.low) / self.step) for at in np.linspace(self.low, self.high, POINTS)
        ]
        ordered = [min(places[at], self.high) for at in _coarse_first(POINTS)]
        return tuple(dict.fromkeys(round(at) if isinstance(now, int) else plain(at) for at in ordered))

    def moved(self, setting: Setting, now: Any) -> Iterator[tuple[Any, Setting]]:
        """Each of ``values`` with the setting it makes; values the topic refuses are left out."""
        for value in self.values(now):
            try:
                yield value, self.put(setting, value)
            except ValueError:  # two parameters that depend on each other, such as a first and a last year
                continue


# -- parameters of a model ---------------------------------------------------------------------------------------------


def controls_of(parameters: Any) -> dict[str, Control]:
    """A control for each declared parameter: a slider over its range, a menu of its choices, a box to tick.

    Draws and seed have none: they are not what a claim says. A slider's steps meet the value the panel opens with.
    """
    made: dict[str, Control] = {}
    for name, item in declared(parameters).items() if parameters is not None else ():
        now = getattr(parameters, name)
        if name in ("draws", "seed"):
            continue
        if item.choices:
            made[name] = item.choices
        elif item.low is None or item.high is None:
            made[name] = (False, True)
        else:
            made[name] = (item.low, item.high, step_of(item.low, item.high, now))
    return made


def parameter(name: str, value: Any, spec: Control, help: str = "") -> Lever:
    """A parameter that is ``value`` now, over (low, high, step), a tuple of texts or (False, True)."""

    def put(setting: Setting, value: Any) -> Setting:
        return replace(setting, parameters=replace(setting.parameters, **{name: value}))

    year = "year" in name.split("_")
    words = name.replace("_", " ").capitalize()
    written: Callable[[Any], str] = _year if year else _written
    key = f"parameter {name}"
    choices = tuple(item for item in spec if isinstance(item, str | bool))
    if choices:
        return Lever(key, words, value, put, written, choices=choices, help=help)
    low, high, step = (item for item in spec if not isinstance(item, str))
    low, high = min(low, value), max(high, value)  # set in the parameters cell: the slider must not change it unasked
    return Lever(key, words, value, put, written, low, high, step, year=year, help=help)


# -- the claimed figure of a part --------------------------------------------------------------------------------------

_CLAIMED = {
    "value": "Claimed figure",
    "low": "Claimed from",
    "high": "Claimed up to",
    "at_least": "Claimed at least",
    "at_most": "Claimed at most",
    "more_than": "Claimed more than",
    "less_than": "Claimed less than",
    "share": "Claimed share",
    "rank": "Claimed rank",
    "points": "Claimed points",
    "times": "Claimed times",
    "holders": "Claimed holders",
    "count": "Claimed count",
    "within": "May be off by",
    "tolerance": "May be off by (share)",
}
"""The numbers of a part that a sentence claims, or that say how near it must come; others describe its rows."""
_IN_UNIT = ("value", "low", "high", "at_least", "at_most", "more_than", "less_than", "within")
_WHOLE = ("rank", "holders", "count")


def claimed(part: Part, known: Dossier) -> tuple[Lever, ...]:
    """The figures of a part with a declared test: each from none to twice what is claimed, years ten years each way."""
    if part.test is TestKind.MODEL:
        return ()
    return tuple(_figure(part, name, part.numbers[name], known) for name in _CLAIMED if name in part.numbers)


def _figure(part: Part, name: str, printed: float, known: Dossier) -> Lever:
    unit = _unit(part, known) if name in _IN_UNIT else ""

    def put(setting: Setting, value: Any) -> Setting:
        return setting.claiming(part.part_id, name, float(value), printed)

    year = unit == "year" and abs(printed) > 1000
    whole = name in _WHOLE or (year and printed == round(printed))
    now: float = int(printed) if whole else printed
    low, high = _around(now, year, name, unit)
    words = _CLAIMED[name] if not unit or year else f"{_CLAIMED[name]} ({formats.plural(unit, 2)})"
    shown = _year if year else (lambda value: formats.quantity(value, unit, 10) if unit else formats.number(value, 10))
    key = f"claimed {part.part_id} {name}"
    return Lever(key, words, now, put, shown, low, high, step_of(low, high, now), year=year, help=part.text)


def _around(now: float, year: bool, name: str, unit: str) -> tuple[float, float]:
    if year:
        return now - 10, now + 10
    if name in _WHOLE:
        return (0 if name == "count" else 1), max(2 * now, 10)
    least = 1.0 if name == "times" else 0.0
    if now == 0:
        return 0.0, (10.0 if unit == "percent" else 1.0)
    return (min(least, now), 2 * now) if now > 0 else (2 * now, 0.0)


def _unit(part: Part, known: Dossier) -> str:
    """The unit of its claimed figure: its own, else that of its rows; a bare number has none."""
    rows = (row for selector in part.evidence for row in known.evidence.matching(selector))
    unit = part.unit or ("" if part.test is TestKind.RATIO else next((row.unit for row in rows), ""))
    return "" if unit in ("flag", "event", "ratio", "rank") else unit


# -- the method --------------------------------------------------------------------------------------------------------


def _scale(half: str, same: str, double: str) -> Callable[[float], str]:
    return lambda value: {0.5: half, 1.0: same, 2.0: double}.get(value, f"{value:g} times")


def _percent(rest: str) -> Callable[[float], str]:
    return lambda value: f"{100 * value:g}%{rest}"


def _grades(power: float) -> str:
    if power == 1:
        return "as graded"
    word = "more" if power < 1 else "less"
    return f"{word} than graded (power {power:g})"


_METHOD: Mapping[str, tuple[str, Callable[[float], str]]] = {
    "prior": ("Before any evidence", _percent(" likely")),
    "dependence": ("A further source adds", _percent(" of its weight")),
    "supported": ("Bar for holding", _percent(" likely")),
    "conflict_share": ("Dispute, weaker side", _percent(" of the stronger")),
    "floor_sources": ("Lesser sources needed", lambda value: f"{value:g} together"),
    "width_scale": ("Ranges of figures", _scale("half as wide", "as they are", "twice as wide")),
    "tolerance_scale": ("What counts as near", _scale("half as far", "as it is", "twice as far")),
    "grade_power": ("Sources are trusted", _grades),
}


def of_method(known: Dossier) -> tuple[Lever, ...]:
    """A menu for each number that the method sweeps, over the values it tries and its own."""
    return tuple(_number(name, values, usual_number(known, name)) for name, values in known.method.sweep.items())


def _number(name: str, values: tuple[float, ...], usual: float) -> Lever:
    words, shown = _METHOD.get(name, (formats.words(name).capitalize(), lambda value: f"{value:g}"))

    def put(setting: Setting, value: Any) -> Setting:
        return setting.judging(name, float(value), usual)

    return Lever(f"method {name}", words, usual, put, shown, choices=tuple(sorted({*values, usual})))


# -- sources -----------------------------------------------------------------------------------------------------------


def left_out(origins: tuple[str, ...], known: Dossier) -> Lever:
    """A menu of independent sources to leave out: none, or one."""

    def put(setting: Setting, value: Any) -> Setting:
        return replace(setting, without=value)

    def shown(value: str) -> str:
        return source_words(known, value) if value else "none"

    return Lever("without", "Leave out", "", put, shown, choices=("", *origins))


# -- what differs ------------------------------------------------------------------------------------------------------


def differing(setting: Setting, what_if: WhatIf) -> list[str]:
    """What a setting changes beside parameters, in words: claimed figures, the method, a source left out."""
    known, told = what_if.known, []
    for part_id, name, value in setting.claimed:
        lever = next(item for item in claimed(what_if.part(part_id), known) if item.key == f"claimed {part_id} {name}")
        said = lever.words.partition(" (")[0].lower()
        told.append(f"{said} of {part_id}: {lever.written(value)} instead of {lever.written(lever.now)}")
    for lever in of_method(known):
        now = dict(setting.method).get(lever.key.removeprefix("method "))
        if now is not None:
            told.append(f"{lever.words.lower()}: {lever.written(now)} instead of {lever.written(lever.now)}")
    return [*told, *([f"without {source_words(known, setting.without)}"] if setting.without else [])]


# -- numbers -----------------------------------------------------------------------------------------------------------


def step_of(low: float, high: float, now: float) -> float:
    """A round step (1, 2 or 5 times a power of ten) of the range: at most a fiftieth of it, and ``now`` lies on one.

    Where no round one meets ``now``, one that does.
    """
    power = math.floor(math.log10((high - low) / 50))
    for tens in range(power, power - 6, -1):
        for digit in (5, 2, 1):
            step = float(digit * Decimal(10) ** tens)
            if step > (high - low) / 50 or (isinstance(now, int) and step < 1):
                continue
            if abs((now - low) / step - round((now - low) / step)) < 1e-6:
                return int(step) if isinstance(now, int) else step
    if isinstance(now, int):
        return 1
    many = max(1, math.ceil((now - low) / ((high - low) / 100)))
    return (now - low) / many if now > low else (high - low) / 100


def plain(value: Any) -> Any:
    """A slider's figure without the dust of its steps (0.30000000000000004)."""
    return float(f"{value:.12g}") if isinstance(value, float) else value


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value.replace("_", " ")
    return f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"


def _year(value: Any) -> str:
    return f"{value:g}"


def _coarse_first(many: int) -> list[int]:
    """0 to ``many`` - 1, ends first, then the middle, then the middles of what is left."""
    order, gaps = [0, many - 1], [(0, many - 1)]
    while gaps:
        low, high = gaps.pop(0)
        middle = (low + high) // 2
        if low < middle < high:
            order.append(middle)
            gaps += [(low, middle), (middle, high)]
    return order
