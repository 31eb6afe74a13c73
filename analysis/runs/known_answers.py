"""A result held against what theory gives exactly: every known answer of its scenario beside what was measured."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.measures import Key, measure_all
from analysis.measures.paths import key_of
from analysis.measures.view import View
from analysis.runs.result import Result
from analysis.statistics import normal_score
from sim.draws import Draws
from sim.engine.play import run
from sim.faults import BadInput, Fault, Place
from sim.plan import Plan
from sim.units import DAY

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
    return result.each(*_key_of(path, result.keys, result.plan.source))


def refuse_unknown(plan: Plan) -> None:
    """Refuse known answers whose path leads nowhere, before anything is played. Raises BadInput."""
    keys = _measures_of(plan)
    faults: list[Fault] = []
    for answer in plan.known_answers:
        try:
            _key_of(answer.measure, keys, plan.source)
        except BadInput as error:
            faults += error.faults
    if faults:
        raise BadInput(faults)


def _measures_of(plan: Plan) -> tuple[Key, ...]:
    """Every measure that the plan has. They do not depend on what happens: a day on which nobody comes tells them."""
    nobody = tuple(each.model_copy(update={"rates": (), "times": (), "given": {}}) for each in plan.streams)
    deserted = plan.model_copy(update={"streams": nobody, "runs_for": min(plan.runs_for, DAY), "warm_up": 0})
    return tuple(measure_all(View(run(deserted, Draws(deserted, seed=1, replication=0)))))


def _key_of(path: str, keys: Collection[Key], source: str) -> Key:
    try:
        return key_of(path, keys)
    except BadInput as error:
        message = error.faults[0].message
    raise BadInput([Fault(Place(source), f"known_answers → {path}", message)])


def _compare(measure: str, exact: float, source: str, values: NDArray[np.float64]) -> Comparison:
    known = values[~np.isnan(values)]
    n, mean = known.size, float(known.mean()) if known.size else float("nan")
    error = float(known.std(ddof=1)) / n**0.5 if n > 1 else float("nan")
    if n > 1 and np.ptp(known) == 0:
        met = abs(mean - exact) <= EXACTLY * max(1.0, abs(exact))
        return Comparison(measure, exact, source, mean, 0.0, n, 0.0 if met else float("inf"))
    return Comparison(measure, exact, source, mean, error, n, normal_score((mean - exact) / error, n - 1))
