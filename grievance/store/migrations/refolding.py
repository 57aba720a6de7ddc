"""For migrations: cases as today's rules fold them from their ledgers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from grievance.core.case import Case
from grievance.core.events import Entry
from grievance.core.fold import replay
from grievance.store import codec
from grievance.store.tables import events

AT_ONCE = 500


def folded(connection: sa.Connection, ids: Sequence[str]) -> Iterator[list[Case]]:
    """These cases anew, some hundreds together."""
    kept = (events.c.case_id, events.c.seq, events.c.at, events.c.kind, events.c.actor, events.c.data)
    for first in range(0, len(ids), AT_ONCE):
        some = events.c.case_id.in_(ids[first : first + AT_ONCE])
        found: dict[str, list[Entry]] = {}
        for row in connection.execute(sa.select(*kept).where(some).order_by(events.c.case_id, events.c.seq)):
            event = codec.read_event(row.kind, row.data)
            found.setdefault(row.case_id, []).append(Entry(row.seq, row.at, codec.read_actor(row.actor), event))
        yield [replay(case_id, entries) for case_id, entries in found.items()]
