"""The store: plans, results, and what each experiment wants."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from pydantic import ValidationError

from analysis.measures import Key
from analysis.store.file import DAMAGED, FILE, connect, transaction
from analysis.store.jobs import Floats, JobId, Stored, checksum, from_bytes, keys_of, keys_text, text_id, to_bytes
from sim.faults import bad_input
from sim.language import say
from sim.log import versions
from sim.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

JOB = "plan, seed, replication, engine, measures"

Row = tuple[str, int, int, str, str, int | None, bytes | None]
"""A row of `asked`: a job and, if it shall be added, the checksum and bytes of its result."""


class Progress(NamedTuple):
    """How far an experiment is, in jobs."""

    experiment: str
    done: int
    wanted: int

    def __str__(self) -> str:
        return say(
            "{experiment}: {done} of {wanted} jobs", experiment=self.experiment, done=self.done, wanted=self.wanted
        )


class Store:
    """An open store. Any number of processes may have it open, each with a Store of its own; it belongs to the thread
    that opened it. Methods raise BadInput, with one sentence, where the file is damaged, read-only, in use for long or
    its disk full; what a method was writing is then not there at all.
    """

    def __init__(self, folder: Path, read_only: bool) -> None:
        self.folder = folder
        self.path = folder / FILE
        self.database = connect(folder, read_only)
        self._owner = os.getpid()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self.database.close()

    # --- plans --------------------------------------------------------------------------------------------------

    def add_plan(self, plan: Plan) -> None:
        """Keep a plan, so that its results can be computed again. Nothing is done where it is kept already."""
        content = zlib.compress(plan.model_dump_json().encode())
        with self._writing():
            self.database.execute("INSERT OR IGNORE INTO plans VALUES (?, ?)", (plan.digest(), content))

    def add_plans(self, plans: Mapping[str, Plan]) -> None:
        """Keep those of these plans, by digest, that are not kept already: in one go, without hashing any again."""
        with self._reading():
            query = "SELECT 1 FROM plans WHERE digest = ?"
            missing = [digest for digest in plans if self.database.execute(query, (digest,)).fetchone() is None]
        rows = [(digest, zlib.compress(plans[digest].model_dump_json().encode())) for digest in missing]
        if rows:
            with self._writing():
                self.database.executemany("INSERT OR IGNORE INTO plans VALUES (?, ?)", rows)

    def plan(self, digest: str) -> Plan:
        """The plan with that digest. Raises BadInput if there is none, or if this version of the program reads
        another plan out of it.
        """
        with self._reading():
            found = self.database.execute("SELECT json FROM plans WHERE digest = ?", (digest,)).fetchone()
        if found is None:
            raise bad_input(str(self.path), say("has no plan {digest}", digest=digest))
        try:
            plan = Plan.model_validate_json(zlib.decompress(found[0]))
        except (ValidationError, zlib.error, TypeError):
            plan = None
        if plan is None or plan.digest() != digest:
            told = say(
                "holds plan {digest} in a form that this version of the program does not understand", digest=digest
            )
            raise bad_input(str(self.path), told)
        return plan

    # --- results ------------------------------------------------------------------------------------------------

    def add(self, results: Mapping[JobId, Floats], keys: Sequence[Key]) -> None:
        """Keep results; when this returns they are on the disk, all of them.

        Each is float64 of shape (len(keys),), NaN allowed. A job that is there already must have the same result.
        Raises BadInput if it has another one, if its plan is not kept, or if `keys` are not those that the plan's
        results have under the same set of measures.
        """
        _refuse_shapes(self.path, results, len(keys))
        with self._writing():
            number = self._put_text(keys_text(keys))
            self._ask(_rows(results, number))
            self._set_columns(number)
            self._refuse_other_results()
            self.database.execute(f"INSERT OR IGNORE INTO jobs ({JOB}) SELECT {JOB} FROM asked")
            self.database.execute(
                f"""INSERT OR IGNORE INTO results SELECT jobs.id, ?, checksum, content
                FROM asked CROSS JOIN jobs USING ({JOB})""",
                (self._put_text(json.dumps(versions(), sort_keys=True)),),
            )

    def known(self, jobs: Iterable[JobId]) -> dict[JobId, Floats]:
        """The results that are there, of those asked for, in the order of `keys`."""
        return {JobId(*job): from_bytes(content) for job, _, content in self._stored(jobs)}

    def keys(self, plan: str, measures: str) -> tuple[Key, ...]:
        """(kind, place, measure) of each number in the results of a plan under a set of measures; empty if there are
        no results.
        """
        with self._reading():
            number = self._columns(plan, measures)
            return () if number is None else keys_of(self._text(number))

    def table(self, jobs: Iterable[JobId] | None = None) -> pd.DataFrame:
        """One row for each of these jobs that is there (default: all): plan, seed, replication, engine, measures,
        then a column for each measure, "kind/place/measure".

        Rows are sorted, columns stand in the order of the first plan (by digest): the same content is the same table,
        in whatever order it was added. NaN: a replication had nothing to measure, or its plan has no such place.
        """
        from analysis.store.frame import frame

        return frame(self._stored(jobs))

    def provenance(self, job: JobId) -> dict[str, Any]:
        """What it takes to compute a result again: the job (its plan is kept) and the versions that computed it."""
        with self._reading():
            self._ask([_row(job)])
            found = self.database.execute(
                f"SELECT versions FROM asked CROSS JOIN jobs USING ({JOB}) JOIN results ON job = jobs.id"
            ).fetchone()
            if found is None:
                raise bad_input(str(self.path), say("has no result of {job}", job=job))
            return {**job._asdict(), "versions": json.loads(self._text(found[0]))}

    # --- experiments --------------------------------------------------------------------------------------------

    def begin(self, experiment: str, jobs: Iterable[JobId]) -> None:
        """Note which jobs an experiment wants, in place of what it wanted before."""
        with self._writing():
            self._ask(_row(job) for job in jobs)
            self.database.execute(f"INSERT OR IGNORE INTO jobs ({JOB}) SELECT {JOB} FROM asked")
            self.database.execute("DELETE FROM wanted WHERE experiment = ?", (experiment,))
            self.database.execute(
                f"INSERT OR IGNORE INTO wanted SELECT ?, jobs.id FROM asked CROSS JOIN jobs USING ({JOB})",
                (experiment,),
            )

    def jobs(self, experiment: str) -> list[JobId]:
        """What an experiment wants, sorted. Raises BadInput if none of that name was begun."""
        with self._reading():
            query = f"SELECT {JOB} FROM wanted JOIN jobs ON job = jobs.id WHERE experiment = ? ORDER BY {JOB}"
            found = [JobId(*row) for row in self.database.execute(query, (experiment,))]
        if not found:
            raise bad_input(str(self.path), say('has no experiment "{experiment}"', experiment=experiment))
        return found

    def status(self) -> list[Progress]:
        """How far each experiment is, by name."""
        with self._reading():
            query = """SELECT experiment, count(results.job), count(*) FROM wanted LEFT JOIN results USING (job)
                GROUP BY experiment ORDER BY experiment"""
            return [Progress(*row) for row in self.database.execute(query)]

    # --- inside a transaction -----------------------------------------------------------------------------------

    def _reading(self) -> AbstractContextManager[None]:
        return self._transaction("BEGIN")

    def _writing(self) -> AbstractContextManager[None]:
        return self._transaction("BEGIN IMMEDIATE")

    def _transaction(self, begin: str) -> AbstractContextManager[None]:
        if os.getpid() != self._owner:  # SQLite's locks do not hold between a process and its fork
            raise RuntimeError("a store belongs to the process that opened it; return results to that one")
        return transaction(self.database, self.path, begin)

    def _ask(self, rows: Iterable[Row]) -> None:
        """Make these the jobs that the next queries are about."""
        self.database.execute("DELETE FROM asked")
        self.database.executemany("INSERT INTO asked VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def _stored(self, jobs: Iterable[JobId] | None) -> list[Stored]:
        """These jobs, as far as they are there, sorted."""
        jobs_asked = "jobs" if jobs is None else f"asked CROSS JOIN jobs USING ({JOB})"
        with self._reading():
            if jobs is not None:
                self._ask(_row(job) for job in dict.fromkeys(jobs))
            rows = self.database.execute(
                f"""SELECT {JOB}, columns.keys, results.checksum, results.content FROM {jobs_asked}
                JOIN results ON job = jobs.id JOIN columns USING (plan, measures) ORDER BY {JOB}"""
            ).fetchall()
            (stored,) = self.database.execute("SELECT count(*) FROM results").fetchone()
            if jobs is None and len(rows) != stored:
                raise bad_input(str(self.path), say(DAMAGED))
            texts = {number: self._text(number) for number in {row[5] for row in rows}}
        found = []
        for *job, keys, expected, content in rows:
            if not isinstance(content, bytes) or checksum(job, keys, content) != expected:
                raise bad_input(str(self.path), say(DAMAGED))
            found.append((job, texts[keys], content))
        return found

    def _columns(self, plan: str, measures: str) -> int | None:
        """The number of the keys of a plan's results."""
        query = "SELECT keys FROM columns WHERE plan = ? AND measures = ?"
        found = self.database.execute(query, (plan, measures)).fetchone()
        return None if found is None else found[0]

    def _set_columns(self, keys: int) -> None:
        """Note the keys of every plan and set of measures asked for. Raises BadInput if they were others before."""
        for plan, measures in self.database.execute("SELECT DISTINCT plan, measures FROM asked").fetchall():
            if self.database.execute("SELECT 1 FROM plans WHERE digest = ?", (plan,)).fetchone() is None:
                raise bad_input(
                    str(self.path), say("has no plan {plan}; a plan is added before its results", plan=plan)
                )
            if self._columns(plan, measures) not in {None, keys}:
                told = say(
                    'has other keys for plan {plan} and the measures "{measures}" than are given now',
                    plan=plan,
                    measures=measures,
                )
                raise bad_input(str(self.path), told)
            self.database.execute("INSERT OR IGNORE INTO columns VALUES (?, ?, ?)", (plan, measures, keys))

    def _refuse_other_results(self) -> None:
        other = self.database.execute(
            f"""SELECT {JOB} FROM asked CROSS JOIN jobs USING ({JOB}) JOIN results ON job = jobs.id
            WHERE results.content != asked.content ORDER BY {JOB}"""
        ).fetchone()
        if other is not None:
            told = say("has another result already; the same job must give the same bytes, so the program has changed")
            raise bad_input(str(self.path), f"{JobId(*other)} {told}")

    def _put_text(self, text: str) -> int:
        number = text_id(text)
        self.database.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (number, text))
        return number

    def _text(self, number: int) -> str:
        found = self.database.execute("SELECT text FROM texts WHERE id = ?", (number,)).fetchone()
        if found is None or text_id(str(found[0])) != number:
            raise bad_input(str(self.path), say(DAMAGED))
        return str(found[0])


def open_store(folder: str | Path, read_only: bool = False) -> Store:
    """Open the store in a folder; both are made where they are missing.

    `read_only` needs no right to write, and the store must be there. Raises BadInput if the folder or the file cannot
    be written (or read), or if the file is not a store, is damaged or cut short, or comes from a newer version.
    """
    return Store(Path(folder), read_only)


def _row(job: JobId) -> Row:
    return job.plan, int(job.seed), int(job.replication), job.engine, job.measures, None, None


def _rows(results: Mapping[JobId, Floats], keys: int) -> Iterable[Row]:
    for job, values in results.items():
        fields, content = _row(job)[:5], to_bytes(values)
        yield *fields, checksum(fields, keys, content), content


def _refuse_shapes(path: Path, results: Mapping[JobId, Floats], keys: int) -> None:
    for job, values in results.items():
        if np.shape(values) != (keys,):
            raise bad_input(
                str(path),
                say(
                    "{job} has a result of shape {shape}; {keys} keys were given",
                    job=job,
                    shape=np.shape(values),
                    keys=keys,
                ),
            )
