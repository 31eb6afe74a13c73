"""`work` that more urgent work interrupts. Every log is worked out by hand."""

from __future__ import annotations

from typing import Any

from tests.helpers.shops import at, end, people, play, refusal, route, rows, shop, stretches, work

CLASSES = [{"name": "fire", "interrupts": True}, {"name": "urgent", "interrupts": True}, "calm", "idle"]


def fires(*steps: dict[str, Any], **arrivals: Any) -> dict[str, Any]:
    """Cases of classes of their own on one route; `arrivals` by class: minutes."""
    parts = {key: arrivals.pop(key) for key in ("roles", "hours", "route", "runs_for") if key in arrivals}
    streams = {name: {**at(*minutes), "route": "order", "priority": name} for name, minutes in arrivals.items()}
    return shop(*steps, priorities=CLASSES, arrivals=streams, **{"roles": {"clerk": 1}, **parts})


def test_urgent_work_interrupts_and_what_is_left_is_taken_up_again(tmp_path):
    log = play(tmp_path, fires(work("serve", "clerk", 10), urgent=[4], calm=[0]))
    assert rows(log) == [
        (0, "serve", "clerk 1", 4, 4, 14, "served"),
        (1, "serve", "clerk 1", 0, 0, 20, "served"),
    ]
    assert stretches(log) == [(1, "serve", "clerk 1", 0, 4), (1, "serve", "clerk 1", 14, 20)]


def test_work_that_is_over_at_that_instant_is_over(tmp_path):
    log = play(tmp_path, fires(work("serve", "clerk", 10), urgent=[10], calm=[0]))
    assert rows(log) == [(0, "serve", "clerk 1", 10, 10, 20, "served"), (1, "serve", "clerk 1", 0, 0, 10, "served")]
    assert stretches(log) == []


def test_only_what_is_less_urgent_is_interrupted(tmp_path):
    """The second urgent case waits for the first; a calm one interrupts nothing, however idle the other."""
    log = play(tmp_path, fires(work("serve", "clerk", 10), urgent=[0, 5], calm=[25], idle=[20]))
    assert rows(log) == [
        (0, "serve", "clerk 1", 0, 0, 10, "served"),
        (1, "serve", "clerk 1", 5, 10, 20, "served"),
        (2, "serve", "clerk 1", 25, 30, 40, "served"),
        (3, "serve", "clerk 1", 20, 20, 30, "served"),
    ]


def test_an_interruption_is_interrupted(tmp_path):
    log = play(tmp_path, fires(work("serve", "clerk", 10), fire=[6], urgent=[4], calm=[0]))
    assert rows(log) == [
        (0, "serve", "clerk 1", 6, 6, 16, "served"),
        (1, "serve", "clerk 1", 4, 4, 24, "served"),
        (2, "serve", "clerk 1", 0, 0, 30, "served"),
    ]
    assert stretches(log) == [
        (1, "serve", "clerk 1", 4, 6),
        (1, "serve", "clerk 1", 16, 24),
        (2, "serve", "clerk 1", 0, 4),
        (2, "serve", "clerk 1", 24, 30),
    ]


def test_who_holds_the_case_that_stands_last_is_taken(tmp_path):
    """At 4 an idle case is interrupted before a calm one, though who holds it is the third by number."""
    log = play(tmp_path, fires(work("serve", "clerk", 10), urgent=[4], calm=[0, 1], idle=[2], roles={"clerk": 3}))
    assert [row[:4] for row in stretches(log)] == [(3, "serve", "clerk 3", 2), (3, "serve", "clerk 1", 10)]
    assert rows(log)[0] == (0, "serve", "clerk 3", 4, 4, 14, "served")


def test_of_one_class_the_later_comer_is_interrupted(tmp_path):
    log = play(tmp_path, fires(work("serve", "clerk", 10), urgent=[4], calm=[0, 1], roles={"clerk": 2}))
    assert stretches(log) == [(2, "serve", "clerk 2", 1, 4), (2, "serve", "clerk 1", 10, 17)]


