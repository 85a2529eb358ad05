"""Promises in energy: the credit for a power plant (E11), the Gazprom memorandum (E12), gas by way of Azerbaijan (E13).

Sums in USD, shares in percent of what was promised, gas in m3 a year. Euro sums are converted at the European Central
Bank's rates of the month they were said in, or at one chosen rate. Stages of a promise are never added up: what was
announced, contracted and spent are looked at one by one, and rows that restate each other stay single independent sources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import describe, extent_of
from claimaudit.analysis.inference import Estimate, share
from claimaudit.analysis.knobs import Knob
from claimaudit.analysis.parameters import CommonParameters, check_range, choice, number
from claimaudit.analysis.uncertainty import Split
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.words import Words
from claimaudit.model import Observation
from claimaudit.outcome import Finding, Quantity

TITLE = "Energy promises: credit, memorandum, gas"
RATES = "eur-usd-monthly"
STAGES = ("granted", "guaranteed", "tranche", "drawn")
STAGE_WORDS = {
    "granted": "granted",
    "guaranteed": "guaranteed",
    "tranche": "cleared for the year",
    "drawn": "drawn",
}
SIZES = ("agreed", "all")
PLANT, GAS, MEMORANDUM = "sirik_power_plant", "russia_iran_gas_supply", "gazprom_nioc_mou"
FIELDS = "iran_oil_fields_russian_contracts"
MEMORANDUM_VALUE = "mou.value"
_SUMS = ("credit_size", "credit_size_eur", "credit_tranche_approved_eur")
_DRAWN = ("bilateral_debt", "credit_drawn", "credit_drawn_eur")
_ACTS = ("approved", "government-order", "contract", "extension-protocol", "guarantee", "letter-of-credit-opened")
_NEED = "full-financing"
MIDDLE_RATE = 1.12
"""Dollars a euro where no rate of the month is known: the middle of ``[topics.energy]`` in the method file."""
MONTHS_A_YEAR, DAYS_A_MONTH = 12, 30.4375


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


# -- money ---------------------------------------------------------------------------------------------------------


def product(one: Split, other: Split) -> Split:
    """Two positive ranges multiplied end by end."""
    return Split(one.low * other.low, one.mid * other.mid, one.high * other.high)


def chance_within(extent: Split, low: float, high: float) -> float:
    """Probability that a figure lies in [low, high]; exact figures are in or out."""
    if extent.low == extent.high:
        return float(low <= extent.mid <= high)
    return extent.cdf(high) - extent.cdf(low)


def overlap(start: date, end: date, first: date, last: date) -> float:
    """The share of the days start..end that lie in first..last."""
    inside = (min(end, last) - max(start, first)).days + 1
    return max(0, inside) / ((end - start).days + 1)


class Rates:
    """US dollars a euro by month: lowest day, mean of the daily rates, highest day."""

    def __init__(self, dossier: Dossier) -> None:
        frame = dossier.series[RATES].frame
        ends = zip(frame["low"], frame["mean"], frame["high"], strict=True)
        self.months = dict(zip(frame["month"], ends, strict=True))

    def of(self, start: date, end: date) -> Split | None:
        """Lowest and highest day and the mean of the months a period touches; ``None`` where none is known."""
        first, last = f"{start:%Y-%m}", f"{end:%Y-%m}"
        found = [ends for month, ends in self.months.items() if first <= month <= last]
        if not found:
            return None
        low, mean, high = zip(*found, strict=True)
        return Split(min(low), sum(mean) / len(mean), max(high))


def dollars(row: Observation, dossier: Dossier, rates: Rates, parameters: Parameters) -> Split:
    """A row's range in USD."""
    extent = extent_of(row, dossier.method)
    if row.unit != "EUR":
        return extent
    fixed = parameters.eur_usd or MIDDLE_RATE
    own = None if parameters.eur_usd else rates.of(row.start, row.end)
    return product(extent, own or Split(fixed, fixed, fixed))


# -- E11: the credit -------------------------------------------------------------------------------------------------


class Step(NamedTuple):
    """A sum of the credit as one row gives it: the stage it belongs to and its worth in USD."""

    row: Observation
    stage: str
    usd: Split
    spelt: Words

    @property
    def words(self) -> str:
        """The row as printed and, for euros, its worth in dollars."""
        worth = f", is {formats.quantity(self.usd.mid, 'USD')}" if self.row.unit == "EUR" else ""
        return describe(self.row, self.spelt) + worth

    @property
    def extent(self) -> Quantity:
        """The sum for display."""
        return Quantity(self.usd.mid, self.usd.low, self.usd.high, "USD")


def stage_of(row: Observation) -> str:
    """The stage of the credit a row speaks of."""
    if row.measure in _DRAWN:
        return "drawn"
    if row.measure == "credit_tranche_approved_eur" or row.variant == "first-payment-claimed":
        return "tranche"
    return "guaranteed" if row.variant == "guarantee" else "granted"


