"""What a mediator causes, and what the parties do about a text that they could agree to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from grievance.core import events as e
from grievance.core.case import Case
from grievance.core.effects.effect import Given, effect
from grievance.core.errors import Invalid, say
from grievance.core.matters import Actor, Session
from grievance.core.seating import Sitting


@effect(reads=("session_on", "session_length", "place"))
def call_session(sitting: Sitting, case: Case, _: Actor, given: Given) -> Iterator[e.Event]:
    """A session at a moment to come."""
    yield _set(sitting, len(case.sessions) + 1, given)


@effect(reads=("which_session", "session_on", "session_length", "place"))
def put_off_session(sitting: Sitting, case: Case, _: Actor, given: Given) -> Iterator[e.Event]:
    """The same session at another moment; its invitation replaces the earlier one."""
    yield _set(sitting, _chosen(case, given).no, given)


@effect(reads=("which_session",))
def cancel_session(_: Sitting, case: Case, __: Actor, given: Given) -> Iterator[e.Event]:
    """It will not take place."""
    yield e.SessionCancelled(_chosen(case, given).no)


@effect(reads=("which_session", "came_complainant", "came_respondent"))
def note_attendance(sitting: Sitting, case: Case, _: Actor, given: Given) -> Iterator[e.Event]:
    """Who came, once the session has begun."""
    session = _chosen(case, given)
    if datetime.fromisoformat(session.at) > sitting.at:
        raise Invalid({"which_session": say("This session has not begun yet.")})
    came = {role: given.answers[f"came_{role}"] for role in ("complainant", "respondent")}
    yield e.AttendanceNoted(session.no, came)


@effect()
def propose_text(_: Sitting, case: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """The next version of the text; whoever signed an earlier one is asked again."""
    yield e.SettlementProposed(case.settlement + 1)


@effect()
def sign_text(_: Sitting, case: Case, actor: Actor, __: Given) -> Iterator[e.Event]:
    """One party signs the version that is on the table."""
    yield e.SettlementSigned(actor.role, case.settlement)


def _set(sitting: Sitting, no: int, given: Given) -> e.SessionSet:
    at = given.answers["session_on"]
    if datetime.fromisoformat(at) <= sitting.at:
        raise Invalid({"session_on": say("The session must lie in the future.")})
    words = {name: given.words[name] for name in ("place",) if name in given.words}
    return e.SessionSet(no, at, int(given.answers["session_length"]), words)


def _chosen(case: Case, given: Given) -> Session:
    for session in case.sessions:
        if str(session.no) == str(given.answers["which_session"]) and not session.cancelled:
            return session
    raise Invalid({"which_session": say("Choose a session from the list.")})
