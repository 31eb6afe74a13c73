"""Plan and draws → the tables that the compiled engine runs on: steps, luck, cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.draws import Draws
from sim.fast import lexicon as x
from sim.fast.columns import columns
from sim.fast.limits import lacking
from sim.fast.people_tables import crews, people, teams_and_roles
from sim.fast.world import Floats, Ints, World
from sim.faults import bad_input
from sim.intervals import Intervals, joined
from sim.language import say
from sim.plan import ALWAYS, BRANCH, COLLECT, NOBODY_ON, START, UNITS_OVER, VALUE_OVER, Plan, Step
from sim.units import HOUR, NEVER

MOST_VISITS = 30_000
"""Visits of one step by one case that this engine can count."""


SOME_STRETCHES = 1024
"""Stretches of work of cases that were handed back and are not done, for which there is room at first."""


T = TypeVar("T", bound=np.generic)


@dataclass
class Layout:
    """What is laid out while the steps are gone through, and pointed to from them."""

    plan: Plan
    draws: Draws
    visits: int
    """For how many visits of a step luck is laid out."""
    spans: list[tuple[int, int]] = field(default_factory=list)
    departures: list[int] = field(default_factory=list)
    columns: list[NDArray[np.generic]] = field(default_factory=list)
    """Columns of luck; kept, for the engine knows only their addresses."""
    counters: int = 0
    docks: list[int] = field(default_factory=list)
    impatient: int = 0


def build(plan: Plan, draws: Draws, visits: int, rows: int) -> tuple[World, Layout]:
    """The world at the start of a run, with room for so many rows of the log; and what must be kept alive with it."""
    if lack := lacking(plan):
        raise bad_input("--engine fast", say("{lack}; use --engine simpy", lack=lack))
    layout = Layout(plan, draws, visits)
    step = np.array([_step(layout, s) for s in range(len(plan.steps))], dtype=np.int64)
    person = people(plan, layout.spans)
    team, role = teams_and_roles(plan)
    line, server, crew, crew_line = crews(plan)
    ranks, total = len(plan.priorities), draws.bases[-1]
    slots, impatient = min(total, x.SLOT), _gives_up(step)
    stream, arrival, age = _streams(draws)
    events = slots * (1 + impatient) + len(plan.steps) + 1
    margin, most_people = _rows_at_once(plan, step), max((each.people for each in plan.steps), default=1)
    handed_back = most_people * (1 + len(plan.people) * plan.interrupting)
    past = SOME_STRETCHES + handed_back
    world = World(
        step=step,
        slot=_empty((slots, x.SLOT_COLUMNS)),
        person=person,
        team=team,
        role=role,
        line=line,
        server=server,
        crew=crew,
        dock=_docks(layout, ranks),
        stream=stream,
        change=_changes(plan),
        queue=np.full(((len(plan.lines) + len(layout.docks)) * ranks, x.QUEUE_COLUMNS), x.NONE, dtype=np.int64),
        span=np.array(layout.spans, dtype=np.int64).reshape(-1, x.SPAN_COLUMNS),
        helper=_empty(((rows if most_people > 1 else 0) + most_people, x.HELPER_COLUMNS)),
        stretch=_empty((2 * past, x.STRETCH_COLUMNS)),
        past=_empty((past, x.PAST_COLUMNS)),
        back=_empty((slots, x.BACK_COLUMNS)),
        started=_empty((total, x.STARTED_COLUMNS)),
        helpers=np.empty((slots, most_people - 1), dtype=np.int32),
        visits=np.empty((slots, layout.counters), dtype=np.int16),
        crew_line=crew_line,
        arrival=arrival,
        age=age,
        departure=np.array(layout.departures, dtype=np.int64),
        column=np.array([column.ctypes.data for column in layout.columns], dtype=np.int64),
        route_first=np.array([route.first for route in plan.routes], dtype=np.int64),
        event=_empty(events),
        note=_empty((events, x.NOTE_COLUMNS)),
        later=np.full(plan.runs_for // HOUR + 1, x.NONE, dtype=np.int64),
        chosen=_empty(most_people),
        share=_empty(most_people),
        aside=_empty(slots if most_people > 1 else 0),
        fresh=_empty(slots),
        unsettled=_empty(len(crew)),
        **columns(rows + margin, LOG_TYPES),
        rank=_of_cases(draws, "rank"),
        lines=_of_conditions(layout, "lines"),
        units=_of_conditions(layout, "units"),
        value=_of_conditions(layout, "value"),
        threshold=np.array([each.threshold for each in plan.steps], dtype=np.float64),
        ranks=ranks,
        interrupting=plan.interrupting,
        margin=margin,
        most_helpers=most_people,
        most_stretches=handed_back,
        runs_for=plan.runs_for,
    )
    return world, layout


def _gives_up(step: Ints) -> int:
    """How many events of giving up one case can have waiting for it: two a visit, where there is patience and room."""
    patient, roomy = step[:, x.LUCK_PATIENCE] >= 0, step[:, x.ROOM_TO_WAIT] >= 0
    return int((step[:, x.VISITS] * (patient.astype(np.int64) + roomy)).sum())


def more(visits: int) -> int:
    """For how many visits of a step luck is laid out if that for so many did not do."""
    if visits == MOST_VISITS:
        raise bad_input(
            "--engine fast",
            say("a case comes to a step more than {MOST_VISITS:,} times; use --engine simpy", MOST_VISITS=MOST_VISITS),
        )
    return min(4 * visits, MOST_VISITS)


def roomier(world: World, n: Ints) -> World:
    """The world with twice the room for stretches of work of cases that were handed back."""
    past = grown(world.past, int(n[x.PASTS]))
    larger = np.empty((2 * len(past), x.STRETCH_COLUMNS), dtype=np.int64)
    larger[: n[x.STRETCHES]] = world.stretch[: n[x.STRETCHES]]
    return world._replace(past=past, stretch=larger)


def grown(old: NDArray[T], rows: int) -> NDArray[T]:
    """A table with twice the room, in which so many rows stand already."""
    new = np.empty((2 * len(old) + 1, *old.shape[1:]), dtype=old.dtype)
    new[:rows] = old[:rows]
    return new


def counts(world: World) -> Ints:
    """The single numbers at the start of a run."""
    n = np.zeros(x.COUNTS, dtype=np.int64)
    n[x.FREE_SLOT], n[x.FREE_NOTE], n[x.FREE_PAST], n[x.NEXT_ARRIVAL] = x.NONE, x.NONE, x.NONE, NEVER
    for i, stream in enumerate(world.stream):
        if stream[x.NEXT] < stream[x.STREAM_END] and world.arrival[stream[x.NEXT]] < n[x.NEXT_ARRIVAL]:
            n[x.NEXT_STREAM], n[x.NEXT_ARRIVAL] = i, world.arrival[stream[x.NEXT]]
    return n


LOG_TYPES: dict[str, type[np.generic]] = {
    "log_joined": np.int64, "log_began": np.int64, "log_left": np.int64, "log_case": np.int32, "log_step": np.int32,
    "log_visit": np.int32, "log_person": np.int32, "log_outcome": np.int8,
}  # fmt: skip
"""The columns of the log as it is written, and their types."""


def _empty(shape: int | tuple[int, int]) -> Ints:
    return np.empty(shape, dtype=np.int64)


def _step(layout: Layout, s: int) -> list[int]:
    """A row of the table of steps, in the order of the lexicon."""
    plan, step = layout.plan, layout.plan.steps[s]
    row = [x.NONE] * x.STEP_COLUMNS
    row[x.VERB], row[x.ROUTE], row[x.LINE], row[x.GOES_TO] = step.verb, step.route, step.line, step.goes_to
    row[x.OWN_RANK], row[x.AT_MOST], row[x.CONDITION] = step.rank, step.at_most, step.condition
    row[x.ROOM_TO_WAIT] = step.room
    row[x.PEOPLE], row[x.AT_ONCE], row[x.SLOWER] = step.people, step.at_once, step.slower_by
    row[x.VISITS] = layout.visits if step.again else 1
    row[x.BASE] = layout.draws.bases[step.route]
    if step.again:
        row[x.AGAIN] = _counter(layout)
    if step.at_most:
        row[x.RETURNS] = _counter(layout)
    _lay_out_luck(layout, s, row)
    hours = _hours(plan, step)
    if hours is not None:
        row[x.HOURS], row[x.HOURS_END] = len(layout.spans), len(layout.spans) + len(hours)
        layout.spans += hours
    if step.people > 1:
        together = plan.together(s)
        row[x.TOGETHER], row[x.TOGETHER_END] = len(layout.spans), len(layout.spans) + len(together)
        layout.spans += together
    if step.verb == COLLECT:
        row[x.DEPARTS], row[x.DEPARTS_END] = len(layout.departures), len(layout.departures) + len(step.departures)
        row[x.CAPACITY] = step.capacity
        layout.departures += step.departures
        if step.capacity:
            row[x.DOCK] = len(layout.docks)
            layout.docks.append(s)
    if step.verb == START:
        row[x.CHILD], row[x.CHILD_ROUTE] = layout.draws.child(s, 0), step.starts_route
    return row


def _counter(layout: Layout) -> int:
    layout.counters += 1
    return layout.counters - 1


def _lay_out_luck(layout: Layout, s: int, row: list[int]) -> None:
    step = layout.plan.steps[s]
    if step.takes is not None:
        row[x.LUCK_TAKES] = _columns(layout, s, "takes", row[x.VISITS])
    if step.patience is not None:
        row[x.LUCK_PATIENCE] = _columns(layout, s, "patience", row[x.VISITS])
    if step.patience is not None or step.room >= 0:
        row[x.IMPATIENT] = layout.impatient
        layout.impatient += 1
    if step.decides and step.condition == ALWAYS:
        row[x.LUCK_CHANCE] = _columns(layout, s, "chance", row[x.VISITS] if step.verb == BRANCH else 1)
    if step.after is not None:
        row[x.LUCK_AFTER] = _columns(layout, s, "after", 1)


def _columns(layout: Layout, s: int, what: str, visits: int) -> int:
    first = len(layout.columns)
    kind = np.int8 if what == "chance" else np.int64
    layout.columns += [np.frombuffer(layout.draws.column(s, what, v), dtype=kind) for v in range(1, visits + 1)]
    return first


def _hours(plan: Plan, step: Step) -> Intervals | None:
    """The hours a step looks at: those in which waiting counts, or those in which somebody of a role is there."""
    if step.condition == NOBODY_ON:
        return joined(shift for calendar in plan.calendars_of(int(step.threshold)) for shift in calendar)
    return step.hours or None


def _docks(layout: Layout, ranks: int) -> Ints:
    dock = np.full((len(layout.docks), x.DOCK_COLUMNS), x.NONE, dtype=np.int64)
    for d, s in enumerate(layout.docks):
        dock[d, x.DOCK_STEP], dock[d, x.STANDING] = s, 0
        dock[d, x.DOCK_CHAINS] = (len(layout.plan.lines) + d) * ranks
    return dock


def _streams(draws: Draws) -> tuple[Ints, Ints, Ints]:
    """The streams of arrivals, all their instants end to end, and by how much those came before the run that did."""
    rows: list[tuple[int, ...]] = []
    parts: list[Ints] = [np.zeros(0, dtype=np.int64)]
    first = 0
    for feed in (feed for feeds in draws.feeds for feed in feeds if feed.stream >= 0):
        at = draws.plan.streams[feed.stream].at
        rows.append((first, first + feed.size, draws.bases[feed.route] + feed.first - first, feed.route, at))
        parts.append(draws.cases[feed.route].arrived[feed.first : feed.first + feed.size])
        first += feed.size
    arrived = np.concatenate(parts)
    stream = np.array(rows, dtype=np.int64).reshape(-1, x.STREAM_COLUMNS)
    return stream, np.maximum(arrived, 0), np.maximum(-arrived, 0)


def _changes(plan: Plan) -> Ints:
    """Who comes (1) and goes (0) when, in order of time."""
    told = [(at, m, comes) for m in range(len(plan.teams)) for at, comes in plan.comings_and_goings(m)]
    rows = np.array(told, dtype=np.int64).reshape(-1, x.CHANGE_COLUMNS)
    return np.ascontiguousarray(rows[np.lexsort((rows[:, x.COMES], rows[:, x.WHO], rows[:, x.AT]))])


def _rows_at_once(plan: Plan, step: Ints) -> int:
    """Rows of the log that one case can fill without time passing: at most every visit that luck is laid out for."""
    return 1 + max(int(step[list(plan.route_steps(r)), x.VISITS].sum()) for r in range(len(plan.routes)))


def _of_cases(draws: Draws, name: str) -> NDArray[Any]:
    return np.concatenate([getattr(cases, name) for cases in draws.cases])


def _of_conditions(layout: Layout, name: str) -> Floats:
    """An attribute of all cases, if any condition looks at attributes."""
    if not any(VALUE_OVER <= step.condition <= UNITS_OVER for step in layout.plan.steps):
        return np.zeros(0)
    return _of_cases(layout.draws, name).astype(np.float64)
