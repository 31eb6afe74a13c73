"""Durations as people write them ("1.7 min") and as the program counts them (milliseconds).

Inside, time is whole milliseconds (int) since the scenario's start; the parameters of a distribution are
milliseconds too, but may be fractions. Nothing else in the project converts units of time.
"""

from __future__ import annotations

import math
import re

from sim.faults import shown

MS = {"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000, "day": 86_400_000, "week": 604_800_000}
"""Milliseconds in each unit of time."""

SECOND, MINUTE, HOUR, DAY, WEEK = MS["s"], MS["min"], MS["h"], MS["day"], MS["week"]

MONTH = 2_629_800_000
"""A month of pay: a twelfth of 365.25 days, in ms."""

LONGEST = 3_660 * DAY
"""The longest duration that is believed, ten years in ms: anything above is taken for a slip of the pen."""

NEVER = 2**62
"""An instant (ms) that no run reaches."""

NOT_COME = -NEVER
"""In place of the instant at which a case comes that has not come: who stands there when a run begins came before 0."""

_ALIASES = {
    **{unit: unit for unit in MS},
    "sec": "s", "second": "s", "seconds": "s", "minute": "min", "minutes": "min", "mins": "min",
    "hour": "h", "hours": "h", "d": "day", "days": "day", "weeks": "week", "w": "week",
}  # fmt: skip

DURATION_PATTERN = r"^\s*[0-9]+(\.[0-9]+)?\s*[A-Za-z]+\s*$"
_DURATION = re.compile(r"^\s*(-?[0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]+)\s*$")


def parse_duration(text: object) -> float:
    """Read a duration such as ``"45 s"`` or ``"1.7 min"`` and return milliseconds (0 … ten years).

    Raises ValueError with a sentence for the person who wrote it.

    >>> parse_duration("1.7 min")
    102000.0
    """
    number, unit = number_and_unit(text)
    return number * MS[unit]


def number_and_unit(text: object) -> tuple[float, str]:
    """Read a duration as it is written: its number, and its unit as a key of `MS`. Raises ValueError as
    `parse_duration`.

    >>> number_and_unit("1.7 minutes")
    (1.7, 'min')
    """
    if not isinstance(text, str):
        raise ValueError(f'expected a duration with its unit, such as "45 s" or "2 h"; got {shown(text)}')
    match = _DURATION.match(text)
    if not match:
        raise ValueError(f'{shown(text)} is not a duration; write a number and a unit, such as "45 s" or "2 h"')
    number, unit = float(match[1]), _ALIASES.get(match[2].lower())
    if unit is None:
        raise ValueError(f"{shown(match[2])} is not a unit of time; use one of {', '.join(MS)}")
    if number < 0:
        raise ValueError(f"{shown(text)} is negative; a duration is at least 0")
    if number * MS[unit] > LONGEST or not math.isfinite(number):
        raise ValueError(f"{shown(text)} is longer than ten years")
    return number, unit


def format_duration(ms: float) -> str:
    """Write milliseconds for people: in the largest unit that keeps the number above 1, or the next if only that tells
    them exactly (with two decimals; weeks are whole).

    >>> format_duration(102_000), format_duration(53 * HOUR), format_duration(2 * WEEK), format_duration(0)
    ('1.7 min', '53 h', '2 weeks', '0 s')
    >>> format_duration(MINUTE), format_duration(100_001_234)
    ('1 min', '27.78 h')
    """
    if ms == 0:
        return "0 s"
    able = [unit for unit in ("day", "h", "min", "s") if abs(ms) >= (2 * DAY if unit == "day" else MS[unit])] or ["ms"]
    if ms % WEEK == 0:
        able = ["week"]
    exact = (unit for unit in able[:2] if abs(round(ms / MS[unit], 2) * MS[unit] - ms) < 0.5)
    unit = next(exact, able[0])
    number = f"{ms / MS[unit]:.2f}".rstrip("0").rstrip(".")
    return f"{number} {unit}{'s' if unit in ('day', 'week') and number != '1' else ''}"


def clock(minutes: int) -> str:
    """A time of day from minutes since midnight: 570 → "09:30" (1440 → "24:00")."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
