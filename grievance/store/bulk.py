"""Writes many rows with one statement, on either database: what is to be written is said once, and each takes it in its way.

SQLite prepares a statement and runs it row after row. PostgreSQL parses and plans it anew for each row, which costs more than
the row does; so all rows go there as one text of JSON, and it plans once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, LargeBinary, Table, Text, bindparam, cast, column, func, insert, select
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.exc import IntegrityError

from grievance.store.schema import Instant, micros

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bulk:
    """A statement for many rows: `each` takes one after the other, `at_once` all. `columns` says of which type a value is."""

    each: Any
    at_once: Any
    columns: Mapping[str, Column[Any]]

    def __str__(self) -> str:
        return str(self.each)

    def write(self, tx: Connection, rows: list[Row]) -> int:
        """How many rows were met; one that the database refuses raises, as the database does."""
        if len(rows) == 1 or tx.dialect.name != "postgresql":
            return tx.execute(self.each, rows[0] if len(rows) == 1 else rows).rowcount
        turned = [(name, turn) for name, kept in self.columns.items() if (turn := _TURNS.get(type(kept.type)))]
        plain = [row | {name: turn(row[name]) for name, turn in turned if row[name] is not None} for row in rows]
        return tx.execute(self.at_once, {"rows": msgspec.json.encode(plain).decode()}).rowcount


_TURNS: Mapping[type, Callable[[Any], int | str]] = {Instant: micros, LargeBinary: lambda value: rf"\x{value.hex()}"}
"""What JSON does not know, as PostgreSQL reads it from a text."""


@contextmanager
def together(tx: Connection) -> Iterator[None]:
    """What is written within goes to PostgreSQL in one journey, and its answers come in one; nothing may be read within.

    Raises IntegrityError at the end where the database refused a row.
    """
    if tx.dialect.name != "postgresql":
        yield
        return
    driver: Any = tx.connection.driver_connection
    try:
        with driver.pipeline():
            yield
    except tx.dialect.loaded_dbapi.IntegrityError as error:  # the driver's own: SQLAlchemy was done with it by then
        raise IntegrityError(None, None, error) from error


def adding(table: Table, *without: str) -> Bulk:
    """Adds rows with every column but these."""
    columns = {kept.name: kept for kept in table.c if kept.name not in without}
    given = _given(columns)
    return Bulk(insert(table).inline(), insert(table).from_select(list(columns), select(*given.c)), columns)


def changing(statement: Callable[[Any], Any], columns: Mapping[str, Column[Any]]) -> Bulk:
    """Changes or takes away rows: `statement` is made of the values, an attribute for each name."""
    each = {name: bindparam(name, type_=kept.type) for name, kept in columns.items()}
    return Bulk(statement(_Values(each)), statement(_given(columns).c), columns)


class _Values(dict[str, Any]):
    __getattr__ = dict.__getitem__


def _given(columns: Mapping[str, Column[Any]]) -> Any:
    """The rows as a table, which PostgreSQL makes of the text."""
    rows = cast(bindparam("rows", type_=Text), JSON)
    named = (column(name, kept.type) for name, kept in columns.items())
    return func.json_to_recordset(rows).table_valued(*named).render_derived(name="given", with_types=True)
