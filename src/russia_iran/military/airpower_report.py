"""Tables, titles and text alternatives of the Su-35 notebook: every figure in them is computed from the view."""

from __future__ import annotations

import math

import pandas as pd

from claimaudit import formats
from claimaudit.analysis.hearing import describe
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from russia_iran.military.airpower import (
    COUNTRIES,
    EVENTS,
    FLEETS,
    Parameters,
    ages,
    counts,
    delivery_rate,
    due_by,
    kept_share,
    ladder,
    modern,
    old_share,
    passed,
    said_by,
    states_above,
    statuses,
    who,
)

_BASIS = {
    "combat_aircraft_in_service": "in service",
    "combat_aircraft_planned": "expected",
    "combat_aircraft_delivered": "received",
}
_GENERATION_WORDS = {"4.5": "of generation 4.5 or 5", "4": "of generation 4 or later", "all": "of any generation"}


def pair_words(entity: str) -> str:
    """An entity of these rows in words: ``Su-35, Russia to Iran``, ``Iran, F-14``."""
    states, _, item = entity.partition(":")
    names = {**COUNTRIES, "RUS": "Russia", "USA": "United States"}
    parts = [names.get(code, code) for code in states.split("-")]
    if len(parts) == 2:
        return ", ".join(filter(None, (item, " to ".join(parts))))
    return ", ".join(filter(None, (parts[0], item)))


def _own(dossier: Dossier, claim: str, measures: tuple[str, ...]) -> list[Observation]:
    rows = [row for row in dossier.rows(measure=measures) if claim in row.claims]
    return sorted(rows, key=lambda row: (row.start, row.observation_id))


# -- old types -------------------------------------------------------------------------------------------------------


