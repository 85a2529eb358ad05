"""Prices (E21), inflation (E22) and the rial (E23) of Iran.

Rises, rates and losses in percent; indices by their own base; exchange rates in rials a dollar; multiples and shares of
a logarithm as ratios. Baskets and offices are never mixed: every definition of inflation is a row of its own. Quotes
come from one archive at a time, months that its ``flag`` marks left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import extent_of, model_trust
from claimaudit.analysis.knobs import Knob, phrase
from claimaudit.analysis.parameters import CommonParameters, check_range, choice, number
from claimaudit.analysis.uncertainty import Floats, Split, chance_of_order
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from claimaudit.outcome import Finding, Quantity

TITLE = "Prices, inflation and the rial"
ARCHIVES = {"bonbast": "bonbast-archive-usd-irr-2026", "tgju": "tgju-usd-irr-2026"}
NAMES = {"bonbast": "Bonbast", "tgju": "TGJU"}
QUOTES = ("mean", "last")
END_DAYS = ("eve", "day")
SURCHARGES = ("evasion_cost_share_of_trade", "import_premium", "transfer_cost_share")
WHOLE = ("sci-urban-all-items", "sci-urban-food")
"""Totals that hold other groups whole, so no groups of their own."""


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """What an analyst may vary."""

    rise: float = number(300.0, 50, 1_000, "rise of prices the claim names, percent")
    from_year: int = number(1396, 1_396, 1_401, "Iranian year the rise is counted from (1396 began in March 2017)")
    to_year: int = number(1400, 1_397, 1_402, "Iranian year the rise is counted to; after from_year")
    archive: str = choice("bonbast", tuple(ARCHIVES), "archive of the free-market dollar")
    quote: str = choice("mean", QUOTES, "quote of a starting month: its mean or its last")
    end_day: str = choice("eve", END_DAYS, "count to the eve or to the day of the article")
    within: float = number(10.0, 0.5, 40, "half-width of about half, points")

    def __post_init__(self) -> None:
        super().__post_init__()
        check_range("to_year", self.to_year, self.from_year + 1, 1402)

    @property
    def multiple(self) -> float:
        """The claimed rise as a multiple of the old price: 4 for 300 per cent."""
        return 1 + self.rise / 100


# -- products and their cause (E21) ----------------------------------------------------------------------------------


def iranian_year(day: date) -> int:
    """The Iranian year a period that begins on ``day`` belongs to (years begin about 21 March)."""
    return day.year - 621 if (day.month, day.day) >= (3, 19) else day.year - 622


def group_name(variant: str) -> str:
    """A group of goods as a reader sees it: ``Dairy eggs`` for ``sci-urban-dairy-eggs``."""
    words = variant.removeprefix("sci-urban-").replace("-", " ")
    for pair in ("bread cereals", "dairy eggs", "oils fats", "fruit nuts"):
        words = words.replace(pair, pair.replace(" ", " and "))
    return words.replace("meat red white", "red and white meat").capitalize()


def group_indices(dossier: Dossier) -> dict[str, dict[int, Observation]]:
    """Yearly urban price index of each group by Iranian year; totals left out."""
    out: dict[str, dict[int, Observation]] = {}
    for row in dossier.rows(measure="cpi_index_1400", variant="sci-urban-*"):
        if row.variant not in WHOLE:
            out.setdefault(row.variant, {})[iranian_year(row.start)] = row
    return out


def rise_percent(before: float, after: float) -> float:
    """Rise from one level to another, percent."""
    return 100 * (after / before - 1)


def group_rises(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Rise of each group between the chosen years, percent: columns group, rise, chance (of the claimed rise), rows."""
    records = []
    for variant, years in group_indices(dossier).items():
        if not {parameters.from_year, parameters.to_year} <= set(years):
            continue
        first, last = years[parameters.from_year], years[parameters.to_year]
        ends = extent_of(last, dossier.method), extent_of(first, dossier.method)
        chance = 1 - chance_of_order(*ends, parameters.multiple, points=200)
        rows = (first.observation_id, last.observation_id)
        rise = rise_percent(first.value, last.value)
        records.append({"group": group_name(variant), "rise": rise, "chance": chance, "rows": rows})
    frame = pd.DataFrame(records, columns=["group", "rise", "chance", "rows"])
    return frame.sort_values("rise", ascending=False, ignore_index=True)


def chance_of_at_least(number: int, chances: Sequence[float]) -> float:
    """P(at least ``number`` of independent events of unlike chances): Poisson-binomial law, by convolution."""
    law = np.ones(1)
    for chance in chances:
        law = np.convolve(law, [1 - chance, chance])
    return float(law[max(0, number) :].sum())


