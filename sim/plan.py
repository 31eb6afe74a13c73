"""The plan: a scenario compiled to a fully explicit, frozen form that engines and draws read.

Every name has become an index, every duration milliseconds, every calendar a list of [on, off) intervals, every
default is spelled out. It holds data only (nothing callable), can be saved and loaded (`save`, `load_plan`),
compared and hashed.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

from pydantic import ValidationError

from sim.distributions import Law
from sim.faults import bad_input
from sim.frozen import LATER, Frozen
from sim.intervals import Intervals, at_least
from sim.language import say
from sim.people import Person, Role, Team
from sim.units import NEVER

FORMAT = 1

WORK, WAIT, COLLECT, BRANCH, START, END = range(6)
VERB_NAMES = ("work", "wait", "collect", "branch", "start", "end")
"""Verb numbers and names, in the order of `sim.scenario.steps.VERBS`."""

TAKING_TIME = (WORK, WAIT, COLLECT)
"""Verbs at which time passes (`Step.takes_time`); the visits of all others begin and leave as they join."""

DECIDING = (BRANCH, START)
"""Verbs that take effect or do not (`Step.decides`)."""

PER_ORDER, PER_LINE, PER_UNIT = range(3)

FINISH, PAUSE, FITS, HAND_OVER = range(4)
SHIFT_ENDS = ("finish", "pause", "start only what fits", "hand over")
"""What happens to work in hand when a shift ends."""

(ALWAYS, OLDER_THAN, VALUE_OVER, LINES_OVER, UNITS_OVER, PRIORITY_IS, GAVE_UP_AT, NOBODY_ON) = range(8)
CAME_BEFORE, BEFORE = 8, 9
CONDITIONS = (
    *("", "older_than", "value_over", "lines_over", "units_over", "priority_is", "gave_up_at", "nobody_on"),
    *("came_before", "before"),
)
"""Condition numbers and names; ALWAYS stands for "no condition"."""

GAVE_UP_BROKEN, GAVE_UP_LEFT_OUT, GAVE_UP_KEPT = range(3)
GAVE_UP_COUNTS = ("broken", "left out", "kept")
"""How a promise counts those who gave up waiting, numbers and names."""

ONE = 1_000_000
"""Speeds, efficiencies and slow-downs are whole millionths, so that no engine ever rounds differently."""


ALL_ALONG = (0, NEVER)
"""The whole run and beyond, as [from, until) in ms."""


class Step(Frozen):
    """One step of a route; steps are numbered through all routes in plan order. -1 means none."""

    name: str
    title: dict[str, str]
    department: str
    route: int
    verb: int
    line: int = -1
    """WORK: the queue it shares with all steps that the same people do."""
    takes: Law | None = None
    """WORK, WAIT: the time needed (ms)."""
    per: int = PER_ORDER
    people: int = 1
    rank: int = -1
    """WORK, COLLECT: the priority rank in which every case queues here; -1: the case's own."""
    patience: Law | None = None
    at_once: int = 1
    slower_by: int = 0
    """In millionths for each further case in hand."""
    goes_to: int = -1
    """BRANCH: where it leads; WORK: where those go who gave up."""
    room: Annotated[int, LATER] = -1
    """WORK: how many have room to wait; -1: all."""
    at_most: int = 0
    """BRANCH: how often a case may be led back; 0 for a way forward."""
    chance: float = 1.0
    condition: int = ALWAYS
    threshold: float = 0.0
    """The number a condition compares with (ms, money, lines, units, rank), or the index of its step or role."""
    hours: Intervals = ()
    """WAIT: the intervals in which time counts; empty: always."""
    departures: tuple[int, ...] = ()
    """COLLECT: instants of departure (ms)."""
    capacity: int = 0
    """COLLECT: cases a departure takes; 0: all."""
    starts_route: int = -1
    after: Law | None = None
    """START: how much later the new case arrives (ms)."""
    outcome: int = -1
    """END: index in `outcomes`."""
    again: bool = False
    """Whether a case can come here more than once."""

    @property
    def takes_time(self) -> bool:
        """Whether time passes at the step; where none does, a visit begins and leaves as it joins."""
        return self.verb in TAKING_TIME

    @property
    def decides(self) -> bool:
        """Whether a visit takes effect or does not (WENT or PASSED), by chance or under a condition."""
        return self.verb in DECIDING


