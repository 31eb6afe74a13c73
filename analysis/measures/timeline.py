"""Exact arithmetic of intervals in whole milliseconds: how much of something lies before each of many instants."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Profile:
    """A count that changes in steps: it is `level[i]` from `at[i]` until `at[i + 1]`, and 0 before `at[0]`."""

    at: Ints
    level: Ints

    def before(self, instants: Ints) -> Ints:
        """The area under the count from the beginning up to each instant (count × ms)."""
        if not self.at.size:
            return np.zeros(instants.shape, dtype=np.int64)
        whole = np.concatenate(([0], np.cumsum(self.level[:-1] * np.diff(self.at))))
        i = np.searchsorted(self.at, instants, side="right") - 1
        inside = np.maximum(i, 0)
        return np.where(i < 0, 0, whole[inside] + self.level[inside] * (instants - self.at[inside]))

    def between(self, start: Ints, end: Ints) -> Ints:
        """The area from each start to each end."""
        return self.before(end) - self.before(start)

    def highest(self, start: int, end: int) -> int:
        """The largest count that lasts for any time within [start, end)."""
        lasting = np.diff(np.append(self.at, end)) > 0
        seen = lasting & (np.append(self.at[1:], end) > start) & (self.at < end)
        return int(self.level[seen].max(initial=0))


def profile(starts: Ints, ends: Ints) -> Profile:
    """How many of the intervals [start, end) cover each moment."""
    ones = np.ones(starts.size, dtype=np.int64)
    return changes(np.concatenate((starts, ends)), np.concatenate((ones, -ones)))


def changes(at: Ints, by: Ints) -> Profile:
    """The profile that changes by these amounts at these instants; changes of one instant are taken together."""
    instants, where = np.unique(at, return_inverse=True)
    total = np.bincount(where, weights=by, minlength=instants.size).astype(np.int64)
    return Profile(instants, np.cumsum(total))
