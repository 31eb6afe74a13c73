"""What is read out of a log: measures, the delay ledger, bottlenecks, statistics over replications, reports.

result = analysis.replicate(plan, replications=20, seed=1)
result.estimates()      # a tidy table: measure, mean, half_width, n
"""

from __future__ import annotations

from analysis.runs import replicate
from analysis.runs.result import Result

__all__ = ["Result", "replicate"]
