"""Evidence as HTML: every observation with its source and grades, the voices on an element, parameters and method."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from claimaudit import formats
from claimaudit.analysis import Audit
from claimaudit.dossier import Dossier
from claimaudit.html import Html, join, tag
from claimaudit.model import Finding, Label, Observation, Vintage
from claimaudit.verdict import voices

Format = Callable[[Any], "str | Html"] | str
"""How a column is written: a function, or a unit of ``units.csv``."""


def rows_table(
    heads: Sequence[str],
    rows: Iterable[Iterable[Html | str]],
    *,
    caption: str | Html,
    ids: Iterable[str] = (),
    kind: str = "",
    numeric: Collection[str] = (),
) -> Html:
    """The one form of table: a caption, column heads with scope, the first cell of a row its head.

    ``kind="stack"`` lays every row out as a block on narrow screens, for tables of long texts; ``numeric`` columns are
    set flush right.
    """
    anchors = iter(ids)
    body = []
    for row in rows:
        first, *rest = row
        cells = [tag("th", first, scope="row")]
        cells += [
            tag("td", cell, data_label=head, class_="ca-number" if head in numeric else None)
            for head, cell in zip(heads[1:], rest, strict=True)
        ]
        body.append(tag("tr", *cells, id=next(anchors, None)))
    head = tag(
        "thead",
        tag("tr", *(tag("th", name, scope="col", class_="ca-number" if name in numeric else None) for name in heads)),
    )
    classes = "ca-table" + (f" ca-{kind}" if kind else "")
    shown = tag("table", tag("caption", caption), head, tag("tbody", *body), class_=classes)
    return tag("div", tag("div", shown, class_="ca-scroll"), class_="ca")


def table(frame: pd.DataFrame, caption: str, formats: Mapping[str, Format] | None = None) -> Html:
    """A DataFrame as an accessible table, its first column naming the rows.

    ``formats`` says for a column how to write it: a function, or a unit (``"USD"``, ``"percent"``); otherwise figures,
    days and labels come in house style. Column names are shown as words.
    """
    chosen = formats or {}
    names = [str(name) for name in frame.columns]
    rows = [
        [written(value, chosen.get(name)) for name, value in zip(names, record, strict=True)]
        for record in frame.itertuples(index=False, name=None)
    ]
    kinds = frame.dtypes.items()
    numeric = [heading(str(name)) for name, kind in kinds if is_numeric_dtype(kind) and not is_bool_dtype(kind)]
    return rows_table([heading(name) for name in names], rows, caption=caption, numeric=numeric)


def heading(name: str) -> str:
    """A column's name as words, the first with a capital: ``at_low`` reads ``At low``."""
    shown = formats.words(name)
    return shown[:1].upper() + shown[1:]


def written(value: Any, form: Format | None = None) -> str | Html:
    """A cell's value as a reader sees it."""
    if isinstance(value, Html):
        return value
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return "–"
    if callable(form):
        return form(value)
    if isinstance(form, str):
        return formats.quantity(float(value), form)
    if isinstance(value, str) and value in set(Label):
        return Label(value).words
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    if hasattr(value, "strftime"):
        return formats.day(value)
    if pd.api.types.is_number(value):
        return formats.number(float(value))
    return str(value)


# -- observations --------------------------------------------------------------------------------------------------


def reference(dossier: Dossier, observation_id: str, text: str | Html = "") -> Html:
    """A figure (or ``text``) that leads to its row in the evidence table and tells source and grade on hovering."""
    row = dossier.observation(observation_id)
    source = whole(dossier).sources.loc[row.source_id]
    facts = [source["title"], f"{source['publisher']}, {source['published']}", f"grade {_grade(row)}"]
    facts += [formats.period(row.start, row.end), row.note]
    target = f"#{row_anchor(observation_id)}"
    return tag("a", text or figure_words(row), href=target, title="; ".join(facts), class_="ca-ref")


