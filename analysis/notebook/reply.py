"""What every question gives back: an answer that shows itself, and hands out its figures, pictures and report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.answers.finding import Finding
from analysis.measures.paths import unknown
from sim.faults import bad_input, nearest
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

MOST_SAID = 8
"""Sentences that are printed; all of them stand in `sentences`."""


@dataclass(frozen=True, repr=False, eq=False)
class Reply:
    """The answer to a question. A notebook shows its sentences, table and picture; `print` its sentences.

    `reply["routes.order.cycle_h"]` gives the rows of `frame` about one measure, `reply.each(…)` its value in every
    replication. A measure that there is not raises BadInput with the nearest name.
    """

    finding: Finding
    """The answer as data."""
    _page: Callable[[], str] = field(repr=False)
    _fill: Callable[[Path], None] = field(repr=False)

    @property
    def sentences(self) -> list[str]:
        """What was found, with its uncertainty, the most important first."""
        return list(self.finding.recommendation)

    @property
    def warnings(self) -> list[str]:
        """What makes the figures doubtful."""
        return list(self.finding.warnings)

    @property
    def possible(self) -> bool:
        """Whether there is an answer within the bounds that were given (where not, the command line ends with 3)."""
        return self.finding.possible

    @property
    def frame(self) -> pd.DataFrame:
        """The figures, a row each, with unit and the ends of the interval (`low`, `high`)."""
        return self.finding.frame.copy()

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by name, as `save` writes them."""
        return {each.name: each.frame.copy() for each in self.finding.tables}

    @property
    def figures(self) -> list[str]:
        """The names of the pictures."""
        return [each.name for each in self.finding.pictures]

    def figure(self, name: str | None = None) -> Figure:
        """A picture as a Matplotlib figure (default: the first). Raises BadInput where there is none of that name."""
        if not self.figures:
            raise bad_input("figure", say("this answer has no picture"))
        if name is not None and name not in self.figures:
            raise bad_input(
                "figure", say('there is no "{name}"{nearest}', name=name, nearest=nearest(name, self.figures))
            )
        drawn = self.finding.pictures[0 if name is None else self.figures.index(name)]
        return shown_by_itself(drawn.draw(), drawn.name)

    def __getitem__(self, path: str) -> pd.DataFrame:
        frame = self.frame
        if "path" not in frame:
            raise bad_input("measure", say("these figures are not of single measures; see frame and tables"))
        return _of(frame, path).reset_index(drop=True)

    def each(self, path: str) -> pd.DataFrame:
        """A measure in every replication: a row a replication, a column a plan. Raises BadInput for an unknown one."""
        table = self.tables.get("replications")
        if table is None or "path" not in table:
            raise bad_input("each", say("this answer keeps no single replications"))
        mine = _of(table, path)
        plans = list(dict.fromkeys(mine["plan"]))
        return mine.pivot(index="replication", columns="plan", values="value")[plans].rename_axis(columns=None)

    def report(self, path: str | Path) -> Path:
        """Write the report, one self-contained HTML file, and say where it lies."""
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(self._page(), encoding="utf-8")
        return target

    def save(self, path: str | Path, force: bool = False) -> Path:
        """Write a folder of report, tables, pictures and provenance, as the command line does; `force` replaces
        one that holds results. Raises BadInput where that cannot be.
        """
        from analysis.output.folder import drafting

        with drafting(Path(path), force) as draft:
            draft.write(self._fill)
        return draft.target

    def __repr__(self) -> str:
        told = [f"• {sentence}" for sentence in self.sentences[:MOST_SAID]]
        more = len(self.sentences) - MOST_SAID
        told += [f"… and {more} more in .sentences"] if more > 0 else []
        return "\n".join([self.finding.title, *told])

    def _repr_html_(self) -> str:
        from analysis.output.in_notebook import cell

        return cell(self.finding)


def _of(frame: pd.DataFrame, path: str) -> pd.DataFrame:
    """The rows about one measure."""
    known = list(dict.fromkeys(frame["path"]))
    if path not in known:
        raise unknown(path, known, "measure")
    return frame[frame["path"] == path]


def shown_by_itself(figure: Figure, name: str) -> Figure:
    """A figure that a notebook shows where it stands last in a cell, whether pyplot was ever imported or not."""
    from analysis.pictures import as_png

    setattr(figure, "_repr_png_", lambda: as_png(figure, name))  # noqa: B010  (what IPython asks an object for)
    return figure
