"""Random small shops over the whole vocabulary, for Hypothesis: every verb with every field, and ties in plenty.

All times are whole minutes from a short list, so that much falls on the same instant: arrivals with ends of work, with
departures, with ends of patience and with shift changes. Names are plain, so that a failing example can be read:
routes "r0", "r1"; steps "s0", "s1" …; roles "a", "b", "c".

    @given(shops(), seeds)
    def test_something(scenario, seed): ...

A shop may be refused by the program for one reason only: work for which there are never enough people at a time;
`plan_or_reject` passes over these.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from sim.faults import BadInput
from sim.plan import Plan
from sim.reading.names import STANDING
from tests.helpers.shops import ALWAYS, MONDAY, end, hhmm, plan_of, route

Shop = dict[str, Any]
Steps = list[dict[str, Any]]

seeds = st.integers(0, 2**63 - 1)

CLASSES = ["express", "same day", "standard"]
PRIORITIES = [
    CLASSES,
    [{"name": "express", "interrupts": True}, *CLASSES[1:]],
    [*({"name": name, "interrupts": True} for name in CLASSES[:2]), CLASSES[2]],
]
HOURS = {
    "always": ALWAYS,
    "short": {"Mon-Sun": ["00:05-00:20", "00:30-00:45", "01:00-02:00"]},
    "broken": {"Mon-Sun": ["00:00-03:00"], "breaks": ["00:10-00:15", "00:55-01:05"]},
    "night": {"Mon-Sun": ["23:30-00:40"]},
    "late": {"Mon-Sun": ["00:45-24:00"]},
    "in turn": {"weeks": [{"Mon": ["00:00-00:40"]}, {"Mon-Sun": ["00:20-03:00"]}], "breaks": ["00:35-00:38"]},
    "one on, one off": {"cycle": {"days": 2, "on": 1, "shift": "00:05-01:30"}},
}
ROTAS = ("in turn", "one on, one off")
TUESDAY = MONDAY + dt.timedelta(days=1)
RUSH = {"events": [{"name": "rush", "starts": dt.datetime(2024, 1, 1, 0, 20), "lasts": "30 min", "lift": 4}]}
SHIFT_ENDS = ["finish", "pause", "start only what fits", "hand over"]

minutes = st.sampled_from([0, 1, 2, 3, 5, 10, 30])
few_minutes = st.sampled_from([0, 1, 2, 5])
whole_hours = st.sampled_from(["always", *HOURS])
"""Names of hours; round the clock twice as often as the others."""


def in_minutes(number: int) -> str:
    return f"{number} min"


@st.composite
def times(draw: st.DrawFn, of: st.SearchStrategy[int] = minutes) -> Any:
    """A distribution of whole minutes."""
    values = draw(st.lists(of, min_size=1, max_size=3, unique=True))
    return in_minutes(values[0]) if len(values) == 1 else {"empirical": {"values": list(map(in_minutes, values))}}


# --- people -----------------------------------------------------------------------------------------------------


@st.composite
def pay(draw: st.DrawFn) -> dict[str, Any]:
    """Nothing, or what people are paid."""
    if draw(st.booleans()):
        return {}
    what = draw(st.sampled_from([{"per_hour": 32.0}, {"per_month": 6000}]))
    return {
        "pay": {**what, "on_costs": draw(st.sampled_from([0.0, 0.35])), "overtime": draw(st.sampled_from([0, 1.5]))}
    }


@st.composite
def teams(draw: st.DrawFn) -> list[dict[str, Any]]:
    names = draw(st.lists(whole_hours, min_size=1, max_size=2, unique=True))
    found = []
    for hours in names:
        size = draw(st.sampled_from([1, 2, 1, 3, 0]))
        team: dict[str, Any] = {"people": size, "hours": hours}
        if draw(st.booleans()):
            team["speed"] = draw(st.lists(st.sampled_from([0.5, 1.0, 2.0, 0.3]), min_size=size, max_size=size))
        team |= draw(st.sampled_from([{}, {}, {}, {"until": MONDAY}, {"until": MONDAY}, {"from": TUESDAY}]))
        team |= draw(st.sampled_from([{}, {}, {"place": "half an hour behind"}]))
        if hours in ROTAS:
            team |= draw(st.sampled_from([{}, {"rota_from": 2}, {"rota_from": [1, 2]}, {"rota_from": [2, 1, 2]}]))
        found.append(team | (draw(pay()) if draw(st.integers(0, 3)) == 0 else {}))
    return found


@st.composite
def staffs(draw: st.DrawFn, names: list[str]) -> dict[str, Any]:
    """Roles with teams, rules for the end of the shift, and what they also do."""
    roles = {}
    for name in names:
        role = {"teams": draw(teams()), "at_shift_end": draw(st.sampled_from(SHIFT_ENDS))}
        others = st.sampled_from([other for other in names if other != name] or [name])
        if len(names) > 1 and draw(st.integers(0, 2)) == 0:
            role["also_does"] = {draw(others): draw(st.sampled_from([0.5, 0.8, 1.0]))}
        roles[name] = role | draw(pay())
    return roles


# --- steps ------------------------------------------------------------------------------------------------------


@st.composite
def works(draw: st.DrawFn, name: str, later: list[str], roles: list[str]) -> dict[str, Any]:
    step = {
        "name": name,
        "do": "work",
        "by": draw(st.lists(st.sampled_from(roles), min_size=1, max_size=2, unique=True)),
        "takes": draw(times()),
        "per": draw(st.sampled_from(["order", "order", "line", "unit"])),
    }
    kind = draw(st.sampled_from(["alone", "alone", "together", "at once"]))
    if kind == "together":
        step["people"] = draw(st.sampled_from([2, 2, 3]))
    elif kind == "at once":
        step |= {"at_once": draw(st.integers(2, 3)), "slower_by": draw(st.sampled_from([0.0, 0.5, 1.0]))}
    if draw(st.integers(0, 3)) == 0:
        step["priority"] = draw(st.sampled_from(CLASSES))
    if draw(st.integers(0, 2)) == 0:
        limits = [{"patience": draw(times())}, {"room": draw(st.integers(0, 2))}]
        step |= draw(st.sampled_from([limits[0], limits[0], limits[1], {**limits[0], **limits[1]}]))
        step["gives_up_to"] = draw(st.sampled_from([*later, later[0], later[0]]))
    return step


@st.composite
def waits(draw: st.DrawFn, name: str) -> dict[str, Any]:
    step = {"name": name, "do": "wait", "takes": draw(times())}
    return step | ({"in_hours": draw(whole_hours)} if draw(st.booleans()) else {})


@st.composite
def collects(draw: st.DrawFn, name: str) -> dict[str, Any]:
    if draw(st.booleans()):
        when: dict[str, Any] = {"every": in_minutes(draw(st.sampled_from([5, 15, 60])))}
    else:
        at = draw(st.lists(st.sampled_from([0, 5, 10, 30, 35, 60]), min_size=1, max_size=3, unique=True))
        when = {"departs": {"Mon-Sun": list(map(hhmm, at))}}
    return {"name": name, "do": "collect", **when} | (
        {"capacity": draw(st.integers(1, 2))} if draw(st.booleans()) else {}
    )


@st.composite
def reasons(draw: st.DrawFn, roles: list[str], impatient: list[str]) -> dict[str, Any]:
    """A chance or a condition."""
    conditions = [
        st.fixed_dictionaries({"older_than": st.sampled_from([0, 5, 30]).map(in_minutes)}),
        st.fixed_dictionaries({"value_over": st.just(50)}),
        st.fixed_dictionaries({"lines_over": st.just(1)}),
        st.fixed_dictionaries({"units_over": st.just(2)}),
        st.fixed_dictionaries({"priority_is": st.sampled_from(CLASSES)}),
        st.fixed_dictionaries({"nobody_on": st.sampled_from(roles)}),
        st.fixed_dictionaries({"came_before": st.sampled_from(["00:10", "00:30", "20:00"])}),
        st.fixed_dictionaries({"before": st.sampled_from(["00:10", "00:30", "01:00"])}),
    ]
    if impatient:
        conditions += 6 * [st.fixed_dictionaries({"gave_up_at": st.sampled_from(impatient)})]
    if draw(st.integers(0, 2)) == 0:
        return {"chance": draw(st.sampled_from([0.25, 0.5, 0.9]))}
    return {"when": draw(draw(st.sampled_from(conditions)))}


@st.composite
def steps_of(draw: st.DrawFn, roles: list[str], others: list[str]) -> Steps:
    """The steps of a route that may start cases on the other routes; the last is "over"."""
    names = [f"s{i}" for i in range(draw(st.integers(2, 7)))]
    steps: Steps = []
    for i, name in enumerate(names):
        later = [*names[i + 1 :], "over"]
        verbs = ["work", "work", "work", "wait", "collect", "branch", "branch", *(["start"] * 3 if others else [])]
        verb = draw(st.sampled_from(verbs))
        impatient = [step["name"] for step in steps if "gives_up_to" in step]
        if verb == "work":
            steps.append(draw(works(name, later, roles)))
        elif verb == "wait":
            steps.append(draw(waits(name)))
        elif verb == "collect":
            steps.append(draw(collects(name)))
        elif verb == "branch":
            way = {"goes_to": draw(st.sampled_from(later))}
            if draw(st.booleans()):
                back = [names[0], *names[: i + 1]]
                way = {"goes_to": draw(st.sampled_from(back)), "at_most": draw(st.integers(1, 2))}
            steps.append({"name": name, "do": "branch", **way, **draw(reasons(roles, impatient))})
        else:
            later_arrival = {"after": draw(times())} if draw(st.booleans()) else {}
            why = draw(reasons(roles, impatient)) if draw(st.integers(0, 2)) else {}
            steps.append({"name": name, "do": "start", "route": draw(st.sampled_from(others)), **later_arrival, **why})
    return [*steps, end("over")]


# --- shops ------------------------------------------------------------------------------------------------------


@st.composite
def streams(draw: st.DrawFn, to: str) -> dict[str, Any]:
    """Arrivals of a route: on the dot, or as chance has it."""
    kind = draw(st.sampled_from(["timetable", "every", "per_hour"]))
    if kind == "timetable":
        at = draw(st.lists(st.sampled_from([0, 1, 2, 3, 5, 10, 20, 30, 60, 1435]), min_size=1, max_size=8, unique=True))
        when: dict[str, Any] = {"timetable": {"Mon-Tue": list(map(hhmm, sorted(at)))}}
    elif kind == "every":
        when = {"every": in_minutes(draw(st.sampled_from([5, 10, 20])))}
    else:
        when = {"per_hour": draw(st.sampled_from([3.0, 12.0]))} | draw(st.sampled_from([{}, RUSH, {"scatter": 0.5}]))
    what = {
        "lines": draw(st.sampled_from([1, {"empirical": {"values": [1, 2, 3]}}])),
        "units": draw(st.sampled_from([2, {"empirical": {"values": [1, 4]}}])),
        "value": draw(st.sampled_from([10, {"empirical": {"values": [20, 100]}}])),
        "priority": draw(st.sampled_from(["express", "standard", {"express": 0.3, "same day": 0.2, "standard": 0.5}])),
    }
    group = draw(st.sampled_from([{}, {}, {"group": 2}, {"group": {"empirical": {"values": [1, 3]}}}]))
    return {"route": to, **when, **what, **group}


@st.composite
def backlogs(draw: st.DrawFn, routes: dict[str, Steps]) -> dict[str, Any]:
    """Who stands somewhere when the run begins; in most shops nobody."""
    places = [(name, step["name"]) for name, steps in routes.items() for step in steps if step["do"] in STANDING]
    if not places or draw(st.integers(0, 2)):
        return {}
    found = {}
    for i in range(draw(st.integers(1, 2))):
        name, step = draw(st.sampled_from(places))
        more = draw(st.sampled_from([{}, {"priority": "express"}, {"lines": {"empirical": {"values": [1, 2, 3]}}}]))
        found[f"left {i}"] = {"route": name, "at": step, "cases": draw(st.integers(1, 5)), "age": draw(times()), **more}
    return found


@st.composite
def contributions(draw: st.DrawFn, routes: dict[str, Steps]) -> dict[str, Any]:
    """What cases of some of the routes bring; sums that floats hold exactly."""
    found: dict[str, Any] = {}
    for name, steps in routes.items():
        brings = draw(st.sampled_from([{}, {"share_of_value": 0.25}, {"per_case": -3.5}]))
        if brings and draw(st.booleans()):
            brings = {"share_of_value": -0.5, "per_case": 8, "outcomes": [steps[-1]["name"]]}
        found |= {name: brings} if brings else {}
    return found


@st.composite
def shops(draw: st.DrawFn) -> Shop:
    """A scenario with up to three roles, up to two routes and up to three streams."""
    roles = ["a", "b", "c"][: draw(st.integers(1, 3))]
    routes = ["r0", "r1"][: draw(st.sampled_from([2, 1, 2]))]
    route_steps = {name: draw(steps_of(roles, routes[i + 1 :])) for i, name in enumerate(routes)}
    started = {step["route"] for steps in route_steps.values() for step in steps if step["do"] == "start"}
    fed = [name for name in routes if name not in started]
    fed += draw(st.lists(st.sampled_from(routes), max_size=3 - len(fed)))
    return {
        "format": 1,
        "title": "random",
        "starts": MONDAY,
        "runs_for": draw(st.sampled_from(["75 min", "3 h", "26 h"])),
        "priorities": draw(st.sampled_from(PRIORITIES)),
        "time_zone": "Asia/Kolkata",
        "hours": HOURS,
        "places": {"half an hour behind": {"time_zone": "Asia/Karachi"}},
        "roles": draw(staffs(roles)),
        "arrivals": {f"stream {i}": draw(streams(name)) for i, name in enumerate(fed)},
        "already_there": draw(backlogs(route_steps)),
        "route": {name: route(*steps) for name, steps in route_steps.items()},
        "contribution": draw(contributions(route_steps)),
    }


def plan_or_reject(scenario: Shop) -> Plan:
    """Its plan; an example in which work can never be manned is passed over."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            return plan_of(Path(folder), scenario)
        except BadInput as refused:
            unmanned = ("is ever on shift during the run", "are on shift together")
            if all(any(words in fault.message for words in unmanned) for fault in refused.faults):
                reject()
            raise
