"""The method page: limits first, how ratings are made in plain words, and every number of the method with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from importlib import resources
from math import prod
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from claimaudit import formats
from claimaudit.analysis.floor import Graded
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.method import Method
from claimaudit.html import Html, join, tag
from claimaudit.inert import readable
from claimaudit.model import Label, dated
from claimaudit.publish.clean import Heading
from claimaudit.publish.foot import foot
from claimaudit.publish.index_rows import badge_terms
from claimaudit.publish.page import Meta, page
from claimaudit.publish.sources_page import source_anchor
from claimaudit.publish.tested import tested_words
from claimaudit.show.provenance import published
from claimaudit.verdict.pooling import IndependentSource, logit, pool

FILE = "method.html"
RELIABILITY = {
    "A": "completely reliable", "B": "usually reliable", "C": "fairly reliable", "D": "not usually reliable",
    "E": "unreliable", "F": "cannot be judged",
}  # fmt: skip
CREDIBILITY = {
    "1": "confirmed", "2": "probably true", "3": "possibly true", "4": "doubtful", "5": "improbable",
    "6": "cannot be judged",
}  # fmt: skip
"""The words of the Admiralty scale."""
_GRADES = {"grades.reliability": RELIABILITY, "grades.credibility": CREDIBILITY}
_NAMES = {
    "grades.reliability": "Reliability of a source",
    "grades.credibility": "Credibility of an item",
    "widths": "Half-width of a figure without a range",
    "pool": "Pooling",
    "labels": "Bars of a part",
    "floor": "The least evidence that decides a part",
    "size": "Tolerances of printed figures",
    "cause": "Shares of an effect that make its cause",
    "confidence": "How strong the evidence is",
    "degrees": "What words of degree ask for",
    "sweep": "Settings the ratings are tried under",
}
_ORDER = ("low", "middle", "high")


def method_page(dossier: Dossier) -> str:
    """The page."""
    method = dossier.method
    whole = dossier.whole or dossier
    sections = [*_tables(method), *_topics(whole)]
    text = _template().render(
        method=method,
        share=lambda value: f"{100 * value:g}%",
        badges=Markup(join(badge_terms()).text),
        sources=f"{len(whole.sources):,}",
        excerpts=f"{int((whole.sources['seen'] == 'excerpt').sum()):,}",
        claims=len(dossier.claims),
        parts=sum(len(claim.parts) for claim in dossier.claims),
        published=formats.day(dossier.article.published),
        compiled=formats.day(dossier.article.compiled),
        tested=tested_words(dossier),
        matrix=Markup(_matrix(method).text),
        variants=f"{prod(map(len, method.sweep.values())):,}",
        numbers=Markup(join([html for _, html in sections], "\n").text),
    )
    text = readable(text)  # reasons go in by the template, which escapes markup alone
    found = re.findall(r'<h2 id="([^"]+)">([^<]+)</h2>', text)
    headings = [Heading(2, anchor, words) for anchor, words in found] + [heading for heading, _ in sections]
    meta = Meta(
        description="How the ratings of this audit are made: limits, steps, and every number with its reason.",
        foot=foot(dossier),
    )
    return page("How a rating is made", Html(text), meta=meta, headings=headings, here=FILE)


def _template() -> Any:
    text = resources.files("claimaudit.publish").joinpath("templates/site/method.html.j2").read_text(encoding="utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(text)


def _matrix(method: Method) -> Html:
    """What one independent source of each grade that weighs makes of a part, by the method's own pooling."""
    digits = [digit for digit, weight in method.credibility.items() if weight]
    head = [tag("th", "Source", scope="col")]
    head += [tag("th", digit, tag("span", f" {CREDIBILITY[digit]}"), scope="col") for digit in digits]
    rows = []
    for letter in (letter for letter, weight in method.reliability.items() if weight):
        cells = [tag("th", letter, tag("span", f" {RELIABILITY[letter]}"), scope="row")]
        for digit in digits:
            trust = method.trust(letter, digit)
            weight = max(0.0, logit((1 + min(trust, 1 - 1e-9)) / 2))
            one = IndependentSource("one", weight, 0.0, trust, (), (Graded("one", letter, int(digit)),))
            outcome = pool([one], method)
            settles = outcome.label is Label.SUPPORTED
            shown = formats.probability(outcome.probability)
            cells.append(tag("td", tag("strong", shown) if settles else shown, class_="settles" if settles else None))
        rows.append(tag("tr", *cells))
    caption = (
        "What one independent source makes of even odds, by its grade; in bold: enough by itself for a part to hold"
    )
    body = tag("table", tag("caption", caption), tag("thead", tag("tr", *head)), tag("tbody", *rows), class_="matrix")
    return tag("div", body, class_="wide", tabindex="0", role="region", aria_label="Grades")


