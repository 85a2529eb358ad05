"""Iranian satellites on Russian rockets (M07, M08): which month, what came later, and what the first of them can see.

Dates in days, resolutions in metres on the ground (smaller is sharper), orbits in km. A statement of concern is kept
apart from what the camera can do: the first is tested as a saying, the second as a figure beside what others say of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import numpy as np
import pandas as pd

from claimaudit import formats
from claimaudit.analysis.findings import find
from claimaudit.analysis.hearing import extent_of, model_trust
from claimaudit.analysis.knobs import Knob, phrase
from claimaudit.analysis.parameters import CommonParameters, number
from claimaudit.analysis.uncertainty import chance_of_order
from claimaudit.dossier.dossier import Dossier
from claimaudit.model import Observation
from claimaudit.outcome import Finding

TITLE = "Iranian satellites on Russian rockets"
CRAFT = "RUS-IRN:Khayyam"
UNNAMED = ("washington-post-202106", "washington-post-202208")
STATED = ("spying_capability_stated", "militia_access_stated", "civil_purpose_stated")
NEW = "M08.capability"
EARTH_RADIUS, GRAVITY, MINUTES = 6378.137, 398600.4418, 1440.0
"""Equatorial radius in km and gravitational parameter in km3/s2 (WGS 84), minutes of a day."""


@dataclass(frozen=True, kw_only=True)
class Parameters(CommonParameters):
    """What an analyst may vary."""

    resolution_bar: float = number(
        2.0, 0.3, 30, "metres on the ground that are sharp enough for military use, a line in a chart"
    )
    levels: float = number(2.0, 0.5, 6, "levels of picture quality (doublings) that count as new")
    unnamed: float = number(1.0, 0, 1, "how far unnamed officials are believed, as a share of their grade")
    tilt: float = number(30.0, 5, 50, "degrees the camera can look to the side")
    latitude: float = number(32.0, 0, 60, "latitude of the place watched")


def speaker(row: Observation) -> str:
    """Who makes a statement or gives a figure, in words."""
    names = {"us": "US", "iran": "Iran", "israeli": "Israeli", "western": "Western", "iranian": "Iranian"}
    text = " ".join(names.get(word, word) for word in row.variant.split("-"))
    return text[0].upper() + text[1:]


# -- the launch register ---------------------------------------------------------------------------------------------


def month_window(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)


def days_outside(day: date, window: tuple[date, date]) -> int:
    """Days from a day to the nearest day of a window: negative before it, 0 inside, positive after it."""
    first, last = window
    return (day - first).days if day < first else max(0, (day - last).days)


def claimed_window(dossier: Dossier) -> tuple[date, date]:
    """The month the article names, from the part that tests it."""
    window = dossier.part("M07.month").window
    assert window is not None
    return window


def register(dossier: Dossier) -> pd.DataFrame:
    """Launches of Iranian craft by Russia, a row a launch: columns date, craft, satellites, sources (independent ones), rows.

    Rows graded 4 and worse (a misprinted day) are left out, as are counts of nothing; rows of one day are one launch.
    """
    found = dossier.rows(measure=("satellite_launches", "satellites_launched"), entity="RUS-IRN:*")
    rows = [row for row in found if row.value > 0 and row.credibility < "4"]
    records = []
    for day in sorted({row.start for row in rows}):
        same = [row for row in rows if row.start == day]
        craft = same[0].entity.partition(":")[2]
        counted = [row.value for row in same if row.measure == "satellites_launched"]
        records.append(
            {
                "date": pd.Timestamp(day),
                "craft": craft,
                "satellites": max(counted, default=1.0),
                "sources": len({dossier.independent(row.origin) for row in same}),
                "rows": tuple(row.observation_id for row in same),
            }
        )
    return pd.DataFrame(records, columns=["date", "craft", "satellites", "sources", "rows"])


def launch_day(dossier: Dossier) -> date | None:
    """The day of the craft's launch that most independent sources give."""
    rows = [row for row in dossier.rows(measure="satellite_launches", entity=CRAFT) if row.credibility < "4"]
    days = [row.start for row in rows]
    return max(sorted(set(days)), key=days.count) if days else None


