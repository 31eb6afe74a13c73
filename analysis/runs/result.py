"""The result of replications: tidy tables of every measure, with intervals."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analysis.measures import UNITS, Key
from analysis.measures.over_time import FOLDS
from analysis.measures.over_time import MEASURES as OVER_TIME
from analysis.measures.samples import Samples
from analysis.runs.known import FROM_ZERO, Known, Range, estimated, range_of
from analysis.statistics import Estimate, estimate_rows
from sim.log import versions
from sim.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = 1
"""Version of the tables' and the JSON's shape."""


@dataclass(frozen=True)
class Result:
    """Measures of every replication of a plan."""

    plan: Plan
    seed: int
    engine: str
    keys: tuple[Key, ...]
    """(kind of place, place, measure) of each column of `values`."""
    values: NDArray[np.float64] = field(repr=False)
    """(replication, measure); NaN where a replication had nothing to measure."""
    over_time: dict[tuple[str, str], NDArray[np.float64]] = field(repr=False)
    """(fold, measure) → (replication, place, slot)."""
    cycles: list[Samples] = field(repr=False)
    """Cycle times of each replication."""
    precision: dict[str, float] = field(default_factory=dict)
    """Path of a measure → how precisely it was asked for, as a share of its mean (`analysis.answers.precision`)."""
    plain: bool = False
    """Whether means are told without what is known of the orders that came (`analysis.statistics.controls`)."""

    @property
    def replications(self) -> int:
        """How many replications there are."""
        return len(self.values)

    @cached_property
    def _column(self) -> dict[Key, int]:
        return {key: i for i, key in enumerate(self.keys)}

    def each(self, kind: str, place: str, measure: str) -> NDArray[np.float64]:
        """One measure in every replication. Raises KeyError if there is none of that name."""
        column: NDArray[np.float64] = self.values[:, self._column[kind, place, measure]]
        return column

    def get(self, kind: str, place: str, measure: str) -> Estimate:
        """The estimate of one measure. Raises KeyError if there is none of that name."""
        return self.estimate(self.each(kind, place, measure), kind, place, range_of(measure))

    @cached_property
    def known(self) -> Known | None:
        """What is known of the luck of the replications; None if it is not to be used."""
        return None if self.plain else Known(self.plan, lambda key: self.each(*key))

    def estimate(self, values: NDArray[np.float64], kind: str, place: str, within: Range = FROM_ZERO) -> Estimate:
        """The estimate of what was worked out of a place's measures, one value a replication, all `within` a range."""
        return estimated(values, self.known, kind, place, within)

    def has(self, kind: str, place: str, measure: str) -> bool:
        """Whether there is such a measure."""
        return (kind, place, measure) in self._column

    def estimates(self) -> pd.DataFrame:
        """Every measure: schema, kind, place, measure, unit, mean, half_width, n (95 % Student-t over replications),
        plain_mean, plain_half_width (the same without what is known of the orders that came).
        """
        import pandas as pd

        mean, half, n = estimate_rows(self.values)
        found = [self.get(*key) for key in self.keys]
        told = {"mean": [each.mean for each in found], "half_width": [each.half_width for each in found], "n": n}
        plain = {"plain_mean": mean, "plain_half_width": half}
        return pd.DataFrame({"schema": SCHEMA, **self._names(), **told, **plain})

    def table(self) -> pd.DataFrame:
        """Every measure of every replication: schema, replication, kind, place, measure, unit, value."""
        import pandas as pd

        count = self.replications
        names = {name: np.tile(column, count) for name, column in self._names().items()}
        replication = np.repeat(np.arange(count), len(self.keys))
        return pd.DataFrame({"schema": SCHEMA, "replication": replication, **names, "value": self.values.reshape(-1)})

    def over_time_table(self) -> pd.DataFrame:
        """Measures over time: schema, fold, slot, kind, place, measure, unit, mean, half_width, n."""
        import pandas as pd

        parts = []
        for (fold, measure), values in self.over_time.items():
            kind, unit = OVER_TIME[measure]
            places, slots = values.shape[1:]
            mean, half, n = estimate_rows(values.reshape(len(values), -1))
            names = {"schema": SCHEMA, "fold": fold, "slot": np.tile(np.arange(slots), places), "kind": kind}
            place = np.repeat(np.array(self.places(kind), dtype=object), slots)
            columns = {"place": place, "measure": measure, "unit": unit, "mean": mean, "half_width": half, "n": n}
            parts.append(pd.DataFrame({**names, **columns}))
        parts.sort(key=lambda part: FOLDS.index(part["fold"].iloc[0]) if len(part) else 0)
        return pd.concat([part for part in parts if len(part)], ignore_index=True)

    def places(self, kind: str) -> list[str]:
        """The names of the steps, roles or routes, in the order of the arrays."""
        if kind == "step":
            return [self.plan.step_key(number) for number in range(len(self.plan.steps))]
        return [each.name for each in (self.plan.roles if kind == "role" else self.plan.routes)]

    def _names(self) -> dict[str, NDArray[np.object_]]:
        kind, place, measure = (np.array(column, dtype=object) for column in zip(*self.keys, strict=True))
        units = np.array([unit(*key, self.plan.currency) for key in self.keys])
        return {"kind": kind, "place": place, "measure": measure, "unit": units}


def unit(kind: str, place: str, measure: str, currency: str) -> str:
    """The unit of a measure."""
    if kind == "step losses":
        return "h/week"
    return "h/case" if kind in ("ledger", "step ledger") else UNITS[measure].replace("money", currency)


def provenance(result: Result, command: str) -> dict[str, Any]:
    """What it takes to run this again."""
    return {
        "command": command,
        "plan": result.plan.digest(),
        "source": result.plan.source,
        "replications": result.replications,
        "seed": result.seed,
        "engine": result.engine,
        "versions": versions(),
    }
