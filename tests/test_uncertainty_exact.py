"""Distributions against areas worked out by hand, at their ends and corners too."""

from __future__ import annotations

import math

import numpy as np
import pytest

from claimaudit.analysis.monte_carlo import interval, monte_carlo, share_true, simulate
from claimaudit.analysis.uncertainty import (
    Constant,
    Distribution,
    LogNormal,
    Mixture,
    Split,
    Triangular,
    Uniform,
    chance_of_order,
)


@pytest.mark.parametrize(
    ("part", "x", "area"),
    [
        (Split(2, 3, 8), 1.99, 0), (Split(2, 3, 8), 2, 0), (Split(2, 3, 8), 2.5, 0.25), (Split(2, 3, 8), 5.5, 0.75),
        (Split(2, 3, 8), 8, 1), (Split(2, 3, 8), 9, 1), (Split(2, 8, 8), 5, 0.5), (Split(3, 3, 3), 3, 1),
        (Split(3, 3, 3), 2.9, 0), (Uniform(-1, 3), 0, 0.25), (Constant(4), 4, 1), (Constant(4), 3.9, 0),
        (Triangular(0, 1, 5), 0, 0), (Triangular(0, 1, 5), 0.5, 0.05), (Triangular(0, 1, 5), 1, 0.2),
        (Triangular(0, 1, 5), 3, 0.8), (Triangular(0, 1, 5), 5, 1), (Triangular(0, 1, 5), 6, 1),
        (Triangular(1, 1, 1), 1, 1), (Triangular(1, 1, 1), 0.9, 0), (Triangular(0, 0, 2), 1, 0.75),
        (Triangular(0, 2, 2), 1, 0.25), (LogNormal(10, 1000), 100, 0.5), (LogNormal(10, 1000), 0, 0),
        (LogNormal(10, 1000), -1, 0), (LogNormal(10, 1000), 1000, 0.95), (LogNormal(7, 7), 7, 1), (LogNormal(7, 7), 6.9, 0),
        (Mixture((Uniform(0, 1), Uniform(2, 4)), (1, 3)), 0.5, 0.125), (Mixture((Uniform(0, 1), Uniform(2, 4)), (1, 3)), 3, 0.625),
    ],
)  # fmt: skip
def test_areas(part, x, area):
    assert part.cdf(x) == pytest.approx(area)
    assert isinstance(part, Distribution)


@pytest.mark.parametrize(
    ("part", "q", "points"),
    [
        (Split(2, 3, 8), [0, 0.25, 0.5, 0.75, 1], [2, 2.5, 3, 5.5, 8]),
        (Split(2, 2, 8), [0, 0.5, 1], [2, 5, 8]),
        (Triangular(0, 1, 5), [0, 0.05, 0.2, 0.8, 1], [0, 0.5, 1, 3, 5]),
        (Triangular(4, 4, 4), [0, 0.5, 1], [4, 4, 4]),
        (LogNormal(10, 1000), [0, 0.05, 0.5, 1], [0, 10, 100, math.inf]),
        (Constant(4), [0, 1], [4, 4]),
        (Mixture((Uniform(0, 1), Uniform(2, 4)), (1, 3)), [0.125, 0.25, 0.625, 1], [0.5, 1, 3, 4]),
        (Mixture((Constant(9), Uniform(2, 4)), (0, 3)), [0.5, 1], [3, 4]),
    ],
)
def test_quantiles(part, q, points):
    assert part.quantile(q) == pytest.approx(points)
    assert part.quantile(np.reshape(q[:2], (2, 1))).shape == (2, 1)


def test_draws_stay_within_their_range():
    rng = np.random.default_rng(0)

    assert set(Triangular(4, 4, 4).sample(rng, 3)) == set(Constant(4).sample(rng, 3)) == {4.0}
    assert len(Triangular(4, 4, 4).sample(rng, 3)) == 3
    mixed = Mixture((Uniform(0, 1), Uniform(2, 4)), (1, 3)).sample(rng, 4_000)
    assert ((mixed <= 1) | (mixed >= 2)).all()
    assert (mixed <= 1).mean() == pytest.approx(0.25, abs=0.03)
    logs = np.log(LogNormal(10, 1000).sample(rng, 20_000))
    assert (logs.mean(), logs.std()) == pytest.approx((math.log(100), math.log(10) / 1.6448536), abs=0.03)


