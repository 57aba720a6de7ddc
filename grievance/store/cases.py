"""Finds cases. A viewer is named in every question: what they hold no seat in does not exist for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    column,
    delete,
    exists,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from grievance.core import events as e
from grievance.core.case import Case
from grievance.store import codec
from grievance.store.ledger import Held, Item, Text
from grievance.store.tables import cases, clocks, events, items, restatements, seats, sites, texts, tickets, wraps

_HELD = (cases.c.state, cases.c.head, cases.c.ref, cases.c.box)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list of cases."""

    ref: str
    title: str
    site: str
    site_name: str
    place: str
    assignee: str
    case: Case


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; empty fields do not narrow. `key` is a search key, already normalised."""

    key: str = ""
    turn: str = ""
    lane: str = ""
    category: str = ""
    assignee: str = ""  # a person's id, or "-" for nobody
    late_at: datetime | None = None
    due_before: datetime | None = None
    ended: bool = False
    roles: tuple[str, ...] = ()  # the seats that count at this door


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
        return _make(self)


def by_ref(tx: Connection, holders: Sequence[str], ref: str) -> Held | None:
    """The case of that reference, if one of these holders has a seat in it now."""
    return _held(tx, select(*_HELD).where(cases.c.ref == ref, _seated(holders)))


def by_receipt(tx: Connection, tag: bytes) -> Held | None:
    """The case that a receipt opens."""
    return _held(tx, select(*_HELD).where(cases.c.tag == tag))


def by_id(tx: Connection, case_id: str) -> Held | None:
    """The case, for the clock and for `verify`, which hold no seat; doors never come here."""
    return _held(tx, select(*_HELD).where(cases.c.id == case_id))


def listed(
    tx: Connection, holders: Sequence[str], wanted: Wanted, *, first: int, most: int
) -> tuple[list[Listed], int]:
    """The cases that these holders are seated in, soonest due first, and how many there are in all."""
    where = and_(_seated(holders, wanted.roles), *_narrowed(tx, wanted))
    total = tx.execute(select(func.count()).select_from(cases).where(where)).scalar_one()
    query = (
        select(cases, restatements.c.title, sites.c.name.label("site_name"), sites.c.place)
        .outerjoin(restatements, restatements.c.case_id == cases.c.id)
        .outerjoin(sites, sites.c.code == cases.c.site)
        .where(where)
        .order_by(cases.c.due_at.asc().nulls_last(), cases.c.id)
        .offset(first)
        .limit(most)
    )
    rows = [
        Listed(
            row.ref,
            row.title or "",
            row.site,
            row.site_name or "",
            row.place or "",
            row.assignee,
            codec.read_case(row.state),
        )
        for row in tx.execute(query)
    ]
    return rows, total


def counted(tx: Connection, holders: Sequence[str], roles: Sequence[str], now: datetime) -> dict[str, int]:
    """How many cases stand under each tab: open, late, week (due within seven days), ended."""
    is_open = cases.c.final == ""
    tabs = {
        "open": is_open,
        "late": and_(is_open, cases.c.due_at <= now),
        "week": and_(is_open, cases.c.due_at <= now + timedelta(days=7)),
        "ended": cases.c.final != "",
    }
    counts = [func.count().filter(condition).label(tab) for tab, condition in tabs.items()]
    row = tx.execute(select(*counts).select_from(cases).where(_seated(holders, roles))).one()
    return dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name for it


def roles_of(tx: Connection, holders: Sequence[str]) -> frozenset[str]:
    """The roles of the seats that these holders have now, in any case."""
    query = select(seats.c.role).where(seats.c.holder.in_(list(holders)), seats.c.until_at.is_(None)).distinct()
    return frozenset(tx.execute(query).scalars())


def ledger_of(tx: Connection, case_id: str) -> list[tuple[e.Entry, str]]:
    """The whole ledger of a case in order, each entry with its hash."""
    query = select(events).where(events.c.case_id == case_id).order_by(events.c.seq)
    return [
        (e.Entry(row.seq, row.at, codec.read_actor(row.actor), codec.read_event(row.kind, row.data)), row.hash)
        for row in tx.execute(query)
    ]


def texts_of(tx: Connection, case_id: str) -> list[Text]:
    """The texts in clear of a case, oldest first."""
    query = select(texts).where(texts.c.case_id == case_id).order_by(texts.c.seq)
    return [Text(row.seq, row.name, row.salt, row.body) for row in tx.execute(query)]


def items_of(tx: Connection, case_id: str) -> list[Item]:
    """The sealed texts of a case, oldest first, each with all of its wraps."""
    query = (
        select(items, wraps.c.reader, wraps.c.wrapped)
        .outerjoin(
            wraps,
            and_(wraps.c.case_id == items.c.case_id, wraps.c.seq == items.c.seq, wraps.c.name == items.c.name),
        )
        .where(items.c.case_id == case_id)
        .order_by(items.c.seq, items.c.name)
    )
    found: dict[tuple[int, str], tuple[bytes, dict[str, bytes]]] = {}
    for row in tx.execute(query):
        _, wrapped = found.setdefault((row.seq, row.name), (row.cipher, {}))
        if row.reader is not None:
            wrapped[row.reader] = row.wrapped
    return [Item(seq, name, cipher, wrapped) for (seq, name), (cipher, wrapped) in found.items()]


def remember_ticket(tx: Connection, ticket_hash: bytes, fingerprint: bytes, day: str) -> bytes | None:
    """None for a ticket used for the first time, else the fingerprint of what was filed under it before.

    Of two requests with the same ticket the second waits here until the first has committed.
    """
    insert = sqlite_insert if tx.dialect.name == "sqlite" else postgresql_insert
    row = {"hash": ticket_hash, "fingerprint": fingerprint, "filed_on": day}
    # Asked for the row itself: the count of an insert is not told by every driver.
    if tx.execute(insert(tickets).values(row).on_conflict_do_nothing().returning(tickets.c.hash)).first():
        return None
    return bytes(tx.execute(select(tickets.c.fingerprint).where(tickets.c.hash == ticket_hash)).scalar_one())


def forget_tickets(tx: Connection, before_day: str) -> int:
    """Drops the tickets of forms that were sent before this ISO day; returns how many."""
    return tx.execute(delete(tickets).where(tickets.c.filed_on < before_day)).rowcount


def claim_due(tx: Connection, now: datetime, most: int, skip: Iterable[str] = ()) -> list[Claim]:
    """The cases of the clocks that are due, earliest first, locked for this transaction.

    On PostgreSQL another sweeper skips what is locked here; on SQLite the transaction is the only writer.
    """
    due = select(clocks.c.case_id).where(clocks.c.rings_at <= now).order_by(clocks.c.rings_at).limit(most)
    skipped = list(skip)
    if skipped:
        due = due.where(clocks.c.case_id.not_in(skipped))
    if tx.dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True)
    ids = list(dict.fromkeys(tx.execute(due).scalars()))
    if not ids:
        return []
    query = select(cases.c.id, *_HELD).where(cases.c.id.in_(ids))
    if tx.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True, of=cases)
    found = {row.id: Claim(*row) for row in tx.execute(query)}
    return [found[case_id] for case_id in ids if case_id in found]


def _held(tx: Connection, query: Select[tuple[str, str, str, bytes]]) -> Held | None:
    row = tx.execute(query).one_or_none()
    return _make(row) if row else None


def _make(row: object) -> Held:
    return Held(codec.read_case(row.state), row.head, row.ref, row.box)  # type: ignore[attr-defined]


def _seated(holders: Sequence[str], roles: Sequence[str] = ()) -> ColumnElement[bool]:
    found = exists().where(
        seats.c.case_id == cases.c.id,
        seats.c.holder.in_(list(holders)),
        seats.c.until_at.is_(None),
    )
    return found.where(seats.c.role.in_(list(roles))) if roles else found


def _narrowed(tx: Connection, wanted: Wanted) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [cases.c.final != "" if wanted.ended else cases.c.final == ""]
    pairs = ((cases.c.turn, wanted.turn), (cases.c.lane, wanted.lane), (cases.c.category, wanted.category))
    where += [column == value for column, value in pairs if value]
    if wanted.assignee:
        where.append(cases.c.assignee == ("" if wanted.assignee == "-" else wanted.assignee))
    if wanted.late_at:
        where.append(cases.c.due_at <= wanted.late_at)
    if wanted.due_before:
        where.append(cases.c.due_at <= wanted.due_before)
    if wanted.key:
        where.append(_search(tx, wanted.key))
    return where


def _search(tx: Connection, key: str) -> ColumnElement[bool]:
    """Matching restatements first (a text index), or the reference itself, or the number of a site."""
    if tx.dialect.name == "sqlite" and len(key) >= 3:  # noqa: PLR2004  a trigram
        phrase = '"' + key.replace('"', '""') + '"'
        index = "SELECT rowid FROM restatement_index WHERE restatement_index MATCH :phrase"
        match = text(index).bindparams(bindparam("phrase", phrase)).columns(column("rowid"))
        found: ColumnElement[bool] = restatements.c.no.in_(match)
    else:
        found = restatements.c.key.contains(key, autoescape=True)
    words = select(restatements.c.case_id).where(found)
    site = key.upper()
    return or_(cases.c.id.in_(words), cases.c.ref == site.replace(" ", ""), cases.c.site == site)
