"""How precisely measures are known, in sentences."""

from __future__ import annotations

import numpy as np

from analysis.answers.words import measure_title, with_interval
from analysis.runs.precision import Precision, asked
from analysis.runs.result import Result, unit
from sim.language import say


def told(result: Result) -> list[str]:
    """A sentence for each of them."""
    return [_told(each, result) for each in asked(result)]


def _told(found: Precision, result: Result) -> str:
    name, target = measure_title(found.key), f"{100 * found.target:g} %"
    if np.isnan(found.estimate.half_width):
        return say(
            "{name}: precise to {target} is not reached: too few replications had anything to measure.",
            name=name,
            target=target,
        )
    share = f" (± {100 * found.relative:.2g} %)" if not np.isnan(found.relative) else ""
    known = f"{name}: {with_interval(found.estimate, unit(*found.key, result.plan.currency))}{share}"
    if found.reached:
        return say(
            "{known}, precise to {target} with {n} replications.", known=known, target=target, n=found.estimate.n
        )
    more = say("; about {needed:,} would do", needed=found.needed) if found.needed else ""
    return say(
        "{known}, NOT precise to {target} with {n} replications, the limit{more}.",
        known=known,
        target=target,
        n=found.estimate.n,
        more=more,
    )
