"""Corrections and gaps: where the tables were departed from, what was looked for and not found, what was left unweighed."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from claimaudit import formats
from claimaudit.dossier.context import Context
from claimaudit.dossier.corrections import Correction
from claimaudit.dossier.dossier import Dossier
from claimaudit.html import Html, join, tag
from claimaudit.publish.clean import Heading
from claimaudit.publish.filtered import controls, script
from claimaudit.publish.foot import foot
from claimaudit.publish.index_rows import Report
from claimaudit.publish.page import Meta, page

FILE = "corrections.html"
_SECTIONS = (
    ("corrections", "Corrections to the evidence"),
    ("not-found", "What was not found"),
    ("unweighed", "What was kept without weight"),
)


def corrections_page(dossier: Dossier, reports: Sequence[Report]) -> str:
    """The page; gaps come with the reports, the rest from the dossier."""
    whole = dossier.whole or dossier
    lead = (
        "Where this audit departs from its own tables as they were first compiled, what it looked for and did not find, and "
        "what it found but did not weigh, each with its reason."
    )
    corrected = len(whole.corrections)
    gaps, unweighed = sum(len(report.not_found) for report in reports), len(whole.context)
    bar = controls([], total=corrected + gaps + unweighed, noun="entries")
    bodies = (_corrections(whole.corrections), _gaps(reports), _unweighed(whole, reports))
    sections = [
        tag("section", tag("h2", title, id=anchor), body, data_group=True)
        for (anchor, title), body in zip(_SECTIONS, bodies, strict=True)
    ]
    headings = [Heading(2, anchor, title) for anchor, title in _SECTIONS]
    body = join([tag("h1", "Corrections and gaps"), tag("p", lead, class_="lead"), bar, *sections], Html("\n"))
    meta = Meta(
        description="Corrections to the evidence, what was not found, and what was left unweighed.", foot=foot(dossier)
    )
    return page("Corrections and gaps", body, meta=meta, headings=headings, here=FILE, script=script())


def _corrections(entries: Sequence[Correction]) -> Html:
    if not entries:
        return tag("p", "None: the tables stand as they were compiled.")
    files: dict[str, list[Correction]] = {}
    for entry in sorted(entries, key=lambda entry: (entry.file, entry.id, entry.column)):
        files.setdefault(entry.file, []).append(entry)
    more = "What the table says is struck through; what the audit uses instead is in bold."
    return join([tag("p", more), *(_of_file(file, own) for file, own in files.items())])


def _of_file(file: str, entries: Sequence[Correction]) -> Html:
    rows = [
        tag(
            "tr",
            tag("th", tag("code", entry.id), scope="row"),
            tag("td", _change(entry), data_label="Change"),
            tag("td", entry.reason, data_label="Reason"),
            data_row=True,
        )
        for entry in entries
    ]
    head = [tag("th", name, scope="col") for name in ("Row", "Change", "Reason")]
    caption = tag("caption", f"Corrections in {file}, with the reason for each")
    table = tag("table", caption, tag("thead", tag("tr", *head)), tag("tbody", *rows))
    title = f"{_table_name(file)}: {formats.count(len(entries), 'correction')}"
    return _fold(title, tag("div", table, class_="listing listing-corrections"))


def _table_name(file: str) -> str:
    """A table's file as a reader would say it: ``observations/figs-ferries.csv`` is ``Figs, ferries``."""
    stem = posixpath.splitext(posixpath.basename(file))[0].replace("_", "-").replace("-", ", ")
    return stem[:1].upper() + stem[1:]


def _fold(title: str | Html, body: Html) -> Html:
    return tag("details", tag("summary", title), body, data_group=True, class_="ca sources")


def _change(entry: Correction) -> Html:
    if entry.drop:
        return join([tag("strong", "Row left out"), tag("span", f"Its value was {entry.expect}", class_="soft")])
    texts = [tag("del", entry.expect or "blank"), " ", tag("ins", entry.value or "blank")]
    return join([tag("strong", f"{formats.words(entry.column)}: "), *texts])


def _gaps(reports: Sequence[Report]) -> Html:
    found = [report for report in reports if report.not_found]
    if not found:
        return tag("p", "No report names a gap.")
    parts = []
    for report in found:
        items = [tag("li", item[:1].upper() + item[1:], data_row=True) for item in report.not_found]
        leads = tag("p", tag("a", f"The report “{report.title}”", href=report.link))
        title = f"{report.title}: {formats.count(len(items), 'entry', 'entries')}"
        parts.append(_fold(title, join([tag("ul", *items), leads])))
    return join(parts)


def _unweighed(dossier: Dossier, reports: Sequence[Report]) -> Html:
    if not dossier.context:
        return tag("p", "Nothing: every row bears on a part.")
    order = {claim.claim_id: (claim.paragraph, number) for number, claim in enumerate(dossier.claims)}
    topics: dict[str, list[Context]] = {}
    titles = {report.topic: report.title for report in reports}
    for item in sorted(dossier.context, key=lambda item: order[item.claim_id]):
        topics.setdefault(dossier.claim(item.claim_id).topic, []).append(item)
    return join([_of_topic(titles.get(topic, dossier.words.words(topic)), own) for topic, own in topics.items()])


def _of_topic(topic: str, entries: Sequence[Context]) -> Html:
    rows = [
        tag(
            "tr",
            tag("th", tag("a", item.claim_id, href=f"index.html#claim-{item.claim_id}"), scope="row"),
            tag("td", str(len(item.observations)), data_label="Rows", class_="number"),
            tag("td", item.reason, data_label="Why they weigh nothing"),
            data_row=True,
        )
        for item in entries
    ]
    names = ("Claim", "Rows", "Why they weigh nothing")
    head = [tag("th", name, scope="col", class_="number" if name == "Rows" else None) for name in names]
    title = f"{topic[:1].upper()}{topic[1:]}: {formats.count(len(entries), 'entry', 'entries')}"
    caption = tag("caption", f"{topic}: rows that bear on a claim and weigh nothing")
    table = tag("table", caption, tag("thead", tag("tr", *head)), tag("tbody", *rows))
    return _fold(title, tag("div", table, class_="listing listing-unweighed"))
