"""What is measured of each day of a dated event and of the days after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.measures.promises import BROKEN, KEPT, UNDECIDED, judge, meant
from analysis.measures.timeline import Profile
from analysis.measures.view import View
from sim.plan import Plan
from sim.units import DAY, HOUR

Record = tuple[str, str, str, float]

AFTER = 3
"""Days after an event that are told of as well: its backlog is worked off in them."""

LONGEST = 31
"""Events of more days than this are a season, not told of day by day."""


def days_told(plan: Plan) -> list[int]:
    """The days of the run, from 0, that lie in a dated event or soon after it, and after the warm-up."""
    found: set[int] = set()
    for event in plan.events:
        first, last = event.since // DAY, (event.until - 1) // DAY
        if last - first < LONGEST:
            found.update(range(first, last + 1 + AFTER))
    return [day for day in sorted(found) if plan.warm_up <= day * DAY < plan.runs_for]


def date_of(plan: Plan, day: int) -> dt.date:
    """The date of a day of the run."""
    return dt.date.fromisoformat(plan.starts) + dt.timedelta(days=day)


class Judged(NamedTuple):
    """A promise, case by case."""

    name: str
    verdict: NDArray[np.int64]
    arrived: NDArray[np.int64]

    def how_many(self, those: NDArray[np.bool_], verdict: int) -> int:
        """How many of some of the cases got this verdict."""
        return int(np.count_nonzero(self.verdict[those] == verdict))

    def share_of(self, those: NDArray[np.bool_]) -> float:
        """Kept / (kept + broken) of some of the cases; NaN where nothing is decided."""
        kept, broken = (self.how_many(those, verdict) for verdict in (KEPT, BROKEN))
        return kept / (kept + broken) if kept + broken else float("nan")


def judge_all(view: View) -> list[Judged]:
    """Every promise."""
    return [
        Judged(promise.name, judge(view, promise), view.cases.arrived[meant(view, promise)])
        for promise in view.plan.promises
    ]


def measure_event_days(
    view: View, judged: list[Judged], waited: NDArray[np.int64], waiting: Profile
) -> Iterator[Record]:
    """Measures of each such day: over cases of all routes that arrived on it. `judged`: every promise; `waited`:
    how long each case has waited in all (ms); `waiting`: how many wait.
    """
    waits = np.isin(view.cases.case, view.visits.case[~view.wait_over])
    days = days_told(view.plan)
    arrived = view.cases.arrived // DAY
    for day in days:
        name, came = date_of(view.plan, day).isoformat(), arrived == day
        yield "event day", name, "arrived", int(came.sum())
        yield "event day", name, "open", int((came & (view.ended[0] < 0)).sum())
        yield "event day", name, "still_waiting", int((came & waits).sum())
        yield "event day", name, "wait_h", float(waited[came].mean()) / HOUR if came.any() else float("nan")
        end = min((day + 1) * DAY, view.end)
        yield "event day", name, "waiting_max", waiting.highest(day * DAY, end)
        yield "event day", name, "waiting_end", waiting.highest(end - 1, end)
    for day in days:
        for promise in judged:
            place, came = f"{date_of(view.plan, day).isoformat()}/{promise.name}", promise.arrived // DAY == day
            yield "event day promise", place, "share", promise.share_of(came)
            for measure, verdict in (("kept", KEPT), ("broken", BROKEN), ("undecided", UNDECIDED)):
                yield "event day promise", place, measure, promise.how_many(came, verdict)
