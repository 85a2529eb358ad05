"""Drones for jets (M06) and drones built together (M10): share of a campaign, worth against jets, steps against a plan.

Counts in drones or munitions, sums in USD, shares in percent where named so. The monthly series is a claimant's:
Ukrainian bulletins of launches and interceptions. Its cautions are kept: Shaheds only where a row names no other model,
partial months left out, decoys taken off from the month the label covers them. Words and tables for the notebook are in
``drones_charts.py``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import extent_of, model_trust
from claimaudit.analysis.inference import change_point
from claimaudit.analysis.knobs import Knob, percent, phrase
from claimaudit.analysis.parameters import CommonParameters, number
from claimaudit.analysis.uncertainty import Floats, Split
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from claimaudit.outcome import Finding, Quantity

TITLE = "Drones for jets"
SERIES = "drone-attacks-monthly"
SHAHED = "Shahed-136/131"
CAMPAIGN = ("2022-10", "2023-02")
"""The whole months of the first campaign against the energy system that had passed when the article appeared."""
_NO_MISSILE = (
    "Orlan", "ZALA", "Supercam", "Lancet", "UAV", "Mohajer", "Merlin", "Forpost", "Orion", "Granat", "Eleron",
    "Kartograf", "Privet", "Kub", "Feniks", "Molniya", "GBU", "Aerial",
)  # fmt: skip
_CRUISE = ("X-101", "Kalibr", "Iskander-K", "X-59", "X-69", "X-35")
CAMPAIGN_ROWS = (
    "asp.drone.campaign.shahed.launched",
    "asp.drone.campaign.missiles.launched",
    "asp.drone.campaign.shahed.share",
    "asp.drone.campaign.leak.share",
)
EVENTS = {
    "asp.su35.number.boursebazaar": ("jets", "Jets ordered and paid in these years, say insiders in 2023"),
    "asp.su35.earlier.taghvaee": ("jets", "A journalist reports an order of jets"),
    "asp.drone.sky.delivered136": ("drones", "First lot of drones reaches Russia"),
    "asp.drone.sky.cash": ("payment", "Cash is flown to Tehran for it"),
    "asp.drone.sky.second": ("payment", "A second lot of drones is bought, a security source says"),
    "asp.drone.jointproduction.wapo": ("drones", "A newspaper has joint production of drones agreed"),
    "asp.drone.alabuga.value.wsj": ("payment", "Contract for the Alabuga plant, part of it in gold"),
    "asp.drone.quidproquo.telegraph": ("jets", "US and British officials call the jets a return"),
    "asp.drone.alabuga.value.wapo": ("payment", "Contract papers of the plant, dollars or gold"),
    "asp.su35.kirby.202302": ("jets", "US: jets may come in return for munitions"),
    "asp.su35.notlinked.mission": ("jets", "Iran confirms the jets and denies the link"),
    "asp.drone.gold": ("payment", "Gold is handed over for drones"),
    "asp.drone.gold.second": ("payment", "Contract for more gold"),
    "asp.su35.delivered.a": ("jets", "First jets announced for the coming weeks, none arrives"),
    "asp.yak130.delivered.202309": ("jets", "Two trainers arrive, no Su-35"),
}
"""Rows of the order of events with their group and what happened, in the order they happened."""
_GRID = (np.arange(40) + 0.5) / 40
_COARSE = (np.arange(16) + 0.5) / 16


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """What an analyst may vary."""

    drones: int = number(700, 50, 20_000, "drones supplied by March 2023")
    jets: int = number(24, 1, 100, "jets to be had for them")
    return_share: float = number(0.5, 0.05, 1, "part of the jets' price that can be called a return")
    true_claims: float = number(0.8, 0.2, 1, "share of claimed interceptions that is true")
    decoys: float = number(0.4, 0, 0.8, "share of decoys in the launches from October 2024 on")
    lag_months: int = number(6, 1, 12, "months within which a step must follow a stage of the plan")


def judged(dossier: Dossier, name: str) -> dict:
    """An assumption of ``[topics.drones]`` in the method file."""
    return dossier.method.topics["drones"][name]


def known(dossier: Dossier, name: str) -> list[str]:
    """The rows an assumption leans on that were knowable in this view."""
    return [row for row in judged(dossier, name)["rows"] if row in dossier.evidence.records]


def _around(dossier: Dossier, name: str, mid: float) -> Split:
    """The method's range of an input with the chosen middle."""
    low, _, high = judged(dossier, name)["range"]
    return Split(min(low, mid), mid, max(high, mid))


