"""How a dossier's own words are written: acronyms, proper nouns and the names behind codes: ``words.toml``.

The format, every entry optional, words in lower case as the tables have them::

    acronyms = ["us", "gdp"]  # us-estimate reads US estimate
    proper = ["lisbon"]  # lisbon_harbour reads Lisbon harbour
    phrases = ["North Sea"]  # north_sea_ports reads North Sea ports

    [names]
    PRT = "Portugal"  # what a row is about, alone or in a pair: PRT-ESP

    [source_kinds]
    court-record = true  # a kind of source beside the usual ones; true: such a source is its maker's own record
    leaflet = false
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from claimaudit import formats
from claimaudit.dossier import files
from claimaudit.dossier.forms import Flag, List, Names, Table, Text, check
from claimaudit.dossier.toml_files import read_toml
from claimaudit.errors import Fault

FILE = "words.toml"
_WORDS = List(Text())
_FORM = Table(
    {}, {"acronyms": _WORDS, "proper": _WORDS, "phrases": _WORDS, "names": Names(Text()), "source_kinds": Names(Flag())}
)


@dataclass(frozen=True)
class Words:
    """Words of one dossier that are not written as the tables spell them; none of them: plain words.

    ``acronyms`` stand in capitals, ``proper`` nouns begin with one, ``phrases`` are written as given; ``names`` holds a name
    by its code; ``source_kinds`` are kinds of source beside the usual ones, and whether such a source is its maker's own record.
    """

    acronyms: frozenset[str] = frozenset()
    proper: frozenset[str] = frozenset()
    phrases: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    source_kinds: Mapping[str, bool] = field(default_factory=dict)

    @cached_property
    def _written(self) -> dict[str, str]:
        proper = {word.casefold(): word.capitalize() for word in self.proper}
        return proper | {word.casefold(): word.upper() for word in self.acronyms}

    def words(self, slug: str) -> str:
        """A name of the tables as words: ``us-estimate`` reads ``US estimate``."""
        shown = formats.words(slug, self._written)
        for phrase in self.phrases:
            shown = shown.replace(formats.words(phrase.casefold(), self._written), phrase)
        return shown

    def country(self, code: str) -> str:
        """The name for a code, or both of a pair (``PRT-ESP`` reads ``Portugal-Spain``); other codes as they are."""
        codes = code.split("-")
        return "-".join(self.names[one] for one in codes) if all(one in self.names for one in codes) else code

    def entity(self, name: str) -> str:
        """What a row is about, for a reader: ``PRT-ESP:ferries`` reads ``Portugal-Spain: ferries``, slugs in words."""
        head, _, own = name.partition(":")
        return ": ".join(self._named(one) for one in (head, own) if one)

    def _named(self, name: str) -> str:
        plain = "_" in name or (name.islower() and " " not in name)
        return self.words(name) if plain else self.country(name)


PLAIN = Words()
"""Of a dossier that says nothing about its words."""


def load_words(folder: Path, faults: list[Fault]) -> Words:
    """Read ``words.toml``; a dossier without the file, or with faults in it, has plain words only."""
    if not files.exists(folder, FILE):
        return PLAIN
    read = read_toml(folder / FILE, faults)
    if read is None or not check(_FORM, read.data, read.place):
        return PLAIN
    data = read.data
    return Words(
        frozenset(data.get("acronyms", ())),
        frozenset(data.get("proper", ())),
        tuple(data.get("phrases", ())),
        data.get("names", {}),
        data.get("source_kinds", {}),
    )
