"""Engines: pure functions from a plan and its draws to a log. Chosen by name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from sim.distributions import mean
from sim.draws import Draws
from sim.fast.cache import can_be_kept, is_warm
from sim.fast.limits import lacking
from sim.faults import bad_input, nearest
from sim.language import say
from sim.log import Log
from sim.plan import Plan, Stream

_ENGINES = {"simpy": "sim.engine.play", "fast": "sim.fast.play"}
"""Name → module with a function `run(plan, draws) -> Log`; imported when it is asked for."""

NAMES = tuple(_ENGINES)
AUTO = "auto"

WORTH_COMPILING = 300_000
"""Cases from which on the SimPy engine takes longer than compiling the other one."""


def engine(name: str) -> Callable[[Plan, Draws], Log]:
    """The engine of that name. Raises BadInput for one that does not exist."""
    must_exist(name)
    run: Callable[[Plan, Draws], Log] = _imported(_ENGINES[name]).run
    return run


def choose(name: str, plan: Plan, replications: int) -> str:
    """The engine meant by a name for so many replications of a plan. "auto": the compiled one wherever it pays.

    It pays if it lies ready, or if there is so much to play that compiling it takes less time. Results do not depend on
    the engine.
    """
    if name != AUTO:
        must_exist(name)
        return name
    if find_spec("numba") is None or lacking(plan):
        return "simpy"
    pays = is_warm() or (can_be_kept() and expected_cases(plan) * replications >= WORTH_COMPILING)
    return "fast" if pays else "simpy"


def ready(name: str) -> str:
    """The name again, once that engine can be used at once: before processes are started that would each compile it."""
    if name == "fast":
        _imported("sim.fast.prepare").compile_engine()
    return name


def _imported(module: str) -> Any:
    """A module of an engine. Raises BadInput if numba is installed but does not work, as with too new a NumPy."""
    try:
        return import_module(module)
    except ImportError as error:
        if module == _ENGINES["simpy"]:
            raise
        told = say("numba is installed but cannot be used ({error}); mend it, or take --engine simpy", error=error)
        raise bad_input("--engine", told) from error


def expected_cases(plan: Plan) -> float:
    """Arrivals of all streams that are to be expected in a run."""
    return sum(expected(stream) for stream in plan.streams)


def expected(stream: Stream) -> float:
    """How many cases a stream is expected to bring in a run."""
    return (sum(stream.rates) + len(stream.times)) * (1.0 if stream.group is None else mean(stream.group))


def must_exist(name: str) -> None:
    """Raises BadInput for the name of an engine that is unknown or not installed."""
    if name not in (*_ENGINES, AUTO):
        raise bad_input(
            "--engine", say('there is no engine "{name}"{nearest}', name=name, nearest=nearest(name, (*_ENGINES, AUTO)))
        )
    if name == "fast" and find_spec("numba") is None:
        raise bad_input("--engine", say("the compiled engine needs numba: python -m pip install numba"))
