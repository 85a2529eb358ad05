"""Looking things up in a notebook cell: a claim, its evidence, a source.

    from claimaudit.show.lab.lookup import claim, evidence, source

    claim("E14")

Each reads the dossier anew, so that an edit in ``data/`` shows at once; give ``known`` to look into another one.
"""

from __future__ import annotations

from dataclasses import replace

from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import UnknownNameError, unknown
from claimaudit.formats import count, day, period
from claimaudit.html import Html, join, tag
from claimaudit.looks import held
from claimaudit.model import Vintage
from claimaudit.show.cards import claim_card
from claimaudit.show.evidence_html import evidence_table, independent_sources_table, source_link
from claimaudit.show.html_tables import rows_table
from claimaudit.show.provenance import published, value_words, whole
from claimaudit.verdict.audit import Audit, audit

__all__ = ["article", "claim", "evidence", "source"]


def article(known: Dossier | None = None) -> Html:
    """The audited article, and how much the dossier holds on it."""
    dossier = whole(known or Dossier.load())
    about = dossier.article
    title = tag("p", tag("strong", source_link(about.title, about.url)))
    written = tag("p", f"{about.author}, {about.publisher}, {day(about.published)}.")
    return tag("div", title, written, tag("p", f"The dossier of {day(about.compiled)}: {held(dossier)}."), class_="ca")


def claim(name: str, known: Dossier | None = None) -> Html:
    """The card of a claim (``E14``) at both dates; of a part (``E14.latest``), who says what on it at each."""
    result, part = _audited(name, known)
    if not part:
        return claim_card(result, result.dossier.claim(name).claim_id)
    return join(
        [independent_sources_table(result, part, vintage) for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT)]
    )


def evidence(name: str, known: Dossier | None = None) -> Html:
    """Every row the verdict on a claim (``E14``) or a part (``E14.latest``) saw, with source, grade and note."""
    result, part = _audited(name, known)
    wanted = part or result.dossier.claim(name).claim_id
    verdicts = tuple(item for item in result.verdicts if wanted in (item.part_id, item.claim_id))
    return evidence_table(replace(result, verdicts=verdicts))


def source(name: str, known: Dossier | None = None) -> Html:
    """A source by its id: what it is, how it is graded, where it stands, and the figures taken from it.

    Raises ``UnknownNameError`` with the nearest known id.
    """
    dossier = whole(known or Dossier.load())
    if name not in dossier.sources.index:
        raise UnknownNameError(_near(name, dossier))
    row = dossier.sources.loc[name]
    rows = [item for item in dossier.evidence.records.values() if item.source_id == name]
    head = tag("p", tag("strong", source_link(row["title"], row["url"])))
    graded = f"{_kind(row['kind'])}, reliability {row['reliability']}, read as: {row['seen']}."
    facts = f"{published(dossier, name)}. {graded}"
    cells = [
        [item.observation_id, ", ".join(item.claims), value_words(item), period(item.start, item.end), item.note]
        for item in rows
    ]
    heads = ("Row", "Claims", "Figure", "Period", "Note")
    caption = f"{count(len(rows), 'figure')} taken from it"
    parts = [head, tag("p", facts, class_="ca-soft"), rows_table(heads, cells, caption=caption, kind="stack")]
    return tag("div", *parts, class_="ca")


def _audited(name: str, known: Dossier | None) -> tuple[Audit, str]:
    """The audit of the topic a claim or part belongs to, and the part's id if it is one."""
    dossier = known or Dossier.load()
    if "." in name:
        part = dossier.part(name)
        return audit(dossier, dossier.claim(part.claim_id).topic), part.part_id
    return audit(dossier, dossier.claim(name).topic), ""


def _near(name: str, dossier: Dossier) -> str:
    """What is said of a source that is not known: ids, titles and publishers that hold the text, or a like id."""
    text, table = name.casefold(), dossier.sources
    found = [
        str(item)
        for item, row in table.iterrows()
        if text and any(text in str(part).casefold() for part in (item, row["title"], row["publisher_name"]))
    ]
    if not found:
        return unknown("source", name, table.index)
    more = f" and {len(found) - 8} more" if len(found) > 8 else ""
    return f"unknown source {name!r}: did you mean one of {', '.join(found[:8])}{more}?"


def _kind(slug: str) -> str:
    words = slug.replace("-", " ")
    return words[:1].upper() + words[1:]
