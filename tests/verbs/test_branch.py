"""`branch`: elsewhere, or on. Every log is worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.shops import at, branch, end, path, people, play, refusal, route, rows, shop, wait, work

CLASSES = ["express", "standard"]


def forked(condition: dict[str, Any], *before: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """A shop where a case goes to "there" under a condition, else to "here"."""
    steps = (*before, branch("fork", "there", when=condition), end("here"), end("there"))
    return shop(route={"order": route(*steps)}, **parts)


def went(log: Any) -> list[bool]:
    """By case: whether it ended "there"."""
    return [path(log, case)[-1] == "there" for case in log.cases.case.tolist()]


# --- by chance ------------------------------------------------------------------------------------------------


def test_certainty_and_impossibility(tmp_path):
    steps = (wait("c", 1), branch("never", "c", chance=0.0, at_most=3), branch("sure", "e", chance=1.0), end("e"))
    assert rows(play(tmp_path, shop(route={"order": route(*steps)}))) == [
        (0, "c", "", 0, 0, 1, "served"),
        (0, "never", "", 1, 1, 1, "passed"),
        (0, "sure", "", 1, 1, 1, "went"),
    ]


def test_a_way_forward_passes_over_what_lies_between(tmp_path):
    steps = (branch("fork", "c", when={"lines_over": 1}), wait("a", 1), wait("b", 1), wait("c", 1))
    streams = {f"of {n}": {"route": "order", "lines": n, **at(0)} for n in (1, 2)}
    log = play(tmp_path, shop(*steps, arrivals=streams))
    assert [path(log, 0), path(log, 1)] == [["fork", "a", "b", "c", "done"], ["fork", "c", "done"]]


def test_chance_comes_true_as_often_as_it_says(tmp_path):
    steps = (branch("fork", "there", chance=0.3), end("here"), end("there"))
    streams = {"order": {"every": "1 min"}}
    log = play(tmp_path, shop(route={"order": route(*steps)}, arrivals=streams, runs_for="2 days"))
    assert len(went(log)) == 2879
    assert abs(sum(went(log)) / 2879 - 0.3) < 4.5 * (0.3 * 0.7 / 2879) ** 0.5


def test_a_way_back_is_taken_so_many_times_at_most(tmp_path):
    steps = (work("pack", "packer", 5), branch("wrong item", "pack", chance=1.0, at_most=2))
    assert rows(play(tmp_path, shop(*steps, roles={"packer": 1}))) == [
        (0, "pack", "packer 1", 0, 0, 5, "served"),
        (0, "wrong item", "", 5, 5, 5, "went"),
        (0, "pack", "packer 1", 5, 5, 10, "served"),
        (0, "wrong item", "", 10, 10, 10, "went"),
        (0, "pack", "packer 1", 10, 10, 15, "served"),
        (0, "wrong item", "", 15, 15, 15, "passed"),
    ]


def test_visits_are_counted_for_each_case_and_step(tmp_path):
    steps = (work("pack", "packer", 5), branch("wrong item", "pack", chance=1.0, at_most=1), work("seal", "packer", 1))
    log = play(tmp_path, shop(*steps, roles={"packer": 1}, arrivals={"order": at(0, 1)}))
    assert log.visits.visit.tolist() == [1, 1, 2, 2, 1, 1] * 2


def test_a_branch_may_lead_back_to_itself(tmp_path):
    log = play(tmp_path, shop(branch("again", "again", chance=1.0, at_most=2)))
    assert rows(log) == [
        (0, "again", "", 0, 0, 0, "went"),
        (0, "again", "", 0, 0, 0, "went"),
        (0, "again", "", 0, 0, 0, "passed"),
    ]


def test_only_returns_count_against_at_most_not_visits(tmp_path):
    """The inner way back is open to cases older than 7 minutes. The case passes it at 6, and is led round the outer
    one; it comes again at 12 and is now led back, for the first time; at 14 its one return is used up.
    """
    steps = (
        wait("a", 4),
        wait("b", 2),
        branch("inner", "b", when={"older_than": "7 min"}, at_most=1),
        branch("outer", "a", chance=1.0, at_most=1),
    )
    log = play(tmp_path, shop(*steps))
    assert path(log, 0) == ["a", "b", "inner", "outer", "a", "b", "inner", "b", "inner", "outer", "done"]
    assert rows(log, "inner", "outer") == [
        (0, "inner", "", 6, 6, 6, "passed"),
        (0, "outer", "", 6, 6, 6, "went"),
        (0, "inner", "", 12, 12, 12, "went"),
        (0, "inner", "", 14, 14, 14, "passed"),
        (0, "outer", "", 14, 14, 14, "passed"),
    ]


def test_every_visit_has_its_own_luck(tmp_path):
    """What comes of the second visit does not depend on the first: with chance one half, all four pairs occur."""
    steps = (wait("a", 0), branch("again", "a", chance=0.5, at_most=9))
    log = play(tmp_path, shop(*steps, arrivals={"order": {"every": "1 min"}}))
    visits = [path(log, case).count("again") for case in log.cases.case.tolist()]
    expected = len(visits) / 2
    assert abs(visits.count(1) - expected) < 4.5 * (expected / 2) ** 0.5
    assert abs(visits.count(2) - expected / 2) < 4.5 * (expected * 0.375) ** 0.5


# --- by a condition -------------------------------------------------------------------------------------------


def test_older_than_is_strict(tmp_path):
    log = play(tmp_path, forked({"older_than": "5 min"}, wait("a", 5)))
    assert went(log) == [False]
    log = play(tmp_path, forked({"older_than": "5 min"}, wait("a", "300001 ms")))
    assert went(log) == [True]


@pytest.mark.parametrize(
    ("condition", "what"), [("lines_over", "lines"), ("units_over", "units"), ("value_over", "value")]
)
def test_amounts_are_compared_strictly(tmp_path, condition, what):
    streams = {f"of {n}": {"route": "order", what: n, **at(n)} for n in (1, 2, 3)}
    assert went(play(tmp_path, forked({condition: 2}, arrivals=streams))) == [False, False, True]


def test_priority_is(tmp_path):
    streams = {"order": at(0), "rush": {"route": "order", "priority": "express", **at(1)}}
    log = play(tmp_path, forked({"priority_is": "express"}, arrivals=streams, priorities=CLASSES))
    assert went(log) == [False, True]
    log = play(tmp_path, forked({"priority_is": "standard"}, arrivals=streams, priorities=CLASSES))
    assert went(log) == [True, False]


def test_gave_up_at(tmp_path):
    steps = (
        work("chat", "agent", 5, patience=2, gives_up_to="note"),
        work("mail", "clerk", 1, patience=0, gives_up_to="note"),
        wait("note", 1),
    )
    roles = {"agent": 1, "clerk": 1}
    scenario = forked({"gave_up_at": "chat"}, *steps, roles=roles, arrivals={"order": at(0, 1, 20)})
    assert went(play(tmp_path, scenario)) == [False, True, False]
    scenario = forked({"gave_up_at": "mail"}, *steps, roles=roles, arrivals={"order": at(0, 1, 20)})
    assert went(play(tmp_path, scenario)) == [False, False, False]


def test_gave_up_at_remembers_earlier_visits(tmp_path):
    """Case 1 gives up at 3, comes again and is served from 5 on; it did give up once."""
    steps = (
        wait("dial", 0),
        work("chat", "agent", 5, patience=2, gives_up_to="retry"),
        branch("retry", "dial", when={"gave_up_at": "chat"}, at_most=1),
    )
    log = play(tmp_path, forked({"gave_up_at": "chat"}, *steps, roles={"agent": 1}, arrivals={"order": at(0, 1, 2)}))
    assert rows(log, "chat") == [
        (0, "chat", "agent 1", 0, 0, 5, "served"),
        (1, "chat", "", 1, None, 3, "gave_up"),
        (1, "chat", "", 3, None, 5, "gave_up"),
        (2, "chat", "", 2, None, 4, "gave_up"),
        (2, "chat", "agent 1", 4, 5, 10, "served"),
    ]
    assert went(log) == [False, True, True]


def test_nobody_on_is_half_open_and_looks_at_all_teams(tmp_path):
    """On shift from 10 to 20 (one team) and from 15 to 30 (another), busy or not."""
    hours = {"a": {"Mon-Sun": ["00:10-00:20"]}, "b": {"Mon-Sun": ["00:15-00:30"]}}
    roles = {"guard": {"teams": [{"people": 1, "hours": "a"}, {"people": 1, "hours": "b"}]}}
    scenario = forked({"nobody_on": "guard"}, roles=roles, hours=hours, arrivals={"order": at(9, 10, 20, 29, 30)})
    assert went(play(tmp_path, scenario)) == [True, False, False, False, True]


def test_nobody_on_is_true_of_a_role_without_people_and_of_an_empty_team(tmp_path):
    roles = {"guard": {"teams": [{"people": 0, "hours": "always"}]}, "clerk": people(0)}
    for role in roles:
        assert went(play(tmp_path, forked({"nobody_on": role}, roles=roles))) == [True]


def test_by_the_clock_the_limit_itself_is_too_late(tmp_path):
    """They come at 09, 10 and 11 past midnight, and are looked at two minutes later, each day anew."""
    came = {"order": {"timetable": {"Mon": ["00:09", "00:10", "00:11"], "Tue": ["00:09", "00:10"]}}}
    for condition, wanted in (
        ({"came_before": "00:10"}, [True, False, False, True, False]),
        ({"before": "00:12"}, [True, False, False, True, False]),
        ({"before": "00:00"}, [False] * 5),
    ):
        scenario = forked(condition, wait("look", 2), arrivals=came, runs_for="2 days")
        assert went(play(tmp_path, scenario)) == wanted


# --- misuse ---------------------------------------------------------------------------------------------------


def test_a_reason_is_needed_and_one_only(tmp_path):
    assert "give either chance or when" in refusal(tmp_path, shop(wait("a", 1), branch("fork", "done")))
    both = branch("fork", "done", chance=0.5, when={"lines_over": 2})
    assert "give either chance or when" in refusal(tmp_path, shop(wait("a", 1), both))


def test_a_way_back_without_end_is_refused(tmp_path):
    said = refusal(tmp_path, shop(wait("a", 1), branch("fork", "a", chance=0.5)))
    assert 'this leads back to "a" and could go on for ever; say at_most' in said
    said = refusal(tmp_path, shop(branch("fork", "done", chance=0.5, at_most=2), wait("a", 1)))
    assert "at_most is for a way back; this one leads forward" in said


def test_unknown_names_are_refused(tmp_path):
    said = refusal(tmp_path, shop(branch("fork", "don", chance=0.5)))
    assert 'there is no step of route order "don"; did you mean "done"?' in said
    for condition, what in (
        ({"nobody_on": "gard"}, 'there is no role "gard"'),
        ({"priority_is": "rush"}, 'there is no priority class "rush"'),
        ({"gave_up_at": "chat"}, 'there is no step with patience or room "chat"'),
        ({"older": "5 min"}, 'unknown key "older"'),
        ({"before": "25:00"}, '"25:00" is not a time of day'),
        ({"came_before": "24:00"}, '"24:00" is the end of the day'),
    ):
        assert what in refusal(tmp_path, forked(condition, roles={"guard": 1}))


def test_exactly_one_condition_is_needed(tmp_path):
    assert "give exactly one condition" in refusal(tmp_path, forked({}))
    assert "give exactly one condition" in refusal(tmp_path, forked({"lines_over": 2, "units_over": 2}))


def test_a_chance_above_one_is_refused(tmp_path):
    assert "must be at most 1; got 1.5" in refusal(tmp_path, shop(branch("fork", "done", chance=1.5)))


def test_a_step_that_no_case_reaches_is_refused(tmp_path):
    said = refusal(tmp_path, shop(branch("fork", "done", chance=1.0), wait("a", 1)))
    assert "no case can ever reach this step" in said
