"""What people are paid and what cases bring, as a scenario file states them."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from sim.faults import shown
from sim.scenario.fields import Table

Wage = Annotated[float, Field(ge=0, le=1e9)]


class Pay(Table):
    """What one person costs, in the scenario's currency.

    Exactly one of per_hour and per_month says what they are paid.
    """

    per_hour: Wage | None = None
    """Paid for every hour on shift (breaks are not paid)."""
    per_month: Wage | None = None
    """Paid for every month (365.25 / 12 days) from the first to the last day at work."""
    hours_per_week: Annotated[float, Field(gt=0, le=168)] | None = None
    """For how many hours a week the month's pay is: those whose calendar has more or fewer are paid in proportion.
    Without it the month's pay is the same whatever the hours, and what longer hours cost is not known."""
    on_costs: Annotated[float, Field(ge=0, le=2)] = 0.0
    """What the employer pays on top, as a share of all pay, overtime included: social insurance, housing fund
    (0.35 is 35 %)."""
    overtime: Annotated[float, Field(ge=0, le=10)] = 1.0
    """What an hour of overtime is paid, in hours' pay: 1.5 is half as much again, 0 is nothing. An hour's pay of those
    paid by the month is the month's / the hours that it is for (hours_per_week, else those of their working calendar)
    in a month without holidays."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.per_hour is None) == (self.per_month is None):
            raise ValueError("say what they are paid: either per_hour or per_month")
        if self.hours_per_week is not None and self.per_month is None:
            raise ValueError("hours_per_week says for how many hours per_month is; per_hour needs no such word")
        return self


class Contribution(Table):
    """What each case of a route brings when it ends, in the scenario's currency: what is left of its value after all
    that it costs itself (goods, commission, postage). At least one of share_of_value and per_case.
    """

    share_of_value: Annotated[float, Field(ge=-1, le=1)] | None = None
    """This share of what the case is worth (-1 … 1; below 0 it is lost, as when a return is refunded)."""
    per_case: Annotated[float, Field(ge=-1e9, le=1e9)] | None = None
    """The same for every case, on top of it (below 0: what each costs)."""
    outcomes: Annotated[list[str], Field(min_length=1)] | None = None
    """Only cases that end with one of these outcomes (default: every case that ends)."""

    @model_validator(mode="after")
    def _brings_something(self) -> Self:
        if self.share_of_value is None and self.per_case is None:
            raise ValueError("say what a case brings: share_of_value, per_case or both")
        twice = next((each for each in self.outcomes or () if (self.outcomes or ()).count(each) > 1), None)
        if twice is not None:
            raise ValueError(f"the outcome {shown(twice)} stands here twice")
        return self
