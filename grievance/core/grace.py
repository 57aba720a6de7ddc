"""Grace is for a reason: whoever acts after the due day, while silence has no consequence yet, says why it comes late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from grievance.core.case import Case
from grievance.core.errors import Invalid, say
from grievance.core.procedure import ANYWHERE, TURNS, Move, Procedure, Stage, starts_in

REASON = "late_reason"
"""What is asked; it is kept with the exchange, so whoever is told of the move reads it."""


def waits_for(stage: Stage, move: Move) -> bool:
    """Whether the grace of this stage is time for this move: a way on, made by those whose turn it is.

    Where several answer, each one's move stays, and what follows at once leads on when all of them have.
    """
    on = move.to != stage.id if move.to else bool(stage.at_once and move.does)
    own = stage.grace is not None and on and ANYWHERE not in move.source and move.name not in stage.at_once
    return (
        own and "extend" not in move.does and starts_in(move, stage) and bool(set(TURNS[stage.turn][1]) & set(move.by))
    )


def asks_of(procedure: Procedure, case: Case, move: Move, role: str, at: datetime) -> tuple[str, ...]:
    """What this move asks of this role now: in the grace the reason too, and last."""
    stage, clock = procedure.stages[case.stage], case.stage_clock
    late = clock is not None and at >= clock.due_at and role in TURNS[stage.turn][1] and waits_for(stage, move)
    return (*move.asks, REASON) if late and REASON not in move.asks else move.asks


def must_say_why(asks: Iterable[str], words: Mapping[str, str]) -> None:
    """Raises Invalid where the reason is asked and not given: the form that asked before the due day did not ask it."""
    if REASON in asks and REASON not in words:
        raise Invalid({REASON: say("The date has passed. Say why it comes late: grace is for a reason.")})
