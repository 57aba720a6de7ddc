"""A manufacturer or an association complains about a brand: contacts, members, texts that were read, and orders."""

from __future__ import annotations

from grievance.core import events as e
from grievance.core.case import Case, changed
from grievance.core.fold.folding import folds
from grievance.core.purchasing import ANSWERED, ASKED


@folds(e.ContactNamed)
def contact_named(case: Case, event: e.ContactNamed, _: e.Entry) -> Case:
    return changed(case, contact=event.person, contact_independent=event.independent)


@folds(e.Pooled)
def pooled(case: Case, event: e.Pooled, _: e.Entry) -> Case:
    return changed(case, pooled=(event.members, event.largest))


@folds(e.TextApproved)
def text_approved(case: Case, _: e.TextApproved, __: e.Entry) -> Case:
    return changed(case, approved=case.restated)


@folds(e.OrdersRecorded)
def orders_recorded(case: Case, event: e.OrdersRecorded, _: e.Entry) -> Case:
    """New figures may be asked about anew; a question that is open stays open."""
    alarm = case.alarm if case.alarm == ASKED else ""
    return changed(case, orders=(event.filer, event.country, event.sign), compared=event.months, alarm=alarm)


@folds(e.ReasonsAsked)
def reasons_asked(case: Case, _: e.ReasonsAsked, __: e.Entry) -> Case:
    return changed(case, alarm=ASKED)


@folds(e.ReasonsGiven)
def reasons_given(case: Case, _: e.ReasonsGiven, __: e.Entry) -> Case:
    return changed(case, alarm=ANSWERED)
