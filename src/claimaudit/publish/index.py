"""The index page: the article, the result in a line, every claim with both verdicts, the reports and what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from claimaudit import formats
from claimaudit.cards import label_badge
from claimaudit.evidence_view import rows_table, source_link
from claimaudit.html import Html, join, tag
from claimaudit.model import Article, Claim, Domain, Label, Verdict, Vintage
from claimaudit.publish.page import Heading, Meta, facts, page


@dataclass(frozen=True)
class Report:
    """A report that was written: the file beside the index, its title and the topic it audits."""

    href: str
    title: str
    topic: str = ""


@dataclass(frozen=True)
class Failure:
    """A notebook that did not finish: its name, the number of the cell (0: none ran) and the error in a sentence."""

    notebook: str
    cell: int
    error: str


@dataclass(frozen=True)
class IndexRow:
    """A claim with its verdicts, and the report that shows them, if there is one."""

    claim: Claim
    at_publication: Verdict | None = None
    hindsight: Verdict | None = None
    report: Report | None = None


def index_rows(claims: Iterable[Claim], verdicts: Iterable[Verdict], reports: Iterable[Report]) -> list[IndexRow]:
    """A row a claim, in the article's order; a report serves the claims of its topic."""
    by_key = {(verdict.claim_id, verdict.vintage): verdict for verdict in verdicts if not verdict.element_id}
    by_topic = {report.topic: report for report in reports if report.topic}
    return [
        IndexRow(
            claim,
            by_key.get((claim.claim_id, Vintage.AT_PUBLICATION)),
            by_key.get((claim.claim_id, Vintage.HINDSIGHT)),
            by_topic.get(claim.topic),
        )
        for claim in sorted(claims, key=lambda claim: claim.paragraph)
    ]


def index_page(
    article: Article,
    rows: Sequence[IndexRow],
    failures: Sequence[Failure] = (),
    meta: Meta | None = None,
    *,
    reports: Sequence[Report] = (),
    downloads: Mapping[str, str] | None = None,
) -> str:
    """The page a reader opens first. ``reports`` lists those beyond the claims' own, ``downloads`` names to files."""
    meta = meta or Meta(language=article.language)
    listed = list(dict.fromkeys([*(row.report for row in rows if row.report), *reports]))
    files = {"verdicts.csv": "verdicts.csv", "verdicts.json": "verdicts.json"} if downloads is None else downloads
    about = [
        ("Article", source_link(article.title, article.url)),
        ("By", f"{article.author}, {article.publisher}, {formats.day(article.published)}"),
        ("Evidence closed", formats.day(article.compiled)),
        *meta.facts,
    ]
    domains = list(dict.fromkeys(row.claim.domain for row in rows))
    sections = [("claims-" + domain.value, f"{domain.value.capitalize()} claims") for domain in domains]
    parts = [
        tag("h1", f"Claims of “{article.title}”"),
        facts(about),
        _result(article, rows),
        _legend(),
        *([_failed(failures)] if failures else []),
        *(_claims(domain, [row for row in rows if row.claim.domain is domain]) for domain in domains),
        _reports(listed),
        _downloads(files),
    ]
    headings = [Heading(2, "failures", "What failed")] if failures else []
    headings += [Heading(2, anchor, words) for anchor, words in sections]
    headings += [Heading(2, "reports", "Reports"), Heading(2, "data", "Data")]
    return page(f"Claims of “{article.title}”", join(parts, Html("\n")), meta=meta, headings=headings, back=False)


def _legend() -> Html:
    """What labels, percentages and origins mean, in three lines."""
    return tag(
        "ul",
        tag(
            "li",
            tag("strong", "Labels. "),
            "Supported or refuted: the evidence leans clearly one way. Not enough evidence: it does not, or weighs too little. "
            "Conflicting: strong sources disagree, or one essential part of the claim holds and another does not.",
        ),
        tag(
            "li",
            tag("strong", "Percentages. "),
            "How likely the claim is to hold, by its weakest essential part. A wrong or unproven detail that does not decide "
            "the claim is named at the end of its line.",
        ),
        tag(
            "li", tag("strong", "Origins. "), "Independent voices: ten outlets that repeat one statement count as one."
        ),
        class_="ca-soft",
    )


def _result(article: Article, rows: Sequence[IndexRow]) -> Html:
    """The labels counted at both dates, in a sentence each."""
    sentences = []
    dates = {Vintage.AT_PUBLICATION: article.published, Vintage.HINDSIGHT: article.compiled}
    for vintage, date in dates.items():
        found = [verdict for row in rows if (verdict := getattr(row, vintage.value))]
        tally = Counter(verdict.label for verdict in found)
        counts = ", ".join(f"{tally[label]} {label.words}" for label in Label if tally[label])
        lead = f"{vintage.words.capitalize()} ({formats.day(date)})"
        sentences.append(tag("li", tag("strong", lead), f": {counts or 'no verdict'}"))
    return tag("ul", *sentences, class_="result")


def _failed(failures: Sequence[Failure]) -> Html:
    items = [
        tag("li", tag("strong", item.notebook), f", {_place(item.cell)}: ", tag("code", item.error))
        for item in failures
    ]
    words = "These notebooks did not finish; the verdicts on their claims may be missing."
    return tag(
        "section", tag("h2", "What failed", id="failures"), tag("p", words), tag("ul", *items), class_="failures"
    )


def _place(cell: int) -> str:
    return f"cell {cell}" if cell else "before the first cell"


def _claims(domain: Domain, rows: Sequence[IndexRow]) -> Html:
    heads = ("Claim", "What it says", "At publication", "In hindsight", "Origins", "What decides")
    cells = []
    for row in rows:
        claim, newest = row.claim, row.hindsight or row.at_publication
        target = f"{row.report.href}#claim-{claim.claim_id}" if row.report else ""
        name = tag("a", claim.claim_id, href=target) if target else claim.claim_id
        said = tag("span", f"{claim.speaker}, paragraph {claim.paragraph}", class_="ca-soft")
        missing = [] if row.report else [Html("<br>"), tag("span", "no report", class_="ca-soft")]
        says = join([claim.paraphrase, Html("<br>"), said, *missing])
        origins = str(len(newest.origins)) if newest else "–"
        verdicts = [_verdict(row.at_publication), _verdict(row.hindsight)]
        cells.append([name, says, *verdicts, origins, newest.reason if newest else "–"])
    table = rows_table(
        heads,
        cells,
        caption=f"{domain.value.capitalize()} claims in the article's order",
        kind="stack",
        numeric=heads[4:5],
    )
    return tag("section", tag("h2", f"{domain.value.capitalize()} claims", id=f"claims-{domain.value}"), table)


def _verdict(verdict: Verdict | None) -> Html | str:
    if verdict is None:
        return "no verdict"
    return join([label_badge(verdict.label), formats.probability(verdict.probability)], " ")


def _reports(reports: Sequence[Report]) -> Html:
    items = [tag("li", tag("a", report.title, href=report.href)) for report in reports]
    body = tag("ul", *items) if items else tag("p", "No report was written.")
    return tag("section", tag("h2", "Reports", id="reports"), body)


def _downloads(files: Mapping[str, str]) -> Html:
    items = [tag("li", tag("a", name, href=href)) for name, href in files.items()]
    words = "Every verdict on every claim and element, at each date:"
    return tag("section", tag("h2", "Data", id="data"), tag("p", words), tag("ul", *items))
