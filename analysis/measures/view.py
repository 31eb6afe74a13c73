"""A log with what most measures need worked out once: who waited until when, and what everybody had in hand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.measures.timeline import Ints, Profile, changes, profile
from sim.log import GAVE_UP, Log
from sim.plan import END, PAUSE, WORK
from sim.units import HOUR


class Work(NamedTuple):
    """Who worked on which visit, from when until when (or the end of the run): a row for each person and stretch."""

    row: Ints
    person: Ints
    began: Ints
    left: Ints


class Waits(NamedTuple):
    """From when until when (or the end of the run) visits waited: one row a visit, and one each time it was handed
    back.
    """

    row: Ints
    since: Ints
    until: Ints


@dataclass(frozen=True)
class Course:
    """One person's run as consecutive stretches: from `at[i]` until `at[i + 1]`."""

    at: Ints
    on: NDArray[np.bool_]
    """On shift?"""
    step: Ints
    """The step of the work in hand, or -1."""


class View:
    """A log seen through its measuring window: from the end of the warm-up to the end of the run."""

    def __init__(self, log: Log) -> None:
        self.log, self.plan, self.visits, self.cases = log, log.plan, log.visits, log.cases
        self.start, self.end = log.plan.warm_up, log.plan.runs_for
        v = log.visits
        self.verb = np.array([step.verb for step in self.plan.steps], dtype=np.int64)[v.step]
        self.left = np.where(v.left < 0, self.end, np.minimum(v.left, self.end))
        """When the visit was over, or the end of the run."""
        self.waited_until = np.where(v.began >= 0, np.minimum(v.began, self.end), self.left)
        """When the first wait was over: work began, the case gave up, or the run ended."""
        self.wait_over = (v.began >= 0) | (v.outcome == GAVE_UP)
        """Whether the visit does not wait any more."""
        self.wait_over[self.again.row[self.again.until == self.end]] = False
        self.inside = v.joined >= self.start
        """Visits that count: those that began to queue after the warm-up."""

    @cached_property
    def by_step(self) -> list[Ints]:
        """The rows of each step's visits, in the order of joining."""
        order = np.lexsort((self.visits.joined, self.visits.step))
        edges = np.searchsorted(self.visits.step[order], np.arange(len(self.plan.steps) + 1))
        return [order[a:b] for a, b in pairwise(edges)]

    @cached_property
    def again(self) -> Waits:
        """The further waits of visits that were handed back."""
        row, _, began, left = vars(self.log.stretches).values()
        if not row.size:
            return Waits(row, began, left)
        new = np.append(True, (row[1:] != row[:-1]) | (began[1:] != began[:-1]))
        row, began, left = row[new], began[new], left[new]  # once, where several worked together
        same = np.append(row[1:] == row[:-1], False)
        until = np.where(same, np.append(began[1:], self.end), self.end)
        waits = same | ((left >= 0) & (self.visits.left[row] < 0))
        return Waits(row[waits], left[waits], until[waits])

    @cached_property
    def waited(self) -> Ints:
        """How long each visit waited in all (ms)."""
        total: Ints = self.waited_until - self.visits.joined
        np.add.at(total, self.again.row, self.again.until - self.again.since)
        return total

    @cached_property
    def worked(self) -> Ints:
        """How long each visit was in somebody's hands (ms)."""
        return self.left - self.visits.joined - self.waited

    def waits_of(self, rows: Ints) -> Waits:
        """All waits of some visits."""
        first = Waits(rows, self.visits.joined[rows], self.waited_until[rows])
        if not self.again.row.size:
            return first
        mine = np.isin(self.again.row, rows)
        return Waits(*(np.concatenate((a, b[mine])) for a, b in zip(first, self.again, strict=True)))

    @cached_property
    def queue(self) -> list[Profile]:
        """How many cases wait at each step."""
        return [profile(waits.since, waits.until) for waits in map(self.waits_of, self.by_step)]

    @cached_property
    def schedule(self) -> list[Profile]:
        """Everybody's presence: 1 on shift, 0 off. People with the same calendar share one profile."""
        found: dict[int, Profile] = {}
        for calendar in (calendars := [self.plan.calendar(person) for person in range(len(self.plan.people))]):
            if id(calendar) not in found:
                shifts = np.array(calendar, dtype=np.int64).reshape(-1, 2)
                found[id(calendar)] = profile(shifts[:, 0], shifts[:, 1])
        return [found[id(calendar)] for calendar in calendars]

    @cached_property
    def hands(self) -> Work:
        """Everybody's work on every visit."""
        rows = np.flatnonzero((self.visits.person >= 0) & (self.verb == WORK))
        helped, helpers = self.log.helpers
        row = np.concatenate((rows, helped))
        person = np.concatenate((self.visits.person[rows], helpers)).astype(np.int64)
        told = self.log.stretches
        if not told.row.size:
            return Work(row, person, self.visits.began[row], self.left[row])
        once = ~np.isin(row, told.row)
        row, person = row[once], person[once]
        left = np.where(told.left < 0, self.end, told.left)
        columns = ((row, told.row), (person, told.person), (self.visits.began[row], told.began), (self.left[row], left))
        return Work(*(np.concatenate(column) for column in columns))

    @cached_property
    def people(self) -> list[Course]:
        """Everybody's run in stretches."""
        person = self.hands.person
        order = np.argsort(person, kind="stable")
        edges = np.searchsorted(person[order], np.arange(len(self.plan.people) + 1))
        mine = (order[a:b] for a, b in pairwise(edges))
        return [self._course(p, Work(*(column[own] for column in self.hands))) for p, own in enumerate(mine)]

    def _course(self, person: int, work: Work) -> Course:
        lasts = work.left > work.began  # what took no time leaves no trace in anybody's hands
        rows, began, left = work.row[lasts], work.began[lasts], work.left[lasts]
        schedule, in_hand = self.schedule[person], profile(began, left)
        at = np.unique(np.concatenate(([0], schedule.at, in_hand.at)))
        at = at[at < self.end]
        on, busy = level_at(schedule, at) > 0, level_at(in_hand, at) > 0
        order = np.argsort(began, kind="stable")
        latest = np.searchsorted(began[order], at, side="right") - 1
        steps = self.visits.step[rows][order].astype(np.int64)
        step = np.where(busy & (latest >= 0), steps[np.maximum(latest, 0)] if rows.size else -1, -1)
        return Course(at, on, step)

    @cached_property
    def ended(self) -> tuple[Ints, Ints]:
        """For every case: when it ended (ms; -1 if still open) and the step at which it did (or -1)."""
        rows = np.flatnonzero(self.verb == END)
        at, step = np.full(self.cases.case.size, -1, dtype=np.int64), np.full(self.cases.case.size, -1, dtype=np.int64)
        where = np.searchsorted(self.cases.case, self.visits.case[rows])
        at[where], step[where] = self.visits.left[rows], self.visits.step[rows]
        return at, step

    @cached_property
    def counted(self) -> NDArray[np.bool_]:
        """Cases that count: those that arrived after the warm-up."""
        return self.cases.arrived >= self.start

    @cached_property
    def first_rows(self) -> Ints:
        """The row of each case's first visit (every case that arrived has one)."""
        return np.searchsorted(self.visits.case, self.cases.case)

    @cached_property
    def hours(self) -> Ints:
        """The full hours of the run, from 0 to its end (ms)."""
        return np.arange(0, self.end + 1, HOUR, dtype=np.int64)

    def pausing(self, person: int) -> bool:
        """Whether this person's work rests while off shift."""
        return self.plan.roles[self.plan.people[person].role].at_shift_end == PAUSE


def level_at(count: Profile, instants: Ints) -> Ints:
    """The count at each instant."""
    if not count.at.size:
        return np.zeros(instants.shape, dtype=np.int64)
    i = np.searchsorted(count.at, instants, side="right") - 1
    return np.where(i < 0, 0, count.level[np.maximum(i, 0)])


def stretch_profile(people: list[Course], masks: list[NDArray[np.bool_]], end: int) -> Profile:
    """How many of some people are in a stretch that its mask marks."""
    at, by = [np.array([0, end], dtype=np.int64)], [np.zeros(2, dtype=np.int64)]
    for person, mask in zip(people, masks, strict=True):
        change = np.diff(np.concatenate(([0], mask.astype(np.int64))))
        moved = np.flatnonzero(change)
        at.append(person.at[moved])
        by.append(change[moved])
    return changes(np.concatenate(at), np.concatenate(by))
