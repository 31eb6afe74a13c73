"""`work`: priority and patience. Every log is worked out by hand."""

from __future__ import annotations

from typing import Any

from tests.helpers.shops import at, end, people, play, refusal, route, rows, shop, work

CLASSES = ["express", "standard"]


def impatient(patience: Any, **parts: Any) -> dict[str, Any]:
    """One packer, five minutes a case; who gives up is lost."""
    steps = (work("pack", "packer", 5, patience=patience, gives_up_to="lost"), end("packed"), end("lost"))
    return shop(roles={"packer": 1}, route={"order": route(*steps)}, **parts)


# --- priority -------------------------------------------------------------------------------------------------


def test_the_more_urgent_class_goes_first_but_interrupts_nobody(tmp_path):
    streams = {"order": at(0, 1, 2), "rush": {"route": "order", "priority": "express", **at(3)}}
    log = play(tmp_path, shop(work("pack", "packer", 5), roles={"packer": 1}, arrivals=streams, priorities=CLASSES))
    assert rows(log) == [
        (0, "pack", "packer 1", 0, 0, 5, "served"),
        (1, "pack", "packer 1", 1, 10, 15, "served"),
        (2, "pack", "packer 1", 2, 15, 20, "served"),
        (3, "pack", "packer 1", 3, 5, 10, "served"),
    ]


def test_classes_count_in_the_order_of_the_file(tmp_path):
    streams = {
        name: {"route": "order", "priority": name, **at(minute)}
        for name, minute in (("standard", 1), ("same day", 2), ("express", 3))
    }
    scenario = shop(
        work("pack", "packer", 5),
        roles={"packer": people(1, hours="from ten")},
        hours={"from ten": {"Mon-Sun": ["00:10-24:00"]}},
        arrivals=streams,
        priorities=["express", "same day", "standard"],
    )
    assert [row[4] for row in rows(play(tmp_path, scenario))] == [20, 15, 10]


def test_without_a_class_at_the_step_the_oldest_in_the_queue_goes_first(tmp_path):
    steps = (work("pack", "packer", 5), work("label", "packer", 2))
    log = play(tmp_path, shop(*steps, roles={"packer": 1}, arrivals={"order": at(0, 1)}, priorities=CLASSES))
    assert rows(log) == [
        (0, "pack", "packer 1", 0, 0, 5, "served"),
        (0, "label", "packer 1", 5, 10, 12, "served"),
        (1, "pack", "packer 1", 1, 5, 10, "served"),
        (1, "label", "packer 1", 10, 12, 14, "served"),
    ]


def test_a_step_may_put_its_cases_into_a_class(tmp_path):
    steps = (work("pack", "packer", 5), work("label", "packer", 2, priority="express"))
    log = play(tmp_path, shop(*steps, roles={"packer": 1}, arrivals={"order": at(0, 1)}, priorities=CLASSES))
    assert rows(log) == [
        (0, "pack", "packer 1", 0, 0, 5, "served"),
        (0, "label", "packer 1", 5, 5, 7, "served"),
        (1, "pack", "packer 1", 1, 7, 12, "served"),
        (1, "label", "packer 1", 12, 12, 14, "served"),
    ]


def test_a_class_at_the_step_also_takes_urgency_away(tmp_path):
    streams = {"order": at(0, 1), "rush": {"route": "order", "priority": "express", **at(2)}}
    steps = [work("pack", "packer", 5, priority="standard")]
    log = play(tmp_path, shop(*steps, roles={"packer": 1}, arrivals=streams, priorities=CLASSES))
    assert [row[4] for row in rows(log)] == [0, 5, 10]


def test_an_unknown_class_is_refused(tmp_path):
    scenario = shop(work("pack", "packer", 5, priority="expres"), roles={"packer": 1}, priorities=CLASSES)
    assert 'there is no priority class "expres"; did you mean "express"?' in refusal(tmp_path, scenario)
    streams = {"order": {**at(0), "priority": {"express": 0.5, "standard": 0.6}}}
    scenario = shop(work("pack", "packer", 5), roles={"packer": 1}, arrivals=streams, priorities=CLASSES)
    assert "the shares of priority add up to 1.1, not to 1" in refusal(tmp_path, scenario)


