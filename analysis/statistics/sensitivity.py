"""Which factors matter: main effects, Sobol indices, Morris screening. For a fitted surface see `response_surface.py`.

`points` is a DataFrame with a row a point and a column a factor (see `designs.py`); `responses` holds the measure
at each point, as an array (point,) of means or (point, replication) of replications under common random numbers.
Sobol indices and Morris screening need their own designs and SALib (extra `sensitivity`; Iwanaga, Usher & Herman
2022).
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.designs import Factors, check, check_points, scaled
from analysis.statistics.intervals import CONFIDENCE, estimate_rows, t_quantile
from sim.faults import bad_input

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

MORRIS_LEVELS = 4
"""Levels of a factor in Morris screening, the usual number (Saltelli et al. 2008, sec. 3.3)."""


def main_effects(points: pd.DataFrame, responses: ArrayLike, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """What each factor does to the measure from its lowest to its highest value: factor, effect, half_width.

    Fitted by least squares on all factors at once; at two levels each, it is the classical main effect ȳ(high) -
    ȳ(low). With replications the effect is estimated in each of them and the interval is Student's over these, so
    that luck that all points share cancels; with one value a point the interval comes from the scatter about the
    plane (and holds what the plane leaves out). Raises BadInput for too few points or factors that cannot be told
    apart.

    Montgomery, *Design and Analysis of Experiments*, sec. 6.2: yield by concentration (A) and catalyst (B), three
    runs.

    >>> import pandas as pd
    >>> points = pd.DataFrame({"A": [15, 25, 15, 25], "B": [1, 1, 2, 2]})
    >>> main_effects(points, [[28, 25, 27], [36, 32, 32], [18, 19, 23], [31, 30, 29]]).round(2)
      factor  effect  half_width
    0      A    8.33        6.37
    1      B   -5.00        5.41
    """
    import pandas as pd

    design, y = _plane(points, responses)
    inverse = inverse_of(design, "main effects")
    fitted = _fitted(design, y)
    effects, halves = fitted.mean(axis=1), np.full(len(fitted), np.nan)
    freedom = len(design) - design.shape[1]
    if y.shape[1] > 1:
        halves = np.asarray(estimate_rows(fitted.T, confidence)[1])
    elif freedom:
        variance = float(((y - design @ fitted) ** 2).sum()) / freedom
        halves = np.asarray(t_quantile(freedom, confidence) * np.sqrt(variance * np.diag(inverse)))
    return pd.DataFrame({"factor": list(points.columns), "effect": effects[1:], "half_width": halves[1:]})


def effects_each(points: pd.DataFrame, responses: ArrayLike) -> Floats:
    """The main effects in every replication, (factor, replication): to compare factors under the same luck.

    >>> import pandas as pd
    >>> points = pd.DataFrame({"a": [1, 2, 1, 2], "b": [0, 0, 9, 9]})
    >>> effects_each(points, [[5, 7], [6, 9], [5, 7], [6, 9]]).round(6) + 0.0
    array([[1., 2.],
           [0., 0.]])
    """
    design, y = _plane(points, responses)
    inverse_of(design, "main effects")
    return _fitted(design, y)[1:]


def _plane(points: pd.DataFrame, responses: ArrayLike) -> tuple[Floats, Floats]:
    """The matrix of a plane, each factor from 0 to 1 over the points, and the responses. Raises BadInput."""
    values = points.to_numpy(dtype=float)
    y = responses_of(points, responses)
    low, spread = values.min(axis=0), np.ptp(values, axis=0)
    if not spread.all():
        raise bad_input(str(points.columns[int(np.argmin(spread))]), "does not vary")
    return np.column_stack([np.ones(len(values)), (values - low) / spread]), y


def _fitted(design: Floats, y: Floats) -> Floats:
    return np.asarray(np.linalg.lstsq(design, y, rcond=None)[0], dtype=np.float64)


def responses_of(points: pd.DataFrame, responses: ArrayLike) -> Floats:
    """The responses as (point, replication). Raises BadInput if they do not fit the points or have gaps."""
    y = np.asarray(responses, dtype=float)
    if y.ndim not in (1, 2) or len(y) != len(points) or y.size == 0:
        raise bad_input("responses", f"need a row for each of {len(points)} points; got shape {y.shape}")
    if not np.isfinite(y).all():
        raise bad_input("responses", f"point {int(np.argwhere(~np.isfinite(y))[0][0])} has nothing measured")
    return y.reshape(len(y), -1)


def inverse_of(design: Floats, what: str) -> Floats:
    """(X'X)⁻¹. Raises BadInput if the columns depend on each other: then some effects cannot be told apart."""
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise bad_input(what, f"{len(design)} points cannot tell {design.shape[1]} terms apart; choose other points")
    inverse: Floats = np.asarray(np.linalg.inv(design.T @ design), dtype=np.float64)
    return inverse


# --- Sobol indices --------------------------------------------------------------------------------------------------


def sobol_points(factors: Factors, base: int, seed: int) -> pd.DataFrame:
    """The design for `sobol_indices`: base · (factors + 2) points; `base` a power of two, 256 or more to be of use.

    Saltelli (2002), "Making best use of model evaluations to compute sensitivity indices".
    """
    if base < 2 or base & (base - 1):
        raise bad_input("Sobol indices", f"the base number of points must be a power of two; got {base}")
    check_points(base * (len(factors) + 2), "Sobol indices")
    sample = _salib("sample.sobol").sample(_unit(factors), base, calc_second_order=False, seed=seed)
    return scaled(sample, factors)


def sobol_indices(
    factors: Factors, responses: ArrayLike, confidence: float = CONFIDENCE, seed: int = 1
) -> pd.DataFrame:
    """Shares of the variance of the measure: factor, first, first_half_width, total, total_half_width.

    `first` is the share that would vanish if the factor were known, `total` what would be left if all others were:
    their difference is what the factor does together with others. `responses` (or their means over replications)
    belong to the points of `sobol_points`; half-widths are by bootstrap with `seed`. Raises BadInput if the number
    does not fit or the measure is the same everywhere.

    Saltelli et al. (2008), *Global Sensitivity Analysis: The Primer*, ch. 4; total indices by Jansen (1999).
    Ishigami's function sin x + 7 sin² y + z⁴ sin x / 10: exactly 0.314, 0.442, 0 and 0.558, 0.442, 0.244.

    >>> from analysis.statistics.designs import Factor
    >>> factors = {name: Factor(-np.pi, np.pi) for name in "xyz"}
    >>> points = sobol_points(factors, 1024, seed=1)
    >>> y = np.sin(points.x) + 7 * np.sin(points.y) ** 2 + 0.1 * points.z**4 * np.sin(points.x)
    >>> sobol_indices(factors, y)[["factor", "first", "total"]].round(1)
      factor  first  total
    0      x    0.3    0.6
    1      y    0.4    0.4
    2      z    0.0    0.2
    """
    import pandas as pd

    y = _means(responses, len(factors) + 2, "Sobol indices")
    if np.ptp(y) == 0:
        raise bad_input("Sobol indices", "the measure is the same at every point: there is no variance to share out")
    analyze = _salib("analyze.sobol").analyze
    found = analyze(_unit(factors), y, calc_second_order=False, conf_level=confidence, seed=seed)
    columns = {"first": "S1", "first_half_width": "S1_conf", "total": "ST", "total_half_width": "ST_conf"}
    return pd.DataFrame({"factor": list(factors), **{name: np.asarray(found[key]) for name, key in columns.items()}})


# --- Morris screening -----------------------------------------------------------------------------------------------


def morris_points(factors: Factors, walks: int, seed: int) -> pd.DataFrame:
    """The design for `morris_effects`: walks · (factors + 1) points; ten walks are usual. Each step changes one
    factor.

    Morris (1991), "Factorial sampling plans for preliminary computational experiments".
    """
    if walks < 2:
        raise bad_input("Morris screening", f"needs two or more walks; got {walks}")
    check_points(walks * (len(factors) + 1), "Morris screening")
    sample = _salib("sample.morris").sample(_unit(factors), walks, num_levels=MORRIS_LEVELS, seed=seed)
    return scaled(sample, factors)


def morris_effects(
    factors: Factors, points: pd.DataFrame, responses: ArrayLike, confidence: float = CONFIDENCE, seed: int = 1
) -> pd.DataFrame:
    """Rough sensitivities from few points: factor, mean, mean_abs, mean_abs_half_width, sd, in the measure's unit for
    the whole range of the factor.

    Steps of whole numbers are rounded, so that their effects are rough by a step's share. `mean_abs` (μ*) ranks the
    factors; a `sd` (σ) as large as it tells that the effect bends or depends on others. Half- widths are by
    bootstrap with `seed`. Campolongo, Cariboni & Saltelli (2007), "An effective screening design for sensitivity
    analysis of large models".

    >>> from analysis.statistics.designs import Factor
    >>> factors = {"a": Factor(0, 10), "b": Factor(1, 3, integer=True), "c": Factor(0, 1)}
    >>> points = morris_points(factors, 10, seed=1)
    >>> morris_effects(factors, points, 2 * points.a + 100)[["factor", "mean", "mean_abs", "sd"]].round(6)
      factor  mean  mean_abs   sd
    0      a  20.0      20.0  0.0
    1      b   0.0       0.0  0.0
    2      c   0.0       0.0  0.0
    """
    import pandas as pd

    y = _means(responses, len(factors) + 1, "Morris screening")
    if points.shape != (y.size, len(factors)):
        raise bad_input("Morris screening", f"{y.size} responses do not belong to {len(points)} points")
    found = _salib("analyze.morris").analyze(
        _unit(factors), points.to_numpy(dtype=float), y, num_levels=MORRIS_LEVELS, conf_level=confidence, seed=seed
    )
    columns = {"mean": "mu", "mean_abs": "mu_star", "mean_abs_half_width": "mu_star_conf", "sd": "sigma"}
    return pd.DataFrame({"factor": list(factors), **{name: np.asarray(found[key]) for name, key in columns.items()}})


# --- SALib ----------------------------------------------------------------------------------------------------------


def _salib(module: str) -> Any:
    if find_spec("SALib") is None:
        raise bad_input("sensitivity", 'Sobol indices and Morris screening need SALib: pip install ".[sensitivity]"')
    return import_module(f"SALib.{module}")


def _unit(factors: Factors) -> dict[str, Any]:
    """SALib's description of the unit cube; ranges and rounding are ours (see `Factor.at`)."""
    check(factors)
    return {"num_vars": len(factors), "names": list(factors), "bounds": [[0.0, 1.0]] * len(factors)}


def _means(responses: ArrayLike, group: int, what: str) -> Floats:
    """Responses as means over replications, one a point, in whole groups of points."""
    y = np.asarray(responses, dtype=float)
    y = y.mean(axis=1) if y.ndim == 2 else y
    if y.ndim != 1 or y.size == 0 or y.size % group or not np.isfinite(y).all():
        raise bad_input(what, f"needs a response for each point, a multiple of {group}; got {y.size} (or gaps)")
    return y