# -- what the camera can see -----------------------------------------------------------------------------------------


def quality_levels(coarse: float, sharp: float) -> float:
    """Levels of the picture quality scale between two resolutions (in one unit of length): one a doubling.

    The general image-quality equation has 3.32 log10 of the ground sample distance, which is its binary logarithm
    (Leachtenauer, Malila, Irvine, Colburn and Salvaggio, Applied Optics 36(32), 1997).
    """
    return math.log2(coarse / sharp)


def cameras(dossier: Dossier) -> pd.DataFrame:
    """Every camera on record by resolution in metres, sharpest first: columns who, low, mid, high, whose, row."""
    names = {"RUS-IRN": "launched by Russia", "IRN": "Iran's own before it"}
    records = []
    for row in dossier.rows(measure="image_resolution"):
        flown, _, craft = row.entity.partition(":")
        label = f"{craft[0].upper()}{craft[1:]} ({speaker(row)}, {row.start.year})"
        ends = (row.low or row.value, row.value, row.high or row.value)  # no range is drawn where none was given
        records.append((label, *ends, names.get(flown, flown), row.observation_id))
    frame = pd.DataFrame(records, columns=["who", "low", "mid", "high", "whose", "row"])
    frame = frame.drop_duplicates(["who", "mid"])  # one speaker's figure given twice
    return frame.sort_values("mid", kind="stable", ignore_index=True)


def own_before(dossier: Dossier) -> tuple[Observation, ...]:
    """Figures for the satellites Iran built itself before the launch."""
    return dossier.rows(measure="image_resolution", entity="IRN:*")


# -- how often it passes ---------------------------------------------------------------------------------------------


def orbits_a_day(altitude: float) -> float:
    """Turns a day on a circular orbit, by Kepler's third law; altitude in km."""
    period = 2 * math.pi * math.sqrt((EARTH_RADIUS + altitude) ** 3 / GRAVITY) / 60
    return MINUTES / period


def reach(altitude: float, tilt: float) -> float:
    """Kilometres on the ground from below the craft to the farthest point a camera tilted by ``tilt`` degrees sees.

    ``altitude`` in km; spherical Earth, law of sines. ``ValueError`` where the tilt looks past the horizon.
    """
    angle = math.radians(tilt)
    sine = (EARTH_RADIUS + altitude) / EARTH_RADIUS * math.sin(angle)
    if sine >= 1:
        raise ValueError(f"at {altitude:g} km a tilt of {tilt:g} degrees looks past the horizon")
    return EARTH_RADIUS * (math.asin(sine) - angle)


def days_between_looks(altitude: float, tilt: float, latitude: float) -> float:
    """Mean days between two chances to picture one place by day.

    The craft crosses a latitude in daylight once a turn, turns lie evenly around it (true of a sun-synchronous orbit
    over weeks), and each sees a strip of twice ``reach``. Clouds are not counted.
    """
    around = 2 * math.pi * EARTH_RADIUS * math.cos(math.radians(latitude))
    return around / orbits_a_day(altitude) / (2 * reach(altitude, tilt))


def altitude(dossier: Dossier) -> Observation | None:
    """The row with the craft's orbit, where it was knowable."""
    return next(iter(dossier.rows(measure="orbit_altitude", entity=CRAFT)), None)


def look_curve(dossier: Dossier, parameters: Parameters, points: int = 46) -> tuple[np.ndarray, np.ndarray]:
    """Tilt in degrees and days between two looks, shape ``(points,)`` each; of shape ``(0,)`` without an orbit."""
    row = altitude(dossier)
    if row is None:
        return np.empty(0), np.empty(0)
    tilts = np.linspace(5, 50, points)
    return tilts, np.array([days_between_looks(row.value, float(tilt), parameters.latitude) for tilt in tilts])


