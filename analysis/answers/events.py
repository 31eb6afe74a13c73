"""What a dated event did, in a sentence."""

from __future__ import annotations

import datetime as dt

import numpy as np

from analysis.answers.censored import mark
from analysis.answers.words import hours, per_cent
from analysis.measures.event_days import date_of, days_told
from analysis.measures.events import quiet_until
from analysis.runs.result import Result
from analysis.statistics import Estimate
from sim.language import say
from sim.plan import Event, Plan
from sim.units import DAY, MINUTE, clock

MOST_DAYS = 10
"""Days that are told one by one; more stand in the tables only."""


def event_sentence(result: Result, event: Event) -> str:
    """Who came in it, which promises were kept for them (and else), the largest backlog and when it was worked off."""
    get = {name: result.get("event", event.name, name) for name in ("arrived", "waiting_max", "wait_h", "worked_off_h")}
    begin = say(
        "{name} ({when}): {mean:,.0f} cases came", name=event.name, when=when(result, event), mean=get["arrived"].mean
    )
    if not get["arrived"].mean:
        return f"{begin}."
    told = [
        begin + (say(", who waited {bare} on average", bare=hours(_bare(get["wait_h"]))) if get["wait_h"].mean else "")
    ]
    told += [_promise(result, event, promise.name) for promise in result.plan.promises]
    told.append(say("at most {mean:,.0f} waited at once", mean=get["waiting_max"].mean))
    return "; ".join(filter(None, told)) + _worked_off(result, event) + "."


def days_sentence(result: Result) -> list[str]:
    """The days of all events and those after, a sentence each, where they are few; else the one that left most."""
    days = days_told(result.plan)
    if len(days) <= MOST_DAYS:
        return [_day(result, day) for day in days]
    left = [result.get("event day", str(date_of(result.plan, day)), "waiting_end").mean for day in days]
    return [
        say(
            "Of these {days} days the one that left most: {result}",
            days=len(days),
            result=_day(result, days[int(np.argmax(left))]),
        )
    ]


def cut_at(plan: Plan, day: int) -> str:
    """The time of day at which the run ended before this day of it was over; empty for whole days."""
    return clock((plan.runs_for - day * DAY) // MINUTE) if plan.runs_for < (day + 1) * DAY else ""


def _day(result: Result, day: int) -> str:
    date, cut = date_of(result.plan, day), cut_at(result.plan, day)
    get = {name: result.get("event day", str(date), name).mean for name in ("arrived", "waiting_end", "wait_h")}
    told = [say("{day} {date:%b}: {arrived:,.0f} came", day=date.day, date=date, arrived=get["arrived"])]
    if get["arrived"]:
        bound = mark(result, "event day", str(date), "wait_h")
        told[0] += say(
            ", waited {bound}{Estimate}", bound=bound, Estimate=hours(Estimate(get["wait_h"], float("nan"), 1))
        )
    told += [_promise_on(result, str(date), promise.name) for promise in result.plan.promises]
    end = say("at {cut}, when the run ended", cut=cut) if cut else say("at its end")
    return (
        "; ".join([*filter(None, told), say("{waiting_end:,.0f} wait {end}", waiting_end=get["waiting_end"], end=end)])
        + "."
    )


def _promise_on(result: Result, date: str, promise: str) -> str:
    """The share kept of the cases of a day, and how many came too late to tell."""
    share, undecided = (result.get("event day promise", f"{date}/{promise}", name) for name in ("share", "undecided"))
    kept = "" if np.isnan(share.mean) else per_cent(_bare(share))
    still = say("{mean:,.0f} undecided", mean=undecided.mean) if undecided.mean else ""
    return f"{promise}: {kept}{f' ({still})' if kept and still else still}" if kept or still else ""


def when(result: Result, event: Event) -> str:
    """The days of an event: "11 Nov", "11 to 14 Nov"."""
    first = dt.date.fromisoformat(result.plan.starts) + dt.timedelta(days=event.since // DAY)
    last = dt.date.fromisoformat(result.plan.starts) + dt.timedelta(days=(event.until - 1) // DAY)
    if first == last:
        return f"{first.day} {first:%b}"
    return say(
        "{day}{which} to {day_2} {last:%b}",
        day=first.day,
        which=f" {first:%b}" if first.month != last.month else "",
        day_2=last.day,
        last=last,
    )


def _promise(result: Result, event: Event, promise: str) -> str:
    share, other = (result.get("event promise", f"{event.name}/{promise}", name) for name in ("share", "share_else"))
    if np.isnan(share.mean):
        return ""
    return say(
        "{promise}: {bare} (else {bare_2})", promise=promise, bare=per_cent(_bare(share)), bare_2=per_cent(_bare(other))
    )


def _worked_off(result: Result, event: Event) -> str:
    """How long the backlog lasted, over the replications in which it was worked off; in how many it was not."""
    took = result.each("event", event.name, "worked_off_h")
    done = int(np.count_nonzero(~np.isnan(took)))
    if not done:
        return (
            ""
            if quiet_until(result.plan, event) < DAY
            else say("; the backlog was not worked off before the run ended")
        )
    after = say(
        ", worked off {Estimate} after its end", Estimate=hours(Estimate(float(np.nanmean(took)), float("nan"), 1))
    )
    return after + (say(" (in {done} of {size} runs)", done=done, size=took.size) if done < took.size else "")


def _bare(value: Estimate) -> Estimate:
    return Estimate(value.mean, float("nan"), 1)
