"""Marks what nothing new begins with, and counts what still runs with it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Column, Connection, Table, func, select, update

from grievance.store.at_sites import at_site
from grievance.store.tables import bodies, cases, programmes, seats, sites

KEYS: Mapping[str, tuple[Table, Column[str]]] = {
    "sites": (sites, sites.c.code),
    "bodies": (bodies, bodies.c.id),
    "programmes": (programmes, programmes.c.id),
}


def mark(tx: Connection, kind: str, key: str, *, retired: bool) -> None:
    """One of KEYS is retired, or in use again."""
    table, column = KEYS[kind]
    tx.execute(update(table).where(column == key).values(retired=retired))


def open_at(tx: Connection, site: str) -> int:
    """How many open cases are about a site."""
    return tx.execute(select(func.count()).where(at_site(site), cases.c.final == "")).scalar_one()


def open_in(tx: Connection, programme: str) -> int:
    """How many cases of a programme are open."""
    return tx.execute(select(func.count()).where(cases.c.programme == programme, cases.c.final == "")).scalar_one()


def open_held(tx: Connection, body: str) -> int:
    """In how many open cases an organisation holds a seat."""
    held = select(func.count(seats.c.case_id.distinct())).where(seats.c.holder == body, seats.c.until_at.is_(None))
    return tx.execute(held.where(seats.c.ended.is_(False))).scalar_one()


def run_by(tx: Connection, body: str) -> list[str]:
    """The numbers of the sites in use that an organisation runs."""
    query = select(sites.c.code).where(sites.c.body == body, sites.c.retired.is_(False))
    return list(tx.execute(query.order_by(sites.c.code)).scalars())
