"""A sweep as it is written down, ``SPEC.toml``, read as strictly as a dossier::

    dossiers = ["data", "desk/*"]          # folders, from the file's own; the project's own where none is named
    topics = ["figs"]                      # these alone
    as_of = [2023-03-14, 2023-06-30]       # days; both standard dates where none is named
    readings = ["as split", "best reading", "strictest reading"]  # or ["every"]

    [method]                               # numbers of the method, one or several each
    dependence = [0.3, 0.5, 0.7]
    [parameters.figs]                      # parameters of a topic's model
    draws = [10_000, 100_000]
    seed = "1..20"

Every combination of ``[method]`` and ``[parameters]`` is a setting; each dossier is judged under each of those it knows.
"""

from __future__ import annotations

import itertools
import math
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from claimaudit.cluster.settings import EVERY, KNOWN_READINGS, Asked, Setting
from claimaudit.dossier.dossier import DEFAULT_DOSSIER
from claimaudit.dossier.forms import NAME, Day, Free, List, Names, Table, Text, check
from claimaudit.dossier.method import VARIED
from claimaudit.dossier.toml_files import Place, read_toml
from claimaudit.dossier.topics import load_topics
from claimaudit.errors import ClaimAuditError, Fault, ParameterError, nearest
from claimaudit.verdict.models import registered

MOST = 1_000_000
"""Most audits of a sweep."""
_RANGE = re.compile(r"(-?[0-9]{1,9})\.\.(-?[0-9]{1,9})")
_FORM = Table(
    {},
    {
        "dossiers": List(Text(), least=1),
        "topics": List(NAME, least=1),
        "as_of": List(Day(), least=1, alone=True),
        "readings": List(Text(choices=KNOWN_READINGS), least=1, alone=True),
        "method": Table({}, {name: List(form, least=1, alone=True) for name, form in VARIED.items()}),
        "parameters": Names(Names(Free())),
    },
)


@dataclass(frozen=True)
class Named:
    """A dossier of a sweep: its name in the table, its folder, and the topics' models that it names."""

    name: str
    folder: Path
    models: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sweep:
    """What is asked: dossiers, what of each, and the values of each setting."""

    dossiers: tuple[Named, ...]
    asked: Asked = field(default_factory=Asked)
    method: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    parameters: Mapping[tuple[str, str], tuple[Any, ...]] = field(default_factory=dict)
    """By topic and name."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the settings."""
        return (*self.method, *(f"{topic}.{name}" for topic, name in self.parameters))

    def _of(self, dossier: Named) -> dict[tuple[str, str], tuple[Any, ...]]:
        """The parameters that a dossier knows; what it does not know would only judge it again."""
        wanted = {topic for topic in dossier.models if not self.asked.topics or topic in self.asked.topics}
        return {key: values for key, values in self.parameters.items() if key[0] in wanted}

    def count(self, dossier: Named) -> int:
        """How many settings a dossier is judged under."""
        return math.prod(len(values) for values in (*self.method.values(), *self._of(dossier).values()))

    @property
    def total(self) -> int:
        """How many audits it asks for."""
        return sum(map(self.count, self.dossiers))

    def settings(self, dossier: Named) -> Iterator[Setting]:
        """The settings a dossier is judged under, the last value changing first."""
        own = self._of(dossier)
        for values in itertools.product(*self.method.values(), *own.values()):
            method = dict(zip(self.method, values[: len(self.method)], strict=True))
            given: dict[str, dict[str, Any]] = {}
            for (topic, name), value in zip(own, values[len(self.method) :], strict=True):
                given.setdefault(topic, {})[name] = value
            yield Setting(method, given)


def read_sweep(path: Path, default: Path = DEFAULT_DOSSIER) -> Sweep:
    """A sweep's file, checked; ``default`` is the dossier where it names none.

    Raises ``ParameterError`` with every fault: file, line, key, what is wrong, what to do. Whether a dossier is sound is not
    looked at: one that is not is told when its turn comes.
    """
    faults: list[Fault] = []
    read = read_toml(path, faults)
    if read is None or not check(_FORM, read.data, read.place):
        raise ParameterError("\n".join(map(str, faults)))
    data, place = read.data, read.place
    dossiers = _dossiers(path.parent, data.get("dossiers", ()), default, place.at("dossiers"))
    asked = Asked(tuple(data.get("topics", ())), _listed(data.get("as_of", ())), _readings(data, place.at("readings")))
    method = {name: tuple(map(float, _listed(value))) for name, value in data.get("method", {}).items()}
    _check_twice({"as_of": asked.days, "topics": asked.topics, "readings": asked.readings}, place)
    _check_twice(method, place.at("method"))
    parameters = _parameters(data.get("parameters", {}), dossiers, place.at("parameters"))
    sweep = Sweep(dossiers, asked, method, parameters)
    if not faults and sweep.total > MOST:
        place.fault(f"it asks for {sweep.total:,} audits", f"give fewer values ({MOST:,} audits are the most)")
    if faults:
        raise ParameterError("\n".join(map(str, faults)))
    return sweep


