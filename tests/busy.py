"""One shop with everything in it, kept busy: where a fault of an engine is likely to show."""

from __future__ import annotations

from typing import Any

from tests.shops import branch, collect, end, people, route, shop, start, wait, work


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
