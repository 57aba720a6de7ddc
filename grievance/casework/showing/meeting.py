"""Meetings with a mediator as a viewer may see them: sessions, and the texts that both could agree to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from grievance.casework.parties import SessionView, Signing, TextView
from grievance.core.case import Case
from grievance.core.matters import Session
from grievance.core.visibility import MEETING


def sessions(case: Case, places: Mapping[int, str], roles: tuple[str, ...], now: datetime) -> tuple[SessionView, ...]:
    """The sessions in order, for those who meet; nothing for the panel, which stays out of what is said there."""
    return tuple(_view(one, places.get(one.seq, ""), now) for one in case.sessions) if MEETING & set(roles) else ()


def _view(session: Session, place: str, now: datetime) -> SessionView:
    at = datetime.fromisoformat(session.at)
    until = at + timedelta(hours=session.hours)
    return SessionView(session.no, at, until, place, session.cancelled, at <= now, session.changed, session.came)


def texts(case: Case, proposed: tuple[TextView, ...], names: Mapping[str, str]) -> tuple[TextView, ...]:
    """The versions of the settlement; the last one with who has to sign it, and who has. Of several, with their names."""
    several = len(case.seated("respondent")) > 1
    parties = tuple(
        Signing(
            seat.role,
            names.get(seat.holder, "") if several and seat.role == "respondent" else "",
            signed=case.signed.get(seat.no, 0) == case.settlement > 0,
        )
        for seat in case.seated("complainant", "respondent")
    )
    return (*proposed[:-1], *(replace(newest, parties=parties) for newest in proposed[-1:]))
