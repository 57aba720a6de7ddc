"""Who somebody is: signing in, staying signed in, signing out. A session is a row; its token is only in the cookie."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from grievance.casework.desk import Desk, Viewer
from grievance.casework.house import recording
from grievance.core.errors import GrievanceError, Hidden, Invalid, or_hidden, say
from grievance.store import cases, factors, setup
from grievance.store import people as rows
from grievance.store import sessions as sign_ins
from grievance.vault import hash_password, needs_rehash, new_password_faults, password_fits, token_hash

HALF = timedelta(minutes=5)
"""How long the second step is waited for, once the password was right."""
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
FREE_TRIES = 5
"""Wrong passwords in a row before somebody has to wait, twice as long each time, at most a quarter of an hour."""
LONGEST_WAIT = 900  # seconds

Session = sign_ins.Session


class WrongPassword(GrievanceError):
    """The mail address or the password does not fit; which of the two is not said."""

    def __init__(self) -> None:
        super().__init__(say("The mail address or the password does not fit. Try again, or ask for a new password."))


class TooMany(GrievanceError):
    """Too many wrong passwords in a row for this address."""

    def __init__(self, seconds: int) -> None:
        super().__init__(say("Too many tries. Wait {seconds} seconds, then try again.", seconds=seconds))


@dataclass(frozen=True, slots=True)
class Entry:
    """How far the password led: to a session with this token, or, not `whole`, to the question for the second step."""

    token: str
    whole: bool


def sign_in(desk: Desk, mail: str, password: str) -> Entry:
    """A fresh token: of a session, or of a sign-in that waits for the second step (`entering.second`).

    Raises WrongPassword or TooMany; an unknown address costs the same work and says the same.
    """
    key, now = throttle(desk, mail), desk.now()
    # The try is counted before it is known to fail: however many come at once, no more than these few are looked at.
    with desk.store.write() as tx:
        count_try(tx, key, now)
        someone = rows.person_by_mail(tx, mail.strip().lower())
    stored = someone.password if someone and someone.active else None
    if not password_fits(stored, password) or someone is None:
        raise WrongPassword
    token = secrets.token_urlsafe(32)
    with desk.store.write() as tx:
        if _changed(tx, someone):
            raise WrongPassword
        sign_ins.forget_failures(tx, key)
        if stored and needs_rehash(stored):
            rows.set_password(tx, someone.id, hash_password(password))
        whole = not factors.has_step(tx, someone.id)
        if whole:
            sign_ins.open_session(tx, token_hash(token), someone.id, now, "password")
        else:
            sign_ins.open_half(tx, token_hash(token), someone.id, now + HALF, now)
    return Entry(token, whole)


def _changed(tx: Connection, before: rows.Person) -> bool:
    """Whether the password that was hashed, slowly, is another one by now, or the account was closed.

    Whoever knows the old one and tries without a pause would else be in again a moment after its owner shut them out.
    """
    rows.lock(tx, before.id)
    now = rows.person(tx, before.id)
    return now is None or (now.password, now.active) != (before.password, before.active)


def throttle(desk: Desk, mail: str) -> bytes:
    """Under which key wrong passwords for an address are counted."""
    return desk.vault.mac("throttle", mail.strip().lower().encode())


def count_try(tx: Connection, key: bytes, now: datetime) -> None:
    """One more try, right or wrong; `forget_failures` takes them back. Raises TooMany."""
    count, last_at = sign_ins.failures(tx, key)
    if last_at is not None and count >= FREE_TRIES:
        wait = timedelta(seconds=min(LONGEST_WAIT, 2 ** min(count - FREE_TRIES + 3, 10)))
        if now < last_at + wait:
            raise TooMany(int((last_at + wait - now).total_seconds()) + 1)
    sign_ins.count_failure(tx, key, count + 1, now)


def whois(desk: Desk, token: str) -> Viewer | None:
    """Who holds this token; None when it is unknown, idle for half an hour, or twelve hours old."""
    now, key = desk.now(), token_hash(token)
    with desk.store.read() as tx:
        found = sign_ins.signed_in(tx, key)
        if found is None:
            return None
        session, someone, bodies = found
        if now - session.seen_at > IDLE or now - session.began_at > LONGEST or not someone.active:
            return None
        viewer = Viewer(someone.id, someone.name, someone.language, bodies, someone.administrator)
        # What the header of every page asks, read while the transaction is open: another one would be dearer.
        held = cases.roles_of(tx, someone.id, viewer.holders)
    if now - session.seen_at > timedelta(minutes=1):  # not at every page: a write for each look would be too dear
        with desk.store.write() as tx:
            sign_ins.touch_session(tx, key, now)
    return replace(viewer, held=held)


def sign_out(desk: Desk, viewer: Viewer, token: str) -> None:
    """The session ends everywhere at once."""
    with desk.store.write() as tx:
        sign_ins.close_session(tx, token_hash(token), viewer.person)


def my_sessions(desk: Desk, viewer: Viewer) -> tuple[Session, ...]:
    """Where the viewer is signed in, newest first."""
    with desk.store.read() as tx:
        return sign_ins.sessions_of(tx, viewer.person)


def session_id(token: str) -> bytes:
    """The id of the session that this token opened, so that a page can say which one is this browser's."""
    return token_hash(token)


def named_session(text: str) -> bytes:
    """The id of a session from its hex, as pages name it. Raises Hidden for anything else."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise Hidden from None


def end_session(desk: Desk, viewer: Viewer, session_id: str) -> None:
    """End another of the viewer's own sessions, named by its id in hex, with an entry. Raises Hidden when it is not theirs."""
    with recording.own(desk, viewer.person) as act:
        if not sign_ins.close_session(act.tx, named_session(session_id), viewer.person):
            raise Hidden
        act.note("signed_out", viewer.person, n=1)


def rename(desk: Desk, viewer: Viewer, name: str, language: str) -> None:
    """The viewer's own name and language. Another name has an entry: it stands on all that they did before."""
    with desk.store.write() as tx:
        someone = or_hidden(rows.person(tx, viewer.person))
        if name != someone.name:
            changes = recording.changed({"name": someone.name}, {"name": name})
            recording.note(desk, tx, viewer.person, "renamed", viewer.person, changes=changes)
        setup.change_person(tx, viewer.person, name=name, language=language)


def change_password(desk: Desk, viewer: Viewer, token: str, old: str, new: str) -> None:
    """Another password for the viewer; every sign-in but this one ends. Raises Invalid, or TooMany for wrong old ones."""
    now = desk.now()
    with desk.store.write() as tx:
        someone = or_hidden(rows.person(tx, viewer.person))
        key = throttle(desk, someone.mail)
        count_try(tx, key, now)
    wrong = Invalid({"old": say("This is not your password now. Try again, or ask for a new password by mail.")})
    if not password_fits(someone.password, old):
        raise wrong
    hashed = new_hash(new, "new", about=(someone.name, someone.mail))
    with recording.own(desk, viewer.person) as act:
        if _changed(act.tx, someone):
            raise wrong
        sign_ins.forget_failures(act.tx, key)
        rows.set_password(act.tx, viewer.person, hashed)
        sign_ins.close_sessions(act.tx, viewer.person, token_hash(token))
        act.note("password_changed", viewer.person)


def new_hash(password: str, field: str = "password", *, about: tuple[str, ...] = ()) -> str:
    """The slow hash of a new password. Raises Invalid, under the field's name, for one that is too easy.

    `about`: name and mail address of its owner, which count for nothing in it.
    """
    fault = new_password_faults(password, about)
    if fault is not None:
        raise Invalid({field: fault})
    return hash_password(password)
