"""Tables, titles and text alternatives of the drones notebook; the model is in ``drones.py``."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from claimaudit import formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from claimaudit.show.charts import forms
from russia_iran.military.drones import (
    CAMPAIGN,
    EVENTS,
    SERIES,
    SHAHED,
    Onset,
    Parameters,
    campaign,
    munitions,
    share_launched,
)

_NAMES = {
    "ukrainian": "Ukrainian",
    "sipri": "SIPRI",
    "uk": "UK",
    "us": "US",
    "cnn": "CNN",
    "united kingdom": "United Kingdom",
}


def plain(text: str) -> str:
    """A variant as a reader wants it: spaces, names and acronyms as they are written."""
    text = text.replace("-", " ")
    return _NAMES.get(text) or " ".join(_NAMES.get(word, word) for word in text.split())


def percent(value: float) -> str:
    """A cell of a heat map in whole percent."""
    return f"{value:.0f}%"


# -- launches and interceptions ---------------------------------------------------------------------------------------


def monthly(dossier: Dossier) -> pd.DataFrame:
    """Shaheds by whole month: columns month (day), count, what (launched, stopped).

    Stopped adds those lost or jammed to those shot down while the bulletins give both, so that the change of definition
    in August 2025 makes no step; a stray count beside the joint figure is left out.
    """
    frame = dossier.series[SERIES].frame
    frame = frame[(frame["model"] == SHAHED) & ~frame["flag"].str.contains("partial-month")]
    jammed = np.where(
        frame["flag"].str.contains("suppressed-within-destroyed"), 0, frame["lost_or_suppressed"].fillna(0)
    )
    table = pd.DataFrame(
        {
            "month": pd.to_datetime(frame["month"]),
            "launched": frame["launched"],
            "claimed shot down or jammed": frame["destroyed"] + jammed,
        }
    )
    return table.melt("month", var_name="what", value_name="count").sort_values(
        ["what", "month"], ascending=[False, True]
    )


def monthly_title(dossier: Dossier) -> str:
    """The finding of the monthly chart: the mean before the article against the latest twelve months."""
    table = monthly(dossier)
    own = table[table["what"] == "launched"].set_index("month")["count"]
    before = own[own.index < pd.Timestamp(dossier.article.published).replace(day=1)]
    late = own.iloc[-12:]
    times = formats.number(late.mean() / before.mean(), 2)
    return f"{formats.number(before.mean(), 2)} Shaheds a month before the article, {times} times as many of late"


def monthly_alt(dossier: Dossier) -> str:
    """What the monthly chart shows, in words: yearly sums."""
    table = monthly(dossier)
    sums = table.groupby([table["month"].dt.year, "what"])["count"].sum().unstack()
    parts = [
        f"{year} {formats.number(launched)} launched, {formats.number(stopped)} claimed stopped"
        for year, launched, stopped in zip(
            sums.index, sums["launched"], sums["claimed shot down or jammed"], strict=True
        )
    ]
    return f"Monthly Shaheds rise in steps. By year: {'; '.join(parts)}."


def kinds(dossier: Dossier) -> pd.DataFrame:
    """Munitions of the campaign by kind and month: launched, with a row for the share of Shaheds in percent."""
    table = munitions(dossier)
    table = table[table["month"].between(*CAMPAIGN)]
    grid = table.pivot_table(index="kind", columns="month", values="launched", aggfunc="sum", fill_value=0)
    grid.columns = [f"{pd.Timestamp(month):%b %Y}" for month in grid.columns]
    return grid.assign(All=grid.sum(axis=1)).loc[["Shahed drones", "Cruise missiles", "Other missiles"]]


def stopped(dossier: Dossier) -> pd.DataFrame:
    """Claimed shot down in percent of those launched: rows are kinds, columns months of the campaign and All."""
    table = munitions(dossier)
    table = table[table["month"].between(*CAMPAIGN)]
    sums = {
        name: table.pivot_table(index="kind", columns="month", values=name, aggfunc="sum", fill_value=0)
        for name in ("launched", "destroyed")
    }
    sums = {name: grid.assign(All=grid.sum(axis=1)) for name, grid in sums.items()}
    share = 100 * sums["destroyed"] / sums["launched"].replace(0, np.nan)
    share.columns = [f"{pd.Timestamp(month):%b %Y}" if month != "All" else month for month in share.columns]
    return share.loc[["Shahed drones", "Cruise missiles", "Other missiles"]]


def kinds_title(dossier: Dossier) -> str:
    """The finding of the campaign's count by kind."""
    found = campaign(dossier)
    if found is None:
        return "The months of the campaign are not all known"
    share = formats.quantity(float(share_launched(found)), "percent", 2)
    return f"Shaheds were {share} of what was launched in the campaign, missiles the rest"


