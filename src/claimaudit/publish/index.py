"""The index page: the article, the result in a line and a picture, every claim as a row, the reports, data, how to cite."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from claimaudit import formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.words import Words
from claimaudit.html import Html, join, tag
from claimaudit.model import Label
from claimaudit.outcome import Verdict
from claimaudit.publish.filtered import Choice, Row, controls, listing, script
from claimaudit.publish.index_rows import Failure, IndexRow, Report
from claimaudit.publish.page import Meta, page
from claimaudit.publish.picture import key, picture, tally
from claimaudit.show.badges import label_badge
from claimaudit.show.evidence_html import source_link
from claimaudit.show.provenance import row_anchor
from claimaudit.verdict.wording import Mention, Sentence, as_html, fact, remarks

FILE = "index.html"
DESCRIPTIONS = {
    "verdicts.csv": "every verdict on every claim and part at each date, as a table",
    "verdicts.json": "the same as JSON, with the article and the version of its form",
    "verdicts.schema.json": "the JSON Schema of that file",
    "claimreview.json": "every claim as ClaimReview (schema.org), as it also stands in each report",
    "feed.xml": "an Atom feed of verdicts that changed",
    "evidence.sqlite": "sources, observations, claims, parts, verdicts and findings as one SQLite file; opens in Datasette",
    "datapackage.zip": "the whole dossier as a Data Package: all tables with their schemas, units and licences",
    "manifest.json": "when the reports were built, with which versions and parameters",
}
"""What can be taken away beside the pages."""


def index_page(
    dossier: Dossier,
    rows: Sequence[IndexRow],
    failures: Sequence[Failure] = (),
    *,
    reports: Sequence[Report] = (),
    downloads: Iterable[str] = (),
    changed: Mapping[str, Mapping[str, Any]] | None = None,
    cite: str = "",
) -> str:
    """The page a reader opens first.

    ``reports`` lists those beyond the claims' own, ``downloads`` names files, ``changed`` the parameters of topics whose
    verdicts are not by the defaults.
    """
    article = dossier.article
    listed = list(dict.fromkeys([*(row.report for row in rows if row.report), *reports]))
    marks = [row.mark for row in rows]
    parts = [
        _opening(dossier, rows, listed),
        *([_failed(failures)] if failures else []),
        *([_changed(changed, dossier.words)] if changed else []),
        tag(
            "section",
            tag("h2", "What moved, and what did not", id="picture"),
            tag(
                "div",
                tag(
                    "div", tally(marks), key(dossier.method), class_="legend"
                ),  # first, so that nothing moves on arrival
                picture(marks, dossier.method),
                class_="glance",
            ),
        ),
        _claims(rows),
        _reading(),
        _reports(listed),
        _downloads(downloads),
        *([_cite(cite)] if cite else []),
    ]
    title = f"Claims of “{article.title}”, audited"
    meta = Meta(language="en", description=_sentence(rows))
    return page(title, join(parts, Html("\n")), meta=meta, here=FILE, script=script())


# -- the opening -------------------------------------------------------------------------------------------------------


def _opening(dossier: Dossier, rows: Sequence[IndexRow], reports: Sequence[Report]) -> Html:
    article = dossier.article
    whole = dossier.whole or dossier
    parts = formats.count(sum(len(claim.parts) for claim in dossier.claims), "checkable part")
    byline = join([article.author, article.publisher, formats.day(article.published)], " · ")
    audited = (
        f"This audit splits the article into {formats.count(len(rows), 'claim')} and {parts}, "
        f"and holds them against {len(whole.evidence.records):,} observations from {len(whole.sources):,} sources: by what "
        f"could be known on the day of publication, and in hindsight by what was known on {formats.day(article.compiled)}."
    )
    overall = next((report for report in reports if report.topic == "synthesis"), None)
    more = [" ", tag("a", "The whole in one report", href=overall.link), "."] if overall else []
    more += [" ", tag("a", "What labels and percentages mean", href="#reading"), "."]
    return tag(
        "header",
        tag("p", "Claim audit", class_="kicker"),
        tag("h1", source_link(article.title, article.url)),
        tag("p", byline, class_="byline"),
        tag("p", _sentence(rows), class_="verdict-line"),
        *([tag("p", details, class_="lead")] if (details := _details(rows)) else []),
        tag("p", audited, *more, class_="lead"),
        class_="opening",
    )


def _sentence(rows: Sequence[IndexRow]) -> str:
    """The result in a line: the labels in hindsight, and how many changed since publication."""
    tally = Counter(row.hindsight.label for row in rows if row.hindsight)
    if not tally:
        return f"{formats.count(len(rows), 'claim')}; no verdict could be computed."
    are = {label: f"{tally[label] or 'none'} {'are' if tally[label] > 1 else 'is'}" for label in Label}
    open_ = tally[Label.NOT_ENOUGH_EVIDENCE]
    changed = sum(row.mark.relabelled for row in rows)
    moved = (
        f"{formats.count(changed, 'label')} changed after publication"
        if changed
        else "No label changed after publication"
    )
    return (
        f"In hindsight {are[Label.SUPPORTED].replace(' ', f' of {len(rows)} claims ')} supported, {are[Label.REFUTED]} "
        f"refuted and {are[Label.CONFLICTING]} conflicting; for {open_ or 'none'} the evidence is not enough. {moved}."
    )


def _details(rows: Sequence[IndexRow]) -> str:
    """How many of the supported claims have a detail that does not hold, and how many more one that is not established."""
    held = [row.hindsight.details for row in rows if row.hindsight and row.hindsight.label is Label.SUPPORTED]
    wrong = sum(bool(found.refuted) for found in held)
    loose = sum(bool(found.open) and not found.refuted for found in held)
    more, what = (" more", "one") if wrong else ("", "a detail")
    parts = [f"{wrong} {_have(wrong)} a detail that does not hold"] * bool(wrong)
    parts += [f"{loose}{more} {_have(loose)} {what} that is not established"] * bool(loose)
    return f"Of the supported claims, {' and '.join(parts)}; each row names it." if parts else ""


def _have(many: int) -> str:
    return "has" if many == 1 else "have"


def _changed(changed: Mapping[str, Mapping[str, Any]], words: Words) -> Html:
    """A warning that the verdicts shown are not those of the audit's own settings."""
    items = [
        tag(
            "li",
            tag("strong", f"{words.words(topic)}: "),
            ", ".join(f"{name} = {value}" for name, value in own.items()),
        )
        for topic, own in changed.items()
    ]
    words = "The verdicts on these topics were computed with parameters other than the audit's own:"
    return tag(
        "section", tag("h2", "Other parameters", id="parameters"), tag("p", words), tag("ul", *items), class_="failures"
    )


