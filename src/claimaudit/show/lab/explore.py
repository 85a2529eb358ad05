"""Panels for JupyterLab: sliders and menus over all that a topic's verdicts rest on, with the card and chart that follow them.

Reports leave the cells that call this out. Nothing here computes a verdict: ``what_if.py`` asks the audit's own functions, and
``levers.py`` says what there is to turn.
"""

from __future__ import annotations

import asyncio
import math
import shlex
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

import ipywidgets as widgets

from claimaudit import formats
from claimaudit.analysis.parameters import declared
from claimaudit.dossier.dossier import DEFAULT_DOSSIER, Dossier
from claimaudit.errors import ClaimAuditError, ParameterError, UnknownNameError, unknown
from claimaudit.html import Html, card_style, tag
from claimaudit.model import Vintage
from claimaudit.outcome import Verdict
from claimaudit.show import cards
from claimaudit.show.changed import turned, what_if
from claimaudit.show.lab import levers
from claimaudit.show.lab.levers import Control, Lever, controls_of
from claimaudit.show.lab.what_if import Setting, WhatIf
from claimaudit.show.lab.what_if_chart import turning_chart

BUDGET = 0.04
"""Seconds an answer may spend on points of the chart; the rest is filled in while the kernel has nothing else to do."""
OPENING = 0.15
"""The same when a panel opens."""
_PAUSE = 0.03
_NOTHING = "There is no evidence on this part, and nothing to turn."


def control(lever: Lever) -> widgets.ValueWidget:
    """A slider for a range, a menu for choices, a box for false and true.

    A slider follows the hand, not only its release.
    """
    common = {
        "description": lever.words,
        "tooltip": lever.help or lever.words,
        "style": {"description_width": "13em"},
        "layout": widgets.Layout(width="32em", max_width="100%"),
    }
    if isinstance(lever.now, bool):
        return widgets.Checkbox(value=lever.now, indent=True, **common)
    if lever.choices:
        options = [(lever.written(item), item) for item in lever.choices]
        return widgets.Dropdown(options=options, value=lever.now, **common)
    slider = widgets.IntSlider if isinstance(lever.now, int) else widgets.FloatSlider
    kind: Any = int if isinstance(lever.now, int) else float
    return slider(
        value=lever.now,
        min=kind(lever.low),
        max=kind(lever.high),
        step=kind(lever.step),
        readout_format=_readout(lever),
        **common,
    )


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
    part: str = "",
    controls: Mapping[str, Control] | None = None,
    *,
    vintage: Vintage = Vintage.HINDSIGHT,
    added: Sequence[str] = (),
) -> widgets.Box:
    """A panel over a topic: the rating of a claim and the verdict on one of its parts, and what they would be otherwise.

    ``part`` is a part or claim of the topic, in any case (of a claim, the part that decides it; blank: the first claim), and
    ``vintage`` a date, that it opens with; menus offer every other. To turn there are the model's parameters where it speaks on
    the part (``controls``: slider range or menu by name; none: all that are declared), the figures that a part with a declared test
    claims, a source to leave out, and the numbers the method sweeps. ``added`` names rows that are in no file. Under the controls
    stand a reset button and the command line that reproduces the state, as far as one can.

    Raises ``ParameterError`` where a control is none of the parameters, ``UnknownNameError`` where the topic has no such part.
    """
    names = [] if parameters is None else [item.name for item in fields(parameters)]
    controls = controls_of(parameters) if controls is None else controls
    for name in controls:
        if name not in names:
            raise ParameterError(unknown("parameter", name, names))
    asked = WhatIf(known, notebook, getattr(parameters, "as_of", ""))
    help = {name: item.help for name, item in declared(parameters).items()} if names else {}
    own = [
        levers.parameter(name, getattr(parameters, name), spec, help.get(name, "")) for name, spec in controls.items()
    ]
    start = Setting(parameters)
    opening = _opening(part, asked, start, vintage)
    return _Panel(notebook, asked, start, opening, own, vintage, tuple(added)).box


def _opening(name: str, asked: WhatIf, start: Setting, vintage: Vintage) -> str:
    """The part a panel opens with: a claim's is the one that decides its rating."""
    claims = {claim.claim_id.casefold(): claim for claim in asked.claims}
    parts = {part.part_id.casefold(): part.part_id for part in asked.parts}
    name = name.strip().casefold() or next(iter(claims))
    if name in parts:
        return parts[name]
    if name not in claims:
        known = [item.part_id for item in asked.parts] if "." in name else [item.claim_id for item in asked.claims]
        kind = f"{'part' if '.' in name else 'claim'} of {asked.topic!r}"
        raise UnknownNameError(unknown(kind, name.upper() if "." not in name else name, known))
    first = claims[name].parts[0].part_id
    deciding = asked.claim(start, first, vintage).deciding
    return deciding.part_id if deciding else first


