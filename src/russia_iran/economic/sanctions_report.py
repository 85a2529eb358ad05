"""Tables and words of the sanctions notebook: what each chart shows, its title from the data, its text alternative."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import extent_of
from claimaudit.analysis.monte_carlo import interval
from claimaudit.analysis.uncertainty import Distribution
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from russia_iran.economic.sanctions import (
    ADDED,
    BANKS,
    BASES,
    NAMES,
    RATIO,
    Parameters,
    barrels,
    chain_charge,
    charges,
    cost_parts,
    draw,
    fee_per_bank,
    inputs,
    known,
    latest_year,
    oil_sales,
    reach,
    room,
    totals,
    trade_bases,
)

_COUNTED = ("castellum", "castellum-revised-2024")
_DRAWN = ("RUS", "IRN", "SYR", "PRK", "VEN")
_PRESS = "Russian press"
_STATE = "ministers, diplomats, analysts, polls"
_E10 = {
    "russian_media_presents_iran_as_model": _PRESS,
    "russia_said_to_learn_from_iran": _STATE,
    "want_iranian_sanctions_experience_used": _STATE,
}


# -- rank (E01) -------------------------------------------------------------------------------------------------------


def counts(dossier: Dossier) -> pd.DataFrame:
    """Sanctions in force by state and day, one firm's count: columns day, state, count, row.

    Of rival figures for a day the better graded and later one is taken. Misprints (digit 5), figures dated by
    a year only and the bracket for Iran are left out.
    """
    rows = [
        row
        for row in dossier.rows(measure="sanctions_in_force", entity=_DRAWN, variant=_COUNTED)
        if row.credibility < "5" and (row.end - row.start).days < 31
    ]
    rows.sort(key=lambda row: (dossier.trust(row), row.knowable))
    best = {(row.entity, row.start): row for row in rows}
    table = pd.DataFrame(
        [
            {"day": pd.Timestamp(row.start), "state": NAMES[row.entity], "count": row.value, "row": row.observation_id}
            for row in best.values()
        ]
    )
    order = table["state"].map({NAMES[name]: place for place, name in enumerate(_DRAWN)})
    return table.assign(order=order).sort_values(["order", "day"]).drop(columns="order")


def counts_title(table: pd.DataFrame) -> str:
    """The finding of the chart of counts."""
    first = table[table["day"] < pd.Timestamp(2022, 4, 1)].groupby("state")["count"].last().sort_values(ascending=False)
    russia = table[table["state"] == "Russia"]["count"]
    times = formats.number(russia.iloc[-1] / russia.iloc[0], 2)
    return (
        f"{first.index[0]} and {first.index[1]} led the list in March 2022; Russia's count has grown to {times} times "
        "what it was before the invasion"
    )


def counts_alt(table: pd.DataFrame) -> str:
    """What the chart of counts shows, in words."""
    parts = [f"{row.state} {formats.number(row.count_)} on {formats.day(row.day)}" for row in
             table.rename(columns={"count": "count_"}).itertuples()]  # fmt: skip
    return f"Sanctions in force by state and day: {'; '.join(parts)}."


def growth(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """What the third state would have had to gain, and what the record leaves it: columns what, percent, kind."""
    found = room(dossier, parameters)
    if found is None:
        return pd.DataFrame(columns=["what", "percent", "kind"])
    rows = [{"what": f"needed, {what}", "percent": value, "kind": "needed"} for what, value in found.needed.items()]
    rows.append({"what": "at most, coming behind Iran", "percent": found.most, "kind": "most"})
    if found.every_other is not None:
        rows.append({"what": "were all other listings its own", "percent": found.every_other, "kind": "loose"})
    return pd.DataFrame(rows)


def growth_title(dossier: Dossier, parameters: Parameters) -> str:
    """The finding of the chart of growth."""
    found = room(dossier, parameters)
    if found is None:
        return "No count of several states on one day was known by then"
    still, most = (formats.quantity(x, "percent", 2) for x in (next(iter(found.needed.values())), found.most))
    verb = "at most" if found.most < next(iter(found.needed.values())) else "even"
    return f"{NAMES[found.third.entity]} needed {still} more sanctions to pass Iran; it can have gained {verb} {most}"


def growth_alt(table: pd.DataFrame) -> str:
    """What the chart of growth shows, in words."""
    return "; ".join(f"{row.what}: {formats.quantity(row.percent, 'percent', 2)}" for row in table.itertuples()) + "."


def rankings(dossier: Dossier) -> pd.DataFrame:
    """Who comes first and second, and where Iran stands, a row for each count that names several states.

    Columns: by, first, second (with their figures), place of Iran; all as text.
    """
    records = dossier.evidence.records
    stock = {row.entity: row.value for row in dossier.rows(ids="sp.sanctions-in-force-castellum.*.2022-03-07")}
    year = {row.entity: row.value for row in dossier.rows(ids="sp.new-designations-castellum.*.2021-01-01")}
    listed = {row.entity: row.value for row in dossier.rows(ids=("sp.us-sdn-additions.rus.2024-01-01", "sp.us-sdn-additions.chn.2024-01-01"))}  # fmt: skip # noqa: E501
    tables = {
        "Sanctions in force, March 2022, one firm's count": stock,
        "New designations of 2021, the same firm": year,
        "Additions to the United States' list, 2024": listed,
    }
    if {ADDED, RATIO} <= set(records):
        added = records[ADDED].value
        tables["New designations of 2022, the same firm"] = {"RUS": records[RATIO].value * added, "IRN": added}
    per_gdp = _per_gdp(dossier)
    if per_gdp:
        tables["Sanctions per billion dollars of output, 2022"] = per_gdp
    return pd.DataFrame([_ranked(name, values) for name, values in tables.items() if values])


def ranking_rows(dossier: Dossier) -> list[str]:
    """The observations behind ``rankings``."""
    counted = ("sp.sanctions-in-force-castellum.*.2022-03-07", "sp.new-designations-castellum.*.2021-01-01")
    listed = ("sp.us-sdn-additions.rus.2024-01-01", "sp.us-sdn-additions.chn.2024-01-01")
    over = ("sp.sanctions-in-force-castellum.rus.2023-02-22", "sp.gdp-current-usd.*.2022-01-01")
    rows = dossier.rows(ids=(*counted, *listed, ADDED, RATIO, *over))
    return [row.observation_id for row in rows if not row.entity.startswith("WLD")]


def _per_gdp(dossier: Dossier) -> dict[str, float]:
    """Counts of 2022 and early 2023 over the output of 2022; Iran's count is the one of March 2022."""
    latest = {
        "RUS": "sp.sanctions-in-force-castellum.rus.2023-02-22",
        "IRN": "sp.sanctions-in-force-castellum.irn.2022-03-07",
    }
    output = {name: f"sp.gdp-current-usd.{name.lower()}.2022-01-01" for name in latest}
    records = dossier.evidence.records
    if not {*latest.values(), *output.values()} <= set(records):
        return {}
    return {name: records[latest[name]].value / (records[output[name]].value / 1e9) for name in latest}


