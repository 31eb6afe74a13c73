"""The report of an experiment: one self-contained HTML file that reads like an answer, and its pictures as PNG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from analysis.answers.grades import GRADES, NOT_GRADED
from analysis.answers.words import figure
from analysis.output.pages import fill
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

BADGES = {"kept": "kept", "better": "kept", "broken": "broken", "worse": "broken", "not proven": "open"}
"""Words of a table that stand on a coloured ground, with its class."""


@dataclass(frozen=True)
class Answer:
    """What an experiment found, in the order in which it is read. All texts are plain: the page escapes them."""

    title: str
    question: str
    """What was to be decided, in a sentence that ends with a question mark."""
    recommendation: Sequence[str]
    """Sentences with their uncertainty, the most important first."""
    warnings: Sequence[str] = ()
    """What makes the figures doubtful."""
    assumptions: Sequence[tuple[str, str]] = ()
    """(grade, text) of what was taken for granted; a grade of `analysis.answers.grades.GRADES` or NOT_GRADED."""
    tables: Sequence[tuple[str, pd.DataFrame, str]] = ()
    """(caption, table, notes). The first column names the rows; the index is not shown; NaN is shown as –."""
    figures: Sequence[tuple[str, Figure]] = ()
    """(how to read it, figure), such as `analysis.pictures` makes."""
    command: str = ""
    """What makes it again."""
    provenance: Mapping[str, object] = field(default_factory=dict)
    """Seed, replications, versions …, by name."""


def render(answer: Answer) -> str:
    """The whole report as HTML. The same answer gives the same text."""
    return fill(
        "experiment.html.j2",
        {
            "answer": answer,
            "grades": _by_grade(answer.assumptions),
            "pictures": [_picture(n, *each) for n, each in enumerate(answer.figures, 1)],
            "tables": [cells(*each) for each in answer.tables],
            "badges": BADGES,
        },
    )


def pictures(answer: Answer) -> dict[str, bytes]:
    """Every figure as PNG, by number in the order of the report: "figure_1"."""
    from analysis.pictures import as_png

    named = {f"figure_{n}": figure for n, (_, figure) in enumerate(answer.figures, 1)}
    return {name: as_png(figure, name) for name, figure in named.items()}


def _by_grade(assumptions: Sequence[tuple[str, str]]) -> list[tuple[str, str, list[str]]]:
    """(grade, what it means, texts), the weakest grade first, what has no grade last."""
    known = [*GRADES, NOT_GRADED]
    order = [*known, *dict.fromkeys(grade for grade, _ in assumptions if grade not in known)]
    grouped = [(grade, [text for given, text in assumptions if given == grade]) for grade in order]
    return [(grade, say(GRADES.get(grade, "")), texts) for grade, texts in grouped if texts]


def _picture(number: int, caption: str, figure: Figure) -> dict[str, Any]:
    from markupsafe import Markup

    from analysis.pictures import as_svg

    heading = " ".join(figure.get_suptitle().split())
    words = f"{heading}. {caption}"
    image = Markup(as_svg(figure, f"figure_{number}", words))  # serialised XML, not text
    return {"heading": heading, "caption": caption, "svg": image}


def cells(caption: str, frame: pd.DataFrame, notes: str) -> dict[str, Any]:
    """A table as templates take it, every value as people read it."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    figures = [is_numeric_dtype(kind) and not is_bool_dtype(kind) for kind in frame.dtypes]
    rows = [[_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    words = {number for number, is_figure in enumerate(figures) if number and not is_figure}
    return {
        "caption": caption,
        "columns": [str(c) for c in frame.columns],
        "rows": rows,
        "words": words,
        "notes": notes,
    }


def _cell(value: Any) -> str:
    """A value as people read it: four significant digits, thousands apart.

    >>> _cell(21412.5), _cell(0.98765), _cell(float("nan")), _cell(True), _cell(-3)
    ('21,412', '0.9877', '–', 'yes', '−3')
    """
    import numpy as np
    import pandas as pd

    if pd.api.types.is_scalar(value) and pd.isna(value):  # also None and missing dates
        return "–"
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (int, np.integer)):
        return f"{value:,}".replace("-", "−")
    if isinstance(value, (float, np.floating)):
        return figure(float(value))
    if isinstance(value, pd.Timestamp):
        return str(value.date()) if value == value.normalize() else str(value)
    return str(value)
