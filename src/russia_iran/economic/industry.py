"""Russian industry under sanctions and what Iran's can give it (E03-E09, E17, E28, E29, E33, E35).

Changes of output in percent, cars in vehicles, ages of reports in days. Two small models bear on parts: the four printed falls
against each cumulative month of the statistical office; how many car plants were idle on the article's day. For the notebook
alone: an exact permutation test of the listed sectors against random sets of branches, and cars planned. Tables and words for it
stand in ``industry_report.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from claimaudit import formats
from claimaudit.analysis.hearing import model_trust, standing
from claimaudit.analysis.inference import Estimate, share
from claimaudit.analysis.knobs import Knob
from claimaudit.analysis.parameters import CommonParameters, choice, number
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from claimaudit.outcome import Finding

TITLE = "Industry under sanctions"
MAPPINGS = ("both", "narrow", "wide")
METRICS = ("all", "year", "last-months", "import-dependence")
UNITS = ("site", "brand")
SCOPES = ("all", "named")
PLANS = ("khodro", "both-makers")

PRINTED = {
    "RUS:cars": "E05.size",
    "RUS:trucks": "E06.size",
    "RUS:buses_under_5t": "E07.size",
    "RUS:buses_over_5t": "E08.size",
}
"""The class each printed fall is about, and the part that holds the printed figure."""
CLASS_NAMES = {
    "RUS:cars": "Cars", "RUS:trucks": "Trucks", "RUS:buses_under_5t": "Buses under 5 tonnes (minibuses)",
    "RUS:buses_over_5t": "Buses over 5 tonnes",
}  # fmt: skip
OTHER_BRANCHES = {
    "RUS:motor_vehicles": "motor vehicles", "RUS:electronics": "electronics", "RUS:tobacco": "tobacco",
    "RUS:electrical_equipment": "electrical equipment", "RUS:chemicals": "chemicals", "RUS:metals": "metals",
    "RUS:metal_goods": "metal goods", "RUS:clothing": "clothing", "RUS:wood": "wood", "RUS:textiles": "textiles",
    "RUS:machinery_repair": "repair of machinery",
}  # fmt: skip
"""Branches of manufacturing beside the listed ones; single products and aggregates are left out."""
DEPENDENCE = {
    "RUS:machine_tools": ("machine tools", "machine building"),
    "RUS:food_machinery": ("machines for the food industry", "machine building"),
    "RUS:rail_machine_building": ("rail machine building", "railways"),
    "RUS:pharmaceuticals": ("medicines", "medicines"),
    "RUS:medical_industry": ("medical goods", ""),
    "RUS:ferrous_metals": ("ferrous metals", ""),
}
"""Branches with a share of home-made goods on record: name, and the listed sector it belongs to."""
NAMED_SITES = (
    "VW Kaluga", "VW/Skoda at GAZ Nizhny Novgorod", "Nissan St Petersburg", "Toyota St Petersburg",
    "Hyundai St Petersburg", "BMW at Avtotor Kaliningrad", "Ford Sollers Yelabuga",
)  # fmt: skip
"""The sites of the makers that the article names."""
PLANT_REPORTS = "plant-reports"
"""The name under which the reports on single plants, counted together, are one independent source."""
HELP = ("rus.irn.aviation.agreement", "aeroflot.a330.*", "iran.jv.still.talks.2025")
"""Rows on help that is neither cars nor goods: repairs, and what is still talked about."""


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """What an analyst may vary."""

    mapping: str = choice("both", MAPPINGS, "machine building alone, or with vehicles and electronics too")
    metric: str = choice("all", METRICS, "what being hit is measured by")
    max_age_weeks: int = number(52, 1, 104, "reports on a plant older than this count as unknown")
    idle_unit: str = choice("site", UNITS, "count idle sites, or foreign brands no longer built")
    scope: str = choice("all", SCOPES, "all plants on record, or those of the makers the article names")
    plan: str = choice("khodro", PLANS, "whose promised cars deliveries are held against")


# -- the listed sectors against the others (E04) ---------------------------------------------------------------------


class Branch(NamedTuple):
    """A branch with its figure (percent), the listed sector it belongs to (or none) and the rows it comes from."""

    name: str
    value: float
    sector: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Ranking:
    """The listed branches against the others under one metric and mapping; lower figures mean hit harder."""

    metric: str
    mapping: str
    branches: tuple[Branch, ...]

    @property
    def values(self) -> NDArray[np.float64]:
        """The figures in percent, shape ``(branches,)``."""
        return np.array([branch.value for branch in self.branches])

    @property
    def listed(self) -> NDArray[np.bool_]:
        """Which branches the list names: truth values, shape ``(branches,)``."""
        return np.array([bool(branch.sector) for branch in self.branches])

    @property
    def testable(self) -> bool:
        """True when at least two listed sectors and two other branches are on record: one branch is no list."""
        return len({branch.sector for branch in self.branches} - {""}) > 1 and int((~self.listed).sum()) > 1

    def means(self) -> tuple[float, float]:
        """Mean figure of the listed branches and of the others, percent."""
        return float(self.values[self.listed].mean()), float(self.values[~self.listed].mean())

    def chance(self, ranks: bool = False) -> float:
        """Share of random sets of as many branches that were hit less than the listed ones."""
        values = self.values.argsort().argsort().astype(float) if ranks else self.values
        return share_milder(values, self.listed)


@cache
def _sets(n: int, k: int) -> NDArray[np.int64]:
    return np.array(list(combinations(range(n), k)))


def share_milder(values: Sequence[float] | NDArray[np.float64], chosen: Sequence[bool] | NDArray[np.bool_]) -> float:
    """Share (0-1) of all sets of as many values whose mean lies above that of the chosen ones; ties count half.

    One minus the mid-p value of the exact one-sided permutation test (Fisher 1935; mid-p after Lancaster 1961): every
    set is counted, none is drawn. Near 1 the chosen are among the lowest, near one half they are like any others.
    ``chosen`` is a mask as long as ``values``; ``ValueError`` where it chooses none or all.
    """
    amounts, mask = np.asarray(values, dtype=float), np.asarray(chosen, dtype=bool)
    size = int(mask.sum())
    if not 0 < size < len(amounts):
        raise ValueError("choose some of the values, not none and not all")
    means = amounts[_sets(len(amounts), size)].mean(axis=1)
    own = amounts[mask].mean()
    return float((means > own + 1e-9).mean() + (np.abs(means - own) <= 1e-9).mean() / 2)


def _sectors(dossier: Dossier, mapping: str) -> dict[str, list[str]]:
    table = dossier.method.topics["industry"]["sectors"]
    return {sector: list(entry[mapping]) for sector, entry in table.items()}


def _changes(dossier: Dossier, metric: str) -> dict[str, Observation]:
    """One row of ``output_change`` an entity: of all 2022, or of the latest month from September to December 2022.

    Rail products stand for the year with January to August. Of two printings of one figure the better graded counts.
    """
    rows = dossier.rows(measure="output_change", variant=("rosstat-index", "rosstat-units", "units-handed-over"))
    chosen: dict[str, Observation] = {}
    for row in rows:
        days = (row.end - row.start).days
        if metric == "year":
            fits = row.start == date(2022, 1, 1) and days >= 240
        else:
            fits = row.variant == "rosstat-index" and days <= 31 and date(2022, 9, 1) <= row.start <= date(2022, 12, 1)
        if fits:
            kept = chosen.get(row.entity, row)
            chosen[row.entity] = max(kept, row, key=lambda item: (item.end, dossier.trust(item), item.observation_id))
    return chosen


def aircraft_change(dossier: Dossier) -> tuple[float, tuple[str, ...]] | None:
    """Airliners built a year since 2022 against 2021, percent, with its two rows; nothing before they are known."""
    ids = ("aircraft.built.2021", "aircraft.built.2022_2024")
    found = {row.observation_id: row for row in dossier.rows(ids=ids)}
    if len(found) < len(ids):
        return None
    before, after = (found[name] for name in ids)
    years = ((after.end - after.start).days + 1) / 365.25
    return 100 * (after.value / years / before.value - 1), ids


def ranking(dossier: Dossier, metric: str, mapping: str) -> Ranking:
    """The branches on record under a metric, those of the list marked by the mapping (``narrow`` or ``wide``)."""
    if metric == "import-dependence":
        rows = dossier.rows(measure="domestic_share_of_products", entity=tuple(DEPENDENCE))
        found = [
            Branch(DEPENDENCE[row.entity][0], row.value, DEPENDENCE[row.entity][1], (row.observation_id,))
            for row in rows
        ]
        return Ranking(metric, mapping, tuple(sorted(found, key=lambda branch: branch.value)))
    rows_of = _changes(dossier, metric)
    out: list[Branch] = []
    for sector, entities in _sectors(dossier, mapping).items():
        parts = [rows_of[name] for name in entities if name in rows_of]
        if sector == "machine building":
            out += [Branch(_name(row.entity), row.value, sector, (row.observation_id,)) for row in parts]
        elif sector == "aircraft" and metric == "year":
            change = aircraft_change(dossier)
            out += [Branch(sector, change[0], sector, change[1])] if change else []
        elif parts:
            mean = sum(row.value for row in parts) / len(parts)
            out.append(Branch(sector, mean, sector, tuple(row.observation_id for row in parts)))
    used = {name for branch in out for name in branch.rows}
    out += [
        Branch(_name(name), rows_of[name].value, "", (rows_of[name].observation_id,))
        for name in OTHER_BRANCHES
        if name in rows_of and rows_of[name].observation_id not in used
    ]
    return Ranking(metric, mapping, tuple(sorted(out, key=lambda branch: branch.value)))


def _name(entity: str) -> str:
    return OTHER_BRANCHES.get(entity, entity.removeprefix("RUS:").replace("_", " "))


def rankings(dossier: Dossier, parameters: Parameters) -> list[Ranking]:
    """The rankings the parameters ask for, as far as the view has figures for them."""
    metrics = METRICS[1:] if parameters.metric == "all" else (parameters.metric,)
    mappings = MAPPINGS[1:] if parameters.mapping == "both" else (parameters.mapping,)
    found = []
    for metric in metrics:
        # the shares of home-made goods have no wide reading: vehicles and electronics are not in that report
        for mapping in mappings if metric != "import-dependence" else mappings[:1]:
            one = ranking(dossier, metric, mapping)
            if one.testable:
                found.append(one)
    return found


# -- the four printed falls against each cumulative month (E05-E08) --------------------------------------------------


class Reading(NamedTuple):
    """A printed fall beside the published one of a cumulative month, percent."""

    end: date
    entity: str
    printed: float
    row: Observation

    @property
    def gap(self) -> float:
        """Published less printed, percentage points."""
        return self.row.value - self.printed

    @property
    def exact(self) -> bool:
        """True when both agree to the printed decimal."""
        return abs(self.gap) <= 0.05 + 1e-9


def printed_falls(dossier: Dossier) -> dict[str, float]:
    """The article's four figures by class, percent, as its claims hold them."""
    return {entity: dossier.part(name).numbers["value"] for entity, name in PRINTED.items()}


