"""Who can be seated in a programme: panels with their alternates, neutrals, mediators, and whom it knows at brands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from grievance.casework.desk import Desk, Viewer
from grievance.casework.house import recording
from grievance.core.errors import Invalid, Refused, Said, or_hidden, say
from grievance.core.procedure import SIDES, Procedure
from grievance.core.tracks import TRACKS
from grievance.store import directory, setup
from grievance.store import people as rows


@dataclass(frozen=True, slots=True)
class Function:
    """What somebody can be in a programme: whom it takes, in words, and how many one case needs."""

    label: Said
    meaning: Said
    needed: int = 0


FUNCTIONS: Mapping[str, Function] = {
    "panel": Function(say("Panel member"), say("Drawn by lot for the side that they belong to.")),
    "chair": Function(say("Chair of a side"), say("Any one of them may act where hours count.")),
    "neutral": Function(say("Neutral person"), say("Belongs to no side; votes with the three, and alone at last."), 2),
    "mediator": Function(say("Mediator"), say("Belongs to no side; helps the parties to agree."), 1),
    "contact": Function(
        say("Contact of a brand, outside buying"),
        say("Answers for their brand. Without one, no complaint can be sent to it. Learns nothing before."),
    ),
    "buying": Function(
        say("Buying team of a brand"),
        say("Known here so that nothing is sent to them: no complaint about their brand goes to somebody in buying."),
    ),
    "outside": Function(
        say("Outside person"),
        say(
            "Decides last about complaints about ourselves. The three sides agree on three at least, of no organisation."
        ),
        3,
    ),
    "custodian": Function(
        say("Custodian of names"),
        say(
            "Says yes or no when the office asks to read who complained. It takes two yeses, one of them a custodian’s."
        ),
    ),
    "operator": Function(say("Whoever puts our faults right"), say("Carries out what is found about ourselves."), 1),
}
SIDED = ("panel", "chair")
"""What somebody is for one side; the others belong to none."""
BRAND_PEOPLE = ("contact", "buying")
"""What somebody is for a brand: known there, and drawn for nothing."""


@dataclass(frozen=True, slots=True)
class Bench:
    """One roster, of one side where it has sides: who is on it, and how many a case needs.

    `bodies` names the organisations of those who stand for a brand; `without` the brands for which nobody does.
    """

    function: str
    side: str
    people: tuple[rows.Rostered, ...]
    seats: int
    bodies: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()


def benches(desk: Desk, viewer: Viewer, programme_id: str) -> tuple[Bench, ...]:
    """The rosters of a programme. Raises Hidden."""
    recording.only(viewer)
    with desk.store.read() as tx:
        programme = or_hidden(rows.programme(tx, programme_id))
        found = rows.rostered(tx, programme_id)
        bought = {buyer for site in rows.sites_of(tx, programme_id) for buyer in site.buyers}
        names = rows.names(tx, bought | {body for entry in found for body in entry.bodies})
    seats = max((law.seats_per_side for law in _laws(desk, programme)), default=0)
    wanted = [(name, side) for name in FUNCTIONS for side in (SIDES if name in SIDED else ("",))]
    benches = []
    for function, side in wanted:
        people = tuple(entry for entry in found if (entry.function, entry.side) == (function, side))
        answering = {body for entry in people for body in entry.bodies}
        benches.append(
            Bench(
                function,
                side,
                people,
                seats if function == "panel" else FUNCTIONS[function].needed,
                {
                    entry.person: ", ".join(sorted(names[body] for body in entry.bodies if body in names))
                    for entry in people
                }
                if function in BRAND_PEOPLE
                else {},
                tuple(sorted(names[brand] for brand in bought - answering)) if function == "contact" else (),
            )
        )
    return tuple(benches)


def everybody(desk: Desk, viewer: Viewer) -> dict[str, str]:
    """Id → name and mail of all who are active, by name."""
    recording.only(viewer)
    with desk.store.read() as tx:
        found, _ = directory.people_like(tx, "", "active")
    return {person.id: f"{person.name} ({person.mail})" for person in found}


def put(desk: Desk, viewer: Viewer, programme_id: str, person: str, function: str, side: str) -> None:
    """Somebody can be drawn from now on; cases in which a panel sits already are not touched. Raises Invalid."""
    with recording.deed(desk, viewer) as act:
        or_hidden(rows.programme(act.tx, programme_id))
        faults = _faults(act.tx, programme_id, person, function, side)
        if faults:
            raise Invalid(faults)
        setup.add_to_roster(act.tx, programme_id, person, function, side)
        changes = {"function": ("", FUNCTIONS[function].label.text)} | ({"side": ("", SIDES[side])} if side else {})
        act.note("rostered", person, programme=programme_id, changes=changes)


def take_off(desk: Desk, viewer: Viewer, programme_id: str, person: str, function: str) -> None:
    """Somebody is drawn no more; seats that they hold stay theirs. Raises Refused where it is not so."""
    with recording.deed(desk, viewer) as act:
        or_hidden(rows.programme(act.tx, programme_id))
        if function not in FUNCTIONS or not setup.remove_from_roster(act.tx, programme_id, person, function):
            raise Refused(say("This person is not on that roster any more. Load the page again."))
        act.note(
            "unrostered", person, programme=programme_id, changes={"function": (FUNCTIONS[function].label.text, "")}
        )


def _faults(tx: Connection, programme_id: str, person: str, function: str, side: str) -> dict[str, Said]:
    someone = rows.person(tx, person)
    if someone is None or not someone.active:
        return {"person": say("Choose somebody from the list. Whoever is invited appears there once they have joined.")}
    if function not in FUNCTIONS:
        return {"function": say("Choose one from the list.")}
    if (side in SIDES) != (function in SIDED):
        return {"side": say("Panel members and chairs have a side; all others have none.")}
    theirs = [entry for entry in rows.rostered(tx, programme_id) if entry.person == person]
    return _beside(theirs, function, side) or unfitting(
        rows.bodies_of(tx, person), function, side, {entry.function for entry in theirs}
    )


def _beside(theirs: Sequence[rows.Rostered], function: str, side: str) -> dict[str, Said]:
    """What speaks against this roster beside those that somebody is on, by field."""
    held = {entry.function for entry in theirs}
    if function in held:
        return {"person": say("This person is on that roster already.")}
    if "buying" in {function, *held} and set(SIDED) & {function, *held}:
        return {"function": say("Whoever works in buying sits on no panel: what is said there is not for buyers.")}
    if function not in BRAND_PEOPLE and any(e.side != side for e in theirs if e.function not in BRAND_PEOPLE):
        return {
            "side": say("This person is on the roster of another side, or of the neutrals. Take them off it first.")
        }
    return {}


def unfitting(bodies: Sequence[rows.Body], function: str, side: str, held: Collection[str] = ()) -> dict[str, Said]:
    """What speaks against somebody of these organisations, who is on the rosters `held`, on this one; by field."""
    sides = {body.side for body in bodies if body.side}
    buys = "buying" in held or any(body.post == "buying" for body in bodies)
    found: dict[str, Said] = {}
    if function in BRAND_PEOPLE and not any(body.kind == "brand" for body in bodies):
        found["person"] = say("Choose somebody of a brand: add them to it on their page first.")
    elif function == "contact" and buys:
        found["person"] = say("This person works in buying. A contact is somebody outside it.")
    elif function == "outside" and bodies:
        found["person"] = say("An outside person belongs to no organisation, not even to the office.")
    elif function not in (*SIDED, *BRAND_PEOPLE) and sides:
        found["person"] = say("Neutrals, mediators and whoever puts our faults right belong to no party.")
    elif function in SIDED and buys:
        found["function"] = say("Whoever works in buying sits on no panel: what is said there is not for buyers.")
    elif function in SIDED and sides - {side}:
        found["side"] = say("This person belongs to an organisation of another side.")
    return found


def _laws(desk: Desk, programme: rows.Programme) -> list[Procedure]:
    today = desk.now().date()
    return [desk.lawbook.in_force(name, today) for track, name in programme.tracks.items() if track in TRACKS]
