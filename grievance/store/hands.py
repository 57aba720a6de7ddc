"""Reads many cases at once for somebody who is seated in them: those of some numbers, and those that somebody works on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import product

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select

from grievance.store.cases import HELD, made
from grievance.store.changes import Held
from grievance.store.tables import cases, seats


def of_refs(tx: Connection, holders: Sequence[str], roles: Iterable[str], refs: Sequence[str]) -> dict[str, Held]:
    """Those of these cases, by reference, in which one of these holders has a seat of one of these roles."""
    seated = exists().where(seats.c.case_id == cases.c.id, *sits(holders, roles))
    return _read(tx, _CASES.where(seated, cases.c.ref.in_(list(refs)))) if refs else {}


def of_person(tx: Connection, holders: Sequence[str], roles: Iterable[str], person: str, most: int) -> dict[str, Held]:
    """The open cases that this person works on and these holders are seated in, soonest due first, up to `most`."""
    given = [*sits(holders, roles), seats.c.ended.is_(False), seats.c.assignee == person]
    query = _CASES.where(cases.c.id.in_(select(seats.c.case_id).where(*given)))
    return _read(tx, query.order_by(cases.c.due_at.asc().nulls_last(), cases.c.id).limit(most))


def counted(tx: Connection, holders: Sequence[str], roles: Iterable[str]) -> dict[str, int]:
    """How many open cases each person works on, as far as these holders are seated in them.

    Counted along an index for each holder and role, but for the cases that were counted with those before.
    """
    found: Counter[str] = Counter()
    other, before = seats.alias("other"), list[ColumnElement[bool]]()
    # A viewer's organisations first: they sit in most cases.
    for holder, role in product(reversed(holders), sorted(roles)):
        query = select(seats.c.assignee, func.count()).where(*sits([holder], [role]), seats.c.ended.is_(False))
        if before:
            query = query.where(~exists().where(other.c.case_id == seats.c.case_id, or_(*before)))
        found.update(dict(tx.execute(query.where(seats.c.assignee != "").group_by(seats.c.assignee)).all()))
        # As no index has it, or SQLite would look for the case among all that this holder sits in.
        named = (other.c.holder.concat("") == holder, other.c.role == role)
        before.append(and_(*named, other.c.until_at.is_(None)))
    return dict(found)


_CASES = select(*HELD)


def sits(holders: Sequence[str], roles: Iterable[str]) -> list[ColumnElement[bool]]:
    """Whether a seat is held now, by one of these holders in one of these roles."""
    return [seats.c.holder.in_(list(holders)), seats.c.role.in_(sorted(roles)), seats.c.until_at.is_(None)]


def _read(tx: Connection, query: Select[tuple[str, str, str, bytes]]) -> dict[str, Held]:
    return {row.ref: made(row) for row in tx.execute(query)}
