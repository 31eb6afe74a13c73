"""What a comparison takes from what is known of the orders that all its plans meet, and the tables to check it by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.answers.finding import Told
from analysis.measures import Key
from analysis.measures.paths import path_of
from analysis.runs.known import Known, range_of
from analysis.statistics.controls import Controls
from sim.language import say

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]


def controls_of_row(known: Known | None, key: Key, pair: tuple[Floats, Floats]) -> Controls | None:
    """What adjusts a row; nothing where a value is missing or a mean would leave what is possible."""
    controls = None if known is None else known.controls(key[0], key[1])
    if controls is None or np.isnan(pair).any():
        return None
    low, high = range_of(key[2])
    return controls if all(low <= float(controls.weights @ each) <= high for each in pair) else None


def replication_tables(
    values: Sequence[tuple[str, Key, Floats]], base: str, known: Known | None, used: Sequence[Key]
) -> list[Told]:
    """What differences are worked out from: each (plan, measure, value of each replication), and the controls used,
    which are those of the base.
    """
    import pandas as pd

    each = pd.concat([_rows(name, key, column) for name, key, column in values], ignore_index=True)
    told = [Told("replications", say("Each replication"), each, in_report=False)]
    if known is None or not used:
        return told
    expected = known.beforehand.mean
    controls = pd.concat(
        [_rows(base, key, known.values[key]).assign(expected=expected[key]) for key in used], ignore_index=True
    )
    return [*told, Told("controls", say("What is known of the orders that came"), controls, in_report=False)]


def _rows(plan: str, key: Key, column: Floats) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"plan": plan, "path": path_of(key), "replication": np.arange(column.size), "value": column})
