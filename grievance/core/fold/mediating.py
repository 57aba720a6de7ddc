"""The mediator calls sessions and notes who came; a text is proposed, and signed by each side."""

from __future__ import annotations

from typing import Any

from grievance.core import events as e
from grievance.core.case import Case, changed
from grievance.core.fold.folding import folds, renewed
from grievance.core.matters import Session


@folds(e.SessionSet)
def session_set(case: Case, event: e.SessionSet, entry: e.Entry) -> Case:
    before = next((one for one in case.sessions if one.no == event.no), None)
    if before:
        return _session(case, event.no, seq=entry.seq, at=event.at, hours=event.hours, changed=before.changed + 1)
    return changed(case, sessions=(*case.sessions, Session(event.no, entry.seq, event.at, event.hours)))


@folds(e.SessionCancelled)
def session_cancelled(case: Case, event: e.SessionCancelled, _: e.Entry) -> Case:
    times = next(one.changed for one in case.sessions if one.no == event.no)
    return _session(case, event.no, cancelled=True, changed=times + 1)


@folds(e.AttendanceNoted)
def attendance_noted(case: Case, event: e.AttendanceNoted, _: e.Entry) -> Case:
    return _session(case, event.no, came=event.came)


@folds(e.SettlementProposed)
def settlement_proposed(case: Case, event: e.SettlementProposed, _: e.Entry) -> Case:
    return changed(case, settlement=event.version, signed={}, said={})


@folds(e.SettlementSigned)
def settlement_signed(case: Case, event: e.SettlementSigned, entry: e.Entry) -> Case:
    return changed(case, signed={**case.signed, entry.actor.seat: event.version})


def _session(case: Case, no: int, **changes: Any) -> Case:
    return changed(case, sessions=renewed(case.sessions, no, **changes))
