"""Finds people, organisations, programmes, sites and rosters, and what the database knows of itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, exists, literal, select, union_all, update

from grievance.store.schema import inserting
from grievance.store.tables import (
    bodies,
    buyers,
    members,
    meta,
    people,
    programmes,
    roster,
    sites,
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account."""

    id: str
    mail: str
    name: str
    language: str
    password: str | None
    administrator: bool
    active: bool


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation that someone belongs to, and their post in it."""

    id: str
    kind: str
    side: str
    name: str
    post: str = ""
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Programme:
    """Who takes complaints in a country: an office, by whose calendar, and a procedure for each track.

    `tracks` maps core.tracks.TRACKS to a procedure's name without its version; `languages` are empty for all of the house.
    """

    id: str
    title: str
    country: str
    calendar: str
    languages: tuple[str, ...]
    tracks: Mapping[str, str]
    office: str
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """A workplace, who runs it, and who buys there."""

    code: str
    name: str
    place: str
    body: str
    buyers: tuple[str, ...]
    programme: str = ""
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Rostered:
    """Somebody who can be seated, with the organisations they belong to; `buys` where they are in buying at one of these."""

    person: str
    name: str
    function: str
    side: str
    bodies: frozenset[str]
    buys: bool = False


# What nearly every request asks is built once: building a statement costs more than the database takes to answer it.
_PERSON = select(people).where(people.c.id == bindparam("id"))
BY_MAIL = select(people).select_from(
    select(literal(1)).subquery().outerjoin(people, people.c.mail == bindparam("mail"))
)
"""One row, empty for nobody: an answer without any is read some ten microseconds sooner, which sign-ins would tell."""
BODY = (bodies.c.id, bodies.c.kind, bodies.c.side, bodies.c.name, members.c.post, bodies.c.retired)
"""What `Body` is made of, in its order."""
_BODIES = (
    select(*BODY)
    .join(members, members.c.body == bodies.c.id)
    .where(members.c.person == bindparam("person"))
    .order_by(bodies.c.name)
)
_MEMBERS = (
    select(members.c.person, members.c.post)
    .join(people, people.c.id == members.c.person)
    .where(members.c.body == bindparam("body"), people.c.active)
    .order_by(members.c.person)
)
_COLLEAGUES = (
    select(people.c.id, people.c.name)
    .join(members, members.c.person == people.c.id)
    .where(members.c.body.in_(bindparam("bodies", expanding=True)), people.c.active)
)
_NAMES = union_all(
    *(
        select(table.c.id, table.c.name).where(table.c.id.in_(bindparam("ids", expanding=True)))
        for table in (people, bodies)
    )
)
_PROGRAMME = select(programmes).where(programmes.c.id == bindparam("id"))
_OFFICE = (
    select(programmes, members.c.person, members.c.post)
    .join(
        members.join(people, and_(people.c.id == members.c.person, people.c.active)),
        members.c.body == programmes.c.office,
        isouter=True,
    )
    .where(programmes.c.id == bindparam("id"))
    .order_by(members.c.person)
)
_RETIRED = select(bodies.c.id).where(bodies.c.retired)
_FUNCTIONS = select(roster.c.function).where(roster.c.person == bindparam("person"))


def person(tx: Connection, person_id: str) -> Person | None:
    """By id."""
    row = tx.execute(_PERSON, {"id": person_id}).one_or_none()
    return Person(*row) if row else None


def lock(tx: Connection, person_id: str) -> None:
    """Whoever else changes what somebody has waits for this transaction."""
    if tx.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        tx.execute(select(people.c.id).where(people.c.id == person_id).with_for_update())


def person_by_mail(tx: Connection, mail: str) -> Person | None:
    """By mail address, lower-cased by the caller."""
    found = Person(*tx.execute(BY_MAIL, {"mail": mail}).one())
    return found if found.id else None


def names(tx: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Id → name, of people and bodies alike; unknown and empty ids are missing."""
    wanted = [one for one in dict.fromkeys(ids) if one]
    return dict(tx.execute(_NAMES, {"ids": wanted}).all()) if wanted else {}


def bodies_all(tx: Connection) -> dict[str, str]:
    """Id → name of every organisation but the case offices, by name."""
    query = select(bodies.c.id, bodies.c.name).where(bodies.c.kind != "office").order_by(bodies.c.name)
    return {row.id: row.name for row in tx.execute(query)}


def bodies_of(tx: Connection, person_id: str) -> tuple[Body, ...]:
    """The organisations that somebody belongs to."""
    return tuple(Body(*row) for row in tx.execute(_BODIES, {"person": person_id}))


def body(tx: Connection, body_id: str) -> Body | None:
    """By id."""
    row = tx.execute(select(bodies).where(bodies.c.id == body_id)).one_or_none()
    return Body(row.id, row.kind, row.side, row.name, retired=row.retired) if row else None


def members_of(tx: Connection, body: str, post: str | None = None) -> tuple[str, ...]:
    """The active people of an organisation, or only those who hold a post there."""
    found = tx.execute(_MEMBERS, {"body": body})
    return tuple(person_id for person_id, held in found if post in (None, held))


