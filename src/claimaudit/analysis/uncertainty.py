"""Ranges to distributions, with numpy only; what is done with their draws stands in ``monte_carlo.py``.

Every distribution is a frozen value with ``sample(rng, n)``, ``cdf(x)`` and ``quantile(q)``, so that a test can use the
exact figure and a model the draws. It is in the unit of the figures it is made from; one whose figures are not finite or
do not rise raises ``ValueError``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
_NORMAL = NormalDist()
_Z95 = _NORMAL.inv_cdf(0.95)


@runtime_checkable
class Distribution(Protocol):
    """What every distribution here can do, on a numpy ``Generator`` that the caller passes in."""

    def sample(self, rng: np.random.Generator, n: int) -> Floats:
        """``n`` draws, as a float array of shape ``(n,)``."""
        ...

    def cdf(self, x: float) -> float:
        """P(X <= x), 0-1."""
        ...

    def quantile(self, q: ArrayLike) -> Floats:
        """The figures that shares ``q`` (0-1) lie below, as a float array in the shape of ``q``."""
        ...


def _ordered(*points: float) -> None:
    if not all(math.isfinite(point) for point in points):
        raise ValueError(f"a range needs finite numbers, not {', '.join(map(str, points))}")
    if list(points) != sorted(points):
        raise ValueError(f"a range must rise: {', '.join(f'{point:g}' for point in points)}")


@dataclass(frozen=True)
class Constant:
    """A figure taken as exact."""

    value: float

    def sample(self, rng: np.random.Generator, n: int) -> Floats:
        """``n`` times the figure: shape ``(n,)``."""
        return np.full(n, float(self.value))

    def cdf(self, x: float) -> float:
        """P(X <= x), 0 or 1."""
        return float(x >= self.value)

    def quantile(self, q: ArrayLike) -> Floats:
        """The figure, in the shape of ``q``."""
        return np.full(np.shape(q), float(self.value))


@dataclass(frozen=True)
class Split:
    """Half of the mass spread evenly from ``low`` to ``mid``, half from ``mid`` to ``high``.

    The reading of "value, low, high" that adds least: the stated value is the median, the range is the range. Where the
    value is an end of the range all the mass is spread evenly over it. With ``mid`` in the middle it is the uniform.
    ``ValueError`` unless the three are finite and rise.
    """

    low: float
    mid: float
    high: float

    def __post_init__(self) -> None:
        _ordered(self.low, self.mid, self.high)

    @cached_property
    def _steps(self) -> tuple[list[float], list[float]]:
        if self.low < self.mid < self.high:
            return [0.0, 0.5, 1.0], [self.low, self.mid, self.high]
        return [0.0, 1.0], [self.low, self.high]

    def sample(self, rng: np.random.Generator, n: int) -> Floats:
        """``n`` draws: shape ``(n,)``."""
        return self.quantile(rng.random(n))

    def cdf(self, x: float) -> float:
        """P(X <= x); where the range is one point, 0 or 1."""
        if x < self.low:
            return 0.0
        if x >= self.high:
            return 1.0
        shares, points = self._steps
        return float(np.interp(x, points, shares))

    def quantile(self, q: ArrayLike) -> Floats:
        """The figures that shares ``q`` (0-1) lie below, in the shape of ``q``."""
        shares, points = self._steps
        found: Floats = np.interp(np.asarray(q, dtype=float), shares, points)
        return found


def Uniform(low: float, high: float) -> Split:
    """Every figure from ``low`` to ``high`` alike; ``ValueError`` unless they are finite and rise."""
    return Split(low, (low + high) / 2, high)


@dataclass(frozen=True)
class Triangular:
    """The density rises in a straight line from ``low`` to the mode and falls to ``high``; ``ValueError`` unless they rise.

    Formulas: Kotz and van Dorp, Beyond Beta, 2004, chapter 1.
    """

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        _ordered(self.low, self.mode, self.high)

    def sample(self, rng: np.random.Generator, n: int) -> Floats:
        """``n`` draws: shape ``(n,)``."""
        if self.low == self.high:
            return np.full(n, float(self.low))
        return rng.triangular(self.low, self.mode, self.high, n)

    def cdf(self, x: float) -> float:
        """P(X <= x); where the range is one point, 0 or 1."""
        low, mode, high = self.low, self.mode, self.high
        if x <= low:
            return float(x == low == high)
        if x >= high:
            return 1.0
        if x <= mode:
            return (x - low) ** 2 / ((high - low) * (mode - low))
        return 1.0 - (high - x) ** 2 / ((high - low) * (high - mode))

    def quantile(self, q: ArrayLike) -> Floats:
        """The figures that shares ``q`` (0-1) lie below, in the shape of ``q``."""
        q = np.asarray(q, dtype=float)
        low, mode, high = self.low, self.mode, self.high
        if low == high:
            return np.full(q.shape, float(low))
        rising = low + np.sqrt(q * (high - low) * (mode - low))
        falling = high - np.sqrt((1 - q) * (high - low) * (high - mode))
        return np.where(q <= (mode - low) / (high - low), rising, falling)


@dataclass(frozen=True)
class LogNormal:
    """A positive figure whose 90 % interval is ``low`` to ``high``; the median is their geometric mean.

    ``ValueError`` unless both are above 0 and rise. ``mu`` and ``sigma`` are in logarithms of the unit. Formulas: Johnson,
    Kotz and Balakrishnan, Continuous Univariate Distributions 1, 1994, chapter 14.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        _ordered(self.low, self.high)
        if self.low <= 0:
            raise ValueError(f"a lognormal needs a range above 0, not {self.low:g}")

    @property
    def mu(self) -> float:
        """Mean of the logarithm."""
        return (math.log(self.low) + math.log(self.high)) / 2

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm: half the log range over the normal's 95th percentile."""
        return (math.log(self.high) - math.log(self.low)) / (2 * _Z95)

    def sample(self, rng: np.random.Generator, n: int) -> Floats:
        """``n`` draws: shape ``(n,)``."""
        return rng.lognormal(self.mu, self.sigma, n)

    def cdf(self, x: float) -> float:
        """P(X <= x); where the range is one point, 0 or 1."""
        if x <= 0:
            return 0.0
        if self.sigma == 0:
            return float(x >= self.low)
        return _NORMAL.cdf((math.log(x) - self.mu) / self.sigma)

    def quantile(self, q: ArrayLike) -> Floats:
        """The figures that shares ``q`` lie below, in the shape of ``q``: 0 at 0, infinite at 1."""
        flat = [
            0.0 if p <= 0 else math.inf if p >= 1 else math.exp(self.mu + self.sigma * _NORMAL.inv_cdf(p))
            for p in np.ravel(q)
        ]
        return np.array(flat).reshape(np.shape(q))