def explained(surcharge: Any, multiple: float) -> Any:
    """Share of the logarithm of a price's multiple that a surcharge (0.2 for 20 per cent) on the price explains.

    Prices are products of causes, so their logarithms add up: ln(1 + s) / ln(P1 / P0). A number, or a column of them.
    """
    return np.log1p(surcharge) / math.log(multiple)


def surcharge_needed(share: float, multiple: float) -> float:
    """The surcharge, as a share of the price, that explains ``share`` of the logarithm of a multiple."""
    return multiple**share - 1


def surcharges(dossier: Dossier) -> list[Observation]:
    """What getting goods or money past sanctions is said to cost Iran, percent of value; not while they were lifted."""
    rows = [row for row in dossier.rows(measure=SURCHARGES, entity="IRN") if row.variant != "sanctions-lifted"]
    return sorted(rows, key=lambda row: (row.start, row.observation_id))


# -- the rial (E23) --------------------------------------------------------------------------------------------------


def loss(ratio: Floats | float) -> Floats | float:
    """Share (0-1) of its dollar value a currency loses when the dollar costs ``ratio`` times as much: 1 - 1/r.

    Of the shape of ``ratio``.
    """
    return 1 - 1 / ratio


def quotes(dossier: Dossier, parameters: Parameters) -> dict[date, float]:
    """Monthly quotes of the chosen archive, rials a dollar, by first day of the month; flagged months left out."""
    frame = dossier.series["usd-irr-monthly"].frame
    unusable = {"partial-month", "few-days", f"{parameters.quote}-unreliable"}
    columns = (frame[name].tolist() for name in ("month", "source_id", "flag", parameters.quote))
    return {
        date.fromisoformat(f"{month}-01"): rate
        for month, source, flag, rate in zip(*columns, strict=True)
        if source == ARCHIVES[parameters.archive] and not unusable & set(flag.split(";")) and rate > 0
    }


def end_quote(dossier: Dossier, parameters: Parameters) -> Observation | None:
    """The archive's quote of the article's day or its eve, where it was knowable."""
    day = dossier.article.published - timedelta(days=parameters.end_day == "eve")
    rows = dossier.rows(measure="free_market_rate", variant=parameters.archive, entity="IRN")
    return next((row for row in rows if row.start == row.end == day), None)


def band(parameters: Parameters) -> tuple[float, float]:
    """The losses taken as about half, percent."""
    return 50 - parameters.within, 50 + parameters.within


