"""A file → a checked scenario, with every fault in its place."""
