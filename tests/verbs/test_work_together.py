"""`work` with several people on one case, and with several cases at one person. Every log is worked out by hand."""

from __future__ import annotations

from typing import Any

from tests.helpers.shops import at, end, people, play, refusal, route, rows, shop, work

LIFT_AND_LABEL = {
    "lifting": route(work("lift", "packer", 5, people=2), end("lifted")),
    "labelling": route(work("label", ["clerk", "packer"], 10), end("labelled")),
}
"""Two queues of the same packers (there is no clerk)."""


# --- several people on one case -------------------------------------------------------------------------------


def test_a_case_waits_until_enough_people_are_free(tmp_path):
    log = play(tmp_path, shop(work("lift", "packer", 5, people=2), roles={"packer": 3}, arrivals={"order": at(0, 1)}))
    assert rows(log) == [
        (0, "lift", "packer 1 + packer 2", 0, 0, 5, "served"),
        (1, "lift", "packer 1 + packer 2", 1, 5, 10, "served"),
    ]


def test_the_slowest_sets_the_pace(tmp_path):
    roles = {"packer": {"teams": [{"people": 3, "hours": "always", "speed": [2.0, 0.5, 1.0]}]}}
    scenario = shop(work("lift", "packer", 5, people=2), work("label", "packer", 2), roles=roles)
    assert rows(play(tmp_path, scenario)) == [
        (0, "lift", "packer 1 + packer 2", 0, 0, 10, "served"),
        (0, "label", "packer 1", 10, 10, 11, "served"),
    ]


def test_several_people_come_from_several_roles_in_order_of_preference(tmp_path):
    roles = {"picker": 2, "packer": 1, "driver": people(2, also_does={"packer": 0.5})}
    scenario = shop(work("lift", ["packer", "picker"], 4, people=4), roles=roles)
    assert rows(play(tmp_path, scenario)) == [
        (0, "lift", "packer 1 + picker 1 + picker 2 + driver 1", 0, 0, 8, "served")
    ]


def test_people_are_kept_for_the_case_that_needs_several(tmp_path):
    """At 1 the lift finds one packer free, who is kept for it: the label of minute 2 must wait behind the lift."""
    streams = {"labelling": at(0, 2), "lifting": at(1)}
    log = play(tmp_path, shop(roles={"clerk": 0, "packer": 2}, route=LIFT_AND_LABEL, arrivals=streams))
    assert rows(log) == [
        (0, "lift", "packer 1 + packer 2", 1, 10, 15, "served"),
        (1, "label", "packer 1", 0, 0, 10, "served"),
        (2, "label", "packer 1", 2, 15, 25, "served"),
    ]


def test_people_are_not_kept_from_a_case_that_stands_before(tmp_path):
    """At 10 one packer is free: the label of minute 1 stands before the lift of minute 2 and takes her."""
    streams = {"labelling": at(0, 1, 5), "lifting": at(2, 20)}
    log = play(tmp_path, shop(roles={"clerk": 0, "packer": 2}, route=LIFT_AND_LABEL, arrivals=streams))
    assert rows(log) == [
        (0, "lift", "packer 1 + packer 2", 2, 11, 16, "served"),
        (1, "lift", "packer 1 + packer 2", 20, 26, 31, "served"),
        (2, "label", "packer 1", 0, 0, 10, "served"),
        (3, "label", "packer 2", 1, 1, 11, "served"),
        (4, "label", "packer 1", 5, 16, 26, "served"),
    ]


def test_who_is_kept_for_a_case_is_let_go_with_the_next_change_once_it_no_longer_fits(tmp_path):
    """The driver is busy. From 5 on the clerk, here until 20, is kept for the lift of ten minutes; after 10 it would no
    longer fit, but nothing changes in the crew before the second label comes at 15.
    """
    routes = {
        "lifting": route(work("lift", ["driver", "clerk"], 10, people=2), end("lifted")),
        "driving": route(work("drive", "driver", 60), end("driven")),
        "labelling": route(work("label", ["packer", "clerk"], 1), end("labelled")),
    }
    roles = {"driver": 1, "packer": 0, "clerk": people(1, "short", at_shift_end="start only what fits")}
    hours = {"short": {"Mon-Sun": ["00:00-00:20"]}}
    streams = {"lifting": at(5), "driving": at(0), "labelling": at(6, 15)}
    log = play(tmp_path, shop(roles=roles, hours=hours, route=routes, arrivals=streams))
    assert rows(log) == [
        (0, "lift", "", 5, None, None, "open"),
        (1, "drive", "driver 1", 0, 0, 60, "served"),
        (2, "label", "clerk 1", 6, 15, 16, "served"),
        (3, "label", "clerk 1", 15, 16, 17, "served"),
    ]


