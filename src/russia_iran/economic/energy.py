"""Promises in energy: the credit for a power plant (E11). Sums in USD.

Euro sums are converted at the European Central Bank's rates of the months they were said in, or at one chosen rate. What was
granted, guaranteed, cleared and drawn is looked at one by one and never added; rows that restate each other stay single
independent sources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import describe, extent_of
from claimaudit.analysis.knobs import Knob
from claimaudit.analysis.parameters import CommonParameters, check_range, choice, number
from claimaudit.analysis.uncertainty import Split
from claimaudit.dossier.dossier import Dossier
from claimaudit.outcome import Finding, Quantity

TITLE = "Energy promises: credit, memorandum, gas"
RATES = "eur-usd-monthly"
STAGES = ("granted", "guaranteed", "tranche", "drawn")
STAGE_WORDS = {"granted": "granted", "guaranteed": "guaranteed", "tranche": "cleared for the year", "drawn": "drawn"}
SIZES = ("agreed", "all")
PLANT = "sirik_power_plant"
_SUMS = ("credit_size", "credit_size_eur", "credit_tranche_approved_eur")
_DRAWN = ("bilateral_debt", "credit_drawn", "credit_drawn_eur")
_ACTS = ("approved", "government-order", "contract", "extension-protocol", "guarantee", "letter-of-credit-opened")
_NEED = "full-financing"
MIDDLE_RATE = 1.12
"""Dollars a euro where no rate of the month is known: the middle of ``[topics.energy]`` in the method file."""
DAYS_A_MONTH = 30.4375


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """What an analyst may vary."""

    eur_usd: float = number(
        0.0, 0, 1.6, "dollars a euro, from 0.8; 0: the central bank's rate of the month a sum was named in"
    )
    tolerance: float = number(0.1, 0.01, 0.5, "how near to the claimed sum a sum must come, as a share of it")
    sizes: str = choice("agreed", SIZES, "the loan as agreed, or also sums that put the plant's whole need on it")
    provided: str = choice("granted", STAGES, "what counts as provided, for sum and date alike")
    slack_months: int = number(0, 0, 72, "months by which 'early 2022' may begin sooner")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.eur_usd:
            check_range("eur_usd", self.eur_usd, 0.8, 1.6)


# -- sums and dates: plain frames and figures in and out ----------------------------------------------------------------


def in_dollars(sums: pd.DataFrame, rates: pd.DataFrame, fixed: float = 0.0) -> pd.DataFrame:
    """The sums with their worth in USD: columns usd_low, usd, usd_high added.

    ``sums`` has low, value, high, unit (EUR or USD), start, end; ``rates`` has month (``2021-02``), low, mean, high in dollars a
    euro. A euro is worth what it was in the months a sum's period touches (lowest day, mean, highest day), or ``fixed``.
    """
    monthly = list(rates[["month", "low", "mean", "high"]].itertuples(index=False, name=None))
    worth = [
        (1.0, 1.0, 1.0) if unit != "EUR" else (fixed,) * 3 if fixed else _rate_between(monthly, start, end)
        for unit, start, end in zip(sums["unit"], sums["start"], sums["end"], strict=True)
    ]
    low, mean, high = np.array(worth, dtype=float).reshape(-1, 3).T
    return sums.assign(usd_low=sums["low"] * low, usd=sums["value"] * mean, usd_high=sums["high"] * high)


def _rate_between(monthly: list[tuple[str, float, float, float]], start: date, end: date) -> tuple[float, float, float]:
    """Lowest day, mean and highest day of the months a period touches; the middle rate where none is known."""
    first, last = f"{start:%Y-%m}", f"{end:%Y-%m}"
    found = [rate for month, *rate in monthly if first <= month <= last]
    if not found:
        return MIDDLE_RATE, MIDDLE_RATE, MIDDLE_RATE
    low, mean, high = zip(*found, strict=True)
    return min(low), float(np.mean(mean)), max(high)


def chance_within(low: float, mid: float, high: float, first: float, last: float) -> float:
    """Probability that a figure with a range lies in [first, last]; an exact one is in or out."""
    if low == high:
        return float(first <= mid <= last)
    extent = Split(low, mid, high)
    return extent.cdf(last) - extent.cdf(first)


def chance_near(sums: pd.DataFrame, claimed: float, tolerance: float) -> list[float]:
    """Probability that each sum (columns usd_low, usd, usd_high) comes within ``tolerance``, a share, of the claimed one."""
    half = tolerance * claimed
    ends = zip(sums["usd_low"], sums["usd"], sums["usd_high"], strict=True)
    return [chance_within(*end, claimed - half, claimed + half) for end in ends]


def meant_by(sums: pd.DataFrame, provided: str, sizes: str = "agreed") -> pd.DataFrame:
    """The sums that tell what was provided, under a meaning of the word; a guarantee tells what was granted. Columns as given."""
    wanted = ("granted", "guaranteed") if provided == "granted" else (provided,)
    return sums[sums["stage"].isin(wanted) & ((sizes == "all") | ~sums["whole_need"])]


def share_inside(start: date, end: date, first: date, last: date) -> float:
    """The share of the days start..end that lie in first..last."""
    inside = (min(end, last) - max(start, first)).days + 1
    return max(0, inside) / ((end - start).days + 1)


def earlier(day: date, months: float) -> date:
    """The day some months before."""
    return (pd.Timestamp(day) - pd.Timedelta(days=DAYS_A_MONTH * months)).date()


# -- from the dossier ----------------------------------------------------------------------------------------------------


def stage_of(measure: str, variant: str) -> str:
    """The stage of the credit a row speaks of."""
    if measure in _DRAWN:
        return "drawn"
    if measure == "credit_tranche_approved_eur" or variant == "first-payment-claimed":
        return "tranche"
    return "guaranteed" if variant == "guarantee" else "granted"


def monthly_rates(view: Dossier) -> pd.DataFrame:
    """US dollars a euro: columns month, low (lowest day), mean, high (highest day)."""
    return view.series[RATES].frame[["month", "low", "mean", "high"]]


def credit_steps(view: Dossier) -> pd.DataFrame:
    """What is told of the plant's credit, oldest first, a row an observation: sums, and acts without one.

    Columns: row, start, end (days), stage, act (it tells when a credit was granted), whole_need (a sum for the whole plant),
    value, low, high, unit (``event`` for an act without a sum).
    """
    rows = [*view.rows(measure=(*_SUMS, "credit_event"), entity=PLANT), *view.rows(measure=_DRAWN)]
    records = []
    for row in rows:
        if "E11" in row.claims:
            extent = extent_of(row, view.method)
            act, need = row.variant in _ACTS and row.measure not in _DRAWN, row.variant == _NEED
            head = (row.observation_id, row.start, row.end, stage_of(row.measure, row.variant), act, need)
            records.append((*head, extent.mid, extent.low, extent.high, row.unit))
    return _in_order(tuple(records)).copy()


@lru_cache(maxsize=64)  # days and methods ask for the same rows again and again
def _in_order(records: tuple[tuple[Any, ...], ...]) -> pd.DataFrame:
    columns = ["row", "start", "end", "stage", "act", "whole_need", "value", "low", "high", "unit"]
    steps = pd.DataFrame(records, columns=columns).astype({"act": bool, "whole_need": bool})
    return steps.sort_values(["start", "end", "row"], ignore_index=True)


def with_sums(steps: pd.DataFrame) -> pd.DataFrame:
    """The steps of the credit that give a sum; columns as given."""
    return steps[steps["unit"] != "event"]


def dated(steps: pd.DataFrame, provided: str) -> pd.DataFrame:
    """The steps that tell when, under a meaning of provided, with or without a sum. Columns as given."""
    return steps[steps["act"] if provided == "granted" else steps["stage"] == provided]


def claimed_sum(view: Dossier) -> float:
    """The sum the article gives, USD."""
    return view.part("E11.amount").numbers["value"]


def claimed_months(view: Dossier, slack_months: float = 0) -> tuple[date, date]:
    """First and last day of the months the article names, opened earlier by some months of slack."""
    first, last = view.part("E11.date").window or (date(2022, 1, 1), date(2022, 4, 30))
    return earlier(first, slack_months), last


# -- findings --------------------------------------------------------------------------------------------------------


class Prepared(NamedTuple):
    """What no grade changes: the steps of the credit, and their sums in USD."""

    steps: pd.DataFrame
    sums: pd.DataFrame


def prepare(view: Dossier, parameters: Parameters) -> Prepared:
    """The steps of the credit, and those with a sum in USD at the chosen rate."""
    steps = credit_steps(view)
    return Prepared(steps, in_dollars(with_sums(steps), monthly_rates(view), parameters.eur_usd))


def findings(view: Dossier, parameters: Parameters, prepared: Prepared | None = None) -> Iterator[Finding]:
    """Findings on the sum of the credit and on its date: one a row."""
    found = prepared or prepare(view, parameters)
    yield from _amount(view, found.sums, parameters)
    yield from _date(view, found.steps, parameters)


def _amount(view: Dossier, sums: pd.DataFrame, parameters: Parameters) -> Iterator[Finding]:
    """Every sum under the chosen meaning of provided against the claimed one."""
    meant = meant_by(sums, parameters.provided, parameters.sizes)
    chances = chance_near(meant, claimed_sum(view), parameters.tolerance)
    for step, chance in zip(meant.itertuples(), chances, strict=True):
        row = view.observation(str(step.row))
        worth: Any = (step.usd, step.usd_low, step.usd_high)
        text = describe(row, view.words) + (f", is {formats.quantity(worth[0], 'USD')}" if row.unit == "EUR" else "")
        ids = (row.observation_id,)
        yield Finding("E11.amount", row.origin, chance, view.trust(row), ids, text, Quantity(*worth, "USD"))


def _date(
    view: Dossier, steps: pd.DataFrame, parameters: Parameters, slack_months: float | None = None
) -> Iterator[Finding]:
    """The share of each act's own period that lies in the claimed months."""
    months = claimed_months(view, parameters.slack_months if slack_months is None else slack_months)
    for name in dated(steps, parameters.provided)["row"]:
        row = view.observation(name)
        told = describe(row, view.words)
        text = told if row.unit == "event" else f"{view.words.words(row.variant)}, {told}"
        chance = share_inside(row.start, row.end, *months)
        yield Finding("E11.date", row.origin, chance, view.trust(row), (row.observation_id,), text)


