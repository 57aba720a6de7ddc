"""Appends to cases, and is the only way to change one: entries, row, seats, clocks, texts and notices in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, update
from sqlalchemy.exc import IntegrityError

from grievance.core import events as e
from grievance.core.case import Case
from grievance.core.chain import GENESIS
from grievance.core.errors import Stale
from grievance.store import codec, links
from grievance.store.tables import cases, clocks, events, files, items, outbox, restatements, rungs, seats, texts, wraps

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """A case as it was read, with what an append needs: the hash of its newest entry, its reference, its box key."""

    case: Case
    head: str
    ref: str
    box: bytes


@dataclass(frozen=True, slots=True)
class Text:
    """A text in clear beside the ledger."""

    seq: int
    name: str
    salt: bytes
    body: str


@dataclass(frozen=True, slots=True)
class Item:
    """A sealed text beside the ledger: cipher, and reader → wrapped key."""

    seq: int
    name: str
    cipher: bytes
    wraps: Mapping[str, bytes]


FILE = "file"
"""The name under which the wraps of a file stand, beside those of the texts of its entry."""


@dataclass(frozen=True, slots=True)
class Wraps:
    """Who else may open the file that an entry speaks of: reader → wrapped key."""

    seq: int
    wraps: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody is told something of this kind, once for this cause."""

    person: str
    kind: str
    cause: str


@dataclass(frozen=True, slots=True)
class Birth:
    """What a new case has beside its ledger: its reference, and what the receipt opens."""

    ref: str
    tag: bytes
    box: bytes


@dataclass(frozen=True, slots=True)
class Change:
    """Entries for one case, read as `held` (None for a new one, then with `birth`), and what belongs to them."""

    case: Case
    entries: tuple[e.Entry, ...]
    held: Held | None = None
    birth: Birth | None = None
    texts: tuple[Text, ...] = ()
    items: tuple[Item, ...] = ()
    files: tuple[Wraps, ...] = ()
    notices: tuple[Notice, ...] = ()
    searched: tuple[str, str] | None = None  # title and search key of a new restatement


@dataclass(slots=True)
class _Batch:
    """The rows of many changes, by table."""

    born: list[Row] = field(default_factory=list)
    moved: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    seats: list[Row] = field(default_factory=list)
    left: list[Row] = field(default_factory=list)
    clocks: list[Row] = field(default_factory=list)
    rang: list[Row] = field(default_factory=list)
    rungs: list[Row] = field(default_factory=list)
    stopped: list[Row] = field(default_factory=list)
    texts: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    wraps: list[Row] = field(default_factory=list)
    files: list[Row] = field(default_factory=list)
    notices: list[Row] = field(default_factory=list)


def append(tx: Connection, changes: Sequence[Change]) -> None:
    """Write the changes, all or none. Raises Stale when a case was moved since it was read.

    The row of the case is the lock: it is updated first, and only if its `seq` is the one that was read; the primary key
    (case_id, seq) of the ledger stands behind it.
    """
    batch = _Batch()
    for change in changes:
        _collect(batch, change)
    try:
        _many(tx, insert(cases), batch.born)
        _move(tx, batch.moved)
        _many(tx, insert(events), batch.events)
        _many(tx, insert(seats), batch.seats)
        _many(tx, _LEAVE, batch.left)
        _many(tx, insert(rungs), batch.rungs)
        _many(tx, _RING, batch.rang)
        _many(tx, _STOP, batch.stopped)
        _many(tx, insert(clocks), batch.clocks)
        _many(tx, insert(texts), batch.texts)
        _many(tx, insert(items), batch.items)
        _many(tx, insert(wraps), batch.wraps)
        _many(tx, insert(files), batch.files)
        _many(tx, insert(outbox), batch.notices)
        links.keep(tx, changes)
    except IntegrityError as error:
        raise Stale from error
    for change in changes:
        if change.searched:
            _search(tx, change.case.id, *change.searched)


def row_of(case: Case) -> Row:
    """What the row of a case copies from its fold; `verify` compares it with what is there."""
    clock = case.stage_clock
    return {
        "programme": case.programme,
        "seq": case.seq,
        "stage": case.stage,
        "turn": case.turn,
        "lane": case.lane,
        "final": case.final,
        "category": case.category,
        "site": case.site,
        "assignee": case.assignee,
        "due_at": clock.due_at if clock else None,
        "state": codec.write_case(case),
    }


