"""Finds cases. A viewer is named in every question: what they hold no seat in does not exist for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    select,
    union,
    update,
)

from grievance.core import events as e
from grievance.core.matters import RECEIPT
from grievance.store import codec
from grievance.store.changes import Held, Item, Text
from grievance.store.schema import INSERTS
from grievance.store.scope import opening
from grievance.store.tables import cases, clocks, events, items, roster, seats, texts, tickets, wraps

HELD = (cases.c.state, cases.c.head, cases.c.ref, cases.c.box)
FOUND = (*HELD, opening(cases.c.id))
"""What `made` reads; what finds a case for somebody opens it too."""

# Statements that nearly every request makes are built once: building one costs more than the database takes to answer it.
_HOLDS = (seats.c.holder.in_(bindparam("holders", expanding=True)), seats.c.until_at.is_(None))
_BY_REF = select(*FOUND).where(cases.c.ref == bindparam("ref"), exists().where(seats.c.case_id == cases.c.id, *_HOLDS))
_BY_TAG = select(*FOUND).where(cases.c.tag == bindparam("tag"))
_BOX = select(cases.c.box).where(cases.c.id == bindparam("id"))
_OF_RECEIPT = select(*FOUND).where(  # not EXISTS: SQLite then asks every case there is
    cases.c.id.in_(select(seats.c.case_id).where(seats.c.kind == "receipt", *_HOLDS)), cases.c.id != bindparam("own")
)
_BY_ID = select(*FOUND).where(cases.c.id == bindparam("id"))
_LEDGER = (
    select(events.c.seq, events.c.at, events.c.kind, events.c.actor, events.c.data, events.c.hash)
    .where(events.c.case_id == bindparam("case_id"))
    .order_by(events.c.seq)
)
_TEXTS = (
    select(texts.c.seq, texts.c.name, texts.c.salt, texts.c.body)
    .where(texts.c.case_id == bindparam("case_id"))
    .order_by(texts.c.seq)
)
_ITEMS = (
    select(items.c.seq, items.c.name, items.c.cipher, wraps.c.reader, wraps.c.wrapped)
    .outerjoin(
        wraps, and_(wraps.c.case_id == items.c.case_id, wraps.c.seq == items.c.seq, wraps.c.name == items.c.name)
    )
    .where(items.c.case_id == bindparam("case_id"))
    .order_by(items.c.seq, items.c.name)
)
_REMEMBER = {
    name: insert(tickets).on_conflict_do_nothing().returning(tickets.c.hash) for name, insert in INSERTS.items()
}
_REMEMBERED = select(tickets.c.fingerprint).where(tickets.c.hash == bindparam("hash"))


@lru_cache(maxsize=64)
def _roles(holders: int) -> CompoundSelect[str]:
    """The roles of so many holders, in one statement."""
    rostered = select(roster.c.function).where(roster.c.person == bindparam("person"))
    return union(rostered, *(_roles_of(bindparam(f"holder{no}")) for no in range(holders)))


def _roles_of(holder: BindParameter[str]) -> Select[str]:
    """From each role to the next one that there is: a step for each role, not for each of a hundred thousand seats."""
    least = select(func.min(seats.c.role).label("role")).where(seats.c.holder == holder, seats.c.until_at.is_(None))
    step = least.cte(f"step_{holder.key}", recursive=True)
    step = step.union_all(
        select(least.where(seats.c.role > step.c.role).scalar_subquery()).where(step.c.role.is_not(None))
    )
    return select(step.c.role).where(step.c.role.is_not(None))


@dataclass(frozen=True, slots=True)
class Claim:
    """A case that the clock has locked, not read yet: one that cannot be read must not stop the others."""

    case_id: str
    state: str
    head: str
    ref: str
    box: bytes

    def held(self) -> Held:
        """The case. Raises ValidationError where its state is damaged."""
        return made(self)


def by_ref(tx: Connection, holders: Sequence[str], ref: str) -> Held | None:
    """The case of that reference, if one of these holders has a seat in it now."""
    return _held(tx, _BY_REF, {"ref": ref, "holders": list(holders)})


def by_receipt(tx: Connection, tag: bytes) -> Held | None:
    """The case that a receipt opens."""
    return _held(tx, _BY_TAG, {"tag": tag})


def beside_receipt(tx: Connection, case_id: str) -> list[Held]:
    """The other cases that the receipt of this case opens, in no order: opened beside it, or handed on to it."""
    return [made(row) for row in tx.execute(_OF_RECEIPT, {"holders": [case_id], "own": case_id})]


def box_of(tx: Connection, case_id: str) -> bytes:
    """The box of a case's own receipt."""
    return bytes(tx.execute(_BOX, {"id": case_id}).scalar_one())


