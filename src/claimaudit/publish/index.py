"""The index page: what was found, the article annotated claim by claim, how to read it, the reports, data, how to cite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from claimaudit import formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.words import Words
from claimaudit.html import Html, join, tag
from claimaudit.publish.annotated import article_in_order
from claimaudit.publish.filtered import script
from claimaudit.publish.foot import excerpts, foot
from claimaudit.publish.index_rows import Failure, IndexRow, Report, badge_terms
from claimaudit.publish.opening import bar, headline, short_lists, three_lines
from claimaudit.publish.page import Meta, page
from claimaudit.publish.tested import tested_words
from claimaudit.show.evidence_html import source_link

FILE = "index.html"
DESCRIPTIONS = {
    "verdicts.csv": "every verdict on every claim and part at each date, as a table",
    "verdicts.json": "the same as JSON, with the article and the version of its form",
    "verdicts.schema.json": "the JSON Schema of that file",
    "claimreview.json": "every claim as ClaimReview (schema.org), as it also stands in each report",
    "feed.xml": "an Atom feed of ratings that changed",
    "evidence.sqlite": "sources, observations, claims, parts, verdicts and findings as one SQLite file; opens in Datasette",
    "datapackage.zip": "the whole dossier as a Data Package, all tables with their schemas, units and licences",
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
    listed = list(dict.fromkeys([*(row.report for row in rows if row.report), *reports]))
    places = {report: dossier.topics.about(report.topic).order for report in listed}
    listed.sort(key=lambda report: (places[report] is None, places[report] or 0))
    parts = [
        _opening(dossier, rows),
        *([_failed(failures)] if failures else []),
        *([_changed(changed, dossier.words)] if changed else []),
        short_lists(rows),
        article_in_order(rows, getattr(dossier, "sentences", None)),
        _reading(tested_words(dossier)),
        _about(dossier, rows, listed),
        _reports(listed),
        _downloads(downloads, terms=dossier.terms.licence is not None),
        *([_cite(cite, dossier.claims[0].claim_id)] if cite else []),
    ]
    title = f"“{dossier.article.title}”, audited claim by claim"
    meta = Meta(
        language=dossier.article.imprint.language, description=f"{headline(rows)}.", foot=foot(dossier, cite=not cite)
    )
    return page(title, join(parts, Html("\n")), meta=meta, here=FILE, script=script())


# -- the opening -------------------------------------------------------------------------------------------------------


def _opening(dossier: Dossier, rows: Sequence[IndexRow]) -> Html:
    article = dossier.article
    about = join(
        [
            source_link(f"“{article.title}”", article.url),
            *article.by,
            formats.day(article.published),
        ],
        " · ",
    )
    return tag(
        "header",
        tag("p", "Claim audit", class_="kicker"),
        tag("h1", headline(rows)),
        tag("p", about, class_="byline"),
        bar(rows),
        three_lines(rows),
        class_="opening",
    )


def _about(dossier: Dossier, rows: Sequence[IndexRow], reports: Sequence[Report]) -> Html:
    """What the ratings rest on: how much was taken apart, read and weighed, and as of when."""
    article, whole = dossier.article, dossier.whole or dossier
    parts = formats.count(sum(len(claim.parts) for claim in dossier.claims), "part")
    words = (
        f"The article was split into {formats.count(len(rows), 'claim')} and these into {parts} that can be tested, which were "
        f"held against {len(whole.evidence.records):,} figures and events; {excerpts(dossier)}. "
        f"Ratings use what was known on {formats.day(article.compiled)}. "
        f"Where a rating using only what was public on {formats.day(article.published)}, when the article appeared, would be "
        "another one, the claim says so."
    )
    overall = next((report for report in reports if dossier.topics.about(report.topic).whole), None)
    more = [" ", tag("a", "The whole in one report", href=overall.link), "."] if overall else []
    return tag("section", tag("h2", "What this rests on", id="basis"), tag("p", words, *more))


def _changed(changed: Mapping[str, Mapping[str, Any]], words: Words) -> Html:
    """A warning that the ratings shown are not those of the audit's own settings."""
    items = [
        tag(
            "li",
            tag("strong", f"{words.words(topic)}: "),
            ", ".join(f"{name} = {value}" for name, value in own.items()),
        )
        for topic, own in changed.items()
    ]
    words = "The ratings on these topics were computed with parameters other than the audit’s own:"
    return tag(
        "section", tag("h2", "Other parameters", id="parameters"), tag("p", words), tag("ul", *items), class_="failures"
    )


