"""Which files belong to cases, and who may open them; the sealed bytes themselves lie in `Objects`."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from grievance.core.events import EvidenceAdded
from grievance.store import codec
from grievance.store.ledger import FILE
from grievance.store.tables import events, files, wraps


def wraps_of(tx: Connection, case_id: str, seq: int) -> dict[str, bytes]:
    """Reader → wrapped key of the file that this entry speaks of."""
    query = select(wraps.c.reader, wraps.c.wrapped).where(
        wraps.c.case_id == case_id, wraps.c.seq == seq, wraps.c.name == FILE
    )
    return {row.reader: row.wrapped for row in tx.execute(query)}


def wrapped(tx: Connection, case_id: str) -> frozenset[tuple[int, str, str]]:
    """Entry, name and reader of every wrap of a case: of its texts and of its files."""
    query = select(wraps.c.seq, wraps.c.name, wraps.c.reader).where(wraps.c.case_id == case_id)
    return frozenset((row.seq, row.name, row.reader) for row in tx.execute(query))


def digest_of(tx: Connection, case_id: str, seq: int) -> str:
    """What the ledger says of the bytes of a file."""
    event = _entered(tx, case_id, seq)
    return event.digest if event else ""


def original_of(tx: Connection, case_id: str, seq: int) -> str:
    """What the ledger says of the bytes as they were sent; empty where they were not kept."""
    event = _entered(tx, case_id, seq)
    return event.original if event else ""


def _entered(tx: Connection, case_id: str, seq: int) -> EvidenceAdded | None:
    query = select(events.c.kind, events.c.data).where(events.c.case_id == case_id, events.c.seq == seq)
    row = tx.execute(query).one()
    event = codec.read_event(row.kind, row.data)
    return event if isinstance(event, EvidenceAdded) else None


def known(tx: Connection, objects: Iterable[str]) -> frozenset[str]:
    """Those of these objects that an entry speaks of."""
    return frozenset(tx.execute(select(files.c.object).where(files.c.object.in_(list(objects)))).scalars())


def cases_with_files(tx: Connection) -> list[str]:
    """The ids of all cases to which a file belongs."""
    return sorted(tx.execute(select(files.c.case_id).distinct()).scalars())


def waiting(tx: Connection, most: int) -> list[tuple[str, str]]:
    """Object and case of files that wait for the scanner, by their names, which begin with the day."""
    query = select(files.c.object, files.c.case_id).where(files.c.waiting).order_by(files.c.object).limit(most)
    return [(row.object, row.case_id) for row in tx.execute(query)]
