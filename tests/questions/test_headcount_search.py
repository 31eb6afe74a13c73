"""The staffing search: against enumeration where the truth is known, and what it says where nothing can be found."""

from __future__ import annotations

import doctest
from dataclasses import replace
from importlib import import_module
from itertools import product
from pkgutil import iter_modules

import numpy as np
import pytest

from analysis.questions import headcount
from analysis.questions.headcount import (
    CONFIRMED,
    IMPOSSIBLE,
    UNSETTLED,
    Effort,
    Need,
    Problem,
    cheapest,
    front,
    linear_cost,
)
from analysis.questions.headcount.bounds import lower_bound, replications_needed, upper_bound
from analysis.questions.headcount.candidates import Open
from analysis.questions.headcount.trials import Decision, Trials
from sim.faults import BadInput
from tests.helpers.staffing_shop import MOST, ShopOracle
from tests.helpers.staffing_toys import TOYS, Counted, every_staffing, expected, kept, least_cost

SEEDS = (1, 2, 3)


def one_team(targets=(0.9,), upper=9, needs=()) -> Problem:
    promises = tuple(f"promise {j}" for j in range(len(targets)))
    return Problem(("packer",), (0,), (upper,), linear_cost((700.0,)), promises, targets, needs)


def steps(*levels, noise=0.02):
    """An oracle for one team: the expected figure with 0, 1, 2 … people."""

    def observe(staffings, replications):
        luck = np.array([np.random.default_rng(k).uniform(-noise, noise) for k in replications])
        return np.array([np.clip(levels[n] + luck, 0, 1)[:, None] for (n,) in staffings])

    return observe


# --- against enumeration ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", TOYS)
def test_the_cheapest_is_found_with_a_tenth_of_the_replications_of_enumeration(name, seed):
    toy = TOYS[name]
    oracle = Counted(toy, seed)
    answer = cheapest(toy.problem, oracle)
    assert answer.status == CONFIRMED
    assert kept(toy, answer.staffing)
    assert toy.problem.cost(answer.staffing) == least_cost(name)
    assert answer.cheaper_excluded
    each = len(answer.figures[answer.staffing]) + answer.confirmation.replications
    assert oracle.asked == answer.spent <= 0.1 * each * len(every_staffing(toy))


def test_a_shop_on_the_compiled_engine(tmp_path):
    oracle = ShopOracle(tmp_path)
    problem = oracle.problem()
    every = list(product(range(1, MOST + 1), repeat=3))
    means = oracle(every, range(20)).mean(axis=1)
    keeping = [x for x, mean in zip(every, means, strict=True) if (mean >= problem.targets).all()]
    answer = cheapest(problem, oracle)
    assert answer.status == CONFIRMED
    assert answer.staffing == min(keeping, key=problem.cost)
    each = len(answer.figures[answer.staffing]) + answer.confirmation.replications
    assert answer.spent <= 0.1 * each * len(every)
    assert all(need.met(x) for need in problem.needs for x in keeping)


def test_same_inputs_same_trace():
    toy = TOYS["helpers"]
    a, b = (cheapest(toy.problem, Counted(toy, 5)) for _ in range(2))
    assert a.trace == b.trace
    assert a.table().equals(b.table())


# --- confirmation -----------------------------------------------------------------------------------------------


def test_confirmations_use_replications_never_used_before():
    toy, asked = TOYS["on the edge"], []
    counted = Counted(toy, 4)

    def observe(staffings, replications):
        asked.append((len(staffings), replications))
        return counted(staffings, replications)

    effort = Effort()
    answer = cheapest(toy.problem, observe, effort)
    fresh = [r for _, r in asked if r.start >= effort.most]
    assert all(r.stop <= effort.most for _, r in asked if r.start < effort.most)
    assert [r.start for r in fresh] == [effort.most, *(r.stop for r in fresh[:-1])]
    decisions = [look.decision for look in answer.trace]
    assert len(fresh) == decisions.count(Decision.CONFIRMED) + decisions.count(Decision.NOT_CONFIRMED)


def test_what_only_looked_good_in_the_search_is_not_answered():
    """The search's luck is good, all other luck is not: 2 people seem to do, 3 really do."""

    def observe(staffings, replications):
        good = np.array([k < Effort().most for k in replications])
        levels = np.array([[0.2, 0.6, 0.93, 0.99, 1.0], [0.2, 0.5, 0.86, 0.97, 1.0]])
        luck = np.array([np.random.default_rng(k).uniform(-0.02, 0.02) for k in replications])
        return np.array([np.clip(np.where(good, *levels[:, n]) + luck, 0, 1)[:, None] for (n,) in staffings])

    answer = cheapest(one_team(upper=4), observe)
    assert (answer.status, answer.staffing) == (CONFIRMED, (3,))
    looked = [(look.staffing, look.decision) for look in answer.trace if look.phase == "confirmation"]
    assert looked == [((2,), Decision.NOT_CONFIRMED), ((3,), Decision.CONFIRMED)]
    assert answer.too_close == ()  # that two do not do was shown


