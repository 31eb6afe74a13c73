"""The search: from the upper bounds down to the cheapest staffing that seems to keep every promise.

1. `narrow`: for each team by itself, how many it needs even if all others are at their most (bisection).
2. `descend`: bisection on the line from there to the upper bounds, then one person fewer at a time, where that
   saves most for what it costs in service.
3. `improve`: swaps and everything else that is cheaper than the best so far. Of what is not cut off, the largest
   staffings are looked at, the most promising first: each either is the new best or cuts off all below it. A cut is
   lifted: teams that do not move the broken promise are put at their most, and if it is broken still, they never
   mattered. When nothing cheaper is left, the best is the cheapest; that none of its people can be spared is seen, not
   only inferred from cuts.

A first look is short; what is close to a target is looked at longer, twice as long each time, until it clearly keeps or
breaks its promises. (Feasibility from few replications first: Andradóttir & Kim 2010, "Fully sequential procedures for
comparing constrained systems via simulation", Naval Research Logistics 57, 403-421; Kim & Nelson 2001, "A fully
sequential procedure for indifference-zone selection in simulation", ACM TOMACS 11, 251-273. Their error control is for
a choice among all staffings; here it lies in the confirmation.)
"""

from __future__ import annotations

from functools import partial

import numpy as np

from analysis.measures.load import Staffing
from analysis.questions.headcount.candidates import Open
from analysis.questions.headcount.problem import changed
from analysis.questions.headcount.trials import Decision, OutOfReplications, Trials

AT_ONCE = 4
"""Candidates that are looked at together."""


def first_descent(trials: Trials) -> None:
    """Bring the search from the upper bounds to a staffing from which nobody can be spared, if there is one."""
    upper = trials.problem.upper
    trials.settle([upper], "upper bounds")
    if not trials.feasible(upper):
        _seek(trials, upper)
        return
    narrow(trials)
    descend(trials, _along_the_line(trials))


def _seek(trials: Trials, staffing: Staffing) -> None:
    """From upper bounds that break a promise, follow the worst margin as long as it grows: where more people may do
    worse, fewer could do. Where they never do, this ends after one round.
    """
    while not trials.feasible(staffing):
        around = [changed(staffing, team, by) for team in range(len(staffing)) for by in (-1, 1)]
        around = [x for x in around if trials.problem.within(x)]
        trials.look(around, 2 * trials.effort.first, "around the upper bounds")
        n = min(map(trials.known, [staffing, *around]))
        best = max([staffing, *around], key=partial(trials.margin, replications=n))
        if best == staffing:
            return
        staffing = best


