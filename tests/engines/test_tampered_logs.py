"""The check of a log can fail: logs of another plan, and logs that were tampered with, must be caught by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.draws import Draws
from sim.engine.play import run
from sim.log import GAVE_UP, SERVED, Log, Visits
from sim.plan import ONE, Plan
from sim.verify import Inconsistent, verify
from tests.helpers.busy import busy_shop
from tests.helpers.shops import plan_of


@pytest.fixture(scope="module")
def shop_and_luck(tmp_path_factory) -> tuple[Plan, Draws]:
    plan = plan_of(tmp_path_factory.mktemp("shop"), busy_shop())
    return plan, Draws(plan, 1, 0)


# --- an engine that plays by another plan ---------------------------------------------------------------------


def with_steps(plan: Plan, **change: Callable[[Any], Any]) -> Plan:
    """The plan with something changed at every step that has it."""
    name, value = next(iter(change.items()))
    steps = [step.model_copy(update={name: value(getattr(step, name))}) for step in plan.steps]
    return plan.model_copy(update={"steps": tuple(steps)})


def with_shifts(plan: Plan, later_on: int, later_off: int) -> Plan:
    moved = [
        team.model_copy(update={"shifts": tuple((on + later_on, off + later_off) for on, off in team.shifts)})
        for team in plan.teams
    ]
    return plan.model_copy(update={"teams": tuple(moved)})


def with_people(plan: Plan, **change: Any) -> Plan:
    return plan.model_copy(update={"people": tuple(person.model_copy(update=change) for person in plan.people)})


MISREAD: dict[str, Callable[[Plan], Plan]] = {
    "shifts end a millisecond later": lambda plan: with_shifts(plan, 0, 1),
    "shifts begin a millisecond later": lambda plan: with_shifts(plan, 1, 0),
    "one more seat in the van": lambda plan: with_steps(plan, capacity=lambda seats: seats and seats + 1),
    "one seat less in the van": lambda plan: with_steps(plan, capacity=lambda seats: seats and seats - 1),
    "one more return allowed": lambda plan: with_steps(plan, at_most=lambda times: times and times + 1),
    "one person on every case": lambda plan: with_steps(plan, people=lambda _: 1),
    "everybody equally fast": lambda plan: with_people(plan, speed=ONE),
    "ways lead to the step before": lambda plan: with_steps(plan, goes_to=lambda step: step - 1 if step > 0 else step),
}


@pytest.mark.parametrize("how", MISREAD)
def test_a_log_of_another_plan_is_caught(shop_and_luck, how):
    plan, draws = shop_and_luck
    log = run(MISREAD[how](plan), draws)
    with pytest.raises(Inconsistent):
        verify(replace(log, plan=plan), draws)


# --- a log that was tampered with -----------------------------------------------------------------------------


def with_visits(log: Log, column: str, rows: Any, value: Any) -> Log:
    """The log with something else in one column."""
    changed = getattr(log.visits, column).copy()
    changed[rows] = value(changed[rows])
    return replace(log, visits=replace(log.visits, **{column: changed}))


def with_cases(log: Log, **columns: Any) -> Log:
    """The log with something else told of its cases."""
    return replace(log, cases=replace(log.cases, **columns))


def without_row(log: Log, row: int) -> Log:
    """The log without a visit."""
    visits = {name: np.delete(column, row) for name, column in vars(log.visits).items()}
    return replace(log, visits=Visits(**visits))


def with_row_twice(log: Log, row: int) -> Log:
    """The log with a visit told twice."""
    visits = {name: np.insert(column, row, column[row]) for name, column in vars(log.visits).items()}
    return replace(log, visits=Visits(**visits))


def first(log: Log, step: str) -> int:
    """The first visit to a step that was done."""
    number = [s.name for s in log.plan.steps].index(step)
    return int(np.flatnonzero((log.visits.step == number) & (log.visits.outcome == SERVED))[0])


TAMPERED: dict[str, tuple[str, Callable[[Log], Log]]] = {
    "a gap between visits": ("came from the step before", lambda log: with_visits(log, "joined", 1, lambda v: v + 1)),
    "a visit is missing": ("the case should be at", lambda log: without_row(log, 1)),
    "the end is missing": ("is nowhere after this", lambda log: without_row(log, first(log, "done"))),
    "a visit too many": ("the case was over", lambda log: with_row_twice(log, first(log, "done"))),
    "visits miscounted": ("this is visit", lambda log: with_visits(log, "visit", 3, lambda v: v + 1)),
    "served and yet gone": (
        "who gives up was not served",
        lambda log: with_visits(log, "outcome", first(log, "pack"), lambda _: GAVE_UP),
    ),
    "done by another trade": (
        "does not do this",
        lambda log: with_visits(log, "person", first(log, "check"), lambda _: 0),
    ),
    "done by nobody": ("needs 1 people", lambda log: with_visits(log, "person", first(log, "pick"), lambda _: -1)),
    "work a millisecond longer": (
        "joined at .* but came",
        lambda log: with_visits(log, "left", first(log, "pick"), lambda v: v + 1),
    ),
    "a heavier case": ("lines drawn", lambda log: with_cases(log, lines=log.cases.lines + 1)),
    "another parent": ("parent", lambda log: with_cases(log, parent=log.cases.parent[::-1].copy())),
    "another seed": ("case 0: should have", lambda log: replace(log, seed=log.seed + 1)),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_a_log_that_was_tampered_with_is_caught(shop_and_luck, how):
    said, tamper = TAMPERED[how]
    log = tamper(run(*shop_and_luck))
    with pytest.raises(Inconsistent, match=said):
        verify(log)
