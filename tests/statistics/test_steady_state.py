"""Start-up, batch means and precision: against their definitions, a book, and series whose truth is known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from analysis.statistics.intervals import estimate, estimate_rows
from analysis.statistics.steady_state import batch_means, enough, mser, needed, von_neumann, welch
from sim.faults import BadInput

BANK = [1.53, 1.66, 1.24, 2.34, 2.00, 1.69, 2.69, 2.86, 1.70, 2.60]


def naive_cut(series):
    """MSER-5 as it is defined, cut by cut."""
    batches = [np.mean(series[i : i + 5]) for i in range(0, len(series) - 4, 5)]
    errors = []
    for d in range(len(batches) // 2 + 1):
        rest = batches[d:]
        mean = sum(rest) / len(rest)
        errors.append(sum((z - mean) ** 2 for z in rest) / len(rest) ** 2)
    return 5 * errors.index(min(errors)), min(errors)


def autoregressive(correlation, shape, rng, start=0.0):
    """AR(1) of variance 1 around 0, along the last axis; `start` is added to the first value and decays."""
    noise = rng.normal(0, math.sqrt(1 - correlation**2), shape)
    noise[..., 0] = rng.normal(0, 1, shape[:-1]) + start
    return lfilter([1.0], [1.0, -correlation], noise)


# --- MSER-5 -------------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(50, 400), st.floats(0, 30))
def test_the_cut_is_that_of_the_definition(seed, length, start):
    series = autoregressive(0.8, (1, length), np.random.default_rng(seed), start)[0]
    assert mser(series).cut == naive_cut(series)[0]


def test_in_batches_of_a_week_the_days_are_no_start_up():
    week = np.array([0.0, 5.0, 9.0, 9.0, 9.0, 20.0, 1.0])
    rising = np.tile(week, 30) * np.repeat([0.2, 0.8, *[1.0] * 28], 7)
    assert (mser(rising, 7).cut, mser(rising, 7).mean) == (14, pytest.approx(week.mean()))
    assert mser(np.tile(week, 30), 7).cut == 0


def test_a_start_up_is_found():
    rng = np.random.default_rng(5)
    step = np.concatenate([np.full(100, 20.0), np.zeros(900)]) + rng.normal(0, 1, 1000)
    found = mser(step)
    assert 100 <= found.cut <= 150
    assert found.long_enough
    assert abs(found.mean) < 4 / 30
    assert str(found) == f"the first {found.cut} values are start-up"


def test_an_enormous_start_does_not_drown_what_follows():
    tail = autoregressive(0.5, (1, 900), np.random.default_rng(2))[0]
    assert mser(np.concatenate([np.full(100, 1e12), tail])).cut == 100 + mser(tail).cut


def test_a_settled_run_loses_nothing_and_a_constant_one_neither():
    assert str(mser(np.tile([0.1, 0.3], 100))) == "no start-up is seen"
    assert mser([0.1] * 200).cut == 0


def test_a_run_that_never_settles_is_too_short():
    found = mser(np.linspace(0, 1, 203))
    assert (found.long_enough, found.cut) == (False, 100)
    assert "too short" in str(found)


@pytest.mark.parametrize("series", [[1.0] * 49, [[1.0] * 100], [1.0] * 60 + [math.nan]])
def test_what_cannot_be_cut_is_refused(series):
    with pytest.raises(BadInput, match="at least 50 values in a row and no gaps"):
        mser(series)


def test_bias_is_cut_off_with_the_start_up():
    """A start of 10 that decays by 2 % a step adds 0.5 to the mean of 1,000; cut by MSER-5 less than 0.1 is left."""
    runs = autoregressive(0.98, (300, 1000), np.random.default_rng(11), start=10.0)
    raw, cut = runs.mean(), np.mean([mser(run).mean for run in runs])
    assert raw > 0.4
    assert abs(cut) < 0.1


# --- Welch's average ----------------------------------------------------------------------------------------------


def naive_welch(means, window):
    found = []
    for i in range(1, len(means) - window + 1):
        side = window if i > window else i - 1
        found.append(sum(means[i + s - 1] for s in range(-side, side + 1)) / (2 * side + 1))
    return found


@pytest.mark.parametrize("window", [1, 3, 10])
def test_welchs_average_is_that_of_the_definition(window):
    runs = np.random.default_rng(4).normal(3, 1, (5, 40))
    assert welch(runs, window) == pytest.approx(naive_welch(runs.mean(axis=0), window), rel=1e-9)


@pytest.mark.parametrize(("runs", "window"), [([[1] * 8], 3), ([[1] * 8], 0), ([1] * 8, 1)])
def test_windows_are_at_most_a_quarter(runs, window):
    with pytest.raises(BadInput, match="a window of 1 … a quarter"):
        welch(runs, window)


# --- batch means --------------------------------------------------------------------------------------------------


def test_batch_means_are_students_over_the_means_of_batches():
    x = np.random.default_rng(6).normal(0, 1, 1007)
    found = batch_means(x)
    assert found.size == 48  # 80 quarter batches of 12
    wanted = estimate(x[1007 - 960 :].reshape(20, 48).mean(axis=1))
    assert (found.estimate.mean, found.estimate.half_width) == pytest.approx((wanted.mean, wanted.half_width), rel=1e-9)


def test_batch_means_cover_what_they_promise():
    """400 runs of an AR(1) with lag-1 correlation 0.8: 95 % intervals hold 0, within four standard deviations."""
    runs = autoregressive(0.8, (400, 8000), np.random.default_rng(9))
    found = [batch_means(run) for run in runs]
    covered = sum(abs(each.estimate.mean) <= each.estimate.half_width for each in found)
    assert abs(covered - 380) < 4 * math.sqrt(400 * 0.95 * 0.05)
    naive = estimate_rows(runs.T)
    assert (np.abs(naive[0]) <= naive[1]).mean() < 0.6  # what it would be if the values were taken for independent


def test_von_neumann_passes_independent_values_and_sees_dependent_ones():
    rng = np.random.default_rng(10)
    passed = sum(von_neumann(x)[1] for x in rng.normal(0, 1, (2000, 80)))
    assert abs(passed - 1900) < 4 * math.sqrt(2000 * 0.95 * 0.05)
    assert sum(von_neumann(x)[1] for x in autoregressive(0.4, (200, 80), rng)) < 20


def test_the_lag1_correlation_by_hand():
    # means 2.5, deviations -1.5, -0.5, 0.5, 1.5: products 0.75 - 0.25 + 0.75 = 1.25 over 5
    assert von_neumann([1, 2, 3, 4])[0] == pytest.approx(0.25)
    assert von_neumann([0.1] * 10) == (0.0, True)


def test_a_run_of_few_batches_is_refused():
    with pytest.raises(BadInput, match="at least 20 batches; got 10"):
        batch_means([1.0] * 1000, 10)
    with pytest.raises(BadInput, match="at least 80 values"):
        batch_means([1.0] * 79)


# --- precision ----------------------------------------------------------------------------------------------------


def test_an_example_of_the_book():
    # Law (2015), sec. 9.4.1: mean 2.03, s^2 = 0.31; at 90 % a relative error of 0.10 takes 27 replications
    assert needed(BANK, 0.10, 0.90) == 27
    assert not enough(BANK, 0.10, 0.90)
    assert needed(BANK, 0.25, 0.90) == 10
    assert enough(BANK, 0.25, 0.90)


def test_what_is_needed_is_enough_and_one_fewer_is_not():
    x = np.array([2.0, 3.0, 4.0, 6.0])
    n = needed(x, 0.1)
    spread = x.std(ddof=1)
    for count, wanted in [(n, True), (n - 1, False)]:
        pattern = np.resize([1.0, -1.0], count)
        like = x.mean() + (pattern - pattern.mean()) / pattern.std(ddof=1) * spread  # same mean and deviation
        assert enough(like, 0.1) is wanted


def test_precision_is_never_judged_on_few_replications():
    assert not enough([5.0] * 9, 0.1)
    assert enough([5.0] * 10, 0.1)
    assert needed([5.0] * 3, 0.1) == 10


def test_what_is_always_nought_is_precise():
    assert enough([0.0] * 10, 0.1)
    assert not enough([0.0] * 9 + [1.0], 0.1)


def test_what_is_not_known_is_not_enough():
    assert not enough([math.nan] * 12, 0.1)
    assert not enough([5.0] * 9 + [math.nan] * 9, 0.1)
    assert needed([5.0], 0.1) is None
    assert needed([-1.0, 1.0], 0.1) is None


@pytest.mark.parametrize("target", [0, 1, -0.1, math.nan])
def test_a_target_is_a_share(target):
    with pytest.raises(BadInput, match="between 0 and 1"):
        enough(BANK, target)