def cumulative(dossier: Dossier) -> list[Reading]:
    """The office's falls from January 2022 to each month with all four classes on record, beside the printed ones.

    Where two outlets round one figure differently the one nearer to the article counts; derived figures on the base
    first published and a known misprint are no readings of the office's own table and are left out.
    """
    variants = ("rosstat", "rosstat-revised-base", "rosstat-derived")
    printed = printed_falls(dossier)
    best: dict[tuple[date, str], Reading] = {}
    for row in dossier.rows(measure="output_change", entity=tuple(PRINTED), variant=variants):
        if row.start == date(2022, 1, 1) and row.end > date(2022, 1, 31):
            one = Reading(row.end, row.entity, printed[row.entity], row)
            key = (row.end, row.entity)
            best[key] = min(best.get(key, one), one, key=lambda item: (abs(item.gap), item.row.observation_id))
    ends = sorted({end for end, _ in best})
    whole = [end for end in ends if all((end, entity) in best for entity in PRINTED)]
    return [best[end, entity] for end in whole for entity in PRINTED]


def coincidence(readings: Sequence[Reading]) -> dict[str, float]:
    """Chance that a class's figure of another month agrees to the decimal: a tenth over the spread of its months."""
    out = {}
    for entity in PRINTED:
        values = [item.row.value for item in readings if item.entity == entity]
        spread = max(values, default=0.0) - min(values, default=0.0)
        out[entity] = min(1.0, 0.1 / spread) if spread else 1.0
    return out


