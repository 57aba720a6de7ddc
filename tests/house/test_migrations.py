"""Migrations go up, down and up again on both databases, carry what is there, and end in the tables that the code uses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Engine, Integer, create_engine, inspect, text

from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.casework.showing import worklists
from grievance.store import factors, roles
from grievance.store.migrations import migrate, revision_of
from grievance.store.tables import metadata
from tests import conftest, makers
from tests.store.attacks import TRIGGERS

SEARCH = ("restatement_index", "ix_restatements_key")
"""What stands beside the tables, because SQLAlchemy cannot say it: the text index of SQLite, the trigrams of PostgreSQL."""

REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
    "0016",
    "0017",
    "0018",
    "0019",
    "0020",
    "0021",
    "0022",
)
NEWER = {
    "sketches",
    "settlements", "stands", "passes", "askings", "deeds", "files", "links", "checkpoints", "leaves", "factors", "halves",
    "challenges", "bindings",
}  # fmt: skip
"""Tables that came after 0003; what is kept in them goes with them."""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database in which nothing has happened."""
    tmp_path.chmod(0o700)
    if request.param == "sqlite":
        engine = create_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}")
        yield engine
        engine.dispose()
        return
    with conftest.postgres.fresh_database(request.getfixturevalue("pg_server")) as url:
        engine = create_engine(url)
        yield engine
        engine.dispose()


def differences(engine: Engine) -> list[Any]:
    """What alembic would write into the next migration, apart from the search."""

    def ours(_: Any, name: str | None, kind: str, *__: Any) -> bool:
        return not (kind in ("table", "index") and (name or "").startswith(SEARCH))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        return list(compare_metadata(context, metadata))


def names(engine: Engine) -> set[str]:
    """Every table, index, trigger and function of this schema, but the migrations' own table."""
    query = (
        "SELECT name FROM sqlite_master"
        if engine.dialect.name == "sqlite"
        else """SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public'
                UNION SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
                UNION SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace
                WHERE nspname = 'public' AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')"""
    )
    with engine.connect() as connection:
        return {name for (name,) in connection.execute(text(query)) if "alembic" not in name}


def test_up_down_and_up_again(empty: Engine) -> None:
    migrate(empty)
    there = names(empty)
    assert revision_of(empty) == REVISIONS[-1]
    assert differences(empty) == []
    migrate(empty, "base", down=True)
    assert names(empty) == set()
    assert revision_of(empty) is None
    migrate(empty)
    assert names(empty) == there
    assert differences(empty) == []


def test_step_by_step_is_the_same(empty: Engine) -> None:
    migrate(empty)
    there = names(empty)
    for revision in (*reversed(REVISIONS[:-1]), "base"):
        migrate(empty, revision, down=True)
    for revision in REVISIONS:
        migrate(empty, revision)
        assert revision_of(empty) == revision
    assert names(empty) == there
    migrate(empty)  # again: nothing to do


