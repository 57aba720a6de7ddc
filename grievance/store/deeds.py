"""Keeps what administrators did: one chain of rows that are only ever added, as the ledger of a case is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, text

from grievance.store.schema import micros
from grievance.store.tables import deeds


@dataclass(frozen=True, slots=True)
class Deed:
    """One row. `about` is the id of whom or what it was done to; `hash` holds the chain."""

    no: int
    at: datetime
    actor: str
    kind: str
    about: str
    data: Mapping[str, Any]
    hash: str


def one_at_a_time(tx: Connection) -> None:
    """Whoever does a deed next waits for this transaction: two administrators never remove each other at once."""
    if tx.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        tx.execute(text("LOCK TABLE deeds IN SHARE ROW EXCLUSIVE MODE"))


def add(tx: Connection, at: datetime, actor: str, kind: str, about: str, data: Mapping[str, Any]) -> None:
    """One more row, chained to the last."""
    one_at_a_time(tx)
    last = tx.execute(select(deeds.c.no, deeds.c.hash).order_by(deeds.c.no.desc()).limit(1)).one_or_none()
    no, before = (last.no + 1, last.hash) if last else (1, "")
    written = json.dumps(data, ensure_ascii=False, sort_keys=True)
    row = {"no": no, "at": at, "actor": actor, "kind": kind, "about": about, "data": written}
    tx.execute(insert(deeds).values(**row, hash=_chain(before, no, at, actor, kind, about, written)))


def head(tx: Connection, before: datetime) -> str:
    """The hash of the newest row of before that moment; empty where there is none."""
    query = select(deeds.c.hash).where(deeds.c.at < before).order_by(deeds.c.no.desc()).limit(1)
    return tx.execute(query).scalar_one_or_none() or ""


def listed(
    tx: Connection, words: str, ids: list[str], kinds: list[str], *, first: int, most: int
) -> tuple[list[Deed], int]:
    """The newest first, and how many there are: those that hold the words, or name one of these ids or kinds."""
    query = select(deeds)
    if words:
        found = [deeds.c.data.icontains(words, autoescape=True), deeds.c.about.icontains(words, autoescape=True)]
        named = [deeds.c.actor.in_(ids), deeds.c.about.in_(ids), deeds.c.kind.in_(kinds)]
        query = query.where(or_(*found, *named))
    total = tx.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = tx.execute(query.order_by(deeds.c.no.desc()).offset(first).limit(most)).all()
    return [Deed(row.no, row.at, row.actor, row.kind, row.about, json.loads(row.data), row.hash) for row in rows], total


def broken(tx: Connection) -> Iterator[int]:
    """The numbers of rows that do not follow from those before them. A row that was taken away shows in the next."""
    before, expected = "", 1
    for row in tx.execute(select(deeds).order_by(deeds.c.no)):
        chained = _chain(before, row.no, row.at, row.actor, row.kind, row.about, row.data)
        if row.no != expected or chained != row.hash:
            yield row.no
        before, expected = row.hash, row.no + 1


def _chain(before: str, no: int, at: datetime, *said: str) -> str:
    line = json.dumps([before, no, micros(at), *said], ensure_ascii=False)
    return hashlib.sha256(line.encode()).hexdigest()
