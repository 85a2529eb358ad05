"""Titles, text alternatives and tables of the trade notebook, made from the topic's own figures."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.dossier.words import Words
from russia_iran.economic.trade import (
    PARTNER_NAMES,
    Parameters,
    Turnover,
    bilateral,
    corridor,
    rank_of_iran,
    rank_year,
    share_percent,
    substitution,
    yardsticks,
)

_COUNTS = {"russian": "Russian count", "iranian": "Iranian count"}


def share_lines(table: pd.DataFrame) -> pd.DataFrame:
    """Middle share of each year and count, percent, whole years only: columns year, count, share."""
    whole = table[table["whole_year"]]
    lines = whole.groupby(["year", "count"], as_index=False)["share"].median()
    return lines.assign(count=lines["count"].map(_COUNTS))


def share_table(table: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The pairings as a reader wants them, shares in percent.

    Columns: period, count, numerator, denominator, share, low, high, rows.
    """
    shown = table[["period", "count", "numerator", "denominator", "share", "low", "high", "rows"]].copy()
    shown["period"] = np.where(table["fiscal"], shown["period"] + " (over the calendar year)", shown["period"])
    shown["count"] = shown["count"].map(_COUNTS)
    for column in ("numerator", "denominator"):
        shown[column] = shown[column].map(words.words)
    return shown.round(3).drop_duplicates(["period", "numerator", "denominator", "share"])


def share_title(table: pd.DataFrame, parameters: Parameters) -> str:
    """The finding of the share chart."""
    if table.empty:
        return "No year has both a bilateral figure and a total"
    largest = table.loc[table["share"].idxmax()]
    side = "Never above" if largest["share"] < parameters.threshold else "Above"
    return (
        f"{side} {formats.quantity(parameters.threshold, 'percent')}: Iran's largest share was "
        f"{formats.quantity(largest['share'], 'percent', 2)}, in {largest['year']}"
    )


def share_alt(years: pd.DataFrame, parameters: Parameters) -> str:
    """What the share chart shows, in words."""
    parts = [f"{row.year} {formats.span(row.low, row.high, 'percent', 2)}" for row in years.itertuples()]
    bound = formats.quantity(parameters.threshold, "percent")
    return f"Iran's share of Russian goods trade by year, smallest to largest pairing: {'; '.join(parts)}; a line marks {bound}."


def rank_bars(table: pd.DataFrame, words: Words) -> pd.DataFrame:
    """The partner table with a name for each bar: its columns (``value`` in USD) and who."""
    covers = np.where(table["covers"] == "", "", ", " + table["covers"])
    return table.assign(who=table["partner"] + ": " + table["variant"].map(words.words) + covers)


def highlighted(table: pd.DataFrame, parameters: Parameters, words: Words) -> list[str]:
    """The bars of Iran and of the chosen partner, as ``rank_bars`` names them; ``table`` is that of ``trade.partners``."""
    chosen = ("Iran", PARTNER_NAMES[parameters.partner])
    return list(rank_bars(table[table["partner"].isin(chosen)], words)["who"])


def rank_title(dossier: Dossier, parameters: Parameters) -> str:
    """The finding of the partner chart."""
    year = rank_year(dossier)
    _, above = rank_of_iran(dossier, year)
    return f"In {year} {formats.count(len(above), 'partner')} on record traded more with Russia than Iran did"


def rank_alt(table: pd.DataFrame, words: Words) -> str:
    """What the partner chart shows, in words."""
    return (
        "; ".join(f"{row.who} {formats.quantity(row.value, 'USD')}" for row in rank_bars(table, words).itertuples())
        + "."
    )


