"""Estimates over replications: against scipy, against a book, and where numbers are missing."""

import doctest
import importlib
import math
import pkgutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import analysis
from analysis.statistics import Estimate, estimate, estimate_rows, normal_score, t_quantile

NAN = float("nan")
samples = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=60)

MODULES = ["analysis", *(m.name for m in pkgutil.walk_packages(analysis.__path__, "analysis."))]


@settings(deadline=None)
@given(samples, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_the_interval_is_students(values, confidence):
    found = estimate(values, confidence)
    mean, error = np.mean(values), stats.sem(values)
    assert found.mean == pytest.approx(mean, rel=1e-12, abs=1e-9)
    if error > 1e-6:
        low, high = stats.t.interval(confidence, len(values) - 1, mean, error)
        assert (found.low, found.high) == pytest.approx((low, high), rel=1e-9, abs=1e-9)


def test_an_example_of_the_book():
    # Law (2015), example 4.26: ten capsules, 1.34 with 0.24 to either side at 90 %
    found = estimate([1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09], 0.90)
    assert (round(found.mean, 2), round(found.half_width, 2)) == (1.34, 0.24)


def test_by_hand():
    # mean 3, sum of squares 2 -> s^2 = 1, s / sqrt(3) = 0.57735; t(2, 0.975) = 4.302653
    found = estimate([2, 3, 4])
    assert found.mean == 3
    assert found.half_width == pytest.approx(4.302652729911275 / math.sqrt(3), rel=1e-9)
    assert t_quantile(2) == pytest.approx(4.302652729911275, rel=1e-9)


def test_replications_with_nothing_to_measure_are_left_out_and_told():
    assert estimate([2, NAN, 3, NAN, 4]) == estimate([2, 3, 4])
    assert estimate([2, NAN, 3, NAN, 4]).n == 3


@pytest.mark.parametrize(("values", "n"), [([], 0), ([NAN, NAN], 0)])
def test_nothing_at_all(values, n):
    found = estimate(values)
    assert found.n == n
    assert math.isnan(found.mean)
    assert math.isnan(found.half_width)


def test_one_replication_proves_nothing():
    found = estimate([5.0])
    assert (found.mean, found.n) == (5.0, 1)
    assert math.isnan(found.half_width)
    assert not found.excludes(1000.0)
    assert str(found) == "5"


def test_an_interval_excludes_what_lies_outside_it_and_not_its_ends():
    found = Estimate(10.0, 2.0, 5)
    assert found.excludes(12.1)
    assert found.excludes(7.9)
    assert not found.excludes(12.0)
    assert not found.excludes(9.0)
    assert Estimate(10.0, 0.0, 5).excludes(10.1)
    assert not Estimate(10.0, 0.0, 5).excludes(10.0)


@settings(deadline=None)
@given(
    st.lists(st.lists(st.one_of(st.floats(-1e3, 1e3), st.just(NAN)), min_size=4, max_size=4), min_size=1, max_size=12)
)
def test_many_measures_at_once_are_as_one_by_one(table):
    values = np.array(table)
    means, halves, ns = estimate_rows(values)
    for column in range(4):
        one = estimate(values[:, column])
        assert ns[column] == one.n
        assert means[column] == pytest.approx(one.mean, rel=1e-9, abs=1e-9, nan_ok=True)
        assert halves[column] == pytest.approx(one.half_width, rel=1e-6, abs=1e-9, nan_ok=True)


def test_intervals_cover_what_they_promise():
    """95 % of 4,000 intervals from five normal values; the tolerance is four standard deviations of such a count."""
    rng = np.random.default_rng(7)
    means, halves, _ = estimate_rows(rng.normal(3.0, 2.0, (5, 4000)))
    covered = int((np.abs(means - 3.0) <= halves).sum())
    assert abs(covered - 3800) < 4 * math.sqrt(4000 * 0.95 * 0.05)


def test_a_normal_score_lies_as_far_out_as_its_t():
    for t, degrees in [(2.262157, 9), (-3.0, 4), (0.5, 30), (7.0, 11)]:
        score = normal_score(t, degrees)
        assert stats.norm.sf(abs(score)) == pytest.approx(stats.t.sf(abs(t), degrees), rel=1e-9)
        assert math.copysign(1, score) == math.copysign(1, t)
    assert normal_score(0.0, 5) == 0
    assert math.isnan(normal_score(NAN, 5))
    assert math.isnan(normal_score(1.0, 0))
    scores = [normal_score(t, 5) for t in stats.t.rvs(5, size=4000, random_state=3)]
    assert np.mean(np.square(scores)) == pytest.approx(1, abs=4 * math.sqrt(2 / 4000))


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name):
    failed, _ = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert failed == 0


def test_there_are_examples_in_docstrings():
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [test for name in MODULES for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(found) >= 3
