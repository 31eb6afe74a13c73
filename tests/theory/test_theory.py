"""The program against theory: every scenario of scenarios/textbook/, several seeds, by z-tests.

A tolerance here is never a percentage: it is the distance that chance explains, taken from the replications.
"""

import pytest
from scipy.stats import chi2

import sim
from analysis.runs import replicate
from analysis.runs.known_answers import compare
from analysis.runs.workers import run_jobs
from tests.helpers.textbook import FILES, Trial, answers_of, held_against_theory, mean_squared

SEEDS = (1, 2)
REPLICATIONS = 12
SHARE = 0.25


@pytest.fixture(scope="module")
def trials():
    jobs = [Trial(path, seed, REPLICATIONS, SHARE) for path in FILES for seed in SEEDS]
    done = run_jobs(held_against_theory, jobs, 2)
    return dict(zip(((job.path, job.seed) for job in jobs), done, strict=True))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_the_answers_in_the_file_are_those_of_the_formulas(path):
    plan = sim.load(path)
    assert plan.story
    known = {answer.measure: answer.exact for answer in plan.known_answers}
    assert known == pytest.approx(answers_of(path), rel=1e-11)
    assert len(known) == len(plan.known_answers)
    assert all(len(answer.source) > 10 for answer in plan.known_answers)


def test_there_are_enough_of_them():
    assert sum(len(answers_of(path)) for path in FILES) >= 100


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_the_program_agrees_with_theory(trials, path):
    for seed in SEEDS:
        for found in trials[path, seed]:
            assert abs(found.z) < 4, f"{path.stem}, seed {seed}: {found}"


def test_the_intervals_are_neither_too_narrow_nor_too_wide(trials):
    by_chance = [trial for trial in trials.values() if any(each.by_chance for each in trial)]
    mean = mean_squared(by_chance)
    n = len(by_chance)  # as if all values of one run were the same: the widest bounds that could be right
    assert chi2.ppf(1e-4, n) / n < mean < chi2.isf(1e-4, n) / n


def test_a_shop_that_is_a_little_different_is_found_out():
    path = next(path for path in FILES if path.stem == "one_clerk")
    plan = sim.load(path, {"route.customer.serve.takes.exponential.mean": "1.43 min"})
    found = {each.measure: each.z for each in compare(replicate(plan, 20, seed=1, workers=2))}
    assert found["steps.customer/serve.service_min"] > 4
    assert found["roles.clerk.utilisation"] > 4
