"""Real orders from a CSV file: when they came and what each is like; a row is an order, or an item of one."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from sim.faults import BadInput
from sim.language import counted, say
from sim.planning.items import Items, items_of
from sim.reading.csv_files import Table, read_table
from sim.reading.moments import Written
from sim.reading.source import Source
from sim.scenario.demand import Arrivals

BOUNDS = {"lines": (1, 1_000_000), "units": (1, 1_000_000), "value": (0, 1e12)}
"""The least and the most of each attribute of an order."""

_LIKE_A_NUMBER = re.compile(r"order|bestell|auftrag|number|^name$|\b(no|nr|id)\b|#|订单|单号", re.IGNORECASE)
"""How the column is called that holds the number of an order."""


def orders_of(source: Source, name: str, arrivals: Arrivals, notices: list[str]) -> dict[str, Any]:
    """The `times` (ms since the start of the run) and `given` attributes of a stream that comes from a file."""
    loc = ("arrivals", name)
    path = source.resolve(arrivals.file or "", *loc, "file")
    columns = arrivals.columns.model_dump(exclude_none=True) if arrivals.columns else {}
    number, time = columns.pop("order", None), arrivals.time_column or ""
    wanted = list(dict.fromkeys([time, *columns.values(), *([number] if number else [])]))
    table = read_table(path, wanted, like=None if number else _LIKE_A_NUMBER)
    instants, given = _read(source, arrivals, table, columns, number)
    if hint := _repeats(table, time, wanted):
        table.notices.append(f"{path.name}: {hint}")
        if any("" in table.columns[column] for column in columns.values()):
            table.faults.add(1, hint)
    table.finish()
    notices += table.notices
    keep = [i for i, t in enumerate(instants) if 0 <= t < source.scenario.runs_for]
    if not keep:
        raise BadInput(
            [
                source.fault(
                    say(
                        "none of the {instants} orders of {name} lies within the run",
                        instants=len(instants),
                        name=path.name,
                    ),
                    *loc,
                    "file",
                )
            ]
        )
    if len(keep) < len(instants):
        notices.append(
            say(
                "{name}: {keep} of {instants} orders lie within the run; the others are left out",
                name=path.name,
                keep=len(keep),
                instants=len(instants),
            )
        )
    return {
        "times": tuple(instants[i] for i in keep),
        "given": {key: tuple(values[i] for i in keep) for key, values in given.items()},
    }


def _read(
    source: Source, arrivals: Arrivals, table: Table, columns: dict[str, str], number: str | None
) -> tuple[list[int], dict[str, list[float]]]:
    """Of each order: when it came (ms) and its attributes. What is wrong with rows are faults of the table."""
    scenario, time = source.scenario, arrivals.time_column or ""
    items = items_of(table, number, time) if number else None
    written = Written(scenario.time_zone, arrivals.date_order, arrivals.time_of_day)
    start = dt.datetime.combine(scenario.starts, dt.time())
    instants = [(moment - start) // dt.timedelta(milliseconds=1) for moment in table.instants(time, written)]
    if table.faults:
        return [], {}
    if items is not None:
        items = items_of(table, number or "", time)
    given = {key: _given(source, arrivals, key, table, column, items) for key, column in columns.items()}
    if items is None:
        return instants, given
    items.tell(instants)
    return [instants[rows[0]] for rows in items.orders], {"lines": [float(len(r)) for r in items.orders], **given}


def _given(source: Source, arrivals: Arrivals, key: str, table: Table, column: str, items: Items | None) -> list[float]:
    if key == "priority":
        classes = source.scenario.classes()
        return items.choices(column, classes) if items else table.choices(column, classes)
    least, most = BOUNDS[key]
    whole = key != "value"
    if items:
        return items.amounts(column, least, most, added=whole, whole=whole, decimal=arrivals.decimal)
    return table.numbers(column, least, most, whole=whole, decimal=arrivals.decimal)


def _repeats(table: Table, time: str, wanted: list[str]) -> str | None:
    """The sentence about a column in which numbers come several times, always at one time: rows may be items."""
    for name in (name for name in table.columns if name not in wanted):
        when: dict[str, str] = {}
        numbers = zip(table.columns[name], table.columns[time], strict=True)
        filled = [(number, moment) for number, moment in numbers if number.strip()]
        if all(when.setdefault(number, moment) == moment for number, moment in filled) and len(when) < len(filled):
            return say(
                "each row is read as an order, but {number} repeat the {name} and the time of another; if rows "
                'are items, say columns = {{ order = "{name}" }}',
                number=counted(len(filled) - len(when), "row"),
                name=name,
            )
    return None
