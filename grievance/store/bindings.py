"""Keeps who somebody is at the provider of their organisation, and that an answer of a provider is taken once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from grievance.store.schema import inserting
from grievance.store.tables import bindings, bodies, challenges


@dataclass(frozen=True, slots=True)
class Binding:
    """One row, with the name of the organisation."""

    issuer: str
    subject: str
    person: str
    body: str
    made_at: datetime
    name: str


_BINDING = select(bindings, bodies.c.name).join(bodies, bodies.c.id == bindings.c.body)


def holder(tx: Connection, issuer: str, subject: str) -> str | None:
    """Who this is here, if it is known."""
    mine = (bindings.c.issuer == issuer, bindings.c.subject == subject)
    return tx.execute(select(bindings.c.person).where(*mine)).scalar_one_or_none()


def of(tx: Connection, person: str) -> tuple[Binding, ...]:
    """Somebody's, by organisation."""
    rows = tx.execute(_BINDING.where(bindings.c.person == person).order_by(bodies.c.name, bindings.c.issuer))
    return tuple(Binding(*row) for row in rows)


def bind(tx: Connection, issuer: str, subject: str, person: str, body: str, now: datetime) -> bool:
    """From now on this is them; False when it is somebody already, or they are somebody else there."""
    row = {"issuer": issuer, "subject": subject, "person": person, "body": body, "made_at": now}
    added = inserting(tx, bindings).values(**row).on_conflict_do_nothing()
    return bool(tx.execute(added.returning(bindings.c.person)).all())


def unbind(tx: Connection, person: str, body: str) -> int:
    """They are nobody at the provider of this organisation any more; returns how many rows that were."""
    return tx.execute(delete(bindings).where(bindings.c.person == person, bindings.c.body == body)).rowcount


def take(tx: Connection, answer: bytes, until: datetime, now: datetime) -> bool:
    """An answer is taken: of two who bring the same one, one gets True. It is remembered as long as it could come again."""
    tx.execute(delete(challenges).where(challenges.c.until_at <= now))
    row = {"id": answer, "challenge": b"", "until_at": until}
    added = inserting(tx, challenges).values(**row).on_conflict_do_nothing()
    return bool(tx.execute(added.returning(challenges.c.id)).all())
