"""Counted events per exposure: one rate against a bound, or two rates against each other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import product

import numpy as np

from claimaudit.analysis.inference import chance_ratio_above, rate_ratio
from claimaudit.analysis.inference import rate as rate_of
from claimaudit.analysis.kinds.figures import Bounds, bounds_of, grid, shown
from claimaudit.analysis.kinds.heard import Asked, Figure, counts, finding, matched, told, total
from claimaudit.analysis.kinds.ratios import RATIO_UNIT
from claimaudit.analysis.special import gamma_cdf
from claimaudit.analysis.uncertainty import Split
from claimaudit.outcome import Finding, Quantity

PRIOR = 0.5
"""Jeffreys' prior of a rate."""
_STEPS = 9
"""Figures that stand for the range of an exposure."""


def rate(asked: Asked) -> Iterator[Finding]:
    """Events per exposure against a bound (per one of the part's unit); with ``other_events`` and ``other_exposure``, the ratio of
    the two rates against it. One finding for each count of events that has an exposure.

    Events are Poisson counts, the rate's posterior is a gamma (Jeffreys' prior); exposures enter with their ranges. With ``sum``
    the rows of one origin and variant are added up. Counts without an exposure above 0 give none.
    """
    bounds, added = bounds_of(asked), bool(asked.number("sum"))
    if bounds is None:
        return
    own = list(_rates(asked, ("events", "exposure"), added))
    if not asked.of("other_events"):
        if any(selector.role == "other_events" for selector in asked.part.evidence):
            return  # none knowable on the day: there is nothing to compare with
        for events, exposure in own:
            yield _one(asked, bounds, events, exposure)
        return
    others = list(_rates(asked, ("other_events", "other_exposure"), added))
    for (events, exposure), (other, other_exposure) in product(own, others):
        yield _two(asked, bounds, (events, exposure), (other, other_exposure))


def _rates(asked: Asked, roles: tuple[str, str], added: bool) -> Iterator[tuple[Figure, Figure]]:
    events, exposures = (counts(asked.of(role), added) for role in roles)
    for count, exposure in matched(events, exposures):
        if total(exposure).low > 0 and total(count).mid >= 0:
            yield count, exposure


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


def _one(asked: Asked, bounds: Bounds, events: Figure, exposure: Figure) -> Finding:
    number, extent = total(events).mid, total(exposure)
    times = Split(*(end / asked.factor for end in (extent.low, extent.mid, extent.high)))
    found = rate_of(number, times.mid)
    text = f"{told(events)}, over {told(exposure)}: {shown(found.value, found.low, found.high)} per {asked.part.unit}"
    return finding(asked, (*events, *exposure), chance_of_rate(bounds, number, times), text)


def _two(asked: Asked, bounds: Bounds, own: tuple[Figure, Figure], other: tuple[Figure, Figure]) -> Finding:
    (events, exposure), (theirs, other_exposure) = ((total(count).mid, total(time)) for count, time in (own, other))
    found = rate_ratio(events, exposure.mid, theirs, other_exposure.mid)
    chance = chance_of_ratio(bounds, (events, exposure), (theirs, other_exposure))
    times = shown(found.value, found.low, found.high)
    text = f"{told(own[0])}, over {told(own[1])}, is {times} times the rate of {told(other[0])}, over {told(other[1])}"
    value = Quantity(found.value, found.low, found.high, RATIO_UNIT)
    return finding(asked, (*own[0], *own[1], *other[0], *other[1]), chance, text, value)
