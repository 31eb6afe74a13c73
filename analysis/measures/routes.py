"""What is measured of routes: how many came, ended, are still open; cycle time; outcomes; work in progress."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.measures.spread import spread
from analysis.measures.timeline import profile
from analysis.measures.view import View
from sim.plan import END, Plan
from sim.units import DAY, HOUR

Record = tuple[str, str, str, float]
CYCLES = ("cycle_h", "cycle_p50_h", "cycle_p90_h", "cycle_p95_h", "cycle_max_h")


def measure_routes(view: View) -> Iterator[Record]:
    """Measures of every route over cases that arrived after the warm-up.

    Cycle time is of those that ended; those still open at the end of the run are counted beside them, not dropped
    in silence.
    """
    ended_at, ended_step = view.ended
    days = (view.end - view.start) / DAY
    for number, route in enumerate(view.plan.routes):
        of_route = view.cases.route == number
        came = of_route & view.counted
        over = came & (ended_at >= 0)
        yield "route", route.name, "arrived", came.sum()
        yield "route", route.name, "ended", over.sum()
        yield "route", route.name, "open", came.sum() - over.sum()
        yield "route", route.name, "per_day", np.count_nonzero(of_route & (ended_at >= view.start)) / days
        cycle = ended_at[over] - view.cases.arrived[over]
        for name, value in zip(CYCLES, spread(cycle, HOUR), strict=True):
            yield "route", route.name, name, value
        yield "route", route.name, "in_progress", _in_progress(view, of_route)
        for outcome, ends in outcomes_of(view.plan, number).items():
            count = int(np.count_nonzero(came & np.isin(ended_step, ends)))
            yield "outcome", f"{route.name}/{outcome}", "ended", count


def outcomes_of(plan: Plan, route: int) -> dict[str, list[int]]:
    """The outcomes of a route, each with the end steps that lead to it (there may be several)."""
    found: dict[str, list[int]] = {}
    for step in plan.route_steps(route):
        if plan.steps[step].verb == END:
            found.setdefault(plan.outcomes[plan.steps[step].outcome], []).append(step)
    return found


def _in_progress(view: View, of_route: NDArray[np.bool_]) -> float:
    """Cases of the route in the shop, averaged over the measuring window."""
    ended_at = view.ended[0][of_route]
    inside = profile(view.cases.arrived[of_route], np.where(ended_at < 0, view.end, ended_at))
    return float(np.diff(inside.before(np.array([view.start, view.end])))[0] / (view.end - view.start))
