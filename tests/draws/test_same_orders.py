"""Every order carries its own luck: what a change of the shop must not move does not move."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.draws import ByVisit, Draws
from sim.log import WENT, Log
from sim.plan import WORK
from sim.units import NOT_COME
from tests.helpers.shops import (
    all_rows,
    at,
    branch,
    collect,
    end,
    plan_of,
    play,
    play_plan,
    route,
    rows,
    shop,
    start,
    wait,
    work,
)

PICK = work("pick", "picker", {"gamma": {"mean": "4 min", "cv": 0.6}}, per="line")
PACK = work("pack", "packer", {"lognormal": {"mean": "6 min", "cv": 0.8}}, patience="3 h", gives_up_to="done")
AGAIN = branch("wrong item", "pick", chance=0.1, at_most=2)
VAN = collect("van", every="2 h", capacity=40)
BACK = start("send back", "return", chance=0.2, after={"exponential": {"mean": "3 h"}})
CHECK = work("check", "packer", {"gamma": {"mean": "5 min", "cv": 0.5}})
STEPS = (PICK, PACK, AGAIN, VAN, BACK)
STAFF = {"picker": 2, "packer": 2, "clerk": 9}


def store(*steps: dict[str, Any], staff: dict[str, int] = STAFF, **parts: Any) -> dict[str, Any]:
    """A busy day with returns. By default nobody is always free and nobody always busy."""
    routes = {"order": route(*(steps or STEPS), end("done")), "return": route(CHECK, end("back"))}
    streams = {"order": {"per_day": 300, "lines": {"empirical": {"values": [1, 2, 3]}}}}
    return shop(**{"roles": staff, "route": routes, "arrivals": streams, "runs_for": "2 days", **parts})


def lasted(log: Log) -> dict[tuple[int, str, int], int]:
    """(case, route/step, visit) → how long the work took, for all that was done."""
    v, found = log.visits, {}
    for i in np.flatnonzero((v.left >= 0) & (v.began >= 0)).tolist():
        if log.plan.steps[v.step[i]].verb == WORK:
            found[int(v.case[i]), log.plan.step_key(int(v.step[i])), int(v.visit[i])] = int(v.left[i] - v.began[i])
    return found


def decided(log: Log) -> dict[tuple[int, str, int], bool]:
    """(case, route/step, visit) → whether a branch or start took effect."""
    v, found = log.visits, {}
    for i, step in enumerate(v.step.tolist()):
        if log.plan.steps[step].decides:
            found[int(v.case[i]), log.plan.step_key(step), int(v.visit[i])] = bool(v.outcome[i] == WENT)
    return found


def agree(one: dict[Any, Any], other: dict[Any, Any]) -> int:
    """On how much two runs agree; they must, wherever both say something."""
    both = one.keys() & other.keys()
    assert {key: one[key] for key in both} == {key: other[key] for key in both}
    return len(both)


def arrived(log: Log, of: str = "order") -> list[list[Any]]:
    """Who came by a stream, when, and what they were like."""
    chosen = log.cases.route == [route.name for route in log.plan.routes].index(of)
    cases = log.cases
    return [column[chosen].tolist() for column in (cases.case, cases.arrived, cases.lines, cases.units, cases.rank)]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    log = play(tmp_path_factory.mktemp("base"), store())
    waited = log.visits.began > log.visits.joined
    assert waited.sum() > 300, "people are busy enough for changes to be felt"
    return log


# --- people and hours -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("staff", [{"picker": 3}, {"picker": 1}, {"packer": 4}, {"packer": 9, "picker": 9}])
def test_a_changed_headcount_faces_the_same_orders(tmp_path, base, staff):
    log = play(tmp_path, store(staff={**STAFF, **staff}))
    assert arrived(log) == arrived(base)
    assert agree(lasted(log), lasted(base)) > 500
    assert agree(decided(log), decided(base)) > 500
    assert rows(log, "pick", "pack") != rows(base, "pick", "pack")


def test_people_who_share_no_work_change_nothing_for_each_other(tmp_path, base):
    log = play(tmp_path, store(staff={**STAFF, "clerk": 1}))
    assert [row[3:] for row in rows(log)] == [row[3:] for row in rows(base)]


def test_changed_hours_face_the_same_orders(tmp_path, base):
    hours = {"day": {"Mon-Sun": ["08:00-20:00"]}}
    roles = {name: {"people": number, "hours": "day", "at_shift_end": "pause"} for name, number in STAFF.items()}
    log = play(tmp_path, store(roles=roles, hours=hours))
    assert arrived(log) == arrived(base)
    assert agree(decided(log), decided(base)) > 400


def test_a_slower_person_takes_longer_over_the_same_work(tmp_path):
    fast, slow = (
        play(tmp_path, store(roles={**STAFF, "packer": {"teams": [{"people": 9, "hours": "always", "speed": speed}]}}))
        for speed in (1.0, 0.5)
    )
    packed = [{key: ms for key, ms in lasted(log).items() if key[1] == "order/pack"} for log in (fast, slow)]
    both = packed[0].keys() & packed[1].keys()
    assert len(both) > 250
    assert all(packed[1][key] == 2 * packed[0][key] for key in both)


# --- steps ----------------------------------------------------------------------------------------------------


def test_a_step_put_in_moves_no_other_draw(tmp_path, base):
    seal = work("seal", "clerk", {"gamma": {"mean": "2 min", "cv": 0.5}})
    log = play(tmp_path, store(PICK, seal, PACK, branch("spoilt", "seal", chance=0.2, at_most=1), AGAIN, VAN, BACK))
    assert arrived(log) == arrived(base)
    assert agree(lasted(log), lasted(base)) > 500
    assert agree(decided(log), decided(base)) > 500


def test_a_step_put_in_at_the_end_moves_nothing_before_it(tmp_path, base):
    log = play(tmp_path, store(*STEPS, wait("transit", {"gamma": {"mean": "5 h", "cv": 0.5}})))
    names = [step["name"] for step in STEPS]
    assert rows(log, *names) == rows(base, *names)
    assert rows(log, "check") == rows(base, "check")


def test_another_kind_of_case_moves_nothing_if_it_needs_nobody_of_these(tmp_path, base):
    scenario = store()
    scenario["route"]["contact"] = route(work("answer", "clerk", {"gamma": {"mean": "9 min", "cv": 1.0}}), end("told"))
    scenario["arrivals"]["contact"] = {"per_day": 200}
    log = play(tmp_path, scenario)
    kept = log.cases.route < 2
    assert log.cases.arrived[kept].tolist() == base.cases.arrived.tolist()
    names = [step["name"] for step in STEPS] + ["check"]
    assert rows(log, *names) == rows(base, *names)


def test_a_doubled_mean_doubles_everybodys_time(tmp_path, base):
    longer = {**PACK, "takes": {"lognormal": {"mean": "12 min", "cv": 0.8}}}
    log = play(tmp_path, store(PICK, longer, AGAIN, VAN, BACK))
    one, two = lasted(base), lasted(log)
    both = [key for key in one.keys() & two.keys() if key[1] == "order/pack"]
    assert len(both) > 200
    assert all(abs(two[key] - 2 * one[key]) <= 1 for key in both)
    assert agree({k: v for k, v in one.items() if k[1] == "order/pick"}, two) > 200


# --- orders ---------------------------------------------------------------------------------------------------


def test_when_more_come_the_nth_order_is_the_same_order(tmp_path, base):
    scenario = store()
    scenario["arrivals"]["order"]["per_day"] = 400
    log = play(tmp_path, scenario)
    size = len(arrived(base)[0])
    assert [column[:size] for column in arrived(log)[2:]] == arrived(base)[2:]
    of_orders = [{k: v for k, v in lasted(run).items() if k[1].startswith("order/")} for run in (log, base)]
    assert agree(*of_orders) > 500


def test_one_order_less_moves_nobody_else_where_nobody_queues(tmp_path):
    """With people enough only their names may differ: who is free is taken by number."""
    plan = plan_of(
        tmp_path, store(PICK, PACK, AGAIN, collect("van", every="2 h"), BACK, staff={"picker": 99, "packer": 99})
    )
    draws = Draws(plan, 1, 0)
    whole = play_plan(plan, draws)
    assert (whole.visits.began == whole.visits.joined)[[plan.steps[s].verb == WORK for s in whole.visits.step]].all()
    gone = 100
    less = play_plan(plan, Without(draws, gone))
    family = {gone, *whole.cases.case[whole.cases.parent == gone].tolist()}
    assert {row[0] for row in rows(whole)} - {row[0] for row in rows(less)} == family
    assert [row[:2] + row[3:] for row in rows(less)] == [
        row[:2] + row[3:] for row in rows(whole) if row[0] not in family
    ]


def test_one_order_less_in_a_timetable_moves_nobody_else_where_nobody_queues(tmp_path):
    steps = (work("pack", "packer", 5), wait("transit", 30), collect("van", every=60))
    logs = [
        play(tmp_path, shop(*steps, roles={"packer": 2}, arrivals={"order": at(*minutes)}))
        for minutes in ((0, 3, 10, 20, 22), (0, 3, 20, 22))
    ]
    whole, less = ([row[1:2] + row[3:] for row in rows(log)] for log in logs)
    assert less == whole[:6] + whole[9:]


def test_one_order_less_in_a_queue_can_only_help_the_others(tmp_path):
    """One role, one queue, first come first served: nobody is served later than before (and somebody is earlier)."""
    plan = plan_of(tmp_path, store(PICK, BACK, staff={"picker": 2, "packer": 9}))
    draws = Draws(plan, 1, 0)
    whole, less = play_plan(plan, draws), play_plan(plan, Without(draws, 100))
    before = {row[0]: row[5] for row in rows(whole, "pick")}
    after = {row[0]: row[5] for row in rows(less, "pick") if row[5] is not None}
    assert all(before[case] is None or ends <= before[case] for case, ends in after.items())
    assert any(before[case] is None or ends < before[case] for case, ends in after.items())


def test_equal_seeds_give_equal_logs_and_others_do_not(tmp_path, base):
    assert all_rows(play(tmp_path, store())) == all_rows(base)
    assert all_rows(play(tmp_path, store(), seed=2)) != all_rows(base)


class Without(Draws):
    """The luck of others, as if one case of a stream had never come: its row goes unused."""

    def __init__(self, draws: Draws, case: int) -> None:
        self.__dict__.update(vars(draws))
        self.all = draws
        number = bisect_right(draws.bases, case) - 1
        row = case - draws.bases[number]
        luck = draws.cases[number]
        there = luck.arrived.copy()
        there[row] = NOT_COME
        self.cases = [*draws.cases[:number], replace(luck, arrived=there), *draws.cases[number + 1 :]]
        self.feeds = [list(feeds) for feeds in draws.feeds]
        self.feeds[number] = [part for feed in draws.feeds[number] for part in _around(feed, row)]

    def by_visit(self, step: int, what: str) -> ByVisit:
        return self.all.by_visit(step, what)


def _around(feed: Any, row: int) -> list[Any]:
    """A feed cut in two, without one of its rows."""
    if feed.stream < 0 or not feed.first <= row < feed.first + feed.size:
        return [feed]
    return [
        replace(feed, size=row - feed.first),
        replace(feed, first=row + 1, size=feed.first + feed.size - row - 1),
    ]


def test_groups_come_at_one_instant_and_each_case_has_its_own_luck(tmp_path):
    lines = {"empirical": {"values": [1, 2, 3, 4, 5, 6]}}
    together = {"timetable": {"Mon": ["00:10", "00:30"]}, "group": {"empirical": {"values": [2, 3]}}, "lines": lines}
    plan = plan_of(tmp_path, shop(wait("look", 1), arrivals={"order": together}, runs_for="1 day"))
    sizes = set()
    for replication in range(20):
        cases = Draws(plan, 1, replication).cases[0]
        instants, counts = np.unique(cases.arrived, return_counts=True)
        assert instants.tolist() == [600_000, 1_800_000]
        assert set(counts.tolist()) <= {2, 3}
        sizes |= set(counts.tolist())
        assert len(set(cases.lines.tolist())) > 1 or replication
    assert sizes == {2, 3}


def test_a_rate_does_not_change_who_is_in_the_first_groups(tmp_path):
    def cases(per_hour):
        arrivals = {"order": {"per_hour": per_hour, "group": {"empirical": {"values": [1, 4]}}, "lines": 3}}
        plan = plan_of(tmp_path, shop(wait("look", 1), arrivals=arrivals, runs_for="1 day"))
        arrived = Draws(plan, 5, 0).cases[0].arrived
        return np.unique(arrived, return_counts=True)[1]

    few, many = cases(2), cases(3)
    assert many.size > few.size
    assert many[: few.size - 1].tolist() == few[:-1].tolist()


def test_one_at_a_time_is_what_comes_without_groups(tmp_path):
    def of(**more):
        written = shop(wait("look", 1), arrivals={"order": {"per_hour": 5, "lines": 2, **more}}, runs_for="1 day")
        return Draws(plan_of(tmp_path, written), 5, 0).cases[0].arrived.tolist()

    assert of(group=1) == of()
