"""How far a command is, for somebody who watches."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from analysis.output.notebook_bar import NotebookBar, in_notebook
from sim.language import say


def progress(options: dict[str, Any], what: str, total: int = 0) -> Any:
    """A bar in the notebook or on stderr, if somebody is watching: a context that gives a function to call with the
    number done (and, if it changed, of how many).
    """
    from rich.console import Console

    if options["quiet"]:
        return nullcontext()
    if in_notebook():
        return NotebookBar(what, total)
    console = Console(stderr=True)
    if not console.is_terminal:
        return nullcontext()
    return Bar(console, what, total)


def make_ready(options: dict[str, Any]) -> None:
    """Compile the engine if it is wanted and does not lie ready, and let those who wait see how far that is; or say why
    it will take longer without.
    """
    from importlib.util import find_spec

    from sim.fast.cache import can_be_kept, is_warm

    if options["engine"] == "simpy" or is_warm():
        return
    if find_spec("numba") is None:
        _say(options, say("Without numba (python -m pip install numba) this takes forty times as long."))
    elif can_be_kept():
        _say(options, say("The engine is compiled first, once: about 20 seconds …"))
        compile_watched(options)


def _say(options: dict[str, Any], sentence: str) -> None:
    if not options["quiet"]:
        print(sentence, file=sys.stderr, flush=True)


def compile_watched(options: dict[str, Any]) -> None:
    """Compile what experiments need, with a bar for somebody who watches."""
    from analysis.runs.compiling import compile_all, functions

    with progress(options, "functions compiled", functions()) as report:
        compile_all(report or (lambda _: None))


class Bar:
    """A progress bar that needs no thread."""

    def __init__(self, console: Any, what: str, total: int) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self.bar = Progress(*columns, console=console, transient=True, auto_refresh=False)
        self.task = self.bar.add_task(what, total=total or None)

    def __enter__(self) -> Callable[..., None]:
        self.bar.start()
        self.bar.refresh()
        return self.show

    def show(self, done: int, of: int | None = None) -> None:
        """So many are done, of so many in all (if that has changed)."""
        self.bar.update(self.task, completed=done, total=of, refresh=True)

    def __exit__(self, *error: object) -> None:
        self.bar.stop()
