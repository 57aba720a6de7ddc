"""Notes a whole case for the second volume once more: a process may have died after its commit and before it was noted."""

from __future__ import annotations

from sqlalchemy import Connection, select

from grievance.store import audit, cases
from grievance.store.changes import FILE, Birth, Notice, Wraps
from grievance.store.journal import NOTED, Appended, Line
from grievance.store.tables import outbox, wraps


def again(tx: Connection, case_id: str) -> None:
    """The case as it stands, into the journal with this transaction, where there is one; what is there already counts once."""
    noted = tx.get_execution_options().get(NOTED)
    row = audit.row(tx, case_id)
    if noted is None or row is None:
        return
    lines = [Line(one.seq, one.at, one.kind, one.actor, one.data, one.hash) for one in audit.lines(tx, case_id)]
    noted.append(
        Appended(
            case_id,
            lines,
            Birth(row["ref"], row["tag"], row["box"]),
            tuple(cases.texts_of(tx, case_id)),
            tuple(cases.items_of(tx, case_id)),
            _files(tx, case_id),
            (),
            tuple(Notice(*one) for one in tx.execute(_TOLD.where(outbox.c.cause.like(f"{case_id}/%")))),
            audit.listed(tx, case_id),
        )
    )


_TOLD = select(outbox.c.person, outbox.c.kind, outbox.c.cause)


def _files(tx: Connection, case_id: str) -> tuple[Wraps, ...]:
    found: dict[int, dict[str, bytes]] = {}
    query = select(wraps.c.seq, wraps.c.reader, wraps.c.wrapped)
    for seq, reader, wrapped in tx.execute(query.where(wraps.c.case_id == case_id, wraps.c.name == FILE)):
        found.setdefault(seq, {})[reader] = wrapped
    return tuple(Wraps(seq, readers) for seq, readers in sorted(found.items()))