# --- patience -------------------------------------------------------------------------------------------------


def test_who_waits_too_long_gives_up(tmp_path):
    """Case 2 loses patience at 5, the very instant at which the packer is free: too late. Case 3 is served."""
    log = play(tmp_path, impatient(3, arrivals={"order": at(0, 1, 2, 3)}))
    assert rows(log) == [
        (0, "pack", "packer 1", 0, 0, 5, "served"),
        (1, "pack", "", 1, None, 4, "gave_up"),
        (2, "pack", "", 2, None, 5, "gave_up"),
        (3, "pack", "packer 1", 3, 5, 10, "served"),
    ]


def test_who_gives_up_goes_to_the_step_named(tmp_path):
    steps = (
        work("pack", "packer", 5, patience=3, gives_up_to="sell elsewhere"),
        end("packed"),
        work("sell elsewhere", "clerk", 2),
        end("sold"),
    )
    roles = {"packer": 1, "clerk": 1}
    log = play(tmp_path, shop(roles=roles, route={"order": route(*steps)}, arrivals={"order": at(0, 1)}))
    assert rows(log) == [
        (0, "pack", "packer 1", 0, 0, 5, "served"),
        (1, "pack", "", 1, None, 4, "gave_up"),
        (1, "sell elsewhere", "clerk 1", 4, 4, 6, "served"),
    ]


def test_patience_ends_with_the_beginning_of_work(tmp_path):
    log = play(tmp_path, impatient(1, arrivals={"order": at(0)}))
    assert rows(log) == [(0, "pack", "packer 1", 0, 0, 5, "served")]


def test_without_patience_a_case_is_still_offered_to_who_is_there(tmp_path):
    """Case 1 finds nobody and leaves at once; case 2 comes at the instant at which the packer is free."""
    log = play(tmp_path, impatient(0, arrivals={"order": at(0, 1, 5)}))
    assert rows(log) == [
        (0, "pack", "packer 1", 0, 0, 5, "served"),
        (1, "pack", "", 1, None, 1, "gave_up"),
        (2, "pack", "packer 1", 5, 5, 10, "served"),
    ]


def test_of_two_without_patience_the_first_is_served(tmp_path):
    log = play(tmp_path, impatient(0, arrivals={"order": at(0), "more": {"route": "order", **at(0)}}))
    assert rows(log) == [
        (0, "pack", "packer 1", 0, 0, 5, "served"),
        (1, "pack", "", 0, None, 0, "gave_up"),
    ]


def test_urgency_takes_the_turn_of_the_impatient(tmp_path):
    streams = {"order": at(0, 1), "rush": {"route": "order", "priority": "express", **at(2)}}
    log = play(tmp_path, impatient(6, arrivals=streams, priorities=CLASSES))
    assert rows(log) == [
        (0, "pack", "packer 1", 0, 0, 5, "served"),
        (1, "pack", "", 1, None, 7, "gave_up"),
        (2, "pack", "packer 1", 2, 5, 10, "served"),
    ]


def test_who_gives_up_at_the_end_of_the_run_is_still_waiting(tmp_path):
    log = play(tmp_path, impatient(3, arrivals={"order": at(0, 1, 2)}, runs_for="5 min"))
    assert rows(log) == [
        (0, "pack", "packer 1", 0, 0, None, "open"),
        (1, "pack", "", 1, None, 4, "gave_up"),
        (2, "pack", "", 2, None, None, "open"),
    ]


def test_who_gives_up_may_queue_again_for_the_same_people_at_the_same_instant(tmp_path):
    steps = (work("pack", "packer", 1, patience=0, gives_up_to="label"), work("label", "packer", 2))
    streams = {"order": at(0), "more": {"route": "order", **at(0)}}
    log = play(tmp_path, shop(*steps, roles={"packer": 1}, arrivals=streams))
    assert rows(log) == [
        (0, "pack", "packer 1", 0, 0, 1, "served"),
        (0, "label", "packer 1", 1, 3, 5, "served"),
        (1, "pack", "", 0, None, 0, "gave_up"),
        (1, "label", "packer 1", 0, 1, 3, "served"),
    ]