# -- the campaign against energy --------------------------------------------------------------------------------------


def group(model: str) -> str:
    """The kind of munition a model (or a row of several models) is counted with; empty for what is neither.

    A row that mixes models goes with the first kind named: all its models are missiles, so the sums of missiles hold.
    """
    if model == SHAHED:
        return "Shahed drones"
    if any(name in model for name in _NO_MISSILE):
        return ""
    return "Cruise missiles" if any(name in model for name in _CRUISE) else "Other missiles"


def munitions(dossier: Dossier) -> pd.DataFrame:
    """Launched and claimed shot down by month and kind: columns month, kind, launched, destroyed.

    A missing number of interceptions counts as none.
    """
    frame = dossier.series[SERIES].frame
    frame = frame.assign(kind=frame["model"].map(group))
    frame = frame[frame["kind"] != ""]
    return frame.groupby(["month", "kind"], as_index=False)[["launched", "destroyed"]].sum()


class Campaign(NamedTuple):
    """Munitions of the campaign's months by the bulletins, launched and claimed shot down."""

    drones: float
    drones_down: float
    missiles: float
    missiles_down: float


def campaign(dossier: Dossier) -> Campaign | None:
    """The campaign's whole months, October 2022 to February 2023; ``None`` while they are not all knowable."""
    frame = dossier.series[SERIES].frame
    frame = frame[frame["month"].between(*CAMPAIGN)]
    if CAMPAIGN[1] not in set(frame["month"]):
        return None
    kinds = frame["model"].map(group)
    drones, missiles = frame[kinds == "Shahed drones"], frame[kinds.str.endswith("missiles")]
    sums = [part[column].sum() for part in (drones, missiles) for column in ("launched", "destroyed")]
    return Campaign(*map(float, sums))


def share_percent(part: Floats | float, other: Floats | float) -> Floats | float:
    """A part as a percentage of itself and the other, of their common shape."""
    return 100 * part / (part + other)


def share_launched(found: Campaign, coverage: Floats | float = 1.0) -> Floats | float:
    """Drones in percent of the munitions launched; their true number is the bulletins' over the coverage.

    ``coverage`` is a share (0-1), and gives the shape. Missiles are taken as counted: salvos were listed in full.
    """
    return share_percent(found.drones / coverage, found.missiles)


def share_through(found: Campaign, true_claims: Floats | float, coverage: Floats | float = 1.0) -> Floats | float:
    """Drones in percent of what was not shot down, when ``true_claims`` of the claimed interceptions are true.

    ``true_claims`` and ``coverage`` are shares (0-1); of their common shape.
    """
    drones = (found.drones - true_claims * found.drones_down) / coverage
    return share_percent(drones, found.missiles - true_claims * found.missiles_down)


def through_curve(found: Campaign, points: int = 161) -> pd.DataFrame:
    """Share of drones among what got through, percent, over the share of true claims (0-1).

    Columns: true_claims, through, launched.
    """
    claims = np.linspace(0.2, 1.0, points)
    return pd.DataFrame(
        {"true_claims": claims, "through": share_through(found, claims), "launched": share_launched(found)}
    )


# -- worth of the drones against the jets -----------------------------------------------------------------------------


def prices(dossier: Dossier) -> list[Observation]:
    """Published prices and costs of a drone, those of later years (made in Russia in masses) left out."""
    rows = dossier.rows(measure=("drone_unit_price", "drone_unit_cost"))
    return [row for row in rows if row.start.year < 2025]


def jet_price(dossier: Dossier) -> tuple[Split, list[str]]:
    """Price of one Su-35 in other sales in USD, from the lowest to the highest figure, and the rows."""
    rows = dossier.rows(measure="aircraft_unit_price", entity="RUS-*:Su-35")
    values = sorted(row.value for row in rows)
    if not values:
        return Split(0, 0, 0), []
    return Split(values[0], float(np.median(values)), values[-1]), [row.observation_id for row in rows]


def worth(drones: Floats | float, price: Floats | float, jets: float, jet: Floats | float) -> Floats | float:
    """Worth of the drones as a share of the jets' price (1: as much), of the inputs' common shape; prices in USD."""
    return drones * price / (jets * jet)


