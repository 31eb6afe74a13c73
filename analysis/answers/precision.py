"""Whether replications have pinned measures down as precisely as was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.answers.words import measure_title, with_interval
from analysis.measures import Key
from analysis.measures.paths import key_of
from analysis.runs.result import Result, unit
from analysis.statistics import Estimate
from analysis.statistics.steady_state import enough, needed
from sim.faults import bad_input


@dataclass(frozen=True)
class Precision:
    """One measure, and how precisely it is known."""

    path: str
    key: Key
    target: float
    """The error that was asked for, as a share of the true mean."""
    estimate: Estimate
    reached: bool
    needed: int | None
    """Replications that will be enough, if mean and spread stay as they are; None where nobody can say."""

    @property
    def relative(self) -> float:
        """The half-width as a share of the estimated mean; NaN where there is none."""
        mean, half = abs(self.estimate.mean), self.estimate.half_width
        return half / mean if mean else (0.0 if half == 0 else float("nan"))


def asked(result: Result) -> list[Precision]:
    """Every measure whose precision was asked for. Raises BadInput with the nearest name for one that there is not."""
    found = []
    for path, target in result.precision.items():
        key = key_of(path, result.keys, "--precision")
        values = result.each(*key)
        reached, more = enough(values, target), needed(values, target)
        found.append(Precision(path, key, target, result.get(*key), reached, more))
    return found


def checked(targets: Mapping[str, float]) -> dict[str, float]:
    """Targets that make sense. Raises BadInput for others."""
    for path, target in targets.items():
        if not 0 < target < 1:
            raise bad_input("--precision", f'"{path}": must lie between 0 and 100 %; got {100 * target:g} %')
    return dict(targets)


def told(result: Result) -> list[str]:
    """A sentence for each of them."""
    return [_told(each, result) for each in asked(result)]


def _told(found: Precision, result: Result) -> str:
    name, target = measure_title(found.key), f"{100 * found.target:g} %"
    if np.isnan(found.estimate.half_width):
        return f"{name}: precise to {target} is not reached: too few replications had anything to measure."
    share = f" (± {100 * found.relative:.2g} %)" if not np.isnan(found.relative) else ""
    known = f"{name}: {with_interval(found.estimate, unit(*found.key, result.plan.currency))}{share}"
    if found.reached:
        return f"{known}, precise to {target} with {found.estimate.n} replications."
    more = f"; about {found.needed:,} would do" if found.needed else ""
    return f"{known}, NOT precise to {target} with {found.estimate.n} replications, the limit{more}."
