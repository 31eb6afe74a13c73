"""Shops in which a fault of an engine is likely to show; one of them has everything in it, and is kept busy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.helpers.shops import branch, collect, end, people, route, shop, start, wait, work


def busy_shop() -> dict[str, Any]:
    """Everything at once, on whole minutes, with people enough to be idle now and then."""
    few = {"empirical": {"values": ["0 min", "2 min", "5 min"]}}
    order = (
        work("pick", ["picker", "packer"], few, per="line"),
        work("pack", "packer", 7, patience=20, gives_up_to="told"),
        branch("wrong item", "pick", chance=0.3, at_most=1),
        branch("heavy", "label", when={"lines_over": 2}),
        work("lift", ["loader", "packer"], 9, people=2),
        work("label", ["clerk", "loader"], 4),
        collect("van", every=30, capacity=4),
        wait("bank", few, in_hours="short"),
        start("send back", "return", chance=0.3, after=few),
        branch("late", "told", when={"older_than": "1 h"}),
        end("done"),
        end("told"),
    )
    back = (
        work("chat", ["agent", "lead"], 6, at_once=3, slower_by=0.5, patience=0, gives_up_to="sorry"),
        work("check", "checker", 11),
        end("back"),
        end("sorry"),
    )
    hours = {
        "short": {"Mon-Sun": ["00:00-03:00", "03:30-09:00", "10:00-24:00"]},
        "broken": {"Mon-Sun": ["00:00-24:00"], "breaks": [f"{hour:02d}:45-{hour:02d}:55" for hour in range(24)]},
    }
    roles = {
        "picker": {"teams": [{"people": 2, "hours": "broken", "speed": [1.0, 0.5]}]},
        "packer": people(2, "broken", at_shift_end="pause"),
        "loader": people(3),
        "clerk": people(1, "short"),
        "agent": people(1, "broken"),
        "lead": people(1),
        "checker": people(2, "broken", at_shift_end="start only what fits"),
    }
    lines = {"empirical": {"values": [1, 2, 3]}}
    streams = {
        "order": {"per_hour": 8, "lines": lines, "priority": {"express": 0.3, "standard": 0.7}},
        "shop": {"route": "order", "every": "10 min", "priority": {"express": 0.3, "standard": 0.7}},
        "web": {"route": "order", "every": "20 min", "lines": lines},
        "question": {"route": "return", "every": "4 min"},
    }
    return shop(
        roles=roles,
        hours=hours,
        arrivals=streams,
        route={"order": route(*order), "return": route(*back)},
        priorities=["express", "standard"],
        runs_for="20 h",
    )


def chats() -> dict[str, Any]:
    """Agents of one role who hold several cases each, and who want their work to fit; some cases give up."""
    few = {"empirical": {"values": ["3 min", "10 min", "40 min"]}}
    hours = {"short": {"Mon-Sun": [f"{hour:02d}:00-{hour + 1:02d}:50" for hour in range(0, 24, 2)]}}
    agents = {"people": 3, "hours": "short", "speed": [1.0, 0.3, 0.7]}
    steps = (
        work("chat", "agent", few, at_once=3, slower_by=0.5, patience=12, gives_up_to="gave up?"),
        branch("gave up?", "lost", when={"gave_up_at": "chat"}),
        end("done"),
        end("lost"),
    )
    return shop(
        roles={"agent": {"teams": [agents], "at_shift_end": "start only what fits"}},
        hours=hours,
        arrivals={"order": {"every": "5 min"}},
        route={"order": route(*steps)},
    )


def waiting_room() -> dict[str, Any]:
    """Two chairs before a desk, for guests who come in groups, some of them urgent; who finds no chair comes again."""
    few = {"empirical": {"values": ["2 min", "5 min", "9 min"]}}
    steps = (
        work("ask", "clerk", few, room=2, patience=15, gives_up_to="comes again"),
        branch("comes again", "walk", when={"gave_up_at": "ask"}),
        end("done"),
        wait("walk", 10),
        work("ask once more", "clerk", few, room=0, gives_up_to="lost"),
        end("later"),
        end("lost"),
    )
    return shop(
        roles={"clerk": people(2)},
        arrivals={
            "guest": {"every": "6 min", "group": {"empirical": {"values": [1, 2, 4]}}, "priority": {"a": 0.3, "b": 0.7}}
        },
        route={"guest": route(*steps)},
        priorities=["a", "b"],
        runs_for="10 h",
    )


def pairs() -> dict[str, Any]:
    """Work for several people of unlike hours and pace, who rest when they are off; then a van that comes once."""
    hours = {
        "short": {"Mon-Sun": ["00:00-00:50", "01:00-24:00"]},
        "broken": {"Mon-Sun": ["00:00-00:25", "00:40-24:00"]},
    }
    teams = {
        "one": {"people": 2, "hours": "short", "speed": [1.0, 0.3]},
        "other": {"people": 2, "hours": "broken", "speed": [0.7, 0.7]},
    }
    steps = (
        work("lift", ["one", "other"], 4, people=3),
        collect("van", departs={"Mon-Sun": ["20:00"]}),
        end("done"),
    )
    return shop(
        roles={name: {"teams": [team], "at_shift_end": "pause"} for name, team in teams.items()},
        hours=hours,
        arrivals={"order": {"every": "12 min"}},
        route={"order": route(*steps)},
    )


def relay() -> dict[str, Any]:
    """Work that is handed from one shift to the next, alone and in pairs, by people of unlike pace."""
    hours = {
        "even": {"Mon-Sun": [f"{hour:02d}:00-{hour + 1:02d}:10" for hour in range(0, 24, 2)]},
        "odd": {"Mon-Sun": [f"{hour:02d}:05-{hour + 1:02d}:00" for hour in range(1, 22, 2)]},
    }
    packers = [{"people": 2, "hours": "even", "speed": [1.0, 0.7]}, {"people": 2, "hours": "odd", "speed": [0.3, 1.0]}]
    steps = (
        work(
            "pack", "packer", {"empirical": {"values": ["3 min", "25 min", "40 min"]}}, patience=40, gives_up_to="sent"
        ),
        work("lift", "packer", 13, people=2, priority="express"),
        work("chat", "agent", 9, at_once=2, slower_by=0.5),
        end("sent"),
    )
    roles = {
        "packer": {"teams": packers, "at_shift_end": "hand over"},
        "agent": {"teams": [{"people": 1, "hours": each} for each in hours], "at_shift_end": "hand over"},
    }
    return shop(
        roles=roles,
        hours=hours,
        arrivals={"order": {"every": "17 min", "priority": {"express": 0.3, "standard": 0.7}}},
        already_there={"left": {"route": "order", "at": "lift", "cases": 9, "age": {"exponential": {"mean": "1 h"}}}},
        route={"order": route(*steps)},
        priorities=["express", "standard"],
    )


def evening() -> dict[str, Any]:
    """A job for two of which one is alone in the evening, and jobs for one that stand behind it."""
    hours = {"day": {"Mon-Sun": ["09:00-17:00"]}, "evening": {"Mon-Sun": ["17:00-22:00"]}}
    teams = [{"people": 2, "hours": "day"}, {"people": 1, "hours": "evening"}]
    return shop(
        roles={"packer": {"teams": teams}},
        hours=hours,
        arrivals={"pallet": {"every": "100 min"}, "parcel": {"every": "15 min"}},
        route={
            "pallet": route(work("load", "packer", 10, people=2), end("loaded")),
            "parcel": route(work("pack", "packer", 11), end("packed")),
        },
    )


def emergencies() -> dict[str, Any]:
    """Urgent work that interrupts, and is interrupted; by people of unlike pace, of two roles, in pairs; some rest."""
    hours = {"broken": {"Mon-Sun": ["00:00-00:50", "01:10-12:00", "13:00-24:00"]}}
    roles = {
        "clerk": {"teams": [{"people": 3, "hours": "broken", "speed": [1.0, 0.6, 1.3]}], "at_shift_end": "pause"},
        "boss": {"teams": [{"people": 1, "hours": "always", "speed": 0.8}]},
        "porter": {"teams": [{"people": 3, "hours": "broken", "speed": [1.0, 0.5, 0.7]}], "at_shift_end": "pause"},
    }
    few = {"empirical": {"values": ["4 min", "9 min", "21 min"]}}
    shares = {"fire": 0.1, "urgent": 0.3, "calm": 0.3, "idle": 0.3}
    steps = (
        work("serve", ["clerk", "boss"], few),
        work("carry", "porter", few, people=2),
        work("sign", "porter", few),
        end("done"),
    )
    return shop(
        roles=roles,
        hours=hours,
        arrivals={"order": {"per_hour": 16, "priority": shares}},
        route={"order": route(*steps)},
        priorities=[{"name": "fire", "interrupts": True}, {"name": "urgent", "interrupts": True}, "calm", "idle"],
    )


def clock() -> dict[str, Any]:
    """Ways that part by the clock, some of them at the very minute."""
    steps = (
        wait("look", {"empirical": {"values": ["60 min", "120 min", "180 min"]}}),
        branch("in the morning", "afternoon", when={"came_before": "12:00"}),
        end("late"),
        branch("afternoon", "today", when={"before": "14:00"}),
        end("tomorrow"),
        end("today"),
    )
    return shop(arrivals={"order": {"every": "10 min"}}, route={"order": route(*steps)})


SHOPS: dict[str, Callable[[], dict[str, Any]]] = {
    "busy": busy_shop,
    "chats": chats,
    "pairs": pairs,
    "emergencies": emergencies,
    "clock": clock,
    "relay": relay,
    "evening": evening,
    "waiting room": waiting_room,
}
