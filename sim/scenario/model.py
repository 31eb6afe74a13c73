"""A scenario file from top to bottom: one shop under one set of assumptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from sim.scenario.countries import TimeZone
from sim.scenario.demand import AlreadyThere, Arrivals, Priority, Promise
from sim.scenario.fields import Duration, Name, PromiseName, Table, Title
from sim.scenario.hours import Hours
from sim.scenario.money import Contribution
from sim.scenario.people import Role
from sim.scenario.places import Place
from sim.scenario.steps import End, Step

CURRENCY_PATTERN = "^[A-Z]{3}$"


_STANDARD: Any = ["standard"]  # as a file would write it


class Block(Table):
    """The steps that a case meets in one department."""

    department: Name = "shop"
    """The department whose steps these are."""
    steps: Annotated[list[Step], Field(min_length=1)]
    """The steps, in the order in which a case meets them."""


class KnownAnswer(Table):
    """A figure that theory gives exactly for this scenario; tests and `verification.py` hold the program to it."""

    measure: str
    """Where the figure stands in the result, such as "steps.customer/serve.wait_min"."""
    exact: float
    """The exact value, in the unit of the measure."""
    source: str
    """Where it comes from: formula and book."""


class Scenario(Table):
    """One shop under one set of assumptions."""

    format: Literal[1]
    """The version of this format; 1."""
    title: Title
    """What the scenario is about, in a line."""
    story: str | None = None
    """A few sentences: what to notice, what to try."""
    starts: dt.date
    """The first day; the run begins at its 00:00."""
    runs_for: Duration
    """How long the run is, warm-up included."""
    warm_up: Duration = 0.0
    """How much of its beginning is left out of every figure (a shop that opens empty is not yet itself)."""
    time_zone: TimeZone | None = None
    """Where the shop's clocks are, such as "Europe/Berlin": needed for files whose times have an offset, and
    for places with clocks of their own.
    """
    currency: Annotated[str, Field(pattern=CURRENCY_PATTERN)] = "CNY"
    """Currency of every value and of all pay, as three letters."""
    priorities: Annotated[list[Priority], Field(min_length=1, max_length=20, validate_default=True)] = _STANDARD
    """The priority classes, most urgent first: names, or { name = "express", interrupts = true }."""
    hours: Annotated[dict[Name, Hours], Field(min_length=1)]
    """Working calendars by name."""
    places: dict[Name, Place] = {}
    """Where teams sit who do not sit where the shop's clocks are, by name."""
    roles: dict[Name, Role] = {}
    """Who works here, by role."""
    arrivals: Annotated[dict[Name, Arrivals], Field(min_length=1)]
    """Streams of cases by name."""
    already_there: dict[Name, AlreadyThere] = {}
    """Cases that are in the shop when the run begins, by names of your own."""
    route: Annotated[dict[Name, Annotated[list[Block], Field(min_length=1)]], Field(min_length=1)]
    """What happens to each kind of case, department by department."""
    promises: dict[PromiseName, Promise] = {}
    """Service levels by name."""
    contribution: dict[Name, Contribution] = {}
    """What the cases of a route bring when they end, by the name of the route."""
    known_answers: list[KnownAnswer] = []
    """Figures that theory gives for this scenario."""

    def steps(self) -> Iterator[tuple[str, Step]]:
        """Every step with the name of its route, in plan order."""
        for route, blocks in self.route.items():
            yield from ((route, step) for block in blocks for step in block.steps)

    def classes(self) -> list[str]:
        """The names of the priority classes, most urgent first."""
        return [each.name for each in self.priorities]

    def outcomes(self, of: str | None = None) -> tuple[str, ...]:
        """Every outcome that an end step names, of one route or of all, in plan order."""
        ends = (step for route, step in self.steps() if isinstance(step, End) and of in (None, route))
        return tuple(dict.fromkeys(step.outcome or step.name for step in ends))