class _Panel:
    """The widgets of a panel and what they do. Text goes into HTML widgets: an output widget stalls papermill at times."""

    def __init__(
        self,
        notebook: str,
        what_if: WhatIf,
        start: Setting,
        part: str,
        parameters: Sequence[Lever],
        vintage: Vintage,
        added: tuple[str, ...],
    ) -> None:
        self._notebook, self._what_if, self._start, self._added = notebook, what_if, start, added
        self._first = (part, vintage)
        self._still = False
        self._round = 0
        self._levers: dict[str, Lever] = {}
        self._knobs: dict[str, widgets.ValueWidget] = {}
        parts = [
            (f"{item.part_id}: {_short(item.text)}", item.part_id) for item in what_if.parts
        ]  # texts alone may be alike
        self._about = _menu("Part", parts, part)
        self._date = _menu("Judged", [(_dated(item, view.day), item) for item, view in what_if.views.items()], vintage)
        self._parameters = widgets.VBox([self._knob(lever) for lever in parameters])
        self._claimed = widgets.VBox()
        self._left_out = widgets.VBox([self._knob(levers.left_out((), what_if.known))])
        method = [self._knob(lever) for lever in levers.of_method(what_if.known)]
        self._method = widgets.Accordion([widgets.VBox(method)], titles=("Method",), selected_index=None)
        self._method.layout = widgets.Layout(width="33em", max_width="100%", display="" if method else "none")
        self._card, self._chart, self._line = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._reset = widgets.Button(description="Reset", icon="undo", tooltip="Back to where the panel started")
        for menu in (self._about, self._date):
            menu.observe(self._turn_to, names="value")
        self._reset.on_click(self._restore)
        self._moved = ""
        self._offer()
        self._show(OPENING)
        turned_by = [self._parameters, self._claimed, self._left_out, self._method]
        left = widgets.VBox([self._about, self._date, *turned_by, self._reset, self._line])
        left.layout = widgets.Layout(max_width="100%")
        right = widgets.VBox([self._card, self._chart], layout=widgets.Layout(flex="1 1 24em", min_width="18em"))
        self.box = widgets.Box([left, right], layout=widgets.Layout(flex_flow="row wrap", grid_gap="1em"))

    def _knob(self, lever: Lever) -> widgets.ValueWidget:
        self._levers[lever.key], self._knobs[lever.key] = lever, control(lever)
        self._knobs[lever.key].observe(self._follow(lever.key), names="value")
        return self._knobs[lever.key]

    # -- what the reader does ---------------------------------------------------------------------------------------

    def _follow(self, key: str) -> Callable[[Any], None]:
        def follow(_: Any) -> None:
            if self._still:
                return
            self._moved = key
            self._show()
            self._fill_later()

        return follow

    def _turn_to(self, _: Any) -> None:
        """Another part or date: its own claimed figures and sources, as they are printed and heard."""
        if self._still:
            return
        self._offer()
        self._show()
        self._fill_later()

    def _restore(self, _: Any) -> None:
        self._still = True  # one answer for all of them
        self._about.value, self._date.value = self._first
        for key, knob in self._knobs.items():
            knob.value = self._levers[key].now
        self._still = False
        self._moved = ""
        self._offer()
        self._show()
        self._fill_later()

    # -- what there is to turn --------------------------------------------------------------------------------------

    def _offer(self) -> None:
        """The claimed figures of the part shown, and the parameters where a model speaks on it."""
        part = self._what_if.part(self._about.value)
        for key in [key for key in self._levers if key.startswith("claimed ")]:
            self._knobs.pop(key).close()
            del self._levers[key]
        self._claimed.children = [self._knob(lever) for lever in levers.claimed(part, self._what_if.known)]
        self._hear()
        try:
            spoken = part.part_id in self._what_if.spoken(self._now(), self._date.value)
        except ClaimAuditError:  # parameters that contradict each other: they must stay in sight to be mended
            spoken = True
        self._parameters.layout.display = "" if spoken else "none"
        offered = list(self._offered(spoken))
        if self._moved not in offered:
            self._moved = next(iter(offered), "")

    def _offered(self, spoken: bool) -> list[str]:
        """The levers that bear on the part shown, those first that say most."""
        kinds = ("parameter ",) * spoken + ("claimed ", "without", "method ")
        alone = {"without"} if len(self._levers["without"].choices) == 1 else set()
        return [key for kind in kinds for key in self._levers if key.startswith(kind) and key not in alone]

    def _hear(self) -> None:
        """The sources that may be left out are those heard on the part under the present setting."""
        try:
            heard = self._what_if.heard(self._now(), self._about.value, self._date.value)
        except ClaimAuditError:
            return
        lever = levers.left_out(heard, self._what_if.known)
        if lever.choices == self._levers["without"].choices:
            return
        menu, before, still = self._knobs["without"], self._knobs["without"].value, self._still
        self._still = True
        self._levers["without"] = lever
        menu.options = [(lever.written(item), item) for item in lever.choices]
        menu.value = before if before in lever.choices else ""
        self._still = still

    # -- what the panel answers -------------------------------------------------------------------------------------

    def _now(self) -> Setting:
        """The setting of all controls at once: two that depend on each other are put together."""
        now, given = self._start, {}
        for key, knob in self._knobs.items():
            lever = self._levers[key]
            value = lever.now if knob.value == lever.now else levers.plain(knob.value)
            kind, _, name = key.partition(" ")
            if kind == "parameter":
                given[name] = value
            else:
                now = lever.put(now, value)
        return replace(now, parameters=replace(now.parameters, **given)) if given else now

    def _show(self, seconds: float = BUDGET) -> None:
        """Card, command line and as much of the chart as can be had at once."""
        self._round += 1
        until = time.perf_counter() + seconds
        try:
            self._hear()
            now = self._now()
            asked = now, self._about.value, self._date.value
            result, part = self._what_if.audit(*asked), self._what_if.part(asked[1])
            claim = cards.claim_part(result, part.claim_id, asked[2])
            question = tag("p", part.text, class_="ca-asked")
            card = cards.verdict_part(result, *asked[1:])
            self._card.value = _framed(self._mark(now) + claim + question + card)
            self._line.value = str(self._reproduced(now))
            self._draw(until)
        except ClaimAuditError as error:
            self._card.value, self._chart.value, self._line.value = str(tag("p", str(error))), "", ""

    def _mark(self, now: Setting) -> Html:
        """Told above the card as soon as it is not the audit's, or not the notebook's."""
        told = [*turned(now.parameters), *levers.differing(now, self._what_if)]
        told += [f"the row {name} added" for name in self._added]
        if told:
            return what_if(told)
        if now != self._start:
            return tag("p", f"As audited. This notebook sets {'; '.join(turned(self._start.parameters))}.", role="note")
        return Html("")

    def _draw(self, until: float) -> bool:
        """Draw the chart, judging further points until then; whether all points are there."""
        lever = self._levers.get(self._moved)
        if lever is None:
            self._chart.value = _framed(tag("p", _NOTHING))
            return True
        now, about, date = self._now(), self._about.value, self._date.value
        knob = self._knobs[lever.key].value
        own = lever.now if knob == lever.now else levers.plain(knob)
        judged: dict[Any, Verdict] = {own: self._what_if.verdict(now, about, date)}
        whole = True
        for value, setting in lever.moved(now, own):
            if time.perf_counter() >= until and not self._what_if.knows(setting, date):
                whole = False
                continue
            judged[value] = self._what_if.verdict(setting, about, date)
        self._chart.value = _framed(turning_chart(lever, judged, own, self._what_if.view(now, date).method))
        return whole

    def _fill_later(self) -> None:
        """Judge the points still missing while nothing else is asked; nothing of that where no loop runs (a test)."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        asked = self._round

        def more() -> None:
            if asked == self._round and not self._draw(time.perf_counter() + BUDGET):
                loop.call_later(_PAUSE, more)

        loop.call_later(_PAUSE, more)

    def _reproduced(self, now: Setting) -> Html:
        """The command line that builds this, and what of it none can."""
        path = self._what_if.known.path
        elsewhere = "" if path == DEFAULT_DOSSIER else str(path)
        changed = {} if now.parameters is None else changes(type(now.parameters)(), now.parameters)
        line = tag("p", "Build this: ", tag("code", command(self._notebook, changed, elsewhere)))
        beyond = [
            *(["the claimed figure (change it in claims.toml)"] if now.claimed else []),
            *(["the method (change it in method.toml)"] if now.method else []),
            *(["the source left out"] if now.without else []),
            *(["rows that are in no file"] if self._added else []),
        ]
        rest = [tag("p", f"No command line sets {_listed(beyond)}.", class_="ca-soft")] if beyond else []
        return tag("div", line, *rest, style="max-width:32em;overflow-wrap:anywhere", class_="ca")


def _listed(items: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))


def _readout(lever: Lever) -> str:
    """As many decimals as the value and the slider's steps have; years have no comma."""
    if lever.year:
        return "d" if isinstance(lever.now, int) else "~r"
    if isinstance(lever.now, int):
        return ",d"
    places = max(_places(lever.now), _places(lever.step))
    return f",.{places}f"


def _places(value: float) -> int:
    """Decimals of a figure, as written in full."""
    text = f"{value:.10f}".rstrip("0")
    return len(text.partition(".")[2]) if math.isfinite(value) else 0


def _menu(label: str, options: list[tuple[str, Any]], value: Any) -> widgets.Dropdown:
    layout = widgets.Layout(width="32em", max_width="100%")
    return widgets.Dropdown(
        options=options, value=value, description=label, style={"description_width": "13em"}, layout=layout
    )


def _dated(vintage: Vintage, day: Any) -> str:
    return f"{vintage.words} {formats.day(day)}" if vintage is Vintage.AS_OF else vintage.words


def _framed(piece: Html) -> str:
    """The stylesheet is bound to the class ``ca``."""
    return f'<div class="ca"><style>{card_style()}</style>{piece}</div>'


def _short(text: str, width: int = 60) -> str:
    return text if len(text) <= width else text[: width - 1].rsplit(" ", 1)[0] + " \u2026"
