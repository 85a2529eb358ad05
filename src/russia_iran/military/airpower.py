"""Su-35 for Iran (M04, M05): was a sale announced, what came of it, how old is the fleet, what would the jets change.

Counts in aircraft, ages and dates in calendar years, waiting in days or months. Rival counts of one fleet are never
mixed: each keeps its own total. What was delivered since 2000 comes from one release of an arms-transfer register,
which is knowable only from its own day.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import extent_of, model_trust
from claimaudit.analysis.inference import Estimate, rate, share
from claimaudit.analysis.knobs import Knob, percent, phrase
from claimaudit.analysis.parameters import CommonParameters, check_choice, check_range
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from claimaudit.outcome import Finding, Quantity

TITLE = "Su-35 for Iran"
JET = "RUS-IRN:Su-35"
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

EVENTS = (
    "arms_delivery_promised", "arms_delivery_doubted", "arms_delivery_rumoured", "arms_delivery_redirected",
    "arms_delivery_reported", "arms_order_cancelled", "arms_sale_confirmed", "aircraft_under_construction",
    "contract_value", "un_arms_embargo_in_force", "un_arms_embargo_return_planned", "combat_aircraft_lost",
)  # fmt: skip
FLEETS = ("combat_aircraft_in_service", "combat_aircraft_planned", "combat_aircraft_delivered")


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """``cutoff_year``: types that came to Iran before it are old; ``serviceability``: the lowest share of the old types
    able to fly, relative to the newer ones; ``jets``: Su-35 ordered; ``generation``: what counts as modern;
    ``patience_days``: how long a promise without a date ("soon", "under way") is given."""

    cutoff_year: int = 1980
    serviceability: float = 0.33
    jets: int = 24
    generation: str = "4.5"
    patience_days: int = 90

    def __post_init__(self) -> None:
        super().__post_init__()
        check_range("cutoff_year", self.cutoff_year, 1960, 2000)
        check_range("serviceability", self.serviceability, 0.05, 1)
        check_range("jets", self.jets, 0, 200)
        check_choice("generation", self.generation, tuple(GENERATIONS))
        check_range("patience_days", self.patience_days, 0, 730)


def said_by(row: Observation) -> str:
    """Whose count or statement a row is, in words."""
    return " ".join(_NAMES.get(word, word) for word in row.variant.split("-"))


def who(row: Observation) -> str:
    """The same as the head of a line."""
    text = said_by(row)
    return text[0].upper() + text[1:]


_NAMES = {
    "sipri": "SIPRI", "iiss": "IISS", "us": "US", "un": "UN", "iran": "Iran", "russia": "Russia", "iranian": "Iranian",
    "israeli": "Israeli", "kuwaiti": "Kuwaiti", "kremlin": "Kremlin", "guards": "Guards", "withdrawn": "(withdrawn)",
    "janes": "Jane's", "f14": "F-14", "world": "World", "air": "Air", "forces": "Forces",
}  # fmt: skip


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


def counts(view: Dossier, parameters: Parameters) -> list[Count]:
    """The rival counts of Iran's fleet that were knowable, each split by the cut-off year."""
    frame = view.series["combat-fleets"].frame
    frame = frame[(frame["country_iso3"] == "IRN") & (frame["number_basis"] == "in_service")]
    tomcats = [
        extent_of(row, view.method) for row in view.rows(measure="combat_aircraft_in_service", entity="IRN:F-14")
    ]
    found = []
    for source, origin, words, ids, digit, without in COUNTS:
        part = frame[frame["source_id"] == source]
        rows = view.rows(ids=ids)
        if part.empty or (without and not tomcats):
            continue
        old = float(part.loc[part["introduced_year"] < parameters.cutoff_year, "number"].sum())
        added = (0.0, 0.0)
        if without and parameters.cutoff_year > 1976:  # the F-14 came in 1976
            added = (min(item.mid for item in tomcats), max(item.mid for item in tomcats))
        letter = (view.whole or view).sources.at[source, "reliability"]
        ids_used = tuple(row.observation_id for row in rows)
        trust = view.method.trust(letter, digit)
        found.append(Count(words, origin, old, float(part["number"].sum()) - old, added, trust, ids_used))
    return found


