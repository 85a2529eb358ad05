"""What the command line shows: tables of claims and notebooks, faults, and a verdict explained, as rich renderables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from claimaudit import formats, inert
from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import Fault
from claimaudit.model import Claim, Label, PartialDate, Vintage
from claimaudit.outcome import Finding, Verdict
from claimaudit.rated import Badge, Rating
from claimaudit.run.gate import Parameter
from claimaudit.run.notebooks import Notebook
from claimaudit.run.values import plain
from claimaudit.show.card_folds import change_words
from claimaudit.verdict.agreement import Agreement, Compared
from claimaudit.verdict.audit import Audit
from claimaudit.verdict.pooling import IndependentSource, independent_sources, weight_of_evidence
from claimaudit.verdict.wording import conclusion_text, reason_text

LABEL_STYLES = {
    Label.SUPPORTED: "green",
    Label.REFUTED: "red",
    Label.CONFLICTING: "yellow",
    Label.NOT_ENOUGH_EVIDENCE: "dim",
}

BADGE_STYLES = {
    Badge.RIGHT: "green",
    Badge.RIGHT_BUT: "cyan",
    Badge.UNPROVEN: "dim",
    Badge.PARTLY_RIGHT: "yellow",
    Badge.WRONG: "red",
}
_BOTH = (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT)


def _text(text: object, style: str = "") -> Text:
    """A text of the dossier: no markup in it is read, and no escape sequence reaches the terminal."""
    return Text(inert.terminal(str(text)), style=style)


def _table(*columns: str, title: str = "") -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        title=_text(title) if title else None,
        title_justify="left",
        title_style="bold",
        pad_edge=False,
    )
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


# -- claimaudit list ------------------------------------------------------------------------------------------------


def claims_table(claims: Sequence[Claim], verdicts: Mapping[str, Mapping[str, Verdict]]) -> Table:
    """Every claim with its topic (and notebook), and its badge with the reason at both dates.

    ``verdicts`` is by claim id and vintage; a claim that could not be judged shows a dash.
    """
    table = _table("claim", "topic", "at publication", "in hindsight", "what it says", title="Claims")
    for claim in claims:
        own = verdicts.get(claim.claim_id, {})
        ratings = [_rating_cell(own.get(vintage.value)) for vintage in _BOTH]
        table.add_row(_text(claim.claim_id), _text(claim.topic), *ratings, _text(claim.paraphrase))
    return table


def _rating_cell(verdict: Verdict | None) -> Text:
    return _rating(verdict.rating) if verdict else Text("-")


def _rating(rating: Rating) -> Text:
    """Badge and reason in one line, the badge in its colour."""
    style = BADGE_STYLES[rating.badge]
    return Text.assemble((rating.badge.value, f"bold {style}"), _text(rating.words.removeprefix(rating.badge.value)))


def completeness(claims: Sequence[Claim], verdicts: Mapping[str, Mapping[str, Verdict]]) -> str:
    """How many claims are rated at both dates, in one sentence."""
    both = {vintage.value for vintage in _BOTH}
    whole = [claim for claim in claims if both <= set(verdicts.get(claim.claim_id, {}))]
    return f"{len(whole)} of {len(claims)} claims are rated at both dates"


def parameters_table(notebook: Notebook, parameters: Sequence[Parameter]) -> Table:
    """A notebook's parameters: type, default, what each may be, help."""
    where = f" ({notebook.group})" if notebook.group else ""
    table = _table(
        "parameter", "type", "default", "may be", "meaning", title=f"{notebook.name}{where}: {notebook.title}"
    )
    for item in parameters:
        default = plain(item.default) if type(item.default) is int and item.name != "seed" else str(item.default)
        cells = (item.name, item.type.__name__, default, item.allowed, item.help)
        table.add_row(*map(_text, cells))
    return table


# -- claimaudit validate --------------------------------------------------------------------------------------------


def faults_table(faults: Iterable[Fault]) -> Table:
    """All faults of a dossier: where, what is wrong, what to do."""
    table = _table("file", "line", "column", "what is wrong", "what to do")
    table.columns[1].justify = "right"
    for fault in faults:
        table.add_row(*map(Text, fault.cells))
    return table


def sound(dossier: Dossier) -> str:
    """One line that says what was read without a fault."""
    parts = sum(len(claim.parts) for claim in dossier.claims)
    counts = [
        formats.count(len(dossier.claims), "claim"),
        formats.count(parts, "part"),
        formats.count(len(dossier.observations), "observation"),
        formats.count(len(dossier.sources), "source"),
        formats.count(len(dossier.series), "series", "series"),
        formats.count(len(dossier.corrections), "correction"),
    ]
    return f"no fault: {', '.join(counts)}"


# -- claimaudit explain ---------------------------------------------------------------------------------------------


def explanation(audit: Audit, claim: Claim, parts: Sequence[str] = ()) -> Group:
    """A claim's ratings, what carries them and what would change them; of the ``parts`` named, or of all."""
    return Group(*_explanation(audit, claim, parts))


def _explanation(audit: Audit, claim: Claim, parts: Sequence[str]) -> Iterator[RenderableType]:
    yield _text(f"{claim.claim_id}  {claim.quotation or claim.paraphrase}", style="bold")
    yield _text(f"{claim.speaker}, paragraph {claim.paragraph}; topic {claim.topic}", style="dim")
    yield _text(f"How we read it: {claim.best_reading}")
    for view in audit.views:
        verdict = audit.verdict(claim.claim_id, view.vintage)
        yield Text()
        yield Text.assemble(f"{_when(verdict)}: ", _rating(verdict.rating))
        yield from (Padding(line, (0, 0, 0, 2)) for line in _rated(verdict))
    for part in claim.parts:
        if parts and part.part_id not in parts:
            continue
        yield Text()
        yield _text(f"{part.part_id}  {part.text} ({part.role.value}; test: {part.test.value})", style="bold")
        for view in audit.views:
            yield Padding(_part(audit, part.part_id, view), (0, 0, 0, 2))
    yield Text()
    yield sources_table(audit, claim)


