"""Who sits: seats are filled by lot among those without a conflict of interest, and nobody keeps one who may not sit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from grievance.core import events as e
from grievance.core.calendar import Calendar
from grievance.core.case import Case, changed
from grievance.core.conflicts import CHAIR, ROLE, tie
from grievance.core.matters import Left, Seat
from grievance.core.procedure import SEATS, Procedure

FUNCTIONS: Mapping[str, str] = {
    "panel": "panel",
    "neutral": "neutral",
    "relief": "neutral",
    "mediator": "mediator",
    "outside": "outside",
    "operator": "operator",
}
"""Role of a seat that is drawn → the roster that it is drawn from."""


@dataclass(frozen=True, slots=True)
class Place:
    """A site that an officer may match a complaint to: the organisation that runs it and the brands that buy there.

    An employer without a site, such as a labour agency, is one too; it has no code.
    """

    code: str
    body: str
    buyers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on the programme's roster: `function` is one of FUNCTIONS or chair; `bodies` are whom they belong to."""

    person: str
    function: str
    side: str = ""
    bodies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sitting:
    """What the world lends to a case for one move: the rules, the day, who could sit, which sites exist, and the lot.

    `linked` are the people who held a seat in a linked case; `owners` gives the owner of an organisation where known.
    `roster`, `places` and these two are asked for when a move needs them: most need none, and reading them is dear.
    """

    procedure: Procedure
    calendar: Calendar
    at: datetime
    draw: Callable[[Sequence[Candidate]], Candidate]
    roster: Callable[[], Sequence[Candidate]] = tuple
    places: Callable[[], Mapping[str, Place]] = dict
    linked: Callable[[], frozenset[str]] = frozenset
    owners: Callable[[], Mapping[str, str]] = dict
    wait: Callable[[float, float], float] = lambda *_: 0.0  # between so many seconds, by lot; without a lot none


def free(sitting: Sitting, case: Case, function: str, side: str = "") -> list[Candidate]:
    """Who could be drawn: on the roster, and tied to the case by nothing that is known."""
    return [
        one
        for one in sitting.roster()
        if one.function == function and one.side == side and not _tie(sitting, case, one.person, one.bodies)
    ]


def seats_for(sitting: Sitting, case: Case, wanted: str) -> Iterator[e.Event]:
    """The events that seat `wanted` (one of procedure.SEATS).

    Whoever is seated stays, except before a second neutral, and before a fresh panel, on which nobody sits who sat.
    """
    if wanted in RELIEVED:
        for seat in case.seated(SEATS[wanted]):
            yield e.SeatLeft(seat.no, RELIEVED[wanted])
            case = _without(case, seat, RELIEVED[wanted])
    if wanted == "chairs":
        yield from _chairs(sitting, case)
        return
    role = SEATS[wanted]
    for side in sitting.procedure.sides if role == "panel" else ("",):
        for _ in range(missing(sitting.procedure, case, role, side)):
            drawn = _draw(sitting, case, role, side)
            if drawn:
                yield e.SeatTaken(drawn)
                case = _with(case, drawn)


RELIEVED: Mapping[str, str] = {"second_neutral": "second_neutral", "fresh_panel": "fresh", "fresh_neutral": "fresh"}
"""What is seated only after everybody of that role has left → why they left."""


def missing(procedure: Procedure, case: Case, role: str, side: str = "") -> int:
    """How many seats of this role, on this side, stand empty."""
    held = sum(1 for seat in case.seated(role) if seat.side == side)
    return max(0, (procedure.seats_per_side if role == "panel" else 1) - held)


def empty_seats(procedure: Procedure, case: Case) -> tuple[tuple[str, str], ...]:
    """(role, side) of whatever this stage is sure to need and nobody fills."""
    if case.final:
        return ()
    needed = procedure.seated.get(case.stage, frozenset())
    wanted = [
        (role, side) for role in FUNCTIONS if role in needed for side in (procedure.sides if role == "panel" else ("",))
    ]
    return tuple((role, side) for role, side in wanted if missing(procedure, case, role, side))


def instead(sitting: Sitting, case: Case, seat: Seat) -> Iterator[e.SeatTaken]:
    """Somebody else for this seat, which has just ended, by lot; nothing where the roster has nobody left."""
    drawn = _draw(sitting, _without(case, seat, ""), seat.role, seat.side)
    if drawn:
        yield e.SeatTaken(drawn)


def relieved(sitting: Sitting, case: Case) -> Iterator[e.Event]:
    """Ends each seat whose holder may not sit any more, and fills it again: nobody waits for somebody to notice."""
    for seat in () if case.final else case.seats:
        why = must_leave(sitting, case, seat)
        if why:
            yield e.SeatLeft(seat.no, "gone") if why == "gone" else e.Recused(seat.no, "detected", why)
            case = _without(case, seat, why)
            drawn = _draw(sitting, case, seat.role, seat.side) if seat.role in FUNCTIONS else None
            if drawn:
                yield e.SeatTaken(drawn)
                case = _with(case, drawn)


def must_leave(sitting: Sitting, case: Case, seat: Seat) -> str:
    """Why the holder may not sit: a kind of conflict, `gone` from the roster or from the house, or nothing."""
    if seat.kind != "person" or seat.role not in (*FUNCTIONS, CHAIR):
        return ""
    place = (seat.holder, FUNCTIONS.get(seat.role, CHAIR), seat.side)
    found = next((one for one in sitting.roster() if (one.person, one.function, one.side) == place), None)
    kind = _tie(sitting, case, found.person, found.bodies, seat.no) if found else "gone"
    return "" if seat.role == CHAIR and kind == ROLE else kind


def _draw(sitting: Sitting, case: Case, role: str, side: str) -> Seat | None:
    pool = free(sitting, case, FUNCTIONS[role], side)
    if not pool:
        return None
    agreed = _agreed_mediator(case) if role == "mediator" else ""
    drawn = next((one for one in pool if one.person == agreed), None) or sitting.draw(pool)
    return Seat(case.next_seat, role, "person", drawn.person, side)


def _chairs(sitting: Sitting, case: Case) -> Iterator[e.SeatTaken]:
    """Every chair without a conflict: any one of them may act. A chair may sit in the panel as well."""
    held = {seat.holder for seat in case.seated(CHAIR)}
    chairs = (one for one in sitting.roster() if one.function == CHAIR and one.person not in held)
    able = (one for one in chairs if _tie(sitting, case, one.person, one.bodies) in ("", ROLE))
    for no, chair in enumerate(able, case.next_seat):
        yield e.SeatTaken(Seat(no, CHAIR, "person", chair.person, chair.side))


def _tie(sitting: Sitting, case: Case, person: str, bodies: frozenset[str], seat: int = 0) -> str:
    return tie(case, person, bodies, seat=seat, linked=sitting.linked(), owners=sitting.owners())


def _with(case: Case, seat: Seat) -> Case:
    return changed(case, seats=(*case.seats, seat), next_seat=seat.no + 1)


def _without(case: Case, seat: Seat, why: str) -> Case:
    left = (*case.left, Left(seat, why))
    return changed(case, seats=tuple(one for one in case.seats if one.no != seat.no), left=left)


def _agreed_mediator(case: Case) -> str:
    named = {case.mediators.get(seat.no, "") for seat in case.parties}
    return named.pop() if len(named) == 1 else ""
