"""Distributions and Monte Carlo: draws, distribution functions and quantiles agree, and nothing is random by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimaudit.analysis.monte_carlo import interval, share_true, simulate
from claimaudit.analysis.uncertainty import (
    Constant,
    LogNormal,
    Mixture,
    Split,
    Triangular,
    Uniform,
    chance_of_order,
    from_range,
)

EACH = [
    Split(2, 3, 8),
    Split(2, 2, 8),
    Uniform(-1, 4),
    Triangular(0, 1, 5),
    Triangular(0, 0, 5),
    LogNormal(10, 1000),
    Constant(4),
    Mixture((Uniform(0, 1), Triangular(5, 6, 9)), (3, 1)),
]
numbers = st.floats(-1e6, 1e6)


@pytest.mark.parametrize("part", EACH, ids=repr)
def test_draws_follow_the_distribution_function(part):
    draws = part.sample(np.random.default_rng(1), 40_000)

    assert draws.shape == (40_000,)
    for q in (0.05, 0.25, 0.5, 0.75, 0.95):
        at = float(part.quantile([q])[0])
        assert np.mean(draws <= at) == pytest.approx(part.cdf(at), abs=0.012)


@pytest.mark.parametrize("part", [part for part in EACH if not isinstance(part, Constant)], ids=repr)
def test_quantile_undoes_the_distribution_function(part):
    for q in (0.02, 0.3, 0.5, 0.81, 0.97):
        assert part.cdf(float(part.quantile([q])[0])) == pytest.approx(q, abs=1e-6)


def test_the_same_seed_gives_the_same_draws():
    parts = {"a": Triangular(0, 1, 5), "b": LogNormal(1, 9)}

    one, two = (simulate(parts, np.random.default_rng(7), 50, together=[("a", "b", 0.5)]) for _ in range(2))

    assert all((one[name] == two[name]).all() for name in parts)


def test_lognormal_has_its_90_percent_interval():
    part = LogNormal(10, 1000)

    assert part.quantile([0.05, 0.5, 0.95]) == pytest.approx([10, 100, 1000])


def test_split_has_the_stated_value_as_median():
    assert from_range(2, 3, 8).cdf(3) == 0.5
    assert Split(2, 2, 8).cdf(5) == pytest.approx(0.5), "a bound is no median: the mass is spread over the range"


def test_mixture_keeps_rivals_apart():
    part = Mixture((Constant(1.0), Constant(3.0)), (1, 3))

    assert part.cdf(2) == 0.25
    assert set(part.sample(np.random.default_rng(0), 200)) == {1.0, 3.0}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Split(3, 2, 8), "a range must rise"),
        (lambda: Triangular(0, 9, 5), "a range must rise"),
        (lambda: Split(0, float("nan"), 1), "finite"),
        (lambda: LogNormal(0, 5), "above 0"),
        (lambda: Mixture((Constant(1),), (1, 2)), "one weight for each part"),
        (lambda: Mixture((Constant(1),), (0,)), "not all 0"),
        (lambda: simulate({"a": Constant(1)}, np.random.default_rng(0), 5, together=[("a", "b", 0.5)]), "'b'"),
    ],
)
def test_impossible_inputs_say_why(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_impossible_correlations_say_so():
    parts = {name: Uniform(0, 1) for name in "abc"}
    pairs = [("a", "b", 0.95), ("b", "c", 0.95), ("a", "c", -0.95)]

    with pytest.raises(ValueError, match="cannot hold together"):
        simulate(parts, np.random.default_rng(0), 10, together=pairs)


@pytest.mark.parametrize("rho", [-0.8, 0.0, 0.4, 0.9])
def test_correlated_inputs_keep_their_draws_and_follow_the_correlation(rho):
    parts = {"a": Triangular(0, 1, 5), "b": LogNormal(1, 50)}

    free = simulate(parts, np.random.default_rng(3), 20_000)
    tied = simulate(parts, np.random.default_rng(3), 20_000, together=[("a", "b", rho)])

    assert (np.sort(tied["b"]) == np.sort(free["b"])).all()
    ranks = [np.argsort(np.argsort(tied[name])) for name in "ab"]
    assert np.corrcoef(*ranks)[0, 1] == pytest.approx(rho, abs=0.02)


@pytest.mark.parametrize(
    ("smaller", "larger", "factor", "expected"),
    [
        (Uniform(0, 1), Uniform(2, 3), 1.0, 1.0),
        (Uniform(2, 3), Uniform(0, 1), 1.0, 0.0),
        (Uniform(0, 1), Uniform(0, 1), 1.0, 0.5),
        (Uniform(0, 1), Uniform(0, 1), 2.0, 0.75),  # by hand: the area below y = 2x in the unit square
        (Constant(1), Constant(1), 1.0, 0.5),
        (Uniform(0, 2), Constant(0.5), 1.0, 0.25),
    ],
)
def test_chance_of_order_by_hand(smaller, larger, factor, expected):
    assert chance_of_order(smaller, larger, factor) == pytest.approx(expected, abs=2e-3)


@given(st.tuples(numbers, numbers, numbers).map(sorted), st.tuples(numbers, numbers, numbers).map(sorted))
@settings(max_examples=60)
def test_chance_of_order_and_its_reverse_add_to_one(one, other):
    a, b = Split(*one), Split(*other)

    assert chance_of_order(a, b, points=100) + chance_of_order(b, a, points=100) == pytest.approx(1, abs=0.02)


def test_shares_and_intervals_of_draws():
    share, error = share_true(np.array([True] * 30 + [False] * 70))

    assert (share, error) == (pytest.approx(0.3), pytest.approx(0.0458, abs=1e-4))
    assert interval(np.arange(101.0)) == pytest.approx((5.0, 50.0, 95.0))
