"""The result as JSON: a documented, stable shape (docs/json.md). Every estimate is `{mean, half_width, n}`."""

from __future__ import annotations

import math
from typing import Any

from analysis.answers import known_luck
from analysis.answers.answer import answer, verdict
from analysis.answers.bottlenecks import Bottleneck, bottlenecks
from analysis.answers.censored import at_least
from analysis.measures.paths import GROUPS
from analysis.runs.precision import Precision, asked
from analysis.runs.result import SCHEMA, Result
from analysis.statistics import Estimate
from sim.log import versions
from sim.scenario.fields import in_language
from sim.units import HOUR

_GROUPS = {
    "role": "roles", "team": "teams", "department": "departments", "step": "steps", "route": "routes", "money": "money",
}  # fmt: skip

_OTHERS = {
    name: GROUPS[name]
    for name in (
        *("ledger", "step_ledger", "step_losses", "events", "event_promises", "event_days", "event_day_promises"),
        "already_there",
    )
}

_OF_PROMISES = ("kept", "broken", "undecided", "not_meant", "days", "days_kept", "days_share")


def as_json(result: Result) -> dict[str, Any]:
    """The whole result; numbers that do not exist are null."""
    shape: dict[str, Any] = {
        "schema": SCHEMA,
        "scenario": _scenario(result),
        "replications": result.replications,
        "seed": result.seed,
        "engine": result.engine,
        "versions": versions(),
    }
    for group in (*_GROUPS.values(), "promises", *_OTHERS):
        shape[group] = {}
    for kind, place, measure in result.keys:
        estimate = number(result.get(kind, place, measure))
        if at_least(result, kind, place, measure):
            estimate["at_least"] = True
        if kind in _GROUPS:
            shape[_GROUPS[kind]].setdefault(place, {})[measure] = estimate
        elif kind == "outcome":
            route, outcome = place.split("/", 1)
            shape["routes"][route].setdefault("outcomes", {})[outcome] = estimate
        elif kind in _OTHERS.values():
            shape[next(group for group, of in _OTHERS.items() if of == kind)].setdefault(place, {})[measure] = estimate
    for promise in result.plan.promises:
        shape["promises"][promise.name] = _promise(result, promise.name, promise.share)
    shape["bottlenecks"] = [_bottleneck(each) for each in bottlenecks(result)]
    shape["precision"] = {each.path: _precision(each) for each in asked(result)}
    shape["controls"] = known_luck.as_data(result)
    shape["answer"] = vars(answer(result))
    return shape


def number(estimate: Estimate) -> dict[str, Any]:
    """An estimate as JSON."""
    return {"mean": _finite(estimate.mean), "half_width": _finite(estimate.half_width), "n": estimate.n}


def _finite(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _scenario(result: Result) -> dict[str, Any]:
    plan = result.plan
    return {
        "title": in_language(plan.title),
        "source": plan.source,
        "plan": plan.digest(),
        "starts": plan.starts,
        "runs_for_h": plan.runs_for / HOUR,
        "warm_up_h": plan.warm_up / HOUR,
        "currency": plan.currency,
    }


def _promise(result: Result, name: str, target: float) -> dict[str, Any]:
    share = result.get("promise", name, "share")
    counts = {key: number(result.get("promise", name, key)) for key in _OF_PROMISES}
    return {**number(share), "target": target, "verdict": verdict(share, target), **counts}


def _precision(found: Precision) -> dict[str, Any]:
    return {
        **number(found.estimate),
        "target": found.target,
        "relative": _finite(found.relative),
        "reached": found.reached,
        "needed": found.needed,
    }


def _bottleneck(found: Bottleneck) -> dict[str, Any]:
    return {
        "rank": found.rank,
        "route": found.route,
        "step": found.step,
        "hold_h": number(found.hold_h),
        "share": number(found.share),
        "lost_h_per_week": number(found.lost_h_per_week),
        "causes": {cause: number(each) for cause, each in found.causes.items()},
        "utilisation": {role: number(each) for role, each in found.utilisation.items()},
        "proven": found.proven,
        "sentence": found.sentence,
    }
