"""Engines: pure functions from a plan and its draws to a log. Chosen by name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from sim.draws import Draws
from sim.faults import bad_input, nearest
from sim.log import Log
from sim.plan import Plan

_ENGINES = {"simpy": "sim.engine.play", "fast": "sim.fast.play"}
"""Name → module with a function `run(plan, draws) -> Log`; imported when it is asked for."""

NAMES = tuple(_ENGINES)


def engine(name: str) -> Callable[[Plan, Draws], Log]:
    """The engine of that name. Raises BadInput for one that does not exist."""
    if name not in _ENGINES:
        raise bad_input("--engine", f'there is no engine "{name}"{nearest(name, _ENGINES)}')
    if name == "fast" and find_spec("numba") is None:
        raise bad_input("--engine", 'the compiled engine needs numba: pip install ".[fast]"')
    run: Callable[[Plan, Draws], Log] = import_module(_ENGINES[name]).run
    return run