class Line(Frozen):
    """A queue, and who serves it."""

    servers: tuple[tuple[int, int], ...]
    """(role, efficiency in millionths) in order of preference."""
    crew: int
    """Lines that share people, directly or through others, are one crew: they are handed out together."""


class Stream(Frozen):
    """One stream of arrivals and what its cases are like."""

    name: str
    route: int
    rates: tuple[float, ...] = ()
    """Expected arrivals in each hour of the run, before scatter; empty for fixed times."""
    day_scatter: float = 0.0
    hour_scatter: float = 0.0
    times: tuple[int, ...] = ()
    """Fixed instants of arrival (ms), in rising order."""
    group: Annotated[Law | None, LATER] = None
    """How many cases come at each instant; None: one."""
    given: dict[str, tuple[float, ...]] = {}
    """Attributes read from a file, one value an arrival: lines, units, value, priority (as a rank)."""
    lines: Law | None = None
    units: Law | None = None
    value: Law | None = None
    shares: tuple[float, ...] = ()
    """The share of each priority class, most urgent first."""
    at: Annotated[int, LATER] = -1
    """The step at which its cases stand when the run begins; -1: they come, each at its time, to the first step."""
    age: Annotated[Law | None, LATER] = None
    """How long before the run those came who stand there (ms)."""


class Route(Frozen):
    """What happens to one kind of case: the steps from `first` up to (not including) `end`."""

    name: str
    first: int
    end: int


class Promise(Frozen):
    """A service level: the share of a route's cases that reach a point of a step in time."""

    name: str
    route: int
    step: int
    at_begin: bool
    """Whether the step must have begun (else: ended) within the time."""
    since: int
    """The step from whose joining the clock runs; -1: from arrival."""
    within: int
    """The time promised (ms); 0 where `due` says it otherwise."""
    share: float
    arrives: Annotated[tuple[int, int], LATER] = ALL_ALONG
    """Only cases that arrive in [from, until) are meant (ms)."""
    or_at: Annotated[tuple[int, ...], LATER] = ()
    """Further steps: the first of all that a case comes to counts."""
    hours: Annotated[Intervals, LATER] = ()
    """The intervals in which its time is counted; empty: always."""
    gave_up: Annotated[int, LATER] = GAVE_UP_BROKEN
    """How those count who gave up at the step within `early` ms; who gave up later has been let down."""
    early: Annotated[int, LATER] = NEVER

    cut_offs: Annotated[tuple[int, ...], LATER] = ()
    """Of a promise by a timetable: whose clock starts before the first of these that is still to come …"""
    due: Annotated[tuple[int, ...], LATER] = ()
    """… must reach the point at the instant here at the latest; of equal length, rising; () where `within` says it."""

    @property
    def points(self) -> tuple[int, ...]:
        """The steps of which the first that a case comes to counts."""
        return (self.step, *self.or_at)


class Event(Frozen):
    """A dated event, [since, until) in ms within the run. What it does to arrivals is in their rates."""

    name: str
    since: int
    until: int


class Contribution(Frozen):
    """What each case of a route brings that ends with one of some outcomes: share of its value + a fixed sum."""

    route: int
    outcomes: tuple[int, ...]
    share_of_value: float
    per_case: float


class KnownAnswer(Frozen):
    """A figure that theory gives."""

    measure: str
    exact: float
    source: str