def count_table(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """The rival counts of Iran's fleet, a row each: share of old types on paper and with the fewest of them flying.

    Columns: Count, Aircraft, the two shares and Chance of half or more (percent, as text), rows.
    """
    records = []
    for count in counts(dossier, parameters):
        middle = sum(count.added) / 2
        at_worst = 100 * float(old_share(count.old + middle, count.newer, parameters.serviceability))
        paper, low, high = count.paper(), *count.total
        records.append(
            {
                "Count": count.words,
                "Aircraft": formats.span(low, high, "aircraft"),
                f"Types from before {parameters.cutoff_year}, on paper": formats.span(
                    paper.low, paper.high, "percent", 2
                ),
                "With the fewest of them flying": formats.quantity(at_worst, "percent", 2),
                "Chance of half or more": formats.probability(count.chance(0.5, parameters.serviceability)),
                "rows": count.rows,
            }
        )
    return pd.DataFrame(records)


def share_title(dossier: Dossier, parameters: Parameters) -> str:
    """The finding of the curve over serviceability."""
    found = counts(dossier, parameters)
    if not found:
        return "No count of Iran's fleet was knowable"
    paper = [count.paper().value for count in found]
    worst = [
        100 * float(old_share(count.old + sum(count.added) / 2, count.newer, parameters.serviceability))
        for count in found
    ]
    return (
        f"On paper {formats.span(min(paper), max(paper), 'percent', 2)} of Iran's combat aircraft are of types from "
        f"before {parameters.cutoff_year}; of those that fly perhaps only "
        f"{formats.span(min(worst), max(worst), 'percent', 2)}"
    )


def share_alt(dossier: Dossier, parameters: Parameters) -> str:
    """What the curve over serviceability shows, in words."""
    parts = [
        f"{count.words}: {formats.quantity(count.paper().value, 'percent', 2)} at equal serviceability"
        for count in counts(dossier, parameters)
    ]
    return f"Rising curves of the share of old types over how many of them fly. {'; '.join(parts)}."


# -- neighbours ------------------------------------------------------------------------------------------------------


def ladder_title(dossier: Dossier, parameters: Parameters) -> str:
    """The finding of the chart of modern jets by state."""
    delivered = modern(dossier, parameters.generation)
    if delivered.empty:
        return "No register of deliveries was knowable"
    names = [COUNTRIES[code] for code in passed(delivered, parameters.jets)]
    ahead = states_above(delivered, "IRN", parameters.jets)
    still = f"{ahead} of {len(delivered) - 1} states would stay ahead"
    if not names:
        return f"{parameters.jets} Su-35 would lift Iran past no neighbour; {still}"
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"{parameters.jets} Su-35 would lift Iran past {listed}; {still}"


def ladder_subtitle(parameters: Parameters) -> str:
    """What the chart of modern jets counts."""
    modern_words = _GENERATION_WORDS[parameters.generation]
    return f"New-built combat aircraft {modern_words} received in 2000-2022, and Iran with the jets"


def ladder_alt(dossier: Dossier, parameters: Parameters) -> str:
    """What the chart of modern jets shows, in words."""
    frame = ladder(dossier, parameters).sort_values("aircraft", ascending=False, kind="stable")
    return "; ".join(f"{row.who} {formats.number(row.aircraft)}" for row in frame.itertuples()) + "."


def own_bars(parameters: Parameters) -> list[str]:
    """The bars of Iran, without and with the jets."""
    return ["Iran", f"Iran with {parameters.jets} Su-35"]


def age_title(dossier: Dossier) -> str:
    """The finding of the age chart."""
    frame = ages(dossier)
    if frame.empty or "Iran" not in set(frame["who"]):
        return "No ages were knowable"
    own = float(frame.loc[frame["who"] == "Iran", "age"].iloc[0])
    older = int((frame["age"] > own).sum())
    place = "the oldest" if older == 0 else f"number {older + 1}"
    return f"Iran's combat aircraft came {formats.number(own)} years ago on average, {place} of {len(frame)} states"


def age_alt(dossier: Dossier) -> str:
    """What the age chart shows, in words."""
    frame = ages(dossier).sort_values("age", ascending=False, kind="stable")
    return "; ".join(f"{row.who} {formats.number(row.age)} years" for row in frame.itertuples()) + "."


def fleet_table(dossier: Dossier) -> pd.DataFrame:
    """Every count of a fleet on record, of Iran and of its neighbours.

    Columns: Fleet, Aircraft (text), Counted as, By, When, rows.
    """
    return pd.DataFrame(
        [
            {
                "Fleet": pair_words(row.entity),
                "Aircraft": describe(row, dossier.words).rsplit(", ", 1)[0],
                "Counted as": _BASIS[row.measure],
                "By": who(row),
                "When": formats.period(row.start, row.end),
                "rows": row.observation_id,
            }
            for row in sorted(_own(dossier, "M05", FLEETS), key=lambda row: (pair_words(row.entity), row.start))
        ]
    )


# -- what came of the sale -------------------------------------------------------------------------------------------


def promise_title(dossier: Dossier, parameters: Parameters) -> str:
    """The finding of the promise chart."""
    counted = statuses(dossier)
    if not counted:
        return "No count of deliveries was knowable"
    last = counted[-1]
    due = due_by(dossier, parameters.patience_days, last.start)
    came = max(row.value for row in counted)
    number = formats.count(len(due), "promised date")
    if came > 0:
        return f"By {formats.day(last.start)} {formats.number(came)} Su-35 had come, with {number} past"
    return f"By {formats.day(last.start)} {number} had passed and no Su-35 had come"


def promise_alt(table: pd.DataFrame) -> str:
    """What the promise chart shows, in words."""
    return "; ".join(f"{row.label}, {row.kind}" for row in table.itertuples()) + "."


def lateness_table(table: pd.DataFrame) -> pd.DataFrame:
    """The promises with the forecast error so far: columns Who, Made, Due, Months late on the last count, rows."""
    late = [
        "not yet due" if math.isnan(value) else f"{formats.number(value, 2)} and counting" for value in table["late"]
    ]
    words = table["label"].str.split(": ").str
    return pd.DataFrame(
        {
            "Who": words[0],
            "Made": table["made"],
            "Due": table["due"],
            "Months late on the last count": late,
            "rows": table["row"],
        }
    )


def misses_table(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """What the misses allow, two rows: promises kept (percent) and first deliveries a year.

    Columns: Quantity, Median, 95% interval, as text.
    """
    kept, pace = kept_share(dossier, parameters), delivery_rate(dossier)
    rows = [
        ("Share of promises kept", 100 * kept.value, 100 * kept.low, 100 * kept.high, "percent"),
        ("First deliveries a year since the announcement", pace.value, pace.low, pace.high, "ratio"),
    ]
    return pd.DataFrame(
        [
            {
                "Quantity": name,
                "Median": formats.quantity(value, unit, 2),
                "95% interval": formats.span(round(low, 2), high, unit, 2),
            }
            for name, value, low, high, unit in rows
        ]
    )


def outcomes(dossier: Dossier) -> pd.DataFrame:
    """Aircraft delivered by the latest row of each count: columns what, item, buyer, aircraft, row."""
    latest: dict[tuple[str, str], Observation] = {}
    for row in _own(dossier, "M04", ("aircraft_delivered_cumulative",)):
        latest[row.entity, row.variant] = row
    records = []
    for row in latest.values():
        states, _, item = row.entity.partition(":")
        buyer = COUNTRIES[states.rpartition("-")[2]]
        what = f"{item} to {buyer}, {row.end.year} ({said_by(row)})"
        records.append((what, item, buyer, row.value, row.observation_id))
    return pd.DataFrame(records, columns=["what", "item", "buyer", "aircraft", "row"])


def outcome_title(dossier: Dossier) -> str:
    """The finding of the chart of deliveries."""
    frame = outcomes(dossier)
    if frame.empty:
        return "No delivery was on record"
    most = frame.groupby(["buyer", "item"])["aircraft"].max()
    own = most.pop(("Iran", "Su-35")) if ("Iran", "Su-35") in most.index else 0.0
    came = f"{formats.number(own)} Su-35 came to Iran" if own else "No Su-35 came to Iran"
    others = [f"up to {formats.number(value)} {item} to {buyer}" for (buyer, item), value in most.items() if value]
    return f"{came}; on record are {', '.join(others)}" if others else came


def outcome_alt(frame: pd.DataFrame) -> str:
    """What the chart of deliveries shows, in words."""
    return "; ".join(f"{row.what} {formats.number(row.aircraft)}" for row in frame.itertuples()) + "."


def deed(row: Observation) -> str:
    """What a row around the sale says, in words."""
    if row.unit != "flag":
        words = {"aircraft_under_construction": " in build", "combat_aircraft_lost": " lost"}.get(row.measure, "")
        return f"{formats.quantity(row.value, row.unit)}{words}"
    yes, no = _DEEDS[row.measure]
    return yes if row.value >= 0.5 else no


_DEEDS = {
    "arms_sale_confirmed": ("says the sale is agreed", "does not confirm the sale"),
    "arms_delivery_promised": ("says delivery will come or is under way", "rules delivery out"),
    "arms_delivery_doubted": ("doubts the delivery or its date", "does not doubt the delivery"),
    "arms_delivery_rumoured": ("claims an unconfirmed delivery", "denies a rumoured delivery"),
    "arms_delivery_redirected": ("says they went to another buyer", "denies that they went elsewhere"),
    "arms_delivery_reported": ("reports a delivery of unknown size", "reports no delivery"),
    "arms_order_cancelled": ("says the order was given up", "says the order stands"),
    "un_arms_embargo_in_force": ("UN limits on arms bind", "UN limits on arms no longer bind"),
    "un_arms_embargo_return_planned": ("return of the UN limits decided", "no return of the UN limits"),
}


def chronicle(dossier: Dossier) -> pd.DataFrame:
    """What was said and done around the sale, by date: columns When, Who, What, About, rows.

    Outlets of one statement stand once. Figures are words.
    """
    rows = (*_own(dossier, "M04", EVENTS), *_own(dossier, "M05", ("combat_aircraft_lost",)))
    records = [
        {
            "When": formats.period(row.start, row.end),
            "Who": who(row),
            "What": deed(row),
            "About": pair_words(row.entity),
            "rows": row.observation_id,
        }
        for row in rows
    ]
    columns = ["When", "Who", "What", "About"]
    return pd.DataFrame(records, columns=[*columns, "rows"]).drop_duplicates(columns)


def own_outcomes(frame: pd.DataFrame) -> list[str]:
    """The rows of the chart of deliveries that are about the jets for Iran."""
    return list(frame.loc[(frame["item"] == "Su-35") & (frame["buyer"] == "Iran"), "what"])


def count_rows(dossier: Dossier, parameters: Parameters) -> list[str]:
    """The observations behind the rival counts of Iran's fleet."""
    return [name for count in counts(dossier, parameters) for name in count.rows]


def register_rows(dossier: Dossier) -> list[str]:
    """The observations that give the register's deliveries."""
    return [row.observation_id for row in dossier.rows(measure="new_combat_aircraft_delivered")]