def _failed(failures: Sequence[Failure]) -> Html:
    items = [
        tag("li", tag("strong", item.notebook), f", {_place(item)}: ", tag("code", item.error)) for item in failures
    ]
    words = "These notebooks did not finish; the ratings of their claims may be missing."
    return tag(
        "section", tag("h2", "What failed", id="failures"), tag("p", words), tag("ul", *items), class_="failures"
    )


def _place(item: Failure) -> str:
    line = f", line {item.line}" if item.line else ""
    return f"cell {item.cell}{line}" if item.cell else "before the first cell"


# -- how to read it -------------------------------------------------------------------------------------------------------

_TERMS = {
    "Parts": "Each claim is split into parts, and each part is tested: it holds, is wrong, is disputed, or stays open. The "
    "rating follows from the parts by fixed rules.",
    "Evidence": "Strong: three independent sources on the deciding part, or a primary record and one more, direct and none of "
    "them a party. Moderate: two, or one primary record. Thin: one, or indirect, or only parties, or a result that changes "
    "without one of them. Ten outlets that repeat one statement are one source.",
    "Likelihood": "How likely the point is to be so, as a word with a range in steps of 5%. The list gives the word where it is "
    "less than very likely.",
}


def _reading(tested: str) -> Html:
    """What the five badges, evidence and likelihood mean, in a few lines, and by whom the rules were tested."""
    pairs = badge_terms()
    pairs += [tag("div", tag("dt", name), tag("dd", words)) for name, words in _TERMS.items()]
    more = tag(
        "p", f"{formats.capital(tested)}. ", tag("a", "How ratings are made, limits first", href="method.html"), "."
    )
    return _opened("How to read this", "reading", tag("dl", *pairs, class_="ca terms"), more)


# -- the rest -----------------------------------------------------------------------------------------------------------


def _reports(reports: Sequence[Report]) -> Html:
    items = [
        tag(
            "li",
            tag("a", report.title, href=report.link),
            *([tag("span", f" {formats.capital(report.remark)}.", class_="remark")] if report.remark else []),
        )
        for report in reports
    ]
    body = tag("ul", *items, class_="reports") if items else tag("p", "No report was written.")
    return tag("section", tag("h2", "Reports", id="reports"), body)


def _downloads(files: Iterable[str], *, terms: bool = False) -> Html:
    items = [
        tag("li", tag("a", name, href=name), f": {DESCRIPTIONS[name]}" if name in DESCRIPTIONS else "")
        for name in files
    ]
    leads = tag("a", "Under which terms", href="sources.html#terms")
    words = (
        [tag("p", leads, " the data are offered; some tables and rows keep the terms of their sources.")]
        if terms
        else []
    )
    return _opened("Data", "data", tag("ul", *items), *words) if items else Html("")


def _opened(title: str, anchor: str, *inside: Html) -> Html:
    """A section that shows its heading until it is opened."""
    return tag("details", tag("summary", tag("h2", title, id=anchor)), *inside, class_="more")


def _cite(line: str, claim: str) -> Html:
    words = f"To cite one rating, add the claim and the day it holds for, as in: claim {claim}, as of the day above."
    return tag("section", tag("h2", "How to cite", id="cite"), tag("p", line, class_="cite"), tag("p", words))
