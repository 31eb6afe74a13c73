"""Every measure, recomputed from its definition by plain loops (tests/helpers/naive.py); what must add up does."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim
from analysis.measures import UNITS, measure_all
from analysis.measures.ledger import CAUSES, by_case, by_visit
from analysis.measures.over_time import fold, hourly
from analysis.measures.view import View
from analysis.runs.replications import Job, measure
from analysis.runs.result import unit
from sim.draws import Draws
from sim.engine.play import run
from sim.log import Log
from sim.plan import WORK, Event, Plan, Promise, Step
from sim.units import HOUR, MINUTE
from tests.helpers.naive import Naive, Visit
from tests.helpers.shops import MONDAY, at, branch, collect, end, people, plan_of, route, shop, wait, work
from tests.helpers.strategies import plan_or_reject, seeds, shops

STORE = Path(__file__).parents[2] / "scenarios" / "growing_store.toml"


def same(found: float, defined: float, size: float = 1.0) -> bool:
    return found == pytest.approx(defined, rel=1e-12, abs=1e-12 * size, nan_ok=True)


def check(log: Log) -> None:
    """Compare everything that is measured with its definition."""
    view, naive = View(log), Naive(log)
    found, defined = measure_all(view), naive.measures()
    assert found.keys() == defined.keys()
    sums = {key[2]: abs(value) for key, value in found.items() if key[:2] == ("money", "shop")}
    size = {"surplus_per_week": sum(sums.values())}  # a difference of large sums is as exact as they are
    wrong = {
        key: (found[key], defined[key]) for key in found if not same(found[key], defined[key], size.get(key[2], 1))
    }
    assert not wrong
    folded = fold(view, hourly(view))
    for key, table in naive.over_time().items():
        np.testing.assert_allclose(
            folded[key], np.array(table).reshape(folded[key].shape), rtol=1e-12, err_msg=str(key)
        )


def check_books(log: Log) -> None:
    """What adds up: cases; the ledger, to the ms; waiting (Little's law holds for every path exactly)."""
    view = View(log)
    values, ledger = measure_all(view), by_visit(view)
    v = log.visits
    np.testing.assert_array_equal(ledger.sum(axis=1), view.left - np.maximum(v.joined, 0))
    assert (ledger >= 0).all()
    over = view.ended[0] >= 0
    in_shop = np.where(over, view.ended[0], view.end) - np.maximum(log.cases.arrived, 0)
    np.testing.assert_array_equal(by_case(view, ledger).sum(axis=1), in_shop)
    for number, kind in enumerate(log.plan.routes):
        arrived, ended, still = (values["route", kind.name, name] for name in ("arrived", "ended", "open"))
        assert arrived == ended + still
        by_cause = sum(values["ledger", kind.name, cause] for cause in CAUSES)
        assert same(by_cause, values["route", kind.name, "cycle_h"])
        parts = [
            values["step ledger", log.plan.step_key(step), cause]
            for step in log.plan.route_steps(number)
            for cause in CAUSES
            if log.plan.steps[step].takes_time
        ]
        assert not parts or same(sum(parts), by_cause)
    for number in range(len(log.plan.steps)):
        key = log.plan.step_key(number)
        visits, served, gone, still = (values["step", key, name] for name in ("visits", "served", "gave_up", "open"))
        assert visits == served + gone + still
        if log.plan.warm_up == 0:
            rows = v.step == number
            waited = int((view.waited[rows] + np.minimum(v.joined[rows], 0)).sum())
            assert same(values["step", key, "queue"] * log.plan.runs_for, waited)


BY_THE_QUARTER: dict[str, Any] = {
    "due": tuple(range(0, 26 * 60 * MINUTE, 15 * MINUTE)),
    "cut_offs": tuple(range(-5 * MINUTE, (26 * 60 - 5) * MINUTE, 15 * MINUTE)),
}
ONCE = {"due": (40 * MINUTE,), "cut_offs": (30 * MINUTE,)}


@st.composite
def promises_of(draw: st.DrawFn, plan: Plan) -> tuple[Promise, ...]:
    """A few promises about any step of any route."""
    found = []
    for i in range(draw(st.integers(0, 3))):
        route = draw(st.integers(0, len(plan.routes) - 1))
        steps = plan.route_steps(route)
        found.append(
            Promise(
                name=f"promise {i}",
                route=route,
                step=draw(st.sampled_from(steps)),
                at_begin=draw(st.booleans()),
                since=draw(st.sampled_from([-1, *steps])),
                within=draw(st.sampled_from([0, 1, 5, 30, 70])) * MINUTE,
                share=0.5,
                or_at=tuple(draw(st.lists(st.sampled_from(steps), max_size=2))),
                hours=draw(st.sampled_from([(), ((0, 20 * MINUTE), (30 * MINUTE, 90 * MINUTE)), ((5, 10**9),)])),
                gave_up=draw(st.sampled_from([0, 0, 1, 2])),
                early=draw(st.sampled_from([0, 3, 50])) * MINUTE,
                **draw(st.sampled_from([{}, {}, BY_THE_QUARTER, ONCE])),
            )
        )
    return tuple(found)


EVENTS = st.lists(
    st.sampled_from([(0, 10), (5, 50), (7, 9), (1441, 1450), (1470, 1560)]),
    max_size=2,
    unique_by=lambda event: event[0],
)
"""Minutes from and until which an event lasts; those of the second day have one before them to compare with."""


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
@given(shops(), seeds, st.data())
def test_every_measure_of_any_shop_is_its_definition(scenario, seed, data):
    if scenario["runs_for"] == "26 h" and data.draw(st.integers(0, 3)):
        scenario["runs_for"] = "100 min"  # the long ones are slow by plain loops
    plan = plan_or_reject(scenario)
    warm_up = data.draw(st.sampled_from([0, 0, 1, 7, 60])) * MINUTE
    events = tuple(Event(name=f"from {a}", since=a * MINUTE, until=b * MINUTE) for a, b in data.draw(EVENTS))
    events = tuple(event for event in events if event.until <= plan.runs_for)
    plan = plan.model_copy(update={"warm_up": warm_up, "promises": data.draw(promises_of(plan)), "events": events})
    log = run(plan, Draws(plan, seed, 0))
    check(log)
    check_books(log)


@pytest.mark.parametrize("warm_up", ["0 s", "26 h"])
def test_every_measure_of_a_whole_store_is_its_definition(warm_up):
    plan = sim.load(
        "scenarios/growing_store.toml", {"starts": dt.date(2025, 10, 13), "runs_for": "50 h", "warm_up": warm_up}
    )
    log = sim.simulate(plan, seed=3)
    check(log)
    check_books(log)
    assert sum(measure_all(View(log))["step", plan.step_key(n), "visits"] for n in range(len(plan.steps))) > 100


def two_busy_minutes(tmp_path) -> Log:
    """Two minutes with everything in them: a break, overtime, chats, impatience, rework, work for two, other work."""
    scenario = shop(
        work("chat", "agent", {"exponential": {"mean": "9 s"}}, at_once=2, slower_by=0.5),
        work("look", ["agent", "boss"], {"exponential": {"mean": "5 s"}}, patience="4 s", gives_up_to="lift"),
        branch("again", "look", chance=0.4, at_most=2),
        work("lift", "boss", {"uniform": {"low": "2 s", "high": "7 s"}}, people=2),
        wait("cool", "3 s"),
        work("note", "scribe", {"uniform": {"low": "3 s", "high": "9 s"}}),
        branch("no copy", "go", chance=0.5),
        work("copy", "clerk", "1 s"),
        collect("go", every="15 s", capacity=1),
        runs_for="150 s",
        warm_up="2 s",
        hours={"broken": {"Mon-Sun": ["00:00-00:01", "00:02-00:03"]}, "late": {"Mon-Sun": ["00:01-00:02"]}},
        roles={
            "agent": {"people": 1, "hours": "broken"},
            "clerk": {"people": 1, "hours": "broken"},
            "scribe": {**people(2, "late"), "at_shift_end": "start only what fits"},
            "boss": {**people(2, "late"), "at_shift_end": "pause", "also_does": {"agent": 0.5}},
        },
        arrivals={"order": {"per_hour": 500}},
    )
    plan = plan_of(tmp_path, scenario)
    return run(plan, Draws(plan, 2, 0))


def step_needs(step: Step, hands: list[int]) -> str:
    """Whether too few are here, or free, of the several that a step takes."""
    short = step.people > 1 and (len(hands) < step.people or 0 < hands.count(-1) < step.people)
    return "too_few" if short else ""


def at_work(visit: Visit, ms: int) -> tuple[int, ...]:
    """Who has a visit in hand at a millisecond."""
    return next((people for people, start, end in visit.work if start <= ms < end), ())


def test_the_ledger_ms_by_ms(tmp_path):
    """By brute force: at every single millisecond, who is here, what have they in hand, and why does a case wait?"""
    log = two_busy_minutes(tmp_path)
    plan, v = log.plan, log.visits
    ledger = by_visit(View(log))
    naive = Naive(log)
    shifts = [plan.calendar(person) for person in range(len(plan.people))]
    pausing = [plan.roles[person.role].at_shift_end == 1 for person in plan.people]
    could = [{role for role, _ in plan.lines[step.line].servers} if step.line >= 0 else set() for step in plan.steps]
    counted = np.zeros_like(ledger)
    order = sorted(range(len(v.case)), key=lambda row: naive.visits[row].joined)
    here: list[int] = []
    for ms in range(plan.runs_for):
        while order and naive.visits[order[0]].joined <= ms:
            here.append(order.pop(0))
        here = [row for row in here if ms < naive.visits[row].gone]
        on = [any(a <= ms < b for a, b in own) for own in shifts]
        hand = [-1] * len(plan.people)
        for row in here:
            for person in at_work(naive.visits[row], ms):
                hand[person] = naive.visits[row].step
        for row in here:
            visit, step = naive.visits[row], plan.steps[naive.visits[row].step]
            if step.verb != WORK:
                first = next((at for at in step.departures if at >= visit.joined), plan.runs_for)
                cause = "transit" if step.name == "cool" else "departure" if ms < first else "full"
            elif people := at_work(visit, ms):
                cause = "resting" if any(pausing[p] and not on[p] for p in people) else "working"
            else:
                hands = [hand[p] for p, who in enumerate(plan.people) if on[p] and who.role in could[visit.step]]
                same_work = sum(step == visit.step for step in hands)
                busy = "busy_same" if same_work >= len(hands) - same_work else "busy_other"
                lonely = step_needs(step, hands)
                nobody = naive.nobody(could[visit.step], ms) if not hands else ""
                cause = nobody or lonely or ("held_back" if -1 in hands else busy)
            counted[row, CAUSES.index(cause)] += 1
    np.testing.assert_array_equal(ledger, counted)
    occur = {cause for cause, total in zip(CAUSES, counted.sum(axis=0), strict=True) if total}
    assert occur == {*CAUSES} - {"rest_day"}, "every cause occurs, but for one that takes a day (test_absence.py)"
    check(log)


def test_a_promise_in_working_time(tmp_path):
    """Asked on Monday about 16:30: 8 office hours end on Tuesday then. Answers come at 16:00 and 16:45."""
    hours = {"office": {"Mon-Fri": ["09:00-17:00"]}, "day": {"Tue": ["15:15-16:45"]}}
    scenario = shop(
        work("answer", "agent", 45),
        roles={"agent": people(1, "day")},
        hours=hours,
        runs_for="4 days",
        arrivals={"order": {"timetable": {"Mon": ["16:30", "16:29"]}}},
        promises={
            "8 office hours": {"route": "order", "ends": "answer", "within": "8 h", "in_hours": "office", "share": 0.9},
            "24 h": {"route": "order", "ends": "answer", "within": "24 h", "share": 0.9},
        },
    )
    log = run(plan := plan_of(tmp_path, scenario), Draws(plan, 1, 0))
    values = measure_all(View(log))
    assert [values["promise", "8 office hours", name] for name in ("kept", "broken")] == [1, 1]
    assert [values["promise", "24 h", name] for name in ("kept", "broken")] == [1, 1]
    check(log)


def test_overtime_on_friday_keeps_a_promise_of_eight_office_hours(tmp_path):
    """Asked on Friday at 16:30 and answered in overtime at 17:30: half an hour of eight has passed."""
    scenario = shop(
        work("answer", "agent", 60),
        starts=MONDAY + dt.timedelta(days=4),
        roles={"agent": people(1, "office")},
        hours={"office": {"Mon-Fri": ["09:00-17:00"]}},
        runs_for="1 week",
        arrivals={"order": {"timetable": {"Fri": ["16:30"]}}},
        promises={"80/20": {"route": "order", "ends": "answer", "within": "31 min", "in_hours": "office", "share": 1}},
    )
    log = run(plan := plan_of(tmp_path, scenario), Draws(plan, 1, 0))
    assert measure_all(View(log))["promise", "80/20", "kept"] == 1


@pytest.mark.parametrize(
    ("how", "kept", "broken"),
    [
        ({}, 1, 3),
        ({"gave_up": "broken"}, 1, 3),
        ({"gave_up": "left out"}, 1, 1),
        ({"gave_up": "kept"}, 3, 1),
        ({"gave_up": "left out", "early": "5 min"}, 1, 2),
        ({"gave_up": "kept", "early": "5 min"}, 2, 2),
    ],
)
def test_three_ways_to_count_who_gave_up(tmp_path, how, kept, broken):
    """Order 0 is taken at once, for 30 min; 1 gives up after 5 min, 2 after 10 and 3 after 20; promised are 10."""
    patience = {"empirical": {"values": ["5 min"]}}
    steps = [work("answer", "agent", 30, patience=p, gives_up_to="gone") for p in (patience, 10, 20)]
    routes = {f"r{i}": route(step, end("done"), end("gone")) for i, step in enumerate(steps)}
    scenario = shop(
        roles={"agent": 1},
        runs_for="2 h",
        arrivals={
            "first": {**at(0), "route": "r2"},
            "five": {**at(1), "route": "r0"},
            "ten": {**at(1), "route": "r1"},
            "twenty": {**at(1), "route": "r2"},
        },
        route=routes,
        promises={
            name: {"route": name, "begins": "answer", "within": "10 min", "share": 0.8, **how} for name in routes
        },
    )
    log = run(plan := plan_of(tmp_path, scenario), Draws(plan, 1, 0))
    values = measure_all(View(log))
    assert sum(values["promise", name, "kept"] for name in routes) == kept
    assert sum(values["promise", name, "broken"] for name in routes) == broken
    check(log)


def test_a_promise_of_several_steps_counts_the_first_that_a_case_comes_to(tmp_path):
    """Large orders go by freight: both ways of leaving are meant, and nobody is left out in silence."""
    scenario = shop(
        branch("large", "freight", when={"value_over": 100}),
        wait("parcel", 20),
        branch("sent", "done", chance=1.0),
        wait("freight", 50),
        runs_for="3 h",
        arrivals={"order": at(0, 1), "rich": {**at(2), "route": "order", "value": 200}},
        promises={
            "either": {"route": "order", "ends": ["parcel", "freight"], "within": "30 min", "share": 0.9},
            "parcels": {"route": "order", "ends": "parcel", "within": "30 min", "share": 0.9},
        },
    )
    log = run(plan := plan_of(tmp_path, scenario), Draws(plan, 1, 0))
    values = measure_all(View(log))
    assert [values["promise", "either", name] for name in ("kept", "broken")] == [2, 1]
    assert [values["promise", "parcels", name] for name in ("kept", "broken")] == [2, 0]
    check(log)


def test_verdicts_on_a_promise_by_hand(tmp_path):
    scenario = shop(
        branch("dear", "done", when={"value_over": 100}),
        work("pack", "packer", 30, patience=40, gives_up_to="done"),
        wait("ride", 20),
        end("there"),
        roles={"packer": 1},
        runs_for="150 min",
        arrivals={"order": at(0, 20, 21, 25, 95, 100), "rich": {**at(30), "route": "order", "value": 200}},
        promises={
            "there": {"route": "order", "ends": "ride", "within": "60 min", "share": 0.9},
            "begun": {"route": "order", "begins": "pack", "within": "10 min", "share": 0.9},
            "packed": {"route": "order", "ends": "pack", "within": "40 min", "share": 0.9},
            "quick ride": {"route": "order", "ends": "ride", "since": "ride", "within": "20 min", "share": 0.9},
        },
    )
    log = run(plan := plan_of(tmp_path, scenario), Draws(plan, 1, 0))
    values = measure_all(View(log))
    # came  packed    there | there      begun   packed   quick ride
    #    0    0-30       50 | kept       kept    kept     kept
    #   20   30-60       80 | kept       kept    kept     kept
    #   21   60-90      110 | broken     broken  broken   kept
    #   25  gave up at 65   | not meant  broken  broken   not meant
    #   30  too dear        | not meant in any
    #   95   95-125     145 | undecided  kept    kept     kept (an hour after 95 the run is over)
    #  100  125-(155)       | undecided  broken  broken   undecided (its clock has not started)
    told = {"there": (2, 1, 2), "begun": (3, 3, 0), "packed": (3, 3, 0), "quick ride": (4, 0, 1)}
    for name, counts in told.items():
        assert tuple(values["promise", name, verdict] for verdict in ("kept", "broken", "undecided")) == counts, name
        assert values["promise", name, "share"] == counts[0] / (counts[0] + counts[1])
    check(log)


def test_edges_by_hand(tmp_path):
    """The longest queue of the warm-up does not count; a tie of reasons is put down to the same work; a promise whose
    time ends with the run is undecided.
    """
    scenario = shop(
        work("pack", "packer", 10),
        roles={"packer": 2},
        runs_for="40 min",
        warm_up="25 min",
        arrivals={"order": at(0, 1, 2, 3, 4, 28, 31), "list": at(27)},
        promises={
            "ten": {"route": "order", "ends": "pack", "within": "10 min", "share": 0.9},
            "nine": {"route": "order", "ends": "pack", "within": "9 min", "share": 0.9},
        },
    )
    scenario["route"]["list"] = [{"steps": [work("count", "packer", 8), end("counted")]}]
    log = run(plan := plan_of(tmp_path, scenario), Draws(plan, 1, 0))
    values = measure_all(View(log))
    # packed 0-10, 1-11, 10-20, 11-21, 20-30 (and 3 wait from 4 to 10); counted 27-35; the order of 28 waits until 30,
    # one packer packing, one counting: 30-40, which is the end of the run; that of 31 waits for both until 35
    assert values["step", "order/pack", "queue_max"] == 1
    ledger = by_visit(View(log))[np.flatnonzero(log.visits.joined == 28 * MINUTE)][0]
    assert ledger[CAUSES.index("busy_same")] == 2 * MINUTE
    assert [values["promise", name, "undecided"] for name in ("ten", "nine")] == [1, 1]
    assert [values["promise", name, "broken"] for name in ("ten", "nine")] == [1, 1]
    check(log)


def test_work_of_no_length_is_not_taken_for_what_follows_it(tmp_path):
    """At minute 10 the clerk signs case 0 in no time and begins to count case 1; who waits for a signature, waits for
    other work.
    """
    scenario = shop(
        wait("way", 10),
        work("sign", "clerk", 0, priority="first"),
        priorities=["first", "last"],
        roles={"clerk": 1},
        arrivals={"order": at(0, 5), "list": at(9)},
    )
    scenario["route"]["list"] = [{"steps": [wait("way", 1), work("count", "clerk", 20), end("counted")]}]
    log = run(plan := plan_of(tmp_path, scenario), Draws(plan, 1, 0))
    values = measure_all(View(log))
    assert values["ledger", "order", "busy_other"] == pytest.approx(15 / 60 / 2)  # from 15 to 30, the second of two
    assert values["ledger", "order", "busy_same"] == 0
    check(log)


def test_a_replication_keeps_what_was_measured_on_its_log(tmp_path):
    log = two_busy_minutes(tmp_path)
    kept = measure(Job(log.plan, log.seed, log.replication, "simpy"))
    defined = Naive(log).measures()
    assert all(same(kept.values[key], defined[key]) for key in defined)
    cycles = [case.ended - case.arrived for case in Naive(log).counted(0) if case.ended is not None]
    assert kept.cycles["order"] == pytest.approx(np.quantile(cycles, np.arange(1, 200) / 200) / HOUR)


def test_every_measure_has_a_unit(tmp_path):
    for kind, place, name in measure_all(View(two_busy_minutes(tmp_path))):
        assert unit(kind, place, name, "EUR")
    assert {"wait_min", "utilisation", "cycle_h", "share"} <= UNITS.keys()
    assert unit("money", "shop", "surplus_per_week", "EUR") == "EUR/week"


# --- promises by day ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("warm_up", "days", "good"), [("0 s", 3, 2), ("1 min", 3, 1)])
def test_days_on_which_a_promise_was_kept_by_hand(tmp_path, warm_up, days, good):
    """Monday one of two is in time, which is the half that was promised (but the one that was came in the warm-up);
    Tuesday one of three; Wednesday nobody comes; Thursday the only one is; on Friday the time is not over.
    """
    scenario = shop(
        work("pack", "packer", 30),
        roles={"packer": 1},
        runs_for="5 days",
        warm_up=warm_up,
        arrivals={
            "order": {
                "timetable": {
                    "Mon": ["00:00", "00:01"],
                    "Tue": ["00:00", "00:01", "00:02"],
                    "Thu": ["12:00"],
                    "Fri": ["23:50"],
                }
            }
        },
        promises={"soon": {"route": "order", "ends": "pack", "within": "40 min", "share": 0.5}},
    )
    log = run(plan := plan_of(tmp_path, scenario), Draws(plan, 1, 0))
    values = measure_all(View(log))
    told = [values["promise", "soon", name] for name in ("days", "days_kept", "days_share")]
    assert told == [days, good, good / days]
    check(log)


# --- money --------------------------------------------------------------------------------------------------------


def paid_shop() -> dict[str, Any]:
    """Four days, the first of them warm-up; seven hours a day on shift, 35 a week."""
    day = {"Mon-Fri": ["09:00-17:00"], "breaks": ["12:00-13:00"]}
    packers = [
        {"people": 2, "hours": "day"},
        {"name": "helper", "people": 1, "hours": "day", "from": dt.date(2024, 1, 3), "until": dt.date(2024, 1, 3)},
    ]
    packers[1]["pay"] = {"per_hour": 20}
    orders = [
        work("pack", "packer", 60),
        branch("dear", "by courier", when={"value_over": 100}),
        end("by post", outcome="sent"),
        end("by courier"),
    ]
    return shop(
        runs_for="4 days",
        warm_up="1 day",
        hours={"day": day},
        roles={
            "packer": {"teams": packers, "pay": {"per_hour": 30, "on_costs": 0.5, "overtime": 2}},
            "boss": people(1, "day", pay={"per_month": 3000, "overtime": 1.5}),
            "clerk": people(2, "day"),
        },
        arrivals={
            "order": {"timetable": {"Mon": ["10:00", "23:30"], "Tue": ["16:50"], "Thu": ["17:30"]}, "value": 80},
            "dear": {"route": "order", "timetable": {"Wed": ["10:00"]}, "value": 200},
            "audit": {"timetable": {"Wed": ["16:30"]}},
        },
        route={"order": [{"steps": orders}], "audit": [{"steps": [work("look", "boss", 60), end("seen")]}]},
        contribution={
            "order": {"share_of_value": 0.25, "per_case": -3, "outcomes": ["sent"]},
            "audit": {"per_case": 8},
        },
    )


def test_money_by_hand(tmp_path):
    log = run(plan := plan_of(tmp_path, paid_shop()), Draws(plan, 1, 0))
    values = {key[1:]: value for key, value in measure_all(View(log)).items() if key[0] == "money"}
    weeks = 3 / 7
    # the order of Tuesday is packed until 17:50, that of Thursday waits; of Monday's, the second ends on Tuesday
    packers = 2 * 3 * 7 * 30 * 1.5 + 50 / 60 * 30 * 2 * 1.5
    a_month, hours_of_a_month = 365.25 / 12, 35 / 7 * 365.25 / 12
    boss = 3000 * 3 / a_month + 0.5 * 3000 / hours_of_a_month * 1.5
    cost = {"packer/day": packers, "packer/helper": 7 * 20, "packer": packers + 140, "boss": boss, "boss/day": boss}
    for place, whole in cost.items():
        assert values[place, "cost_per_week"] == pytest.approx(whole / weeks), place
    assert np.isnan(values["clerk", "cost_per_week"])
    assert np.isnan(values["clerk/day", "cost_per_week"])
    assert values["shop", "staff_cost_per_week"] == pytest.approx((packers + 140 + boss) / weeks)
    assert values["shop", "contribution_per_week"] == pytest.approx((2 * (0.25 * 80 - 3) + 8) / weeks)
    assert values["shop", "surplus_per_week"] == pytest.approx((42 - packers - 140 - boss) / weeks)
    check(log)


@pytest.mark.parametrize("said", ["pay", "contribution", "neither"])
def test_what_is_not_known_of_money_is_left_out(tmp_path, said):
    scenario = paid_shop()
    if said != "contribution":
        del scenario["contribution"]
    if said != "pay":
        del scenario["roles"]["packer"]["pay"], scenario["roles"]["packer"]["teams"][1]["pay"]
        del scenario["roles"]["boss"]["pay"]
    log = run(plan := plan_of(tmp_path, scenario), Draws(plan, 1, 0))
    found = {key[2] for key in measure_all(View(log)) if key[0] == "money"}
    left = {
        "pay": {"cost_per_week", "staff_cost_per_week"},
        "contribution": {"contribution_per_week"},
        "neither": set(),
    }
    assert found == left[said]
    check(log)


def test_a_role_of_which_one_team_has_no_pay_has_no_cost_but_its_other_team_has(tmp_path):
    scenario = paid_shop()
    del scenario["roles"]["packer"]["pay"]
    log = run(plan := plan_of(tmp_path, scenario), Draws(plan, 1, 0))
    values = measure_all(View(log))
    assert np.isnan(values["money", "packer", "cost_per_week"])
    assert values["money", "packer/helper", "cost_per_week"] == pytest.approx(140 * 7 / 3)
    assert values["money", "shop", "staff_cost_per_week"] == pytest.approx(
        140 * 7 / 3 + values["money", "boss", "cost_per_week"]
    )
    check(log)


def test_work_that_rests_over_night_is_no_overtime_to_pay(tmp_path):
    scenario = paid_shop()
    scenario["roles"]["packer"]["at_shift_end"] = "pause"
    log = run(plan := plan_of(tmp_path, scenario), Draws(plan, 1, 0))
    assert measure_all(View(log))["money", "packer/day", "cost_per_week"] == pytest.approx(2 * 3 * 7 * 30 * 1.5 * 7 / 3)
    check(log)
