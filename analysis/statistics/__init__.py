"""What may be claimed from replications: intervals (here), and beside them comparisons, steady state, selection,
designs of experiments, sensitivity. The methods are explained in docs/statistics.md.
"""

from analysis.statistics.intervals import CONFIDENCE, Estimate, estimate, estimate_rows, normal_score, t_quantile

__all__ = ["CONFIDENCE", "Estimate", "estimate", "estimate_rows", "normal_score", "t_quantile"]
