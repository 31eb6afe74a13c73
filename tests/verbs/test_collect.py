"""`collect`: the next departure takes it along. Every log is worked out by hand."""

from __future__ import annotations

from tests.helpers.shops import at, collect, play, refusal, rows, shop, wait, work

PICK_UP = {"Mon-Sun": ["00:20", "00:50"]}


def test_the_next_departure_takes_everybody(tmp_path):
    log = play(tmp_path, shop(collect("van", departs=PICK_UP), arrivals={"order": at(0, 5, 21)}))
    assert rows(log) == [
        (0, "van", "", 0, 20, 20, "served"),
        (1, "van", "", 5, 20, 20, "served"),
        (2, "van", "", 21, 50, 50, "served"),
    ]


def test_who_joins_at_the_instant_of_departure_still_goes(tmp_path):
    """Case 0 leaves the packer at 20, case 1 at 25."""
    steps = (work("pack", "packer", 5), collect("van", departs=PICK_UP))
    log = play(tmp_path, shop(*steps, roles={"packer": 1}, arrivals={"order": at(15, 16)}))
    assert rows(log, "van") == [(0, "van", "", 20, 20, 20, "served"), (1, "van", "", 25, 50, 50, "served")]


def test_every_counts_from_the_start_of_the_run(tmp_path):
    log = play(tmp_path, shop(collect("van", every=15), arrivals={"order": at(0, 15, 16)}))
    assert [row[5] for row in rows(log)] == [15, 15, 30]


def test_a_departure_takes_as_many_as_have_room_in_order_of_joining(tmp_path):
    log = play(tmp_path, shop(collect("van", departs=PICK_UP, capacity=2), arrivals={"order": at(0, 1, 2, 3, 30)}))
    assert rows(log) == [
        (0, "van", "", 0, 20, 20, "served"),
        (1, "van", "", 1, 20, 20, "served"),
        (2, "van", "", 2, 50, 50, "served"),
        (3, "van", "", 3, 50, 50, "served"),
        (4, "van", "", 30, None, None, "open"),
    ]


def test_with_room_left_who_comes_later_in_that_instant_still_goes(tmp_path):
    """At 20 the van takes case 0. Cases 1 and 2 come at 20 and are labelled in no time, one after the other: the second
    seat is for case 1.
    """
    steps = (work("label", "packer", 0), collect("van", departs=PICK_UP, capacity=2))
    streams = {"order": at(0, 20), "more": {"route": "order", **at(20)}}
    log = play(tmp_path, shop(*steps, roles={"packer": 1}, arrivals=streams))
    assert [row[5] for row in rows(log, "van")] == [20, 20, 50]


def test_the_more_urgent_get_the_room(tmp_path):
    streams = {"order": at(0, 1), "rush": {"route": "order", "priority": "express", **at(2)}}
    scenario = shop(
        collect("van", departs=PICK_UP, capacity=1),
        arrivals=streams,
        priorities=["express", "standard"],
        runs_for="2 h",
    )
    assert rows(play(tmp_path, scenario)) == [
        (0, "van", "", 0, 50, 50, "served"),
        (1, "van", "", 1, None, None, "open"),
        (2, "van", "", 2, 20, 20, "served"),
    ]


def test_of_two_who_join_together_the_smaller_number_gets_the_room(tmp_path):
    streams = {"order": at(5), "more": {"route": "order", **at(5)}}
    log = play(tmp_path, shop(collect("van", departs=PICK_UP, capacity=1), arrivals=streams))
    assert [row[5] for row in rows(log)] == [20, 50]


def test_two_departures_have_their_room_each(tmp_path):
    steps = (
        collect("van", departs=PICK_UP, capacity=1),
        wait("ride", 30),
        collect("plane", every=60, capacity=1),
    )
    log = play(tmp_path, shop(*steps, arrivals={"order": at(0, 1)}))
    assert rows(log) == [
        (0, "van", "", 0, 20, 20, "served"),
        (0, "ride", "", 20, 20, 50, "served"),
        (0, "plane", "", 50, 60, 60, "served"),
        (1, "van", "", 1, 50, 50, "served"),
        (1, "ride", "", 50, 50, 80, "served"),
        (1, "plane", "", 80, 120, 120, "served"),
    ]


def test_a_departure_at_the_end_of_the_run_takes_nobody(tmp_path):
    for capacity in ({}, {"capacity": 1}):
        scenario = shop(collect("van", departs=PICK_UP, **capacity), runs_for="20 min")
        assert rows(play(tmp_path, scenario)) == [(0, "van", "", 0, None, None, "open")]


def test_days_of_the_week_count(tmp_path):
    """From Monday 10:00 to Wednesday 09:00."""
    scenario = shop(collect("van", departs={"Wed-Thu": ["09:00"]}), arrivals={"order": at(600)}, runs_for="1 week")
    assert rows(play(tmp_path, scenario)) == [(0, "van", "", 600, 2 * 1440 + 540, 2 * 1440 + 540, "served")]


def test_one_timetable_is_needed(tmp_path):
    assert "give either departs or every" in refusal(tmp_path, shop(collect("van")))
    assert "give either departs or every" in refusal(tmp_path, shop(collect("van", departs=PICK_UP, every=15)))
    assert "every must be at least 1 s" in refusal(tmp_path, shop(collect("van", every="10 ms")))


def test_a_timetable_must_be_one(tmp_path):
    said = refusal(tmp_path, shop(collect("van", departs={"Mo": ["00:20"]})))
    assert '"Mo" is not a day of the week; did you mean "Mon"?' in said
    said = refusal(tmp_path, shop(collect("van", departs={"Mon": ["25:00"]})))
    assert '"25:00" is not a time of day' in said
    assert "this timetable is empty" in refusal(tmp_path, shop(collect("van", departs={"Mon": []})))
    said = refusal(tmp_path, shop(collect("van", departs={"Mon-Tue": ["00:20"], "Tue": ["00:20"]})))
    assert "a time stands here twice" in said


def test_a_departure_without_room_is_refused(tmp_path):
    said = refusal(tmp_path, shop(collect("van", departs=PICK_UP, capacity=0)))
    assert "must be at least 1; got 0" in said
