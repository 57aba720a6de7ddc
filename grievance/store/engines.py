"""An engine for one command, whose connections end with it; and a file of SQLite that no other user may read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Engine, create_engine, make_url


@contextmanager
def engine_for(url: str) -> Iterator[Engine]:
    """An engine of this database. A server that forks its workers must not inherit what it opened."""
    _for_us_alone(url)
    engine = create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _for_us_alone(url: str) -> None:
    """Makes the file of a SQLite that is not there yet: SQLite itself would let every user of the machine read it.

    What it lays beside (-wal, -shm) it makes as the file is. One that is there stays as somebody meant it. Where none can
    be made, whoever connects says why.
    """
    address = make_url(url)
    if address.drivername.startswith("sqlite") and address.database:
        with suppress(OSError):
            os.close(os.open(address.database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
