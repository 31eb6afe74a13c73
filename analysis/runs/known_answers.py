"""A result held against what theory gives exactly: every known answer of its scenario beside what was measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.runs.result import Result
from analysis.statistics import normal_score
from sim.faults import BadInput, Fault, Place, nearest

GROUPS = {
    "steps": "step",
    "roles": "role",
    "teams": "team",
    "departments": "department",
    "routes": "route",
    "promises": "promise",
    "ledger": "ledger",
    "step_ledger": "step ledger",
    "money": "money",
}
"""First word of a path, as in the JSON → kind of place, as in the tables."""

EXACTLY = 1e-9
"""Where chance plays no part, the answer must be met to this (relative to the answer, or absolutely below 1)."""


@dataclass(frozen=True)
class Comparison:
    """One known answer and what was measured."""

    measure: str
    exact: float
    source: str
    mean: float
    standard_error: float
    """Of the mean, from replication to replication; 0 where chance plays no part, NaN with one replication."""
    n: int
    z: float
    """How far the mean lies from the answer: (mean - exact) / standard error, brought from Student's t to the
    standard normal scale. Without chance: 0 if the answer is met, else infinite."""

    @property
    def by_chance(self) -> bool:
        """Whether the measure differs between replications."""
        return self.standard_error > 0


def compare(result: Result) -> list[Comparison]:
    """Every known answer of the scenario, in its order. Raises BadInput for a path that leads nowhere."""
    return [
        _compare(answer.measure, answer.exact, answer.source, values_of(result, answer.measure))
        for answer in result.plan.known_answers
    ]


def values_of(result: Result, path: str) -> NDArray[np.float64]:
    """A measure in every replication, by its path in the JSON, such as "steps.order/pack.wait_min". Raises BadInput
    with the nearest name for one that does not exist.
    """
    words = path.split(".")
    if len(words) == 4 and words[::2] == ["routes", "outcomes"]:
        return _find(result, path, "outcome", f"{words[1]}/{words[3]}", "ended")
    group = words[0]
    if group not in GROUPS:
        raise _unknown(result, path, group, GROUPS)
    if len(words) != 3:
        raise _fault(result, path, "expected three words with dots between them: group.place.measure")
    return _find(result, path, GROUPS[group], words[1], words[2])


def _find(result: Result, path: str, kind: str, place: str, measure: str) -> NDArray[np.float64]:
    if result.has(kind, place, measure):
        return result.each(kind, place, measure)
    measures = {key[2] for key in result.keys if key[:2] == (kind, place)}
    if measures:
        raise _unknown(result, path, measure, measures)
    raise _unknown(result, path, place, {key[1] for key in result.keys if key[0] == kind})


def _compare(measure: str, exact: float, source: str, values: NDArray[np.float64]) -> Comparison:
    known = values[~np.isnan(values)]
    n, mean = known.size, float(known.mean()) if known.size else float("nan")
    error = float(known.std(ddof=1)) / n**0.5 if n > 1 else float("nan")
    if n > 1 and np.ptp(known) == 0:
        met = abs(mean - exact) <= EXACTLY * max(1.0, abs(exact))
        return Comparison(measure, exact, source, mean, 0.0, n, 0.0 if met else float("inf"))
    return Comparison(measure, exact, source, mean, error, n, normal_score((mean - exact) / error, n - 1))


def _unknown(result: Result, path: str, word: str, known: Iterable[str]) -> BadInput:
    return _fault(result, path, f'there is no "{word}"{nearest(word, known)}')


def _fault(result: Result, path: str, message: str) -> BadInput:
    return BadInput([Fault(Place(result.plan.source), f"known_answers → {path}", message)])