def evidence_table(audit: Audit, *, also: Iterable[str] = ()) -> Html:
    """Every observation the topic's verdicts saw, with its source; those that carry no weight are there too.

    ``also`` names further rows a notebook refers to, so that no reference leads nowhere.
    """
    dossier = whole(audit.dossier)
    places = {claim.claim_id: place for place, claim in enumerate(dossier.claims)}
    own = {claim.claim_id for claim in audit.claims}
    rows = [dossier.observation(name) for name in dict.fromkeys([*_seen(audit), *also])]

    def order(row: Observation) -> tuple:
        claims = [claim for claim in row.claims if claim in own] or list(row.claims)
        return min(places.get(claim, len(places)) for claim in claims), row.measure, row.start, row.observation_id

    rows.sort(key=order)
    heads = ("Claims", "Figure", "What it measures", "Source", "Grade", "Knowable from", "Note")
    caption = f"Evidence: {formats.count(len(rows), 'observation')}, by claim, measure and date"
    cells = [_evidence_cells(audit, row) for row in rows]
    return rows_table(heads, cells, caption=caption, ids=[row_anchor(row.observation_id) for row in rows], kind="stack")


def figure_words(row: Observation) -> str:
    """A row's figure with its range: ``300,000 rounds (250,000 to 350,000)``, ``at least 5 ships``, ``yes``."""
    value, low, high, unit = row.value, row.low, row.high, row.unit
    if unit in ("event", "flag"):
        return "yes" if value >= 0.5 else "no"
    text = formats.quantity(value, unit)
    if low is not None and high is not None:
        return text if low == high else f"{text} ({formats.number(low)} to {formats.number(high)})"
    if low is not None:
        return f"at least {text}" if low == value else f"{text} (at least {formats.quantity(low, unit)})"
    if high is not None:
        return f"at most {text}" if high == value else f"{text} (at most {formats.quantity(high, unit)})"
    return text


def row_anchor(observation_id: str) -> str:
    """The id of an observation's row in the evidence table."""
    return f"row-{observation_id}"


def whole(dossier: Dossier) -> Dossier:
    """The whole dossier behind an as-of view."""
    return dossier.whole or dossier


def source_link(title: str, url: str) -> Html:
    """A source's title, linked where it has a web address."""
    safe = urlsplit(url).scheme in ("http", "https")
    return tag("a", title, href=url, rel="noopener") if safe else tag("span", title)


def _seen(audit: Audit) -> Iterable[str]:
    for verdict in audit.verdicts:
        yield from verdict.observations
        for finding in verdict.findings:
            yield from finding.observations


def _grade(row: Observation) -> str:
    return f"{row.reliability}{row.credibility}"


def _evidence_cells(audit: Audit, row: Observation) -> list[Html | str]:
    dossier = whole(audit.dossier)
    source, trust = dossier.sources.loc[row.source_id], dossier.trust(row)
    about = [row.entity, row.variant.replace("-", " "), formats.period(row.start, row.end)]
    measured = [str(dossier.measures.at[row.measure, "meaning"]), _soft("; ".join(filter(None, about)))]
    published = f"{source['publisher']}, {source['published']}"
    cited = [source_link(source["title"], source["url"]), _soft(published), _soft(f"Origin: {row.origin}")]
    graded = [
        tag("strong", _grade(row)),
        _soft(f"trust\N{NO-BREAK SPACE}{trust:.2f}" if trust else "no weight"),
        _soft(str(row.basis)),
    ]
    knowable = [formats.day(row.knowable)]
    if row.knowable > audit.dossier.article.published:
        knowable.append(_soft("after publication"))
    note = [row.note, tag("code", row.observation_id, class_="ca-row-id")]
    lines = [_lines(part) for part in (measured, cited, graded, knowable, note)]
    return [", ".join(row.claims), figure_words(row), *lines]


def _soft(text: str) -> Html:
    return tag("span", text, class_="ca-soft")


def _lines(parts: Iterable[Html | str]) -> Html:
    return join(parts, Html("<br>"))


# -- voices ---------------------------------------------------------------------------------------------------------


