"""Sanctions on Iran and the price of getting round them (E01, E10, E19, E20, E30, E36).

Three small models. Rank: how far the third state's list would have had to grow unseen to pass Iran's, against the most
the record leaves it. Cost in dollars a year: trade paid through proxies x charge for moving money (the bank part), plus
a premium on goods, plus the discount on barrels of oil. Chain: ``n`` banks that take a fee ``f`` each cost
``(1 + f)^n - 1`` of the sum where each fee is taken on top of the last, ``n f`` where they add. Charges and fees are
shares, sums in dollars.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from claimaudit import formats
from claimaudit.analysis.hearing import describe, extent_of, model_trust
from claimaudit.analysis.knobs import Knob, phrase
from claimaudit.analysis.monte_carlo import interval, share_true, simulate
from claimaudit.analysis.parameters import CommonParameters, check_choice, check_range
from claimaudit.analysis.uncertainty import Distribution, Floats, Split, Uniform, chance_of_order
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.words import Words
from claimaudit.model import Basis, Observation
from claimaudit.outcome import Finding, Quantity

TITLE = "Sanctions and the price of evasion"
BASES = {"imports": "goods imports", "nonoil": "non-oil trade", "with_oil": "non-oil trade and oil sales"}
CHARGES = ("iranian", "all")
PREMIUMS = ("imports", "trade")
FEES = ("compound", "add")
BANKS = range(10, 16)
"""The lengths of chain the claim names."""
NAMES = {
    "RUS": "Russia", "IRN": "Iran", "SYR": "Syria", "PRK": "North Korea", "VEN": "Venezuela", "MMR": "Myanmar",
    "CUB": "Cuba", "BLR": "Belarus", "CHN": "China",
}  # fmt: skip
_STOCKS = "sp.sanctions-in-force-castellum.*.2022-03-07"
ADDED = "sp.new-designations-castellum.irn.2022-01-01"
RATIO = "sp.ratio-new-designations-russia-to-iran.rus-irn.2022-01-01"
RUSSIAN_YEAR = "sp.new-sanctions-castellum.rus.2022-02-22.2"
WORLD = "sp.new-designations-castellum.wld.2022-01-01"
LATER = "sp.sanctions-in-force.irn.2025-05-03"
_WHOLE = "sanctions-and-fatf-transactions"
_SHOWN = (
    "sp.sanctions-in-force-castellum.*", "sp.sanctions-in-force.*.2025-05-03", "sp.new-designations-castellum.*", RATIO,
    RUSSIAN_YEAR, "sp.us-sdn-additions.*.2024-01-01", "sp.gdp-current-usd.*.2022-01-01*", "sp.russian-media-piece-*",
    "sp.official-statement-*", "sp.reported-offer-*", "sp.analyst-report-*",
    "sp.russians-wanting-to-use-*", "sp.evasion-cost-per-year.*", "sp.evasion-cost-of-oil-sales-*",
    "sp.evasion-cost-share-of-trade.irn.2020-01-01",
    "sp.merchandise-imports.irn.2022-01-01", "sp.import-premium.*", "sp.oil-discount-to-brent.irn.2022-*",
    "sp.oil-export-volume-*.2022-01-01", "sp.brent-price.*", "sp.hawala-fee.*", "sp.transfer-cost-*",
    "sp.payment-agent-fee.*", "sp.currency-conversion-cost.*", "sp.chain-length-cited.*",
)  # fmt: skip
"""What the charts and tables show, by id; trade and oil sales come from the model's own rows."""


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """What an analyst may vary; ``target`` is the claimed cost in billion dollars."""

    target: float = 25.0
    base: str = "with_oil"
    routed: float = 0.9
    charges: str = "iranian"
    premium_on: str = "imports"
    fees: str = "compound"
    slack: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        check_range("target", self.target, 1, 200)
        check_choice("base", self.base, tuple(BASES))
        check_range("routed", self.routed, 0.01, 1)
        check_choice("charges", self.charges, CHARGES)
        check_choice("premium_on", self.premium_on, PREMIUMS)
        check_choice("fees", self.fees, FEES)
        check_range("slack", self.slack, 0, 20)


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
    every_other: float | None
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


