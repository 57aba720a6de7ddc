"""Who has an account, to which organisations they belong, and what ends when it is closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from grievance.casework.desk import Desk, Viewer
from grievance.casework.house import recording, rostering
from grievance.core.errors import Hidden, Invalid, Refused, Said, or_hidden, say
from grievance.store import directory, factors, outbox, passes, setup
from grievance.store import people as rows
from grievance.store import sessions as sign_ins

POSTS: Mapping[str, tuple[Said, frozenset[str]]] = {
    "coordinator": (say("Coordinator"), frozenset({"office"})),
    "buying": (say("Buying team"), frozenset({"brand"})),
}
"""Posts beside plain membership, and the kinds of organisation that have them."""

STATES: Mapping[str, Said] = {
    "active": say("Active"),
    "invited": say("Invited"),
    "inactive": say("Closed"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list."""

    id: str
    name: str
    mail: str
    state: str
    administrator: bool
    bodies: tuple[rows.Body, ...]
    steps: int  # second steps


@dataclass(frozen=True, slots=True)
class One:
    """One person, and what they hold. `until`: how long their invitation is good. `rosters` are (programme, label, side)."""

    id: str
    name: str
    mail: str
    language: str
    state: str
    administrator: bool
    bodies: tuple[rows.Body, ...]
    until: datetime | None
    burden: directory.Burden
    rosters: tuple[tuple[str, str, str], ...]
    last: bool  # the only active administrator
    undelivered: bool  # the letter with their invitation was given up
    steps: int  # second steps


def listing(desk: Desk, viewer: Viewer, words: str = "", state: str = "", page: int = 1) -> recording.Page:
    """Everybody, 25 a page by name."""
    recording.only(viewer)
    with desk.store.read() as tx:
        found, total = directory.people_like(tx, words, state, first=(page - 1) * recording.PAGE, most=recording.PAGE)
        steps = factors.count_of(tx, [p.id for p in found], *factors.STEPS)
        told = tuple(
            Listed(p.id, p.name, p.mail, state_of(p), p.administrator, rows.bodies_of(tx, p.id), steps.get(p.id, 0))
            for p in found
        )
    return recording.page_of(told, total, page)


def one(desk: Desk, viewer: Viewer, person: str) -> One:
    """Somebody's account. Raises Hidden."""
    recording.only(viewer)
    with desk.store.read() as tx:
        someone = or_hidden(rows.person(tx, person))
        return One(
            id=someone.id,
            name=someone.name,
            mail=someone.mail,
            language=someone.language,
            state=state_of(someone),
            administrator=someone.administrator,
            bodies=rows.bodies_of(tx, person),
            until=passes.until(tx, person, "invitation"),
            burden=directory.burden(tx, person),
            rosters=tuple(
                (programme.title, rostering.FUNCTIONS[entry.function].label.text, entry.side)
                for programme in rows.programmes_all(tx)
                for entry in rows.rostered(tx, programme.id)
                if entry.person == person
            ),
            last=_last(tx, someone),
            undelivered=directory.undelivered(tx, person, "invitation"),
            steps=factors.count_of(tx, [person], *factors.STEPS).get(person, 0),
        )


def administrator(desk: Desk, mail: str) -> Viewer:
    """Who administers under this address, for whoever works at the command line. Raises Refused."""
    with desk.store.read() as tx:
        someone = rows.person_by_mail(tx, mail.strip().lower())
        if someone is None or not (someone.active and someone.administrator):
            raise Refused(say("No active administrator has the address {mail}.", mail=mail))
        bodies = rows.bodies_of(tx, someone.id)
    return Viewer(someone.id, someone.name, someone.language, bodies, administrator=True)


def state_of(person: rows.Person) -> str:
    """One of STATES."""
    if person.active:
        return "active"
    return "invited" if person.password is None else "inactive"


def fitting_post(tx: Connection, body: str, post: str) -> rows.Body:
    """The organisation, where the post is one of its kind. Raises Invalid."""
    found = rows.body(tx, body)
    if found is None:
        raise Invalid({"body": say("Choose an organisation from the list.")})
    if post and found.kind not in POSTS.get(post, (None, frozenset[str]()))[1]:
        raise Invalid({"post": say("A coordinator belongs to a case office, a buying team to a brand.")})
    return found


