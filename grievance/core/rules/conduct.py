"""What must hold while a complaint about ourselves is heard: nobody judges what is about himself, and a fault is put right."""

from __future__ import annotations

from grievance.core import panel
from grievance.core.errors import say
from grievance.core.rules.rule import Cap, Question, Wants, rule

UPHELD = frozenset({"upheld", "partly"})
TELLERS = frozenset({"operator", "chair"})


@rule(say("This is about you or about your own work: others look at it."), wants=Wants(free=True))
def not_complained_about(q: Question) -> bool:
    return not q.actor.person or q.actor.person not in {*q.case.named, *q.case.out} or q.actor.role == "respondent"


@rule(say("Two sides do not say the same yet."), wants=Wants(sides=2, free=True))
def two_sides_find(q: Question) -> bool:
    return bool(q.case.said.get("judge")) and panel.two_sides(q.case) is not None


@rule(say("The outside person has not decided yet."), wants=Wants(one_of=frozenset({"outside"})))
def outside_found(q: Question) -> bool:
    return q.case.spoke("conclude", "outside")


@rule(say("The outside person was asked already, and that decision is the last."), wants=Wants(free=True))
def first_time_outside(q: Question) -> bool:
    return q.case.moved.get("ask_outside", 0) < 1


@rule(say("The outside person was asked once already."), wants=Wants(free=True), cap=Cap(1, frozenset({"ask_outside"})))
def not_asked_outside(q: Question) -> bool:
    return q.case.moved.get("ask_outside", 0) < 1


@rule(say("No fault of ours was found."), wants=Wants(free=True))
def fault_found(q: Question) -> bool:
    return any(issue.outcome in UPHELD for issue in q.case.issues)


@rule(say("It was heard, so it cannot count as not taken."), wants=Wants(free=True))
def nothing_found(q: Question) -> bool:
    return not q.case.decided


@rule(say("Tell the complainant first what is put right, and how."), wants=Wants(one_of=TELLERS))
def complainant_told(q: Question) -> bool:
    return bool(q.case.said.get("tell_complainant"))