def _rated(verdict: Verdict) -> Iterator[Text]:
    """What is said of a claim beside its badge: the sentence, then whatever of the rest is given, a line each."""
    yield _text(conclusion_text(verdict))
    rated = verdict.rated
    for name, given in (
        ("Likelihood", rated and rated.likelihood and rated.likelihood.words),
        ("Evidence", rated and rated.confidence and rated.confidence.words),
        ("Relayed faithfully?", rated and rated.relayed and rated.relayed.value),
        ("The deciding question", verdict.deciding and verdict.deciding.text),
    ):
        if given:
            yield _text(f"{name}{'' if name.endswith('?') else ':'} {given}")


def _when(verdict: Verdict) -> str:
    return f"{verdict.vintage.words.capitalize()} ({formats.day(verdict.as_of)})"


def _part(audit: Audit, part_id: str, view: Dossier) -> Group:
    verdict = audit.verdict(part_id, view.vintage)
    heard = independent_sources(verdict.findings, view)
    sweep = audit.sweeps[part_id, view.vintage]
    outcome = Text(f"{_when(verdict)}: ")
    outcome.append(f"{verdict.label.mark}", style=f"bold {LABEL_STYLES[verdict.label]}")
    outcome.append(f" ({verdict.label.words})")
    lines: list[RenderableType] = [outcome]
    lines.append(independent_sources_table(heard, verdict.findings) if heard else _text(reason_text(verdict)))
    lines += [_text(f"What would change it: {change_words(flip)}") for flip in audit.flips[part_id, view.vintage]]
    kept = f"The same in {formats.probability(sweep.survives)} of {sweep.variants:,} variants of the method"
    return Group(*lines, Text(kept))


def independent_sources_table(heard: Sequence[IndependentSource], findings: Sequence[Finding]) -> Table:
    """Each independent source with its weight of evidence and its strongest finding, strongest first."""
    table = _table("independent source", "trust", "weight", "strongest evidence", "observation")
    for column in table.columns[1:3]:
        column.justify = "right"
    for one in heard:
        own = [finding for finding in findings if finding.trust > 0 and {*finding.observations} <= {*one.observations}]
        strongest = max(own, key=lambda finding: abs(weight_of_evidence(finding)))
        cells = (one.origin, f"{one.trust:.2f}", f"{one.weight:+.2f}", strongest.text, strongest.observations[0])
        table.add_row(*map(_text, cells))
    return table


def sources_table(audit: Audit, claim: Claim) -> Table:
    """The sources of every observation used, with their grades and addresses."""
    used = dict.fromkeys(
        name
        for view in audit.views
        for verdict in audit.of(claim.claim_id, view.vintage)[1]
        for name in verdict.observations
    )
    records = [audit.dossier.observation(name) for name in used]
    table = _table("source", "grade", "published", "title", "address", title="Sources")
    for source_id in sorted({record.source_id for record in records}):
        source = audit.dossier.sources.loc[source_id]
        cells = (
            source_id,
            source["reliability"],
            PartialDate.parse(source["published"]).words,
            source["title"],
            source["url"],
        )
        table.add_row(*map(_text, cells))
    return table


# -- claimaudit agree -------------------------------------------------------------------------------------------------


def compared_lines(compared: Compared) -> list[str]:
    """How readers and the program agree: a line a pair, a line a claim that is judged differently."""
    lines = []
    for pair in compared.pairs:
        lines.append(f"{pair.first} and {pair.second}, {compared.scale}: {pair.judged.words}")
        if pair.confidence.count:
            lines.append(f"{pair.first} and {pair.second}, confidence: {pair.confidence.words}")
    lines += [item.words for item in compared.differing]
    if compared.unjudged:
        lines.append(f"not compared, as their topics could not be judged: {', '.join(compared.unjudged)}")
    return list(map(inert.line, lines))


def compared_json(compared: Compared) -> str:
    """The same as JSON: ``scale``, ``pairs``, ``differing``, ``unjudged``; what is not defined is null."""
    pairs = [
        {
            "first": pair.first,
            "second": pair.second,
            compared.scale: _agreement(pair.judged),
            "confidence": _agreement(pair.confidence),
        }
        for pair in compared.pairs
    ]
    differing = [
        {
            "claim_id": item.claim_id,
            "reader": item.reader,
            "theirs": item.theirs,
            "ours": item.ours,
            "reason": item.reason,
            "part_id": item.part_id,
            "part": item.part,
            "part_label": item.outcome.value,
            "rule": item.rule,
        }
        for item in compared.differing
    ]
    whole = {
        "scale": compared.scale, "vintage": Vintage.HINDSIGHT.value, "pairs": pairs, "differing": differing,
        "unjudged": list(compared.unjudged),
    }  # fmt: skip
    return json.dumps(whole, indent=2)


def _agreement(one: Agreement) -> dict[str, float | None]:
    low, high = one.share_range or (None, None)
    return {
        "claims": one.count,
        "alike": one.alike,
        "share": one.share,
        "share_low": low,
        "share_high": high,
        "kappa": one.kappa,
        "low": one.low,
        "high": one.high,
    }
