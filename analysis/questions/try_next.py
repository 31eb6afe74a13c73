"""What to try next, tried: the few likeliest single changes of a shop, played on the same luck as the run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import nan

from analysis.answers.answer import KEPT as SURELY
from analysis.answers.answer import verdict
from analysis.answers.bottlenecks import Bottleneck, bottlenecks
from analysis.answers.mind import PRICE_OF_HOURS, unpriced_hours
from analysis.answers.words import change as change_in_words
from analysis.answers.words import measure_title
from analysis.questions.marginal import KEPT, alternatives, effects_of
from analysis.questions.teams import team_paths, team_title
from analysis.questions.whom_first import COST, LEFT, MONEY, WAITING, Alternative, Effect, effect_on, named
from analysis.runs.known import Known
from analysis.runs.observe import Setting, observe
from analysis.runs.result import Result
from sim.language import say
from sim.plan import WORK, Plan

MOST_TRIED, MOST_RUNS = 4, 20
"""Changes that are tried, and runs of each."""

LOOKED_AT = 3
"""Bottlenecks that are looked at."""

NOTICEABLE = 0.3
"""A cause of at least this share of a delay is worth a try."""

IDLE = 0.5
"""A team that is busy for less than this share of its hours may have one person too many."""

HANDS, HOURS = ("busy_same", "busy_other", "too_few"), ("night", "resting", "held_back")


def try_next(result: Result, scenario: str, setting: Setting | None = None) -> str:
    """A sentence: the best of a few single changes with what it does and the command that looks closer, or that none of
    them is proven to help; "" where there is nobody to add or to take away.
    """
    plan = result.plan
    tried = likeliest(result)
    if not tried or result.replications < 2:
        return ""
    setting = setting or Setting(seed=result.seed)
    runs = range(min(result.replications, MOST_RUNS))
    observed = observe([plan, *(each.plan for each in tried)], runs, setting)
    known = None if result.plain else Known(plan, lambda key: observed.each(0, key))
    effects = effects_of(observed, tried, plan, known)
    listed = "; ".join(map(named, tried))
    best = _best(effects, tried)
    if best is None:
        return say(
            "Tried on the same luck: {listed}; none is proven to help without harm. Look wider: marginal {scenario}",
            listed=listed,
            scenario=scenario,
        )
    does, closer = _does(effects, best, plan), _command(plan, best, scenario)
    return say(
        "Try {named}: {does}. (Tried: {listed}.) {closer}", named=named(best), does=does, listed=listed, closer=closer
    )


def likeliest(result: Result) -> list[Alternative]:
    """The changes worth trying: a person or an hour more where cases are held, one fewer where people are idle."""
    plan = result.plan
    found, endangered = bottlenecks(result), _endangered(result)
    first = [each for each in found if each.route in endangered][:LOOKED_AT]
    wanted = dict.fromkeys([*_where_held(result, first), *_where_held(result, found[:LOOKED_AT]), *_where_idle(result)])
    able = {(each.team, each.change, each.what): each for each in alternatives(plan, hours=True)}
    return [able[each] for each in wanted if each in able][:MOST_TRIED]


def _endangered(result: Result) -> set[str]:
    """The routes of promises that are not surely kept."""
    promises = [(each, result.get("promise", each.name, "share")) for each in result.plan.promises]
    return {result.plan.routes[each.route].name for each, share in promises if verdict(share, each.share) != SURELY}


Wanted = tuple[str, int, str]
"""(team, change, what), as in an alternative."""


def _where_held(result: Result, found: Sequence[Bottleneck]) -> Iterator[Wanted]:
    plan = result.plan
    for each in found:
        step = plan.steps[each.number]
        if step.verb != WORK:
            continue
        team = _largest_team(plan, plan.lines[step.line].servers[0][0])
        total = each.lost_h_per_week.mean
        for causes, what in ((HANDS, "person"), (HOURS, "hour a day")):
            if team >= 0 and sum(each.causes[cause].mean for cause in causes) >= NOTICEABLE * total:
                yield team_title(plan, team), 1, what


def _where_idle(result: Result) -> Iterator[Wanted]:
    """The idlest team of several people."""
    plan, counts = result.plan, result.plan.headcount()
    busy = {
        number: result.get("team", f"{plan.roles[team.role].name}/{team.name}", "utilisation").mean
        for number, team in enumerate(plan.teams)
        if counts[number] > 1
    }
    idle = [number for number, share in busy.items() if share < IDLE]
    if idle:
        yield team_title(plan, min(idle, key=lambda number: busy[number])), -1, "person"


def _largest_team(plan: Plan, role: int) -> int:
    """The team of a role with most people; -1 if it has none."""
    counts = plan.headcount()
    teams = [number for number, team in enumerate(plan.teams) if team.role == role and counts[number]]
    return max(teams, key=lambda number: counts[number], default=-1)


def _best(effects: Sequence[Effect], tried: Sequence[Alternative]) -> Alternative | None:
    """Of those that are proven to help: first what does most for a promise, then for money, then for customers' time;
    nothing that is proven to harm.
    """
    free = [each for each in tried if not _harms(effects, each)]
    for measure in (KEPT, measure_title(LEFT), WAITING):
        found = [e for e in effects if e.measure.startswith(measure) and e.alternative in free]
        proven = [each for each in found if each.pair.verdict == "better"]
        if proven:
            return max(proven, key=lambda each: abs(each.difference.mean)).alternative
    return None


def _harms(effects: Sequence[Effect], alternative: Alternative) -> bool:
    """Whether something but money is proven to become worse."""
    mine = (e for e in effects if e.alternative is alternative and e.measure not in MONEY)
    return any(each.pair.verdict == "worse" for each in mine)


def _does(effects: Sequence[Effect], alternative: Alternative, plan: Plan) -> str:
    """What it does to promises, customers' time and money, as far as that is proven."""
    promises = [e for e in effects if e.measure.startswith(KEPT) and e.alternative is alternative]
    told = [f"{e.measure} {_points(e)}" for e in promises if e.pair.verdict == "better"]
    waiting = effect_on(effects, alternative, WAITING)
    if waiting is not None and waiting.pair.verdict == "better":
        told.append(say("customers spend {change} h a week less in the shop", change=_change(waiting, -1)))
    if unpriced_hours(plan, [alternative.plan]):
        return "; ".join(
            [*told, say("what that costs is not known ({PRICE_OF_HOURS})", PRICE_OF_HOURS=say(PRICE_OF_HOURS))]
        )
    currency = plan.currency
    cost, left = (effect_on(effects, alternative, measure_title(key)) for key in (COST, LEFT))
    if cost is not None:
        told.append(
            say(
                "staff cost {change_in_words} {currency} a week",
                change_in_words=change_in_words(cost.difference.mean, nan, nan),
                currency=currency,
            )
        )
    if left is not None and left.pair.verdict in ("better", "worse"):
        told.append(say("what is left {change} {currency} a week", change=_change(left), currency=currency))
    return "; ".join(told)


def _change(effect: Effect, sign: int = 1) -> str:
    found = effect.difference
    ends = sorted((sign * found.low, sign * found.high))
    told = change_in_words(sign * found.mean, *ends)
    return told.replace("+", "") if sign < 0 else told


def _points(effect: Effect) -> str:
    found = effect.difference
    return say(
        "{change_in_words} points", change_in_words=change_in_words(100 * found.mean, 100 * found.low, 100 * found.high)
    )


def _command(plan: Plan, best: Alternative, scenario: str) -> str:
    """The command that looks closer at it."""
    if best.what != "person":
        return say("Look closer: marginal {scenario} --hours", scenario=scenario)
    number = next(n for n in range(len(plan.teams)) if team_title(plan, n) == best.team)
    role, _, team = team_paths(plan)[number].partition("/")
    path = f"roles.{role}.people" if not team else f"roles.{role}.teams.{team}.people"
    return say(
        "Look closer: compare {scenario} --with {path}={headcount}",
        scenario=scenario,
        path=path,
        headcount=plan.headcount()[number] + best.change,
    )
