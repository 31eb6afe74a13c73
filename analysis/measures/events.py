"""What is measured of dated events: who came in them, which promises were kept for those, the backlog, until when."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.measures.event_days import judge_all, measure_event_days
from analysis.measures.timeline import Profile, profile
from analysis.measures.view import View
from sim.plan import Event, Plan
from sim.units import DAY, HOUR

Record = tuple[str, str, str, float]


def measure_events(view: View) -> Iterator[Record]:
    """Measures of every event, over cases of all routes that arrived within it and after the warm-up.

    Waiting are the cases that stand in any queue or at a dock. The backlog of an event is worked off at the first
    instant after its end at which no more wait than ever did on the last quiet day before it: the day before it began,
    or before another event began that reached into that day.
    """
    if not view.plan.events:
        return
    waits = view.waits_of(np.arange(view.visits.case.size))
    waiting = profile(waits.since, waits.until)
    waited = _waited(view)
    judged = judge_all(view)
    yield from measure_event_days(view, judged, waited, waiting)
    for event in view.plan.events:
        came = view.counted & within(event, view.cases.arrived)
        over = came & (view.ended[0] >= 0)
        yield "event", event.name, "arrived", int(came.sum())
        yield "event", event.name, "open", int(came.sum() - over.sum())
        yield "event", event.name, "wait_h", _mean_hours(waited[came])
        yield "event", event.name, "cycle_h", _mean_hours((view.ended[0] - view.cases.arrived)[over])
        end = min(event.until + DAY, view.end)
        yield "event", event.name, "waiting_max", waiting.highest(event.since, end)
        yield "event", event.name, "worked_off_h", _worked_off(waiting, event, quiet_until(view.plan, event), view.end)
        for promise in judged:
            inside = within(event, promise.arrived)
            place = f"{event.name}/{promise.name}"
            yield "event promise", place, "share", promise.share_of(inside)
            yield "event promise", place, "share_else", promise.share_of(~inside)


def within(event: Event, instants: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which instants lie within an event."""
    inside: NDArray[np.bool_] = (instants >= event.since) & (instants < event.until)
    return inside


def _waited(view: View) -> NDArray[np.int64]:
    """How long each case has waited in all (ms)."""
    if not view.first_rows.size:
        return np.zeros(0, dtype=np.int64)
    total: NDArray[np.int64] = np.add.reduceat(view.waited, view.first_rows)
    return total


def _mean_hours(durations: NDArray[np.int64]) -> float:
    return float(durations.mean()) / HOUR if durations.size else float("nan")


def quiet_until(plan: Plan, event: Event) -> int:
    """The end (ms) of the last day before an event in which there was none: its beginning, or that of the first of
    those that follow each other within a day.
    """
    quiet = event.since
    for other in sorted(plan.events, key=lambda each: -each.since):
        if other.since < quiet < other.until + DAY:
            quiet = other.since
    return quiet


def _worked_off(waiting: Profile, event: Event, quiet: int, end: int) -> float:
    """Hours from the end of an event until its backlog is worked off; NaN if the run ends before, or there is no quiet
    day before the event to compare with.
    """
    if quiet < DAY or event.until >= end:
        return float("nan")
    usual = waiting.highest(quiet - DAY, quiet)
    at = np.append(waiting.at, end)
    low = (waiting.level <= usual) & (at[1:] > event.until) & (waiting.at < end)
    return max(0, int(waiting.at[low][0]) - event.until) / HOUR if low.any() else float("nan")
