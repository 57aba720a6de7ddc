"""Makes many cases of a thousand true ones, inside the database: other ids, the same words, in seconds instead of an hour."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    LargeBinary,
    Table,
    case,
    cast,
    func,
    insert,
    literal,
    select,
    type_coerce,
)

from benchmarks.houses import House
from benchmarks.making import FEW_OFFICE, RARE
from grievance.language import search_key
from grievance.store.tables import cases, restatements, seats

WITHOUT = 20_000
"""So many of the largest list fall due before all others, and lack the rare word."""
COPIED = "%-%"
MONTH = 30 * 86_400 * 1_000_000
"""Microseconds."""


def copy(house: House, originals: int, before: int, total: int) -> None:
    """The list grows from `before` to `total` cases, both multiples of `originals`; the few officer's stay as few.

    A copy is found, listed and shown as its original is. It has no ledger, so `verify` is not asked about it.
    """
    with house.desk.store.write() as tx:
        for no in range(before // originals, total // originals):
            bare = total - no * originals <= WITHOUT and total > 2 * WITHOUT
            for table, where, changed in _tables(no, bare=bare):
                kept = [column for column in table.c if column.name != "no" or table is seats]
                values = [changed.get(column.name, column) for column in kept]
                tx.execute(insert(table).from_select(kept, select(*values).where(*where)))
    house.settle()


def _tables(no: int, *, bare: bool) -> list[tuple[Table, list[ColumnElement[bool]], dict[str, ColumnElement[Any]]]]:
    """Table, which rows are originals, and what is otherwise in copy `no`."""
    mark = literal(f"-{no}")
    soon = MONTH if bare else 0
    word = search_key(RARE) if bare else ""
    return [
        (
            cases,
            [cases.c.id.not_like(COPIED)],
            {
                "id": cases.c.id + mark,
                "ref": cases.c.ref + mark,
                "state": func.replace(cases.c.state, cases.c.id, cases.c.id + mark),
                "tag": cast(cases.c.id + mark, LargeBinary),
                "due_at": type_coerce(cases.c.due_at, BigInteger) - soon,
            },
        ),
        (
            seats,
            [seats.c.case_id.not_like(COPIED), seats.c.holder != FEW_OFFICE],
            {"case_id": seats.c.case_id + mark, "due_at": type_coerce(seats.c.due_at, BigInteger) - soon},
        ),
        (
            restatements,
            [restatements.c.case_id.not_like(COPIED)],
            {
                "case_id": restatements.c.case_id + mark,
                "key": case((literal(bare), func.replace(restatements.c.key, word, "")), else_=restatements.c.key),
            },
        ),
    ]
