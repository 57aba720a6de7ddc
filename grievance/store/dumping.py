"""Hands out every row of one moment in a form that both databases take back, and takes it back into an empty one."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    LargeBinary,
    Table,
    column,
    delete,
    exists,
    func,
    insert,
    inspect,
    select,
    text,
    type_coerce,
)
from sqlalchemy import table as named

from grievance.core.errors import Refused, say
from grievance.store.changes import FILE
from grievance.store.schema import Instant
from grievance.store.tables import cases, files, items, metadata, people, wraps

LEFT_OUT = frozenset({"sessions", "halves", "challenges", "throttle"})
"""Nobody is signed in at a restored house, wholly or by half, and nobody waits there for wrong passwords."""

WRAPS = frozenset({"wraps"})
"""The keys of what is sealed, each sealed itself: they go into a backup of their own, which does not live long."""

ROWS = 2_000
LARGE = frozenset({"leaves"})
"""A row of these can be some megabytes: each is a part of its own."""
_NAME = re.compile(r"[a-z_]{1,60}")


class Part(msgspec.Struct):
    """Some rows of a table. `binary`: the places of the columns whose values are bytes, written in base 64."""

    table: str
    columns: list[str]
    binary: list[int]
    rows: list[list[Any]]


def dump(tx: Connection, *, wraps: bool = False) -> Iterator[tuple[int, bytes]]:
    """Every row but the wraps, or these alone, in an order in which they can be inserted: how many, and these as JSON."""
    for kept in metadata.sorted_tables:
        if kept.name in LEFT_OUT or (kept.name in WRAPS) != wraps:
            continue
        columns = [type_coerce(c, BigInteger) if isinstance(c.type, Instant) else c for c in kept.columns]
        binary = [place for place, c in enumerate(kept.columns) if isinstance(c.type, LargeBinary)]
        many = 1 if kept.name in LARGE else ROWS
        found = tx.execution_options(yield_per=many).execute(select(*columns))
        for rows in found.partitions():
            part = Part(str(kept.name), [str(c.name) for c in kept.columns], binary, [list(row) for row in rows])
            yield len(part.rows), msgspec.json.encode(part)


def load(tx: Connection, part: bytes, *, without_wraps: bool = False) -> int:
    """Insert one part; returns how many rows. Raises ValidationError or ValueError for what `dump` has not written."""
    read = msgspec.json.decode(part, type=Part)
    if read.table not in metadata.tables or not all(_NAME.fullmatch(name) for name in read.columns):
        raise ValueError("a part of another database")
    if without_wraps and read.table in WRAPS:
        return 0
    for row in read.rows:
        for place in read.binary:
            row[place] = None if row[place] is None else base64.b64decode(row[place])
    target = named(read.table, *(column(name) for name in read.columns))
    tx.execute(insert(target), [dict(zip(read.columns, row, strict=True)) for row in read.rows])
    return len(read.rows)


def drop_strays(tx: Connection) -> int:
    """Forget the wraps of texts and files that no row speaks of; returns how many there were."""
    text_of = (items.c.case_id == wraps.c.case_id) & (items.c.seq == wraps.c.seq) & (items.c.name == wraps.c.name)
    file_of = (files.c.case_id == wraps.c.case_id) & (files.c.seq == wraps.c.seq) & (wraps.c.name == FILE)
    of_nothing = ~exists().where(text_of) & ~exists().where(file_of)
    return tx.execute(delete(wraps).where(of_nothing)).rowcount


def check(tx: Connection) -> None:
    """What was loaded holds together. Raises ValueError; PostgreSQL has refused at once what does not."""
    if tx.dialect.name == "sqlite" and tx.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise ValueError("a row names another one that is missing")


def count_on(tx: Connection) -> None:
    """Numbers that the database gives go on after the highest one that was loaded."""
    if tx.dialect.name == "sqlite":
        return  # it looks at the rows themselves
    for kept in metadata.sorted_tables:
        number = _numbered(kept)
        if number:
            highest = select(func.max(kept.c[number])).scalar_subquery()
            sequence = func.pg_get_serial_sequence(kept.name, number)
            tx.execute(select(func.setval(sequence, func.coalesce(highest, 1), highest.is_not(None))))


def refuse_a_full_one(tx: Connection) -> bool:
    """Whether there are tables at all. Raises Refused where they hold a case or an account."""
    there = set(inspect(tx).get_table_names())
    for kept in (cases, people):
        if kept.name in there and tx.execute(select(text("1")).select_from(kept).limit(1)).first():
            raise Refused(say("This database holds cases or accounts: restore into an empty one."))
    return bool(there)


def _numbered(kept: Table) -> str:
    """The column that the database numbers, if there is one."""
    keys = list(kept.primary_key.columns)
    return (
        keys[0].name if len(keys) == 1 and isinstance(keys[0].type, Integer) and keys[0].autoincrement is True else ""
    )
