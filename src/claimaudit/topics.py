"""Which tables a topic's report reads: ``topics.toml``.

The format::

    [munitions]
    observations = ["munitions"]  # tables in observations/
    series = ["arms-transfers"]  # tables in series/

A topic that is listed is loaded with these tables and no others, so that a change in another table cannot touch its
report. A topic that is not listed reads everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from claimaudit.claims import read_toml
from claimaudit.errors import Fault, nearest
from claimaudit.evidence import Evidence
from claimaudit.model import Claim

FILE = "topics.toml"


@dataclass(frozen=True)
class Tables:
    """The tables of one topic, by name without folder and ending."""

    observations: tuple[str, ...]
    series: tuple[str, ...]


def load_topics(folder: Path, faults: list[Fault]) -> dict[str, Tables]:
    """Read ``topics.toml``; a dossier without the file lists no topic."""
    if not (folder / FILE).exists():
        return {}
    raw, _ = read_toml(folder / FILE, faults)
    found = {}
    for topic, entry in raw.items():
        lists = {name: entry.get(name) if isinstance(entry, dict) else None for name in ("observations", "series")}
        wrong = [name for name, value in lists.items() if not _is_names(value)]
        for name in wrong:
            faults.append(Fault(FILE, 0, f"{topic}: {name}", "it is no list of names", 'write it as ["munitions"]'))
        if not wrong:
            found[topic] = Tables(tuple(lists["observations"]), tuple(lists["series"]))
    return found


def _is_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def check_topics(
    topics: Mapping[str, Tables],
    claims: Iterable[Claim],
    evidence: Evidence,
    table_of: Mapping[str, str],
    series: Iterable[str],
) -> list[Fault]:
    """What is wrong with the list, held against the whole dossier; ``table_of`` names each observation's table.

    A row that bears on a topic's claim, or that one of its tests selects, must stand in a table of the topic.
    """
    claims, series = list(claims), list(series)
    faults = []
    for topic, tables in topics.items():
        own = [claim for claim in claims if claim.topic == topic]
        if not own:
            remedy = nearest(topic, {claim.topic for claim in claims}) or "take it out"
            faults.append(Fault(FILE, 0, topic, "no claim has this topic", remedy))
        for name, known in (("observations", set(table_of.values())), ("series", set(series))):
            for table in set(getattr(tables, name)) - known:
                remedy = nearest(table, known) or "name a table that is there"
                faults.append(Fault(FILE, 0, f"{topic}: {name}", f"there is no table {table!r}", remedy))
        for table in sorted(_needed(own, evidence, table_of) - set(tables.observations)):
            problem = f"a row of {table!r} bears on its claims"
            faults.append(Fault(FILE, 0, f"{topic}: observations", problem, "add that table to the list"))
    return faults


def _needed(claims: list[Claim], evidence: Evidence, table_of: Mapping[str, str]) -> set[str]:
    names = {claim.claim_id for claim in claims}
    rows = {row.observation_id for row in evidence.records.values() if names & set(row.claims)}
    for claim in claims:
        for element in claim.elements:
            rows |= {row.observation_id for selector in element.evidence for row in evidence.matching(selector)}
    return {table_of[row] for row in rows if row in table_of}
