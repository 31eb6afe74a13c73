"""Picture of one series: its mean over the runs, smoothed, with the cut and the warm-up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from analysis.answers.finding import Drawn
from analysis.measures.paths import path_of
from analysis.runs.result import unit
from analysis.runs.series import Series
from analysis.statistics.steady_state import welch
from sim.language import say
from sim.units import HOUR

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.questions.warm_up import Cut

MOST_POINTS = 1200
"""Points of a picture's line."""


def picture(cut: Cut) -> Drawn:
    """The picture of a series, with its caption."""
    stem = "_".join("".join(c if c.isalnum() else " " for c in path_of(cut.series.key)).split())
    around = say("a whole cycle of the shop") if cut.series.cycle > HOUR else say("a stretch of time")
    caption = say(
        "The average over the replications; the strong line averages over {around}. Cut where it has levelled off.",
        around=around,
    )
    return Drawn(f"course_{stem}", caption, _draw(cut))


def _draw(cut: Cut) -> Callable[[], Figure]:
    def draw() -> Figure:
        from analysis.pictures import welch as drawing

        measure = f"{cut.name} ({unit(*cut.series.key, '')})"
        end = cut.needed / HOUR if cut.has_end else None
        return drawing(
            course(cut.series), measure, end, cut.warm_up / HOUR, say("When it has filled: {name}", name=cut.name)
        )

    return draw


def course(of: Series) -> pd.DataFrame:
    """The average over the replications: `hours`, `mean`, `smoothed` (Welch's average over a cycle of the shop, or a
    twentieth of the run where all hours are alike; NaN where that does not fit). Thinned to 1,200 points.
    """
    import pandas as pd

    size = of.values.shape[1]
    cyclic = of.cycle > HOUR
    window = max(1, min(of.batch // 2 if cyclic else size // 40, size // 4))
    smooth = np.full(size, np.nan)
    smooth[: size - window] = welch(of.values, window)
    if cyclic:
        smooth[:window] = np.nan
    some = -(-size // MOST_POINTS)
    return pd.DataFrame({"hours": of.at, "mean": of.values.mean(axis=0), "smoothed": smooth}).iloc[::some]
