"""Many plans under the same luck: whatever an experiment compares, played once, kept on disk, never played again.

Replication k of every plan faces the same orders (common random numbers), and their luck is drawn once. Results are
the same for any number of workers, whatever was already stored, and on either engine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.measures import Key, measure_all
from analysis.measures.offered import measure_offered, same_offered
from analysis.measures.view import View
from analysis.runs.memory import refuse_too_much
from analysis.runs.workers import cores, keep_memory, run_jobs
from analysis.store import JobId, Store, measure_set
from sim.choose_engine import AUTO, choose, engine, ready
from sim.draws import SEED_MAX, Draws
from sim.fast.limits import lacking
from sim.faults import bad_input
from sim.language import say
from sim.log import versions
from sim.plan import Plan

Floats = NDArray[np.float64]

LEFT_OUT = frozenset(
    (
        *("wait_p50_min", "wait_p90_min", "wait_p95_min", "wait_max_min", "wait_sd_min", "queue_max"),
        *("cycle_p50_h", "cycle_p90_h", "cycle_p95_h", "cycle_max_h"),
    )
)
LEDGERS = (
    *("ledger", "step ledger", "step losses", "already there"),
    *("event", "event promise", "event day", "event day promise"),
)
"""Kinds of places of which only a whole log tells."""

PARTS = 4
"""Pieces of work for each worker, at least: so that none is left alone with the last one."""

MOST_PLANS = 50
"""Plans in a piece of work, at most: progress is told, and results are kept, a piece at a time."""

CLUSTER = 64
"""Workers that a cluster is taken to have: how fine the pieces for it are cut."""

FLUSH_S = 0.25
"""Results are written to the store this often: what a kill can cost."""


@dataclass(frozen=True)
class Setting:
    """How runs are made. The results do not depend on it, but for the seed."""

    seed: int = 1
    engine: str = AUTO
    workers: int | None = None
    """Processes at work (default: all cores)."""
    cluster: str = ""
    """The address of a Dask scheduler whose workers play instead of processes here."""
    store: Store | None = None
    """Where results are kept."""
    name: str = ""
    """What the store calls the experiment."""
    progress: Callable[[int, int], None] | None = None
    """Told how many runs are done, of how many."""
    whole: bool = False
    """Whether quantiles, maxima and ledgers are wanted too (slower)."""


@dataclass(frozen=True)
class Observed:
    """The measures of some plans in some replications, the same for all."""

    plans: Sequence[Plan]
    replications: range
    digests: Sequence[str] = field(repr=False)
    """Of each plan (a hash of 100,000 bytes: not to be made again and again)."""
    _keys: list[dict[Key, int]] = field(repr=False)
    _values: list[Floats] = field(repr=False)

    def each(self, plan: int, key: Key) -> Floats:
        """A measure of a plan in every replication; NaN where there was nothing to measure. Raises KeyError."""
        column: Floats = self._values[plan][:, self._keys[plan][key]]
        return column

    def has(self, key: Key) -> bool:
        """Whether every plan has such a measure."""
        return all(key in keys for keys in self._keys)

    def keys(self) -> list[Key]:
        """The measures that all plans have, in the order of the first."""
        return [key for key in self._keys[0] if self.has(key)]

    def keys_of(self, plan: int) -> list[Key]:
        """The measures that one plan has."""
        return list(self._keys[plan])


@dataclass(frozen=True)
class Unit:
    """One piece of work: some plans under the luck of one replication."""

    numbers: tuple[int, ...]
    """Which of the experiment's plans they are."""
    seed: int
    replication: int
    engine: str
    whole: bool

    def __str__(self) -> str:
        return say(
            "replication {replication} of {numbers} plan(s)", replication=self.replication, numbers=len(self.numbers)
        )


@dataclass(frozen=True)
class Played:
    """What came of a unit: by plan, names and values of the measures."""

    unit: Unit
    keys: list[tuple[Key, ...]]
    values: list[Floats]


def observe(plans: Sequence[Plan], replications: range, setting: Setting) -> Observed:
    """Play every plan in every replication, but for what is stored. Raises BadInput for what makes no sense."""
    if not replications or not 0 <= setting.seed <= SEED_MAX:
        raise bad_input("experiment", say("needs at least one replication, and a seed of 0 … 2^63 - 1"))
    if not setting.cluster:
        for plan in plans:
            refuse_too_much(plan, min(setting.workers or cores(), len(replications) * len(plans)))
    return _Observation(plans, replications, setting).made()


def play(plans: Sequence[Plan], unit: Unit) -> Played:
    """Play a unit of an experiment with these plans: luck that they share is drawn once."""
    mine = [plans[number] for number in unit.numbers]
    first = Draws(mine[0], unit.seed, unit.replication)
    take = _whole if unit.whole or unit.engine != "fast" else _brief
    keys, values = [], []
    for plan, offered in zip(mine, _offered(mine, first), strict=True):
        found = {**take(plan, first.for_plan(plan), unit.engine), **offered}
        names, places = _wanted(tuple(found), unit.whole)
        keys.append(names)
        values.append(np.array(list(found.values()), dtype=np.float64)[places])
    return Played(unit, keys, values)


def _offered(plans: Sequence[Plan], draws: Draws) -> Iterator[dict[Key, float]]:
    """What is offered in each plan, followed again only where the orders or their journey differ."""
    found: dict[Key, float] = {}
    before = None
    for plan in plans:
        if before is None or not same_offered(plan, before):
            found = {(k, p, m): float(v) for k, p, m, v in measure_offered(plan, draws.for_plan(plan))}
        before = plan
        yield found


