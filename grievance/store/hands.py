"""Reads many cases at once for somebody who is seated in them: those of some numbers, and those that somebody works on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Select, exists, func, select

from grievance.store import codec
from grievance.store.ledger import Held
from grievance.store.tables import cases, seats


def of_refs(tx: Connection, holders: Sequence[str], roles: Iterable[str], refs: Sequence[str]) -> dict[str, Held]:
    """Those of these cases, by reference, in which one of these holders has a seat of one of these roles."""
    return _read(tx, _seated(holders, roles).where(cases.c.ref.in_(list(refs)))) if refs else {}


def of_person(tx: Connection, holders: Sequence[str], roles: Iterable[str], person: str) -> dict[str, Held]:
    """The open cases that this person works on and these holders are seated in, soonest due first."""
    query = _seated(holders, roles).where(cases.c.assignee == person, cases.c.final == "")
    return _read(tx, query.order_by(cases.c.due_at.asc().nulls_last(), cases.c.id))


def counted(tx: Connection, holders: Sequence[str], roles: Iterable[str]) -> dict[str, int]:
    """How many open cases each person works on, as far as these holders are seated in them."""
    query = _seated(holders, roles).where(cases.c.final == "").with_only_columns(cases.c.assignee, func.count())
    return {person: count for person, count in tx.execute(query.group_by(cases.c.assignee)) if person}


def _seated(holders: Sequence[str], roles: Iterable[str]) -> Select[tuple[str, str, str, bytes]]:
    seated = exists().where(
        seats.c.case_id == cases.c.id,
        seats.c.holder.in_(list(holders)),
        seats.c.role.in_(sorted(roles)),
        seats.c.until_at.is_(None),
    )
    return select(cases.c.state, cases.c.head, cases.c.ref, cases.c.box).where(seated)


def _read(tx: Connection, query: Select[tuple[str, str, str, bytes]]) -> dict[str, Held]:
    return {row.ref: Held(codec.read_case(row.state), row.head, row.ref, row.box) for row in tx.execute(query)}
