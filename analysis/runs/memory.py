"""How much memory runs will need, from the plan: told before they begin, not when the system ends them."""

from __future__ import annotations

import os
from contextlib import suppress

from sim.choose_engine import expected
from sim.faults import bad_input
from sim.language import say
from sim.plan import ALWAYS, START, Plan

OF_A_VISIT = 200
"""Bytes of a visit of a case to a step, while its log is measured (measured: 160 to 230; where cases jam, fewer come to
the later steps).
"""

OF_A_VALUE = 8
"""Bytes of a duration that was drawn."""

MANY = 2.0
"""A run is refused that needs so many times the memory of the machine: the estimate may be wrong by that much."""


def needed(plan: Plan, processes: int = 1) -> float:
    """Bytes that so many replications at the same time need, roughly."""
    rows, came = _cases(plan)
    drawn = sum(
        rows[step.route] * OF_A_VALUE
        for step in plan.steps
        for law in (step.takes, step.patience, step.after)
        if law is not None
    )
    visits = sum(came[number] * (route.end - route.first) for number, route in enumerate(plan.routes))
    return processes * (drawn + visits * OF_A_VISIT)


def refuse_too_much(plan: Plan, processes: int) -> None:
    """Raises BadInput for what the machine can surely not hold."""
    needs, has = needed(plan, processes), of_the_machine()
    if has and needs > MANY * has:
        told = say(
            "about {needs:,.0f} GiB of memory would be needed, and this machine has {has:,.0f}",
            needs=needs / 2**30,
            has=has / 2**30,
        )
        raise bad_input(
            plan.source or "the plan", say("{told}; let fewer cases come, or a shorter time pass (runs_for)", told=told)
        )


def of_the_machine() -> int:
    """Bytes of memory that the machine has; 0 if it does not say."""
    with suppress(ValueError, OSError, AttributeError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return 0


def _cases(plan: Plan) -> tuple[list[float], list[float]]:
    """By route: for how many cases luck is laid out, and how many are to be expected."""
    own = [0.0] * len(plan.routes)
    for stream in plan.streams:
        own[stream.route] += expected(stream)
    starts = [(step.route, step.starts_route, step) for step in plan.steps if step.verb == START]
    rows, came = own, own
    for _ in plan.routes:  # a level of routes that start others each time
        rows, before, came, sure = list(own), rows, list(own), came
        for parent, child, step in starts:
            rows[child] += before[parent]
            came[child] += sure[parent] * (step.chance if step.condition == ALWAYS else 1.0)
    return rows, came
