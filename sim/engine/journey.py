"""The journey of a case: one generator; read it downwards to follow an order through the shop.

A block per verb, in the order of `sim/scenario/steps.py`. Measures nothing, draws nothing.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable

from simpy import Timeout

from sim.draws import Draws
from sim.engine.clock import Case, Clock, Journey
from sim.engine.conditions import conditions
from sim.engine.dock import Dock
from sim.engine.floor import Floor
from sim.engine.ticket import Ticket
from sim.log import GAVE_UP, PASSED, SERVED, WENT, Writer
from sim.plan import ALWAYS, BRANCH, COLLECT, START, WAIT, WORK, Plan
from sim.rules import work_through

Follow = Callable[..., Journey]
"""(case, route) → the journey of that case from its arrival, which is now; (case, route, step) → of one that stands at
that step when the run begins, which is now.
"""

NOWHERE = -1
"""In place of the step at which a case stands when the run begins, if it does not."""


def journeys(env: Clock, plan: Plan, draws: Draws, log: Writer, floor: Floor, docks: dict[int, Dock]) -> Follow:
    """Prepare what every case looks up; returns the generator function that follows one."""
    steps, bases = plan.steps, draws.bases
    first = [route.first for route in plan.routes]
    verb, goes_to, again = [s.verb for s in steps], [s.goes_to for s in steps], [s.again for s in steps]
    own_rank, at_most = [s.rank for s in steps], [s.at_most for s in steps]
    starts_route, condition = [s.starts_route for s in steps], [s.condition for s in steps]
    delayed, impatient = [s.after is not None for s in steps], [s.patience is not None for s in steps]
    hours = [([on for on, _ in s.hours], [off for _, off in s.hours]) for s in steps]
    ranks = [array("b", cases.rank.tobytes()) for cases in draws.cases]
    from_streams = [sum(feed.size for feed in feeds if feed.stream >= 0) for feeds in draws.feeds]
    """By route: rows from here on belong to cases that another case started."""
    takes, patience, after, chance = (
        [draws.by_visit(step, what) for step in range(len(steps))] for what in ("takes", "patience", "after", "chance")
    )
    """By step, visit and row: what was drawn."""
    holds = conditions(plan, draws)
    join, pass_by, began, left, outcome = log.join, log.pass_by, log.began, log.left, log.outcome

    def follow(case: int, route: int, at: int = NOWHERE) -> Journey:
        arrived = now = env.now
        row, step = case - bases[route], first[route]
        if at >= 0:
            arrived, step = int(draws.cases[route].arrived[row]), at
        if row >= from_streams[route]:
            log.start(case, now)
        visits: dict[int, int] = {}
        returns: dict[int, int] = {}
        gave_up: list[int] = []
        while True:
            kind, visit = verb[step], 1
            if again[step]:
                visit = visits[step] = visits.get(step, 0) + 1

            # --- work: queue until somebody is free, be served, or give up waiting
            if kind == WORK:
                entry = join(case, step, visit, now)
                needed = takes[step][visit][row]
                waits = patience[step][visit][row] if impatient[step] else -1
                rank = ranks[route][row] if own_rank[step] < 0 else own_rank[step]
                ticket = Ticket(env, case, step, entry, needed, waits, rank)
                if at >= 0:
                    ticket.joined = log.joined[entry] = arrived
                    at = NOWHERE
                floor.join(ticket)
                left[entry] = now = yield ticket
                if ticket.gone:
                    outcome[entry] = GAVE_UP
                    gave_up.append(step)
                    step = goes_to[step]
                else:
                    outcome[entry] = SERVED
                    floor.release(ticket)
                    step += 1

            # --- wait: time passes, nobody is needed
            elif kind == WAIT:
                entry = join(case, step, visit, now)
                began[entry] = now
                needed = takes[step][visit][row]
                on, off = hours[step]
                over = work_through(on, off, now, needed) if on else now + needed
                if over > now:
                    yield Timeout(env, over - now)
                left[entry] = now = over
                outcome[entry] = SERVED
                step += 1

            # --- collect: the next departure takes it along
            elif kind == COLLECT:
                entry, dock = join(case, step, visit, now), docks[step]
                if at >= 0:
                    log.joined[entry] = arrived
                if dock.capacity:
                    rank = ranks[route][row] if own_rank[step] < 0 else own_rank[step]
                    ticket = Ticket(env, case, step, entry, 0, -1, rank)
                    ticket.joined, at = log.joined[entry], NOWHERE
                    dock.join(ticket)
                    now = yield ticket
                else:
                    departure = dock.next(now)
                    if departure > now:
                        yield dock.event(departure)
                    began[entry] = left[entry] = now = departure
                    outcome[entry] = SERVED
                    at = NOWHERE
                step += 1

            # --- branch: elsewhere, or on
            elif kind == BRANCH:
                if at_most[step] and returns.get(step, 0) == at_most[step]:
                    went = 0
                elif condition[step] == ALWAYS:
                    went = chance[step][visit][row]
                else:
                    went = holds(step, row, now, arrived, gave_up)
                pass_by(case, step, visit, now, WENT if went else PASSED)
                if went and at_most[step]:
                    returns[step] = returns.get(step, 0) + 1
                step = goes_to[step] if went else step + 1

            # --- start: a new case on another route, now or later
            elif kind == START:
                if visit > 1:
                    went = 0
                elif condition[step] == ALWAYS:
                    went = chance[step][visit][row]
                else:
                    went = holds(step, row, now, arrived, gave_up)
                pass_by(case, step, visit, now, WENT if went else PASSED)
                if went:
                    later = after[step][visit][row] if delayed[step] else 0
                    Case(env, follow(draws.child(step, row), starts_route[step]), later)
                step += 1

            # --- end
            else:
                pass_by(case, step, visit, now, SERVED)
                return

    return follow
