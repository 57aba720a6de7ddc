"""An administrator ends sign-ins of somebody else, of a lost telephone for instance; the account stays open."""

from __future__ import annotations

from grievance.casework.desk import Desk, Viewer
from grievance.casework.house import recording
from grievance.casework.house.people import named_session
from grievance.core.errors import Refused, or_hidden, say
from grievance.store import people as rows
from grievance.store import sessions
from grievance.store.sessions import Session

__all__ = ["Session", "end", "end_all", "sign_ins"]


def sign_ins(desk: Desk, viewer: Viewer, person: str) -> tuple[Session, ...]:
    """Where somebody is signed in, newest first: since when and when last used, nothing else is kept. Raises Hidden."""
    recording.only(viewer)
    with desk.store.read() as tx:
        or_hidden(rows.person(tx, person))
        return sessions.sessions_of(tx, person)


def end(desk: Desk, viewer: Viewer, person: str, session_id: str) -> None:
    """One sign-in ends, named by its id in hex: at its next click that browser is asked to sign in. Raises Refused, Hidden."""
    with recording.deed(desk, viewer) as act:
        or_hidden(rows.person(act.tx, person))
        if not sessions.close_session(act.tx, named_session(session_id), person):
            raise Refused(say("This sign-in has ended already."))
        act.note("signed_out", person, n=1)


def end_all(desk: Desk, viewer: Viewer, person: str) -> None:
    """Every sign-in of somebody ends. Raises Refused where there is none, Hidden."""
    with recording.deed(desk, viewer) as act:
        or_hidden(rows.person(act.tx, person))
        ended = sessions.close_sessions(act.tx, person)
        if not ended:
            raise Refused(say("They are signed in nowhere."))
        act.note("signed_out", person, n=ended)
