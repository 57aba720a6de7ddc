"""A case is the fold of its ledger: `apply` is the only way in which a case changes, and it needs nothing but the entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from grievance.core import events as e
from grievance.core.case import Case, Clock
from grievance.core.matters import Remedy


def apply(case: Case, entry: e.Entry) -> Case:
    """The case after one entry. Raises KeyError for a kind that nobody taught it."""
    after = FOLD[type(entry.event)](case, entry.event, entry)
    return replace(after, seq=entry.seq)


def replay(case_id: str, entries: Iterable[e.Entry]) -> Case:
    """The case from its whole ledger."""
    case = Case(id=case_id)
    for entry in entries:
        case = apply(case, entry)
    return case


def _filed(case: Case, event: e.Filed, entry: e.Entry) -> Case:
    given = dict.fromkeys(event.consents, True) | dict.fromkeys(event.refusals, False)
    return replace(
        case,
        procedure=event.procedure,
        programme=event.programme,
        stage=event.stage,
        turn=event.turn,
        lane=event.lane,
        filer=event.filer,
        anonymity=event.anonymity,
        language=event.language,
        week=event.week,
        about=event.about,
        site=event.site,
        consents=given,
        filed_at=entry.at,
        entered_at=entry.at,
    )


def _seat_taken(case: Case, event: e.SeatTaken, _: e.Entry) -> Case:
    return replace(case, seats=(*case.seats, event.seat), next_seat=max(case.next_seat, event.seat.no + 1))


def _seat_left(case: Case, event: e.SeatLeft, _: e.Entry) -> Case:
    return replace(case, seats=tuple(seat for seat in case.seats if seat.no != event.no))


def _clock_set(case: Case, event: e.ClockSet, _: e.Entry) -> Case:
    clock = Clock(event.no, event.name, event.limit, event.due_at, event.rings, event.extended)
    # An agreement to more time is used up by the time that it gave: the next extension needs a new one.
    said = {move: seats for move, seats in case.said.items() if not (event.extended and move == "agree_extension")}
    return replace(case, clocks=(*case.clocks, clock), next_clock=max(case.next_clock, event.no + 1), said=said)


def _clock_stopped(case: Case, event: e.ClockStopped, _: e.Entry) -> Case:
    return replace(case, clocks=tuple(clock for clock in case.clocks if clock.no != event.no))


def _rang(case: Case, event: e.Rang, _: e.Entry) -> Case:
    clocks = tuple(replace(clock, rang=event.rung + 1) if clock.no == event.clock else clock for clock in case.clocks)
    return replace(case, clocks=clocks)


def _moved(case: Case, event: e.Moved, entry: e.Entry) -> Case:
    moved = {**case.moved, event.move: case.moved.get(event.move, 0) + 1}
    said = {**case.said, event.move: (*case.said.get(event.move, ()), entry.actor.seat)}
    if event.to == event.source:
        return replace(case, moved=moved, said=said)
    silent = (*case.silent, (event.source, case.turn)) if entry.actor.role == e.CLOCK else case.silent
    if case.final:
        # Opened again: issues may change, so nobody's old view counts, and the respondent is asked anew.
        case = replace(case, answered=False, presumed=False, positions={}, views_open=False, decided="", dissent=())
    return replace(
        case,
        moved=moved,
        said={},
        silent=silent,
        stage=event.to,
        turn=event.turn,
        final=event.final,
        entered_at=entry.at,
        ended_at=entry.at if event.final else None,
        mediators={},
    )


def _assigned(case: Case, event: e.Assigned, _: e.Entry) -> Case:
    return replace(case, assignee=event.person)


def _assessed(case: Case, event: e.Assessed, _: e.Entry) -> Case:
    return replace(
        case,
        category=event.category,
        severity=event.severity,
        lane=event.lane,
        site=event.site,
        respondent=event.respondent,
        buyers=event.buyers,
        issues=event.issues,
    )


def _restated(case: Case, event: e.Restated, _: e.Entry) -> Case:
    return replace(case, restated=case.restated + 1, could_have_written=event.could_have_written)


def _released(case: Case, _: e.Released, entry: e.Entry) -> Case:
    return replace(case, released_at=entry.at)


def _consent_set(case: Case, event: e.ConsentSet, _: e.Entry) -> Case:
    return replace(case, consents={**case.consents, event.scope: event.given})


def _answered(case: Case, event: e.Answered, _: e.Entry) -> Case:
    issues = tuple(replace(issue, answer=event.issues.get(issue.no, issue.answer)) for issue in case.issues)
    return replace(case, issues=issues, answered=True, presumed=False)


def _presumed(case: Case, _: e.Presumed, __: e.Entry) -> Case:
    return replace(case, presumed=True)


def _attempted(case: Case, event: e.Attempted, entry: e.Entry) -> Case:
    return replace(case, attempts=(*case.attempts, (entry.at.date().isoformat(), event.channel)))


def _position_taken(case: Case, event: e.PositionTaken, _: e.Entry) -> Case:
    return replace(case, positions={**case.positions, event.seat: event.outcomes})


def _views_opened(case: Case, _: e.ViewsOpened, __: e.Entry) -> Case:
    return replace(case, views_open=True)


def _table_changed(case: Case, remedies: tuple[Remedy, ...]) -> Case:
    """Nobody is held to a table that changed after they spoke; first views do not depend on it."""
    return replace(case, remedies=remedies, said={}, positions=case.positions if not case.views_open else {})


def _remedy_proposed(case: Case, event: e.RemedyProposed, _: e.Entry) -> Case:
    return _table_changed(case, (*case.remedies, event.remedy))


def _remedy_struck(case: Case, event: e.RemedyStruck, _: e.Entry) -> Case:
    return _table_changed(case, tuple(remedy for remedy in case.remedies if remedy.no != event.no))


def _decided(case: Case, event: e.Decided, _: e.Entry) -> Case:
    issues = tuple(replace(issue, outcome=event.outcomes.get(issue.no, issue.outcome)) for issue in case.issues)
    return replace(case, issues=issues, decided=event.how, dissent=event.dissent)


def _remedy(case: Case, no: int, **changes: Any) -> Case:
    return replace(
        case,
        remedies=tuple(replace(remedy, **changes) if remedy.no == no else remedy for remedy in case.remedies),
    )


def _remedy_ordered(case: Case, event: e.RemedyOrdered, _: e.Entry) -> Case:
    return _remedy(case, event.no, status="ordered", due=event.due)


def _remedy_reported(case: Case, event: e.RemedyReported, _: e.Entry) -> Case:
    return _remedy(case, event.no, status="reported")


def _remedy_missed(case: Case, event: e.RemedyMissed, _: e.Entry) -> Case:
    return _remedy(case, event.no, status="missed")


def _remedy_verified(case: Case, event: e.RemedyVerified, _: e.Entry) -> Case:
    seen = next(remedy.seen for remedy in case.remedies if remedy.no == event.no)
    return _remedy(case, event.no, seen={**seen, event.side: event.seen})


def _remedy_disputed(case: Case, event: e.RemedyDisputed, _: e.Entry) -> Case:
    again = tuple(
        replace(remedy, status="ordered", due=event.due, seen={}) if remedy.status in ("reported", "missed") else remedy
        for remedy in case.remedies
    )
    return replace(case, remedies=again)


def _mediator_named(case: Case, event: e.MediatorNamed, _: e.Entry) -> Case:
    return replace(case, mediators={**case.mediators, event.role: event.person})


def _nothing(case: Case, _: e.Event, __: e.Entry) -> Case:
    return case


FOLD: Mapping[type[e.Event], Callable[[Case, Any, e.Entry], Case]] = {
    e.Filed: _filed,
    e.SeatTaken: _seat_taken,
    e.SeatLeft: _seat_left,
    e.ClockSet: _clock_set,
    e.ClockStopped: _clock_stopped,
    e.Rang: _rang,
    e.Moved: _moved,
    e.Assigned: _assigned,
    e.Assessed: _assessed,
    e.Restated: _restated,
    e.Released: _released,
    e.ConsentSet: _consent_set,
    e.Answered: _answered,
    e.Presumed: _presumed,
    e.Attempted: _attempted,
    e.PositionTaken: _position_taken,
    e.ViewsOpened: _views_opened,
    e.RemedyProposed: _remedy_proposed,
    e.RemedyStruck: _remedy_struck,
    e.Decided: _decided,
    e.RemedyOrdered: _remedy_ordered,
    e.RemedyReported: _remedy_reported,
    e.RemedyMissed: _remedy_missed,
    e.RemedyVerified: _remedy_verified,
    e.RemedyDisputed: _remedy_disputed,
    e.MediatorNamed: _mediator_named,
    e.MessageSent: _nothing,
    e.Noted: _nothing,
}
