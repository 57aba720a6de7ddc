"""Notices that could not be delivered: to whom, in which cases, and what somebody did about it, for good."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, insert, select, update

from grievance.store.hands import sits
from grievance.store.tables import bodies, members, outbox, people, seats, settlements


@dataclass(frozen=True, slots=True)
class Dead:
    """One notice that nobody received. `case_id` is empty where no case caused it."""

    id: int
    person: str
    name: str
    mail: str
    case_id: str
    tried_at: datetime


_ANY = select(exists().where(outbox.c.state == "dead"))


def anything(tx: Connection) -> bool:
    """Whether there is any: asked on every work list, so it costs next to nothing."""
    return bool(tx.execute(_ANY).scalar())


def all_dead(tx: Connection) -> list[Dead]:
    """Every one of them, the oldest first; but no letter with a link, whose link is gone: another one is sent instead."""
    query = (
        select(outbox.c.id, outbox.c.person, people.c.name, people.c.mail, outbox.c.cause, outbox.c.next_at)
        .join(people, people.c.id == outbox.c.person)
        .where(outbox.c.state == "dead", outbox.c.cause.not_like("pass/%"))
        .where(outbox.c.kind != "record")  # the roots stand on a page too, and tomorrow's letter follows
        .order_by(outbox.c.next_at, outbox.c.id)
    )
    return [
        Dead(id_, person, name, mail, cause.partition("/")[0] if "/" in cause else "", tried_at)
        for id_, person, name, mail, cause, tried_at in tx.execute(query)
    ]


def held_by_office(tx: Connection, case_ids: Iterable[str], offices: Sequence[str]) -> set[str]:
    """Of these cases those that one of these offices holds."""
    query = select(seats.c.case_id).where(seats.c.case_id.in_(list(case_ids)), *sits(offices, ["officer"]))
    return set(tx.execute(query).scalars())


def office_people(tx: Connection) -> set[str]:
    """Everybody who belongs to a case office."""
    query = select(members.c.person).join(bodies, bodies.c.id == members.c.body).where(bodies.c.kind == "office")
    return set(tx.execute(query).scalars())


def settle(tx: Connection, ids: Sequence[int], state: str, by: str, how: str, now: datetime) -> None:
    """What somebody did about these notices, and where they stand now; each has its row in the record."""
    tx.execute(update(outbox).where(outbox.c.id.in_(ids)).values(state=state, tries=0, next_at=now))
    tx.execute(insert(settlements), [{"notice": id_, "at": now, "by": by, "how": how} for id_ in ids])
