"""Designs of experiments: which points of the factors to play, as a DataFrame with a row a point and a column a
factor.

A factor is named by the path of what it changes (`roles.packer.people`), so that a row can be handed on as overrides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.faults import bad_input, nearest
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

MOST_POINTS = 1_000_000


@dataclass(frozen=True)
class Factor:
    """A number that is varied, from `low` to `high` (both included); whole numbers only if `integer`."""

    low: float
    high: float
    integer: bool = False

    def at(self, share: Floats) -> NDArray[np.float64] | NDArray[np.int64]:
        """The values at these shares of the range (0 … 1).

        Every whole number has an equal part of the range. Rounding low + share · (high - low) would give the two ends
        only half a part each.

        >>> Factor(1, 4, integer=True).at(np.array([0.0, 0.24, 0.26, 0.74, 0.76, 1.0])).tolist()
        [1, 1, 2, 3, 4, 4]
        """
        if not self.integer:
            return self.low + share * (self.high - self.low)
        count = round(self.high - self.low) + 1
        return round(self.low) + np.minimum(np.floor(share * count), count - 1).astype(np.int64)

    def levels(self, number: int) -> NDArray[np.float64] | NDArray[np.int64]:
        """So many values with equal gaps, both ends among them; whole numbers as near to that as there are."""
        values = np.linspace(self.low, self.high, number)
        return np.unique(np.rint(values).astype(np.int64)) if self.integer else values


Factors = Mapping[str, Factor]


def grid(factors: Factors, levels: int | Mapping[str, int]) -> pd.DataFrame:
    """Every combination of levels, the last factor changing fastest: `levels` (2 or more) of each, or by factor.

    A factor of fewer whole numbers has all of them. Raises BadInput for more than a million points.

    >>> grid({"people": Factor(1, 3, integer=True), "rate": Factor(0.5, 1.0)}, {"people": 3, "rate": 2})
       people  rate
    0       1   0.5
    1       1   1.0
    2       2   0.5
    3       2   1.0
    4       3   0.5
    5       3   1.0
    """
    import pandas as pd

    check(factors)
    wanted = {name: levels if isinstance(levels, int) else levels.get(name, 0) for name in factors}
    if min(wanted.values()) < 2:
        raise bad_input("grid", say("needs 2 or more levels for each factor"))
    values = {name: factor.levels(wanted[name]) for name, factor in factors.items()}
    check_points(int(np.prod([float(len(each)) for each in values.values()])), "grid")
    rows = list(product(*(each.tolist() for each in values.values())))
    return pd.DataFrame(rows, columns=list(factors))


def latin_hypercube(factors: Factors, points: int, seed: int) -> pd.DataFrame:
    """As many points as asked for; in each factor one from each of as many equal slices of its range.

    McKay, Beckman & Conover (1979), "A comparison of three methods for selecting values of input variables".

    >>> latin_hypercube({"rate": Factor(0, 10)}, 5, seed=1)["rate"].floordiv(2).sort_values().tolist()
    [0.0, 1.0, 2.0, 3.0, 4.0]
    """
    from scipy.stats import qmc

    check(factors)
    check_points(points, say("Latin hypercube"))
    return scaled(qmc.LatinHypercube(len(factors), seed=np.random.default_rng(seed)).random(points), factors)


def sobol(factors: Factors, points: int, seed: int) -> pd.DataFrame:
    """Scrambled Sobol points, which fill the ranges more evenly than chance. `points` must be a power of two: other
    numbers lose the balance.

    Sobol (1967); Owen (1998), "Scrambling Sobol and Niederreiter-Xing points".

    >>> sobol({"rate": Factor(0, 8), "people": Factor(1, 4, integer=True)}, 8, seed=1)["people"].value_counts().tolist()
    [2, 2, 2, 2]
    """
    from scipy.stats import qmc

    check(factors)
    check_points(points, say("Sobol points"))
    if points & (points - 1):
        raise bad_input(
            say("Sobol points"),
            say(
                "must be a power of two; got {points}, the next is {bit_length}",
                points=points,
                bit_length=1 << points.bit_length(),
            ),
        )
    return scaled(qmc.Sobol(len(factors), seed=np.random.default_rng(seed)).random(points), factors)


def table(factors: Factors, points: pd.DataFrame) -> pd.DataFrame:
    """Points of one's own: one column for each factor, checked against its range, in the order of the factors.

    Raises BadInput for columns that are no factor or missing, and for values outside the range or not whole.
    """
    import pandas as pd

    check(factors)
    for name in points.columns:
        if name not in factors:
            raise bad_input(
                say("table of points"),
                say('there is no factor "{name}"{nearest}', name=name, nearest=nearest(str(name), factors)),
            )
    columns = {}
    for name, factor in factors.items():
        if name not in points.columns:
            raise bad_input(say("table of points"), say('the column "{name}" is missing', name=name))
        columns[name] = _column(name, factor, points[name])
    return pd.DataFrame(columns).reset_index(drop=True)


def scaled(unit: Floats, factors: Factors) -> pd.DataFrame:
    """Points of the unit cube (point, factor) → values of the factors."""
    import pandas as pd

    return pd.DataFrame({name: factor.at(unit[:, i]) for i, (name, factor) in enumerate(factors.items())})


def check(factors: Factors) -> None:
    """Raises BadInput for a range without extent, or ends of a whole-number factor that are not whole."""
    if not factors:
        raise bad_input("factors", say("needs at least one factor"))
    for name, factor in factors.items():
        if not (np.isfinite([factor.low, factor.high]).all() and factor.low < factor.high):
            raise bad_input(
                name,
                say("the low end must lie below the high end; got {low} … {high}", low=factor.low, high=factor.high),
            )
        if factor.integer and (factor.low % 1 or factor.high % 1):
            raise bad_input(
                name, say("both ends must be whole numbers; got {low} … {high}", low=factor.low, high=factor.high)
            )


def check_points(points: int, where: str) -> None:
    """Raises BadInput for more points than anybody plays."""
    if not 1 <= points <= MOST_POINTS:
        raise bad_input(
            where, say("must be 1 … {MOST_POINTS:,} points; got {points:,}", MOST_POINTS=MOST_POINTS, points=points)
        )


def _column(name: str, factor: Factor, column: pd.Series) -> pd.Series:
    import pandas as pd

    values = pd.to_numeric(column, errors="coerce")
    wrong = ~values.between(factor.low, factor.high) | (factor.integer & (values % 1 != 0))
    if wrong.any():
        kind = "a whole number" if factor.integer else "a number"
        got = column[wrong].iloc[0]
        raise bad_input(
            say("table of points"),
            say(
                "{name} must be {kind} from {low} to {high}; got {got}",
                name=name,
                kind=kind,
                low=factor.low,
                high=factor.high,
                got=got,
            ),
        )
    return values.astype(np.int64) if factor.integer else values.astype(np.float64)