def test_the_risk_is_halved_with_every_confirmation():
    toy, most = TOYS["on the edge"], 0
    for seed in range(4):
        answer = cheapest(toy.problem, Counted(toy, seed))
        looks = [look for look in answer.trace if look.phase == "confirmation"]
        start = answer.effort.most
        for k, look in enumerate(looks, 1):
            figures = Counted(toy, seed)([look.staffing], range(start, start + look.replications))[0]
            risk = answer.effort.risk / 2**k / len(toy.problem.targets)
            assert look.lows == pytest.approx(tuple(lower_bound(figures, risk)), abs=1e-12)
            start += look.replications
        most = max(most, len(looks))
    assert most > 1


def test_who_is_at_the_lower_bound_is_not_said_to_have_been_held_against_cheaper_ones():
    answer = cheapest(one_team(upper=3), steps(0.97, 0.98, 0.98, 0.98))
    assert (answer.status, answer.staffing) == (CONFIRMED, (0,))
    assert answer.claim().endswith("nothing within the bounds is cheaper.")
    assert cheapest(one_team(upper=3), steps(0.1, 0.98, 0.98, 0.98)).claim().endswith("breaks a promise.")


# --- what cannot be done ----------------------------------------------------------------------------------------


def test_nobody_within_the_bounds():
    answer = cheapest(one_team(upper=3), steps(0.1, 0.3, 0.5, 0.7))
    assert answer.status == IMPOSSIBLE
    assert answer.sentence().startswith("Nobody within the bounds can do it")
    assert answer.trace[-1].phase == "confirmation"


def test_needs_that_nobody_meets_cost_no_replication():
    problem = one_team(upper=3, needs=(Need("packer", (40.0,), 130.0),))
    answer = cheapest(problem, steps(0.1, 0.3, 0.5, 1.0))
    assert (answer.status, answer.spent) == (IMPOSSIBLE, 0)


def test_on_the_target_is_not_settled():
    answer = cheapest(one_team(upper=2), steps(0.1, 0.5, 0.9), Effort(total=3_000))
    assert answer.status == UNSETTLED
    assert answer.sentence() == "Not settled within 3,000 replications."
    assert answer.spent <= 3_000


@pytest.mark.parametrize("total", [15, 60, 150, 400])
def test_never_more_replications_than_allowed(total):
    toy = TOYS["three desks"]
    oracle = Counted(toy, 1)
    answer = cheapest(toy.problem, oracle, Effort(total=total))
    assert oracle.asked <= total
    assert answer.status == UNSETTLED or kept(toy, answer.staffing)


def test_a_search_cut_short_does_not_claim_that_nothing_is_cheaper():
    toy = TOYS["helpers"]
    answers = [cheapest(toy.problem, Counted(toy, seed), Effort(total=500)) for seed in range(6)]
    short = [a for a in answers if a.status == CONFIRMED and toy.problem.cost(a.staffing) > least_cost("helpers")]
    assert short
    assert not any(a.cheaper_excluded for a in short)


# --- cuts and the assumption behind them ------------------------------------------------------------------------


def test_needs_are_never_tried():
    toy = TOYS["two call pools"]
    problem = replace(toy.problem, needs=(Need("both", (1.0, 1.0), 12.0),))
    answer = cheapest(problem, Counted(toy, 1))
    assert all(sum(look.staffing) >= 12 for look in answer.trace if look.phase not in ("one team alone", "lifted cut"))


def test_open_staffings_by_brute_force():
    """What is listed as largest is what every open cheaper staffing lies below."""
    toy = TOYS["in series"]
    trials = Trials(toy.problem, Counted(toy, 1), Effort())
    trials.look([(6, 3, 6), (4, 6, 2), (2, 5, 5)], 10, "test")
    now = Open(trials)
    cheaper = {x for x in every_staffing(toy) if toy.problem.cheaper(x, 7450.0) and now.open(x)}
    listed = now.largest_below(7450.0)
    assert set(listed) <= cheaper
    assert all(any(all(a <= b for a, b in zip(x, y, strict=True)) for y in listed) for x in cheaper)
    assert not any(x != y and all(a <= b for a, b in zip(x, y, strict=True)) for x in listed for y in listed)


def test_where_fewer_people_do_better_it_is_found_out():
    toy = TOYS["crowded benches"]
    trials = Trials(toy.problem, Counted(toy, 1), Effort())
    trials.look([(4, 4, 6)], 40, "test")
    assert trials.decision((4, 4, 6)) is Decision.FEASIBLE
    trials.look([(6, 4, 6)], 40, "test")
    assert trials.slips[0] == 0
    assert 0.08 < trials.slips[1] < 0.16  # two pickers too many cost 0.06 each
    assert trials.decision((6, 4, 6)) is Decision.INFEASIBLE  # and not a cut


def test_where_even_the_most_people_are_too_many():
    """More than four only stand in each other's way."""
    answer = cheapest(one_team(upper=6), steps(0.1, 0.5, 0.8, 0.95, 0.95, 0.85, 0.7))
    assert (answer.status, answer.staffing) == (CONFIRMED, (3,))


