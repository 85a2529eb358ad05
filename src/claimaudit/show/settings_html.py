"""The settings of a report as HTML: its parameters, the method's numbers and a topic's own assumptions."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.words import Words
from claimaudit.html import Html, tag
from claimaudit.model import dated
from claimaudit.show.html_tables import rows_table
from claimaudit.show.provenance import ASSUMPTIONS, METHOD, PARAMETERS, row_links
from claimaudit.verdict.audit import Audit


def settings(audit: Audit) -> Html:
    """The settings of a report: parameters away from their defaults in sight; all of them, assumptions and numbers folded."""
    parts = [changed_parameters(audit.parameters), _folded("All parameters", parameters_table(audit.parameters))]
    own = assumptions_table(audit.dossier, audit.topic)
    if own.text:
        parts.append(_folded("Assumptions of this topic", own))
    parts.append(_folded("Numbers of the method", method_table(audit.dossier)))
    return tag("div", *parts, class_="ca")


def _folded(title: str, body: Html) -> Html:
    return tag("details", tag("summary", title), body, class_="ca-more")


def changed_parameters(parameters: Any) -> Html:
    """The parameters that are not at their defaults, in a line."""
    fields = dataclasses.fields(parameters) if parameters is not None else ()
    other = [
        f"{field.name} = {_setting(getattr(parameters, field.name), field.name)}"
        for field in fields
        if field.default is not dataclasses.MISSING and getattr(parameters, field.name) != field.default
    ]
    words = (
        f"Parameters away from their defaults: {'; '.join(other)}."
        if other
        else "All parameters are at their defaults."
    )
    return tag("p", tag("a", words, href=f"#{PARAMETERS}"))


def parameters_table(parameters: Any) -> Html:
    """The parameters a report was made with, beside their defaults; ``help`` in a field's metadata explains it."""
    if parameters is None:
        return tag("p", "This topic has no parameters.", class_="ca", id=PARAMETERS)
    fields = dataclasses.fields(parameters)
    explained = any("help" in field.metadata for field in fields)
    rows = []
    for field in fields:
        usual = "–" if field.default is dataclasses.MISSING else _setting(field.default, field.name)
        meaning = [str(field.metadata.get("help", ""))] if explained else []
        rows.append([tag("code", field.name), _setting(getattr(parameters, field.name), field.name), usual, *meaning])
    heads = ("Parameter", "Value", "Default", *(["Meaning"] if explained else []))
    ids = [f"parameter-{field.name}" for field in fields]
    return rows_table(heads, rows, caption="Parameters of this report", ids=ids, anchor=PARAMETERS)


def _setting(value: Any, name: str) -> str:
    if value == "":
        return "blank"
    if name == "seed" or {"year", "since"} & set(name.split("_")):  # a course of chance, or a year: no quantity
        return str(value)
    return str(value) if isinstance(value, bool | str) else f"{value:,}" if isinstance(value, int) else str(value)


def method_table(dossier: Dossier) -> Html:
    """The numbers of trust, pooling, labels and floor and, where swept, the values they are varied over.

    Those of the kinds of test and of confidence stand on the method page alone.
    """
    method = dossier.method
    sweep = {name: ", ".join(f"{value:g}" for value in values) for name, values in method.sweep.items()}
    rows = [[f"Source reliability {grade}", f"{weight:g}", ""] for grade, weight in method.reliability.items()]
    rows += [[f"Item credibility {grade}", f"{weight:g}", ""] for grade, weight in method.credibility.items()]
    rows += [["All grades, raised to the power", "1", sweep["grade_power"]]] if "grade_power" in sweep else []
    rows += [[f"Half-width, {basis.value}", f"{100 * width:g}%", ""] for basis, width in method.widths.items()]
    rows += [["All half-widths, times", "1", sweep["width_scale"]]] if "width_scale" in sweep else []
    for name, words in _SETTINGS.items():
        rows.append([words, f"{getattr(method, name):g}", sweep.get(name, "")])
    rows += [[words, str(getattr(method.floor, name)), ""] for name, words in _FLOOR.items()]
    heads, caption = ("Setting", "Value", "Varied over"), "The method's numbers (method.toml)"
    return rows_table(heads, rows, caption=caption, anchor=METHOD)


def assumptions_table(dossier: Dossier, topic: str) -> Html:
    """A topic's own assumptions with their reasons and the evidence they lean on; empty where it has none."""
    words = dossier.words
    rows: list[list[Html | str]] = []
    for name, entry in _entries(dossier.method.topics.get(topic, {})):
        shown = "; ".join(_plain(key, value, words) for key, value in entry.items() if key not in ("why", "rows"))
        leaning = row_links(dossier, entry.get("rows", ()))
        rows.append([words.words(name), shown or "–", str(entry.get("why", "")), leaning])
    heads = ("Assumption", "Value", "Why", "Leans on")
    caption = "Assumptions of this topic (method.toml)"
    return rows_table(heads, rows, caption=caption, kind="stack", anchor=ASSUMPTIONS) if rows else Html("")


def _entries(table: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The assumptions of a topic by name; a table of tables gives one entry for each of its own."""
    for name, entry in table.items():
        if isinstance(entry, Mapping) and any(isinstance(item, Mapping) for item in entry.values()):
            yield from ((f"{name}, {part}", item) for part, item in entry.items() if isinstance(item, Mapping))
        elif isinstance(entry, Mapping):
            yield name, entry


def _plain(key: str, value: Any, words: Words) -> str:
    """One entry of an assumption in words: a range as ``0.5, 0.9, 1``, anything else after its name."""
    shown = ", ".join(dated(str(item)) for item in (value if isinstance(value, list | tuple) else (value,)))
    return shown if key in ("range", "value") else f"{words.words(key)}: {shown}"


_SETTINGS = {
    "prior": "Probability before any evidence",
    "dependence": "Weight of a second and further independent source",
    "certainty_cap": "Surest probability either way",
    "quoting": "An outlet's account of somebody's words, beside its letter",
    "open_bound_factor": "Open bound read as up to, times",
    "supported": "Supported at or above",
    "refuted": "Refuted at or below",
    "conflict_share": "Conflict: least share of the stronger side",
}
_FLOOR = {
    "alone": "One source decides from grade",
    "together": "Several sources decide, each from grade",
    "sources": "How many these are",
    "party_digit": "A party's item counts at best as",
}
