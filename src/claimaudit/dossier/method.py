"""The judgements of the method, every threshold and weight in one frozen object.

They stand in the package's own ``method.toml``, beside this module. A dossier's file of that name needs only what differs: a
number in its table, a group of words of degree or the sweep as a whole, and the assumptions of its topics.
"""

from __future__ import annotations

import itertools
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from claimaudit.dossier import files
from claimaudit.dossier.forms import Form, Free, List, Names, Number, Table, Text, check
from claimaudit.dossier.method_reasons import reasons
from claimaudit.dossier.rules import FORMS, Cause, ConfidenceRule, Degree, Size, check_rules, rules_of
from claimaudit.dossier.toml_files import Place, Read, read_toml
from claimaudit.errors import Fault
from claimaudit.model import ADMIRALTY_CREDIBILITY, ADMIRALTY_RELIABILITY, Basis, Stake


@dataclass(frozen=True)
class Floor:
    """The least evidence that may decide a part: the worst pair with which one source does, or each of several together.

    ``alone`` and ``together`` are Admiralty pairs ("B2"); ``sources`` is how many of the latter it takes; ``party_digit`` the
    best digit of an item by which a party speaks for itself or against its opponent.
    """

    alone: str
    together: str
    sources: int
    party_digit: int

    def counted(self, digit: int, stake: Stake = Stake.NONE, direct: bool = True) -> int:
        """The digit of an item as it counts: capped for a party, then one worse at one remove, 6 at worst."""
        capped = digit if stake is Stake.NONE else max(digit, self.party_digit)
        return capped if direct else min(capped + 1, len(ADMIRALTY_CREDIBILITY))


@dataclass(frozen=True)
class Method:
    """Weights, widths and bars. Shares and probabilities are 0-1; ``topics`` holds each topic's own assumptions.

    ``reasons`` says why, in the file's own comments, by table or key (``pool``, ``sweep.supported``).
    """

    reliability: Mapping[str, float]
    credibility: Mapping[str, float]
    widths: Mapping[Basis, float]
    prior: float
    dependence: float
    certainty_cap: float
    quoting: float
    open_bound_factor: float
    supported: float
    refuted: float
    conflict_share: float
    floor: Floor
    size: Size
    degrees: Mapping[str, Degree]
    cause: Cause
    confidence: ConfidenceRule
    sweep: Mapping[str, tuple[float, ...]]
    topics: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)

    def trust(self, reliability: str, credibility: str, stake: Stake = Stake.NONE, direct: bool = True) -> float:
        """How far an item is believed, 0-1: the product of its two Admiralty grades (F and 6 give 0).

        The digit is the one that counts (``Floor.counted``): capped for a party, one worse for an item at one remove. A grade
        that the scale does not have is a ``KeyError``.
        """
        if stake is not Stake.NONE or not direct:
            credibility = str(self.floor.counted(int(credibility), stake, direct))
        return self.reliability[reliability] * self.credibility[credibility]

    def variants(self) -> Iterator[Method]:
        """Every method of the sweep's full grid."""
        names = list(self.sweep)
        for values in itertools.product(*self.sweep.values()):
            yield self.varied(dict(zip(names, values, strict=True)))

    def varied(self, change: Mapping[str, float]) -> Method:
        """This method with some numbers changed; ``width_scale``, ``grade_power`` and ``tolerance_scale`` change whole
        tables, ``floor_sources`` how many of the lesser sources decide together.

        A bar for ``supported`` alone sets ``refuted`` to its mirror image. A name of no number is a ``TypeError``.
        """
        own: dict[str, Any] = dict(change)
        scale, power = own.pop("width_scale", 1.0), own.pop("grade_power", 1.0)
        near = own.pop("tolerance_scale", 1.0)
        if near != 1.0:
            own |= {"size": self.size.scaled(near), "cause": self.cause.scaled(near)}
            own["degrees"] = {name: degree.scaled(near) for name, degree in self.degrees.items()}
        if "floor_sources" in own:
            own["floor"] = replace(self.floor, sources=int(own.pop("floor_sources")))
        if "supported" in own:
            own.setdefault("refuted", round(1.0 - own["supported"], 12))  # 1 - 0.8 is a little under 0.2
        return replace(
            self,
            widths={basis: width * scale for basis, width in self.widths.items()},
            reliability={grade: weight**power for grade, weight in self.reliability.items()},
            credibility={grade: weight**power for grade, weight in self.credibility.items()},
            **own,
        )


_SHARE = Number(0, 1)
_CHANCE = Number(0.001, 0.999)
_SCALES = {"width_scale": Number(0, 100), "grade_power": Number(0.01, 100), "tolerance_scale": Number(0, 100)}
_POOL = {
    "prior": _CHANCE,
    "dependence": _SHARE,
    "certainty_cap": Number(0.5, 0.9999),
    "quoting": _SHARE,
    "open_bound_factor": Number(1, 100),
}
_LABELS = {
    "supported": Number(0.5, 1),
    "refuted": Number(0, 0.5),
    "conflict_share": _SHARE,
}
_PAIR = Text(re.compile(r"[A-E][1-5]"), "a letter A to E and a digit 1 to 5, such as B2")
_FLOOR: dict[str, Form] = {
    "alone": _PAIR,
    "together": _PAIR,
    "sources": Number(2, 20, whole=True),
    "party_digit": Number(1, 6, whole=True),
}
VARIED: dict[str, Form] = _POOL | _LABELS | _SCALES | {"floor_sources": _FLOOR["sources"]}
"""The numbers that ``Method.varied`` takes, by name."""
_SWEPT = {
    name: List(form, least=1, most=20)
    for name, form in VARIED.items()
    if name in ("prior", "dependence", "supported", "conflict_share", "floor_sources", *_SCALES)
}
_MOST_METHODS = 10_000
"""Most combinations a sweep may ask for."""


