"""`start`: a new case on another route. Every log is worked out by hand."""

from __future__ import annotations

from typing import Any

from tests.helpers.shops import (
    arrivals,
    at,
    branch,
    end,
    path,
    people,
    play,
    refusal,
    route,
    rows,
    shop,
    start,
    wait,
    work,
)


def two_routes(*steps: dict[str, Any], of_child: tuple[dict[str, Any], ...] = (), **parts: Any) -> dict[str, Any]:
    """A shop with the steps on the route "order" and, beside it, the route "return"."""
    routes = {"order": route(*steps, end("done")), "return": route(*of_child, end("back"))}
    return shop(route=routes, **parts)


def test_the_new_case_arrives_at_once_and_the_old_one_goes_on(tmp_path):
    steps = (wait("pay", 2), start("ask", "return"), wait("use", 5))
    log = play(tmp_path, two_routes(*steps, of_child=(wait("answer", 1),), arrivals={"order": at(0, 1)}))
    assert rows(log) == [
        (0, "pay", "", 0, 0, 2, "served"),
        (0, "ask", "", 2, 2, 2, "went"),
        (0, "use", "", 2, 2, 7, "served"),
        (1, "pay", "", 1, 1, 3, "served"),
        (1, "ask", "", 3, 3, 3, "went"),
        (1, "use", "", 3, 3, 8, "served"),
        (2, "answer", "", 2, 2, 3, "served"),
        (3, "answer", "", 3, 3, 4, "served"),
    ]
    assert log.cases.parent.tolist() == [-1, -1, 0, 1]


def test_the_new_case_arrives_later(tmp_path):
    log = play(tmp_path, two_routes(start("send back", "return", after=30), arrivals={"order": at(0, 1)}))
    assert arrivals(log, "return") == [(2, 30), (3, 31)]


def test_who_would_arrive_at_the_end_of_the_run_does_not(tmp_path):
    scenario = two_routes(start("send back", "return", after=30), arrivals={"order": at(0, 1)}, runs_for="31 min")
    assert arrivals(play(tmp_path, scenario), "return") == [(2, 30)]


def test_the_new_case_queues_at_the_instant_at_which_it_comes(tmp_path):
    """Both routes are done by one packer; the return comes at 5, behind the second order, which came at 1."""
    steps = (work("pack", "packer", 5), start("send back", "return"))
    scenario = two_routes(
        *steps, of_child=(work("check", "packer", 2),), roles={"packer": 1}, arrivals={"order": at(0, 1)}
    )
    assert rows(play(tmp_path, scenario), "pack", "check") == [
        (0, "pack", "packer 1", 0, 0, 5, "served"),
        (1, "pack", "packer 1", 1, 5, 10, "served"),
        (2, "check", "packer 1", 5, 10, 12, "served"),
        (3, "check", "packer 1", 10, 12, 14, "served"),
    ]


def test_under_a_condition(tmp_path):
    streams = {f"of {n}": {"route": "order", "lines": n, **at(n)} for n in (1, 2, 3)}
    log = play(tmp_path, two_routes(start("send back", "return", when={"lines_over": 1}), arrivals=streams))
    assert [row[6] for row in rows(log)] == ["passed", "went", "went"]
    assert log.cases.parent.tolist() == [-1, -1, -1, 1, 2]


def test_by_chance(tmp_path):
    streams = {"order": {"every": "1 min"}}
    log = play(tmp_path, two_routes(start("send back", "return", chance=0.2), arrivals=streams, runs_for="2 days"))
    assert abs(len(arrivals(log, "return")) - 0.2 * 2879) < 4.5 * (0.2 * 0.8 * 2879) ** 0.5
    log = play(tmp_path, two_routes(start("send back", "return", chance=0.0), arrivals=streams))
    assert arrivals(log, "return") == []


def test_a_case_that_passes_again_does_not_start_another(tmp_path):
    steps = (wait("use", 5), start("send back", "return"), branch("again", "use", chance=1.0, at_most=2))
    log = play(tmp_path, two_routes(*steps))
    assert rows(log, "send back") == [
        (0, "send back", "", 5, 5, 5, "went"),
        (0, "send back", "", 10, 10, 10, "passed"),
        (0, "send back", "", 15, 15, 15, "passed"),
    ]
    assert arrivals(log, "return") == [(1, 5)]


def test_only_the_first_pass_counts(tmp_path):
    """At 5 the case is not older than 7 minutes; when it passes again at 10, nothing is started any more."""
    steps = (
        wait("use", 5),
        start("send back", "return", when={"older_than": "7 min"}),
        branch("again", "use", chance=1.0, at_most=1),
    )
    log = play(tmp_path, two_routes(*steps))
    assert [row[6] for row in rows(log, "send back")] == ["passed", "passed"]


def test_the_new_case_is_like_the_old_one(tmp_path):
    streams = {"order": {**at(0), "lines": 3, "units": 4, "value": 99.5, "priority": "express"}}
    scenario = two_routes(start("send back", "return"), arrivals=streams, priorities=["express", "standard"])
    cases = play(tmp_path, scenario).cases
    assert (cases.lines[1], cases.units[1], cases.value[1], cases.rank[1]) == (3, 4, 99.5, 0)


def test_the_age_of_the_new_case_counts_from_its_own_arrival(tmp_path):
    child = (branch("old", "late", when={"older_than": "5 min"}), end("young"), end("late"))
    routes = {"order": route(wait("use", 60), start("send back", "return"), end("done")), "return": route(*child)}
    assert path(play(tmp_path, shop(route=routes)), 1) == ["old", "young"]


def test_two_steps_start_two_cases(tmp_path):
    log = play(tmp_path, two_routes(start("ask", "return"), start("send back", "return", after=3)))
    assert arrivals(log, "return") == [(1, 0), (2, 3)]
    assert log.cases.parent.tolist() == [-1, 0, 0]


def test_children_have_children(tmp_path):
    routes = {
        "order": route(start("ask", "contact", after=1), end("done")),
        "contact": route(start("send back", "return", after=2), end("answered")),
        "return": route(end("back")),
    }
    log = play(tmp_path, shop(route=routes))
    assert (arrivals(log, "contact"), arrivals(log, "return")) == ([(1, 1)], [(2, 3)])
    assert log.cases.parent.tolist() == [-1, 0, 1]


def test_a_route_may_have_both_a_stream_and_a_parent(tmp_path):
    scenario = two_routes(start("send back", "return", after=3), arrivals={"order": at(0), "return": at(1)})
    log = play(tmp_path, scenario)
    assert arrivals(log, "return") == [(1, 1), (2, 3)]
    assert log.cases.parent.tolist() == [-1, -1, 0]


def test_routes_in_a_circle_are_refused(tmp_path):
    scenario = two_routes(start("send back", "return"), of_child=(start("order again", "order"),))
    assert "routes start each other in a circle" in refusal(tmp_path, scenario)


def test_an_unknown_route_is_refused(tmp_path):
    said = refusal(tmp_path, two_routes(start("send back", "retun"), start("ask", "return")))
    assert 'there is no route "retun"; did you mean "return"?' in said


def test_a_route_that_nothing_leads_to_is_refused(tmp_path):
    assert "no arrivals and no start step lead to this route" in refusal(tmp_path, two_routes(wait("use", 5)))


def test_chance_and_when_exclude_each_other(tmp_path):
    step = start("send back", "return", chance=0.5, when={"nobody_on": "guard"})
    assert "give chance or when, not both" in refusal(tmp_path, two_routes(step, roles={"guard": people(1)}))
