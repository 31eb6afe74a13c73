"""The cheapest headcount that keeps every promise, confirmed on replications by which nothing was chosen.

from analysis.questions.headcount import Problem, cheapest, linear_cost, lower_bounds
from analysis.questions.headcount import front

problem = Problem(teams, lower, upper, linear_cost(per_person), promises, targets, lower_bounds(plan))
answer = cheapest(problem, observe)     # observe(staffings, replications) → figures (staffing, replication, promise)
answer.sentence(), answer.table(), front(answer, observe)
"""

from __future__ import annotations

from analysis.measures.load import Need, lower_bounds
from analysis.questions.headcount.answer import CONFIRMED, IMPOSSIBLE, UNSETTLED, Answer
from analysis.questions.headcount.confirm import cheapest
from analysis.questions.headcount.front import front
from analysis.questions.headcount.problem import Problem, linear_cost
from analysis.questions.headcount.trials import Effort

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
