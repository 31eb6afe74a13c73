"""The points of a design played: every response at every point in every replication, under the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analysis.answers.words import measure_title, read_as
from analysis.measures import Key
from analysis.measures.paths import GROUPS, key_of, path_of
from analysis.questions.sweep.points import Axis, Points, check_predictions, points_of
from analysis.questions.sweep.reading import DesignFile
from analysis.runs.observe import Setting, is_brief, observe
from analysis.runs.result import unit
from sim.faults import BadInput, Fault, bad_input
from sim.language import say
from sim.plan import Plan
from sim.planning import compile_plan
from sim.reading.source import Draft, read_draft

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Response:
    """A measure at all points."""

    key: Key
    unit: str
    each: Floats
    """(point, replication); NaN where there was nothing to measure."""

    @property
    def path(self) -> str:
        """How the design names it."""
        return path_of(self.key)

    @property
    def title(self) -> str:
        """What people call it."""
        return measure_title(self.key)

    @property
    def read_as(self) -> tuple[float, str]:
        """The factor and the unit in which people read it."""
        return read_as(self.unit)

    @cached_property
    def complete(self) -> Floats:
        """The replications in which there was something to measure at every point."""
        found: Floats = self.each[:, np.isfinite(self.each).all(axis=0)]
        return found


@dataclass(frozen=True)
class Swept:
    """A design that was played."""

    file: DesignFile
    points: Points
    responses: Sequence[Response]
    replications: int
    digests: Sequence[str]
    """By point: the plan that was played."""
    base: Plan
    """The plan of the first point."""

    @property
    def axes(self) -> Sequence[Axis]:
        """The factors."""
        return self.points.axes

    @property
    def frame(self) -> pd.DataFrame:
        """A row a point, a column a factor."""
        return self.points.frame


def played(file: DesignFile, replications: int, setting: Setting, overrides: Mapping[str, Any] | None = None) -> Swept:
    """Play a design; `overrides` change the scenario at every point. Raises BadInput."""
    overrides = overrides or {}
    draft = read_draft(file.scenario, file.allow)
    points = points_of(file, draft, overrides)
    for axis in points.axes:
        if axis.path in overrides:
            raise bad_input("--set", say('"{path}" is varied by the design; leave one of them out', path=axis.path))
    check_predictions(file, points.axes)
    _, firsts, of_point = np.unique(points.frame.to_numpy(dtype=float), axis=0, return_index=True, return_inverse=True)
    of_point = of_point.ravel()  # NumPy 2.0 gives it another shape
    plans = plans_at(draft, points, firsts.tolist(), overrides)
    setting = replace(setting, whole=not all(map(_is_brief, file.design.responses)))
    keys = keys_of(file, plans[0], setting)
    observed = observe(plans, range(replications), setting)
    digests = [plan.digest() for plan in plans]
    return Swept(
        file,
        points,
        [
            Response(
                key,
                unit(*key, plans[0].currency),
                np.array([observed.each(int(n), key) for n in of_point]),
            )
            for key in keys
        ],
        replications,
        [digests[n] for n in of_point],
        plans[of_point[0]],
    )


def plans_at(draft: Draft, points: Points, wanted: Sequence[int], overrides: Mapping[str, Any]) -> list[Plan]:
    """The plans of some points. What is equal in two of them is held once: a plan is half a megabyte. Raises BadInput
    for the first point that makes no valid scenario.
    """
    plans: list[Plan] = []
    for number in wanted:
        changes = points.changes(number)
        try:
            plan = compile_plan(draft.checked({**overrides, **changes}, points.places[number]))
        except BadInput as error:
            raise BadInput(_at_point(fault, changes, draft.path) for fault in error.faults) from None
        plans.append(_sharing(plan, plans[0]) if plans else plan)
    return plans


def _at_point(fault: Fault, changes: Mapping[str, Any], scenario: str) -> Fault:
    """A fault between parts of the scenario, with the point at which it shows."""
    if fault.place.file != scenario:
        return fault
    told = ", ".join(f"{path} = {value}" for path, value in changes.items())
    return replace(fault, message=say("{message} (with {told})", message=fault.message, told=told))


def _sharing(plan: Plan, other: Plan) -> Plan:
    """The plan with everything that is equal in another taken from there."""
    parts: dict[str, Any] = {}
    for name in type(plan).model_fields:
        mine, theirs = getattr(plan, name), getattr(other, name)
        if mine == theirs:
            parts[name] = theirs
        elif isinstance(mine, tuple) and len(mine) == len(theirs):
            parts[name] = tuple(b if a == b else a for a, b in zip(mine, theirs, strict=True))
    return plan.model_copy(update=parts)


def keys_of(file: DesignFile, plan: Plan, setting: Setting) -> list[Key]:
    """The measures that the design names, known from a run to which nothing comes. Raises BadInput before anything is
    played.
    """
    streams = tuple(stream.model_copy(update={"rates": (), "times": (), "given": {}}) for stream in plan.streams)
    empty = plan.model_copy(update={"runs_for": 1, "warm_up": 0, "streams": streams})
    known = observe([empty], range(1), Setting(engine="simpy", workers=1, whole=setting.whole)).keys()
    keys, faults = [], []
    for i, response in enumerate(file.design.responses):
        try:
            keys.append(key_of(response, known))
        except BadInput as error:
            faults.append(file.fault(error.faults[0].message, "responses", i))
    if faults:
        raise BadInput(faults)
    return keys


def _is_brief(path: str) -> bool:
    """Whether a measure is one of those that every experiment takes."""
    group, _, rest = path.partition(".")
    return is_brief((GROUPS.get(group, ""), "", rest.rpartition(".")[2]))
