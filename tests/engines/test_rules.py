"""The arithmetic that engines share, against plainer forms of it."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.plan import ONE
from sim.rules import fits, needed_time, pace_of, work_through
from sim.units import NEVER

TIMES = st.integers(0, 10**12)
ON, OFF = [10, 40, 60], [20, 50, 100]


@pytest.mark.parametrize(
    ("takes", "pace", "slow", "needed"),
    [
        (60_000, ONE, ONE, 60_000),
        (60_000, ONE // 2, ONE, 120_000),
        (60_000, 2 * ONE, ONE, 30_000),
        (1, 2 * ONE, ONE, 1),
        (1, 3 * ONE, ONE, 0),
        (1_000, 700_000, ONE, 1_429),
        (3, ONE, 1_500_000, 5),
        (0, 50_000, 3 * ONE, 0),
    ],
)
def test_needed_time(takes, pace, slow, needed):
    assert needed_time(takes, pace, slow) == needed


@given(TIMES, st.integers(1, 100 * ONE), st.integers(ONE, 20 * ONE))
def test_needed_time_rounds_half_up_at_each_of_its_two_steps(takes, pace, slow):
    half = Fraction(1, 2)
    at_pace = floor(Fraction(takes * ONE, pace) + half)
    assert needed_time(takes, pace, slow) == floor(Fraction(at_pace * slow, ONE) + half)


def test_pace_is_speed_times_efficiency_and_never_nothing():
    assert pace_of(ONE, ONE) == ONE
    assert pace_of(2 * ONE, ONE // 4) == ONE // 2
    assert pace_of(333_333, 333_333) == 111_110
    assert pace_of(1, 1) == 1


@pytest.mark.parametrize(
    ("start", "needed", "over"),
    [
        (10, 10, 20),
        (10, 11, 41),
        (15, 5, 20),
        (15, 15, 50),
        (15, 16, 61),
        (0, 1, 11),
        (20, 1, 41),
        (19, 1, 20),
        (30, 0, 40),
        (12, 0, 12),
        (10, 60, 100),
        (10, 61, NEVER),
        (100, 1, NEVER),
    ],
)
def test_work_through(start, needed, over):
    assert work_through(ON, OFF, start, needed) == over


@given(st.sets(st.integers(0, 80), max_size=12), st.integers(0, 90), st.integers(1, 60))
def test_work_through_counts_the_milliseconds_inside(edges, start, needed):
    """Against a walk from millisecond to millisecond."""
    edges = sorted(edges)[: len(edges) // 2 * 2]
    on, off = edges[::2], edges[1::2]
    inside = [at for a, b in zip(on, off, strict=True) for at in range(a, b) if at >= start]
    expected = inside[needed - 1] + 1 if len(inside) >= needed else NEVER
    assert work_through(on, off, start, needed) == expected


@pytest.mark.parametrize(
    ("now", "needed", "answer"),
    [
        (10, 10, True),
        (11, 10, False),
        (11, 9, True),
        (10, 11, True),
        (19, 1, True),
        (19, 2, False),
        (40, 1000, True),
        (60, 40, True),
        (61, 40, False),
        (15, 0, True),
        (5, 1, False),
        (25, 1, False),
        (100, 0, False),
    ],
)
def test_fits(now, needed, answer):
    assert fits(ON, OFF, now, needed) is answer
