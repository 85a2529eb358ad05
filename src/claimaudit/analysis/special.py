"""Beta and gamma distributions with numpy alone: distribution functions and quantiles.

The distribution functions are the regularised incomplete beta and gamma functions, by the continued fraction and series
of the Digital Library of Mathematical Functions (https://dlmf.nist.gov/8.17.E22, 8.11.E4 and 8.9.E2); continued fractions
are summed by Lentz's method (Applied Optics 15, 1976), quantiles found by Newton's steps within a bracket.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_TINY = 1e-300


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


def beta_cdf(x: float, a: float, b: float) -> float:
    """P(X <= x) for X ~ Beta(a, b), a and b above 0: the continued fraction of DLMF 8.17.22."""
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


def beta_quantile(q: float, a: float, b: float) -> float:
    """The q-quantile of Beta(a, b), q 0-1: by Newton's steps on ``beta_cdf`` (DLMF 8.17), kept within a bracket."""
    if not 0 < q < 1:
        return float(q >= 1)
    norm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)

    def density(x: float) -> float:
        return math.exp(norm + (a - 1) * math.log(x) + (b - 1) * math.log1p(-x))

    return _quantile(lambda x: beta_cdf(x, a, b), density, q, 0.0, 1.0)


def gamma_cdf(x: float, shape: float) -> float:
    """P(X <= x) for X ~ Gamma(shape) with unit rate, shape above 0.

    By the series DLMF 8.11.4 below ``shape + 1``, by the continued fraction DLMF 8.9.2 from there on.
    """
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


def gamma_quantile(q: float, shape: float) -> float:
    """The q-quantile of Gamma(shape) with unit rate, q from 0 to below 1: by Newton's steps on ``gamma_cdf`` (DLMF 8.2)."""
    if q <= 0:
        return 0.0
    high = shape + 10.0
    while gamma_cdf(high, shape) < q:
        high *= 2

    def density(x: float) -> float:
        return math.exp((shape - 1) * math.log(x) - x - math.lgamma(shape))

    return _quantile(lambda x: gamma_cdf(x, shape), density, q, 0.0, high)


def gamma_cdfs(x: NDArray[np.float64], shape: NDArray[np.float64]) -> NDArray[np.float64]:
    """P(X <= x) for X ~ Gamma(shape) with unit rate, in the shape ``x`` and ``shape`` broadcast to.

    As ``gamma_cdf`` (DLMF 8.11.4 and 8.9.2), all at once. ``ValueError`` when the two do not broadcast.
    """
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
