"""Moves are made, and people write beside them."""

from __future__ import annotations

from grievance.core import events as e
from grievance.core.case import Case, changed
from grievance.core.fold.folding import folds
from grievance.core.visibility import OUTSIDE, SETTLED

ASKED = OUTSIDE | {"parties"}
"""Turns in which something is asked of those outside: from then on they know that a case was opened again."""


@folds(e.Moved)
def moved(case: Case, event: e.Moved, entry: e.Entry) -> Case:
    case = _alone(case, entry)
    moved = {**case.moved, event.move: case.moved.get(event.move, 0) + 1}
    if event.counted:
        case = changed(case, made={**case.made, event.move: entry.at})
    said = {**case.said, event.move: (*case.said.get(event.move, ()), entry.actor.seat)}
    if event.to == event.source:
        return changed(case, moved=moved, said=said, acted=(*case.acted, entry.actor.seat))
    silent = (*case.silent, (event.source, case.turn)) if entry.actor.role == e.CLOCK else case.silent
    if case.final:
        # Opened again: issues may change, so nobody's old view counts, and every respondent is asked anew.
        # What was thought in a review that nobody decided stays sealed, like what was thought where nobody decided at all.
        told = case.decided not in ("", SETTLED) and not case.anew
        unopened = case.unopened if told else entry.seq
        case = changed(
            case, unopened=unopened, answers={}, unheard=(), positions={}, views_open=False, dissent=(), anew=()
        )
        case = changed(case, decided="", decided_at=None, signed={}, reopened=case.released_at is not None)
        case = changed(case, unsaid=case.unsaid or (entry.seq if case.seated(*OUTSIDE) else 0))
    return changed(
        case,
        moved=moved,
        said={},
        acted=(),
        silent=silent,
        stage=event.to,
        turn=event.turn,
        final=event.final,
        entered_at=entry.at,
        ended_at=entry.at if event.final else None,
        mediators={},
        unsaid=0 if event.turn in ASKED else case.unsaid,
    )


@folds(e.MessageSent)
def message_sent(case: Case, _: e.MessageSent, entry: e.Entry) -> Case:
    return _alone(case, entry)


def _alone(case: Case, entry: e.Entry) -> Case:
    """Whoever comes back with the number of a case, or takes it in hand, takes it out of those that came in a flood."""
    return changed(case, bulk="", aside_at=None) if case.bulk and entry.actor.role != e.CLOCK else case


@folds(e.ContactRead)
@folds(e.Noted)
@folds(e.OriginalTaken)
@folds(e.Translated)
def nothing(case: Case, _: e.Event, __: e.Entry) -> Case:
    return case
