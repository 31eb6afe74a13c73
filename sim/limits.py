"""How much a scenario may ask for. What is above is taken for a slip of the pen."""

MOST_PEOPLE = 10_000
"""In one team."""
