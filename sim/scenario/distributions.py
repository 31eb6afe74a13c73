"""Every distribution a scenario may name: how it is written and what it means.

A distribution is written as `{ family = { parameters } }` with named parameters, or as a plain value for a constant.
It becomes a :class:`~sim.distributions.Law`. Gamma, lognormal, Weibull and normal stand in shaped.py.
"""

from __future__ import annotations

from typing import Annotated, Any, Generic, Self

from pydantic import BeforeValidator, Field, model_validator

from sim.distributions import Law, empirical_law
from sim.faults import shown
from sim.language import say
from sim.scenario.fields import Duration, Number
from sim.scenario.shaped import Gamma, Lognormal, Normal, Parameters, Q, Weibull


class Constant(Parameters[Q], Generic[Q]):
    """Always the same value."""

    value: Q
    """The value."""

    def law(self) -> Law:
        return Law(family="constant", scale=self.value)


class Uniform(Parameters[Q], Generic[Q]):
    """Anything from `low` to `high`, all alike."""

    low: Q
    """The smallest value."""
    high: Q
    """The largest value; at least `low`."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.high:
            raise ValueError("low must not exceed high")
        return self

    def law(self) -> Law:
        return Law(family="uniform", scale=self.high - self.low, shift=self.low)


class Triangular(Parameters[Q], Generic[Q]):
    """From `low` to `high`, most often near `mode`."""

    low: Q
    """The smallest value."""
    mode: Q
    """The most frequent value."""
    high: Q
    """The largest value."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.mode <= self.high:
            raise ValueError("low, mode and high must come in this order")
        return self

    def law(self) -> Law:
        width = self.high - self.low
        if width == 0:
            return Law(family="constant", scale=self.low)
        return Law(family="triangular", shape=((self.mode - self.low) / width,), scale=width, shift=self.low)


class Exponential(Parameters[Q], Generic[Q]):
    """Many short, few long, without memory; known by its mean alone."""

    mean: Q
    """The mean."""

    def law(self) -> Law:
        return Law(family="exponential", scale=self.mean)


class Erlang(Parameters[Q], Generic[Q]):
    """The sum of `phases` (1 … 1000) equal exponential parts."""

    mean: Q
    """The mean of the whole."""
    phases: Annotated[int, Field(ge=1, le=1000)]
    """How many parts (1 … 1000)."""

    def law(self) -> Law:
        return Law(family="gamma", shape=(float(self.phases),), scale=self.mean)


class Empirical(Parameters[Q], Generic[Q]):
    """Values as they were observed: a list (with `weights`, else all alike), or a column of a CSV file."""

    values: list[Q] | None = None
    """The values."""
    weights: list[Number] | None = None
    """How often each of them came; only their proportions count."""
    file: str | None = None
    """Or: a CSV file with a header …"""
    column: str | None = None
    """… and its column that holds the values."""
    unit: str | None = None
    """For a column of times: the unit of its numbers (`s`, `min` …)."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.values is None) == (self.file is None) or (self.file is None) != (self.column is None):
            raise ValueError("give either values, or file and column")
        if self.values is not None and not self.values:
            raise ValueError("values is empty")
        if self.weights is not None:
            if self.values is None or len(self.weights) != len(self.values):
                raise ValueError("weights must be as many as values")
            if not sum(self.weights) > 0:
                raise ValueError("the weights add up to 0")
        return self

    def law(self) -> Law:
        return empirical_law(list(self.values or ()), self.weights)


class Distribution(Parameters[Q], Generic[Q]):
    """Exactly one family with its parameters, such as `{ gamma = { mean = "45 s", cv = 0.6 } }`; a plain value is a
    constant.
    """

    constant: Constant[Q] | None = None
    uniform: Uniform[Q] | None = None
    triangular: Triangular[Q] | None = None
    exponential: Exponential[Q] | None = None
    erlang: Erlang[Q] | None = None
    gamma: Gamma[Q] | None = None
    lognormal: Lognormal[Q] | None = None
    weibull: Weibull[Q] | None = None
    normal: Normal[Q] | None = None
    empirical: Empirical[Q] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            families = ", ".join(Distribution.model_fields)
            raise ValueError(f"give exactly one distribution ({families}); here are {len(self.model_fields_set)}")
        return self

    @property
    def family(self) -> Any:
        """The one family that was given."""
        return getattr(self, next(iter(self.model_fields_set)))

    def law(self) -> Law:
        """The distribution with its parameters worked out (an empirical one of a file: see reading.py)."""
        return self.family.law()  # type: ignore[no-any-return]  # every family's law() returns a Law


def _plain_is_constant(value: Any) -> Any:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return {"constant": {"value": value}}
    if not isinstance(value, (dict, Distribution)):
        message = say("expected a value, or a distribution such as { gamma = { mean = …, cv = … } }")
        raise ValueError(f"{message}; got {shown(value)}")
    return value


_OfTimes = Distribution[Duration]
_OfAmounts = Distribution[Number]

Times = Annotated[_OfTimes, BeforeValidator(_plain_is_constant, json_schema_input_type=_OfTimes | Duration)]
"""A distribution of durations."""
Amounts = Annotated[_OfAmounts, BeforeValidator(_plain_is_constant, json_schema_input_type=_OfAmounts | Number)]
"""A distribution of plain numbers."""
