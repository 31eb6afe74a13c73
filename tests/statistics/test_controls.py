"""Control variates: against ordinary least squares, by hand, and where there is nothing to be won."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics import estimate
from analysis.statistics.comparisons import compare_family
from analysis.statistics.controls import FROM_N, adjusted, chosen, controls_of, width_ratio
from analysis.statistics.steady_state import enough, needed


def intercept(y, d, confidence=0.95):
    """The intercept of a regression and its half-width, from the textbook formula by NumPy's matrices."""
    design = np.column_stack([np.ones(len(y)), d])
    coefficients, *_ = np.linalg.lstsq(design, y, rcond=None)
    degrees = len(y) - design.shape[1]
    variance = ((y - design @ coefficients) ** 2).sum() / degrees
    error = math.sqrt(variance * np.linalg.inv(design.T @ design)[0, 0])
    return coefficients[0], stats.t.ppf((1 + confidence) / 2, degrees) * error


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(6, 60), st.integers(1, 2), st.sampled_from([0.8, 0.95, 0.99]))
def test_it_is_the_intercept_of_a_regression(seed, n, q, confidence):
    rng = np.random.default_rng(seed)
    d = rng.normal(0.3, 1, (n, q)) * 10.0 ** rng.integers(-3, 4, q)
    y = 5 + d @ rng.normal(0, 1, q) + rng.normal(0, 1, n)
    found = adjusted(y, controls_of(d), confidence)
    assert (found.mean, found.half_width) == pytest.approx(intercept(y, d, confidence), rel=1e-6)
    assert found.n == n


def test_by_hand():
    # d = -1, 0, 1, 0, 2, -2, mean 0, Σd² = 10; y = 1, 2, 4, 2, 5, -2: mean 2, Σdy = -1 + 4 + 10 + 4 = 17, b = 1.7
    # residuals y - 2 - 1.7 d = 0.7, 0, 0.3, 0, -0.4, -0.6: Σ = 1.1, s² = 1.1 / 4; t(4, 0.975) = 2.776445
    found = adjusted([1, 2, 4, 2, 5, -2], controls_of([[-1], [0], [1], [0], [2], [-2]]))
    assert found.mean == pytest.approx(2)
    assert found.half_width == pytest.approx(2.776445105 * math.sqrt(1.1 / 4 / 6), rel=1e-9)
    # had one more come than expected each time, the excess is taken off: 2 - 1.7
    more = adjusted([1, 2, 4, 2, 5, -2], controls_of([[0], [1], [2], [1], [3], [-1]]))
    assert more.mean == pytest.approx(0.3)
    assert more.half_width == pytest.approx(2.776445105 * math.sqrt(1.1 / 4 * (1 / 6 + 1 / 10)), rel=1e-9)


def test_the_weights_sum_to_one_and_meet_every_control():
    d = np.random.default_rng(3).normal(1, 2, (20, 2))
    known = controls_of(d)
    assert known.weights.sum() == pytest.approx(1)
    assert known.weights @ d == pytest.approx([0, 0], abs=1e-12)
    assert known.degrees == 17


def test_sums_of_figures_are_sums_of_their_means():
    rng = np.random.default_rng(4)
    known, parts = controls_of(rng.normal(1, 2, (12, 1))), rng.normal(3, 1, (4, 12))
    assert adjusted(parts.sum(axis=0), known).mean == pytest.approx(sum(adjusted(part, known).mean for part in parts))


def test_a_spread_of_nothing_proves_nothing():
    d = np.arange(10.0)[:, None] - 4
    line = 7 + 0.1 * d[:, 0]
    assert adjusted(line, controls_of(d)) == estimate(line)
    pair = (line, np.zeros(10))
    assert repr(compare_family([pair], "lower", controls=[controls_of(d)])) == repr(compare_family([pair], "lower"))


def test_where_nothing_varies_all_is_plain():
    d = np.arange(10.0)[:, None] - 4
    assert adjusted([3.0] * 10, controls_of(d)) == estimate([3.0] * 10)
    assert controls_of(np.full((10, 1), 2.0)) is None
    assert chosen([[5.0] * 10], [5.0]) is None
    assert chosen([], []) is None


def test_missing_values_are_luck_too():
    y = [1.0, 2.0, math.nan, 4.0, 2.0, 3.0, 5.0]
    assert adjusted(y, controls_of(np.arange(7.0)[:, None])) == estimate(y)


