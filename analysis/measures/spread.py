"""Mean, quantiles and maximum of some durations."""

from __future__ import annotations

import numpy as np

from analysis.measures.timeline import Ints

_QUANTILES = (0.5, 0.9, 0.95, 1.0)


def spread(durations: Ints, unit_ms: int) -> list[float]:
    """Mean, p50, p90, p95 and maximum in a unit of so many ms (NaN where there is nothing).

    A quantile is the smallest duration that at least that share does not exceed (inverse of the distribution
    function).
    """
    if not durations.size:
        return [float("nan")] * 5
    quantiles = np.quantile(durations, _QUANTILES, method="inverted_cdf")
    return [float(durations.mean()) / unit_ms, *(float(q) / unit_ms for q in quantiles)]
