"""The sources page: every source with its grade, its date, how much of it was read and how often it is used."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from claimaudit import formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.terms import Licence, Offer
from claimaudit.html import Html, join, tag
from claimaudit.inert import web_address
from claimaudit.model import ADMIRALTY_RELIABILITY, PartialDate
from claimaudit.outcome import Verdict
from claimaudit.publish.filtered import Choice, controls, script
from claimaudit.publish.foot import foot
from claimaudit.publish.page import Meta, page
from claimaudit.show.evidence_html import archived_link, source_link

FILE = "sources.html"
_FEW = 120
"""So many sources of a kind stand in one list."""
_KINDS = {"dataset": "data set"}
"""Kinds whose slug is not yet how a reader writes it."""
_READ = {"full": "in full", "excerpt": "excerpt", "dataset": "data set"}
_CODES = {"full": "f", "excerpt": "e", "dataset": "d"}
"""Values of the filters in few letters: they stand in a thousand lines."""


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
    """The page: the sources by kind, publisher and date, in lists to open."""
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
        Choice("is", "Grade", [(letter, letter) for letter in ADMIRALTY_RELIABILITY if _any(records, letter)]),
        Choice("is", "Read", [(_CODES[seen], words) for seen, words in _READ.items()]),
        Choice("is", "Use", [("w", "weighed in a rating"), ("s", "shown only")]),
    ]
    parts.append(controls(choices, total=len(records), noun="sources"))
    for kind in kinds:
        own = {name: record for name, record in records.items() if record["kind"] == kind}
        names = sorted(own, key=lambda name: _order(name, own[name]))
        lists: list = [
            (title, [_item(name, own[name], used[name], dossier.terms) for name in some])
            for title, some in _initials(names, own)
        ]
        head = tag("h2", f"{formats.capital(_kind(kind))}: {formats.count(len(names), 'source')}", id=f"kind-{kind}")
        if len(lists) > 1:
            lists = [head, *(_fold(title, items) for title, items in lists)]
        else:
            lists = [_fold(head, items) for _, items in lists]
        parts.append(tag("section", *lists, data_group=True, data_kind=kind))
    parts += [_terms(dossier.terms)] if dossier.terms.licence else []
    meta = Meta(description=f"All {len(records)} sources of the audit with grade, date and use.", foot=foot(dossier))
    return page("Sources", join(parts, Html("\n")), meta=meta, here=FILE, script=script())


def _kind(slug: str) -> str:
    return _KINDS.get(slug, formats.words(slug))


def _any(records: Mapping[str, dict], letter: str) -> bool:
    return any(record["reliability"] == letter for record in records.values())


def _order(name: str, record: Mapping) -> tuple[str, str, str]:
    return _plain(str(record["publisher_name"])), str(record["published"]), name


def _opening(records: Mapping[str, dict], used: Mapping[str, Use]) -> Html:
    figures, weighed = (sum(getattr(use, name) for use in used.values()) for name in ("figures", "weighed"))
    words = (
        f"{len(records):,} documents and data sets, with {figures:,} figures and events read in them; {weighed:,} of these "
        "weigh in a rating, the others are shown beside them."
    )
    grades = [
        "The letter is how reliable the publisher has been, from A to E; ",
        tag("a", "what each grade weighs", href="method.html#trust"),
        ". Figures: observations taken from the source. Weighed: those on which a rating rests at either date. "
        "Unless a line says otherwise, a source is in English, was read as an excerpt, and "
        "states no terms of use; it ends with the claims it bears on.",
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
        name = tag("a", formats.capital(_kind(kind)), href=f"#kind-{kind}")
        rows.append(tag("tr", tag("th", name, scope="row"), *(tag("td", str(count)) for count in counts)))
    caption = tag("caption", "Sources by kind and grade")
    table = tag("table", caption, tag("thead", tag("tr", *head)), tag("tbody", *rows), class_="tally")
    return tag("div", table, class_="wide", tabindex="0", role="region", aria_label="Sources by kind and grade")


def _initials(names: Sequence[str], records: Mapping[str, dict]) -> list[tuple[str, list[str]]]:
    """The sources of a kind in lists to fold: all in one, which needs no name, or many by the publishers' first letters."""
    if len(names) <= _FEW:
        return [("", list(names))]
    found: dict[str, list[str]] = {}
    for name in names:
        first = _plain(str(records[name]["publisher_name"]))[:1]
        found.setdefault(first if first.isalpha() and first.isascii() else "0-9 and others", []).append(name)
    return [(f"Publishers: {letter} ({len(own)})", own) for letter, own in sorted(found.items())]


def _plain(text: str) -> str:
    """Without accents, in capitals: how names are put in order."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)).upper()


def _fold(title: str | Html, items: Sequence[Html]) -> Html:
    return tag("details", tag("summary", title), tag("ul", *items), data_group=True, class_="ca sources")


def _item(name: str, record: Mapping, use: Use, offer: Offer) -> Html:
    """A source in a line: publisher, title with its address, date, grade, and what is not as with most."""
    own, title, address = offer.of(name), str(record["title"]), web_address(str(record["url"]))
    terms = own.licence.title if own else str(record["license"])
    seen, language = str(record["seen"]), str(record["language"])
    facts = [
        PartialDate.parse(str(record["published"])).words,
        str(record["reliability"]),
        "" if seen == "excerpt" else f"read {_READ[seen]}" if seen == "full" else _READ.get(seen, seen),
        "" if language == "en" else language,
        formats.count(use.figures, "figure") if use.figures else "",
        f"{use.weighed} weighed" if use.weighed else "",
        *(f"series: {series}" for series in use.series),
        f"terms: {terms}" if terms else "",
    ]
    shown = [f"{record['publisher_name']}: ", tag("a", title, href=address) if address else title]
    kept = archived_link(record)
    shown += [" (", kept, ")"] if kept.text else []
    shown += [" · ", " · ".join(filter(None, facts))]
    if use.claims:
        shown.append(f" · {' '.join(use.claims)}")
    values = "|".join((str(record["reliability"]), _CODES.get(seen, seen), "w" if use.weighed else "s"))
    return tag("li", *shown, id=source_anchor(name), data_row=True, data_is=values)


def _terms(offer: Offer) -> Html:
    """Under which licence the dossier is offered, and what in it is not: whose, on which terms, with which credit line."""
    whole = tag("p", "The compilation is offered under ", _licence(offer.licence) if offer.licence else "", ".")
    except_for = (
        "That licence does not cover what follows, in any of the files: regular tables with rows of these sources, and their "
        "rows among the observations. Whoever passes them on keeps to these terms and prints the credit line. The terms of all "
        "other sources are given with them above; single facts are taken from these."
    )
    pairs = [
        tag(
            "div",
            tag("dt", terms.of),
            tag(
                "dd",
                _licence(terms.licence),
                ". ",
                f"{terms.note} " if terms.note else "",
                f"Credit: {terms.credit}",
            ),
        )
        for terms in offer.terms
    ]
    listed = [tag("p", except_for), tag("dl", *pairs, class_="terms")] if pairs else []
    return tag("section", tag("h2", "Terms", id="terms"), whole, *listed)


def _licence(licence: Licence) -> Html:
    return source_link(formats.capital(licence.title), licence.path)
