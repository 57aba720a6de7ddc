"""What must hold before a move: a closed vocabulary, one module a subject."""

from __future__ import annotations

from grievance.core.errors import Said, say
from grievance.core.procedure import Move
from grievance.core.rules import (  # noqa: F401  each enters what it holds
    answering,
    conduct,
    deciding,
    mediating,
    members,
    purchasing,
    referring,
    remedying,
    seating,
    taking,
)
from grievance.core.rules.rule import RULES, Cap, Question, Rule, Wants

__all__ = ["RULES", "Cap", "Question", "Rule", "Wants", "why_not"]


ALWAYS = ("not_complained_about",)
"""What every move of every procedure needs without saying so."""


def why_not(question: Question, move: Move) -> Said | None:
    """None when the one who asks may make this move now, else the first reason why not."""
    case, procedure = question.case, question.procedure
    if move not in procedure.moves_from[case.stage]:
        return say("The case is not at a stage where this can be done.")
    if question.actor.role not in move.by:
        return say("This is for somebody else to do.")
    for name in (*ALWAYS, *move.needs):
        if not RULES[name].holds(question):
            return RULES[name].why(question)
    return None
