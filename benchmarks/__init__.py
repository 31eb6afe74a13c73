"""Engines against a plain SimPy model on the same work."""
