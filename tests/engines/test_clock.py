"""A case is a process of SimPy's in full: it can be waited for, interrupted, and its failure is heard of."""

from __future__ import annotations

import pytest
from simpy import Interrupt, Timeout

from sim.engine.clock import Case, Clock, Journey


def play(env: Clock) -> None:
    while env.due:
        env.happen(env.due[0][0])


def test_a_case_begins_at_its_arrival_and_leaves_nothing_behind() -> None:
    env, seen = Clock(), list[int]()

    def journey() -> Journey:
        seen.append(env.now)
        yield Timeout(env, 5)
        seen.append(env.now)

    case = Case(env, journey(), 10)
    play(env)
    assert (seen, env.now, case.is_alive, case.processed) == ([10, 15], 15, False, True)


@pytest.mark.parametrize(("asks_at", "knows_at"), [(0, 8), (8, 8), (20, 20)])
def test_a_case_can_wait_for_the_end_of_another(asks_at: int, knows_at: int) -> None:
    env, seen = Clock(), list[int]()

    def first() -> Journey:
        yield Timeout(env, 5)

    def second(other: Case) -> Journey:
        yield other
        seen.append(env.now)

    Case(env, second(Case(env, first(), 3)), asks_at)
    play(env)
    assert seen == [knows_at]


def test_a_case_can_be_interrupted() -> None:
    env, seen = Clock(), list[object]()

    def journey() -> Journey:
        try:
            yield Timeout(env, 100)
        except Interrupt as interrupt:
            seen.append((env.now, interrupt.cause))
        yield Timeout(env, 1)
        seen.append(env.now)

    def somebody(case: Case) -> Journey:
        yield Timeout(env, 7)
        case.interrupt("closed")

    env.process(somebody(Case(env, journey(), 0)))
    play(env)
    assert seen == [(7, "closed"), 8]


def test_a_failure_is_heard_of() -> None:
    env = Clock()

    def journey() -> Journey:
        yield Timeout(env, 1)
        raise RuntimeError("lost on the way")

    Case(env, journey(), 0)
    with pytest.raises(RuntimeError, match="lost on the way"):
        play(env)


def test_all_of_an_instant_happens_and_nothing_later() -> None:
    env, seen = Clock(), list[str]()
    for delay, name in ((4, "a"), (9, "later"), (4, "b")):
        Timeout(env, delay).callbacks.append(lambda _, name=name: seen.append(name))
    env.happen(4)
    assert (seen, env.now) == (["a", "b"], 4)
