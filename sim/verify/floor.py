"""The SimPy engine's floor at the end of an instant: do its books agree with the log, the calendars and the rules?

All that this file knows of the engine's inside stands in `_working`, `_queued` and `verify_floor`.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sim.calendars import on_at
from sim.log import OPEN, UNKNOWN
from sim.plan import WORK
from sim.verify.hand_out import Scene, Waiting
from sim.verify.inconsistent import Inconsistent

if TYPE_CHECKING:
    from sim.engine.floor import Floor
    from sim.engine.ticket import Ticket


def verify_floor(floor: Floor) -> None:
    """Raise Inconsistent if the floor contradicts itself, the log so far or the rules."""
    plan, now = floor.plan, floor.env.now
    scene = Scene(plan)
    scene.now = now
    for person, who in enumerate(plan.people):
        shifts = plan.teams[who.team].shifts
        scene.on_duty[person] = on_at([on for on, _ in shifts], [off for _, off in shifts], now)
    for step, people in _working(floor):
        for person in people:
            scene.hands[person].append(step)
    _check_people(floor, scene)
    queued = _queued(floor)
    for line, tickets in enumerate(queued):
        for waiting, ticket in tickets:
            scene.queues[line].append(waiting)
            if 0 <= ticket.patience <= now - waiting.joined:
                raise Inconsistent(f"at {now}: case {waiting.case} still waits, though its patience is over")
    _check_queues(floor, [[waiting for waiting, _ in tickets] for tickets in queued])
    scene.check_settled(scene.crews)


def _working(floor: Floor) -> list[tuple[int, tuple[int, ...]]]:
    """(step, people) of every case that is being worked on, by the log."""
    log = floor.log
    helpers: dict[int, tuple[int, ...]] = {}
    for row, person in zip(log.helper_rows, log.helpers, strict=True):
        helpers[row] = (*helpers.get(row, ()), person)
    return [
        (step, (log.person[row], *helpers.get(row, ())))
        for row, step in enumerate(log.step)
        if floor.plan.steps[step].verb == WORK and log.began[row] != UNKNOWN and log.left[row] == UNKNOWN
    ]


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
        holders = {person: hands.count(number) for person, hands in enumerate(scene.hands) if number in hands}
        if step.at_once > 1 and floor.holders[number] != holders:
            key = scene.plan.step_key(number)
            raise Inconsistent(f"at {now}: who holds cases of {key}: {floor.holders[number]}, should be {holders}")


def _check_queues(floor: Floor, queues: list[list[Waiting]]) -> None:
    """Who waits by the queues is who waits by the log."""
    log, plan = floor.log, floor.plan
    told: Counter[tuple[int, int, int]] = Counter()
    for row, step in enumerate(log.step):
        if plan.steps[step].verb == WORK and log.outcome[row] == OPEN and log.began[row] == UNKNOWN:
            told[log.case[row], step, log.joined[row]] += 1
    found = Counter((waiting.case, waiting.step, waiting.joined) for queue in queues for waiting in queue)
    if told != found:
        wrong = sorted((told - found) | (found - told))
        raise Inconsistent(f"at {floor.env.now}: (case, step, joined) only in the log or only in the queues: {wrong}")
