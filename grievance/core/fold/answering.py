"""The parties answer, or stay silent, and choose a mediator."""

from __future__ import annotations

from grievance.core import events as e
from grievance.core.case import Case, changed
from grievance.core.fold.folding import folds
from grievance.core.purchasing import ORDER_REASONS, SILENT


@folds(e.Answered)
def answered(case: Case, event: e.Answered, entry: e.Entry) -> Case:
    seat = entry.actor.seat
    unheard = tuple(no for no in case.unheard if no != seat)
    return changed(case, answers={**case.answers, seat: event.issues}, unheard=unheard)


@folds(e.Presumed)
def presumed(case: Case, event: e.Presumed, _: e.Entry) -> Case:
    return changed(case, unheard=event.seats or tuple(seat.no for seat in case.awaited))


@folds(e.Marked)
def marked(case: Case, event: e.Marked, _: e.Entry) -> Case:
    alarm = SILENT if event.why == ORDER_REASONS else case.alarm
    return changed(case, marks=(*(mark for mark in case.marks if mark != event.why), event.why), alarm=alarm)


@folds(e.MediatorNamed)
def mediator_named(case: Case, event: e.MediatorNamed, entry: e.Entry) -> Case:
    return changed(case, mediators={**case.mediators, entry.actor.seat: event.person})