def _all(form: Form, names: Iterable[str]) -> Table:
    return Table(dict.fromkeys(names, form))


_FORM = Table(
    {
        "grades": Table(
            {"reliability": _all(_SHARE, ADMIRALTY_RELIABILITY), "credibility": _all(_SHARE, ADMIRALTY_CREDIBILITY)}
        ),
        "widths": _all(Number(0, 10), [basis.value for basis in Basis]),
        "pool": Table(_POOL),
        "labels": Table(_LABELS),
        "floor": Table(_FLOOR),
        **FORMS,
    },
    {"sweep": Table({}, _SWEPT), "topics": Names(Names(Free(), None))},
)
_SETTING: dict[str, Form] = {"range": List(Number(), least=1), "rows": List(Text()), "why": Text()}
"""Entries of a topic's assumption that mean the same everywhere."""


@cache
def usual_text() -> str:
    """The package's own ``method.toml``."""
    return resources.files("claimaudit.dossier").joinpath("method.toml").read_text(encoding="utf-8")


def _overlaid(usual: Any, own: Any, way: tuple[str, ...] = ()) -> Any:
    """The usual values with a dossier's own in their places; a group of words of degree, and the sweep, go as a whole."""
    if (
        not (isinstance(usual, dict) and isinstance(own, dict))
        or way[:1] == ("sweep",)
        or (way[:1] == ("degrees",) and way[1:])
    ):
        return own
    return {**usual, **{key: _overlaid(usual.get(key), value, (*way, key)) for key, value in own.items()}}


def _reasons(own: str, given: Mapping[str, Any]) -> dict[str, str]:
    """The usual reasons and a dossier's own; a usual one of a number that the dossier gives otherwise is none any more."""
    kept = {}
    for key, why in reasons(usual_text()).items():
        found: Any = given
        for name in key.split("."):
            found = found.get(name) if isinstance(found, dict) else None
        if found is None or isinstance(found, dict):
            kept[key] = why
    theirs = reasons(own)
    both = " ".join(filter(None, (kept.get("", ""), theirs.get("", ""))))
    return kept | theirs | ({"": both} if both else {})


def load_method(path: Path, faults: list[Fault]) -> Method | None:
    """Read and check a dossier's ``method.toml``, if it has one, over the package's own.

    Faults are appended and ``None`` is returned when it cannot be used.
    """
    before = len(faults)
    there = files.exists(path.parent, path.name)
    read = read_toml(path, faults) if there else Read({}, Place(path.name, "", faults))
    if read is None:
        return None
    raw, place = _overlaid(tomllib.loads(usual_text()), read.data), read.place
    if not check(_FORM, raw, place):
        return None
    grades = raw["grades"]
    if grades["reliability"]["F"] or grades["credibility"]["6"]:
        place.at("grades").fault("F and 6 mean cannot be judged", "give both of them 0")
    check_rules(raw, place)
    sweep = raw.get("sweep", {})
    if (asked := math.prod(map(len, sweep.values()))) > _MOST_METHODS:
        place.at("sweep").fault(f"it asks for {asked:,} methods", f"give at most {_MOST_METHODS:,} combinations")
    for topic, entries in raw.get("topics", {}).items():
        for entry, way in _settings(entries, place.at("topics").at(topic)):
            wrong = [key for key, form in _SETTING.items() if key in entry and not check(form, entry[key], way.at(key))]
            if "range" in entry and not wrong and sorted(entry["range"]) != entry["range"]:
                way.at("range").fault("the range does not rise", "give its numbers from low to high")
    if len(faults) > before:
        return None
    numbers: dict[str, Any] = {
        key: float(raw[section][key]) for section, keys in (("pool", _POOL), ("labels", _LABELS)) for key in keys
    }
    return Method(
        reliability={grade: float(weight) for grade, weight in grades["reliability"].items()},
        credibility={grade: float(weight) for grade, weight in grades["credibility"].items()},
        widths={basis: float(raw["widths"][basis.value]) for basis in Basis},
        floor=Floor(**raw["floor"]),
        sweep={key: tuple(map(float, values)) for key, values in sweep.items()},
        topics=raw.get("topics", {}),
        reasons=_reasons(place.text, read.data),
        **numbers,
        **rules_of(raw),
    )


def _settings(value: Any, place: Place) -> Iterator[tuple[Mapping[str, Any], Place]]:
    """Every table in a topic's assumptions, at any depth."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if isinstance(item, dict):
            yield item, place.at(key)
        yield from _settings(item, place.at(key))
