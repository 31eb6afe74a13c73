"""The sentences of the report: what was run, what a promise says, how to read each picture, what the words mean."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from analysis.answers import known_luck
from analysis.answers.words import step_title
from analysis.runs.result import Result
from sim.language import later, say
from sim.plan import GAVE_UP_BROKEN, GAVE_UP_KEPT, Plan, Promise
from sim.units import DAY, format_duration

PICTURES = {
    "flow": (
        later("How cases flow, and where they wait"),
        later(
            "Each step stands in the lane of its department. The wider an arrow, the more cases a week; the darker "
            "a step, the longer they wait in its queue on average. White: time passes, and nobody is needed."
        ),
    ),
    "flow_tall": (
        later("How cases flow, from top to bottom"),
        later("The same for a narrow page: on the left the way that most cases take, on the right all others."),
    ),
    "delays": (
        later("Where the time of a case goes"),
        later(
            "Every hour of every case that ended has exactly one cause. Left in hours, right in shares of the whole."
        ),
    ),
    "delays_by_step": (
        later("… and step by step"),
        later("For the routes with most cases in the shop: hours per ended case, with the same colours."),
    ),
    "queues": (
        later("Where cases wait"),
        later("The longest queues, the longest first: along the run on the left, over the day on the right."),
    ),
    "utilisation": (
        later("How busy each role is"),
        later("Busy share of the hours on shift, for each hour of the day, overtime not included."),
    ),
    "cycle_times": (
        later("How long cases take"),
        later(
            "The share of ended cases that had ended within each time; the slowest 2 % may lie beyond the picture. "
            "Dashed: the limit of a promise that counts from arrival. A promise can be about a step before the "
            "end, so the share that kept it may lie far above the curve. Limits far beyond the curve are not drawn."
        ),
    ),
}
"""Each picture: its heading, and how to read it."""

GLOSSARY = {
    "case": later("One thing that moves through the shop: an order, a customer contact, a return, a delivery."),
    "route, step": later("The list of steps that a kind of case goes through."),
    "replication": later("The same shop run again with fresh luck. Every figure is a mean over replications."),
    "±": later(
        "Half the width of a 95 % interval: if the study were repeated many times, 95 % of such intervals would hold "
        "the true mean. It says how exact the simulation is, not how exact its assumptions are."
    ),
    later("kept, broken, not proven"): later(
        "A promise is kept or broken where the whole interval lies on one side of what was "
        "promised. Where it lies on both sides, more replications are needed to tell."
    ),
    "undecided": later("Cases whose time had not passed when the run ended, or whose clock had not started."),
    "wait": later("From joining a queue until work begins (or until the case gives up)."),
    "cycle time": later("From arrival until the end of the case. Only cases that ended have one."),
    "held": later("All time except being worked on and being under way."),
    "nobody on shift": later(
        "Of those who could do the step: all day (a rest day, a holiday); before the first has come or "
        "after the last has gone; or in a break, between two shifts of one day."
    ),
    "utilisation": later("Busy time on shift / time on shift. Overtime is told separately, never inside."),
    "overtime": later("Work outside scheduled hours: what was begun before the end of a shift and finished after it."),
    "queue": later("Cases waiting at a step, averaged over all hours, nights and weekends included."),
    later("half, nine in ten, 19 in 20"): later("The 50th, 90th and 95th percentile."),
    "warm-up": later("The beginning of the run, in which the shop fills. Left out of every figure."),
    "still open": later("Cases that had not ended when the run did."),
}
"""The words of the report."""


BEFORE = later(
    "Cases and visits that began before are left out of counts, waits and cycle times, but they do fill queues and "
    "keep people busy."
)
UNFINISHED = later(
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
        ("Run", say("{runs_for} from {starts}", runs_for=format_duration(plan.runs_for), starts=day(plan.starts))),
        (say("Warm-up left out"), format_duration(plan.warm_up) if plan.warm_up else "none"),
        ("Replications", f"{result.replications:,}"),
        (
            "People",
            say("{people:,} in {roles} role{which}", people=people, roles=roles, which="s" if roles != 1 else ""),
        ),
        ("Cases", say("{arrived:,.0f} arrived in a replication, after the warm-up", arrived=arrived)),
    ]


def in_words(result: Result, promise: Promise) -> str:
    """What a promise says."""
    plan = result.plan
    point = "has begun" if promise.at_begin else "is over"
    since = "arrival"
    if promise.since >= 0:
        same = promise.since == promise.step
        since = (
            say("joining its queue")
            if same
            else say("coming to “{step_title}”", step_title=step_title(plan, promise.since))
        )
    route = plan.routes[promise.route].name
    steps = say(" or ").join(f"“{step_title(plan, step)}”" for step in promise.points)
    if promise.due:
        return say(
            "{route}: {steps} {point} by a timetable: {first_due}{who_gave_up}",
            route=route,
            steps=steps,
            point=point,
            first_due=_first_due(plan, promise, since),
            who_gave_up=_who_gave_up(promise),
        )
    hours = say(" of its working hours") if promise.hours else ""
    return say(
        "{route}: {steps} {point} within {within}{hours} of {since}{who_gave_up}",
        route=route,
        steps=steps,
        point=point,
        within=format_duration(promise.within),
        hours=hours,
        since=since,
        who_gave_up=_who_gave_up(promise),
    )


def _first_due(plan: Plan, promise: Promise, since: str) -> str:
    """By when the first cases of the run are due, as an example: "due Mon 1 Jan 17:00 for arrival before Mon 1 Jan
    14:00, and so on".
    """
    begin, behind = datetime.fromisoformat(plan.starts), sum(cut_off <= 0 for cut_off in promise.cut_offs[:-1])
    instants = (begin + timedelta(milliseconds=each[behind]) for each in (promise.due, promise.cut_offs))
    due, before = (f"{each:%a} {each.day} {each:%b %H:%M}" for each in instants)
    return say("due {due} for {since} before {cut_off}, and so on", due=due, since=since, cut_off=before)


def _who_gave_up(promise: Promise) -> str:
    """How those are counted who gave up, where that is not as usual."""
    if promise.gave_up == GAVE_UP_BROKEN:
        return ""
    counted = say("count as kept") if promise.gave_up == GAVE_UP_KEPT else say("are left out")
    return say("; those who gave up within {early} {counted}", early=format_duration(promise.early), counted=counted)


def assumptions(result: Result) -> list[str]:
    """What a reader must know to judge the figures."""
    plan, count = result.plan, result.replications
    measured = plan.runs_for - plan.warm_up
    begin = (
        say("from day {warm_up} on", warm_up=plan.warm_up // DAY + 1)
        if plan.warm_up >= DAY
        else say("from its beginning")
    )
    sure = say("± is the half-width of a 95 % Student-t interval over {count} independent replications.", count=count)
    sure = f"{sure} {known_luck.told(result)}".rstrip()
    unsure = say(
        "There is one replication, so there are no intervals: nothing is proven, and every figure may be luck."
    )
    return [
        say(
            "The run is {runs_for}; figures are of {measured}, {begin}. {BEFORE}",
            runs_for=format_duration(plan.runs_for),
            measured=format_duration(measured),
            begin=begin,
            BEFORE=say(BEFORE),
        ),
        sure if count > 1 else unsure,
        say(UNFINISHED),
        say("Waiting gets its cause moment by moment, from what those who could do the work are doing then."),
    ]