def _listed(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _readings(data: Mapping[str, Any], place: Place) -> tuple[str, ...]:
    asked = _listed(data.get("readings", ()))
    if EVERY in asked and len(asked) > 1:
        place.fault(f"{EVERY!r} stands beside names", f"write [{EVERY!r}] alone, or the names alone")
    return asked


def _check_twice(lists: Mapping[str, Sequence[Any]], place: Place) -> None:
    for key, values in lists.items():
        twice = next((value for number, value in enumerate(values) if value in values[:number]), None)
        if twice is not None:
            place.at(key).fault(f"{twice} stands twice", "give each value once")


def _dossiers(beside: Path, named: Sequence[str], default: Path, place: Place) -> tuple[Named, ...]:
    """The folders named, a pattern standing for all dossiers it finds, each once."""
    found: dict[Path, str] = {}
    for number, name in enumerate(named):
        folders = _matching(beside, name) if "*" in name else [(name, beside / name)]
        if not folders:
            place.at(number).fault(f"{name!r} finds no folder with an article.toml", "mend the pattern")
        for shown, folder in folders:
            if not folder.is_dir():
                known = [item.name for item in folder.parent.glob("*") if (item / "article.toml").is_file()]
                hint = nearest(folder.name, known) or "name the folder that holds article.toml"
                place.at(number).fault(f"there is no folder {name!r}", hint)
            elif found.setdefault(folder.resolve(), shown) != shown:
                place.at(number).fault(f"{shown!r} is the same folder as {found[folder.resolve()]!r}", "name it once")
    given = [(shown, folder) for folder, shown in found.items()] if named else [(default.name, default)]
    return tuple(Named(shown, folder, load_topics(folder, []).models) for shown, folder in given)


def _matching(beside: Path, pattern: str) -> list[tuple[str, Path]]:
    try:
        found = sorted(path for path in beside.glob(pattern) if (path / "article.toml").is_file())
    except (ValueError, NotImplementedError):
        return []
    return [(Path(os.path.relpath(path, beside)).as_posix(), path) for path in found]


def _parameters(
    given: Mapping[str, Mapping[str, Any]], dossiers: Sequence[Named], place: Place
) -> dict[tuple[str, str], tuple[Any, ...]]:
    """The values of each topic's parameters, each tried on the classes of the models that judge the topic."""
    models = {topic: name for dossier in dossiers for topic, name in dossier.models.items()}
    out: dict[tuple[str, str], tuple[Any, ...]] = {}
    for topic, own in given.items():
        if topic not in models or models[topic] not in registered():
            known = [name for name, model in models.items() if model in registered()]
            problem = "no dossier named here has a topic of that name with a model"
            place.at(topic).fault(problem, nearest(topic, known) or "take it out: other topics have no parameters")
            continue
        kind = registered()[models[topic]].load().Parameters
        usual = {item.name: item.default for item in fields(kind)}
        for name, value in own.items():
            at = place.at(topic).at(name)
            if name not in usual or name == "as_of":
                remedy = "give days as as_of = [...] at the top" if name == "as_of" else nearest(name, usual)
                at.fault(
                    f"the model of {topic!r} has no parameter of that name", remedy or f"it has {', '.join(usual)}"
                )
                continue
            values = tuple(_as_kind(item, usual[name]) for item in _ranged(value))
            before = len(at.faults)
            for item in values:
                _try(kind, name, item, usual[name], at)
            if len(at.faults) == before:
                _check_twice({name: values}, place.at(topic))
                out[topic, name] = values
    return out


def _ranged(value: Any) -> tuple[Any, ...]:
    """The values of a setting: a list, one alone, or whole numbers as ``"1..20"``."""
    match = _RANGE.fullmatch(value) if isinstance(value, str) else None
    if match and 0 <= int(match[2]) - int(match[1]) < MOST:
        return tuple(range(int(match[1]), int(match[2]) + 1))
    return _listed(value)


def _as_kind(value: Any, usual: Any) -> Any:
    return float(value) if isinstance(usual, float) and type(value) is int else value


def _try(kind: Any, name: str, value: Any, usual: Any, place: Place) -> None:
    if type(value) is not type(usual):
        words = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}
        place.fault(f"{value!r} is not {words.get(type(usual), 'of its kind')}", f"its usual value is {usual!r}")
        return
    try:
        kind(**{name: value})
    except ClaimAuditError as error:
        place.fault(f"{value!r} is refused ({error})", "give another value")
