"""Tables, chart titles and text alternatives of the industry topic; the models are in ``industry.py``."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import extent_of
from claimaudit.analysis.inference import chance_share_above
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from russia_iran.economic.industry import (
    CLASS_NAMES,
    HELP,
    PRINTED,
    Parameters,
    Ranking,
    by_class,
    coincidence,
    cumulative,
    idle_share,
    month_weights,
    planned_cars,
    printed_falls,
    ranking,
    rankings,
    sites,
    slip,
)

_JANUARY = date(2022, 1, 1)
_METRICS = {
    "year": "change over 2022",
    "last-months": "latest month of late 2022",
    "import-dependence": "share of home-made goods",
}


# -- the joint ventures (E03) ----------------------------------------------------------------------------------------


def venture_table(dossier: Dossier) -> pd.DataFrame:
    """Which sectors of the list are named in which official account: a row a sector, a column an account."""
    parts = [part for part in dossier.claim("E03").parts if not part.asks_saying]
    named = {
        part.part_id: {row.observation_id: row for one in part.evidence for row in dossier.evidence.matching(one)}
        for part in parts
    }
    accounts: dict[str, Observation] = {}
    for rows in named.values():
        accounts |= rows
    ordered = sorted(accounts.values(), key=lambda row: row.start)
    out = pd.DataFrame({"Sector": [part.part_id.split(".")[1] for part in parts]})
    for row in ordered:
        seen = [row.observation_id in named[part.part_id] for part in parts]
        out[formats.day(row.start)] = np.where(seen, "named", "–")
    return out


# -- the ranking (E04) -----------------------------------------------------------------------------------------------


def ranking_bars(dossier: Dossier) -> pd.DataFrame:
    """Branches of 2022, deepest fall first: columns who, value (percent), listed, rows."""
    one = ranking(dossier, "year", "narrow")
    wide = {branch.name for branch in ranking(dossier, "year", "wide").branches if branch.sector}
    marks = [
        "listed" if branch.sector else "in the wide sense" if branch.name in wide else "" for branch in one.branches
    ]
    return pd.DataFrame(
        {
            "who": [
                f"{part.name} ({mark})" if mark else part.name for part, mark in zip(one.branches, marks, strict=True)
            ],
            "value": [branch.value for branch in one.branches],
            "listed": [bool(branch.sector) for branch in one.branches],
            "rows": [branch.rows for branch in one.branches],
        }
    )


def ranking_title(bars: pd.DataFrame) -> str:
    """The finding of the sector chart: the places of the listed sectors."""
    places = [str(place) for place, listed in enumerate(bars["listed"], start=1) if listed]
    if not places:
        return "None of the listed sectors has a figure for 2022"
    shown = ", ".join(places[:-1]) + (" and " if len(places) > 1 else "") + places[-1]
    return f"Of {len(bars)} branches by depth of fall, the listed sectors take places {shown}"


def ranking_alt(bars: pd.DataFrame) -> str:
    """What the sector chart shows, in words."""
    return "Change of output over 2022: " + "; ".join(f"{row.who} {row.value:+.1f}%" for row in bars.itertuples()) + "."


def ranking_table(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """Every reading of the ranking at both knowledge dates, a row each, in a reader's words.

    Columns: how it was measured and known, the means (percent) of listed and other branches, and the share of random
    sets hit less, by mean and by rank; all as text.
    """
    records = []
    for known, view in (("at publication", dossier.at_publication()), ("in hindsight", dossier.hindsight())):
        records += [_reading(one, known) for one in rankings(view, parameters)]
    return pd.DataFrame(records, columns=_READING)


_READING = [
    "Measured by", "Machine building", "Known", "Listed, mean %", "Others, mean %", "Listed of all",
    "Random sets hit less, by mean", "Random sets hit less, by rank", "rows",
]  # fmt: skip


def _reading(one: Ranking, known: str) -> dict[str, object]:
    listed, others = one.means()
    reading = "–" if one.metric == "import-dependence" else one.mapping
    texts = (formats.number(listed, 2), formats.number(others, 2), f"{int(one.listed.sum())} of {len(one.branches)}")
    chances = (formats.probability(one.chance()), formats.probability(one.chance(ranks=True)))
    rows = tuple(name for branch in one.branches for name in branch.rows)
    return dict(zip(_READING, (_METRICS[one.metric], reading, known, *texts, *chances, rows), strict=True))


# -- the four falls (E05-E08) ----------------------------------------------------------------------------------------


def falls(dossier: Dossier) -> pd.DataFrame:
    """The printed fall of each class beside the published ones, percent.

    Columns: class, reading, low, mid, high, row.
    """
    readings = by_class(cumulative(dossier))
    records = []
    for entity, printed in printed_falls(dossier).items():
        name = CLASS_NAMES[entity]
        records.append(
            {"class": name, "reading": "the article", "low": printed, "mid": printed, "high": printed, "row": ""}
        )
        own = readings[(readings["entity"] == entity) & readings["end"].isin([date(2022, 7, 31), date(2022, 8, 31)])]
        records += [_fall(dossier, name, f"January to {row.end:%B}", str(row.row)) for row in own.itertuples()]
        if entity == "RUS:buses_over_5t" and "rus.bus.ytd8.2022.yoy.firstbase" in dossier.evidence.records:
            records.append(_fall(dossier, name, "the same, on the first base", "rus.bus.ytd8.2022.yoy.firstbase"))
    return pd.DataFrame(records, columns=["class", "reading", "low", "mid", "high", "row"])


def _fall(dossier: Dossier, name: str, reading: str, row_id: str) -> dict[str, object]:
    row = dossier.observation(row_id)
    extent = extent_of(row, dossier.method, 0.0)
    return {"class": name, "reading": reading, "low": extent.low, "mid": extent.mid, "high": extent.high, "row": row_id}


def _agreeing(table: pd.DataFrame, reading: str) -> int:
    wide = table.pivot_table(index="class", columns="reading", values="mid", aggfunc="first")
    return 0 if reading not in wide else int(((wide[reading] - wide["the article"]).abs() <= 0.05 + 1e-9).sum())


def falls_title(table: pd.DataFrame) -> str:
    """The finding of the chart of falls: how many figures agree with either reading."""
    july, august = (_agreeing(table, f"January to {month}") for month in ("July", "August"))
    whole = "All" if july == len(PRINTED) else str(july or "None")
    return f"{whole} of the printed falls are those of January to July, {august or 'none'} those of January to August"


def falls_alt(table: pd.DataFrame) -> str:
    """What the chart of falls shows, in words."""
    parts = [
        f"{name}: " + ", ".join(f"{row.reading} {row.mid:.1f}%" for row in group.itertuples())
        for name, group in table.groupby("class", sort=False)
    ]
    return "; ".join(parts) + "."


def gap_grid(dossier: Dossier) -> pd.DataFrame:
    """Distance between printed and published fall in points: rows are classes, columns cumulative months."""
    table = by_class(cumulative(dossier))
    table["period"] = [f"January to {end:%B}" for end in table["end"]]
    grid = table.assign(gap=table["gap"].abs().round(2)).pivot_table(
        index="class", columns="period", values="gap", sort=False, aggfunc="first"
    )
    return grid.rename_axis(index=None, columns=None)


def gap_title(dossier: Dossier) -> str:
    """The finding of the month chart: which month agrees and how rare that would be by chance."""
    readings = cumulative(dossier)
    weights = month_weights(readings, slip(dossier))
    if not weights:
        return "No month has all four classes on record"
    best = max(weights, key=lambda end: (weights[end], end))
    exact = sum(item.exact for item in readings if item.end == best)
    odds = 1 / math.prod(coincidence(readings).values())
    return (
        f"January to {best:%B} agrees in {exact} of {len(PRINTED)} to the decimal; with a wrong month all would agree "
        f"once in {formats.number(odds, 1)} cases"
    )


def gap_alt(grid: pd.DataFrame) -> str:
    """What the month chart shows, in words."""
    rows = [
        f"{name}: " + ", ".join(f"{period} {value:.1f}" for period, value in row.items())
        for name, row in grid.iterrows()
    ]
    return f"Points between printed and published fall. {'; '.join(rows)}."


# -- the plants (E09, E29) ------------------------------------------------------------------------------------------------


def plant_spells(dossier: Dossier) -> pd.DataFrame:
    """From stop to restart of each site: columns date, end, label, state on the article's day, rows.

    Where no restart is on record the spell ends with the newest day the site is known to be idle.
    """
    stops, restarts = (dossier.rows(measure=name) for name in ("production_suspended", "production_restarted"))
    records = []
    for site in sites(dossier, Parameters(max_age_weeks=104)):
        stop = [row for row in stops if row.entity == site.name]
        again = [row for row in restarts if row.entity == site.name]
        if not stop:
            continue
        first, last = min(row.start for row in stop), min((row.start for row in again), default=site.row.end)
        tail = f"at work again {last:%B %Y}" if again else "no restart on record"
        state = "idle on the article's day" if site.idle else "at work for another brand"
        ids = tuple(row.observation_id for row in (*stop, *again, site.row))
        records.append(
            {
                "date": pd.Timestamp(first),
                "end": pd.Timestamp(last),
                "label": f"{site.name}, {tail}",
                "state": state,
                "rows": ids,
            }
        )
    frame = pd.DataFrame(records, columns=["date", "end", "label", "state", "rows"])
    return frame.sort_values(["end", "date"], kind="stable").sort_values("date", kind="stable").reset_index(drop=True)


def plants_title(dossier: Dossier, parameters: Parameters) -> str:
    """The finding of the plant chart."""
    found = sites(dossier, parameters)
    idle = sum(site.idle for site in found)
    return f"{idle} of {formats.count(len(found), 'plant')} of foreign brands stood idle when the article appeared"


def plants_alt(spells: pd.DataFrame) -> str:
    """What the plant chart shows, in words."""
    parts = [f"{row.label}, stopped {row.date:%B %Y}, {row.state}" for row in spells.itertuples()]
    return "Time without output by site: " + "; ".join(parts) + "."


def idle_readings(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """The share of sites idle under each reading, a row each, with the chance that it is above half.

    Columns: reading, idle, sites (counts), low, share, high (percent, 95% interval), chance above half (0-1), rows.
    """
    before, after = dossier.at_publication(), dossier.hindsight()
    cases = (
        ("last reports before the day", before, parameters),
        ("later sources included", after, parameters),
        ("reports of the last half-year", before, replace(parameters, max_age_weeks=26)),
        ("reports of the last quarter", before, replace(parameters, max_age_weeks=13)),
        ("sites of the makers named", before, replace(parameters, scope="named")),
        ("foreign brands instead of sites", before, replace(parameters, idle_unit="brand")),
    )
    records = []
    for name, view, case in cases:
        found = sites(view, case)
        if not found:
            continue
        estimate, idle = idle_share(found), sum(site.idle for site in found)
        records.append(
            {
                "reading": f"{idle} of {len(found)}: {name}",
                "idle": idle,
                "sites": len(found),
                "low": estimate.low,
                "share": estimate.value,
                "high": estimate.high,
                "chance above half": chance_share_above(0.5, idle, len(found)),
                "rows": tuple(site.row.observation_id for site in found),
            }
        )
    return pd.DataFrame(records)


def idle_title(table: pd.DataFrame) -> str:
    """The finding of the share chart: whether a reading exists in which half or fewer are idle."""
    chances = [formats.probability(table["chance above half"].agg(end)) for end in ("min", "max")]
    most = bool((2 * table["idle"] > table["sites"]).all())
    side = "In every reading most plants are idle" if most else "Not every reading has most plants idle"
    return f"{side}; the chance that more than half of such plants were is {chances[0]} to {chances[1]}"


def idle_alt(table: pd.DataFrame) -> str:
    """What the share chart shows, in words."""
    rows = [f"{row.reading} idle, {formats.span(row.low, row.high, 'percent', 2)}" for row in table.itertuples()]
    return "Share of plants idle with its 95% interval: " + "; ".join(rows) + "."


# -- what Iran delivered (E17) ---------------------------------------------------------------------------------------


_CAR_ROWS = {
    "irn.ikco.delivered.202308": "Iran Khodro, delivered by August 2023",
    "irn.ikco.plan.20230320": "Iran Khodro, promised by 20 March 2023",
    "irn.ikco.plan.2023b": "Iran Khodro, aimed at in a year (2023)",
    "irn.saipa.plan.annual": "Saipa, under negotiation, in a year",
    "irn.saipa.contract": "Saipa contract as first reported",
    "rus.sales.fy2022.units": "New cars sold in Russia in 2022",
}


def cars(dossier: Dossier) -> pd.DataFrame:
    """Cars delivered, promised and sold in Russia, counted: columns what, low, mid, high, row."""
    found = {row.observation_id: row for row in dossier.rows(ids=tuple(_CAR_ROWS))}
    records = [
        {"what": words, "low": found[name].value, "mid": found[name].value, "high": found[name].value, "row": name}
        for name, words in _CAR_ROWS.items()
        if name in found
    ]
    return pd.DataFrame(records, columns=["what", "low", "mid", "high", "row"])


def cars_title(dossier: Dossier, parameters: Parameters) -> str:
    """The finding of the car chart."""
    planned, _ = planned_cars(dossier, parameters)
    delivered = dossier.rows(ids="irn.ikco.delivered.202308")
    if not delivered or not planned:
        return "No delivery of Iranian cars to Russia is on record"
    got = delivered[0].value
    return (
        f"{formats.number(got)} of {formats.number(planned)} promised Iranian cars had reached Russia by "
        f"{delivered[0].end:%B %Y}: {formats.number(100 * got / planned, 2)}%"
    )


def cars_alt(table: pd.DataFrame) -> str:
    """What the car chart shows, in words."""
    return "; ".join(f"{row.what} {formats.quantity(row.mid, 'vehicle')}" for row in table.itertuples()) + "."


_GOODS = {
    "irn.exports.to.russia.1401": "All goods but oil",
    "irn.engineparts.to.russia.1401": "Parts of turbine engines",
    "irn.autoparts.exports.2022": "Car parts",
    "irn.autoparts.exports.2023": "Car parts",
}


def goods(dossier: Dossier) -> pd.DataFrame:
    """What Iran sold Russia by kind, USD: columns what, value, row."""
    found = {row.observation_id: row for row in dossier.rows(ids=tuple(_GOODS))}
    records = [
        {
            "what": f"{words}, {formats.period(found[name].start, found[name].end)}",
            "value": found[name].value,
            "row": name,
        }
        for name, words in _GOODS.items()
        if name in found
    ]
    return pd.DataFrame(records, columns=["what", "value", "row"])


def goods_title(table: pd.DataFrame) -> str:
    """The finding of the goods chart: the largest engineering item over all goods."""
    values = table.set_index("row")["value"]
    whole, part = (values.get(name) for name in ("irn.exports.to.russia.1401", "irn.engineparts.to.russia.1401"))
    if whole is None or part is None:
        return "What Iran sold Russia"
    share = formats.number(100 * part / whole, 2)
    return f"Engine parts were {share}% of what Iran sold Russia: engineering help is small, but it is not nothing"


def goods_alt(table: pd.DataFrame) -> str:
    """What the goods chart shows, in words."""
    return "; ".join(f"{row.what}: {formats.quantity(row.value, 'USD')}" for row in table.itertuples()) + "."


def help_table(dossier: Dossier) -> pd.DataFrame:
    """Other help on record, aircraft sent for repair and agreements: columns When, What, Figure, Note, rows.

    Figures are text with their unit.
    """
    rows = dossier.rows(ids=HELP)
    rows = sorted(rows, key=lambda row: (row.start, row.end))
    return pd.DataFrame(
        {
            "When": [formats.period(row.start, row.end) for row in rows],
            "What": [row.measure.replace("_", " ") for row in rows],
            "Figure": [
                "yes" if row.unit in ("event", "flag") else formats.quantity(row.value, row.unit) for row in rows
            ],
            "Note": [row.note for row in rows],
            "rows": [row.observation_id for row in rows],
        }
    )
