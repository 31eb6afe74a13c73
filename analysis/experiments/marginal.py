"""Plus one, minus one: what one person more or fewer in each team would change. Whom to hire first?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.experiments.finding import Drawn, Finding, Told, provenance, title_of
from analysis.experiments.runs import Observed, Setting, observe
from analysis.measures import Key
from analysis.paths import direction
from analysis.result import unit
from analysis.statistics import Estimate, estimate
from analysis.statistics.comparisons import PairedComparison, compare_family
from analysis.words import change as change_in_words
from analysis.words import figure, how_many, measure_title, plain
from sim.faults import bad_input
from sim.plan import Plan
from sim.planning.staffing import has_working_days, headcount, lengthened, staffed
from sim.scenario.fields import in_language
from sim.units import HOUR, WEEK

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
Good = Literal["lower", "higher"]

WAITING = "time of customers"
"""All hours a week that customers' cases spend in the shop."""
COST, BROUGHT, LEFT = (("money", "shop", f"{what}_per_week") for what in ("staff_cost", "contribution", "surplus"))


@dataclass(frozen=True, eq=False)
class Alternative:
    """One team with one person more or fewer, or with an hour a day more or less."""

    team: str
    change: int
    """+1 or -1."""
    what: str
    """"person" or "hour a day"."""
    plan: Plan


@dataclass(frozen=True)
class Effect:
    """What one alternative does to one measure."""

    alternative: Alternative
    measure: str
    unit: str
    base: float
    pair: PairedComparison

    @property
    def difference(self) -> Estimate:
        """Alternative less base."""
        return self.pair.difference


def marginal(plan: Plan, replications: int = 20, setting: Setting | None = None, hours: bool = False) -> Finding:
    """What one person more and one fewer in each team would change; with `hours`, also an hour a day more and less
    (but for those who work round the clock). Raises BadInput where there is no team.
    """
    setting = setting or Setting()
    if not plan.teams:
        raise bad_input("marginal", "nobody works in this scenario: there is no team with one more or one fewer")
    tried = alternatives(plan, hours)
    observed = observe([plan, *(each.plan for each in tried)], range(replications), setting)
    effects = [effect for measure in _measures(observed, plan) for effect in _effects(observed, tried, measure)]
    ranked = ranking(effects, plan.currency)
    return Finding(
        experiment="marginal",
        title=f"One more, one fewer: {title_of(plan)}",
        question="Whom first? What would one person more, or one fewer, in each team change?",
        recommendation=sentences(effects, plan.currency),
        tables=[
            Told("ranking", _caption(plan, hours), ranked, NOTES),
            Told("marginal", "Every effect", _table(effects), ""),
        ],
        pictures=_pictures(effects, plan.currency),
        provenance=provenance(observed, setting),
    )


def _caption(plan: Plan, hours: bool) -> str:
    paid = any(team.pay for team in plan.teams)
    tried = "One person, or one hour a day, more or fewer" if hours else "One person more or fewer"
    return f"{tried}, by the time of customers saved{f' for each {plan.currency}' * paid}"


NOTES = (
    "Time of customers: hours a week that cases of the routes with a promise or a contribution spend in the shop, by "
    "Little's law. Intervals of a column hold all at once with 95 %. A change that is not proven is in brackets."
)


def alternatives(plan: Plan, hours: bool = False) -> list[Alternative]:
    """Every team with one person more and, if it has any, one fewer."""
    found = []
    for number, count in enumerate(headcount(plan)):
        label = team_title(plan, number)
        people = (1, -1) if count else (1,)
        found += [Alternative(label, by, "person", staffed(plan, {number: count + by})) for by in people]
        if hours and count and has_working_days(plan, number):
            longer = ((by, lengthened(plan, number, by * HOUR)) for by in (1, -1))
            found += [Alternative(label, by, "hour a day", each) for by, each in longer]
    return found


def team_title(plan: Plan, team: int) -> str:
    """What people call a team: its role, and its own name where the role has several."""
    group = plan.teams[team]
    role = in_language(plan.roles[group.role].title)
    alone = sum(each.role == group.role for each in plan.teams) == 1
    return role if alone else f"{role}, {plain(group.name)}"


# --- measures ---------------------------------------------------------------------------------------------------


class Measure(NamedTuple):
    """Something that is measured of every alternative."""

    name: str
    unit: str
    good: Good
    of: Callable[[int], Floats]
    """Number of the plan → its value in every replication."""


def _measures(observed: Observed, plan: Plan) -> list[Measure]:
    """Customers' time, money, promises, cycle times and waits, as far as there are any."""
    keys = observed.keys()
    wanted = [key for key in (LEFT, COST, BROUGHT) if key in keys]
    wanted += [key for key in keys if key[0] == "promise" and key[2] in ("share", "days_share")]
    wanted += [key for key in keys if key[0] == "route" and key[2] == "cycle_h"]
    wanted += [key for key in keys if key[0] == "route" and key[2] == "open"]
    wanted += [key for key in keys if key[0] == "role" and key[2] == "wait_min"]
    waiting = Measure(WAITING, "h/week", "lower", lambda number: time_of_customers(observed, plan, number))
    return [waiting, *(_plain_measure(observed, key, plan.currency) for key in wanted)]


