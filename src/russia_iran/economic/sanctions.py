"""Sanctions on Iran and the price of getting round them (E01, E10, E19, E20, E30, E36).

Three small models. Rank: how far the third state's list would have had to grow unseen to pass Iran's, against the most
the record leaves it. Bank part of the cost, dollars a year: trade paid through proxies x charge for moving money. Chain: ``n``
banks that take a fee ``f`` each, on top of the last, cost ``(1 + f)^n - 1`` of the sum. Charges in percent, fees as shares, sums
in dollars.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import describe, extent_of, model_trust
from claimaudit.analysis.knobs import Knob, phrase
from claimaudit.analysis.monte_carlo import interval, share_true, simulate
from claimaudit.analysis.parameters import DrawnParameters, choice, number
from claimaudit.analysis.uncertainty import Distribution, Floats, Split, Uniform, chance_of_order
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Basis, Observation
from claimaudit.outcome import Finding, Quantity

TITLE = "Sanctions and the price of evasion"
BASES = {"imports": "goods imports", "nonoil": "non-oil trade", "with_oil": "non-oil trade and oil sales"}
"""Which trade may have to be paid round the sanctions, by the parameter's word."""
CHARGES = ("iranian", "all")
BANKS = range(10, 16)
"""The lengths of chain the claim names."""
STOCKS = "sp.sanctions-in-force-castellum.*.2022-03-07"
ADDED = "sp.new-designations-castellum.irn.2022-01-01"
RATIO = "sp.ratio-new-designations-russia-to-iran.rus-irn.2022-01-01"
RUSSIAN_YEAR = "sp.new-sanctions-castellum.rus.2022-02-22.2"
LATER = "sp.sanctions-in-force.irn.2025-05-03"
WHOLE = "sanctions-and-fatf-transactions"
"""Figures for all that sanctions add to transactions, banks included."""


@dataclass(frozen=True, kw_only=True)
class Parameters(DrawnParameters):
    """What an analyst may vary."""

    target: float = number(25.0, 1, 200, "yearly cost of evasion the claim names, billion dollars")
    base: str = choice("with_oil", tuple(BASES), "which trade has to be paid round the sanctions")
    routed: float = number(0.9, 0.01, 1, "middle of the share of that trade paid through proxies")
    charges: str = choice(
        "iranian", CHARGES, "whose charges for moving money: Iran's on record, or Russia's later ones too"
    )
    slack: float = number(1.0, 0, 20, "times the most new sanctions that the record leaves the third state")


# -- rank (E01) -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Room:
    """How safe Iran's second place was. Counts of sanctions; growth in percent of the third state's first count.

    ``most``: what the third state can have gained by the article, being behind Iran in new designations; ``needed``:
    what it would have had to gain, by what one takes Iran's own list to have become.
    """

    iran: Observation
    third: Observation
    most: float
    gain_of_iran: float
    needed: Mapping[str, float]
    rows: tuple[str, ...]

    @property
    def chance(self) -> float:
        """Probability (0-1) that the third state stayed below Iran, gains even from nothing to the most on record for either."""
        gain = self.most / 100 * self.third.value
        rival = Uniform(self.third.value, self.third.value + gain)
        return chance_of_order(rival, Uniform(self.iran.value, self.iran.value + self.gain_of_iran))


def growth_needed(leader: float, rival: float) -> float:
    """Growth in percent by which ``rival`` draws level with ``leader``."""
    return 100 * (leader / rival - 1)


def sanctions_of(designations: float, russian_sanctions: float, russian_designations: float) -> float:
    """New designations as sanctions of the same counter, by how many of either fell on Russia in the same year."""
    return designations * russian_sanctions / russian_designations


def most_growth(gain: float, days: int, rival: float) -> float:
    """Growth in percent of ``rival``'s list where it gains no more than ``gain`` sanctions a year, over so many days."""
    return 100 * gain * days / 365 / rival


def room(view: Dossier, parameters: Parameters) -> Room | None:
    """The rank model in a view; ``None`` before its rows were knowable. ``slack`` multiplies the most the third can have gained."""
    records = view.evidence.records
    stocks = {row.entity: row for row in view.rows(ids=STOCKS)}
    if not {"RUS", "IRN"} < set(stocks) or not all(name in records for name in (ADDED, RATIO, RUSSIAN_YEAR)):
        return None
    iran = stocks["IRN"]
    third = max((row for name, row in stocks.items() if name not in ("RUS", "IRN")), key=lambda row: row.value)
    added = records[ADDED].value
    gain = sanctions_of(added, records[RUSSIAN_YEAR].value, records[RATIO].value * added)
    needed = {
        "Iran standing still": growth_needed(iran.value, third.value),
        "Iran keeping its gains of 2022": growth_needed(iran.value + added, third.value),
    }
    if LATER in records:
        needed["against Iran in 2025"] = growth_needed(records[LATER].value, third.value)
    return Room(
        iran=iran,
        third=third,
        most=parameters.slack * most_growth(gain, (view.article.published - third.start).days, third.value),
        gain_of_iran=gain,
        needed=needed,
        rows=(iran.observation_id, third.observation_id, ADDED, RATIO, RUSSIAN_YEAR),
    )


