"""The verbs: what a step of a route can do. A page each: meaning, fields, timing.

The vocabulary is closed and holds no expressions. A new behaviour is a new verb here, one marked block in each
engine (`engine/journey.py`, `fast/journey.py`), one line in `plan.py` and one test file `tests/verbs/test_<verb>.py`:
docs/engines.md tells it stage by stage.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from sim.faults import shown
from sim.scenario.distributions import Times
from sim.scenario.fields import Chance, Duration, Name, Number, Table, Title
from sim.scenario.hours import TimeOfDay, Week


def _as_list(value: object) -> object:
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        raise ValueError(f"expected the name of a role, or a list of names; got {shown(value)}")
    return value


class _Step(Table):
    name: Name
    """What the step is called; unique on its route."""
    title: Title | None = None
    """The words shown to people, if they differ from the name; one text or one per language."""


_Roles = Annotated[list[Name], Field(min_length=1)]


class Work(_Step):
    """One person (or several) spends time on the case; until somebody is free it queues.

    Timing: the case joins the queue; when the instant is quiet, free people are handed out by (priority, time joined,
    case number); the work lasts the drawn time divided by the person's speed and efficiency, rounded to the
    millisecond.
    """

    do: Literal["work"]
    by: Annotated[_Roles, BeforeValidator(_as_list, json_schema_input_type=Name | _Roles)]
    """Who does it: a role, or several in order of preference (the first with somebody free takes it)."""
    takes: Times
    """How long it takes at speed 1."""
    per: Literal["order", "line", "unit"] = "order"
    """Whether `takes` is drawn once for the order, or once for each of its lines or units and added up."""
    people: Annotated[int, Field(ge=1, le=20)] = 1
    """How many people it needs at the same time (1 … 20); the slowest of them sets the pace."""
    priority: str | None = None
    """The priority class in which it queues here (default: the case's own)."""
    patience: Times | None = None
    """How long the case waits before it gives up; without it, for ever."""
    room: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    """How many cases have room to wait here; who finds none gives up at once (0 … 1,000,000; without it, all have)."""
    gives_up_to: str | None = None
    """The later step to which a case goes that gave up."""
    at_once: Annotated[int, Field(ge=1, le=50)] = 1
    """How many of these cases one person can hold at once (chat; 1 … 50)."""
    slower_by: Annotated[float, Field(ge=0, le=10)] = 0.0
    """By what share each further case in hand makes a case longer, counted when it begins (0 … 10)."""

    @model_validator(mode="after")
    def _belong_together(self) -> Self:
        if (self.patience is None and self.room is None) != (self.gives_up_to is None):
            raise ValueError("gives_up_to belongs to patience or room: say it with them, and only with them")
        if self.people > 1 and self.at_once > 1:
            raise ValueError("people and at_once cannot both be above 1")
        if self.slower_by and self.at_once == 1:
            raise ValueError("slower_by needs at_once above 1")
        if len(set(self.by)) < len(self.by):
            raise ValueError("by names a role twice")
        return self


class Wait(_Step):
    """Time passes and nobody is needed: transit, a carrier's handling, a cooling-off time.

    Timing: ends `takes` after it began; with `in_hours`, only the minutes inside those hours count.
    """

    do: Literal["wait"]
    takes: Times
    """How long it lasts."""
    in_hours: str | None = None
    """The hours (from `[hours]`) in which time counts; without it, round the clock."""


class Collect(_Step):
    """The case waits for the next departure of a timetable: a carrier's pick-up, a daily run to the bank.

    Timing: whatever stands there when the instant of departure is quiet goes along, in the order (priority, time
    joined, case number) as far as there is room; what joins at that very instant still goes.
    """

    do: Literal["collect"]
    departs: (
        Annotated[Week, Field(description='Times of day by weekday: { "Mon-Sat" = ["17:00", "21:00"] }')] | None
    ) = None
    """Departures by day of the week."""
    every: Duration | None = None
    """Or: a departure every so often, from the start of the run."""
    capacity: Annotated[int, Field(ge=1)] | None = None
    """How many cases one departure takes (without it: all)."""

    @model_validator(mode="after")
    def _one_timetable(self) -> Self:
        if (self.departs is None) == (self.every is None):
            raise ValueError("give either departs or every")
        if self.every is not None and self.every < 1000:
            raise ValueError("every must be at least 1 s")
        return self


class Condition(Table):
    """A named condition; exactly one of its keys."""

    older_than: Duration | None = None
    """The case has been in the shop for longer than this."""
    value_over: Number | None = None
    """The order is worth more than this (in the scenario's currency)."""
    lines_over: Number | None = None
    """The order has more lines than this."""
    units_over: Number | None = None
    """The order has more units than this."""
    priority_is: str | None = None
    """The case is of this priority class."""
    gave_up_at: str | None = None
    """The case gave up waiting at this (earlier) step."""
    nobody_on: str | None = None
    """Nobody of this role is on shift at this moment."""
    came_before: TimeOfDay | None = None
    """The case arrived before this time of day, such as "12:00"."""
    before: TimeOfDay | None = None
    """It is before this time of day now."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"give exactly one condition ({', '.join(Condition.model_fields)})")
        return self


class _Perhaps(_Step):
    chance: Chance | None = None
    """With this probability (0 … 1) …"""
    when: Condition | None = None
    """… or under this condition."""


class Branch(_Perhaps):
    """The case goes elsewhere, by chance or under a named condition; else on to the next step.

    Timing: takes no time. Backwards only with `at_most`: after that many returns the case goes on whatever the luck.
    """

    do: Literal["branch"]
    goes_to: str
    """The step of this route to which it goes."""
    at_most: Annotated[int, Field(ge=1, le=100)] | None = None
    """For a way back: how many times at most (1 … 100)."""

    @model_validator(mode="after")
    def _one_reason(self) -> Self:
        if (self.chance is None) == (self.when is None):
            raise ValueError("give either chance or when")
        return self


class Start(_Perhaps):
    """A new case begins on another route, linked to this one: a contact, a return. This case goes on at once.

    Timing: the new case arrives `after` this moment (at once without it). Only the first pass of a case counts: when
    it passes again, nothing is started. The new case carries the lines, units, value and priority of the one that
    started it.
    """

    do: Literal["start"]
    route: str
    """The route of the new case."""
    after: Times | None = None
    """How much later it arrives."""

    @model_validator(mode="after")
    def _one_reason(self) -> Self:
        if self.chance is not None and self.when is not None:
            raise ValueError("give chance or when, not both")
        return self


class End(_Step):
    """The case is over.

    Timing: takes no time; the cycle time of the case ends here.
    """

    do: Literal["end"]
    outcome: Name | None = None
    """What became of it, for the tables (default: the step's name)."""


Step = Annotated[Work | Wait | Collect | Branch | Start | End, Field(discriminator="do")]
"""Any step; its verb `do` says which."""

VERBS: dict[str, type[_Step]] = {
    "work": Work,
    "wait": Wait,
    "collect": Collect,
    "branch": Branch,
    "start": Start,
    "end": End,
}
"""The vocabulary, in the order in which the engines treat it."""

TAKING_TIME = ("work", "wait", "collect")
"""The verbs at which time passes; a plan knows them by number."""