_MOVE = (
    update(cases)
    .where(cases.c.id == bindparam("case_key"), cases.c.seq == bindparam("seen"))
    .values({name: bindparam(f"new_{name}") for name in (*row_of(Case()), "head")})
)
_LEAVE = (
    update(seats)
    .where(seats.c.case_id == bindparam("case_key"), seats.c.no == bindparam("seat"))
    .values(until_at=bindparam("left_at"))
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


def _collect(batch: _Batch, change: Change) -> None:
    case, held = change.case, change.held
    ledger = codec.links(held.head if held else GENESIS, case.id, change.entries)
    batch.events += ledger
    head = ledger[-1]["hash"]
    if held is None:
        if change.birth is None:
            raise ValueError("a new case needs its birth")
        birth = change.birth
        batch.born.append(
            {"id": case.id, "ref": birth.ref, "tag": birth.tag, "box": birth.box, "head": head, **row_of(case)}
        )
    else:
        row = {f"new_{name}": value for name, value in row_of(case).items()}
        batch.moved.append({"case_key": case.id, "seen": held.case.seq, "new_head": head, **row})
    for entry in change.entries:
        _collect_entry(batch, case.id, entry)
    _collect_clocks(batch, change)
    key = {"case_id": case.id}
    batch.texts += [key | {"seq": t.seq, "name": t.name, "salt": t.salt, "body": t.body} for t in change.texts]
    batch.items += [key | {"seq": i.seq, "name": i.name, "cipher": i.cipher} for i in change.items]
    batch.wraps += [
        key | {"seq": i.seq, "name": i.name, "reader": reader, "wrapped": wrapped}
        for i in change.items
        for reader, wrapped in i.wraps.items()
    ]
    batch.wraps += [
        key | {"seq": f.seq, "name": FILE, "reader": reader, "wrapped": wrapped}
        for f in change.files
        for reader, wrapped in f.wraps.items()
    ]
    at = change.entries[-1].at
    batch.notices += [
        {"person": n.person, "kind": n.kind, "cause": n.cause, "state": "waiting", "tries": 0, "next_at": at}
        for n in change.notices
    ]


def _collect_entry(batch: _Batch, case_id: str, entry: e.Entry) -> None:
    match entry.event:
        case e.SeatTaken(seat):
            batch.seats.append(
                {
                    "case_id": case_id,
                    "no": seat.no,
                    "role": seat.role,
                    "kind": seat.kind,
                    "holder": seat.holder,
                    "side": seat.side,
                    "from_at": entry.at,
                    "until_at": None,
                }
            )
        case e.SeatLeft(no, _) | e.Recused(no, _, _):
            batch.left.append({"case_key": case_id, "seat": no, "left_at": entry.at})
        case e.EvidenceAdded():
            batch.files.append({"object": entry.event.object, "case_id": case_id, "seq": entry.seq})
        case e.Rang(clock, rung, _):
            batch.rungs.append({"case_id": case_id, "clock": clock, "rung": rung, "rang_at": entry.at})


def _collect_clocks(batch: _Batch, change: Change) -> None:
    """The rows of the clocks from the difference between the case before and after."""
    before = {clock.no: clock for clock in change.held.case.clocks} if change.held else {}
    marks = {entry.event.no: entry.event.counted_by for entry in change.entries if isinstance(entry.event, e.ClockSet)}
    after = {clock.no: clock for clock in change.case.clocks}
    for no, clock in after.items():
        if no not in before:
            batch.clocks.append(
                {
                    "case_id": change.case.id,
                    "no": no,
                    "name": clock.name,
                    "rung": clock.rang,
                    "rings_at": clock.rings[clock.rang],
                    "counted_by": marks[no],
                }
            )
        elif (clock.rang, clock.rings) != (before[no].rang, before[no].rings):
            batch.rang.append(
                {
                    "case_key": change.case.id,
                    "clock": no,
                    "next_rung": clock.rang,
                    "next_ring": clock.rings[clock.rang],
                }
            )
    batch.stopped += [{"case_key": change.case.id, "clock": no} for no in before if no not in after]
