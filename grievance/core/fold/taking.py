"""The office assesses, restates, releases and tries to reach people."""

from __future__ import annotations

from grievance.core import events as e
from grievance.core.case import Case, changed
from grievance.core.fold.folding import folds
from grievance.core.matters import Respondent


@folds(e.Assessed)
def assessed(case: Case, event: e.Assessed, _: e.Entry) -> Case:
    return changed(
        _not_out(case),
        category=event.category,
        severity=event.severity,
        lane=event.lane,
        site=event.site,
        respondents=(Respondent(event.respondent, event.site, event.buyers), *event.others) if event.respondent else (),
        issues=event.issues,
    )


def _not_out(case: Case) -> Case:
    """What is new in a case that was opened again is read by nobody before it is released: neither text nor triage."""
    return changed(case, released_at=None, reopened=False) if case.reopened else case


@folds(e.LaneSet)
def lane_set(case: Case, event: e.LaneSet, _: e.Entry) -> Case:
    return changed(case, lane=event.lane)


@folds(e.Restated)
def restated(case: Case, event: e.Restated, _: e.Entry) -> Case:
    case = changed(_not_out(case), second_asked="")  # whoever was asked was asked about another text
    return changed(case, restated=case.restated + 1, could_have_written=event.could_have_written)


@folds(e.Released)
def released(case: Case, event: e.Released, entry: e.Entry) -> Case:
    return changed(case, released_at=event.arrives or entry.at, reopened=False, second_asked="")


@folds(e.Recalled)
def recalled(case: Case, _: e.Recalled, __: e.Entry) -> Case:
    return changed(case, released_at=None, reopened=False)


@folds(e.SecondAsked)
def second_asked(case: Case, event: e.SecondAsked, _: e.Entry) -> Case:
    return changed(case, second_asked=event.person)


@folds(e.SecondAnswered)
def second_answered(case: Case, _: e.SecondAnswered, __: e.Entry) -> Case:
    return changed(case, second_asked="")


@folds(e.ConsentSet)
def consent_set(case: Case, event: e.ConsentSet, _: e.Entry) -> Case:
    standing = {scope: seat for scope, seat in case.withdrawn.items() if scope != event.scope}
    # Said twice, it was taken back the first time.
    seat = case.withdrawn.get(event.scope, case.next_seat)
    withdrawn = standing if event.given else {**standing, event.scope: seat}
    return changed(case, consents={**case.consents, event.scope: event.given}, withdrawn=withdrawn)


@folds(e.Attempted)
def attempted(case: Case, event: e.Attempted, entry: e.Entry) -> Case:
    return changed(case, attempts=(*case.attempts, (entry.at.date().isoformat(), event.channel)))
