"""Figures worked out from ranges without random numbers, and the bounds a part holds them against."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from claimaudit import formats
from claimaudit.analysis.kinds.heard import Asked
from claimaudit.analysis.steps import Hedge, of_that_size
from claimaudit.analysis.uncertainty import Distribution, Floats

POINTS = 200
"""Figures of equal weight that stand for a range: outcomes are right to about one in as many."""


def grid(extent: Distribution, points: int = POINTS) -> Floats:
    """Figures of equal weight that stand for a range: shape ``(points,)``, or ``(1,)`` where it is one figure."""
    low, high = extent.quantile([0.0, 1.0])
    return np.array([float(low)]) if low == high else extent.quantile((np.arange(points) + 0.5) / points)


def every(first: Floats, second: Floats, how: Callable[[Floats, Floats], Floats]) -> Floats:
    """Two independent figures put together in all their pairs: shape ``(len(first) * len(second),)``."""
    return np.ravel(how(first[:, None], second[None, :]))


def thinned(found: Floats, points: int = POINTS) -> Floats:
    """Many figures of equal weight as at most ``points`` of them: shape ``(points,)`` or as it was."""
    return found if len(found) <= points else np.quantile(found, (np.arange(points) + 0.5) / points)


@dataclass(frozen=True)
class Bounds:
    """Figures from ``low`` to ``high``; with ``above`` and ``below`` the ends are not in it.

    Figures from ``open_from`` up to ``low`` settle nothing: they count half.
    """

    low: float = -math.inf
    high: float = math.inf
    above: bool = False
    below: bool = False
    open_from: float = math.inf

    def has(self, found: Floats) -> NDArray[np.bool_]:
        """Whether each figure lies in it, in the shape of ``found``; the ends allow for the last bit of floating point."""
        ends = [abs(end) for end in (self.low, self.high) if math.isfinite(end)]
        slack = 1e-9 * max(ends, default=0.0)
        over = found > self.low + slack if self.above else found >= self.low - slack
        under = found < self.high - slack if self.below else found <= self.high + slack
        return np.asarray(over & under)

    def chance(self, found: Floats) -> float:
        """The share (0-1) of figures of equal weight, of shape ``(n,)``, that lie in it; half of those that settle nothing."""
        met = self.has(found)
        unsettled = ~met & (found >= self.open_from * (1 - 1e-9)) & (found < self.low)
        return float(np.mean(met) + np.mean(unsettled) / 2)

    def mass(self, cdf: Callable[[float], float]) -> float:
        """The probability it has by a distribution function without steps."""
        below = cdf(self.low) if math.isfinite(self.low) else 0.0
        return max(0.0, (cdf(self.high) if math.isfinite(self.high) else 1.0) - below)


def bounds_of(asked: Asked, factor: float = 1.0) -> Bounds | None:
    """What a part asks of a figure, in units ``factor`` times smaller than its own; ``None`` where it names no bound.

    All that is named must be met: ``at_least``, ``more_than``, ``at_most``, ``less_than``, and ``value`` with ``hedge``. With
    ``cause`` the figure is the share of an effect, held against the method's shares that make a cause.
    """
    numbers = asked.part.numbers
    if numbers.get("cause") and asked.cause:
        return Bounds(low=asked.cause.holds * factor, open_from=asked.cause.refuted * factor)
    lows = [(numbers[name], name == "more_than") for name in ("at_least", "more_than") if name in numbers]
    highs = [(numbers[name], name == "less_than") for name in ("at_most", "less_than") if name in numbers]
    if "value" in numbers:
        band = of_that_size(numbers["value"], asked.size, asked.percentage, Hedge(asked.part.hedge))
        lows.append((band.low, band.above))
        highs.append((band.high, False))
    if not lows and not highs:
        return None
    low, above = max(lows, default=(-math.inf, False))
    high, below = min(highs, key=lambda end: (end[0], not end[1]), default=(math.inf, False))
    return Bounds(low * factor, high * factor, above, below)


def middle(found: Floats) -> tuple[float, float, float]:
    """Median and both ends of figures of shape ``(n,)``: value, low, high."""
    return float(np.median(found)), float(found.min()), float(found.max())


def shown(value: float, low: float, high: float) -> str:
    """A figure worked out, with its range: ``2.5 (2.2 to 2.9)``."""
    text, span = formats.number(value), f"{formats.number(low)} to {formats.number(high)}"
    return text if formats.number(low) == formats.number(high) else f"{text} ({span})"
