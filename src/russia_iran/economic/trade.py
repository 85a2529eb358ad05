"""Iran in Russia's foreign trade (E14) and the corridor through Azerbaijan (E18).

Shares in percent, sums in USD, cargo in tonnes or tonnes a year. Counts are never averaged: each numerator is paired with
each denominator of the same period, and rival counts (Russian and Iranian customs, first release and revision) stay apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import extent_of, model_trust
from claimaudit.analysis.knobs import Knob, percent, phrase
from claimaudit.analysis.parameters import CommonParameters, check_choice, check_range
from claimaudit.analysis.uncertainty import Split, chance_of_order
from claimaudit.dossier.dossier import Dossier
from claimaudit.outcome import Finding, Quantity

TITLE = "Trade with Iran and the corridor"
COUNTS = ("any", "russian", "iranian")
PARTNERS = ("IRN", "AZE", "KAZ", "BLR", "TUR", "IND", "CHN", "DEU")
PARTNER_NAMES = {
    "IRN": "Iran", "AZE": "Azerbaijan", "KAZ": "Kazakhstan", "BLR": "Belarus", "TUR": "Turkey", "IND": "India",
    "CHN": "China", "DEU": "Germany", "NLD": "Netherlands", "USA": "United States", "EU": "European Union",
}  # fmt: skip
# What a corridor would stand in for: each is a published volume of Russia's main routes, in tonnes (a year).
YARDSTICKS = {
    "scale.polygon.2022": "eastern railways, planned capacity 2022",
    "scale.rzd.2022": "all railway loading, 2022",
    "scale.polygon.2024": "eastern railways, capacity 2024",
    "scale.rzd.china.2024": "railway freight with China, 2024",
    "scale.rzd.intl.2024": "international railway freight, 2024",
    "scale.south.2023": "Azov and Black Sea direction, 2023 (expected)",
    "scale.east.2023": "eastern direction, 2023 (expected)",
    "scale.ports.2023": "all seaports, 2023",
    "scale.ports.blacksea.2023": "Azov and Black Sea ports, 2023",
    "scale.ports.fareast.2023": "Far Eastern ports, 2023",
}


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """``threshold``: the share claimed, percent; ``counts``: whose bilateral count; ``uplift``: trade no customs office
    sees, as a share of what it sees; ``partner``: the country held against Iran in the rank chart; ``replacement_share``:
    the part of a route's cargo the corridor must carry to replace it."""

    threshold: float = 1.0
    counts: str = "any"
    uplift: float = 0.0
    partner: str = "AZE"
    replacement_share: float = 0.5

    def __post_init__(self) -> None:
        super().__post_init__()
        check_range("threshold", self.threshold, 0.05, 10)
        check_choice("counts", self.counts, COUNTS)
        check_range("uplift", self.uplift, 0, 5)
        check_choice("partner", self.partner, PARTNERS[1:])
        check_range("replacement_share", self.replacement_share, 0.05, 1)


# -- shares --------------------------------------------------------------------------------------------------------


def share_percent(part: float, whole: float) -> float:
    """A part as a percentage of the whole."""
    return 100 * part / whole


def _added(extents: Sequence[Split]) -> Split:
    return Split(*(sum(getattr(extent, end) for extent in extents) for end in ("low", "mid", "high")))


class Turnover(NamedTuple):
    """Trade both ways of a period by one count, in USD, and the rows it is stated by or added from."""

    start: date
    end: date
    variant: str
    origin: str
    extent: Split
    rows: tuple[str, ...]

    @property
    def whole_year(self) -> bool:
        """True for a calendar or Persian year, false for some months."""
        return (self.end - self.start).days >= 350


@dataclass(frozen=True)
class Pairing:
    """Trade with Iran over Russia's whole trade of the period; ``fiscal``: a Persian over a calendar year."""

    own: Turnover
    whole: Turnover
    count: str
    fiscal: bool

    @property
    def rows(self) -> tuple[str, ...]:
        """The observations the share is worked out from."""
        return (*self.own.rows, *self.whole.rows)

    @property
    def year(self) -> int:
        """The year the period begins in."""
        return self.own.start.year

    def share(self, uplift: float = 0.0) -> float:
        """The share in percent, the part raised by ``uplift``."""
        return share_percent((1 + uplift) * self.own.extent.mid, self.whole.extent.mid)

    def bounds(self, uplift: float = 0.0) -> tuple[float, float]:
        """The smallest and largest share the two ranges allow, percent."""
        part, whole, up = self.own.extent, self.whole.extent, 1 + uplift
        return share_percent(up * part.low, whole.high), share_percent(up * part.high, whole.low)

    def chance_below(self, threshold: float, uplift: float = 0.0) -> float:
        """Probability that the share lies below a threshold in percent, over both ranges."""
        return chance_of_order(self.own.extent, self.whole.extent, threshold / 100 / (1 + uplift), points=200)


