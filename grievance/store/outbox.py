"""Notices that wait to be sent: written with the entry that causes them, claimed in batches, sent at least once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

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
    sealed: str | None = None


def tell(tx: Connection, people_ids: Iterable[str], kind: str, cause: str, now: datetime) -> None:
    """A notice to each of these people that no case causes."""
    waiting = {"kind": kind, "cause": cause, "state": "waiting", "tries": 0, "next_at": now}
    rows = [{"person": person} | waiting for person in people_ids]
    if rows:
        tx.execute(insert(outbox), rows)


def post(tx: Connection, person: str, kind: str, cause: str, now: datetime, sealed: str) -> None:
    """A letter with a link in it, which only the one who sends it can open."""
    waiting = {"kind": kind, "cause": cause, "state": "waiting", "tries": 0, "next_at": now, "sealed": sealed}
    tx.execute(insert(outbox).values(person=person, **waiting))


def withdraw(tx: Connection, person: str, kind: str) -> None:
    """Letters of this kind that wait for somebody are not sent any more."""
    mine = (outbox.c.person == person, outbox.c.kind == kind, outbox.c.state == "waiting")
    tx.execute(delete(outbox).where(*mine))


def claim_letter(tx: Connection, now: datetime, until: datetime) -> Letter | None:
    """The notice that is due longest, lent until then: who crashes with it in hand loses it to the next who asks."""
    query = (
        select(
            outbox.c.id, outbox.c.kind, people.c.mail, people.c.name, people.c.language, outbox.c.tries, outbox.c.sealed
        )
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
    """What became of a notice. A link in it is gone as soon as nobody tries to send it any more."""
    settled = update(outbox).where(outbox.c.id == letter).values(state=state, tries=tries, next_at=next_at)
    tx.execute(settled if state == "waiting" else settled.values(sealed=None))