def _plain_measure(observed: Observed, key: Key, currency: str) -> Measure:
    good: Good = "higher" if direction(key[2]) == "higher" else "lower"
    return Measure(measure_title(key), unit(*key, currency), good, lambda number: observed.each(number, key))


def time_of_customers(observed: Observed, plan: Plan, number: int) -> Floats:
    """Hours a week that their cases spend in the shop: Little's law, L = λW, with L from the log."""
    routes = {promise.route for promise in plan.promises} | {each.route for each in plan.contributions}
    names = [plan.routes[r].name for r in sorted(routes or range(len(plan.routes)))]
    present = [observed.each(number, ("route", name, "in_progress")) for name in names]
    total: Floats = np.sum(present, axis=0) * (WEEK / HOUR)
    return total


def _effects(observed: Observed, tried: Sequence[Alternative], measure: Measure) -> list[Effect]:
    """The effect of every alternative on one measure, judged as one family."""
    base = measure.of(0)
    if np.isnan(base).all():
        return []
    pairs = compare_family([(measure.of(n), base) for n in range(1, len(tried) + 1)], measure.good)
    mean = estimate(base).mean
    return [Effect(each, measure.name, measure.unit, mean, pair) for each, pair in zip(tried, pairs, strict=True)]


# --- tables and sentences ---------------------------------------------------------------------------------------


def _table(effects: Sequence[Effect]) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {
            "team": each.alternative.team,
            "change": each.alternative.change,
            "of": each.alternative.what,
            "measure": each.measure,
            "unit": each.unit,
            "base": each.base,
            "difference": each.difference.mean,
            "low": each.difference.low,
            "high": each.difference.high,
            "verdict": each.pair.verdict,
            "needed": each.pair.needed,
            "variance_ratio": each.pair.variance_ratio,
            "n": each.difference.n,
        }
        for each in effects
    ]
    return pd.DataFrame(rows).astype({"needed": "Int64"})


def ranking(effects: Sequence[Effect], currency: str) -> pd.DataFrame:
    """A row an alternative, the most customers' time saved per money first: columns change, time saved, cost, hours
    saved per money, surplus, with words where something is not proven.
    """
    import pandas as pd

    waiting = [each for each in effects if each.measure == WAITING]
    waiting.sort(key=lambda e: (-e.alternative.change, -_ratio(e, _of(effects, e.alternative, measure_title(COST)))))
    rows = []
    for each in waiting:
        cost, left = (_of(effects, each.alternative, measure_title(key)) for key in (COST, LEFT))
        row = {"change": named(each.alternative), "time of customers, h/week": _shown(each)}
        if cost is not None:
            more = cost.difference.mean
            row[f"staff cost, {currency}/week"] = change_in_words(more, nan, nan) if abs(more) >= 1e-9 else "0"
            row[f"hours saved per {currency}"] = _per_money(each, cost)
        if left is not None:
            row[f"surplus, {currency}/week"] = _shown(left)
        rows.append(row)
    return pd.DataFrame(rows)


def _of(effects: Sequence[Effect], alternative: Alternative, measure: str) -> Effect | None:
    return next((e for e in effects if e.alternative is alternative and e.measure == measure), None)


def _ratio(waiting: Effect, cost: Effect | None) -> float:
    """Hours saved per money spent; for one person fewer, hours lost per money saved, below 0."""
    saved = -waiting.difference.mean
    if cost is None or abs(cost.difference.mean) < 1e-9:
        return saved
    return saved / abs(cost.difference.mean)


def _per_money(waiting: Effect, cost: Effect) -> str:
    """The ratio in words: in brackets if it is not proven that time is saved or lost."""
    if abs(cost.difference.mean) < 1e-9:
        return "–"
    if waiting.pair.verdict == "the same":
        return "0"
    told = figure(float(f"{_ratio(waiting, cost):.3g}"))
    return told if waiting.pair.verdict in ("better", "worse") else f"[{told}]"


def _shown(effect: Effect) -> str:
    """A change with its interval; in brackets if it is not proven."""
    if effect.pair.verdict == "the same":
        return "0"
    told = change_in_words(effect.difference.mean, effect.difference.low, effect.difference.high)
    return told if effect.pair.verdict in ("better", "worse") else f"[{told}]"


def named(alternative: Alternative) -> str:
    """The alternative in words: "+1 Packer", "−1 h a day: Packer"."""
    sign = "+1" if alternative.change > 0 else "−1"
    return f"{sign} {alternative.team}" if alternative.what == "person" else f"{sign} h a day: {alternative.team}"