def test_lognormal_moments_of_the_logarithm():
    part = LogNormal(math.exp(1), math.exp(5))

    assert (part.mu, part.sigma) == pytest.approx((3, 2 / 1.6448536))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Split(0, 1, math.inf), "finite"),
        (lambda: Triangular(2, 1, 3), "a range must rise: 2, 1, 3"),
        (lambda: LogNormal(5, 4), "a range must rise"),
        (lambda: LogNormal(-1, 4), "above 0, not -1"),
        (lambda: Mixture((), ()), "one weight for each part"),
        (lambda: Mixture((Constant(1), Constant(2)), (-1, 2)), "0 or more"),
    ],
)
def test_ranges_that_are_none(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("smaller", "larger", "factor", "expected"),
    [
        (Uniform(0, 1), Uniform(1, 2), 1.0, 1.0),
        (Uniform(1, 2), Uniform(0, 1), 1.0, 0.0),
        (Uniform(0, 2), Uniform(1, 3), 1.0, 0.875),  # the corner above x > y is a triangle of 1/2 in 4
        (Uniform(0, 1), Uniform(0, 1), 0.5, 0.25),
        (Uniform(0, 1), Uniform(0, 1), 3.0, 1 - 1 / 6),
        (Constant(2), Constant(1), 2.0, 0.5),
        (Constant(1), Constant(2), 1.0, 1.0),
        (Constant(3), Constant(2), 1.0, 0.0),
        (Split(0, 1, 4), Constant(2.5), 1.0, 0.75),
        (Triangular(0, 1, 2), Constant(1.5), 1.0, 0.875),
        (LogNormal(1, 4), Constant(2), 1.0, 0.5),
    ],
)
def test_the_chance_that_one_is_smaller(smaller, larger, factor, expected):
    assert chance_of_order(smaller, larger, factor) == pytest.approx(expected, abs=1e-3)
    assert chance_of_order(smaller, larger, factor, points=50) == pytest.approx(expected, abs=0.011)


def test_a_grid_of_one_point_compares_the_medians():
    assert chance_of_order(Uniform(0, 2), Uniform(1, 5), points=1) == 1.0
    assert chance_of_order(Uniform(0, 9), Uniform(1, 5), points=1) == 0.0
    assert chance_of_order(Uniform(0, 6), Uniform(1, 5), points=1) == 0.5, "a tie is half"


def test_draws_without_correlation_are_those_of_each_input():
    parts = {"a": Uniform(0, 1), "b": Constant(3)}
    draws = simulate(parts, np.random.default_rng(5), 4)

    assert list(draws["a"]) == list(np.random.default_rng(5).random(4))
    assert list(draws["b"]) == [3] * 4
    with pytest.raises(ValueError, match="no input is called 'c'"):
        simulate(parts, np.random.default_rng(5), 4, together=[("c", "d", 0.2)])


def test_three_inputs_follow_their_own_correlations():
    parts = {name: Uniform(0, 1) for name in "abc"}
    tied = simulate(parts, np.random.default_rng(1), 20_000, together=[("a", "b", 0.7), ("c", "b", -0.3)])
    ranks = {name: np.argsort(np.argsort(tied[name])) for name in "abc"}

    assert np.corrcoef(ranks["a"], ranks["b"])[0, 1] == pytest.approx(0.7, abs=0.02)
    assert np.corrcoef(ranks["c"], ranks["b"])[0, 1] == pytest.approx(-0.3, abs=0.02)
    assert np.corrcoef(ranks["a"], ranks["c"])[0, 1] == pytest.approx(0.0, abs=0.02)


def test_a_model_takes_its_draws_by_name():
    parts = {"a": Uniform(0, 1), "b": Constant(3)}
    out = monte_carlo(lambda a, b: b - a, parts, np.random.default_rng(5), 4)

    assert list(out) == list(3 - np.random.default_rng(5).random(4))
    tied = monte_carlo(lambda a, b: a * b, {"a": Uniform(0, 1), "b": Uniform(0, 1)}, np.random.default_rng(5), 2000,
                       together=[("a", "b", 0.99)])  # fmt: skip
    assert tied.mean() == pytest.approx(1 / 3, abs=0.02), "of a square, not of two free inputs (1/4)"


def test_summaries_of_draws():
    assert share_true(np.array([True, False, False, False])) == pytest.approx((0.25, math.sqrt(0.1875 / 4)))
    assert interval(np.arange(101.0), 0.5) == pytest.approx((25, 50, 75))
    assert interval(np.arange(11.0), 1.0) == (0, 5, 10)