def _exact(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else formats.number(value, 2)


def _ranked(name: str, values: dict[str, float]) -> dict[str, str]:
    order = sorted(values, key=lambda state: -values[state])
    first, second = (f"{NAMES[state]}, {_exact(values[state])}" for state in order[:2])
    place = f"{order.index('IRN') + 1} of {len(order)} named" if "IRN" in order else "not named"
    return {"by": name, "first": first, "second": second, "place of Iran": place}


# -- fascination (E10, E30) ------------------------------------------------------------------------------------------------


def interest(dossier: Dossier) -> pd.DataFrame:
    """Articles, statements and the poll on Iran's experience: columns date, end (days), label, who, known, row.

    Where one statement was read in two reports it stands once. ``known``: public before the article.
    """
    rows = [
        row for row in dossier.evidence.records.values() if row.measure in _E10 and {"E10", "E30"} & set(row.claims)
    ]
    once = {(row.origin, row.start): row for row in sorted(rows, key=dossier.trust)}
    return pd.DataFrame(
        [
            {
                "date": pd.Timestamp(row.start),
                "end": pd.Timestamp(row.end),
                "label": _said(dossier, row),
                "who": _E10[row.measure],
                "known": row.knowable <= dossier.article.published,
                "row": row.observation_id,
            }
            for row in once.values()
        ]
    )


_STATEMENTS = {
    "russian-foreign-minister": "Foreign minister Lavrov: work with Iran against the sanctions",
    "russian-minister": "Transport minister Savelyev: studying the case of Iran",
    "western-diplomats": "Western diplomats: Iran offers its network of front companies",
    "think-tank": "London institute: Russia adapts along Iranian lines",
}


def _said(dossier: Dossier, row: Observation) -> str:
    if row.measure == "want_iranian_sanctions_experience_used":
        return f"Poll: {formats.quantity(row.value, row.unit)} want Iran's experience used"
    if row.measure == "russia_said_to_learn_from_iran":
        return _STATEMENTS.get(row.variant, row.variant.replace("-", " ").capitalize())
    source = (dossier.whole or dossier).sources.loc[row.source_id]
    return f"{source['publisher_name']}: {source['title'].split('(')[0].strip()}"


def with_article(dossier: Dossier, table: pd.DataFrame) -> pd.DataFrame:
    """The timeline with a row for the article itself: columns date, end (days), label, who."""
    day = pd.Timestamp(dossier.article.published)
    own = pd.DataFrame([{"date": day, "end": day, "label": "The article", "who": "the article"}])
    return pd.concat([table[["date", "end", "label", "who"]], own], ignore_index=True)


def interest_title(table: pd.DataFrame) -> str:
    """The finding of the timeline."""
    found = formats.count(int((table["known"] & (table["who"] == _PRESS)).sum()), "Russian piece")
    return f"{found} on Iran's experience from before the article: proof that they exist, no measure of how many"


def interest_alt(table: pd.DataFrame) -> str:
    """What the timeline shows, in words."""
    rows = table.sort_values("date")
    return "; ".join(f"{formats.day(row.date)}: {row.label}" for row in rows.itertuples()) + "."


# -- cost (E19) -------------------------------------------------------------------------------------------------------

_SAID = {
    "rerouting-relabelling-insurance": "re-routing, relabelling, insurance",
    "sanctions-and-fatf-transactions": "all that sanctions add to transactions",
    "premium-on-all-trade": "premium on all trade",
    "oil-sales-only": "oil sales only",
}
_WHO = {
    "akhoundi-ilna-202104": "Akhoundi, ex-minister, 2021",
    "hemmati-20210530": "Hemmati, ex-governor, 2021",
    "adeli-khabar-online-202503": "Adeli, ex-governor, 2025",
    "iran-international-2024": "Iran International, 2024",
}


def insiders(dossier: Dossier) -> pd.DataFrame:
    """Every published sum for the cost of evasion, billion dollars a year: columns who, covers, low, mid, high, row.

    Ranges as printed: "at least" is drawn as its least figure.
    """
    rows = dossier.rows(measure="evasion_cost_per_year", entity="IRN")
    return pd.DataFrame(
        {
            "who": [_WHO.get(row.origin, row.origin.replace("-", " ")) for row in rows],
            "covers": [_SAID.get(row.variant, row.variant.replace("-", " ")) for row in rows],
            "low": [(row.value if row.low is None else row.low) / 1e9 for row in rows],
            "mid": [row.value / 1e9 for row in rows],
            "high": [(row.value if row.high is None else row.high) / 1e9 for row in rows],
            "row": [row.observation_id for row in rows],
        }
    )


def insiders_title(table: pd.DataFrame, parameters: Parameters) -> str:
    """The finding of the chart of published sums."""
    reached = int((table["high"] >= parameters.target).sum())
    banking = int(table["covers"].str.contains("bank").sum())
    said = formats.quantity(parameters.target * 1e9, "USD")
    return f"{reached} of {len(table)} published sums reach {said} a year, and {banking or 'none'} is for banking alone"


def insiders_alt(table: pd.DataFrame) -> str:
    """What the chart of published sums shows, in words."""
    parts = [f"{row.who} ({row.covers}): {row.low:g} to {row.high:g}" for row in table.itertuples()]
    return f"Published sums in billion dollars a year. {'; '.join(parts)}."


def yardsticks(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """The claimed sum as a percentage of what it could be measured by: columns what, total, percent, rows."""
    trade, imports = latest_year(dossier, "nonoil_trade_turnover"), latest_year(dossier, "goods_imports")
    found: list[tuple[str, float, tuple[str, ...]]] = []
    if imports:
        found.append((f"Goods imports, customs, {_iranian_year(imports)}", imports.value, (imports.observation_id,)))
    if trade:
        found.append((f"Non-oil trade, customs, {_iranian_year(trade)}", trade.value, (trade.observation_id,)))
        oil = oil_sales(dossier)
        if oil:
            middle = float(np.median(list(oil.values())))
            found.append(("Non-oil trade and oil sales", trade.value + middle, (trade.observation_id, *oil)))
    for name, what in (
        ("sp.merchandise-imports.irn.2022-01-01", "Goods imports, World Bank, 2022"),
        ("sp.gdp-current-usd.irn.2022-01-01", "Output, World Bank, July 2026 edition, 2022"),
        ("sp.gdp-current-usd.irn.2022-01-01.2", "Output, World Bank, March 2026 edition, 2022"),
    ):
        if name in dossier.evidence.records:
            found.append((what, dossier.evidence.records[name].value, (name,)))
    percent = [100 * parameters.target * 1e9 / total for _, total, _ in found]
    table = pd.DataFrame(found, columns=["what", "total", "rows"])
    return table.assign(percent=percent)


def _iranian_year(row: Observation) -> str:
    return f"{row.start:%B %Y} to {row.end:%B %Y}"


def yardsticks_title(table: pd.DataFrame, parameters: Parameters) -> str:
    """The finding of the chart of yardsticks."""
    share = table.set_index("what")["percent"]
    imports, output = share.max(), share.min()
    return (
        f"{formats.quantity(parameters.target * 1e9, 'USD')} would be {formats.quantity(imports, 'percent', 2)} of a "
        f"year's imports and {formats.quantity(output, 'percent', 2)} of all output"
    )


def yardsticks_alt(table: pd.DataFrame) -> str:
    """What the chart of yardsticks shows, in words."""
    parts = [
        f"{row.what} ({formats.quantity(row.total, 'USD')}): {formats.quantity(row.percent, 'percent', 2)}"
        for row in table.itertuples()
    ]
    return "; ".join(parts) + "."


def needed_charge(dossier: Dossier, parameters: Parameters) -> float:
    """The charge in percent at which the bank part reaches the claimed sum, everything else at its middle."""
    ranges = inputs(dossier, parameters)
    base = trade_bases(_middles(ranges))[parameters.base]
    return 100 * parameters.target * 1e9 / (base * parameters.routed)


def _middles(ranges: Mapping[str, Distribution]) -> dict[str, float]:
    return {name: float(part.quantile(0.5)) for name, part in ranges.items()}


def charge_table(dossier: Dossier) -> pd.DataFrame:
    """Every charge for moving money on record, Iran's and Russia's, percent: columns what, low, mid, high, row."""
    rows = [*dossier.rows(measure="transfer_cost_share", entity=("IRN", "RUS"))]
    rows.sort(key=lambda row: (row.entity, row.start))
    ends = [extent_of(row, dossier.method) for row in rows]
    return pd.DataFrame(
        {
            "what": [_charged(row) for row in rows],
            "low": [end.low for end in ends],
            "mid": [end.mid for end in ends],
            "high": [end.high for end in ends],
            "row": [row.observation_id for row in rows],
        }
    )


_KINDS = {
    "hawala": "money changer",
    "under-sanctions-chamber": "by its chamber of commerce",
    "under-sanctions-small-banks": "by small banks",
    "payment-agent-china": "payment agent to China",
    "sanctions-and-fatf-transactions": "all that sanctions add to transactions",
}


def _kind(row: Observation) -> str:
    return _KINDS.get(row.variant, row.variant.replace("-", " "))


def _charged(row: Observation) -> str:
    years = f"{row.start.year}" if row.start.year == row.end.year else f"{row.start.year}-{row.end.year}"
    when = formats.period(row.start, row.end) if row.entity == "RUS" else years
    return f"{NAMES[row.entity]}, {_kind(row)}, {when}"


def charge_title(dossier: Dossier, parameters: Parameters) -> str:
    """The finding of the chart of charges."""
    needed, largest = needed_charge(dossier, parameters), charge_table(dossier)["mid"].max()
    said = formats.quantity(parameters.target * 1e9, "USD")
    top = formats.quantity(largest, "percent", 2)
    asked = formats.quantity(needed, "percent", 2)
    return f"To cost {said}, moving money had to take {asked}; the dearest on record took {top}"


def charge_alt(table: pd.DataFrame, dossier: Dossier, parameters: Parameters) -> str:
    """What the chart of charges shows, in words."""
    parts = [f"{row.what}: {formats.span(row.low, row.high, 'percent', 2)}" for row in table.itertuples()]
    needed = formats.quantity(needed_charge(dossier, parameters), "percent", 2)
    return f"Charges in percent of the sum, with a line at the {needed} needed. {'; '.join(parts)}."


def exceedance(dossier: Dossier, parameters: Parameters, most: float = 45.0, points: int = 91) -> pd.DataFrame:
    """Chance in percent that the cost is at least ``x`` billion dollars: columns x, banks, all."""
    draws = draw(dossier, parameters)
    x = np.linspace(0, most, points)
    parts = cost_parts(draws, parameters)
    sums = {"banks": parts["bank charges"], "all": sum(parts.values())}
    table = {name: 100 * (1 - np.searchsorted(np.sort(cost), x * 1e9) / len(cost)) for name, cost in sums.items()}
    return pd.DataFrame({"x": x, **table})


def exceedance_lines(table: pd.DataFrame) -> dict[str, pd.Series]:
    """The two curves of the chart of chances by name, percent, indexed as the rows of ``table``."""
    return {"bank charges alone": table["banks"], "with premium on goods and oil discount": table["all"]}


def chances(dossier: Dossier, parameters: Parameters) -> dict[str, float]:
    """Chance (0-1) that the bank part, and all parts, reach what "up to the target" must reach."""
    parts = cost_parts(draw(dossier, parameters), parameters)
    bound = reach(dossier, parameters)
    sums = {"banks": parts["bank charges"], "all": sum(parts.values())}
    return {name: float(np.mean(np.asarray(cost) >= bound)) for name, cost in sums.items()}


def exceedance_title(dossier: Dossier, parameters: Parameters) -> str:
    """The finding of the chart of chances."""
    chance, bound = chances(dossier, parameters), formats.quantity(reach(dossier, parameters), "USD")
    return (
        f"Bank charges reach {bound} in {formats.probability(chance['banks'])} of draws, all parts together in "
        f"{formats.probability(chance['all'])}"
    )


def exceedance_alt(table: pd.DataFrame) -> str:
    """What the chart of chances shows, in words."""
    shown = table[table["x"].isin((10, 20, 25, 30))]
    parts = [f"{row.x:.0f} billion: banks {row.banks:.0f}%, all parts {row.all:.0f}%" for row in shown.itertuples()]
    return f"Two falling curves: the chance that the yearly cost is at least so much. {'; '.join(parts)}."


def part_table(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """The parts of the cost and their sum, dollars a year: columns part, 5%, median, 95%."""
    parts = cost_parts(draw(dossier, parameters), parameters)
    parts["all parts"] = np.asarray(sum(parts.values()))
    rows = [
        dict(zip(("part", "5%", "median", "95%"), (name, *interval(cost)), strict=True)) for name, cost in parts.items()
    ]
    return pd.DataFrame(rows)


def model_rows(dossier: Dossier, parameters: Parameters) -> list[str]:
    """The observations the cost model rests on."""
    trade, imports = latest_year(dossier, "nonoil_trade_turnover"), latest_year(dossier, "goods_imports")
    names = [row.observation_id for row in (trade, imports) if row]
    names += [row.observation_id for row in charges(dossier, parameters)]
    names += [*oil_sales(dossier), *(row.observation_id for row in barrels(dossier))]
    names += [name for part in ("premium_percent", "discount_usd") for name in known(dossier, part)]
    return list(dict.fromkeys(names))


# -- chain (E20) ------------------------------------------------------------------------------------------------------


def iso_cost(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Fee in percent each bank must take for the chain to cost the target, by number of banks; a column a base."""
    ranges = inputs(dossier, parameters)
    banks = np.arange(2, 21)
    columns = {
        BASES[name]: 100 * fee_per_bank(parameters.target * 1e9 / (base * parameters.routed), banks, parameters.fees)
        for name, base in trade_bases(_middles(ranges)).items()
    }
    return pd.DataFrame({"banks": banks, **columns})


def iso_cost_title(table: pd.DataFrame, parameters: Parameters) -> str:
    """The finding of the iso-cost chart, for the chosen base."""
    column = table.set_index("banks")[BASES[parameters.base]]
    ends = formats.span(column[BANKS[-1]], column[BANKS[0]], "percent", 2)
    said = formats.quantity(parameters.target * 1e9, "USD")
    return f"To cost {said} a year, each of 10 to 15 banks would have to take {ends}"


def iso_cost_alt(table: pd.DataFrame) -> str:
    """What the iso-cost chart shows, in words."""
    rows = table[table["banks"].isin((2, 10, 15, 20))].set_index("banks")
    parts = [f"{name}: " + ", ".join(f"{value:.2g}% with {banks} banks" for banks, value in column.items())
             for name, column in rows.items()]  # fmt: skip
    return f"Falling curves of the fee each bank must take, by number of banks. {'; '.join(parts)}."


def chain_grid(parameters: Parameters, fees: Iterable[float] = (0.1, 0.25, 0.5, 1, 2, 3)) -> pd.DataFrame:
    """What a chain takes in all, percent: rows are fees of each bank, columns numbers of banks."""
    lengths = (2, 3, 5, 8, 10, 12, 15)
    rows = {
        f"{fee:g}% each": {f"{n} banks": 100 * chain_charge(fee / 100, n, parameters.fees) for n in lengths}
        for fee in fees
    }
    return pd.DataFrame.from_dict(rows, orient="index")


def chain_title(grid: pd.DataFrame, dossier: Dossier) -> str:
    """The finding of the chain grid: what half a percent each comes to, beside the charges on record for Iran."""
    half = grid.loc["0.5% each"]
    ends = formats.span(half["10 banks"], half["15 banks"], "percent", 2)
    said = [row.value for row in charges(dossier, Parameters())]
    record = formats.span(min(said), max(said), "percent", 2)
    return f"Ten to fifteen banks at half a percent each take {ends} in all; on record for Iran are {record}"


def chain_alt(grid: pd.DataFrame) -> str:
    """What the chain grid shows, in words."""
    rows = [f"{name}: {formats.span(row.iloc[0], row.iloc[-1], 'percent', 2)}" for name, row in grid.iterrows()]
    return f"Charge of the whole chain from {grid.columns[0]} to {grid.columns[-1]}, by fee. {'; '.join(rows)}."


def fee_table(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """What each total charge on record leaves each bank of a chain, percent; a column a number of banks."""
    rows = []
    for row in totals(dossier, parameters):
        total = extent_of(row, dossier.method).mid
        each = {f"each of {n} banks": 100 * fee_per_bank(total / 100, n, parameters.fees) for n in (2, 3, 10, 15)}
        rows.append({"charge": _charged(row), "in all": total, **each, "rows": row.observation_id})
    return pd.DataFrame(rows)