def test_more_people_than_are_ever_together_are_refused(tmp_path):
    hours = {"early": {"Mon-Sun": ["00:00-12:00"]}, "late": {"Mon-Sun": ["12:00-24:00"]}}
    roles = {"packer": {"teams": [{"people": 1, "hours": "early"}, {"people": 1, "hours": "late"}]}}
    said = refusal(tmp_path, shop(work("lift", "packer", 5, people=2), roles=roles, hours=hours))
    assert "this needs 2 people at once; never more than 1 of packer are on shift together" in said


def test_people_and_at_once_exclude_each_other(tmp_path):
    said = refusal(tmp_path, shop(work("lift", "packer", 5, people=2, at_once=2), roles={"packer": 2}))
    assert "people and at_once cannot both be above 1" in said


def test_too_many_people_are_refused(tmp_path):
    said = refusal(tmp_path, shop(work("lift", "packer", 5, people=21), roles={"packer": 30}))
    assert "must be at most 20; got 21" in said


# --- several cases at one person ------------------------------------------------------------------------------


def chat(number: int = 2, by: str | list[str] = "agent", takes: int = 6, **more: object) -> dict[str, object]:
    return work("chat", by, takes, at_once=number, **more)


def test_one_person_holds_several_cases(tmp_path):
    log = play(tmp_path, shop(chat(), roles={"agent": 1}, arrivals={"order": at(0, 1, 2)}))
    assert rows(log) == [
        (0, "chat", "agent 1", 0, 0, 6, "served"),
        (1, "chat", "agent 1", 1, 1, 7, "served"),
        (2, "chat", "agent 1", 2, 6, 12, "served"),
    ]


def test_each_further_case_in_hand_makes_it_slower_as_counted_at_its_beginning(tmp_path):
    log = play(tmp_path, shop(chat(3, slower_by=0.5), roles={"agent": 1}, arrivals={"order": at(0, 1, 2, 20)}))
    assert rows(log) == [
        (0, "chat", "agent 1", 0, 0, 6, "served"),
        (1, "chat", "agent 1", 1, 1, 10, "served"),
        (2, "chat", "agent 1", 2, 2, 14, "served"),
        (3, "chat", "agent 1", 20, 20, 26, "served"),
    ]


def test_cases_begun_at_one_instant_slow_each_other_in_their_order(tmp_path):
    streams = {name: {"route": "order", **at(0)} for name in ("a", "b", "c")}
    log = play(tmp_path, shop(chat(3, slower_by=1), roles={"agent": 1}, arrivals=streams))
    assert rows(log) == [
        (0, "chat", "agent 1", 0, 0, 6, "served"),
        (1, "chat", "agent 1", 0, 0, 12, "served"),
        (2, "chat", "agent 1", 0, 0, 18, "served"),
    ]


def test_idle_people_come_first_then_who_holds_fewest(tmp_path):
    log = play(tmp_path, shop(chat(3, takes=20), roles={"agent": 2}, arrivals={"order": at(0, 1, 2, 3, 4, 5, 6)}))
    assert [row[2] for row in rows(log)] == [
        "agent 1",
        "agent 2",
        "agent 1",
        "agent 2",
        "agent 1",
        "agent 2",
        "agent 1",
    ]
    assert rows(log)[-1] == (6, "chat", "agent 1", 6, 20, 40, "served")


def test_the_preferred_role_is_filled_up_before_the_next_is_asked(tmp_path):
    scenario = shop(chat(by=["agent", "lead"]), roles={"lead": 1, "agent": 1}, arrivals={"order": at(0, 1, 2, 3, 4)})
    assert [(row[2], row[4]) for row in rows(play(tmp_path, scenario))] == [
        ("agent 1", 0),
        ("agent 1", 1),
        ("lead 1", 2),
        ("lead 1", 3),
        ("agent 1", 6),
    ]


