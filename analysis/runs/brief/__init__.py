"""Measures of runs whose log nobody keeps: what experiments need, at the speed of the compiled engine."""
