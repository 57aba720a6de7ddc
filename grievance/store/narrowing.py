"""What a list of cases is narrowed to: columns that must fit, and words that are looked for before anything is sorted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import CTE, ColumnElement, Connection, Select, bindparam, column, exists, func, or_, select, text, union

from grievance.store.at_sites import at_site, further
from grievance.store.tables import cases, links, restatements, seats

OPEN, LATE, WEEK, ENDED = "open", "late", "week", "ended"
"""The tabs of a list; a week is what falls due within seven days."""

TRIGRAM = 3
"""Letters of the shortest word that SQLite's text index finds."""

Conditions = tuple[ColumnElement[bool], ...]

PLENTY = 2_000
"""A word that more cases hold than these is looked for from the top of the list: the first page is full soon."""


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
    laws: tuple[str, ...] = ()  # procedures with their versions
    linked: tuple[str, ...] = ()  # only cases linked with another, in which one of these holders is seated too


def narrowed(tx: Connection, wanted: Wanted) -> Conditions:
    """What each case of the list has to fulfil."""
    pairs = (
        (cases.c.turn, wanted.turn),
        (cases.c.lane, wanted.lane),
        (cases.c.category, wanted.category),
        (cases.c.stage, wanted.stage),
    )
    where: list[ColumnElement[bool]] = [column == value for column, value in pairs if value]
    if wanted.site:
        where.append(at_site(wanted.site))
    if wanted.laws:
        where.append(cases.c.procedure.in_(wanted.laws))
    if wanted.linked:
        there = seats.alias("there")
        seated = (there.c.holder.in_(list(wanted.linked)), there.c.until_at.is_(None))
        where.append(exists().where(links.c.case_id == cases.c.id, there.c.case_id == links.c.other_id, *seated))
    if wanted.assignee:
        where.append(cases.c.assignee == ("" if wanted.assignee == "-" else wanted.assignee))
    if wanted.key:
        place = func.instr if tx.dialect.name == "sqlite" else func.strpos  # what no index serves: row by row
        said = exists().where(restatements.c.case_id == cases.c.id, place(restatements.c.key, wanted.key) > 0)
        where.append(or_(said, cases.c.ref == _reference(wanted.key), at_site(_code(wanted.key))))
    return tuple(where)


def matching(tx: Connection, wanted: Wanted) -> CTE:
    """The ids of cases that a key finds, whoever may see them: by their words (a text index), their name or their site.

    Without a key, those of the wanted procedures.
    """
    key = wanted.key
    if not key:
        return _of(wanted.laws).cte("found")
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
        select(cases.c.id.label("case_id")).where(further(_code(key))),
        select(cases.c.id.label("case_id")).where(cases.c.ref == _reference(key)),
    )
    return union(*(way.limit(PLENTY + 1).subquery().select() for way in ways)).cte("found")


def rare(tx: Connection, laws: tuple[str, ...]) -> bool:
    """Whether so few cases have these procedures that it is best to begin with them."""
    if not laws:
        return False
    return tx.execute(select(func.count()).select_from(_of(laws).subquery())).scalar_one() <= PLENTY


def _of(laws: tuple[str, ...]) -> Select[str]:
    return select(cases.c.id.label("case_id")).where(cases.c.procedure.in_(laws)).limit(PLENTY + 1)


def _code(key: str) -> str:
    return key.upper()


def _reference(key: str) -> str:
    return key.upper().replace(" ", "")
