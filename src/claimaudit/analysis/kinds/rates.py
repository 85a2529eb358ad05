"""Counted events per exposure: one rate against a bound, or two rates against each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product

import numpy as np

from claimaudit import formats
from claimaudit.analysis.inference import chance_ratio_above, rate_ratio
from claimaudit.analysis.inference import rate as rate_of
from claimaudit.analysis.kinds.figures import Bounds, bounds_of, grid, shown
from claimaudit.analysis.kinds.heard import Asked, Figure, Row, counts, finding, matched, told, total
from claimaudit.analysis.kinds.ratios import RATIO_UNIT
from claimaudit.analysis.special import gamma_cdf
from claimaudit.analysis.uncertainty import Split
from claimaudit.outcome import Finding, Quantity

PRIOR = 0.5
"""Jeffreys' prior of a rate."""
_STEPS = 9
"""Figures that stand for the range of an exposure."""


@dataclass(frozen=True)
class Counted:
    """A count of events with its exposure: the rows of both, the exposure's range in the bound's unit, and what it is in words."""

    events: Figure
    exposure: Figure
    times: Split
    over: str

    @property
    def number(self) -> float:
        """How many events."""
        return total(self.events).mid

    @property
    def rows(self) -> Figure:
        """All rows, each once."""
        return (*self.events, *self.exposure)

    @property
    def words(self) -> str:
        """Events over exposure."""
        return f"{told(self.events)}, over {self.over}"


def rate(asked: Asked) -> Iterator[Finding]:
    """Events per exposure against a bound (per one of the part's unit), or so many times the rate of ``other_events``.

    Events are Poisson counts, the rate's posterior is a gamma (Jeffreys' prior); exposures enter with their ranges. With ``sum``
    the rows of one origin and variant are added up; with ``listed`` all rows of a role make one count of separate events,
    whoever tells of them. Where a part names no exposure it is time, in days: the days between
    ``start`` and ``end`` of the selectors, as far as they have passed, else the rows' own period. One finding for each count of
    events with an exposure above 0, or each pair of them.
    """
    bounds = bounds_of(asked)
    if bounds is None:
        return
    own = list(_counted(asked, "events", "exposure"))
    if any(selector.role == "other_events" for selector in asked.part.evidence):
        for mine, theirs in product(own, _counted(asked, "other_events", "other_exposure")):
            yield _two(asked, bounds, mine, theirs)
    else:
        for mine in own:
            yield _one(asked, bounds, mine)


def _counted(asked: Asked, role: str, over: str) -> Iterator[Counted]:
    added = bool(asked.number("sum"))
    listed = apart(asked.of(role)) if asked.number("listed") else ()
    events = [listed] if listed else counts(asked.of(role), added)
    if not any(selector.role == over for selector in asked.part.evidence):
        for count in events:
            days = float(_days(asked, role, count))
            if days > 0:
                yield Counted(count, (), Split(days, days, days), f"{formats.number(days)} days")
        return
    for count, exposure in matched(events, counts(asked.of(over), added)):
        extent = total(exposure)
        if extent.low > 0:
            times = Split(*(end / asked.factor for end in (extent.low, extent.mid, extent.high)))
            yield Counted(count, exposure, times, told(exposure))


def apart(rows: Figure) -> Figure:
    """Rows of several origins as a list of separate events: of those whose periods overlap only the most trusted is kept."""
    kept: list[Row] = []
    for row in rows:
        if row.trust > 0 and not any(row.start <= other.end and other.start <= row.end for other in kept):
            kept.append(row)
    return tuple(kept)


def _days(asked: Asked, role: str, count: Figure) -> int:
    """The days looked at for a count: those the selectors of the role name, else those of its rows, none after the day."""
    windows = {(item.start, item.end) for item in asked.part.evidence if item.role == role}
    named = [(start, end) for start, end in windows if start and end]
    if len(named) < len(windows):
        named = [(min(row.start for row in count), max(row.end for row in count))]
    return sum(max(0, (min(end, asked.day) - start).days + 1) for start, end in named)


def chance_of_rate(bounds: Bounds, events: float, exposure: Split) -> float:
    """Probability (0-1) that a rate lies in bounds; ``events`` is a Poisson count, ``exposure`` (above 0) has a range."""
    times = grid(exposure, _STEPS)
    return float(np.mean([bounds.mass(partial(_rate_below, events=events, exposure=float(time))) for time in times]))


def _rate_below(bound: float, events: float, exposure: float) -> float:
    return gamma_cdf(bound * exposure, events + PRIOR)


def chance_of_ratio(bounds: Bounds, own: tuple[float, Split], other: tuple[float, Split]) -> float:
    """Probability (0-1) that one rate is so many times another; each is (events, exposure), exposures above 0 with ranges."""
    times = product(grid(own[1], _STEPS), grid(other[1], _STEPS))
    pairs = [((own[0], float(mine)), (other[0], float(theirs))) for mine, theirs in times]
    return float(np.mean([bounds.mass(partial(_ratio_below, own=mine, other=theirs)) for mine, theirs in pairs]))


def _ratio_below(bound: float, own: tuple[float, float], other: tuple[float, float]) -> float:
    return 1.0 - chance_ratio_above(bound, *own, *other) if bound > 0 else 0.0


def _one(asked: Asked, bounds: Bounds, mine: Counted) -> Finding:
    found = rate_of(mine.number, mine.times.mid)
    text = f"{mine.words}: {shown(found.value, found.low, found.high)} per {asked.part.unit}"
    return finding(asked, mine.rows, chance_of_rate(bounds, mine.number, mine.times), text)


def _two(asked: Asked, bounds: Bounds, mine: Counted, theirs: Counted) -> Finding:
    found = rate_ratio(mine.number, mine.times.mid, theirs.number, theirs.times.mid)
    chance = chance_of_ratio(bounds, (mine.number, mine.times), (theirs.number, theirs.times))
    text = f"{mine.words}, is {shown(found.value, found.low, found.high)} times the rate of {theirs.words}"
    value = Quantity(found.value, found.low, found.high, RATIO_UNIT)
    return finding(asked, (*mine.rows, *theirs.rows), chance, text, value)
