"""The command that makes the compiled engine ready."""

from __future__ import annotations

import time

import click

from analysis.output.watching import compile_watched
from sim.language import say


@click.command("compile")
def command() -> None:
    """Make the machine code of the compiled engine, once: about ten seconds. Afterwards every run uses it."""
    from sim.fast.cache import cache_folder

    start = time.perf_counter()
    compile_watched({"quiet": False})
    took = time.perf_counter() - start
    after = say(" after {took:.0f} s", took=took) if took > 1 else ""
    print(
        say(
            "The compiled engine is ready{after}; it is kept in {cache_folder}.",
            after=after,
            cache_folder=cache_folder(),
        )
    )
