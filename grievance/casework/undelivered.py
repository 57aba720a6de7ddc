"""Notices that nobody received become somebody's task: a party's the case office's, the office's own an administrator's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from grievance.casework.desk import Desk, Lent, Viewer, calendar_of
from grievance.core.errors import Hidden
from grievance.store import cases, dead

WAYS: Mapping[str, str] = {"again": "waiting", "corrected": "waiting", "told": "told"}
"""How somebody may settle it, and where the notices stand then: tried again, tried again at an address that an
administrator has corrected, or told by telephone."""


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody whom our notices do not reach: how many wait, and on which day the first of them was given up."""

    person: str
    name: str
    mail: str
    notices: int
    day: date


def unreached(desk: Desk, viewer: Viewer) -> tuple[Unreached, ...]:
    """Whom this viewer has to see to, the one who waits longest first. Raises Hidden where that is no task of theirs."""
    if not viewer.administrator and "office" not in viewer.kinds:
        raise Hidden
    with desk.store.read() as tx:
        found: dict[str, list[dead.Dead]] = {}
        for one in _mine(tx, viewer):
            found.setdefault(one.person, []).append(one)
        return tuple(_unreached(desk, tx, waiting) for waiting in found.values())


def _unreached(desk: Desk, tx: Connection, waiting: Sequence[dead.Dead]) -> Unreached:
    """By the calendar of the case; what no case caused belongs to no programme, and is told by the first calendar."""
    first = waiting[0]
    held = cases.by_id(tx, first.case_id) if first.case_id else None
    calendar = calendar_of(desk, Lent(tx), held.case) if held else next(iter(desk.lawbook.calendars.values()))
    return Unreached(first.person, first.name, first.mail, len(waiting), calendar.day_of(first.tried_at))


def any_unreached(tx: Connection, viewer: Viewer) -> bool:
    """Whether there is somebody on that list."""
    return dead.anything(tx) and bool(_mine(tx, viewer))


def settle(desk: Desk, viewer: Viewer, person: str, how: str) -> None:
    """Settle everything that this viewer has to see to for one person; it stays on record who did what.

    Raises Hidden where there is nothing, and for a way that does not exist.
    """
    if how not in WAYS:
        raise Hidden
    with desk.store.write() as tx:
        ids = [one.id for one in _mine(tx, viewer) if one.person == person]
        if not ids:
            raise Hidden
        dead.settle(tx, ids, WAYS[how], viewer.person, how, desk.now())


def _mine(tx: Connection, viewer: Viewer) -> list[dead.Dead]:
    found, inside = dead.all_dead(tx), dead.office_people(tx)
    offices = [body.id for body in viewer.bodies if body.kind == "office"]
    held = dead.held_by_office(tx, {one.case_id for one in found if one.case_id}, offices) if offices else set()
    return [
        one
        for one in found
        if (viewer.administrator and (one.person in inside or not one.case_id))
        or (one.person not in inside and one.case_id in held)
    ]
