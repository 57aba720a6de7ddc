"""Begins a system: the first administrator, and the organisations, sites and rosters of a programme."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grievance.casework.desk import Desk
from grievance.casework.house import recording
from grievance.casework.house.inviting import ADDRESS, WRONG_ADDRESS
from grievance.casework.house.people import new_hash
from grievance.casework.house.pretending import DEMO
from grievance.core.errors import UNANSWERED, Invalid, Refused, say
from grievance.store import people as rows
from grievance.store import setup
from grievance.store.people import Body, Person, Programme, Site

__all__ = ["Body", "Member", "Programme", "Site", "first_administrator", "found_programme"]


BEGUN = say("There are accounts already. An administrator invites the others.")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody to be given an account. `seats` are (function, side) on the programme's roster."""

    id: str
    mail: str
    name: str
    language: str
    bodies: tuple[tuple[str, str], ...] = ()  # (body, post)
    seats: tuple[tuple[str, str], ...] = ()
    administrator: bool = False


def first_administrator(desk: Desk, mail: str, name: str, password: str, language: str) -> None:
    """The one account that nobody invited. Raises Refused when there are accounts, Invalid for what does not fit."""
    faults = {} if ADDRESS.fullmatch(mail.strip()) else {"mail": WRONG_ADDRESS}
    if not name.strip():
        faults["name"] = UNANSWERED
    if faults:
        raise Invalid(faults)
    hashed = new_hash(password, about=(name, mail))
    with desk.store.write() as tx:
        if setup.people_count(tx):
            raise Refused(BEGUN)
        person = Person(recording.new_id(desk), mail.strip().lower(), name.strip(), language, hashed, True, True)
        setup.add_person(tx, person)
        recording.note(desk, tx, person.id, "installed", person.id)


def found_programme(
    desk: Desk,
    programme: Programme,
    bodies: Iterable[Body],
    sites: Iterable[Site],
    people: Iterable[Member],
    password: str,
) -> None:
    """A programme with everybody who takes part, all with the same first password. All of it or nothing."""
    hashed = new_hash(password)
    with desk.store.write() as tx:
        for body in bodies:
            setup.add_body(tx, body)
        setup.add_programme(tx, programme)
        setup.add_sites(tx, programme.id, [*sites])
        for member in people:
            account = Person(member.id, member.mail, member.name, member.language, hashed, member.administrator, True)
            setup.add_person(tx, account)
            for body_id, post in member.bodies:
                setup.add_member(tx, member.id, body_id, post)
            for function, side in member.seats:
                setup.add_to_roster(tx, programme.id, member.id, function, side)


def is_empty(desk: Desk) -> bool:
    """Whether nobody has an account yet."""
    with desk.store.read() as tx:
        return setup.people_count(tx) == 0


def mark_demo(desk: Desk, receipts: Mapping[str, str]) -> None:
    """Says of this database that it holds invented cases, and keeps the receipts that visitors may try."""
    with desk.store.write() as tx:
        rows.set_fact(tx, DEMO, json.dumps(receipts, ensure_ascii=False))


def is_demo(desk: Desk) -> bool:
    """Whether this database holds invented cases."""
    with desk.store.read() as tx:
        return rows.fact(tx, DEMO) is not None


def demo_receipts(desk: Desk) -> dict[str, str]:
    """What a receipt shows → its digits; empty where there is no demo."""
    with desk.store.read() as tx:
        return dict(json.loads(rows.fact(tx, DEMO) or "{}"))
