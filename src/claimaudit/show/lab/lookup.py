"""Looking things up in a notebook cell: a claim, its evidence, a source.

    from claimaudit.show.lab.lookup import claim, evidence, source

    claim("E14")

Each reads the dossier anew, so that an edit in ``data/`` shows at once; give ``known`` to look into another one. Names are known in
any case; ``evidence`` and ``source`` search by words, too.
"""

from __future__ import annotations

import re
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
from claimaudit.show.provenance import grade, published, value_words, whole
from claimaudit.verdict.audit import audit

__all__ = ["article", "claim", "evidence", "source"]
_ID = re.compile(r"[A-Za-z]\d+(?:\.\w*)?")
"""What is written like a claim or part is one, not words to search by."""


def article(known: Dossier | None = None) -> Html:
    """The audited article, and how much the dossier holds on it."""
    dossier = whole(known or Dossier.load())
    about = dossier.article
    title = tag("p", tag("strong", source_link(about.title, about.url)))
    written = tag("p", f"{', '.join(about.by)}, {day(about.published)}.")
    return tag("div", title, written, tag("p", f"The dossier of {day(about.compiled)}: {held(dossier)}."), class_="ca")


def claim(name: str, known: Dossier | None = None) -> Html:
    """The card of a claim (``E14``) at both dates; of a part (``E14.latest``), who says what on it at each.

    Raises ``UnknownNameError`` with the nearest known id.
    """
    dossier = known or Dossier.load()
    claim_id, part = resolved(name, dossier)
    result = audit(dossier, dossier.claim(claim_id).topic)
    if not part:
        return claim_card(result, claim_id)
    return join(
        [independent_sources_table(result, part, vintage) for vintage in (Vintage.AT_PUBLICATION, Vintage.HINDSIGHT)]
    )


def evidence(words: str, known: Dossier | None = None) -> Html:
    """Every row the verdict on a claim (``E14``) or a part (``E14.latest``) saw, with source, grade and note.

    Other words are searched for: rows that hold them all, or whose source does. Raises ``UnknownNameError`` where there is none.
    """
    dossier = known or Dossier.load()
    if not names_claim(words, dossier):
        return _rows_found(words, dossier)
    claim_id, part = resolved(words, dossier)
    result = audit(dossier, dossier.claim(claim_id).topic)
    wanted = part or claim_id
    verdicts = tuple(item for item in result.verdicts if wanted in (item.part_id, item.claim_id))
    return evidence_table(replace(result, verdicts=verdicts))


def source(words: str, known: Dossier | None = None) -> Html:
    """A source by its id or by words of its id, title or publisher: what it is, how it is graded, and the figures taken from it.

    Where several hold the words, they are listed. Raises ``UnknownNameError`` with the nearest known id where none does.
    """
    dossier = whole(known or Dossier.load())
    names = {str(item).casefold(): str(item) for item in dossier.sources.index}
    own = names.get(words.strip().casefold())
    found = [own] if own else _sources_with(words, dossier)
    if not found:
        raise UnknownNameError(unknown("source", words, dossier.sources.index))
    return _source(found[0], dossier) if len(found) == 1 else _sources(words, found, dossier)


def names_claim(name: str, dossier: Dossier) -> bool:
    """Whether a name is meant for a claim or part: it is one, in any case, or is written like one."""
    return bool(_ID.fullmatch(name.strip())) or name.strip().casefold() in _ids(dossier)


def resolved(name: str, dossier: Dossier) -> tuple[str, str]:
    """The ids of a claim, and of a part where the name (in any case) is one.

    Raises ``UnknownNameError`` with the nearest known id.
    """
    ids = _ids(dossier)
    found = ids.get(name.strip().casefold())
    if found is None:
        raise UnknownNameError(
            unknown("part" if "." in name else "claim", name, [i for i in ids.values() if ("." in i) == ("." in name)])
        )
    return (found, "") if "." not in found else (dossier.part(found).claim_id, found)


def rows_with(words: str, dossier: Dossier) -> list[str]:
    """Ids of the rows of a view that hold all the words, in their own cells or in their source's title or publisher.

    Raises ``UnknownNameError`` where there is none.
    """
    asked, sources, found = words.casefold().split(), whole(dossier).sources, []
    titles = {name: f"{row['title']} {row['publisher_name']}" for name, row in sources.iterrows()}
    meanings = dossier.measures["meaning"].to_dict()
    for row in dossier.evidence.records.values():
        own = dossier.words.entity(row.entity), dossier.words.words(row.measure), dossier.words.words(row.variant)
        cells = row.observation_id, *own, meanings[row.measure], row.note, row.source_id, titles[row.source_id]
        text = " ".join(cells).casefold()
        if asked and all(word in text for word in asked):
            found.append(row.observation_id)
    if not found:
        raise UnknownNameError(
            f"no row holds {words!r}: try fewer or other words, or a claim such as {dossier.claims[0].claim_id}"
        )
    return found


def _ids(dossier: Dossier) -> dict[str, str]:
    """Claims and parts by their ids in lower case."""
    names = (name for item in dossier.claims for name in (item.claim_id, *(part.part_id for part in item.parts)))
    return {name.casefold(): name for name in names}


def _rows_found(words: str, dossier: Dossier) -> Html:
    table = whole(dossier).sources
    cells: list[list[Html | str]] = []
    names = rows_with(words, dossier)
    for row in map(dossier.observation, names[:MOST]):
        cited = table.loc[row.source_id]
        about = f"{dossier.words.words(row.measure)}; {dossier.words.entity(row.entity)}, {period(row.start, row.end)}"
        who = join([source_link(cited["title"], cited["url"]), f", {cited['publisher_name']}, {cited['published']}"])
        cells.append([value_words(row), about, who, grade(row), ", ".join(row.claims), row.note, row.observation_id])
    heads = ("Figure", "What it measures", "Source", "Grade", "Claims", "Note", "Row")
    more = f", the first {MOST} of them shown" if len(names) > MOST else ""
    return rows_table(heads, cells, caption=f"{count(len(names), 'row')} with {words!r}{more}", kind="stack")


MOST = 100
"""How many rows or sources a search shows."""


def _sources_with(words: str, dossier: Dossier) -> list[str]:
    asked = words.casefold().split()
    texts = {str(item): f"{item} {row['title']} {row['publisher_name']}" for item, row in dossier.sources.iterrows()}
    return [item for item, text in texts.items() if asked and all(word in text.casefold() for word in asked)]


def _sources(words: str, found: list[str], dossier: Dossier) -> Html:
    rows: list[list[Html | str]] = []
    for item in found[:MOST]:
        row = dossier.sources.loc[item]
        rows.append(
            [item, source_link(row["title"], row["url"]), row["publisher_name"], row["published"], row["reliability"]]
        )
    more = f", the first {MOST} of them shown" if len(found) > MOST else ""
    heads = ("Source", "Title", "Publisher", "Published", "Reliability")
    return rows_table(heads, rows, caption=f"{count(len(found), 'source')} with {words!r}{more}", kind="stack")


def _source(name: str, dossier: Dossier) -> Html:
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


def _kind(slug: str) -> str:
    words = slug.replace("-", " ")
    return words[:1].upper() + words[1:]
