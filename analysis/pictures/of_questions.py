"""Pictures of experiments. Each function takes a plain table or arrays and returns a Matplotlib figure.

A table is a pandas DataFrame with the columns that the function names, in any order; its index is not read. Means come
with the ends of their interval (`low`, `high`; NaN where one replication gave none), in the unit that is stated beside.
`analysis.pictures.as_png` and `as_svg` write a figure; `analysis.output.report_question` puts several into a page.
"""

from __future__ import annotations

from analysis.pictures.convergence import convergence
from analysis.pictures.differences import differences
from analysis.pictures.hire_by import hire_by
from analysis.pictures.marginal import marginal
from analysis.pictures.pareto import pareto
from analysis.pictures.sensitivity import main_effects, sensitivity
from analysis.pictures.surface import curve, surface
from analysis.pictures.welch import welch

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
