"""Tables, titles and text alternatives of the satellite notebook: every figure in them is computed from the view."""

from __future__ import annotations

import pandas as pd

from claimaudit import formats
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from russia_iran.military.space import (
    CRAFT,
    STATED,
    Parameters,
    altitude,
    cameras,
    claimed_window,
    days_between_looks,
    days_outside,
    launch_day,
    orbits_a_day,
    own_before,
    quality_levels,
    reach,
    register,
    speaker,
)

_SAID = {
    ("spying_capability_stated", True): "it can spy",
    ("spying_capability_stated", False): "no use for spying",
    ("militia_access_stated", True): "militias may get the pictures",
    ("civil_purpose_stated", True): "it serves civil ends",
}


# -- launches --------------------------------------------------------------------------------------------------------


def launch_events(dossier: Dossier) -> pd.DataFrame:
    """The launches and the month the article names: columns date, end, label, kind."""
    first, last = claimed_window(dossier)
    frame = register(dossier)
    events = [
        {
            "date": row.date,
            "end": row.date,
            "label": f"{row.craft}, {formats.day(row.date)}",
            "kind": "launched",
        }
        for row in frame.itertuples()
    ]
    claim = f"The article: one satellite, {first:%B %Y}"
    events.append({"date": pd.Timestamp(first), "end": pd.Timestamp(last), "label": claim, "kind": "claimed"})
    return pd.DataFrame(events, columns=["date", "end", "label", "kind"])


def launch_title(dossier: Dossier) -> str:
    """The finding of the launch chart: how far the month is off, and how many launches followed."""
    day, window = launch_day(dossier), claimed_window(dossier)
    if day is None:
        return "No launch is on record"
    off = days_outside(day, window)
    where = f"{abs(off)} days {'before' if off < 0 else 'after'}" if off else "in"
    later = int((register(dossier)["date"] > pd.Timestamp(window[1])).sum())
    followed = formats.count(later, "launch", "launches")
    return f"The satellite went up on {formats.day(day)}, {where} the month the article names; {followed} came later"


def launch_alt(events: pd.DataFrame) -> str:
    """What the launch chart shows, in words."""
    return "; ".join(row.label for row in events.itertuples()) + "."


def register_table(dossier: Dossier) -> pd.DataFrame:
    """The launches in a reader's words, satellites and sources counted.

    Columns: Craft, Launched, Satellites of Iran, Independent sources, Days from the article's month, rows.
    """
    frame = register(dossier)
    window = claimed_window(dossier)
    off = [days_outside(day.date(), window) for day in frame["date"]]
    return pd.DataFrame(
        {
            "Craft": frame["craft"],
            "Launched": frame["date"],
            "Satellites of Iran": frame["satellites"],
            "Independent sources": frame["sources"],
            "Days from the article's month": [f"{days:+,d}" if days else "inside" for days in off],
            "rows": frame["rows"],
        }
    )


# -- the camera ------------------------------------------------------------------------------------------------------


def camera_title(dossier: Dossier, parameters: Parameters) -> str:
    """The finding of the resolution chart: against Iran's own before, and against what was launched later."""
    frame = cameras(dossier)
    own = [row.value for row in own_before(dossier)]
    now = [row.value for row in dossier.rows(measure="image_resolution", entity=CRAFT)]
    if not now or not own:
        return "Ground resolution of the cameras on record"
    low, high = sorted(round(quality_levels(value, max(now)), 1) for value in (min(own), max(own)))
    later = frame[(frame["whose"] == "launched by Russia") & ~frame["who"].str.startswith("Khayyam")]
    tail = ""
    if len(later):
        tail = "; no later one is sharper" if later["low"].min() >= max(now) else "; a later one is sharper"
    span = formats.number(low) if low == high else f"{formats.number(low)} to {formats.number(high)}"
    return f"The satellite sees {span} quality levels sharper than what Iran built itself{tail}"


def camera_alt(frame: pd.DataFrame) -> str:
    """What the resolution chart shows, in words."""
    return "; ".join(f"{row.who}: {formats.span(row.low, row.high, 'm')}" for row in frame.itertuples()) + "."


