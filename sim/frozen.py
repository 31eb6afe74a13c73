"""What every part of a plan is: frozen data, with fields that may have come later."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

LATER = "came later"
"""Marks a field that plans did not have from the beginning: at its default it is no part of their hash, so that a shop
that does not use it keeps the hash, and the results in a store, that it had before.
"""


class Frozen(BaseModel):
    """A part of a plan: frozen data."""

    model_config = ConfigDict(frozen=True, extra="forbid")
