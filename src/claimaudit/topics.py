"""Which tables a topic's report reads: ``topics.toml``.

The format::

    [munitions]
    observations = ["munitions"]  # tables in observations/
    series = ["arms-transfers"]  # tables in series/

A topic that is listed is loaded with these tables and no others, so that a change in another table cannot touch its
report. A topic that is not listed reads everything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from claimaudit import files
from claimaudit.errors import Fault, nearest
from claimaudit.evidence import Evidence
from claimaudit.forms import NAME, List, Names, Table, check
from claimaudit.model import Claim
from claimaudit.toml_files import read_toml

FILE = "topics.toml"
_FORM = Names(Table({"observations": List(NAME), "series": List(NAME)}))


@dataclass(frozen=True)
class Tables:
    """The tables of one topic, by name without folder and ending."""

    observations: tuple[str, ...]
    series: tuple[str, ...]


def load_topics(folder: Path, faults: list[Fault]) -> dict[str, Tables]:
    """Read ``topics.toml``; a dossier without the file lists no topic."""
    if not files.exists(folder, FILE):
        return {}
    read = read_toml(folder / FILE, faults)
    if read is None or not check(_FORM, read.data, read.place):
        return {}
    return {topic: Tables(tuple(entry["observations"]), tuple(entry["series"])) for topic, entry in read.data.items()}


def check_tables(topics: Mapping[str, Tables], there: Mapping[str, Collection[str]], faults: list[Fault]) -> None:
    """The tables the list names are there; ``there`` names those of ``observations`` and of ``series``."""
    for topic, tables in topics.items():
        for name, known in there.items():
            for table in sorted(set(getattr(tables, name)) - set(known)):
                if hint := nearest(table, known):
                    faults.append(Fault(FILE, 0, f"{topic}: {name}", f"there is no table {table!r}", hint))
                else:
                    remedy = "restore it, or take it out of the list that names it"
                    faults.append(Fault(f"{name}/{table}.csv", 0, "", "the file is missing", remedy))


def check_topics(
    topics: Mapping[str, Tables],
    claims: Iterable[Claim],
    evidence: Evidence,
    table_of: Mapping[str, str],
) -> list[Fault]:
    """What is wrong with the list, held against the whole dossier; ``table_of`` names each observation's table.

    A row that bears on a topic's claim, or that one of its tests selects, must stand in a table of the topic.
    """
    own_of: dict[str, list[Claim]] = {}
    for claim in claims:
        own_of.setdefault(claim.topic, []).append(claim)
    bearing: dict[str, set[str]] = {}
    for row in evidence.records.values():
        for name in row.claims:
            bearing.setdefault(name, set()).add(table_of[row.observation_id])
    faults = []
    for topic, tables in topics.items():
        own = own_of.get(topic, [])
        if not own:
            faults.append(Fault(FILE, 0, topic, "no claim has this topic", nearest(topic, own_of) or "take it out"))
        for table in sorted(_needed(own, evidence, table_of, bearing) - set(tables.observations)):
            problem = f"a row of {table!r} bears on its claims"
            faults.append(Fault(FILE, 0, f"{topic}: observations", problem, "add that table to the list"))
    return faults


def _needed(
    claims: list[Claim], evidence: Evidence, table_of: Mapping[str, str], bearing: Mapping[str, set[str]]
) -> set[str]:
    found = {table for claim in claims for table in bearing.get(claim.claim_id, ())}
    for claim in claims:
        for element in claim.elements:
            for selector in element.evidence:
                found |= {table_of[row.observation_id] for row in evidence.matching(selector)}
    return found