def by_id(tx: Connection, case_id: str) -> Held | None:
    """The case, for the clock and for `verify`, which hold no seat; doors never come here."""
    return _held(tx, _BY_ID, {"id": case_id})


def at_host(tx: Connection, ref: str) -> Held | None:
    """The case of that reference, for a command at the host, which holds no seat; doors never come here."""
    return _held(tx, select(*FOUND).where(cases.c.ref == bindparam("ref")), {"ref": ref})


def roles_of(tx: Connection, person: str, holders: Sequence[str]) -> frozenset[str]:
    """The roles of the seats that these holders have now, in any case, and those for which this person is on a roster."""
    named = {"person": person, **{f"holder{no}": holder for no, holder in enumerate(holders)}}
    return frozenset(tx.execute(_roles(len(holders)), named).scalars())


def ledger_of(tx: Connection, case_id: str) -> list[tuple[e.Entry, str]]:
    """The whole ledger of a case in order, each entry with its hash."""
    return [
        (e.Entry(seq, at, codec.read_actor(actor), codec.read_event(kind, data)), hashed)
        for seq, at, kind, actor, data, hashed in tx.execute(_LEDGER, {"case_id": case_id})
    ]


def texts_of(tx: Connection, case_id: str) -> list[Text]:
    """The texts in clear of a case, oldest first."""
    return [Text(*row) for row in tx.execute(_TEXTS, {"case_id": case_id})]


def items_of(tx: Connection, case_id: str) -> list[Item]:
    """The sealed texts of a case, oldest first, each with all of its wraps."""
    found: dict[tuple[int, str], tuple[bytes, dict[str, bytes]]] = {}
    for seq, name, cipher, reader, key in tx.execute(_ITEMS, {"case_id": case_id}):
        _, wrapped = found.setdefault((seq, name), (cipher, {}))
        if reader is not None:
            wrapped[reader] = key
    return [Item(seq, name, cipher, wrapped) for (seq, name), (cipher, wrapped) in found.items()]


def item_of(tx: Connection, case_id: str, seq: int, name: str) -> Item | None:
    """One of them."""
    return next((item for item in items_of(tx, case_id) if (item.seq, item.name) == (seq, name)), None)


def remember_ticket(tx: Connection, ticket_hash: bytes, fingerprint: bytes, day: str) -> bytes | None:
    """None for a ticket used for the first time, else the fingerprint of what was filed under it before.

    Of two requests with the same ticket the second waits here until the first has committed.
    """
    row = {"hash": ticket_hash, "fingerprint": fingerprint, "filed_on": day}
    # Asked for the row itself: the count of an insert is not told by every driver.
    if tx.execute(_REMEMBER[tx.dialect.name], row).first():
        return None
    return bytes(tx.execute(_REMEMBERED, {"hash": ticket_hash}).scalar_one())


def knows_ticket(tx: Connection, ticket_hash: bytes) -> bool:
    """Whether a ticket was used."""
    return tx.execute(select(tickets.c.hash).where(tickets.c.hash == ticket_hash)).first() is not None


