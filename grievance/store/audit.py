"""Hands out everything that is kept of a case as it is kept, undecoded, so that `verify` meets damage and can say so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from grievance.core import events as e
from grievance.core.matters import Seat
from grievance.core.wraps import number_of
from grievance.store import codec
from grievance.store.tables import cases, clocks, events, links, restatements, rungs, seats, wraps


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the ledger, in the very texts that were hashed."""

    seq: int
    at: datetime
    kind: str
    actor: str
    data: str
    hash: str

    def linked(self, previous: str, case_id: str) -> str:
        """The hash that this row should have after the one before."""
        return codec.chain(previous, case_id, self.seq, self.at, self.kind, self.actor, self.data)

    def entry(self) -> e.Entry:
        """What it says. Raises KeyError for an unknown kind, ValidationError for a damaged text."""
        return e.Entry(self.seq, self.at, codec.read_actor(self.actor), codec.read_event(self.kind, self.data))


def all_ids(tx: Connection) -> list[str]:
    """Every case that has a row or a ledger."""
    found = tx.execute(select(cases.c.id).union(select(events.c.case_id))).scalars()
    return sorted(found)


def lines(tx: Connection, case_id: str) -> list[Line]:
    """The whole ledger of a case in order."""
    query = select(events.c.seq, events.c.at, events.c.kind, events.c.actor, events.c.data, events.c.hash)
    return [Line(*row) for row in tx.execute(query.where(events.c.case_id == case_id).order_by(events.c.seq))]


def row(tx: Connection, case_id: str) -> dict[str, Any] | None:
    """The row of a case, None when it is gone."""
    found = tx.execute(select(cases).where(cases.c.id == case_id)).one_or_none()
    return dict(found._mapping) if found else None  # noqa: SLF001  SQLAlchemy's public name for it


def seats_held(tx: Connection, case_id: str) -> set[tuple[Seat, datetime, datetime | None]]:
    """Every seat that was ever taken, from when until when: whoever is in here without an end gets in."""
    query = select(
        seats.c.no, seats.c.role, seats.c.kind, seats.c.holder, seats.c.side, seats.c.from_at, seats.c.until_at
    )
    found = tx.execute(query.where(seats.c.case_id == case_id))
    return {(Seat(*row[:5]), row.from_at, row.until_at) for row in found}


def listed_by(tx: Connection, case_id: str) -> set[tuple[bool, datetime, datetime]]:
    """(ended, date, filed) by which the held seats put the case into lists: one and the same for all of them."""
    query = select(seats.c.ended, seats.c.due_at, seats.c.filed_at)
    held = query.where(seats.c.case_id == case_id, seats.c.until_at.is_(None))
    return {(ended, due_at, filed_at) for ended, due_at, filed_at in tx.execute(held)}


def sealed_for(tx: Connection, reader: str) -> bool:
    """Whether anything was ever sealed for this compartment."""
    return tx.execute(select(wraps.c.case_id).where(wraps.c.reader == reader).limit(1)).first() is not None


def misnumbered(tx: Connection, case_id: str) -> list[tuple[int, str]]:
    """(entry, text) of wraps of which the row names another pair than the wrap itself: a rotation would pass them by."""
    query = select(wraps.c.seq, wraps.c.name, wraps.c.wrapped, wraps.c.under).where(wraps.c.case_id == case_id)
    return [(seq, name) for seq, name, wrapped, under in tx.execute(query) if number_of(wrapped) != under]


def running(tx: Connection, case_id: str) -> set[tuple[int, str, int, datetime]]:
    """(clock, name, next rung, when) of the clocks that run."""
    query = select(clocks.c.no, clocks.c.name, clocks.c.rung, clocks.c.rings_at).where(clocks.c.case_id == case_id)
    return {(no, name, rung, at) for no, name, rung, at in tx.execute(query)}


def rung(tx: Connection, case_id: str) -> set[tuple[int, int, datetime]]:
    """(clock, rung, when) of every rung that rang."""
    query = select(rungs.c.clock, rungs.c.rung, rungs.c.rang_at).where(rungs.c.case_id == case_id)
    return {(no, step, at) for no, step, at in tx.execute(query)}


def listed(tx: Connection, case_id: str) -> tuple[str, str] | None:
    """The title that lists show and the key that is searched, None where there is no restatement."""
    query = select(restatements.c.title, restatements.c.key).where(restatements.c.case_id == case_id)
    row = tx.execute(query).one_or_none()
    return (row.title, row.key) if row else None


def linked(tx: Connection, case_id: str) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """(kind, other case) of the links of a case, and (kind, other case) of the links of others to it."""
    ours = select(links.c.kind, links.c.other_id).where(links.c.case_id == case_id)
    theirs = select(links.c.kind, links.c.case_id).where(links.c.other_id == case_id)
    return {(kind, other) for kind, other in tx.execute(ours)}, {(kind, other) for kind, other in tx.execute(theirs)}
