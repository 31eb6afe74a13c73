"""`end`: the case is over. Every log is worked out by hand."""

from __future__ import annotations

from tests.helpers.shops import at, branch, end, path, play, refusal, route, rows, shop, wait

FORK = branch("refused", "cancelled", when={"lines_over": 1})


def test_a_case_ends_at_the_end_it_comes_to(tmp_path):
    steps = (wait("pay", 3), FORK, end("delivered"), end("cancelled"))
    streams = {f"of {n}": {"route": "order", "lines": n, **at(n)} for n in (1, 2)}
    log = play(tmp_path, shop(route={"order": route(*steps)}, arrivals=streams))
    assert rows(log, "delivered", "cancelled") == [
        (0, "delivered", "", 4, 4, 4, "served"),
        (1, "cancelled", "", 5, 5, 5, "served"),
    ]


def test_outcomes_are_called_like_the_step_unless_named(tmp_path):
    steps = (FORK, end("handed over", outcome="delivered"), end("cancelled"))
    plan = play(tmp_path, shop(route={"order": route(*steps)})).plan
    assert plan.outcomes == ("delivered", "cancelled")
    assert [step.outcome for step in plan.steps] == [-1, 0, 1]


def test_ends_of_several_routes_may_share_an_outcome(tmp_path):
    routes = {"order": route(end("a", outcome="over")), "return": route(end("b", outcome="over"))}
    plan = play(tmp_path, shop(route=routes, arrivals={"order": at(0), "return": at(1)})).plan
    assert plan.outcomes == ("over",)


def test_a_route_may_be_nothing_but_its_end(tmp_path):
    log = play(tmp_path, shop(arrivals={"order": at(7)}))
    assert path(log, 0) == ["done"]
    assert rows(log, "done") == [(0, "done", "", 7, 7, 7, "served")]


def test_a_route_without_end_is_refused(tmp_path):
    said = refusal(tmp_path, shop(route={"order": route(wait("pay", 3))}))
    assert 'the route does not end: after "pay" comes nothing; close it with do = "end"' in said


def test_what_stands_behind_an_end_must_be_reached(tmp_path):
    said = refusal(tmp_path, shop(route={"order": route(end("done"), wait("pay", 3), end("paid"))}))
    assert "no case can ever reach this step" in said


def test_two_steps_of_one_name_are_refused(tmp_path):
    assert 'the route has two steps called "done"' in refusal(tmp_path, shop(end("done")))


def test_an_end_takes_no_time_and_nobody(tmp_path):
    said = refusal(tmp_path, shop(route={"order": route(end("done", takes="1 min"))}))
    assert 'unknown key "takes"' in said


def test_something_that_is_no_verb_is_refused(tmp_path):
    said = refusal(tmp_path, shop({"name": "pay", "do": "wurk"}))
    assert '"wurk" is not something a step can do; did you mean "work"?' in said
    assert 'needs the key "do"' in refusal(tmp_path, shop({"name": "pay"}))
