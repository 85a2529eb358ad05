"""Who says it: the checks of publishers, of their sources, and of the origins figures come from."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date

import pandas as pd

from claimaudit.dossier.evidence_tables import COLUMNS, SEEN, SOURCE_KINDS, check_unique, indexed
from claimaudit.dossier.tables import Row
from claimaudit.errors import Fault, References
from claimaudit.model import ADMIRALTY_RELIABILITY, OriginKind

_STATE = re.compile(r"[A-Z]{3}")


def check_publishers(rows: list[Row]) -> pd.DataFrame:
    """Publishers, indexed by id; columns: ``name``, the one letter ``reliability`` A-F, and the ``reason`` for it."""
    check_unique(rows, "publisher")
    for row in rows:
        row.text("name")
        row.text("reason")
        _check_letter(row)
    return indexed([row.values for row in rows], "publisher", COLUMNS["publishers.csv"])


def _check_letter(row: Row) -> None:
    if row["reliability"] not in tuple(ADMIRALTY_RELIABILITY):
        row.fault("reliability", f"{row['reliability']!r} is no Admiralty letter", "grade it A to F")


def check_sources(
    rows: list[Row],
    publishers: pd.DataFrame,
    compiled: date,
    faults: list[Fault],
    *,
    at_fault: Collection[str] = (),
    kinds: Collection[str] = SOURCE_KINDS,
) -> pd.DataFrame:
    """Sources, indexed by id; columns as in ``COLUMNS``, texts, and ``archived``, ``publisher_name`` and ``knowable``.

    ``reliability`` is the letter that counts: the source's own where it departs from its publisher's. ``knowable`` is the first
    day on which it surely was public (datetime64): the last of the period its date names, at the latest ``compiled``;
    ``NaT`` where the date is at fault. Files ``at_fault`` are not held against it.
    """
    check_unique(rows, "source_id")
    known = References(
        "publishers.csv", "publisher", () if "publishers.csv" in at_fault else frozenset(publishers.index)
    )
    letters, names = publishers["reliability"].to_dict(), publishers["name"].to_dict()
    records = []
    for row in rows:
        row.text("title")
        if row.text("publisher"):
            known.check(row["publisher"], row.file, row.line, "publisher")
        row.one_of("kind", kinds, "kind of source")
        row.one_of("seen", SEEN)
        _check_departure(row, letters.get(row["publisher"], ""))
        archived = row.values.get("archived", "")
        for name, address in (("url", row["url"]), ("archived", archived)):
            if address and not address.startswith(("https://", "http://")):
                row.fault(name, f"{address!r} is no web address", "start it with https:// or leave it blank")
        published = row.partial_date("published")
        if published and published.first > compiled:
            row.fault("published", f"{published} is after the dossier was compiled ({compiled})", "mend one of the two")
        records.append(
            row.values
            | {
                "archived": archived,
                "publisher_name": names.get(row["publisher"], row["publisher"]),
                "reliability": row["reliability"] or letters.get(row["publisher"], ""),
                "knowable": min(published.last, compiled) if published else None,
            }
        )
    faults += known.faults()
    faults += _check_copies(rows, whole="sources.csv" not in at_fault)
    frame = indexed(records, "source_id", (*COLUMNS["sources.csv"], "archived", "publisher_name", "knowable"))
    frame["knowable"] = pd.to_datetime(frame["knowable"])
    return frame


def _check_departure(row: Row, letter: str) -> None:
    """A letter of the source's own has its reason, and is another than its publisher's."""
    own, reason = row["reliability"], row["departure"].strip()
    if own:
        _check_letter(row)
    if own and not reason:
        problem = f"it is graded {own} without a reason"
        row.fault("departure", problem, "say why it departs from its publisher's letter, or leave the letter blank")
    elif own and own == letter:
        problem = f"{own} is its publisher's letter, and no departure"
        row.fault("reliability", problem, "leave letter and departure blank, or mend one of the two letters")
    if reason and not own:
        row.fault("departure", "a reason without a letter", "give the letter in reliability, or leave the reason out")


def _check_copies(rows: Sequence[Row], *, whole: bool) -> list[Fault]:
    """A copy names the first print, a source of the table."""
    known = References("sources.csv", "source", frozenset(row["source_id"] for row in rows) if whole else ())
    copies = {row["source_id"] for row in rows if row["copy_of"]}
    for row in rows:
        first = row["copy_of"]
        if not first:
            continue
        if first == row["source_id"]:
            row.fault("copy_of", "it is a copy of itself", "name the source it reprints, or leave it blank")
        elif first in copies:
            row.fault("copy_of", f"{first!r} is a copy itself", "name the first print")
        else:
            known.check(first, row.file, row.line, "copy_of")
    return list(known.faults())


def own_origin(origins: pd.DataFrame, publisher: str) -> str:
    """The one origin that is a publisher's own reporting; blank where it has none, or several."""
    own = list(origins.index[origins["publisher"] == publisher]) if publisher else []
    return str(own[0]) if len(own) == 1 else ""


def check_origins(
    rows: list[Row], publishers: pd.DataFrame, faults: list[Fault], *, at_fault: Collection[str] = ()
) -> pd.DataFrame:
    """Origins, indexed by name; columns as in ``COLUMNS``, texts, but ``unnamed``: bool.

    ``kind``: voice or not; ``depends_on``: the origin it repeats; ``publisher``: whose own reporting it is; ``state``: the state
    whose organ it is, by its three letters. Files ``at_fault`` are not held against it.
    """
    check_unique(rows, "origin")
    known = References("origins.csv", "origin", () if "origins.csv" in at_fault else {row["origin"] for row in rows})
    houses = References(
        "publishers.csv", "publisher", () if "publishers.csv" in at_fault else frozenset(publishers.index)
    )
    kinds = tuple(kind.value for kind in OriginKind)
    for row in rows:
        row.one_of("kind", kinds, "kind")
        row.one_of("unnamed", ("0", "1"))
        if row["publisher"]:
            houses.check(row["publisher"], row.file, row.line, "publisher")
        if row["state"] and not _STATE.fullmatch(row["state"]):
            problem = f"{row['state']!r} is no code of a state"
            row.fault("state", problem, "write its three capital letters by ISO 3166-1, or leave it blank")
        if row["depends_on"]:
            known.check(row["depends_on"], row.file, row.line, "depends_on")
            row.text("note")
    chained = {row["origin"] for row in rows if row["depends_on"]}
    for row in rows:
        if row["depends_on"] in chained:
            row.fault(
                "depends_on", f"{row['depends_on']!r} depends on another itself", "name the first independent source"
            )
    faults += [*known.faults(), *houses.faults()]
    records = [{**row.values, "unnamed": row["unnamed"] == "1"} for row in rows]
    return indexed(records, "origin", COLUMNS["origins.csv"])
