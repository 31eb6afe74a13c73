"""The hand-out of sim/rules.py in its plainest form: given who is here, holds what and waits, who may begin?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from sim.intervals import Intervals
from sim.plan import FITS, ONE, Plan
from sim.rules import needed_time, pace_of
from sim.units import NEVER
from sim.verify.inconsistent import Inconsistent


class Waiting(NamedTuple):
    """A case in a queue; in the order in which it is offered people."""

    rank: int
    joined: int
    case: int
    step: int
    takes: int


class Held(NamedTuple):
    """A case in somebody's hands; of several, the largest stands last in the order of the hand-out."""

    rank: int
    joined: int
    case: int
    step: int


class Claim(NamedTuple):
    """How somebody stands among those who may begin a case: the smallest takes it."""

    preference: int
    """The position of the role among those who serve the line."""
    holds: int
    """Cases of this step already in hand."""
    person: int


class Keeping:
    """Who is kept free for a case that needs several: those to whom help can come before they go home."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.together: dict[int, Intervals] = {}
        """By step that needs several, as far as it was asked for: when so many are on shift."""

    def keeps(self, person: int, step: int, now: int) -> bool:
        """Whether somebody who is on shift now is kept for a case of a step that too few can begin."""
        shifts = self.plan.calendar(person)
        ends = shifts[bisect_right(shifts, (now, NEVER)) - 1][1]
        if step not in self.together:
            self.together[step] = self.plan.together(step)
        return any(on < ends and now < off for on, off in self.together[step])


class Scene:
    """A floor at one instant: who is on duty, what they hold, who waits."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.now = 0
        self.on_duty = [False] * len(plan.people)
        self.hands: list[list[Held]] = [[] for _ in plan.people]
        """The cases that each person holds."""
        self.queues: list[list[Waiting]] = [[] for _ in plan.lines]
        """By line, in order."""
        self.staff = [plan.people_of(role) for role in range(len(plan.roles))]
        self.keeping = Keeping(plan)
        self.crews: dict[int, list[int]] = {}
        for number, line in enumerate(plan.lines):
            self.crews.setdefault(line.crew, []).append(number)

    def claims(self, line: int, step: int, takes: int) -> list[Claim]:
        """Who may begin work on a case now, in no particular order."""
        at_once = self.plan.steps[step].at_once
        return [
            Claim(preference, len(self.hands[person]), person)
            for preference, (role, _) in enumerate(self.plan.lines[line].servers)
            for person in self.staff[role]
            if self.on_duty[person]
            and (not self.hands[person] or (len(self.hands[person]) < at_once and self.hands[person][0].step == step))
            and self.may_start(person, line, step, takes)
        ]

    def victims(self, line: int, waiting: Waiting) -> list[tuple[int, Held, int]]:
        """(preference of the role, case, person) of everybody who may be taken from less urgent work for a case."""
        if waiting.rank >= self.plan.interrupting or not self.plan.can_interrupt(waiting.step):
            return []
        return [
            (preference, self.hands[person][0], person)
            for preference, (role, _) in enumerate(self.plan.lines[line].servers)
            for person in self.staff[role]
            if self.on_duty[person]
            and len(self.hands[person]) == 1
            and self.hands[person][0].rank > waiting.rank
            and self.plan.steps[self.hands[person][0].step].at_once == 1
            and self.may_start(person, line, waiting.step, waiting.takes)
        ]

    def may_start(self, person: int, line: int, step: int, takes: int) -> bool:
        """Whether somebody does such work and, under "start only what fits", whether it fits or the shift begins."""
        who = self.plan.people[person]
        efficiency = dict(self.plan.lines[line].servers).get(who.role)
        if efficiency is None or self.plan.roles[who.role].at_shift_end != FITS:
            return efficiency is not None
        slow = ONE + self.plan.steps[step].slower_by * len(self.hands[person])
        needed = needed_time(takes, pace_of(who.speed, efficiency), slow)
        shifts = self.plan.calendar(person)
        on, off = shifts[bisect_right(shifts, (self.now, NEVER)) - 1]
        return self.now + needed <= off or self.now == on

    def is_kept(self, person: int, step: int) -> bool:
        """Whether somebody who is free is kept for a case of a step that needs more than can begin it."""
        return self.keeping.keeps(person, step, self.now)

    def check_settled(self, crews: Iterable[int]) -> None:
        """Raise Inconsistent if somebody who may begin the first case of a queue has not done so."""
        for crew in crews:
            kept, closed = set[int](), set[int]()
            for head, line in sorted(
                (waiting, number) for number in self.crews[crew] for waiting in self.queues[number]
            ):
                if line in closed:
                    continue
                people = {claim.person for claim in self.claims(line, head.step, head.takes)} - kept
                if len(people) >= self.plan.steps[head.step].people:
                    names = ", ".join(self.plan.people[person].name for person in sorted(people))
                    raise Inconsistent(
                        f"case {head.case} waits at {self.plan.step_key(head.step)} at {self.now}, "
                        f"though it could be begun by {names}"
                    )
                if victims := self.victims(line, head):
                    _, held, person = victims[0]
                    raise Inconsistent(
                        f"case {head.case} waits at {self.plan.step_key(head.step)} at {self.now}, "
                        f"though {self.plan.people[person].name} could be taken from case {held.case}"
                    )
                helped = {person for person in people if self.is_kept(person, head.step)}
                kept |= helped
                if helped == people:  # else it is set aside, and who stands behind it is tried
                    closed.add(line)