def _stability(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    found = room(view, parameters)
    if found is None:
        return
    still = found.needed["Iran standing still"]
    asked, left = (formats.quantity(percent, "percent", 2) for percent in (still, found.most))
    text = (
        f"{view.words.entity(found.third.entity)} would have had to gain {asked} unseen to pass Iran; being behind Iran in new "
        f"designations, it can have gained {left} at most"
    )
    trust = model_trust(view, *([name] for name in found.rows))
    extent = Quantity(still, still, max(found.needed.values()), "percent")
    yield Finding("E01.stability", found.iran.origin, found.chance, trust, found.rows, text, extent)


# -- cost (E19) -------------------------------------------------------------------------------------------------------


def latest_year(view: Dossier, measure: str) -> Observation | None:
    """The latest full year of a customs figure that began before the article: the claim cannot speak of a later one."""
    rows = [
        row
        for row in view.rows(measure=measure, entity="IRN", origin="irica-iran")
        if (row.end - row.start).days > 300 and row.start <= view.article.published
    ]
    return max(rows, key=lambda row: row.start, default=None)


def spread(values: list[float], width: float) -> Split:
    """Rival counts as one range: the smallest, the middle, the largest; a single one with ``width`` to both sides."""
    if len(values) == 1:
        return Split(values[0] * (1 - width), values[0], values[0] * (1 + width))
    return Split(min(values), float(np.median(values)), max(values))


def _whole_2022(row: Observation) -> bool:
    return (row.start.isoformat(), row.end.isoformat()) == ("2022-01-01", "2022-12-31")


def oil_sales(view: Dossier) -> dict[str, float]:
    """What Iran's oil brought in 2022, dollars: revenue by each count, and barrels at Brent less the discount."""
    price = [row.value for row in view.rows(measure="brent_price") if _whole_2022(row)]
    revenue = [row for row in view.rows(measure="oil_export_revenue", entity="IRN") if _whole_2022(row)]
    found = {row.observation_id: row.value for row in revenue}
    if price:
        net = price[0] - _range(view, "discount_usd").mid
        barrels = [row for row in view.rows(measure="oil_export_volume", entity="IRN") if _whole_2022(row)]
        found |= {row.observation_id: row.value * 365 * net for row in barrels}
    return found


def charges(view: Dossier, parameters: Parameters) -> list[Observation]:
    """What moving money cost, percent: Iran under sanctions, and Russia's agents where ``charges`` says all."""
    rows = [*view.rows(measure="transfer_cost_share", entity="IRN", variant=("under-sanctions*", "hawala"))]
    if parameters.charges == "all":
        rows += view.rows(measure="transfer_cost_share", entity="RUS")
    return rows


def _range(view: Dossier, name: str) -> Split:
    return Split(*map(float, view.method.topics["sanctions"][name]["range"]))


def inputs(view: Dossier, parameters: Parameters) -> pd.DataFrame:
    """The uncertain inputs of the bank part: trade, the share paid through proxies, and each charge by its row's id.

    Columns: input (in words), unit, low, middle, high, rows (ids). Empty before trade, oil and one charge were on record.
    """
    trade, imports = latest_year(view, "nonoil_trade_turnover"), latest_year(view, "goods_imports")
    oil, found = oil_sales(view), charges(view, parameters)
    columns = ["name", "input", "unit", "low", "middle", "high", "rows"]
    if not (trade and imports and oil and found):
        return pd.DataFrame(columns=columns).set_index("name")
    share, at = _range(view, "routed"), parameters.routed
    ranges: list[tuple[str, str, str, Split, tuple[str, ...]]] = [
        ("nonoil", BASES["nonoil"], "USD", extent_of(trade, view.method), (trade.observation_id,)),
        ("imports", BASES["imports"], "USD", extent_of(imports, view.method), (imports.observation_id,)),
        ("oil", "oil sales", "USD", spread(list(oil.values()), view.method.widths[Basis.ESTIMATE]), tuple(oil)),
        ("routed", "share through proxies", "ratio", Split(min(share.low, at), at, max(share.high, at)), ()),
    ]
    for row in found:
        name = row.observation_id
        ranges.append((name, f"charge: {_charge(view, row)}", "percent", extent_of(row, view.method), (name,)))
    records = [(name, words, unit, part.low, part.mid, part.high, rows) for name, words, unit, part, rows in ranges]
    return pd.DataFrame(records, columns=columns).set_index("name")


def draw(ranges: pd.DataFrame, size: int, seed: int) -> pd.DataFrame:
    """``size`` draws of every input (a column each, in its unit): half of them below its middle, evenly on either side.

    ``ranges`` as of ``inputs``: low, middle and high by name.
    """
    parts = {row.Index: Split(row.low, row.middle, row.high) for row in ranges.itertuples()}
    return pd.DataFrame(simulate(parts, np.random.default_rng(seed), size))


def trade_base(parts: Mapping[Any, Any] | pd.DataFrame, base: str) -> Any:
    """The trade that may have to be paid through proxies, dollars a year: ``imports``, ``nonoil``, or that ``with_oil``."""
    return parts["nonoil"] + parts["oil"] if base == "with_oil" else parts[base]


def bank_cost(base: Any, routed: Any, charge: Any) -> Any:
    """Dollars a year that moving money costs: trade through proxies times the charge.

    ``base`` in dollars a year, ``routed`` as a share (0-1), ``charge`` in percent; of their common shape.
    """
    return base * routed * charge / 100


def reach(view: Dossier, parameters: Parameters) -> float:
    """What "up to the target" has to reach at least, dollars: the same fifth below it as the part names."""
    numbers = view.part("E19.banking").numbers
    return parameters.target * 1e9 * numbers["at_least"] / numbers["value"]


def _base_rows(view: Dossier, parameters: Parameters) -> list[list[str]]:
    """The observations behind the trade base, one group an input."""
    measure = "goods_imports" if parameters.base == "imports" else "nonoil_trade_turnover"
    row = latest_year(view, measure)
    groups = [[row.observation_id]] if row else []
    return [*groups, list(oil_sales(view))] if parameters.base == "with_oil" else groups


def _banking(view: Dossier, parameters: Parameters, draws: pd.DataFrame) -> Iterator[tuple[Finding, Floats]]:
    """One finding a charge on record, with its draws of the bank part."""
    bound, groups = reach(view, parameters), _base_rows(view, parameters)
    base = trade_base(draws, parameters.base)
    for row in charges(view, parameters):
        cost = bank_cost(base, draws["routed"], draws[row.observation_id]).to_numpy()
        chance, _ = share_true(cost >= bound)
        low, mid, high = interval(cost)
        text = (
            f"with a charge of {_charge(view, row)} moving money takes {formats.span(low, high, 'USD', 2)} a year, and "
            f"{formats.quantity(bound, 'USD')} in {formats.probability(chance)} of draws"
        )
        trust = model_trust(view, *groups, [row.observation_id])
        ids = (row.observation_id, *(name for group in groups for name in group))
        yield Finding("E19.banking", row.origin, chance, trust, ids, text, Quantity(mid, low, high, "USD/year")), cost


def _charge(view: Dossier, row: Observation) -> str:
    return describe(row, view.words).split(",")[0]


def _whole(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """A part cannot exceed its whole: a reckoning of all that sanctions add to transactions bounds the bank part."""
    for row in view.rows(measure="evasion_cost_per_year", entity="IRN", variant=WHOLE):
        chance = 1 - extent_of(row, view.method).cdf(reach(view, parameters))
        text = (
            f"all that sanctions add to transactions is put at {formats.span(row.low, row.high, 'USD')}, banks included"
        )
        yield Finding("E19.banking", row.origin, chance, view.trust(row), (row.observation_id,), text)


# -- chain (E20) ------------------------------------------------------------------------------------------------------


def chain_charge(fee: Any, banks: Any) -> Any:
    """What a chain of banks takes in all, as a share (0-1) of the sum, each bank taking the share ``fee``.

    Each fee is taken on top of the last; of the common shape of fee and banks.
    """
    return (1 + fee) ** banks - 1


def fee_per_bank(charge: Any, banks: Any) -> Any:
    """The share (0-1) each bank takes when the chain takes ``charge``: ``chain_charge`` solved for the fee.

    Of the common shape of charge and banks.
    """
    return (1 + charge) ** (1 / banks) - 1


def chance_in_band(charge: Distribution, low: float, high: float, banks: range) -> float:
    """P(low <= fee of each bank <= high), fees and charge in percent, each length of chain alike likely."""
    ends = [[100 * float(chain_charge(fee / 100, n)) for fee in (low, high)] for n in banks]
    return float(np.mean([charge.cdf(top) - charge.cdf(bottom) for bottom, top in ends]))


def totals(view: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Every total charge a chain may have taken: for moving money, and what sanctions add to transactions.

    Indexed by row id; columns: charge (in words), low, middle, high in percent.
    """
    rows = [*charges(view, parameters), *view.rows(measure="evasion_cost_share_of_trade", entity="IRN", variant=WHOLE)]
    ends = [extent_of(row, view.method) for row in rows]
    records = [
        (row.observation_id, _charge(view, row), end.low, end.mid, end.high)
        for row, end in zip(rows, ends, strict=True)
    ]
    return pd.DataFrame(records, columns=["row", "charge", "low", "middle", "high"]).set_index("row")


def _arithmetic(view: Dossier, parameters: Parameters, banks: range = BANKS) -> Iterator[Finding]:
    numbers = view.part("E20.arithmetic").numbers
    for whole in totals(view, parameters).itertuples():
        row, charge = view.observation(whole.Index), Split(whole.low, whole.middle, whole.high)
        chance = chance_in_band(charge, numbers["low"], numbers["high"], banks)
        low = 100 * float(fee_per_bank(charge.low / 100, banks[-1]))
        high = 100 * float(fee_per_bank(charge.high / 100, banks[0]))
        text = (
            f"a charge of {whole.charge} in all leaves each of {banks[0]} to {banks[-1]} banks "
            f"{formats.span(low, high, 'percent', 2)}"
        )
        extent = Quantity((low + high) / 2, low, high, "percent")
        trust = view.trust(row)
        yield Finding("E20.arithmetic", row.origin, chance, trust, (row.observation_id,), text, extent)


# -- findings and knobs -----------------------------------------------------------------------------------------------


def prepare(view: Dossier, parameters: Parameters) -> pd.DataFrame:
    """The draws of the bank part's inputs, which no grade changes: a column an input, a row a draw; units as in ``inputs``."""
    return draw(inputs(view, parameters), parameters.draws, parameters.seed)


def findings(view: Dossier, parameters: Parameters, prepared: pd.DataFrame | None = None) -> Iterator[Finding]:
    """Iran's place, the bank part of the cost of evasion, and the fee a chain leaves each bank.

    ``prepared`` is what ``prepare`` gave for the same rows and ranges.
    """
    yield from _stability(view, parameters)
    draws = prepare(view, parameters) if prepared is None else prepared
    if len(draws):
        yield from (finding for finding, _ in _banking(view, parameters, draws))
    yield from _whole(view, parameters)
    yield from _arithmetic(view, parameters)


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """Unseen growth, charge, claimed sum and length of chain, on which the labels of the models' own parts rest."""
    space = room(view, parameters)
    if space:
        most = room(view, replace(parameters, slack=1.0)).most  # type: ignore[union-attr] # there as space is
        yield Knob(
            "E01.stability",
            "unseen growth",
            parameters.slack,
            lambda slack: _stability(view, replace(parameters, slack=slack)),
            lambda slack: (
                f"had the record left {view.words.entity(space.third.entity)}'s list room to grow by {most * slack:.0f}% unseen"
            ),
            (0, 20),
            tolerance=1e-3,
        )
    draws = prepare(view, parameters)
    if len(draws):
        yield from _banking_knobs(view, parameters, draws)
    if len(totals(view, parameters)):
        yield Knob(
            "E20.arithmetic",
            "banks",
            12,
            lambda banks: _arithmetic(view, parameters, range(round(banks), round(banks) + 1)),
            "with a chain of {:.0f} banks".format,
            (1, 100),
            tolerance=1e-3,
        )


def _banking_knobs(view: Dossier, parameters: Parameters, draws: pd.DataFrame) -> Iterator[Knob]:
    """Knobs of the bank part, from the sorted draws of each independent source: nothing is drawn again."""
    pairs = [(finding, np.sort(cost)) for finding, cost in _banking(view, parameters, draws)]

    def found(times: float, target: float) -> list[Finding]:
        moved = replace(parameters, target=target)
        bound = reach(view, moved) / times
        banks = [
            replace(finding, probability=1 - float(np.searchsorted(cost, bound)) / len(cost)) for finding, cost in pairs
        ]
        return [*banks, *_whole(view, moved)]

    yield Knob(
        "E19.banking",
        "charge",
        1.0,
        partial(found, target=parameters.target),
        phrase("if moving money cost {} times what is on record", partial(formats.number, digits=2)),
        (0.1, 12.0),
        tolerance=1e-3,
    )
    yield Knob(
        "E19.banking",
        "target",
        parameters.target,
        partial(found, 1.0),
        lambda billions: f"had the claim said up to {formats.quantity(billions * 1e9, 'USD', 2)}",
        (1.0, 200.0),
        tolerance=1e-3,
    )
