"""Small exact statistics with numpy alone: intervals for shares and rates, comparisons, permutation and change points.

Beta and gamma distribution functions are the regularised incomplete beta and gamma functions, by the continued fraction
and series of the Digital Library of Mathematical Functions (https://dlmf.nist.gov/8.17.E22, 8.11.E4 and 8.9.E2);
quantiles are found by bisection. Intervals are central and hold ``mass`` of the posterior or confidence.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

_TINY = 1e-300


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval: ``value`` is the posterior median or the point estimate."""

    value: float
    low: float
    high: float


def _lentz(terms: Callable[[int], tuple[float, float]], start: float) -> float:
    """A continued fraction ``start + a1 / (b1 + a2 / (b2 + ...))`` by Lentz's method; ``terms(n)`` gives (a, b)."""
    value = start or _TINY
    c, d = value, 0.0
    for n in range(1, 1000):
        a, b = terms(n)
        d = 1.0 / ((b + a * d) or _TINY)
        c = (b + a / c) or _TINY
        step = c * d
        value *= step
        if abs(step - 1.0) < 1e-14:
            return value
    return value


def beta_cdf(x: float, a: float, b: float) -> float:
    """P(X <= x) for X ~ Beta(a, b)."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - beta_cdf(1 - x, b, a)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a

    def terms(n: int) -> tuple[float, float]:
        if n == 1:
            return 1.0, 1.0
        m = (n - 1) // 2
        if n % 2:
            return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), 1.0
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)), 1.0

    return front * _lentz(terms, 0.0)


def gamma_cdf(x: float, shape: float) -> float:
    """P(X <= x) for X ~ Gamma(shape) with unit rate."""
    if x <= 0:
        return 0.0
    front = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1:
        term = total = 1.0 / shape
        n = shape
        while term > 1e-16 * total:
            n += 1
            term *= x / n
            total += term
        return min(1.0, front * total)

    def terms(n: int) -> tuple[float, float]:
        if n == 1:
            return 1.0, x + 1 - shape
        return -(n - 1) * (n - 1 - shape), x + 2 * n - 1 - shape

    return 1.0 - front * _lentz(terms, 0.0)


def _quantile(
    cdf: Callable[[float], float], density: Callable[[float], float], q: float, low: float, high: float
) -> float:
    """Where a distribution reaches ``q``: Newton's steps, halving the bracket where one would leave it."""
    x = (low + high) / 2
    for _ in range(200):
        miss = cdf(x) - q
        low, high = (x, high) if miss < 0 else (low, x)
        slope = density(x)
        better = x - miss / slope if slope > 0 else low
        if not low < better < high:
            better = (low + high) / 2
        if abs(better - x) <= 1e-13 * max(1.0, abs(x)):
            return better
        x = better
    return x


def beta_quantile(q: float, a: float, b: float) -> float:
    """The q-quantile of Beta(a, b)."""
    if not 0 < q < 1:
        return float(q >= 1)
    norm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)

    def density(x: float) -> float:
        return math.exp(norm + (a - 1) * math.log(x) + (b - 1) * math.log1p(-x))

    return _quantile(lambda x: beta_cdf(x, a, b), density, q, 0.0, 1.0)


def gamma_quantile(q: float, shape: float) -> float:
    """The q-quantile of Gamma(shape) with unit rate."""
    if q <= 0:
        return 0.0
    high = shape + 10.0
    while gamma_cdf(high, shape) < q:
        high *= 2

    def density(x: float) -> float:
        return math.exp((shape - 1) * math.log(x) - x - math.lgamma(shape))

    return _quantile(lambda x: gamma_cdf(x, shape), density, q, 0.0, high)


# -- shares -------------------------------------------------------------------------------------------------------


def share(successes: float, trials: float, *, prior: float = 0.5, mass: float = 0.95) -> Estimate:
    """A share from counts: posterior median and interval under a Beta(prior, prior) prior (0.5 is Jeffreys')."""
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes:g} of {trials:g} is no share")
    a, b = successes + prior, trials - successes + prior
    tail = (1 - mass) / 2
    return Estimate(*(beta_quantile(q, a, b) for q in (0.5, tail, 1 - tail)))


def chance_share_above(bound: float, successes: float, trials: float, *, prior: float = 0.5) -> float:
    """Posterior probability that a share lies above a bound."""
    return 1.0 - beta_cdf(bound, successes + prior, trials - successes + prior)


