"""The cheapest headcount that keeps every promise, with a stated probability and confirmed on fresh luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.answers.finding import Drawn, Finding, Told, title_of
from analysis.answers.mind import mind
from analysis.answers.words import in_per_cent, plain
from analysis.measures.load import Staffing
from analysis.measures.money import cost_of_one
from analysis.measures.promises import known_before
from analysis.questions.headcount import (
    CONFIRMED,
    IMPOSSIBLE,
    UNSETTLED,
    Answer,
    Effort,
    Problem,
    cheapest,
    front,
    linear_cost,
    lower_bounds,
)
from analysis.questions.headcount.problem import Floats, Oracle
from analysis.questions.headcount.telling import at_most, hangs_on, left_out, too_few_hands
from analysis.questions.teams import refuse_unknown, team_paths, team_title
from analysis.runs.observe import Setting, observe
from sim.faults import bad_input, nearest, shown
from sim.language import counted, later, say
from sim.limits import MOST_PEOPLE
from sim.log import versions
from sim.plan import Plan
from sim.planning.staffing import staffed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Bounds = Mapping[str, tuple[int, int]]
"""By team, as `team_paths` names it: the fewest and the most people."""


def headcount(
    plan: Plan,
    bounds: Bounds | None = None,
    promises: Sequence[str] = (),
    probability: float = 0.95,
    effort: Effort | None = None,
    setting: Setting | None = None,
) -> Finding:
    """The cheapest staffing with which, for each promise, the promised share is kept on at least `probability` of the
    days. `bounds` (default: every team that a promise depends on, from one person to twice as many as now and two
    more); teams that are not named stay as they are. `promises`: default all. Raises BadInput.
    """
    setting, effort = setting or Setting(), effort or Effort()
    if not 0 < probability < 1:
        raise bad_input("--probability", say("must lie between 0 and 1; got {probability:g}", probability=probability))
    chosen = _promises(plan, promises)
    ends = _bounds(plan, bounds, chosen)
    beyond = [] if promises else _beyond(plan, chosen, _moving(ends))
    chosen = [name for name in chosen if name not in beyond]
    problem = _problem(plan, ends, chosen, probability)
    oracle = _oracle(plan, chosen, replace(setting, name=""), effort)
    answer = cheapest(problem, oracle, effort)
    around = front(answer, oracle) if answer.status == CONFIRMED else None
    return _finding(plan, problem, answer, around, probability, setting, beyond)


# --- the problem ------------------------------------------------------------------------------------------------


def _promises(plan: Plan, wanted: Sequence[str]) -> list[str]:
    known = [promise.name for promise in plan.promises]
    for name in wanted:
        if name not in known:
            raise bad_input(
                "--promise", say('there is no promise "{name}"{nearest}', name=name, nearest=nearest(name, known))
            )
    if not known:
        raise bad_input("headcount", say("the scenario makes no promise, and without one the cheapest is nobody"))
    chosen = list(dict.fromkeys(wanted)) or known
    for promise in plan.promises:
        if promise.name in chosen and known_before(promise, plan.runs_for) <= plan.warm_up:
            raise bad_input(
                "headcount", say('the run ends before a case can be late for "{name}" (runs_for)', name=promise.name)
            )
    return chosen


def _bounds(plan: Plan, wanted: Bounds | None, promises: Sequence[str]) -> tuple[Staffing, Staffing]:
    """The fewest and the most people of every team. Raises BadInput."""
    now, names = plan.headcount(), team_paths(plan)
    for name, (low, high) in (wanted or {}).items():
        refuse_unknown(plan, name)
        if not 0 <= low <= high:
            raise bad_input(
                "--team", say("{name}={low}..{high} holds no number of people", name=name, low=low, high=high)
            )
        if high > MOST_PEOPLE:
            raise bad_input(
                "--team",
                say(
                    "{name}: a team has at most {MOST_PEOPLE:,} people; got {high}",
                    name=name,
                    MOST_PEOPLE=MOST_PEOPLE,
                    high=shown(high),
                ),
            )
    if wanted is None:
        mine = _teams_that_matter(plan, promises)
        wanted = {name: (1, 2 * n + 2) for t, (name, n) in enumerate(zip(names, now, strict=True)) if t in mine}
    ends = [wanted.get(name, (n, n)) for name, n in zip(names, now, strict=True)]
    return tuple(low for low, _ in ends), tuple(high for _, high in ends)


def _teams_that_matter(plan: Plan, promises: Sequence[str]) -> set[int]:
    """Teams whose role is the first asked at a step of a route about which something is promised."""
    routes = {promise.route for promise in plan.promises if promise.name in promises}
    lines = {step.line for step in plan.steps if step.route in routes and step.line >= 0}
    roles = {role for line in lines for role, _ in plan.lines[line].servers[:1]}
    return {number for number, team in enumerate(plan.teams) if team.role in roles}


def _beyond(plan: Plan, promises: Sequence[str], moving: Sequence[int]) -> list[str]:
    """Promises that hang on none of the teams that may change: nobody of theirs, nor anybody who works beside them, has
    a hand in such cases. Those would break, or not, whatever is tried. None where that holds for all.
    """
    roles = {plan.teams[number].role for number in moving}
    crews = {line.crew for line in plan.lines if any(role in roles for role, _ in line.servers)}
    touched = {step.route for step in plan.steps if step.line >= 0 and plan.lines[step.line].crew in crews}
    found = [each.name for each in plan.promises if each.name in promises and each.route not in touched]
    return found if len(found) < len(promises) else []


def _problem(plan: Plan, ends: tuple[Staffing, Staffing], promises: Sequence[str], probability: float) -> Problem:
    return Problem(
        teams=tuple(team_paths(plan)),
        lower=ends[0],
        upper=ends[1],
        cost=linear_cost(_prices(plan, _moving(ends))),
        promises=tuple(promises),
        targets=(probability,) * len(promises),
        needs=lower_bounds(plan),
    )


def _moving(ends: tuple[Staffing, Staffing]) -> list[int]:
    """The teams that may change. Raises BadInput if none may."""
    moving = [number for number, (low, high) in enumerate(zip(*ends, strict=True)) if low != high]
    if not moving:
        raise bad_input("--team", say("no team may change: name some with --team TEAM=LEAST..MOST"))
    return moving


def _prices(plan: Plan, moving: Sequence[int]) -> list[float]:
    """What one person of each team costs a week, overtime left out; one each where none that may change has pay."""
    prices = cost_of_one(plan)
    unpaid = [team_paths(plan)[number] for number in moving if np.isnan(prices[number])]
    if unpaid and len(unpaid) < len(moving):
        raise bad_input(
            "headcount",
            say("no pay is given for {listed}: give it, or leave them as they are", listed=", ".join(unpaid)),
        )
    return [1.0] * len(prices) if unpaid else [0.0 if np.isnan(price) else float(price) for price in prices]


def _oracle(plan: Plan, promises: Sequence[str], setting: Setting, effort: Effort) -> Oracle:
    """Staffings and replications → the share of days on which each promise is kept."""
    spent = 0

    def shares(staffings: Sequence[Staffing], replications: range) -> Floats:
        nonlocal spent
        quiet = replace(setting, progress=None)
        plans = [staffed(plan, dict(enumerate(staffing))) for staffing in staffings]
        observed = observe(plans, replications, quiet)
        columns = [
            [observed.each(n, ("promise", promise, "days_share")) for promise in promises] for n in range(len(plans))
        ]
        spent += len(plans) * len(replications)
        if setting.progress is not None:
            setting.progress(spent, effort.total)
        figures: Floats = np.nan_to_num(np.array(columns).transpose(0, 2, 1), nan=1.0)  # no days: nothing was broken
        return figures

    return shares


# --- the answer -------------------------------------------------------------------------------------------------


def _finding(
    plan: Plan,
    problem: Problem,
    answer: Answer,
    around: pd.DataFrame | None,
    probability: float,
    setting: Setting,
    beyond: Sequence[str],
) -> Finding:
    moving = _moving((problem.lower, problem.upper))
    unit = f"{plan.currency}/week" if any(plan.teams[number].pay for number in moving) else "people"
    fixed = [team for number, team in enumerate(problem.teams) if number not in moving]
    tables = [Told("headcount", say("The headcount"), _staffing_table(plan, problem, answer, unit), _notes(answer))]
    if around is not None:
        caption = say("What service costs ({unit}): nothing that was seen beats these", unit=unit)
        tables.append(Told("front", caption, around.drop(columns=fixed), say(FRONT)))
    tables.append(Told("trace", say("Everything that was tried"), answer.table().drop(columns=fixed, errors="ignore")))
    listed = "; ".join(problem.promises)
    return Finding(
        experiment="headcount",
        title=say("The cheapest headcount: {title_of}", title_of=title_of(plan)),
        question=say(
            "Who is needed at least, so that each promise is kept on {in_per_cent} of the days: {listed}?",
            in_per_cent=in_per_cent(probability),
            listed=listed,
        ),
        recommendation=[*_sentences(plan, problem, answer, unit), *left_out(beyond)],
        tables=tables,
        pictures=[] if around is None else _pictures(problem, answer, around, unit, probability),
        warnings=mind([plan]),
        provenance={
            "plans": [plan.digest()],
            "sources": [plan.source],
            "seed": setting.seed,
            "replications": answer.spent,
            "versions": versions(),
        },
        possible=answer.status == CONFIRMED,
    )


def _moves(plan: Plan, staffing: Staffing) -> str:
    """Whom a staffing has more and fewer than now."""
    moved = [
        say(
            "{which}{number} {team_title} ({n} instead of {before})",
            which="+" if n > before else "−",
            number=abs(n - before),
            team_title=team_title(plan, t),
            n=n,
            before=before,
        )
        for t, (before, n) in enumerate(zip(plan.headcount(), staffing, strict=True))
        if n != before
    ]
    return "; ".join(moved) or say("Nobody more and nobody fewer")


def _too_close(plan: Plan, problem: Problem, answer: Answer, unit: str) -> list[str]:
    """Which cheaper staffings could not be told from feasible ones: the cheapest few."""
    if not answer.too_close or not answer.cheaper_excluded:
        return []
    cheapest = sorted(answer.too_close, key=lambda each: (problem.cost(each), each))[:MOST_NAMED]
    cost = {each: "" if unit == "people" else f", {problem.cost(each):,.0f} {unit}" for each in cheapest}
    listed = say(" or ").join(f"{_moves(plan, each)}{cost[each]}" for each in cheapest)
    more = say(", and others") if len(answer.too_close) > len(cheapest) else ""
    return [say("Too close to call, so that it may do or not: {listed}{more}.", listed=listed, more=more)]


def _sentences(plan: Plan, problem: Problem, answer: Answer, unit: str) -> list[str]:
    told = [answer.sentence()]
    if answer.status == CONFIRMED and answer.staffing is not None:
        now = plan.headcount()
        cost, present = problem.cost(answer.staffing), problem.cost(now)
        told[0] = f"{_moves(plan, answer.staffing)}: {answer.claim()}"
        told += _too_close(plan, problem, answer, unit)
        if unit == "people":
            told.append(
                say(
                    "All in all {cost:,.0f} people; at present {present:,.0f}. No pay is given: people are counted.",
                    cost=cost,
                    present=present,
                )
            )
        else:
            told.append(
                say(
                    "It costs {cost:,.0f} {unit} without overtime; the present staff {present:,.0f}.",
                    cost=cost,
                    unit=unit,
                    present=present,
                )
            )
    if answer.status == IMPOSSIBLE:
        told += too_few_hands(problem) or at_most(problem, answer)
    if answer.status == UNSETTLED:
        told += [*hangs_on(problem, answer), say("More runs (--most-runs) may settle it.")]
    return [
        *told,
        say(
            "{number} led to this answer; the trace lists every staffing that was tried.",
            number=counted(answer.spent, "run"),
        ),
    ]


MOST_NAMED = 3
"""Staffings that are named in a sentence, at most."""

FRONT = later(
    "Margin: how far the worst promise lies above the days that were asked for, as a share of the days; low and high "
    "bound it with 99 % confidence for each promise. What is listed was chosen by these same runs, and so was lucky "
    "too: confirmed is the answer alone."
)


def _notes(answer: Answer) -> str:
    told = say("A promise is kept on a day if its promised share of that day's cases is.")
    if answer.status != CONFIRMED:
        return told
    return say(
        "{told} Confirmed: lower bounds of all promises, with {in_per_cent} confidence together, on luck "
        "by which nothing was chosen. That cheaper staffings break a promise rests on what was tried and "
        "on more people never doing worse.",
        told=told,
        in_per_cent=in_per_cent(1 - answer.effort.risk),
    )


def _staffing_table(plan: Plan, problem: Problem, answer: Answer, unit: str) -> pd.DataFrame:
    """A row a team that could change: now, fewest, most, answer (none unless it is confirmed; "best so far" where
    nothing is settled), cost of one (where there is pay).
    """
    import pandas as pd

    prices, now = cost_of_one(plan), plan.headcount()
    rows = [
        {
            "team": team,
            "now": now[t],
            "fewest": problem.lower[t],
            "most": problem.upper[t],
            **_answered(answer, t),
            **({} if unit == "people" else {f"cost of one, {unit}": prices[t]}),
        }
        for t, team in enumerate(problem.teams)
        if problem.lower[t] != problem.upper[t]
    ]
    return pd.DataFrame(rows)


def _answered(answer: Answer, team: int) -> dict[str, int | None]:
    """What the table says of a team: only what is confirmed is called the answer."""
    found = None if answer.staffing is None else answer.staffing[team]
    if answer.status == CONFIRMED:
        return {"answer": found}
    return {"answer": None, **({"best so far": found} if answer.status == UNSETTLED else {})}


def _pictures(problem: Problem, answer: Answer, around: pd.DataFrame, unit: str, probability: float) -> list[Drawn]:
    def draw() -> Figure:
        from analysis.pictures import pareto

        moving = [
            team for team, low, high in zip(problem.teams, problem.lower, problem.upper, strict=True) if low != high
        ]
        frame = around.assign(
            label=[", ".join(f"{row[team]} {plain(team)}" for team in moving) for _, row in around.iterrows()],
            service=around["margin"] + probability,
            low=around["low"] + probability,
            high=around["high"] + probability,
            chosen=[tuple(row[team] for team in problem.teams) == answer.staffing for _, row in around.iterrows()],
        )
        priced = say("cost ({unit} a week)", unit=unit.removesuffix("/week")) if unit != "people" else "people"
        return pareto(frame, priced, say("the worst promise (% of days)"), probability)

    caption = say("Each point a staffing: what it costs, and on how many days its worst promise is kept.")
    return [Drawn("front", caption, draw)]
