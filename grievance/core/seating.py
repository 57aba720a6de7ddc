"""Who sits: the events that seat what a stage asks for, by lot among those without a conflict of interest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from grievance.core import events as e
from grievance.core.calendar import Calendar
from grievance.core.case import Case
from grievance.core.matters import Seat
from grievance.core.procedure import Procedure


@dataclass(frozen=True, slots=True)
class Place:
    """A site that an officer may match a complaint to: the organisation that runs it and the brands that buy there."""

    code: str
    body: str
    buyers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on the programme's roster: `function` is panel, neutral or mediator; `bodies` are whom they belong to."""

    person: str
    function: str
    side: str = ""
    bodies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sitting:
    """What the world lends to a case for one move: the rules, the day, who could sit, which sites exist, and the lot.

    `roster` and `places` are asked for when a move needs them: most need neither, and reading them is dear.
    """

    procedure: Procedure
    calendar: Calendar
    at: datetime
    draw: Callable[[Sequence[Candidate]], Candidate]
    roster: Callable[[], Sequence[Candidate]] = tuple
    places: Callable[[], Mapping[str, Place]] = dict


def free(sitting: Sitting, case: Case, function: str) -> list[Candidate]:
    """Who could sit: on the roster, of no organisation that is a party, and not in another seat of this case."""
    parties = {case.respondent, *case.buyers}
    taken = {seat.holder for seat in case.seats if seat.kind == "person"} | {case.assignee}
    return [
        candidate
        for candidate in sitting.roster()
        if candidate.function == function and candidate.person not in taken and not candidate.bodies & parties
    ]


def seats_for(sitting: Sitting, case: Case, wanted: str) -> Iterator[e.Event]:
    """The events that seat `wanted` (one of procedure.SEATS). Whoever is seated stays, except before a second neutral."""
    if wanted == "panel":
        yield from _panel(sitting, case)
        return
    if wanted == "chairs":
        yield from _chairs(sitting, case)
        return
    role = "neutral" if wanted == "second_neutral" else wanted
    if wanted == "second_neutral":
        yield from (e.SeatLeft(seat.no, "second_neutral") for seat in case.seated("neutral"))
    elif case.seated(role):
        return
    pool = free(sitting, case, "mediator" if wanted == "mediator" else "neutral")
    if pool:
        agreed = _agreed_mediator(case) if wanted == "mediator" else ""
        drawn = next((candidate for candidate in pool if candidate.person == agreed), None) or sitting.draw(pool)
        yield e.SeatTaken(Seat(case.next_seat, role, "person", drawn.person))


def _panel(sitting: Sitting, case: Case) -> Iterator[e.Event]:
    no = case.next_seat
    candidates = free(sitting, case, "panel")
    for side in sitting.procedure.sides:
        held = sum(1 for seat in case.seated("panel") if seat.side == side)
        pool = [candidate for candidate in candidates if candidate.side == side]
        for _ in range(min(sitting.procedure.seats_per_side - held, len(pool))):
            drawn = sitting.draw(pool)
            pool.remove(drawn)
            yield e.SeatTaken(Seat(no, "panel", "person", drawn.person, side))
            no += 1


def _chairs(sitting: Sitting, case: Case) -> Iterator[e.Event]:
    """Every chair without a conflict: any one of them may act. A chair may sit in the panel as well."""
    held = {seat.holder for seat in case.seated("chair")}
    parties = {case.respondent, *case.buyers}
    chairs = (one for one in sitting.roster() if one.function == "chair" and one.person not in held)
    free_ones = (one for one in chairs if not one.bodies & parties)
    for no, chair in enumerate(free_ones, case.next_seat):
        yield e.SeatTaken(Seat(no, "chair", "person", chair.person, chair.side))


def _agreed_mediator(case: Case) -> str:
    named = case.mediators
    return named.get("complainant", "") if named.get("complainant") == named.get("respondent") else ""
