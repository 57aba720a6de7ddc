"""Lists and searches the cases in which somebody is seated: what they hold no seat in does not exist for them.

Each open seat carries the date of its case. So the first page of a list is the beginning of one range of an index for each
holder and role, however many cases there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import product
from typing import Any

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    bindparam,
    false,
    func,
    select,
    true,
    union,
)

from grievance.core.case import Case
from grievance.store import codec
from grievance.store.narrowing import (
    ENDED,
    LATE,
    OPEN,
    PLENTY,
    WEEK,
    Conditions,
    Wanted,
    beginning,
    narrowed,
    seated,
)
from grievance.store.orders import BY_TIME, SORTED, Order, sort
from grievance.store.tables import NEVER, Instant, cases, restatements, seats, sites

__all__ = ["ENDED", "LATE", "MANY", "OPEN", "PLENTY", "WEEK", "Found", "Listed", "Order", "Wanted", "listed"]

SOON = timedelta(days=7)

MANY = 1_000
"""So many cases are counted under a tab; of more, it is said that there are more."""
SEVERAL = 250
"""So many are counted of a list that is narrowed by what many cases fit."""

_ENDED: ColumnElement[bool] = bindparam("ended", type_=Boolean)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list of cases."""

    ref: str
    title: str
    site: str
    site_name: str
    place: str
    assignee: str
    case: Case


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a list: how many cases the whole list holds, or that they are more than so many; whether a page follows."""

    rows: list[Listed]
    total: int
    more: bool
    onward: bool
    only: int = 0  # so many were sorted where there are more; 0 where the order holds for the whole list


@dataclass(frozen=True, slots=True)
class _Ids:
    """What a page of a list is made of."""

    ids: list[str]
    total: int
    more: bool
    onward: bool


def listed(
    tx: Connection,
    holders: Sequence[str],
    wanted: Wanted,
    now: datetime,
    *,
    first: int,
    most: int,
    order: Order = BY_TIME,
) -> tuple[Found, dict[str, int]]:
    """The cases that these holders are seated in, in an order; and how many stand under each tab, up to MANY + 1."""
    counts = _counted(tx, holders, wanted.roles, now)
    bounds = (first, most) if order.key is None else (0, SORTED)
    # The few that fit first: told to sort by date, databases leave every other index and read all that does not fit.
    begun = beginning(tx, wanted)
    found = _searched(tx, holders, wanted, now, begun, order, *bounds) if begun is not None else None
    found = found or _walked(tx, holders, wanted, now, counts, order, *bounds)
    if order.key is None:
        return Found(_rows(tx, found.ids), found.total, found.more, found.onward), counts
    ids, only = sort(tx, found.ids, order), SORTED if found.onward else 0
    page = _rows(tx, ids[first : first + most])
    return Found(page, len(ids), more=bool(only), onward=len(ids) > first + most, only=only), counts


def _walked(
    tx: Connection,
    holders: Sequence[str],
    wanted: Wanted,
    now: datetime,
    counts: Mapping[str, int],
    order: Order,
    first: int,
    most: int,
) -> _Ids:
    """From the top of the list on, each case asked whether it fits."""
    along = Order(order.by, backwards=order.backwards and order.key is None)
    dated = order.by == BY_TIME.by or wanted.view in (LATE, WEEK)
    shape, where, given = (len(holders), len(wanted.roles), along), narrowed(tx, wanted), seated(wanted)
    named = _named(holders, wanted, now)
    if not where and not given:
        upto = {"first": first, "most": most + 1, "upto": first + most + 1}
        ids = list(tx.execute(_plain(*shape, dated=dated), named | upto).scalars())
        total = counts[wanted.view]
        return _Ids(ids[:most], min(total, MANY), more=total > MANY, onward=len(ids) > most)
    # Counted while it is read, and not far: each that does not fit is a look at a case.
    page = _ordered(_first(*shape, where, given, dated=dated), along)
    far = max(first + most, SEVERAL)
    ids = list(tx.execute(page, named | {"first": 0, "most": far + 1, "upto": far + 1}).scalars())
    total = min(len(ids), far)
    return _Ids(ids[first : first + most], total, more=len(ids) > total, onward=len(ids) > first + most)


def _counted(tx: Connection, holders: Sequence[str], roles: Sequence[str], now: datetime) -> dict[str, int]:
    upto = {"upto": MANY + 1, LATE: now, WEEK: now + SOON}
    named = _named(holders, Wanted(roles=tuple(roles)), now)
    return dict(tx.execute(_tabs(len(holders), len(roles)), named | upto).mappings().one())


def _named(holders: Sequence[str], wanted: Wanted, now: datetime) -> dict[str, Any]:
    """The values of a statement of `_first`; without a line before the number, since SQLAlchemy names its own `holder_1`."""
    named: dict[str, Any] = {f"holder{no}": holder for no, holder in enumerate(holders)}
    named |= {f"role{no}": role for no, role in enumerate(wanted.roles)}
    return named | {"ended": wanted.view == ENDED, "due_by": _due_by(wanted, now)}


def _due_by(wanted: Wanted, now: datetime) -> datetime:
    return {LATE: now, WEEK: now + SOON}.get(wanted.view, NEVER)


def _first(
    holders: int,
    roles: int,
    along: Order = BY_TIME,
    where: Conditions = (),
    given: Conditions = (),
    *,
    dated: bool = True,
    ended: ColumnElement[bool] = _ENDED,
) -> CompoundSelect[Any]:
    """(date, case_id) of the first `upto` cases of each holder in each role, each once.

    `where` is asked of the case, `given` of the seat.

    Not `dated`: nothing is asked of the due date, or SQLite would go along that and sort a hundred thousand by the other.
    """
    branches = []
    for holder, role in product(range(holders), range(roles)):
        branch = select(along.column, seats.c.case_id).where(
            seats.c.holder == bindparam(f"holder{holder}"),
            seats.c.role == bindparam(f"role{role}"),
            seats.c.ended == ended,
            seats.c.until_at.is_(None),
            *given,
        )
        if dated:
            branch = branch.where(seats.c.due_at <= bindparam("due_by"))
        if where:
            branch = branch.join(cases, cases.c.id == seats.c.case_id).where(*where)
        branch = branch.order_by(*_along(along, along.column, seats.c.case_id)).limit(bindparam("upto"))
        branches.append(branch.subquery().select())
    return union(*branches)


def _along(order: Order, *columns: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    return tuple(one.desc() for one in columns) if order.backwards else columns


def _ordered(first: CompoundSelect[Any], along: Order) -> Select[str]:
    seen = first.subquery()
    ordered = select(seen.c.case_id).order_by(*_along(along, seen.c[along.by], seen.c.case_id))
    return ordered.offset(bindparam("first")).limit(bindparam("most"))


def _counting(first: CompoundSelect[Any]) -> Select[int, int, int]:
    upto = first.order_by("due_at", "case_id").limit(bindparam("upto")).subquery()
    return select(
        func.count().label("every"),
        func.count().filter(upto.c.due_at <= bindparam(LATE, NEVER, Instant)).label("late"),
        func.count().filter(upto.c.due_at <= bindparam(WEEK, NEVER, Instant)).label("week"),
    ).select_from(upto)


@lru_cache(maxsize=64)
def _plain(holders: int, roles: int, along: Order, *, dated: bool) -> Select[str]:
    return _ordered(_first(holders, roles, along, dated=dated), along)


@lru_cache(maxsize=64)
def _tabs(holders: int, roles: int) -> Select[Any]:
    """All tabs at once: open ones, late ones, those of a week, ended ones."""
    opened, ended = (_counting(_first(holders, roles, ended=over)).subquery() for over in (false(), true()))
    both = select(opened.c.every.label(OPEN), opened.c.late, opened.c.week, ended.c.every.label(ENDED))
    return both.select_from(opened.join(ended, true()))


_ROWS = (
    select(
        cases.c.id,
        cases.c.ref,
        restatements.c.title,
        cases.c.site,
        sites.c.name,
        sites.c.place,
        cases.c.assignee,
        cases.c.state,
    )
    .outerjoin(restatements, restatements.c.case_id == cases.c.id)
    .outerjoin(sites, sites.c.code == cases.c.site)
    .where(cases.c.id.in_(bindparam("ids", expanding=True)))
)


def _rows(tx: Connection, ids: Sequence[str]) -> list[Listed]:
    """These cases, in this order."""
    if not ids:
        return []
    found = {
        case_id: Listed(ref, title or "", site, name or "", place or "", assignee, codec.read_case(state))
        for case_id, ref, title, site, name, place, assignee, state in tx.execute(_ROWS, {"ids": list(ids)})
    }
    return [found[case_id] for case_id in ids]


def _searched(
    tx: Connection,
    holders: Sequence[str],
    wanted: Wanted,
    now: datetime,
    found: CTE,
    order: Order,
    first: int,
    most: int,
) -> _Ids | None:
    """From what the word or the filter finds; None where that is too much to sort."""
    plenty = select(func.count()).select_from(found).scalar_subquery()
    # Asked of each case that was found. A join leaves it to the database where to begin, and at a hundred thousand cases both
    # begin with everything that the holder is seated in; so holder and role stand here as no index has them.
    along = (
        select(func.min(order.column))
        .where(
            seats.c.case_id == found.c.case_id,
            seats.c.holder.concat("").in_(list(holders)),
            seats.c.role.concat("").in_(list(wanted.roles)),
            seats.c.ended == (wanted.view == ENDED),
            seats.c.until_at.is_(None),
            seats.c.due_at <= _due_by(wanted, now),
            *seated(wanted),
        )
        .scalar_subquery()
    )
    held = select(found.c.case_id, along.label("along")).where(plenty <= PLENTY)
    where = narrowed(tx, wanted, found=True)
    if where:
        held = held.join(cases, cases.c.id == found.c.case_id).where(*where)
    # Kept, or each case's seats are looked up twice: to tell that there is one, and to tell its date.
    seen = held.cte("seen").prefix_with("MATERIALIZED")
    query = select(seen.c.case_id, func.count().over().label("total")).where(seen.c.along.is_not(None))
    ordered = query.order_by(*_along(order, seen.c.along, seen.c.case_id))
    rows = tx.execute(ordered.offset(first).limit(most)).all()
    if not rows and tx.execute(select(plenty)).scalar_one() > PLENTY:
        return None
    total = rows[0].total if rows else 0
    return _Ids([row.case_id for row in rows], total, more=False, onward=total > first + most)
