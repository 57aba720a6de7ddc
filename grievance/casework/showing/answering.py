"""Shows who is complained about and what each of them answered, beside each other, as far as a viewer may read it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from grievance.casework.parties import RespondentView
from grievance.core.case import Case
from grievance.core.matters import Actor, Respondent, Seat
from grievance.core.procedure import Procedure
from grievance.core.visibility import sees_answers, sees_party_names
from grievance.store import people

RESPONDENT = "respondent"


def respondents(
    tx: Connection, case: Case, mine: tuple[Actor, ...], names: Mapping[str, str]
) -> tuple[RespondentView, ...]:
    """Everybody who is complained about, whether seated yet or not; nothing for whoever may not read the parties' names."""
    if not any(sees_party_names(actor.role, case) for actor in mine):
        return ()
    seats = {seat.holder: seat for seat in case.seated(RESPONDENT)}
    named = case.respondents
    if not {one.body for one in named} & set(seats):  # a person answers: for a brand, or about their own work
        place = named[0] if len(named) == 1 else None
        return tuple(_view(tx, case, mine, names, place or Respondent(seat.holder), seat) for seat in seats.values())
    return tuple(_view(tx, case, mine, names, one, seats.get(one.body)) for one in named)


def _view(
    tx: Connection,
    case: Case,
    mine: tuple[Actor, ...],
    names: Mapping[str, str],
    one: Respondent,
    seat: Seat | None,
) -> RespondentView:
    own = seat is not None and seat.no in {actor.seat for actor in mine}
    given = case.answers.get(seat.no) if seat else None
    readable = any(sees_answers(actor.role, case, own=own) for actor in mine)
    state = "hidden" if given and not readable else "answered" if given else "waiting"
    if seat and seat.no in case.unheard:
        state = "presumed"
    site = people.site(tx, one.site) if one.site else None
    return RespondentView(
        name=names.get(one.body, ""),
        site=one.site,
        site_name=site.name if site else "",
        buyers=tuple(names.get(buyer, "") for buyer in one.buyers),
        mine=own,
        state=state,
        answers=given if given and readable else {},
    )


def my_turn(case: Case, procedure: Procedure, mine: tuple[Actor, ...]) -> bool:
    """Whether something is waited for from the viewer: whoever has answered waits with the others for the last answer."""
    meant = [actor for actor in mine if actor.role in procedure.turn(case.turn)[1]]
    if case.turn == RESPONDENT and any("answer" in move.does for move in procedure.moves_from[case.stage]):
        return any(actor.seat not in case.answers for actor in meant)
    return bool(meant)


def presumed(case: Case, mine: tuple[Actor, ...]) -> bool:
    """Whether it is presumed as claimed: against the viewer, where the viewer answers; else against anybody."""
    own = {actor.seat for actor in mine if actor.role == RESPONDENT}
    return bool(own & set(case.unheard)) if own else case.presumed
