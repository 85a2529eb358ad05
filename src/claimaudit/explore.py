"""Panels for JupyterLab: sliders and menus over a topic's parameters, a picture or card that follows them.

Reports leave the cells that call this out. Nothing here computes a verdict: it calls the topic's own functions again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, Protocol

import ipywidgets as widgets

from claimaudit.errors import ClaimAuditError, ParameterError, unknown
from claimaudit.html import tag


class SupportsHtml(Protocol):
    """Anything a notebook shows as HTML."""

    def _repr_html_(self) -> str: ...


Control = tuple[float, float, float] | tuple[str, ...]


def control(name: str, value: Any, spec: Control) -> widgets.ValueWidget:
    """A menu for a tuple of texts, a slider for (low, high, step)."""
    label = name.replace("_", " ").capitalize()
    common = {"description": label, "style": {"description_width": "11em"}, "layout": widgets.Layout(width="32em")}
    if all(isinstance(item, str) for item in spec):
        return widgets.Dropdown(options=list(spec), value=value, **common)
    low, high, step = spec
    if isinstance(value, int) and not isinstance(value, bool):
        return widgets.IntSlider(
            value=value, min=int(low), max=int(high), step=int(step), continuous_update=False, **common
        )
    return widgets.FloatSlider(value=value, min=low, max=high, step=step, continuous_update=False, **common)


def changes(start: Any, now: Any) -> dict[str, Any]:
    """The parameters that differ from where the panel started."""
    return {
        item.name: getattr(now, item.name)
        for item in fields(start)
        if getattr(now, item.name) != getattr(start, item.name)
    }


def command(notebook: str, changed: Mapping[str, Any]) -> str:
    """The command line that builds the report with these parameters."""
    return " ".join(["claimaudit build", notebook, *(f"-p {name} {value}" for name, value in changed.items())])


def panel(
    notebook: str, parameters: Any, show: Callable[[Any], SupportsHtml], controls: Mapping[str, Control]
) -> widgets.VBox:
    """A panel of ``controls`` (parameter name to slider range or menu) above what ``show(parameters)`` returns.

    Below stand a reset button and the command line that reproduces the present state. What is shown goes into an HTML
    widget: an output widget would do the same, but stalls kernels that run without a page (papermill) now and then.
    """
    known = [item.name for item in fields(parameters)]
    for name in controls:
        if name not in known:
            raise ParameterError(unknown("parameter", name, known))
    knobs = {name: control(name, getattr(parameters, name), spec) for name, spec in controls.items()}
    view, line = widgets.HTML(), widgets.HTML()
    reset = widgets.Button(description="Reset", icon="undo")

    def update(_: Any = None) -> None:
        now = replace(parameters, **{name: knob.value for name, knob in knobs.items()})
        line.value = str(tag("code", command(notebook, changes(parameters, now))))
        try:
            view.value = f'<div class="ca">{show(now)._repr_html_()}</div>'  # the stylesheet is bound to .ca
        except ClaimAuditError as error:
            view.value = str(tag("p", str(error)))

    def restore(_: Any) -> None:
        for name, knob in knobs.items():
            knob.value = getattr(parameters, name)

    for knob in knobs.values():
        knob.observe(update, names="value")
    reset.on_click(restore)
    update()
    return widgets.VBox([*knobs.values(), widgets.HBox([reset, line]), view])
