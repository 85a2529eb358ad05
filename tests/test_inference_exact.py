"""Statistics against closed forms: uniform, powers, exponentials and the error function, to twelve digits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from claimaudit.analysis import inference, special


def erlang(x: float, shape: int) -> float:
    """The gamma distribution of a whole shape: 1 - e^-x (1 + x + x^2/2 + ...)."""
    return 1 - math.exp(-x) * sum(x**k / math.factorial(k) for k in range(shape))


def binomial_sum(k: int, n: int, p: float) -> float:
    return sum(math.comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(k, n + 1))


# -- distribution functions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("x", [1e-6, 0.01, 0.2, 0.5, 0.75, 0.99, 1 - 1e-6])
def test_beta_distributions_with_closed_forms(x):
    exact = {"abs": 1e-12, "rel": 1e-11}

    assert special.beta_cdf(x, 1, 1) == pytest.approx(x, **exact)
    assert special.beta_cdf(x, 3, 1) == pytest.approx(x**3, **exact)
    assert special.beta_cdf(x, 1, 4) == pytest.approx(1 - (1 - x) ** 4, **exact)
    assert special.beta_cdf(x, 0.5, 0.5) == pytest.approx(2 / math.pi * math.asin(math.sqrt(x)), **exact)
    assert special.beta_cdf(x, 7, 13) == pytest.approx(binomial_sum(7, 19, x), **exact)
    assert special.beta_cdf(x, 40, 3) == pytest.approx(binomial_sum(40, 42, x), **exact)


def test_beyond_its_range_a_distribution_is_0_or_1():
    assert [special.beta_cdf(x, 2, 3) for x in (-0.5, 0.0, 1.0, 1.5)] == [0, 0, 1, 1]
    assert [special.gamma_cdf(x, 2) for x in (-1.0, 0.0)] == [0, 0]
    assert [special.beta_quantile(q, 2, 3) for q in (-1, 0, 1, 2)] == [0, 0, 1, 1]
    assert [special.gamma_quantile(q, 2) for q in (-1, 0)] == [0, 0]
    assert list(special.gamma_cdfs(np.array([-1.0, 0.0]), np.array(2.0))) == [0, 0]


@pytest.mark.parametrize("x", [1e-6, 0.3, 0.999, 1.0, 1.999, 2.0, 2.001, 4.0, 9.9, 30.0, 200.0])
def test_gamma_distributions_with_closed_forms(x):
    """On both sides of shape + 1, where the series gives way to the continued fraction."""
    shapes = np.array([1.0, 2.0, 3.0, 8.0, 20.0])
    many = special.gamma_cdfs(np.array(x), shapes)

    for shape, found in zip(shapes, many, strict=True):
        expected = erlang(x, int(shape))
        assert special.gamma_cdf(x, shape) == pytest.approx(expected, abs=1e-12)
        assert found == pytest.approx(expected, abs=1e-12)
    assert special.gamma_cdf(x, 0.5) == pytest.approx(math.erf(math.sqrt(x)), abs=1e-12)
    assert special.gamma_cdfs(np.array(x), np.array(0.5)) == pytest.approx(math.erf(math.sqrt(x)), abs=1e-12)


@pytest.mark.parametrize("q", [1e-9, 0.01, 0.3, 0.5, 0.9, 1 - 1e-9])
def test_quantiles_with_closed_forms(q):
    assert special.beta_quantile(q, 1, 1) == pytest.approx(q, rel=1e-9)
    assert special.beta_quantile(q, 4, 1) == pytest.approx(q**0.25, rel=1e-9)
    assert special.beta_quantile(q, 1, 6) == pytest.approx(-math.expm1(math.log1p(-q) / 6), rel=1e-6)
    assert special.beta_quantile(q, 0.5, 0.5) == pytest.approx(math.sin(math.pi * q / 2) ** 2, rel=1e-6)
    assert special.gamma_quantile(q, 1) == pytest.approx(-math.log1p(-q), rel=1e-6)


def test_a_gamma_quantile_far_above_its_shape_is_found():
    """Shape 1 and q = 1 - 1e-12: 27.6, beyond the first guess of 11."""
    assert special.gamma_quantile(1 - 1e-12, 1) == pytest.approx(12 * math.log(10), rel=1e-3)


# -- shares -----------------------------------------------------------------------------------------------------------


def test_a_share_with_an_even_prior():
    """None of four under a uniform prior: Beta(1, 5), so quantiles are 1 - (1 - q)^(1/5)."""
    found = inference.share(0, 4, prior=1.0, mass=0.9)

    expected = [1 - (1 - q) ** 0.2 for q in (0.5, 0.05, 0.95)]
    assert [found.value, found.low, found.high] == pytest.approx(expected)
    assert inference.chance_share_above(0.1, 0, 4, prior=1.0) == pytest.approx(0.9**5)
    assert inference.chance_share_above(0.5, 3, 3) == pytest.approx(1 - special.beta_cdf(0.5, 3.5, 0.5))


def test_the_prior_is_jeffreys_and_the_interval_holds_95_per_cent():
    """None of none: the arcsine law, whose quantiles are sin^2(pi q / 2)."""
    found = inference.share(0, 0)

    expected = [math.sin(math.pi * q / 2) ** 2 for q in (0.5, 0.025, 0.975)]
    assert [found.value, found.low, found.high] == pytest.approx(expected, rel=1e-6)
    assert inference.share(4, 4).high <= 1


@pytest.mark.parametrize(("successes", "trials"), [(-1, 4), (5, 4)])
def test_what_is_no_share_is_refused(successes, trials):
    with pytest.raises(ValueError, match=f"{successes} of {trials} is no share"):
        inference.share(successes, trials)


@pytest.mark.parametrize(
    ("successes", "trials", "chance"), [(1, 1, 0.3), (1, 6, 0.2), (6, 6, 0.2), (3, 6, 0.5), (17, 20, 0.9)]
)
def test_a_binomial_tail_is_the_sum_of_its_terms(successes, trials, chance):
    assert inference.binomial_tail(successes, trials, chance) == pytest.approx(binomial_sum(successes, trials, chance))
    assert inference.binomial_tail(0, trials, chance) == inference.binomial_tail(-1, trials, chance) == 1


# -- rates ------------------------------------------------------------------------------------------------------------


def test_a_rate_with_closed_forms():
    """No event in 4 years under a prior of 1: exponential, so -log(1 - q) / 4."""
    found = inference.rate(0, 4, prior=1.0, mass=0.8)

    assert [found.value, found.low, found.high] == pytest.approx([-math.log(1 - q) / 4 for q in (0.5, 0.1, 0.9)])
    jeffreys = inference.rate(0, 1)
    assert [math.erf(math.sqrt(x)) for x in (jeffreys.value, jeffreys.low, jeffreys.high)] == pytest.approx(
        [0.5, 0.025, 0.975]
    )
    for exposure in (0, -1):
        with pytest.raises(ValueError, match="exposure above 0"):
            inference.rate(1, exposure)


def test_a_ratio_of_rates_with_closed_forms():
    """No event each, prior 1: the share of the first is uniform, so the odds are q / (1 - q), times 6 / 2."""
    found = inference.rate_ratio(0, 2, 0, 6, prior=1.0, mass=0.5)

    assert [found.value, found.low, found.high] == pytest.approx([3, 1, 9])
    assert inference.chance_ratio_above(3, 0, 2, 0, 6, prior=1.0) == pytest.approx(0.5)
    assert inference.chance_ratio_above(1, 0, 2, 0, 6, prior=1.0) == pytest.approx(0.75)
    two = inference.rate_ratio(1, 1, 0, 1, prior=1.0, mass=0.5)  # Beta(2, 1): roots of q
    assert [two.value, two.low] == pytest.approx([math.sqrt(q) / (1 - math.sqrt(q)) for q in (0.5, 0.25)])
    jeffreys = inference.rate_ratio(0, 1, 0, 1)
    assert [jeffreys.value, jeffreys.low] == pytest.approx([1, math.tan(math.pi * 0.025 / 2) ** 2], rel=1e-5)


def test_a_rank_among_one_other_is_the_chance_that_it_is_higher():
    """Same exposure, no event each, prior 1: even. With three times the exposure the own rate is above with 1/4."""
    assert inference.rank_chances((0.0, 1.0), [(0.0, 1.0)], prior=1.0) == pytest.approx([0.5, 0.5], abs=1e-4)
    assert inference.rank_chances((0.0, 3.0), [(0.0, 1.0)], prior=1.0) == pytest.approx([0.25, 0.75], abs=1e-4)
    own = inference.rank_chances((2.0, 3.0), [(5.0, 4.0)])
    assert own[0] == pytest.approx(inference.chance_ratio_above(1, 2, 3, 5, 4), abs=1e-4)


# -- orders and breaks ------------------------------------------------------------------------------------------------


def test_a_permutation_p_value_counts_the_chosen_set_itself():
    """Ten values with the smallest chosen: a tenth of all sets; with few draws p is a whole number of (n + 1)ths."""
    values = list(range(10))
    chosen = [True] + [False] * 9
    change, p = inference.permutation_test(values, chosen, np.random.default_rng(3), 9_999)

    assert change == pytest.approx(0 - 5)
    assert p == pytest.approx(0.1, abs=0.01)
    highest = [False] * 9 + [True]
    assert inference.permutation_test(values, highest, np.random.default_rng(3), 50) == (5.0, 1.0)
    _, none = inference.permutation_test(range(40), [True] * 8 + [False] * 32, np.random.default_rng(0), 99)
    assert none == pytest.approx(0.01), "never 0"
    with pytest.raises(ValueError, match="not none and not all"):
        inference.permutation_test(values, [False] * 10, np.random.default_rng(0))


def test_a_break_by_hand():
    """2, 2, 8, 8: without a break 20 log 5 - 20; with one at two 4 log 2 + 16 log 8 - 20."""
    index, gain, posterior = inference.change_point([2, 2, 8, 8])

    def split(k: int, y=(2, 2, 8, 8)) -> float:
        left, right = sum(y[:k]), sum(y[k:])
        return left * math.log(left / k) + right * math.log(right / (4 - k)) - 20 * math.log(5)

    assert (index, gain) == (2, pytest.approx(4 * math.log(2) + 16 * math.log(8) - 20 * math.log(5)))
    weights = np.exp([split(k) for k in (1, 2, 3)])
    assert posterior == pytest.approx(weights / weights.sum())


def test_a_break_after_periods_without_events_and_with_exposure():
    """None, none, then 5 and 5: 10 log 5 - 10 log 2.5 = 10 log 2. With twice the exposure in half of them none is left."""
    assert inference.change_point([0, 0, 5, 5])[:2] == (2, pytest.approx(10 * math.log(2)))
    assert inference.change_point([5, 5, 10, 10], exposure=[1, 1, 2, 2])[1] == pytest.approx(0)
    assert inference.change_point([1, 2, 3])[0] in (1, 2)
    with pytest.raises(ValueError, match="at least three periods"):
        inference.change_point([1, 2])
