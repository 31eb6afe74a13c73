"""How far a command is, for somebody who watches."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any


def progress(options: dict[str, Any], what: str, total: int = 0) -> Any:
    """A bar on stderr, if somebody is watching: a context that gives a function to call with the number done
    (and, if it changed, of how many).
    """
    from rich.console import Console

    console = Console(stderr=True)
    if options["quiet"] or not console.is_terminal:
        return nullcontext()
    return Bar(console, what, total)


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
