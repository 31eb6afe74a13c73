"""The named conditions of branches and starts."""

from __future__ import annotations

from collections.abc import Callable

from sim.draws import Draws
from sim.intervals import joined, on_at
from sim.plan import BEFORE, CAME_BEFORE, GAVE_UP_AT, LINES_OVER, NOBODY_ON, OLDER_THAN, PRIORITY_IS, UNITS_OVER, Plan
from sim.units import DAY

Holds = Callable[[int, int, int, int, list[int]], int]
"""(step, row, now, arrived, steps at which it gave up) → 1 if the step's condition holds for the case, else 0."""


def conditions(plan: Plan, draws: Draws) -> Holds:
    """Prepare the conditions of a plan."""
    kinds, thresholds = [s.condition for s in plan.steps], [s.threshold for s in plan.steps]
    cases = [draws.cases[s.route] for s in plan.steps]
    presence = [_presence(plan, int(s.threshold)) if s.condition == NOBODY_ON else ([], []) for s in plan.steps]

    def holds(step: int, row: int, now: int, arrived: int, gave_up: list[int]) -> int:
        kind, threshold = kinds[step], thresholds[step]
        if kind == OLDER_THAN:
            return int(now - arrived > threshold)
        if kind == GAVE_UP_AT:
            return int(threshold in gave_up)
        if kind in (CAME_BEFORE, BEFORE):
            return int((arrived if kind == CAME_BEFORE else now) % DAY < threshold)
        if kind == NOBODY_ON:
            return int(not on_at(*presence[step], now))
        if kind == PRIORITY_IS:
            return int(cases[step].rank[row] == threshold)
        if kind == LINES_OVER:
            return int(cases[step].lines[row] > threshold)
        if kind == UNITS_OVER:
            return int(cases[step].units[row] > threshold)
        return int(cases[step].value[row] > threshold)

    return holds


def _presence(plan: Plan, role: int) -> tuple[list[int], list[int]]:
    """The intervals in which anybody of a role is on shift: their starts and their ends."""
    shifts = joined(shift for calendar in plan.calendars_of(role) for shift in calendar)
    return [on for on, _ in shifts], [off for _, off in shifts]
