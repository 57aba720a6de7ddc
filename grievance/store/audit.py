"""Hands out everything that is kept of a case as it is kept, undecoded, so that `verify` meets damage and can say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, select

from grievance.core import events as e
from grievance.core.matters import Seat
from grievance.core.wraps import number_of
from grievance.store import codec
from grievance.store.changes import FILE, Item, Text
from grievance.store.tables import cases, clocks, events, files, items, links, restatements, rungs, seats, texts, wraps


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


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that the rows say of one case; `row` is None where its own is gone."""

    case_id: str
    lines: list[Line]
    row: dict[str, Any] | None
    listed: tuple[str, str] | None
    """The title that lists show and the key that is searched, None where there is no restatement."""
    seats: set[tuple[Seat, datetime, datetime | None]]
    """Every seat that was ever taken, from when until when: whoever is in here without an end gets in."""
    lists: set[tuple[Any, ...]]
    """(role, ended, date, filed, officer) by which the held seats put the case into lists: the same for all of a role."""
    ours: set[tuple[str, str]]
    theirs: set[tuple[str, str]]
    """(kind, other case) of the links of this case, and of the links of others to it."""
    clocks: set[tuple[int, str, int, datetime]]
    """(clock, name, next rung, when) of the clocks that run."""
    rungs: set[tuple[int, int, datetime]]
    """(clock, rung, when) of every rung that rang."""
    texts: list[Text]
    items: list[Item]
    locks: dict[int, frozenset[str]]
    """Entry of each file → the readers for whom its key is wrapped."""
    misnumbered: list[tuple[int, str]]
    """(entry, text) of wraps of which the row names another pair than the wrap itself: a rotation would pass them by."""
    files: set[tuple[str, int]]
    """Object and entry of each file."""
    waiting: set[tuple[str, bool]]
    """Of each file whether its row says that it waits for the scanner."""


def all_ids(tx: Connection) -> list[str]:
    """Every case that has a row or a ledger."""
    found = tx.execute(select(cases.c.id).union(select(events.c.case_id))).scalars()
    return sorted(found)


def kept(tx: Connection, ids: Sequence[str]) -> Iterator[Kept]:
    """What is kept of each of these cases, in their order; as many statements for a hundred of them as for one."""
    every, own, titles = _lines(tx, ids), _rows(tx, ids), _listed(tx, ids)
    held, links_of, linked = _of(tx, _SEATS, ids), _of(tx, _LINKS, ids), _of(tx, _LINKED, ids)
    runs, rang = _of(tx, _CLOCKS, ids), _of(tx, _RUNGS, ids)
    clear, sealed, keys, lies = _of(tx, _TEXTS, ids), _of(tx, _ITEMS, ids), _of(tx, _WRAPS, ids), _of(tx, _FILES, ids)
    for one in ids:
        wrapped: dict[tuple[int, str], dict[str, bytes]] = {}
        for seq, name, reader, key, _ in keys[one]:
            wrapped.setdefault((seq, name), {})[reader] = key
        yield Kept(
            case_id=one,
            lines=every[one],
            row=own.get(one),
            listed=titles.get(one),
            seats={(Seat(*row[:5]), row[5], row[6]) for row in held[one]},
            lists={(row[1], *row[7:]) for row in held[one] if row[6] is None},
            ours=set(links_of[one]),
            theirs=set(linked[one]),
            clocks=set(runs[one]),
            rungs=set(rang[one]),
            texts=[Text(*row) for row in clear[one]],
            items=[Item(seq, name, cipher, wrapped.get((seq, name), {})) for seq, name, cipher in sealed[one]],
            locks={seq: frozenset(readers) for (seq, name), readers in wrapped.items() if name == FILE},
            misnumbered=[(seq, name) for seq, name, _, key, under in keys[one] if number_of(key) != under],
            files={(name, seq) for name, seq, _ in lies[one]},
            waiting={(name, waits) for name, _, waits in lies[one]},
        )


def lines(tx: Connection, case_id: str) -> list[Line]:
    """The whole ledger of a case in order."""
    return _lines(tx, [case_id])[case_id]


def row(tx: Connection, case_id: str) -> dict[str, Any] | None:
    """The row of a case, None when it is gone."""
    return _rows(tx, [case_id]).get(case_id)


def listed(tx: Connection, case_id: str) -> tuple[str, str] | None:
    """The title that lists show and the key that is searched, None where there is no restatement."""
    return _listed(tx, [case_id]).get(case_id)


def sealed_for(tx: Connection, reader: str) -> bool:
    """Whether anything was ever sealed for this compartment."""
    return tx.execute(select(wraps.c.case_id).where(wraps.c.reader == reader).limit(1)).first() is not None


def _query(of: ColumnElement[str], *columns: ColumnElement[Any]) -> Select[Any]:
    return select(of, *columns).where(of.in_(bindparam("ids", expanding=True)))


_LINES = _query(
    events.c.case_id, events.c.seq, events.c.at, events.c.kind, events.c.actor, events.c.data, events.c.hash
).order_by(events.c.case_id, events.c.seq)
_ROWS = select(cases).where(cases.c.id.in_(bindparam("ids", expanding=True)))
_LISTED = _query(restatements.c.case_id, restatements.c.title, restatements.c.key)
_SEATS = _query(
    seats.c.case_id,
    *(seats.c.no, seats.c.role, seats.c.kind, seats.c.holder, seats.c.side),
    *(seats.c.from_at, seats.c.until_at, seats.c.ended, seats.c.due_at, seats.c.filed_at, seats.c.assignee),
)
_LINKS = _query(links.c.case_id, links.c.kind, links.c.other_id)
_LINKED = _query(links.c.other_id, links.c.kind, links.c.case_id)
_CLOCKS = _query(clocks.c.case_id, clocks.c.no, clocks.c.name, clocks.c.rung, clocks.c.rings_at)
_RUNGS = _query(rungs.c.case_id, rungs.c.clock, rungs.c.rung, rungs.c.rang_at)
_TEXTS = _query(texts.c.case_id, texts.c.seq, texts.c.name, texts.c.salt, texts.c.body).order_by(texts.c.seq)
_ITEMS = _query(items.c.case_id, items.c.seq, items.c.name, items.c.cipher).order_by(items.c.seq, items.c.name)
_WRAPS = _query(wraps.c.case_id, wraps.c.seq, wraps.c.name, wraps.c.reader, wraps.c.wrapped, wraps.c.under)
_FILES = _query(files.c.case_id, files.c.object, files.c.seq, files.c.waiting)


def _of(tx: Connection, query: Select[Any], ids: Sequence[str]) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each case, without its name, which is their first column."""
    found: dict[str, list[tuple[Any, ...]]] = {one: [] for one in ids}
    for row in tx.execute(query, {"ids": ids}):
        found[row[0]].append(tuple(row[1:]))
    return found


def _lines(tx: Connection, ids: Sequence[str]) -> dict[str, list[Line]]:
    return {one: [Line(*row) for row in rows] for one, rows in _of(tx, _LINES, ids).items()}


def _rows(tx: Connection, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    return {row["id"]: dict(row) for row in tx.execute(_ROWS, {"ids": ids}).mappings()}


def _listed(tx: Connection, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    return {one: (title, key) for one, title, key in tx.execute(_LISTED, {"ids": ids})}