def steps(dossier: Dossier, parameters: Parameters) -> list[Step]:
    """Every sum of the plant's credit, oldest first: its size, what was cleared of it, what was owed or drawn."""
    rows = (*dossier.rows(measure=_SUMS, entity=PLANT), *dossier.rows(measure=_DRAWN))
    rates = Rates(dossier)
    found = [
        Step(row, stage_of(row), dollars(row, dossier, rates, parameters), dossier.words)
        for row in rows
        if "E11" in row.claims
    ]
    return sorted(found, key=lambda step: (step.row.start, step.row.end, step.row.observation_id))


def at_stage(known: list[Step], provided: str, sizes: str) -> list[Step]:
    """The steps that tell the sum under a meaning of provided; a guarantee also tells what was granted."""
    wanted = ("granted", "guaranteed") if provided == "granted" else (provided,)
    return [step for step in known if step.stage in wanted and (sizes == "all" or step.row.variant != _NEED)]


def acts(dossier: Dossier, provided: str) -> list[Observation]:
    """The dated rows that tell when, under a meaning of provided, with or without a sum."""
    rows = [*dossier.rows(measure=(*_SUMS, "credit_event"), entity=PLANT), *dossier.rows(measure=_DRAWN)]
    rows = [row for row in rows if "E11" in row.claims]
    if provided == "granted":
        return [row for row in rows if row.variant in _ACTS]
    return [row for row in rows if stage_of(row) == provided]


def claimed_sum(dossier: Dossier) -> float:
    """The sum the article gives, USD."""
    return dossier.part("E11.amount").numbers["value"]


def window(dossier: Dossier, slack_months: float = 0) -> tuple[date, date]:
    """The months the article names, opened earlier by some months of slack."""
    first, last = dossier.part("E11.date").window or (date(2022, 1, 1), date(2022, 4, 30))
    return (pd.Timestamp(first) - pd.Timedelta(days=DAYS_A_MONTH * slack_months)).date(), last


def chance_of_sum(dossier: Dossier, step: Step, parameters: Parameters) -> float:
    """Probability that a step's sum is about the claimed one."""
    half = parameters.tolerance * claimed_sum(dossier)
    return chance_within(step.usd, claimed_sum(dossier) - half, claimed_sum(dossier) + half)


