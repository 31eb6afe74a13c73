"""The tables of the report: every figure with its interval, in words and units for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.answers.censored import mark
from analysis.answers.words import hours, per_cent, role_title, step_title, who_is_paid, with_interval
from analysis.measures.ledger import CAUSES, TOLD
from analysis.runs.known import SHARE, range_of
from analysis.runs.result import Result
from analysis.statistics import Estimate
from sim.distributions import mean
from sim.language import later, say
from sim.plan import BRANCH, END, START, VERB_NAMES, Step
from sim.units import DAY, HOUR

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """A line of a table."""

    head: str
    key: str
    """How overrides, tables and JSON call it; shown if it differs."""
    cells: list[str]
    group: str = ""
    """The heading under which it stands."""


@dataclass(frozen=True)
class Table:
    """A table with words for its columns."""

    name: str
    heading: str
    caption: str
    columns: list[str]
    rows: list[Row]
    words: frozenset[int] = frozenset()
    """Columns of words, not figures."""


Place = tuple[str, str]
"""Kind and name of what a figure is about."""

Column = tuple[str, str, str]
"""What it is called, the measure, and how it is told (a key of HOW)."""

HOW = {
    "plain": (with_interval, 1.0),
    "share": (per_cent, 1.0),
    "min": (hours, 1 / 60),
    "h": (hours, 1.0),
}

WAITS: list[Column] = [
    ("wait, mean", "wait_min", "min"),
    (later("half wait at most"), "wait_p50_min", "min"),
    (later("nine in ten at most"), "wait_p90_min", "min"),
    ("longest", "wait_max_min", "min"),
    ("spread (sd)", "wait_sd_min", "min"),
]
PEOPLE: list[Column] = [
    ("people", "people", "count"),
    ("utilisation", "utilisation", "share"),
    (later("on shift (h/week)"), "scheduled_h", "plain"),
    ("busy (h/week)", "busy_h", "plain"),
    ("overtime (h/week)", "overtime_h", "plain"),
]
QUEUES: list[Column] = [
    ("queue, mean", "queue", "plain"),
    ("queue, longest", "queue_max", "plain"),
    ("gave up", "gave_up_share", "share"),
    (later("still there at the end"), "open", "plain"),
]
STEPS: list[Column] = [("cases a day", "per_day", "plain"), *WAITS, ("takes, mean", "service_min", "min"), *QUEUES]
CYCLES: list[Column] = [
    ("ended a day", "per_day", "plain"),
    (later("cycle time, mean"), "cycle_h", "h"),
    ("half within", "cycle_p50_h", "h"),
    (later("nine in ten within"), "cycle_p90_h", "h"),
    ("19 in 20 within", "cycle_p95_h", "h"),
    ("longest", "cycle_max_h", "h"),
    (later("in the shop, mean"), "in_progress", "plain"),
]
MONEY: list[Column] = [
    ("staff cost", "staff_cost_per_week", "plain"),
    ("contribution", "contribution_per_week", "plain"),
    ("surplus", "surplus_per_week", "plain"),
]


def told(result: Result, place: Place, values: Floats, how: str, measure: str = "") -> str:
    """The estimate of a measure of a place in words; told if some replications had nothing to measure."""
    if how == "count":
        return f"{values[0]:.0f}"
    words, scale = HOW[how]
    within = SHARE if how == "share" else range_of(measure)
    found = result.estimate(values * scale, place[0], place[1], within)
    if found.mean == 0 and not found.half_width > 0:
        return "0"
    return words(found) + (f" (n = {found.n})" if 0 < found.n < result.replications else "")


def cells_of(result: Result, kind: str, place: str, columns: list[Column]) -> list[str]:
    """The figures of a place in a row."""
    return [
        mark(result, kind, place, measure)
        + told(result, (kind, place), result.each(kind, place, measure), how, measure)
        if result.has(kind, place, measure)
        else ""
        for _, measure, how in columns
    ]


def names_of(columns: list[Column]) -> list[str]:
    """What columns are called."""
    return [say(name) for name, _, _ in columns]


def role_table(result: Result) -> Table:
    """People and the waits for them, by role."""
    plan, columns = result.plan, [*PEOPLE, *WAITS, *QUEUES]
    departments = list(dict.fromkeys(role.department for role in plan.roles))
    together = sorted(range(len(plan.roles)), key=lambda n: departments.index(plan.roles[n].department))
    rows = [
        Row(role_title(plan, n), role.name, cells_of(result, "role", role.name, columns), role.department)
        for n, role in ((n, plan.roles[n]) for n in together)
    ]
    caption = say("Waits and queues are of work of which the role is the first choice. ≥: some still wait at the end.")
    return Table("roles", "Roles", caption, names_of(columns), rows)


def team_table(result: Result) -> Table:
    """People by team, for roles that have several."""
    plan = result.plan
    several = [t for t in plan.teams if sum(other.role == t.role for other in plan.teams) > 1]
    rows = []
    for team in several:
        name = plan.roles[team.role].name
        cells = cells_of(result, "team", f"{name}/{team.name}", PEOPLE)
        rows.append(Row(team.name, team.name, cells, role_title(plan, team.role)))
    return Table("teams", "Teams", say("Of roles with more than one team."), names_of(PEOPLE), rows)


def department_table(result: Result) -> Table:
    """People and queues by department."""
    names = dict.fromkeys(place for kind, place, _ in result.keys if kind == "department")
    columns = [*PEOPLE, *WAITS, *QUEUES]
    rows = [Row(name, name, cells_of(result, "department", name, columns)) for name in names]
    caption = say("People by the department of their role; waits and queues by the department of the step.")
    return Table("departments", "Departments", caption, names_of(columns), rows if len(rows) > 1 else [])


def route_table(result: Result) -> Table:
    """What became of the cases of each route, and how long they took."""
    rows = []
    for number, route in enumerate(result.plan.routes):
        place = ("route", route.name)
        arrived, ended, still = (result.each(*place, name) for name in ("arrived", "ended", "open"))
        counts = [told(result, place, each, "plain") for each in (arrived, ended, _gave_up(result, number), still)]
        rows.append(Row(route.name, route.name, counts + cells_of(result, "route", route.name, CYCLES)))
    caption = say(
        "Cases that arrived after the warm-up. Those still open at the end of the run have no cycle time yet; "
        "they are counted, not dropped. A case that gave up waiting can still come to an end."
    )
    columns = [
        "arrived",
        "ended",
        say("times somebody gave up waiting"),
        say("still open at the end"),
        *names_of(CYCLES),
    ]
    return Table("routes", "Routes", caption, columns, rows)


def _gave_up(result: Result, route: int) -> Floats:
    keys = [result.plan.step_key(step) for step in result.plan.route_steps(route)]
    total: Floats = sum((result.each("step", key, "gave_up") for key in keys), np.zeros(result.replications))
    return total


def outcome_table(result: Result) -> Table:
    """How cases ended."""
    rows = []
    for kind, place, _ in result.keys:
        if kind == "outcome":
            route, _, outcome = place.partition("/")
            count, ended = result.each(kind, place, "ended"), result.each("route", route, "ended")
            cells = [told(result, (kind, place), *each) for each in ((count, "plain"), (_ratio(count, ended), "share"))]
            rows.append(Row(outcome, outcome, cells, route))
    columns = ["cases", say("of all that ended")]
    return Table("outcomes", "Outcomes", say("How the cases of each route ended."), columns, rows)


def step_table(result: Result) -> Table:
    """Steps that take time."""
    rows = []
    for number, step in _steps(result, taking_time=True):
        cells = [VERB_NAMES[step.verb], _who(result, step)]
        cells += cells_of(result, "step", result.plan.step_key(number), STEPS)
        rows.append(Row(step_title(result.plan, number), step.name, cells, result.plan.routes[step.route].name))
    columns = ["kind", "by", *names_of(STEPS)]
    caption = say("Visits that began to queue after the warm-up. A wait that is not over counts so far (≥).")
    return Table("steps", say("Steps that take time"), caption, columns, rows, frozenset({0, 1}))


def turn_table(result: Result) -> Table:
    """Steps that take no time: which way cases went."""
    rows = []
    for number, step in _steps(result, taking_time=False):
        key = result.plan.step_key(number)
        per_day = told(result, ("step", key), result.each("step", key, "per_day"), "plain")
        cells = [VERB_NAMES[step.verb], _leads_to(result, step), per_day, _taken(result, step, key)]
        rows.append(Row(step_title(result.plan, number), step.name, cells, result.plan.routes[step.route].name))
    columns = ["kind", "leads to", "cases a day", say("share that took this way")]
    caption = say("Branches, starts of other cases, and ends.")
    return Table("turns", say("Steps that take no time"), caption, columns, rows, frozenset({0, 1}))


def _taken(result: Result, step: Step, key: str) -> str:
    if step.verb == END:
        return ""
    went, visits = result.each("step", key, "went"), result.each("step", key, "visits")
    return told(result, ("step", key), _ratio(went, visits), "share")


def _ratio(part: Floats, whole: Floats) -> Floats:
    """The quotient in each replication; NaN where there is nothing."""
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def _steps(result: Result, taking_time: bool) -> Iterator[tuple[int, Step]]:
    for number, step in enumerate(result.plan.steps):
        if step.takes_time == taking_time:
            yield number, step


def _who(result: Result, step: Step) -> str:
    servers = result.plan.lines[step.line].servers if step.line >= 0 else ()
    return say(", else ").join(role_title(result.plan, role) for role, _ in servers)


def _leads_to(result: Result, step: Step) -> str:
    plan = result.plan
    if step.verb == BRANCH:
        return step_title(plan, step.goes_to)
    return (
        say("route {name}", name=plan.routes[step.starts_route].name)
        if step.verb == START
        else plan.outcomes[step.outcome]
    )


def ledger_table(result: Result) -> Table:
    """The delay ledger by route."""
    rows = [Row(r.name, r.name, _causes(result, "ledger", r.name)) for r in result.plan.routes]
    caption = say("What the time of an average ended case went into; the causes add up to its cycle time.")
    return _ledger("ledger", say("Delay ledger by route"), caption, rows)


def step_ledger_table(result: Result) -> Table:
    """The delay ledger by step."""
    plan = result.plan
    rows = [
        Row(
            step_title(plan, n),
            step.name,
            _causes(result, "step ledger", plan.step_key(n)),
            plan.routes[step.route].name,
        )
        for n, step in _steps(result, taking_time=True)
    ]
    caption = say("The same step by step, per ended case of the route, whether or not it came to the step.")
    return _ledger("step-ledger", say("Delay ledger by step"), caption, rows)


def _causes(result: Result, kind: str, place: str) -> list[str]:
    spent = [result.each(kind, place, cause) for cause in CAUSES]
    return [told(result, (kind, place), each, "h") for each in (*spent, np.sum(spent, axis=0))]


def money_table(result: Result) -> Table:
    """What people cost and cases bring."""
    known = [column for column in MONEY if result.has("money", "shop", column[1])]
    rows = [Row("shop", "shop", cells_of(result, "money", "shop", known))] if known else []
    paid = who_is_paid(result.plan)
    caption = say("{currency} a week.", currency=result.plan.currency) + (
        say(" Staff cost is not all: {paid}.", paid=paid) if paid else ""
    )
    return Table("money", "Money", caption, names_of(known), rows)


def _ledger(name: str, heading: str, caption: str, rows: list[Row]) -> Table:
    """Leave out causes that never occur, and say so."""
    seen = [i for i in range(len(CAUSES)) if any(row.cells[i] not in ("0", "–") for row in rows)]
    never = [f'"{TOLD[CAUSES[i]]}"' for i in range(len(CAUSES)) if i not in seen]
    if not seen:
        caption = say("Nothing ended in this run.")
    elif never:
        caption += say(" Never: {listed}.", listed=", ".join(never))
    columns = [*(TOLD[CAUSES[i]] for i in seen), "together"]
    kept = [Row(row.head, row.key, [*(row.cells[i] for i in seen), row.cells[-1]], row.group) for row in rows]
    return Table(name, heading, caption, columns, kept)


def arrival_table(result: Result) -> Table:
    """What was put in: how much each stream brings."""
    plan, rows = result.plan, []
    for stream in plan.streams:
        together = 1.0 if stream.group is None else mean(stream.group)
        expected = (sum(stream.rates) if stream.rates else len(stream.times)) * together
        most = max(stream.rates) * together if stream.rates else float("nan")
        kind = say("at random, by a rate for each hour") if stream.rates else say("at fixed times")
        kind = say("there when the run begins") if stream.at >= 0 else kind
        kind += say(", {together:.3g} at once", together=together) if stream.group else ""
        peak = Estimate(most, float("nan"), 1)
        daily = Estimate(expected * DAY / max(plan.runs_for, HOUR), float("nan"), 1)
        cells = [plan.routes[stream.route].name, kind, with_interval(daily), with_interval(peak)]
        rows.append(Row(stream.name, stream.name, cells))
    columns = ["route", "how", "expected a day", say("expected in the busiest hour")]
    return Table("arrivals", say("What comes in"), say("Before scatter."), columns, rows, frozenset({0, 1}))