def post_label(post: str) -> str:
    """What people read for a post; nothing for plain membership."""
    return POSTS[post][0].text if post in POSTS else ""


def belong(desk: Desk, viewer: Viewer, person: str, body: str, post: str = "") -> None:
    """Somebody belongs to an organisation, with this post; at once, in every session of theirs.

    Sign-ins that were opened through the provider of another one end: it may not open what this one lets people see.
    """
    with recording.deed(desk, viewer) as act:
        someone = or_hidden(rows.person(act.tx, person))
        found = fitting_post(act.tx, body, post)
        others = tuple(theirs for theirs in rows.bodies_of(act.tx, someone.id) if theirs.id != body)
        for entry in _rostered(act.tx, person):
            if rostering.unfitting((*others, replace(found, post=post)), entry.function, entry.side):
                raise Invalid(
                    {"body": say("This does not go with a roster that this person is on. Take them off it first.")}
                )
        before = {theirs.id: theirs.post for theirs in rows.bodies_of(act.tx, someone.id)}
        setup.remove_member(act.tx, person, body)
        setup.add_member(act.tx, person, body, post)
        for theirs in others:
            sign_ins.close_through(act.tx, person, theirs.id)
        changes = recording.changed({"post": post_label(before.get(body, ""))}, {"post": post_label(post)})
        act.note("belongs", person, body=body, changes=changes)


def leave(desk: Desk, viewer: Viewer, person: str, body: str) -> None:
    """Somebody belongs to an organisation no more; what they could see through it is closed to them at once.

    Sign-ins that were opened through its provider end.
    """
    with recording.deed(desk, viewer) as act:
        if not setup.remove_member(act.tx, person, body):
            raise Hidden
        sign_ins.close_through(act.tx, person, body)
        act.note("left", person, body=body)


def deactivate(desk: Desk, viewer: Viewer, person: str) -> None:
    """The account is closed: sign-ins and links end at once, letters are not sent, nobody draws them for a seat any more."""
    with recording.deed(desk, viewer) as act:
        someone = or_hidden(rows.person(act.tx, person))
        if person == viewer.person:
            raise Refused(say("You cannot close your own account. Another administrator can."))
        if _last(act.tx, someone):
            raise Refused(say("This is the only administrator. Make somebody else one first."))
        setup.change_person(act.tx, person, active=False)
        sign_ins.close_sessions(act.tx, person)
        passes.revoke(act.tx, person)
        for kind in ("invitation", "reset"):
            outbox.withdraw(act.tx, person, kind)
        act.note("deactivated", person)


def reactivate(desk: Desk, viewer: Viewer, person: str) -> None:
    """A closed account is open again, with its password. Raises Refused for somebody who never joined."""
    with recording.deed(desk, viewer) as act:
        someone = or_hidden(rows.person(act.tx, person))
        if state_of(someone) != "inactive":
            raise Refused(say("Only a closed account can be opened again. Somebody who never joined is invited again."))
        setup.change_person(act.tx, person, active=True)
        sign_ins.close_sessions(act.tx, person)  # one that began in the very moment in which it was closed
        act.note("reactivated", person)


def administer(desk: Desk, viewer: Viewer, person: str, *, on: bool) -> None:
    """Somebody administers, or does no more. There is always one left who does."""
    with recording.deed(desk, viewer) as act:
        someone = or_hidden(rows.person(act.tx, person))
        if someone.administrator == on:
            raise Refused(say("That is so already. Load the page again."))
        if not on and _last(act.tx, someone):
            raise Refused(say("This is the only administrator. Make somebody else one first."))
        setup.change_person(act.tx, person, administrator=on)
        act.note("administrator" if on else "no_administrator", person)


def _rostered(tx: Connection, person: str) -> list[rows.Rostered]:
    every = [entry for programme in rows.programmes_all(tx) for entry in rows.rostered(tx, programme.id)]
    return [entry for entry in every if entry.person == person]


def _last(tx: Connection, person: rows.Person) -> bool:
    return person.administrator and person.active and directory.administrators(tx) == 1
