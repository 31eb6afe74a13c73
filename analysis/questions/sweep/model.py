"""What a design file says: which numbers of a scenario are varied, at which points, and what is measured there."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple, Self

import numpy as np
from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from sim.draws import SEED_MAX
from sim.faults import shown
from sim.scenario.fields import LARGEST, Table, Title
from sim.units import DURATION_PATTERN, MS, number_and_unit


class Amount(NamedTuple):
    """A number of the scenario as it is written: plain (unit ""), or a duration."""

    number: float
    unit: str
    whole: bool = False
    """Whether it is written without a decimal point."""

    def written(self) -> int | float | str:
        """As a scenario file would say it.

        >>> Amount(0.00001, "s").written(), Amount(3, "").written()
        ('0.00001 s', 3)
        """
        return f"{np.format_float_positional(self.number, trim='-')} {self.unit}" if self.unit else self.number

    def within(self, unit: str) -> float:
        """The number in another unit of time."""
        return self.number if unit == self.unit else self.number * MS[self.unit] / MS[unit]


def amount(value: Any) -> Amount:
    """Read a number or a duration. Raises ValueError with a sentence for the person who wrote it.

    >>> amount(3), amount("1.5 min")
    (Amount(number=3, unit='', whole=True), Amount(number=1.5, unit='min', whole=False))
    """
    if isinstance(value, Amount):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(f'expected a number, or a duration such as "90 s"; got {shown(value)}')
    if isinstance(value, str):
        return Amount(*number_and_unit(value))
    if not abs(value) <= LARGEST:
        raise ValueError(f"expected a finite number of a size that is believed (up to 10^12); got {shown(value)}")
    return Amount(value, "", isinstance(value, int))


AMOUNT = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": DURATION_PATTERN}]}
Written = Annotated[Any, BeforeValidator(amount), WithJsonSchema(AMOUNT)]
"""A number, or a duration with its unit: 3, 0.5, "90 s"."""


class Varied(Table):
    """A factor: a number of the scenario that is varied, from one end of a range to the other or over some values."""

    low: Annotated[Written | None, Field(alias="from")] = None
    """The lowest value …"""
    high: Annotated[Written | None, Field(alias="to")] = None
    """… and the highest; both may be reached."""
    values: Annotated[list[Written], Field(min_length=2)] | None = None
    """Or, for a grid: the values themselves."""
    label: str | None = None
    """What people call it (default: the words of its path)."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.low is None) != (self.high is None) or (self.low is None) == (self.values is None):
            raise ValueError('say over what it is varied: either "from" and "to", or "values"')
        amounts = self.amounts()
        if len({each.unit == "" for each in amounts}) > 1:
            raise ValueError("some of these are durations, others plain numbers")
        unit = amounts[0].unit
        if self.values is None and not amounts[0].number < amounts[1].within(unit):
            raise ValueError(f'"from" must lie below "to"; got {_told(amounts[0])} and {_told(amounts[1])}')
        if len({each.within(unit) for each in amounts}) < len(amounts):
            raise ValueError("a value stands here twice")
        return self

    def amounts(self) -> list[Amount]:
        """Both ends, or all values."""
        ends: list[Any] = [self.low, self.high]
        return self.values if self.values is not None else ends


def _told(each: Amount) -> str:
    return f"{each.number:g} {each.unit}".rstrip()


def _values_alone(value: Any) -> Any:
    return {"values": value} if isinstance(value, list) else value


Factor = Annotated[Varied, BeforeValidator(_values_alone)]
"""A factor; a plain list is short for its values."""

Points = Annotated[int, Field(ge=2, le=1_000_000)]


class Grid(Table):
    """Every combination of the factors' values."""

    levels: Annotated[int, Field(ge=2, le=1000)] | None = None
    """How many values a factor has that says from and to (default: all whole numbers; else it must be said)."""


class LatinHypercube(Table):
    """Points spread over all ranges: in each factor one from each of as many equal slices."""

    points: Points
    """How many (2 … 1,000,000)."""


class Sobol(Table):
    """Points that fill the ranges evenly (a scrambled Sobol sequence)."""

    points: Points
    """How many: a power of two."""


class SobolIndices(Table):
    """The design from which Sobol's indices are found: which share of the variance each factor makes."""

    base: Points
    """A power of two, 64 or more to be of use; base × (factors + 2) points are played."""


class Morris(Table):
    """Walks that change a factor at a time: a rough ranking of many factors from few points."""

    walks: Points
    """How many, ten as a rule; walks × (factors + 1) points are played."""


class OwnPoints(Table):
    """Points of one's own; their keys name the factors."""

    points: Annotated[list[dict[str, Written]], Field(min_length=2)] | None = None
    """A table for each point …"""
    file: str | None = None
    """… or a CSV file beside this one: a column a factor, a row a point."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.points is None) == (self.file is None):
            raise ValueError("give either points or a file of them")
        return self


class Kind(Table):
    """How points are chosen; exactly one of its keys."""

    grid: Grid | None = None
    """Every combination."""
    latin_hypercube: LatinHypercube | None = None
    """So many points spread over all ranges: for curves and surfaces."""
    sobol: Sobol | None = None
    """The same from a Sobol sequence."""
    sobol_indices: SobolIndices | None = None
    """Which share of the variance each factor makes, alone and with others (needs SALib)."""
    morris: Morris | None = None
    """A rough ranking of many factors (needs SALib)."""
    table: OwnPoints | None = None
    """Points of one's own."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"give exactly one kind of design ({', '.join(Kind.model_fields)})")
        return self

    @property
    def name(self) -> str:
        """Which of its keys is given."""
        return next(iter(self.model_fields_set))


class Design(Table):
    """A design of an experiment on one scenario."""

    format: Literal[1]
    """The version of this format; 1."""
    title: Title
    """What is to be found out, in a line."""
    scenario: str
    """The scenario file, relative to this one."""
    design: Kind
    """How the points are chosen."""
    seed: Annotated[int, Field(ge=0, le=SEED_MAX)] = 1
    """The luck by which points are chosen; that of the runs is `--seed`."""
    factors: Annotated[dict[str, Factor], WithJsonSchema({"type": "object"})] = {}
    """What is varied, by its path in the scenario."""
    responses: Annotated[list[str], Field(min_length=1)]
    """What is measured, by its path in the result, such as "routes.order.cycle_h"."""
    predict: list[Annotated[dict[str, Written], WithJsonSchema({"type": "object"})]] = []
    """Points at which the fitted surface says what to expect; each states every factor."""
