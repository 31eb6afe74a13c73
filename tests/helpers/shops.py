"""Tiny shops for tests: written as a scenario file, read back by the program, played, and their logs in minutes.

    log = play(tmp_path, shop(work("pack", "packer", 5), roles={"packer": 1}, arrivals={"order": at(0, 1)}))
    assert rows(log)[1] == (1, "pack", "packer 1", 1, 5, 10, "served")

`play` plays on every engine and demands that all leave the same log, that it verifies, and that the floor of the
SimPy engine is in order at the end of every instant. Runs begin on a Monday at 00:00.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.choose_engine import NAMES, engine
from sim.draws import Draws
from sim.engine.play import run
from sim.faults import BadInput
from sim.log import OUTCOMES, UNKNOWN, Log
from sim.plan import END, Plan
from sim.units import MINUTE
from sim.verify import verify, verify_floor

MONDAY = dt.date(2024, 1, 1)
ALWAYS = {"Mon-Sun": ["00:00-24:00"]}

Row = tuple[int, str, str, float | None, float | None, float | None, str]
"""(case, step, who, joined, began, left, how it went); times in minutes, None for what has not come."""


# --- writing a shop -------------------------------------------------------------------------------------------


def shop(*steps: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """A scenario of one day; the steps are those of the route "order", which ends with "done".

    `roles` maps names to a number of people (round the clock) or to what a file would say. Every other part is as in
    a file.
    """
    roles = parts.pop("roles", {})
    scenario = {
        "format": 1,
        "title": "tiny",
        "starts": MONDAY,
        "runs_for": "1 day",
        "hours": {"always": ALWAYS, **parts.pop("hours", {})},
        "roles": {name: people(role) if isinstance(role, int) else role for name, role in roles.items()},
        **parts,
    }
    scenario.setdefault("arrivals", {"order": at(0)})
    scenario.setdefault("route", {"order": route(*steps, end("done"))})
    return scenario


def people(number: int, hours: str = "always", **more: Any) -> dict[str, Any]:
    """A role of so many people."""
    return {"people": number, "hours": hours, **more}


def route(*steps: dict[str, Any]) -> list[dict[str, Any]]:
    """Steps in one department."""
    return [{"department": "shop", "steps": list(steps)}]


def at(*minutes: int) -> dict[str, Any]:
    """A stream with one case at each of these minutes of the Monday."""
    return {"timetable": {"Mon": [hhmm(minute) for minute in minutes]}}


def hhmm(minute: int) -> str:
    """A minute of the day as a time of day."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def work(name: str, by: str | list[str], takes: Any, **more: Any) -> dict[str, Any]:
    """A work step; plain numbers are minutes."""
    return _step("work", name, {"by": by, "takes": takes, **more})


def wait(name: str, takes: Any, **more: Any) -> dict[str, Any]:
    """A wait step; plain numbers are minutes."""
    return _step("wait", name, {"takes": takes, **more})


def collect(name: str, **more: Any) -> dict[str, Any]:
    """A collect step; plain numbers are minutes."""
    return _step("collect", name, more)


def branch(name: str, goes_to: str, **more: Any) -> dict[str, Any]:
    """A branch step."""
    return _step("branch", name, {"goes_to": goes_to, **more})


def start(name: str, to: str, **more: Any) -> dict[str, Any]:
    """A start step; plain numbers are minutes."""
    return _step("start", name, {"route": to, **more})


def end(name: str, **more: Any) -> dict[str, Any]:
    """An end step."""
    return _step("end", name, more)


_TIMES = ("takes", "patience", "after", "every")


def _step(verb: str, name: str, fields: dict[str, Any]) -> dict[str, Any]:
    plain = {key: fields[key] for key in _TIMES if isinstance(fields.get(key), (int, float))}
    return {"name": name, "do": verb, **fields, **{key: f"{value} min" for key, value in plain.items()}}


def to_toml(value: Any) -> str:
    """A value as TOML, tables inline."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {to_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(to_toml, value)) + "]"
    if isinstance(value, dt.date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def write(folder: Path, scenario: dict[str, Any], name: str = "shop.toml") -> Path:
    """Write a scenario file."""
    path = folder / name
    path.write_text("".join(f"{key} = {to_toml(value)}\n" for key, value in scenario.items()), encoding="utf-8")
    return path


# --- playing it -----------------------------------------------------------------------------------------------


def plan_of(folder: Path, scenario: dict[str, Any]) -> Plan:
    """The plan of a scenario."""
    return sim.load(write(folder, scenario))


def refusal(folder: Path, scenario: dict[str, Any]) -> str:
    """What is said about a scenario that must be refused."""
    with pytest.raises(BadInput) as caught:
        plan_of(folder, scenario)
    return str(caught.value)


def play(folder: Path, scenario: dict[str, Any], seed: int = 1) -> Log:
    """Play a scenario on every engine (see above)."""
    plan = plan_of(folder, scenario)
    return play_plan(plan, Draws(plan, seed, 0))


def play_plan(plan: Plan, draws: Draws) -> Log:
    """Play a plan on every engine (see above)."""
    log = run(plan, draws, watch=verify_floor)
    verify(log, draws)
    for name in NAMES:
        if name != "simpy":
            assert all_rows(engine(name)(plan, draws)) == all_rows(log)
    return log


def all_rows(log: Log) -> list[list[Any]]:
    """Everything that a log tells, to be compared."""
    tables = (vars(log.visits), vars(log.cases), dict(enumerate(log.helpers)), vars(log.stretches))
    return [column.tolist() for table in tables for column in table.values()]


# --- reading its log ------------------------------------------------------------------------------------------


def rows(log: Log, *steps: str) -> list[Row]:
    """Its visits, case by case; of these steps, or of all but the end steps."""
    helpers: dict[int, list[int]] = {}
    for row, person in zip(log.helpers[0].tolist(), log.helpers[1].tolist(), strict=True):
        helpers.setdefault(row, []).append(person)
    v, found = log.visits, []
    for i, number in enumerate(v.step.tolist()):
        step = log.plan.steps[number]
        if step.name in steps or (not steps and step.verb != END):
            who = [log.plan.people[p].name for p in (int(v.person[i]), *helpers.get(i, ())) if p != UNKNOWN]
            times = (_minutes(int(column[i])) for column in (v.joined, v.began, v.left))
            found.append((int(v.case[i]), step.name, " + ".join(who), *times, OUTCOMES[v.outcome[i]]))
    return found


def stretches(log: Log) -> list[tuple[int, str, str, float | None, float | None]]:
    """(case, step, who, began, left) of the work on visits that were handed back; times in minutes."""
    v, told = log.visits, zip(*(column.tolist() for column in vars(log.stretches).values()), strict=True)
    return [
        (int(v.case[row]), log.plan.steps[v.step[row]].name, log.plan.people[who].name, _minutes(began), _minutes(left))
        for row, who, began, left in told
    ]


def path(log: Log, case: int) -> list[str]:
    """The steps that a case came to."""
    visits = log.visits
    return [log.plan.steps[step].name for step in visits.step[visits.case == case].tolist()]


def arrivals(log: Log, of: str = "order") -> list[tuple[int, float | None]]:
    """(case, minute of arrival) of a route."""
    routes = [route.name for route in log.plan.routes]
    told = zip(log.cases.case.tolist(), log.cases.route.tolist(), log.cases.arrived.tolist(), strict=True)
    return [(case, _minutes(arrived)) for case, route, arrived in told if routes[route] == of]


def _minutes(ms: int) -> float | None:
    if ms == UNKNOWN:
        return None
    return ms // MINUTE if ms % MINUTE == 0 else ms / MINUTE
