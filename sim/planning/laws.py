"""Distributions of the scenario → laws of the plan; observed values are read from their files here."""

from __future__ import annotations

from typing import Any

from sim.distributions import Law, empirical_law
from sim.faults import BadInput, shown
from sim.language import say
from sim.reading.csv_files import read_table
from sim.reading.source import Source
from sim.scenario.distributions import Distribution, Empirical
from sim.units import LONGEST, MS


def amount_or_time(source: Source, given: Distribution[Any], loc: tuple[str | int, ...], *, time: bool) -> Law:
    """The law of a distribution; `time` says whether its values are times (ms) or plain amounts. Raises BadInput."""
    family = given.family
    if not isinstance(family, Empirical):
        return given.law()
    loc = (*loc, "empirical")
    if (family.unit is not None) != (time and family.file is not None):
        needed = (
            say("say its unit ({listed})", listed=", ".join(MS))
            if time and family.file
            else say("unit is for a column of times in a file")
        )
        raise BadInput([source.fault(needed, *loc)])
    if family.file is None or family.column is None:
        return given.law()
    if family.unit is not None and family.unit not in MS:
        raise BadInput(
            [
                source.fault(
                    say(
                        "{unit} is not a unit of time; use one of {listed}",
                        unit=shown(family.unit),
                        listed=", ".join(MS),
                    ),
                    *loc,
                    "unit",
                )
            ]
        )
    table = read_table(source.resolve(family.file, *loc, "file"), [family.column])
    unit = MS[family.unit] if family.unit is not None else 1
    values = table.numbers(family.column, 0, LONGEST / unit if time else 1e12)
    table.finish()
    return empirical_law([value * unit for value in values])
