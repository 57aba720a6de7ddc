"""Writes the people, organisations, sites and rosters of a programme."""

from __future__ import annotations

import json

from sqlalchemy import Connection, func, insert, select

from grievance.store.people import Body, Person, Programme, Site
from grievance.store.tables import bodies, buyers, members, people, programmes, roster, sites


def add_body(tx: Connection, body: Body) -> None:
    """An organisation."""
    tx.execute(insert(bodies).values(id=body.id, kind=body.kind, side=body.side, name=body.name))


def add_person(tx: Connection, person: Person) -> None:
    """Somebody with an account."""
    tx.execute(
        insert(people).values(
            id=person.id,
            mail=person.mail,
            name=person.name,
            language=person.language,
            password=person.password,
            administrator=person.administrator,
            active=person.active,
        )
    )


def add_member(tx: Connection, person: str, body: str, post: str = "") -> None:
    """Somebody belongs to an organisation."""
    tx.execute(insert(members).values(person=person, body=body, post=post))


def add_programme(tx: Connection, programme: Programme) -> None:
    """A country's programme."""
    tx.execute(
        insert(programmes).values(
            id=programme.id,
            title=programme.title,
            country=programme.country,
            calendar=programme.calendar,
            languages=" ".join(programme.languages),
            tracks=json.dumps(dict(programme.tracks), sort_keys=True),
            office=programme.office,
        )
    )


def add_to_roster(tx: Connection, programme: str, person: str, function: str, side: str = "") -> None:
    """Somebody can be seated: function is panel, neutral, mediator or chair."""
    tx.execute(insert(roster).values(programme=programme, person=person, function=function, side=side))


def add_site(tx: Connection, programme: str, site: Site) -> None:
    """A workplace, and the brands that buy there."""
    tx.execute(
        insert(sites).values(code=site.code, programme=programme, name=site.name, place=site.place, body=site.body)
    )
    for buyer in site.buyers:
        tx.execute(insert(buyers).values(site=site.code, body=buyer))


def people_count(tx: Connection) -> int:
    """How many accounts there are."""
    return tx.execute(select(func.count()).select_from(people)).scalar_one()
