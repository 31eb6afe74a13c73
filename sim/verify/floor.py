"""The SimPy engine's floor at the end of an instant: do its books agree with the log, the calendars and the rules?

It reads the public attributes of `sim.engine.floor.Floor` and of the log's `Writer`, and changes nothing.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from sim.intervals import on_at
from sim.log import OPEN, UNKNOWN
from sim.plan import WORK
from sim.verify.hand_out import Held, Scene, Waiting
from sim.verify.inconsistent import Inconsistent

if TYPE_CHECKING:
    from sim.engine.floor import Floor
    from sim.engine.ticket import Ticket


def verify_floor(floor: Floor) -> None:
    """Raise Inconsistent if the floor contradicts itself, the log so far or the rules."""
    plan, now = floor.plan, floor.env.now
    scene = Scene(plan)
    scene.now = now
    for person in range(len(plan.people)):
        shifts = plan.calendar(person)
        scene.on_duty[person] = on_at([on for on, _ in shifts], [off for _, off in shifts], now)
    rows = _at_work_steps(floor)
    for held, people in _working(floor, rows):
        for person in people:
            scene.hands[person].append(held)
    _check_people(floor, scene)
    queued = _queued(floor)
    for line, tickets in enumerate(queued):
        for waiting, ticket in tickets:
            scene.queues[line].append(waiting)
            if 0 <= ticket.patience <= now - max(waiting.joined, 0):
                raise Inconsistent(f"at {now}: case {waiting.case} still waits, though its patience is over")
    _check_queues(floor, rows, [[waiting for waiting, _ in tickets] for tickets in queued])
    scene.check_settled(_changed(floor, now))


def _at_work_steps(floor: Floor) -> list[int]:
    """The rows of the log of everybody who is at a work step."""
    steps, log = floor.plan.steps, floor.log
    open_ = np.flatnonzero(np.array(log.outcome)[: len(log.case)] == OPEN)
    return [row for row in open_.tolist() if steps[log.step[row]].verb == WORK]


def _working(floor: Floor, rows: list[int]) -> list[tuple[Held, list[int]]]:
    """Every case that is being worked on, by the log, with its people."""
    log, waiting = floor.log, _wait_again(floor)
    people = {row: [log.person[row]] for row in rows if log.began[row] != UNKNOWN and row not in waiting}
    for row, person in zip(reversed(log.helper_rows), reversed(log.helpers), strict=True):
        if row in people and len(people[row]) < floor.people_needed[log.step[row]]:
            people[row].append(person)  # of a visit that was handed back: those who work on it now
    return [
        (Held(_rank(floor, who[0]), log.joined[row], log.case[row], log.step[row]), who) for row, who in people.items()
    ]


def _rank(floor: Floor, person: int) -> int:
    """The rank of the case that somebody holds; known where work is interrupted, and asked for only there."""
    ticket = floor.holding[person]
    return 0 if ticket is None else ticket.rank


def _wait_again(floor: Floor) -> set[int]:
    """The rows of everybody who was handed back and waits, by the log."""
    log = floor.log
    latest = dict(zip(log.stretch_rows, log.stretch_left, strict=True))
    return {row for row, left in latest.items() if left != UNKNOWN and log.outcome[row] == OPEN}


def _changed(floor: Floor, now: int) -> set[int]:
    """The crews in which a case joined, gave up, was done with or handed back at this instant, or somebody came."""
    plan, log = floor.plan, floor.log
    joined, left = np.array(log.joined), np.array(log.left)[: len(log.case)]
    handed_back = [row for row, at in zip(log.stretch_rows, log.stretch_left, strict=True) if at == now]
    rows = [*np.flatnonzero((joined == now) | (left == now)).tolist(), *handed_back]
    steps = [plan.steps[log.step[row]] for row in rows]
    crews = {plan.lines[step.line].crew for step in steps if step.verb == WORK}
    came = {who.role for p, who in enumerate(plan.people) if any(on == now for on, _ in plan.calendar(p))}
    return crews | {line.crew for line in plan.lines for role, _ in line.servers if role in came}


def _queued(floor: Floor) -> list[list[tuple[Waiting, Ticket]]]:
    """By line: everybody who waits, in order."""
    lines = []
    for line in floor.waiting:
        entries = [
            (Waiting(*entry[:3], entry[3].step, entry[3].takes), entry[3]) for entry in line if not entry[3].gone
        ]
        lines.append(sorted(entries, key=lambda entry: entry[0]))
    return lines


def _check_people(floor: Floor, scene: Scene) -> None:
    """Who is here by the calendar, who holds how much by the log, who is free."""
    now, people = scene.now, scene.plan.people
    for person, who in enumerate(people):
        if floor.on_duty[person] != scene.on_duty[person]:
            raise Inconsistent(f"at {now}: {who.name} is {'on' if floor.on_duty[person] else 'off'} duty by mistake")
        if floor.in_hand[person] != len(scene.hands[person]):
            held = len(scene.hands[person])
            raise Inconsistent(f"at {now}: {who.name} holds {held} cases, the floor counts {floor.in_hand[person]}")
    for role, staff in enumerate(scene.staff):
        free = [person for person in staff if scene.on_duty[person] and not scene.hands[person]]
        if list(floor.free[role]) != free:
            raise Inconsistent(f"at {now}: free {scene.plan.roles[role].name}: {floor.free[role]}, should be {free}")
    for number, step in enumerate(scene.plan.steps):
        counts = {person: sum(held.step == number for held in hands) for person, hands in enumerate(scene.hands)}
        holders = {person: count for person, count in counts.items() if count}
        if step.at_once > 1 and floor.holders[number] != holders:
            key = scene.plan.step_key(number)
            raise Inconsistent(f"at {now}: who holds cases of {key}: {floor.holders[number]}, should be {holders}")


def _check_queues(floor: Floor, rows: list[int], queues: list[list[Waiting]]) -> None:
    """Who waits by the queues is who waits by the log."""
    log = floor.log
    again = _wait_again(floor)
    waits = (row for row in rows if log.began[row] == UNKNOWN or row in again)
    told = Counter((log.case[row], log.step[row], log.joined[row]) for row in waits)
    found = Counter((waiting.case, waiting.step, waiting.joined) for queue in queues for waiting in queue)
    if told != found:
        wrong = sorted((told - found) | (found - told))
        raise Inconsistent(f"at {floor.env.now}: (case, step, joined) only in the log or only in the queues: {wrong}")
