"""The short form of the hand-out, for queues that need no care, is the full one with less to do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.engine import floor, hand_out
from sim.engine.clock import Clock
from sim.log import Writer

SHOP = """
format = 1
title = "Two queues, each with people of its own"
starts = 2025-10-06
runs_for = "3 days"
priorities = ["express", "standard"]

[hours]
day = { "Mon-Sun" = ["08:00-12:00", "13:00-18:00"] }
late = { "Mon-Sun" = ["12:00-22:00"] }

[roles.clerk]
teams = [{ people = 2, hours = "day", speed = [1.0, 0.7] }, { people = 1, hours = "late" }]
at_shift_end = "AT_END"

[roles.packer]
people = 2
hours = "late"
at_shift_end = "AT_END"

[arrivals.order]
every = "3 min"
priority = { express = 0.3, standard = 0.7 }

[[route.order]]
steps = [
  { name = "check", do = "work", by = "clerk", takes = { empirical = { values = ["0 s", "2 min", "9 min"] } }, patience = { empirical = { values = ["0 s", "4 min", "10 h"] } }, gives_up_to = "gone" },
  { name = "pack", do = "work", by = "packer", takes = { empirical = { values = ["1 min", "3 min"] } } },
  { name = "wrong", do = "branch", chance = 0.2, goes_to = "pack", at_most = 2 },
  { name = "list", do = "work", by = "packer", takes = "1 min", priority = "express" },
  { name = "sent", do = "end" },
  { name = "gone", do = "end" },
]
"""  # noqa: E501 - a step of a scenario is a line


@pytest.mark.parametrize("at_end", ["finish", "pause"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_short_form_gives_the_same_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_end: str, seed: int
) -> None:
    file = tmp_path / "shop.toml"
    file.write_text(SHOP.replace("AT_END", at_end), encoding="utf-8")
    plan = sim.load(file)
    used: list[int] = []

    def fully(shop: floor.Floor, crew: int) -> hand_out.Settle:
        used.append(crew)
        return hand_out._carefully(shop, crew)

    short = sim.simulate(plan, seed)
    monkeypatch.setattr(floor, "settler", fully)
    full = sim.simulate(plan, seed)
    assert used == [0, 1]
    for name, column in vars(full.visits).items():
        np.testing.assert_array_equal(vars(short.visits)[name], column, err_msg=name)


@pytest.mark.parametrize(
    ("old", "new", "short"),
    [
        ("AT_END", "finish", [True, True]),
        ("AT_END", "start only what fits", [False, False]),
        ('"1 min", priority', '"1 min", at_once = 2, priority', [True, False]),
        ('"1 min", priority', '"1 min", people = 2, priority', [True, False]),
        ('by = "clerk"', 'by = ["clerk", "packer"]', [False]),
    ],
)
def test_what_needs_care_gets_it(tmp_path: Path, old: str, new: str, short: list[bool]) -> None:
    file = tmp_path / "shop.toml"
    file.write_text(SHOP.replace(old, new).replace("AT_END", "finish"), encoding="utf-8")
    settle = floor.Floor(Clock(), sim.load(file), Writer()).settle
    assert ["_simply" in crew.__qualname__ for crew in settle] == short
