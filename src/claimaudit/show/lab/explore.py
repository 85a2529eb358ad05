"""Panels for JupyterLab: sliders and menus over a topic's parameters, with the chart and the verdict that follow them.

Reports leave the cells that call this out. Nothing here computes a verdict: ``what_if.py`` asks the topic's own functions.
"""

from __future__ import annotations

import asyncio
import math
import shlex
import time
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import ipywidgets as widgets

from claimaudit.analysis.parameters import declared
from claimaudit.dossier.dossier import DEFAULT_DOSSIER, Dossier
from claimaudit.errors import ClaimAuditError, ParameterError, unknown
from claimaudit.html import Html, card_style, tag
from claimaudit.model import Vintage
from claimaudit.outcome import Verdict
from claimaudit.show import cards
from claimaudit.show.lab.what_if import Control, WhatIf, is_choice, moved, values_of
from claimaudit.show.lab.what_if_chart import turning_chart

BUDGET = 0.04
"""Seconds an answer may spend on points of the chart; the rest is filled in while the kernel has nothing else to do."""
OPENING = 0.15
"""The same when a panel opens."""
_PAUSE = 0.03
_DATES = (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT)


def control(name: str, value: Any, spec: Control) -> widgets.ValueWidget:
    """A slider for (low, high, step), a menu for a tuple of texts, a box for (False, True).

    A slider follows the hand, not only its release.
    """
    label = name.replace("_", " ").capitalize()
    common = {"description": label, "style": {"description_width": "11em"}, "layout": widgets.Layout(width="30em")}
    if isinstance(value, bool):
        return widgets.Checkbox(value=value, indent=True, **common)
    if is_choice(spec):
        return widgets.Dropdown(options=list(spec), value=value, **common)
    low, high, step = spec
    if not low <= value <= high:  # set in the parameters cell: the slider must not change it unasked
        low, high = min(low, value), max(high, value)
    if isinstance(value, int):
        return widgets.IntSlider(
            value=value, min=int(low), max=int(high), step=int(step), readout_format=_readout(name), **common
        )
    return widgets.FloatSlider(value=value, min=low, max=high, step=step, **common)


def controls_of(parameters: Any) -> dict[str, Control]:
    """A control for each declared parameter: a slider over its range, a menu of its choices, a box to tick.

    Draws and seed have none: they are not what a claim says. A slider's steps meet the value the panel opens with.
    """
    made: dict[str, Control] = {}
    for name, item in declared(parameters).items():
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


def step_of(low: float, high: float, now: float) -> float:
    """A round step (1, 2 or 5 times a power of ten) of the range: at most a fiftieth of it, and ``now`` lies on one."""
    power = math.floor(math.log10((high - low) / 50))
    for tens in range(power, power - 6, -1):
        for digit in (5, 2, 1):
            step = float(digit * Decimal(10) ** tens)
            if step > (high - low) / 50 or (isinstance(now, int) and step < 1):
                continue
            if abs((now - low) / step - round((now - low) / step)) < 1e-6:
                return int(step) if isinstance(now, int) else step
    return 1 if isinstance(now, int) else (high - low) / 100


def changes(usual: Any, now: Any) -> dict[str, Any]:
    """The parameters that differ from the notebook's own defaults."""
    return {
        item.name: getattr(now, item.name)
        for item in fields(usual)
        if getattr(now, item.name) != getattr(usual, item.name)
    }


def command(notebook: str, changed: Mapping[str, Any], dossier: str = "") -> str:
    """The command line that builds the report with these parameters."""
    given = [part for name, value in changed.items() for part in ("-p", name, str(value))]
    named = ["--dossier", dossier] if dossier else []
    return shlex.join(["claimaudit", "build", notebook, *given, *named])


def panel(
    notebook: str,
    known: Dossier,
    parameters: Any,
    part: str,
    controls: Mapping[str, Control] | None = None,
    *,
    vintage: Vintage = Vintage.HINDSIGHT,
) -> widgets.Box:
    """A panel of ``controls`` (parameter name to slider range or menu; none: all that are declared) over the verdict on a part.

    ``part`` and ``vintage`` are what it opens with; menus offer the topic's other modelled parts and the other
    date. Under the verdict stands how likely the part is to hold as the control last moved goes through its range;
    under the controls a reset button and the command line that reproduces the present state. Raises ``ParameterError``
    where a control is none of the parameters.
    """
    names = [item.name for item in fields(parameters)]
    controls = controls_of(parameters) if controls is None else controls
    for name in controls:
        if name not in names:
            raise ParameterError(unknown("parameter", name, names))
    return _Panel(notebook, WhatIf(known, notebook), parameters, part, controls, vintage).box