def test_nobody_holds_cases_of_two_steps(tmp_path):
    """One queue: the mail at its head waits until the agent holds nothing, and the next chat behind it."""
    routes = {"order": route(chat(takes=10), end("a")), "mail": route(work("answer", "agent", 5), end("b"))}
    log = play(tmp_path, shop(roles={"agent": 1}, route=routes, arrivals={"order": at(0, 2), "mail": at(1)}))
    assert rows(log) == [
        (0, "chat", "agent 1", 0, 0, 10, "served"),
        (1, "chat", "agent 1", 2, 15, 25, "served"),
        (2, "answer", "agent 1", 1, 10, 15, "served"),
    ]


def test_a_queue_whose_head_must_wait_does_not_hold_up_another_queue(tmp_path):
    """Two queues: while the mail waits for idle hands, the next chat joins the one in hand."""
    mail = route(work("answer", ["clerk", "agent"], 5), end("b"))
    routes = {"order": route(chat(takes=10), end("a")), "mail": mail}
    roles = {"clerk": 0, "agent": 1}
    log = play(tmp_path, shop(roles=roles, route=routes, arrivals={"order": at(0, 2), "mail": at(1)}))
    assert rows(log) == [
        (0, "chat", "agent 1", 0, 0, 10, "served"),
        (1, "chat", "agent 1", 2, 2, 12, "served"),
        (2, "answer", "agent 1", 1, 12, 17, "served"),
    ]


def test_slower_by_needs_at_once(tmp_path):
    said = refusal(tmp_path, shop(work("chat", "agent", 5, slower_by=0.5), roles={"agent": 1}))
    assert "slower_by needs at_once above 1" in said


DAY_AND_EVENING = {"day": {"Mon-Sun": ["09:00-17:00"]}, "evening": {"Mon-Sun": ["17:00-22:00"]}}


def pallet_and_parcels(hours: dict[str, Any], *parcels: str) -> dict[str, Any]:
    """A pallet that takes two at 17:01, and parcels at these times of day; two packers by day, one in the evening."""
    teams = [{"people": 2, "hours": "day"}, {"people": 1, "hours": "evening"}]
    return shop(
        roles={"packer": {"teams": teams}},
        hours=hours,
        arrivals={"pallet": {"timetable": {"Mon": ["17:01"]}}, "parcel": {"timetable": {"Mon": list(parcels)}}},
        route={
            "pallet": route(work("load", "packer", 10, people=2), end("loaded")),
            "parcel": route(work("pack", "packer", 10), end("packed")),
        },
        runs_for="2 days",
    )


def test_nobody_is_kept_for_help_that_comes_after_they_went_home(tmp_path):
    """The second pair of hands does not come before 09:00: the pallet leaves at 09:10 whatever she does till 22:00."""
    log = play(tmp_path, pallet_and_parcels(DAY_AND_EVENING, "17:02", "17:30", "21:55", "21:58"))
    five, nine = 17 * 60, 33 * 60
    assert rows(log) == [
        (0, "load", "packer 1 + packer 2", five + 1, nine, nine + 10, "served"),
        (1, "pack", "packer 3", five + 2, five + 2, five + 12, "served"),
        (2, "pack", "packer 3", five + 30, five + 30, five + 40, "served"),
        (3, "pack", "packer 3", five + 295, five + 295, five + 305, "served"),
        (4, "pack", "packer 1", five + 298, nine + 10, nine + 20, "served"),
    ]


def test_who_can_be_helped_before_going_home_is_kept(tmp_path):
    """A second packer comes for the last hour of the evening: she waits for him from 17:01."""
    hours = {"day": {"Mon-Sun": ["21:00-22:00"]}, "evening": {"Mon-Sun": ["17:00-22:00"]}}
    log = play(tmp_path, pallet_and_parcels(hours, "17:02"))
    five, nine = 17 * 60, 21 * 60
    assert rows(log) == [
        (0, "load", "packer 1 + packer 2", five + 1, nine, nine + 10, "served"),
        (1, "pack", "packer 3", five + 2, nine, nine + 10, "served"),
    ]


def test_a_case_set_aside_keeps_its_place(tmp_path):
    """The next morning the pallet comes before parcels that came before it was set aside and after it."""
    log = play(tmp_path, pallet_and_parcels(DAY_AND_EVENING, "17:02", "17:03", "21:58", "21:59"))
    assert [row[3:5] for row in rows(log, "load")] == [(17 * 60 + 1, 33 * 60)]
    assert [row[4] for row in rows(log, "pack")][-1] == 33 * 60 + 10
