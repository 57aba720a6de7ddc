"""Who sat in which case, for the question who may sit; asked by the clock and by the lot, which hold no seat."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, literal_column, select

from grievance.core.seating import FUNCTIONS
from grievance.store.tables import cases, members, people, programmes, roster, seats

# As the index of those who sit in person says it.
_IN_PERSON = (seats.c.kind == literal_column("'person'"), seats.c.until_at.is_(None))
_DRAWN = (seats.c.role.in_(list(FUNCTIONS)), seats.c.ended.is_(False), *_IN_PERSON)


def doubtful(tx: Connection) -> list[str]:
    """The open cases in which somebody sits who left the roster or the house, or who belongs to a party by now.

    First the people who sit anywhere are asked about, who are few; cases are looked at where there is a doubt.
    """
    sitting = tx.execute(select(seats.c.holder, seats.c.role, seats.c.side).where(*_DRAWN).distinct()).all()
    every = frozenset(tx.execute(select(programmes.c.id)).scalars())
    serve = _rostered(tx)
    found: set[str] = set()
    for holder, role, side in sitting:
        elsewhere = every - serve[holder, FUNCTIONS[role], side]
        if elsewhere:
            mine = (*_DRAWN, seats.c.holder == holder, seats.c.role == role, seats.c.side == side)
            query = select(seats.c.case_id).join(cases, cases.c.id == seats.c.case_id).where(*mine)
            found.update(tx.execute(query.where(cases.c.programme.in_(elsewhere))).scalars())
    return sorted(found | _tied(tx, {row.holder for row in sitting}))


def _rostered(tx: Connection) -> Mapping[tuple[str, str, str], set[str]]:
    """(person, function, side) → the programmes in which they serve; nowhere once their account is closed."""
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    query = select(roster.c.person, roster.c.function, roster.c.side, roster.c.programme)
    for *what, programme in tx.execute(query.join(people, people.c.id == roster.c.person).where(people.c.active)):
        found[tuple(what)].add(programme)
    return found


def _tied(tx: Connection, sitting: set[str]) -> set[str]:
    """The cases in which one of these people sits beside an organisation of theirs."""
    party = seats.alias("party")
    sits = exists().where(party.c.holder == members.c.body, party.c.until_at.is_(None))
    belongs = select(members.c.person, members.c.body).where(members.c.person.in_(sitting), sits)
    found: set[str] = set()
    for person, body in tx.execute(belongs).all():
        beside = exists().where(
            party.c.case_id == seats.c.case_id, party.c.holder.concat("") == body, party.c.until_at.is_(None)
        )
        found.update(tx.execute(select(seats.c.case_id).where(*_DRAWN, seats.c.holder == person, beside)).scalars())
    return found


def seated_before(tx: Connection, role: str, before: datetime) -> list[str]:
    """The cases in which somebody sits in person in this role since then or longer."""
    query = select(seats.c.case_id).where(seats.c.role == role, *_IN_PERSON, seats.c.from_at <= before)
    return list(tx.execute(query.distinct()).scalars())


def acted(tx: Connection, linked: Sequence[str]) -> frozenset[str]:
    """The people who hold or held a seat of their own in one of these cases; the office's own people do not judge."""
    query = select(seats.c.holder).where(seats.c.case_id.in_(list(linked)), seats.c.kind == "person")
    return frozenset(tx.execute(query.where(seats.c.role != "officer")).scalars())
