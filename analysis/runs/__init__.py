"""Experiments: whatever plays a plan more than once. The only place in `analysis/` that calls an engine."""

from __future__ import annotations

from analysis.runs.precision import replicate_until
from analysis.runs.replications import replicate

__all__ = ["replicate", "replicate_until"]