def sentences(effects: Sequence[Effect], currency: str) -> list[str]:
    """Whom first, what it brings in money, and who would hardly be missed."""
    waiting = [each for each in effects if each.measure == WAITING]
    more = [each for each in waiting if each.alternative.change > 0 and each.pair.verdict == "better"]
    first = _whom_first(effects, more, currency) if more else _nobody(waiting)
    return [first, *_by_money(effects), *_hardly_missed(effects)]


def _by_money(effects: Sequence[Effect]) -> list[str]:
    """What leaves most of what cases bring, without making anything else worse."""
    left = [each for each in effects if each.measure == measure_title(LEFT)]
    free = [each for each in left if each.pair.verdict == "better" and not _worse(effects, each.alternative)]
    if not left:
        return []
    if not free:
        return ["By money: no change is proven to leave more without making something else worse."]
    best = max(free, key=lambda each: each.difference.mean)
    more = _unsigned(best.difference.mean, best.difference.low, best.difference.high)
    told = (
        f"By money: {named(best.alternative)} leaves {more} {best.unit} more, and nothing that was measured is proven"
    )
    return [f"{told} to become worse (work that is not in the scenario is not counted)."]


def _worse(effects: Sequence[Effect], alternative: Alternative) -> bool:
    """Whether something but money is proven to become worse, or customers' time or work left undone seems to."""
    money = [measure_title(key) for key in (LEFT, COST, BROUGHT)]
    mine = [each for each in effects if each.alternative is alternative and each.measure not in money]
    seems = [e for e in mine if e.measure == WAITING or e.measure.endswith(": open")]
    return any(e.pair.verdict == "worse" for e in mine) or any(e.difference.mean > 0 for e in seems)


def _whom_first(effects: Sequence[Effect], more: Sequence[Effect], currency: str) -> str:
    cost_of = measure_title(COST)
    by_ratio = sorted(more, key=lambda e: -_ratio(e, _of(effects, e.alternative, cost_of)))
    first, cost = by_ratio[0], _of(effects, by_ratio[0].alternative, cost_of)
    saved = _unsigned(-first.difference.mean, -first.difference.high, -first.difference.low)
    sentence = f"First: {named(first.alternative)}. It saves customers {saved} h a week"
    if cost is not None and cost.difference.mean > 0:
        sentence += (
            f" for {cost.difference.mean:,.0f} {currency} a week: {_per_money(first, cost)} h for each {currency}"
        )
    elif cost is not None and cost.difference.mean < 0:
        sentence += f", and {-cost.difference.mean:,.0f} {currency} a week of overtime besides"
    following = [named(each.alternative) for each in by_ratio[1:4]]
    return sentence + (f". Next: {'; '.join(following)}." if following else ".")


def _unsigned(mean: float, low: float, high: float) -> str:
    """What is saved or left, with its interval and without a plus."""
    return change_in_words(mean, low, high).replace("+", "")


def _nobody(waiting: Sequence[Effect]) -> str:
    needed = [e.pair.needed for e in waiting if e.alternative.change > 0 and e.pair.needed and e.difference.mean < 0]
    more = f"; about {how_many(min(needed), 'replication')} would settle the first" if needed else ""
    return f"Not proven for any team that one more person saves customers time{more}."


def _hardly_missed(effects: Sequence[Effect]) -> list[str]:
    """Teams in which one fewer changes nothing at all but money."""
    fewer = dict.fromkeys(each.alternative for each in effects if each.alternative.change < 0)
    money = [measure_title(key) for key in (LEFT, COST, BROUGHT)]
    names = [
        named(alternative)
        for alternative in fewer
        if all(e.pair.verdict == "the same" for e in effects if e.alternative is alternative and e.measure not in money)
    ]
    but = " but money" * any(each.measure in money for each in effects)
    return [f"Nothing that was measured changes{but} with: {'; '.join(names)}."] if names else []


# --- pictures ---------------------------------------------------------------------------------------------------


def _pictures(effects: Sequence[Effect], currency: str) -> list[Drawn]:
    pictures = [
        Drawn("waiting", "Left of the line: customers spend less time in the shop.", _tornado(effects, WAITING))
    ]
    if any(each.measure == measure_title(LEFT) for each in effects):
        caption = f"Right of the line: more is left of what cases bring, in {currency} a week."
        pictures.append(Drawn("money", caption, _tornado(effects, measure_title(LEFT))))
    return pictures


def _tornado(effects: Sequence[Effect], measure: str) -> Callable[[], Figure]:
    def draw() -> Figure:
        import pandas as pd

        from analysis.plots.experiments import marginal as tornado

        mine = [each for each in effects if each.measure == measure and each.alternative.what == "person"]
        rows = [
            {
                "label": each.alternative.team,
                "change": each.alternative.change,
                "mean": each.difference.mean,
                "low": each.difference.low,
                "high": each.difference.high,
            }
            for each in mine
        ]
        return tornado(pd.DataFrame(rows), measure, mine[0].unit)

    return draw
