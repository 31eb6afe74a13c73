"""What is measured at each step."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.measures.flow import Record, flow
from analysis.measures.view import View
from sim.log import PASSED, WENT


def measure_steps(view: View) -> Iterator[Record]:
    """Measures of every step; for branches and starts also how often they took effect."""
    for number, step in enumerate(view.plan.steps):
        place = view.plan.step_key(number)
        yield from flow(view, "step", place, [number])
        if step.decides:
            rows = view.by_step[number]
            outcome = view.visits.outcome[rows[view.inside[rows]]]
            yield "step", place, "went", int(np.count_nonzero(outcome == WENT))
            yield "step", place, "passed", int(np.count_nonzero(outcome == PASSED))
