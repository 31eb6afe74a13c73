"""Places where teams sit, as a scenario file states them."""

from __future__ import annotations

from sim.scenario.countries import Holidays, TimeZone
from sim.scenario.fields import Table


class Place(Table):
    """Where teams sit: their hours are by its clocks, summer time included, and its public holidays are off."""

    time_zone: TimeZone | None = None
    """Where its clocks are, such as "Asia/Shanghai" (default: where the shop's are)."""
    holidays: Holidays | None = None
    """The country or state whose public holidays are off, and whose make-up workdays are on, in hours that say none."""
