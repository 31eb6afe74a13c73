"""What became of those who stood there when the run began, and had come before it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.measures.view import View
from sim.units import HOUR

Record = tuple[str, str, str, float]


def measure_already_there(view: View) -> Iterator[Record]:
    """Measures by the step at which they stood. Their waits count from before the run; they are worked off at the
    instant at which the last of them has left that step (NaN if some have not).
    """
    rows = view.first_rows[view.cases.arrived < 0]
    for step in sorted({stream.at for stream in view.plan.streams if stream.at >= 0}):
        mine, place = rows[view.visits.step[rows] == step], view.plan.step_key(step)
        left, ended = view.visits.left[mine], view.ended[0][view.cases.arrived < 0][view.visits.step[rows] == step]
        yield "already there", place, "cases", mine.size
        yield "already there", place, "open", int(np.count_nonzero(ended < 0))
        yield "already there", place, "wait_h", float(view.waited[mine].mean()) / HOUR if mine.size else float("nan")
        done = bool(mine.size) and bool((left >= 0).all())
        yield "already there", place, "worked_off_h", float(left.max()) / HOUR if done else float("nan")
