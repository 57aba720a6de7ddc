"""The parties answer, or stay silent, and choose a mediator."""

from __future__ import annotations

from dataclasses import replace

from grievance.core import events as e
from grievance.core.case import Case
from grievance.core.fold.folding import folds


@folds(e.Answered)
def answered(case: Case, event: e.Answered, _: e.Entry) -> Case:
    issues = tuple(replace(issue, answer=event.issues.get(issue.no, issue.answer)) for issue in case.issues)
    return replace(case, issues=issues, answered=True, presumed=False)


@folds(e.Presumed)
def presumed(case: Case, _: e.Presumed, __: e.Entry) -> Case:
    return replace(case, presumed=True)


@folds(e.Marked)
def marked(case: Case, event: e.Marked, _: e.Entry) -> Case:
    return replace(case, marks=(*(mark for mark in case.marks if mark != event.why), event.why))


@folds(e.MediatorNamed)
def mediator_named(case: Case, event: e.MediatorNamed, _: e.Entry) -> Case:
    return replace(case, mediators={**case.mediators, event.role: event.person})
