"""Pay and contributions, with everything resolved to sums per hour, per month and per case."""

from __future__ import annotations

from sim.people import Pay
from sim.plan import Contribution
from sim.planning.calendars import weekly_time
from sim.scenario.model import Scenario
from sim.scenario.people import Role, Team
from sim.units import DAY, HOUR, MONTH, WEEK


def pay_of(scenario: Scenario, role: Role, team: Team) -> Pay | None:
    """What each person of a team costs; None where nothing is said of it."""
    said = team.pay or role.pay
    if said is None:
        return None
    loaded = 1 + said.on_costs
    worked = weekly_time(scenario.hours[team.hours]) / HOUR
    agreed = worked if said.hours_per_week is None else said.hours_per_week
    per_month = (said.per_month or 0.0) * (1.0 if said.hours_per_week is None else worked / agreed)
    an_hour = said.per_hour
    if an_hour is None:
        hours = agreed * (MONTH / WEEK)
        an_hour = (said.per_month or 0.0) / hours if hours else 0.0  # who is never on shift has no overtime either
    return Pay(
        per_hour=(said.per_hour or 0.0) * loaded,
        per_month=per_month * loaded,
        for_hours=said.hours_per_week is not None,
        per_overtime_hour=an_hour * said.overtime * loaded,
        employed=_employed(scenario, team),
    )


def _employed(scenario: Scenario, team: Team) -> tuple[int, int]:
    """From the first day's 00:00 to the last day's 24:00, within the run."""
    starts, runs_for = scenario.starts, int(scenario.runs_for)
    begin = (team.first_day - starts).days * DAY if team.first_day else 0
    end = ((team.last_day - starts).days + 1) * DAY if team.last_day else runs_for
    return min(max(begin, 0), runs_for), min(max(end, 0), runs_for)


def contributions_of(scenario: Scenario, routes: list[str], outcomes: tuple[str, ...]) -> tuple[Contribution, ...]:
    """What the cases of each route bring, in the order of the file."""
    return tuple(
        Contribution(
            route=routes.index(route),
            outcomes=tuple(outcomes.index(outcome) for outcome in brings.outcomes or scenario.outcomes(route)),
            share_of_value=brings.share_of_value or 0.0,
            per_case=brings.per_case or 0.0,
        )
        for route, brings in scenario.contribution.items()
    )
