"""What every verb works with: the store, the vault, the law, the time and the lot; and who is looking."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial

from sqlalchemy import Connection

from grievance.casework.pressure import Flood
from grievance.core.calendar import Calendar
from grievance.core.case import Case
from grievance.core.effects.purchasing import BUYING, CONTACT
from grievance.core.errors import Hidden, Refused, or_hidden, say
from grievance.core.lawbook import Lawbook
from grievance.core.matters import RECEIPT, Actor
from grievance.core.procedure import BY_PROGRAMME, Procedure
from grievance.core.seating import Candidate, Place, Sitting
from grievance.providers import Provider
from grievance.store import people, seating
from grievance.store.store import Store
from grievance.vault import Tampered, Vault

__all__ = ["Bearer", "Desk", "Lent", "Tampered", "Viewer", "acting", "actors", "calendar_of", "law", "sitting"]


@dataclass(frozen=True)
class Desk:
    """Frozen; nothing else in the house reads the time or draws lots."""

    store: Store
    vault: Vault
    lawbook: Lawbook
    now: Callable[[], datetime]
    random: random.Random = field(default_factory=random.SystemRandom)
    flood: Flood = field(default_factory=Flood)
    clamd: str = ""  # the scanner for harmful files, where there is one
    address: str = ""  # of the house, as people type it: links in letters begin with it
    providers: Mapping[str, Provider] = field(default_factory=dict)  # organisation → through which its people sign in


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who signed in, with the organisations they belong to.

    `held` are the roles that they hold in some case or are on a roster for: for what a page names and where a list looks. They
    open nothing: a seat does.
    """

    person: str
    name: str
    language: str
    bodies: tuple[people.Body, ...] = ()
    administrator: bool = False
    held: frozenset[str] = frozenset()

    @property
    def holders(self) -> tuple[str, ...]:
        """Under which names this viewer can hold a seat."""
        return (self.person, *(body.id for body in self.bodies))

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of organisation this viewer belongs to."""
        return frozenset(body.kind for body in self.bodies)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Somebody with a receipt: what finds the case, the key that opens what was written to them, and the case's id."""

    tag: bytes = field(repr=False)
    box: bytes = field(repr=False)
    case: str = field(repr=False)


def actors(case: Case, viewer: Viewer | Bearer) -> tuple[Actor, ...]:
    """The seats under which this viewer can act in the case. Raises Hidden when there is none."""
    if isinstance(viewer, Bearer):
        key = RECEIPT if case.id == viewer.case else viewer.case
        found = [Actor(s.role, s.no) for s in case.seats if s.kind == "receipt" and s.holder == key]
    else:
        found = [Actor(seat.role, seat.no, viewer.person) for seat in case.seats if seat.holder in viewer.holders]
    if not found:
        raise Hidden
    return tuple(found)


def acting(case: Case, viewer: Viewer | Bearer, roles: Collection[str]) -> Actor:
    """The first seat of one of these roles under which this viewer can act in the case. Raises Hidden without one."""
    return or_hidden(next((actor for actor in actors(case, viewer) if actor.role in roles), None))


class Lent:
    """What one transaction needs of programmes and organisations: read when it is asked for, and once for all its cases."""

    def __init__(self, tx: Connection) -> None:
        self.tx = tx
        self.roster = cache(self._roster)
        self.places = cache(self._places)
        self.members = cache(self._members)
        self.programme = cache(self._programme)
        self.acted = cache(self._acted)
        self._offices: dict[str, tuple[tuple[str, str], ...]] = {}

    def filed_into(self, programme: str) -> people.Programme | None:
        """A programme, and beside it whoever is told of what is filed there: half the journeys of a filing's reading."""
        found = people.programme_and_office(self.tx, programme)
        if found is None:
            return None
        self._offices[found[0].office] = found[1]
        return found[0]

    def _roster(self, programme: str) -> tuple[Candidate, ...]:
        """Whoever could be seated in a programme. A contact whose post at the brand is in buying is known for that too."""
        return tuple(
            Candidate(found.person, function, found.side, found.bodies)
            for found in people.rostered(self.tx, programme)
            for function in (
                (found.function, BUYING) if found.buys and found.function == CONTACT else (found.function,)
            )
        )

    def _places(self, programme: str, stay: frozenset[str] = frozenset()) -> dict[str, Place]:
        """The sites of a programme, by number, with the brands that buy there; and the employers without a site, by id.

        Of what is retired only what may `stay`: numbers of sites and ids of organisations.
        """
        gone = people.retired_bodies(self.tx) - stay
        found = {
            site.code: Place(site.code, site.body, tuple(one for one in site.buyers if one not in gone))
            for site in people.sites_of(self.tx, programme)
            if not site.retired or site.code in stay
        }
        agencies = people.employers_without_site(self.tx)
        return found | {body: Place("", body) for body in agencies if body not in gone}

    def _members(self, body: str, post: str | None = None) -> tuple[str, ...]:
        """The active people of an organisation, or only those who hold a post there."""
        if body in self._offices:
            return tuple(person for person, held in self._offices[body] if post in (None, held))
        return people.members_of(self.tx, body, post)

    def _acted(self, linked: tuple[str, ...]) -> frozenset[str]:
        """The people who ever held a seat of their own in these cases."""
        return seating.acted(self.tx, linked) if linked else frozenset()

    def _programme(self, programme: str) -> people.Programme | None:
        return people.programme(self.tx, programme)


APART = frozenset({"same_site"})
"""Links between cases that are not about the same thing: whoever sat in the one may sit in the other."""


def sitting(desk: Desk, lent: Lent, case: Case) -> Sitting:
    """The rules of the case, the day, and whoever its programme could seat."""

    def places() -> dict[str, Place]:
        """What is retired stays in its own cases, and enters no other."""
        respondents = (one.body for one in case.respondents)
        return lent.places(case.programme, frozenset((*case.sites, *respondents, *case.buyers)))

    return Sitting(
        desk.lawbook.procedure(case.procedure),
        calendar_of(desk, lent, case),
        desk.now(),
        desk.random.choice,
        partial(lent.roster, case.programme),
        places,
        partial(lent.acted, tuple(link.case for link in case.links if link.kind not in APART)),
        wait=desk.random.uniform,
    )


def calendar_of(desk: Desk, lent: Lent, case: Case) -> Calendar:
    """The days by which this case is counted: its procedure's, or where that leaves it open its programme's."""
    procedure = desk.lawbook.procedure(case.procedure)
    programme = lent.programme(case.programme) if procedure.calendar == BY_PROGRAMME else None
    return desk.lawbook.calendar_of(procedure, programme.calendar if programme else "")


def law(desk: Desk, programme: people.Programme, track: str) -> tuple[Procedure, Calendar]:
    """What a complaint of this track (core.tracks.TRACKS) is filed under today. Raises Refused where there is none."""
    if track not in programme.tracks:
        raise Refused(
            say(
                "{programme} takes no complaints of this kind. Ask its office who does.",
                programme=programme.title,
            )
        )
    procedure = desk.lawbook.in_force(programme.tracks[track], desk.now().date())
    return procedure, desk.lawbook.calendar_of(procedure, programme.calendar)
