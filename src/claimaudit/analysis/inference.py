"""Small exact statistics with numpy alone: intervals for shares and rates, comparisons, permutation and change points.

Intervals are central and hold ``mass`` of the posterior or confidence. Shares and probabilities are 0-1. The distribution
functions behind them stand in ``special.py``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from claimaudit.analysis.special import beta_cdf, beta_quantile, gamma_cdfs, gamma_quantile


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval: ``value`` is the posterior median or the point estimate."""

    value: float
    low: float
    high: float


# -- shares -------------------------------------------------------------------------------------------------------


def share(successes: float, trials: float, *, prior: float = 0.5, mass: float = 0.95) -> Estimate:
    """A share (0-1) from counts: posterior median and interval under a Beta(prior, prior) prior.

    A prior of 0.5 is Jeffreys' (Brown, Cai and DasGupta, Statistical Science 16, 2001). Raises ``ValueError`` unless
    0 <= successes <= trials.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes:g} of {trials:g} is no share")
    a, b = successes + prior, trials - successes + prior
    tail = (1 - mass) / 2
    return Estimate(*(beta_quantile(q, a, b) for q in (0.5, tail, 1 - tail)))


def chance_share_above(bound: float, successes: float, trials: float, *, prior: float = 0.5) -> float:
    """Posterior probability that a share lies above a bound (0-1), under the prior of ``share``: exact (DLMF 8.17)."""
    return 1.0 - beta_cdf(bound, successes + prior, trials - successes + prior)


def binomial_tail(successes: int, trials: int, chance: float) -> float:
    """P(at least this many successes) when each trial succeeds with ``chance`` (0-1): exact, as a Beta's cdf (DLMF 8.17.5)."""
    if successes <= 0:
        return 1.0
    return beta_cdf(chance, successes, trials - successes + 1)


# -- rates --------------------------------------------------------------------------------------------------------


def rate(events: float, exposure: float, *, prior: float = 0.5, mass: float = 0.95) -> Estimate:
    """Events per unit of exposure: posterior median and interval under a Gamma(prior) prior.

    A prior of 0.5 is Jeffreys' (Gelman et al., Bayesian Data Analysis, 2013, section 2.8). Raises ``ValueError`` unless the
    exposure is above 0.
    """
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

    With independent gammas the share of the first is Beta (Johnson, Kotz and Balakrishnan, Continuous Univariate
    Distributions 2, 1995, chapter 25), and the ratio its odds times the exposures' ratio; no draws. The ratio has no unit.
    """
    a, b = events + prior, other_events + prior
    tail = (1 - mass) / 2
    scale = other_exposure / exposure
    odds = [beta_quantile(q, a, b) for q in (0.5, tail, 1 - tail)]
    return Estimate(*(scale * x / (1 - x) if x < 1 else math.inf for x in odds))


def chance_ratio_above(
    bound: float, events: float, exposure: float, other_events: float, other_exposure: float, *, prior: float = 0.5
) -> float:
    """Posterior probability that the first rate is more than ``bound`` times the other: exact (DLMF 8.17)."""
    odds = bound * exposure / other_exposure
    return 1.0 - beta_cdf(odds / (1 + odds), events + prior, other_events + prior)


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
    return np.asarray(weights @ chances / weights.sum())


# -- orders and breaks ------------------------------------------------------------------------------------------------


def permutation_test(
    values: Sequence[float], chosen: Sequence[bool], rng: np.random.Generator, n: int = 20_000
) -> tuple[float, float]:
    """Is the mean of the chosen lower than that of random sets of the same size: (difference of means, p of as low).

    ``values`` and ``chosen`` have shape ``(periods,)``; the difference is in their unit. The chosen set itself counts as one
    of the ``n`` draws (Phipson and Smyth 2010), so p is never 0. Raises ``ValueError`` when none or all are chosen.
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
    an even prior: shape ``(periods - 1,)``, the first for a break after the first period). Profile likelihood with one mean on
    each side (Raftery and Akman, Biometrika 73, 1986, use the same model). Raises ``ValueError`` under three periods.
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
