"""The sources page: every source with its grade, its date, how much of it was read and how often it is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from claimaudit import formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.terms import NOT_STATED, Licence, Offer
from claimaudit.html import Html, join, tag
from claimaudit.model import ADMIRALTY_RELIABILITY, PartialDate
from claimaudit.outcome import Verdict
from claimaudit.publish.filtered import Choice, Row, controls, listing, script
from claimaudit.publish.foot import foot
from claimaudit.publish.page import Meta, page
from claimaudit.show.evidence_html import source_link

FILE = "sources.html"
_HEADS = ("Source", "Published", "Grade", "Read", "Figures", "Weighed", "Claims")
_KINDS = {"dataset": "data set"}
"""Kinds whose slug is not yet how a reader writes it."""
_READ = {"full": "in full", "excerpt": "excerpt", "dataset": "data set"}


@dataclass(frozen=True)
class Use:
    """How often a source is used: its observations, those a verdict weighs, the series it feeds, the claims it bears on."""

    figures: int = 0
    weighed: int = 0
    series: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


def source_anchor(source_id: str) -> str:
    """The place of a source on the page."""
    return f"source-{source_id}"


def uses(dossier: Dossier, verdicts: Iterable[Verdict]) -> dict[str, Use]:
    """How often each source is used; an observation is weighed when a finding with trust rests on it at any date."""
    whole = dossier.whole or dossier
    weighed = {
        name
        for verdict in verdicts
        for finding in verdict.findings
        if finding.trust > 0
        for name in finding.observations
    }
    figures, used = Counter(), Counter()
    claims: dict[str, set[str]] = {}
    for name, row in whole.evidence.records.items():
        figures[row.source_id] += 1
        used[row.source_id] += name in weighed
        claims.setdefault(row.source_id, set()).update(row.claims)
    series: dict[str, list[str]] = {}
    for item in whole.series.values():
        for source in item.frame["source_id"].unique():
            series.setdefault(source, []).append(item.title)
    order = {claim.claim_id: (claim.paragraph, number) for number, claim in enumerate(whole.claims)}
    return {
        source: Use(
            figures[source],
            used[source],
            tuple(sorted(series.get(source, ()))),
            tuple(sorted(claims.get(source, set()) & set(order), key=order.__getitem__)),
        )
        for source in whole.sources.index
    }


def sources_page(dossier: Dossier, verdicts: Iterable[Verdict]) -> str:
    """The page: a table a kind of source, by publisher and date."""
    sources = (dossier.whole or dossier).sources
    used = uses(dossier, verdicts)
    records = {
        name: dict(zip(sources.columns, row, strict=True))
        for name, row in zip(sources.index, sources.values, strict=True)
    }
    kinds = [kind for kind, _ in Counter(record["kind"] for record in records.values()).most_common()]
    parts = [_opening(records, used), _summary(records, kinds)]
    choices = [
        Choice("kind", "Kind", [(kind, _kind(kind)) for kind in kinds]),
        Choice("grade", "Grade", [(letter, letter) for letter in ADMIRALTY_RELIABILITY if _any(records, letter)]),
        Choice("read", "Read", list(_READ.items())),
        Choice("use", "Use", [("weighed", "weighed in a rating"), ("shown", "shown only")]),
    ]
    parts.append(controls(choices, total=len(records), noun="sources"))
    for kind in kinds:
        own = {name: record for name, record in records.items() if record["kind"] == kind}
        rows = [
            _row(name, own[name], used[name], dossier.terms)
            for name in sorted(own, key=lambda name: _order(name, own[name]))
        ]
        title = f"{_capital(_kind(kind))}: {formats.count(len(rows), 'source')}"
        table = listing(_HEADS, rows, caption="By publisher and date", kind="sources", numeric=_HEADS[4:6])
        parts.append(tag("section", tag("h2", title, id=f"kind-{kind}"), table, data_group=True))
    parts += [_terms(dossier.terms)] if dossier.terms.licence else []
    meta = Meta(description=f"All {len(records)} sources of the audit with grade, date and use.", foot=foot(dossier))
    return page("Sources", join(parts, Html("\n")), meta=meta, here=FILE, script=script())


def _kind(slug: str) -> str:
    return _KINDS.get(slug, formats.words(slug))


def _any(records: Mapping[str, dict], letter: str) -> bool:
    return any(record["reliability"] == letter for record in records.values())


def _order(name: str, record: Mapping) -> tuple[str, str, str]:
    return str(record["publisher_name"]).casefold(), str(record["published"]), name


def _opening(records: Mapping[str, dict], used: Mapping[str, Use]) -> Html:
    figures, weighed = (sum(getattr(use, name) for use in used.values()) for name in ("figures", "weighed"))
    words = (
        f"{len(records):,} documents and data sets, with {figures:,} figures and events read in them; {weighed:,} of these "
        "weigh in a rating, the others are shown beside them."
    )
    grades = [
        "The letter is how reliable the publisher has been, from A to E; ",
        tag("a", "what each grade weighs", href="method.html#trust"),
        ". Figures: observations taken from the source. Weighed: those on which a rating rests at either date.",
    ]
    return tag("header", tag("h1", "Sources"), tag("p", words, class_="lead"), tag("p", *grades))


def _summary(records: Mapping[str, dict], kinds: list[str]) -> Html:
    letters = [letter for letter in ADMIRALTY_RELIABILITY if _any(records, letter)]
    head = [tag("th", name, scope="col") for name in ("Kind", "Sources", *letters, "Read in full")]
    rows = []
    for kind in kinds:
        own = [record for record in records.values() if record["kind"] == kind]
        grades = Counter(record["reliability"] for record in own)
        counts = [len(own), *(grades[letter] for letter in letters), sum(record["seen"] != "excerpt" for record in own)]
        name = tag("a", _capital(_kind(kind)), href=f"#kind-{kind}")
        rows.append(tag("tr", tag("th", name, scope="row"), *(tag("td", str(count)) for count in counts)))
    caption = tag("caption", "Sources by kind and grade")
    table = tag("table", caption, tag("thead", tag("tr", *head)), tag("tbody", *rows), class_="tally")
    return tag("div", table, class_="wide", tabindex="0", role="region", aria_label="Sources by kind and grade")


def _row(name: str, record: Mapping, use: Use, offer: Offer) -> Row:
    own = offer.of(name)
    terms = f"terms: {own.licence.title if own else record['license'] or NOT_STATED}"
    about = ", ".join(filter(None, (str(record["publisher_name"]), str(record["language"]), terms)))
    what = [tag("span", source_link(str(record["title"]), str(record["url"])), class_="said")]
    what.append(tag("span", about, class_="soft"))
    what += [tag("span", f"Series: {title}", class_="soft") for title in use.series]
    claims = join([tag("a", claim, href=f"index.html#claim-{claim}") for claim in use.claims], ", ")
    published, seen = PartialDate.parse(str(record["published"])).words, str(record["seen"])
    cells = [
        join(what),
        published,
        str(record["reliability"]),
        _READ.get(seen, seen),
        str(use.figures),
        str(use.weighed),
        claims,
    ]
    values = {
        "kind": str(record["kind"]),
        "grade": str(record["reliability"]),
        "read": seen,
        "use": "weighed" if use.weighed else "shown",
    }
    return Row(cells, source_anchor(name), values)


def _terms(offer: Offer) -> Html:
    """Under which licence the dossier is offered, and what in it is not: whose, on which terms, with which credit line."""
    whole = tag("p", "The compilation is offered under ", _licence(offer.licence) if offer.licence else "", ".")
    except_for = (
        "That licence does not cover what follows, in any of the files: regular tables with rows of these sources, and their "
        "rows among the observations. Whoever passes them on keeps to these terms and prints the credit line. The terms of all "
        "other sources stand with them above; single facts are taken from these."
    )
    pairs = [
        tag(
            "div",
            tag("dt", terms.of),
            tag("dd", _licence(terms.licence), ". ", f"{terms.note} " if terms.note else "", f"Credit: {terms.credit}"),
        )
        for terms in offer.terms
    ]
    listed = [tag("p", except_for), tag("dl", *pairs, class_="terms")] if pairs else []
    return tag("section", tag("h2", "Terms", id="terms"), whole, *listed)


def _licence(licence: Licence) -> Html:
    return source_link(licence.title, licence.path)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