def share_curves(view: Dossier, parameters: Parameters, points: int = 61) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Relative serviceability and, for each count, the share of old types among aircraft able to fly, percent.

    Shapes: ``(points,)`` and ``(points,)`` for each name.
    """
    x = np.linspace(0.1, 1.0, points)
    middle = {count.words: sum(count.added) / 2 for count in counts(view, parameters)}
    return 100 * x, {
        count.words: 100 * np.asarray(old_share(count.old + middle[count.words], count.newer, x))
        for count in counts(view, parameters)
    }


# -- neighbours ------------------------------------------------------------------------------------------------------


def modern(view: Dossier, generation: str) -> pd.Series:
    """New-built combat aircraft of the chosen generations received in 2000-2022, a count, indexed by country code."""
    frame = view.series["combat-fleets"].frame
    frame = frame[frame["source_id"] == REGISTER]
    chosen = frame["new_delivered_2000_2022"].where(frame["generation"].isin(GENERATIONS[generation]), 0.0)
    return chosen.groupby(frame["country_iso3"], sort=True).sum()


def states_above(delivered: pd.Series, own: str, extra: float = 0.0) -> int:
    """How many other states received more than ``own`` did with ``extra`` added."""
    others = delivered.drop(index=own, errors="ignore")
    return int((others > delivered.get(own, 0.0) + extra).sum())


def passed(delivered: pd.Series, extra: float, own: str = "IRN") -> list[str]:
    """The states that received more than ``own`` did, and fewer once the purchase is added."""
    before = delivered.get(own, 0.0)
    others = delivered.drop(index=own, errors="ignore")
    return list(others[(others > before) & (others < before + extra)].sort_values().index)


def ladder(view: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Modern jets received by each state and by Iran with the purchase, counted: columns who, aircraft, purchase."""
    delivered = modern(view, parameters.generation)
    frame = pd.DataFrame({"who": [COUNTRIES[code] for code in delivered.index], "aircraft": delivered.to_numpy()})
    own = {"who": f"Iran with {parameters.jets} Su-35", "aircraft": delivered.get("IRN", 0.0) + parameters.jets}
    return pd.concat([frame, pd.DataFrame([own])], ignore_index=True)


