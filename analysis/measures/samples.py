"""A fixed number of cycle times from each replication, for the picture of their distribution."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.measures.view import View
from sim.units import HOUR

SIZE = 199

Samples = dict[str, NDArray[np.float64]]
"""Route → its cycle times (h) at SIZE even steps of probability; empty if nothing ended."""


def sample_cycles(view: View) -> Samples:
    """The quantiles 1/200 … 199/200 of each route's cycle time (cases that arrived after the warm-up and ended)."""
    levels = np.arange(1, SIZE + 1) / (SIZE + 1)
    samples: Samples = {}
    for number, route in enumerate(view.plan.routes):
        over = (view.cases.route == number) & view.counted & (view.ended[0] >= 0)
        cycle = (view.ended[0] - view.cases.arrived)[over] / HOUR
        samples[route.name] = np.quantile(cycle, levels) if cycle.size else np.zeros(0)
    return samples