def room(view: Dossier, parameters: Parameters) -> Room | None:
    """The rank model in a view; ``None`` before its rows were knowable.

    Designations of a year are scaled to the counter's sanctions by the ratio of both on Russia, and to the days from
    the count to the article. ``slack`` multiplies the most the third state can have gained.
    """
    records = view.evidence.records
    stocks = {row.entity: row for row in view.rows(ids=_STOCKS)}
    if not {"RUS", "IRN"} < set(stocks) or not all(name in records for name in (ADDED, RATIO, RUSSIAN_YEAR)):
        return None
    iran = stocks["IRN"]
    third = max((row for name, row in stocks.items() if name not in ("RUS", "IRN")), key=lambda row: row.value)
    added = records[ADDED].value
    scale = records[RUSSIAN_YEAR].value / (records[RATIO].value * added)
    years = (view.article.published - third.start).days / 365
    needed = {
        "Iran standing still": growth_needed(iran.value, third.value),
        "Iran keeping its gains of 2022": growth_needed(iran.value + added, third.value),
    }
    if LATER in records:
        needed["against Iran in 2025"] = growth_needed(records[LATER].value, third.value)
    every_other = None
    if WORLD in records:
        rest = records[WORLD].value - (records[RATIO].value + 1) * added
        every_other = 100 * rest * scale / third.value
    return Room(
        iran=iran,
        third=third,
        most=parameters.slack * 100 * added * scale * years / third.value,
        gain_of_iran=added * scale,
        needed=needed,
        every_other=every_other,
        rows=(iran.observation_id, third.observation_id, ADDED, RATIO, RUSSIAN_YEAR),
    )


