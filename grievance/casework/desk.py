"""What every verb works with: the store, the vault, the law, the time and the lot; and who is looking."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from grievance.core.calendar import Calendar
from grievance.core.case import Case
from grievance.core.errors import Hidden, Refused, say
from grievance.core.lawbook import Lawbook
from grievance.core.matters import Actor
from grievance.core.procedure import BY_PROGRAMME, Procedure
from grievance.core.seating import Candidate, Place, Sitting
from grievance.store import people
from grievance.store.store import Store
from grievance.vault import Tampered, Vault

__all__ = ["Bearer", "Desk", "Lent", "Tampered", "Viewer", "actors", "calendar_of", "law", "sitting"]


@dataclass(frozen=True)
class Desk:
    """Frozen; nothing else in the house reads the time or draws lots."""

    store: Store
    vault: Vault
    lawbook: Lawbook
    now: Callable[[], datetime]
    random: random.Random = field(default_factory=random.SystemRandom)
    address: str = ""  # of the house, as people type it: links in letters begin with it


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who signed in, with the organisations they belong to."""

    person: str
    name: str
    language: str
    bodies: tuple[people.Body, ...] = ()
    administrator: bool = False

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
    """Somebody with a receipt: what finds the case, and the key that opens what was written to them."""

    tag: bytes = field(repr=False)
    box: bytes = field(repr=False)


def actors(case: Case, viewer: Viewer | Bearer) -> tuple[Actor, ...]:
    """The seats under which this viewer can act in the case. Raises Hidden when there is none."""
    if isinstance(viewer, Bearer):
        found = [Actor(seat.role, seat.no) for seat in case.seats if seat.kind == "receipt"]
    else:
        found = [Actor(seat.role, seat.no, viewer.person) for seat in case.seats if seat.holder in viewer.holders]
    if not found:
        raise Hidden
    return tuple(found)


Lent = dict[str, tuple[tuple[Candidate, ...], dict[str, Place]]]
"""Rosters and sites by programme, read once for many cases of one transaction."""


def sitting(desk: Desk, tx: Connection, case: Case, lent: Lent | None = None) -> Sitting:
    """The rules of the case, the day, and whoever its programme could seat; `lent` spares reading them again."""
    procedure = desk.lawbook.procedure(case.procedure)
    lent = {} if lent is None else lent
    if case.programme not in lent:
        sites = people.sites_of(tx, case.programme)
        lent[case.programme] = (
            tuple(Candidate(s.person, s.function, s.side, s.bodies) for s in people.rostered(tx, case.programme)),
            {site.code: Place(site.code, site.body, site.buyers) for site in sites},
        )
    roster, places = lent[case.programme]
    return Sitting(procedure, calendar_of(desk, tx, case), desk.now(), desk.random.choice, roster, places)


def calendar_of(desk: Desk, tx: Connection, case: Case) -> Calendar:
    """The days by which this case is counted: its procedure's, or where that leaves it open its programme's."""
    procedure = desk.lawbook.procedure(case.procedure)
    programme = people.programme(tx, case.programme) if procedure.calendar == BY_PROGRAMME else None
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