# -- what would turn the labels ------------------------------------------------------------------------------------

_knob = partial(Knob, steps=36, tolerance=1e-3)


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """Rate, nearness, meaning and slack on which the labels of this topic's own parts rest."""
    steps, sums = prepare(view, parameters)
    rate = parameters.eur_usd or MIDDLE_RATE

    def with_rate(changed: float) -> Iterator[Finding]:
        worth = sums if changed == rate else in_dollars(with_sums(steps), monthly_rates(view), changed)
        return _amount(view, worth, parameters)

    def with_tolerance(tolerance: float) -> Iterator[Finding]:
        return _amount(view, sums, replace(parameters, tolerance=tolerance))

    yield _knob("E11.amount", "eur_usd", rate, with_rate, "at one rate of {:.2f} dollars a euro".format, (0.8, 1.6))
    yield _knob(
        "E11.amount",
        "tolerance",
        parameters.tolerance,
        with_tolerance,
        "if {:.0%} were the largest difference allowed".format,
        (0.01, 0.5),
    )
    yield from _choices(view, steps, sums, parameters)
    yield _knob(
        "E11.date",
        "slack_months",
        parameters.slack_months,
        lambda months: _date(view, steps, parameters, months),
        "if early 2022 began {:.0f} months sooner".format,
        (0, 72),
    )


def _choices(view: Dossier, steps: pd.DataFrame, sums: pd.DataFrame, parameters: Parameters) -> Iterator[Knob]:
    """The choices: what counts as provided, and which sizes of the loan count."""
    made: dict[str, Callable[[Parameters], Iterator[Finding]]] = {
        "E11.amount": partial(_amount, view, sums),
        "E11.date": partial(_date, view, steps),
    }
    for part_id, found in made.items():
        yield Knob(
            part_id,
            "provided",
            parameters.provided,
            lambda stage, found=found: found(replace(parameters, provided=stage)),
            lambda stage: f"if provided meant {STAGE_WORDS[stage]}",
            choices=STAGES,
            every=True,
        )
    counted = {"all": "the plant's whole need also counted as the loan", "agreed": "only the loan as agreed counted"}
    yield Knob(
        "E11.amount",
        "sizes",
        parameters.sizes,
        lambda sizes: made["E11.amount"](replace(parameters, sizes=sizes)),
        lambda sizes: f"if {counted[sizes]}",
        choices=SIZES,
        every=True,
    )