def _stability(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    found = room(view, parameters)
    if found is None:
        return
    still = next(iter(found.needed.values()))
    asked, left = (formats.quantity(percent, "percent", 2) for percent in (still, found.most))
    text = (
        f"{NAMES[found.third.entity]} would have had to gain {asked} unseen to pass Iran; being behind Iran in new "
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


def barrels(view: Dossier) -> list[Observation]:
    """Counts of the barrels shipped in 2022, in barrels a day."""
    return [row for row in view.rows(measure="oil_export_volume", entity="IRN") if _whole_2022(row)]


def oil_sales(view: Dossier) -> dict[str, float]:
    """What Iran's oil brought in 2022, dollars: revenue by each count, and barrels at Brent less the discount."""
    price = [row.value for row in view.rows(measure="brent_price") if _whole_2022(row)]
    found = {
        row.observation_id: row.value
        for row in view.rows(measure="oil_export_revenue", entity="IRN")
        if _whole_2022(row)
    }
    if price:
        net = price[0] - _range(view, "discount_usd").mid
        found |= {row.observation_id: row.value * 365 * net for row in barrels(view)}
    return found


def charges(view: Dossier, parameters: Parameters) -> list[Observation]:
    """What moving money cost, percent: Iran under sanctions, and Russia's agents where ``charges`` says all."""
    rows = [*view.rows(measure="transfer_cost_share", entity="IRN", variant=("under-sanctions*", "hawala"))]
    if parameters.charges == "all":
        rows += view.rows(measure="transfer_cost_share", entity="RUS")
    return rows


def _range(view: Dossier, name: str) -> Split:
    return Split(*map(float, view.method.topics["sanctions"][name]["range"]))


def known(view: Dossier, name: str) -> list[str]:
    """The rows a range of the method file leans on that were knowable in this view."""
    return [row for row in view.method.topics["sanctions"][name]["rows"] if row in view.evidence.records]


def inputs(view: Dossier, parameters: Parameters) -> dict[str, Distribution]:
    """Every uncertain input of the cost model; empty before trade, oil and one charge were on record."""
    trade, imports = latest_year(view, "nonoil_trade_turnover"), latest_year(view, "goods_imports")
    oil, shipped, found = oil_sales(view), barrels(view), charges(view, parameters)
    if not (trade and imports and oil and shipped and found):
        return {}
    width = view.method.widths[Basis.ESTIMATE]
    share = _range(view, "routed")
    return {
        "nonoil": extent_of(trade, view.method),
        "imports": extent_of(imports, view.method),
        "oil": spread(list(oil.values()), width),
        "barrels": spread([row.value * 365 for row in shipped], width),
        "routed": Split(min(share.low, parameters.routed), parameters.routed, max(share.high, parameters.routed)),
        "premium": _range(view, "premium_percent"),
        "discount": _range(view, "discount_usd"),
        "which": Uniform(0, 1),
        **{f"charge {row.observation_id}": extent_of(row, view.method) for row in found},
    }


def trade_bases(parts: Mapping[str, Any]) -> dict[str, Any]:
    """The trade that may have to be paid through proxies, dollars a year, by the name of its base."""
    nonoil = parts["nonoil"]
    return {"imports": parts["imports"], "nonoil": nonoil, "with_oil": nonoil + parts["oil"]}


def draw(view: Dossier, parameters: Parameters) -> dict[str, Floats]:
    """Draws of every input, shape ``(draws,)`` each, with ``base`` (dollars) and ``charge`` (percent, sources mixed)."""
    ranges = inputs(view, parameters)
    if not ranges:
        return {}
    draws = simulate(ranges, np.random.default_rng(parameters.seed), parameters.draws)
    draws["base"] = trade_bases(draws)[parameters.base]
    each = [values for name, values in draws.items() if name.startswith("charge ")]
    draws["charge"] = np.choose((draws["which"] * len(each)).astype(int), each)
    return draws


def bank_cost(base: Floats | float, routed: Floats | float, charge: Floats | float) -> Floats | float:
    """Dollars a year that moving money costs: trade through proxies times the charge.

    ``base`` in dollars a year, ``routed`` as a share (0-1), ``charge`` in percent; of their common shape.
    """
    return base * routed * charge / 100


def cost_parts(draws: Mapping[str, Floats], parameters: Parameters) -> dict[str, Floats]:
    """The parts of the whole cost in dollars a year, by name, each of shape ``(draws,)``."""
    goods = draws["imports" if parameters.premium_on == "imports" else "nonoil"]
    return {
        "bank charges": np.asarray(bank_cost(draws["base"], draws["routed"], draws["charge"])),
        "premium on goods": goods * draws["routed"] * draws["premium"] / 100,
        "discount on oil": draws["barrels"] * draws["discount"],
    }


def reach(view: Dossier, parameters: Parameters) -> float:
    """What "up to the target" has to reach at least, dollars: the same fifth below it as the part names."""
    numbers = view.part("E19.banking").numbers
    return parameters.target * 1e9 * numbers["at_least"] / numbers["value"]


def base_rows(view: Dossier, parameters: Parameters) -> list[list[str]]:
    """The observations behind the trade base, one group an input."""
    measure = "goods_imports" if parameters.base == "imports" else "nonoil_trade_turnover"
    row = latest_year(view, measure)
    groups = [[row.observation_id]] if row else []
    return [*groups, list(oil_sales(view))] if parameters.base == "with_oil" else groups


def _banking(view: Dossier, parameters: Parameters, draws: Mapping[str, Floats]) -> Iterator[tuple[Finding, Floats]]:
    """One finding a charge on record, with its draws of the bank part."""
    bound, groups = reach(view, parameters), base_rows(view, parameters)
    for row in charges(view, parameters):
        cost = np.asarray(bank_cost(draws["base"], draws["routed"], draws[f"charge {row.observation_id}"]))
        chance, _ = share_true(cost >= bound)
        low, mid, high = interval(cost)
        text = (
            f"with a charge of {_charge(row, view.words)} moving money takes {formats.span(low, high, 'USD', 2)} a year, and "
            f"{formats.quantity(bound, 'USD')} in {formats.probability(chance)} of draws"
        )
        trust = model_trust(view, *groups, [row.observation_id])
        ids = (row.observation_id, *(name for group in groups for name in group))
        yield Finding("E19.banking", row.origin, chance, trust, ids, text, Quantity(mid, low, high, "USD/year")), cost


def _charge(row: Observation, words: Words) -> str:
    return describe(row, words).split(",")[0]


def _whole(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """A part cannot exceed its whole: a reckoning of all that sanctions add to transactions bounds the bank part."""
    for row in view.rows(measure="evasion_cost_per_year", entity="IRN", variant=_WHOLE):
        chance = 1 - extent_of(row, view.method).cdf(reach(view, parameters))
        text = (
            f"all that sanctions add to transactions is put at {formats.span(row.low, row.high, 'USD')}, banks included"
        )
        yield Finding("E19.banking", row.origin, chance, view.trust(row), (row.observation_id,), text)


def cost_rows(view: Dossier, parameters: Parameters) -> list[list[str]]:
    """The observations behind all parts of the cost, one group an input."""
    return [
        *base_rows(view, parameters),
        [row.observation_id for row in charges(view, parameters)],
        known(view, "premium_percent"),
        known(view, "discount_usd"),
        [row.observation_id for row in barrels(view)],
    ]


# -- chain (E20) ------------------------------------------------------------------------------------------------------


def chain_charge(fee: Floats | float, banks: Floats | float, fees: str = "compound") -> Floats | float:
    """What a chain of banks takes in all, as a share (0-1) of the sum, each bank taking the share ``fee``.

    ``(1 + fee)^banks - 1`` where fees compound, else ``fee * banks``; of the common shape of fee and banks.
    """
    return (1 + fee) ** banks - 1 if fees == "compound" else fee * banks


def fee_per_bank(charge: Floats | float, banks: Floats | float, fees: str = "compound") -> Floats | float:
    """The share (0-1) each bank takes when the chain takes ``charge``: ``chain_charge`` solved for the fee.

    Of the common shape of charge and banks.
    """
    return (1 + charge) ** (1 / banks) - 1 if fees == "compound" else charge / banks


def chance_in_band(charge: Distribution, low: float, high: float, banks: range, fees: str = "compound") -> float:
    """P(low <= fee of each bank <= high), fees and charge in percent, each length of chain alike likely."""
    ends = [[100 * float(chain_charge(fee / 100, n, fees)) for fee in (low, high)] for n in banks]
    return float(np.mean([charge.cdf(top) - charge.cdf(bottom) for bottom, top in ends]))


def totals(view: Dossier, parameters: Parameters) -> list[Observation]:
    """Every total charge a chain may have taken: for moving money, and what sanctions add to transactions."""
    return [
        *charges(view, parameters),
        *view.rows(measure="evasion_cost_share_of_trade", entity="IRN", variant=_WHOLE),
    ]


def _arithmetic(view: Dossier, parameters: Parameters, banks: range = BANKS) -> Iterator[Finding]:
    numbers = view.part("E20.arithmetic").numbers
    for row in totals(view, parameters):
        charge = extent_of(row, view.method)
        chance = chance_in_band(charge, numbers["low"], numbers["high"], banks, parameters.fees)
        low = 100 * float(fee_per_bank(charge.low / 100, banks[-1], parameters.fees))
        high = 100 * float(fee_per_bank(charge.high / 100, banks[0], parameters.fees))
        text = (
            f"a charge of {_charge(row, view.words)} in all leaves each of {banks[0]} to {banks[-1]} banks "
            f"{formats.span(low, high, 'percent', 2)}"
        )
        extent = Quantity((low + high) / 2, low, high, "percent")
        trust = view.trust(row)
        yield Finding("E20.arithmetic", row.origin, chance, trust, (row.observation_id,), text, extent)


# -- findings and knobs -----------------------------------------------------------------------------------------------


def prepare(view: Dossier, parameters: Parameters) -> dict[str, Floats]:
    """The draws of the cost model by input, shape ``(draws,)`` each, which no grade changes; units as in ``draw``."""
    return draw(view, parameters)


def findings(view: Dossier, parameters: Parameters, prepared: dict[str, Floats] | None = None) -> Iterator[Finding]:
    """Iran's place, the bank part of the cost of evasion, and the fee a chain leaves each bank.

    ``prepared`` is what ``prepare`` gave for the same rows and ranges.
    """
    yield from _stability(view, parameters)
    draws = draw(view, parameters) if prepared is None else prepared
    if draws:
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
                f"had the record left {NAMES[space.third.entity]}'s list room to grow by {most * slack:.0f}% unseen"
            ),
            (0, 20),
            tolerance=1e-3,
        )
    draws = draw(view, parameters)
    if draws:
        yield from _banking_knobs(view, parameters, draws)
    if totals(view, parameters):
        yield Knob(
            "E20.arithmetic",
            "banks",
            12,
            lambda banks: _arithmetic(view, parameters, range(round(banks), round(banks) + 1)),
            "with a chain of {:.0f} banks".format,
            (1, 100),
            tolerance=1e-3,
        )


def _banking_knobs(view: Dossier, parameters: Parameters, draws: Mapping[str, Floats]) -> Iterator[Knob]:
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


def shown_rows(dossier: Dossier) -> list[str]:
    """Every observation the notebook shows beside those the verdicts rest on."""
    trade = [latest_year(dossier, measure) for measure in ("goods_imports", "nonoil_trade_turnover")]
    names = [row.observation_id for row in (*dossier.rows(ids=_SHOWN), *trade) if row]
    names += oil_sales(dossier)
    return list(dict.fromkeys(names))
