"""Lists and searches the cases in which somebody is seated: what they hold no seat in does not exist for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, bindparam, column, exists, func, or_, select, text

from grievance.core.case import Case
from grievance.store import codec
from grievance.store.tables import cases, links, restatements, seats, sites


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

    key: str = ""
    turn: str = ""
    lane: str = ""
    category: str = ""
    assignee: str = ""  # a person's id, or "-" for nobody
    late_at: datetime | None = None
    due_before: datetime | None = None
    ended: bool = False
    roles: tuple[str, ...] = ()  # the seats that count at this door
    site: str = ""
    stage: str = ""
    linked: tuple[str, ...] = ()  # only cases linked with another, in which one of these holders is seated too


def listed(
    tx: Connection, holders: Sequence[str], wanted: Wanted, *, first: int, most: int
) -> tuple[list[Listed], int]:
    """The cases that these holders are seated in, soonest due first, and how many there are in all."""
    where = and_(_seated(holders, wanted.roles), *_narrowed(tx, wanted))
    total = tx.execute(select(func.count()).select_from(cases).where(where)).scalar_one()
    query = (
        select(cases, restatements.c.title, sites.c.name.label("site_name"), sites.c.place)
        .outerjoin(restatements, restatements.c.case_id == cases.c.id)
        .outerjoin(sites, sites.c.code == cases.c.site)
        .where(where)
        .order_by(cases.c.due_at.asc().nulls_last(), cases.c.id)
        .offset(first)
        .limit(most)
    )
    rows = [
        Listed(
            row.ref,
            row.title or "",
            row.site,
            row.site_name or "",
            row.place or "",
            row.assignee,
            codec.read_case(row.state),
        )
        for row in tx.execute(query)
    ]
    return rows, total


def counted(tx: Connection, holders: Sequence[str], roles: Sequence[str], now: datetime) -> dict[str, int]:
    """How many cases stand under each tab: open, late, week (due within seven days), ended."""
    is_open = cases.c.final == ""
    tabs = {
        "open": is_open,
        "late": and_(is_open, cases.c.due_at <= now),
        "week": and_(is_open, cases.c.due_at <= now + timedelta(days=7)),
        "ended": cases.c.final != "",
    }
    counts = [func.count().filter(condition).label(tab) for tab, condition in tabs.items()]
    row = tx.execute(select(*counts).select_from(cases).where(_seated(holders, roles))).one()
    return dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name for it


def _seated(holders: Sequence[str], roles: Sequence[str] = ()) -> ColumnElement[bool]:
    found = exists().where(
        seats.c.case_id == cases.c.id,
        seats.c.holder.in_(list(holders)),
        seats.c.until_at.is_(None),
    )
    return found.where(seats.c.role.in_(list(roles))) if roles else found


def _narrowed(tx: Connection, wanted: Wanted) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [cases.c.final != "" if wanted.ended else cases.c.final == ""]
    pairs = ((cases.c.turn, wanted.turn), (cases.c.lane, wanted.lane), (cases.c.category, wanted.category))
    where += [column == value for column, value in pairs if value]
    where += [
        column == value for column, value in ((cases.c.site, wanted.site), (cases.c.stage, wanted.stage)) if value
    ]
    if wanted.linked:
        there = exists().where(
            links.c.case_id == cases.c.id,
            seats.c.case_id == links.c.other_id,
            seats.c.holder.in_(list(wanted.linked)),
            seats.c.until_at.is_(None),
        )
        where.append(there)
    if wanted.assignee:
        where.append(cases.c.assignee == ("" if wanted.assignee == "-" else wanted.assignee))
    if wanted.late_at:
        where.append(cases.c.due_at <= wanted.late_at)
    if wanted.due_before:
        where.append(cases.c.due_at <= wanted.due_before)
    if wanted.key:
        where.append(_search(tx, wanted.key))
    return where


def _search(tx: Connection, key: str) -> ColumnElement[bool]:
    """Matching restatements first (a text index), or the reference itself, or the number of a site."""
    if tx.dialect.name == "sqlite" and len(key) >= 3:  # noqa: PLR2004  a trigram
        phrase = '"' + key.replace('"', '""') + '"'
        index = "SELECT rowid FROM restatement_index WHERE restatement_index MATCH :phrase"
        match = text(index).bindparams(bindparam("phrase", phrase)).columns(column("rowid"))
        found: ColumnElement[bool] = restatements.c.no.in_(match)
    else:
        found = restatements.c.key.contains(key, autoescape=True)
    words = select(restatements.c.case_id).where(found)
    site = key.upper()
    return or_(cases.c.id.in_(words), cases.c.ref == site.replace(" ", ""), cases.c.site == site)