def binomial_tail(successes: int, trials: int, chance: float) -> float:
    """P(at least this many successes) when each trial succeeds with ``chance``; exact."""
    if successes <= 0:
        return 1.0
    return beta_cdf(chance, successes, trials - successes + 1)


@dataclass(frozen=True)
class Difference:
    """Change between two shares, after less before, with its interval, z score and chance of a fall."""

    change: float
    low: float
    high: float
    z: float
    chance_fall: float


def two_shares(
    before: float, n_before: float, after: float, n_after: float, *, design_effect: float = 1.0, mass: float = 0.95
) -> Difference:
    """Two polls compared: shares 0-1 with their sample sizes, which a design effect makes smaller.

    Normal approximation with unpooled variance (Agresti and Caffo's standard error, without their added counts); the
    posterior chance of a fall follows from the same normal.
    """
    spread = math.sqrt(design_effect * (before * (1 - before) / n_before + after * (1 - after) / n_after))
    change = after - before
    reach = NormalDist().inv_cdf((1 + mass) / 2) * spread
    z = change / spread if spread else math.copysign(math.inf, change) if change else 0.0
    return Difference(change, change - reach, change + reach, z, NormalDist().cdf(-z))


def pooled_share(shares: Sequence[float], sizes: Sequence[float]) -> float:
    """Shares of several polls weighted by their sample sizes."""
    return float(np.average(np.asarray(shares, dtype=float), weights=np.asarray(sizes, dtype=float)))


# -- rates --------------------------------------------------------------------------------------------------------


def rate(events: float, exposure: float, *, prior: float = 0.5, mass: float = 0.95) -> Estimate:
    """Events per unit of exposure: posterior median and interval under a Gamma(prior) prior (0.5 is Jeffreys')."""
    if exposure <= 0:
        raise ValueError("a rate needs exposure above 0")
    tail = (1 - mass) / 2
    return Estimate(*(gamma_quantile(q, events + prior) / exposure for q in (0.5, tail, 1 - tail)))


def rate_ratio(
    events: float,
    exposure: float,
    other_events: float,
    other_exposure: float,
    *,
    prior: float = 0.5,
    mass: float = 0.95,
) -> Estimate:
    """Rate over another rate: posterior median and interval, both rates with Gamma(prior) priors.

    With independent gammas the share of the first is Beta, and the ratio its odds times the exposures' ratio; no draws.
    """
    a, b = events + prior, other_events + prior
    tail = (1 - mass) / 2
    scale = other_exposure / exposure
    odds = [beta_quantile(q, a, b) for q in (0.5, tail, 1 - tail)]
    return Estimate(*(scale * x / (1 - x) if x < 1 else math.inf for x in odds))


def chance_ratio_above(
    bound: float, events: float, exposure: float, other_events: float, other_exposure: float, *, prior: float = 0.5
) -> float:
    """Posterior probability that the first rate is more than ``bound`` times the other."""
    odds = bound * exposure / other_exposure
    return 1.0 - beta_cdf(odds / (1 + odds), events + prior, other_events + prior)


def gamma_cdfs(x: NDArray[np.float64], shape: NDArray[np.float64]) -> NDArray[np.float64]:
    """P(X <= x) for X ~ Gamma(shape) with unit rate, for arrays that broadcast; as ``gamma_cdf``, all at once."""
    x, shape = np.broadcast_arrays(np.asarray(x, dtype=float), np.asarray(shape, dtype=float))
    known, place = np.unique(shape, return_inverse=True)
    logs = np.array([math.lgamma(value) for value in known])[place].reshape(shape.shape)
    positive = np.maximum(x, _TINY)
    front = np.exp(shape * np.log(positive) - positive - logs)
    below = x < shape + 1
    out = np.empty(x.shape)
    out[below] = front[below] * _rising_sum(positive[below], shape[below])
    out[~below] = 1.0 - front[~below] * _falling_fraction(positive[~below], shape[~below])
    return np.where(x <= 0, 0.0, np.clip(out, 0.0, 1.0))


def _rising_sum(x: NDArray[np.float64], shape: NDArray[np.float64]) -> NDArray[np.float64]:
    """1/a + x/(a(a+1)) + x^2/(a(a+1)(a+2)) + ..., for x < a + 1."""
    term = total = 1.0 / shape
    n = shape
    while np.any(term > 1e-15 * total):
        n = n + 1
        term = term * (x / n)
        total = total + term
    return total


