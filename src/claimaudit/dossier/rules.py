"""Rules of the method that are numbers beside weights and bars: how near is near, what words of degree ask for, causes.

They are read from the tables ``[size]``, ``[degrees.*]``, ``[cause]`` and ``[confidence]`` of ``method.toml``, where each has
its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from claimaudit.dossier.forms import Flag, List, Names, Number, Table, Text
from claimaudit.dossier.toml_files import Place

OTHER = "other"
"""The group of degree words for every word that stands in none."""


@dataclass(frozen=True)
class Size:
    """How near a figure must come to a printed one: shares of it, and points where it is a percentage.

    ``tenth`` is of that size; ``fifth`` what "half" and "up to" allow, and the most for a percentage; ``points`` the least for
    a percentage; ``rate_points`` what a published rate of change of output may be off and still be the printed one.
    """

    tenth: float
    fifth: float
    points: float
    rate_points: float

    def scaled(self, scale: float) -> Size:
        """The same with other tolerances of size; what is the printed figure stays."""
        return replace(self, tenth=self.tenth * scale, fifth=self.fifth * scale, points=self.points * scale)


@dataclass(frozen=True)
class Cause:
    """Shares of an effect (0-1): from ``holds`` on a cause holds, below ``refuted`` it is refuted, between it is open."""

    holds: float
    refuted: float

    def scaled(self, scale: float) -> Cause:
        """The same with other shares, at most the whole."""
        return Cause(min(self.holds * scale, 1.0), min(self.refuted * scale, 1.0))


@dataclass(frozen=True)
class ConfidenceRule:
    """How many independent sources, no party among them, make confidence strong, alone or beside a primary record; and moderate."""

    strong: int
    strong_with_record: int
    moderate: int

    def varied(self) -> tuple[ConfidenceRule, ...]:
        """The rules of its sweep, from loose to strict: one source fewer on every step (never below one), as it is, one more."""
        return tuple(
            ConfidenceRule(*(max(1, number + step) for number in (self.strong, self.strong_with_record, self.moderate)))
            for step in (-1, 0, 1)
        )


@dataclass(frozen=True)
class Degree:
    """What a group of words of degree asks for; what is ``None`` it does not ask for, and of the rest each suffices.

    ``points`` and ``share_of_before`` are least changes, ``times`` a least ratio; ``least``, ``more_than`` and ``less_than``
    bound a share of the whole (0-1); ``holders`` is how many competent holders who say so suffice, ``named_first`` whether
    the holder's naming it first or alone does.
    """

    words: tuple[str, ...] = ()
    points: float | None = None
    share_of_before: float | None = None
    times: float | None = None
    least: float | None = None
    more_than: float | None = None
    less_than: float | None = None
    holders: int | None = None
    named_first: bool = False
    why: str = ""

    def scaled(self, scale: float) -> Degree:
        """The same with other measures: more is asked for above 1. "Most" stays more than half, and holders are counted."""
        own = {name: getattr(self, name) for name in ("points", "share_of_before", "least", "less_than")}
        changed: dict[str, Any] = {name: value * scale for name, value in own.items() if value is not None}
        if self.times is not None:
            changed["times"] = 1 + (self.times - 1) * scale
        return replace(self, **changed)

    @property
    def of_change(self) -> bool:
        """Whether it measures a change."""
        return (self.points, self.share_of_before, self.times) != (None, None, None)

    @property
    def of_share(self) -> bool:
        """Whether it measures a share of the whole."""
        return (self.least, self.more_than, self.less_than) != (None, None, None)

    @property
    def asks(self) -> str:
        """What it asks for, in words."""
        told = {
            "points": "{:g} points",
            "share_of_before": "{:.0%} of what it was",
            "times": "{:g} times what it was",
            "least": "{:.0%} of the whole or more",
            "more_than": "more than {:.0%} of the whole",
            "less_than": "less than {:.0%} of the whole",
            "holders": "{} competent holders who say so",
        }
        said = [words.format(value) for name, words in told.items() if (value := getattr(self, name)) is not None]
        return ", or ".join([*said, *(["named first or alone by the holder"] if self.named_first else [])])


_SHARE = Number(0, 1)
_ABOVE_0 = Number(1e-6, 1e6)
SIZE = {"tenth": _SHARE, "fifth": _SHARE, "points": Number(0, 100), "rate_points": Number(0, 100)}
"""Forms of the numbers of ``[size]``."""
_CAUSE = {"holds": _SHARE, "refuted": _SHARE}
_DEGREE = Table(
    {"words": List(Text(), most=100), "why": Text()},
    {
        "points": _ABOVE_0,
        "share_of_before": _ABOVE_0,
        "times": Number(1, 1e6),
        "least": _SHARE,
        "more_than": _SHARE,
        "less_than": _SHARE,
        "holders": Number(1, 100, whole=True),
        "named_first": Flag(),
    },
)
_CONFIDENCE = dict.fromkeys(("strong", "strong_with_record", "moderate"), Number(1, 20, whole=True))
FORMS: dict[str, Any] = {
    "size": Table(SIZE),
    "degrees": Names(_DEGREE),
    "cause": Table(_CAUSE),
    "confidence": Table(_CONFIDENCE),
}
"""The tables of ``method.toml`` that hold rules, by name."""


def check_rules(raw: Mapping[str, Any], place: Place) -> None:
    """What the forms do not hold: bounds in their order, each word in one group, each group asking for something."""
    if raw["size"]["fifth"] < raw["size"]["tenth"]:
        place.at("size").at("fifth").fault("it is below tenth", "give the wider of the two tolerances as fifth")
    if raw["cause"]["refuted"] > raw["cause"]["holds"]:
        place.at("cause").at("refuted").fault("it is above holds", "give the smaller of the two shares as refuted")
    sure = raw["confidence"]
    if not sure["moderate"] <= sure["strong_with_record"] <= sure["strong"]:
        place.at("confidence").at("strong").fault(
            "the numbers do not rise", "give moderate, strong_with_record and strong from low to high"
        )
    table = place.at("degrees")
    if "holders" not in raw["degrees"].get(OTHER, {}):
        table.at(OTHER).fault("words that stand in no group need it, with holders", f"give a table [degrees.{OTHER}]")
    seen: dict[str, str] = {}
    for name, entry in raw["degrees"].items():
        if not set(entry) - {"words", "why", "named_first"}:
            table.at(name).fault("the degree asks for nothing", "give a change, a share or holders")
        for word in map(str.lower, entry["words"]):
            if word in seen:
                table.at(name).at("words").fault(f"{word!r} stands in {seen[word]!r} too", "leave it in one group")
            seen[word] = name


def rules_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The checked tables as values, by the names ``Method`` has for them: size, degrees, cause."""
    return {
        "size": Size(**{field.name: float(raw["size"][field.name]) for field in fields(Size)}),
        "confidence": ConfidenceRule(**raw["confidence"]),
        "cause": Cause(**{field.name: float(raw["cause"][field.name]) for field in fields(Cause)}),
        "degrees": {
            name: Degree(**{**entry, "words": tuple(map(str.lower, entry["words"]))})
            for name, entry in raw["degrees"].items()
        },
    }
