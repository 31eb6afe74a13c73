"""Compiling the engine before it is needed: by the command `compile`, and before processes start that all need it."""

from __future__ import annotations

from sim.distributions import Law
from sim.draws import Draws
from sim.fast.play import run
from sim.plan import END, WAIT, Plan, Route, Step, Stream

SMALL = Plan(
    title={"en": "One case"},
    source="",
    starts="2026-01-05",
    runs_for=2000,
    warm_up=0,
    currency="CNY",
    priorities=("standard",),
    roles=(),
    teams=(),
    people=(),
    routes=(Route(name="case", first=0, end=2),),
    steps=(
        Step(name="wait", title={}, department="shop", route=0, verb=WAIT, takes=Law(family="constant", shift=1000.0)),
        Step(name="end", title={}, department="shop", route=0, verb=END, outcome=0),
    ),
    lines=(),
    streams=(Stream(name="case", route=0, times=(0,)),),
    outcomes=("end",),
    promises=(),
)
"""The smallest plan; machine code does not depend on the plan."""


def compile_engine() -> None:
    """Make the machine code, or load it."""
    run(SMALL, Draws(SMALL, 0, 0))