def kinds_alt(dossier: Dossier) -> str:
    """What the count by kind shows, in words."""
    rows = [
        f"{kind}: {', '.join(f'{month} {value:.0f}' for month, value in row.items())}"
        for kind, row in kinds(dossier).iterrows()
    ]
    return f"Launched by kind and month. {'; '.join(rows)}."


def stopped_title(dossier: Dossier) -> str:
    """The finding of the interception table."""
    share = stopped(dossier)["All"]
    drones, cruise, other = (formats.quantity(share[kind], "percent", 2) for kind in share.index)
    return f"Claimed shot down: {drones} of the Shaheds, {cruise} of the cruise missiles, {other} of the other missiles"


def stopped_alt(dossier: Dossier) -> str:
    """What the interception table shows, in words."""
    rows = [
        f"{kind}: {', '.join(f'{month} {value:.0f}%' for month, value in row.dropna().items())}"
        for kind, row in stopped(dossier).iterrows()
    ]
    return f"Share of launched munitions claimed shot down, by kind and month. {'; '.join(rows)}."


def through_title(curve: pd.DataFrame, parameters: Parameters, bar: float) -> str:
    """The finding of the curve: below which share of true claims drones pass the bar."""
    above = curve[curve["through"] >= bar]
    if above.empty:
        return "Whatever share of the claims is true, drones stay below the bar among what got through"
    if len(above) == len(curve):
        return "Whatever share of the claims is true, drones pass the bar among what got through"
    share = formats.number(100 * above["true_claims"].iloc[-1], 2)
    return f"Drones are {formats.number(bar)}% of what got through only if at most {share}% of claimed kills are true"


def through_alt(curve: pd.DataFrame) -> str:
    """What the curve shows, in words."""
    ends = [formats.quantity(curve["through"].iloc[place], "percent", 2) for place in (0, -1)]
    low, high = (formats.number(100 * curve["true_claims"].iloc[place], 2) for place in (0, -1))
    level = formats.quantity(curve["launched"].iloc[0], "percent", 2)
    return (
        f"The drones' share of what got through falls from {ends[0]} when {low}% of claimed interceptions are true to "
        f"{ends[1]} at {high}%; their share of what was launched is {level} throughout."
    )


def damage(dossier: Dossier) -> pd.DataFrame:
    """What officials said of the campaign's effect: columns What, Period, Figure, Counted, rows.

    Figures are text with their unit.
    """
    names = {
        "energy_system_share_impaired": "share of the energy system damaged or cut off",
        "power_deficit": "power short in the evening",
        "munitions_fired": "missiles and drones fired at it",
        "munitions_hit": "hits",
        "attack_waves": "massive attacks",
        "campaign_assessed_failed": "campaign judged to have failed",
    }
    rows = [row for row in dossier.rows(measure=tuple(names)) if "M06" in row.claims]
    rows = sorted(rows, key=lambda row: (row.measure, row.end, row.observation_id))
    return pd.DataFrame(
        {
            "What": [names[row.measure] for row in rows],
            "Period": [formats.period(row.start, row.end) for row in rows],
            "Figure": [_printed(row) for row in rows],
            "Counted": [plain(row.variant) for row in rows],
            "rows": [row.observation_id for row in rows],
        }
    )


def _printed(row: Observation) -> str:
    if row.unit == "W":
        return f"{formats.number(row.value / 1e9)} GW"
    return "yes" if row.unit == "flag" else formats.quantity(row.value, row.unit)


# -- price and order in time ------------------------------------------------------------------------------------------


def supplied_table(dossier: Dossier) -> pd.DataFrame:
    """Counts of drones delivered or ordered: columns Period, Drones, Kind, Counter, Count."""
    rows = dossier.rows(measure=("drones_delivered", "drones_ordered"), entity="IRN-RUS:*")
    rows = sorted(rows, key=lambda row: (row.end, row.observation_id))
    return pd.DataFrame(
        {
            "Up to": [formats.day(row.end) for row in rows],
            "Type": [row.entity.removeprefix("IRN-RUS:") for row in rows],
            "What": [row.measure.removeprefix("drones_") for row in rows],
            "Counter": [plain(row.variant) for row in rows],
            "Drones": [row.value for row in rows],
            "rows": [row.observation_id for row in rows],
        }
    )


def worth_title(table: pd.DataFrame, parameters: Parameters) -> str:
    """The finding of the worth chart: the dearest price against the bar."""
    if table.empty:
        return "No price of the jets is known"
    top = table.loc[table["mid"].idxmax()]
    share = formats.number(100 * top["mid"], 2)
    drones = formats.number(parameters.drones)
    return f"Even at the dearest price {drones} drones are worth {share}% of {parameters.jets} jets"


