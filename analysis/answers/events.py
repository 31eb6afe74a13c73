"""What a dated event did, in a sentence."""

from __future__ import annotations

import datetime as dt

import numpy as np

from analysis.answers.words import hours, per_cent
from analysis.runs.result import Result
from analysis.statistics import Estimate
from sim.plan import Event
from sim.units import DAY


def event_sentence(result: Result, event: Event) -> str:
    """Who came in it, which promises were kept for them (and else), the largest backlog and when it was worked off."""
    get = {name: result.get("event", event.name, name) for name in ("arrived", "waiting_max", "wait_h", "worked_off_h")}
    begin = f"{event.name} ({when(result, event)}): {get['arrived'].mean:,.0f} cases came"
    if not get["arrived"].mean:
        return f"{begin}."
    told = [begin + (f", who waited {hours(_bare(get['wait_h']))} on average" if get["wait_h"].mean else "")]
    told += [_promise(result, event, promise.name) for promise in result.plan.promises]
    told.append(f"at most {get['waiting_max'].mean:,.0f} waited at once")
    return "; ".join(filter(None, told)) + _worked_off(result, event) + "."


def when(result: Result, event: Event) -> str:
    """The days of an event: "11 Nov", "11 to 14 Nov"."""
    first = dt.date.fromisoformat(result.plan.starts) + dt.timedelta(days=event.since // DAY)
    last = dt.date.fromisoformat(result.plan.starts) + dt.timedelta(days=(event.until - 1) // DAY)
    if first == last:
        return f"{first.day} {first:%b}"
    return f"{first.day}{f' {first:%b}' if first.month != last.month else ''} to {last.day} {last:%b}"


def _promise(result: Result, event: Event, promise: str) -> str:
    share, other = (result.get("event promise", f"{event.name}/{promise}", name) for name in ("share", "share_else"))
    if np.isnan(share.mean):
        return ""
    return f"{promise}: {per_cent(_bare(share))} (else {per_cent(_bare(other))})"


def _worked_off(result: Result, event: Event) -> str:
    """How long the backlog lasted, over the replications in which it was worked off; in how many it was not."""
    took = result.each("event", event.name, "worked_off_h")
    done = int(np.count_nonzero(~np.isnan(took)))
    if not done:
        return "" if event.since < DAY else "; the backlog was not worked off before the run ended"
    after = f", worked off {hours(Estimate(float(np.nanmean(took)), float('nan'), 1))} after its end"
    return after + (f" (in {done} of {took.size} runs)" if done < took.size else "")


def _bare(value: Estimate) -> Estimate:
    return Estimate(value.mean, float("nan"), 1)
