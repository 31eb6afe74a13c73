"""`work`: who takes it, and how long it lasts. Every log is worked out by hand."""

from __future__ import annotations

from tests.helpers.shops import at, people, play, refusal, route, rows, shop, wait, work


def test_one_person_serves_in_the_order_of_arrival(tmp_path):
    log = play(tmp_path, shop(work("pack", "packer", 5), roles={"packer": 1}, arrivals={"order": at(0, 1, 20)}))
    assert rows(log) == [
        (0, "pack", "packer 1", 0, 0, 5, "served"),
        (1, "pack", "packer 1", 1, 5, 10, "served"),
        (2, "pack", "packer 1", 20, 20, 25, "served"),
    ]


def test_free_people_take_work_by_number(tmp_path):
    log = play(tmp_path, shop(work("pack", "packer", 5), roles={"packer": 2}, arrivals={"order": at(0, 1, 2, 20)}))
    assert rows(log) == [
        (0, "pack", "packer 1", 0, 0, 5, "served"),
        (1, "pack", "packer 2", 1, 1, 6, "served"),
        (2, "pack", "packer 1", 2, 5, 10, "served"),
        (3, "pack", "packer 1", 20, 20, 25, "served"),
    ]


def test_who_joins_at_one_instant_is_served_by_case_number(tmp_path):
    streams = {"early": {"route": "order", **at(3)}, "order": at(0, 3)}
    log = play(tmp_path, shop(work("pack", "packer", 5), roles={"packer": 1}, arrivals=streams))
    assert rows(log) == [
        (0, "pack", "packer 1", 3, 5, 10, "served"),
        (1, "pack", "packer 1", 0, 0, 5, "served"),
        (2, "pack", "packer 1", 3, 10, 15, "served"),
    ]


def test_work_of_no_length_is_done_at_once_one_case_after_the_other(tmp_path):
    steps = (work("scan", "packer", 0), work("pack", "packer", 5))
    streams = {"order": at(0), "more": {"route": "order", **at(0)}}
    log = play(tmp_path, shop(*steps, roles={"packer": 1}, arrivals=streams))
    assert rows(log) == [
        (0, "scan", "packer 1", 0, 0, 0, "served"),
        (0, "pack", "packer 1", 0, 0, 5, "served"),
        (1, "scan", "packer 1", 0, 5, 5, "served"),
        (1, "pack", "packer 1", 5, 5, 10, "served"),
    ]


def test_what_is_not_over_at_the_end_of_the_run_stays_open(tmp_path):
    scenario = shop(work("pack", "packer", 5), roles={"packer": 1}, arrivals={"order": at(0, 5, 6)}, runs_for="10 min")
    assert rows(play(tmp_path, scenario)) == [
        (0, "pack", "packer 1", 0, 0, 5, "served"),
        (1, "pack", "packer 1", 5, 5, None, "open"),
        (2, "pack", "", 6, None, None, "open"),
    ]


def test_per_line_and_per_unit_add_up(tmp_path):
    steps = (
        work("check", "packer", 2),
        work("pick", "packer", 2, per="line"),
        work("wrap", "packer", 2, per="unit"),
    )
    log = play(tmp_path, shop(*steps, roles={"packer": 1}, arrivals={"order": {**at(0), "lines": 3, "units": 4}}))
    assert rows(log) == [
        (0, "check", "packer 1", 0, 0, 2, "served"),
        (0, "pick", "packer 1", 2, 2, 8, "served"),
        (0, "wrap", "packer 1", 8, 8, 16, "served"),
    ]


def test_everybody_works_at_their_own_speed(tmp_path):
    roles = {"packer": {"teams": [{"people": 3, "hours": "always", "speed": [0.5, 1.0, 2.0]}]}}
    log = play(tmp_path, shop(work("pack", "packer", 6), roles=roles, arrivals={"order": at(0, 1, 2)}))
    assert rows(log) == [
        (0, "pack", "packer 1", 0, 0, 12, "served"),
        (1, "pack", "packer 2", 1, 1, 7, "served"),
        (2, "pack", "packer 3", 2, 2, 5, "served"),
    ]


def test_time_is_rounded_to_the_millisecond(tmp_path):
    roles = {"packer": {"teams": [{"people": 1, "hours": "always", "speed": 0.7}]}}
    log = play(tmp_path, shop(work("pack", "packer", "1 s"), roles=roles))
    assert log.visits.left[0] == 1429


def test_roles_are_asked_in_order_of_preference(tmp_path):
    roles = {"picker": 1, "packer": 1}
    log = play(
        tmp_path, shop(work("pack", ["packer", "picker"], 5), roles=roles, arrivals={"order": at(0, 1, 2, 20, 21)})
    )
    assert rows(log) == [
        (0, "pack", "packer 1", 0, 0, 5, "served"),
        (1, "pack", "picker 1", 1, 1, 6, "served"),
        (2, "pack", "packer 1", 2, 5, 10, "served"),
        (3, "pack", "packer 1", 20, 20, 25, "served"),
        (4, "pack", "picker 1", 21, 21, 26, "served"),
    ]


