"""Who can be drawn for a panel, as neutral or as mediator: the rosters of a programme, with their alternates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from grievance.casework import recording
from grievance.casework.desk import Desk, Viewer
from grievance.core.errors import Hidden, Invalid, Refused, Said, say
from grievance.core.procedure import SIDES, Procedure
from grievance.core.tracks import TRACKS
from grievance.store import directory, setup
from grievance.store import people as rows

FUNCTIONS: Mapping[str, Said] = {
    "panel": say("Panel member"),
    "chair": say("Chair of a side"),
    "neutral": say("Neutral person"),
    "mediator": say("Mediator"),
}
SIDED = ("panel", "chair")
"""What somebody is for one side; the others belong to none."""


@dataclass(frozen=True, slots=True)
class Bench:
    """One side of a panel, or the neutrals, or the mediators: who is on the roster, and how many a panel needs."""

    function: str
    side: str
    people: tuple[rows.Rostered, ...]
    seats: int


def benches(desk: Desk, viewer: Viewer, programme_id: str) -> tuple[Bench, ...]:
    """The rosters of a programme. Raises Hidden."""
    recording.only(viewer)
    with desk.store.read() as tx:
        programme = _programme(tx, programme_id)
        found = rows.rostered(tx, programme_id)
    seats = max((law.seats_per_side for law in _laws(desk, programme)), default=0)
    wanted = [(function, side) for function in SIDED for side in SIDES] + [("neutral", ""), ("mediator", "")]
    return tuple(
        Bench(
            function,
            side,
            tuple(entry for entry in found if (entry.function, entry.side) == (function, side)),
            seats if function == "panel" else {"neutral": 2, "mediator": 1}.get(function, 0),
        )
        for function, side in wanted
    )


def everybody(desk: Desk, viewer: Viewer) -> dict[str, str]:
    """Id → name and mail of all who are active, by name."""
    recording.only(viewer)
    with desk.store.read() as tx:
        found, _ = directory.people_like(tx, "", "active")
    return {person.id: f"{person.name} ({person.mail})" for person in found}


def put(desk: Desk, viewer: Viewer, programme_id: str, person: str, function: str, side: str) -> None:
    """Somebody can be drawn from now on; cases in which a panel sits already are not touched. Raises Invalid."""
    with recording.deed(desk, viewer) as act:
        _programme(act.tx, programme_id)
        faults = _faults(act.tx, programme_id, person, function, side)
        if faults:
            raise Invalid(faults)
        setup.add_to_roster(act.tx, programme_id, person, function, side)
        changes = {"function": ("", FUNCTIONS[function].text)} | ({"side": ("", SIDES[side])} if side else {})
        act.note("rostered", person, programme=programme_id, changes=changes)


def take_off(desk: Desk, viewer: Viewer, programme_id: str, person: str, function: str) -> None:
    """Somebody is drawn no more; seats that they hold stay theirs. Raises Refused where it is not so."""
    with recording.deed(desk, viewer) as act:
        _programme(act.tx, programme_id)
        if function not in FUNCTIONS or not setup.remove_from_roster(act.tx, programme_id, person, function):
            raise Refused(say("This person is not on that roster any more. Load the page again."))
        act.note("unrostered", person, programme=programme_id, changes={"function": (FUNCTIONS[function].text, "")})


def _faults(tx: Connection, programme_id: str, person: str, function: str, side: str) -> dict[str, Said]:
    someone = rows.person(tx, person)
    if someone is None or not someone.active:
        return {"person": say("Choose somebody from the list. Whoever is invited appears there once they have joined.")}
    if function not in FUNCTIONS:
        return {"function": say("Choose one from the list.")}
    if (side in SIDES) != (function in SIDED):
        return {"side": say("Panel members and chairs have a side; neutrals and mediators have none.")}
    theirs = [entry for entry in rows.rostered(tx, programme_id) if entry.person == person]
    if any(entry.function == function for entry in theirs):
        return {"person": say("This person is on that roster already.")}
    if any(entry.side != side for entry in theirs):
        return {
            "side": say("This person is on the roster of another side, or of the neutrals. Take them off it first.")
        }
    return unfitting(rows.bodies_of(tx, person), function, side)


def unfitting(bodies: tuple[rows.Body, ...], function: str, side: str) -> dict[str, Said]:
    """What speaks against somebody of these organisations on this roster, by field."""
    sides = {body.side for body in bodies if body.side}
    if function not in SIDED and sides:
        return {"person": say("A neutral or a mediator belongs to no union, factory, brand or association.")}
    if function in SIDED and sides - {side}:
        return {"side": say("This person belongs to an organisation of another side.")}
    return {}


def _laws(desk: Desk, programme: rows.Programme) -> list[Procedure]:
    today = desk.now().date()
    return [desk.lawbook.in_force(name, today) for track, name in programme.tracks.items() if track in TRACKS]


def _programme(tx: Connection, programme_id: str) -> rows.Programme:
    found = rows.programme(tx, programme_id)
    if found is None:
        raise Hidden
    return found
