"""What a person writes: the fields of a scenario file, reading and checking it."""
