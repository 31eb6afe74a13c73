"""Pictures of experiments. Each function takes a plain table or arrays and returns a Matplotlib figure.

A table is a pandas DataFrame with the columns that the function names, in any order; its index is not read. Means come
with the ends of their interval (`low`, `high`; NaN where one replication gave none), in the unit that is stated beside.
`analysis.plots.as_png` and `as_svg` write a figure; `analysis.report_experiment` puts several into a page.
"""

from __future__ import annotations

from analysis.plots.experiments.convergence import convergence
from analysis.plots.experiments.differences import differences
from analysis.plots.experiments.hire_by import hire_by
from analysis.plots.experiments.marginal import marginal
from analysis.plots.experiments.pareto import pareto
from analysis.plots.experiments.sensitivity import main_effects, sensitivity
from analysis.plots.experiments.surface import curve, surface
from analysis.plots.experiments.welch import welch

__all__ = [
    "convergence",
    "curve",
    "differences",
    "hire_by",
    "main_effects",
    "marginal",
    "pareto",
    "sensitivity",
    "surface",
    "welch",
]