def forget_tickets(tx: Connection, before_day: str) -> int:
    """Drops the tickets of forms that were sent before this ISO day; returns how many."""
    return tx.execute(delete(tickets).where(tickets.c.filed_on < before_day)).rowcount


def claim_due(tx: Connection, now: datetime, most: int, skip: Iterable[str] = ()) -> list[Claim]:
    """The cases of the clocks that are due, earliest first, those that nobody has taken before others of that moment.

    They are locked for this transaction: on PostgreSQL another sweeper skips them; on SQLite it is the only writer.
    """
    due = (
        select(clocks.c.case_id)
        .join(cases, cases.c.id == clocks.c.case_id)
        .where(clocks.c.rings_at <= now)
        .order_by(clocks.c.rings_at, cases.c.assignee != "", clocks.c.case_id)
        .limit(most)
    )
    skipped = list(skip)
    if skipped:
        due = due.where(clocks.c.case_id.not_in(skipped))
    if tx.dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True, of=clocks)
    ids = list(dict.fromkeys(tx.execute(due).scalars()))
    if not ids:
        return []
    query = select(cases.c.id, *HELD).where(cases.c.id.in_(ids))
    if tx.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True, of=cases)
    found = {row.id: Claim(*row) for row in tx.execute(query)}
    return [found[case_id] for case_id in ids if case_id in found]


def any_due(tx: Connection, now: datetime, skip: Iterable[str] = ()) -> bool:
    """Whether a clock is due in any other case than these, whoever holds it."""
    due = exists().where(clocks.c.rings_at <= now, clocks.c.case_id.not_in(list(skip)))
    return bool(tx.execute(select(due)).scalar())


def counted_otherwise(tx: Connection, marks: Sequence[str], after: str, most: int) -> list[str]:
    """The ids of cases after this one with a clock that no calendar of these marks has looked at."""
    stale = select(clocks.c.case_id).where(clocks.c.counted_by.not_in(list(marks)), clocks.c.case_id > after)
    return list(tx.execute(stale.distinct().order_by(clocks.c.case_id).limit(most)).scalars())


def claim_counted_otherwise(tx: Connection, marks: Sequence[str], after: str, most: int) -> list[Claim]:
    """Those cases, locked for this transaction."""
    ids = counted_otherwise(tx, marks, after, most)
    if not ids:
        return []
    query = select(cases.c.id, *HELD).where(cases.c.id.in_(ids)).order_by(cases.c.id)
    if tx.dialect.name == "postgresql":
        query = query.with_for_update(of=cases)
    return [Claim(*row) for row in tx.execute(query)]


def mark_counted(tx: Connection, marked: Mapping[str, str]) -> None:
    """These cases (id → mark) were looked at: their clocks are as the calendar of that mark wants them."""
    by_mark: dict[str, list[str]] = {}
    for case_id, mark in marked.items():
        by_mark.setdefault(mark, []).append(case_id)
    for mark, ids in by_mark.items():
        tx.execute(update(clocks).where(clocks.c.case_id.in_(ids)).values(counted_by=mark))


def _held(tx: Connection, query: Select[tuple[str, str, str, bytes, str]], named: dict[str, Any]) -> Held | None:
    row = tx.execute(query, named).one_or_none()
    return addressed(tx, made(row)) if row else None


def addressed(tx: Connection, held: Held) -> Held:
    """The case with the box of whoever holds the complainant's seat now: another number, where it was handed on."""
    seat = next((seat for seat in held.case.seated("complainant") if seat.kind == "receipt"), None)
    if seat is None or seat.holder in (RECEIPT, held.case.id):
        return held
    box = tx.execute(_BOX, {"id": seat.holder}).scalar_one_or_none()
    return held if box is None else replace(held, box=box)


def made(row: object) -> Held:
    """The case in a row of these columns. Raises ValidationError where its state is damaged."""
    return Held(codec.read_case(row.state), row.head, row.ref, row.box)  # type: ignore[attr-defined]