@dataclass(frozen=True)
class Mixture:
    """One of several distributions, each with its weight (weights are scaled to one): rival figures kept apart.

    ``ValueError`` unless each part has a weight of 0 or more, and one of them is above 0.
    """

    parts: tuple[Distribution, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.parts or len(self.parts) != len(self.weights):
            raise ValueError("a mixture needs one weight for each part")
        if min(self.weights) < 0 or sum(self.weights) <= 0:
            raise ValueError("the weights of a mixture must be 0 or more, and not all 0")

    @property
    def shares(self) -> Floats:
        """The weights, adding up to one: shape ``(len(parts),)``."""
        return np.array(self.weights, dtype=float) / sum(self.weights)

    def sample(self, rng: np.random.Generator, n: int) -> Floats:
        """``n`` draws, each from one of the parts, chosen by weight: shape ``(n,)``."""
        which = rng.choice(len(self.parts), size=n, p=self.shares)
        draws = np.empty(n)
        for index, part in enumerate(self.parts):
            chosen = which == index
            draws[chosen] = part.sample(rng, int(chosen.sum()))
        return draws

    def cdf(self, x: float) -> float:
        """P(X <= x): the weighted mean of the parts' own."""
        return float(sum(share * part.cdf(x) for share, part in zip(self.shares, self.parts, strict=True)))

    def quantile(self, q: ArrayLike) -> Floats:
        """The figures that shares ``q`` (0-1) lie below, in the shape of ``q``: by bisection on the mixture's own ``cdf``."""

        def one(p: float) -> float:
            ends = [part.quantile([p]) for part, share in zip(self.parts, self.shares, strict=True) if share]
            low, high = float(min(map(float, np.ravel(ends)))), float(max(map(float, np.ravel(ends))))
            for _ in range(80):
                middle = (low + high) / 2
                low, high = (low, middle) if self.cdf(middle) >= p else (middle, high)
            return high

        return np.array([one(p) for p in np.ravel(q)]).reshape(np.shape(q))


def from_range(low: float, value: float, high: float) -> Split:
    """The distribution of a figure printed as value with a range; ``ValueError`` unless low, value and high rise."""
    return Split(low, value, high)


def chance_of_order(smaller: Distribution, larger: Distribution, factor: float = 1.0, points: int = 400) -> float:
    """P(smaller < factor x larger) for two independent figures in one unit, without random numbers; a tie counts half.

    Each figure stands for ``points`` quantiles of equal mass, and all their pairs are compared: the Mann-Whitney statistic
    of the two grids (Annals of Mathematical Statistics 18, 1947) over their number, right to about 1/points.
    """
    (low, high), (other_low, other_high) = (part.quantile([0.0, 1.0]) for part in (smaller, larger))
    if high < factor * other_low:
        return 1.0
    if low > factor * other_high:
        return 0.0
    grid = (np.arange(points) + 0.5) / points
    left, right = smaller.quantile(grid), np.sort(factor * larger.quantile(grid))
    below = points - np.searchsorted(right, left, side="right")
    ties = np.searchsorted(right, left, side="right") - np.searchsorted(right, left, side="left")
    return float((below + ties / 2).mean() / points)
