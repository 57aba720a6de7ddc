"""Notices that wait to be sent: written with the entry that causes them, claimed by person, sent at least once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, select, update

from grievance.store.changes import Notice
from grievance.store.tables import outbox, people


@dataclass(frozen=True, slots=True)
class Letter:
    """What waits for one person: how many notices of each kind, or one notice with a link, lent until a moment."""

    person: str
    mail: str
    language: str
    kinds: Mapping[str, int]
    tries: int
    until: datetime
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


def unknown(tx: Connection, notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Those that were never told, of people who have an account here."""
    found = []
    for one in notices:
        told = select(outbox.c.id).where(
            outbox.c.person == one.person, outbox.c.kind == one.kind, outbox.c.cause == one.cause
        )
        known = select(people.c.id).where(people.c.id == one.person)
        if tx.execute(known).first() and not tx.execute(told).first():
            found.append(one)
    return tuple(found)


def newest_cause(tx: Connection, kind: str) -> str:
    """The last cause, as texts are ordered, of all notices of a kind; empty where there was none."""
    return tx.execute(select(func.max(outbox.c.cause)).where(outbox.c.kind == kind)).scalar_one() or ""


def withdraw(tx: Connection, person: str, kind: str) -> None:
    """Letters of this kind that wait for somebody are not sent any more."""
    mine = (outbox.c.person == person, outbox.c.kind == kind, outbox.c.state == "waiting")
    tx.execute(delete(outbox).where(*mine))


def claim_letter(tx: Connection, now: datetime, until: datetime) -> Letter | None:
    """Everything that waits for the person who has waited longest, lent until then.

    Who crashes with it in hand loses it to the next who asks. A notice with a link is a letter of its own. What waits for a
    closed account waits until it is opened again.
    """
    query = (
        select(outbox.c.id, outbox.c.person, people.c.mail, people.c.language, outbox.c.sealed)
        .join(people, people.c.id == outbox.c.person)
        .where(outbox.c.state == "waiting", outbox.c.next_at <= now)
        .where(people.c.active | outbox.c.sealed.is_not(None))  # who is invited is not active yet
        .order_by(outbox.c.next_at, outbox.c.id)
        .limit(1)
    )
    if tx.dialect.name == "postgresql":  # the person is the lock: two processes must not share what waits for one
        query = query.with_for_update(skip_locked=True, of=people, key_share=True)
    while (row := tx.execute(query).one_or_none()) is not None:
        mine = _waiting(row.person)
        mine = (*mine, outbox.c.id == row.id) if row.sealed else (*mine, outbox.c.sealed.is_(None))
        lent = update(outbox).where(*mine, outbox.c.next_at <= now).values(next_at=until)
        found = tx.execute(lent.returning(outbox.c.kind, outbox.c.tries)).all()
        if found:  # else another process had it between the question and the lock
            kinds = Counter(kind for kind, _ in found)
            return Letter(row.person, row.mail, row.language, kinds, max(t for _, t in found), until, row.sealed)
    return None


def settle_letter(tx: Connection, letter: Letter) -> None:
    """It was sent. A link in it is gone as soon as nobody tries to send it any more."""
    tx.execute(update(outbox).where(*_lent(letter)).values(state="sent", tries=outbox.c.tries + 1, sealed=None))


def put_back(tx: Connection, letter: Letter, next_at: datetime, most: int) -> None:
    """It was not sent: it waits until then, and after `most` tries it is dead."""
    tries = outbox.c.tries + 1
    state = case((tries >= most, "dead"), else_="waiting")
    sealed = case((tries >= most, None), else_=outbox.c.sealed)
    tx.execute(update(outbox).where(*_lent(letter)).values(state=state, tries=tries, next_at=next_at, sealed=sealed))


def _waiting(person: str) -> tuple[ColumnElement[bool], ...]:
    return (outbox.c.person == person, outbox.c.state == "waiting")


def _lent(letter: Letter) -> tuple[ColumnElement[bool], ...]:
    same = outbox.c.sealed == letter.sealed if letter.sealed else outbox.c.sealed.is_(None)
    return (*_waiting(letter.person), outbox.c.next_at == letter.until, same)