def narrow(trials: Trials) -> None:
    """For each team the fewest with whom no promise is clearly broken, the other teams being at their most."""
    upper = trials.problem.upper
    low, high = list(Open(trials).least), list(upper)
    while unknown := [team for team in range(len(upper)) if low[team] < high[team]]:
        middle = {team: (low[team] + high[team]) // 2 for team in unknown}
        tried = {team: changed(upper, team, n - upper[team]) for team, n in middle.items()}
        trials.look(tried.values(), trials.effort.first, "one team alone")
        for team in unknown:
            if trials.decision(tried[team]) is Decision.CUT:
                low[team] = middle[team] + 1
            else:
                high[team] = middle[team]


def _along_the_line(trials: Trials) -> Staffing:
    """The smallest feasible staffing on the line from the least of every team to the upper bounds."""
    least, upper = Open(trials).least, trials.problem.upper
    steps = max(b - a for a, b in zip(least, upper, strict=True))
    low, high, best = 0, steps, upper
    while low < high:
        middle = (low + high) // 2
        staffing = tuple(a + -(-middle * (b - a) // steps) for a, b in zip(least, upper, strict=True))
        trials.look([staffing], 2 * trials.effort.first, "along the line")
        if trials.feasible(staffing):
            high, best = middle, staffing
        else:
            low = middle + 1
    return best


def descend(trials: Trials, staffing: Staffing) -> None:
    """Take away one person at a time while it stays feasible: whoever saves most for each bit of service lost."""
    while True:
        still_open = Open(trials).open
        fewer = [x for team in range(len(staffing)) if still_open(x := changed(staffing, team, -1))]
        trials.look(fewer, 2 * trials.effort.first, "one fewer")
        fewer = [x for x in fewer if trials.feasible(x)]
        if not fewer:
            return
        staffing = max(fewer, key=partial(saved, trials, staffing))


def saved(trials: Trials, more: Staffing, fewer: Staffing) -> float:
    """Cost saved for each bit of the worst margin lost, on the same replications."""
    n = min(trials.known(more), trials.known(fewer))
    lost = max(trials.margin(more, n) - trials.margin(fewer, n), 1e-3)
    return (trials.problem.cost(more) - trials.problem.cost(fewer)) / lost


def climb(trials: Trials, staffing: Staffing) -> None:
    """Add one person at a time, where it helps most for what it costs, until it is feasible or nobody can be added.

    What failed its confirmation is climbed from, too.
    """
    while trials.has_failed(staffing) or not trials.feasible(staffing):
        more = [changed(staffing, team, 1) for team in range(len(staffing))]
        more = [x for x in more if trials.problem.within(x)]
        if not more:
            return
        trials.look(more, 4 * trials.effort.first, "one more")
        staffing = max(more, key=partial(gained, trials, staffing))


def gained(trials: Trials, fewer: Staffing, more: Staffing) -> float:
    """Shortfall of all promises mended for each bit of cost, on the same replications; then the worst margin."""
    n = min(trials.known(more), trials.known(fewer))
    mended = trials.shortfall(fewer, n) - trials.shortfall(more, n)
    extra = max(trials.problem.cost(more) - trials.problem.cost(fewer), 1e-9)
    return (mended + 1e-6 * trials.margin(more, n)) / extra


def improve(trials: Trials) -> tuple[Staffing | None, bool]:
    """The cheapest staffing that seems feasible (None if there is none), and whether all cheaper ones are excluded.

    They are not where the replications allowed for the search ran out.
    """
    try:
        while (best := incumbent(trials)) is not None:
            trials.settle([best], "the best so far")
            if trials.feasible(best):
                still_open = Open(trials)
                cheaper = still_open.largest_below(trials.problem.cost(best))
                if cheaper:
                    _look_at_some(trials, cheaper)
                elif not _one_fewer_does(trials, best):
                    return best, still_open.complete
    except OutOfReplications:
        pass
    return incumbent(trials), False


def _one_fewer_does(trials: Trials, best: Staffing) -> bool:
    """Whether, against all cuts, one of the best so far can be spared: looked at, for cuts rest on an assumption."""
    fewer = [changed(best, team, -1) for team in range(len(best))]
    fewer = [x for x in fewer if trials.problem.within(x) and trials.problem.possible(x)]
    trials.settle(fewer, "one fewer, to be sure")
    return any(trials.feasible(x) and not trials.has_failed(x) for x in fewer)


def incumbent(trials: Trials) -> Staffing | None:
    """The cheapest staffing that is feasible as far as is known, and of these the one with the largest margin."""
    feasible = [x for x in trials.seen if trials.feasible(x) and not trials.has_failed(x)]
    return min(feasible, key=lambda x: (trials.problem.cost(x), -trials.margin(x), x), default=None)


def _look_at_some(trials: Trials, cheaper: list[Staffing]) -> None:
    """Look at the most promising candidates and settle each."""
    some = _most_promising(trials, cheaper)
    trials.look(some, trials.effort.first, "cheaper")
    _lift(trials, [x for x in some if trials.decision(x) is Decision.CUT], cheaper)
    for staffing in some:
        if Open(trials).open(staffing):
            trials.settle([staffing], "cheaper")
            if trials.feasible(staffing):
                descend(trials, staffing)
                return


def _most_promising(trials: Trials, staffings: list[Staffing]) -> list[Staffing]:
    """Those whose worst margin may be highest: between the least of all larger ones and the most of all smaller."""
    seen, asked = np.array(list(trials.seen)), np.array(staffings)[:, None]
    margins = np.array([trials.margin(x) for x in trials.seen])
    above = np.where((asked <= seen).all(axis=2), margins, 1.0).min(axis=1)
    below = np.where((asked >= seen).all(axis=2), margins, -1.0).max(axis=1)
    order = np.argsort(-(above + below), kind="stable")  # candidates come in a fixed order
    return [staffings[i] for i in order[:AT_ONCE]]


def _lift(trials: Trials, cut: list[Staffing], cheaper: list[Staffing]) -> None:
    """Look whether what is cut is cut whatever the teams have that do not move its broken promise."""
    lifted = []
    for staffing in cut:
        moving = trials.movers(trials.worst(staffing))
        up = tuple(n if team in moving else trials.problem.upper[team] for team, n in enumerate(staffing))
        spares = any(x != staffing and all(a <= b for a, b in zip(x, up, strict=True)) for x in cheaper)
        if up != staffing and up not in trials.seen and spares:
            lifted.append(up)
    trials.look(lifted, trials.effort.first, "lifted cut")
