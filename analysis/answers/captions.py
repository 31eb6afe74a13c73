"""The sentences of the report: what was run, what a promise says, how to read each picture, what the words mean."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from analysis.answers import known_luck
from analysis.answers.words import step_title
from analysis.runs.result import Result
from sim.plan import GAVE_UP_BROKEN, GAVE_UP_KEPT, Plan, Promise
from sim.units import DAY, format_duration

PICTURES = {
    "delays": (
        "Where the time of a case goes",
        "Every hour of every case that ended has exactly one cause. Left in hours, right in shares of the whole.",
    ),
    "delays_by_step": (
        "… and step by step",
        "For the routes with most cases in the shop: hours per ended case, with the same colours.",
    ),
    "queues": (
        "Where cases wait",
        "The longest queues, the longest first: along the run on the left, over the day on the right.",
    ),
    "utilisation": (
        "How busy each role is",
        "Busy share of the hours on shift, for each hour of the day, overtime not included.",
    ),
    "cycle_times": (
        "How long cases take",
        (
            "The share of ended cases that had ended within each time; the slowest 2 % may lie beyond the picture. "
            "Dashed: the limit of a promise that counts from arrival. A promise can be about a step before the end, so "
            "the share that kept it may lie far above the curve. Limits far beyond the curve are not drawn."
        ),
    ),
}
"""Each picture: its heading, and how to read it."""

GLOSSARY = {
    "case": "One thing that moves through the shop: an order, a customer contact, a return, a delivery.",
    "route, step": "The list of steps that a kind of case goes through.",
    "replication": "The same shop run again with fresh luck. Every figure is a mean over replications.",
    "±": "Half the width of a 95 % interval: if the study were repeated many times, 95 % of such intervals would hold "
    "the true mean. It says how exact the simulation is, not how exact its assumptions are.",
    "kept, broken, not proven": "A promise is kept or broken where the whole interval lies on one side of what was "
    "promised. Where it lies on both sides, more replications are needed to tell.",
    "undecided": "Cases whose time had not passed when the run ended, or whose clock had not started.",
    "wait": "From joining a queue until work begins (or until the case gives up).",
    "cycle time": "From arrival until the end of the case. Only cases that ended have one.",
    "held": "All time except being worked on and being under way.",
    "utilisation": "Busy time on shift / time on shift. Overtime is told separately, never inside.",
    "overtime": "Work outside scheduled hours: what was begun before the end of a shift and finished after it.",
    "queue": "Cases waiting at a step, averaged over all hours, nights and weekends included.",
    "half, nine in ten, 19 in 20": "The 50th, 90th and 95th percentile.",
    "warm-up": "The beginning of the run, in which the shop fills. Left out of every figure.",
    "still open": "Cases that had not ended when the run did.",
}
"""The words of the report."""


BEFORE = (
    "Cases and visits that began before are left out of counts, waits and cycle times, but they do fill queues and "
    "keep people busy."
)
UNFINISHED = (
    "Cases that were still open at the end of the run are counted beside those that ended. They have no cycle time "
    "yet; where many are open, true cycle times are longer than those shown."
)


def day(iso: str) -> str:
    """A date in words."""
    at = date.fromisoformat(iso)
    return f"{at:%A} {at.day} {at:%B} {at.year}"


def facts(result: Result) -> list[tuple[str, str]]:
    """What was run, in a few words each."""
    plan = result.plan
    people, roles = len(plan.people), len(plan.roles)
    arrived = sum(result.get("route", route.name, "arrived").mean for route in plan.routes)
    return [
        ("Run", f"{format_duration(plan.runs_for)} from {day(plan.starts)}"),
        ("Warm-up left out", format_duration(plan.warm_up) if plan.warm_up else "none"),
        ("Replications", f"{result.replications:,}"),
        ("People", f"{people:,} in {roles} role{'s' if roles != 1 else ''}"),
        ("Cases", f"{arrived:,.0f} arrived in a replication, after the warm-up"),
    ]


def in_words(result: Result, promise: Promise) -> str:
    """What a promise says."""
    plan = result.plan
    point = "has begun" if promise.at_begin else "is over"
    since = "arrival"
    if promise.since >= 0:
        same = promise.since == promise.step
        since = "joining its queue" if same else f"coming to “{step_title(plan, promise.since)}”"
    route = plan.routes[promise.route].name
    steps = " or ".join(f"“{step_title(plan, step)}”" for step in promise.points)
    if promise.due:
        return f"{route}: {steps} {point} by a timetable: {_first_due(plan, promise, since)}{_who_gave_up(promise)}"
    hours = " of its working hours" if promise.hours else ""
    return f"{route}: {steps} {point} within {format_duration(promise.within)}{hours} of {since}{_who_gave_up(promise)}"


def _first_due(plan: Plan, promise: Promise, since: str) -> str:
    """By when the first cases of the run are due, as an example: "due Mon 1 Jan 17:00 for arrival before Mon 1 Jan
    14:00, and so on".
    """
    begin, behind = datetime.fromisoformat(plan.starts), sum(cut_off <= 0 for cut_off in promise.cut_offs[:-1])
    before, due = (begin + timedelta(milliseconds=each[behind]) for each in (promise.cut_offs, promise.due))
    told = (f"{each:%a} {each.day} {each:%b %H:%M}" for each in (due, before))
    return f"due {next(told)} for {since} before {next(told)}, and so on"


def _who_gave_up(promise: Promise) -> str:
    """How those are counted who gave up, where that is not as usual."""
    if promise.gave_up == GAVE_UP_BROKEN:
        return ""
    counted = "count as kept" if promise.gave_up == GAVE_UP_KEPT else "are left out"
    return f"; those who gave up within {format_duration(promise.early)} {counted}"


def assumptions(result: Result) -> list[str]:
    """What a reader must know to judge the figures."""
    plan, count = result.plan, result.replications
    measured = plan.runs_for - plan.warm_up
    begin = f"from day {plan.warm_up // DAY + 1} on" if plan.warm_up >= DAY else "from its beginning"
    sure = f"± is the half-width of a 95 % Student-t interval over {count} independent replications."
    sure = f"{sure} {known_luck.told(result)}".rstrip()
    unsure = "There is one replication, so there are no intervals: nothing is proven, and every figure may be luck."
    return [
        f"The run is {format_duration(plan.runs_for)}; figures are of {format_duration(measured)}, {begin}. {BEFORE}",
        sure if count > 1 else unsure,
        UNFINISHED,
        "Waiting gets its cause moment by moment, from what those who could do the work are doing then.",
    ]
