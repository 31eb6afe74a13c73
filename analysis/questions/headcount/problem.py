"""What is asked: teams with bounds, a cost, promises with targets, and needs that hold without any simulation."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.measures.load import SAME, Need, Staffing
from sim.faults import bad_input

Floats = NDArray[np.float64]

Oracle = Callable[[Sequence[Staffing], range], Floats]
"""(staffings, replications) → figures in 0 … 1, an array (staffing, replication, promise).

Replication k must bring every staffing the same luck, and different replications independent luck."""


@dataclass(frozen=True)
class Problem:
    """Find the cheapest staffing within the bounds that brings the expected figure of every promise to its target."""

    teams: tuple[str, ...]
    lower: Staffing
    upper: Staffing
    cost: Callable[[Staffing], float]
    """Per week; must not fall when a team grows."""
    promises: tuple[str, ...]
    targets: tuple[float, ...]
    """The least expected figure of each promise (above 0, at most 1)."""
    needs: tuple[Need, ...] = ()

    def __post_init__(self) -> None:
        """Raises BadInput for bounds or targets that make no sense."""
        if not self.teams or not len(self.teams) == len(self.lower) == len(self.upper):
            raise bad_input("headcount", "give every team, and there must be one, a lower and an upper bound")
        for team, low, high in zip(self.teams, self.lower, self.upper, strict=True):
            if not 0 <= low <= high:
                raise bad_input("headcount", f"{team}: the bounds {low} … {high} hold no number of people")
        if not self.promises or len(self.promises) != len(self.targets):
            raise bad_input("headcount", "give every promise, and there must be one, a target")
        for promise, target in zip(self.promises, self.targets, strict=True):
            if not 0 < target <= 1:
                raise bad_input("headcount", f"{promise}: the target must be above 0 and at most 1; got {target:g}")

    def within(self, staffing: Staffing) -> bool:
        """Whether every team is within its bounds."""
        return all(low <= n <= high for low, n, high in zip(self.lower, staffing, self.upper, strict=True))

    def cheaper(self, staffing: Staffing, cost: float) -> bool:
        """Whether a staffing costs less, by more than rounding."""
        return self.cost(staffing) < cost - SAME * abs(cost)

    def possible(self, staffing: Staffing) -> bool:
        """Whether all needs are met."""
        return all(need.met(staffing) for need in self.needs)


def linear_cost(per_person: Sequence[float]) -> Callable[[Staffing], float]:
    """The cost per week if every person of team i costs `per_person[i]`.

    >>> linear_cost([800.0, 650.0])((2, 3))
    3550.0
    """
    return lambda staffing: math.fsum(price * n for price, n in zip(per_person, staffing, strict=True))


def changed(staffing: Staffing, team: int, by: int) -> Staffing:
    """The staffing with some people more (or fewer) in one team.

    >>> changed((2, 3), 1, -1)
    (2, 2)
    """
    return (*staffing[:team], staffing[team] + by, *staffing[team + 1 :])


def least_of(problem: Problem) -> Staffing:
    """The fewest people of each team for which the needs can be met at all, the other teams being at their most.

    A team is never asked for more than its upper bound.
    """
    least = list(problem.lower)
    for need in problem.needs:
        most = [a * n for a, n in zip(need.each, problem.upper, strict=True)]
        for team, each in enumerate(need.each):
            if each > 0:
                left = need.least * (1 - SAME) - (math.fsum(most) - most[team])
                least[team] = min(problem.upper[team], max(least[team], math.ceil(left / each)))
    return tuple(least)
