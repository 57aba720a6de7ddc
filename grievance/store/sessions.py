"""Keeps sign-ins as rows that can be listed and ended, and counts wrong passwords."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from grievance.store.people import Person
from grievance.store.tables import EPOCH, people, sessions, throttle


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in that lasts."""

    id: bytes
    person: str
    began_at: datetime
    seen_at: datetime


_SESSION = (
    select(sessions, people).join(people, people.c.id == sessions.c.person).where(sessions.c.id == bindparam("id"))
)
"""Built once: nearly every request asks it."""


def open_session(tx: Connection, session_id: bytes, person_id: str, now: datetime) -> None:
    """A sign-in begins."""
    tx.execute(insert(sessions).values(id=session_id, person=person_id, began_at=now, seen_at=now))


def session(tx: Connection, session_id: bytes) -> tuple[Session, Person] | None:
    """By the hash of its token, with whoever signed in."""
    row = tx.execute(_SESSION, {"id": session_id}).one_or_none()
    size = len(sessions.c)
    return (Session(*row[:size]), Person(*row[size:])) if row else None


def sessions_of(tx: Connection, person_id: str) -> tuple[Session, ...]:
    """Somebody's sign-ins, newest first."""
    query = select(sessions).where(sessions.c.person == person_id).order_by(sessions.c.began_at.desc())
    return tuple(Session(*row) for row in tx.execute(query))


def touch_session(tx: Connection, session_id: bytes, now: datetime) -> None:
    """It was used."""
    tx.execute(update(sessions).where(sessions.c.id == session_id).values(seen_at=now))


def close_session(tx: Connection, session_id: bytes, person_id: str) -> bool:
    """Ends one of somebody's own sign-ins; False when it is not theirs."""
    done = tx.execute(delete(sessions).where(sessions.c.id == session_id, sessions.c.person == person_id))
    return bool(done.rowcount)


def close_sessions(tx: Connection, person_id: str, but: bytes = b"") -> int:
    """Ends somebody's sign-ins, all but this one; returns how many."""
    return tx.execute(delete(sessions).where(sessions.c.person == person_id, sessions.c.id != but)).rowcount


def failures(tx: Connection, key: bytes) -> tuple[int, datetime | None]:
    """How often a sign-in failed under this key in a row, and when last; whoever asks next waits for this transaction."""
    insert_or_not = (sqlite_insert if tx.dialect.name == "sqlite" else postgresql_insert)(throttle)
    tx.execute(insert_or_not.values(key=key, failures=0, last_at=EPOCH).on_conflict_do_nothing())
    query = select(throttle.c.failures, throttle.c.last_at).where(throttle.c.key == key).with_for_update()
    count, last_at = tx.execute(query).one()
    return count, last_at if count else None


def count_failure(tx: Connection, key: bytes, count: int, now: datetime) -> None:
    """Notes the `count`-th failure in a row."""
    tx.execute(update(throttle).where(throttle.c.key == key).values(failures=count, last_at=now))


def forget_failures(tx: Connection, key: bytes) -> None:
    """They got in."""
    tx.execute(delete(throttle).where(throttle.c.key == key))
