"""The forms that values of a dossier's TOML files must have, declared as data and checked by one function.

A file's form is data: ``Table({"title": Text(), "published": Day()})``. ``check`` walks value and form together and makes a
fault of every departure, with file, line and key, so that what comes after may trust the types.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from claimaudit.dossier import files
from claimaudit.dossier.toml_files import Place
from claimaudit.errors import nearest

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
        kind = "of an id" if form.pattern in (ID, UNIT) else "it must have"
        place.fault(f"{value!r} is not of the form {kind}", form.told)
    elif not value.strip() and not (form.blank and value == ""):
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
