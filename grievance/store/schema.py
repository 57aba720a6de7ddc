"""What every table is made with: one naming of constraints, instants that are exact on both databases, the insert of each.

Instants are integers: microseconds since 1970 UTC, the same on both databases and exact for the hash chain.
Names of indexes and constraints follow one convention, so that migrations can name them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, Dialect, Index, MetaData, Table, TypeDecorator, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Later than any date that is waited for: it sorts alike on both databases, which nothing at all does not."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_MICROSECOND = timedelta(microseconds=1)


def micros(instant: datetime) -> int:
    """Microseconds since 1970. Refuses a naive datetime (ValueError): its zone would be a guess."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return (instant - EPOCH) // _MICROSECOND


INSERTS: Mapping[str, Callable[[Table], Any]] = {"sqlite": sqlite_insert, "postgresql": postgresql_insert}
"""By dialect: the insert that can say what to do where a row is there already."""


def inserting(tx: Connection, table: Table) -> Any:
    """That of this database."""
    return INSERTS[tx.dialect.name](table)


def index_where(rows: str, name: str, *columns: str) -> Index:
    """An index that holds these rows alone, on either database."""
    return Index(name, *columns, sqlite_where=text(rows), postgresql_where=text(rows))


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, kept as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Raises ValueError for a naive datetime."""
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Back to an aware UTC datetime."""
        return None if value is None else EPOCH + timedelta(microseconds=value)
