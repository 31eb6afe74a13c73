"""Making the compiled engine ready before anything is played, for those who want to see how far that is."""

from __future__ import annotations

from collections.abc import Callable

from sim.choose_engine import choose, engine, ready
from sim.plan import Plan


def will_be_compiled(name: str, plan: Plan, replications: int) -> bool:
    """Whether the engine of that name plays so many replications of a plan on the compiled engine."""
    return choose(name, plan, replications) == "fast"


def functions() -> int:
    """How many functions there are to be compiled. Raises BadInput where the compiled engine cannot be had."""
    engine("fast")

    from sim.fast.watch import parts

    return parts()


def compile_all(told: Callable[[int], None]) -> None:
    """Compile the engine and what takes brief measures, or load them; `told` is given how many functions are done."""
    from analysis.runs.brief.tally import compile_sums
    from sim.fast.watch import watched

    with watched(told):
        ready("fast")
        compile_sums()