def voices_table(audit: Audit, element_id: str, vintage: Vintage = Vintage.HINDSIGHT) -> Html:
    """Who says what on an element, strongest first: the weight each voice adds, and what it would mean alone."""
    view, verdict, element = audit.view(vintage), audit.verdict(element_id, vintage), audit.dossier.element(element_id)
    rows: list[list[Html | str]] = []
    for voice in voices(verdict.findings, view):
        own = [item for item in verdict.findings if item.trust > 0 and view.voice(item.origin) == voice.origin]
        alone = formats.probability(1 / (1 + math.exp(-voice.weight)))
        weights = [f"{voice.support:.2f}", f"{-voice.doubt:.2f}", alone, f"{voice.trust:.2f}"]
        rows.append([voice.origin, *weights, _sayings(own)])
    silent = [item for item in verdict.findings if item.trust == 0]
    rows += [[item.origin, "no weight", "no weight", "50%", "0", _sayings([item])] for item in silent]
    heads = ("Voice", "For", "Against", "Alone, from even odds", "Trust", "What it says")
    caption = f"Voices {vintage.words}, with their weight of evidence in log-odds: {element.text}"
    return rows_table(heads, rows, caption=caption, kind="stack", numeric=heads[1:5])


def _sayings(findings: Iterable[Finding]) -> Html:
    """What a voice's findings say, each leading to the first row it rests on."""
    links = [
        tag("a", item.text or item.observations[0], href=f"#{row_anchor(item.observations[0])}", class_="ca-ref")
        for item in findings
    ]
    return _lines(dict.fromkeys(links))


def leave_one_out_table(audit: Audit, element_id: str, vintage: Vintage = Vintage.HINDSIGHT) -> Html:
    """The verdict on an element without each origin in turn."""
    frame = audit.leave_one_out(element_id, vintage)
    rows = [
        [
            str(row.origin),
            formats.probability(row.probability),
            f"{100 * row.change:+.0f} points",
            Label(row.label).words,
            "yes" if row.turns else "no",
        ]
        for row in frame.itertuples()
    ]
    heads = ("Without", "Probability", "Change", "Label", "Turns the label")
    caption = f"Leaving out one origin at a time, {vintage.words}: {audit.dossier.element(element_id).text}"
    return rows_table(heads, rows, caption=caption, kind="stack")


# -- parameters and method --------------------------------------------------------------------------------------------


def parameters_table(parameters: Any) -> Html:
    """The parameters a report was made with, beside their defaults; ``help`` in a field's metadata explains it."""
    if parameters is None:
        return tag("p", "This topic has no parameters.", class_="ca")
    fields = dataclasses.fields(parameters)
    explained = any("help" in field.metadata for field in fields)
    rows = []
    for field in fields:
        usual = "–" if field.default is dataclasses.MISSING else _setting(field.default)
        meaning = [str(field.metadata.get("help", ""))] if explained else []
        rows.append([tag("code", field.name), _setting(getattr(parameters, field.name)), usual, *meaning])
    heads = ("Parameter", "Value", "Default", *(["Meaning"] if explained else []))
    return rows_table(heads, rows, caption="Parameters of this report")


def _setting(value: Any) -> str:
    if value == "":
        return "blank"
    return str(value) if isinstance(value, bool | str) else f"{value:,}" if isinstance(value, int) else str(value)


def method_table(dossier: Dossier) -> Html:
    """Every number of the method and, where it is swept, the values it is varied over."""
    method = dossier.method
    sweep = {name: ", ".join(f"{value:g}" for value in values) for name, values in method.sweep.items()}
    rows = [[f"Source reliability {grade}", f"{weight:g}", ""] for grade, weight in method.reliability.items()]
    rows += [[f"Item credibility {grade}", f"{weight:g}", ""] for grade, weight in method.credibility.items()]
    rows += [["All grades, raised to the power", "1", sweep["grade_power"]]] if "grade_power" in sweep else []
    rows += [[f"Half-width, {basis.value}", f"{100 * width:g}%", ""] for basis, width in method.widths.items()]
    rows += [["All half-widths, times", "1", sweep["width_scale"]]] if "width_scale" in sweep else []
    for name, words in _SETTINGS.items():
        rows.append([words, f"{getattr(method, name):g}", sweep.get(name, "")])
    return rows_table(("Setting", "Value", "Varied over"), rows, caption="The method's numbers (method.toml)")


_SETTINGS = {
    "prior": "Probability before any evidence",
    "dependence": "Weight of a second and further voice",
    "certainty_cap": "Surest probability either way",
    "open_bound_factor": "Open bound read as up to, times",
    "supported": "Supported at or above",
    "refuted": "Refuted at or below",
    "minimum_trust": "Least trust to judge at all",
    "conflict_strength": "Conflict: least log-odds of the weaker side",
    "conflict_share": "Conflict: least share of the stronger side",
}
