"""Who may not sit: conflicts of interest are declared, detected or pointed at, and a side strikes a neutral."""

from __future__ import annotations

from grievance.core import events as e
from grievance.core.case import Case, changed
from grievance.core.fold.folding import folds
from grievance.core.matters import Left


def ended(case: Case, entry: e.Entry, no: int, why: str, kind: str = "") -> Case:
    """The case without this seat; who held it is remembered, for nobody sits twice."""
    gone = tuple(Left(seat, why, kind) for seat in case.seats if seat.no == no)
    if any(one.seat.role == "mediator" for one in gone):
        case = changed(case, confided=entry.seq)
    challenged = {seat: kind for seat, kind in case.challenged.items() if seat != no}
    seats = tuple(seat for seat in case.seats if seat.no != no)
    return changed(case, seats=seats, left=(*case.left, *gone), challenged=challenged)


@folds(e.SeatLeft)
def seat_left(case: Case, event: e.SeatLeft, entry: e.Entry) -> Case:
    return ended(case, entry, event.no, event.why)


@folds(e.Recused)
def recused(case: Case, event: e.Recused, entry: e.Entry) -> Case:
    positions = {seat: said for seat, said in case.positions.items() if seat != event.seat}
    return changed(ended(case, entry, event.seat, event.why, event.kind), positions=positions)


@folds(e.Tied)
def tied(case: Case, event: e.Tied, _: e.Entry) -> Case:
    return changed(case, tied={**case.tied, event.body: event.kind})


@folds(e.Challenged)
def challenged(case: Case, event: e.Challenged, _: e.Entry) -> Case:
    return changed(case, challenged={**case.challenged, event.seat: event.kind})


@folds(e.ChallengeDismissed)
def challenge_dismissed(case: Case, event: e.ChallengeDismissed, _: e.Entry) -> Case:
    return changed(case, challenged={seat: kind for seat, kind in case.challenged.items() if seat != event.seat})


@folds(e.NeutralStruck)
def neutral_struck(case: Case, event: e.NeutralStruck, _: e.Entry) -> Case:
    return changed(case, struck=(*case.struck, event.side))
