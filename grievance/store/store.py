"""Opens transactions on either database: `read()` takes no write lock, `write()` commits as a whole or not at all.

Of sealed texts, keys and texts either sees those of the cases that it finds; `whole()` sees all.
"""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from grievance.core.errors import Gone
from grievance.store import outages
from grievance.store.journal import NOTED, Journal, Record
from grievance.store.objects import Objects
from grievance.store.scope import see_everything

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=10000",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "secure_delete=ON",
    "cache_size=-8000",
)
"""FULL, because NORMAL may lose an acknowledged filing on power loss; recursive, because REPLACE would skip triggers; secure,
because what is erased would else stand in the file until its page is used again; 8 MB of pages in memory, which a search at a
hundred thousand cases reads again and again (2 MB, as it comes, take twice the time)."""

QUIET = 5.0
"""Seconds. A connection that was used since then is taken at its word; one that lay longer is asked whether it lives."""

SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


class Store:
    """Holds the engine, and the place of the files. Whatever touches the database goes through one of three doors."""

    def __init__(self, engine: Engine, objects: Objects | None = None, journal: Journal | None = None) -> None:
        self.engine = engine
        self._objects = objects
        self.journal = journal
        self.sqlite = engine.dialect.name == "sqlite"
        if self.sqlite:
            outages.keep_to_its_file(engine)
            outages.close_when_refused(engine)
            event.listen(engine, "connect", _prepare)
            event.listen(engine, "begin", _begin)
        else:
            event.listen(engine, "checkin", _laid_down)
            event.listen(engine, "checkout", partial(_taken_up, engine.dialect))
            event.listen(engine, "do_execute", _planned_once)
        # The driver's own too: what is sent in one journey is answered past SQLAlchemy (`bulk.together`).
        self._errors = (DBAPIError, engine.dialect.loaded_dbapi.Error)
        # One moment for all that is read together: beside a move, a page or `verify` must not see half of it.
        self._reader = engine.execution_options(readonly=True, **({} if self.sqlite else SNAPSHOT))

    @property
    def objects(self) -> Objects:
        """Where sealed files lie. Raises Gone in a process that was given no place for them."""
        if self._objects is None:
            raise Gone
        return self._objects

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only looks."""
        with self._opened(self._reader) as tx:
            yield tx

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that commits when the block ends, and leaves nothing behind when it raises.

        What it appends to cases is on the second volume, too, when this returns, where there is one.
        """
        if self.journal is None:
            with self._opened(self.engine) as tx:
                yield tx
            return
        noted: list[Record] = []
        with ExitStack() as slip:
            with self._opened(self.engine) as tx:
                yield tx.execution_options(**{NOTED: noted})
                slip.enter_context(self.journal.underway(noted))  # from before the commit on
            self.journal.keep(noted)

    def settle(self) -> None:
        """After an erasure, on SQLite: what was written over reaches the file, and the journal with the old pages is emptied.

        Not while somebody reads what is older; the next one does it. PostgreSQL has its own ways: docs/operating.md.
        """
        if self.sqlite:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")  # a checkpoint is no part of a transaction
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").close()

    @contextmanager
    def whole(self, *, write: bool = False) -> Iterator[Connection]:
        """A transaction that sees the sealed texts, keys and texts of every case; it only looks, unless `write`.

        For jobs that belong to no case: `verify`, `backup`, new keys. Whoever acts for somebody finds a case instead.
        """
        with self.write() if write else self.read() as tx:
            see_everything(tx)
            yield tx

    @contextmanager
    def _opened(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.begin() as tx:
                yield tx
        except self._errors as error:
            told = outages.outage(error)
            if told is None:
                raise
            raise told from error


def _prepare(dbapi: sqlite3.Connection, _: object) -> None:
    dbapi.isolation_level = None  # sqlite3 must not open transactions by itself; `_begin` does
    for pragma in PRAGMAS:
        dbapi.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """Writers take the lock at once: a deferred BEGIN fails at the first write beside another writer."""
    readonly = connection.get_execution_options().get("readonly")
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")


def _planned_once(cursor: Any, statement: str, values: Any, _: object) -> bool:
    """What adds rows can be planned in one way only, so each connection plans it once; a filing adds to nine tables.

    What searches must not: a plan for any word may read the whole index.
    """
    if not statement.startswith("INSERT"):
        return False
    cursor.execute(statement, values, prepare=True)
    return True


def _laid_down(_: object, record: ConnectionPoolEntry) -> None:
    record.info["laid down"] = time.monotonic()


def _taken_up(dialect: Dialect, dbapi: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
    """Raises DisconnectionError for a dead connection, for which the pool then opens another."""
    if time.monotonic() - record.info.get("laid down", math.inf) < QUIET:
        return
    try:
        alive = dialect.do_ping(dbapi)
    except dialect.loaded_dbapi.Error:
        alive = False
    if not alive:
        raise DisconnectionError
