"""Evidence as HTML: every observation with its source and grades, the independent sources heard on a part."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import pandas as pd

from claimaudit import formats
from claimaudit.html import Html, join, tag
from claimaudit.inert import web_address
from claimaudit.model import Observation, PartialDate, Vintage
from claimaudit.outcome import Finding
from claimaudit.show.badges import part_mark
from claimaudit.show.html_tables import rows_table
from claimaudit.show.provenance import (
    computed_from,
    finding_link,
    grade,
    origin_words,
    published,
    row_anchor,
    row_links,
    value_words,
    whole,
)
from claimaudit.verdict.audit import Audit
from claimaudit.verdict.pooling import heard_as, independent_sources

# -- observations --------------------------------------------------------------------------------------------------


def evidence_table(audit: Audit, *, also: Iterable[str] = ()) -> Html:
    """Every observation the topic's verdicts saw, with its source, folded by claim; those without weight are there too.

    ``also`` names further rows a notebook refers to, so that no reference leads nowhere. A link to a row opens its fold.
    """
    dossier = whole(audit.dossier)
    places = {claim.claim_id: place for place, claim in enumerate(dossier.claims)}
    own = {claim.claim_id for claim in audit.claims}
    rows = [dossier.observation(name) for name in dict.fromkeys([*_seen(audit), *also])]

    def claim_of(row: Observation) -> str:
        claims = [claim for claim in row.claims if claim in own] or list(row.claims)
        return min(claims, key=lambda claim: places.get(claim, len(places)), default="")

    def order(row: Observation) -> tuple:
        claim = claim_of(row)
        return claim not in own, places.get(claim, len(places)), row.measure, row.start, row.observation_id

    rows.sort(key=order)
    folds = []
    for is_own, group in groupby(rows, key=lambda row: claim_of(row) in own):
        for name, part in groupby(group, key=claim_of) if is_own else [("", group)]:
            folds.append(_fold(audit, name, list(part)))
    count = formats.count(len(rows), "observation")
    said = tag("p", f"Evidence: {count}, folded by claim; any figure in this report leads to its row here.")
    return tag("div", said, *folds, class_="ca ca-evidence")


def claim_evidence(audit: Audit, claim_id: str) -> Html:
    """Every row the verdicts on one claim saw, by measure and date: a table without verdicts or anchors, to stand anywhere."""
    dossier = whole(audit.dossier)
    own = replace(audit, verdicts=tuple(item for item in audit.verdicts if item.claim_id == claim_id))
    rows = map(dossier.observation, dict.fromkeys(_seen(own)))
    return _table(audit, rows, f"Evidence on {claim_id}, by measure and source", anchored=False)


_HEADS = ("Figure", "Of what and when", "Grade", "Knowable from", "Note")
_TOGETHER = 12
"""Rows under one naming of their source: one that is linked to stands on the screen with it."""


def _fold(audit: Audit, claim_id: str, rows: list[Observation]) -> Html:
    """The rows of one claim (or of none of this report's) behind one line."""
    count = formats.count(len(rows), "observation")
    if claim_id:
        claim = audit.dossier.claim(claim_id)
        said = tag("span", ": ", tag("span", claim.paraphrase, class_="ca-claimed"), class_="ca-whose")
        summary = tag("summary", tag("b", claim_id), f" {count}", said)
    else:
        summary = tag("summary", tag("b", "Further rows"), f" {count} this report refers to")
    caption = (
        f"Evidence on {claim_id}, by measure and source" if claim_id else "Further evidence, by measure and source"
    )
    return tag("details", summary, _table(audit, rows, caption), class_="ca-more")


def _table(audit: Audit, rows: Iterable[Observation], caption: str, *, anchored: bool = True) -> Html:
    """Rows in groups, each under its measure and its source, which are named once."""
    groups: dict[tuple[str, str], list[Observation]] = {}
    for row in sorted(rows, key=lambda row: (row.measure, row.start, row.observation_id)):
        groups.setdefault((row.measure, row.source_id), []).append(row)
    bodies = [
        tag(
            "tbody",
            tag("tr", tag("th", _group_head(audit, own[0]), colspan=len(_HEADS), scope="rowgroup")),
            *(_row(audit, row, anchored) for row in own[start : start + _TOGETHER]),
        )
        for _, own in sorted(groups.items(), key=lambda item: item[0][0])
        for start in range(0, len(own), _TOGETHER)
    ]
    head = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in _HEADS)))
    shown = tag("table", tag("caption", caption), head, *bodies, class_="ca-table ca-stack ca-rows")
    return tag("div", tag("div", shown, class_="ca-scroll"), class_="ca ca-tabled")


