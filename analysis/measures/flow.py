"""What is measured wherever cases queue and are served: at a step, for a role, in a department."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.measures.spread import spread
from analysis.measures.timeline import profile
from analysis.measures.view import View
from sim.log import GAVE_UP, OPEN
from sim.units import DAY, MINUTE

Record = tuple[str, str, str, float]
WAITS = ("wait_min", "wait_p50_min", "wait_p90_min", "wait_p95_min", "wait_max_min")
NAMES = (
    *("visits", "per_day", "served", "gave_up", "open", "gave_up_share", "still_waiting"),
    *(*WAITS, "wait_sd_min", "service_min", "queue", "queue_max"),
)
"""In the order in which they are told."""


@dataclass(frozen=True)
class FlowSums:
    """What the means of some steps are made of; times in ms."""

    visits: int
    gave_up: int
    open: int
    waits: int
    """Visits whose waiting is over."""
    waited: int
    """By all visits; by those who still wait, so far."""
    done: int
    service: int
    queued: int
    """Time spent waiting within the measuring window, by all visits."""


def means(sums: FlowSums, window: int) -> dict[str, float]:
    """Counts and means of `flow`, in a measuring window of so many ms."""
    none = float("nan")
    return {
        "visits": sums.visits,
        "per_day": sums.visits / (window / DAY),
        "served": sums.visits - sums.gave_up - sums.open,
        "gave_up": sums.gave_up,
        "open": sums.open,
        "gave_up_share": sums.gave_up / sums.visits if sums.visits else none,
        "still_waiting": sums.visits - sums.waits,
        "wait_min": sums.waited / sums.visits / MINUTE if sums.visits else none,
        "service_min": sums.service / sums.done / MINUTE if sums.done else none,
        "queue": sums.queued / window,
    }


def flow(view: View, kind: str, place: str, steps: list[int]) -> Iterator[Record]:
    """Measures of the visits to some steps, over those that joined after the warm-up.

    Waits are of all of them; one that is not over at the end of the run counts with what it has lasted (and so is never
    longer than the truth). Service is of visits that were served; the queue is the number waiting, averaged over the
    measuring window, and its maximum there.
    """
    v = view.visits
    every = np.concatenate([view.by_step[n] for n in steps]) if steps else np.zeros(0, dtype=np.int64)
    rows = every[view.inside[every]]
    done = rows[(v.began[rows] >= 0) & (v.left[rows] >= 0)]
    waits, standing = view.waited[rows], view.waits_of(every)
    queue = profile(standing.since, standing.until)
    sums = FlowSums(
        visits=rows.size,
        gave_up=int(np.count_nonzero(v.outcome[rows] == GAVE_UP)),
        open=int(np.count_nonzero(v.outcome[rows] == OPEN)),
        waits=int(np.count_nonzero(view.wait_over[rows])),
        waited=int(waits.sum()),
        done=done.size,
        service=int(view.worked[done].sum()),
        queued=int(np.diff(queue.before(np.array([view.start, view.end])))[0]),
    )
    found = means(sums, view.end - view.start)
    found |= dict(zip(WAITS[1:], spread(waits, MINUTE)[1:], strict=True))
    found["wait_sd_min"] = float(waits.std()) / MINUTE if waits.size else float("nan")
    found["queue_max"] = queue.highest(view.start, view.end)
    for name in NAMES:
        yield kind, place, name, found[name]