def test_controls_that_say_the_same_count_once():
    d = np.random.default_rng(5).normal(0, 1, (12, 1))
    together = np.hstack([d, 3 * d, d + 1])
    assert controls_of(together).which == (0,)
    y = np.random.default_rng(6).normal(0, 1, 12)
    assert adjusted(y, controls_of(together)) == adjusted(y, controls_of(d))


def test_there_must_be_four_replications_more_than_controls():
    d = np.random.default_rng(7).normal(0, 1, (6, 3))
    assert controls_of(d[:4]) is None
    assert controls_of(d[:5]).which == (0,)
    assert controls_of(d).which == (0, 1)


def test_how_many_controls_is_a_matter_of_replications_alone():
    rng = np.random.default_rng(8)
    values, one, two = rng.normal(100, 5, (2, 40)), *FROM_N
    assert chosen(values[:, : one - 1], [100, 100]) is None
    assert chosen(values[:, :one], [100, 100]).which == (0,)
    assert chosen(values[:, : two - 1], [100, 100]).which == (0,)
    assert chosen(values[:, :two], [100, 100]).which == (0, 1)
    assert chosen([100 + 0.001 * values[0], values[1]], [100.1, 100]).which == (1,)  # the first hardly varies


def test_an_interval_never_leaves_what_is_possible():
    share = np.array([0.9, 0.99, 1.0, 0.97, 1.0, 1.0, 0.95, 1.0, 0.99, 1.0])
    known = controls_of(100 * (1 - share)[:, None] + np.arange(10)[:, None] * 0.1 + 5)
    assert adjusted(share, known).high > 1
    assert adjusted(share, known, within=(0.0, 1.0)) == estimate(share)


@pytest.mark.parametrize("q", [1, 2])
def test_coverage_is_exact_for_normal_figures(q):
    rng, experiments, n, held = np.random.default_rng(9), 4000, 12, 0
    for _ in range(experiments):
        d = rng.normal(0, 1, (n, q))
        found = adjusted(d.sum(axis=1) + rng.normal(0, 0.5, n), controls_of(d))
        held += abs(found.mean) <= found.half_width
    assert abs(held / experiments - 0.95) < 4 * math.sqrt(0.95 * 0.05 / experiments)


def test_what_is_won_is_what_the_correlation_leaves():
    # √(1 - ρ²) = 0.6 for ρ = 0.8, times what the degree of freedom costs: little with 400 replications
    rng = np.random.default_rng(10)
    d = rng.normal(0, 1, 400)
    ratio = width_ratio(0.8 * d + 0.6 * rng.normal(0, 1, 400), controls_of(d[:, None]))
    assert ratio == pytest.approx(0.6, abs=0.06)


def test_precision_is_reached_sooner():
    rng = np.random.default_rng(11)
    d = rng.normal(0, 1, 40)
    values, known = 10 + 5 * d + rng.normal(0, 0.5, 40), controls_of(d[:, None])
    assert not enough(values, 0.05)
    assert enough(values, 0.05, controls=known)
    assert needed(values, 0.05, controls=known) < 40 < needed(values, 0.05)


def test_a_difference_is_proven_sooner():
    rng = np.random.default_rng(12)
    d, base = rng.normal(0, 1, 20), rng.normal(50, 1, 20)
    other, known = base + 0.2 + d + rng.normal(0, 0.1, 20), controls_of(d[:, None])
    (plain,) = compare_family([(other, base)], "lower")
    (better,) = compare_family([(other, base)], "lower", controls=[known])
    assert (plain.verdict, better.verdict) == ("not proven", "worse")
    mean, half = intercept(other - base, d)
    assert (better.difference.mean, better.difference.half_width) == pytest.approx((mean, half))
    assert better.p == pytest.approx(2 * stats.t.sf(mean / half * stats.t.ppf(0.975, 18), 18))
    assert better.plain_half_width == plain.difference.half_width
    assert better.needed == 20


def test_differences_with_few_values_or_gaps_stay_plain():
    known = controls_of(np.random.default_rng(13).normal(0, 1, (8, 1)))
    few, gap = ([4.0] * 8, [0.0] * 8), ([1.0, 2.5, math.nan, 4, 5.5, 6, 7, 9], [0.0] * 8)
    for pair in (few, gap):
        assert repr(compare_family([pair], "lower", controls=[known])) == repr(compare_family([pair], "lower"))
