"""One-sided bounds against scipy and their promise; Kim & Nelson's selection against its definition and guarantee."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from analysis.statistics.selection import _h_squared, confirm, lower_bound_mean, lower_bound_share, select_best
from sim.faults import BadInput

NAN = float("nan")


def within(count, trials, share):
    """Whether a count lies within four standard deviations of its expectation."""
    return abs(count - trials * share) < 4 * math.sqrt(trials * share * (1 - share))


# --- bounds -------------------------------------------------------------------------------------------------------


def test_the_bound_of_a_share_is_clopper_and_pearsons():
    for successes, trials in [(0, 7), (1, 7), (7, 7), (90, 100), (31, 32)]:
        wanted = stats.binomtest(successes, trials, alternative="greater").proportion_ci(0.95, "exact").low
        assert lower_bound_share(successes, trials) == pytest.approx(wanted, abs=1e-9)


def test_nothing_but_successes_by_hand():
    # p^n = 0.05; Wilks (1941): 59 runs without a failure show 95 %
    assert lower_bound_share(59, 59) == pytest.approx(0.05 ** (1 / 59))
    assert lower_bound_share(58, 58) < 0.95 < lower_bound_share(59, 59)


def test_the_bound_of_a_mean_is_students():
    x = np.random.default_rng(2).normal(3, 1, 15)
    wanted = x.mean() - stats.t.ppf(0.95, 14) * stats.sem(x)
    assert lower_bound_mean(x) == pytest.approx(wanted, rel=1e-9)
    assert lower_bound_mean([*x, NAN]) == lower_bound_mean(x)


def test_the_bound_of_a_mean_lies_above_the_truth_as_often_as_it_says():
    rows = np.random.default_rng(3).normal(1, 2, (4000, 6))
    assert within(sum(lower_bound_mean(row) > 1 for row in rows), 4000, 0.05)


def test_the_bound_of_a_share_never_lies_above_the_truth_too_often():
    for share in (0.5, 0.9, 0.97):
        chances = stats.binom.pmf(np.arange(41), 40, share)
        assert sum(p for x, p in enumerate(chances) if lower_bound_share(x, 40) > share) <= 0.05


@pytest.mark.parametrize(
    ("values", "bound"),
    [([], -math.inf), ([5.0], -math.inf), ([1.0] * 4, -math.inf), ([1.0] * 5, 1.0), ([1.0, 1.0, 1.0, 0.9], -math.inf)],
)
def test_no_spread_is_no_proof(values, bound):
    assert lower_bound_mean(values) == bound


def test_several_constraints_hold_at_once():
    x = np.random.default_rng(4).normal(3, 1, 12)
    kept = np.array([True] * 11 + [False])
    found = confirm({"mean": (x, 2.0), "at most": (-x, -9.0), "kept": (kept, 0.9)})
    assert found["mean"].bound == lower_bound_mean(x, 1 - 0.05 / 3)
    assert found["kept"].bound == lower_bound_share(11, 12, 1 - 0.05 / 3)
    assert [each.confirmed for each in found.values()] == [True, True, False]


def test_a_family_of_bounds_is_wrong_as_rarely_as_one():
    rng, wrong = np.random.default_rng(6), 0
    for _ in range(1000):
        found = confirm({str(i): (rng.normal(0, 1, 8), 0.0) for i in range(5)})
        wrong += any(each.bound > 0 for each in found.values())
    assert 0 < wrong <= 1000 * 0.05 + 4 * math.sqrt(1000 * 0.05 * 0.95)


@pytest.mark.parametrize(("successes", "trials"), [(-1, 5), (6, 5), (0, 0)])
def test_impossible_counts_are_refused(successes, trials):
    with pytest.raises(BadInput, match=f"got {successes} of {trials}"):
        lower_bound_share(successes, trials)


# --- Kim & Nelson -------------------------------------------------------------------------------------------------


def naive_kn(table, delta, alpha, first):
    """KN word by word (Kim & Nelson 2001, c = 1, larger is better): the system chosen and replications of each."""
    k = table.shape[1]
    eta = 0.5 * ((2 * alpha / (k - 1)) ** (-2 / (first - 1)) - 1)
    h2 = 2 * eta * (first - 1)
    s2 = [[np.var(table[:first, i] - table[:first, j], ddof=1) for j in range(k)] for i in range(k)]
    most = max(math.floor(h2 * s2[i][j] / delta**2) for i in range(k) for j in range(k) if i != j)
    alive, r, counts = list(range(k)), first, [first] * k
    if first > most:
        return int(np.argmax(table[:first].mean(axis=0))), counts
    while True:
        mean = table[:r].mean(axis=0)
        alive = [
            i
            for i in alive
            if all(
                mean[i] >= mean[j] - max(0, delta / (2 * r) * (h2 * s2[i][j] / delta**2 - r)) for j in alive if j != i
            )
        ]
        if len(alive) == 1:
            return alive[0], counts
        r += 1
        for i in alive:
            counts[i] = r
        if r == most + 1:
            return max(alive, key=lambda i: table[:r, i].mean()), counts


def from_table(table, asked=None):
    def draw(number, systems):
        if asked is not None:
            asked.append((number, tuple(systems)))
        return table[number, list(systems)]

    return draw


def luck(rng, means, shared, size=4000):
    """Normal systems of variance 1 + shared, whose luck is partly common."""
    return rng.normal(0, 1, (size, len(means))) + rng.normal(0, math.sqrt(shared), (size, 1)) + np.array(means)


@pytest.mark.parametrize("good", ["higher", "lower"])
def test_the_procedure_is_that_of_the_paper(good):
    for seed in range(40):
        rng = np.random.default_rng(seed)
        table = luck(rng, rng.uniform(0, 1, 4), 1.0)
        found = select_best(from_table(table if good == "higher" else -table), 4, 0.3, good, 0.95, 8)
        assert (found.best, list(found.replications)) == naive_kn(table, 0.3, 0.05, 8)


def test_the_constant_solves_the_equation_of_the_paper():
    # g(eta) = (1 + 2 eta)^(-(n0 - 1) / 2) / 2 = alpha / (k - 1), with h^2 = 2 eta (n0 - 1)
    for systems, alpha, first in [(2, 0.05, 10), (10, 0.05, 10), (5, 0.1, 24)]:
        eta = _h_squared(systems, 1 - alpha, first) / (2 * (first - 1))
        assert 0.5 * (1 + 2 * eta) ** (-(first - 1) / 2) == pytest.approx(alpha / (systems - 1), rel=1e-9)


def test_only_survivors_are_played_each_replication_once():
    asked = []
    table = luck(np.random.default_rng(3), [0.0, 1.0, 0.8, -3.0], 0.0)
    found = select_best(from_table(table, asked), 4, 0.2, "higher")
    assert [number for number, _ in asked] == list(range(max(found.replications)))
    assert all(set(later) <= set(before) for (_, before), (_, later) in pairwise(asked))
    played = [sum(i in systems for _, systems in asked) for i in range(4)]
    assert played == list(found.replications)
    assert found.means == pytest.approx([table[:n, i].mean() for i, n in enumerate(played)])


@pytest.mark.parametrize("shared", [0.0, 4.0])
def test_the_best_is_chosen_as_often_as_guaranteed(shared):
    """The least favourable case, the best ahead of all by just delta: 600 selections, four standard deviations."""
    rng, right = np.random.default_rng(21), 0
    for _ in range(600):
        table = luck(rng, [0.0, 0.0, 0.0, 0.4], shared, 1200)
        right += select_best(from_table(table), 4, 0.4, "higher", 0.90).best == 3
    assert right >= 600 * 0.90 - 4 * math.sqrt(600 * 0.90 * 0.10)
    assert right < 600  # else the test would look at nothing


def test_common_luck_saves_replications():
    """The same variances, four fifths of them shared or nothing: the differences tell much sooner."""
    played = {}
    for shared in (0.0, 4.0):
        tables = [luck(np.random.default_rng(seed), [0.0, 0.0, 1.0], shared) for seed in range(30)]
        scale = math.sqrt(5.0 / (1.0 + shared))
        alike = [(table - [0, 0, 1.0]) * scale + [0, 0, 1.0] for table in tables]
        played[shared] = sum(sum(select_best(from_table(table), 3, 1.0, "higher").replications) for table in alike)
    assert played[4.0] < played[0.0] / 2


@pytest.mark.parametrize(("systems", "delta", "first"), [(1, 0.1, 10), (3, 0.0, 10), (3, NAN, 10), (3, 0.1, 1)])
def test_what_cannot_be_chosen_is_refused(systems, delta, first):
    with pytest.raises(BadInput, match="two or more systems, a delta above 0"):
        select_best(from_table(np.zeros((5, 5))), systems, delta, "higher", first=first)


def test_a_missing_measure_is_refused():
    with pytest.raises(BadInput, match="replication 0 must give a number for each of 2 systems"):
        select_best(lambda number, systems: [1.0, NAN], 2, 0.1, "higher")