def worth_alt(table: pd.DataFrame) -> str:
    """What the worth chart shows, in words."""
    parts = [f"{row.label}: {formats.span(row.low, row.high, 'percent', 2)}" for row in worth_rows(table).itertuples()]
    return f"Worth of the drones as a share of the price of the jets. {'; '.join(parts)}."


def worth_rows(table: pd.DataFrame) -> pd.DataFrame:
    """The worth table with a label and percents: columns label, low, mid, high."""
    labels = [f"{row.who}, {formats.quantity(row.price, 'USD')}" for row in table.itertuples()]
    return table.assign(label=labels, **{end: 100 * table[end] for end in ("low", "mid", "high")})


def events(dossier: Dossier) -> pd.DataFrame:
    """Deals, deliveries and payments in time, those knowable in the view: columns date, end, label, group, row.

    Dates are days; amounts stand in the labels.
    """
    rows = [dossier.evidence.records[name] for name in EVENTS if name in dossier.evidence.records]
    labels = [f"{EVENTS[row.observation_id][1]}{_amount(row)}" for row in rows]
    return pd.DataFrame(
        {
            "date": pd.to_datetime([row.start for row in rows]),
            "end": pd.to_datetime([row.start if row.measure == "drones_delivered" else row.end for row in rows]),
            "label": labels,
            "group": [EVENTS[row.observation_id][0] for row in rows],
            "row": [row.observation_id for row in rows],
        }
    )


def _amount(row: Observation) -> str:
    if row.unit in ("flag", "event") or not row.value:
        return ""
    return f" ({formats.quantity(row.value, row.unit)})"


def events_title(dossier: Dossier) -> str:
    """The finding of the timeline: how many deals for jets are dated before the first drones."""
    table = events(dossier).set_index("row")
    if "asp.drone.sky.delivered136" not in table.index:
        return "Deals, deliveries and payments"
    first = table.at["asp.drone.sky.delivered136", "date"]
    earlier = [name for name in ("asp.su35.number.boursebazaar", "asp.su35.earlier.taghvaee") if name in table.index]
    before = sum(table.at[name, "end"] < first for name in earlier)
    paid = sum(table["group"] == "payment")
    accounts, payments = (
        formats.count(before, "account"),
        formats.count(paid, "payment or contract", "payments or contracts"),
    )
    return f"{accounts} date the jets before the first drones; {payments} for drones are on record"


def events_alt(dossier: Dossier) -> str:
    """What the timeline shows, in words."""
    return "; ".join(f"{formats.period(row.date, row.end)}: {row.label}" for row in events(dossier).itertuples()) + "."


# -- steps ------------------------------------------------------------------------------------------------------------


def step_lines(found: Onset) -> pd.DataFrame:
    """Launches and the level between steps for the chart: columns month (day), count, what."""
    table = found.months.assign(month=pd.to_datetime(found.months["month"]))
    table = table.rename(columns={"armed": "launched, decoys off", "level": "level between steps"})
    return table.melt("month", ["launched, decoys off", "level between steps"], var_name="what", value_name="count")


def step_title(found: Onset, parameters: Parameters) -> str:
    """The finding of the step chart."""
    fit = found.fit
    months = formats.count(parameters.lag_months, "month")
    return f"{fit.hits} of {formats.count(fit.steps, 'step')} up came within {months} after a stage of the plan"


def step_alt(found: Onset) -> str:
    """What the step chart shows, in words."""
    steps = [f"{pd.Timestamp(month):%B %Y}" for month in found.steps]
    levels = [formats.number(value) for value in dict.fromkeys(found.months["level"])]
    stages = [f"{pd.Timestamp(month):%B %Y}" for month in found.stages]
    return (
        f"Monthly launches with steps up in {' and '.join(steps) or 'no month'}; "
        f"mean levels {', '.join(levels)} a month; "
        f"stages of the plan in {' and '.join(stages)}."
    )


def mark_stages(ax: Axes, found: Onset) -> None:
    """Mark the stages of the plan in the step chart."""
    for month in found.stages:
        forms.threshold(ax, pd.Timestamp(month), f"stage, {pd.Timestamp(month):%b %Y}")


def plan_table(dossier: Dossier) -> pd.DataFrame:
    """Planned and reported output: columns Period, What, Drones, Counter."""
    rows = dossier.rows(measure=("drones_planned", "drones_produced", "drone_output_rate"), entity="RUS:*")
    rows = sorted(rows, key=lambda row: (row.start, row.end))
    what = {"drones_planned": "planned", "drones_produced": "built", "drone_output_rate": "built, as a yearly rate"}
    return pd.DataFrame(
        {
            "Period": [formats.period(row.start, row.end) for row in rows],
            "Of": [row.entity.removeprefix("RUS:") for row in rows],
            "What": [what[row.measure] for row in rows],
            "Counter": [plain(row.variant) for row in rows],
            "Drones": [row.value for row in rows],
            "rows": [row.observation_id for row in rows],
        }
    )
