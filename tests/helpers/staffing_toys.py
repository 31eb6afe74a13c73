"""Staffing problems whose answer is known: service levels by formula, under a busyness that differs by replication.

Replication k has its own busyness (gamma, mean 1) and its own sampling luck, the same for every staffing. What is
expected is the mean over busyness, by Gauss quadrature.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrik, expit, roots_genlaguerre

from analysis.questions.headcount import Problem, linear_cost
from tests.helpers import formulas

Service = Callable[[tuple[int, ...], float], Sequence[float]]
"""(staffing, busyness) → the share of cases for which each promise is kept."""


class Toy(NamedTuple):
    """A problem, and what is true of it."""

    problem: Problem
    service: Service
    scatter: float
    """Coefficient of variation of busyness."""
    cases: int
    """A figure is the share of so many cases."""


def every_staffing(toy: Toy) -> list[tuple[int, ...]]:
    """All staffings within the bounds."""
    bounds = zip(toy.problem.lower, toy.problem.upper, strict=True)
    return list(product(*(range(low, high + 1) for low, high in bounds)))


def expected(toy: Toy, staffing: tuple[int, ...]) -> NDArray[np.float64]:
    """The true mean figure of each promise."""
    shape = 1 / toy.scatter**2
    points, weights = roots_genlaguerre(40, shape - 1)
    figures = np.array([toy.service(staffing, busy / shape) for busy in points])
    return weights @ figures / weights.sum()


def kept(toy: Toy, staffing: tuple[int, ...]) -> bool:
    """Whether a staffing truly keeps every promise."""
    return bool((expected(toy, staffing) >= toy.problem.targets).all())


@cache
def least_cost(name: str) -> float:
    """The cost of the cheapest staffing of a toy that truly keeps every promise."""
    toy = TOYS[name]
    return min(toy.problem.cost(x) for x in every_staffing(toy) if kept(toy, x))


class Counted:
    """An oracle for a toy that counts what it is asked, under one seed."""

    def __init__(self, toy: Toy, seed: int = 1) -> None:
        self.toy, self.seed, self.asked = toy, seed, 0

    def __call__(self, staffings: Sequence[tuple[int, ...]], replications: range) -> NDArray[np.float64]:
        self.asked += len(staffings) * len(replications)
        return np.array([[self.figures(x, k) for k in replications] for x in staffings])

    def figures(self, staffing: tuple[int, ...], replication: int) -> NDArray[np.float64]:
        rng = np.random.default_rng([self.seed, replication])
        shape = 1 / self.toy.scatter**2
        shares = np.array(self.toy.service(staffing, rng.standard_gamma(shape) / shape))
        return _binomial(rng.random(shares.size), self.toy.cases, np.clip(shares, 0.0, 1.0))


def _binomial(u: NDArray[np.float64], n: int, p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares of n cases, by inversion: a larger p never brings fewer."""
    inside = (p > 1e-12) & (p < 1 - 1e-12)
    counts = np.ceil(bdtrik(u, n, np.where(inside, p, 0.5)).clip(0))
    return np.where(inside, np.nan_to_num(counts).clip(0, n) / n, np.rint(p))


# --- the shops --------------------------------------------------------------------------------------------------


def answered(rate: float, service: float, servers: int, within: float) -> float:
    """Share of calls that wait at most so long in M/M/c; 0 if the crew is overloaded."""
    return 0.0 if servers <= rate * service else formulas.mmc_in_time(rate, service, servers, within)


def _calls(staffing: tuple[int, ...], busy: float) -> Sequence[float]:
    """Two pools of agents (Erlang C)."""
    return answered(4.0 * busy, 1.5, staffing[0], 0.3), answered(2.0 * busy, 3.0, staffing[1], 0.5)


def _lost(staffing: tuple[int, ...], busy: float) -> Sequence[float]:
    """Three chat desks without a queue (Erlang B)."""
    return [1 - formulas.erlang_b(n, load * busy) for n, load in zip(staffing, (1.0, 2.0, 3.0), strict=True)]


def _in_series(staffing: tuple[int, ...], busy: float) -> Sequence[float]:
    """Pick, pack, ship: the order is on time if it is at each."""
    shares = [answered(busy, s, n, 1.0) for n, s in zip(staffing, (1.4, 2.2, 0.9), strict=True)]
    return (float(np.prod(shares)),)


def _helpers(staffing: tuple[int, ...], busy: float) -> Sequence[float]:
    """Orders and returns with a crew each, helpers who do both at six tenths, and a desk that both pass."""
    orders, returns, helpers, desk = staffing
    at_desk = expit(4 * (desk - 1.9 * busy))
    return (
        at_desk * expit(3 * (orders + 0.6 * helpers - 3.0 * busy)),
        at_desk * expit(3 * (returns + 0.6 * helpers - 2.2 * busy)),
    )


def _crowded(staffing: tuple[int, ...], busy: float) -> Sequence[float]:
    """More pickers than packers crowd the benches: more people can do worse."""
    pick, pack, ship = staffing
    crowd = 0.06 * max(0, pick - pack)
    return expit(3 * (pick - 2.6 * busy)), max(0.0, expit(3 * (min(pack, ship + 1) - 2.1 * busy)) - crowd)


def _weeks(staffing: tuple[int, ...], busy: float) -> Sequence[float]:
    """Probability that a whole week goes well: figures are 0 or 1."""
    return expit(5 * (staffing[0] - 3.2 * busy)), expit(5 * (staffing[1] - 5.1 * busy))


def _toy(  # the bounds are 1 … most for every team
    service: Service, most: Sequence[int], prices: Sequence[float], targets: Sequence[float], scatter: float, cases: int
) -> Toy:
    teams = tuple(f"team {i}" for i in range(len(most)))
    promises = tuple(f"promise {j}" for j in range(len(targets)))
    lower = (1,) * len(most)
    return Toy(
        Problem(teams, lower, tuple(most), linear_cost(prices), promises, tuple(targets)), service, scatter, cases
    )


TOYS = {
    "two call pools": _toy(_calls, (14, 14), (900, 800), (0.8, 0.85), 0.1, 300),
    "on the edge": _toy(_calls, (14, 14), (900, 800), (0.8, 0.867), 0.1, 300),  # 9 and 9 come to 0.8666
    "three desks": _toy(_lost, (8, 8, 8), (700, 750, 640), (0.9, 0.9, 0.95), 0.1, 300),
    "in series": _toy(_in_series, (6, 6, 6), (600, 650, 800), (0.89,), 0.1, 300),
    "helpers": _toy(_helpers, (5, 5, 5, 5), (800, 700, 600, 750), (0.9, 0.9), 0.1, 300),
    "crowded benches": _toy(_crowded, (6, 6, 6), (600, 650, 700), (0.9, 0.9), 0.1, 300),
    "whole weeks": _toy(_weeks, (12, 12), (600, 750), (0.88, 0.88), 0.1, 1),
}
