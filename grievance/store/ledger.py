"""Appends to cases, and is the only way to change one: entries, row, seats, clocks, texts and notices in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, update
from sqlalchemy.exc import IntegrityError

from grievance.core.case import Case
from grievance.core.errors import Stale
from grievance.store import links
from grievance.store.batch import Batch, Row, collect, row_of, seat_of
from grievance.store.changes import FILE, Birth, Change, Held, Item, Notice, Rewrap, Text, Wraps
from grievance.store.tables import cases, clocks, events, files, items, outbox, restatements, rungs, seats, texts, wraps

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
    for change in changes:
        collect(batch, change)
    try:
        _many(tx, insert(cases), batch.born)
        _move(tx, batch.moved)
        _many(tx, insert(events), batch.events)
        _many(tx, _DATE, batch.dated)
        _many(tx, insert(seats), batch.seats)
        _many(tx, _LEAVE, batch.left)
        _many(tx, _HAND, batch.handed)
        _many(tx, insert(rungs), batch.rungs)
        _many(tx, _RING, batch.rang)
        _many(tx, _STOP, batch.stopped)
        _many(tx, insert(clocks), batch.clocks)
        _many(tx, insert(texts), batch.texts)
        _many(tx, insert(items), batch.items)
        _many(tx, insert(wraps), batch.wraps)
        _many(tx, insert(files), batch.files)
        _many(tx, _REWRAP, batch.rewrapped)
        _many(tx, insert(outbox), batch.notices)
        links.keep(tx, changes)
    except IntegrityError as error:
        raise Stale from error
    for change in changes:
        if change.searched:
            _search(tx, change.case.id, *change.searched)


_MOVE = (
    update(cases)
    .where(cases.c.id == bindparam("case_key"), cases.c.seq == bindparam("seen"))
    .values({name: bindparam(f"new_{name}") for name in (*row_of(Case()), "head")})
)
_DATE = (
    update(seats)
    .where(seats.c.case_id == bindparam("case_key"), seats.c.until_at.is_(None))
    .values(ended=bindparam("new_ended"), due_at=bindparam("new_due_at"))
)
_LEAVE = (
    update(seats)
    .where(seats.c.case_id == bindparam("case_key"), seats.c.no == bindparam("seat"))
    .values(until_at=bindparam("left_at"))
)
_HAND = (
    update(seats)
    .where(seats.c.case_id == bindparam("case_key"), seats.c.no == bindparam("seat"))
    .values(holder=bindparam("new_holder"), from_at=bindparam("new_from"))
)
_REWRAP = (
    update(wraps)
    .where(wraps.c.case_id == bindparam("case_key"), wraps.c.seq == bindparam("of"), wraps.c.name == bindparam("what"))
    .where(wraps.c.reader == bindparam("whose"))
    .values(wrapped=bindparam("new_wrap"))
)
_RING = (
    update(clocks)
    .where(clocks.c.case_id == bindparam("case_key"), clocks.c.no == bindparam("clock"))
    .values(rung=bindparam("next_rung"), rings_at=bindparam("next_ring"))
)
_STOP = delete(clocks).where(clocks.c.case_id == bindparam("case_key"), clocks.c.no == bindparam("clock"))


def _many(tx: Connection, statement: Any, rows: list[Row]) -> None:
    if rows:
        tx.execute(statement, rows)


def _move(tx: Connection, rows: list[Row]) -> None:
    if rows and tx.execute(_MOVE, rows).rowcount != len(rows):
        raise Stale


def _search(tx: Connection, case_id: str, title: str, key: str) -> None:
    done = tx.execute(update(restatements).where(restatements.c.case_id == case_id).values(title=title, key=key))
    if not done.rowcount:
        tx.execute(insert(restatements).values(case_id=case_id, title=title, key=key))
