"""What a distribution's parameters mean: means, coefficients of variation, quantiles; and which are refused."""

import itertools
import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from sim.distributions import mean, sample
from sim.reading.sentences import sentence
from sim.scenario.distributions import Amounts, Times
from sim.scenario.shaped import QUANTILES

TIMES, AMOUNTS = TypeAdapter(Times), TypeAdapter(Amounts)

SHAPED = ("gamma", "lognormal", "weibull", "normal")
PAIRS = list(itertools.combinations(QUANTILES, 2))


def law(family: str, **parameters: object):
    return AMOUNTS.validate_python({family: parameters}).law()


def frozen(found):
    """The same distribution as scipy has it."""
    (shape,) = found.shape
    return {
        "gamma": lambda: scipy.stats.gamma(shape, scale=found.scale / shape),
        "lognormal": lambda: scipy.stats.lognorm(shape, scale=found.scale),
        "weibull": lambda: scipy.stats.weibull_min(shape, scale=found.scale),
        "normal": lambda: scipy.stats.truncnorm(-shape, math.inf, loc=found.shift, scale=found.scale),
    }[found.family]()


def refusal(family: str, **parameters: object) -> str:
    with pytest.raises(ValidationError) as caught:
        law(family, **parameters)
    return "; ".join(sentence(dict(detail)) for detail in caught.value.errors())


# --- mean and cv ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cv", [0.0001, 0.01, 0.3, 1, 2.5, 10])
@pytest.mark.parametrize("family", ["gamma", "lognormal", "weibull"])
def test_mean_and_cv_are_met_exactly(family, cv):
    found = law(family, mean=90, cv=cv)
    assert mean(found) == pytest.approx(90, rel=1e-9)
    assert frozen(found).mean() == pytest.approx(90, rel=1e-9)
    assert frozen(found).std() == pytest.approx(90 * cv, rel=1e-6)


@pytest.mark.parametrize("cv", [0.01, 0.3, 1, 5])
def test_the_mean_and_cv_of_a_bell_are_those_before_its_cut(cv):
    found = law("normal", mean=90, cv=cv)
    assert (found.shift, found.scale) == pytest.approx((90, 90 * cv))
    assert mean(found) == pytest.approx(frozen(found).mean())
    assert mean(found) >= 90


@pytest.mark.parametrize("family", SHAPED)
def test_a_cv_of_zero_is_a_constant(family):
    assert law(family, mean=90, cv=0).family == "constant"
    assert mean(law(family, mean=0, cv=0)) == 0


def test_a_million_draws_have_the_mean_the_cv_and_no_negative_value():
    for family in SHAPED:
        found = law(family, mean=90, cv=0.5)
        values = sample(found, np.random.default_rng(1), 1_000_000)
        assert values.min() >= 0
        assert values.mean() == pytest.approx(mean(found), rel=0.003)
        assert values.std() == pytest.approx(frozen(found).std(), rel=0.01)


# --- quantiles --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("low", "high"), PAIRS)
@pytest.mark.parametrize("family", SHAPED)
def test_every_pair_of_quantiles_is_met_exactly(family, low, high):
    large = 66 if family == "normal" else 90  # no bell is so wide that its p95 and p99 lie far apart
    found = law(family, **{low: 60, high: large})
    assert frozen(found).ppf(QUANTILES[low]) == pytest.approx(60, rel=1e-8)
    assert frozen(found).ppf(QUANTILES[high]) == pytest.approx(large, rel=1e-8)


@pytest.mark.parametrize("family", SHAPED)
def test_the_draws_meet_the_quantiles(family):
    values = sample(law(family, p50=60, p90=120), np.random.default_rng(1), 400_000)
    assert np.quantile(values, [0.5, 0.9]) == pytest.approx([60, 120], rel=0.01)


def test_quantiles_of_an_exponential_are_a_gamma_of_one_phase():
    assert law("gamma", p50=math.log(2), p90=math.log(10)).shape[0] == pytest.approx(1, rel=1e-9)
    assert law("weibull", p50=math.log(2), p90=math.log(10)).shape[0] == pytest.approx(1, rel=1e-9)


@given(
    st.sampled_from(SHAPED),
    st.sampled_from(PAIRS),
    st.floats(1e-3, 1e9),
    st.floats(1.0, 1e4, exclude_min=True),
)
@settings(max_examples=300, deadline=None)
def test_any_two_quantiles_are_met_or_refused(family, pair, low, ratio):
    try:
        found = law(family, **{pair[0]: low, pair[1]: low * ratio})
    except ValidationError:
        return
    got = frozen(found).ppf([QUANTILES[pair[0]], QUANTILES[pair[1]]])
    assert got == pytest.approx([low, low * ratio], rel=1e-5)
    assert mean(found) <= 1e12


# --- the plain families -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2 min", 120_000),
        ({"constant": {"value": "2 min"}}, 120_000),
        ({"uniform": {"low": "1 min", "high": "3 min"}}, 120_000),
        ({"triangular": {"low": "0 s", "mode": "3 min", "high": "3 min"}}, 120_000),
        ({"triangular": {"low": "2 min", "mode": "2 min", "high": "2 min"}}, 120_000),
        ({"exponential": {"mean": "2 min"}}, 120_000),
        ({"erlang": {"mean": "2 min", "phases": 3}}, 120_000),
        ({"empirical": {"values": ["1 min", "4 min"], "weights": [2, 1]}}, 120_000),
        ({"empirical": {"values": ["3 min", "1 min"]}}, 120_000),
    ],
)
def test_means_of_times(written, expected):
    assert mean(TIMES.validate_python(written).law()) == pytest.approx(expected)