def turnovers(dossier: Dossier, entity: str, flows: Sequence[tuple[str, str]]) -> list[Turnover]:
    """Turnover by period and count: as stated, or the two ``flows`` (measure, entity) of one period and count added."""
    stated = dossier.rows(measure="trade_turnover", entity=entity)
    out = [
        Turnover(row.start, row.end, row.variant, row.origin, extent_of(row, dossier.method), (row.observation_id,))
        for row in stated
    ]
    out_flow, in_flow = (dossier.rows(measure=measure, entity=of) for measure, of in flows)
    for one, other in product(out_flow, in_flow):
        if (one.start, one.end, one.variant, one.origin) == (other.start, other.end, other.variant, other.origin):
            extent = _added([extent_of(row, dossier.method) for row in (one, other)])
            ids = (one.observation_id, other.observation_id)
            out.append(Turnover(one.start, one.end, one.variant, one.origin, extent, ids))
    return out


def totals(dossier: Dossier) -> list[Turnover]:
    """Russia's goods trade with all partners."""
    return turnovers(dossier, "RUS", [("goods_exports", "RUS"), ("goods_imports", "RUS")])


def bilateral(dossier: Dossier) -> list[Turnover]:
    """Russia's goods trade with Iran, by Russian and Iranian counts."""
    return turnovers(dossier, "RUS-IRN", [("bilateral_goods_flow", "RUS-IRN"), ("bilateral_goods_flow", "IRN-RUS")])


def pairings(dossier: Dossier, parameters: Parameters) -> list[Pairing]:
    """Every bilateral figure of the chosen counts over every total of its period.

    Periods must be the same; a Persian year is paired with the calendar year that holds most of it (``fiscal``).
    """
    out = []
    whole = totals(dossier)
    for own in bilateral(dossier):
        count = "iranian" if own.origin == "irica-iran" else "russian"
        if parameters.counts not in ("any", count):
            continue
        fiscal = own.start.month == 3 and own.whole_year
        for total in whole:
            same = (own.start, own.end) == (total.start, total.end)
            near = fiscal and total.start.year == own.start.year and (total.start.month, total.end.month) == (1, 12)
            if same or near:
                out.append(Pairing(own, total, count, fiscal))
    return sorted(out, key=lambda pair: (pair.own.start, pair.share(), pair.rows))