def _failed(failures: Sequence[Failure]) -> Html:
    items = [
        tag("li", tag("strong", item.notebook), f", {_place(item)}: ", tag("code", item.error)) for item in failures
    ]
    words = "These notebooks did not finish; the verdicts on their claims may be missing."
    return tag(
        "section", tag("h2", "What failed", id="failures"), tag("p", words), tag("ul", *items), class_="failures"
    )


def _place(item: Failure) -> str:
    line = f", line {item.line}" if item.line else ""
    return f"cell {item.cell}{line}" if item.cell else "before the first cell"


# -- the claims ---------------------------------------------------------------------------------------------------------

_HEADS = ("Claim", "What the article says", "At publication", "In hindsight", "Origins", "What decides it")


def _claims(rows: Sequence[IndexRow]) -> Html:
    table = listing(
        _HEADS, [_row(row) for row in rows], caption="All claims in the article's order", kind="claims",
        numeric=_HEADS[4:5],
    )  # fmt: skip
    bar = controls(_choices(rows), total=len(rows), noun="claims")
    return tag("section", tag("h2", "All claims", id="claims"), bar, table)


def _choices(rows: Sequence[IndexRow]) -> list[Choice]:
    labels = {row.hindsight.label for row in rows if row.hindsight}
    domains = dict.fromkeys(row.claim.domain.value for row in rows)
    speakers = sorted({row.claim.speaker for row in rows}, key=str.casefold)
    return [
        Choice("label", "Label in hindsight", [(label.value, label.words) for label in Label if label in labels]),
        Choice("domain", "Domain", [(domain, domain) for domain in domains]),
        Choice("speaker", "Speaker", [(_value(speaker), speaker) for speaker in speakers]),
        Choice("change", "Changed with hindsight", [("label", "label changed"), ("moved", "moved 10 points or more")]),
    ]


