"""Every measure from its definition in docs/measures.md, by plain loops over the log: slow, and easy to check by eye.

Nothing is imported from `analysis/` but the names of causes. Times are whole ms.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, nan
from statistics import pstdev
from typing import Any

from analysis.measures.ledger import CAUSES
from sim.log import GAVE_UP, OPEN, PASSED, SERVED, UNKNOWN, WENT, Log
from sim.people import Team
from sim.plan import COLLECT, END, PAUSE, WAIT, Event, Plan, Promise
from sim.units import DAY, HOUR, MINUTE, MONTH, NEVER, WEEK

Values = dict[tuple[str, str, str], float]


@dataclass(frozen=True)
class Visit:
    case: int
    step: int
    first: bool
    people: tuple[int, ...]
    joined: int
    began: int | None
    left: int | None
    outcome: int
    gone: int
    """When it left, or the end of the run."""
    work: tuple[tuple[tuple[int, ...], int, int], ...]
    """(people, from when, until when or the end of the run) it was in hand without a break."""
    still_waits: bool
    """Whether it waits at the end of the run."""

    @property
    def waits(self) -> list[tuple[int, int]]:
        """From when until when it waited."""
        begins = [begin for _, begin, _ in self.work]
        ends = [end for *_, end in self.work]
        if self.still_waits or not begins:
            begins.append(self.gone)
        return list(zip([self.joined, *ends], begins, strict=False))

    @property
    def waited(self) -> int:
        return sum(until - since for since, until in self.waits)

    @property
    def worked(self) -> int:
        return sum(end - begin for _, begin, end in self.work)


@dataclass(frozen=True)
class Case:
    route: int
    arrived: int
    value: float
    ended: int | None
    outcome: int
    visits: tuple[Visit, ...]


class Naive:
    """A log in plain Python."""

    def __init__(self, log: Log) -> None:
        self.plan: Plan = log.plan
        self.start, self.end = self.plan.warm_up, self.plan.runs_for
        self.window = self.end - self.start
        self.visits = self._visits(log)
        self.cases = self._cases(log)
        self.edges = self._edges()
        self.doing = [self._doing(p) for p in range(len(self.plan.people))]
        self.on = [self._on(p) for p in range(len(self.plan.people))]

    def _visits(self, log: Log) -> list[Visit]:
        helpers: dict[int, tuple[int, ...]] = {}
        for row, person in zip(log.helpers[0].tolist(), log.helpers[1].tolist(), strict=True):
            helpers[row] = (*helpers.get(row, ()), person)
        handed_back: dict[int, dict[tuple[int, int], tuple[int, ...]]] = {}
        for row, person, start, end in zip(*(c.tolist() for c in vars(log.stretches).values()), strict=True):
            of_row = handed_back.setdefault(row, {})
            of_row[start, end] = (*of_row.get((start, end), ()), person)
        v, found = log.visits, []
        for i in range(len(v.case)):
            began = None if v.began[i] == UNKNOWN else int(v.began[i])
            left = None if v.left[i] == UNKNOWN else int(v.left[i])
            first = () if v.person[i] == UNKNOWN else (int(v.person[i]),)
            gone = self.end if left is None else left
            people = first + helpers.get(i, ())
            if i in handed_back:
                told = sorted(handed_back[i].items())
                work = tuple((who, start, self.end if end == UNKNOWN else end) for (start, end), who in told)
                waits = left is None and told[-1][0][1] != UNKNOWN
            else:
                work = () if began is None else ((people, began, gone),)
                waits = began is None and left is None
            outcome, at_first = int(v.outcome[i]), bool(v.visit[i] == 1)
            case, step, joined = int(v.case[i]), int(v.step[i]), int(v.joined[i])
            found.append(Visit(case, step, at_first, people, joined, began, left, outcome, gone, work, waits))
        return found

    def _cases(self, log: Log) -> dict[int, Case]:
        own: dict[int, list[Visit]] = {}
        for visit in self.visits:
            own.setdefault(visit.case, []).append(visit)
        found = {}
        columns = (log.cases.case, log.cases.route, log.cases.arrived, log.cases.value)
        for case, route, arrived, value in zip(*(column.tolist() for column in columns), strict=True):
            last = own[case][-1]
            over = self.plan.steps[last.step].verb == END
            outcome = self.plan.steps[last.step].outcome if over else -1
            found[case] = Case(route, arrived, round(value, 6), last.left if over else None, outcome, tuple(own[case]))
        return found

    # --- who did what when, painted on the stretches between all instants at which anything happens --------------

    def _edges(self) -> list[int]:
        at = {0, self.start, self.end, *range(0, self.end, HOUR)}
        for visit in self.visits:
            at |= {visit.joined, visit.gone, *(instant for _, *times in visit.work for instant in times)}
        at |= {i for event in self.plan.events for i in (event.since, event.until) if i < self.end}
        at |= {i for e in self.plan.events for i in (e.since - DAY, e.until + DAY) if 0 <= i < self.end}
        at |= set(range(0, self.end, DAY)) if self.plan.events else set()
        at |= {at for step in self.plan.steps for at in step.departures if at < self.end}
        for person in range(len(self.plan.people)):
            at |= {instant for shift in self.plan.calendar(person) for instant in shift if instant < self.end}
        return sorted(at)

    def stretches(self, start: int, end: int) -> range:
        """The stretches from one instant to another."""
        return range(bisect_left(self.edges, start), bisect_left(self.edges, min(end, self.end)))

    def length(self, stretch: int) -> int:
        return self.edges[stretch + 1] - self.edges[stretch]

    def _doing(self, person: int) -> list[int]:
        """The step of the work in hand in each stretch; -1 for none."""
        doing = [-1] * (len(self.edges) - 1)
        for visit in self.visits:
            for start, end in ((start, end) for who, start, end in visit.work if person in who):
                for i in self.stretches(start, end):
                    assert doing[i] in (-1, visit.step), "nobody does two different things at once"
                    doing[i] = visit.step
        return doing

    def _on(self, person: int) -> list[bool]:
        on = [False] * (len(self.edges) - 1)
        for start, end in self.plan.calendar(person):
            if start < self.end:
                for i in self.stretches(start, end):
                    on[i] = True
        return on

    def inside(self) -> Iterable[int]:
        """The stretches of the measuring window."""
        return self.stretches(self.start, self.end)

    # --- measures -------------------------------------------------------------------------------------------------

    def measures(self) -> Values:
        values: Values = {}
        plan = self.plan
        for number, step in enumerate(plan.steps):
            values |= _named("step", plan.step_key(number), self.flow([number]))
            if step.decides:
                values |= _named("step", plan.step_key(number), self.effects(number))
        for number, role in enumerate(plan.roles):
            first = [n for n, s in enumerate(plan.steps) if s.line >= 0 and plan.lines[s.line].servers[0][0] == number]
            people = [p for p, person in enumerate(plan.people) if person.role == number]
            values |= _named("role", role.name, self.flow(first) | self.hours(people))
        for number, team in enumerate(plan.teams):
            people = [p for p, person in enumerate(plan.people) if person.team == number]
            values |= _named("team", f"{plan.roles[team.role].name}/{team.name}", self.hours(people))
        for name in {each.department for each in (*plan.roles, *plan.steps)}:
            steps = [n for n, step in enumerate(plan.steps) if step.department == name and step.takes_time]
            people = [p for p, person in enumerate(plan.people) if plan.roles[person.role].department == name]
            values |= _named("department", name, self.flow(steps) | self.hours(people))
        for number, route in enumerate(plan.routes):
            values |= _named("route", route.name, self.route(number))
            values |= self.outcomes(number)
            values |= self.ledgers(number)
        for promise in plan.promises:
            values |= _named("promise", promise.name, self.promise(promise) | self.promised_days(promise))
        for event in plan.events:
            values |= self.event(event)
        values |= self.event_days()
        values |= self.already_there()
        return values | self.money()

    def event(self, event: Event) -> Values:
        came = [c for c in self.cases.values() if c.arrived >= self.start and event.since <= c.arrived < event.until]
        cycles = [case.ended - case.arrived for case in came if case.ended is not None]
        levels = self.waiting()
        most = max((levels[i] for i in self.stretches(event.since, event.until + DAY)), default=0)
        off = nan
        quiet = event.since
        while before := [e.since for e in self.plan.events if e.since < quiet < e.until + DAY]:
            quiet = min(before)
        if quiet >= DAY and event.until < self.end:
            usual = max((levels[i] for i in self.stretches(quiet - DAY, quiet)), default=0)
            after = (self.edges[i] for i in self.stretches(event.until, self.end) if levels[i] <= usual)
            off = (next(after, nan) - event.until) / HOUR
        values = _named(
            "event",
            event.name,
            {
                "arrived": len(came),
                "open": len(came) - len(cycles),
                "wait_h": _mean([sum(visit.waited for visit in case.visits) for case in came]) / HOUR,
                "cycle_h": _mean(cycles) / HOUR,
                "waiting_max": most,
                "worked_off_h": off,
            },
        )
        for promise in self.plan.promises:
            shares = {}
            for name, mine in (("share", True), ("share_else", False)):
                those = [c for c in self.meant(promise) if (event.since <= c.arrived < event.until) == mine]
                verdicts = [self.verdict(promise, case) for case in those]
                kept, broken = verdicts.count("kept"), verdicts.count("broken")
                shares[name] = kept / (kept + broken) if kept + broken else nan
            values |= _named("event promise", f"{event.name}/{promise.name}", shares)
        return values

    def already_there(self) -> Values:
        values: Values = {}
        for step in sorted({stream.at for stream in self.plan.streams if stream.at >= 0}):
            mine = [case for case in self.cases.values() if case.arrived < 0 and case.visits[0].step == step]
            left = [case.visits[0].left for case in mine]
            done = [at for at in left if at is not None]
            named = {
                "cases": len(mine),
                "open": sum(case.ended is None for case in mine),
                "wait_h": _mean([case.visits[0].waited for case in mine]) / HOUR,
                "worked_off_h": max(done) / HOUR if mine and len(done) == len(mine) else nan,
            }
            values |= _named("already there", self.plan.step_key(step), named)
        return values

    def waiting(self) -> list[int]:
        """How many wait in each stretch, anywhere."""
        levels = [0] * (len(self.edges) - 1)
        for visit in self.visits:
            for since, until in visit.waits:
                for i in self.stretches(since, until):
                    levels[i] += 1
        return levels

    def event_days(self) -> Values:
        values: Values = {}
        levels = self.waiting()
        told = {
            event.since // DAY + i
            for event in self.plan.events
            for i in range((event.until - 1) // DAY - event.since // DAY + 4)
        }
        for day in sorted(day for day in told if self.start <= day * DAY < self.end):
            came = [case for case in self.cases.values() if case.arrived // DAY == day]
            during = [levels[i] for i in self.stretches(day * DAY, (day + 1) * DAY)]
            date = str(dt.date.fromisoformat(self.plan.starts) + dt.timedelta(days=day))
            waits = [sum(visit.waited for visit in case.visits) for case in came]
            named = {
                "arrived": len(came),
                "open": sum(case.ended is None for case in came),
                "still_waiting": sum(any(visit.still_waits for visit in case.visits) for case in came),
                "wait_h": _mean(waits) / HOUR,
                "waiting_max": max(during),
                "waiting_end": during[-1],
            }
            values |= _named("event day", date, named)
            for promise in self.plan.promises:
                verdicts = [self.verdict(promise, c) for c in self.meant(promise) if c.arrived // DAY == day]
                kept, broken = verdicts.count("kept"), verdicts.count("broken")
                share = kept / (kept + broken) if kept + broken else nan
                counts = {"kept": kept, "broken": broken, "undecided": verdicts.count("undecided")}
                values |= _named("event day promise", f"{date}/{promise.name}", {"share": share, **counts})
        return values

    def flow(self, steps: list[int]) -> dict[str, float]:
        every = [visit for visit in self.visits if visit.step in steps]
        counted = [visit for visit in every if visit.joined >= self.start]
        waits = [v.waited for v in counted]
        services = [v.worked for v in counted if v.began is not None and v.left is not None]
        levels = [0] * (len(self.edges) - 1)
        for visit in every:
            for since, until in visit.waits:
                for i in self.stretches(since, until):
                    levels[i] += 1
        area = sum(levels[i] * self.length(i) for i in self.inside())
        gave_up = sum(visit.outcome == GAVE_UP for visit in counted)
        return {
            "visits": len(counted),
            "per_day": len(counted) * DAY / self.window,
            "served": sum(visit.outcome in (SERVED, WENT, PASSED) for visit in counted),
            "gave_up": gave_up,
            "open": sum(visit.outcome == OPEN for visit in counted),
            "gave_up_share": gave_up / len(counted) if counted else nan,
            "still_waiting": sum(visit.still_waits for visit in counted),
            **_spread("wait", "_min", waits, MINUTE),
            "wait_sd_min": pstdev(waits) / MINUTE if waits else nan,
            "service_min": _mean(services) / MINUTE,
            "queue": area / self.window,
            "queue_max": max((levels[i] for i in self.inside()), default=0),
        }

    def effects(self, step: int) -> dict[str, float]:
        counted = [v.outcome for v in self.visits if v.step == step and v.joined >= self.start]
        return {"went": counted.count(WENT), "passed": counted.count(PASSED)}

    def hours(self, people: list[int]) -> dict[str, float]:
        scheduled = busy = late = 0
        for person in people:
            rests = self.plan.roles[self.plan.people[person].role].at_shift_end == PAUSE
            for i in self.inside():
                at_work = self.doing[person][i] >= 0
                scheduled += self.length(i) * self.on[person][i]
                busy += self.length(i) * (self.on[person][i] and at_work)
                late += self.length(i) * (not self.on[person][i] and at_work and not rests)
        per_week = WEEK / HOUR / self.window
        return {
            "people": len(people),
            "scheduled_h": scheduled * per_week,
            "busy_h": busy * per_week,
            "overtime_h": late * per_week,
            "utilisation": busy / scheduled if scheduled else nan,
        }

    def counted(self, route: int) -> list[Case]:
        """The cases of a route that arrived in the window."""
        return [case for case in self.cases.values() if case.route == route and case.arrived >= self.start]

    def route(self, route: int) -> dict[str, float]:
        counted = self.counted(route)
        cycles = [case.ended - case.arrived for case in counted if case.ended is not None]
        area, ended = 0, 0
        for case in self.cases.values():
            if case.route == route:
                gone = self.end if case.ended is None else case.ended
                area += max(0, gone - max(case.arrived, self.start))
                ended += case.ended is not None and case.ended >= self.start
        return {
            "arrived": len(counted),
            "ended": len(cycles),
            "open": len(counted) - len(cycles),
            "per_day": ended * DAY / self.window,
            **_spread("cycle", "_h", cycles, HOUR),
            "in_progress": area / self.window,
        }

    def outcomes(self, route: int) -> Values:
        values: Values = {}
        for step in self.plan.steps:
            if step.route == route and step.verb == END:
                ended = sum(case.outcome == step.outcome for case in self.counted(route))
                values["outcome", f"{self.plan.routes[route].name}/{self.plan.outcomes[step.outcome]}", "ended"] = ended
        return values

    # --- promises -------------------------------------------------------------------------------------------------

    def promise(self, promise: Promise) -> dict[str, float]:
        verdicts = [self.verdict(promise, case) for case in self.meant(promise)]
        kept, broken = verdicts.count("kept"), verdicts.count("broken")
        share = kept / (kept + broken) if kept + broken else nan
        others = {name: verdicts.count(name.replace("_", " ")) for name in ("undecided", "not_meant")}
        return {"share": share, "kept": kept, "broken": broken, **others}

    def promised_days(self, promise: Promise) -> dict[str, float]:
        verdicts: dict[int, list[str]] = {}
        for case in self.meant(promise):
            verdicts.setdefault(case.arrived // DAY, []).append(self.verdict(promise, case))
        days = good = 0
        for day in verdicts.values():
            decided = day.count("kept") + day.count("broken")
            days += decided > 0
            good += decided > 0 and day.count("kept") / decided >= promise.share
        return {"days": days, "days_kept": good, "days_share": good / days if days else nan}

    def meant(self, promise: Promise) -> list[Case]:
        first, end = promise.arrives
        return [case for case in self.counted(promise.route) if first <= case.arrived < end]

    def verdict(self, promise: Promise, case: Case) -> str:
        since: int | None = case.arrived
        if promise.since >= 0:
            since = next((v.joined for v in case.visits if v.step == promise.since and v.first), None)
        points = [v for v in case.visits if v.step in promise.points and v.first]
        gone = [v.left for v in points if v.outcome == GAVE_UP]
        instants = [v.began if promise.at_begin else v.left for v in points if v.outcome != GAVE_UP]
        reached = min((instant for instant in instants if instant is not None), default=None)
        if since is None:
            return "undecided" if case.ended is None else "not meant"
        if reached is None and not gone and case.ended is not None:
            return "not meant"
        if not _is_late(promise, since, self.end):
            return "undecided"
        if reached is not None:
            return "broken" if _is_late(promise, since, reached) else "kept"
        if gone and _passed(promise, since, min(gone)) <= promise.early:
            return ("broken", "not meant", "kept")[promise.gave_up]
        return "broken"

    # --- money ----------------------------------------------------------------------------------------------------

    def money(self) -> Values:
        values: Values = {}
        plan, weeks = self.plan, self.window / WEEK
        costs = [self.cost(number, team) / weeks for number, team in enumerate(plan.teams)]
        paid = [cost for cost, team in zip(costs, plan.teams, strict=True) if team.pay is not None]
        for number, role in enumerate(plan.roles) if paid else ():
            mine = [(n, team) for n, team in enumerate(plan.teams) if team.role == number]
            values["money", role.name, "cost_per_week"] = sum(costs[n] for n, _ in mine)
            for n, team in mine:
                values["money", f"{role.name}/{team.name}", "cost_per_week"] = costs[n]
        brought = [
            each.share_of_value * case.value + each.per_case
            for each in plan.contributions
            for case in self.cases.values()
            if case.route == each.route and case.outcome in each.outcomes and (case.ended or 0) >= self.start
        ]
        shop = {}
        if paid:
            shop["staff_cost_per_week"] = sum(paid)
        if plan.contributions:
            shop["contribution_per_week"] = sum(brought) / weeks
        if paid and plan.contributions:
            shop["surplus_per_week"] = sum(brought) / weeks - sum(paid)
        return values | _named("money", "shop", shop)

    def cost(self, number: int, team: Team) -> float:
        """What a team costs in the window."""
        if team.pay is None:
            return nan
        people = [p for p, person in enumerate(self.plan.people) if person.team == number]
        hours, begin, end = self.hours(people), *team.pay.employed
        months = len(people) * max(0, min(end, self.end) - max(begin, self.start)) / MONTH
        weeks = self.window / WEEK
        by_hour = hours["scheduled_h"] * team.pay.per_hour + hours["overtime_h"] * team.pay.per_overtime_hour
        return by_hour * weeks + months * team.pay.per_month

    # --- the ledger -----------------------------------------------------------------------------------------------

    def ledgers(self, route: int) -> Values:
        ended = [case for case in self.counted(route) if case.ended is not None]
        name = self.plan.routes[route].name
        whole = dict.fromkeys(CAUSES, 0)
        parts = {
            n: dict.fromkeys(CAUSES, 0) for n, s in enumerate(self.plan.steps) if s.route == route and s.takes_time
        }
        for case in ended:
            total = 0
            for visit in case.visits:
                for cause, ms in self.causes(visit).items():
                    whole[cause] += ms
                    parts[visit.step][cause] += ms
                    total += ms
            assert case.arrived + total == case.ended, "the causes of a case add up to its time in the shop"
        values: Values = {}
        for kind, place, sums in [
            ("ledger", name, whole),
            *(("step ledger", self.plan.step_key(n), part) for n, part in parts.items()),
        ]:
            for cause, ms in sums.items():
                values[kind, place, cause] = ms / HOUR / len(ended) if ended else nan
        for step in parts:
            values |= _named("step losses", self.plan.step_key(step), self.losses(step))
        return values

    def losses(self, step: int) -> dict[str, float]:
        """Hours a week that cases, ended or not, stood at a step within the window, for each cause that holds up."""
        lost = {cause: 0 for cause in CAUSES if cause not in ("working", "transit")}
        for visit in (visit for visit in self.visits if visit.step == step):
            for i in self.stretches(max(visit.joined, self.start), visit.gone):
                if (cause := self.cause(visit, i)) in lost:
                    lost[cause] += self.length(i)
        return {cause: ms / HOUR * WEEK / self.window for cause, ms in lost.items()}

    def causes(self, visit: Visit) -> dict[str, int]:
        """The ms of a visit by cause."""
        found: dict[str, int] = {}
        for i in self.stretches(visit.joined, visit.gone):
            cause = self.cause(visit, i)
            found[cause] = found.get(cause, 0) + self.length(i)
        return found

    def cause(self, visit: Visit, stretch: int) -> str:
        step, at = self.plan.steps[visit.step], self.edges[stretch]
        if step.verb == WAIT:
            return "transit"
        if step.verb == COLLECT:
            first = next((at for at in step.departures if at >= visit.joined), self.end)
            return "departure" if self.edges[stretch] < first else "full"
        for people in (who for who, start, end in visit.work if start <= at < end):
            rule = [self.plan.roles[self.plan.people[p].role].at_shift_end for p in people]
            off = [not self.on[p][stretch] for p in people]
            return "resting" if any(o and r == PAUSE for o, r in zip(off, rule, strict=True)) else "working"
        could = {role for role, _ in self.plan.lines[step.line].servers}
        here = [p for p, who in enumerate(self.plan.people) if who.role in could and self.on[p][stretch]]
        hands = [self.doing[p][stretch] for p in here]
        if not here:
            return self.nobody(could, at)
        if step.people > 1 and (len(here) < step.people or 0 < hands.count(-1) < step.people):
            return "too_few"
        if -1 in hands:
            return "held_back"
        return "busy_same" if 2 * hands.count(visit.step) >= len(hands) else "busy_other"

    def nobody(self, could: set[int], at: int) -> str:
        """Why none of these roles is there: a day without them, a break, or else before or after the hours of a day."""
        shifts = sorted(
            span for p, who in enumerate(self.plan.people) if who.role in could for span in self.plan.calendar(p)
        )
        today = at // DAY * DAY
        if not any(on < today + DAY and today < off for on, off in shifts):
            return "rest_day"
        together: list[list[int]] = []
        for on, off in shifts:
            if together and on <= together[-1][1]:
                together[-1][1] = max(together[-1][1], off)
            else:
                together.append([on, off])
        before, after = [s for s in together if s[1] <= at], [s for s in together if s[0] > at]
        if before and after:
            (begin, off), (on, _) = before[-1], after[0]
            if begin // DAY == on // DAY and on - off <= 8 * HOUR:
                return "break"
        return "night"

    # --- over time ------------------------------------------------------------------------------------------------

    def over_time(self) -> dict[tuple[str, str], list[list[float]]]:
        """(fold, measure) → place → slot."""
        hours = range(self.end // HOUR)
        monday = dt.date.fromisoformat(self.plan.starts).weekday()
        counted = [h for h in hours if h * HOUR >= self.start]
        folds: dict[str, tuple[Callable[[int], int], Iterable[int]]] = {
            "hour": (lambda h: h % 24, counted),
            "weekday": (lambda h: (monday + h // 24) % 7, counted),
            "along": ((lambda h: h) if self.end < 8 * DAY else (lambda h: h // 24), hours),
        }
        found = {}
        for fold, (slot, which) in folds.items():
            last = max((slot(h) for h in hours), default=0)
            slots = [[h for h in which if slot(h) == s] for s in range(last + 1)]
            for measure, (places, value) in self._over_time_measures().items():
                found[fold, measure] = [[value(place, chosen) for chosen in slots] for place in range(places)]
        return found

    def _over_time_measures(self) -> dict[str, tuple[int, Callable[[int, list[int]], float]]]:
        plan = self.plan

        def share(part: float, whole: float) -> float:
            return part / whole if whole else nan

        def waiting(step: int, hours: list[int]) -> float:
            spans = [wait for v in self.visits if v.step == step for wait in v.waits]
            return share(sum(_overlap(s, h) for h in hours for s in spans), len(hours) * HOUR)

        def wait(step: int, hours: list[int]) -> float:
            if not plan.steps[step].takes_time:
                return nan
            over = [v for v in self.visits if v.step == step and not v.still_waits]
            return _mean([v.waited for v in over if v.joined // HOUR in hours]) / MINUTE

        def present(role: int, hours: list[int], busy: bool) -> int:
            people = [p for p, person in enumerate(plan.people) if person.role == role]
            return sum(
                _overlap((self.edges[i], self.edges[i + 1]), h)
                for h in hours
                for p in people
                for i in self.stretches(h * HOUR, h * HOUR + HOUR)
                if self.on[p][i] and (not busy or self.doing[p][i] >= 0)
            )

        def inside(route: int, hours: list[int]) -> float:
            spans = [
                (c.arrived, self.end if c.ended is None else c.ended) for c in self.cases.values() if c.route == route
            ]
            return share(sum(_overlap(s, h) for h in hours for s in spans), len(hours) * HOUR)

        def arrived(route: int, hours: list[int]) -> float:
            came = sum(c.route == route and c.arrived // HOUR in hours for c in self.cases.values())
            return share(came, len(hours))

        return {
            "queue": (len(plan.steps), waiting),
            "wait_min": (len(plan.steps), wait),
            "utilisation": (len(plan.roles), lambda r, h: share(present(r, h, True), present(r, h, False))),
            "on_shift": (len(plan.roles), lambda r, h: share(present(r, h, False), len(h) * HOUR)),
            "arrived_per_h": (len(plan.routes), arrived),
            "in_progress": (len(plan.routes), inside),
        }


def _overlap(span: tuple[int, int], hour: int) -> int:
    return max(0, min(span[1], (hour + 1) * HOUR) - max(span[0], hour * HOUR))


def _mean(values: list[int]) -> float:
    return sum(values) / len(values) if values else nan


def _spread(name: str, unit: str, values: list[int], ms: int) -> dict[str, float]:
    """Mean, quantiles and maximum; a quantile is the smallest value that at least that share does not exceed."""
    names = [f"{name}{middle}{unit}" for middle in ("", "_p50", "_p90", "_p95", "_max")]
    if not values:
        return dict.fromkeys(names, nan)
    ordered = sorted(values)
    levels = (Fraction(1, 2), Fraction(9, 10), Fraction(19, 20), Fraction(1))
    quantiles = [ordered[ceil(level * len(ordered)) - 1] / ms for level in levels]
    return dict(zip(names, [_mean(values) / ms, *quantiles], strict=True))


def _named(kind: str, place: str, values: dict[str, Any]) -> Values:
    return {(kind, place, measure): value for measure, value in values.items()}


def _is_late(promise: Promise, since: int, at: int) -> bool:
    """Whether an instant lies behind what is promised to a case whose clock started then."""
    if not promise.due:
        return _passed(promise, since, at) > promise.within
    pairs = zip(promise.cut_offs, promise.due, strict=True)
    return at > next((due for cut_off, due in pairs if since < cut_off), NEVER)


def _passed(promise: Promise, since: int, until: int) -> int:
    """How much of a promise's time passed from then to then."""
    if not promise.hours:
        return until - since
    return sum(max(0, min(off, until) - max(on, since)) for on, off in promise.hours)
