"""The SQLite file of a store: how it is made, opened, written to, and what is said when that cannot be.

It keeps a rollback journal, not a write-ahead log: a store that was closed is one file that can be read from a
read-only folder or a network drive. The journal and the file are on the disk before a transaction counts as done.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from analysis.store.leftovers import making
from sim.faults import BadInput, bad_input
from sim.language import later, say

FILE = "store.sqlite"
JOURNAL = f"{FILE}-journal"
"""What SQLite needs to undo a write that was cut off; there only while somebody writes."""

FORMAT = 1
"""Kept as `user_version`; raise it when the tables change."""

APPLICATION = 0x53686F70
"""By which SQLite's header says that a file is one of ours ("Shop")."""

PATIENCE = 60.0
"""Seconds to wait for another process that is writing. One transaction takes milliseconds."""

TABLES = f"""
BEGIN;
CREATE TABLE plans (digest TEXT PRIMARY KEY, json BLOB NOT NULL) WITHOUT ROWID;  -- compressed: a year of shifts is long
CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT NOT NULL);  -- what many results share: keys, versions
CREATE TABLE columns (plan TEXT, measures TEXT, keys INTEGER NOT NULL, PRIMARY KEY (plan, measures)) WITHOUT ROWID;
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,
    plan TEXT NOT NULL, seed INTEGER NOT NULL, replication INTEGER NOT NULL, engine TEXT NOT NULL,
    measures TEXT NOT NULL,
    UNIQUE (plan, seed, replication, engine, measures)
);
CREATE TABLE results (
    job INTEGER PRIMARY KEY, versions INTEGER NOT NULL, checksum INTEGER NOT NULL, content BLOB NOT NULL
);
CREATE TABLE wanted (experiment TEXT, job INTEGER, PRIMARY KEY (experiment, job)) WITHOUT ROWID;
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {FORMAT};
COMMIT;
"""

SETTINGS = """
PRAGMA synchronous = EXTRA;
PRAGMA temp_store = MEMORY;
CREATE TEMP TABLE asked (
    plan TEXT, seed INTEGER, replication INTEGER, engine TEXT, measures TEXT, checksum INTEGER, content BLOB
);
"""
"""For every connection; `asked` holds the jobs that a query is about."""


def connect(folder: Path, read_only: bool) -> sqlite3.Connection:
    """Open the file in a folder; both are made if they are not there, unless the store shall only be read. Raises
    BadInput where that cannot be, or where the file is none of ours.
    """
    path = folder / FILE
    try:
        if read_only and not path.exists():
            raise bad_input(str(folder), say("is not a store of results: there is no {FILE} in it", FILE=FILE))
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _make(path)
    except OSError as error:
        raise bad_input(
            str(folder), say("cannot hold a store of results: {value}", value=error.strerror or error)
        ) from None
    with faults_of(path):
        mode = "ro" if read_only else "rw"
        database = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", PATIENCE, isolation_level=None, uri=True)
        try:
            _check(database, path)
            database.executescript(SETTINGS)
            if not read_only:
                _try_to_write(database)
        except BaseException:
            database.close()
            raise
    return database


def _make(path: Path) -> None:
    """Make an empty store beside its place and put it there whole, unless another process was quicker. So a file that
    is there and empty is always damage, never a beginning.
    """
    with making(".store-", path.parent) as beside:
        new = beside / FILE
        with faults_of(path), closing(sqlite3.connect(new, isolation_level=None)) as database:
            database.executescript(TABLES)
        try:
            os.link(new, path)
        except FileExistsError:
            return


def _check(database: sqlite3.Connection, path: Path) -> None:
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION:
        raise bad_input(str(path), say("is not a store of results"))
    if version > FORMAT:
        told = say(
            "was written by a newer version of the program (format {version}; this one reads {FORMAT})",
            version=version,
            FORMAT=FORMAT,
        )
        raise bad_input(str(path), told)
    (pages,), (size,) = (database.execute(f"PRAGMA {what}").fetchone() for what in ("page_count", "page_size"))
    if path.stat().st_size < pages * size:  # SQLite itself does not mind half a page at the end
        raise bad_input(str(path), say(DAMAGED))


def _try_to_write(database: sqlite3.Connection) -> None:
    """SQLite would say only at the first result, after hours perhaps, that the file or its folder is read-only."""
    database.execute("BEGIN IMMEDIATE")
    database.execute(f"PRAGMA user_version = {FORMAT}")
    database.execute("ROLLBACK")


@contextmanager
def transaction(database: sqlite3.Connection, path: Path, begin: str) -> Iterator[None]:
    """Between `begin` and COMMIT: what is read comes from one instant; what is written is on the disk afterwards or,
    if anything fails, not there at all.
    """
    with faults_of(path):
        database.execute(begin)
        try:
            yield
            database.execute("COMMIT")
        except BaseException:
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise


@contextmanager
def faults_of(path: Path) -> Iterator[None]:
    """Say in a sentence what SQLite cannot do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", None)
        if name is None and "UTF-8" not in str(error):  # a mistake of the program
            raise
        raise _fault(path, name or "SQLITE_CORRUPT", error) from error
    except UnicodeDecodeError as error:  # SQLite quotes what it cannot read
        raise bad_input(str(path), say(DAMAGED)) from error


DAMAGED = later("is damaged; take another copy of it, or begin another store")

_SENTENCES = {
    "SQLITE_FULL": later(
        "cannot be written: the disk is full; what was stored before is kept, so make room and run again"
    ),
    "SQLITE_READONLY_ROLLBACK": later(
        "was being written when a process was killed; open it once for writing, that mends it"
    ),
    "SQLITE_READONLY": later("cannot be written: the file or its folder is read-only"),
    "SQLITE_CANTOPEN": later("cannot be opened: the file cannot be read, or its folder is read-only"),
    "SQLITE_BUSY": later("is in use: another process has been writing for {seconds:.0f} s"),
    "SQLITE_NOTADB": later("is not a store of results"),
    "SQLITE_CORRUPT": DAMAGED,
}


def _fault(path: Path, name: str, error: sqlite3.DatabaseError) -> BadInput:
    for beginning, sentence in _SENTENCES.items():
        if name.startswith(beginning):
            return bad_input(str(path), say(sentence, seconds=PATIENCE))
    return bad_input(str(path), say("cannot be used: {error}", error=error))
