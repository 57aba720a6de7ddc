"""Lets a demo's clock be moved: an offset in the database, believed only where the database says that it is a demo."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from grievance.core.errors import Refused, say
from grievance.store import people
from grievance.store.store import Store

DEMO, OFFSET = "demo", "offset"
FRESH = 1.0
"""Seconds for which an offset is believed before it is read again."""


class Offset:
    """The time, as aware UTC. Real time everywhere but in a demo, where a visitor may have moved it forward."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._read_at = -FRESH
        self._offset = timedelta()
        self._demo: bool | None = None

    def __call__(self) -> datetime:
        """Now."""
        if self._demo is not False and time.monotonic() - self._read_at > FRESH:
            self._read()
        return datetime.now(UTC) + self._offset

    def _read(self) -> None:
        with self._store.read() as tx:
            self._demo = people.fact(tx, DEMO) is not None
            seconds = people.fact(tx, OFFSET) if self._demo else None
        self._offset = timedelta(seconds=int(seconds or 0))
        self._read_at = time.monotonic()


def advance(store: Store, by: timedelta) -> timedelta:
    """Move the demo's clock forward; returns the whole offset. Raises Refused outside demo data."""
    if by <= timedelta():
        raise Refused(say("The clock of a demo only goes forward."))
    with store.write() as tx:
        if people.fact(tx, DEMO) is None:
            raise Refused(say("This is no demo: here the clock goes by itself."))
        offset = timedelta(seconds=int(people.fact(tx, OFFSET) or 0)) + by
        people.set_fact(tx, OFFSET, str(int(offset.total_seconds())))
    return offset
