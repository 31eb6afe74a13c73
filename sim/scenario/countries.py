"""Public holidays by country or state, and time zones: words whose meaning lies in tables of the world."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from sim.faults import nearest, shown


def read_holidays(value: Any) -> str:
    """A country code such as "CN", or a state's, such as "DE-BY". Raises ValueError with the nearest one."""
    import holidays

    known = holidays.list_supported_countries()
    country, dash, state = value.partition("-") if isinstance(value, str) else ("", "", "")
    if country not in known:
        hint = nearest(country, known) if country else ""
        raise ValueError(f"{shown(value)} is not a country code such as CN or GB, or a state's such as DE-BY{hint}")
    if dash and state not in known[country]:
        states = [f"{country}-{each}" for each in known[country]]
        raise ValueError(f"{shown(value)}: no such state of {country} is known{nearest(str(value), states)}")
    return str(value)


Holidays = Annotated[
    str, BeforeValidator(read_holidays), WithJsonSchema({"type": "string", "examples": ["CN", "DE-BY"]})
]
"""The code of a country, or of a state, whose public holidays are known."""


def public_holidays(code: str, years: range) -> Any:
    """The holidays of a code that `read_holidays` accepted, by date."""
    import holidays

    country, _, state = code.partition("-")
    return holidays.country_holidays(country, subdiv=state or None, years=years)


def read_zone(value: Any) -> str:
    """The name of a time zone. Raises ValueError with the nearest one."""
    import zoneinfo

    known = zoneinfo.available_timezones()
    if not known:
        raise ValueError("this machine has no table of time zones; install the Python package tzdata")
    if value not in known:
        hint = nearest(value, known) if isinstance(value, str) else ""
        raise ValueError(f'expected a time zone such as "Europe/Berlin" or "Asia/Shanghai"; got {shown(value)}{hint}')
    return str(value)


TimeZone = Annotated[
    str, BeforeValidator(read_zone), WithJsonSchema({"type": "string", "examples": ["Europe/Berlin", "Asia/Shanghai"]})
]
"""The name of a time zone in the IANA's table."""
