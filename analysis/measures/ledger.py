"""The delay ledger: every millisecond of every case has exactly one cause.

| cause        | the case … |
|--------------|------------|
| working      | is being worked on |
| resting      | is in somebody's hands who is off shift (work put down until the next shift) |
| busy_same    | waits: everybody on shift who could do it is busy, most of them with the same step |
| busy_other   | waits: everybody on shift who could do it is busy, most of them with other work |
| rest_day     | waits: nobody who could do it is on shift on this day |
| night        | waits: nobody who could do it is on shift, before the hours of a day or after them |
| break        | waits: nobody who could do it is on shift, between the hours of one day |
| too_few      | waits, for it takes several: some are on shift or free, but not so many at once |
| held_back    | waits although enough who could do it are free: kept for another, or too little of the shift left |
| departure    | waits for the next departure |
| full         | waits for a later one, as the departure was full |
| transit      | is under way, or time must pass; nobody is needed |

Waiting is told apart moment by moment. The causes of a case add up to its time in the shop exactly, in whole
milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.measures.absence import absence
from analysis.measures.timeline import Ints, Profile, profile
from analysis.measures.view import View, Work, level_at, stretch_profile
from sim.intervals import common
from sim.plan import COLLECT, WAIT, WORK
from sim.units import HOUR, WEEK

Record = tuple[str, str, str, float]

CAUSES = (
    *("working", "resting", "busy_same", "busy_other", "rest_day", "night", "break", "too_few", "held_back"),
    *("departure", "full", "transit"),
)
(WORKING, RESTING, BUSY_SAME, BUSY_OTHER, REST_DAY, NIGHT, BREAK, TOO_FEW, HELD_BACK) = range(9)
DEPARTURE, FULL, TRANSIT = range(9, len(CAUSES))

TOLD = {
    "working": "being worked on",
    "resting": "put down until the next shift",
    "busy_same": "everybody busy with the same work",
    "busy_other": "everybody busy with other work",
    "rest_day": "nobody on shift all day",
    "night": "nobody on shift before or after hours",
    "break": "nobody on shift in a break",
    "too_few": "too few of us at once",
    "held_back": "somebody free, but kept for another or too late in the shift",
    "departure": "waiting for a departure",
    "full": "left behind by a full departure",
    "transit": "under way",
}
"""The causes in words."""


NOBODY = {"rest_day": "on rest days", "night": "before or after hours", "break": "in breaks"}
"""Causes that nobody is on shift, and when that is."""

HOLDING = tuple(cause for cause in CAUSES if cause not in ("working", "transit"))
"""Causes that hold a case up."""


class Standing(NamedTuple):
    """Time for which visits stood for one cause."""

    cause: int
    row: Ints
    since: Ints
    until: Ints
    amount: Callable[[Ints, Ints], Ints]
    """How much of the time from each instant to each other one has this cause (ms)."""


def by_visit(view: View) -> Ints:
    """The ledger of every visit: an array (visit, cause) of ms; a row adds up to the time the case spent there, from
    the beginning of the run.
    """
    return ledger_and_losses(view)[0]


def ledger_and_losses(view: View) -> tuple[Ints, Ints]:
    """The ledger of every visit (see `by_visit`), and an array (step, cause) of the ms for which cases stood at each
    step within the measuring window, whenever they came and whether or not they ended.
    """
    ledger = np.zeros((view.visits.case.size, len(CAUSES)), dtype=np.int64)
    lost = np.zeros((len(view.plan.steps), len(CAUSES)), dtype=np.int64)
    for each in standing(view):
        told = each.amount(each.since, each.until)
        np.add.at(ledger[:, each.cause], each.row, told)
        early = each.since < view.start
        inside = (np.maximum(instants[early], view.start) for instants in (each.since, each.until))
        told[early] = each.amount(*inside)
        np.add.at(lost[:, each.cause], view.visits.step[each.row], told)
    working, transit = view.verb == WORK, view.verb == WAIT
    ledger[working, WORKING] = view.worked[working] - ledger[working, RESTING]
    ledger[transit, TRANSIT] = view.worked[transit]
    return ledger, lost


def by_case(view: View, ledger: Ints) -> Ints:
    """The ledger of every case: an array (case, cause) of ms; a row adds up to its time in the shop."""
    if not view.first_rows.size:
        return np.zeros((0, len(CAUSES)), dtype=np.int64)
    totals: Ints = np.add.reduceat(ledger, view.first_rows, axis=0)
    return totals


def standing(view: View) -> Iterator[Standing]:
    """Everything that held anybody up."""
    yield from _rests(view)
    for number, step in enumerate(view.plan.steps):
        if step.verb == WORK:
            yield from _waits(view, number)
        elif step.verb == COLLECT:
            yield from _at_the_dock(view, number)


def _waits(view: View, step: int) -> Iterator[Standing]:
    """The waiting of one step, told apart."""
    rows = view.by_step[step]
    waits = view.waits_of(rows[view.waited[rows] > 0])
    if waits.row.size:
        for cause, moments in reasons(view, step).items():
            yield Standing(cause, waits.row, np.maximum(waits.since, 0), waits.until, moments.between)


def _at_the_dock(view: View, step: int) -> Iterator[Standing]:
    """The waiting at a dock: until the first departure, and from then on, if that was full."""
    rows = view.by_step[step]
    joined, left = np.maximum(view.visits.joined[rows], 0), view.left[rows]
    departures = np.append(view.plan.steps[step].departures, view.end)
    first = np.minimum(departures[np.searchsorted(departures[:-1], joined)], left)
    yield Standing(DEPARTURE, rows, joined, first, lambda since, until: until - since)
    yield Standing(FULL, rows, first, left, lambda since, until: until - since)


def reasons(view: View, step: int) -> dict[int, Profile]:
    """For each cause of waiting: the moments (a profile of 0 and 1) at which a case that waits at the step waits
    for it.
    """
    servers = [role for role, _ in view.plan.lines[view.plan.steps[step].line].servers]
    people = [view.people[n] for n, person in enumerate(view.plan.people) if person.role in servers]
    free = stretch_profile(people, [p.on & (p.step < 0) for p in people], view.end)
    same = stretch_profile(people, [p.on & (p.step == step) for p in people], view.end)
    other = stretch_profile(people, [p.on & (p.step >= 0) & (p.step != step) for p in people], view.end)
    rests, breaks = _away(view, servers)
    at = np.unique(np.concatenate((free.at, same.at, other.at, rests.at, breaks.at)))
    n_free, n_same, n_other = (level_at(count, at) for count in (free, same, other))
    needed, here = view.plan.steps[step].people, n_free + n_same + n_other
    nobody = here == 0
    too_few = ~nobody & (needed > 1) & ((here < needed) | ((n_free > 0) & (n_free < needed)))
    idle = ~too_few & (n_free > 0)
    busy = ~nobody & ~too_few & ~idle
    mostly_same = n_same >= n_other
    rest, pause = level_at(rests, at) > 0, level_at(breaks, at) > 0
    found = {
        REST_DAY: nobody & rest,
        BREAK: nobody & pause,
        NIGHT: nobody & ~rest & ~pause,
        TOO_FEW: too_few,
        HELD_BACK: idle,
        BUSY_SAME: busy & mostly_same,
    }
    found[BUSY_OTHER] = busy & ~mostly_same
    return {cause: Profile(at, moments.astype(np.int64)) for cause, moments in found.items()}


def _away(view: View, roles: list[int]) -> tuple[Profile, Profile]:
    """When nobody of some roles is there for a whole day, and when all of them have a break."""
    calendars = (calendar for role in roles for calendar in view.plan.calendars_of(role))
    away = absence(tuple(shift for calendar in calendars for shift in calendar), view.end)
    rests, breaks = (np.array(spans, dtype=np.int64).reshape(-1, 2).T for spans in away)
    return profile(*rests), profile(*breaks)


def _rests(view: View) -> Iterator[Standing]:
    """Work that lay while somebody who pauses was off shift."""
    pausing = np.array([view.pausing(p) for p in range(len(view.plan.people))], dtype=bool)
    hands = view.hands
    mine = pausing[hands.person] if hands.person.size else np.zeros(0, dtype=bool)
    work = Work(*(column[mine] for column in hands))
    stretch = work.row * (view.end + 1) + work.began  # a number for each
    _, first, which, several = np.unique(stretch, return_index=True, return_inverse=True, return_counts=True)
    alone = first[several == 1]
    for person in np.unique(work.person[alone]):
        yield _put_down(work, alone[work.person[alone] == person], view.schedule[person])
    for number in np.flatnonzero(several > 1):
        yield _put_down(work, first[[number]], _together(view, work.person[which == number]))


def _together(view: View, people: Ints) -> Profile:
    """When all of several people are on shift."""
    shifts = view.plan.calendar(people[0])
    for person in people[1:]:
        shifts = common(shifts, view.plan.calendar(person))
    spans = np.array(shifts, dtype=np.int64).reshape(-1, 2)
    at = spans.reshape(-1)
    return Profile(at, np.tile(np.array([1, 0], dtype=np.int64), len(spans)))


def _put_down(work: Work, these: Ints, schedule: Profile) -> Standing:
    def off(since: Ints, until: Ints) -> Ints:
        return until - since - schedule.between(since, until)

    return Standing(RESTING, work.row[these], work.began[these], work.left[these], off)


# --- summed: what the hours of an ended case went into, by route and by step ----------------------------------------


def measure_ledger(view: View) -> Iterator[Record]:
    """Hours per case and cause, over cases that arrived after the warm-up and ended; those of a route add up to its
    cycle time.
    """
    ledger, lost = ledger_and_losses(view)
    cases = by_case(view, ledger)
    over = view.counted & (view.ended[0] >= 0)
    for number, route in enumerate(view.plan.routes):
        mine = over & (view.cases.route == number)
        count = int(mine.sum())
        hours = cases[mine].sum(axis=0) / HOUR
        for cause, total in zip(CAUSES, hours, strict=True):
            yield "ledger", route.name, cause, total / count if count else float("nan")
        yield from _steps(view, ledger, number, over)
    yield from _losses(view, lost)


def _losses(view: View, lost: Ints) -> Iterator[Record]:
    """Hours a week that all cases together are held up at each step within the window, for each cause."""
    weeks = (view.end - view.start) / WEEK
    for number, step in enumerate(view.plan.steps):
        if step.takes_time:
            for cause in HOLDING:
                hours = int(lost[number, CAUSES.index(cause)]) / HOUR
                yield "step losses", view.plan.step_key(number), cause, hours / weeks


def _steps(view: View, ledger: Ints, route: int, over: NDArray[np.bool_]) -> Iterator[Record]:
    """The same, step by step: hours that the average ended case of the route spends there for each cause."""
    count = int((over & (view.cases.route == route)).sum())
    for step in view.plan.route_steps(route):
        if not view.plan.steps[step].takes_time:
            continue
        rows = view.by_step[step]
        ended = over[np.searchsorted(view.cases.case, view.visits.case[rows])]
        hours = ledger[rows[ended]].sum(axis=0) / HOUR
        for cause, total in zip(CAUSES, hours, strict=True):
            yield "step ledger", view.plan.step_key(step), cause, total / count if count else float("nan")
