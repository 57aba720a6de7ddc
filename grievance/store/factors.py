"""Keeps second steps and recovery codes, each used by one who comes first, and the challenges that passkeys sign."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from grievance.store.schema import inserting
from grievance.store.tables import challenges, factors

STEPS = ("passkey", "totp")
"""What is a second step; a recovery code only stands in for one."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One row; `kept` is what the vault sealed, or a passkey's id and public key; `count` is its last step or use."""

    id: str
    person: str
    kind: str
    name: str
    kept: str
    made_at: datetime
    used_at: datetime | None
    count: int


def add(tx: Connection, factor: Factor) -> bool:
    """One more; False when it is kept already."""
    row = {name: getattr(factor, name) for name in Factor.__slots__}
    added = inserting(tx, factors).values(**row).on_conflict_do_nothing().returning(factors.c.id)
    return tx.execute(added).scalar_one_or_none() is not None


def of(tx: Connection, person: str, *kinds: str) -> tuple[Factor, ...]:
    """Somebody's, of these kinds, in the order in which they were made."""
    query = select(factors).where(factors.c.person == person, factors.c.kind.in_(kinds))
    return tuple(Factor(*row) for row in tx.execute(query.order_by(factors.c.made_at, factors.c.id)))


def one(tx: Connection, factor_id: str) -> Factor | None:
    """By id."""
    row = tx.execute(select(factors).where(factors.c.id == factor_id)).one_or_none()
    return Factor(*row) if row else None


def count_of(tx: Connection, people: Iterable[str], *kinds: str) -> dict[str, int]:
    """How many of these kinds each of these people has; whoever has none is missing."""
    query = select(factors.c.person, func.count()).where(factors.c.person.in_(list(people)), factors.c.kind.in_(kinds))
    return dict(tx.execute(query.group_by(factors.c.person)).all())


def has_step(tx: Connection, person: str) -> bool:
    """Whether somebody has a second step."""
    return bool(count_of(tx, [person], *STEPS))


def advance(tx: Connection, factor_id: str, before: int, count: int, now: datetime) -> bool:
    """It was used, and counts `count` now; False when somebody used it since it counted `before`."""
    mine = (factors.c.id == factor_id, factors.c.count == before)
    return bool(tx.execute(update(factors).where(*mine).values(count=count, used_at=now)).rowcount)


def remove(tx: Connection, person: str, factor_id: str, *kinds: str) -> bool:
    """One of somebody's goes; False when it is not there: a recovery code that is used is removed by whoever is first."""
    mine = (factors.c.id == factor_id, factors.c.person == person, factors.c.kind.in_(kinds))
    return bool(tx.execute(delete(factors).where(*mine)).rowcount)


def remove_all(tx: Connection, person: str, *kinds: str) -> int:
    """All of somebody's of these kinds go; returns how many."""
    return tx.execute(delete(factors).where(factors.c.person == person, factors.c.kind.in_(kinds))).rowcount


def set_challenge(tx: Connection, holder: bytes, challenge: bytes, until: datetime, now: datetime) -> None:
    """What this holder's passkey is to sign, instead of any before; what is too old goes."""
    tx.execute(delete(challenges).where(challenges.c.until_at <= now))
    row = {"challenge": challenge, "until_at": until}
    upsert = inserting(tx, challenges).values(id=holder, **row)
    tx.execute(upsert.on_conflict_do_update(index_elements=[challenges.c.id], set_=row))


def take_challenge(tx: Connection, holder: bytes, now: datetime) -> bytes | None:
    """What this holder was given to sign, once; None when there is none, or it is too old."""
    query = delete(challenges).where(challenges.c.id == holder, challenges.c.until_at > now)
    return tx.execute(query.returning(challenges.c.challenge)).scalar_one_or_none()
