"""The confirmation on fresh replications, and what follows if it fails.

A search picks what looked best on its own replications, and what looks best was also lucky. So the answer is
played again under luck that nothing was chosen by: n replications, n fixed beforehand from what the search saw. It is
confirmed if the one-sided lower bounds of all promises reach their targets, each bound at risk a / promises
(Bonferroni: they hold together but for a risk a). The k-th confirmation has a = risk / 2^k, on replications that were
never used; so all together err with at most the given risk, however many there are. If one fails, somebody is added
where it helps most, the next best is looked for, and the failed staffing and all below it are out.
"""

from __future__ import annotations

import math

import numpy as np

from analysis.measures.load import Staffing
from analysis.questions.headcount.answer import CONFIRMED, IMPOSSIBLE, UNSETTLED, Answer
from analysis.questions.headcount.bounds import replications_needed
from analysis.questions.headcount.problem import Floats, Oracle, Problem
from analysis.questions.headcount.search import climb, first_descent, improve
from analysis.questions.headcount.trials import Decision, Effort, OutOfReplications, Trials, summary

FOR_THE_SEARCH = 0.5
"""The share of what is left of the replications that a search may use before it must come to a confirmation."""


def cheapest(problem: Problem, observe: Oracle, effort: Effort | None = None) -> Answer:
    """The cheapest staffing for which every promise is kept with its stated probability, confirmed.

    The search uses replications 0 … `effort.most` - 1 of every staffing, confirmations those from there on. Same
    inputs, same answer and same trace. A staffing that fails a need of the problem is never tried.

    >>> import numpy as np
    >>> def observe(staffings, replications):       # kept in 80 + 5 x people per cent of the cases, ± luck
    ...     luck = np.array([np.random.default_rng(k).normal(0, 0.01) for k in replications])
    ...     return np.array([[[min(1.0, 0.8 + 0.05 * n + each)] for each in luck] for (n,) in staffings])
    >>> from analysis.questions.headcount.problem import linear_cost
    >>> problem = Problem(("packer",), (1,), (9,), linear_cost([700.0]), ("shipped",), (0.88,))
    >>> answer = cheapest(problem, observe)
    >>> answer.staffing, answer.status, answer.cheaper_excluded
    ((2,), 'confirmed', True)
    """
    trials = Trials(problem, observe, effort or Effort())
    if not problem.possible(problem.upper):
        return _answer(trials, IMPOSSIBLE, problem.upper, True)
    fresh = _Fresh(trials)
    try:
        trials.allowance = _for_the_search(trials)
        first_descent(trials)
    except OutOfReplications:
        pass
    return _settle_on_one(trials, fresh)


def _for_the_search(trials: Trials) -> int:
    return trials.spent + int(FOR_THE_SEARCH * (trials.effort.total - trials.spent))


class _Fresh:
    """Confirmations: each on fresh replications and with half the risk of the one before."""

    def __init__(self, trials: Trials) -> None:
        self.trials, self.attempts, self.next = trials, 0, trials.effort.most

    def risk(self) -> float:
        """The risk of each bound in the next confirmation."""
        return float(self.trials.effort.risk / 2 ** (self.attempts + 1) / len(self.trials.targets))

    def observe(self, staffing: Staffing, n: int) -> tuple[Floats, float]:
        """Figures of a staffing on n fresh replications, and the risk of each bound."""
        risk = self.risk()
        figures: Floats = self.trials.observe([staffing], range(self.next, self.next + n))[0]
        self.attempts += 1
        self.next += n
        return figures, risk


def _settle_on_one(trials: Trials, fresh: _Fresh) -> Answer:
    while True:
        trials.allowance = _for_the_search(trials)
        best, excluded = improve(trials)
        trials.allowance = trials.effort.total
        try:
            if best is None:
                return _impossible(trials, fresh)
            if _confirm(trials, fresh, best):
                return _answer(trials, CONFIRMED, best, excluded)
            climb(trials, best)
        except OutOfReplications:
            break
    return _answer(trials, UNSETTLED, best, False)


def _confirm(trials: Trials, fresh: _Fresh, staffing: Staffing) -> bool:
    """Confirm a staffing; again, with more replications, as long as all that was seen says that these would do."""
    trials.tell(staffing, "the best so far", Decision.INCUMBENT)
    known, tried, broken = trials.seen[staffing], 0, False
    while (n := _enough(trials, fresh, known)) > tried:
        left = trials.effort.total - trials.spent
        n = n if left < trials.effort.confirm_least else min(n, left)  # better a bold one than none
        figures, risk = fresh.observe(staffing, n)
        found = summary(figures, risk)
        confirmed = bool((found.lows >= trials.targets).all())
        decision = Decision.CONFIRMED if confirmed else Decision.NOT_CONFIRMED
        trials.write("confirmation", staffing, n, found, decision)
        if confirmed:
            return True
        known, tried = np.vstack((known, figures)), n
        broken = bool((found.highs < trials.targets).any())
    trials.unconfirmed[staffing] = broken
    return False


def _enough(trials: Trials, fresh: _Fresh, figures: Floats) -> int:
    least, most = trials.effort.confirm_least, trials.effort.confirm_most
    return replications_needed(figures, trials.targets, fresh.risk(), least, most)


def _impossible(trials: Trials, fresh: _Fresh) -> Answer:
    """Nothing seems feasible: whether the upper bounds clearly break a promise on fresh replications, too."""
    upper = trials.problem.upper
    figures, risk = fresh.observe(upper, trials.effort.confirm_least)
    found = summary(figures, risk)
    shown = bool((found.highs + trials.slips < trials.targets).any())
    decision = Decision.CUT if shown else Decision.NOT_CONFIRMED
    trials.write("confirmation", upper, len(figures), found, decision)
    return _answer(trials, IMPOSSIBLE if shown else UNSETTLED, upper, shown)


def _answer(trials: Trials, status: str, staffing: Staffing | None, excluded: bool) -> Answer:
    cost = trials.problem.cost(staffing) if staffing is not None else math.inf
    return Answer(
        problem=trials.problem,
        effort=trials.effort,
        status=status,
        staffing=staffing,
        cheaper_excluded=excluded,
        too_close=tuple(x for x in trials.too_close() if trials.problem.cheaper(x, cost)),
        slips=tuple(map(float, trials.slips)),
        spent=trials.spent,
        trace=tuple(trials.trace),
        figures=trials.seen,
    )
