"""Iran in Russia's foreign trade (E14).

Shares in percent, sums in USD. Counts are never averaged: each count of the trade with Iran is paired with each count of
Russia's whole trade of the same period, and rival counts (Russian and Iranian customs, first release and revision) stay apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import extent_of, model_trust
from claimaudit.analysis.knobs import Knob, percent, phrase
from claimaudit.analysis.parameters import CommonParameters, choice, number
from claimaudit.analysis.uncertainty import Split, chance_of_order
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from claimaudit.outcome import Finding, Quantity

TITLE = "Trade with Iran and the corridor"
COUNTS = ("any", "russian", "iranian")
COUNTERS = {"russian": "Russian customs", "iranian": "Iranian customs"}
"""Whose count of the trade between the two, by the parameter's word."""
FLOWS = {"goods_exports": "out", "goods_imports": "in", "RUS-IRN": "out", "IRN-RUS": "in"}
"""Which way goods went, by measure or by pair of countries."""
CARGO = ("cargo_volume", "corridor_capacity", "corridor_capacity_planned", "cargo_volume_forecast", "rail_cargo")
"""Figures for the corridor and the routes beside those that a part asks for."""
_PERIOD = ["start", "end", "variant", "origin"]


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """What an analyst may vary."""

    threshold: float = number(1.0, 0.05, 10, "share of Russian trade the claim names, percent")
    counts: str = choice("any", COUNTS, "whose count of the trade between the two")
    uplift: float = number(0.0, 0, 5, "trade no customs office sees, as a share of what they see")


# -- shares: plain frames in and out ---------------------------------------------------------------------------------


def share_percent(part: Any, whole: Any) -> Any:
    """A part as a percentage of the whole: numbers, or columns of them."""
    return 100 * part / whole


def both_ways(rows: pd.DataFrame) -> pd.DataFrame:
    """Trade both ways, a row a count: as stated, or what went out and came in by one count of one period added.

    ``rows`` are observations with a range each: columns measure, entity, start, end, variant, origin, value, low, high; indexed
    by id. Columns of the answer: period, held_against, year, whole_year, counter, variant, value, low, high, origin, start, end,
    rows. ``held_against`` is the period of Russia's whole trade to compare with: the same, or for a Persian year the calendar year
    that holds most of it.
    """
    shown = rows.assign(rows=[(str(name),) for name in rows.index])
    shown = shown[[*_PERIOD, "measure", "entity", "value", "low", "high", "rows"]]
    way = shown["measure"].map(FLOWS).fillna(shown["entity"].map(FLOWS))
    stated = shown["measure"] == "trade_turnover"
    pairs = shown[~stated & (way == "out")].merge(shown[~stated & (way == "in")], on=_PERIOD, suffixes=("", "_in"))
    sums = {name: pairs[name] + pairs[f"{name}_in"] for name in ("value", "low", "high", "rows")}
    both = pd.concat([shown[stated], pairs.assign(**sums)[shown.columns]], ignore_index=True)
    days = (both["end"] - both["start"]).dt.days
    persian = (both["start"].dt.month == 3) & (days >= 350)
    periods = [formats.period(start, end) for start, end in zip(both["start"], both["end"], strict=True)]
    both = both.assign(
        period=periods,
        year=both["start"].dt.year,
        whole_year=days >= 350,
        counter=both["origin"].eq("irica-iran").map({True: COUNTERS["iranian"], False: COUNTERS["russian"]}),
    )
    both["held_against"] = both["period"].mask(persian, both["year"].astype(str))
    first = ["period", "held_against", "year", "whole_year", "counter", "variant", "value", "low", "high"]
    return both[[*first, "origin", "start", "end", "rows"]]


def paired(iran: pd.DataFrame, russia: pd.DataFrame) -> pd.DataFrame:
    """Every count of the trade with Iran over every count of Russia's whole trade of its period.

    Both are frames of ``both_ways``. Columns: those of ``iran``, those of ``russia`` with ``_all`` behind, and share,
    share_low, share_high in percent (the least and the greatest that both ranges allow); rows names all observations.
    """
    pairs = iran.merge(russia, on="held_against", suffixes=("", "_all"))
    pairs = pairs.assign(
        share=share_percent(pairs["value"], pairs["value_all"]),
        share_low=share_percent(pairs["low"], pairs["high_all"]),
        share_high=share_percent(pairs["high"], pairs["low_all"]),
        rows=pairs["rows"] + pairs["rows_all"],
    )
    keys = list(zip(pairs["start"], pairs["share"], pairs["rows"], strict=True))
    return pairs.iloc[sorted(range(len(keys)), key=keys.__getitem__)].reset_index(drop=True)