def source_link(title: str, url: str) -> Html:
    """A source's title, linked where it has a web address."""
    address = web_address(url)
    return tag("a", title, href=address) if address else tag("span", title)


def archived_link(source: Mapping[str, Any] | pd.Series) -> Html:
    """A link to the copy of a source that stays, where the dossier names one; else nothing."""
    address = web_address(str(source["archived"]))
    return tag("a", "archived", href=address, rel="noopener") if address else Html("")


def _seen(audit: Audit) -> Iterable[str]:
    for verdict in audit.verdicts:
        yield from verdict.observations
        for finding in verdict.findings:
            yield from finding.observations
    for claim in audit.claims:
        for selector in claim.related:
            yield from (row.observation_id for row in whole(audit.dossier).evidence.matching(selector))


def _group_head(audit: Audit, row: Observation) -> Html:
    """What a group of rows measures, and the source that says so."""
    dossier = whole(audit.dossier)
    source = dossier.sources.loc[row.source_id]
    measured = tag("b", str(dossier.measures.at[row.measure, "meaning"]))
    kept = archived_link(source)
    cited = [source_link(source["title"], source["url"]), *([" (", kept, ")"] if kept.text else [])]
    return join([measured, ": ", *cited, f", {published(dossier, row.source_id)}"])


def _row(audit: Audit, row: Observation, anchored: bool) -> Html:
    dossier = whole(audit.dossier)
    words, trust = dossier.words, dossier.trust(row)
    about = [words.entity(row.entity), words.words(row.variant), formats.period(row.start, row.end)]
    weighs = f"trust\N{NO-BREAK SPACE}{trust:.2f}" if trust else "no weight"
    revised = "".join(f"; revised by {name}" for name in dossier.revised_by(row))
    late = [tag("small", "after publication")] if row.knowable > audit.dossier.article.published else []
    who, printed = origin_words(dossier, dossier.independent(row.origin)), dossier.heard_from(row.source_id)
    goes_back = f"goes back to {who}" if who != printed and not who.startswith(f"{printed} and ") else ""
    told = ". ".join(filter(None, (", ".join(row.claims) if len(row.claims) > 1 else "", goes_back)))
    name = tag("small", told) if told else Html("")
    cells: list[Html | str] = [
        "; ".join(filter(None, about)),
        join([tag("b", grade(row)), tag("small", f"{weighs}, {row.basis}{revised}")]),
        join([formats.day(row.knowable), *late]),
        join([row.note, name]),
    ]
    anchor = row_anchor(row.observation_id) if anchored else None
    return tag("tr", tag("th", value_words(row)), *(tag("td", cell) for cell in cells), id=anchor)


def context_table(audit: Audit) -> Html:
    """Rows that name a claim of the topic but weigh nothing, folded by the reason; an empty piece where there are none."""
    own = {claim.claim_id for claim in audit.claims}
    entries = sorted((item for item in audit.dossier.context if item.claim_id in own), key=lambda item: item.claim_id)
    if not entries:
        return Html("")
    rows: list[list[Html | str]] = [[item.claim_id, item.reason, _kept(audit, item.observations)] for item in entries]
    heads = ("Claim", "Why", "Rows")
    return rows_table(
        heads, rows, caption="Kept without weight: rows that name a claim but decide nothing", kind="stack", folded=True
    )


_FIGURES = 1
"""Sources of rows without weight that are told, and figures of each; all are in the tables of the data."""


def _kept(audit: Audit, names: Iterable[str]) -> Html:
    """Rows without weight, folded: each source with its address and the figures it gives."""
    dossier, by_source = whole(audit.dossier), {}
    for row in map(dossier.observation, names):
        words = f"{value_words(row)} ({dossier.words.entity(row.entity)}, {formats.period(row.start, row.end)})"
        by_source.setdefault(row.source_id, []).append(words)
    items, rest = [], len(by_source) - _FIGURES
    for source_id, words in list(by_source.items())[: _FIGURES if rest > 1 else None]:
        source = dossier.sources.loc[source_id]
        more = len(words) - _FIGURES
        said = [*words[:_FIGURES], f"{formats.count(more, 'further figure')} in the data"] if more > 1 else words
        items.append(
            tag("li", source_link(source["title"], source["url"]), f", {source['publisher_name']}: ", "; ".join(said))
        )
    if rest > 1:
        items.append(tag("li", f"{formats.count(rest, 'further source')} in the data"))
    many = sum(map(len, by_source.values()))
    return tag("details", tag("summary", formats.count(many, "row")), tag("ul", *items), class_="ca-from")


