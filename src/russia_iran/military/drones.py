"""Drones for jets (M06) and drones built together (M10): the drones' worth against the jets, their share of a campaign.

Counts in drones or munitions, sums in USD, shares in percent where named so. The monthly series is a claimant's: Ukrainian
bulletins of launches and interceptions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import extent_of, model_trust
from claimaudit.analysis.knobs import Knob, percent, phrase
from claimaudit.analysis.parameters import CommonParameters, number
from claimaudit.analysis.uncertainty import Floats, Split
from claimaudit.dossier.dossier import Dossier
from claimaudit.outcome import Finding, Quantity

TITLE = "Drones for jets"
SERIES = "drone-attacks-monthly"
SHAHED = "Shahed-136/131"
DRONES = "Shahed drones"
CAMPAIGN = ("2022-10", "2023-02")
"""The whole months of the first campaign against the energy system that had passed when the article appeared."""
_NO_MISSILE = (
    "Orlan", "ZALA", "Supercam", "Lancet", "UAV", "Mohajer", "Merlin", "Forpost", "Orion", "Granat", "Eleron",
    "Kartograf", "Privet", "Kub", "Feniks", "Molniya", "GBU", "Aerial",
)  # fmt: skip
_CRUISE = ("X-101", "Kalibr", "Iskander-K", "X-59", "X-69", "X-35")
POINTS = 16
"""How many values stand for the range of an uncertain input, each as likely as another."""


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """What an analyst may vary."""

    drones: int = number(700, 50, 20_000, "drones supplied by March 2023")
    jets: int = number(24, 1, 100, "jets to be had for them")
    return_share: float = number(0.5, 0.05, 1, "part of the jets' price that can be called a return")


def spread(low: float, middle: float, high: float) -> Floats:
    """Values that stand for a range, half of them below the middle, evenly on either side: shape ``(POINTS,)``."""
    return Split(low, middle, high).quantile((np.arange(POINTS) + 0.5) / POINTS)


# -- the campaign against energy --------------------------------------------------------------------------------------


def group(model: str) -> str:
    """The kind of munition a model (or a row of several models) is counted with; empty for what is neither.

    A row that mixes models goes with the first kind named: all its models are missiles, so the sums of missiles hold.
    """
    if model == SHAHED:
        return DRONES
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


def share_percent(part: Any, other: Any) -> Any:
    """A part as a percentage of itself and the other: numbers, or columns of them."""
    return 100 * part / (part + other)


# -- worth of the drones against the jets -----------------------------------------------------------------------------


def worth(drones: Any, price: Any, jets: Any, jet: Any) -> Any:
    """Worth of the drones as a share of the jets' price (1: as much): numbers, or columns of them; prices in USD."""
    return drones * price / (jets * jet)


def prices(dossier: Dossier) -> pd.DataFrame:
    """Published prices and costs of a drone in USD, lowest first: columns low, middle, high, origin, indexed by row.

    Those of later years (made in Russia in masses) are left out.
    """
    rows = [row for row in dossier.rows(measure=("drone_unit_price", "drone_unit_cost")) if row.start.year < 2025]
    extents = [extent_of(row, dossier.method) for row in rows]
    frame = pd.DataFrame(
        {
            "low": [item.low for item in extents],
            "middle": [item.mid for item in extents],
            "high": [item.high for item in extents],
            "origin": [row.origin for row in rows],
        },
        index=pd.Index([row.observation_id for row in rows], name="row"),
    )
    return frame.sort_values("middle", kind="stable")


def inputs(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """The drones supplied and the price of a jet (USD) in other sales: columns low, middle, high, rows; none without such a price.

    The range of the drones is the method's, its middle the parameter.
    """
    assumed = dossier.method.topics["drones"]["supplied"]
    low, _, high = assumed["range"]
    leans = tuple(row for row in assumed["rows"] if row in dossier.evidence.records)
    drones = (min(low, parameters.drones), parameters.drones, max(high, parameters.drones), leans)
    sales = dossier.rows(measure="aircraft_unit_price", entity="RUS-*:Su-35")
    values = [row.value for row in sales]
    jet = (
        (min(values), float(np.median(values)), max(values), tuple(row.observation_id for row in sales))
        if values
        else ()
    )
    given = {"drones": drones, "jet": jet} if jet else {}
    return pd.DataFrame.from_dict(given, orient="index", columns=["low", "middle", "high", "rows"])


# -- findings and knobs -----------------------------------------------------------------------------------------------


def findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """The worth of the drones against the jets, at each price."""
    yield from _value_findings(view, parameters)


def _value_findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    given = inputs(view, parameters)
    if given.empty:
        return
    drones, jet = (spread(*given.loc[name, ["low", "middle", "high"]]) for name in ("drones", "jet"))
    rows = [*given.at["drones", "rows"], *given.at["jet", "rows"]]
    for price in prices(view).itertuples():
        row = view.observation(str(price.Index))
        own = spread(price.low, price.middle, price.high)
        ratios = worth(drones[:, None, None], own[:, None], parameters.jets, jet)
        low, mid, high = np.quantile(ratios, [0.05, 0.5, 0.95])
        trust = model_trust(view, given.at["drones", "rows"], [row.observation_id], given.at["jet", "rows"])
        part = formats.span(100 * low, 100 * high, "percent", 2)
        text = f"at {formats.quantity(row.value, row.unit)} the drones are worth {part} of {parameters.jets} jets"
        chance = float(np.mean(ratios >= parameters.return_share))
        extent = Quantity(mid, low, high, "ratio")
        yield Finding("M06.value", row.origin, chance, trust, (row.observation_id, *rows), text, extent)


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