def test_who_is_free_is_asked_first_even_of_a_role_that_is_not_the_first_choice(tmp_path):
    shop_ = fires(work("serve", ["clerk", "boss"], 10), urgent=[4], calm=[0], roles={"clerk": 1, "boss": 1})
    log = play(tmp_path, shop_)
    assert rows(log)[0] == (0, "serve", "boss 1", 4, 4, 14, "served")
    assert stretches(log) == []


def test_roles_are_interrupted_in_order_of_preference(tmp_path):
    """The boss's idle case stands last, but clerks come first."""
    shop_ = fires(work("serve", ["clerk", "boss"], 10), urgent=[4], calm=[0], idle=[1], roles={"clerk": 1, "boss": 1})
    log = play(tmp_path, shop_)
    assert rows(log)[0] == (0, "serve", "clerk 1", 4, 4, 14, "served")
    assert stretches(log) == [(1, "serve", "clerk 1", 0, 4), (1, "serve", "boss 1", 11, 17)]


def test_what_is_left_is_reckoned_at_the_pace_at_which_it_was_worked_on(tmp_path):
    """At half the pace 4 of 10 minutes' work are 2; the 8 that are left take 16 of them."""
    roles = {"clerk": {"teams": [{"people": 1, "hours": "always", "speed": 0.5}]}}
    log = play(tmp_path, fires(work("serve", "clerk", 10), urgent=[4], calm=[0], roles=roles))
    assert rows(log) == [
        (0, "serve", "clerk 1", 4, 4, 24, "served"),
        (1, "serve", "clerk 1", 0, 0, 40, "served"),
    ]


def test_work_of_several_leaves_all_their_hands(tmp_path):
    """Both lift; at 4 the first of them by number is taken to the fire, and the other is free for the calm case."""
    steps = route(work("lift", "clerk", 10, people=2), end("done"))
    plain = route(work("serve", "clerk", 10), end("served"))
    shop_ = shop(
        priorities=CLASSES,
        roles={"clerk": 2},
        route={"pallet": steps, "order": plain},
        arrivals={
            "pallet": {**at(0), "priority": "idle"},
            "order": {**at(3), "priority": "calm"},
            "fire": {**at(4), "route": "order", "priority": "fire"},
        },
    )
    log = play(tmp_path, shop_)
    assert [(row[1], row[2], *row[3:6]) for row in rows(log)] == [
        ("lift", "clerk 1 + clerk 2", 0, 0, 20),
        ("serve", "clerk 2", 3, 4, 14),
        ("serve", "clerk 1", 4, 4, 14),
    ]
    assert [row[2:] for row in stretches(log)] == [
        ("clerk 1", 0, 4),
        ("clerk 2", 0, 4),
        ("clerk 1", 14, 20),
        ("clerk 2", 14, 20),
    ]


def test_work_of_several_interrupts_nobody(tmp_path):
    log = play(tmp_path, fires(work("lift", "clerk", 10, people=2), urgent=[4], calm=[0], roles={"clerk": 3}))
    assert rows(log)[0] == (0, "lift", "clerk 1 + clerk 2", 4, 10, 20, "served")


def test_who_may_hold_several_cases_is_not_interrupted(tmp_path):
    """Nor do they interrupt."""
    log = play(tmp_path, fires(work("chat", "clerk", 10, at_once=2), urgent=[4, 5], calm=[0]))
    assert rows(log) == [
        (0, "chat", "clerk 1", 4, 4, 14, "served"),
        (1, "chat", "clerk 1", 5, 10, 20, "served"),
        (2, "chat", "clerk 1", 0, 0, 10, "served"),
    ]


def test_who_is_off_shift_is_not_interrupted(tmp_path):
    """At 25 the clerk works overtime; the urgent case waits for 60."""
    hours = {"split": {"Mon-Sun": ["00:00-00:20", "01:00-02:00"]}}
    roles = {"clerk": people(1, "split")}
    log = play(tmp_path, fires(work("serve", "clerk", 30), urgent=[25], calm=[0], roles=roles, hours=hours))
    assert rows(log) == [(0, "serve", "clerk 1", 25, 60, 90, "served"), (1, "serve", "clerk 1", 0, 0, 30, "served")]


