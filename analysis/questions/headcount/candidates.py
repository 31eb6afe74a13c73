"""Which staffings are still worth a look: cheaper than the best, and not cut off.

A cut is a staffing that clearly breaks a promise: whatever has no more people in any team breaks it too. That
more people never do worse is an assumption about the shop, not a law of nature; `Trials` holds it against everything
that is seen, and where fewer people did better by some amount, only what fails by more than that is a cut.
(Cutting planes from service levels known by simulation: Atlason, Epelman & Henderson 2004, "Call center staffing with
simulation and cutting plane methods", Annals of Operations Research 127, 333-358. Theirs are steeper, and need
concavity, which fails where a crew is overloaded.)
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.measures.load import Staffing
from analysis.questions.headcount.problem import changed, least_of
from analysis.questions.headcount.trials import Decision, Trials

MOST = 2_000
"""So many candidates at most are listed at a time."""

MOST_STEPS = 200_000
"""So many steps at most are spent on listing them; beyond, it is not known whether there are more."""


class Open:
    """The staffings that nothing speaks against yet."""

    def __init__(self, trials: Trials) -> None:
        problem = self.problem = trials.problem
        unsure = {x for x in trials.seen if trials.decision(x) is Decision.INFEASIBLE and trials.settled(x)}
        clear = [x for x in trials.seen if trials.decision(x) is Decision.CUT]
        hopeless = [x for x in unsure if trials.known(x) >= trials.effort.most and not trials.slips.any()]
        self.cuts = np.array([*clear, *hopeless, *trials.unconfirmed], dtype=int).reshape(-1, len(problem.teams))
        self.refused = unsure
        """Out by themselves, without a word on those below."""
        self.least = self._least()
        self.steps = 0

    def _least(self) -> Staffing:
        """The fewest people of each team that needs and cuts leave, the other teams being at their most."""
        least = np.array(least_of(self.problem))
        upper = np.array(self.problem.upper)
        for cut in self.cuts:
            below = np.flatnonzero(cut < upper)
            if below.size == 1:
                least[below] = np.maximum(least[below], cut[below] + 1)
        return tuple(map(int, least))

    def excluded(self, staffing: Staffing) -> bool:
        """Whether a staffing, and with it all that are no larger, need not be looked at."""
        cut = bool((np.array(staffing) <= self.cuts).all(axis=1).any())
        return cut or not self.problem.possible(staffing)

    def open(self, staffing: Staffing) -> bool:
        """Whether a staffing may be what is looked for."""
        return self.problem.within(staffing) and staffing not in self.refused and not self.excluded(staffing)

    @property
    def complete(self) -> bool:
        """Whether the last list left nothing out for want of time."""
        return self.steps <= MOST_STEPS

    def largest_below(self, cost: float) -> list[Staffing]:
        """Cheaper open staffings to which nobody can be added without ceasing to be one of them (at most MOST)."""
        found: list[Staffing] = []
        for staffing in self._below(cost, self.least, 0):
            more = (changed(staffing, team, 1) for team in range(len(staffing)))
            if not any(self.problem.cheaper(x, cost) and self.open(x) for x in more):
                found.append(staffing)
            if len(found) == MOST:
                break
        return found

    def _below(self, cost: float, start: Staffing, team: int) -> Iterator[Staffing]:
        """All cheaper open staffings, but of the last team only the most that may be."""
        upper = self.problem.upper
        sizes = range(start[team], upper[team] + 1)
        affordable = [x for n in sizes if self.problem.cheaper(x := (*start[:team], n, *start[team + 1 :]), cost)]
        if team == len(start) - 1:
            largest = [x for x in affordable if x not in self.refused][-1:]
            yield from (x for x in largest if not self.excluded(x))
            return
        for staffing in affordable:
            self.steps += 1
            if self.steps <= MOST_STEPS and not self.excluded((*staffing[: team + 1], *upper[team + 1 :])):
                yield from self._below(cost, staffing, team + 1)