# -- independent sources ---------------------------------------------------------------------------------------------------------


def independent_sources_table(audit: Audit, part_id: str, vintage: Vintage = Vintage.HINDSIGHT) -> Html:
    """Who says what on a part, strongest first, and how likely the part would be by each independent source alone.

    Those of one name are told apart by the day of their first row's source.
    """
    view, verdict = audit.view(vintage), audit.verdict(part_id, vintage)
    silent: dict[str, list[Finding]] = {}
    for item in verdict.findings:
        if item.trust == 0:
            silent.setdefault(heard_as(item, view), []).append(item)
    told: list[tuple[str, str, list[Finding], Html]] = []
    for one in independent_sources(verdict.findings, view):
        own = [item for item in verdict.findings if item.trust > 0 and heard_as(item, view) == one.origin]
        beside = silent.pop(one.origin, [])
        more = tag("div", "Without weight: ", _sayings(audit, beside)) if beside else Html("")
        told.append((one.origin, formats.probability(1 / (1 + math.exp(-one.weight))), own, more))
    told += [(origin, "no weight", own, Html("")) for origin, own in silent.items()]
    names = [origin_words(audit.dossier, origin) for origin, *_ in told]
    rows = [
        (f"{name}, {_first_day(audit, own)}" if names.count(name) > 1 else name, alone, _sayings(audit, own) + more)
        for name, (_, alone, own, more) in zip(names, told, strict=True)
    ]
    head = tag("thead", tag("tr", *(tag("th", name) for name in ("Independent source", "Alone", "What it says"))))
    body = [tag("tr", tag("th", name), tag("td", alone), tag("td", says)) for name, alone, says in rows]
    caption = tag("caption", f"Independent sources {vintage.words}, and how likely each alone would make this")
    shown = tag("table", caption, head, tag("tbody", *body), class_="ca-table ca-stack ca-weights")
    return tag("div", tag("div", shown, class_="ca-scroll"), class_="ca ca-tabled")


def _first_day(audit: Audit, findings: Sequence[Finding]) -> str:
    """When the source of the first row of some findings was published."""
    row = audit.dossier.observation(findings[0].observations[0])
    return PartialDate.parse(str(whole(audit.dossier).sources.at[row.source_id, "published"])).words


def _sayings(audit: Audit, findings: Iterable[Finding]) -> Html:
    """What an independent source's findings say, each leading to its row; those of several rows list them."""
    lines: dict[str, Html] = {}
    for item in findings:
        shown = finding_link(audit.dossier, item, noted=False)
        if len(item.observations) > 2:
            shown = join(
                [
                    shown,
                    tag(
                        "details",
                        tag("summary", f"from {len(item.observations)} figures"),
                        row_links(audit.dossier, item.observations),
                    ),
                ]
            )
        lines.setdefault(item.text or item.observations[0], tag("div", shown))
    return join(lines.values())


def leave_one_out_table(audit: Audit, part_id: str, vintage: Vintage = Vintage.HINDSIGHT) -> Html:
    """The verdict on a part without each origin in turn."""
    frame = audit.leave_one_out(part_id, vintage)
    rows = [
        [
            origin_words(audit.dossier, str(row.origin)),
            formats.probability(row.probability),
            f"{100 * row.change:+.0f} points",
            part_mark(row.label),
            "yes" if row.turns else "no",
        ]
        for row in frame.itertuples()
    ]
    heads = ("Without", "Probability", "Change", "Outcome", "Would change it")
    words = tag("span", audit.dossier.part(part_id).text, class_="ca-claimed")
    caption = join([f"Leaving out one origin at a time, {vintage.words}: ", words])
    used = audit.verdict(part_id, vintage).observations
    foot = computed_from(audit.dossier, used, "The independent sources are pooled again without each origin in turn.")
    return rows_table(heads, rows, caption=caption, kind="stack", foot=foot)