def month_weights(readings: Sequence[Reading], slip: float) -> dict[date, float]:
    """Posterior over the months the four printed figures may come from, even prior.

    Bayes' rule: a figure agrees with its own month but for a slip of the pen; a slip (or another month's figure) hits a
    given decimal by coincidence only.
    """
    by_chance = coincidence(readings)
    logs: dict[date, float] = {}
    for item in readings:
        gain = np.log(1 - slip) if item.exact else np.log(slip * by_chance[item.entity])
        logs[item.end] = logs.get(item.end, 0.0) + float(gain)
    top = max(logs.values(), default=0.0)
    weights = {end: float(np.exp(value - top)) for end, value in logs.items()}
    return {end: weight / sum(weights.values()) for end, weight in weights.items()}


def slip(dossier: Dossier) -> float:
    """How often a paper misprints a figure: the middle of the method's range, as a share (0-1)."""
    return float(dossier.method.topics["industry"]["slip"]["range"][1])


def _four_together(view: Dossier, slip_rate: float | None = None) -> Iterator[Finding]:
    """Do the four figures belong to January-August; where one month agrees in all four no other can agree better."""
    readings = cumulative(view)
    claimed = date(2022, 8, 31)
    weights = month_weights(readings, slip(view) if slip_rate is None else slip_rate)
    if claimed not in weights:
        return
    best = max(weights, key=lambda end: (weights[end], end))
    of_best = [item for item in readings if item.end == best]
    of_claimed = [item for item in readings if item.end == claimed]
    decides = of_best if all(item.exact for item in of_best) else [*of_best, *of_claimed]
    gap = float(np.mean([abs(item.gap) for item in of_claimed]))
    start = date(2022, 1, 1)
    agree, with_claimed = (sum(item.exact for item in items) for items in (of_best, of_claimed))
    text = (
        f"{agree} of the {len(PRINTED)} figures agree to the decimal with {formats.period(start, best)}; with "
        f"{formats.period(start, claimed)} {with_claimed or 'none'} do, and the mean gap is "
        f"{formats.quantity(gap, 'point', 2)}"
    )
    rows = tuple(item.row.observation_id for item in (*of_best, *of_claimed))
    trust = model_trust(view, *([item.row.observation_id] for item in decides))
    yield Finding("E05.four_together", of_best[0].row.origin, weights[claimed], trust, rows, text)


