"""Reaches into a database behind the house's back, as somebody with its owner's password would."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text

from tests import postgres

TRIGGERS = ("events_no_update", "events_no_delete", "events_no_replace")


def stranger(url: str, *pragmas: str) -> Engine:
    """An engine of somebody else: none of the house's settings, each statement for itself; for SQLite these pragmas."""
    engine = create_engine(postgres.owners(url), isolation_level="AUTOCOMMIT")
    if pragmas:
        event.listen(engine, "connect", lambda raw, _: [raw.execute(f"PRAGMA {pragma}") for pragma in pragmas])
    return engine


@contextmanager
def owned(engine: Engine) -> Iterator[Connection]:
    """A transaction of whoever owns the database: on PostgreSQL not the program, which may not take a guard off."""
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    theirs = create_engine(postgres.owners(engine.url.render_as_string(hide_password=False)))
    try:
        with theirs.begin() as connection:
            yield connection
    finally:
        theirs.dispose()


def unguard(connection: Connection) -> None:
    """Takes the ledger's triggers off, in this test's own copy of a database."""
    if connection.dialect.name == "sqlite":
        for trigger in TRIGGERS:
            connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
    else:
        connection.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))


def tamper(engine: Engine, statement: str, **values: Any) -> int:
    """Runs one statement where no trigger stands any more, and returns how many rows it changed."""
    with owned(engine) as connection:
        unguard(connection)
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        done = connection.execute(text(statement), values)
        assert done.rowcount, "the attack changed nothing, so nothing can be noticed"
        return done.rowcount


def one(engine: Engine, query: str, **values: Any) -> Any:
    """The first column of the first row."""
    with owned(engine) as connection:
        return connection.execute(text(query), values).scalar_one()
