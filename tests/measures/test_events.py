"""What a dated event did, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from math import isnan, nan
from pathlib import Path

import pytest

from analysis.measures import measure_all
from analysis.measures.view import View
from sim.log import Log
from sim.plan import Event, Promise
from sim.units import DAY, HOUR
from tests.helpers.shops import hhmm, play, shop, work

Values = dict[tuple[str, str, str], float]


def week(folder: Path, runs_for: str = "7 days") -> Log:
    """One packer, round the clock, four hours an order. Two orders come on each quiet day at 09:00 and 09:01, so that
    one waits. Ten come from 10:00 on Wednesday and two on Thursday. In the queue: nine on Wednesday at 10:09, one less
    each four hours from 14:00 on, two more on Thursday at 10:01 (five then), one from Friday 02:00 on.
    """
    calm, sale = [hhmm(540), hhmm(541)], [hhmm(600 + minute) for minute in range(10)]
    timetable = {"Mon, Tue, Sat": calm, "Wed": sale, "Thu": [hhmm(600), hhmm(601)]}
    arrivals = {"order": {"timetable": timetable}}
    return play(folder, shop(work("pack", "packer", 240), roles={"packer": 1}, runs_for=runs_for, arrivals=arrivals))


def with_events(log: Log, promises: tuple[Promise, ...] = (), **spans: tuple[float, float]) -> Values:
    """Its measures with these promises and events; spans in days since the beginning."""
    events = [Event(name=name, since=round(a * DAY), until=round(b * DAY)) for name, (a, b) in spans.items()]
    plan = log.plan.model_copy(update={"events": tuple(events), "promises": promises})
    return measure_all(View(replace(log, plan=plan)))


@pytest.mark.parametrize(
    ("spans", "sale", "after"),
    [
        ({"sale": (2, 3), "after": (3, 4)}, 26, 2),  # adjoining: both against Tuesday
        ({"sale": (2, 3), "after": (3.25, 4)}, 26, 2),  # six hours between them are no day to compare with
        ({"sale": (2, 3.5), "after": (3, 4)}, 14, 2),  # one into the other
        ({"sale": (2, 2.5), "after": (3.5, 4)}, 38, 0),  # a whole day between them: that day, with nine in the queue
        ({"before": (1, 2), "sale": (2, 3), "after": (3, 4)}, 26, 2),  # three in a row: all against Monday
        ({"before": (0, 0.25), "sale": (1, 3), "after": (3, 4)}, nan, nan),  # no quiet day before the first
    ],
)
def test_a_backlog_is_measured_from_the_last_quiet_day(
    tmp_path: Path, spans: dict[str, tuple[float, float]], sale: float, after: float
) -> None:
    values = with_events(week(tmp_path), **spans)
    assert values["event", "sale", "worked_off_h"] == pytest.approx(sale, nan_ok=True)
    assert values["event", "after", "worked_off_h"] == pytest.approx(after, nan_ok=True)


def test_the_end_of_the_run_is_no_end_of_a_backlog(tmp_path: Path) -> None:
    log = week(tmp_path)
    cut = replace(log, plan=log.plan.model_copy(update={"runs_for": 4 * DAY + HOUR}))
    assert isnan(with_events(cut, sale=(2, 3), after=(3, 4))["event", "after", "worked_off_h"])


def test_each_day_has_its_figures(tmp_path: Path) -> None:
    """The ten of Wednesday are begun every four hours from 10:00 on. Those of Thursday come at 10:00 and 10:01 behind
    three and are begun on Friday at 02:00 and 06:00, so they wait 16 h and 19 h 59 min.
    """
    promise = Promise(name="begun", route=0, step=0, at_begin=True, since=-1, within=18 * HOUR, share=0.9)
    late = Promise(name="done in 3 days", route=0, step=0, at_begin=False, since=-1, within=3 * DAY, share=0.9)
    values = with_events(week(tmp_path), (promise, late), sale=(2.25, 3.5))
    found = {(day, name): value for (kind, day, name), value in values.items() if kind == "event day"}
    days = [f"2024-01-{day:02d}" for day in range(3, 8)]
    assert list(dict.fromkeys(day for day, _ in found)) == days  # two of the event, three after
    assert [[found[day, name] for day in days] for name in ("arrived", "open", "still_waiting")] == [
        [10, 2, 0, 2, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
    ]
    began = [0, *(4 * n - n / 60 for n in range(1, 10))]
    waits = [sum(began) / 10, (16 + 19 + 59 / 60) / 2, nan, (0 + 4 - 1 / 60) / 2, nan]
    assert [found[day, "wait_h"] for day in days] == pytest.approx(waits, nan_ok=True)
    assert [found[day, "waiting_max"] for day in days] == [9, 6, 2, 1, 0]
    assert [found[day, "waiting_end"] for day in days] == [6, 2, 0, 0, 0]
    kept = {(place, name): value for (kind, place, name), value in values.items() if kind == "event day promise"}
    names = ("share", "kept", "broken", "undecided")  # within 18 h: the first five of Wednesday, one of Thursday
    assert [kept[f"{days[0]}/begun", name] for name in names] == [0.5, 5, 5, 0]
    assert [kept[f"{days[1]}/begun", name] for name in names] == [0.5, 1, 1, 0]
    assert [kept[f"{days[3]}/done in 3 days", name] for name in names] == pytest.approx([nan, 0, 0, 2], nan_ok=True)


def test_a_day_that_the_run_cuts_counts_until_then(tmp_path: Path) -> None:
    """At 11:00 on Wednesday one is in hand and nine have waited for 51 to 59 minutes each."""
    values = with_events(week(tmp_path, "59 h"), sale=(2, 2.25))
    found = {name: value for (kind, _, name), value in values.items() if kind == "event day"}
    assert [found[name] for name in ("arrived", "open", "still_waiting")] == [10, 10, 9]
    assert found["wait_h"] == pytest.approx(sum(range(51, 60)) / 10 / 60)
    assert [found[name] for name in ("waiting_max", "waiting_end")] == [9, 9]
