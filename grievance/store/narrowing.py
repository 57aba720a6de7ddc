"""What a list of cases is narrowed to: columns that must fit, and words that are looked for before anything is sorted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    CTE,
    JSON,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    cast,
    column,
    exists,
    func,
    or_,
    select,
    text,
    type_coerce,
    union,
)

from grievance.core.visibility import ALONE, OUTSIDE, PANEL, RELEASE
from grievance.store.at_sites import at_site, further
from grievance.store.tables import cases, links, restatements, seats

OPEN, LATE, WEEK, ENDED = "open", "late", "week", "ended"
"""The tabs of a list; a week is what falls due within seven days."""

TRIGRAM = 3
"""Letters of the shortest word that SQLite's text index finds."""

Conditions = tuple[ColumnElement[bool], ...]
Way = Select[str] | CompoundSelect[str]
"""Case ids, found in an index."""

PLENTY = 2_000
"""A word that more cases hold than these, or a filter that more fit, is looked for from the top of the list: the first page is
full soon."""


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
    readers: tuple[str, ...] = ()  # holders who find by words and by site no case but one whose restatement they read


_FOUND = select(cases.c.id.label("case_id"))
_COLUMNS = {name: cases.c[name] for name in ("turn", "lane", "category", "stage")}


def narrowed(tx: Connection, wanted: Wanted, *, found: bool = False) -> Conditions:
    """What each case of the list has to fulfil; of whose it is, its seats tell. `found`: by its key, so that is not asked."""
    where = _columns(wanted)
    if wanted.key and wanted.readers:
        readable = or_(_readable(tx, wanted.readers), _on_a_panel(wanted.readers))
        where.append(or_(cases.c.ref == _reference(wanted.key), readable))
    if wanted.site:
        where.append(at_site(wanted.site))
    if wanted.laws:
        where.append(cases.c.procedure.in_(wanted.laws))
    if wanted.linked:
        # The least of its seats: told to see whether there is one, PostgreSQL reads all that the holder sits in.
        there = seats.alias("there")
        held = (there.c.holder.in_(list(wanted.linked)), there.c.until_at.is_(None))
        seat = select(func.min(there.c.no)).where(there.c.case_id == links.c.other_id, *held).scalar_subquery()
        where.append(exists().where(links.c.case_id == cases.c.id, seat.is_not(None)))
    if wanted.key and not found:
        said = exists().where(restatements.c.case_id == cases.c.id, _holds(tx, restatements.c.key, wanted.key))
        where.append(or_(said, cases.c.ref == _reference(wanted.key), at_site(_code(wanted.key))))
    return tuple(where)


def _readable(tx: Connection, holders: tuple[str, ...]) -> ColumnElement[bool]:
    """As `visibility.sees_restatement` says it of the case: it is out, and was before one of these came, or may stay so.

    For the other side in no case that ended: one that was opened again stands there for them until they are asked, and
    would be found by other words, and no more by its old ones, from the minute on in which it is triaged anew.
    """
    out = _holds(tx, cases.c.state, '"released_at":"')  # null where it is not: nobody's words stand in a state
    state = type_coerce(cases.c.state, JSON) if tx.dialect.name == "sqlite" else cast(cases.c.state, JSON)
    late = _holds(tx, cases.c.state, f'"{RELEASE}":false')  # or it is not taken back, and nobody has to look since when
    since = case((late, state["withdrawn"][RELEASE].as_integer()))
    seat = seats.alias("reading")
    sits = (seat.c.case_id == cases.c.id, seat.c.holder.in_(holders), seat.c.until_at.is_(None))
    there = or_(seat.c.role.not_in(OUTSIDE), seat.c.ended.is_(False))
    in_time = or_(seat.c.role.not_in(OUTSIDE | PANEL), since.is_(None), seat.c.no < since)
    return and_(out, exists().where(*sits, there, in_time))


def _holds(tx: Connection, column: ColumnElement[str], part: str) -> ColumnElement[bool]:
    """What no index serves: row by row."""
    place = func.instr if tx.dialect.name == "sqlite" else func.strpos
    return place(column, part) > 0


def _on_a_panel(holders: tuple[str, ...]) -> ColumnElement[bool]:
    """Who reads a restatement before it is out: while it is for them to look at it."""
    seat = seats.alias("asked")
    sits = (seat.c.case_id == cases.c.id, seat.c.holder.in_(holders), seat.c.until_at.is_(None))
    asked = or_(*(and_(seat.c.role.in_(who), cases.c.turn.in_(who)) for who in (PANEL, {ALONE})))
    return and_(exists().where(*sits, asked), exists().where(restatements.c.case_id == cases.c.id))


def _columns(wanted: Wanted) -> list[ColumnElement[bool]]:
    return [column == value for name, column in _COLUMNS.items() if (value := getattr(wanted, name))]


def seated(wanted: Wanted) -> Conditions:
    """What a seat has to fulfil, beside whose it is: that the case is given to somebody, or to nobody."""
    given: BindParameter[str] = bindparam("assignee", "" if wanted.assignee == "-" else wanted.assignee)
    return (seats.c.assignee == given,) if wanted.assignee else ()


def beginning(tx: Connection, wanted: Wanted) -> CTE | None:
    """The ids of few cases among which all that fit are, whoever may see them; None where it is best to walk the list.

    Those that a key finds; else those that fit the filter which fits fewest cases, if these are few.
    """
    if wanted.key:
        return _matching(tx, wanted.key).cte("found")
    ways = _indexed(wanted)
    if not ways:
        return None
    few = (select(func.count()).select_from(way.limit(PLENTY + 1).subquery()).scalar_subquery() for way in ways)
    count, way = min(zip(tx.execute(select(*few)).one(), ways, strict=True), key=lambda each: each[0])
    return way.cte("found") if count <= PLENTY else None


def _indexed(wanted: Wanted) -> list[Way]:
    """For each filter what its index finds, among the open cases or the ended ones."""
    fits = _columns(wanted)
    if wanted.laws:
        fits.append(cases.c.procedure.in_(wanted.laws))
    ways: list[Way] = [_FOUND.where(each, _ended(wanted)) for each in fits]
    if wanted.site:
        here = _FOUND.where(cases.c.site == wanted.site, _ended(wanted))
        ways.append(_either(here, _FOUND.where(further(wanted.site))))
    if wanted.linked:
        ways.append(select(links.c.case_id).distinct())
    return ways


def _ended(wanted: Wanted) -> ColumnElement[bool]:
    return cases.c.final > "" if wanted.view == ENDED else cases.c.final == ""


def _matching(tx: Connection, key: str) -> Way:
    """By their words (a text index), their name or their site."""
    if tx.dialect.name == "sqlite" and len(key) >= TRIGRAM:
        phrase = '"' + key.replace('"', '""') + '"'
        index = "SELECT rowid FROM restatement_index WHERE restatement_index MATCH :phrase"
        match = text(index).bindparams(bindparam("phrase", phrase)).columns(column("rowid"))
        said: ColumnElement[bool] = restatements.c.no.in_(match)
    else:
        said = restatements.c.key.contains(key, autoescape=True)
    return _either(
        select(restatements.c.case_id).where(said),
        _FOUND.where(cases.c.site == _code(key)),
        _FOUND.where(further(_code(key))),
        _FOUND.where(cases.c.ref == _reference(key)),
    )


def _either(*ways: Select[str]) -> CompoundSelect[str]:
    return union(*(way.limit(PLENTY + 1).subquery().select() for way in ways))


def _code(key: str) -> str:
    return key.upper()


def _reference(key: str) -> str:
    return key.upper().replace(" ", "")
