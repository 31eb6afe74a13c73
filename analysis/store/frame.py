"""Stored results as one table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.store.jobs import Floats, JobId, Stored, keys_of


def frame(stored: Sequence[Stored]) -> pd.DataFrame:
    """A row for each result, in that order. A column that a result does not have is NaN there."""
    rows: dict[str, list[int]] = {}
    for number, (_, text, _) in enumerate(stored):
        rows.setdefault(text, []).append(number)
    names = {text: ["/".join(key) for key in keys_of(text)] for text in rows}
    column = {name: i for i, name in enumerate(dict.fromkeys(name for each in names.values() for name in each))}
    values: Floats = np.full((len(stored), len(column)), np.nan)
    for text, numbers in rows.items():
        block = np.frombuffer(b"".join(stored[number][2] for number in numbers), "<f8")
        columns = [column[name] for name in names[text]]
        values[np.ix_(numbers, columns)] = block.reshape(len(numbers), len(columns))
    jobs = {name: [job[i] for job, _, _ in stored] for i, name in enumerate(JobId._fields)}
    return pd.concat([pd.DataFrame(jobs), pd.DataFrame(values, columns=list(column))], axis=1)