def mirror(dossier: Dossier) -> pd.DataFrame:
    """Turnover by year as the Russian and the Iranian side count it, USD: columns year, value, count, row.

    Of several Russian figures of a year the latest published one that is no rounded or upper-bound figure is taken.
    """
    rows = [item for item in bilateral(dossier) if item.whole_year and item.origin in ("fts-russia", "irica-iran")]
    best: dict[tuple[int, str], tuple[date, Turnover]] = {}
    for item in rows:
        if "bound" in item.variant:
            continue
        count = "Iranian customs" if item.origin == "irica-iran" else "Russian customs"
        known = max(dossier.observation(name).knowable for name in item.rows)
        key = (item.start.year, count)
        if key not in best or known > best[key][0]:
            best[key] = (known, item)
    return pd.DataFrame(
        [
            {"year": year, "value": item.extent.mid, "count": count, "row": item.rows}
            for (year, count), (_, item) in sorted(best.items())
        ]
    )


def mirror_title(table: pd.DataFrame) -> str:
    """The finding of the mirror chart: Russian over Iranian count where both have a year."""
    wide = table.pivot_table(index="year", columns="count", values="value").dropna()
    if wide.empty or len(wide.columns) < 2:
        return "Trade between Russia and Iran by counter"
    last = wide.iloc[-1]
    ratio = formats.number(last["Russian customs"] / last["Iranian customs"], 2)
    return f"For {wide.index[-1]} Russian customs count {ratio} times what Iranian customs count"


def mirror_alt(table: pd.DataFrame) -> str:
    """What the mirror chart shows, in words."""
    parts = [f"{row.count_} {row.year} {formats.quantity(row.value, 'USD')}" for row in
             table.rename(columns={"count": "count_"}).itertuples()]  # fmt: skip
    return "; ".join(parts) + "."


def corridor_and_routes(dossier: Dossier) -> pd.DataFrame:
    """Corridor figures and the routes in one table: columns label, kind, low, mid, high, row.

    Figures in tonnes a year.
    """
    own = corridor(dossier)
    own = own.assign(label=_corridor_label(own), kind="corridor", row=own.index)
    routes = yardsticks(dossier)
    routes = routes.assign(label=routes["route"], kind="route", row=routes.index)
    return pd.concat([own, routes])[["label", "kind", "low", "mid", "high", "row"]].sort_values("mid")


def _corridor_label(rows: pd.DataFrame) -> pd.Series:
    names = {"instc": "Corridor", "instc_western": "Western branch", "instc_eastern": "Eastern branch"}
    years = rows["start"].dt.year.astype(str)
    return (
        rows["entity"].map(names)
        + " "
        + rows["what"]
        + ", "
        + years
        + " ("
        + rows["variant"].str.replace("-", " ")
        + ")"
    )


def corridor_title(dossier: Dossier, parameters: Parameters) -> str:
    """The finding of the corridor chart: the largest corridor figure over the smallest route."""
    own, routes = corridor(dossier), yardsticks(dossier)
    best, smallest = own["mid"].max(), routes["mid"].min()
    return (
        f"Even the largest figure for the corridor is {formats.number(share_percent(best, smallest), 2)}% of the smallest "
        "route it would stand in for"
    )


def corridor_alt(table: pd.DataFrame) -> str:
    """What the corridor chart shows, in words."""
    return "; ".join(f"{row.label} {formats.quantity(row.mid, 'tonne')}" for row in table.itertuples()) + "."


def substitution_grid(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Corridor over route in percent: rows are corridor figures, columns routes."""
    table = substitution(dossier, parameters)
    labels = _corridor_label(corridor(dossier))
    table = table.assign(label=table["corridor_row"].map(labels))
    return table.pivot_table(index="label", columns="route", values="ratio", sort=False)


def substitution_title(grid: pd.DataFrame, parameters: Parameters) -> str:
    """The finding of the substitution chart."""
    largest = formats.number(float(grid.to_numpy().max()), 2)
    return f"No pairing passes {largest}%; to replace a route is taken as {100 * parameters.replacement_share:.0f}%"


def substitution_alt(grid: pd.DataFrame) -> str:
    """What the substitution chart shows, in words."""
    rows = [f"{name}: {formats.span(row.min(), row.max(), 'percent', 2)}" for name, row in grid.iterrows()]
    return f"Corridor as a percentage of each route, smallest to largest. {'; '.join(rows)}."
