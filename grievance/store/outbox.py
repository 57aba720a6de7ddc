"""Notices that wait to be sent: written with the entry that causes them, claimed in batches, sent at least once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from grievance.store.tables import outbox, people


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice that waits."""

    id: int
    kind: str
    mail: str
    name: str
    language: str
    tries: int


def tell(tx: Connection, people_ids: Iterable[str], kind: str, cause: str, now: datetime) -> None:
    """A notice to each of these people that no case causes."""
    waiting = {"kind": kind, "cause": cause, "state": "waiting", "tries": 0, "next_at": now}
    rows = [{"person": person} | waiting for person in people_ids]
    if rows:
        tx.execute(insert(outbox), rows)


def claim_letter(tx: Connection, now: datetime, until: datetime) -> Letter | None:
    """The notice that is due longest, lent until then: who crashes with it in hand loses it to the next who asks."""
    query = (
        select(outbox.c.id, outbox.c.kind, people.c.mail, people.c.name, people.c.language, outbox.c.tries)
        .join(people, people.c.id == outbox.c.person)
        .where(outbox.c.state == "waiting", outbox.c.next_at <= now)
        .order_by(outbox.c.next_at, outbox.c.id)
        .limit(1)
    )
    if tx.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True, of=outbox)
    row = tx.execute(query).one_or_none()
    if row is None:
        return None
    tx.execute(update(outbox).where(outbox.c.id == row.id).values(next_at=until))
    return Letter(*row)


def settle_letter(tx: Connection, letter: int, state: str, tries: int, next_at: datetime) -> None:
    """What became of a notice."""
    tx.execute(update(outbox).where(outbox.c.id == letter).values(state=state, tries=tries, next_at=next_at))
