"""How a question is played. No answer depends on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypedDict

from analysis.runs.observe import Setting
from sim.faults import nearest


class How(TypedDict, total=False):
    """Keywords that every question takes, named as on the command line."""

    workers: int | None
    """Processes at work at the same time (default: all cores)."""
    engine: str
    """"auto", "simpy" or "fast"."""
    cluster: str
    """The address of a Dask scheduler to play on instead."""
    store: str | Path | None
    """A folder where results of runs are kept, so that none is played twice (default: none)."""
    allow: Sequence[str | Path]
    """Further folders from which scenarios may read data files."""
    quiet: bool
    """Whether no progress is shown."""


USUAL: dict[str, Any] = {
    "workers": None, "engine": "auto", "cluster": "", "store": None, "allow": (), "quiet": False,
}  # fmt: skip


def complete(how: How) -> dict[str, Any]:
    """All keywords. Raises TypeError for one that there is not, with the nearest name."""
    for word in how:
        if word not in USUAL:
            raise TypeError(f'there is no keyword "{word}"{nearest(word, USUAL)}')
    return {**USUAL, **how}


@contextmanager
def playing(name: str, replications: int, seed: int, how: How) -> Iterator[Setting]:
    """The setting of a question while it is played. Raises BadInput for what makes no sense."""
    from analysis.output.watching import make_ready, progress
    from analysis.runs import replications as runs
    from analysis.store import open_store

    options = complete(how)
    runs.check(replications, seed, options["workers"], options["engine"])
    make_ready(options)
    keep = nullcontext() if options["store"] is None else open_store(Path(options["store"]))
    with keep as store, progress(options, "runs") as report:
        yield Setting(
            seed=seed,
            engine=options["engine"],
            workers=options["workers"],
            cluster=options["cluster"],
            store=store,
            name=name if store is not None else "",
            progress=report,
        )
