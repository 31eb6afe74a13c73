"""The compiled engine: the twin of `sim/engine`, bit for bit. Needs numba.

Read `lexicon.py` first: it holds the short names. Then `kernel.py` (the instant), `journey.py` (a block per verb),
`floor.py` and `hand_out.py` (people). `tables.py` lays a plan out for it, `play.py` runs it.
"""
