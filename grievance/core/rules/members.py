"""What must hold before some of those who complained together leave."""

from __future__ import annotations

from grievance.core.errors import say
from grievance.core.rules.rule import Question, Wants, rule

SPEAKS_FOR_OTHERS = frozenset({"union", "representative"})


@rule(
    say("Whoever complains alone withdraws the complaint. If you filed it with others, write to the officer."),
    wants=Wants(free=True),
)
def several_complain(q: Question) -> bool:
    """Who filed says so in the clear only for a union and a representative; for others the office knows."""
    return q.actor.role != "complainant" or q.case.filer in SPEAKS_FOR_OTHERS or q.case.members > 0


@rule(say("One person is left in it: to leave is to withdraw the complaint."), wants=Wants(free=True))
def somebody_can_leave(q: Question) -> bool:
    return q.case.members != 1
