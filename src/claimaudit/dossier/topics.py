"""What belongs to a topic: what it is about, the tables its report reads, its model, its notebook: ``topics.toml``.

The format::

    [models]
    harbour = "ferries.harbour"  # the name of an installed model (entry-point group "claimaudit.models")

    [notebooks]
    harbour = "port/harbour.ipynb"  # in the folder notebooks/ in or beside the dossier

    [harbour]
    title = "What the harbour sold"  # every entry is optional; without a title the topic's own name stands for it
    question = "Were as many figs sold as the article says?"
    order = 1  # place among the reports; topics without one come after, as the article has them
    caveats = ["The customs house counts crates, not figs."]
    not_found = ["the books of the harbour master"]  # what was looked for in vain
    whole = true  # it sums up the whole text: the index leads to it
    observations = ["harbour"]  # tables in observations/, with series
    series = ["catches"]  # tables in series/, with observations

A topic whose tables are listed is loaded with these and no others, so that a change in another table cannot touch its
report; one without reads everything. A topic without a model has none, and one without a notebook is shown by the
package's own, whatever it is called.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from claimaudit.dossier import files
from claimaudit.dossier.evidence import Evidence
from claimaudit.dossier.forms import NAME, Flag, Form, List, Names, Number, Table, Text, check
from claimaudit.dossier.toml_files import read_toml
from claimaudit.errors import Fault, nearest
from claimaudit.model import Claim

FILE = "topics.toml"
MODELS, NOTEBOOKS = "models", "notebooks"
"""Tables of the file that are no topics."""
_NOTEBOOK = Text(
    re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*\.ipynb"), "a path such as port/harbour.ipynb"
)
_FORMS = {MODELS: Names(NAME), NOTEBOOKS: Names(_NOTEBOOK)}
_TOLD: dict[str, Form] = {
    "title": Text(),
    "question": Text(),
    "order": Number(0, 10_000, whole=True),
    "caveats": List(Text(), most=100),
    "not_found": List(Text(), most=100),
    "whole": Flag(),
}
_LISTED = ("observations", "series")
_FORM = Names(Table({}, {**_TOLD, **{name: List(NAME) for name in _LISTED}}))


@dataclass(frozen=True)
class Tables:
    """The tables of one topic, by name without folder and ending."""

    observations: tuple[str, ...]
    series: tuple[str, ...]


@dataclass(frozen=True)
class About:
    """What a dossier says of a topic for readers; ``whole``: it sums up the whole text."""

    title: str = ""
    question: str = ""
    order: int | None = None
    caveats: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()
    whole: bool = False


UNTOLD = About()
"""Of a topic the dossier says nothing about."""


@dataclass(frozen=True)
class Topics:
    """By topic: the ``tables`` it reads, the name of its model, the path of its notebook, what it is about; each where told."""

    tables: Mapping[str, Tables] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)
    notebooks: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, About] = field(default_factory=dict)

    def about(self, topic: str) -> About:
        """What the dossier says of a topic."""
        return self.told.get(topic, UNTOLD)


def load_topics(folder: Path, faults: list[Fault]) -> Topics:
    """Read ``topics.toml``; a dossier without the file, or with faults in it, names nothing."""
    if not files.exists(folder, FILE):
        return Topics()
    read = read_toml(folder / FILE, faults)
    if read is None:
        return Topics()
    listed = {name: entry for name, entry in read.data.items() if name not in _FORMS}
    named = {name: read.data.get(name, {}) for name in _FORMS}
    sound = [check(form, named[name], read.place.at(name)) for name, form in _FORMS.items()]
    if not check(_FORM, listed, read.place) or not all(sound):
        return Topics()
    tables, told = {}, {}
    for topic, entry in listed.items():
        there = [name for name in _LISTED if name in entry]
        if len(there) == 1:
            missing = next(name for name in _LISTED if name not in entry)
            read.place.at(topic).at(missing).fault(
                "the entry is missing", f"give it beside {there[0]}; [] where it reads none"
            )
        elif there:
            tables[topic] = Tables(*(tuple(entry[name]) for name in _LISTED))
        lists = {name: tuple(entry.get(name, ())) for name in ("caveats", "not_found")}
        told[topic] = About(**{name: entry[name] for name in _TOLD if name in entry} | lists)
    return Topics(tables, told=told, **named)


def check_tables(topics: Mapping[str, Tables], there: Mapping[str, Collection[str]], faults: list[Fault]) -> None:
    """The tables the list names are there, or a fault for each; ``there`` names those of ``observations`` and of ``series``."""
    for topic, tables in topics.items():
        for name, known in there.items():
            for table in sorted(set(getattr(tables, name)) - set(known)):
                if hint := nearest(table, known):
                    faults.append(Fault(FILE, 0, f"{topic}: {name}", f"there is no table {table!r}", hint))
                else:
                    remedy = "restore it, or take it out of the list that names it"
                    faults.append(Fault(f"{name}/{table}.csv", 0, "", "the file is missing", remedy))


def check_topics(
    topics: Topics,
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
    for topic in sorted(own_of.keys() & _FORMS.keys()):
        faults.append(
            Fault(
                "claims.toml",
                0,
                topic,
                f"no topic can be called {topic!r}",
                f"it is a table of {FILE}: rename the topic",
            )
        )
    for named in (topics.models, topics.notebooks, {name: 0 for name in topics.told if name not in topics.tables}):
        for topic in sorted(named.keys() - own_of.keys()):
            faults.append(Fault(FILE, 0, topic, "no claim has this topic", nearest(topic, own_of) or "take it out"))
    for topic, tables in topics.tables.items():
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
        for part in claim.parts:
            for selector in part.evidence:
                found |= {table_of[row.observation_id] for row in evidence.matching(selector)}
    return found
