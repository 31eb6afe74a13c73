"""Roles and their teams, as a scenario file states them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from sim.faults import shown
from sim.limits import MOST_PEOPLE
from sim.scenario.fields import Name, Table, Title
from sim.scenario.money import Pay
from sim.scenario.rotas import MOST_DAYS

Speed = Annotated[float, Field(ge=0.05, le=10)]
"""Work done per hour against the norm: 1 is the norm, 0.5 takes twice as long (0.05 … 10)."""


Turn = Annotated[int, Field(ge=1, le=MOST_DAYS)]
"""A week of a rota of weeks, or a day of a cycle, from 1."""


def _as_list(value: object) -> object:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return [value]
    if not isinstance(value, list):
        raise ValueError(f"expected a number, or a list with one for each person; got {shown(value)}")
    return value


class Team(Table):
    """Some people of one role who work the same hours."""

    people: Annotated[int, Field(ge=0, le=MOST_PEOPLE)]
    """How many they are (0 … 10000)."""
    hours: str
    """Their hours, a name from `[hours]`."""
    name: Name | None = None
    """What to call the team where its hours are not name enough."""
    place: str | None = None
    """Where they sit, a name from `[places]` (default: where the shop's clocks are)."""
    rota_from: (
        Annotated[list[Turn], Field(min_length=1), BeforeValidator(_as_list, json_schema_input_type=Turn | list[Turn])]
        | None
    ) = None
    """Where in a rota each person begins: the week, or the day of the cycle, from 1; after the last of a list comes the
    first again (default: all at its beginning).
    """
    first_day: Annotated[dt.date | None, Field(alias="from")] = None
    """Their first day at work (default: there from the start)."""
    last_day: Annotated[dt.date | None, Field(alias="until")] = None
    """Their last day at work (default: there to the end)."""
    speed: Annotated[list[Speed], BeforeValidator(_as_list, json_schema_input_type=Speed | list[Speed])] | None = None
    """One speed for all, or a list with one for each person (default 1)."""
    pay: Pay | None = None
    """What each of them costs, if it is otherwise than the role says; it takes the place of the whole."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.speed is not None and len(self.speed) not in (1, self.people):
            raise ValueError(f"speed lists {len(self.speed)} people, the team has {self.people}")
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValueError(f"the team leaves ({self.last_day}) before it comes ({self.first_day})")
        return self

    @property
    def label(self) -> str:
        """The name by which the team is addressed."""
        return self.name or self.hours


class Role(Table):
    """People who do the same work under the same terms."""

    title: Title | None = None
    """The words shown to people (default: the role's name)."""
    department: Name = "shop"
    """The department they belong to."""
    people: Annotated[int, Field(ge=0, le=MOST_PEOPLE)] | None = None
    """Short for a single team: how many …"""
    hours: str | None = None
    """… and their hours."""
    teams: list[Team] | None = None
    """Or: several teams."""
    at_shift_end: Literal["finish", "pause", "start only what fits", "hand over"] = "finish"
    """What happens to work in hand: it is finished in overtime; it is put down and resumed by the same person next
    shift; only what fits before the end of the shift is begun; or it goes back to its old place in the queue, and
    whoever takes it goes on with what is left. A break counts as an end of shift."""
    also_does: dict[str, Annotated[float, Field(ge=0.05, le=1)]] = {}
    """Other roles whose work they may do when those are busy or away, and at what efficiency (0.05 … 1)."""
    pay: Pay | None = None
    """What each person costs (default: not known, and left out of every sum)."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.people is None) != (self.hours is None):
            raise ValueError("people and hours belong together: give both, or teams")
        if (self.people is None) == (self.teams is None):
            raise ValueError("say who works here: either people and hours, or teams")
        labels = [team.label for team in self.crew]
        twice = next((label for label in labels if labels.count(label) > 1), None)
        if twice:
            raise ValueError(f"two teams are called {shown(twice)}; give one of them a name")
        return self

    @property
    def crew(self) -> list[Team]:
        """The teams, whichever way they were written."""
        if self.teams is not None:
            return self.teams
        return [Team(people=self.people or 0, hours=self.hours or "")]
