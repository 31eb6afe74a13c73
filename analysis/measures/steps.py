"""What is measured at each step."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.measures.flow import Record, flow
from analysis.view import View
from sim.log import PASSED, WENT
from sim.plan import BRANCH, START
from sim.units import DAY


def measure_steps(view: View) -> Iterator[Record]:
    """Measures of every step: queue and service where time passes, how often it took effect where none does."""
    for number, step in enumerate(view.plan.steps):
        place = view.plan.step_key(number)
        if step.verb < BRANCH:
            yield from flow(view, "step", place, [number])
            continue
        rows = view.by_step[number]
        rows = rows[view.inside[rows]]
        yield "step", place, "visits", rows.size
        yield "step", place, "per_day", rows.size / ((view.end - view.start) / DAY)
        if step.verb in (BRANCH, START):
            yield "step", place, "went", int(np.count_nonzero(view.visits.outcome[rows] == WENT))
            yield "step", place, "passed", int(np.count_nonzero(view.visits.outcome[rows] == PASSED))
