"""The TOML files of a dossier: one reader, and the forms their values must have, declared and checked by one function.

A file's form is data: ``Table({"title": Text(), "published": Day()})``. ``check`` walks value and form together and makes a
fault of every departure, with file, line and key, so that what comes after may trust the types.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from claimaudit.dossier import files
from claimaudit.errors import Fault, nearest

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""The form of every id: claims, parts, topics, sources, observations, origins, measures, tables, columns."""
UNIT = re.compile(r"[A-Za-z0-9%][A-Za-z0-9._/()=%-]{0,99}")
"""The form of a unit: an id that may also hold ``/ ( ) = %`` (``USD/EUR``, ``index(2010=100)``)."""
ID_TOLD, UNIT_TOLD = (
    "begin with a letter or digit, then at most 99 letters, digits, '.', '_' and '-'",
    "begin with a letter, digit or %, then at most 99 letters, digits and any of . _ - / ( ) = %",
)
LARGEST, SMALLEST = 1e30, 1e-30
"""Bounds of every number's size, so that no calculation on one overflows."""
LONGEST = 10_000
"""Most characters of a text."""
MOST_TOML = 8 * 2**20
"""Most bytes of a TOML file: it takes longer to read than a table."""
_DEPTH = 6


@dataclass(frozen=True)
class Text:
    """A text; of a pattern (which ``told`` puts in words), or one of some choices."""

    pattern: re.Pattern[str] | None = None
    told: str = ""
    choices: tuple[str, ...] = ()
    blank: bool = False


@dataclass(frozen=True)
class Number:
    """A finite number between two bounds, which count as inside; ``whole`` takes no fraction."""

    low: float = -LARGEST
    high: float = LARGEST
    whole: bool = False


@dataclass(frozen=True)
class Flag:
    """``true`` or ``false``."""


@dataclass(frozen=True)
class Day:
    """A day, without a time."""


@dataclass(frozen=True)
class List:
    """A list of one form; with ``alone`` a single value stands for a list of itself."""

    of: Form
    least: int = 0
    most: int = 10_000
    alone: bool = False


@dataclass(frozen=True)
class Table:
    """A table of known keys. ``label`` is the key whose text names the table in faults."""

    needed: Mapping[str, Form]
    optional: Mapping[str, Form] = field(default_factory=dict)
    label: str = ""


@dataclass(frozen=True)
class Names:
    """A table of keys the dossier chooses, all of one form."""

    of: Form
    pattern: re.Pattern[str] | None = ID
    told: str = ID_TOLD


@dataclass(frozen=True)
class Free:
    """Whatever TOML can hold, as long as its texts are plain, its numbers finite and its tables not too deep."""


Form = Text | Number | Flag | Day | List | Table | Names | Free
NAME = Text(ID, ID_TOLD)
UNIT_NAME = Text(UNIT, UNIT_TOLD)


@dataclass(frozen=True)
class Place:
    """Where a value stands: file, the way to it, how faults call it; and the list of faults it reports to."""

    file: str
    text: str
    faults: list[Fault]
    path: tuple[str | int, ...] = ()
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


def check(form: Form, value: Any, place: Place) -> bool:
    """Has the value its form; every departure becomes a fault of the place."""
    before = len(place.faults)
    match form:
        case Text():
            _check_text(form, value, place)
        case Number():
            _check_number(form, value, place)
        case Flag():
            if not isinstance(value, bool):
                place.fault(f"{_shown(value)} is not true or false", "write true or false")
        case Day():
            if type(value) is not date:  # a time of day is a date, too, for isinstance
                place.fault(f"{_shown(value)} is not a day", "write a day as 2023-03-14")
        case List():
            _check_list(form, value, place)
        case Table():
            _check_table(form, value, place)
        case Names():
            if not isinstance(value, dict):
                place.fault(f"{_shown(value)} is no table", "write name = value, one or more")
                return False
            for key, item in value.items():
                if form.pattern and not form.pattern.fullmatch(key):
                    place.at(key).fault(f"{key!r} is no name", form.told)
                check(form.of, item, place.at(key))
        case Free():
            _check_free(value, place)
    return len(place.faults) == before