class Plan(Frozen):
    """A whole shop, ready to be played."""

    format: int = FORMAT
    title: dict[str, str]
    story: str = ""
    """A few sentences for people: what to notice, what to try."""
    source: str
    """The scenario file it came from, as it was named."""
    starts: str
    """ISO date of the first day."""
    runs_for: int
    warm_up: int
    currency: str
    priorities: tuple[str, ...]
    interrupting: Annotated[int, LATER] = 0
    """How many of them, the most urgent ones, interrupt work on less urgent cases."""
    roles: tuple[Role, ...]
    teams: tuple[Team, ...]
    people: tuple[Person, ...]
    routes: tuple[Route, ...]
    steps: tuple[Step, ...]
    lines: tuple[Line, ...]
    streams: tuple[Stream, ...]
    outcomes: tuple[str, ...]
    promises: tuple[Promise, ...]
    contributions: Annotated[tuple[Contribution, ...], LATER] = ()
    events: Annotated[tuple[Event, ...], LATER] = ()
    known_answers: tuple[KnownAnswer, ...] = ()
    notices: tuple[str, ...] = ()
    """What a reader should know about how the scenario was understood."""

    def save(self, path: str | Path) -> None:
        """Write the plan as JSON."""
        Path(path).write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")

    def digest(self) -> str:
        """A hash of everything that can change a result (not of the title, the story, the file's name or notices)."""
        content: dict[str, Any] = self.model_dump(mode="json", exclude={"title", "story", "source", "notices"})
        _leave_out(self, content)
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]

    def route_steps(self, route: int) -> range:
        """The numbers of a route's steps."""
        return range(self.routes[route].first, self.routes[route].end)

    def headcount(self) -> tuple[int, ...]:
        """How many people each team has."""
        counts = Counter(person.team for person in self.people)
        return tuple(counts[team] for team in range(len(self.teams)))

    def people_of(self, role: int) -> list[int]:
        """The numbers of a role's people."""
        return [number for number, person in enumerate(self.people) if person.role == role]

    def calendar(self, person: int) -> Intervals:
        """When somebody is on shift, [on, off) in ms."""
        who = self.people[person]
        return self.teams[who.team].calendars[who.turn]

    def comings_and_goings(self, team: int) -> list[tuple[int, bool]]:
        """Every instant (ms) at which somebody of a team comes (True) or goes, in order of time."""
        own = {id(each): each for each in (self.calendar(p) for p, who in enumerate(self.people) if who.team == team)}
        spans = [span for each in own.values() for span in each]
        return sorted({(on, True) for on, _ in spans} | {(off, False) for _, off in spans})

    def calendars_of(self, role: int) -> list[Intervals]:
        """The calendars of a role's people, each once."""
        return list({id(each): each for each in map(self.calendar, self.people_of(role))}.values())

    def together(self, step: int) -> Intervals:
        """When as many of those who can do a step are on shift as it needs at the same time."""
        servers = {role for role, _ in self.lines[self.steps[step].line].servers}
        able = (self.calendar(person) for person, who in enumerate(self.people) if who.role in servers)
        return at_least(self.steps[step].people, able)

    def can_interrupt(self, step: int) -> bool:
        """Whether a case may interrupt other work for that of a step: if one person does it who holds nothing else."""
        return self.steps[step].people == self.steps[step].at_once == 1

    def step_key(self, step: int) -> str:
        """How tables and JSON call a step: "route/step"."""
        return f"{self.routes[self.steps[step].route].name}/{self.steps[step].name}"


def _leave_out(part: Frozen, content: dict[str, Any]) -> None:
    """Take what came later, and is not used, out of what is hashed."""
    for name in [name for name in type(part).model_fields if name in content]:
        value, field = getattr(part, name), type(part).model_fields[name]
        if LATER in field.metadata and value == field.default:
            del content[name]
        elif isinstance(value, tuple) and value and isinstance(value[0], Frozen):
            for each, of_each in zip(value, content[name], strict=True):
                _leave_out(each, of_each)
        elif isinstance(value, Frozen):
            _leave_out(value, content[name])


def load_plan(path: str | Path) -> Plan:
    """Read a plan that was saved. Raises BadInput if it is none."""
    try:
        plan = Plan.model_validate_json(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise bad_input(str(path), say("cannot be read: {strerror}", strerror=error.strerror)) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise bad_input(str(path), say("is not a saved plan ({where}: {msg})", where=where, msg=first["msg"])) from None
    if plan.format != FORMAT:
        raise bad_input(
            str(path),
            say(
                "was saved in format {format}; this version of the program reads {FORMAT}",
                format=plan.format,
                FORMAT=FORMAT,
            ),
        )
    from sim.plan_check import contradictions

    if wrong := next(contradictions(plan), None):
        raise bad_input(str(path), say("contradicts itself: {wrong}", wrong=wrong))
    return plan
