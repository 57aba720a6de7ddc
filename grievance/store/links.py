"""Keeps which cases belong together, and finds cases beside a case: a viewer is named in every question, as everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection, Select, and_, delete, exists, insert, or_, select

from grievance.core import events as e
from grievance.core.case import Case
from grievance.store import codec
from grievance.store.at_sites import at_site
from grievance.store.hands import sits
from grievance.store.tables import cases, links, restatements, seats


@dataclass(frozen=True, slots=True)
class Beside:
    """A case beside another, as whoever is seated in it may see it; `key` is the search key of its restatement."""

    ref: str
    title: str
    key: str
    case: Case


class Changed(Protocol):
    """What a change of a case says here."""

    @property
    def case(self) -> Case: ...
    @property
    def entries(self) -> tuple[e.Entry, ...]: ...


def keep(tx: Connection, changes: Iterable[Changed]) -> None:
    """The rows that these entries make and take away, in the transaction in which they are appended."""
    for change in changes:
        for entry in change.entries:
            match entry.event:
                case e.Linked(kind, other):
                    tx.execute(insert(links).values(case_id=change.case.id, kind=kind, other_id=other))
                case e.Unlinked(kind, other):
                    mine = and_(links.c.case_id == change.case.id, links.c.kind == kind, links.c.other_id == other)
                    tx.execute(delete(links).where(mine))


def among(tx: Connection, holders: Sequence[str], roles: Iterable[str], ids: Sequence[str]) -> dict[str, Beside]:
    """Those of these cases, by id, in which one of these holders has a seat of one of these roles."""
    if not ids:
        return {}
    return {found.case.id: found for found in _read(tx, _seated(holders, roles).where(cases.c.id.in_(list(ids))))}


def near(
    tx: Connection, holders: Sequence[str], roles: Iterable[str], case: Case, words: Sequence[str], most: int
) -> list[Beside]:
    """Other cases of the programme at the same site, or with one of these words in their restatement; `most` of each."""
    query = _seated(holders, roles).where(cases.c.id != case.id, cases.c.programme == case.programme)
    found: dict[str, Beside] = {}
    if case.sites:
        found |= {one.case.id: one for one in _read(tx, query.where(at_site(*case.sites)).limit(most))}
    if words:
        said = or_(*(restatements.c.key.contains(word, autoescape=True) for word in words))
        said_in = select(restatements.c.case_id).where(said).limit(most)
        found |= {one.case.id: one for one in _read(tx, query.where(cases.c.id.in_(said_in)))}
    return list(found.values())


def _seated(holders: Sequence[str], roles: Iterable[str]) -> Select[tuple[str, str, str, str]]:
    seated = exists().where(seats.c.case_id == cases.c.id, *sits(holders, roles))
    query = select(cases.c.ref, restatements.c.title, restatements.c.key, cases.c.state)
    return query.outerjoin(restatements, restatements.c.case_id == cases.c.id).where(seated)


def _read(tx: Connection, query: Select[tuple[str, str, str, str]]) -> Iterable[Beside]:
    for row in tx.execute(query):
        yield Beside(row.ref, row.title or "", row.key or "", codec.read_case(row.state))