def test_planted_a_column_that_no_migration_makes_is_found(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate(empty)
    planted = metadata.tables["cases"]
    column: Column[int] = Column("planted", Integer)
    copy = type(metadata)(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        table.to_metadata(copy)
    copy.tables[planted.name].append_column(column)
    monkeypatch.setitem(globals(), "metadata", copy)
    assert [found[0] for found in differences(empty)] == ["add_column"]


def test_what_is_there_is_carried_down_and_up(database: str, tmp_path: Path, clock: makers.Clock, keys: Path) -> None:
    """Rows written at the newest form go down to 0002 and come back; the ledger is still guarded, the words are found."""
    app = makers.house(tmp_path, database, clock, GRIEVANCE_KEYS=str(keys))
    desk = makers.desk_of(app)
    story = makers.Story.filed(desk).taken()
    again = makers.Story.filed(desk).taken()
    again.do("complainant", "withdraw", {"why_withdrawn": "free"})
    again.do("complainant", "reopen", own_words="It goes on.")
    with desk.store.write() as tx:  # second steps came after 0002, and would go with their table
        factors.remove_all(tx, makers.ADMINISTRATOR, *factors.STEPS)
    engine = create_engine(conftest.postgres.owners(database))
    before = contents(engine)
    migrate(engine, "0002", down=True)
    lower = contents(engine)
    assert {name for name in before if lower.get(name, []) != before[name]} == {
        "programmes",
        "meta",
        "outbox",
        "clocks",
        "seats",
        "cases",
        "bodies",
        "sites",
        "wraps",
    }
    assert set(before) - set(lower) == NEWER
    assert "kh/worker-1" in lower["programmes"][0]
    migrate(engine)
    if engine.dialect.name == "postgresql":  # tables that were made anew are granted anew, as an operator does
        roles.let_in(engine, conftest.postgres.PROGRAM)
    assert contents(engine) == before
    assert verifying.verify(desk) == (2, [])
    assert set(found(desk, "Overtime")) == {story.ref, again.ref}
    story.do("respondent", "submit_answer", {"issue_answers": {"1": "contest", "2": "accept"}}, statement="We paid.")
    assert verifying.verify(desk) == (2, [])
    assert guards(engine)
    engine.dispose()
    desk.store.engine.dispose()


def test_who_came_after_a_consent_was_taken_back_is_known_of_older_cases_too(
    database: str, tmp_path: Path, clock: makers.Clock, keys: Path
) -> None:
    """A state that was written before such things were kept is folded anew from its ledger."""
    app = makers.house(tmp_path, database, clock, GRIEVANCE_KEYS=str(keys))
    desk = makers.desk_of(app)
    story = makers.Story.filed(desk).taken()
    story.do("complainant", "take_back_consent", {"consent": "restatement_to_respondent"})
    engine = create_engine(conftest.postgres.owners(database))
    migrate(engine, "0021", down=True)
    read, older = text("SELECT state FROM cases"), text("UPDATE cases SET state = :state")
    with engine.begin() as connection:
        now = json.loads(connection.execute(read).scalar_one())
        assert now.pop("withdrawn")
        connection.execute(older, {"state": json.dumps(now, ensure_ascii=False, separators=(",", ":"))})
    assert verifying.verify(desk)[1], "it is not what the ledger says"
    migrate(engine)
    assert verifying.verify(desk) == (1, [])
    engine.dispose()
    desk.store.engine.dispose()


def found(desk: Desk, words: str) -> list[str]:
    listed = worklists.worklist(desk, makers.viewer("sophea"), {"q": words}, roles=makers.ROLES["officer"])
    return [row.ref for row in listed.rows]


def contents(engine: Engine) -> dict[str, list[str]]:
    with engine.connect() as connection:
        return {
            table: sorted(repr(tuple(row)) for row in connection.execute(text(f"SELECT * FROM {table}")))
            for table in metadata.tables
            if inspect(connection).has_table(table)
        }


def guards(engine: Engine) -> bool:
    expected = TRIGGERS if engine.dialect.name == "sqlite" else ("events_no_change", "events_no_truncate")
    return set(expected) <= names(engine)


def test_a_migration_that_fails_half_way_leaves_nothing(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power goes in the middle of an upgrade: the old form stands whole, and the next try succeeds."""
    migrate(empty, "0001")
    before = names(empty)
    run, statements = Operations.execute, [0]

    def breaking(self: Operations, *args: Any, **more: Any) -> None:
        statements[0] += 1
        if statements[0] == 3:
            raise OSError("the power is gone")
        run(self, *args, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Operations, "execute", breaking)
        with pytest.raises(OSError, match="power"):
            migrate(empty)
    assert (revision_of(empty), names(empty)) == ("0001", before)
    assert inspect(empty).has_table("events")
    migrate(empty)
    assert revision_of(empty) == REVISIONS[-1]
