"""The commands of `run_sim.py`, a file each. They wire: read options, call `sim` and `analysis`, say what came out."""
