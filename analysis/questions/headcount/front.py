"""What service costs: the staffings that nothing seen beats in both cost and service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.measures.load import Staffing
from analysis.questions.headcount.answer import Answer
from analysis.questions.headcount.problem import Oracle, changed
from analysis.questions.headcount.search import gained, saved
from analysis.questions.headcount.trials import OutOfReplications, Trials

if TYPE_CHECKING:
    import pandas as pd


def front(answer: Answer, observe: Oracle, steps: int = 4, replications: int = 80) -> pd.DataFrame:
    """The non-dominated staffings by cost per week and worst margin, the cheapest first.

    The worst margin is the least, over promises, of expected figure - target. To what the search saw are added up
    to `steps` people more and fewer than in the answer, each where it helps most or harms least for its cost, and
    all that is listed is played `replications` times (at most `effort.most`). Columns: teams, cost, margin, low,
    high, replications, keeps (whether the mean margin is at least 0). Low and high bound the margin at 99 %
    confidence. Search and front together stay within `effort.total`.
    """
    import pandas as pd

    trials = Trials(answer.problem, observe, answer.effort)
    trials.seen, trials.spent = dict(answer.figures), answer.spent
    try:
        if answer.staffing is not None:
            _walk(trials, answer.staffing, 1, steps, replications)
            _walk(trials, answer.staffing, -1, steps, replications)
        while short := [x for x in _unbeaten(trials) if trials.known(x) < min(replications, answer.effort.most)]:
            trials.look(short, replications, "front")
    except OutOfReplications:
        pass
    return pd.DataFrame([_row(trials, x) for x in _unbeaten(trials)])


def _walk(trials: Trials, staffing: Staffing, by: int, steps: int, replications: int) -> None:
    """Add people (or take them away, `by` -1) one at a time, and look at every neighbour on the way."""
    worth = gained if by > 0 else saved
    trials.look([staffing], replications, "front")
    for _ in range(steps):
        around = [changed(staffing, team, by) for team in range(len(staffing))]
        around = [x for x in around if trials.problem.within(x) and trials.problem.possible(x)]
        if not around:
            return
        trials.look(around, trials.effort.first, "front")
        scores = [worth(trials, staffing, x) for x in around]
        staffing = around[scores.index(max(scores))]


def _unbeaten(trials: Trials) -> list[Staffing]:
    """Whatever has a larger worst margin than all that costs no more, by cost."""
    found: list[Staffing] = []
    for staffing in sorted(trials.seen, key=lambda x: (trials.problem.cost(x), -trials.margin(x), x)):
        if not found or trials.margin(staffing) > trials.margin(found[-1]):
            found.append(staffing)
    return found


def _row(trials: Trials, staffing: Staffing) -> dict[str, object]:
    low, high = trials.margin_bounds(staffing)
    row: dict[str, object] = dict(zip(trials.problem.teams, staffing, strict=True))
    row |= {"cost": trials.problem.cost(staffing), "margin": trials.margin(staffing), "low": low, "high": high}
    return {**row, "replications": trials.known(staffing), "keeps": trials.margin(staffing) >= 0}
