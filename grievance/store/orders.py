"""In which order a list of cases stands: along an index however long it is, or sorted where it is short enough to sort."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, bindparam, func, select

from grievance.store.tables import NEVER, Instant, cases, people, seats, sites

SORTED = 2_000
"""So many cases are sorted at most: of a longer list those that are due soonest, and the page says so."""


@dataclass(frozen=True, slots=True)
class Sortable:
    """What of a case a list can be sorted by."""

    id: str
    due_at: datetime
    procedure: str
    stage: str
    turn: str
    lane: str
    category: str
    site: str
    site_name: str
    assignee: str
    assignee_name: str


Key = Callable[[Sortable], Any]


@dataclass(frozen=True, slots=True)
class Order:
    """Along a date that seats copy and an index keeps; with a `key`, what is soonest due is sorted by it."""

    by: str = "due_at"
    backwards: bool = False
    key: Key | None = None

    @property
    def column(self) -> Column[Any]:
        """The date along which cases are read."""
        return seats.c[self.by]


BY_TIME = Order()

_SORTABLE = (
    select(
        cases.c.id,
        func.coalesce(cases.c.due_at, bindparam("never", NEVER, Instant)),
        cases.c.procedure,
        cases.c.stage,
        cases.c.turn,
        cases.c.lane,
        cases.c.category,
        cases.c.site,
        func.coalesce(sites.c.name, ""),
        cases.c.assignee,
        func.coalesce(people.c.name, ""),
    )
    .outerjoin(sites, sites.c.code == cases.c.site)
    .outerjoin(people, people.c.id == cases.c.assignee)
    .where(cases.c.id.in_(bindparam("ids", expanding=True)))
)


def sort(tx: Connection, ids: Sequence[str], order: Order) -> list[str]:
    """These cases by the key of an order; what it does not tell apart stands by time, whichever way the order runs."""
    if not ids or order.key is None:
        return list(ids)
    rows = [Sortable(*row) for row in tx.execute(_SORTABLE, {"ids": list(ids)})]
    rows.sort(key=lambda row: (row.due_at, row.id))
    rows.sort(key=order.key, reverse=order.backwards)
    return [row.id for row in rows]
