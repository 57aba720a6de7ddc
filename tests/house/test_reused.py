"""A database that the next test uses is as the first found it: rows are put back, and one of another form is dropped."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from grievance.store.engines import engine_for
from tests import makers, postgres
from tests.reused import Reused


def rows(url: str) -> dict[str, list[str]]:
    """Every row of every table, and where every sequence stands."""
    with engine_for(postgres.owners(url)) as engine, engine.connect() as tx:
        names = tx.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
        found = {name: sorted(tx.execute(text(f"SELECT t::text FROM {name} t")).scalars()) for name in names}
        counted = tx.execute(text("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"))
        return {**found, **{row[0]: [str(row[1])] for row in counted}}


def test_rows_are_put_back(pg_reused: Reused, tmp_path: Path, keys: Path) -> None:
    with pg_reused.database() as first:
        before = rows(first)
        app = makers.house(tmp_path, postgres.programs(first), GRIEVANCE_KEYS=str(keys))
        makers.Story.filed(makers.desk_of(app)).taken().answered()
        makers.desk_of(app).store.engine.dispose()
        assert rows(first) != before
    with pg_reused.database() as second:
        assert second == first
        assert rows(second) == before


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE events DISABLE TRIGGER ALL",
        "ALTER TABLE wraps NO FORCE ROW LEVEL SECURITY",
        f"GRANT TRUNCATE ON events TO {postgres.PROGRAM}",
        "ALTER TABLE cases ADD COLUMN more integer",
        "CREATE TABLE more (id integer)",
        "DROP INDEX IF EXISTS ix_outbox_due; CREATE INDEX more ON outbox (id)",
    ],
)
def test_another_form_is_not_used_again(pg_reused: Reused, change: str) -> None:
    with pg_reused.database() as first, engine_for(postgres.owners(first)) as engine, engine.begin() as tx:
        tx.exec_driver_sql(change)
    with pg_reused.database() as second:
        assert second != first


def test_planted_a_connection_that_is_left_open_is_found(pg_reused: Reused) -> None:
    def leave_one(url: str) -> Engine:
        engine = create_engine(url)
        engine.connect().close()
        return engine

    with pytest.raises(AssertionError, match="left open"), pg_reused.database() as url:
        left = leave_one(url)
    left.dispose()
