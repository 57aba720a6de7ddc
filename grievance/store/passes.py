"""Keeps passes, each good once: only the hash of a token is here, the token itself is in a letter."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from grievance.store.tables import askings, passes


def hand_out(tx: Connection, pass_id: bytes, person: str, kind: str, until: datetime) -> None:
    """A new pass; those of this kind that the person had are void."""
    revoke(tx, person, kind)
    tx.execute(insert(passes).values(id=pass_id, person=person, kind=kind, until_at=until))


def holder(tx: Connection, pass_id: bytes, kind: str, now: datetime) -> str | None:
    """The person whose pass this is; None when it is unknown, used, or too old."""
    query = select(passes.c.person).where(passes.c.id == pass_id, passes.c.kind == kind, passes.c.until_at > now)
    return tx.execute(query).scalar_one_or_none()


def redeem(tx: Connection, pass_id: bytes, kind: str, now: datetime) -> str | None:
    """As `holder`, and the pass is gone: of two who come at once, one is let in."""
    person = holder(tx, pass_id, kind, now)
    done = tx.execute(delete(passes).where(passes.c.id == pass_id, passes.c.kind == kind))
    return person if done.rowcount else None


def revoke(tx: Connection, person: str, kind: str = "") -> None:
    """Somebody's passes are void: of one kind, or all."""
    theirs = delete(passes).where(passes.c.person == person)
    tx.execute(theirs.where(passes.c.kind == kind) if kind else theirs)


def until(tx: Connection, person: str, kind: str) -> datetime | None:
    """How long somebody's pass is good."""
    query = select(func.max(passes.c.until_at)).where(passes.c.person == person, passes.c.kind == kind)
    found = tx.execute(query).scalar_one()
    return found if isinstance(found, datetime) else None


def ask(tx: Connection, sealed: str, now: datetime) -> None:
    """Somebody asked for a new password; for whom is sealed."""
    tx.execute(insert(askings).values(sealed=sealed, at=now))


def take_askings(tx: Connection, most: int) -> list[tuple[str, datetime]]:
    """The oldest askings, taken out."""
    query = select(askings).order_by(askings.c.no).limit(most)
    if tx.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)
    rows = tx.execute(query).all()
    tx.execute(delete(askings).where(askings.c.no.in_([row.no for row in rows])))
    return [(row.sealed, row.at) for row in rows]
