"""The judgements of the method, read from ``data/method.toml``: every threshold and weight in one frozen object."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from claimaudit.errors import Fault
from claimaudit.method_reasons import reasons
from claimaudit.model import ADMIRALTY_CREDIBILITY, ADMIRALTY_RELIABILITY, Basis


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
    minimum_trust: float
    conflict_strength: float
    conflict_share: float
    sweep: Mapping[str, tuple[float, ...]]
    topics: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)

    def trust(self, reliability: str, credibility: str) -> float:
        """How far an item is believed, 0-1: the product of its two Admiralty grades (F and 6 give 0)."""
        return self.reliability[reliability] * self.credibility[credibility]

    def variants(self) -> Iterator[Method]:
        """Every method of the sweep's full grid."""
        names = list(self.sweep)
        for values in itertools.product(*self.sweep.values()):
            yield self.varied(dict(zip(names, values, strict=True)))

    def varied(self, change: Mapping[str, float]) -> Method:
        """This method with some numbers changed; ``width_scale`` and ``grade_power`` change whole tables."""
        change = dict(change)
        scale, power = change.pop("width_scale", 1.0), change.pop("grade_power", 1.0)
        if "supported" in change:
            change.setdefault("refuted", 1.0 - change["supported"])
        return replace(
            self,
            widths={basis: width * scale for basis, width in self.widths.items()},
            reliability={grade: weight**power for grade, weight in self.reliability.items()},
            credibility={grade: weight**power for grade, weight in self.credibility.items()},
            **change,
        )


_SHARES = {
    "pool": ("prior", "dependence", "certainty_cap", "quoting"),
    "labels": ("supported", "refuted", "minimum_trust", "conflict_share"),
}
_POSITIVE = {"pool": ("open_bound_factor",), "labels": ("conflict_strength",)}
_SWEEPABLE = ("prior", "dependence", "supported", "minimum_trust", "width_scale", "grade_power", "conflict_share")


def load_method(path: Path, faults: list[Fault]) -> Method | None:
    """Read and check ``method.toml``; faults are appended and ``None`` returned when it cannot be used."""
    name = path.name
    before = len(faults)
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except FileNotFoundError:
        faults.append(Fault(name, 0, "", "the file is missing", "restore it from the project's data folder"))
        return None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(Fault(name, 0, "", f"it cannot be read ({error})", "mend the TOML, saved as UTF-8"))
        return None

    def number(section: str, key: str, low: float, high: float) -> float:
        table: Any = raw
        for part in section.split("."):
            table = table.get(part, {})
        value = table.get(key)
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            problem = "is missing" if value is None else f"is {value!r}"
            faults.append(Fault(name, 0, f"{section}.{key}", problem, f"give a number from {low:g} to {high:g}"))
            return low
        return float(value)

    reliability = {grade: number("grades.reliability", grade, 0, 1) for grade in ADMIRALTY_RELIABILITY}
    credibility = {grade: number("grades.credibility", grade, 0, 1) for grade in ADMIRALTY_CREDIBILITY}
    if reliability["F"] or credibility["6"]:
        faults.append(Fault(name, 0, "grades", "F and 6 mean cannot be judged", "give both of them 0"))
    widths = {basis: number("widths", basis.value, 0, 10) for basis in Basis}
    numbers = {key: number(section, key, 0, 1) for section, keys in _SHARES.items() for key in keys}
    numbers |= {key: number(section, key, 0, 100) for section, keys in _POSITIVE.items() for key in keys}
    sweep = raw.get("sweep", {})
    for key, values in sweep.items():
        if key not in _SWEEPABLE:
            remedy = f"sweep one of {', '.join(_SWEEPABLE)}"
            faults.append(Fault(name, 0, f"sweep.{key}", "this cannot be swept", remedy))
        elif not values or not all(isinstance(value, int | float) for value in values):
            faults.append(Fault(name, 0, f"sweep.{key}", "it is no list of numbers", "give at least one number"))
    if len(faults) > before:
        return None
    return Method(
        reliability=reliability,
        credibility=credibility,
        widths=widths,
        sweep={key: tuple(map(float, values)) for key, values in sweep.items()},
        topics=raw.get("topics", {}),
        reasons=reasons(text),
        **numbers,
    )
