"""The ledger is append-only for whoever holds the connection: the database itself refuses, and says why."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from grievance.casework.desk import Desk
from tests.makers import Story
from tests.store.attacks import stranger, unguard

BOTH = {
    "update": "UPDATE events SET data = '{}' WHERE seq = 1",
    "update of every row": "UPDATE events SET actor = actor",
    "delete": "DELETE FROM events WHERE seq = 3",
    "delete of every row": "DELETE FROM events",
}
COLUMNS = "case_id, seq, at, kind, actor, data, hash"
FORGED = "case_id, seq, at, kind, actor, '{}', hash"
ATTACKS = {
    "sqlite": BOTH
    | {
        "replace": f"REPLACE INTO events ({COLUMNS}) SELECT {FORGED} FROM events",
        "insert or replace": f"INSERT OR REPLACE INTO events ({COLUMNS}) SELECT {FORGED} FROM events",
        "update or replace": "UPDATE OR REPLACE events SET seq = 1 WHERE seq = 2",
        "upsert": f"INSERT INTO events ({COLUMNS}) SELECT {COLUMNS} FROM events WHERE true "
        "ON CONFLICT (case_id, seq) DO UPDATE SET data = '{}'",
    },
    "postgresql": BOTH
    | {
        "truncate": "TRUNCATE events",
        "truncate of the cases": "TRUNCATE cases CASCADE",
        "upsert": f"INSERT INTO events ({COLUMNS}) SELECT {COLUMNS} FROM events "
        "ON CONFLICT (case_id, seq) DO UPDATE SET data = '{}'",
        "merge": "MERGE INTO events USING cases ON events.case_id = cases.id WHEN MATCHED THEN DELETE",
    },
}


def ledger(desk: Desk) -> list[tuple[object, ...]]:
    with desk.store.read() as tx:
        return [tuple(row) for row in tx.execute(text("SELECT * FROM events ORDER BY case_id, seq"))]


def test_the_database_refuses(desk: Desk, database: str) -> None:
    kind = "sqlite" if desk.store.sqlite else "postgresql"
    Story.filed(desk)
    before = ledger(desk)
    for pragma in ("recursive_triggers=OFF", "recursive_triggers=ON"):
        engine = stranger(database, *((pragma, "foreign_keys=OFF") if desk.store.sqlite else ()))
        for name, attack in ATTACKS[kind].items():
            with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
                connection.execute(text(attack))
            assert ledger(desk) == before, (name, pragma)
        engine.dispose()


def test_planted_without_the_triggers_the_same_attacks_succeed(desk: Desk, database: str) -> None:
    """Else the test above could pass because its statements are wrong."""
    kind = "sqlite" if desk.store.sqlite else "postgresql"
    for name, attack in ATTACKS[kind].items():
        Story.filed(desk)
        before = ledger(desk)
        engine = stranger(database, *(("foreign_keys=OFF",) if desk.store.sqlite else ()))
        with engine.connect() as connection:
            unguard(connection)
            connection.execute(text("BEGIN"))
            connection.execute(text(attack))
            after = [tuple(row) for row in connection.execute(text("SELECT * FROM events ORDER BY case_id, seq"))]
            connection.execute(text("ROLLBACK"))
        engine.dispose()
        assert after != before or name == "update of every row"
