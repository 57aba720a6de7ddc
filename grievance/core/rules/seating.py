"""What must hold before somebody is challenged, struck or found to have a conflict of interest."""

from __future__ import annotations

from grievance.core.errors import say
from grievance.core.rules.rule import NEUTRALS, Question, Wants, rule
from grievance.core.seating import FUNCTIONS


@rule(say("Nobody sits on the panel of this case yet."), wants=Wants(free=True))
def somebody_sits(q: Question) -> bool:
    return bool(q.case.seated(*FUNCTIONS))


@rule(say("No challenge is open."), wants=Wants(free=True))
def challenge_open(q: Question) -> bool:
    return bool(q.case.challenged)


@rule(
    say("Your side has struck a neutral already, or the neutral has spoken, or none is seated."),
    wants=Wants(all_of=NEUTRALS, free=True),
)
def strike_left(q: Question) -> bool:
    seat = q.case.seat(q.actor.seat)
    neutrals = q.case.seated("neutral")
    spoken = any(neutral.no in q.case.acted or neutral.no in q.case.positions for neutral in neutrals)
    return seat is not None and seat.side not in q.case.struck and bool(neutrals) and not spoken
