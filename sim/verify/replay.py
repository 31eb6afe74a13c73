"""A log replayed instant by instant: no case waits that somebody may begin; the most preferred begins it; who is kept
for a case that needs several begins no other.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from itertools import groupby
from typing import NamedTuple

from sim.log import SERVED
from sim.plan import WORK, Plan
from sim.verify.durations import handed_back, left_of_work
from sim.verify.hand_out import Claim, Held, Scene, Waiting
from sim.verify.hands import InHand
from sim.verify.seen import Row, Seen, Stretch

_COMES, _GOES = range(2)
_JOINS, _ENDS_WAIT, _BEGINS, _IS_DONE = range(4)


class _Event(NamedTuple):
    """Something that happens to a visit."""

    row: Row
    wait: int
    """Which of the times it waits, or of its stretches of work."""


_Happening = tuple[int, int, int | _Event]
"""(instant, what, person or visit)"""


def check_hand_out(seen: Seen, in_hand: InHand) -> None:
    """Raise Inconsistent if, at the end of an instant, a case waits that somebody may begin; if a case was begun by one
    person, or gave up at once, while a more preferred one was free all that instant; or if somebody began it who was
    kept for another.
    """
    replay = _Replay(seen, in_hand)
    happenings = sorted([*_shift_changes(seen.plan), *_visits(seen)], key=lambda happening: happening[0])
    for now, together in groupby(happenings, key=lambda happening: happening[0]):
        if now >= seen.plan.runs_for:
            return
        replay.play(now, list(together))


def _shift_changes(plan: Plan) -> list[_Happening]:
    """(instant, _COMES or _GOES, person) of everybody who serves a queue."""
    serving = {role for line in plan.lines for role, _ in line.servers}
    return [
        (instant, change, number)
        for number, person in enumerate(plan.people)
        if person.role in serving
        for shift in plan.calendar(number)
        for change, instant in enumerate(shift)
    ]


def _visits(seen: Seen) -> list[_Happening]:
    """(instant, what, visit): when cases queue and when they are in hand."""
    found: list[_Happening] = []
    for row in (row for row in seen.rows if seen.plan.steps[row.step].verb == WORK):
        for number, (joined, until) in enumerate(row.waits):
            found += [(joined, _JOINS, _Event(row, number)), (until, _ENDS_WAIT, _Event(row, number))]
        for number, stretch in enumerate(row.stretches):
            found += [(stretch.began, _BEGINS, _Event(row, number)), (stretch.left, _IS_DONE, _Event(row, number))]
    return found


def _taken_from(seen: Seen) -> dict[tuple[int, int], Row]:
    """(instant, person) → the visit whose work was in their hands until then, and not until it was over."""
    return {
        (stretch.left, person): row
        for row in seen.rows
        for number, stretch in enumerate(row.stretches)
        if seen.plan.steps[row.step].verb == WORK
        and stretch.left < handed_back(seen, stretch)
        and not (row.outcome == SERVED and number == len(row.stretches) - 1)
        for person in stretch.people
    }


class _Replay:
    """The scene as it is after each instant."""

    def __init__(self, seen: Seen, in_hand: InHand) -> None:
        self.seen, self.in_hand, self.scene = seen, in_hand, Scene(seen.plan)
        self.crew_of_role = {role: line.crew for line in seen.plan.lines for role, _ in line.servers}
        self.crew_of_step = [seen.plan.lines[step.line].crew if step.line >= 0 else -1 for step in seen.plan.steps]
        work = [row for row in seen.rows if seen.plan.steps[row.step].verb == WORK]
        self.takes = {row: left_of_work(seen, row, in_hand) for row in work}
        """What each visit needs each time it waits."""
        self.begun = Counter((s.began, person) for row in work for s in row.stretches for person in s.people)
        """How many cases each person began at each instant."""
        self.taken_from = _taken_from(seen) if seen.plan.interrupting else {}
        self.helped = {self.crew_of_step[n] for n, step in enumerate(seen.plan.steps) if step.people > 1}
        """Crews in which free people may be kept for a case that needs several."""

    def play(self, now: int, happenings: list[_Happening]) -> None:
        """One instant."""
        self.scene.now = now
        crews, moved = set[int](), set[int]()
        queued: dict[int, set[_Event]] = defaultdict(set)
        for _, what, who in happenings:
            if isinstance(who, _Event):
                self._change(what, who)
                crews.add(self.crew_of_step[who.row.step])
                if what in (_BEGINS, _IS_DONE):
                    moved.update(who.row.stretches[who.wait].people)
                else:
                    queued[self.seen.plan.steps[who.row.step].line].add(who)
            else:
                self.scene.on_duty[who] = what == _COMES
                if what == _COMES:
                    crews.add(self.crew_of_role[self.seen.plan.people[who].role])
                    moved.add(who)
        self.scene.check_settled(crews)
        self._check_choices(queued, moved)

    def _check_choices(self, queued: dict[int, set[_Event]], moved: set[int]) -> None:
        """Who began the cases that came to queues or left them at this instant; people who did not move were free, or
        not free, all the time.
        """
        for line, waits in queued.items():
            for row, wait in waits:
                begun = next((stretch for stretch in row.stretches[wait:] if stretch.began == self.scene.now), None)
                if begun is not None:
                    self._check_taken(row, begun, wait, moved)
                if self.seen.plan.lines[line].crew in self.helped:
                    if begun is not None:
                        self._check_kept(row, begun, queued)
                elif begun is not None:
                    self._check_preference(row, begun, wait, moved)
                elif row.joined == row.left and len(waits) == 1 and not self.scene.queues[line]:
                    self._check_offer(row, moved)

    def _change(self, what: int, event: _Event) -> None:
        """Queue and hands after a change; what lasts no time leaves no trace in them."""
        row, wait = event
        scene, line = self.scene, self.seen.plan.steps[row.step].line
        if what in (_JOINS, _ENDS_WAIT):
            joined, until = row.waits[wait]
            waiting, queue = Waiting(*self.seen.key(row), row.step, self.takes[row][wait]), scene.queues[line]
            if joined < until and what == _JOINS:
                insort(queue, waiting)
            elif joined < until:
                del queue[bisect_left(queue, waiting)]
            return
        stretch = row.stretches[wait]
        if stretch.began < stretch.left:
            for person in stretch.people:
                held = Held(*self.seen.key(row), row.step)
                scene.hands[person].append(held) if what == _BEGINS else scene.hands[person].remove(held)

    def _check_preference(self, row: Row, begun: Stretch, wait: int, moved: set[int]) -> None:
        """Nobody who was free for it is more preferred than who began it."""
        plan, person = self.seen.plan, begun.people[0]
        servers = [role for role, _ in plan.lines[plan.steps[row.step].line].servers]
        held = self.in_hand.get((row, begun), (0, 0))[0]
        chosen = Claim(servers.index(plan.people[person].role), held, person)
        for claim in self._claims(row, wait, moved):
            if claim < chosen:
                better = plan.people[claim.person].name
                raise self.seen.fault(row, f"begun by {plan.people[person].name}, though {better} was free for it")

    def _check_taken(self, row: Row, begun: Stretch, wait: int, moved: set[int]) -> None:
        """Who was taken from a less urgent case for it held the one that stands last, in the most preferred role."""
        person, plan = begun.people[0], self.seen.plan
        left = self.taken_from.get((begun.began, person))
        if left is None or self.seen.rank(left) <= self.seen.rank(row):
            return
        if plan.steps[left.step].people > 1 or self.begun[begun.began, person] > 1:
            return  # another of them may have been taken, or to another case, and this one was free for it
        line = plan.steps[row.step].line
        kept = plan.lines[line].crew in self.helped
        if claims := [] if kept else self._claims(row, wait, moved):
            name = plan.people[claims[0].person].name
            raise self.seen.fault(row, f"interrupted case {left.case}, though {name} was free for it")
        preference = [role for role, _ in plan.lines[line].servers].index(plan.people[person].role)
        waiting = Waiting(*self.seen.key(row), row.step, self.takes[row][wait])
        for other, held, who in self.scene.victims(line, waiting):
            if who not in moved and (other < preference or (other == preference and held[:3] > self.seen.key(left))):
                raise self.seen.fault(row, f"interrupted case {left.case} in place of case {held.case}")

    def _check_offer(self, row: Row, moved: set[int]) -> None:
        """Who gave up at once, alone at its queue, was offered to nobody."""
        for claim in self._claims(row, 0, moved):
            raise self.seen.fault(row, f"{self.seen.plan.people[claim.person].name} was free for it")

    def _claims(self, row: Row, wait: int, moved: set[int]) -> list[Claim]:
        line, takes = self.seen.plan.steps[row.step].line, self.takes[row][wait]
        return [claim for claim in self.scene.claims(line, row.step, takes) if claim.person not in moved]

    def _check_kept(self, row: Row, begun: Stretch, queued: dict[int, set[_Event]]) -> None:
        """Nobody begins it who was kept for the first case of a queue where nothing moved, if that stands before it."""
        if self.in_hand.get((row, begun), (0, 0))[1]:
            return
        for line in self.scene.crews[self.crew_of_step[row.step]]:
            queue = self.scene.queues[line]
            if line in queued or not queue or queue[0][:3] > self.seen.key(row):
                continue
            for person in begun.people:
                head = queue[0]
                if (begun.began, person) in self.taken_from:
                    continue
                if self.scene.may_start(person, line, head.step, head.takes) and self.scene.is_kept(person, head.step):
                    name = self.seen.plan.people[person].name
                    raise self.seen.fault(row, f"begun by {name}, who was kept for case {head.case}")
