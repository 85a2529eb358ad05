"""Su-35 for Iran (M04, M05): how old is the fleet, and whom would Iran pass with the jets.

Counts in aircraft. Rival counts of one fleet are never mixed: each keeps its own total. What was delivered since 2000 comes from
one release of an arms-transfer register, which is knowable only from its own day.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import extent_of, model_trust
from claimaudit.analysis.knobs import Knob, percent, phrase
from claimaudit.analysis.parameters import CommonParameters, choice, number
from claimaudit.dossier.dossier import Dossier
from claimaudit.outcome import Finding, Quantity

TITLE = "Su-35 for Iran"
GENERATIONS = {"4.5": ("4.5", "5"), "4": ("4", "4.5", "5"), "all": ("light", "2 or earlier", "3", "4", "4.5", "5")}
COUNTRIES = {
    "IRN": "Iran", "IRQ": "Iraq", "ISR": "Israel", "KWT": "Kuwait", "PAK": "Pakistan", "QAT": "Qatar",
    "SAU": "Saudi Arabia", "TUR": "Turkey", "ARE": "United Arab Emirates", "DZA": "Algeria", "EGY": "Egypt",
}  # fmt: skip
REGISTER = "sipri-trade-register-20260518"
WORKED_OUT = "worked-out-from-sipri-register"
"""The origin of sums made here from the register: they are not the register's own figures."""
# The rival counts of Iran's fleet: source, origin, words, rows that stand for the count, item grade, and whether the
# source leaves the F-14 out. Rival counts contradict each other, so none is graded above "possibly true".
COUNTS = (
    ("airdatanews-su35-iran-202201", "flightglobal-waf-2022", "World Air Forces 2022",
     "asp.fleet.irn.*.waf2022", "3", False),
    ("fliegerweb-su35-iran-202303", "fliegerweb-202303", "FliegerWeb, March 2023",
     "asp.fleet.irn.pre1980share.fliegerweb", "3", False),
    ("militarywiki-iriaf-embargo", "flight-international-older", "Flight International (older), F-14 added",
     "asp.fleet.irn.total.militarywiki", "4", True),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """What an analyst may vary."""

    cutoff_year: int = number(1980, 1_960, 2_000, "types that came to Iran before this year are old")
    serviceability: float = number(0.33, 0.05, 1, "at worst, how often old types fly against newer ones")
    jets: int = number(24, 0, 200, "Su-35 ordered")
    generation: str = choice("4.5", tuple(GENERATIONS), "from which generation on an aircraft is modern")


# -- the fleet: old and newer types ----------------------------------------------------------------------------------


def old_share(old: float, newer: float, serviceability: float | np.ndarray) -> float | np.ndarray:
    """Share (0-1) of old types among aircraft able to fly, of the shape of ``serviceability``.

    ``serviceability``: that of the old types relative to the newer ones', 0-1.
    """
    return serviceability * old / (serviceability * old + newer)


def break_even(old: float, newer: float, bound: float) -> float:
    """The relative serviceability at which old types make up a share ``bound`` (infinite without old types)."""
    return bound * newer / ((1 - bound) * old) if old else math.inf


def chance_of_share(old: float, newer: float, bound: float, lowest: float) -> float:
    """Probability that old types make up ``bound`` or more, serviceability being even between ``lowest`` and 1."""
    needed = break_even(old, newer, bound)
    if lowest >= 1:
        return float(needed <= 1)
    return min(max((1 - needed) / (1 - lowest), 0.0), 1.0)


class Count(NamedTuple):
    """One count of Iran's fleet: old and newer types, the F-14 to add where it has none, trust and rows."""

    words: str
    origin: str
    old: float
    newer: float
    added: tuple[float, float]
    trust: float
    rows: tuple[str, ...]

    @property
    def total(self) -> tuple[float, float]:
        """Smallest and largest number of aircraft."""
        return self.old + self.newer + self.added[0], self.old + self.newer + self.added[1]

    def paper(self) -> Quantity:
        """Share of old types with all aircraft counted alike, percent."""
        low, high = (100 * old_share(self.old + extra, self.newer, 1.0) for extra in self.added)
        return Quantity((low + high) / 2, low, high, "percent")

    def chance(self, bound: float, lowest: float) -> float:
        """Probability that old types make up ``bound`` or more, over serviceability and the F-14 added."""
        extras = np.linspace(*self.added, 41) if self.added[0] < self.added[1] else self.added[:1]
        return float(np.mean([chance_of_share(self.old + extra, self.newer, bound, lowest) for extra in extras]))


def fleet(view: Dossier) -> pd.DataFrame:
    """Iran's combat aircraft in service by each rival count, a row a type: columns source_id, type, introduced_year, number."""
    frame = view.series["combat-fleets"].frame
    own = (frame["country_iso3"] == "IRN") & (frame["number_basis"] == "in_service")
    return frame.loc[own, ["source_id", "type", "introduced_year", "number"]].reset_index(drop=True)


def old_and_newer(types: pd.DataFrame, cutoff_year: int) -> pd.DataFrame:
    """Aircraft of types that came before a year, and of the others: columns old and newer, a row a count (``source_id``).

    ``types`` has columns source_id, introduced_year and number.
    """
    old = types["number"].where(types["introduced_year"] < cutoff_year, 0.0)
    split = types.assign(old=old, newer=types["number"] - old)
    return split.groupby("source_id", sort=False)[["old", "newer"]].sum()


def counts(view: Dossier, parameters: Parameters) -> list[Count]:
    """The rival counts of Iran's fleet that were knowable, each split by the cut-off year."""
    split = old_and_newer(fleet(view), parameters.cutoff_year)
    tomcats = [
        extent_of(row, view.method).mid for row in view.rows(measure="combat_aircraft_in_service", entity="IRN:F-14")
    ]
    found = []
    for source, origin, words, ids, digit, without in COUNTS:
        if source not in split.index or (without and not tomcats):
            continue
        missing = without and parameters.cutoff_year > 1976  # the F-14 came in 1976
        added = (min(tomcats), max(tomcats)) if missing else (0.0, 0.0)
        rows = tuple(row.observation_id for row in view.rows(ids=ids))
        trust = view.method.trust((view.whole or view).sources.at[source, "reliability"], digit)
        found.append(Count(words, origin, split.at[source, "old"], split.at[source, "newer"], added, trust, rows))
    return found


# -- neighbours ------------------------------------------------------------------------------------------------------


def register(view: Dossier) -> pd.DataFrame:
    """Combat aircraft in the register, a row a state and type: columns state, generation, received (new-built, 2000-2022)."""
    frame = view.series["combat-fleets"].frame
    frame = frame[frame["source_id"] == REGISTER]
    names = {"country_iso3": "state", "new_delivered_2000_2022": "received"}
    return frame.rename(columns=names)[["state", "generation", "received"]]


def modern(received: pd.DataFrame, generation: str) -> pd.Series:
    """Aircraft of the chosen generations, a count, indexed by state; ``received`` has the columns ``register`` says."""
    chosen = received["received"].where(received["generation"].isin(GENERATIONS[generation]), 0.0)
    return chosen.groupby(received["state"], sort=True).sum()


def states_above(delivered: pd.Series, own: str, extra: float = 0.0) -> int:
    """How many other states received more than ``own`` did with ``extra`` added."""
    others = delivered.drop(index=own, errors="ignore")
    return int((others > delivered.get(own, 0.0) + extra).sum())


def passed(delivered: pd.Series, extra: float, own: str = "IRN") -> list[str]:
    """The states that received more than ``own`` did, and fewer once the purchase is added."""
    before = delivered.get(own, 0.0)
    others = delivered.drop(index=own, errors="ignore")
    return list(others[(others > before) & (others < before + extra)].sort_values().index)


# -- findings and knobs ----------------------------------------------------------------------------------------------


def findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """Findings on the share of old types and on Iran's standing with the jets."""
    yield from _types(view, parameters)
    yield from _standing(view, parameters)


def _types(view: Dossier, parameters: Parameters, known: list[Count] | None = None) -> Iterator[Finding]:
    """One finding a count, and one a published share that rests on no count here."""
    bound = view.part("M05.types").numbers["value"] / 100
    found = counts(view, parameters) if known is None else known
    for count in found:
        chance = count.chance(bound, parameters.serviceability)
        paper = count.paper()
        text = (
            f"{formats.span(paper.low, paper.high, 'percent', 2)} of the aircraft on paper by {count.words}; half or "
            f"more in {formats.probability(chance)} of cases once fewer of the old ones fly"
        )
        yield Finding("M05.types", count.origin, chance, count.trust, count.rows, text, paper)
    if not 1980 <= parameters.cutoff_year <= 1990:  # the published share is of US jets, which came until 1979
        return
    counted = {count.origin for count in found}
    for row in view.rows(measure="fleet_old_types_share", entity="IRN"):
        if row.origin not in counted:
            extent = extent_of(row, view.method)
            publisher = (view.whole or view).sources.at[row.source_id, "publisher_name"]
            text = f"{formats.span(extent.low, extent.high, 'percent', 2)} by {publisher}"
            chance = 1 - extent.cdf(100 * bound) if extent.low < 100 * bound else 1.0
            yield Finding("M05.types", row.origin, chance, view.trust(row), (row.observation_id,), text)


def _standing(view: Dossier, parameters: Parameters, known: pd.Series | None = None) -> Iterator[Finding]:
    """The register's order of states with and without the jets."""
    delivered = modern(register(view), parameters.generation) if known is None else known
    rows = [row.observation_id for row in view.rows(measure="new_combat_aircraft_delivered", entity=tuple(COUNTRIES))]
    if not len(delivered) or not rows:
        return
    overtaken = passed(delivered, parameters.jets)
    above = states_above(delivered, "IRN")
    names = ", ".join(COUNTRIES[code] for code in overtaken) or "none"
    text = f"with {parameters.jets} jets Iran would pass {names} of the {above} states with more modern jets received"
    yield Finding("M05.standing", WORKED_OUT, float(bool(overtaken)), model_trust(view, rows), tuple(rows), text)


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """The serviceability, number of jets and meaning of modern on which this topic's own parts rest."""
    fleet, delivered = counts(view, parameters), modern(register(view), parameters.generation)
    yield Knob(
        "M05.types",
        "serviceability",
        parameters.serviceability,
        lambda x: _types(view, replace(parameters, serviceability=min(x, 1.0)), fleet),
        phrase("if old types flew, at worst, {} as often as newer ones", percent),
        (0.05, 1.0),
        steps=38,
        tolerance=2e-3,
    )
    yield Knob(
        "M05.standing",
        "jets",
        parameters.jets,
        lambda x: _standing(view, replace(parameters, jets=round(x)), delivered),
        "had {:.0f} jets been ordered".format,
        (0.0, 200.0),
        steps=100,
        tolerance=2e-3,
    )
    if parameters.generation != "4" and len(delivered):
        yield Knob(
            "M05.standing",
            "generation",
            4.5,
            lambda x: _standing(view, replace(parameters, generation="4") if x == 4 else parameters),
            "were aircraft of generation {:.0f} modern too".format,
            choices=(4.0,),
        )
