"""Queueing formulas with their sources: what the textbook scenarios must come to.

Rates are per unit of time, times in that unit; `a` is the offered load in erlangs (arrival rate x mean service).
They are checked against each other and against published figures in `tests/theory/test_formulas.py`.

Books: Gross, Shortle, Thompson & Harris (2008), *Fundamentals of Queueing Theory*, 4th ed. (here "Gross & Harris");
Law (2015), *Simulation Modeling and Analysis*, 5th ed.; Kleinrock (1975), *Queueing Systems* 1; Kelly (1979),
*Reversibility and Stochastic Networks*.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import norm

# --- servers without and with a queue --------------------------------------------------------------------------


def erlang_b(servers: int, a: float) -> float:
    """Share of cases lost when all servers are busy, whatever the law of service (Gross & Harris, sec. 2.5)."""
    lost = 1.0
    for n in range(1, servers + 1):
        lost = a * lost / (n + a * lost)
    return lost


def erlang_c(servers: int, a: float) -> float:
    """Probability of having to wait in M/M/c (Gross & Harris, sec. 2.3)."""
    lost = erlang_b(servers, a)
    return servers * lost / (servers - a * (1 - lost))


def mmc_wait(rate: float, service: float, servers: int = 1) -> float:
    """Mean wait in M/M/c."""
    return erlang_c(servers, rate * service) * service / (servers - rate * service)


def limited(servers: int, a: float, room: int) -> tuple[float, float]:
    """Share of cases turned away and mean number waiting in M/M/c/K with K = servers + room (Gross, Shortle, Thompson &
    Harris 2008, *Fundamentals of Queueing Theory*, 4th ed., sec. 2.5); a: offered load.
    """
    weights = [1.0]
    for n in range(1, servers + room + 1):
        weights.append(weights[-1] * a / min(n, servers))
    waiting = sum(max(0, n - servers) * weight for n, weight in enumerate(weights))
    return weights[-1] / sum(weights), waiting / sum(weights)


def batches_wait(rate: float, service: float, sizes: list[int]) -> float:
    """Mean wait in M^X/M/1: groups come at a rate, their sizes equally likely (Gross, Shortle, Thompson & Harris 2008,
    *Fundamentals of Queueing Theory*, 4th ed., sec. 3.1: L = (load + r E[X^2]) / (2 (1 - load)), r = rate x service).
    """
    mean, square = sum(sizes) / len(sizes), sum(size**2 for size in sizes) / len(sizes)
    load = rate * mean * service
    inside = (load + rate * service * square) / (2 * (1 - load))
    return inside / (rate * mean) - service


def mmc_in_time(rate: float, service: float, servers: int, within: float) -> float:
    """Share of cases in M/M/c whose wait is at most `within`."""
    return 1 - erlang_c(servers, rate * service) * math.exp(-(servers / service - rate) * within)


def mg1_wait(rate: float, mean: float, second_moment: float) -> float:
    """Mean wait in M/G/1 (Pollaczek & Khinchine; Gross & Harris, sec. 5.1)."""
    return rate * second_moment / (2 * (1 - rate * mean))


def dm1_waiting(rate: float, service: float) -> float:
    """Probability of having to wait in D/M/1: the root of x = exp(-(1 - x) / (rate x service)) (Gross & Harris,
    sec. 5.3).
    """
    load = rate * service
    root: float = brentq(lambda x: x - math.exp(-(1 - x) / load), 0.0, 1 - 1e-9, xtol=1e-16)
    return root


def dm1_wait(rate: float, service: float) -> float:
    """Mean wait in D/M/1."""
    waiting = dm1_waiting(rate, service)
    return service * waiting / (1 - waiting)


# --- patience ----------------------------------------------------------------------------------------------------


class Impatient:
    """M/M/n+G: who waits longer than their patience gives up (Baccelli & Hebuterne 1981; Zeltyn & Mandelbaum 2005,
    "Call centers with impatient customers", Queueing Systems 51).

    `stays(t)` is the probability that patience exceeds t, `patience_spent(t)` its integral from 0 to t.
    """

    def __init__(
        self,
        rate: float,
        service: float,
        servers: int,
        stays: Callable[[float], float],
        patience_spent: Callable[[float], float],
        kink: float,
    ) -> None:
        """`kink`: a time at which the integrands change their form (such as a constant patience)."""
        self.rate, self.servers, self.total = rate, servers, servers / service
        self.stays, self.spent, self.kink = stays, patience_spent, kink
        self.idle_side = 1 / erlang_b(servers - 1, rate * service)
        self.norm = self.idle_side + rate * self._integral(lambda t: 1.0)

    def _integral(self, weight: Callable[[float], float], until: float = math.inf) -> float:
        def f(t: float) -> float:
            return weight(t) * math.exp(self.rate * self.spent(t) - self.total * t)

        marks = {self.kink, *(n / self.total for n in (1, 10, 100, 1000))}
        edges = [0.0, *sorted(mark for mark in marks if mark < until), until]
        return sum(quad(f, a, b, epsabs=1e-14, epsrel=1e-13, limit=500)[0] for a, b in pairwise(edges))

    def gave_up(self) -> float:
        """Share of cases that give up."""
        return (1 + (self.rate - self.total) * self._integral(lambda t: 1.0)) / self.norm

    def wait(self) -> float:
        """Mean wait of all cases, served or not."""
        return self.rate * self._integral(self.spent) / self.norm

    def served_in_time(self, within: float) -> float:
        """Share of cases that are served after a wait of at most `within`."""
        return (
            1
            - self.rate * self._integral(lambda t: 1.0) / self.norm
            + self.rate * self._integral(self.stays, within) / self.norm
        )


def erlang_a(rate: float, service: float, servers: int, patience: float) -> Impatient:
    """M/M/n+M: exponential patience (Palm 1957; Garnett, Mandelbaum & Reiman 2002)."""
    return Impatient(
        rate,
        service,
        servers,
        lambda t: math.exp(-t / patience),
        lambda t: -patience * math.expm1(-t / patience),
        patience,
    )


def constant_patience(rate: float, service: float, servers: int, patience: float) -> Impatient:
    """M/M/n+D: everybody waits equally long (Barrer 1957)."""
    return Impatient(rate, service, servers, lambda t: float(t < patience), lambda t: min(t, patience), patience)


# --- priorities --------------------------------------------------------------------------------------------------


def cobham(rates: Sequence[float], means: Sequence[float], second_moments: Sequence[float]) -> list[float]:
    """Mean wait of each class, most urgent first, with one server and no preemption (Cobham 1954, "Priority assignment
    in waiting line problems"; Gross & Harris, sec. 3.4).
    """
    residual = sum(rate * square for rate, square in zip(rates, second_moments, strict=True)) / 2
    return _by_class(residual, [rate * mean for rate, mean in zip(rates, means, strict=True)])


def preemptive(rates: Sequence[float], means: Sequence[float], squares: Sequence[float]) -> list[float]:
    """Mean time in the system by class, most urgent first, where the more urgent interrupts and work goes on where it
    stopped (M/G/1; Conway, Maxwell & Miller 1967, Theory of Scheduling, ch. 8-7).
    """
    stays, before, moment = [], 0.0, 0.0
    for rate, mean, square in zip(rates, means, squares, strict=True):
        moment += rate * square / 2
        load = before + rate * mean
        stays.append(mean / (1 - before) + moment / ((1 - before) * (1 - load)))
        before = load
    return stays


def cobham_servers(rates: Sequence[float], service: float, servers: int) -> list[float]:
    """The same with several servers and one exponential service for all."""
    residual = erlang_c(servers, sum(rates) * service) * service / servers
    return _by_class(residual, [rate * service / servers for rate in rates])


def _by_class(residual: float, loads: Sequence[float]) -> list[float]:
    at_most = [0.0, *np.cumsum(loads).tolist()]
    return [residual / ((1 - a) * (1 - b)) for a, b in pairwise(at_most)]


# --- chains solved numerically -----------------------------------------------------------------------------------


State = tuple[int, ...]


def stationary(start: State, moves: Callable[[State], Iterable[tuple[State, float]]]) -> dict[State, float]:
    """The stationary probabilities of a Markov chain in continuous time: `moves(state)` lists (next state, rate). The
    states are those that can be reached from `start`.
    """
    index: dict[State, int] = {start: 0}
    open_, found = [start], []
    while open_:
        state = open_.pop()
        for target, rate in moves(state):
            if target not in index:
                index[target] = len(index)
                open_.append(target)
            found.append((index[state], index[target], rate))
    balance = np.zeros((len(index), len(index)))
    for i, j, rate in found:
        balance[j, i] += rate
        balance[i, i] -= rate
    balance[0, :] = 1.0
    right = np.zeros(len(index))
    right[0] = 1.0
    return dict(zip(index, np.linalg.solve(balance, right).tolist(), strict=True))


MOST = 400
"""Cases that a chain may hold; loads here are below 0.85, so that what is cut off is below 1e-28."""


def two_paces(rate: float, first: float, second: float) -> tuple[float, float, float]:
    """M/M/2 with servers of mean service `first` and `second`, an idle first being preferred: (share of time the first
    is busy, the second is busy, mean wait) (Gumbel 1960, "Waiting lines with heterogeneous servers").
    """

    def moves(state: State) -> Iterable[tuple[State, float]]:
        one, two, queue = state
        if not one:
            yield (1, two, queue), rate
        elif not two:
            yield (one, 1, queue), rate
        elif queue < MOST:
            yield (1, 1, queue + 1), rate
        if one:
            yield ((1, two, queue - 1) if queue else (0, two, 0)), 1 / first
        if two:
            yield ((one, 1, queue - 1) if queue else (one, 0, 0)), 1 / second

    p = stationary((0, 0, 0), moves)
    busy = [sum(q for state, q in p.items() if state[i]) for i in (0, 1)]
    return busy[0], busy[1], sum(state[2] * q for state, q in p.items()) / rate


def chats(rate: float, service: float, agents: int, each: int) -> float:
    """Share of time an agent has a chat in hand: each holds up to `each`; a new chat goes to who holds fewest."""

    def moves(state: State) -> Iterable[tuple[State, float]]:
        *hands, queue = state
        if min(hands) < each:
            yield _with(hands, hands.index(min(hands)), +1, queue), rate
        elif queue < MOST:
            yield (*hands, queue + 1), rate
        for i, held in enumerate(hands):
            if held:
                yield (*hands, queue - 1) if queue else _with(hands, i, -1, 0), held / service

    p = stationary((*([0] * agents), 0), moves)
    return sum(q * sum(h > 0 for h in state[:-1]) for state, q in p.items()) / agents


def _with(hands: Sequence[int], i: int, change: int, queue: int) -> tuple[int, ...]:
    return (*sorted([*hands[:i], hands[i] + change, *hands[i + 1 :]]), queue)


def slower_chats(rate: float, service: float, slower_by: float) -> tuple[float, float]:
    """One agent with up to two chats, a chat begun beside another being slower: (share of time busy, mean wait)."""
    slow = service * (1 + slower_by)

    def moves(state: State) -> Iterable[tuple[State, float]]:
        alone, beside, queue = state  # how many in hand were begun alone, beside another
        held = alone + beside
        if held == 0:
            yield (1, 0, 0), rate
        elif held == 1:
            yield (alone, beside + 1, 0), rate
        elif queue < MOST:
            yield (alone, beside, queue + 1), rate
        for a, b, gone in ((alone - 1, beside, alone / service), (alone, beside - 1, beside / slow)):
            if gone:
                yield ((a, b + 1, queue - 1) if queue else (a, b, 0)), gone

    p = stationary((0, 0, 0), moves)
    wait = sum(state[2] * q for state, q in p.items()) / rate
    return 1 - p[0, 0, 0], wait


def crowded_departures(rate: float, every: float, room: int) -> float:
    """Mean wait for a departure that comes regularly and takes at most `room`: by the roots of z^room = exp(a (z - 1))
    inside the unit circle, a being the arrivals between two (Bailey 1954, "On queueing processes with bulk service").
    """
    a, behind = rate * every, -(room * (room - 1) - (rate * every) ** 2) / (2 * (room - rate * every))
    for k in range(1, room):
        z, turn = 0j, cmath.exp(2j * cmath.pi * k / room)
        for _ in range(10_000):
            z = turn * cmath.exp(a * (z - 1) / room)
        behind += (1 / (1 - z)).real
    return behind / rate + every / 2


# --- others ------------------------------------------------------------------------------------------------------


def rework_visits(chance: float, at_most: int) -> float:
    """Mean visits of a case that is led back with a probability, but not more often than `at_most`."""
    return sum(chance**n for n in range(at_most + 1))


def lognormal_quantile(mean: float, cv: float, level: float) -> float:
    """A quantile of the lognormal law of this mean and coefficient of variation."""
    sigma = math.sqrt(math.log1p(cv**2))
    return mean / math.sqrt(1 + cv**2) * math.exp(sigma * float(norm.ppf(level)))


def mm1_first_waits(load: float, customers: int) -> NDArray[np.float64]:
    """Expected wait of the 1st, 2nd, ... customer of an M/M/1 that opens empty, in mean services.

    Exact: between two arrivals each service ends before the next arrival with probability 1 / (1 + load) (Kelton & Law
    1985, "The transient behavior of the M/M/s queue").
    """
    done, waits = 1 / (1 + load), np.zeros(customers)
    present = np.zeros(customers + 1)
    present[0] = 1.0
    for n in range(customers):
        waits[n] = present[: n + 1] @ np.arange(n + 1)
        present = _next_arrival(present[: n + 1], done, customers + 1)
    return waits


def _next_arrival(found: NDArray[np.float64], done: float, size: int) -> NDArray[np.float64]:
    """How many the next customer finds, from how many this one found."""
    from scipy.signal import lfilter

    here = np.concatenate(([0.0], found))  # with this one
    stay = lfilter([1 - done], [1.0, -done], here[::-1])[::-1]
    stay[0] = 1.0 - stay[1:].sum()
    return np.concatenate((stay, np.zeros(size - stay.size)))