# -- findings and knobs ----------------------------------------------------------------------------------------------


def findings(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """Findings on what is new about the satellite: figures for the cameras, and what competent people say of it."""
    yield from _sharper(view, parameters)
    yield from _said(view, parameters)


def _believed(view: Dossier, row: Observation, parameters: Parameters) -> float:
    return view.trust(row) * (parameters.unnamed if row.origin in UNNAMED else 1.0)


def _sharper(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """How much sharper it sees than each of Iran's own before it, by the most trusted figure for its camera."""
    cameras_now = view.rows(measure="image_resolution", entity=CRAFT)
    for own in own_before(view) if cameras_now else ():
        best = max(cameras_now, key=lambda row: (_believed(view, row, parameters), row.value))
        now, before = extent_of(best, view.method), extent_of(own, view.method)
        steps = quality_levels(own.value, best.value)
        ids = (own.observation_id, best.observation_id)
        text = (
            f"{formats.quantity(best.value, 'm')} against {formats.quantity(own.value, 'm')} of Iran's own, "
            f"{formats.number(steps, 2)} levels sharper"
        )
        trust = min(_believed(view, best, parameters), model_trust(view, ids[:1]))
        chance = chance_of_order(now, before, 2.0**-parameters.levels, points=200)
        yield Finding(NEW, own.origin, chance, trust, ids, text)


def _said(view: Dossier, parameters: Parameters) -> Iterator[Finding]:
    """Who says that it is a significant capability, or is not; a predecessor of no use speaks for it."""
    for row in view.rows(measure="spying_capability_stated", entity=(CRAFT, "IRN:Noor")):
        able, before = row.value >= 0.5, row.entity != CRAFT
        what = "no use for spying before" if before else "of significant use" if able else "of little use"
        text = f"{what}, by {speaker(row)}, {formats.period(row.start, row.end)}"
        chance, trust = float(able is not before), _believed(view, row, parameters)
        yield Finding(NEW, row.origin, chance, trust, (row.observation_id,), text)


def knobs(view: Dossier, parameters: Parameters) -> Iterator[Knob]:
    """The month of the launch, and the leap in sharpness that counts as new."""
    yield _month(view)
    yield Knob(
        NEW,
        "levels",
        parameters.levels,
        lambda levels: list(findings(view, replace(parameters, levels=levels))),
        phrase("were {} levels of sharpness asked for", partial(formats.number, digits=2)),
        (0.5, 6.0),
        steps=30,
        tolerance=2e-3,
    )


def _month(view: Dossier) -> Knob:
    """The month of the article's date, the other months of its year by how near they are."""
    part, start = view.part("M07.month"), claimed_window(view)[0]
    others = sorted(set(range(1, 13)) - {start.month}, key=lambda month: abs(month - start.month))

    def found(month: int) -> tuple[Finding, ...]:
        return find(view, replace(part, window=month_window(start.year, month)))

    def words(month: int) -> str:
        return f"had the article said {date(start.year, month, 1):%B %Y}"

    return Knob("M07.month", "month", start.month, found, words, choices=tuple(others))


def orbit_rows(dossier: Dossier) -> list[str]:
    """The observation that gives the orbit."""
    row = altitude(dossier)
    return [row.observation_id] if row else []


def shown_rows(dossier: Dossier) -> list[str]:
    """Every observation the notebook shows beside those the verdicts rest on."""
    measures = (
        *STATED, "satellite_supply_denied", "image_resolution", "satellite_launches", "satellites_launched", "launch_date_error",
    )  # fmt: skip
    rows = [row.observation_id for row in dossier.rows(measure=measures) if {"M07", "M08"} & set(row.claims)]
    return list(dict.fromkeys([*rows, *orbit_rows(dossier)]))
