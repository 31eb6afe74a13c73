"""Who works in a plan: roles, teams with their hours and pay, persons."""

from __future__ import annotations

from typing import Annotated

from sim.frozen import LATER, Frozen
from sim.intervals import Intervals


class Role(Frozen):
    """People who do the same work under the same terms."""

    name: str
    title: dict[str, str]
    department: str
    at_shift_end: int
    """FINISH, PAUSE, FITS or HAND_OVER."""


class Pay(Frozen):
    """What each person of a team costs, on-costs included, in the plan's currency."""

    per_hour: float
    """For each hour on shift."""
    per_month: float
    """For each month (`sim.units.MONTH`) of employment."""
    for_hours: Annotated[bool, LATER] = False
    """Whether a month's pay is for stated hours, and in proportion to those that are worked."""
    per_overtime_hour: float
    employed: tuple[int, int]
    """From when to when they are employed within the run, [from, until) in ms."""


class Team(Frozen):
    """People of one role with the same hours."""

    name: str
    role: int
    shifts: Intervals
    """When they are on shift, [on, off) in ms; of a rota: when any of them may be."""
    pay: Annotated[Pay | None, LATER] = None
    """None where the scenario does not say it."""
    rota: Annotated[tuple[Intervals, ...], LATER] = ()
    """When those are on shift who begin at different points of a rota, by turn: the i-th person has the i-th, and after
    the last comes the first again. Empty where all have the same hours."""
    repeats: Annotated[int, LATER] = 0
    """After how many days a rota begins again; 0 for a week's hours."""

    @property
    def calendars(self) -> tuple[Intervals, ...]:
        """The different hours of its people."""
        return self.rota or (self.shifts,)

    def turn(self, number: int) -> int:
        """Which of them the n-th person has, from 0."""
        return number % len(self.calendars)


class Person(Frozen):
    """One person; people are numbered in plan order, and that is the order in which they are handed work."""

    name: str
    role: int
    team: int
    speed: int
    """In millionths of the norm."""
    turn: Annotated[int, LATER] = 0
    """Which calendar of the team's rota is theirs."""


def person_name(role: str, number: int) -> str:
    """What the n-th person of a role is called, from 1: "packer 1", "packer 2" …"""
    return f"{role} {number}"
