"""The compiled engine, halted at instants: to be looked at while it plays (`sim/verify/twins.py`)."""

from __future__ import annotations

from typing import Any

from sim.draws import Draws
from sim.fast import lexicon as x
from sim.fast.compiled import whole
from sim.fast.kernel import next_instant, play
from sim.fast.play import FIRST_VISITS, is_over
from sim.fast.tables import LOG_TYPES, build, counts, grown, more, roomier
from sim.fast.world import Ints, World
from sim.plan import Plan

FIRST_ROWS = 4096


@whole
def _next_instant(w: World, n: Ints) -> int:
    """Asked between two calls of the kernel, of which it is a part."""
    return next_instant(w, n)


class Stepped:
    """A run that has been played up to some instant, with its tables as they stand there."""

    def __init__(self, plan: Plan, draws: Draws) -> None:
        self.plan, self.draws = plan, draws
        self.over = False
        """Whether it was played to the end: then the log tells the visits that are open too."""
        self._begin(FIRST_VISITS)

    def _begin(self, visits: int) -> None:
        self.visits = visits
        self.world, self.layout = build(self.plan, self.draws, visits, FIRST_ROWS)
        self.counts = counts(self.world)

    def next_instant(self) -> int:
        """The instant (ms) at which something is due next, NEVER if nothing is to come."""
        return int(_next_instant(self.world, self.counts))

    def play(self, until: int) -> None:
        """Play on up to (not including) an instant."""
        self.over = until >= self.plan.runs_for
        while (state := play(self.world, self.counts, until)) != x.DONE:
            if state == x.LOG_FULL:
                self.world = _with_longer_log(self.world, self.counts)
            elif state == x.PAST_FULL:
                self.world = roomier(self.world, self.counts)
            elif not is_over(state):
                self._begin(more(self.visits))


def _with_longer_log(world: World, n: Ints) -> World:
    """The world with twice the room for its log."""
    larger: dict[str, Any] = {name: grown(getattr(world, name), int(n[x.ROWS])) for name in LOG_TYPES}
    stretch = grown(world.stretch, int(n[x.STRETCHES]))
    return world._replace(helper=grown(world.helper, int(n[x.HELPS])), stretch=stretch, **larger)
