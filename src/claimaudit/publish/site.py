"""The site around the reports: pages, machine-readable files and the data blocks of the reports, from one build's results.

``site_files`` is a pure function of what it is given: no clock, no machine, so that the same inputs give the same bytes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claimaudit.dossier.dossier import Dossier
from claimaudit.inert import utf8
from claimaudit.outcome import Verdict
from claimaudit.publish import changes_page, claimreview, feed, outputs, timeline_page
from claimaudit.publish.archive import package
from claimaudit.publish.citation import read_citation
from claimaudit.publish.corrections_page import corrections_page
from claimaudit.publish.database import database
from claimaudit.publish.index import index_page
from claimaudit.publish.index_rows import Failure, Report, index_rows
from claimaudit.publish.method_page import method_page
from claimaudit.publish.page import with_data
from claimaudit.publish.sources_page import sources_page
from claimaudit.verdict.audit import Audit
from claimaudit.verdict.table import verdict_rows
from claimaudit.verdict.timeline import Step

EARLIER = ("verdicts.json", "feed.xml")
"""Files of an earlier build that the feed of changed ratings looks back at."""
_OWN = ("dossier", "as_of")


@dataclass(frozen=True)
class Site:
    """What a build knows when its notebooks are done.

    ``audits`` holds the topics that could be judged; ``pages`` the HTML of reports made by this build, by file name;
    ``earlier`` the files of an earlier build, as ``earlier_files`` reads them; ``beside`` files the build adds itself,
    ``timelines`` the claims over time, as far as their topics could be judged.
    """

    dossier: Dossier
    audits: Mapping[str, Audit]
    reports: tuple[Report, ...]
    failures: tuple[Failure, ...] = ()
    pages: Mapping[str, str] = field(default_factory=dict)
    earlier: Mapping[str, bytes] = field(default_factory=dict)
    beside: tuple[str, ...] = ("manifest.json",)
    timelines: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)

    @property
    def verdicts(self) -> list[Verdict]:
        """All verdicts, topic by topic."""
        return [verdict for audit in self.audits.values() for verdict in audit.verdicts]


def site_files(site: Site) -> dict[str, bytes]:
    """Every file of the site beside the reports, and the reports of this build with their data block, by file name."""
    dossier, verdicts = site.dossier, site.verdicts
    rows = verdict_rows(verdicts)
    changed = {topic: found for topic, audit in site.audits.items() if (found := changed_parameters(audit))}
    pages = {report.topic: report.link for report in site.reports if report.topic}
    reviews = claimreview.reviews(site.audits.values(), pages)
    citation = read_citation()
    texts = {
        "verdicts.csv": outputs.csv_text(rows),
        "verdicts.json": outputs.json_text(rows, dossier.article, changed),
        "verdicts.schema.json": outputs.schema_text(),
        "claimreview.json": claimreview.json_text(reviews),
        "method.html": method_page(dossier),
        "sources.html": sources_page(dossier, verdicts),
        "corrections.html": corrections_page(dossier, site.reports),
        changes_page.FILE: changes_page.changes_page(dossier),
        timeline_page.FILE: timeline_page.timeline_page(dossier, site.timelines),
        timeline_page.CSV: timeline_page.timeline_csv(site.timelines),
    }
    files = {name: utf8(text) for name, text in texts.items()}
    files["feed.xml"] = _feed(site, rows, changed, pages)
    files["evidence.sqlite"] = database(dossier, site.audits.values())
    files["datapackage.zip"] = package(dossier)
    index = index_page(
        dossier,
        index_rows(dossier.claims, verdicts, site.reports, dossier.words),
        site.failures,
        reports=site.reports,
        changed=changed,
        downloads=[*(name for name in _DOWNLOADS if name in files), *site.beside],
        cite=citation.line(dossier.article.compiled) if citation else "",
    )
    files["index.html"] = utf8(index)
    topics = {report.href: report.topic for report in site.reports}
    for name, html in site.pages.items():
        audit = site.audits.get(topics.get(name, ""))
        own = claimreview.reviews([audit], {audit.topic: ""}) if audit else []
        files[name] = utf8(with_data(html, claimreview.graph(own)) if own else html)
    return files


_DOWNLOADS = (
    "verdicts.csv", "verdicts.json", "verdicts.schema.json", "timeline.csv", "claimreview.json", "feed.xml", "evidence.sqlite",
    "datapackage.zip",
)  # fmt: skip


def earlier_files(folder: Path) -> dict[str, bytes]:
    """The files of an earlier build that ``site_files`` looks back at, as far as they are there."""
    found = {}
    for name in EARLIER:
        try:
            found[name] = (folder / name).read_bytes()
        except OSError:
            continue
    return found


def changed_parameters(audit: Audit) -> dict[str, Any]:
    """The parameters of an audit that are not at their defaults, without those that only say what to read."""
    if audit.parameters is None:
        return {}
    return {
        item.name: getattr(audit.parameters, item.name)
        for item in dataclasses.fields(audit.parameters)
        if item.name not in _OWN and getattr(audit.parameters, item.name) != item.default
    }


def _feed(site: Site, rows: list[dict[str, Any]], changed: Mapping[str, Any], pages: Mapping[str, str]) -> bytes:
    """Changes between the two dates, and between editions; what was made with other parameters is no edition."""
    article, claims = site.dossier.article, site.dossier.claims
    topics = {claim.claim_id: claim.topic for claim in claims}
    places = {claim.claim_id: f"{pages.get(claim.topic, 'index.html')}#claim-{claim.claim_id}" for claim in claims}
    usual = [row for row in rows if topics[row["claim_id"]] not in changed]
    names = {row["claim_id"] for row in usual}
    verdicts = [verdict for verdict in site.verdicts if verdict.claim_id in names]
    earlier = feed.earlier_rows(site.earlier.get("verdicts.json", b""), topics)
    entries = feed.vintage_changes(article, claims, verdicts, places)
    entries += feed.edition_changes(article, claims, usual, earlier, places)
    entries += feed.accepted_changes(article, site.dossier.changelog, changes_page.FILE)
    entries += feed.kept_entries(site.earlier.get("feed.xml", b""))
    return feed.render(article, entries, claimreview.ORGANISATION)
