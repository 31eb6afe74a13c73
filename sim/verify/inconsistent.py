"""What is raised when a run contradicts itself or the rules."""

from __future__ import annotations


class Inconsistent(AssertionError):
    """A log or a floor contradicts the plan, the luck or the rules. The message says what is wrong, and where."""