def look_title(dossier: Dossier, parameters: Parameters) -> str:
    """The finding of the chart of passes."""
    row = altitude(dossier)
    if row is None:
        return "The orbit was not knowable"
    days = days_between_looks(row.value, parameters.tilt, parameters.latitude)
    return (
        f"Looking up to {formats.number(parameters.tilt)} degrees aside, one craft can picture a place by day "
        f"every {formats.number(days, 2)} days"
    )


def look_alt(dossier: Dossier, parameters: Parameters) -> str:
    """What the chart of passes shows, in words."""
    row = altitude(dossier)
    if row is None:
        return "No curve."
    ends = [formats.number(days_between_looks(row.value, tilt, parameters.latitude), 2) for tilt in (5.0, 50.0)]
    return f"A falling curve of days between two looks: from {ends[0]} at 5 degrees of tilt to {ends[1]} at 50."


def orbit_table(dossier: Dossier, parameters: Parameters) -> pd.DataFrame:
    """The orbit and what follows from it: columns Quantity, Value (text with its unit); no rows where none is known."""
    row = altitude(dossier)
    if row is None:
        return pd.DataFrame({"Quantity": [], "Value": []})
    rows = {
        "Altitude": formats.quantity(row.value, "km"),
        "Turns a day": formats.number(orbits_a_day(row.value), 4),
        "Strip to either side": formats.quantity(reach(row.value, parameters.tilt), "km"),
        "Days between looks": formats.number(days_between_looks(row.value, parameters.tilt, parameters.latitude), 2),
    }
    return pd.DataFrame({"Quantity": list(rows), "Value": list(rows.values())})


# -- who said what, and when -----------------------------------------------------------------------------------------


def statement_events(dossier: Dossier) -> pd.DataFrame:
    """Statements about the satellite, and the launch: columns date, end (days), label, kind, rows."""
    rows = [row for row in dossier.rows(measure=STATED) if row.entity in (CRAFT, "IRN:Noor")]
    groups: dict[tuple, list[Observation]] = {}
    for row in rows:
        groups.setdefault((row.measure, row.value >= 0.5, row.variant, row.start, row.end, row.entity), []).append(row)
    events = []
    for (measure, yes, _, start, end, entity), members in groups.items():
        about = ", on an earlier one" if entity != CRAFT else ""
        kind = {"militia_access_stated": "militias", "civil_purpose_stated": "civil ends"}.get(measure, "spying")
        label = f"{speaker(members[0])}{about}: {_SAID[measure, yes]}"
        events.append(
            {
                "date": pd.Timestamp(start),
                "end": pd.Timestamp(end),
                "label": label,
                "kind": kind,
                "rows": tuple(row.observation_id for row in members),
            }
        )
    day = launch_day(dossier)
    if day:
        launch = {
            "date": pd.Timestamp(day),
            "end": pd.Timestamp(day),
            "label": "The launch",
            "kind": "launch",
            "rows": (),
        }
        events.append(launch)
    frame = pd.DataFrame(events, columns=["date", "end", "label", "kind", "rows"])
    return frame.sort_values(["date", "label"], kind="stable", ignore_index=True)


def statement_title(dossier: Dossier) -> str:
    """The finding of the statement chart: how long before the launch the worry about militias was first voiced."""
    day = launch_day(dossier)
    rows = dossier.rows(measure="militia_access_stated", entity=CRAFT)
    if not rows or day is None:
        return "Nobody is on record with a worry about militias"
    first = min(rows, key=lambda row: row.start)
    months = round((day - first.start).days / 30.44)
    again = sum(row.start >= day.replace(day=1) for row in rows)
    tail = f", and again at it by {formats.count(again, 'account')} on record" if again else " and not again at it"
    if months <= 0:
        return "The worry about militias was first voiced at the launch"
    return f"The worry about militias was voiced {formats.count(months, 'month')} before the launch{tail}"


def statement_alt(events: pd.DataFrame) -> str:
    """What the statement chart shows, in words."""
    return "; ".join(f"{formats.period(row.date, row.end)}, {row.label}" for row in events.itertuples()) + "."


def event_rows(events: pd.DataFrame) -> list[str]:
    """The observations behind a chart's events: what stands in their column ``rows``."""
    return [name for names in events["rows"] for name in names]