@cache
def _wanted(keys: tuple[Key, ...], whole: bool) -> tuple[tuple[Key, ...], list[int]]:
    """Which measures are kept, and where they stand: the same for nearly all runs of an experiment."""
    places = [i for i, key in enumerate(keys) if whole or is_brief(key)]
    return tuple(keys[i] for i in places), places


def is_brief(key: Key) -> bool:
    """Whether a measure is one of those that every experiment takes."""
    return key[0] not in LEDGERS and key[2] not in LEFT_OUT


def _whole(plan: Plan, draws: Draws, name: str) -> dict[Key, float]:
    return measure_all(View(engine(name)(plan, draws)))


def _brief(plan: Plan, draws: Draws, _: str) -> dict[Key, float]:
    from analysis.runs.brief.tally import brief

    return brief(plan, draws)


class _Observation:
    """What is known of one call of `observe`, while results come in."""

    def __init__(self, plans: Sequence[Plan], replications: range, setting: Setting) -> None:
        self.plans, self.replications, self.setting = list(plans), replications, setting
        longest = max(plans, key=lambda plan: plan.runs_for)
        name = choose(setting.engine, longest, 10 * len(replications) * len(plans))
        self.engine = "simpy" if setting.engine == AUTO and any(map(lacking, plans)) else name
        self.measures = measure_set("whole" if setting.whole else "brief")
        self.digests = [plan.digest() for plan in plans]
        self.keys: dict[int, tuple[Key, ...]] = {}
        self.rows: dict[tuple[int, int], Floats] = {}
        self.unwritten: dict[tuple[Key, ...], dict[JobId, Floats]] = {}
        self.written_at = time.monotonic()

    def made(self) -> Observed:
        self._take_stored()
        units = list(self._units())
        if units and not self.setting.cluster:
            keep_memory()
            self._prepare()
        if self.setting.progress is not None:
            self.setting.progress(len(self.rows), len(self.plans) * len(self.replications))
        try:
            work = partial(play, self.plans)
            run_jobs(work, units, self.setting.workers, arrived=self._arrived, cluster=self.setting.cluster)
        finally:
            self._write()
        columns = [{key: i for i, key in enumerate(self.keys[n])} for n in range(len(self.plans))]
        values = [np.array([self.rows[n, k] for k in self.replications]) for n in range(len(self.plans))]
        return Observed(self.plans, self.replications, self.digests, columns, values)

    def _prepare(self) -> None:
        """Compile what the processes need: once, not once in each."""
        if ready(self.engine) == "fast" and not self.setting.whole:
            from analysis.runs.brief.tally import compile_sums

            compile_sums()

    def _id(self, number: int, replication: int) -> JobId:
        return JobId(self.digests[number], self.setting.seed, replication, self.engine, self.measures)

    def _take_stored(self) -> None:
        store = self.setting.store
        if store is None:
            return
        store.add_plans(dict(zip(self.digests, self.plans, strict=True)))
        ids = {(n, k): self._id(n, k) for n in range(len(self.plans)) for k in self.replications}
        if self.setting.name:
            store.begin(self.setting.name, ids.values())
        known = store.known(ids.values())
        for number, digest in enumerate(self.digests):
            if names := store.keys(digest, self.measures):
                self.keys[number] = names
        self.rows = {place: known[job] for place, job in ids.items() if job in known}

    def _units(self) -> Iterable[Unit]:
        """What is missing, in pieces: a replication each, cut smaller where there are few."""
        missing = {k: [n for n in range(len(self.plans)) if (n, k) not in self.rows] for k in self.replications}
        missing = {k: numbers for k, numbers in missing.items() if numbers}
        workers = CLUSTER if self.setting.cluster else self.setting.workers or cores()
        pieces = -(-PARTS * workers // max(1, len(missing)))
        for k, numbers in missing.items():
            size = min(MOST_PLANS, -(-len(numbers) // min(pieces, len(numbers))))
            for i in range(0, len(numbers), size):
                mine = tuple(numbers[i : i + size])
                yield Unit(mine, self.setting.seed, k, self.engine, self.setting.whole)

    def _arrived(self, played: Played) -> None:
        """Take in what came of a unit, and keep it."""
        replication = played.unit.replication
        for number, keys, values in zip(played.unit.numbers, played.keys, played.values, strict=True):
            self.keys.setdefault(number, keys)
            self.unwritten.setdefault(self.keys[number], {})[self._id(number, replication)] = values
            self.rows[number, replication] = values
        if time.monotonic() - self.written_at > FLUSH_S:
            self._write()
        if self.setting.progress is not None:
            self.setting.progress(len(self.rows), len(self.plans) * len(self.replications))

    def _write(self) -> None:
        """Put into the store what came since the last time."""
        if self.setting.store is not None:
            for keys, results in self.unwritten.items():
                self.setting.store.add(results, keys)
        self.unwritten, self.written_at = {}, time.monotonic()


def provenance(observed: Observed, setting: Setting) -> dict[str, Any]:
    """What it takes to make these runs again, beside the command."""
    return {
        "plans": list(dict.fromkeys(observed.digests)),
        "sources": list(dict.fromkeys(plan.source for plan in observed.plans)),
        "seed": setting.seed,
        "replications": len(observed.replications),
        "versions": versions(),
    }