def test_erlang_is_a_sum_of_exponentials():
    values = sample(law("erlang", mean=90, phases=4), np.random.default_rng(1), 400_000)
    assert values.std() == pytest.approx(45, rel=0.01)


def test_observed_values_rise_with_their_weights():
    found = law("empirical", values=[5, 1, 3], weights=[1, 2, 1])
    assert (found.values, found.weights) == ((1, 3, 5), (0.5, 0.25, 0.25))


def test_a_larger_mean_stretches_every_draw_and_moves_no_luck():
    for family in SHAPED:
        short, long = (sample(law(family, mean=m, cv=0.7), np.random.default_rng(5), 1000) for m in (10, 30))
        assert np.allclose(long, 3 * short)


# --- what is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "parameters", "says"),
    [
        ("gamma", {"mean": 0, "cv": 0.5}, "a mean of 0 cannot vary; give it cv = 0"),
        ("gamma", {"mean": 2}, "give either mean and cv, or two quantiles such as p50 and p90"),
        ("gamma", {"cv": 2}, "give either mean and cv, or two quantiles"),
        ("gamma", {}, "give either mean and cv, or two quantiles"),
        ("gamma", {"p50": 2}, "give either mean and cv, or two quantiles"),
        ("gamma", {"p10": 1, "p50": 2, "p90": 3}, "give either mean and cv, or two quantiles"),
        ("gamma", {"mean": 2, "cv": 1, "p90": 3}, "give either mean and cv, or two quantiles"),
        ("lognormal", {"p50": 3, "p90": 2}, "the higher quantile must be the larger value, and both above 0"),
        ("lognormal", {"p50": 3, "p90": 3}, "the higher quantile must be the larger value"),
        ("lognormal", {"p50": 0, "p90": 3}, "and both above 0"),
        ("lognormal", {"p50": 1, "p90": 1e6}, "these quantiles lie too far apart; a cv above 10 is not believed"),
        ("lognormal", {"p50": 1e-300, "p75": 1e12}, "these quantiles lie too far apart"),
        ("weibull", {"p50": 1e-300, "p75": 1e12}, "these quantiles lie too far apart"),
        ("lognormal", {"p10": 1e11, "p50": 1e12}, "these quantiles imply too large a mean"),
        ("gamma", {"p50": 1e-300, "p75": 1e12}, "no distribution of this family has such a spread"),
        ("normal", {"p10": 1, "p90": 100}, "no distribution of this family has such a spread"),
        ("weibull", {"mean": 2, "cv": 1e-5}, "a cv below 0.0001 cannot be told from none; write cv = 0"),
        ("gamma", {"mean": 2, "cv": 1e-200}, "cannot be told from none"),
        ("gamma", {"mean": 2, "cv": 11}, "must be at most 10; got 11"),
        ("gamma", {"mean": -2, "cv": 1}, "must be at least 0; got -2"),
        ("gamma", {"mean": math.inf, "cv": 1}, "expected a finite number; got inf"),
        ("gamma", {"mean": 1e13, "cv": 1}, "must be at most 1e+12"),
        ("gamma", {"mean": "2", "cv": 1}, 'expected a number; got "2"'),
        ("uniform", {"low": 3, "high": 2}, "low must not exceed high"),
        ("triangular", {"low": 1, "mode": 4, "high": 3}, "low, mode and high must come in this order"),
        ("erlang", {"mean": 1, "phases": 0}, "must be at least 1; got 0"),
        ("erlang", {"mean": 1, "phases": 2.5}, "expected a whole number; got 2.5"),
        ("empirical", {"values": []}, "values is empty"),
        ("empirical", {"values": [1], "weights": [1, 2]}, "weights must be as many as values"),
        ("empirical", {"values": [1, 2], "weights": [0, 0]}, "the weights add up to 0"),
        ("empirical", {"values": [1], "file": "x.csv", "column": "a"}, "give either values, or file and column"),
        ("empirical", {"file": "x.csv"}, "give either values, or file and column"),
        ("normaal", {"mean": 1}, 'unknown key "normaal"; did you mean "normal"?'),
    ],
)
def test_parameters_that_make_no_distribution_are_refused(family, parameters, says):
    assert says in refusal(family, **parameters)


@pytest.mark.parametrize("written", [True, [1], [], None])
def test_what_is_no_value_and_no_distribution_is_refused(written):
    with pytest.raises(ValidationError, match="expected a value, or a distribution such as"):
        AMOUNTS.validate_python(written)


@pytest.mark.parametrize("written", [{}, {"gamma": {"mean": 1, "cv": 1}, "erlang": {"mean": 1, "phases": 2}}])
def test_exactly_one_distribution_is_given(written):
    with pytest.raises(ValidationError, match="give exactly one distribution"):
        AMOUNTS.validate_python(written)
