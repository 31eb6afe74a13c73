"""The shop of fulfilment.toml as a plain SimPy model: what a competent user of SimPy writes by hand.

One generator an order, a Resource a role, luck drawn when it is needed (by `random`, as in SimPy's own examples), times
in minutes as floats, and the waits kept as a list of records: what it takes to say how long orders wait where and how
long they take, and no more.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import simpy

ORDERS_PER_MINUTE = 1.0
PEOPLE = {"reviewer": 2, "picker": 5, "packer": 3, "checker": 1, "agent": 1, "inspector": 1, "accountant": 1}
TRUCK_EVERY = 60.0

Journey = Generator[simpy.Event, Any, None]


@dataclass
class Results:
    """What is known after a run; times in minutes."""

    orders: int = 0
    waits: list[tuple[int, str, float]] = field(default_factory=list)
    """(order, step, minutes in the queue)"""
    cycles: list[float] = field(default_factory=list)
    """From the order until it is delivered."""
    gave_up: int = 0
    refunded: int = 0

    def weigh(self) -> int:
        """Bytes that the records take: lists, tuples and the numbers in them (not the names, which are shared)."""
        records = sum(sys.getsizeof(row) + sys.getsizeof(row[2]) for row in self.waits)
        return records + sys.getsizeof(self.waits) + sys.getsizeof(self.cycles) + 24 * len(self.cycles)


class Shop:
    def __init__(self, env: simpy.Environment, seed: int, people: dict[str, int]) -> None:
        self.env, self.results, self.rng = env, Results(), random.Random(seed)
        self.staff = {role: simpy.Resource(env, number) for role, number in people.items()}
        self.truck = env.event()
        env.process(self.arrivals())
        env.process(self.trucks())

    def gamma(self, mean: float, cv: float) -> float:
        return self.rng.gammavariate(1 / cv**2, mean * cv**2)

    def lognormal(self, mean: float, cv: float) -> float:
        variance = math.log(1 + cv**2)
        return self.rng.lognormvariate(math.log(mean) - variance / 2, math.sqrt(variance))

    def arrivals(self) -> Journey:
        while True:
            yield self.env.timeout(self.rng.expovariate(ORDERS_PER_MINUTE))
            self.results.orders += 1
            self.env.process(self.order(self.results.orders))

    def trucks(self) -> Journey:
        while True:
            yield self.env.timeout(TRUCK_EVERY)
            departed, self.truck = self.truck, self.env.event()
            departed.succeed()

    def work(self, order: int, step: str, role: str, takes: float) -> Journey:
        joined = self.env.now
        with self.staff[role].request() as request:
            yield request
            self.results.waits.append((order, step, self.env.now - joined))
            yield self.env.timeout(takes)

    def order(self, number: int) -> Journey:
        env, rng = self.env, self.rng
        arrived = env.now
        yield from self.work(number, "review", "reviewer", self.lognormal(1.6, 0.8))
        yield from self.work(number, "pick", "picker", self.gamma(4, 0.6))
        yield from self.work(number, "pack", "packer", self.gamma(2.4, 0.5))
        if rng.random() < 0.1:
            yield from self.work(number, "check", "checker", self.gamma(8, 0.5))
        joined = env.now
        yield self.truck
        self.results.waits.append((number, "truck", env.now - joined))
        yield env.timeout(self.lognormal(480, 0.5))
        if rng.random() < 0.15:
            env.process(self.contact(number))
        if rng.random() < 0.08:
            env.process(self.send_back(number))
        self.results.cycles.append(env.now - arrived)

    def contact(self, order: int) -> Journey:
        env, joined = self.env, self.env.now
        with self.staff["agent"].request() as request:
            yield request | env.timeout(self.rng.expovariate(1 / 15))
            self.results.waits.append((order, "answer", env.now - joined))
            if request.triggered:
                yield env.timeout(self.rng.expovariate(1 / 5.4))
            else:
                self.results.gave_up += 1

    def send_back(self, order: int) -> Journey:
        yield self.env.timeout(self.gamma(2880, 0.5))
        yield from self.work(order, "inspect", "inspector", self.gamma(10, 0.7))
        yield from self.work(order, "refund", "accountant", self.rng.expovariate(1 / 10))
        self.results.refunded += 1


def run(minutes: float, seed: int = 1, people: dict[str, int] | None = None) -> Results:
    """Play the shop for so many minutes."""
    env = simpy.Environment()
    shop = Shop(env, seed, PEOPLE if people is None else people)
    env.run(until=minutes)
    return shop.results