def latest(pairs: pd.DataFrame, published: date) -> pd.DataFrame:
    """The pairings of the latest year that was over in Russia's count on the day the text appeared.

    A present state is one of the printed day: later years tell what became of it, not what it was. Columns as ``paired`` says.
    """
    over = pairs[pairs["end_all"] <= pd.Timestamp(published)]
    return over[over["year"] == over["year"].max()]


def chance_below(part: Split, whole: Split, threshold: float, uplift: float = 0.0) -> float:
    """Probability that a part raised by ``uplift`` is less than ``threshold`` percent of the whole, over both ranges."""
    return chance_of_order(part, whole, threshold / 100 / (1 + uplift), points=200)


# -- from the dossier ------------------------------------------------------------------------------------------------


def _trade(view: Dossier, entity: str, measures: tuple[str, ...], flows: tuple[str, ...]) -> pd.DataFrame:
    rows = (*view.rows(measure="trade_turnover", entity=entity), *view.rows(measure=measures, entity=flows))
    return _counted(rows, tuple(extent_of(row, view.method) for row in rows)).copy()


@lru_cache(maxsize=128)  # days and methods ask for the same rows and ranges again and again
def _counted(rows: tuple[Observation, ...], extents: tuple[Split, ...]) -> pd.DataFrame:
    names = ("measure", "entity", "start", "end", "variant", "origin", "value")
    found = pd.DataFrame([[getattr(row, name) for name in names] for row in rows], columns=[*names])
    days = {name: pd.to_datetime(found[name]) for name in ("start", "end")}
    ranges = {end: [getattr(extent, end) for extent in extents] for end in ("low", "high")}
    return both_ways(found.assign(**days, **ranges).set_axis([row.observation_id for row in rows]))


def russias_trade(view: Dossier) -> pd.DataFrame:
    """Russia's goods trade with all partners, USD; columns as ``both_ways`` says, from period to rows."""
    return _trade(view, "RUS", ("goods_exports", "goods_imports"), ("RUS",))


def trade_with_iran(view: Dossier) -> pd.DataFrame:
    """Russia's goods trade with Iran by Russian and Iranian counts, USD; columns as ``both_ways`` says, from period to rows."""
    return _trade(view, "RUS-IRN", ("bilateral_goods_flow",), ("RUS-IRN", "IRN-RUS"))


# -- findings and knobs ------------------------------------------------------------------------------------------------


def prepare(view: Dossier, parameters: Parameters) -> list[Any]:
    """The deciding pairings, a record each: what no grade changes."""
    iran = trade_with_iran(view)
    if parameters.counts != "any":
        iran = iran[iran["counter"] == COUNTERS[parameters.counts]]
    return list(latest(paired(iran, russias_trade(view)), view.article.published).itertuples())


def findings(view: Dossier, parameters: Parameters, prepared: Iterable[Any] | None = None) -> Iterator[Finding]:
    """Findings on the share in the latest period that was over on the text's day: one a pairing."""
    up = 1 + parameters.uplift
    for pair in prepare(view, parameters) if prepared is None else prepared:
        part, whole = (
            Split(pair.low, pair.value, pair.high),
            Split(pair.low_all, pair.value_all, pair.high_all),
        )
        yield Finding(
            "E14.latest",
            pair.origin,
            chance_below(part, whole, parameters.threshold, parameters.uplift),
            model_trust(view, *([name] for name in pair.rows)),
            pair.rows,
            f"a share of {formats.quantity(up * pair.share, 'percent', 2)} in {pair.period}",
            Quantity(up * pair.share, up * pair.share_low, up * pair.share_high, "percent"),
        )


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """The threshold and the hidden trade on which the label of this topic's own part rests."""
    pairs = prepare(view, parameters)
    for name, low, high, words in (
        ("threshold", 0.05, 10.0, "had the claim said less than {}"),
        ("uplift", 0.0, 5.0, "if trade that no customs office sees came to {} of what they see"),
    ):
        yield Knob(
            "E14.latest",
            name,
            float(getattr(parameters, name)),
            lambda x, name=name: findings(view, replace(parameters, **{name: x}), pairs),
            phrase(words, "{:.2g}%".format if name == "threshold" else percent),
            (low, high),
            steps=40,
            tolerance=1e-3,
        )


def shown_rows(dossier: Dossier) -> list[str]:
    """Every observation the notebook shows beside those the verdicts rest on."""
    names = [
        name for table in (trade_with_iran(dossier), russias_trade(dossier)) for row in table["rows"] for name in row
    ]
    return list(dict.fromkeys([*names, *map(str, dossier.select(measure=CARGO).index)]))
