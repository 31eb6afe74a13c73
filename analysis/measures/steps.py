"""What is measured at each step: visits, waits, service, queue."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.measures.spread import spread
from analysis.timeline import Ints
from analysis.view import View
from sim.log import GAVE_UP, OUTCOMES
from sim.plan import BRANCH
from sim.units import DAY, MINUTE

Record = tuple[str, str, str, float]
WAITS = ("wait_min", "wait_p50_min", "wait_p90_min", "wait_p95_min", "wait_max_min")


def measure_steps(view: View) -> Iterator[Record]:
    """Measures of every step, over visits that joined after the warm-up.

    Waits are of visits whose waiting is over (work began, or the case gave up); service is of visits that were
    served; the queue is a time average over the measuring window.
    """
    days = (view.end - view.start) / DAY
    for number, rows in enumerate(view.by_step):
        place = view.plan.step_key(number)
        rows = rows[view.inside[rows]]
        outcomes = np.bincount(view.visits.outcome[rows], minlength=len(OUTCOMES))
        yield "step", place, "visits", rows.size
        yield "step", place, "per_day", rows.size / days
        for name, count in zip(OUTCOMES, outcomes, strict=True):
            yield "step", place, name, count
        if view.plan.steps[number].verb < BRANCH:
            yield from _timed(view, number, rows, place)


def _timed(view: View, number: int, rows: Ints, place: str) -> Iterator[Record]:
    v = view.visits
    over = rows[view.wait_over[rows]]
    for name, value in zip(WAITS, spread(view.waited_until[over] - v.joined[over], MINUTE), strict=True):
        yield "step", place, name, value
    done = rows[(v.began[rows] >= 0) & (v.left[rows] >= 0)]
    yield "step", place, "service_min", spread(v.left[done] - v.began[done], MINUTE)[0]
    yield "step", place, "gave_up_share", np.mean(v.outcome[rows] == GAVE_UP) if rows.size else float("nan")
    queue = view.queue[number]
    window = np.array([view.start, view.end])
    yield "step", place, "queue", np.diff(queue.before(window))[0] / (view.end - view.start)
    yield "step", place, "queue_max", queue.highest(view.start, view.end)
