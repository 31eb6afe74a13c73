"""What an experiment found: an answer in sentences, tables, pictures, and what it takes to make it again."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.plan import Plan
from sim.scenario.fields import in_language

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


PATH = re.compile(r"(^|_)path$")
"""What a column of paths is called."""


class Told(NamedTuple):
    """A table for people and, under its name, for files."""

    name: str
    caption: str
    frame: pd.DataFrame
    notes: str = ""
    hidden: tuple[str, ...] = ()
    """Columns that a terminal has no room for."""
    in_report: bool = True
    """Whether people want to read it; long tables are for files and programs."""
    shown: pd.DataFrame | None = None
    """The same in words and units as people read them, on the terminal and in the report (default: the frame itself).
    Files and programs get the frame.
    """

    @property
    def read(self) -> pd.DataFrame:
        """What people read, without paths, which are for programs."""
        frame = self.frame if self.shown is None else self.shown
        return frame[[name for name in frame.columns if not PATH.search(str(name))]]


class Drawn(NamedTuple):
    """A picture, made when it is wanted."""

    name: str
    caption: str
    """How to read it."""
    draw: Callable[[], Figure]


@dataclass(frozen=True)
class Finding:
    """An experiment's answer."""

    experiment: str
    title: str
    question: str
    recommendation: Sequence[str]
    """Sentences with their uncertainty, the most important first."""
    tables: Sequence[Told]
    """The first is the answer; it is shown on the terminal."""
    pictures: Sequence[Drawn] = ()
    warnings: Sequence[str] = ()
    """What makes the figures doubtful (`analysis.answers.mind`)."""
    provenance: dict[str, Any] = field(default_factory=dict)
    possible: bool = True
    """Whether there is an answer within the bounds that were given."""
    tidy: pd.DataFrame | None = None
    """The figures for further work where the first table is not: a row a figure, with its unit and interval."""

    @property
    def frame(self) -> pd.DataFrame:
        """The figures for further work."""
        return self.tables[0].frame if self.tidy is None else self.tidy


def title_of(plan: Plan) -> str:
    """What a scenario is about; its file's name where two have the same title."""
    return in_language(plan.title)


def name_of(plan: Plan) -> str:
    """A short name for a scenario: that of its file."""
    return Path(plan.source).stem or "scenario"