class _Panel:
    """The widgets of a panel and what they do. Text goes into HTML widgets: an output widget stalls papermill at times."""

    def __init__(
        self,
        notebook: str,
        what_if: WhatIf,
        parameters: Any,
        part: str,
        controls: Mapping[str, Control],
        vintage: Vintage,
    ) -> None:
        self._notebook, self._what_if, self._start, self._specs = notebook, what_if, parameters, controls
        self._first = (what_if.part(part).part_id, vintage)
        self._knobs = {name: control(name, getattr(parameters, name), spec) for name, spec in controls.items()}
        self._about = _menu("Part", [(_short(item.text), item.part_id) for item in what_if.parts], part)
        self._date = _menu("Judged", [(item.words, item) for item in _DATES], vintage)
        self._moved = next(iter(controls))
        self._round, self._still = 0, False
        self._card, self._chart, self._line = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._reset = widgets.Button(description="Reset", icon="undo", tooltip="Back to where the panel started")
        for name, knob in self._knobs.items():
            knob.observe(self._follow(name), names="value")
        for menu in (self._about, self._date):
            menu.observe(self._follow(""), names="value")
        self._reset.on_click(self._restore)
        self._show(OPENING)
        left = widgets.VBox([self._about, self._date, *self._knobs.values(), self._reset, self._line])
        right = widgets.VBox([self._card, self._chart], layout=widgets.Layout(flex="1 1 24em", min_width="18em"))
        self.box = widgets.Box([left, right], layout=widgets.Layout(flex_flow="row wrap", grid_gap="1em"))

    # -- what the reader does ---------------------------------------------------------------------------------------

    def _follow(self, name: str) -> Callable[[Any], None]:
        def follow(_: Any) -> None:
            if self._still:
                return
            self._moved = name or self._moved
            self._show()
            self._fill_later()

        return follow

    def _restore(self, _: Any) -> None:
        self._still = True  # one answer for all of them
        for name, knob in self._knobs.items():
            knob.value = getattr(self._start, name)
        self._about.value, self._date.value = self._first
        self._still = False
        self._moved = next(iter(self._knobs))
        self._show()

    # -- what the panel answers -------------------------------------------------------------------------------------

    def _now(self) -> Any:
        values = {name: _plain(knob.value) for name, knob in self._knobs.items()}
        return replace(self._start, **values)

    def _show(self, seconds: float = BUDGET) -> None:
        """Card, command line and as much of the chart as can be had at once."""
        self._round += 1
        try:
            now = self._now()
            asked = now, self._about.value, self._date.value
            result, part = self._what_if.audit(*asked), self._what_if.part(asked[1])
            question = tag("p", tag("strong", part.text))
            card = cards.verdict_part(result, *asked[1:])
            self._card.value = _framed(question + card + cards.claim_part(result, part.claim_id, asked[2]))
            self._line.value = str(tag("p", "Build this: ", tag("code", self._command(now)), style="max-width:29em"))
            self._draw(seconds)
        except ClaimAuditError as error:
            self._card.value, self._chart.value, self._line.value = str(tag("p", str(error))), "", ""

    def _draw(self, seconds: float) -> bool:
        """Draw the chart, judging further points for so long; whether all points are there."""
        now, name = self._now(), self._moved
        about, date = self._about.value, self._date.value
        own = getattr(now, name)
        judged: dict[Any, Verdict] = {own: self._what_if.verdict(now, about, date)}
        until, whole = time.perf_counter() + seconds, True
        for value, parameters in moved(now, name, values_of(self._specs[name], own)):
            if time.perf_counter() >= until and not self._what_if.knows(parameters, date):
                whole = False
                continue
            judged[value] = self._what_if.verdict(parameters, about, date)
        if is_choice([own]):
            judged = {value: judged[value] for value in self._specs[name] if value in judged}
        self._chart.value = _framed(turning_chart(name, judged, own, self._what_if.view(date).method))
        return whole

    def _fill_later(self) -> None:
        """Judge the points still missing while nothing else is asked; nothing of that where no loop runs (a test)."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        asked = self._round

        def more() -> None:
            if asked == self._round and not self._draw(BUDGET):
                loop.call_later(_PAUSE, more)

        loop.call_later(_PAUSE, more)

    def _command(self, now: Any) -> str:
        path = self._what_if.known.path
        return command(self._notebook, changes(type(now)(), now), "" if path == DEFAULT_DOSSIER else str(path))


def _readout(name: str) -> str:
    """Years have no comma."""
    return "d" if "year" in name.split("_") else ",d"


def _menu(label: str, options: list[tuple[str, Any]], value: Any) -> widgets.Dropdown:
    layout = widgets.Layout(width="30em")
    return widgets.Dropdown(
        options=options, value=value, description=label, style={"description_width": "11em"}, layout=layout
    )


def _framed(piece: Html) -> str:
    """The stylesheet is bound to the class ``ca``."""
    return f'<div class="ca"><style>{card_style()}</style>{piece}</div>'


def _plain(value: Any) -> Any:
    """A slider's figure without the dust of its steps (0.30000000000000004)."""
    return round(value, 10) if isinstance(value, float) else value


def _short(text: str, width: int = 60) -> str:
    return text if len(text) <= width else text[: width - 1].rsplit(" ", 1)[0] + " \u2026"