def order_table(view: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Each number of jets reported, a row each: who says it, and the states Iran would pass by generation counted.

    Columns: Ordered (a count), Reported by, rows, and States passed for each choice of generations.
    """
    rows = [row for row in view.rows(measure="aircraft_ordered", entity=JET) if row.credibility < "5"]
    records = []
    for number in sorted({row.value for row in rows}):
        same = [row for row in rows if row.value == number]
        said = sorted({who(row) for row in same})
        record: dict[str, object] = {"Ordered": number, "Reported by": ", ".join(said)}
        record["rows"] = tuple(row.observation_id for row in same)
        for name, words in (("4.5", "generation 4.5 or 5"), ("4", "generation 4 or later"), ("all", "all generations")):
            delivered = modern(view, name)
            names = [COUNTRIES[code] for code in passed(delivered, number)]
            record[f"States passed, {words}"] = ", ".join(names) or "none"
        records.append(record)
    return pd.DataFrame(records)


def ages(view: Dossier, year: int = 2023) -> pd.DataFrame:
    """Years from the mean delivery of each state's combat aircraft to ``year``: columns who, age, row."""
    rows = view.rows(measure="mean_delivery_year")
    return pd.DataFrame(
        [{"who": COUNTRIES[row.entity], "age": year - row.value, "row": row.observation_id} for row in rows],
        columns=["who", "age", "row"],
    )


# -- promises --------------------------------------------------------------------------------------------------------


class Promise(NamedTuple):
    """Who promised delivery, on which day, and until when it was due."""

    row: Observation
    made: date
    due: date
    dated: bool


def promises(view: Dossier, patience_days: int) -> list[Promise]:
    """Promises of delivery; one that names no date ahead is given ``patience_days`` from its own day."""
    found = []
    for row in view.rows(measure="arms_delivery_promised", entity=JET):
        made = min(row.knowable, row.start) if row.end > row.knowable else row.end
        dated = row.end > row.knowable
        found.append(Promise(row, made, row.end if dated else row.end + timedelta(days=patience_days), dated))
    return sorted(found, key=lambda promise: (promise.due, promise.row.observation_id))


def statuses(view: Dossier) -> list[Observation]:
    """How many jets had come, by each dated count, earliest first."""
    rows = view.rows(measure="aircraft_delivered_cumulative", entity=JET)
    return sorted(rows, key=lambda row: (row.start, row.observation_id))


def due_by(view: Dossier, patience_days: int, day: date) -> list[Promise]:
    """The promises whose day had passed before ``day``."""
    return [promise for promise in promises(view, patience_days) if promise.due < day]


def promise_table(view: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Each promise and how late it is on the last count: columns label, made, due, late (months), kind, row."""
    counted = statuses(view)
    last = counted[-1].start if counted else view.day
    none_yet = not any(row.value > 0 for row in counted)
    records = []
    for promise in promises(view, parameters.patience_days):
        late = (last - promise.due).days / 30.44
        records.append(
            {
                "label": f"{who(promise.row)}: {promise_words(promise)}",
                "made": pd.Timestamp(promise.made),
                "due": pd.Timestamp(promise.due),
                "late": late if none_yet and late > 0 else math.nan,
                "kind": "missed" if none_yet and late > 0 else "not yet due",
                "row": promise.row.observation_id,
            }
        )
    return pd.DataFrame(records, columns=["label", "made", "due", "late", "kind", "row"])


def promise_words(promise: Promise) -> str:
    """When a promise is due, in words."""
    return f"by {formats.day(promise.due)}" if promise.dated else f"soon, counted to {formats.day(promise.due)}"


def kept_share(view: Dossier, parameters: Parameters) -> Estimate:
    """Share kept of the promises due before the last count: posterior median, 95% interval (Jeffreys' prior)."""
    counted = statuses(view)
    if not counted:
        return share(0, 0)
    due = due_by(view, parameters.patience_days, counted[-1].start)
    kept = sum(any(row.value > 0 and row.end <= promise.due for row in counted) for promise in due)
    return share(kept, len(due))


def delivery_rate(view: Dossier) -> Estimate:
    """First deliveries a year since the sale was announced, posterior median and 95% interval (Jeffreys' prior)."""
    counted, announced = statuses(view), view.article.published
    if not counted or counted[-1].start <= announced:
        return Estimate(math.nan, 0.0, math.inf)
    came = [row.start for row in counted if row.value > 0]
    end = came[0] if came else counted[-1].start
    return rate(float(bool(came)), (end - announced).days / 365.25)


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
    delivered = modern(view, parameters.generation) if known is None else known
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
    fleet, delivered = counts(view, parameters), modern(view, parameters.generation)
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


def shown_rows(dossier: Dossier) -> list[str]:
    """Every observation the notebook shows beside those the verdicts rest on."""
    sale = (*EVENTS, "aircraft_delivered_cumulative", "aircraft_ordered")
    fleet = (
        *FLEETS,
        "combat_aircraft_lost",
        "mean_delivery_year",
        "fleet_usable_share",
        "new_combat_aircraft_delivered",
    )
    rows = [row for row in dossier.rows(measure=sale) if "M04" in row.claims]
    rows += [row for row in dossier.rows(measure=fleet) if "M05" in row.claims]
    return list(dict.fromkeys(row.observation_id for row in rows))