def test_when_the_head_of_a_queue_gives_up_the_next_is_served_at_once(tmp_path):
    """The lift needs both packers, of whom one is busy until 10; behind it waits a label that one packer can do."""
    lift = work("lift", "packer", 5, people=2, patience=3, gives_up_to="not lifted")
    routes = {
        "lifting": route(lift, end("lifted"), end("not lifted")),
        "labelling": route(work("label", "packer", 10), end("labelled")),
    }
    log = play(tmp_path, shop(roles={"packer": 2}, route=routes, arrivals={"lifting": at(1), "labelling": at(0, 2)}))
    assert rows(log) == [
        (0, "lift", "", 1, None, 4, "gave_up"),
        (1, "label", "packer 1", 0, 0, 10, "served"),
        (2, "label", "packer 2", 2, 4, 14, "served"),
    ]


def test_patience_and_its_way_out_belong_together(tmp_path):
    said = refusal(tmp_path, shop(work("pack", "packer", 5, patience=3), roles={"packer": 1}))
    assert "gives_up_to belongs to patience or room: say it with them, and only with them" in said


def test_nobody_gives_up_to_an_earlier_step(tmp_path):
    steps = (work("pick", "packer", 5), work("pack", "packer", 5, patience=3, gives_up_to="pick"))
    said = refusal(tmp_path, shop(*steps, roles={"packer": 1}))
    assert "who gives up goes on to a later one" in said


def test_nobody_gives_up_to_a_step_that_does_not_exist(tmp_path):
    said = refusal(tmp_path, shop(work("pack", "packer", 5, patience=3, gives_up_to="lost"), roles={"packer": 1}))
    assert 'there is no step of route order "lost"' in said


# --- room to wait -------------------------------------------------------------------------------------------------


def test_who_finds_no_room_leaves_at_once(tmp_path):
    """One chair: case 1 sits, 2 is turned away; 3 comes as 1 is begun, and finds the chair free."""
    steps = [work("ask", "clerk", 10, room=1, gives_up_to="done")]
    log = play(tmp_path, shop(*steps, roles={"clerk": 1}, arrivals={"order": at(0, 1, 2, 10)}))
    assert rows(log, "ask") == [
        (0, "ask", "clerk 1", 0, 0, 10, "served"),
        (1, "ask", "clerk 1", 1, 10, 20, "served"),
        (2, "ask", "", 2, None, 2, "gave_up"),
        (3, "ask", "clerk 1", 10, 20, 30, "served"),
    ]


def test_of_those_who_come_together_the_last_in_order_are_turned_away(tmp_path):
    """Nobody is needed for the first; of the four others two may sit: the urgent one, and the first of the rest."""
    steps = [work("ask", "clerk", 10, room=2, gives_up_to="done")]
    came = {"calm": {**at(0), "group": 4, "route": "order"}, "urgent": {**at(0), "priority": "a", "route": "order"}}
    scenario = shop(*steps, roles={"clerk": 1}, arrivals=came, priorities=["a", "b"])
    log = play(tmp_path, scenario)
    assert [(row[0], row[-1]) for row in rows(log, "ask")] == [
        (0, "served"), (1, "served"), (2, "gave_up"), (3, "gave_up"), (4, "served"),
    ]  # fmt: skip


def test_no_room_at_all_still_lets_the_idle_serve(tmp_path):
    steps = [work("ask", "clerk", 10, room=0, gives_up_to="done")]
    log = play(tmp_path, shop(*steps, roles={"clerk": 1}, arrivals={"order": at(0, 5, 10)}))
    assert [row[-1] for row in rows(log, "ask")] == ["served", "gave_up", "served"]


def test_who_was_there_before_stays_and_patience_runs_beside(tmp_path):
    """Case 1 sits until its patience is over at 6; 2 came to a full room; 3 finds it free at 6."""
    steps = [work("ask", "clerk", 10, room=1, patience=5, gives_up_to="done")]
    log = play(tmp_path, shop(*steps, roles={"clerk": 1}, arrivals={"order": at(0, 1, 3, 6)}))
    assert [(row[0], row[5], row[-1]) for row in rows(log, "ask")] == [
        (0, 10, "served"), (1, 6, "gave_up"), (2, 3, "gave_up"), (3, 20, "served"),
    ]  # fmt: skip
