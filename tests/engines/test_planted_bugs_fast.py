"""The comparison of the twins can fail: bugs are planted in the compiled engine, and each must be found.

A bug is a small change of a copy of `sim/fast`, which is run as plain Python (see tests/helpers/other_twin.py).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.choose_engine import engine
from sim.draws import Draws
from sim.plan import Plan
from sim.verify.twins import difference, step_twins
from tests.helpers.busy import SHOPS
from tests.helpers.other_twin import Change, other_twin
from tests.helpers.shops import plan_of


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Plan]:
    return {name: plan_of(tmp_path_factory.mktemp(name), make()) for name, make in SHOPS.items()}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", SHOPS)
def test_without_a_bug_nothing_is_found(tmp_path: Path, plans: dict[str, Plan], name: str) -> None:
    plan, draws = plans[name], Draws(plans[name], 1, 0)
    with other_twin(tmp_path):
        assert step_twins(plan, draws) is None
        assert difference(engine("simpy")(plan, draws), engine("fast")(plan, draws), draws) == ""


# --- the bugs -------------------------------------------------------------------------------------------------

BUGS: dict[str, tuple[str, str, Change]] = {
    "nothing is interrupted": (
        "emergencies",
        "began",
        Change("interrupting.py", "if last >= 0:", "if last < NONE:"),
    ),
    "the case that stands first is interrupted": (
        "emergencies",
        "person .*<--",
        Change(
            "interrupting.py", "comes_before(w.slot[last], w.slot[held])", "comes_before(w.slot[held], w.slot[last])"
        ),
    ),
    "an interruption does not count what was done": (
        "emergencies",
        "left",
        Change("interrupting.py", "w.back[k, WORKED] = _worked(w, k, now)", "w.back[k, WORKED] = 0"),
    ),
    "an interruption forgets that some rest": (
        "emergencies",
        "left",
        Change("interrupting.py", "if pausing == 0:", "if pausing >= 0:"),
    ),
    "who is there joins as the run begins": (
        "relay",
        "joined",
        Change("kernel.py", "-w.age[stream[NEXT]], 1", "-w.age[stream[NEXT]], 0"),
    ),
    "who is there stands as they are named": (
        "relay",
        "queues|person",
        Change("queues.py", "slot[before, JOINED] > joined or (", "("),
    ),
    "who comes at noon comes before noon": (
        "clock",
        "outcome",
        Change("journey.py", "w.slot[k, ARRIVED] % DAY < limit", "w.slot[k, ARRIVED] % DAY <= limit"),
    ),
    "two o'clock is before two o'clock": (
        "clock",
        "outcome",
        Change("journey.py", "return int(now % DAY < limit)", "return int(now % DAY <= limit)"),
    ),
    "last come, first served": (
        "busy",
        "person .*<--",
        Change("queues.py", "before = w.queue[q, TAIL]\n    while", "before = NONE\n    while"),
    ),
    "ties in a queue reversed": (
        "busy",
        "queues",
        Change("queues.py", "slot[before, CASE] > slot[k, CASE]", "slot[before, CASE] < slot[k, CASE]"),
    ),
    "ties between queues reversed": (
        "busy",
        "person .*<--",
        Change("queues.py", "one[CASE] < other[CASE]", "one[CASE] > other[CASE]"),
    ),
    "urgency ignored between queues": (
        "busy",
        "began .*<--",
        Change("queues.py", "if one[RANK] != other[RANK]:", "if False:"),
    ),
    "the least urgent first": (
        "busy",
        "began .*<--",
        Change("queues.py", "for rank in range(w.ranks):", "for rank in range(w.ranks - 1, -1, -1):"),
    ),
    "a seat freed twice": (
        "busy",
        "free, holds 1",
        Change("floor.py", "== 0 and w.person[p, ON_DUTY]:", "<= 1 and w.person[p, ON_DUTY]:"),
    ),
    "people in overtime are free": (
        "busy",
        "began +– .*<--",
        Change("floor.py", "== 0 and w.person[p, ON_DUTY]:", "== 0:"),
    ),
    "who begins a shift with work in hand is free": (
        "busy",
        "free, holds 1",
        Change("floor.py", "if w.person[p, IN_HAND] == 0:\n                set_free(w, p)", "set_free(w, p)"),
    ),
    "of several people only the first is freed": (
        "busy",
        r"holds 0 \| on shift, holds 1",
        Change("floor.py", "_drop(w, w.helpers[k, i])", "pass"),
    ),
    "more cases at once than allowed": (
        "busy",
        "holds 4",
        Change("hand_out.py", "fewest = NONE, w.step[s, AT_ONCE]", "fewest = NONE, w.step[s, AT_ONCE] + 1"),
    ),
    "the last who has room, not who holds fewest": (
        "chats",
        "person .*<--",
        Change("hand_out.py", "best, fewest = p, held", "best = p"),
    ),
    "preferences turned round": (
        "busy",
        "person .*<--",
        Change(
            "hand_out.py",
            "in range(w.line[line, SERVERS], w.line[line, SERVERS_END]):",
            "in range(w.line[line, SERVERS_END] - 1, w.line[line, SERVERS] - 1, -1):",
        ),
    ),
    "nobody is slower for what is in hand": (
        "chats",
        "left .*<--",
        Change("starting.py", "return int(ONE + w.step[s, SLOWER] * w.person[p, IN_HAND])", "return ONE"),
    ),
    "the last of several sets the pace": (
        "pairs",
        "left .*<--",
        Change("hand_out.py", "pace = min(pace, pace_of(w, p, w.share[i]))", "pace = pace_of(w, p, w.share[i])"),
    ),
    "time cut off, not rounded": (
        "chats",
        "left .*<--",
        Change("calendars.py", "(takes * ONE + pace // 2) // pace", "takes * ONE // pace"),
    ),
    "pause does not rest": (
        "busy",
        "left .*<--",
        Change("hand_out.py", "    if pausing or handing or w.interrupting:", "    if handing:"),
    ),
    "who hands over goes on in overtime": (
        "relay",
        " work .*<--",
        Change("hand_out.py", "if over <= back:", "if over < NEVER:"),
    ),
    "handed back to the end of the queue": (
        "relay",
        "queues",
        Change("queues.py", "    behind = w.queue[q, HEAD]\n    while", "    behind = NONE\n    while"),
    ),
    "what was done is done again": (
        "relay",
        "left .*<--",
        Change("calendars.py", "return takes - worked * ONE // slow * pace // ONE", "return takes"),
    ),
    "who was handed back loses patience": (
        "relay",
        "gave_up",
        Change("floor.py", "slot[WAITING], slot[GIVES_UP_AT] = 1, NONE", "slot[WAITING] = 1"),
    ),
    "of several who hand over only the first is told": (
        "relay",
        " work .*<--",
        Change("floor.py", "note_stretch(w, n, k, w.helpers[k, i], now)", "pass"),
    ),
    "who takes it up again is not told": (
        "relay",
        " work .*<--",
        Change("slots.py", "if not w.slot[k, WAITING]:", "if w.slot[k, WAITING]:"),
    ),
    "work goes on though one of two rests": (
        "pairs",
        "left .*<--",
        Change("starting.py", "end = min(end, w.span[k, OFF])", "end = w.span[k, OFF]"),
    ),
    "everything fits": (
        "busy",
        "began .*<--",
        Change("starting.py", "if w.person[p, RULE] != FITS:", "if True:"),
    ),
    "what fits no shift is never begun": (
        "chats",
        "person .*<--",
        Change("calendars.py", "or now == w.span[i, ON]", ""),
    ),
    "nobody is kept for who needs several": (
        "busy",
        "began .*<--",
        Change("hand_out.py", "w.person[w.chosen[i], KEPT] = 1", "w.person[w.chosen[i], KEPT] = 0"),
    ),
    "who cannot be helped in time is kept all the same": (
        "evening",
        "began .*<--",
        Change("hand_out.py", "bool(i < step[TOGETHER_END] and w.span[i, ON] < until)", "True"),
    ),
    "what is set aside is lost": (
        "evening",
        "queues",
        Change("hand_out.py", "_put_back_in_line(w, w.aside[i])", "pass"),
    ),
    "patience too long by a millisecond": (
        "busy",
        "outcome .*open",
        Change("hand_out.py", "= now + w.slot[k, PATIENCE]", "= now + w.slot[k, PATIENCE] + 1"),
    ),
    "who gives up leaves the queue held up": (
        "chats",
        "began .* –  <--",
        Change("journey.py", "unsettle(w, n, w.line[line, CREW])\n    write_visit", "write_visit"),
    ),
    "who gives up does not remember where": (
        "chats",
        "outcome .*<--",
        Change("journey.py", "w.slot[k, GAVE_UP_BITS] |= 1 <<", "w.slot[k, GAVE_UP_BITS] |= 0 <<"),
    ),
    "departures late by a millisecond": (
        "pairs",
        "left .*72000000 ms",
        Change(
            "journey.py",
            "push(w, n, departure, k, GO_ON)",
            "push(w, n, departure + 1, k, GO_ON)",
        ),
    ),
    "who comes at the instant of a departure misses it": (
        "busy",
        "left .*<--",
        Change("calendars.py", "if w.departure[middle] >= t:", "if w.departure[middle] > t:"),
    ),
    "a departure takes one too many": (
        "busy",
        "step *order/van",
        Change("kernel.py", "dock[ROOM] = now, step[CAPACITY]", "dock[ROOM] = now, step[CAPACITY] + 1"),
    ),
    "a wait does not look at the hours": (
        "busy",
        "left .*<--",
        Change("journey.py", "over = work_through(w, step[HOURS], step[HOURS_END], now, needed)", "pass"),
    ),
    "led back once too often": (
        "busy",
        "outcome *passed *went",
        Change(
            "journey.py", "w.visits[k, step[RETURNS]] == step[AT_MOST]", "w.visits[k, step[RETURNS]] > step[AT_MOST]"
        ),
    ),
    "more lines than: or as many": (
        "busy",
        "outcome *passed *went",
        Change("journey.py", "int(w.lines[c] > limit)", "int(w.lines[c] >= limit)"),
    ),
    "a child is lost": (
        "busy",
        "no such row",
        Change("journey.py", "push(w, n, comes, child, COME)", "pass"),
    ),
    "a child is not told": (
        "busy",
        "which cases were started",
        Change("kernel.py", "n[STARTED] += 1", "pass"),
    ),
    "who gets a slot has come as often as who had it": (
        "busy",
        "step *order/pick *no such row",
        Change("slots.py", "w.visits[k, :] = 0", "w.visits[k, :] *= k < n[SLOTS] - 1"),
    ),
    "who gets a slot gave up where who had it did": (
        "chats",
        "outcome *passed *went",
        Change(
            "slots.py",
            "w.slot[k, HANDED_BACK] = 0, NONE, 0, 0",
            "w.slot[k, HANDED_BACK] = 0, NONE, w.slot[k, GAVE_UP_BITS], 0",
        ),
    ),
    "who gets a slot has the patience of who had it": (
        "chats",
        "gave_up  <--",
        Change("kernel.py", " and w.slot[k, GIVES_UP_AT] == now", ""),
    ),
    "there is a chair more": (
        "waiting room",
        "gave_up  <--|open  <--",
        Change("hand_out.py", "many = -w.step[s, ROOM_TO_WAIT]", "many = -1 - w.step[s, ROOM_TO_WAIT]"),
    ),
    "who came first is turned away": (
        "waiting room",
        "gave_up  <--|queues",
        Change("hand_out.py", "for rank in range(w.ranks - 1, -1, -1):", "for rank in range(w.ranks):"),
    ),
    "of several helpers only the first is told": (
        "pairs",
        "person .*<--",
        Change("slots.py", "= i, w.helpers[k, j]", "= i, w.helpers[k, 0]"),
    ),
    "who leaves the middle of a queue is not let go": (
        "busy",
        "queues",
        Change("queues.py", "slot[before, BEHIND] = behind", "pass"),
    ),
    "what is open at the end is not told": (
        "busy",
        "72000000 ms .*\n(.*\n)*.*no such row",
        Change("kernel.py", "return _tell_open(w, n) if until >= w.runs_for else DONE", "return DONE"),
    ),
    "things happen out of order": (
        "busy",
        "log",
        Change("heap.py", "w.event[j] < smallest", "w.event[j] > smallest"),
    ),
}
"""Bug → the shop in which it must be found, what the difference says, and the change."""


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_in_the_compiled_engine_is_found(tmp_path: Path, plans: dict[str, Plan], bug: str) -> None:
    name, said, change = BUGS[bug]
    plan, draws = plans[name], Draws(plans[name], 1, 0)
    with other_twin(tmp_path, change):
        found = step_twins(plan, draws)
    assert found is not None
    assert re.search(said, str(found)), str(found)