def shares(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Iran's share of Russian goods trade for every pairing, percent.

    Columns: year, period, count, numerator, denominator, fiscal, share, low, high (bounds of the two ranges),
    chance_below (of the threshold), origin, rows, whole_year.
    """
    records = [
        {
            "year": pair.year,
            "period": formats.period(pair.own.start, pair.own.end),
            "count": pair.count,
            "numerator": pair.own.variant,
            "denominator": pair.whole.variant,
            "fiscal": pair.fiscal,
            "share": pair.share(parameters.uplift),
            "low": pair.bounds(parameters.uplift)[0],
            "high": pair.bounds(parameters.uplift)[1],
            "chance_below": pair.chance_below(parameters.threshold, parameters.uplift),
            "origin": pair.own.origin,
            "rows": pair.rows,
            "whole_year": pair.own.whole_year,
        }
        for pair in pairings(dossier, parameters)
    ]
    columns = [
        "year", "period", "count", "numerator", "denominator", "fiscal", "share", "low", "high", "chance_below",
        "origin", "rows", "whole_year",
    ]  # fmt: skip
    return pd.DataFrame(records, columns=columns)


def share_by_year(table: pd.DataFrame) -> pd.DataFrame:
    """Smallest and largest share of each year, percent, and how many pairings there are.

    Columns: year, low, high, pairings.
    """
    by_year = table[table["whole_year"]].groupby("year")["share"].agg(["min", "max", "size"]).reset_index()
    return by_year.rename(columns={"min": "low", "max": "high", "size": "pairings"})


def breaking_turnover(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """What turnover with Iran would reach the threshold: columns year, denominator, breaks_at, recorded, times, rows.

    ``recorded`` is the year's largest bilateral figure, ``times`` how often it would have to be multiplied.
    """
    largest: dict[tuple[int, str], Pairing] = {}
    for pair in pairings(dossier, parameters):
        key = (pair.year, pair.whole.variant)
        if pair.own.whole_year and not pair.fiscal:
            largest[key] = max(largest.get(key, pair), pair, key=lambda item: item.own.extent.mid)
    records = [
        {
            "year": year,
            "denominator": denominator,
            "breaks_at": parameters.threshold / 100 * pair.whole.extent.mid,
            "recorded": pair.own.extent.mid,
            "times": parameters.threshold / pair.share(),
            "rows": pair.rows,
        }
        for (year, denominator), pair in sorted(largest.items())
    ]
    return pd.DataFrame(records, columns=["year", "denominator", "breaks_at", "recorded", "times", "rows"])


def partners(dossier: Dossier, year: int) -> pd.DataFrame:
    """Turnover of Russia with each partner on record for a year, USD, one row a count.

    Columns: partner, value, low, high, variant, covers, origin, basis, credibility, reliability. Counts of a calendar
    year, or (marked) of the fiscal year or the months that hold most of it. German and EU figures in euros are left out:
    no rate of the year is in the dossier.
    """
    rows = dossier.select(measure="trade_turnover", entity="RUS-*")
    days = (rows["end"] - rows["start"]).dt.days
    rows = rows[(rows["start"].dt.year == year) & (days >= 240)].copy()
    rows["partner"] = rows["entity"].str.removeprefix("RUS-").map(lambda code: PARTNER_NAMES.get(code, code))
    whole = (rows["start"].dt.month == 1) & (rows["end"].dt.month == 12)
    rows["covers"] = np.where(whole, "", [formats.period(row.start, row.end) for row in rows.itertuples()])
    return rows.sort_values("value", ascending=False)[
        ["partner", "value", "low", "high", "variant", "covers", "origin", "basis", "credibility", "reliability"]
    ]


def rank_of_iran(dossier: Dossier, year: int) -> tuple[int, list[str]]:
    """Iran's place among the partners on record and those above: each partner by its lowest count, Iran by its highest."""
    table = partners(dossier, year)
    own = table[table["partner"] == "Iran"]
    others = table[table["partner"] != "Iran"].groupby("partner")["value"].min()
    if own.empty or others.empty:
        return 0, []
    above = others[others > own["value"].max()].sort_values(ascending=False)
    return 1 + len(above), list(above.index)


# -- the corridor ----------------------------------------------------------------------------------------------------


def corridor(dossier: Dossier) -> pd.DataFrame:
    """Corridor cargo, capacity and potential, doubtful rows left out: the observations with columns mid, low, high, what.

    Rows graded 5 and 6 are left out (a title line; a range below its own minister's figure), as are part-year counts.
    """
    rows = dossier.select(
        measure=("cargo_volume", "corridor_capacity", "cargo_volume_forecast", "cargo_volume_target"),
        entity=("instc", "instc_western", "instc_eastern"),
    )
    days = (rows["end"] - rows["start"]).dt.days
    whole = (rows["measure"] != "cargo_volume") | (days >= 350)
    rows = rows[whole & (rows["credibility"] < "5")].copy()
    extents = [extent_of(row, dossier.method) for _, row in rows.iterrows()]
    for column in ("mid", "low", "high"):
        rows[column] = [getattr(extent, column) for extent in extents]
    rows["what"] = rows["measure"].map(
        {
            "cargo_volume": "carried",
            "corridor_capacity": "capacity",
            "cargo_volume_forecast": "expected",
            "cargo_volume_target": "aimed at",
        }
    )
    return rows.sort_values(["start", "mid"])


def yardsticks(dossier: Dossier) -> pd.DataFrame:
    """The routes the corridor would stand in for: observations with columns mid, low, high (in their unit), route."""
    rows = dossier.select(ids=tuple(YARDSTICKS)).copy()
    extents = [extent_of(row, dossier.method) for _, row in rows.iterrows()]
    for column in ("mid", "low", "high"):
        rows[column] = [getattr(extent, column) for extent in extents]
    rows["route"] = [YARDSTICKS[str(name)] for name in rows.index]
    return rows.sort_values("mid")


def substitution(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Corridor over route for every pairing, percent: columns corridor, what, route, ratio, low, high, chance_below, rows."""
    records = []
    for (name, row), (other, route) in product(corridor(dossier).iterrows(), yardsticks(dossier).iterrows()):
        part, whole = Split(row["low"], row["mid"], row["high"]), Split(route["low"], route["mid"], route["high"])
        records.append(
            {
                "corridor": f"{row['entity']} {row['what']} {row['start'].year}",
                "what": row["what"],
                "route": route["route"],
                "ratio": share_percent(part.mid, whole.mid),
                "low": share_percent(part.low, whole.high),
                "high": share_percent(part.high, whole.low),
                "chance_below": chance_of_order(part, whole, parameters.replacement_share),
                "corridor_row": name,
                "route_row": other,
                "year": row["start"].year,
            }
        )
    columns = ["corridor", "what", "route", "ratio", "low", "high", "chance_below", "corridor_row", "route_row", "year"]
    return pd.DataFrame(records, columns=columns)


def years_to_reach(now: float, goal: float, growth: float) -> float:
    """Years until a volume growing by ``growth`` (a share) a year reaches a goal; infinite when it does not grow."""
    if now >= goal:
        return 0.0
    return float("inf") if growth <= 0 else float(np.log(goal / now) / np.log(1 + growth))


def catch_up(
    dossier: Dossier, parameters: Parameters, growth: Sequence[float] = (0.05, 0.1, 0.18, 0.35)
) -> pd.DataFrame:
    """Years for the latest carried volume to reach the replacement share of each route.

    Rows are routes, columns yearly growth; no rows where nothing was carried.
    """
    carried = corridor(dossier)
    carried = carried[(carried["what"] == "carried") & (carried["entity"] == "instc")]
    if carried.empty:
        return pd.DataFrame()
    now = carried.iloc[-1]["mid"]
    routes = yardsticks(dossier)
    return pd.DataFrame(
        {
            f"{rate:.0%} a year": [
                years_to_reach(now, parameters.replacement_share * goal, rate) for goal in routes["mid"]
            ]
            for rate in growth
        },
        index=routes["route"],
    )


# -- findings and knobs ------------------------------------------------------------------------------------------------


def findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """Findings on the share in the latest period that was over on the text's day: one a pairing."""
    yield from _latest(view, pairings(view, parameters), parameters)


def _share_finding(view: Dossier, part_id: str, pair: Pairing, parameters: Parameters) -> Finding:
    share = pair.share(parameters.uplift)
    return Finding(
        part_id,
        pair.own.origin,
        pair.chance_below(parameters.threshold, parameters.uplift),
        model_trust(view, *([name] for name in pair.rows)),
        pair.rows,
        f"a share of {formats.quantity(share, 'percent', 2)} in {formats.period(pair.own.start, pair.own.end)}",
        Quantity(share, *pair.bounds(parameters.uplift), "percent"),
    )


def latest(view: Dossier, pairs: Sequence[Pairing]) -> list[Pairing]:
    """The pairings of the latest year whose Russian total was complete on the day the text appeared.

    A present state is one of the printed day: later years tell what became of it, not what it was.
    """
    over = [pair for pair in pairs if pair.whole.end <= view.article.published]
    last = max((pair.year for pair in over), default=0)
    return [pair for pair in over if pair.year == last]


def _latest(view: Dossier, pairs: Sequence[Pairing], parameters: Parameters) -> Iterator[Finding]:
    for pair in latest(view, pairs):
        yield _share_finding(view, "E14.latest", pair, parameters)


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """The threshold and the hidden trade on which the label of this topic's own part rests."""
    pairs = pairings(view, parameters)
    for name, low, high, words in (
        ("threshold", 0.05, 10.0, "had the claim said less than {}"),
        ("uplift", 0.0, 5.0, "if trade that no customs office sees came to {} of what they see"),
    ):
        yield Knob(
            "E14.latest",
            name,
            float(getattr(parameters, name)),
            lambda x, name=name: _latest(view, pairs, replace(parameters, **{name: x})),
            phrase(words, "{:.2g}%".format if name == "threshold" else percent),
            (low, high),
            steps=40,
            tolerance=1e-3,
        )


def rank_year(dossier: Dossier) -> int:
    """The latest year with figures for Iran and for at least four other partners."""
    rows = [row for row in dossier.rows(measure="trade_turnover", entity="RUS-*") if (row.end - row.start).days >= 240]
    years = sorted({row.start.year for row in rows}, reverse=True)
    for year in years:
        seen = {row.entity for row in rows if row.start.year == year}
        if "RUS-IRN" in seen and len(seen) >= 5:
            return year
    return years[0] if years else 0


def shown_rows(dossier: Dossier) -> list[str]:
    """Every observation the notebook shows beside those the verdicts rest on."""
    rows = [*corridor(dossier).index, *yardsticks(dossier).index, *partners(dossier, rank_year(dossier)).index]
    for item in (*bilateral(dossier), *totals(dossier)):
        rows += item.rows
    return list(dict.fromkeys(map(str, rows)))
