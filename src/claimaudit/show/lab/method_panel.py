"""A panel over the method's own numbers, for topics that no model judges: how the ratings fare when they are turned."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets

from claimaudit.html import card_style
from claimaudit.show import summary
from claimaudit.verdict.audit import Audit, audit

_NAMES = {
    "prior": "Before evidence",
    "dependence": "A further source adds",
    "supported": "Bar for holding",
    "floor_sources": "Lesser sources needed",
    "width_scale": "Ranges, times",
    "tolerance_scale": "Tolerances, times",
    "grade_power": "Doubt of sources",
}
_WIDE = widgets.Layout(width="30em")


def panel(result: Audit) -> widgets.Box:
    """A menu for each number the method sweeps, over the values it tries; the topic's ratings follow. Nothing is written."""
    method = result.dossier.method
    usual = {
        name: getattr(method, name, method.floor.sources if name == "floor_sources" else 1.0) for name in method.sweep
    }
    shown = widgets.HTML()
    menus: dict[str, Any] = {}
    for name, values in method.sweep.items():
        options = [(f"{value:g}", value) for value in sorted({*values, float(usual[name])})]
        style = {"description_width": "12em"}
        menus[name] = widgets.Dropdown(
            options=options, value=float(usual[name]), description=_NAMES.get(name, name), style=style, layout=_WIDE
        )

    def show(_: Any = None) -> None:
        turned = {name: menu.value for name, menu in menus.items() if menu.value != usual[name]}
        now = (
            audit(result.dossier.with_method(method.varied(turned)), result.topic, result.parameters)
            if turned
            else result
        )
        shown.value = f'<div class="ca"><style>{card_style()}</style>{summary.overview(now)}</div>'

    for menu in menus.values():
        menu.observe(show, names="value")
    show()
    return widgets.Box([widgets.VBox(list(menus.values())), shown], layout=widgets.Layout(flex_flow="row wrap"))
