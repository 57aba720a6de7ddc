"""What came in a flood: how many came of late, what each was alike to, and for a viewer those that wait, by cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
)

from grievance.store.cases import FOUND, made
from grievance.store.changes import Held
from grievance.store.tables import cases, programmes, seats, sketches

OFFICER = "officer"

# As the index of the lane says it: of a hundred thousand open cases, few ever wait here.
WAITS = (cases.c.bulk != literal_column("''"), cases.c.final == "")


@dataclass(frozen=True, slots=True)
class Cluster:
    """How many wait in one cluster, how many of them are urgent, how many are being set aside, and when the first is due."""

    id: str
    waiting: int
    urgent: int
    aside: int
    due_at: datetime | None


def filed_since(tx: Connection, since: datetime, most: int) -> int:
    """How many complaints came in since then, counted up to `most`: of open cases, along the index of lists."""
    offices = list(tx.execute(select(programmes.c.office).distinct()).scalars())
    found = select(seats.c.case_id).where(
        seats.c.holder.in_(offices),
        seats.c.role == OFFICER,
        seats.c.ended.is_(False),
        seats.c.until_at.is_(None),
        seats.c.filed_at > since,
    )
    return tx.execute(select(func.count()).select_from(found.limit(most).subquery())).scalar_one()


def recent(tx: Connection, since: datetime, most: int) -> list[tuple[str, bytes]]:
    """Cluster and sketch of what others were alike to since then, the newest first."""
    query = select(sketches.c.cluster, sketches.c.sketch).where(sketches.c.made_at > since)
    return [(row.cluster, row.sketch) for row in tx.execute(query.order_by(sketches.c.no.desc()).limit(most))]


def keep(tx: Connection, cluster: str, sketch: bytes, at: datetime) -> None:
    """Others will be held against this one."""
    tx.execute(insert(sketches).values(cluster=cluster, sketch=sketch, made_at=at))


def forget(tx: Connection, before: datetime) -> int:
    """Drops older sketches; returns how many."""
    return tx.execute(delete(sketches).where(sketches.c.made_at < before)).rowcount


def listed(tx: Connection, holders: Sequence[str], *, first: int, most: int) -> list[Cluster]:
    """The clusters of the cases that these holders have an officer's seat in, the largest first."""
    query = (
        select(
            cases.c.bulk,
            func.count().label("waiting"),
            func.sum(case((cases.c.lane.in_(("U1", "U2")), 1), else_=0)).label("urgent"),
            func.count(cases.c.aside_at).label("aside"),
            func.min(cases.c.due_at).label("due_at"),
        )
        .where(*WAITS, _seated(holders))
        .group_by(cases.c.bulk)
        .order_by(func.count().desc(), cases.c.bulk)
    )
    return [Cluster(*row) for row in tx.execute(query.offset(first).limit(most))]


def count(tx: Connection, holders: Sequence[str]) -> tuple[int, int]:
    """How many clusters there are for these holders, and how many cases wait in them."""
    query = select(func.count(cases.c.bulk.distinct()), func.count())
    row = tx.execute(query.where(*WAITS, _seated(holders))).one()
    return row[0], row[1]


def waiting(tx: Connection, holders: Sequence[str], most: int) -> int:
    """How many cases wait for these holders, counted up to `most`."""
    return tx.execute(_waiting(), {"holders": list(holders), "most": most}).scalar_one()


def of(tx: Connection, holders: Sequence[str], cluster: str, *, after: str = "", most: int) -> list[Held]:
    """The cases of one cluster that these holders have an officer's seat in, by their ids, from behind `after` on."""
    query = select(*FOUND).where(*WAITS, cases.c.bulk == cluster, cases.c.id > after, _seated(holders))
    return _read(tx, query.order_by(cases.c.id).limit(most))


def page(tx: Connection, holders: Sequence[str], cluster: str, *, first: int, most: int) -> list[Held]:
    """A page of one cluster, what is due first before the rest."""
    query = select(*FOUND).where(*WAITS, cases.c.bulk == cluster, _seated(holders))
    return _read(tx, query.order_by(cases.c.due_at, cases.c.id).offset(first).limit(most))


def one(tx: Connection, holders: Sequence[str], cluster: str) -> Cluster | None:
    """One cluster, or None where these holders have nothing of it."""
    held = (*WAITS, cases.c.bulk == cluster, _seated(holders))
    urgent = func.coalesce(func.sum(case((cases.c.lane.in_(("U1", "U2")), 1), else_=0)), 0)
    query = select(func.count(), urgent, func.count(cases.c.aside_at), func.min(cases.c.due_at)).where(*held)
    row = tx.execute(query).one()
    return Cluster(cluster, *row) if row[0] else None


def set_aside_before(tx: Connection, before: datetime, most: int) -> list[Held]:
    """Cases that were set aside before then, for whoever carries it out; locked on PostgreSQL."""
    query = select(*FOUND).where(*WAITS, cases.c.aside_at < before).limit(most)
    if tx.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)
    return _read(tx, query)


@cache
def _waiting() -> Select[int]:
    """Built once: each look at the work list asks, and building it costs more than the answer."""
    held: BindParameter[Any] = bindparam("holders", expanding=True)
    found = select(cases.c.id).where(*WAITS, _seated(held)).limit(bindparam("most"))
    return select(func.count()).select_from(found.subquery())


def _seated(holders: Sequence[str] | BindParameter[Any]) -> ColumnElement[bool]:
    return exists().where(
        seats.c.case_id == cases.c.id,
        seats.c.holder.concat("").in_(holders),
        seats.c.role.concat("") == OFFICER,
        seats.c.until_at.is_(None),
    )


def _read(tx: Connection, query: Select[tuple[str, str, str, bytes, str]]) -> list[Held]:
    return [made(row) for row in tx.execute(query)]