def _falling_fraction(x: NDArray[np.float64], shape: NDArray[np.float64]) -> NDArray[np.float64]:
    """The continued fraction of the upper tail by Lentz's method, for x >= a + 1."""
    value = c = np.full(x.shape, _TINY)
    d = np.zeros(x.shape)
    for n in range(1, 1000):
        a = 1.0 if n == 1 else -(n - 1) * (n - 1 - shape)
        b = x + 2 * n - 1 - shape
        lower, upper = b + a * d, b + a / c
        d = 1.0 / np.where(lower == 0, _TINY, lower)
        c = np.where(upper == 0, _TINY, upper)
        step = c * d
        value = value * step
        if np.all(np.abs(step - 1.0) < 1e-14):
            break
    return value


def rank_chances(
    own: tuple[float, float], others: Sequence[tuple[float, float]], *, prior: float = 0.5, steps: int = 200
) -> NDArray[np.float64]:
    """Posterior chance of each rank, 1 the highest, of one rate among others: shape ``(len(others) + 1,)``.

    Rates are given as (events, exposure), with Gamma(prior) priors. At each of ``steps`` values of the own rate the
    others exceed it independently, so their number has a Poisson binomial distribution (Hodges and Le Cam 1960); these
    are weighed by the own rate's posterior. No draws.
    """
    events, exposure = own[0] + prior, own[1]
    # Denser towards 0, where the posterior of a rate without events piles up.
    edges = (events + 9 * math.sqrt(events) + 25) * np.linspace(0.0, 1.0, steps + 1) ** max(3.0, 2 / events)
    weights = np.diff(gamma_cdfs(edges, np.array(events)))
    middles = (edges[1:] + edges[:-1]) / 2 / exposure
    shapes, times = (np.array([item[part] for item in others], dtype=float) for part in (0, 1))
    above = 1.0 - gamma_cdfs(middles[:, None] * times, shapes + prior)
    chances = np.zeros((steps, len(others) + 1))
    chances[:, 0] = 1.0
    for more in above.T[:, :, None]:
        chances[:, 1:] = chances[:, 1:] * (1 - more) + chances[:, :-1] * more
        chances[:, :1] *= 1 - more
    return weights @ chances / weights.sum()


# -- orders and breaks ------------------------------------------------------------------------------------------------


def permutation_test(
    values: Sequence[float], chosen: Sequence[bool], rng: np.random.Generator, n: int = 20_000
) -> tuple[float, float]:
    """Is the mean of the chosen lower than that of random sets of the same size: (difference of means, p of as low).

    The chosen set itself counts as one of the draws (Phipson and Smyth 2010), so p is never 0.
    """
    amounts, mask = np.asarray(values, dtype=float), np.asarray(chosen, dtype=bool)
    size = int(mask.sum())
    if not 0 < size < len(amounts):
        raise ValueError("choose some of the values, not none and not all")
    observed = amounts[mask].mean() - amounts[~mask].mean()
    order = np.argsort(rng.random((n, len(amounts))), axis=1)
    means = amounts[order[:, :size]].mean(axis=1)
    others = (amounts.sum() - size * means) / (len(amounts) - size)
    as_low = int((means - others <= observed + 1e-12).sum())
    return float(observed), (as_low + 1) / (n + 1)


def change_point(
    counts: Sequence[float], exposure: Sequence[float] | None = None
) -> tuple[int, float, NDArray[np.float64]]:
    """The likeliest single break in a series of Poisson counts.

    Returns (index of the first period after the break, log likelihood ratio against no break, posterior over the break under
    an even prior). Profile likelihood with one mean on each side (Raftery and Akman, Biometrika 73, 1986, use the same model).
    """
    y = np.asarray(counts, dtype=float)
    t = np.ones_like(y) if exposure is None else np.asarray(exposure, dtype=float)
    if len(y) < 3:
        raise ValueError("a break needs at least three periods")

    def likelihood(events: float, time: float) -> float:
        return events * math.log(events / time) - events if events > 0 else 0.0

    none = likelihood(float(y.sum()), float(t.sum()))
    gains = np.array(
        [
            likelihood(float(y[:k].sum()), float(t[:k].sum()))
            + likelihood(float(y[k:].sum()), float(t[k:].sum()))
            - none
            for k in range(1, len(y))
        ]
    )
    weights = np.exp(gains - gains.max())
    best = int(np.argmax(gains))
    return best + 1, float(gains[best]), weights / weights.sum()