def test_who_also_does_it_comes_last_and_takes_longer(tmp_path):
    roles = {"picker": people(1, also_does={"packer": 0.5}), "packer": 1}
    log = play(tmp_path, shop(work("pack", "packer", 4), roles=roles, arrivals={"order": at(0, 1, 2)}))
    assert rows(log) == [
        (0, "pack", "packer 1", 0, 0, 4, "served"),
        (1, "pack", "picker 1", 1, 1, 9, "served"),
        (2, "pack", "packer 1", 2, 4, 8, "served"),
    ]


def test_the_more_efficient_helpers_are_asked_first(tmp_path):
    roles = {
        "clerk": people(1, also_does={"packer": 0.5}),
        "picker": people(1, also_does={"packer": 0.8}),
        "packer": 1,
    }
    log = play(tmp_path, shop(work("pack", "packer", 4), roles=roles, arrivals={"order": at(0, 1, 2)}))
    assert rows(log) == [
        (0, "pack", "packer 1", 0, 0, 4, "served"),
        (1, "pack", "picker 1", 1, 1, 6, "served"),
        (2, "pack", "clerk 1", 2, 2, 10, "served"),
    ]


def test_speed_and_efficiency_multiply(tmp_path):
    team = {"people": 1, "hours": "always", "speed": 2.0}
    roles = {"packer": 0, "picker": {"teams": [team], "also_does": {"packer": 0.25}}}
    log = play(tmp_path, shop(work("pack", "packer", 4), roles=roles))
    assert rows(log) == [(0, "pack", "picker 1", 0, 0, 8, "served")]


def test_two_queues_that_share_people_are_served_as_one(tmp_path):
    routes = {
        "order": route(work("pick", "picker", 10), {"name": "picked", "do": "end"}),
        "return": route(work("check", ["clerk", "picker"], 10), {"name": "checked", "do": "end"}),
    }
    streams = {"order": at(0, 1, 3), "return": at(2)}
    log = play(tmp_path, shop(roles={"clerk": 0, "picker": 1}, route=routes, arrivals=streams))
    assert rows(log) == [
        (0, "pick", "picker 1", 0, 0, 10, "served"),
        (1, "pick", "picker 1", 1, 10, 20, "served"),
        (2, "pick", "picker 1", 3, 30, 40, "served"),
        (3, "check", "picker 1", 2, 20, 30, "served"),
    ]


def test_people_who_share_no_work_do_not_wait_for_each_other(tmp_path):
    steps = (work("pick", "picker", 2), work("pack", "packer", 3))
    log = play(tmp_path, shop(*steps, roles={"picker": 1, "packer": 1}, arrivals={"order": at(0, 1)}))
    assert rows(log) == [
        (0, "pick", "picker 1", 0, 0, 2, "served"),
        (0, "pack", "packer 1", 2, 2, 5, "served"),
        (1, "pick", "picker 1", 1, 2, 4, "served"),
        (1, "pack", "packer 1", 4, 5, 8, "served"),
    ]


def test_a_case_can_come_back_to_the_same_people_behind_the_others(tmp_path):
    steps = (work("pick", "packer", 3), wait("lift", 0), work("pack", "packer", 3))
    log = play(tmp_path, shop(*steps, roles={"packer": 1}, arrivals={"order": at(0, 1)}))
    assert rows(log, "pick", "pack") == [
        (0, "pick", "packer 1", 0, 0, 3, "served"),
        (0, "pack", "packer 1", 3, 6, 9, "served"),
        (1, "pick", "packer 1", 1, 3, 6, "served"),
        (1, "pack", "packer 1", 6, 9, 12, "served"),
    ]


# --- misuse ---------------------------------------------------------------------------------------------------


def test_an_unknown_role_is_refused_with_the_nearest(tmp_path):
    said = refusal(tmp_path, shop(work("pack", "paker", 5), roles={"packer": 1}))
    assert 'there is no role "paker"; did you mean "packer"?' in said


def test_a_number_without_unit_is_refused(tmp_path):
    scenario = shop({"name": "pack", "do": "work", "by": "packer", "takes": 5}, roles={"packer": 1})
    assert 'expected a duration with its unit, such as "45 s" or "2 h"; got 5' in refusal(tmp_path, scenario)


def test_work_for_nobody_is_refused(tmp_path):
    assert "by" in refusal(tmp_path, shop({"name": "pack", "do": "work", "takes": "5 min"}, roles={"packer": 1}))
    said = refusal(tmp_path, shop(work("pack", "packer", 5), roles={"packer": 0}))
    assert "nobody who could do this (packer) is ever on shift during the run" in said


def test_a_role_named_twice_is_refused(tmp_path):
    said = refusal(tmp_path, shop(work("pack", ["packer", "packer"], 5), roles={"packer": 1}))
    assert "by names a role twice" in said


def test_an_unknown_key_is_refused_with_the_nearest(tmp_path):
    said = refusal(tmp_path, shop(work("pack", "packer", 5, patiense="3 min"), roles={"packer": 1}))
    assert 'unknown key "patiense"; did you mean "patience"?' in said


def test_a_measure_that_does_not_exist_is_refused(tmp_path):
    said = refusal(tmp_path, shop(work("pack", "packer", 5, per="unitt"), roles={"packer": 1}))
    assert '"unitt"' in said
    assert 'did you mean "unit"?' in said
