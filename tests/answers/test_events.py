"""What a dated event did is told: who came, what was promised to them, how much stood, and until when."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import pytest

import sim
from analysis.answers.answer import answer
from analysis.measures import measure_all
from analysis.measures.events import quiet_until
from analysis.measures.view import View
from analysis.output.json_shape import as_json
from analysis.output.report import render
from analysis.output.result_files import tables
from analysis.runs import replicate
from analysis.runs.result import Result
from sim.draws import Draws
from sim.engine.play import run
from sim.plan import Event
from sim.units import DAY, HOUR
from tests.helpers.shops import plan_of, shop, work

SALE = {"name": "sale", "starts": dt.date(2024, 1, 3), "lasts": "1 day", "lift": 3}


@pytest.fixture
def plan(tmp_path: Path) -> sim.Plan:
    """Ten an hour are packed in five minutes each; on Wednesday thirty an hour come."""
    promise = {"route": "order", "ends": "pack", "within": "1 h", "share": 0.9}
    return plan_of(
        tmp_path,
        shop(
            work("pack", "packer", 5),
            roles={"packer": 1},
            runs_for="14 days",
            arrivals={"order": {"per_hour": 6, "events": [SALE]}},
            promises={"packed in an hour": promise},
        ),
    )


def test_the_plan_knows_events_of_the_run_once(plan: sim.Plan) -> None:
    assert plan.events == (Event(name="sale", since=2 * DAY, until=3 * DAY),)
    unnamed = plan.model_copy(update={"events": ()})
    assert "events" not in unnamed.model_dump(exclude_defaults=True)
    assert unnamed.digest() != plan.digest()


def test_its_backlog_is_worked_off_when_no_more_wait_than_on_the_day_before(plan: sim.Plan) -> None:
    log = run(plan, Draws(plan, 1, 0))
    values = measure_all(View(log))
    v = log.visits
    levels = sorted([(at, 1) for at in v.joined] + [(at, -1) for at in v.began if at >= 0])
    waiting, usual, done = 0, 0, None
    for i, (at, by) in enumerate(levels):
        waiting += by
        lasts = i + 1 == len(levels) or levels[i + 1][0] > at
        if lasts and DAY <= at < 2 * DAY:
            usual = max(usual, waiting)
        if lasts and at >= 3 * DAY and done is None and waiting <= usual:
            done = (at - 3 * DAY) / HOUR
    assert values["event", "sale", "worked_off_h"] == pytest.approx(done)
    came = (log.cases.arrived >= 2 * DAY) & (log.cases.arrived < 3 * DAY)
    assert values["event", "sale", "arrived"] == came.sum()


def test_it_is_told_in_a_sentence_and_in_the_json(plan: sim.Plan) -> None:
    result = replicate(plan, 4, workers=1)
    told, *days = answer(result).events
    assert [day.partition(":")[0] for day in days] == ["3 Jan", "4 Jan", "5 Jan", "6 Jan"]
    assert all("; packed in an hour: " in day and day.endswith(" wait at its end.") for day in days)
    assert told.startswith("sale (3 Jan): ")
    for words in (
        "cases came, who waited",
        "packed in an hour: ",
        "(else ",
        "waited at once, worked off ",
        "after its end",
    ):
        assert words in told
    shape = as_json(result)
    assert shape["events"]["sale"]["arrived"]["mean"] > 400
    share = shape["event_promises"]["sale/packed in an hour"]
    assert share["share"]["mean"] < share["share_else"]["mean"]


def test_each_day_of_it_and_three_after_have_figures_of_their_own(plan: sim.Plan) -> None:
    log = run(plan, Draws(plan, 1, 0))
    values, v = measure_all(View(log)), log.visits
    rows = v.step == 0
    packed = {c: (a, b) for c, a, b in zip(*(each[rows].tolist() for each in (v.case, v.began, v.left)), strict=True)}
    arrived = dict(zip(log.cases.case.tolist(), log.cases.arrived.tolist(), strict=True))
    for day, name in enumerate(("2024-01-03", "2024-01-04", "2024-01-05", "2024-01-06"), 2):
        came, end = [case for case, at in arrived.items() if at // DAY == day], (day + 1) * DAY
        assert values["event day", name, "arrived"] == len(came)
        waits = [packed[case][0] - arrived[case] for case in came]
        assert values["event day", name, "wait_h"] == pytest.approx(sum(waits) / len(waits) / HOUR)
        kept = sum(packed[case][1] - arrived[case] <= HOUR for case in came)
        assert values["event day promise", f"{name}/packed in an hour", "share"] == pytest.approx(kept / len(came))
        standing = sum(at < end <= packed[case][0] for case, at in arrived.items() if case in packed)
        assert values["event day", name, "waiting_end"] == standing


def test_an_event_that_follows_another_is_measured_from_the_last_quiet_day() -> None:
    def event(name: str, since: float, until: float) -> Event:
        return Event(name=name, since=int(since * DAY), until=int(until * DAY))

    events = (event("a", 5, 6), event("b", 6, 7), event("c", 7.5, 8), event("d", 9.5, 10))
    assert [quiet_until(SimpleNamespace(events=events), each) / DAY for each in events] == [5, 5, 5, 9.5]


@pytest.fixture
def cut(tmp_path: Path) -> Result:
    """A sale of three days of which the run sees two and a half; one packer cannot do it all."""
    arrivals = {"order": {"per_hour": 6, "events": [SALE | {"lasts": "3 days"}]}}
    promises = {"packed in half a day": {"route": "order", "ends": "pack", "within": "12 h", "share": 0.9}}
    parts = {"roles": {"packer": 1}, "runs_for": "108 h", "arrivals": arrivals, "promises": promises}
    return replicate(plan_of(tmp_path, shop(work("pack", "packer", 5), **parts)), 3, workers=1)


def test_a_day_that_the_run_cuts_is_told_so(cut: Result) -> None:
    _, first, _, third = answer(cut).events
    assert first.startswith("3 Jan: ")
    assert first.endswith(" wait at its end.")
    assert "undecided" not in first
    assert " came, waited ≥ " in third
    assert " undecided; " in third
    assert third.endswith(" wait at 12:00, when the run ended.")


def test_of_many_days_the_worst_is_told(tmp_path: Path) -> None:
    steady = {"order": {"per_hour": 6, "events": [SALE | {"lasts": "8 days", "lift": 2.5}]}}
    scenario = shop(work("pack", "packer", 5), roles={"packer": 1}, runs_for="14 days", arrivals=steady)
    _, told = answer(replicate(plan_of(tmp_path, scenario), 2, workers=1)).events
    assert told.startswith("Of these 11 days the one that left most: 10 Jan: ")


def test_days_are_in_the_json_the_report_and_a_table(cut: Result) -> None:
    shape, frame = as_json(cut), tables(cut)["event_days"]
    days = shape["event_days"]
    assert list(days) == frame["day"].tolist() == ["2024-01-03", "2024-01-04", "2024-01-05"]
    assert days["2024-01-05"]["wait_h"]["at_least"]
    assert sum(day["arrived"]["mean"] for day in days.values()) == pytest.approx(
        shape["events"]["sale"]["arrived"]["mean"]
    )
    assert shape["event_day_promises"]["2024-01-05/packed in half a day"]["undecided"]["mean"] > 0
    assert frame["whole"].tolist() == [True, True, False]
    assert frame["event"].tolist() == ["sale"] * 3
    assert frame["arrived"].tolist() == [day["arrived"]["mean"] for day in days.values()]
    page = render(cut, {}, "")
    for words in ("Dated events", "Fri 2024-01-05 (until 12:00: the run ended)", "kept: packed in half a day"):
        assert words in page


def test_without_events_nothing_is_said(tmp_path: Path) -> None:
    quiet = plan_of(tmp_path, shop(work("pack", "packer", 5), roles={"packer": 1}))
    assert quiet.events == ()
    result = replicate(quiet, 2, workers=1)
    assert answer(result).events == []
    assert "event_days" not in tables(result)
    assert "Dated events" not in render(result, {}, "")