def meanings(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """What is found on sum and date under each meaning of provided: index meaning, columns Sum and Date, of findings."""
    known, records = steps(dossier, parameters), {}
    for stage in STAGES:
        case = replace(parameters, provided=stage)
        records[STAGE_WORDS[stage]] = [tuple(_amount(dossier, known, case)), tuple(_date(dossier, case))]
    return pd.DataFrame.from_dict(records, orient="index", columns=["Sum is right", "Date is right"])


# -- E12 and E13: the memorandum and the gas ---------------------------------------------------------------------------


def follow_ups(dossier: Dossier, stage: str) -> list[Observation]:
    """Rows that can stand for what the memorandum led to: contract sums named after it, or Russian investment."""
    signed = [row.start for row in dossier.rows(ids=MEMORANDUM_VALUE)]
    contracts = dossier.rows(measure="contract_value", entity=(FIELDS, MEMORANDUM))
    contracts = tuple(row for row in contracts if signed and row.start > signed[0])
    invested = dossier.rows(measure="foreign_investment", entity="RUS-IRN")
    return list({"contracted": contracts, "invested": invested, "any": (*contracts, *invested)}[stage])


def delivered(dossier: Dossier) -> Iterator[tuple[Observation, Observation | None, Split]]:
    """What was delivered, against which plan, as a percentage of a year's volume.

    Fuel by rail is brought to a yearly pace by its own months. Where a row says that no contract stands, nothing came.
    """
    for plan in dossier.rows(measure="oil_volume_planned"):
        for row in dossier.rows(measure="fuel_shipped"):
            months = max(1.0, ((row.end - row.start).days + 1) / DAYS_A_MONTH)
            part, whole = extent_of(row, dossier.method), extent_of(plan, dossier.method)
            pace = MONTHS_A_YEAR / months
            yield row, plan, Split(*(100 * pace * end / whole.mid for end in (part.low, part.mid, part.high)))
    for row in dossier.rows(measure="milestone_reached", entity=GAS):
        if row.value == 0:
            yield row, None, Split(0.0, 0.0, 0.0)


def base_rate(dossier: Dossier) -> tuple[Estimate, tuple[str, ...]] | None:
    """Of the fields Moscow was said to have deals on in 2018, the share under contract later, with its interval.

    Beta posterior under Jeffreys' prior (``inference.share``). Kind: the fields need not be the same ones.
    """
    named = dossier.rows(measure="fields_listed", entity=FIELDS, variant="earlier-deals")
    later = dossier.rows(measure="fields_listed", entity=FIELDS, variant="under-contract")
    if not named or not later:
        return None
    latest = max(later, key=lambda row: row.start)
    return share(latest.value, named[0].value), (named[0].observation_id, latest.observation_id)


def months_between(first: date, last: date) -> float:
    """Months from one day to another, negative when the other comes first."""
    return (last - first).days / DAYS_A_MONTH


# -- findings --------------------------------------------------------------------------------------------------------


def findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """Findings on the sum of the credit and on its date: one a row."""
    yield from _amount(view, steps(view, parameters), parameters)
    yield from _date(view, parameters)


def _of_step(view: Dossier, part_id: str, step: Step, chance: float, text: str = "") -> Finding:
    row = step.row
    ids = (row.observation_id,)
    return Finding(part_id, row.origin, chance, view.trust(row), ids, text or step.words, step.extent)


def _amount(view: Dossier, known: list[Step], parameters: Parameters) -> Iterator[Finding]:
    """Every sum under the chosen meaning of provided against the claimed one."""
    for step in at_stage(known, parameters.provided, parameters.sizes):
        yield _of_step(view, "E11.amount", step, chance_of_sum(view, step, parameters))


def _date(view: Dossier, parameters: Parameters, slack: float | None = None) -> Iterator[Finding]:
    """The share of each act's own period that lies in the claimed months."""
    months = window(view, parameters.slack_months if slack is None else slack)
    for row in acts(view, parameters.provided):
        chance = overlap(row.start, row.end, *months)
        text = (
            describe(row, view.words)
            if row.unit == "event"
            else f"{view.words.words(row.variant)}, {describe(row, view.words)}"
        )
        yield Finding("E11.date", row.origin, chance, view.trust(row), (row.observation_id,), text)


# -- what would turn the labels ------------------------------------------------------------------------------------


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """Rate, nearness, meaning and slack on which the labels of this topic's own parts rest."""
    known = steps(view, parameters)
    rate = parameters.eur_usd or MIDDLE_RATE

    def with_rate(changed: float) -> Iterator[Finding]:
        if changed == rate:
            return _amount(view, known, parameters)
        case = replace(parameters, eur_usd=changed)
        return _amount(view, steps(view, case), case)

    def with_tolerance(tolerance: float) -> Iterator[Finding]:
        return _amount(view, known, replace(parameters, tolerance=tolerance))

    yield _knob("E11.amount", "eur_usd", rate, with_rate, "at one rate of {:.2f} dollars a euro".format, (0.8, 1.6))
    yield _knob(
        "E11.amount",
        "tolerance",
        parameters.tolerance,
        with_tolerance,
        "if {:.0%} were the largest difference allowed".format,
        (0.01, 0.5),
    )
    yield from _choices(view, known, parameters)
    yield _knob(
        "E11.date",
        "slack_months",
        parameters.slack_months,
        lambda months: _date(view, parameters, months),
        "if early 2022 began {:.0f} months sooner".format,
        (0, 72),
    )


_knob = partial(Knob, steps=36, tolerance=1e-3)


def _choices(view: Dossier, known: list[Step], parameters: Parameters) -> Iterator[Knob]:
    """The choices: what counts as provided, and which sizes of the loan count."""
    made: dict[str, Callable[[Parameters], Iterator[Finding]]] = {
        "E11.amount": partial(_amount, view, known),
        "E11.date": partial(_date, view),
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


def rate_curve(dossier: Dossier, parameters: Parameters, points: int = 41) -> pd.DataFrame:
    """What is found on the sum at each fixed rate: index rate, one column of findings for each choice of sizes."""
    records = {}
    for rate in map(float, np.linspace(0.95, 1.35, points)):
        fixed = replace(parameters, eur_usd=rate)
        known = steps(dossier, fixed)
        records[rate] = [tuple(_amount(dossier, known, replace(fixed, sizes=sizes))) for sizes in SIZES]
    return pd.DataFrame.from_dict(records, orient="index", columns=list(SIZES)).rename_axis("rate")


def shown_rows(dossier: Dossier) -> list[str]:
    """Every observation the notebook shows beside those the verdicts rest on."""
    measures = (
        *_SUMS, *_DRAWN, "credit_event", "credit_frame_announced", "credit_frame_announced_eur", "credit_interest_rate",
        "lender_share_of_cost", "planned_start_year", "milestone_reached", "announced_project_value", "contract_value",
        "fields_listed", "physical_progress", "foreign_investment", "foreign_investment_target", "gas_volume_planned",
        "oil_volume_planned", "fuel_shipped", "project_cost", "publication_event", "gas_route_named", "gas_onward_market_named",
        "energy_scope_agreed",
    )  # fmt: skip
    own = {"E02", "E11", "E12", "E13", "E27", "E31"}
    return [row.observation_id for row in dossier.rows(measure=measures) if own & set(row.claims)]
