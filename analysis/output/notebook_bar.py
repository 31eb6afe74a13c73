"""A progress bar in a notebook. (Those of rich and tqdm need ipywidgets there; this one needs nothing.)"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from sim.language import say

EVERY_S = 0.2
"""The bar is drawn anew this often, at most."""


def in_notebook() -> bool:
    """Whether this Python answers a notebook."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and hasattr(shell, "kernel")


class NotebookBar:
    """A context that gives a function to call with the number done (and of how many). It goes when all is done."""

    def __init__(self, what: str, total: int) -> None:
        self.what, self.total = what, total
        self.began = self.drawn = time.monotonic()
        self.place: Any = None

    def __enter__(self) -> Callable[..., None]:
        from importlib import import_module

        self.place = import_module("IPython.display").display(_Html(self.html(0)), display_id=True)
        return self.show

    def show(self, done: int, of: int | None = None) -> None:
        """So many are done, of so many in all (if that has changed)."""
        self.total = of or self.total
        now = time.monotonic()
        if now - self.drawn >= EVERY_S:
            self.drawn = now
            self.place.update(_Html(self.html(done)))

    def html(self, done: int) -> str:
        """The bar as it stands."""
        of, left = say(" of {total:,}", total=self.total) if self.total else "", self._left(done)
        ends = f'value="{done}" max="{self.total}"' if self.total else ""
        return f"<progress {ends}></progress> {done:,}{of} {self.what}{left}"

    def _left(self, done: int) -> str:
        """How long it will take still, if that can be said."""
        if not 0 < done < self.total:
            return ""
        seconds = (time.monotonic() - self.began) / done * (self.total - done)
        return (
            say(", {seconds:.0f} s left", seconds=seconds)
            if seconds < 90
            else say(", {seconds:.0f} min left", seconds=seconds / 60)
        )

    def __exit__(self, *error: object) -> None:
        self.place.update(_Html(""))


class _Html:
    """HTML that a notebook shows."""

    def __init__(self, text: str) -> None:
        self.text = text

    def _repr_html_(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return ""