# -- plants idle on the day (E29) ------------------------------------------------------------------------------------


class Site(NamedTuple):
    """A car plant on the article's day by the newest report of its state: idle or not, how old the report is."""

    name: str
    idle: bool
    age_days: int
    row: Observation


def sites(dossier: Dossier, parameters: Parameters) -> list[Site]:
    """Every site by its newest ``plant_idle`` row knowable in the view, for the article's day at the latest.

    At publication these are last reports before the day; in hindsight later sources that speak of the day replace
    them. Reports older than ``max_age_weeks`` drop out; with ``idle_unit`` "brand" a site that works for another brand
    is idle.
    """
    day = dossier.article.published
    newest: dict[str, Observation] = {}
    for row in dossier.rows(measure="plant_idle"):
        if row.end <= day and (row.entity not in newest or row.end > newest[row.entity].end):
            newest[row.entity] = row
    rebranded = _rebranded(dossier) if parameters.idle_unit == "brand" else set()
    found = [
        Site(name, row.value >= 0.5 or name in rebranded, (day - row.end).days, row)
        for name, row in sorted(newest.items())
        if parameters.scope == "all" or name in NAMED_SITES
    ]
    return [site for site in found if site.age_days <= 7 * parameters.max_age_weeks]


def _rebranded(dossier: Dossier) -> set[str]:
    ids = dossier.method.topics["industry"]["other_brand"]["rows"]
    return {row.entity for row in dossier.rows(ids=tuple(ids))}


def idle_share(found: Sequence[Site]) -> Estimate:
    """Share of sites idle, percent, with its 95 % interval (Jeffreys prior)."""
    estimate = share(sum(site.idle for site in found), len(found))
    return Estimate(*(100 * part for part in (estimate.value, estimate.low, estimate.high)))


def most_idle(found: Sequence[Site], bar: float) -> tuple[bool, Observation | None]:
    """Whether more than a share ``bar`` (0-1) of the sites is idle, and the row that this hangs on.

    Sites are taken by how well they are graded; the row is the last one needed for the answer, whatever the sites after it
    are. ``None`` where there are no sites.
    """
    idle = [site.row for site in found if site.idle]
    work = [site.row for site in found if not site.idle]
    most = len(idle) > bar * len(found)
    needed = int(np.floor(bar * len(found))) + 1 if most else int(np.ceil((1 - bar) * len(found)))
    ranked = sorted(idle if most else work, key=lambda row: (row.reliability, row.credibility, row.observation_id))
    return most, ranked[needed - 1] if found else None


