"""Appends to cases, and is the only way to change one: entries, row, seats, clocks, texts and notices in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, delete, false, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from grievance.core.case import Case
from grievance.core.errors import Stale
from grievance.core.visibility import OUTSIDE
from grievance.store import links
from grievance.store.batch import Batch, collect, row_of, seat_of
from grievance.store.bulk import Bulk, Row, adding, changing, together
from grievance.store.changes import FILE, Birth, Change, Held, Item, Notice, Rewrap, Text, Wraps
from grievance.store.journal import NOTED, note
from grievance.store.schema import INSERTS
from grievance.store.tables import (
    NEVER,
    Instant,
    cases,
    clocks,
    events,
    files,
    items,
    outbox,
    restatements,
    rungs,
    seats,
    texts,
    wraps,
)

__all__ = [
    "FILE",
    "Birth",
    "Change",
    "Held",
    "Item",
    "Notice",
    "Rewrap",
    "Text",
    "Wraps",
    "append",
    "row_of",
    "seat_of",
]


def append(tx: Connection, changes: Sequence[Change]) -> None:
    """Write the changes, all or none. Raises Stale when a case was moved since it was read.

    The row of the case is the lock: it is updated first, and only if its `seq` is the one that was read; the primary key
    (case_id, seq) of the ledger stands behind it.
    """
    batch = Batch()
    begun = [0]
    for change in changes:
        collect(batch, change)
        begun.append(len(batch.events))
    try:
        _move(tx, batch.moved)
        with together(tx):
            _many(tx, _BORN, batch.born)
            _many(tx, _EVENTS, batch.events)
            _many(tx, _DATE, batch.dated)
            _many(tx, _SEATS, batch.seats)
            _many(tx, _LEAVE, batch.left)
            _many(tx, _HAND, batch.handed)
            _many(tx, _RUNGS, batch.rungs)
            _many(tx, _RING, batch.rang)
            _many(tx, _STOP, batch.stopped)
            _many(tx, _CLOCKS, batch.clocks)
            _many(tx, _TEXTS, batch.texts)
            _many(tx, _ITEMS, batch.items)
            _many(tx, _WRAPS, batch.wraps)
            _many(tx, _FILES, batch.files)
            _many(tx, _SCANNED, batch.scanned)
            _many(tx, _REWRAP, batch.rewrapped)
            _many(tx, _NOTICES, batch.notices)
            links.keep(tx, changes)
        _tell_once(tx, batch)
    except IntegrityError as error:
        raise Stale from error
    for change in changes:
        if change.searched:
            _search(tx, change.case.id, *change.searched)
    noted = tx.get_execution_options().get(NOTED)
    if noted is not None:  # for the second volume, once it is committed
        noted += [note(change, batch.events[begun[no] : begun[no + 1]]) for no, change in enumerate(changes)]


_BORN, _EVENTS, _SEATS, _RUNGS, _CLOCKS = map(adding, (cases, events, seats, rungs, clocks))
_TEXTS, _ITEMS, _WRAPS, _FILES = map(adding, (texts, items, wraps, files))
_NOTICES = adding(outbox, "id", "sealed")

_COPIED = (*row_of(Case()), "head")
_LISTED = tuple(seat_of(Case()))
_MOVE = changing(
    lambda given: (
        update(cases)
        .where(cases.c.id == given.case_key, cases.c.seq == given.seen)
        .values({name: getattr(given, f"new_{name}") for name in _COPIED})
    ),
    {"case_key": cases.c.id, "seen": cases.c.seq, **{f"new_{name}": cases.c[name] for name in _COPIED}},
)


def _dated(given: Any) -> Any:
    """To those who do not know that a case was opened again it stays where it was: `batch.seat_of` says the same."""
    unknown = and_(given.unsaid, or_(*(seats.c.role == role for role in sorted(OUTSIDE))))
    new = {name: getattr(given, f"new_{name}") for name in _LISTED}
    later = case((unknown, literal(NEVER, Instant)), else_=new["due_at"])
    new |= {"ended": or_(unknown, new["ended"]), "due_at": later}
    return update(seats).where(seats.c.case_id == given.case_key, seats.c.until_at.is_(None)).values(new)


_DATE = changing(
    _dated,
    {"case_key": seats.c.case_id, "unsaid": seats.c.ended, **{f"new_{name}": seats.c[name] for name in _LISTED}},
)
_LEAVE = changing(
    lambda given: (
        update(seats).where(seats.c.case_id == given.case_key, seats.c.no == given.seat).values(until_at=given.left_at)
    ),
    {"case_key": seats.c.case_id, "seat": seats.c.no, "left_at": seats.c.until_at},
)
_HAND = changing(
    lambda given: (
        update(seats)
        .where(seats.c.case_id == given.case_key, seats.c.no == given.seat)
        .values(holder=given.new_holder, from_at=given.new_from)
    ),
    {"case_key": seats.c.case_id, "seat": seats.c.no, "new_holder": seats.c.holder, "new_from": seats.c.from_at},
)
_REWRAP = changing(
    lambda given: (
        update(wraps)
        .where(wraps.c.case_id == given.case_key, wraps.c.seq == given.of, wraps.c.name == given.what)
        .where(wraps.c.reader == given.whose)
        .values(wrapped=given.new_wrap)
    ),
    {
        "case_key": wraps.c.case_id,
        "of": wraps.c.seq,
        "what": wraps.c.name,
        "whose": wraps.c.reader,
        "new_wrap": wraps.c.wrapped,
    },
)
_SCANNED = changing(
    lambda given: update(files).where(files.c.object == given.name).values(waiting=false()),
    {"name": files.c.object},
)
_RING = changing(
    lambda given: (
        update(clocks)
        .where(clocks.c.case_id == given.case_key, clocks.c.no == given.clock)
        .values(rung=given.next_rung, rings_at=given.next_ring)
    ),
    {"case_key": clocks.c.case_id, "clock": clocks.c.no, "next_rung": clocks.c.rung, "next_ring": clocks.c.rings_at},
)
_STOP = changing(
    lambda given: delete(clocks).where(clocks.c.case_id == given.case_key, clocks.c.no == given.clock),
    {"case_key": clocks.c.case_id, "clock": clocks.c.no},
)
_ONCE = {
    name: insert_into(outbox).values(state="waiting", tries=0).on_conflict_do_nothing()
    for name, insert_into in INSERTS.items()
}
_LOCK = (
    select(cases.c.id).where(cases.c.id.in_(bindparam("ids", expanding=True))).order_by(cases.c.id).with_for_update()
)


def _tell_once(tx: Connection, batch: Batch) -> None:
    """Of two at one moment the second waits for the first, and tells nobody again; so always in the same order."""
    statement = _ONCE[tx.dialect.name]
    for (person, kind, cause), at in sorted(batch.once.items()):
        tx.execute(statement, {"person": person, "kind": kind, "cause": cause, "next_at": at})


def _many(tx: Connection, statement: Bulk, rows: list[Row]) -> None:
    if rows:
        statement.write(tx, rows)


def _move(tx: Connection, rows: list[Row]) -> None:
    if len(rows) > 1 and tx.dialect.name == "postgresql":
        # One statement meets them in whatever order it likes: two of these, crosswise, would wait for each other for ever.
        tx.execute(_LOCK, {"ids": [row["case_key"] for row in rows]})
    if rows and _MOVE.write(tx, rows) != len(rows):
        raise Stale


def _search(tx: Connection, case_id: str, title: str, key: str) -> None:
    done = tx.execute(update(restatements).where(restatements.c.case_id == case_id).values(title=title, key=key))
    if not done.rowcount:
        tx.execute(insert(restatements).values(case_id=case_id, title=title, key=key))
