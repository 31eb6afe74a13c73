"""Rotas: hours that repeat over several weeks, or over a cycle of days."""

from __future__ import annotations

from functools import partial
from typing import Any

from sim.faults import nearest, shown
from sim.language import say
from sim.scenario.calendar_tables import (
    BESIDE_SHIFTS,
    DAY_MINUTES,
    WEEK_DAYS,
    Reader,
    read_date,
    read_span,
    refuse_overlaps,
)

ROTAS = ("weeks", "cycle")
"""The two ways in which a rota is written."""

BESIDE_ROTA = (*BESIDE_SHIFTS, "starts")

MOST_DAYS = 364
"""How long a rota can be: a year of weeks."""

EXAMPLE = '{ days = 6, on = 4, shift = "07:00-19:00" }'

Shifts = list[tuple[int, int]]


def is_rota(data: dict[str, Any]) -> bool:
    """Whether a table of hours is one of a rota."""
    return any(key in data for key in ROTAS)


def read_rota(reader: Reader) -> dict[str, Any]:
    """`{ weeks = [{ "Mon-Fri" = […] }, …] }` or `{ cycle = { days = 6, on = 4, shift = "…" } }`, and `starts` beside
    it: the fields of the hours that it is.
    """
    known = (*ROTAS, *BESIDE_ROTA)
    for key in [key for key in reader.data if key not in known]:
        message = say(
            "the days of a rota stand in its weeks or its cycle; {key} is beside them{nearest}",
            key=shown(key),
            nearest=nearest(key, known),
        )
        reader.refuse(message, key, value=reader.data[key])
    if all(key in reader.data for key in ROTAS):
        reader.refuse(say("a rota has weeks or a cycle, not both"), "cycle", value=reader.data["cycle"])
    days, shifts = _weeks(reader) if "weeks" in reader.data else _cycle(reader)
    refuse_overlaps(shifts, reader, days)
    turn = WEEK_DAYS if "weeks" in reader.data else 1
    return {"shifts": tuple(shifts), "days": days, "turn": turn, "since": reader.single("starts", read_date)}


def _weeks(reader: Reader) -> tuple[int, Shifts]:
    """How many days the weeks have, and the shifts of all, in minutes since the first Monday."""
    weeks, shifts = reader.items("weeks"), Shifts()
    if not 1 <= len(weeks) <= MOST_DAYS // WEEK_DAYS:
        reader.refuse(
            say("expected 1 … {MOST_DAYS} weeks; got {weeks}", MOST_DAYS=MOST_DAYS // WEEK_DAYS, weeks=len(weeks)),
            "weeks",
        )
    for number, data in weeks:
        week = Reader(data, say('a week, such as { "Mon-Fri" = ["06:00-14:00"] }'), "weeks", number)
        found = [((number * WEEK_DAYS + day) * DAY_MINUTES, span) for day, span in week.weekly(read_span, ())]
        shifts += [(begin + on, begin + off) for begin, (on, off) in found]
        reader.faults += week.faults
    return len(weeks) * WEEK_DAYS, sorted(shifts)


def _cycle(reader: Reader) -> tuple[int, Shifts]:
    """How many days the cycle has, and its shifts, in minutes since it begins."""
    keys = ("days", "on", "shift")
    cycle = Reader(reader.data["cycle"], say("a cycle, such as {EXAMPLE}", EXAMPLE=EXAMPLE), "cycle")
    for key in [key for key in cycle.data if key not in keys]:
        cycle.refuse(
            say("unknown key {key}{nearest}", key=shown(key), nearest=nearest(key, keys)), key, value=cycle.data[key]
        )
    for key in [key for key in keys if key not in cycle.data and isinstance(reader.data["cycle"], dict)]:
        cycle.refuse(say("a cycle says its {key}, such as {EXAMPLE}", key=key, EXAMPLE=EXAMPLE))
    days = cycle.single("days", partial(_whole, most=MOST_DAYS))
    on = cycle.single("on", partial(_whole, most=days or MOST_DAYS))
    span = cycle.single("shift", read_span)
    reader.faults += cycle.faults
    if days is None or on is None or span is None:
        return WEEK_DAYS, []
    return days, [(day * DAY_MINUTES + span[0], day * DAY_MINUTES + span[1]) for day in range(on)]


def _whole(value: Any, most: int) -> int:
    if type(value) is not int or not 1 <= value <= most:
        raise ValueError(f"expected a whole number of days, 1 … {most}; got {shown(value)}")
    return value
