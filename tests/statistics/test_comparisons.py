"""Paired comparisons: against scipy, a book and by hand; families keep their error; data with hardly any spread."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from analysis.statistics.comparisons import compare_family, compare_paired, holm, sign_test
from analysis.statistics.intervals import replications_for, t_quantile
from sim.faults import BadInput

NAN = float("nan")
FORTY, EIGHTY = [126.97, 124.31, 126.68, 122.66, 127.23], [118.21, 120.22, 122.45, 122.68, 119.40]


def test_an_example_of_the_book():
    # Law (2015), sec. 10.2.1: the mean difference 4.98, its variance 2.44, the 90 % interval [1.65, 8.31]
    found = compare_paired(FORTY, EIGHTY, "lower", 0.90)
    assert round(found.difference.mean, 2) == 4.98
    assert (round(found.difference.low, 2), round(found.difference.high, 2)) == (1.65, 8.31)
    assert found.verdict == "worse"
    assert compare_paired(FORTY, EIGHTY, "higher", 0.90).verdict == "better"


def test_the_probability_is_students_for_pairs():
    rng = np.random.default_rng(3)
    a, b = rng.normal(0, 1, 12), rng.normal(0.4, 1, 12)
    assert compare_paired(a, b, "lower").p == pytest.approx(stats.ttest_rel(a, b).pvalue, rel=1e-9)


def test_pairs_with_nothing_to_measure_are_left_out():
    a, b = [1.0, NAN, 3.0, 7.0, 4.0, 2.0], [2.0, 5.0, NAN, 9.0, 4.5, 3.2]
    assert compare_paired(a, b, "lower") == compare_paired([1.0, 7.0, 4.0, 2.0], [2.0, 9.0, 4.5, 3.2], "lower")
    assert compare_paired(a, b, "lower").difference.n == 4


def test_what_pairing_won_by_hand():
    # var A = 4, var B = 4 and the differences -1, 0, 1: variance 1 -> eight times
    found = compare_paired([1, 3, 5], [2, 3, 4], "lower")
    assert found.variance_ratio == pytest.approx((4 + 1) / 1)
    assert compare_paired([1, 3, 5], [2, 4, 6], "lower").variance_ratio == math.inf
    assert math.isnan(compare_paired([1, 1, 1], [2, 2, 2], "lower").variance_ratio)


def test_what_is_the_same_is_called_so():
    found = compare_paired([1.0, 2.0, 0.1 + 0.2], [1.0, 2.0, 0.3], "lower")  # 0.1 + 0.2 and 0.3 differ by rounding only
    assert (found.verdict, found.needed, found.difference.half_width) == ("the same", None, 0.0)


@pytest.mark.parametrize("n", [0, 1])
def test_one_pair_proves_nothing(n):
    found = compare_paired([5.0] * n, [1.0] * n, "lower")
    assert (found.verdict, found.needed, found.difference.n) == ("not proven", None, n)


# --- data with hardly any spread ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("differences", "verdict"),
    [
        ([4] * 5, "not proven"),
        ([4] * 6, "worse"),
        ([-4] * 6, "better"),
        ([0, 1, 1, 1, 1], "not proven"),  # Student would say p = 0.016
        ([1, 1, 1, 1, 2], "not proven"),  # and here 0.004
        ([1, 1, 1, 1, 1, 2], "worse"),
        ([0.1 * k - 0.1 * k + 4 for k in range(5)], "not proven"),
    ],
)
def test_no_spread_is_no_proof(differences, verdict):
    base = np.linspace(0.1, 0.7, len(differences))
    found = compare_paired(base + differences, base, "lower")
    assert found.verdict == verdict
    assert found.difference.excludes(0) == (verdict != "not proven")
    if verdict == "not proven":
        assert found.needed > len(differences)


def test_equal_differences_need_as_many_signs_as_the_family_asks():
    found = compare_family([([4.0] * 6, [0.0] * 6)] * 10, "lower")
    assert {each.verdict for each in found} == {"not proven"}
    assert {each.needed for each in found} == {9}  # 2 / 2^9 = 0.0039 is below 0.05 / 10, 2 / 2^8 is not
    assert {each.verdict for each in compare_family([([4.0] * 9, [0.0] * 9)] * 10, "lower")} == {"worse"}


def test_the_sign_test_is_that_of_scipy():
    for above, below in itertools.product(range(8), repeat=2):
        if above + below:
            wanted = stats.binomtest(above, above + below).pvalue
            assert sign_test([1] * above + [-1] * below + [0]) == pytest.approx(wanted, rel=1e-9)
    assert sign_test([0, 0]) == 1


# --- how many would settle it -------------------------------------------------------------------------------------


def test_as_many_as_needed_and_not_one_fewer():
    rng = np.random.default_rng(1)
    base = rng.normal(10, 3, 10)
    found = compare_family([(base + rng.normal(0.2, 1, 10), base)] * 4, "lower")[0]
    assert found.verdict == "not proven"
    deviation = found.difference.half_width * 10**0.5 / t_quantile(9, 1 - 0.05 / 4)

    def half_width(n):
        return t_quantile(n - 1, 1 - 0.05 / 4) * deviation / n**0.5

    assert half_width(found.needed) < abs(found.difference.mean) <= half_width(found.needed - 1)
    assert found.needed > 10


def test_what_would_take_for_ever_is_not_promised():
    assert compare_paired([1, -1, 2, -2], [0, 0, 0, 0], "lower").needed is None
    assert compare_paired([1, -1, 2, -2 + 1e-6], [0, 0, 0, 0], "lower").needed is None
    assert replications_for(0.001, 0.5) == pytest.approx((1.96 * 500) ** 2, rel=0.001)


def test_what_is_settled_needs_no_more():
    assert compare_paired([1.0, 2.0, 3.0], [11.0, 12.5, 12.9], "lower").needed == 3


# --- families -----------------------------------------------------------------------------------------------------


def test_intervals_of_a_family_are_bonferronis():
    rng = np.random.default_rng(8)
    pairs = [(rng.normal(0, 1, 9), rng.normal(0, 1, 9)) for _ in range(5)]
    for found, (a, b) in zip(compare_family(pairs, "lower"), pairs, strict=True):
        low, high = stats.t.interval(1 - 0.05 / 5, 8, np.mean(a - b), stats.sem(a - b))
        assert (found.difference.low, found.difference.high) == pytest.approx((low, high), rel=1e-9)


def test_holm_by_hand():
    # alpha / 4 = 0.0125, / 3 = 0.0167, / 2 = 0.025, / 1 = 0.05
    assert holm([0.04, 0.012, 0.016, 0.024]) == [True] * 4
    assert holm([0.04, 0.012, 0.017, 0.024]) == [False, True, False, False]
    assert holm([]) == []


def test_holm_proves_at_least_what_bonferroni_does():
    p = np.random.default_rng(4).uniform(0, 0.03, 8)
    assert all(each for each, one in zip(holm(p), p, strict=True) if one <= 0.05 / 8)
    assert sum(holm([0.001, 0.04])) == 2  # Bonferroni would stop at 0.025


def test_each_comparison_may_have_its_own_good_direction():
    up = np.array([1.0, 2.0, 2.5, 3.7, 5.1, 6.0])
    pairs = [(up + np.array([5.0, 5.1, 5.2, 4.9, 4.8, 5.3]), up)] * 2
    assert [each.verdict for each in compare_family(pairs, ["lower", "higher"])] == ["worse", "better"]


def test_false_proofs_are_as_rare_as_promised():
    """800 families of ten identical alternatives: at most 5 % with any proof, within four standard deviations."""
    rng = np.random.default_rng(17)
    wrong = 0
    for _ in range(800):
        shared, own = rng.normal(0, 3, (10, 8)), rng.normal(0, 1, (2, 10, 8))
        found = compare_family(list(zip(shared + own[0], shared + own[1], strict=True)), "lower")
        wrong += any(each.verdict != "not proven" for each in found)
    assert wrong <= 800 * 0.05 + 4 * math.sqrt(800 * 0.05 * 0.95)
    assert wrong > 0  # else the test would look at nothing


@pytest.mark.parametrize(
    ("pairs", "good", "said"),
    [
        ([([1, 2], [1, 2, 3])], "lower", r"as many replications; got shapes \(2,\) and \(3,\)"),
        ([([[1, 2]], [[1, 2]])], "lower", "needs two rows"),
        ([([1, math.inf], [1, math.inf])], "lower", "infinite values"),
        ([([1, 2], [1, 2])], ["lower", "higher"], "2 directions of improvement are given for 1 pairs"),
    ],
)
def test_what_does_not_pair_is_refused(pairs, good, said):
    with pytest.raises(BadInput, match=said):
        compare_family(pairs, good)
