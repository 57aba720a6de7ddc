"""Keeps a signed root a day over all cases, only ever added to, and the leaves under each; hands out what they cover."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, func, insert, select
from sqlalchemy.exc import IntegrityError

from grievance.core.errors import Stale
from grievance.core.record import Checkpoint
from grievance.store.tables import checkpoints, events, leaves, people, programmes, roster

LEAF_BYTES = 32


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint, and the key under which its leaves are blinded: whoever has that and no case learns nothing."""

    said: Checkpoint
    blind: bytes


def newest(tx: Connection) -> Kept | None:
    """The checkpoint of the last day that has one."""
    row = tx.execute(select(checkpoints).order_by(checkpoints.c.day.desc()).limit(1)).one_or_none()
    return _kept(row) if row else None


def newest_day(tx: Connection) -> str:
    """The last day that has one; empty where none has."""
    return tx.execute(select(func.max(checkpoints.c.day))).scalar_one() or ""


def of_days(tx: Connection, days: Iterable[str]) -> list[Kept]:
    """Those of these days that there are, oldest first."""
    query = select(checkpoints).where(checkpoints.c.day.in_(list(days))).order_by(checkpoints.c.day)
    return [_kept(row) for row in tx.execute(query)]


def oldest_day(tx: Connection) -> str:
    """The first day that has one; empty where none has."""
    return tx.execute(select(func.min(checkpoints.c.day))).scalar_one() or ""


def every(tx: Connection) -> list[Kept]:
    """All of them, oldest first."""
    return [_kept(row) for row in tx.execute(select(checkpoints).order_by(checkpoints.c.day))]


def after(tx: Connection, day: str) -> list[Checkpoint]:
    """Those of later days, oldest first, the newest 31 at most."""
    query = select(checkpoints).where(checkpoints.c.day > day).order_by(checkpoints.c.day.desc()).limit(31)
    return [_kept(row).said for row in tx.execute(query)][::-1]


def listed(tx: Connection, *, first: int, most: int) -> tuple[list[Checkpoint], int]:
    """The newest first, and how many there are."""
    total = tx.execute(select(func.count()).select_from(checkpoints)).scalar_one()
    rows = tx.execute(select(checkpoints).order_by(checkpoints.c.day.desc()).offset(first).limit(most))
    return [_kept(row).said for row in rows], total


def add(tx: Connection, kept: Kept, under: Sequence[bytes]) -> None:
    """One more day, with the leaves under its root. Raises Stale where that day has one already."""
    try:
        tx.execute(insert(checkpoints).values(**kept.said.told, blind=kept.blind))
    except IntegrityError as error:
        raise Stale from error
    tx.execute(insert(leaves).values(day=kept.said.day, body=b"".join(under)))


def leaves_of(tx: Connection, day: str) -> list[bytes]:
    """The leaves under the root of a day, in their order; none for a day of which they are not kept."""
    body = tx.execute(select(leaves.c.body).where(leaves.c.day == day)).scalar_one_or_none() or b""
    return [body[at : at + LEAF_BYTES] for at in range(0, len(body), LEAF_BYTES)]


def leaves_since(tx: Connection) -> str:
    """The first day whose leaves are kept; empty where none are."""
    return tx.execute(select(func.min(leaves.c.day))).scalar_one() or ""


def heads(tx: Connection, before: datetime) -> Mapping[str, str]:
    """Case → hash of its last entry before that moment. It reads the whole ledger."""
    last = (
        select(events.c.case_id, func.max(events.c.seq).label("seq"))
        .where(events.c.at < before)
        .group_by(events.c.case_id)
        .subquery()
    )
    query = select(events.c.case_id, events.c.hash).join(
        last, (events.c.case_id == last.c.case_id) & (events.c.seq == last.c.seq)
    )
    return dict(tx.execute(query).all())


def head(tx: Connection, case_id: str, before: datetime) -> str | None:
    """The same for one case; None where it did not exist yet."""
    query = select(events.c.hash).where(events.c.case_id == case_id, events.c.at < before)
    return tx.execute(query.order_by(events.c.seq.desc()).limit(1)).scalar_one_or_none()


def three_sides(tx: Connection) -> list[str]:
    """The active people on the panel rosters of all programmes in use: workers, employers and brands."""
    query = (
        select(roster.c.person)
        .join(people, people.c.id == roster.c.person)
        .join(programmes, programmes.c.id == roster.c.programme)
        .where(roster.c.function == "panel", people.c.active, ~programmes.c.retired)
        .distinct()
        .order_by(roster.c.person)
    )
    return list(tx.execute(query).scalars())


def _kept(row: Row[tuple[object, ...]]) -> Kept:
    said = Checkpoint(row.day, row.size, row.before, row.root, row.key, row.signature)
    return Kept(said, row.blind)
