"""The same measures over time: by hour of the day, by weekday and along the run.

For every replication and every full hour of the run, areas are taken from the log (whole ms); folding them is
adding up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from analysis.measures.timeline import Ints, profile
from analysis.measures.view import View, stretch_profile
from sim.units import DAY, HOUR, MINUTE

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Hourly:
    """One replication hour by hour; every array is (place, hour of the run), times in ms."""

    queue: Ints
    """Step: case-ms spent waiting."""
    waited: Ints
    """Step: the whole wait of those who joined in this hour."""
    joined: Ints
    """Step: how many joined in this hour (and whose wait is over)."""
    busy: Ints
    """Role: person-ms busy on shift."""
    scheduled: Ints
    """Role: person-ms on shift."""
    arrived: Ints
    """Route: how many cases came."""
    inside: Ints
    """Route: case-ms in the shop."""


def hourly(view: View) -> Hourly:
    """The log in hours (a last, incomplete hour is left out)."""
    plan, hours = view.plan, view.hours
    queue = np.array([np.diff(count.before(hours)) for count in view.queue])
    joined, waited = _joined(view)
    busy, scheduled = [], []
    for role in range(len(plan.roles)):
        people = [view.people[n] for n in plan.people_of(role)]
        working = stretch_profile(people, [p.on & (p.step >= 0) for p in people], view.end)
        present = stretch_profile(people, [p.on for p in people], view.end)
        busy.append(np.diff(working.before(hours)))
        scheduled.append(np.diff(present.before(hours)))
    arrived, inside = _routes(view)
    by_role = (len(plan.roles), hours.size - 1)
    return Hourly(
        queue=queue,
        waited=waited,
        joined=joined,
        busy=np.array(busy, dtype=np.int64).reshape(by_role),
        scheduled=np.array(scheduled, dtype=np.int64).reshape(by_role),
        arrived=arrived,
        inside=inside,
    )


def _joined(view: View) -> tuple[Ints, Ints]:
    v, size = view.visits, view.hours.size - 1
    count, total = [], []
    for number, rows in enumerate(view.by_step):
        timed = view.plan.steps[number].takes_time
        rows = (
            rows[view.wait_over[rows] & (v.joined[rows] >= 0) & (v.joined[rows] < size * HOUR)] if timed else rows[:0]
        )
        hour = v.joined[rows] // HOUR
        waits = view.waited[rows]
        count.append(np.bincount(hour, minlength=size))
        total.append(np.bincount(hour, weights=waits, minlength=size).astype(np.int64))
    return np.array(count), np.array(total)


def _routes(view: View) -> tuple[Ints, Ints]:
    size, ended = view.hours.size - 1, view.ended[0]
    arrived, inside = [], []
    for number in range(len(view.plan.routes)):
        mine = view.cases.route == number
        came = view.cases.arrived[mine]
        arrived.append(np.bincount(came[(came >= 0) & (came < size * HOUR)] // HOUR, minlength=size))
        present = profile(came, np.where(ended[mine] < 0, view.end, ended[mine]))
        inside.append(np.diff(present.before(view.hours)))
    return np.array(arrived), np.array(inside)


FOLDS = ("hour", "weekday", "along")
"""By hour of the day (0 … 23), by weekday (0 = Monday), and along the run (days; hours if the run is under eight
days).
"""

MEASURES = {
    "queue": ("step", "cases"),
    "wait_min": ("step", "min"),
    "utilisation": ("role", "share"),
    "on_shift": ("role", "people"),
    "arrived_per_h": ("route", "cases/h"),
    "in_progress": ("route", "cases"),
}
"""Each measure over time: the kind of place it belongs to, and its unit."""


def fold(view: View, hours: Hourly) -> dict[tuple[str, str], Floats]:
    """(fold, measure) → array (place, slot). By hour and weekday the warm-up is left out, along the run it is
    shown.
    """
    folded: dict[tuple[str, str], Floats] = {}
    for name, (slots, keep) in _slots(view).items():

        def total(counts: Ints, slots: Ints = slots, keep: NDArray[np.bool_] = keep) -> Floats:
            size = int(slots.max(initial=0)) + 1
            totals = [np.bincount(slots[keep], weights=row[keep], minlength=size) for row in counts]
            return np.array(totals, dtype=np.float64).reshape(len(counts), size)

        length = total(np.full((1, slots.size), HOUR))
        with np.errstate(invalid="ignore", divide="ignore"):
            folded[name, "queue"] = total(hours.queue) / length
            folded[name, "wait_min"] = total(hours.waited) / total(hours.joined) / MINUTE
            folded[name, "utilisation"] = total(hours.busy) / total(hours.scheduled)
            folded[name, "on_shift"] = total(hours.scheduled) / length
            folded[name, "arrived_per_h"] = total(hours.arrived) * HOUR / length
            folded[name, "in_progress"] = total(hours.inside) / length
    return folded


def _slots(view: View) -> dict[str, tuple[Ints, NDArray[np.bool_]]]:
    """For each fold: the slot of every hour of the run, and which hours count."""
    number = np.arange(view.hours.size - 1)
    counted = view.hours[:-1] >= view.start
    monday = date.fromisoformat(view.plan.starts).weekday()
    along = number if view.end < 8 * DAY else number // 24
    return {
        "hour": (number % 24, counted),
        "weekday": ((monday + number // 24) % 7, counted),
        "along": (along, np.ones(number.size, dtype=bool)),
    }
