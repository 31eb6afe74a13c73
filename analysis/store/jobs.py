"""What a result is known by, and how its numbers become bytes and are held against their checksum."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.measures import VERSION, Key
from sim.language import say

Floats = NDArray[np.float64]


class JobId(NamedTuple):
    """One replication as a store knows it: the same id means the same numbers."""

    plan: str
    """`Plan.digest()`"""
    seed: int
    """0 … 2^63 - 1"""
    replication: int
    """From 0."""
    engine: str
    measures: str
    """Which measures were taken, and in which version: see `measure_set`."""

    def __str__(self) -> str:
        how = f"{self.engine}, {self.measures}"
        return say(
            "replication {replication} of plan {plan} under seed {seed} ({how})",
            replication=self.replication,
            plan=self.plan,
            seed=self.seed,
            how=how,
        )


Stored = tuple[Sequence[Any], str, bytes]
"""A result as it is read: the fields of its `JobId`, the text of its keys, its numbers as bytes."""


def measure_set(name: str) -> str:
    """The name of a set of measures with the version of the measures, such as "all-1"."""
    return f"{name}-{VERSION}"


def to_bytes(values: Floats) -> bytes:
    """Numbers as 8 bytes each, lowest byte first. There is one NaN: its bits differ between processors."""
    return np.where(np.isnan(values), np.nan, values).astype("<f8").tobytes()


def from_bytes(content: bytes) -> Floats:
    """What `to_bytes` was given."""
    return np.frombuffer(content, "<f8").astype(np.float64)


def keys_text(keys: Sequence[Key]) -> str:
    """The names of a result's columns as they are stored."""
    return json.dumps(keys, ensure_ascii=False, separators=(",", ":"))


def keys_of(text: str) -> tuple[Key, ...]:
    """What `keys_text` was given."""
    return tuple((kind, place, measure) for kind, place, measure in json.loads(text))


def text_id(text: str) -> int:
    """The number under which a text is stored: 64 bits of its hash, so that damage to either is found out."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


def checksum(job: Sequence[Any], keys: int, content: bytes) -> int:
    """CRC-32 of a result together with its job and the number of its keys. SQLite keeps none: a bit that flips on the
    disk would be a wrong number that nobody notices.
    """
    plan, seed, replication, engine, measures = job
    return zlib.crc32(content, zlib.crc32(f"{plan}\n{seed}\n{replication}\n{engine}\n{measures}\n{keys}".encode()))
