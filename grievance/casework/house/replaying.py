"""Brings back from the journal of a second volume what was acknowledged after the last backup, each change once."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from grievance.casework import wording
from grievance.core.case import Case
from grievance.core.errors import Stale
from grievance.core.events import Entry, Erased
from grievance.core.fold import apply
from grievance.core.retention import FILES
from grievance.store import cases, codec, files, journal, ledger, outbox, retention
from grievance.store.journal import Appended, Put
from grievance.store.objects import Objects
from grievance.vault import BOX

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

SETTLED = timedelta(hours=1)
"""A transaction takes seconds: what was written an hour before a key backup was made has its wraps in there, or none."""


@dataclass(slots=True)
class Replayed:
    """What came back, and what could not: it hangs on something that neither the backup nor the journal holds."""

    changes: int = 0
    files: int = 0
    unread: int = 0
    left: int = 0


def replay(tx: Connection, objects: Objects, folder: Path, key: Identity, keys_at: datetime | None) -> Replayed:
    """Append what is missing. `keys_at`: when the key backup was made that was loaded before; of what is older than that
    it knows which wraps were erased, so those of the journal are not taken.
    """
    done = Replayed()
    appended: list[Appended] = []
    for record in _read(folder, key, done):
        if isinstance(record, Put):
            if not objects.there(record.name):
                objects.put(record.name, record.body)
                done.files += 1
        else:
            appended.append(record)
    appended.sort(key=lambda one: (one.lines[0].at, one.lines[0].seq))
    for record in appended:
        try:
            with tx.begin_nested():
                done.changes += _append(tx, record, keys_at)
        except (Stale, SQLAlchemyError, KeyError, ValueError):
            done.left += 1
    return done


def _read(folder: Path, key: Identity, done: Replayed) -> Iterator[journal.Record]:
    import pyrage

    for file in sorted(folder.glob("*.journal")):
        for frame in journal.frames(file):
            try:
                yield from journal.records(pyrage.decrypt(frame, [key]))
            except (pyrage.DecryptError, msgspec.MsgspecError):
                done.unread += 1


def _append(tx: Connection, record: Appended, keys_at: datetime | None) -> bool:
    """Whether there was anything new in it. Raises ValueError where what comes before it is missing."""
    held = cases.by_id(tx, record.case)
    have = held.case.seq if held else 0
    lines = [line for line in record.lines if line.seq > have]
    if not lines:
        return False
    if lines[0].seq != have + 1 or (held is None and record.birth is None):
        raise ValueError("what comes before it is missing")
    case, entries = held.case if held else Case(id=record.case), list[Entry]()
    for line in lines:
        entry = Entry(line.seq, line.at, codec.read_actor(line.actor), codec.read_event(line.kind, line.data))
        case, entries = apply(case, entry), [*entries, entry]
    settled = keys_at is not None and lines[-1].at < keys_at - SETTLED
    there = files.wrapped(tx, record.case)

    def missing(seq: int, name: str, wraps: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
        return {} if settled else {who: wrap for who, wrap in wraps if (seq, name, who) not in there}

    change = ledger.Change(
        case=case,
        entries=tuple(entries),
        held=held,
        birth=None if held else record.birth,
        texts=tuple(text for text in record.texts if text.seq > have),
        items=tuple(
            replace(item, wraps=missing(item.seq, item.name, item.wraps.items()))
            for item in record.items
            if item.seq > have
        ),
        files=tuple(replace(one, wraps=missing(one.seq, ledger.FILE, one.wraps.items())) for one in record.files),
        rewrapped=() if settled else record.rewrapped,
        notices=outbox.unknown(tx, record.notices),
        searched=record.searched,
    )
    ledger.append(tx, [change])
    now = cases.by_id(tx, record.case)
    if now is None or now.head != lines[-1].hash:
        raise ValueError("it does not fit to what comes before it")
    for entry in entries:
        if isinstance(entry.event, Erased):
            destroy_again(tx, record.case, entry.event)
    return True


def destroy_again(tx: Connection, case_id: str, erased: Erased) -> None:
    """What the older backup brought back: nobody would look for it again, for its case says that it is gone."""
    there = retention.kept(tx, [case_id])[case_id].texts
    names = {name for name in there if wording.compartment(name) in erased.what}
    fresh = {case_id: (secrets.token_bytes(32), secrets.token_bytes(32))}
    retention.destroy(tx, [case_id], names, BOX, fresh, with_files=FILES in erased.what)
