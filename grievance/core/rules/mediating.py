"""What must hold while people meet with a mediator and sign a text."""

from __future__ import annotations

from grievance.core.errors import say
from grievance.core.rules.rule import PARTIES, Question, Wants, rule


@rule(say("No session is called."), wants=Wants(one_of=frozenset({"mediator"})))
def session_called(q: Question) -> bool:
    return any(not session.cancelled for session in q.case.sessions)


@rule(say("Every party must agree to the text."), wants=Wants(all_of=PARTIES, free=True))
def both_agree_settlement(q: Question) -> bool:
    signed, parties = q.case.signed, q.case.parties
    return bool(parties) and all(signed.get(seat.no, 0) == q.case.settlement > 0 for seat in parties)


@rule(say("You have signed this text already."), wants=Wants(free=True))
def not_signed(q: Question) -> bool:
    return q.case.signed.get(q.actor.seat, 0) != q.case.settlement or not q.case.settlement