def _idle_findings(view: Dossier, found: Sequence[Site]) -> Iterator[Finding]:
    """One finding on the plants counted, as good as the weakest report needed, and one for each general account (older, so at
    one remove)."""
    bar = view.part("E29.idle").numbers["value"] / 100
    most, weakest = most_idle(found, bar)
    if weakest is not None:
        idle, age = sum(site.idle for site in found), max(site.age_days for site in found) // 7
        text = f"{idle} of {formats.count(len(found), 'plant')} idle by the newest report on each"
        text += f", the oldest {formats.count(age, 'week')} before the day" if age else ""
        rows = (weakest.observation_id, *(site.row.observation_id for site in found if site.row is not weakest))
        finding = Finding("E29.idle", PLANT_REPORTS, float(most), view.trust(weakest), rows, text)
        yield replace(standing(view, weakest, finding), speaker="")
    for row in view.rows(measure="most_plants_idle"):
        text = f"most plants {'idle' if row.value >= 0.5 else 'at work'}, {formats.period(row.start, row.end)}"
        finding = Finding("E29.idle", row.origin, row.value, view.trust(row, direct=False), (row.observation_id,), text)
        yield standing(view, row, finding, direct=False)


# -- cars planned (for the notebook) ---------------------------------------------------------------------------------


def planned_cars(dossier: Dossier, parameters: Parameters) -> tuple[float, tuple[str, ...]]:
    """Cars promised for the time up to the delivery count, and the rows: Iran Khodro's, or with Saipa's yearly plan for
    the days that had passed."""
    own = dossier.rows(ids="irn.ikco.plan.20230320")
    planned = sum(row.value for row in own)
    rows = [row.observation_id for row in own]
    delivered = dossier.rows(ids="irn.ikco.delivered.202308")
    if parameters.plan == "both-makers" and delivered:
        for row in dossier.rows(ids="irn.saipa.plan.annual"):
            planned += row.value * ((delivered[0].end - row.start).days + 1) / 365
            rows.append(row.observation_id)
    return planned, tuple(rows)


# -- findings and knobs ----------------------------------------------------------------------------------------------


def findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """Findings on the month of the four falls and on the idle plants."""
    yield from _four_together(view)
    yield from _idle_findings(view, sites(view, parameters))


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """Plants at work unseen, on which the label of the idle plants rests."""
    yield from _restarts(view, sites(view, parameters))


def _restarts(view: Dossier, found: Sequence[Site]) -> Iterator[Knob]:
    """How many of the idle sites were at work again unseen, those with the oldest reports first."""
    oldest = sorted((site for site in found if site.idle), key=lambda site: (-site.age_days, site.name))

    def after(restarted: int) -> Iterator[Finding]:
        gone = {site.name for site in oldest[:restarted]}
        return _idle_findings(view, [site._replace(idle=site.idle and site.name not in gone) for site in found])

    def words(restarted: int) -> str:
        plants = formats.count(restarted, "plant")
        return f"had {plants} with the oldest reports been at work again unseen"

    if oldest:
        yield Knob(
            "E29.idle", "unseen restarts", 0, after, words, choices=tuple(range(1, len(oldest) + 1)), unit="plant"
        )


def shown_rows(dossier: Dossier) -> list[str]:
    """Every observation the notebook shows beside those the verdicts rest on."""
    shown = [name for one in rankings(dossier, Parameters()) for branch in one.branches for name in branch.rows]
    shown += [item.row.observation_id for item in cumulative(dossier)]
    for measure in ("plant_idle", "production_suspended", "production_restarted", "plant_sold"):
        shown += [row.observation_id for row in dossier.rows(measure=measure)]
    for measure in ("vehicle_exports_planned", "vehicle_exports_contracted", "vehicle_exports_delivered"):
        shown += [row.observation_id for row in dossier.rows(measure=measure)]
    shown += [row.observation_id for row in dossier.rows(measure="bilateral_goods_flow", entity="IRN-RUS:*")]
    shown += [
        "rus.bus.ytd8.2022.yoy.firstbase",
        "rus.sales.fy2022.units",
        "rus.cars.fy2022.yoy",
        "rus.trucks.fy2022.yoy",
    ]
    shown += [row.observation_id for row in dossier.rows(ids=HELP)]
    known = dossier.evidence.records
    return [name for name in dict.fromkeys(shown) if name in known]


def by_class(readings: Sequence[Reading]) -> pd.DataFrame:
    """The readings as a table: columns end, entity, class, printed, published, gap, exact, row.

    Printed and published falls in percent, their gap in points.
    """
    return pd.DataFrame(
        [
            {
                "end": item.end,
                "entity": item.entity,
                "class": CLASS_NAMES[item.entity],
                "printed": item.printed,
                "published": item.row.value,
                "gap": item.gap,
                "exact": item.exact,
                "row": item.row.observation_id,
            }
            for item in readings
        ],
        columns=["end", "entity", "class", "printed", "published", "gap", "exact", "row"],
    )
