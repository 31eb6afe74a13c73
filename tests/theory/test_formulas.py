"""The formulas behind the textbook scenarios, held against each other and against published figures."""

import math

import numpy as np
import pytest
from scipy.stats import poisson

from tests.helpers import formulas as f


def test_erlang_b_and_c_agree_with_their_definitions():
    a, n = 16.0, 20
    terms = [a**k / math.factorial(k) for k in range(n + 1)]
    assert f.erlang_b(n, a) == pytest.approx(terms[n] / sum(terms), rel=1e-12)
    waits = terms[n] * n / (n - a)
    assert f.erlang_c(n, a) == pytest.approx(waits / (sum(terms[:n]) + waits), rel=1e-12)


def test_one_server_is_the_simplest_case_of_all():
    assert f.mmc_wait(0.7, 1) == pytest.approx(0.7 / 0.3, rel=1e-12)
    assert f.mg1_wait(0.7, 1, 2) == pytest.approx(f.mmc_wait(0.7, 1), rel=1e-12)
    assert f.cobham([0.7], [1], [2]) == pytest.approx([f.mmc_wait(0.7, 1)], rel=1e-12)


def test_dm1_waits_about_half_as_long_as_mm1_under_heavy_traffic():
    assert f.dm1_wait(0.99, 1) / f.mmc_wait(0.99, 1) == pytest.approx(0.5, abs=0.005)
    root = f.dm1_waiting(0.7, 1)
    assert root == pytest.approx(math.exp(-(1 - root) / 0.7), rel=1e-14)


def test_a_published_table_of_erlang_c():
    # Gross & Harris, example 2.3: 6 an hour, 3 doctors, 20 min each: 8/9 wait on average, 7.4 min in line -> Lq = 8/9
    assert f.mmc_wait(6, 1 / 3, 3) * 6 == pytest.approx(8 / 9, rel=1e-12)


def test_huge_patience_is_erlang_c_and_none_is_erlang_b():
    patient = f.erlang_a(2.1, 1, 3, 1e6)
    assert patient.wait() == pytest.approx(f.mmc_wait(2.1, 1, 3), rel=1e-4)
    assert patient.gave_up() == pytest.approx(0, abs=1e-5)
    hasty = f.erlang_a(2.1, 1, 3, 1e-7)
    assert hasty.gave_up() == pytest.approx(f.erlang_b(3, 2.1), rel=1e-5)
    assert f.constant_patience(2.1, 1, 3, 200.0).wait() == pytest.approx(f.mmc_wait(2.1, 1, 3), rel=1e-9)


def test_erlang_a_agrees_with_its_birth_and_death_chain():
    rate, service, servers, patience = 2.25, 4.0, 10, 5.0

    def moves(state):
        (n,) = state
        if n < f.MOST:
            yield (n + 1,), rate
        if n:
            yield (n - 1,), min(n, servers) / service + max(n - servers, 0) / patience

    p = f.stationary((0,), moves)
    queue = sum(max(n - servers, 0) * q for (n,), q in p.items())
    formula = f.erlang_a(rate, service, servers, patience)
    assert formula.wait() == pytest.approx(queue / rate, rel=1e-9)
    assert formula.gave_up() == pytest.approx(queue / patience / rate, rel=1e-9)
    assert formula.served_in_time(1e4) == pytest.approx(1 - formula.gave_up(), rel=1e-9)


def test_constant_patience_loses_what_flow_balance_says():
    formula = f.constant_patience(0.9, 1, 1, 2.0)
    # one server: v(x) = rate x p0 x exp(-(1 - rate) x) below the patience D, then it only drains at rate 1
    p0 = 1 / (1 + 0.9 * ((1 - math.exp(-0.1 * 2)) / 0.1 + math.exp(-0.1 * 2)))
    assert formula.gave_up() == pytest.approx(0.9 * p0 * math.exp(-0.1 * 2), rel=1e-9)
    assert formula.gave_up() == pytest.approx(1 - (1 - p0) / 0.9, rel=1e-9)


def test_priorities_leave_the_work_in_queue_as_it_is():
    rates, means, squares = [0.2, 0.15, 0.1], [1.0, 1.5, 2.0], [2.0, 4.5, 8.0]
    waits = f.cobham(rates, means, squares)
    work = sum(r * m * w for r, m, w in zip(rates, means, waits, strict=True))
    load = sum(r * m for r, m in zip(rates, means, strict=True))
    residual = sum(r * s for r, s in zip(rates, squares, strict=True)) / 2
    assert work == pytest.approx(load * residual / (1 - load), rel=1e-12)  # Kleinrock's conservation law
    equal = f.cobham_servers([0.5, 0.9], 1.0, 2)
    mean = (0.5 * equal[0] + 0.9 * equal[1]) / 1.4
    assert mean == pytest.approx(f.mmc_wait(1.4, 1.0, 2), rel=1e-12)


def test_equal_paces_are_an_ordinary_pair():
    one, two, wait = f.two_paces(1.4, 1.0, 1.0)
    assert one + two == pytest.approx(1.4, rel=1e-10)
    assert wait == pytest.approx(f.mmc_wait(1.4, 1.0, 2), rel=1e-10)


def test_chats_are_servers():
    p0 = 1 / (sum(2.1**k / math.factorial(k) for k in range(3)) + 2.1**3 / 6 / (1 - 0.7))
    assert f.chats(2.1, 1.0, 1, 3) == pytest.approx(1 - p0, rel=1e-10)
    busy, wait = f.slower_chats(1.4, 1.0, 0.0)
    assert wait == pytest.approx(f.mmc_wait(1.4, 1.0, 2), rel=1e-10)
    assert busy == pytest.approx(1 - (1 - 0.7) / (1 + 0.7), rel=1e-10)


def test_departures_with_endless_room_wait_half_their_interval():
    assert f.crowded_departures(2.0, 1.0, 40) == pytest.approx(0.5, rel=1e-10)


def test_crowded_departures_agree_with_their_chain():
    rate, every, room, most = 4.0, 1.0, 5, 150
    come = poisson.pmf(np.arange(most), rate * every)
    left = np.eye(most)[0]  # probabilities of how many stay behind
    for _ in range(5000):
        there = np.convolve(left, come)[:most]
        left = np.concatenate(([there[: room + 1].sum()], there[room + 1 :], np.zeros(room)))
    behind = left @ np.arange(most)
    assert f.crowded_departures(rate, every, room) == pytest.approx(behind / rate + every / 2, rel=1e-9)


def test_first_waits_of_mm1_reach_the_steady_state_and_a_published_value():
    # Law (2015), sec. 9.4.1: arrivals at rate 1, mean service 0.9: the mean of the first 25 delays is 2.12
    assert 0.9 * f.mm1_first_waits(0.9, 25).mean() == pytest.approx(2.12, abs=0.005)
    assert f.mm1_first_waits(0.5, 400)[-1] == pytest.approx(1.0, rel=1e-9)