# -- the numbers --------------------------------------------------------------------------------------------------------


def _tables(method: Method) -> list[tuple[Heading, Html]]:
    """The tables of the method itself."""
    values: dict[str, Mapping[str, float | str]] = {
        "grades.reliability": method.reliability,
        "grades.credibility": method.credibility,
        "widths": {basis.value: width for basis, width in method.widths.items()},
        "pool": {name: getattr(method, name) for name in _MEANINGS["pool"]},
        "labels": {name: getattr(method, name) for name in _MEANINGS["labels"]},
        "floor": asdict(method.floor),
        "size": asdict(method.size),
        "cause": asdict(method.cause),
        "confidence": asdict(method.confidence),
    }
    out = []
    for name, numbers in values.items():
        words = {**_GRADES, **_MEANINGS}.get(name, {})
        rows = [
            [tag("code", key), words.get(key, ""), _plain(value), _varied(method, key)]
            for key, value in numbers.items()
        ]
        out.append(_section(name, method, ("Name", "Meaning", "Value", "Varied over"), rows))
    words = [
        [tag("code", name), ", ".join(degree.words) or "every other", degree.asks, _coded(degree.why)]
        for name, degree in method.degrees.items()
    ]
    out.append(_section("degrees", method, ("Degree", "Words", "Any of these suffices", "Why"), words))
    rows = [
        [tag("code", key), ", ".join(f"{value:g}" for value in values), _coded(method.reasons.get(f"sweep.{key}", ""))]
        for key, values in method.sweep.items()
    ]
    out.append(_section("sweep", method, ("Setting", "Values", "Note"), rows))
    return out


_MEANINGS = {
    "pool": {
        "prior": "probability before any evidence",
        "dependence": "weight of a second and further independent source",
        "certainty_cap": "surest probability, either way",
        "quoting": "how well an account of somebody's words is believed, beside the outlet's letter",
        "open_bound_factor": "how many times an open bound is read as",
    },
    "labels": {
        "supported": "a part holds at or above",
        "refuted": "a part is wrong at or below",
        "conflict_share": "conflict: least share of the stronger side",
    },
    "floor": {
        "alone": "worst grade with which one source decides",
        "together": "worst grade with which each of several sources decides",
        "sources": "how many of these it takes",
        "party_digit": "best digit of what a party says in its own cause or against its opponent",
    },
    "size": {
        "tenth": "of that size: share of the printed figure",
        "fifth": "of that size: share of it for “half” and “up to”, and the most for a percentage",
        "points": "of that size: points of a percentage",
        "rate_points": "the printed figure: points of a published rate of change of output",
    },
    "cause": {
        "holds": "a cause holds from this share of the effect on",
        "refuted": "a cause is refuted below this share of the effect",
    },
    "confidence": {
        "strong": "strong evidence: independent sources that are no party",
        "strong_with_record": "as many suffice where one of them is a primary record",
        "moderate": "moderate evidence: independent sources",
    },
}


def _varied(method: Method, key: str) -> str:
    return ", ".join(f"{value:g}" for value in method.sweep.get(key, ()))


def _section(
    name: str, method: Method, heads: Sequence[str], rows: Iterable[Sequence[Html | str]], title: str = ""
) -> tuple[Heading, Html]:
    """One table of the file: its name, its reason, its numbers. Columns that say nothing are left out."""
    rows = list(rows)
    full = [number for number, _ in enumerate(heads) if number == 0 or any(_text(row[number]) for row in rows)]
    anchor, title = f"numbers-{name.replace('.', '-')}", title or _NAMES.get(name, name)
    head = tag("tr", *(tag("th", heads[number], scope="col") for number in full))
    body = [
        tag("tr", tag("th", row[0], scope="row"), *(tag("td", row[n], data_label=heads[n]) for n in full[1:]))
        for row in rows
    ]
    caption = tag("caption", tag("code", f"[{name}]"))
    table = tag("table", caption, tag("thead", head), tag("tbody", *body), class_="numbers")
    reason = method.reasons.get(name, "")
    why = [tag("p", _coded(reason))] if reason else []
    summary = tag("summary", tag("h3", title, id=anchor))
    return Heading(3, anchor, title), tag("details", summary, *why, table, class_="more")


