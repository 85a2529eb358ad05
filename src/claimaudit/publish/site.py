"""The site around the reports: pages, machine-readable files and the data blocks of the reports, from one build's results.

``site_files`` is a pure function of what it is given: no clock, no machine, so that the same inputs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claimaudit.dossier.dossier import Dossier
from claimaudit.inert import utf8
from claimaudit.outcome import Verdict
from claimaudit.publish import changes_page, claimreview, feed, outputs, timeline_page
from claimaudit.publish.archive import package
from claimaudit.publish.citation import citation_line
from claimaudit.publish.claim_page import FOLDER, claim_files, claim_href, linked_cards
from claimaudit.publish.codebook_page import codebook_page
from claimaudit.publish.corrections_page import corrections_page
from claimaudit.publish.database import database
from claimaudit.publish.index import index_page
from claimaudit.publish.index_rows import Failure, Report, index_rows
from claimaudit.publish.method_page import method_page
from claimaudit.publish.page import as_what_if, with_data
from claimaudit.publish.sources_page import sources_page
from claimaudit.show.changed import changed
from claimaudit.verdict.audit import Audit
from claimaudit.verdict.table import verdict_rows
from claimaudit.verdict.timeline import Step

EARLIER = ("verdicts.json", "feed.xml")
"""Files of an earlier build that the feed of changed ratings looks back at."""


@dataclass(frozen=True)
class Site:
    """What a build knows when its notebooks are done.

    ``audits`` holds the topics that could be judged; ``pages`` the HTML of reports made by this build, by file name;
    ``earlier`` the files of an earlier build, as ``earlier_files`` reads them; ``beside`` files the build adds itself,
    ``timelines`` the claims over time, as far as their topics could be judged.
    ``what_if`` says which parameters were changed: then nothing is published that could be taken for the audit.
    """

    dossier: Dossier
    audits: Mapping[str, Audit]
    reports: tuple[Report, ...]
    failures: tuple[Failure, ...] = ()
    pages: Mapping[str, str] = field(default_factory=dict)
    earlier: Mapping[str, bytes] = field(default_factory=dict)
    beside: tuple[str, ...] = ("manifest.json",)
    what_if: str = ""
    timelines: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)

    @property
    def verdicts(self) -> list[Verdict]:
        """All verdicts, topic by topic."""
        return [verdict for audit in self.audits.values() for verdict in audit.verdicts]


def site_files(site: Site) -> dict[str, bytes]:
    """Every file of the site beside the reports, and the reports of this build with their data block, by file name."""
    dossier, verdicts = site.dossier, site.verdicts
    rows = verdict_rows(verdicts)
    turned = {topic: found for topic, audit in site.audits.items() if (found := changed(audit.parameters))}
    pages = {report.topic: report.link for report in site.reports if report.topic}
    reviews = claimreview.reviews(site.audits.values(), pages)
    texts = {
        "verdicts.csv": outputs.csv_text(
            rows, {claim.claim_id: turned.get(claim.topic, {}) for claim in dossier.claims}
        ),
        "verdicts.json": outputs.json_text(rows, dossier.article, turned),
        "verdicts.schema.json": outputs.schema_text(),
        "claimreview.json": claimreview.json_text(reviews),
        "codebook.html": codebook_page(dossier),
        "method.html": method_page(dossier),
        "sources.html": sources_page(dossier, verdicts),
        "corrections.html": corrections_page(dossier, site.reports),
        changes_page.FILE: changes_page.changes_page(dossier),
        timeline_page.FILE: timeline_page.timeline_page(dossier, site.timelines),
        timeline_page.CSV: timeline_page.timeline_csv(site.timelines),
    }
    files = {name: utf8(text) for name, text in texts.items()}
    if not site.what_if:
        for audit in site.audits.values():
            files |= claim_files(
                audit, pages.get(audit.topic, ""), rows, site.earlier, _report_of(site, audit.topic), site.timelines
            )
    files["feed.xml"] = _feed(site, rows, pages)
    files["evidence.sqlite"] = database(dossier, site.audits.values(), turned)
    files["datapackage.zip"] = package(dossier)
    if site.what_if:
        for name in _EDITIONS:
            del files[name]
    index = index_page(
        dossier,
        index_rows(dossier.claims, verdicts, site.reports, dossier.words),
        site.failures,
        reports=site.reports,
        changed=turned,
        downloads=[*(name for name in _DOWNLOADS if name in files), *site.beside],
        cite=citation_line(dossier.article),
    )
    files["index.html"] = utf8(index)
    topics = {report.href: report.topic for report in site.reports}
    for name, html in site.pages.items():
        audit = site.audits.get(topics.get(name, ""))
        here = name if dossier.article.imprint.base_url else ""
        own = claimreview.reviews([audit], {audit.topic: here}) if audit else []
        names = [claim.claim_id for claim in audit.claims] if audit and not site.what_if else []
        shown = linked_cards(html, names)
        files[name] = utf8(with_data(shown, claimreview.graph(own)) if own and not site.what_if else shown)
    if site.what_if:
        files |= {
            name: utf8(as_what_if(raw.decode(), site.what_if)) for name, raw in files.items() if name.endswith(".html")
        }
    return files


_EDITIONS = ("claimreview.json", "feed.xml")
"""What only the audit itself publishes."""
_DOWNLOADS = (
    "verdicts.csv", "verdicts.json", "verdicts.schema.json", "timeline.csv", "claimreview.json", "feed.xml", "evidence.sqlite",
    "datapackage.zip",
)  # fmt: skip


def earlier_files(folder: Path, reports: Iterable[str] = ()) -> dict[str, bytes]:
    """The files of an earlier build that ``site_files`` looks back at, as far as they are there, and some of its reports."""
    found = {}
    pictures = (f"{FOLDER}/{path.name}" for path in sorted((folder / FOLDER).glob("*.png")))
    for name in (*EARLIER, *pictures, *reports):
        try:
            found[name] = (folder / name).read_bytes()
        except OSError:
            continue
    return found


def _report_of(site: Site, topic: str) -> str:
    """The text of a topic's report, of this build or one that is up to date; blank where it is another's, or none is there."""
    for report in site.reports:
        if report.topic == topic and not report.remark:
            return site.pages.get(report.href) or site.earlier.get(report.href, b"").decode("utf-8", "replace")
    return ""


def _feed(site: Site, rows: list[dict[str, Any]], pages: Mapping[str, str]) -> bytes:
    """Changes between the two dates, and between editions."""
    article, claims = site.dossier.article, site.dossier.claims
    topics = {claim.claim_id: claim.topic for claim in claims}
    judged = {verdict.claim_id for verdict in site.verdicts}
    places = {
        claim.claim_id: claim_href(claim.claim_id)
        if claim.claim_id in judged
        else f"{pages.get(claim.topic, 'index.html')}#claim-{claim.claim_id}"
        for claim in claims
    }
    earlier = feed.earlier_rows(site.earlier.get("verdicts.json", b""), topics, article)
    entries = feed.vintage_changes(article, claims, site.verdicts, places)
    entries += feed.edition_changes(article, claims, rows, earlier, places)
    entries += feed.accepted_changes(article, site.dossier.changelog, changes_page.FILE)
    entries += feed.kept_entries(site.earlier.get("feed.xml", b""), article)
    return feed.render(article, entries, claimreview.organisation(article))
