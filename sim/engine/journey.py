"""The journey of a case: one generator; read it downwards to follow an order through the shop.

A block per verb, in the order of `sim/steps.py`. Measures nothing, draws nothing.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Generator
from typing import Any

from simpy import Event, Timeout

from sim.draws import Draws
from sim.engine.clock import Clock
from sim.engine.conditions import conditions
from sim.engine.dock import Dock
from sim.engine.floor import Floor
from sim.engine.ticket import Ticket
from sim.log import GAVE_UP, PASSED, SERVED, WENT, Writer
from sim.plan import ALWAYS, BRANCH, COLLECT, START, WAIT, WORK, Plan
from sim.rules import work_through

Follow = Callable[[int, int, int], Generator[Event, Any, None]]
"""(case, route, delay in ms) → the journey of that case, which arrives after the delay."""


def journeys(env: Clock, plan: Plan, draws: Draws, log: Writer, floor: Floor, docks: dict[int, Dock]) -> Follow:
    """Prepare what every case looks up; returns the generator function that follows one."""
    steps, bases = plan.steps, draws.bases
    first = [route.first for route in plan.routes]
    verb, goes_to, again = [s.verb for s in steps], [s.goes_to for s in steps], [s.again for s in steps]
    line_rank, at_most = [s.rank for s in steps], [s.at_most for s in steps]
    starts_route, condition = [s.starts_route for s in steps], [s.condition for s in steps]
    delayed, impatient = [s.after is not None for s in steps], [s.patience is not None for s in steps]
    hours = [([on for on, _ in s.hours], [off for _, off in s.hours]) for s in steps]
    ranks = [array("b", cases.rank.tobytes()) for cases in draws.cases]
    from_streams = [sum(feed.size for feed in feeds if feed.stream >= 0) for feeds in draws.feeds]
    """By route: rows from here on belong to cases that another case started."""
    luck, holds = draws.column, conditions(plan, draws)

    def happens(step: int, row: int, visit: int, arrived: int, gave_up: list[int]) -> int:
        """Whether a branch or start takes effect for this case."""
        if condition[step] == ALWAYS:
            return luck(step, "chance", visit)[row]
        return holds(step, row, env.now, arrived, gave_up)

    def follow(case: int, route: int, delay: int) -> Generator[Event, Any, None]:
        if delay:
            yield Timeout(env, delay)
        arrived, row, step = env.now, case - bases[route], first[route]
        if row >= from_streams[route]:
            log.start(case, arrived)
        rank, visits, gave_up = ranks[route][row], dict[int, int](), list[int]()
        while True:
            kind, visit = verb[step], 1
            if again[step]:
                visit = visits[step] = visits.get(step, 0) + 1

            # --- work: queue until somebody is free, be served, or give up waiting
            if kind == WORK:
                entry = log.join(case, step, visit, env.now)
                patience = luck(step, "patience", visit)[row] if impatient[step] else -1
                ticket = Ticket(env, case, step, entry, luck(step, "takes", visit)[row], patience)
                floor.join(ticket, rank if line_rank[step] < 0 else line_rank[step])
                yield ticket
                log.left[entry] = env.now
                if ticket.gone:
                    log.outcome[entry] = GAVE_UP
                    gave_up.append(step)
                    step = goes_to[step]
                else:
                    log.outcome[entry] = SERVED
                    floor.release(ticket)
                    step += 1

            # --- wait: time passes, nobody is needed
            elif kind == WAIT:
                entry, now = log.join(case, step, visit, env.now), env.now
                log.began[entry] = now
                takes = luck(step, "takes", visit)[row]
                on, off = hours[step]
                over = work_through(on, off, now, takes) if on else now + takes
                if over > now:
                    yield Timeout(env, over - now)
                log.left[entry], log.outcome[entry] = over, SERVED
                step += 1

            # --- collect: the next departure takes it along
            elif kind == COLLECT:
                entry, now, dock = log.join(case, step, visit, env.now), env.now, docks[step]
                if dock.capacity:
                    ticket = Ticket(env, case, step, entry, 0, -1)
                    dock.join(ticket, rank if line_rank[step] < 0 else line_rank[step])
                    yield ticket
                else:
                    departure = dock.next(now)
                    if departure > now:
                        yield Timeout(env, departure - now)
                    log.began[entry] = log.left[entry] = departure
                    log.outcome[entry] = SERVED
                step += 1

            # --- branch: elsewhere, or on
            elif kind == BRANCH:
                worn_out = at_most[step] and visit > at_most[step]
                went = 0 if worn_out else happens(step, row, visit, arrived, gave_up)
                log.pass_by(case, step, visit, env.now, WENT if went else PASSED)
                step = goes_to[step] if went else step + 1

            # --- start: a new case on another route, now or later
            elif kind == START:
                went = visit == 1 and happens(step, row, visit, arrived, gave_up)
                log.pass_by(case, step, visit, env.now, WENT if went else PASSED)
                if went:
                    after = luck(step, "after", visit)[row] if delayed[step] else 0
                    env.process(follow(draws.child(step, row), starts_route[step], after))
                step += 1

            # --- end
            else:
                log.pass_by(case, step, visit, env.now, SERVED)
                return

    return follow