def _text(cell: Html | str) -> str:
    return cell.text if isinstance(cell, Html) else cell


def _coded(text: str) -> Html:
    """A reason with the names between backticks set as code; it begins with a capital."""
    parts = text.split("`")
    words = [tag("code", part) if number % 2 else part for number, part in enumerate(parts)]
    if isinstance(words[0], str):
        words[0] = words[0][:1].upper() + words[0][1:]
    return join(words)


def _topics(dossier: Dossier) -> list[tuple[Heading, Html]]:
    """The assumptions of single topics: ranges and choices, why, and the sources they lean on."""
    out = []
    for topic, entries in dossier.method.topics.items():
        title = dossier.words.words(topic)
        name = f"topics.{topic}"
        plain = {key: value for key, value in entries.items() if not _is_group(value)}
        groups = {key: value for key, value in entries.items() if _is_group(value)}
        if plain:
            out.append(_assumptions(dossier, name, plain, f"Assumptions on {title}"))
        for key, values in groups.items():
            named = (
                values
                if isinstance(values, dict)
                else {str(item.get("name", n)): item for n, item in enumerate(values, 1)}
            )
            out.append(
                _assumptions(dossier, f"{name}.{key}", named, f"Assumptions on {title}: {dossier.words.words(key)}")
            )
    return out


def _is_group(value: Any) -> bool:
    """True for a table of tables, and for a list of tables."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return bool(items) and all(isinstance(item, dict) for item in items)


def _assumptions(dossier: Dossier, name: str, entries: Mapping[str, Any], title: str) -> tuple[Heading, Html]:
    rows = []
    for key, value in entries.items():
        entry = value if isinstance(value, dict) else {"value": value}
        why = " ".join(filter(None, (dossier.method.reasons.get(f"{name}.{key}", ""), str(entry.get("why", "")))))
        shown = key if "name" in entry else dossier.words.words(key)  # a name of words stands as it is
        rows.append([shown, _setting(dossier, entry), _coded(why), _leans_on(dossier, entry)])
    return _section(name, dossier.method, ("Assumption", "Value", "Why", "Rests on"), rows, title)


def _setting(dossier: Dossier, entry: Mapping[str, Any]) -> str:
    parts = []
    for key, value in entry.items():
        if key in ("why", "name") or _rows(dossier, value):
            continue
        if key == "range" and len(value) == len(_ORDER):
            parts.append(", ".join(f"{name} {_written(number)}" for name, number in zip(_ORDER, value, strict=True)))
        elif key == "range":
            parts.append(" to ".join(map(_written, value)))
        else:
            parts.append(_plain(value) if key == "value" else f"{dossier.words.words(key)} {_plain(value)}")
    return "; ".join(parts)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or "none"
    if isinstance(value, date):
        return formats.day(value)
    return _written(value) if isinstance(value, int | float) and not isinstance(value, bool) else dated(str(value))


def _written(value: float) -> str:
    """A number as the file has it, large ones with separators; a year stays as it is."""
    return f"{value:,.10g}" if abs(value) >= 10_000 else f"{value:.10g}"


def _rows(dossier: Dossier, value: Any) -> list[str]:
    """The observations a value names; none when it is another kind of value."""
    names = value if isinstance(value, list) else [value]
    known = dossier.evidence.records
    return list(names) if names and all(isinstance(name, str) and name in known for name in names) else []


def _leans_on(dossier: Dossier, entry: Mapping[str, Any]) -> Html:
    """The sources of the observations an assumption names, each leading to its place on the sources page."""
    names = [name for value in entry.values() for name in _rows(dossier, value)]
    used = dict.fromkeys(dossier.observation(name).source_id for name in names)
    links = [tag("a", published(dossier, source), href=f"sources.html#{source_anchor(source)}") for source in used]
    return join(links, "; ")
