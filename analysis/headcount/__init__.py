"""The cheapest headcount that keeps every promise, confirmed on replications by which nothing was chosen.

from analysis.headcount import Problem, cheapest, front, linear_cost, lower_bounds

problem = Problem(teams, lower, upper, linear_cost(per_person), promises, targets, lower_bounds(plan))
answer = cheapest(problem, observe)     # observe(staffings, replications) → figures (staffing, replication, promise)
answer.sentence(), answer.table(), front(answer, observe)
"""

from __future__ import annotations

from analysis.headcount.answer import CONFIRMED, IMPOSSIBLE, UNSETTLED, Answer
from analysis.headcount.confirm import cheapest
from analysis.headcount.front import front
from analysis.headcount.load import lower_bounds
from analysis.headcount.problem import Need, Problem, linear_cost
from analysis.headcount.trials import Effort

__all__ = [
    "CONFIRMED",
    "IMPOSSIBLE",
    "UNSETTLED",
    "Answer",
    "Effort",
    "Need",
    "Problem",
    "cheapest",
    "front",
    "linear_cost",
    "lower_bounds",
]
