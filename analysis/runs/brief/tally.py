"""The measures that experiments need, from a run whose log nobody keeps: sums are taken while it is told.

Needs the compiled engine. `brief` gives some of what `measure_all` gives of the same log: counts, means, hours,
promises and money; no quantiles, no maxima, no ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.measures import Key, money, people, promises
from analysis.measures.flow import FlowSums, means
from analysis.measures.routes import outcomes_of
from analysis.measures.timeline import Ints
from analysis.runs.brief import sums as x
from sim.draws import Draws
from sim.fast.play import tell
from sim.fast.prepare import SMALL
from sim.plan import PAUSE, Plan
from sim.units import DAY, HOUR, NEVER, NOT_COME, WEEK

Record = tuple[str, str, str, float]


def brief(plan: Plan, draws: Draws) -> dict[Key, float]:
    """Play a plan with the compiled engine and measure it briefly."""
    tally = tell(plan, draws, partial(Tally, plan, draws))
    return {(kind, place, measure): float(value) for kind, place, measure, value in tally.records()}


def compile_sums() -> None:
    """Make the machine code of the sums, or load it: before processes are started that would each compile it."""
    tally = tell(SMALL, Draws(SMALL, 0, 0), partial(Tally, SMALL, Draws(SMALL, 0, 0)))
    nothing = np.zeros(0, dtype=np.int64)
    x.take_in_work(tally.sums, nothing, nothing, nothing)
    x.take_in_overlapping(tally.sums, nothing, nothing, nothing)


class Tally:
    """What is summed up of one run (a `sim.fast.play.Reader`)."""

    def __init__(self, plan: Plan, draws: Draws) -> None:
        self.plan, self.draws = plan, draws
        self.sums = _sums(plan, draws)
        self.several: list[tuple[Ints, Ints, Ints]] = []
        """(person, began, left) of work on several cases at once, whose times overlap."""

    def read(self, rows: dict[str, NDArray[Any]], helpers: Ints, stretches: Ints) -> None:
        """Take in rows (see `sim.fast.play.Reader`)."""
        overlapping = np.empty(rows["case"].size, dtype=np.int64)
        mine = overlapping[: x.take_in(self.sums, overlapping, stretches, **rows)]
        if mine.size:
            self.several.append((rows["person"][mine].astype(np.int64), rows["began"][mine], self._left(rows, mine)))
        if stretches.size:
            helpers = helpers[~np.isin(helpers[:, 0], stretches[:, 0])]
            self._read_stretches(rows["step"][stretches[:, 0]], stretches)
        if helpers.size:
            mine = helpers[:, 0]
            x.take_in_work(self.sums, helpers[:, 1].copy(), rows["began"][mine], self._left(rows, mine))

    def _read_stretches(self, step: NDArray[Any], stretches: Ints) -> None:
        """Take in who worked when on visits that were handed back, to these steps."""
        person, began, left = (column.copy() for column in stretches.T[1:])
        left[left < 0] = self.plan.runs_for
        shared = self.sums.step[step, x.SHARED] > 0
        self.several.append((person[shared], began[shared], left[shared]))
        x.take_in_work(self.sums, person[~shared], began[~shared], left[~shared])

    def _left(self, rows: dict[str, NDArray[Any]], mine: Ints) -> Ints:
        """When these visits were over, or the end of the run."""
        left: Ints = rows["left"][mine]
        return np.where(left < 0, self.plan.runs_for, left)

    def records(self) -> Iterator[Record]:
        """Every brief measure, once all rows were read."""
        plan = self.plan
        hours = self._hours()
        for number, step in enumerate(plan.steps):
            yield from self._flow("step", plan.step_key(number), [number])
            if step.decides:
                went = int(self.sums.by_step[number, x.TOOK_EFFECT])
                yield "step", plan.step_key(number), "went", went
                yield "step", plan.step_key(number), "passed", int(self.sums.by_step[number, x.VISITS]) - went
        yield from self._people(hours)
        yield from self._routes()
        for number in range(len(plan.promises)):
            yield from self._promise(number)
        yield from money.records(plan, hours, self.sums.by_end[:, x.INSIDE], self.sums.value_inside)

    def _flow(self, kind: str, place: str, steps: list[int]) -> Iterator[Record]:
        total = (int(value) for value in self.sums.by_step[steps].sum(axis=0))
        visits, gave_up, still, _, waits, waited, done, service, queued = total
        found = means(
            FlowSums(visits, gave_up, still, waits, waited, done, service, queued),
            self.plan.runs_for - self.plan.warm_up,
        )
        for name, value in found.items():
            yield kind, place, name, value

    def _hours(self) -> NDArray[np.float64]:
        """See `people.hours_of`."""
        if self.several:
            person, began, left = (np.concatenate(column) for column in zip(*self.several, strict=True))
            order = np.argsort(left, kind="stable")  # what was handed back is told later than it ended
            x.take_in_overlapping(self.sums, person[order], began[order], left[order])
        self.several = []
        plan, s = self.plan, self.sums
        on_shift = np.array([int((s.off[a:b] - s.on[a:b]).sum()) for a, b, _ in s.person], dtype=float)
        return np.column_stack((on_shift, s.by_person.astype(float))).reshape(len(plan.people), 3)

    def _people(self, hours: NDArray[np.float64]) -> Iterator[Record]:
        plan, weeks = self.plan, (self.plan.runs_for - self.plan.warm_up) / WEEK
        role = np.array([person.role for person in plan.people], dtype=int)
        team = np.array([person.team for person in plan.people], dtype=int)
        department = np.array([plan.roles[r].department for r in role], dtype=object)
        for number, each in enumerate(plan.roles):
            yield from people.records(weeks, "role", each.name, hours[role == number])
            yield from self._flow("role", each.name, people.first_choice(plan, number))
        for number, group in enumerate(plan.teams):
            name = f"{plan.roles[group.role].name}/{group.name}"
            yield from people.records(weeks, "team", name, hours[team == number])
        for name in people.departments(plan):
            yield from self._flow("department", name, people.steps_of(plan, name))
            yield from people.records(weeks, "department", name, hours[department == name])

    def _routes(self) -> Iterator[Record]:
        plan, s = self.plan, self.sums
        window = plan.runs_for - plan.warm_up
        for number, route in enumerate(plan.routes):
            arrived = s.arrived[self.draws.bases[number] : self.draws.bases[number + 1]]
            arrived = arrived[arrived > NOT_COME]
            came = int(np.count_nonzero(arrived >= plan.warm_up))
            ended, cycle, inside, afterwards = (int(value) for value in s.by_route[number])
            present = int((plan.runs_for - np.maximum(arrived, plan.warm_up)).sum()) - afterwards
            yield "route", route.name, "arrived", came
            yield "route", route.name, "ended", ended
            yield "route", route.name, "open", came - ended
            yield "route", route.name, "per_day", inside / (window / DAY)
            yield "route", route.name, "cycle_h", cycle / ended / HOUR if ended else float("nan")
            yield "route", route.name, "in_progress", present / window
            for outcome, ends in outcomes_of(plan, number).items():
                yield "outcome", f"{route.name}/{outcome}", "ended", int(s.by_end[ends, x.COUNTED].sum())

    def _promise(self, number: int) -> Iterator[Record]:
        plan, s, promise = self.plan, self.sums, self.plan.promises[number]
        mine = slice(self.draws.bases[promise.route], self.draws.bases[promise.route + 1])
        arrived = s.arrived[mine]
        first, end = promise.arrives
        meant = (arrived >= max(plan.warm_up, first)) & (arrived < end)
        since = (arrived if promise.since < 0 else s.since[number, : arrived.size])[meant]
        reached, over = s.reached[number, : arrived.size][meant], s.ended[mine][meant] >= 0
        gave_up = np.where(reached < 0, s.gave_up[number, : arrived.size][meant], x.NONE)
        judged = promises.verdicts(promise, plan.runs_for, since, since >= 0, reached, gave_up, over)
        yield from promises.records(promise, judged, arrived[meant] // DAY, plan.runs_for)


def _sums(plan: Plan, draws: Draws) -> x.Sums:
    """Tables of a plan, and sums that are still zero."""
    step, point = _steps(plan, draws)
    on, off, before, person = _shifts(plan)
    promised = len(plan.promises), max((draws.cases[each.route].arrived.size for each in plan.promises), default=0)
    return x.Sums(
        start=plan.warm_up,
        end=plan.runs_for,
        step=step,
        point=point,
        person=person,
        on=on,
        off=off,
        before=before,
        near=person[:, x.SPANS].copy(),
        open_from=np.full(len(person), NEVER, dtype=np.int64),
        open_until=np.zeros(len(person), dtype=np.int64),
        by_step=np.zeros((len(plan.steps), x.BY_STEP_COLUMNS), dtype=np.int64),
        by_route=np.zeros((len(plan.routes), x.BY_ROUTE_COLUMNS), dtype=np.int64),
        by_end=np.zeros((len(plan.steps), x.BY_END_COLUMNS), dtype=np.int64),
        by_person=np.zeros((len(plan.people), x.BY_PERSON_COLUMNS), dtype=np.int64),
        value=money.whole(np.concatenate([each.value for each in draws.cases])),
        value_inside=np.zeros(len(plan.steps), dtype=np.int64),
        arrived=np.concatenate([each.arrived for each in draws.cases]),
        ended=np.full(draws.bases[-1], x.NONE, dtype=np.int64),
        since=np.full(promised, x.NONE, dtype=np.int64),
        reached=np.full(promised, x.NONE, dtype=np.int64),
        gave_up=np.full(promised, x.NONE, dtype=np.int64),
    )


def _steps(plan: Plan, draws: Draws) -> tuple[Ints, Ints]:
    """The table of steps, and what they mean to promises."""
    step = np.zeros((len(plan.steps), x.STEP_COLUMNS), dtype=np.int64)
    point: list[tuple[int, int, int]] = []
    for number, each in enumerate(plan.steps):
        first = len(point)
        base = draws.bases[each.route]
        for q, promise in ((q, promise) for q, promise in enumerate(plan.promises) if promise.route == each.route):
            if promise.since == number:
                point.append((q, x.CLOCK_STARTS, base))
            if number in promise.points:
                point.append((q, x.REACHED_BY_BEGIN if promise.at_begin else x.REACHED_BY_END, base))
        step[number] = (each.verb, each.takes_time, each.route, first, len(point), each.at_once > 1)
    return step, np.array(point, dtype=np.int64).reshape(-1, x.POINT_COLUMNS)


def _shifts(plan: Plan) -> tuple[Ints, Ints, Ints, Ints]:
    """Shifts inside the measuring window, the time on shift before each, and the table of people."""
    spans: list[Ints] = [np.zeros((0, 2), dtype=np.int64)]
    place: dict[int, tuple[int, int]] = {}
    end = 0
    for calendar in map(plan.calendar, range(len(plan.people))):
        if id(calendar) not in place:
            shifts = np.clip(np.array(calendar, dtype=np.int64).reshape(-1, 2), plan.warm_up, plan.runs_for)
            spans.append(shifts[shifts[:, 1] > shifts[:, 0]])
            place[id(calendar)], end = (end, end + len(spans[-1])), end + len(spans[-1])
    rows = np.concatenate(spans)
    before = np.concatenate([np.cumsum(each[:, 1] - each[:, 0]) - (each[:, 1] - each[:, 0]) for each in spans])
    person = [
        (*place[id(plan.calendar(p))], plan.roles[who.role].at_shift_end == PAUSE) for p, who in enumerate(plan.people)
    ]
    table = np.array(person, dtype=np.int64).reshape(-1, x.PERSON_COLUMNS)
    return rows[:, 0].copy(), rows[:, 1].copy(), before, table
