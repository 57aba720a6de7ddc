"""Cases whose words are to be erased, and the destroying itself: keys first of all, then what they opened."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, exists, or_, select, update

from grievance.store.cases import FOUND, Claim
from grievance.store.ledger import FILE
from grievance.store.tables import cases, files, items, seats, wraps

Place = tuple[datetime, str]
"""Since when a case rests, and its id: the order in which they are looked at."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is there of a case that could be erased: names of sealed texts, each as often as it stands, and its files."""

    texts: tuple[str, ...]
    files: tuple[str, ...]


def resting(
    tx: Connection, procedure: str, before: datetime, after: Place | None, most: int, *, locked: bool = False
) -> list[tuple[Place, Claim]]:
    """Cases of a procedure that rest since `before` or longer, oldest first, from behind `after` on; `locked`: to be erased.

    A case whose number opens another one that is not erased yet waits for it: else nobody could follow that one any more.
    """
    query = _resting(procedure, before, after, most)
    if locked and tx.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True, of=cases)
    return [
        ((row.rests_since, row.id), Claim(row.id, row.state, row.head, row.ref, row.box)) for row in tx.execute(query)
    ]


def _resting(procedure: str, before: datetime, after: Place | None, most: int) -> Select[Any]:
    other, seat = cases.alias("other"), seats.alias("seat")
    needed = exists().where(
        seat.c.holder == cases.c.id,
        seat.c.kind == "receipt",
        seat.c.until_at.is_(None),
        seat.c.case_id == other.c.id,
        or_(other.c.final == "", other.c.rests_since.is_not(None)),
    )
    query = select(cases.c.id, *FOUND, cases.c.rests_since)
    query = query.where(cases.c.procedure == procedure, cases.c.rests_since <= before, ~needed)
    if after:
        since, case_id = after
        behind = and_(cases.c.rests_since == since, cases.c.id > case_id)
        query = query.where(or_(cases.c.rests_since > since, behind))
    return query.order_by(cases.c.rests_since, cases.c.id).limit(most)


def kept(tx: Connection, ids: Collection[str]) -> Mapping[str, Kept]:
    """What is kept of these cases."""
    texts: dict[str, list[str]] = {case_id: [] for case_id in ids}
    found: dict[str, list[str]] = {case_id: [] for case_id in ids}
    for case_id, name in tx.execute(select(items.c.case_id, items.c.name).where(items.c.case_id.in_(ids))):
        texts[case_id].append(name)
    for case_id, name in tx.execute(select(files.c.case_id, files.c.object).where(files.c.case_id.in_(ids))):
        found[case_id].append(name)
    return {case_id: Kept(tuple(texts[case_id]), tuple(found[case_id])) for case_id in ids}


def destroy(
    tx: Connection,
    ids: Collection[str],
    names: Collection[str],
    box: str,
    fresh: Mapping[str, tuple[bytes, bytes]],
    *,
    with_files: bool,
) -> None:
    """Texts of these names with all their keys, every key for the receipt (`box`), and the files' keys where they go too.

    `fresh`: case → a tag and a box that are nobody's, in the place of those that the receipt opens.
    """
    gone = [*names, *((FILE,) if with_files else ())]
    tx.execute(delete(wraps).where(wraps.c.case_id.in_(ids), or_(wraps.c.name.in_(gone), wraps.c.reader == box)))
    tx.execute(delete(items).where(items.c.case_id.in_(ids), items.c.name.in_(list(names))))
    if with_files:
        tx.execute(delete(files).where(files.c.case_id.in_(ids)))
    for case_id, (tag, public) in fresh.items():
        tx.execute(update(cases).where(cases.c.id == case_id).values(tag=tag, box=public))
