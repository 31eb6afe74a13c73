"""The SimPy engine, the reference: written to be read."""