def starting_rates(dossier: Dossier, parameters: Parameters) -> dict[date, float]:
    """Quotes of the natural starting months, half a year to two years before the article (method file)."""
    nearest, farthest = dossier.method.topics["prices"]["starting_months"]["range"]
    published = dossier.article.published
    months = 12 * published.year + published.month - 1
    rates = quotes(dossier, parameters)
    starts = [date((months - back) // 12, (months - back) % 12 + 1, 1) for back in range(farthest, nearest - 1, -1)]
    return {start: rates[start] for start in starts if start in rates}


def starting_quotes(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """The quote of each natural starting month beside the end quote, rials a dollar: columns month, rate, last, rows.

    ``rows`` names the observation of the end quote; the months are of the archive's series. Empty where there is no end quote.
    """
    last, rates = end_quote(dossier, parameters), starting_rates(dossier, parameters)
    if last is None:
        return pd.DataFrame(columns=["month", "rate", "last", "rows"])
    frame = pd.DataFrame({"month": pd.to_datetime(list(rates)), "rate": list(rates.values()), "last": last.value})
    return frame.assign(rows=[(last.observation_id,)] * len(frame))


def share_inside(rates: Floats, ends: Floats, low: float, high: float) -> Floats:
    """Share (0-1) of starting ``rates`` whose loss to each of ``ends`` lies from low to high percent.

    Quotes in rials a dollar, shapes ``(months,)`` and ``(ends,)``; the answer has the shape of ``ends``.
    """
    losses = 100 * loss(ends[:, None] / rates[None, :])
    return ((losses >= low) & (losses <= high)).mean(axis=1)


# -- findings and knobs ------------------------------------------------------------------------------------------------


def findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """Findings on the groups of goods, on what a surcharge explains (one a source) and on the windows of the rial."""
    yield from _groups(view, parameters)
    yield from _cause(view, parameters)
    yield from _windows(view, parameters)


def _groups(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    table = group_rises(view, parameters)
    if table.empty:
        return
    needed = math.ceil(view.part("E21.groups").numbers["share"] * len(table) - 1e-9)
    passing = int((table["rise"] >= parameters.rise).sum())
    rows = tuple(name for pair in table["rows"] for name in pair)
    text = (
        f"{passing} of {len(table)} groups rose by {formats.quantity(parameters.rise, 'percent')} or more from "
        f"{parameters.from_year} to {parameters.to_year}"
    )
    chance = chance_of_at_least(needed, list(table["chance"]))
    trust = model_trust(view, *([name] for name in rows))
    yield Finding("E21.groups", view.observation(rows[0]).origin, chance, trust, rows, text)


def _cause(view: Dossier, parameters: Parameters, scale: float = 1.0, share: float | None = None) -> Iterator[Finding]:
    """Every surcharge on record, ``scale`` times as large, against the share (0-1) of the rise that makes it the cause.

    What explains less than the method's lower share speaks against it, what lies between the two settles nothing.
    """
    cause = view.method.cause
    cause = cause if share is None else cause.scaled(share / cause.holds)
    needed, least = (100 * surcharge_needed(part, parameters.multiple) for part in (cause.holds, cause.refuted))
    for row in surcharges(view):
        extent = extent_of(row, view.method)
        low, mid, high = (
            100 * float(explained(scale * end / 100, parameters.multiple))
            for end in (extent.low, extent.mid, extent.high)
        )
        text = (
            f"a surcharge of {formats.quantity(row.value, 'percent')} explains {formats.quantity(mid, 'percent', 2)} "
            f"of a price {formats.number(parameters.multiple)} times as high"
        )
        chance = 1 - (extent.cdf(needed / scale) + extent.cdf(least / scale)) / 2
        shown = Quantity(mid, low, high, "percent")
        yield Finding("E21.result", row.origin, chance, view.trust(row), (row.observation_id,), text, shown)


def _windows(
    view: Dossier, parameters: Parameters, end: float | None = None, rates: Mapping[date, float] | None = None
) -> Iterator[Finding]:
    """Is the loss about half from at least the part's share of starting months, over the width of the end quote."""
    last = end_quote(view, parameters)
    starts = np.array(list((starting_rates(view, parameters) if rates is None else rates).values()))
    if last is None or not len(starts):
        return
    numbers = view.part("E23.windows").numbers
    value = last.value if end is None else end
    half = numbers["width"] * value
    ends = Split(value - half, value, value + half).quantile((np.arange(101) + 0.5) / 101)
    shares = share_inside(starts, np.append(ends, value), *band(parameters))
    source = (view.whole or view).sources.loc[ARCHIVES[parameters.archive]]
    trust = min(view.trust(last), view.method.trust(source["reliability"], "2"))
    text = f"the loss is about half from {round(shares[-1] * len(starts))} of {len(starts)} starting months"
    chance = float((shares[:-1] >= numbers["share"] - 1e-9).mean())
    losses = 100 * loss(value / starts)
    shown = Quantity(float(np.median(losses)), float(losses.min()), float(losses.max()), "percent")
    yield Finding("E23.windows", last.origin, chance, trust, (last.observation_id,), text, shown)


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """The bar, surcharges, band and rate of the dollar on which the labels of this topic's own parts rest."""
    last, rates = end_quote(view, parameters), starting_rates(view, parameters)
    now = last.value if last else 0.0
    cases = [
        ("E21.groups", "rise", parameters.rise, 50.0, 1000.0, "percent", "with a bar of {} instead",
         lambda x: _groups(view, replace(parameters, rise=x))),
        ("E21.result", "surcharges", 1.0, 0.2, 20.0, "ratio", "if the surcharges were {} times those on record",
         lambda x: _cause(view, parameters, scale=x)),
        ("E21.result", "share", 100 * view.method.cause.holds, 1.0, 99.0, "percent", "if explaining {} of the rise were enough",
         lambda x: _cause(view, parameters, share=x / 100)),
        ("E23.windows", "within", parameters.within, 0.5, 40.0, "point", "if about half meant {} to either side",
         lambda x: _windows(view, replace(parameters, within=x), rates=rates)),
        ("E23.windows", "end quote", now, 0.5 * now, 2 * now, "IRR/USD", "with the dollar at {} on the last day",
         lambda x: _windows(view, parameters, x, rates)),
    ]  # fmt: skip
    for part_id, name, at, low, high, unit, words, found in cases:
        if low < high:
            shown = phrase(words, partial(_shown, unit=unit))
            yield Knob(part_id, name, at, found, shown, (low, high), unit=unit, steps=25, tolerance=1e-3)


def _shown(value: float, unit: str) -> str:
    return f"{formats.number(value)} rials" if unit == "IRR/USD" else formats.quantity(value, unit, 2)
