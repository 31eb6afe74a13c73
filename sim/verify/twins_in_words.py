"""Where two engines part, in words."""

from __future__ import annotations

from collections.abc import Iterator

from sim.log import OUTCOMES, UNKNOWN
from sim.plan import Plan
from sim.units import DAY, MINUTE, clock
from sim.verify.moments import Moment, Person, Row

ENGINES = ("simpy", "fast")
PARTS = {
    "rows": "the log",
    "people": "people",
    "queues": "queues",
    "places": "where cases are",
    "started": "which cases were started",
}
"""Part of a moment → what it is called."""

MOST_LISTED = 40
"""Of a queue, or of cases under way."""


def in_words(plan: Plan, instant: int, rows: tuple[Row | None, Row | None], moments: tuple[Moment, Moment]) -> str:
    """The instant, what differs, the first different row of the log if there is one, and how both engines stand."""
    different = [name for part, name in PARTS.items() if getattr(moments[0], part) != getattr(moments[1], part)]
    lines = [f"The engines part at {when(instant)}, over {', '.join(different)}."]
    if rows != (None, None):
        lines += ["", "the first different row of the log", *_table(plan, rows)]
    lines += ["", f"the shop then ({' | '.join(ENGINES)}, where they differ)", *_shops(plan, moments)]
    return "\n".join(lines)


def when(instant: int) -> str:
    """An instant (ms) for people and for computers; "–" if it has not come.

    >>> when(90_061_001)
    '90061001 ms (day 2, 01:01 + 1.001 s)'
    """
    if instant == UNKNOWN:
        return "–"
    minutes, rest = divmod(instant % DAY, MINUTE)
    return f"{instant} ms (day {instant // DAY + 1}, {clock(minutes)}{f' + {rest / 1000:g} s' if rest else ''})"


def _table(plan: Plan, rows: tuple[Row | None, Row | None]) -> list[str]:
    """The rows side by side, a column of the log a line."""
    told = [_cells(plan, row) for row in rows]
    names = max((cells.keys() for cells in told), key=len)
    lines = [(name, *(cells.get(name, "–") if cells else "no such row" for cells in told)) for name in names]
    width = max(len(one) for _, one, _ in lines)
    marked = [f"  {name:8}  {one:{width}}  {other}{'' if one == other else '  <--'}" for name, one, other in lines]
    return [f"  {'':8}  {ENGINES[0]:{width}}  {ENGINES[1]}", *marked]


def _cells(plan: Plan, row: Row | None) -> dict[str, str]:
    if row is None:
        return {}
    return {
        "step": plan.step_key(row.step),
        "case": str(row.case),
        "visit": str(row.visit),
        "person": " + ".join("–" if p == UNKNOWN else plan.people[p].name for p in row.people),
        "joined": when(row.joined),
        "began": when(row.began),
        "left": when(row.left),
        "outcome": OUTCOMES[row.outcome],
        **({"work": ", ".join(_stretch(plan, *work) for work in row.work)} if row.work else {}),
    }


def _stretch(plan: Plan, person: int, began: int, left: int) -> str:
    return f"{plan.people[person].name} from {when(began)} until {when(left)}"


def _shops(plan: Plan, moments: tuple[Moment, Moment]) -> Iterator[str]:
    """Everybody and every queue; what both engines have is told once."""
    one, other = (dict(_told(plan, moment)) for moment in moments)
    for name, text in one.items():
        yield f"  {name}: {text if text == other[name] else f'{text} | {other[name]}  <--'}"


def _told(plan: Plan, moment: Moment) -> Iterator[tuple[str, str]]:
    for person, stands in zip(plan.people, moment.people, strict=True):
        yield person.name, _stands(stands)
    for line, queue in zip(plan.lines, moment.queues, strict=True):
        who = ", ".join(plan.roles[role].name for role, _ in line.servers)
        yield f"queue for {who}", _listed(plan, queue)
    yield "cases at steps", _listed(plan, sorted(moment.places.items()))
    yield "started since the instant before", ", ".join(f"case {case}" for case, _ in moment.started) or "none"


def _stands(person: Person) -> str:
    here = "on shift" if person.on_shift else "off shift"
    return f"{here}, {'free, ' if person.free else ''}holds {person.in_hand}"


def _listed(plan: Plan, cases: list[tuple[int, int]]) -> str:
    named = [f"case {case} ({plan.step_key(step)})" for case, step in cases[:MOST_LISTED]]
    more = [f"and {len(cases) - MOST_LISTED} more"] if len(cases) > MOST_LISTED else []
    return ", ".join(named + more) or "none"
