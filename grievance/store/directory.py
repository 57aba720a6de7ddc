"""Lists people, organisations and sites for administrators, searched and a page at a time; and who administers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from grievance.store import people as rows
from grievance.store.people import Body, Person, Site
from grievance.store.tables import bodies, cases, members, outbox, people, seats, sessions, sites

STATES: dict[str, ColumnElement[bool]] = {
    "active": people.c.active,
    "invited": and_(~people.c.active, people.c.password.is_(None)),
    "inactive": and_(~people.c.active, people.c.password.is_not(None)),
}
"""What somebody with an account can be; whoever is invited has no password yet."""


@dataclass(frozen=True, slots=True)
class Burden:
    """What somebody holds: open cases assigned to them, seats of their own in open cases, and sign-ins."""

    assigned: int
    seats: int
    sessions: int


def bodies_like(
    tx: Connection, words: str, *, retired: bool | None = None, first: int = 0, most: int = 10_000
) -> tuple[tuple[Body, ...], int]:
    """Organisations by name, and how many there are; only those in use or only retired ones where it is said."""
    query = select(bodies.c.id, bodies.c.kind, bodies.c.side, bodies.c.name, bodies.c.retired)
    if retired is not None:
        query = query.where(bodies.c.retired.is_(retired))
    if words:
        query = query.where(or_(_like(bodies.c.name, words), bodies.c.kind == words))
    page, total = _page(tx, query.order_by(func.lower(bodies.c.name), bodies.c.id), first, most)
    return tuple(Body(row.id, row.kind, row.side, row.name, retired=row.retired) for row in page), total


def people_like(
    tx: Connection, words: str, state: str, *, first: int = 0, most: int = 10_000
) -> tuple[tuple[Person, ...], int]:
    """People by name, of one state or of any; words are looked for in name, mail and organisations."""
    query = select(people)
    if words:
        theirs = select(members.c.person).join(bodies, bodies.c.id == members.c.body).where(_like(bodies.c.name, words))
        query = query.where(or_(_like(people.c.name, words), _like(people.c.mail, words), people.c.id.in_(theirs)))
    if state in STATES:
        query = query.where(STATES[state])
    page, total = _page(tx, query.order_by(func.lower(people.c.name), people.c.id), first, most)
    return tuple(Person(*row) for row in page), total


def sites_like(
    tx: Connection, words: str, programme: str, *, retired: bool | None = None, first: int = 0, most: int = 10_000
) -> tuple[tuple[Site, ...], int]:
    """Sites by number, of one programme or of all; words are looked for in number, name, place and who runs it."""
    query = select(sites.c.code).join(bodies, bodies.c.id == sites.c.body)
    if words:
        query = query.where(or_(*(_like(c, words) for c in (sites.c.code, sites.c.name, sites.c.place, bodies.c.name))))
    if programme:
        query = query.where(sites.c.programme == programme)
    if retired is not None:
        query = query.where(sites.c.retired.is_(retired))
    page, total = _page(tx, query.order_by(sites.c.code), first, most)
    return rows.sites_coded(tx, [row.code for row in page]), total


def administrators(tx: Connection) -> int:
    """How many active people administer."""
    query = select(func.count()).select_from(people).where(people.c.administrator, people.c.active)
    return tx.execute(query).scalar_one()


def alarmed(tx: Connection) -> tuple[str, ...]:
    """The active people who are told when something is wrong with the house itself: administrators and coordinators."""
    found = (
        select(people.c.id)
        .outerjoin(members, members.c.person == people.c.id)
        .where(people.c.active, or_(people.c.administrator, members.c.post == "coordinator"))
        .distinct()
        .order_by(people.c.id)
    )
    return tuple(tx.execute(found).scalars())


def burden(tx: Connection, person: str) -> Burden:
    """What somebody holds."""
    assigned = select(func.count()).where(cases.c.assignee == person, cases.c.final == "")
    held = (
        select(func.count())
        .join(cases, cases.c.id == seats.c.case_id)
        .where(seats.c.holder == person, seats.c.until_at.is_(None), cases.c.final == "")
    )
    signed_in = select(func.count()).where(sessions.c.person == person)
    counts = [tx.execute(query).scalar_one() for query in (assigned, held, signed_in)]
    return Burden(*counts)


def undelivered(tx: Connection, person: str, kind: str) -> bool:
    """Whether the newest letter of this kind to somebody was given up."""
    query = select(outbox.c.state).where(outbox.c.person == person, outbox.c.kind == kind)
    return tx.execute(query.order_by(outbox.c.id.desc()).limit(1)).scalar() == "dead"


def ids_named(tx: Connection, words: str) -> list[str]:
    """The ids of people and organisations with these words in their names."""
    found = [tx.execute(select(table.c.id).where(_like(table.c.name, words))).scalars() for table in (people, bodies)]
    return [one for ids in found for one in ids]


def _like(column: Any, words: str) -> ColumnElement[bool]:
    return column.icontains(words, autoescape=True)  # type: ignore[no-any-return]


def _page(tx: Connection, query: Select[Any], first: int, most: int) -> tuple[list[Any], int]:
    total = tx.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()
    return list(tx.execute(query.offset(first).limit(most))), total