def worth_table(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Worth of the drones over the jets' price at each price: columns row, who, price, low, mid, high, chance.

    ``low``, ``mid`` and ``high`` are the 5th, 50th and 95th percentile over number, price and jets; ``chance`` is that
    the quotient reaches ``return_share``.
    """
    supplied = _around(dossier, "supplied", parameters.drones).quantile(_COARSE)
    jets, jet_rows = jet_price(dossier)
    columns = ["row", "who", "price", "low", "mid", "high", "chance"]
    if not jet_rows:
        return pd.DataFrame(columns=columns)
    jet = jets.quantile(_COARSE)
    records = []
    for row in prices(dossier):
        own = extent_of(row, dossier.method).quantile(_COARSE)
        ratios = worth(supplied[:, None, None], own[None, :, None], parameters.jets, jet[None, None, :])
        low, mid, high = np.quantile(ratios, [0.05, 0.5, 0.95])
        kind = "price" if row.measure == "drone_unit_price" else "cost"
        records.append(
            {
                "row": row.observation_id,
                "who": f"{row.variant.replace('-', ' ').replace('ukrainian', 'Ukrainian')} ({kind})",
                "price": row.value,
                "low": low,
                "mid": mid,
                "high": high,
                "chance": float(np.mean(ratios >= parameters.return_share)),
            }
        )
    return pd.DataFrame(records, columns=columns).sort_values("price", ignore_index=True)


# -- steps in the attacks against the plan ----------------------------------------------------------------------------


def launches(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Shaheds launched a month, whole months from October 2022 on, and the same with decoys taken off.

    Columns: month, launched, armed.
    """
    frame = dossier.series[SERIES].frame
    frame = frame[(frame["model"] == SHAHED) & ~frame["flag"].str.contains("partial-month")].sort_values("month")
    decoys = np.where(frame["flag"].str.contains("label-includes-decoys"), parameters.decoys, 0.0)
    return frame.assign(armed=frame["launched"] * (1 - decoys))[["month", "launched", "armed"]].reset_index(drop=True)


def overdispersion(counts: Floats) -> float:
    """How much more successive counts differ than Poisson counts of one rate would: a ratio, at least 1.

    For two counts of one rate with variance phi times the mean, (y1 - y2)^2 / (y1 + y2) has the mean phi (as in von
    Neumann's mean square successive difference, Annals of Mathematical Statistics 12, 1941). ``counts`` in order of time, shape
    ``(months,)``.
    """
    sums = counts[1:] + counts[:-1]
    usable = sums > 0
    return max(1.0, float(np.mean(np.diff(counts)[usable] ** 2 / sums[usable]))) if usable.any() else 1.0


def steps(counts: Floats, least: int = 3) -> list[int]:
    """Where the level of monthly counts changes: index of the first month of each new level.

    Binary segmentation with the Poisson change point: a break is kept when its log likelihood ratio over the
    overdispersion passes log n (Schwarz's criterion for two more parameters) and each side has ``least`` months. Then
    each is looked for again between its neighbours (repartition, Bai, Econometric Theory 13, 1997).
    """
    spread, bar = overdispersion(counts), math.log(max(len(counts), 2))

    def search(first: int, last: int) -> list[int]:
        if last - first < 2 * least:
            return []
        at, gain, _ = change_point(counts[first:last])
        if gain / spread <= bar or at < least or last - first - at < least:
            return []
        return [*search(first, first + at), first + at, *search(first + at, last)]

    found = search(0, len(counts))
    for place in range(len(found)):
        first = found[place - 1] if place else 0
        last = found[place + 1] if place + 1 < len(found) else len(counts)
        at = first + change_point(counts[first:last])[0]
        if at - first >= least and last - at >= least:
            found[place] = at
    return found


class Fit(NamedTuple):
    """Steps up against the stages of the plan: hits, steps, share of months in a window, and the chance of a link."""

    hits: int
    steps: int
    window: float
    chance: float


def stage_fit(at: Sequence[int], stages: Sequence[int], months: int, lag: int, if_driven: float) -> Fit:
    """How likely output drives the steps, from an even prior, by Bayes' rule over two accounts.

    A step falls within ``lag`` months after a stage with the chance ``if_driven`` when output drives it, and with the
    share of months that lie in such a window when it falls anywhere.
    """
    inside = {month for stage in stages for month in range(stage, stage + lag + 1) if 0 <= month < months}
    window = len(inside) / months
    hits = sum(step in inside for step in at)
    if not at or not 0 < window < 1:
        return Fit(hits, len(at), window, 0.5)
    driven = hits * math.log(if_driven) + (len(at) - hits) * math.log(1 - if_driven)
    anywhere = hits * math.log(window) + (len(at) - hits) * math.log(1 - window)
    return Fit(hits, len(at), window, 1 / (1 + math.exp(anywhere - driven)))


@dataclass(frozen=True)
class Onset:
    """The months looked at with their level between steps, the months of the steps up, and how they fit the plan."""

    months: pd.DataFrame
    steps: tuple[str, ...]
    stages: tuple[str, ...]
    fit: Fit


def onset(dossier: Dossier, parameters: Parameters) -> Onset:
    """Steps up in the launches of October 2022 to the end of 2024, against the stages of the plan."""
    plan = judged(dossier, "stages")
    table = launches(dossier, parameters)
    table = table[table["month"] <= plan["through"]]
    counts = table["armed"].to_numpy(dtype=float)
    breaks = steps(counts)
    edges = [0, *breaks, len(counts)]
    level = np.concatenate([[counts[a:b].mean()] * (b - a) for a, b in pairwise(edges) if b > a] or [[]])
    up = [k for k in breaks if level[k] > level[k - 1]]
    months = list(table["month"])
    stages = tuple(month for month in plan["months"] if month in months)
    places = [months.index(month) for month in stages]
    fit = stage_fit(up, places, len(months), parameters.lag_months, plan_chance(dossier))
    return Onset(table.assign(level=level), tuple(months[k] for k in up), stages, fit)


def plan_chance(dossier: Dossier) -> float:
    """The assumed chance (0-1) that a step driven by output falls in its window: the middle of its range."""
    return float(judged(dossier, "if_driven")["range"][1])


# -- findings and knobs -----------------------------------------------------------------------------------------------


def findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """The worth of the drones against the jets, at each price."""
    yield from _value_findings(view, parameters)


def _value_findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    supplied, (_, jets) = known(view, "supplied"), jet_price(view)
    for item in worth_table(view, parameters).itertuples():
        row = view.observation(str(item.row))
        trust = model_trust(view, supplied, [row.observation_id], jets)
        part = formats.span(100 * item.low, 100 * item.high, "percent", 2)
        text = f"at {formats.quantity(row.value, row.unit)} the drones are worth {part} of {parameters.jets} jets"
        extent = Quantity(item.mid, item.low, item.high, "ratio")
        yield Finding("M06.value", row.origin, item.chance, trust, (row.observation_id, *supplied, *jets), text, extent)


_KNOBS = (
    ("drones", 50, 20_000, "with {} drones supplied"),
    ("return_share", 0.05, 1.0, "if {} of the jets' price were enough to be called a return"),
    ("jets", 1, 100, "for {} jets instead"),
)


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """The number of drones or jets and the bar for a return on which the label rests."""
    for name, low, high, words in _KNOBS:
        whole = name in ("drones", "jets")

        def found(x: float, name: str = name, whole: bool = whole) -> list[Finding]:
            return list(_value_findings(view, replace(parameters, **{name: round(x) if whole else x})))

        yield Knob(
            "M06.value",
            name,
            float(getattr(parameters, name)),
            found,
            phrase(words, formats.number if whole else percent),
            (low, high),
            whole=whole,
            steps=16,
            tolerance=5e-3,
        )


# -- rows the notebook shows -----------------------------------------------------------------------------------------


def input_rows(dossier: Dossier) -> list[str]:
    """The rows that the worth of the drones leans on."""
    return [*known(dossier, "supplied"), *jet_price(dossier)[1], *(row.observation_id for row in prices(dossier))]


def shown_rows(dossier: Dossier) -> list[str]:
    """Every observation the notebook shows beside those the verdicts rest on."""
    rows = [*input_rows(dossier), *EVENTS, *CAMPAIGN_ROWS]
    for name in ("supplied", "coverage", "decoys", "stages"):
        rows += judged(dossier, name)["rows"]
    for measure in (
        "drones_launched",
        "drones_claimed_destroyed",
        "drones_delivered",
        "drones_ordered",
        "drones_planned",
        "drones_produced",
        "drone_output_rate",
        "production_share_localised",
        "energy_system_share_impaired",
        "power_deficit",
        "munitions_fired",
        "munitions_hit",
        "attack_waves",
        "campaign_assessed_failed",
    ):
        rows += [row.observation_id for row in dossier.rows(measure=measure) if {"M06", "M10"} & set(row.claims)]
    return [row for row in dict.fromkeys(rows) if row in dossier.evidence.records]
