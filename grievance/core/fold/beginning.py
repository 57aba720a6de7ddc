"""How a case begins, who sits in it, who works on it."""

from __future__ import annotations

from grievance.core import events as e
from grievance.core.case import Case, changed
from grievance.core.fold.folding import folds
from grievance.core.matters import BESIDE, Link


@folds(e.Filed)
def filed(case: Case, event: e.Filed, entry: e.Entry) -> Case:
    given = dict.fromkeys(event.consents, True) | dict.fromkeys(event.refusals, False)
    return changed(
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
        attended=event.attended,
        consents=given,
        filed_at=entry.at,
        entered_at=entry.at,
    )


@folds(e.SeatTaken)
def seat_taken(case: Case, event: e.SeatTaken, _: e.Entry) -> Case:
    after = event.seat.no + 1 if event.seat.no < BESIDE else 0
    return changed(case, seats=(*case.seats, event.seat), next_seat=max(case.next_seat, after))


@folds(e.Assigned)
def assigned(case: Case, event: e.Assigned, _: e.Entry) -> Case:
    return changed(case, assignee=event.person)


@folds(e.Linked)
def linked(case: Case, event: e.Linked, _: e.Entry) -> Case:
    return changed(case, links=(*case.links, Link(event.kind, event.case, event.ref)))


@folds(e.Unlinked)
def unlinked(case: Case, event: e.Unlinked, _: e.Entry) -> Case:
    left = tuple(link for link in case.links if (link.kind, link.case) != (event.kind, event.case))
    return changed(case, links=left)


@folds(e.KeptOut)
def kept_out(case: Case, event: e.KeptOut, _: e.Entry) -> Case:
    return changed(case, named=(*case.named, *event.named), out=(*case.out, *event.out))


@folds(e.ReceiptHanded)
def receipt_handed(case: Case, event: e.ReceiptHanded, _: e.Entry) -> Case:
    return changed(case, handed=event.how)