def _check_text(form: Text, value: Any, place: Place) -> None:
    if not isinstance(value, str):
        place.fault(f"{_shown(value)} is not a text", 'give a text in quotation marks: "..."')
    elif form.choices and value not in form.choices:
        remedy = nearest(value, form.choices) or f"use one of {', '.join(form.choices)}"
        place.fault(f"unknown {place.keys[-1] if place.keys else 'value'} {value!r}", remedy)
    elif form.pattern and not form.pattern.fullmatch(value):
        place.fault(f"{value!r} is not of the form of an id", form.told)
    elif not form.blank and not value.strip():
        place.fault("the text is blank", "give it, or leave the entry out where it may be")
    elif problem := faulty_text(value):
        place.fault(problem, "write it as plain text")


def faulty_text(value: str) -> str:
    """What is wrong with a text, in words; nothing for a sound one."""
    if match := files.CONTROL.search(value):
        return f"it holds the control character {match[0]!r}"
    return f"it is longer than {LONGEST:,} characters" if len(value) > LONGEST else ""


def _check_number(form: Number, value: Any, place: Place) -> None:
    wanted = "whole number" if form.whole else "number"
    if isinstance(value, bool) or not isinstance(value, int if form.whole else int | float):
        place.fault(f"{_shown(value)} is not a {wanted}", f"give a {wanted}")
    elif not form.low <= value <= form.high or not sound_size(value):
        remedy = f"give a {wanted} from {form.low:g} to {form.high:g}"
        place.fault(f"{_shown(value)} is out of range", remedy)


def sound_size(value: float) -> bool:
    """Is a number finite, and neither so large nor so small that calculations on it break."""
    return value == 0 or SMALLEST <= abs(value) <= LARGEST


def _check_list(form: List, value: Any, place: Place) -> None:
    if form.alone and not isinstance(value, list):
        check(form.of, value, place)
        return
    if not isinstance(value, list):
        place.fault(f"{_shown(value)} is no list", "write it as a list: [...]")
    elif not form.least <= len(value) <= form.most:
        place.fault(f"it has {len(value):,} entries", f"give {form.least} to {form.most:,}")
    else:
        for number, item in enumerate(value):
            check(form.of, item, place.at(number))


def _check_table(form: Table, value: Any, place: Place) -> None:
    if not isinstance(value, dict):
        place.fault(f"{_shown(value)} is no table", f"give {', '.join(form.needed) or 'a table'}")
        return
    name = value.get(form.label) if form.label else None
    place = place.called(name) if isinstance(name, str) and name else place
    known = {**form.needed, **form.optional}
    for key in form.needed:
        if key not in value:
            what = {Day: "day", Text: "text"}.get(type(form.needed[key]), "entry")
            place.at(key).fault(f"the {what} is missing", "give it")
    for key, item in value.items():
        if key not in known:
            place.at(key).fault("the entry is not known", nearest(key, known) or "take it out")
        else:
            check(known[key], item, place.at(key))


def _check_free(value: Any, place: Place) -> None:
    if len(place.path) > _DEPTH:
        place.fault("it stands too deep", f"use at most {_DEPTH} levels")
    elif isinstance(value, dict):
        check(Names(Free(), None), value, place)
        for key in value:
            if problem := faulty_text(key) or ("" if key.strip() else "the name is blank"):
                place.at(key).fault(problem, "give it a plain name")
    elif isinstance(value, list):
        check(List(Free()), value, place)
    elif isinstance(value, bool):
        return
    elif isinstance(value, str):
        check(Text(blank=True), value, place)
    else:
        check(Number() if isinstance(value, int | float) else Day(), value, place)


def _shown(value: Any) -> str:
    """A value as a fault shows it; a large one by its kind alone."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value}" if abs(value) < 1e30 else "a number of many digits"
    return repr(value) if isinstance(value, str | float) else str(value)


# -- reading ----------------------------------------------------------------------------------------------------------


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
        place.fault(f"{_shown(found)} is no list", f"write each entry under [[{key}]]")
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
def lines(text: str) -> Mapping[tuple[str | int, ...], int]:
    """The line of every table and key that begins a line, by the way to it: ``("claims", 0, "parts", 1, "test")``."""
    found: dict[tuple[str | int, ...], int] = {}
    counts: dict[tuple[str | int, ...], int] = {}
    table: tuple[str | int, ...] = ()
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


def _latest(way: tuple, parts: list[str], counts: Mapping[tuple, int]) -> tuple[str | int, ...]:
    for part in parts:
        way = (*way, part)
        if way in counts:
            way = (*way, counts[way] - 1)
    return way
