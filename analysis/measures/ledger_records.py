"""The delay ledger, summed: what the hours of an ended case went into, by route and by step."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analysis.measures.ledger import CAUSES, by_case, by_visit
from analysis.measures.timeline import Ints
from analysis.measures.view import View
from sim.plan import BRANCH
from sim.units import HOUR

Record = tuple[str, str, str, float]


def measure_ledger(view: View) -> Iterator[Record]:
    """Hours per case and cause, over cases that arrived after the warm-up and ended; those of a route add up to its
    cycle time.
    """
    ledger = by_visit(view)
    cases = by_case(view, ledger)
    over = view.counted & (view.ended[0] >= 0)
    for number, route in enumerate(view.plan.routes):
        mine = over & (view.cases.route == number)
        count = int(mine.sum())
        hours = cases[mine].sum(axis=0) / HOUR
        for cause, total in zip(CAUSES, hours, strict=True):
            yield "ledger", route.name, cause, total / count if count else float("nan")
        yield from _steps(view, ledger, number, over)


def _steps(view: View, ledger: Ints, route: int, over: NDArray[np.bool_]) -> Iterator[Record]:
    """The same, step by step: hours that the average ended case of the route spends there for each cause."""
    count = int((over & (view.cases.route == route)).sum())
    for step in view.plan.route_steps(route):
        if view.plan.steps[step].verb >= BRANCH:
            continue
        rows = view.by_step[step]
        ended = over[np.searchsorted(view.cases.case, view.visits.case[rows])]
        hours = ledger[rows[ended]].sum(axis=0) / HOUR
        for cause, total in zip(CAUSES, hours, strict=True):
            yield "step ledger", view.plan.step_key(step), cause, total / count if count else float("nan")