# --- bounds -----------------------------------------------------------------------------------------------------


LAWS = {
    "yes or no": (0.95, lambda rng, size: (rng.random(size) < 0.95).astype(float)),
    "mostly all": (0.95, lambda rng, size: np.where(rng.random(size) < 0.9, 1.0, rng.random(size))),
    "skewed": (0.95, lambda rng, size: rng.beta(1.9, 0.1, size)),
    "plain": (0.7, lambda rng, size: rng.uniform(0.5, 0.9, size)),
}


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("n", [100, 300])
def test_bounds_err_no_more_often_than_they_say(name, n):
    mean, draw = LAWS[name]
    figures = draw(np.random.default_rng(n), (n, 8_000))
    allowed = 0.05 + 4 * (0.05 * 0.95 / 8_000) ** 0.5
    assert (lower_bound(figures, 0.05) > mean).mean() <= allowed
    assert (upper_bound(1 - figures, 0.05) < 1 - mean).mean() <= allowed


def test_bounds_are_the_textbook_s_but_for_one_replication():
    x = np.array([[0.62], [0.75], [0.84], [0.945], [0.475], [0.745], [0.79], [0.775], [0.25], [0.545]])
    more = np.append(x, 0.25)
    by_hand = more.mean() - 1.812461 * more.std(ddof=1) / 11**0.5  # t(10, 0.95)
    assert lower_bound(x, 0.05)[0] == pytest.approx(by_hand, abs=1e-6)


def test_enough_replications_are_foreseen():
    spread = 0.05 * 3**0.5
    figures = np.linspace(0.91 - spread, 0.91 + spread, 301)[:, None]
    n = replications_needed(figures, np.array([0.9]), 0.025, 50, 5_000)
    assert 300 < n < 500  # (1.96 + 1.645)² x 0.05² / 0.01² = 325, and a little for the bad one
    fresh = np.random.default_rng(1).choice(figures[:, 0], (n, 2_000))
    assert 0.93 < (lower_bound(fresh, 0.025) >= 0.9).mean() < 0.99
    assert replications_needed(figures, np.array([0.92]), 0.025, 50, 5_000) == 0
    assert replications_needed(figures, np.array([0.8]), 0.025, 50, 5_000) == 50


# --- what is told -----------------------------------------------------------------------------------------------


def test_the_trace_is_a_table():
    toy = TOYS["three desks"]
    answer = cheapest(toy.problem, Counted(toy, 1))
    table = answer.table()
    assert len(table) == len(answer.trace)
    assert set(table["decision"]) <= {each.value for each in Decision}
    assert table["spent"].is_monotonic_increasing
    assert table["spent"].iloc[-1] == answer.spent
    assert set(map(tuple, table[list(toy.problem.teams)].to_numpy().tolist())) == set(answer.figures)
    assert list(table["decision"])[-2:] == ["incumbent", "confirmed"]


def test_the_front_is_not_beaten():
    toy = TOYS["two call pools"]
    oracle = Counted(toy, 1)
    answer = cheapest(toy.problem, oracle)
    table = front(answer, oracle)
    assert table["cost"].is_monotonic_increasing
    assert table["margin"].is_monotonic_increasing
    assert (table["replications"] >= 80).all()
    assert tuple(table.loc[table["keeps"]].iloc[0][list(toy.problem.teams)]) == answer.staffing
    truth = [(expected(toy, tuple(x)) - toy.problem.targets).min() for x in table[list(toy.problem.teams)].to_numpy()]
    held = (table["low"] <= truth) & (truth <= table["high"])
    assert held.all()
    cheaper_and_better = [
        x
        for x in answer.figures
        for row in table.itertuples()
        if toy.problem.cheaper(x, row.cost)
        and len(answer.figures[x]) >= 80
        and (answer.figures[x].mean(axis=0) - toy.problem.targets).min() > row.margin
    ]
    assert not cheaper_and_better


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"lower": (3,), "upper": (2,)}, "packer: the bounds 3 … 2 hold no number of people"),
        ({"lower": (-1,)}, "packer: the bounds -1 … 9 hold no number of people"),
        ({"upper": (9, 9)}, "a lower and an upper bound"),
        ({"targets": (1.2,)}, "promise 0: the target must be above 0 and at most 1; got 1.2"),
        ({"targets": ()}, "give every promise"),
    ],
)
def test_what_makes_no_sense_is_refused(fields, said):
    with pytest.raises(BadInput, match=said):
        replace(one_team(), **fields)


def test_an_oracle_that_answers_something_else_is_refused():
    with pytest.raises(ValueError, match="shape"):
        cheapest(one_team(), lambda staffings, replications: np.zeros((1, 1, 1)))
    with pytest.raises(ValueError, match="outside"):
        cheapest(one_team(), lambda staffings, replications: np.full((1, len(replications), 1), 1.5))


@pytest.mark.parametrize("module", [m.name for m in iter_modules(headcount.__path__, "analysis.questions.headcount.")])
def test_examples_hold(module):
    assert doctest.testmod(import_module(module)).failed == 0
