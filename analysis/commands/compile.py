"""The command that makes the compiled engine ready."""

from __future__ import annotations

import time

import click


@click.command("compile")
def command() -> None:
    """Make the machine code of the compiled engine, once: about a quarter of a minute. Afterwards every run uses it."""
    from sim.engine import engine, ready
    from sim.fast.cache import cache_folder, is_warm

    engine("fast")
    was_warm, start = is_warm(), time.perf_counter()
    ready("fast")

    from analysis.brief.tally import compile_sums

    compile_sums()
    if was_warm:
        print("The compiled engine is ready.")
        return
    print(f"The compiled engine is ready after {time.perf_counter() - start:.0f} s; it is kept in {cache_folder()}.")