def _row(row: IndexRow) -> Row:
    claim, newest = row.claim, row.hindsight or row.at_publication
    target = f"{row.report.link}#claim-{claim.claim_id}" if row.report else ""
    name = tag("a", claim.claim_id, href=target) if target else claim.claim_id
    about = f"{claim.speaker}, paragraph {claim.paragraph} · {claim.domain.value} · "
    more = tag("a", f"{row.mark.topic} report", href=target) if target else f"{row.mark.topic.lower()}, no report"
    says = [tag("span", claim.paraphrase, class_="said"), tag("span", about, more, class_="soft")]
    if row.report and row.report.remark:
        says.append(tag("span", f"Its report was {row.report.remark}.", class_="remark"))
    verdicts = [_verdict(row.at_publication), _verdict(row.hindsight)]
    changes = [*(["label"] if row.mark.relabelled else []), *(["moved"] if row.mark.moved else [])]
    values = {
        "label": row.hindsight.label.value if row.hindsight else "",
        "domain": claim.domain.value,
        "speaker": _value(claim.speaker),
        "change": "|".join(changes),
    }
    origins = str(len(newest.origins)) if newest else "–"
    return Row([name, join(says), *verdicts, origins, _decides(row, newest)], row.anchor, values)


def _value(text: str) -> str:
    """A text as a filter's value: the sign that parts several values must not stand in it."""
    return text.replace("|", "/")


def _verdict(verdict: Verdict | None) -> Html | str:
    if verdict is None:
        return "no verdict"
    share = tag("span", formats.probability(verdict.probability), class_="share")
    return join([label_badge(verdict.label), share], " ")


def _decides(row: IndexRow, newest: Verdict | None) -> Html | str:
    """The deciding fact, its evidence leading to the report's row, and what must be said beside it."""
    if newest is None:
        return "–"

    def shown(sentence: Sentence) -> Html:
        return as_html(sentence, lambda said: _evidence(said, row.report))

    lines = [tag("span", shown(fact(newest)), class_="said")]
    lines += [
        tag("span", tag("strong", f"{remark.lead}: "), shown(remark.words), class_="soft") for remark in remarks(newest)
    ]
    return join(lines)


def _evidence(said: Mention, report: Report | None) -> Html | str:
    """Words that lead to their row in a report; one that is not of this build or its settings may not hold the row."""
    if report is None or report.remark:
        return said.text
    return tag("a", said.text, href=f"{report.link}#{row_anchor(said.rows[0])}")


def _reading() -> Html:
    """What labels, percentages and origins mean, in three lines."""
    said = {
        "Labels": "Supported or refuted: the evidence leans clearly one way. Not enough evidence: it does not, or weighs too "
        "little. Conflicting: strong sources disagree, or one essential part of the claim holds and another does not.",
        "Percentages": "How likely the claim is to hold, by its weakest essential part. A wrong or unproven detail that does "
        "not decide the claim is named under what decides it.",
        "Origins": "Independent sources: ten outlets that repeat one statement count as one.",
    }
    pairs = [tag("div", tag("dt", name), tag("dd", words)) for name, words in said.items()]
    more = tag("p", tag("a", "How verdicts are made, limits first", href="method.html"))
    return tag("section", tag("h2", "How to read this", id="reading"), tag("dl", *pairs, class_="terms"), more)


# -- the rest -----------------------------------------------------------------------------------------------------------


def _reports(reports: Sequence[Report]) -> Html:
    items = [
        tag(
            "li",
            tag("a", report.title, href=report.link),
            *([tag("span", f" {_capital(report.remark)}.", class_="remark")] if report.remark else []),
        )
        for report in reports
    ]
    body = tag("ul", *items, class_="reports") if items else tag("p", "No report was written.")
    return tag("section", tag("h2", "Reports", id="reports"), body)


def _downloads(files: Iterable[str]) -> Html:
    items = [
        tag("li", tag("a", name, href=name), f": {DESCRIPTIONS[name]}" if name in DESCRIPTIONS else "")
        for name in files
    ]
    return tag("section", tag("h2", "Data", id="data"), tag("ul", *items)) if items else Html("")


def _cite(line: str) -> Html:
    words = "To cite one verdict, add the claim and its date, as in: claim M01, in hindsight."
    return tag("section", tag("h2", "How to cite", id="cite"), tag("p", line, class_="cite"), tag("p", words))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
