"""Keeps sign-ins as rows that can be listed and ended, and counts wrong passwords."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from grievance.store.people import BODY, Body, Person
from grievance.store.schema import inserting
from grievance.store.tables import EPOCH, bodies, halves, members, people, sessions, throttle


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in that lasts; when and by what its holder last showed who they are."""

    id: bytes
    person: str
    began_at: datetime
    seen_at: datetime
    proved_at: datetime
    proved_by: str
    through: str


_SESSION = (
    select(sessions, people).join(people, people.c.id == sessions.c.person).where(sessions.c.id == bindparam("id"))
)
_SIGNED_IN = (
    _SESSION.add_columns(*BODY)
    .outerjoin(members, members.c.person == people.c.id)
    .outerjoin(bodies, bodies.c.id == members.c.body)
    .order_by(bodies.c.name)
)
"""Built once: every page of somebody who signed in asks it."""


def open_session(
    tx: Connection, session_id: bytes, person_id: str, now: datetime, by: str, *, through: str = ""
) -> None:
    """A sign-in begins, by "password", "totp", "code", "passkey" or "organisation"; `through` which one, or none."""
    row = {"id": session_id, "person": person_id, "began_at": now, "seen_at": now, "proved_at": now, "proved_by": by}
    tx.execute(insert(sessions).values(**row, through=through))


def prove_session(tx: Connection, session_id: bytes, now: datetime, by: str) -> None:
    """Whoever holds it has just shown again who they are."""
    tx.execute(update(sessions).where(sessions.c.id == session_id).values(proved_at=now, proved_by=by))


def open_half(
    tx: Connection, half_id: bytes, person_id: str, until: datetime, now: datetime, *, through: str = ""
) -> None:
    """The password was right, or an organisation vouched; the second step is waited for. What was not finished in time goes."""
    tx.execute(delete(halves).where(halves.c.until_at <= now))
    tx.execute(insert(halves).values(id=half_id, person=person_id, until_at=until, through=through))


def half(tx: Connection, half_id: bytes, now: datetime) -> str | None:
    """Whose half-open sign-in this is; None when it is unknown, used, or too old."""
    query = select(halves.c.person).where(halves.c.id == half_id, halves.c.until_at > now)
    return tx.execute(query).scalar_one_or_none()


def close_half(tx: Connection, half_id: bytes) -> str | None:
    """It is used up: of two who come at once, one gets through which organisation it was opened ("" for none), one None."""
    query = delete(halves).where(halves.c.id == half_id)
    return tx.execute(query.returning(halves.c.through)).scalar_one_or_none()


def session(tx: Connection, session_id: bytes) -> tuple[Session, Person] | None:
    """By the hash of its token, with whoever signed in."""
    row = tx.execute(_SESSION, {"id": session_id}).one_or_none()
    size = len(sessions.c)
    return (Session(*row[:size]), Person(*row[size:])) if row else None


def sessions_of(tx: Connection, person_id: str) -> tuple[Session, ...]:
    """Somebody's sign-ins, newest first."""
    query = select(sessions).where(sessions.c.person == person_id).order_by(sessions.c.began_at.desc())
    return tuple(Session(*row) for row in tx.execute(query))


def signed_in(tx: Connection, session_id: bytes) -> tuple[Session, Person, tuple[Body, ...]] | None:
    """By the hash of its token, with whoever signed in and the organisations that they belong to."""
    rows = tx.execute(_SIGNED_IN, {"id": session_id}).all()
    if not rows:
        return None
    one, two = len(sessions.c), len(sessions.c) + len(people.c)
    belongs = tuple(Body(*row[two:]) for row in rows if row[two] is not None)
    return Session(*rows[0][:one]), Person(*rows[0][one:two]), belongs


def touch_session(tx: Connection, session_id: bytes, now: datetime) -> None:
    """It was used."""
    tx.execute(update(sessions).where(sessions.c.id == session_id).values(seen_at=now))


def close_session(tx: Connection, session_id: bytes, person_id: str) -> bool:
    """Ends one of somebody's own sign-ins; False when it is not theirs."""
    done = tx.execute(delete(sessions).where(sessions.c.id == session_id, sessions.c.person == person_id))
    return bool(done.rowcount)


def close_sessions(tx: Connection, person_id: str, but: bytes = b"") -> int:
    """Ends somebody's sign-ins, all but this one, half-open ones too; returns how many were open."""
    tx.execute(delete(halves).where(halves.c.person == person_id))
    return tx.execute(delete(sessions).where(sessions.c.person == person_id, sessions.c.id != but)).rowcount


def close_through(tx: Connection, person_id: str, body: str) -> int:
    """Ends what somebody opened through an organisation, half-open ones too; returns how many sign-ins that were."""
    tx.execute(delete(halves).where(halves.c.person == person_id, halves.c.through == body))
    return tx.execute(delete(sessions).where(sessions.c.person == person_id, sessions.c.through == body)).rowcount


def failures(tx: Connection, key: bytes) -> tuple[int, datetime | None]:
    """How often a sign-in failed under this key in a row, and when last; whoever asks next waits for this transaction."""
    tx.execute(inserting(tx, throttle).values(key=key, failures=0, last_at=EPOCH).on_conflict_do_nothing())
    query = select(throttle.c.failures, throttle.c.last_at).where(throttle.c.key == key).with_for_update()
    count, last_at = tx.execute(query).one()
    return count, last_at if count else None


def count_failure(tx: Connection, key: bytes, count: int, now: datetime) -> None:
    """Notes the `count`-th failure in a row."""
    tx.execute(update(throttle).where(throttle.c.key == key).values(failures=count, last_at=now))


def forget_failures(tx: Connection, key: bytes) -> None:
    """They got in."""
    tx.execute(delete(throttle).where(throttle.c.key == key))
