"""What is known of the luck of replications that were played, ready for any of their measures."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.measures import UNITS, Key
from analysis.measures.controls import Beforehand
from analysis.statistics import CONFIDENCE, Estimate, estimate
from analysis.statistics.controls import Controls, adjusted, chosen
from sim.plan import Plan

Floats = NDArray[np.float64]

Range = tuple[float, float]

SHARE: Range = (0.0, 1.0)
FROM_ZERO: Range = (0.0, np.inf)
ANY: Range = (-np.inf, np.inf)

BELOW_ZERO = ("contribution_per_week", "surplus_per_week")
"""Measures that may be."""


class Known:
    """The controls of each place of a plan, in replications in which `each` gives them."""

    def __init__(self, plan: Plan, each: Callable[[Key], Floats]) -> None:
        self.beforehand = Beforehand(plan)
        self.values = {key: each(key) for key in self.beforehand.mean}
        """Control → its value in each replication."""
        self._ready: dict[tuple[Key, ...], Controls | None] = {}

    def controls(self, kind: str, place: str) -> Controls | None:
        """What adjusts the measures of a place; None where they stay as they are."""
        keys = self.beforehand.controls(kind, place)
        if keys not in self._ready:
            mean = self.beforehand.mean
            self._ready[keys] = chosen([self.values[key] for key in keys], [mean[key] for key in keys])
        return self._ready[keys]

    def used(self, kind: str, place: str) -> tuple[Key, ...]:
        """The controls that adjust the measures of a place."""
        found, keys = self.controls(kind, place), self.beforehand.controls(kind, place)
        return () if found is None else tuple(keys[n] for n in found.which)


def range_of(measure: str) -> Range:
    """What the mean of a measure cannot leave."""
    if UNITS.get(measure) == "share":
        return SHARE
    return ANY if measure in BELOW_ZERO else FROM_ZERO


def estimated(values: ArrayLike, known: Known | None, kind: str, place: str, within: Range) -> Estimate:
    """The mean of a measure of a place, adjusted if anything is known."""
    if known is None:
        return estimate(values)
    return adjusted(values, known.controls(kind, place), CONFIDENCE, within)