def colleagues(tx: Connection, bodies: Sequence[str]) -> dict[str, str]:
    """Id → name of the active people of these organisations."""
    return dict(tx.execute(_COLLEAGUES, {"bodies": bodies}).all()) if bodies else {}


def programme(tx: Connection, programme_id: str) -> Programme | None:
    """By id."""
    row = tx.execute(_PROGRAMME, {"id": programme_id}).one_or_none()
    return _programme(row) if row else None


def programme_and_office(tx: Connection, programme_id: str) -> tuple[Programme, tuple[tuple[str, str], ...]] | None:
    """By id, with the active people of its office, each with their post, in one journey."""
    rows = tx.execute(_OFFICE, {"id": programme_id}).all()
    return (_programme(rows[0]), tuple((row.person, row.post) for row in rows if row.person)) if rows else None


def programmes_all(tx: Connection) -> tuple[Programme, ...]:
    """Every programme, by title."""
    return tuple(_programme(row) for row in tx.execute(select(programmes).order_by(programmes.c.title)))


def programmes_open(tx: Connection) -> tuple[Programme, ...]:
    """Every programme that takes complaints, by title."""
    return tuple(one for one in programmes_all(tx) if not one.retired)


def _programme(row: Row[Any]) -> Programme:
    languages, tracks = tuple(row.languages.split()), json.loads(row.tracks)
    return Programme(row.id, row.title, row.country, row.calendar, languages, tracks, row.office, row.retired)


def site(tx: Connection, code: str) -> Site | None:
    """By the number on its poster."""
    return next(iter(_sites(tx, sites.c.code == code)), None)


def sites_of(tx: Connection, programme_id: str) -> tuple[Site, ...]:
    """Every site of a programme, by number."""
    return _sites(tx, sites.c.programme == programme_id)


def retired_bodies(tx: Connection) -> frozenset[str]:
    """The ids of organisations with which nothing new begins."""
    return frozenset(tx.execute(_RETIRED).scalars())


def employers_without_site(tx: Connection) -> tuple[str, ...]:
    """Employers that run no site of any programme, such as labour agencies, by name."""
    runs = exists().where(sites.c.body == bodies.c.id)
    query = select(bodies.c.id).where(bodies.c.kind == "factory", ~runs).order_by(bodies.c.name)
    return tuple(tx.execute(query).scalars())


def sites_coded(tx: Connection, codes: list[str]) -> tuple[Site, ...]:
    """The sites with these numbers, by number."""
    return _sites(tx, sites.c.code.in_(codes))


def _sites(tx: Connection, where: object) -> tuple[Site, ...]:
    rows = tx.execute(select(sites).where(where).order_by(sites.c.code)).all()  # type: ignore[arg-type]
    codes = [row.code for row in rows]
    bought: dict[str, list[str]] = {}
    for row in tx.execute(select(buyers).where(buyers.c.site.in_(codes)).order_by(buyers.c.body)):
        bought.setdefault(row.site, []).append(row.body)
    return tuple(
        Site(row.code, row.name, row.place, row.body, tuple(bought.get(row.code, ())), row.programme, row.retired)
        for row in rows
    )


def rostered(tx: Connection, programme_id: str) -> tuple[Rostered, ...]:
    """The active people of a programme's rosters."""
    query = (
        select(roster.c.person, people.c.name, roster.c.function, roster.c.side)
        .join(people, people.c.id == roster.c.person)
        .where(roster.c.programme == programme_id, people.c.active)
        .order_by(roster.c.function, roster.c.person)
    )
    rows = tx.execute(query).all()
    belongs: dict[str, set[str]] = {}
    buying = set()
    for row in tx.execute(select(members).where(members.c.person.in_([row.person for row in rows]))):
        belongs.setdefault(row.person, set()).add(row.body)
        if row.post == "buying":
            buying.add(row.person)
    return tuple(
        Rostered(
            row.person, row.name, row.function, row.side, frozenset(belongs.get(row.person, ())), row.person in buying
        )
        for row in rows
    )


def functions_of(tx: Connection, person_id: str) -> frozenset[str]:
    """For what somebody is on a roster, such as panel or contact."""
    return frozenset(tx.execute(_FUNCTIONS, {"person": person_id}).scalars())


def set_password(tx: Connection, person_id: str, hashed: str) -> None:
    """Keeps a new hash."""
    tx.execute(update(people).where(people.c.id == person_id).values(password=hashed))


def fact(tx: Connection, key: str) -> str | None:
    """A value of this database about itself, such as that it holds a demo."""
    return tx.execute(select(meta.c.value).where(meta.c.key == key)).scalar_one_or_none()


def set_fact(tx: Connection, key: str, value: str) -> None:
    """Remembers a value of this database about itself."""
    upsert = inserting(tx, meta).values(key=key, value=value)
    tx.execute(upsert.on_conflict_do_update(index_elements=[meta.c.key], set_={"value": value}))
