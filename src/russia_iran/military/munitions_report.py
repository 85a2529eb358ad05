"""Titles, text alternatives and tables of the munitions notebook, made from the model's own figures."""

from __future__ import annotations

import pandas as pd

from claimaudit import formats
from claimaudit.dossier.dossier import Dossier
from russia_iran.military.munitions import Parameters, accounts, by_count, fit_tornado, value_table


def fit_title(curve: pd.DataFrame, parameters: Parameters) -> str:
    """The finding of the fit chart: how often the cargo fits the containers at best, with no artillery rounds in it."""
    best, boxes = curve["containers"].max(), f"{parameters.containers} containers"
    often = formats.probability(best)
    if best > 0.5:
        return f"Without artillery rounds the cargo fits {boxes} in {often} of draws"
    return f"At no share of artillery rounds does the cargo fit {boxes} in more than {often} of draws"


def fit_lines(curve: pd.DataFrame, parameters: Parameters) -> dict[str, pd.Series]:
    """The two curves of the fit chart by name, percent, indexed as the rows of ``curve``."""
    return {
        f"{parameters.containers} containers": 100 * curve["containers"],
        f"{parameters.ships} ships": 100 * curve["ships"],
    }


def fit_alt(curve: pd.DataFrame, parameters: Parameters) -> str:
    """What the fit chart shows, in words."""
    ends = [f"{formats.probability(curve[name].iloc[0])} to {formats.probability(curve[name].iloc[-1])}" for name in
            ("containers", "ships")]  # fmt: skip
    return (
        f"Two falling curves over the share of artillery calibre from 0 to 100%: the chance to fit {parameters.containers} "
        f"containers goes from {ends[0]}, the chance to fit {parameters.ships} ships from {ends[1]}."
    )


def budget_title(budget: pd.DataFrame) -> str:
    """The finding of the mass chart: whether artillery rounds alone outweigh the room in the boxes."""
    mid = budget.set_index("part")["mid"]
    heavy, boxes = mid.iloc[2], mid.iloc[3]
    times = formats.number(heavy / boxes, 2)
    verb = f"weigh {times} times what" if heavy > boxes else "fit into what"
    return f"As artillery rounds the shells would {verb} the containers carry"


def budget_alt(budget: pd.DataFrame) -> str:
    """What the mass chart shows, in words."""
    parts = [f"{row.part} {formats.span(row.low, row.high, 'tonne')}" for row in budget.itertuples()]
    return f"Ranges of mass and room: {'; '.join(parts)}."


def duration_title(days: pd.DataFrame, parameters: Parameters) -> str:
    """The finding of the duration chart."""
    low, high = formats.number(days["days"].min(), 2), formats.number(days["days"].max(), 2)
    share = formats.number(100 * parameters.heavy_share, 2)
    return f"If {share}% of the shells were artillery rounds, they would last {low} to {high} days, by whose rate one takes"


def duration_alt(days: pd.DataFrame) -> str:
    """What the duration chart shows, in words."""
    parts = [f"{row.who}, {row.when}: {formats.number(row.days, 2)} days" for row in days.itertuples()]
    return f"Days by published rate of fire. {'; '.join(parts)}."


def supply_title(supply: pd.DataFrame) -> str:
    """The finding of the supply chart."""
    low, high = formats.number(supply["share"].min(), 2), formats.number(supply["share"].max(), 2)
    return f"All the shells together are {low} to {high}% of what Russia makes or fires in a year"


def supply_alt(supply: pd.DataFrame) -> str:
    """What the supply chart shows, in words."""
    return "; ".join(f"{row.against}: {formats.number(row.share, 2)}%" for row in supply.itertuples()) + "."


INPUT_NAMES = {
    "packed_kg_per_cartridge": "crated mass of a cartridge, kg",
    "light_kg": "crated mass of a light item, kg",
    "heavy_kg": "crated mass of an artillery round, kg",
    "payload_tonnes": "cargo in a container, tonnes",
    "heavy_share": "share of artillery calibre",
    "containers": "containers",
}


ACCOUNT_NAMES = {
    "as_reported": "as reported, a mixed lot",
    "all_artillery": "as reported, all shells of artillery calibre",
    "spread_over_months": "the traffic of months told as one cargo",
    "inflated": "numbers well above what was aboard",
}


def count_table(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """``by_count`` in words, counts of rounds and containers, indexed by observation.

    Columns: counted, rounds a container, rounds in all containers, containers for the whole lot.
    """
    table = by_count(dossier, parameters)
    return pd.DataFrame(
        {
            "counted": table["entity"],
            "rounds a container": table["value"],
            "rounds in all containers": table["rounds_value"],
            "containers for the whole lot": table["containers_needed"],
        }
    )


def tornado_table(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """``fit_tornado`` in words, tonnes: columns input, room at low, room at high, room at middle and its others."""
    table = fit_tornado(dossier, parameters)
    table["input"] = table["input"].map(INPUT_NAMES)
    return table.rename(columns={"at_low": "room at low", "at_high": "room at high", "base": "room at middle"})


def account_table(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """``accounts`` in percent, a row an account, its name in the first column."""
    table = 100 * accounts(dossier, parameters)
    table.insert(0, "account", table.index.map(ACCOUNT_NAMES))
    return table


def worth_table(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """``value_table`` under a reader's names, in USD and indexed by observation.

    Columns: lot, price of, price a round, worth, from, to.
    """
    table = value_table(dossier, parameters)
    return table.rename(columns={"usd": "worth", "usd_low": "from", "usd_high": "to", "price": "price a round"})
