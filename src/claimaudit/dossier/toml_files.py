"""The one reader of a dossier's TOML files, and the places of their values: file, line and name, for faults."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from claimaudit.dossier import files
from claimaudit.errors import Fault

MOST_TOML = 8 * 2**20
"""Most bytes of a TOML file: it takes longer to read than a table."""
Way = tuple[str | int, ...]
"""The keys, and numbers of list entries from 0, that lead to a value."""


@dataclass(frozen=True)
class Place:
    """Where a value stands: file, the way to it, how faults call it; and the list of faults it reports to."""

    file: str
    text: str
    faults: list[Fault]
    path: Way = ()
    label: str = ""
    keys: tuple[str, ...] = ()

    def at(self, key: str | int) -> Place:
        """The place of an entry below; list entries are called by their number from 1."""
        shown = str(key + 1) if isinstance(key, int) else key
        return Place(self.file, self.text, self.faults, (*self.path, key), self.label, (*self.keys, shown))

    def called(self, label: str) -> Place:
        """The same place, from which on faults are told under a name."""
        return replace(self, label=label, keys=())

    @property
    def column(self) -> str:
        """How a fault names the place: ``E01.number: value``."""
        return ": ".join(filter(None, (self.label, ".".join(self.keys))))

    @property
    def line(self) -> int:
        """The line of the place, or of the nearest around it that is known; 0 when none is."""
        known = lines(self.text)
        ways = (self.path[:end] for end in range(len(self.path), 0, -1))
        return next((known[way] for way in ways if way in known), 0)

    def fault(self, problem: str, remedy: str) -> None:
        """Note that something is wrong here."""
        self.faults.append(Fault(self.file, self.line, self.column, problem, remedy))


@dataclass(frozen=True)
class Read:
    """A TOML file as read: its tables, and the place faults start from."""

    data: Mapping[str, Any]
    place: Place


def read_toml(path: Path, faults: list[Fault]) -> Read | None:
    """A TOML file of an audit folder, parsed; a fault and ``None`` when it cannot be read."""
    name = path.name
    try:
        raw = files.read(path.parent, name, MOST_TOML)
    except files.RefusedError as error:
        faults.append(error.fault)
        return None
    text = files.decoded(raw, name, faults)
    if text is None:
        return None
    if not text.strip():
        faults.append(
            Fault(name, 0, "", "the file is empty", "restore it, or delete it where a dossier may do without")
        )
        return None
    place = Place(name, text, faults)
    try:
        return Read(_parsed(text), place)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line ([0-9]+)", str(error))
        row = int(line[1]) if line else text.count("\n") + 1
        faults.append(Fault(name, row, "", f"it is not valid TOML ({error})", "mend the line named"))
    except (ValueError, RecursionError) as error:
        why = "nested too deep" if isinstance(error, RecursionError) else str(error)
        faults.append(Fault(name, 0, "", f"it cannot be read as TOML ({why})", "write it in plain values"))
    return None


def entries(path: Path, key: str, faults: list[Fault]) -> list[tuple[Any, Place]]:
    """The entries of a file that is one list of tables, ``[[key]]``, with their places; none where there is no file."""
    if not files.exists(path.parent, path.name):
        return []
    read = read_toml(path, faults)
    if read is None:
        return []
    for name in read.data:
        if name != key:
            read.place.at(name).fault("the entry is not known", f"take it out: the file is a list of [[{key}]]")
    place, found = read.place.at(key), read.data.get(key, [])
    if not isinstance(found, list):
        place.fault("it is no list", f"write each entry under [[{key}]]")
        return []
    return [(entry, place.at(number).called(f"entry {number + 1}")) for number, entry in enumerate(found)]


@lru_cache(maxsize=16)
def _parsed(text: str) -> dict[str, Any]:
    """The parsed text, shared by all who read the same: nobody changes it. Parsing is half of loading a dossier."""
    return tomllib.loads(text)


def forget() -> None:
    """Parse every file anew from here on."""
    _parsed.cache_clear()
    lines.cache_clear()


_PART = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEAD = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")


@lru_cache(maxsize=16)
def lines(text: str) -> Mapping[Way, int]:
    """The line of every table and key that begins a line, by the way to it: ``("claims", 0, "parts", 1, "test")``."""
    found: dict[Way, int] = {}
    counts: dict[Way, int] = {}
    table: Way = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if match := _HEAD.match(line):
            *parents, last = _parts(match[2])
            way = _latest((), parents, counts)
            if match[1] == "[[":
                counts[(*way, last)] = counts.get((*way, last), 0) + 1
            table = _latest(way, [last], counts)
            found.setdefault(table, number)
        elif match := _KEY.match(line):
            found.setdefault((*table, *_parts(match[1])), number)
    return found


def _parts(dotted: str) -> Iterator[str]:
    return (part.strip("\"'") for part in re.findall(_PART, dotted))


def _latest(way: Way, parts: list[str], counts: Mapping[Way, int]) -> Way:
    for part in parts:
        way = (*way, part)
        if way in counts:
            way = (*way, counts[way] - 1)
    return way
