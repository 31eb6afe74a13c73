"""The cheapest headcount that keeps every promise."""
