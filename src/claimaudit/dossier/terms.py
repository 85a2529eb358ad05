"""Under which terms the dossier is offered, and what in it keeps the terms of others: ``terms.toml``.

The format::

    [dossier]  # the licence of the compilation
    name = "CC-BY-4.0"
    title = "Creative Commons Attribution 4.0 International"
    path = "https://creativecommons.org/licenses/by/4.0/"

    [[terms]]  # what that licence does not cover
    of = "Yearbook of the harbour"
    name = "other-nc"  # as in the list of opendefinition.org; notspecified: none is stated
    title = "free for use without profit"
    path = "https://example.org/terms"  # may be left out
    credit = "Source: harbour office"  # the line that whoever shows the rows has to print
    note = "Tables worked out from it are not to be called the office's"  # may be left out
    sources = ["harbour-*"]  # patterns of source ids; * stands for any text

A regular table that holds a row of such a source falls under these terms as a whole. Among observations they hold for the rows of
these sources alone. A source that no entry names is cited for single facts, which fall under the dossier's licence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claimaudit.dossier import files
from claimaudit.dossier.evidence import Names
from claimaudit.dossier.forms import NAME, List, Table, Text, check
from claimaudit.dossier.toml_files import Place, read_toml
from claimaudit.errors import Fault, References

FILE = "terms.toml"
NOT_STATED = "not stated"
"""How the terms of a source read that states none."""
_ADDRESS = Text(re.compile(r"https?://\S+"), "start it with https://, without blanks")
_LICENCE = {"name": NAME, "title": Text()}
_FORM = Table(
    {"dossier": Table(_LICENCE, {"path": _ADDRESS})},
    {
        "terms": List(
            Table(
                {"of": Text(), **_LICENCE, "credit": Text(), "sources": List(Text(), least=1)},
                {"path": _ADDRESS, "note": Text()},
                label="of",
            )
        )
    },
)


@dataclass(frozen=True)
class Licence:
    """A licence by name, title and address (blank: it has none)."""

    name: str
    title: str
    path: str = ""


@dataclass(frozen=True)
class Terms:
    """What some sources ask of whoever passes their figures on: licence, credit line, what else is to be known."""

    of: str
    licence: Licence
    credit: str
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Offer:
    """The ``licence`` of the dossier (``None``: it names none), and the ``terms`` of others that it does not cover."""

    licence: Licence | None = None
    terms: tuple[Terms, ...] = ()
    _of: Mapping[str, Terms] = field(default_factory=dict, repr=False)

    def of(self, source_id: str) -> Terms | None:
        """The terms of a source, where the dossier's licence does not cover it."""
        return self._of.get(source_id)

    def among(self, sources: Iterable[str]) -> tuple[Terms, ...]:
        """The terms that any of the sources keeps, in the file's order."""
        there = {self._of[name].of for name in sources if name in self._of}
        return tuple(one for one in self.terms if one.of in there)


def load_terms(folder: Path, sources: Collection[str], faults: list[Fault]) -> Offer:
    """Read ``terms.toml``; a dossier without the file, or with faults in it, names no terms.

    ``sources`` are the ids of ``sources.csv``; none of them means that the table is at fault, and nothing is held against it.
    """
    if not files.exists(folder, FILE):
        return Offer()
    read = read_toml(folder / FILE, faults)
    if read is None or not check(_FORM, read.data, read.place):
        return Offer()
    known, own, found = Names(sources), dict[str, Terms](), list[Terms]()
    missing = References("sources.csv", "source", known.places)
    for number, entry in enumerate(read.data.get("terms", ())):
        place = read.place.at("terms").at(number).called(entry["of"])
        if entry["of"] in {one.of for one in found}:
            place.fault("it stands in the file twice", "keep one entry for each")
        names = tuple(_named(entry["sources"], known, place, missing))
        terms = Terms(entry["of"], _licence(entry), entry["credit"], entry.get("note", ""), names)
        for name in names:
            if name in own:
                place.at("sources").fault(f"{name!r} has the terms of {own[name].of!r} already", "name it once")
            own.setdefault(name, terms)
        found.append(terms)
    if not any(fault.file == missing.file for fault in faults):  # else that fault is the cause
        faults += missing.faults()
    return Offer(_licence(read.data["dossier"]), tuple(found), own)


def _licence(entry: Mapping[str, Any]) -> Licence:
    return Licence(entry["name"], entry["title"], entry.get("path", ""))


def _named(patterns: Iterable[str], known: Names, place: Place, missing: References) -> list[str]:
    """The sources the patterns name; one that names none is missing."""
    for number, pattern in enumerate(patterns):
        if not known.matching((pattern,)):
            at = place.at("sources").at(number)
            missing.check(pattern, FILE, at.line, at.column)
    return known.matching(patterns)
