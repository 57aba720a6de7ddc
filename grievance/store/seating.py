"""Who sat in which case, for the question who may sit; asked by the clock and by the lot, which hold no seat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, case, exists, or_, select

from grievance.core.seating import FUNCTIONS
from grievance.store.tables import cases, members, people, roster, seats


def doubtful(tx: Connection) -> list[str]:
    """The open cases in which somebody sits who left the roster or the house, or who belongs to a party by now."""
    party = seats.alias("party")
    still = exists().where(
        roster.c.programme == cases.c.programme,
        roster.c.person == seats.c.holder,
        roster.c.function == case(FUNCTIONS, value=seats.c.role),
        roster.c.side == seats.c.side,
        people.c.id == roster.c.person,
        people.c.active,
    )
    tied = exists().where(
        members.c.person == seats.c.holder,
        party.c.case_id == seats.c.case_id,
        party.c.holder == members.c.body,
        party.c.until_at.is_(None),
    )
    query = (
        select(seats.c.case_id)
        .join(cases, cases.c.id == seats.c.case_id)
        .where(seats.c.role.in_(list(FUNCTIONS)), seats.c.kind == "person", seats.c.until_at.is_(None))
        .where(cases.c.final == "", or_(~still, tied))
        .distinct()
    )
    return list(tx.execute(query).scalars())


def seated_before(tx: Connection, role: str, before: datetime) -> list[str]:
    """The cases in which somebody sits in this role since then or longer."""
    query = select(seats.c.case_id).where(seats.c.role == role, seats.c.until_at.is_(None), seats.c.from_at <= before)
    return list(tx.execute(query.distinct()).scalars())


def acted(tx: Connection, linked: Sequence[str]) -> frozenset[str]:
    """The people who hold or held a seat of their own in one of these cases; the office's own people do not judge."""
    query = select(seats.c.holder).where(seats.c.case_id.in_(list(linked)), seats.c.kind == "person")
    return frozenset(tx.execute(query.where(seats.c.role != "officer")).scalars())
