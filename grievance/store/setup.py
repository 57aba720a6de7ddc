"""Writes the people, organisations, sites and rosters of a programme."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, delete, func, insert, select, update

from grievance.store.people import Body, Person, Programme, Site
from grievance.store.tables import bodies, buyers, members, people, programmes, roster, sites


def add_body(tx: Connection, body: Body) -> None:
    """An organisation."""
    tx.execute(insert(bodies).values(id=body.id, kind=body.kind, side=body.side, name=body.name))


def add_person(tx: Connection, person: Person) -> None:
    """Somebody with an account."""
    tx.execute(insert(people).values(**asdict(person)))


def add_member(tx: Connection, person: str, body: str, post: str = "") -> None:
    """Somebody belongs to an organisation."""
    tx.execute(insert(members).values(person=person, body=body, post=post))


def change_body(tx: Connection, body: Body) -> None:
    """Its name, kind and side."""
    tx.execute(update(bodies).where(bodies.c.id == body.id).values(kind=body.kind, side=body.side, name=body.name))


def change_person(tx: Connection, person_id: str, **columns: str | bool) -> None:
    """Some columns of somebody's account, such as active or language."""
    tx.execute(update(people).where(people.c.id == person_id).values(**columns))


def remove_member(tx: Connection, person: str, body: str) -> bool:
    """Somebody belongs to an organisation no more; False when they did not."""
    return bool(tx.execute(delete(members).where(members.c.person == person, members.c.body == body)).rowcount)


def add_programme(tx: Connection, programme: Programme) -> None:
    """A country's programme."""
    tx.execute(insert(programmes).values(id=programme.id, **_columns(programme)))


def change_programme(tx: Connection, programme: Programme) -> None:
    """Everything of it but its id."""
    tx.execute(update(programmes).where(programmes.c.id == programme.id).values(**_columns(programme)))


def _columns(programme: Programme) -> dict[str, str]:
    return {
        "title": programme.title,
        "country": programme.country,
        "calendar": programme.calendar,
        "languages": " ".join(programme.languages),
        "tracks": json.dumps(dict(programme.tracks), sort_keys=True),
        "office": programme.office,
    }


def add_to_roster(tx: Connection, programme: str, person: str, function: str, side: str = "") -> None:
    """Somebody can be seated; what a function is, says casework.house.rostering."""
    tx.execute(insert(roster).values(programme=programme, person=person, function=function, side=side))


def add_sites(tx: Connection, programme: str, many: Sequence[Site]) -> None:
    """Workplaces, each with the brands that buy there."""
    named = [{"code": s.code, "name": s.name, "place": s.place, "body": s.body, "programme": programme} for s in many]
    if named:
        tx.execute(insert(sites), named)
    _buy(tx, many)


def change_site(tx: Connection, site: Site) -> None:
    """Its name, place, who runs it and who buys there."""
    named = {"name": site.name, "place": site.place, "body": site.body}
    tx.execute(update(sites).where(sites.c.code == site.code).values(**named))
    tx.execute(delete(buyers).where(buyers.c.site == site.code))
    _buy(tx, [site])


def _buy(tx: Connection, many: Sequence[Site]) -> None:
    bought = [{"site": site.code, "body": buyer} for site in many for buyer in site.buyers]
    if bought:
        tx.execute(insert(buyers), bought)


def remove_from_roster(tx: Connection, programme: str, person: str, function: str) -> bool:
    """Somebody is drawn for this no more; False when they were not on the roster."""
    gone = (roster.c.programme == programme, roster.c.person == person, roster.c.function == function)
    return bool(tx.execute(delete(roster).where(*gone)).rowcount)


def people_count(tx: Connection) -> int:
    """How many accounts there are."""
    return tx.execute(select(func.count()).select_from(people)).scalar_one()