def test_who_comes_back_to_what_was_put_down_is_taken_from_it(tmp_path):
    """Begun at 10, put down at 20, taken up at 60; at that instant the urgent case of minute 25 is begun in its place.
    20 of 30 minutes are left.
    """
    hours = {"split": {"Mon-Sun": ["00:00-00:20", "01:00-02:00"]}}
    roles = {"clerk": people(1, "split", at_shift_end="pause")}
    log = play(tmp_path, fires(work("serve", "clerk", 30), urgent=[25], calm=[10], roles=roles, hours=hours))
    assert rows(log) == [(0, "serve", "clerk 1", 25, 60, 90, "served"), (1, "serve", "clerk 1", 10, 10, 110, "served")]
    assert stretches(log) == [(1, "serve", "clerk 1", 10, 60), (1, "serve", "clerk 1", 90, 110)]


def test_who_must_finish_in_time_is_not_taken_to_what_does_not_fit(tmp_path):
    hours = {"short": {"Mon-Sun": ["00:00-00:30", "01:00-02:00"]}}
    roles = {"clerk": people(1, "short", at_shift_end="start only what fits")}
    log = play(tmp_path, fires(work("serve", "clerk", 20), urgent=[15], calm=[5], roles=roles, hours=hours))
    assert rows(log) == [(0, "serve", "clerk 1", 15, 60, 80, "served"), (1, "serve", "clerk 1", 5, 5, 25, "served")]


def test_a_case_that_waits_for_who_is_busy_with_it_goes_on_with_somebody_else(tmp_path):
    log = play(tmp_path, fires(work("serve", "clerk", 10), urgent=[2, 3], calm=[0, 1], roles={"clerk": 2}))
    assert rows(log) == [
        (0, "serve", "clerk 2", 2, 2, 12, "served"),
        (1, "serve", "clerk 1", 3, 3, 13, "served"),
        (2, "serve", "clerk 2", 0, 0, 19, "served"),
        (3, "serve", "clerk 1", 1, 1, 22, "served"),
    ]


def test_interrupted_work_is_open_at_the_end_of_the_run(tmp_path):
    log = play(tmp_path, fires(work("serve", "clerk", 10), urgent=[4], calm=[0], runs_for="12 min"))
    assert rows(log)[1] == (1, "serve", "clerk 1", 0, 0, None, "open")
    assert stretches(log) == [(1, "serve", "clerk 1", 0, 4)]


def test_who_was_interrupted_has_no_patience_left_to_lose(tmp_path):
    steps = (work("serve", "clerk", 10, patience=3, gives_up_to="gone"), end("done"), end("gone"))
    shop_ = fires(route={"order": route(*steps)}, urgent=[2, 3], calm=[0])
    log = play(tmp_path, shop_)
    assert rows(log) == [
        (0, "serve", "clerk 1", 2, 2, 12, "served"),
        (1, "serve", "", 3, None, 6, "gave_up"),
        (2, "serve", "clerk 1", 0, 0, 20, "served"),
    ]


def test_who_was_interrupted_keeps_their_room(tmp_path):
    """Nobody may wait here; who was begun stands in the queue all the same."""
    steps = (work("serve", "clerk", 10, room=0, gives_up_to="gone"), end("done"), end("gone"))
    log = play(tmp_path, fires(route={"order": route(*steps)}, urgent=[0], calm=[0, 4]))
    assert [row[6] for row in rows(log)] == ["served", "gave_up", "gave_up"]
    log = play(tmp_path, fires(route={"order": route(*steps)}, urgent=[4], calm=[0]))
    assert [row[6] for row in rows(log)] == ["served", "served"]


def test_classes_that_interrupt_stand_first(tmp_path):
    shop_ = {**fires(work("serve", "clerk", 10), calm=[0]), "priorities": ["calm", {"name": "b", "interrupts": True}]}
    assert '"b" interrupts, so the more urgent "calm" must, too' in refusal(tmp_path, shop_)
