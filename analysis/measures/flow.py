"""What is measured wherever cases queue and are served: at a step, for a role, in a department."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.measures.spread import spread
from analysis.timeline import profile
from analysis.view import View
from sim.log import GAVE_UP, OPEN
from sim.units import DAY, MINUTE

Record = tuple[str, str, str, float]
WAITS = ("wait_min", "wait_p50_min", "wait_p90_min", "wait_p95_min", "wait_max_min")


def flow(view: View, kind: str, place: str, steps: list[int]) -> Iterator[Record]:
    """Measures of the visits to some steps, over those that joined after the warm-up.

    Waits are of visits whose waiting is over (work began, or the case gave up); service is of visits that were served;
    the queue is the number waiting, averaged over the measuring window, and its maximum there.
    """
    v = view.visits
    every = np.concatenate([view.by_step[n] for n in steps]) if steps else np.zeros(0, dtype=np.int64)
    rows = every[view.inside[every]]
    over = rows[view.wait_over[rows]]
    done = rows[(v.began[rows] >= 0) & (v.left[rows] >= 0)]
    yield kind, place, "visits", rows.size
    yield kind, place, "per_day", rows.size / ((view.end - view.start) / DAY)
    gave_up, still = (int(np.count_nonzero(v.outcome[rows] == outcome)) for outcome in (GAVE_UP, OPEN))
    yield kind, place, "served", rows.size - gave_up - still
    yield kind, place, "gave_up", gave_up
    yield kind, place, "open", still
    yield kind, place, "gave_up_share", gave_up / rows.size if rows.size else float("nan")
    for name, value in zip(WAITS, spread(view.waited_until[over] - v.joined[over], MINUTE), strict=True):
        yield kind, place, name, value
    yield kind, place, "service_min", spread(v.left[done] - v.began[done], MINUTE)[0]
    queue = profile(v.joined[every], view.waited_until[every])
    area = int(np.diff(queue.before(np.array([view.start, view.end])))[0])
    yield kind, place, "queue", area / (view.end - view.start)
    yield kind, place, "queue_max", queue.highest(view.start, view.end)
