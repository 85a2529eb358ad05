"""Statistics checked against figures from tables and by simulation, and against what they must never do."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimaudit.analysis import inference, special

counts = st.integers(0, 40)


@pytest.mark.parametrize(
    ("x", "a", "b", "expected"),
    [
        (0.5, 1, 1, 0.5),
        (0.3, 2, 5, 0.579825),  # 1 - 0.7^6 - 6 x 0.3 x 0.7^5, the binomial tail
        (0.25, 0.5, 0.5, 1 / 3),  # the arcsine law: 2/pi asin(sqrt x)
        (0.9, 30, 3, 0.366673),  # the binomial tail of 30 or more out of 32 at 0.9, summed by hand below
    ],
)
def test_beta_distribution(x, a, b, expected):
    if (a, b) == (30, 3):
        expected = sum(math.comb(32, k) * 0.9**k * 0.1 ** (32 - k) for k in range(30, 33))

    assert special.beta_cdf(x, a, b) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("x", "shape", "expected"),
    [
        (1.0, 1, 1 - math.exp(-1)),
        (3.0, 2, 1 - 4 * math.exp(-3)),
        (10.0, 4, 1 - math.exp(-10) * (1 + 10 + 50 + 1000 / 6)),
        (0.5, 0.5, math.erf(math.sqrt(0.5))),
    ],
)
def test_gamma_distribution(x, shape, expected):
    assert special.gamma_cdf(x, shape) == pytest.approx(expected, abs=1e-10)


@given(st.lists(st.tuples(st.floats(0, 120), st.floats(0.05, 60)), min_size=1, max_size=20))
def test_many_gamma_distributions_are_those_of_each(pairs):
    x, shape = (np.array([pair[part] for pair in pairs]) for part in (0, 1))

    expected = [special.gamma_cdf(*pair) for pair in pairs]
    assert special.gamma_cdfs(x, shape) == pytest.approx(expected, abs=1e-12)
    assert special.gamma_cdfs(x[:, None], shape[:3]).shape == (len(pairs), min(3, len(pairs)))


@given(st.floats(0.01, 0.99), st.floats(0.3, 60), st.floats(0.3, 60))
@settings(max_examples=80)
def test_quantiles_undo_the_distributions(q, a, b):
    assert special.beta_cdf(special.beta_quantile(q, a, b), a, b) == pytest.approx(q, abs=1e-6)
    assert special.gamma_cdf(special.gamma_quantile(q, a), a) == pytest.approx(q, abs=1e-6)


def test_share_interval_agrees_with_simulation():
    draws = np.random.default_rng(0).beta(8.5, 3.5, 200_000)
    found = inference.share(8, 11)

    assert [found.low, found.value, found.high] == pytest.approx(np.quantile(draws, [0.025, 0.5, 0.975]), abs=0.003)
    assert inference.chance_share_above(0.5, 8, 11) == pytest.approx((draws > 0.5).mean(), abs=0.004)


@given(counts, counts)
def test_a_share_stays_between_0_and_1_and_covers_its_count(successes, failures):
    trials = successes + failures
    if trials == 0:
        return
    found = inference.share(successes, trials)

    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.low <= (successes + 0.5) / (trials + 1) <= found.high


@given(counts, st.floats(0.1, 1e3), st.floats(1.1, 50))
@settings(max_examples=60)
def test_a_rates_interval_shrinks_with_exposure(events, exposure, times):
    short = inference.rate(events, exposure)
    long = inference.rate(events * round(times), exposure * round(times)) if round(times) > 1 else short
    wide, narrow = short.high - short.low, long.high - long.low

    assert narrow <= wide + 1e-12
    assert short.low <= short.value <= short.high


def test_rate_ratio_agrees_with_simulation():
    rng = np.random.default_rng(4)
    ratio = (rng.gamma(2.5, size=200_000) / 0.60) / (rng.gamma(12.5, size=200_000) / 1.40)
    found = inference.rate_ratio(2, 0.60, 12, 1.40)

    assert [found.low, found.value, found.high] == pytest.approx(np.quantile(ratio, [0.025, 0.5, 0.975]), rel=0.02)
    assert inference.chance_ratio_above(1, 2, 0.60, 12, 1.40) == pytest.approx((ratio > 1).mean(), abs=0.003)


def test_binomial_tail_by_hand():
    assert inference.binomial_tail(8, 11, 0.5) == pytest.approx((165 + 55 + 11 + 1) / 2048)
    assert inference.binomial_tail(0, 5, 0.2) == 1.0


def test_permutation_test_counts_all_sets():
    values, chosen = [1.0, 2.0, 10.0, 11.0, 12.0], [True, True, False, False, False]
    change, p = inference.permutation_test(values, chosen, np.random.default_rng(0), 40_000)

    assert change == pytest.approx(1.5 - 11)
    assert p == pytest.approx(0.1, abs=0.01), "one of the ten pairs is as low"
    with pytest.raises(ValueError, match="not none and not all"):
        inference.permutation_test(values, [True] * 5, np.random.default_rng(0))


def test_change_point_finds_a_plain_break():
    index, gain, posterior = inference.change_point([3, 4, 2, 3, 12, 14, 11])

    assert index == 4
    assert gain > 8
    assert posterior.sum() == pytest.approx(1)
    assert posterior.argmax() == 3


def test_change_point_respects_exposure():
    index, gain, _ = inference.change_point([10, 10, 20, 20, 10], exposure=[1, 1, 2, 2, 1])

    assert gain == pytest.approx(0, abs=1e-9), "the rate never changes"
    assert 1 <= index <= 4


# -- ranks ------------------------------------------------------------------------------------------------------------

rates = st.tuples(st.integers(0, 30).map(float), st.floats(0.3, 30))


def test_ranks_of_clear_cases():
    """A rate far above all others is first, one far below last; the chances add up to one."""
    others = [(10.0, 10.0)] * 8
    first = inference.rank_chances((300.0, 10.0), others)
    last = inference.rank_chances((0.0, 500.0), others)

    assert first.sum() == pytest.approx(1)
    assert first[0] > 0.999
    assert last[-1] > 0.999


def test_twins_share_all_ranks_alike():
    """By symmetry each of five rates with the same posterior has each rank with a fifth."""
    assert inference.rank_chances((3.0, 2.0), [(3.0, 2.0)] * 4) == pytest.approx([0.2] * 5, abs=1e-4)


@pytest.mark.parametrize(("own", "prior"), [((9.0, 3.2), 0.7), ((0.0, 3.0), 0.5), ((0.0, 30.0), 0.05)])
def test_ranks_agree_with_simulation_and_with_a_finer_grid(own, prior):
    rng = np.random.default_rng(1)
    events, exposure = rng.poisson(3, 30).astype(float), rng.uniform(0.3, 20, 30)
    others = list(zip(events, exposure, strict=True))
    found = inference.rank_chances(own, others, prior=prior)

    n = 100_000
    theirs = rng.gamma(events + prior, size=(n, 30)) / exposure
    drawn = (theirs > rng.gamma(own[0] + prior, size=(n, 1)) / own[1]).sum(axis=1)
    assert found == pytest.approx(np.bincount(drawn, minlength=31) / n, abs=0.006)
    assert found == pytest.approx(inference.rank_chances(own, others, prior=prior, steps=6400), abs=0.0005)


@given(rates, st.lists(rates, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_more_events_never_look_safer(own, others):
    """However many of the first ranks one looks at, one event more makes them no less likely."""
    few = inference.rank_chances(own, others)
    more = inference.rank_chances((own[0] + 1, own[1]), others)

    assert np.all(np.cumsum(more) >= np.cumsum(few) - 1e-3)
