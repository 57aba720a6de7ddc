"""What must hold before issues go to another body: safety may go, reprisal never does."""

from __future__ import annotations

from grievance.core.errors import say
from grievance.core.rules.rule import Cap, Question, Wants, rule
from grievance.core.visibility import OFFICE

SAFETY, REPRISAL = "osh", "retaliation"


@rule(say("None of the issues is about safety. Do the triage first."), wants=Wants(one_of=OFFICE, free=True))
def has_osh_issue(q: Question) -> bool:
    return any(issue.category == SAFETY for issue in q.case.issues)


@rule(say("All of it is about safety: hand over the whole case."), wants=Wants(free=True))
def has_other_issues(q: Question) -> bool:
    return any(issue.category != SAFETY for issue in q.case.issues)


@rule(say("Something else is in it, which stays here."), wants=Wants(free=True))
def only_osh_issues(q: Question) -> bool:
    return bool(q.case.issues) and not has_other_issues(q)


@rule(say("Somebody is punished for speaking up: that is never referred away."), wants=Wants(free=True))
def no_reprisal(q: Question) -> bool:
    return all(issue.category != REPRISAL for issue in q.case.issues) and REPRISAL not in q.case.about


@rule(say("It was handed over once already."), wants=Wants(free=True), cap=Cap(1, frozenset({"split_to_rsc"})))
def not_split_before(q: Question) -> bool:
    return q.case.moved.get("split_to_rsc", 0) < 1
