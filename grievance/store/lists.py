"""Lists and searches the cases in which somebody is seated: what they hold no seat in does not exist for them.

Each open seat carries the date of its case. So the first page of a list is the beginning of one range of an index for each
holder and role, however many cases there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
    column,
    exists,
    false,
    func,
    or_,
    select,
    text,
    true,
    union,
)

from grievance.core.case import Case
from grievance.store import codec
from grievance.store.tables import NEVER, Instant, cases, links, restatements, seats, sites

OPEN, LATE, WEEK, ENDED = "open", "late", "week", "ended"
"""The tabs of a list; a week is what falls due within seven days."""

SOON = timedelta(days=7)

MANY = 1_000
"""So many cases are counted under a tab; of more, it is said that there are more."""

TRIGRAM = 3
"""Letters of the shortest word that SQLite's text index finds."""

Conditions = tuple[ColumnElement[bool], ...]

_ENDED: ColumnElement[bool] = bindparam("ended", type_=Boolean)

PLENTY = 2_000
"""A word that more cases hold than these is looked for from the top of the list: the first page is full soon."""


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
class Wanted:
    """What a list is narrowed to; empty fields do not narrow. `key` is a search key, already normalised."""

    view: str = OPEN
    key: str = ""
    turn: str = ""
    lane: str = ""
    category: str = ""
    assignee: str = ""  # a person's id, or "-" for nobody
    roles: tuple[str, ...] = ()  # the seats that count at this door
    site: str = ""
    stage: str = ""
    linked: tuple[str, ...] = ()  # only cases linked with another, in which one of these holders is seated too


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a list: how many cases the whole list holds, or that they are more than so many; whether a page follows."""

    rows: list[Listed]
    total: int
    more: bool
    onward: bool


def listed(
    tx: Connection, holders: Sequence[str], wanted: Wanted, now: datetime, *, first: int, most: int
) -> tuple[Found, dict[str, int]]:
    """The cases that these holders are seated in, soonest due first; and how many stand under each tab, up to MANY + 1."""
    counts = _counted(tx, holders, wanted.roles, now)
    # Matching restatements first: told to sort by date, databases leave the text index and read all that lacks the word.
    found = _searched(tx, holders, wanted, now, first, most) if wanted.key else None
    return found or _walked(tx, holders, wanted, now, counts, first, most), counts


def _walked(
    tx: Connection,
    holders: Sequence[str],
    wanted: Wanted,
    now: datetime,
    counts: Mapping[str, int],
    first: int,
    most: int,
) -> Found:
    """From the top of the list on, each case asked whether it fits."""
    shape, where = (len(holders), len(wanted.roles)), _narrowed(tx, wanted)
    named = _named(holders, wanted, now)
    page = _ordered(_first(*shape, where=where)) if where else _plain(*shape)
    upto = {"first": first, "most": most + 1, "upto": first + most + 1}
    ids = [case_id for _, case_id in tx.execute(page, named | upto)]
    total = counts[wanted.view]
    if where:
        total = tx.execute(_counting(_first(*shape, where=where)), named | {"upto": MANY + 1}).one().every
    return Found(_rows(tx, ids[:most]), min(total, MANY), more=total > MANY, onward=len(ids) > most)


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
    holders: int, roles: int, where: Conditions = (), ended: ColumnElement[bool] = _ENDED
) -> CompoundSelect[Any]:
    """(due_at, case_id) of the first `upto` cases of each holder in each role, each once."""
    branches = []
    for holder, role in product(range(holders), range(roles)):
        branch = select(seats.c.due_at, seats.c.case_id).where(
            seats.c.holder == bindparam(f"holder{holder}"),
            seats.c.role == bindparam(f"role{role}"),
            seats.c.ended == ended,
            seats.c.until_at.is_(None),
            seats.c.due_at <= bindparam("due_by"),
        )
        if where:
            branch = branch.join(cases, cases.c.id == seats.c.case_id).where(*where)
        branch = branch.order_by(seats.c.due_at, seats.c.case_id).limit(bindparam("upto"))
        branches.append(branch.subquery().select())
    return union(*branches)


def _ordered(first: CompoundSelect[Any]) -> CompoundSelect[Any]:
    return first.order_by("due_at", "case_id").offset(bindparam("first")).limit(bindparam("most"))


def _counting(first: CompoundSelect[Any]) -> Select[int, int, int]:
    upto = first.order_by("due_at", "case_id").limit(bindparam("upto")).subquery()
    return select(
        func.count().label("every"),
        func.count().filter(upto.c.due_at <= bindparam(LATE, NEVER, Instant)).label("late"),
        func.count().filter(upto.c.due_at <= bindparam(WEEK, NEVER, Instant)).label("week"),
    ).select_from(upto)


@lru_cache(maxsize=64)
def _plain(holders: int, roles: int) -> CompoundSelect[Any]:
    return _ordered(_first(holders, roles))


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


def _narrowed(tx: Connection, wanted: Wanted) -> Conditions:
    pairs = (
        (cases.c.turn, wanted.turn),
        (cases.c.lane, wanted.lane),
        (cases.c.category, wanted.category),
        (cases.c.site, wanted.site),
        (cases.c.stage, wanted.stage),
    )
    where: list[ColumnElement[bool]] = [column == value for column, value in pairs if value]
    if wanted.linked:
        there = seats.alias("there")
        seated = (there.c.holder.in_(list(wanted.linked)), there.c.until_at.is_(None))
        where.append(exists().where(links.c.case_id == cases.c.id, there.c.case_id == links.c.other_id, *seated))
    if wanted.assignee:
        where.append(cases.c.assignee == ("" if wanted.assignee == "-" else wanted.assignee))
    if wanted.key:
        place = func.instr if tx.dialect.name == "sqlite" else func.strpos  # what no index serves: row by row
        said = exists().where(restatements.c.case_id == cases.c.id, place(restatements.c.key, wanted.key) > 0)
        where.append(or_(said, cases.c.ref == _reference(wanted.key), cases.c.site == _code(wanted.key)))
    return tuple(where)


def _searched(
    tx: Connection, holders: Sequence[str], wanted: Wanted, now: datetime, first: int, most: int
) -> Found | None:
    """The cases in which the word stands, or whose name or site it is; None where there are too many to sort."""
    found = _matching(tx, wanted.key)
    query = (
        select(
            seats.c.due_at,
            seats.c.case_id,
            func.count().over().label("total"),
            select(func.count()).select_from(found).scalar_subquery().label("plenty"),
        )
        .join(found, found.c.case_id == seats.c.case_id)
        .where(
            seats.c.holder.in_(list(holders)),
            seats.c.role.in_(list(wanted.roles)),
            seats.c.ended == (wanted.view == ENDED),
            seats.c.until_at.is_(None),
            seats.c.due_at <= _due_by(wanted, now),
        )
        .group_by(seats.c.due_at, seats.c.case_id)
    )
    narrowed = _narrowed(tx, replace(wanted, key=""))
    if narrowed:
        query = query.join(cases, cases.c.id == seats.c.case_id).where(*narrowed)
    rows = tx.execute(query.order_by(seats.c.due_at, seats.c.case_id).offset(first).limit(most)).all()
    plenty = rows[0].plenty if rows else tx.execute(select(func.count()).select_from(found)).scalar_one()
    if plenty > PLENTY:
        return None
    total = rows[0].total if rows else 0
    return Found(_rows(tx, [row.case_id for row in rows]), total, more=False, onward=total > first + most)


def _matching(tx: Connection, key: str) -> CTE:
    """The ids of cases that a key finds, whoever may see them: by their words (a text index), their name or their site."""
    if tx.dialect.name == "sqlite" and len(key) >= TRIGRAM:
        phrase = '"' + key.replace('"', '""') + '"'
        index = "SELECT rowid FROM restatement_index WHERE restatement_index MATCH :phrase"
        match = text(index).bindparams(bindparam("phrase", phrase)).columns(column("rowid"))
        said: ColumnElement[bool] = restatements.c.no.in_(match)
    else:
        said = restatements.c.key.contains(key, autoescape=True)
    ways = (
        select(restatements.c.case_id).where(said),
        select(cases.c.id.label("case_id")).where(cases.c.site == _code(key)),
        select(cases.c.id.label("case_id")).where(cases.c.ref == _reference(key)),
    )
    return union(*(way.limit(PLENTY + 1).subquery().select() for way in ways)).cte("found")


def _code(key: str) -> str:
    return key.upper()


def _reference(key: str) -> str:
    return key.upper().replace(" ", "")
