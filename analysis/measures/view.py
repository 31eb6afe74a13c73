"""A log with what most measures need worked out once: who waited until when, and what everybody had in hand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analysis.measures.timeline import Ints, Profile, changes, profile
from sim.log import GAVE_UP, Log
from sim.plan import END, PAUSE, WORK
from sim.units import HOUR


@dataclass(frozen=True)
class Stretches:
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
        """When waiting was over: work began, the case gave up, or the run ended."""
        self.wait_over = (v.began >= 0) | (v.outcome == GAVE_UP)
        self.inside = v.joined >= self.start
        """Visits that count: those that began to queue after the warm-up."""

    @cached_property
    def by_step(self) -> list[Ints]:
        """The rows of each step's visits, in the order of joining."""
        order = np.lexsort((self.visits.joined, self.visits.step))
        edges = np.searchsorted(self.visits.step[order], np.arange(len(self.plan.steps) + 1))
        return [order[a:b] for a, b in pairwise(edges)]

    @cached_property
    def queue(self) -> list[Profile]:
        """How many cases wait at each step."""
        return [profile(self.visits.joined[rows], self.waited_until[rows]) for rows in self.by_step]

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
    def hands(self) -> tuple[Ints, Ints]:
        """(visit row, person) of everybody who worked on a visit."""
        rows = np.flatnonzero((self.visits.person >= 0) & (self.verb == WORK))
        helped, helpers = self.log.helpers
        return np.concatenate((rows, helped)), np.concatenate((self.visits.person[rows], helpers)).astype(np.int64)

    @cached_property
    def people(self) -> list[Stretches]:
        """Everybody's run in stretches."""
        rows, person = self.hands
        order = np.argsort(person, kind="stable")
        edges = np.searchsorted(person[order], np.arange(len(self.plan.people) + 1))
        return [self._stretches(p, rows[order[edges[p] : edges[p + 1]]]) for p in range(len(self.plan.people))]

    def _stretches(self, person: int, rows: Ints) -> Stretches:
        rows = rows[self.left[rows] > self.visits.began[rows]]  # what took no time leaves no trace in anybody's hands
        began, left = self.visits.began[rows], self.left[rows]
        schedule, in_hand = self.schedule[person], profile(began, left)
        at = np.unique(np.concatenate(([0], schedule.at, in_hand.at)))
        at = at[at < self.end]
        on, busy = level_at(schedule, at) > 0, level_at(in_hand, at) > 0
        order = np.argsort(began, kind="stable")
        latest = np.searchsorted(began[order], at, side="right") - 1
        steps = self.visits.step[rows][order].astype(np.int64)
        step = np.where(busy & (latest >= 0), steps[np.maximum(latest, 0)] if rows.size else -1, -1)
        return Stretches(at, on, step)

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


def stretch_profile(people: list[Stretches], masks: list[NDArray[np.bool_]], end: int) -> Profile:
    """How many of some people are in a stretch that its mask marks."""
    at, by = [np.array([0, end], dtype=np.int64)], [np.zeros(2, dtype=np.int64)]
    for person, mask in zip(people, masks, strict=True):
        change = np.diff(np.concatenate(([0], mask.astype(np.int64))))
        moved = np.flatnonzero(change)
        at.append(person.at[moved])
        by.append(change[moved])
    return changes(np.concatenate(at), np.concatenate(by))
