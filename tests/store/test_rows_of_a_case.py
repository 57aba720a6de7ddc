"""Below the views: PostgreSQL shows a transaction the sealed texts, keys and texts of the cases that it found, and no others.

Each defence is taken off once, and the attack then succeeds: else it could fail because it is wrong.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from grievance.app import create_app
from grievance.casework.desk import Desk
from grievance.casework.finding import find
from grievance.casework.house import packing, safekeeping, verifying
from grievance.cli import run
from grievance.store import cases, files, roles
from grievance.store.tables import items, texts, wraps
from tests import makers, postgres
from tests.conftest import fresh
from tests.makers import Story, viewer
from tests.store.attacks import owned

NOTHING: dict[str, set[str]] = {"items": set(), "wraps": set(), "texts": set()}
GUARDED = {"items": items, "wraps": wraps, "texts": texts}


@pytest.fixture
def desk(request: pytest.FixtureRequest, tmp_path: Path, keys: Path) -> Iterator[Desk]:
    tmp_path.chmod(0o700)
    with fresh("postgresql", tmp_path, request) as url:
        made = makers.desk_of(makers.house(tmp_path, url, makers.Clock(), GRIEVANCE_KEYS=str(keys)))
        yield made
        made.store.engine.dispose()


@pytest.fixture
def two(desk: Desk) -> tuple[Story, Story]:
    return Story.filed(desk).taken(), Story.filed(desk).taken()


def seen(desk: Desk, *found: Story) -> dict[str, set[str]]:
    """By table, the cases of which a transaction that asks for everything gets something, once these were found."""
    with desk.store.read() as tx:
        for story in found:
            find(tx, viewer("sophea"), story.ref)
        return {name: set(tx.execute(select(table.c.case_id)).scalars()) for name, table in GUARDED.items()}


def id_of(desk: Desk, story: Story) -> str:
    with desk.store.read() as tx:
        return find(tx, viewer("sophea"), story.ref).case.id


def test_what_was_not_found_is_not_there(desk: Desk, two: tuple[Story, Story]) -> None:
    one, other = two
    first, second = id_of(desk, one), id_of(desk, other)
    assert seen(desk) == NOTHING, "nothing was found"
    assert seen(desk, one) == {name: {first} for name in GUARDED}
    assert seen(desk, one, other) == {name: {first, second} for name in GUARDED}
    assert seen(desk) == NOTHING, "what was open is shut when its transaction ends"


def test_whoever_finds_nothing_opens_nothing(desk: Desk, two: tuple[Story, Story]) -> None:
    """A foreign case is not found, and by that its rows are hidden too, even from a reading that names them."""
    with desk.store.read() as tx:
        assert cases.by_ref(tx, ("person:nobody",), two[0].ref) is None
        assert cases.items_of(tx, id_of(desk, two[0])) == []
        assert cases.texts_of(tx, id_of(desk, two[0])) == []
        assert files.wraps_of(tx, id_of(desk, two[0]), 1) == {}


@pytest.mark.parametrize("table", GUARDED)
def test_nothing_is_changed_or_taken_away_unseen(desk: Desk, two: tuple[Story, Story], table: str) -> None:
    kept = makers.contents(desk)[table]
    with desk.store.write() as tx:
        assert tx.execute(text(f"DELETE FROM {table}")).rowcount == 0
        assert tx.execute(text(f"UPDATE {table} SET name = 'x'")).rowcount == 0
    assert makers.contents(desk)[table] == kept
    assert two


@pytest.mark.parametrize("table", GUARDED)
def test_planted_without_its_policy_a_table_shows_every_case(desk: Desk, two: tuple[Story, Story], table: str) -> None:
    with owned(desk.store.engine) as owner:
        owner.execute(text(f"DROP POLICY {table}_of_a_found_case ON {table}"))
        owner.execute(text(f"CREATE POLICY all_of_it ON {table} USING (true)"))
    everything = {id_of(desk, story) for story in two}
    assert {name for name, shown in seen(desk).items() if shown == everything} == {table}


@pytest.mark.parametrize("table", GUARDED)
def test_the_owner_is_no_exception(desk: Desk, two: tuple[Story, Story], table: str) -> None:
    """FORCE: where the program runs as the owner after all, the policy holds; without it, it would not."""
    assert two
    with owned(desk.store.engine) as owner:
        owner.execute(text(f"ALTER TABLE {table} OWNER TO {postgres.PROGRAM}"))
    assert seen(desk)[table] == set()
    with owned(desk.store.engine) as owner:
        owner.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
    assert len(seen(desk)[table]) == 2, "the attack is right: the guard was what stopped it"


# asvs: 13.2.2
@pytest.mark.parametrize("table", GUARDED)
def test_the_program_takes_no_guard_off(desk: Desk, table: str) -> None:
    for order in (
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        f"DROP POLICY {table}_of_a_found_case ON {table}",
        f"TRUNCATE {table}",
        "ALTER TABLE events DISABLE TRIGGER USER",
        "SET session_replication_role = replica",
        "UPDATE alembic_version SET version_num = '0015'",
    ):
        with pytest.raises(DBAPIError, match=r"must be owner|permission denied"), desk.store.write() as tx:
            tx.execute(text(order))


def test_the_jobs_that_need_everything_say_so(desk: Desk, two: tuple[Story, Story], tmp_path: Path) -> None:
    """`verify` opens what is there; a backup holds as many rows as there are."""
    assert verifying.verify(desk) == (2, [])
    with owned(desk.store.engine) as owner:
        owner.execute(text("UPDATE texts SET body = body || '.' WHERE name = 'restatement'"))
    assert len({found.case_id for found in verifying.verify(desk)[1]}) == 2, "a blind look would find no difference"
    public, private = packing.make_key()
    rows, wraps = io.BytesIO(), io.BytesIO()
    packed = safekeeping.backup(desk, rows, wraps, [public])
    empty = safekeeping.Place(f"sqlite:///{tmp_path / 'away.sqlite'}", str(tmp_path / "files"), tmp_path / "no-keys")
    rows.seek(0)
    wraps.seek(0)
    restored_rows = safekeeping.restore(empty, rows, wraps, private, desk.now())
    assert (restored_rows.rows, restored_rows.wraps) == (packed.rows, packed.wraps)
    engine = create_engine(empty.database)
    with engine.connect() as tx:
        restored = {name: len(tx.execute(select(table)).all()) for name, table in GUARDED.items()}
    engine.dispose()
    assert restored == {name: len(makers.contents(desk)[name]) for name in GUARDED}
    assert two
    assert all(restored.values())


# --- The roles -----------------------------------------------------------------------------------------------------------


def owner_of(desk: Desk) -> Engine:
    return create_engine(postgres.owners(desk.store.engine.url.render_as_string(hide_password=False)))


def test_the_tests_themselves_run_as_a_role_that_can_pass_nothing_by(desk: Desk) -> None:
    with desk.store.read() as tx:
        assert tx.execute(text("SELECT current_user")).scalar_one() == postgres.PROGRAM
        assert not roles.too_much(tx)
    with owned(desk.store.engine) as owner:
        assert roles.too_much(owner), "a superuser passes every policy by"
        owner.execute(text(f"ALTER TABLE cases OWNER TO {postgres.PROGRAM}"))
    with desk.store.read() as tx:
        assert roles.too_much(tx), "who owns the tables takes their guards off"


def test_a_role_that_could_do_too_much_is_not_let_in(desk: Desk) -> None:
    engine = owner_of(desk)
    with pytest.raises(roles.WrongRole, match="Make another one"):
        roles.let_in(engine, str(engine.url.username))
    with pytest.raises(roles.WrongRole, match="There is no role nobody-knows"):
        roles.let_in(engine, "nobody-knows")
    engine.dispose()


def test_the_command_of_the_owner(pg_server: str, tmp_path: Path, keys: Path, desk: Desk) -> None:
    """An empty database, first as the program, which may make nothing; then as its owner; then as the program again."""
    tmp_path.chmod(0o700)
    with postgres.fresh_database(pg_server) as url:
        theirs = makers.settings(tmp_path, url, GRIEVANCE_KEYS=str(keys))
        ours = makers.settings(tmp_path, postgres.programs(url), GRIEVANCE_KEYS=str(keys))
        assert run(["database", "--program", postgres.PROGRAM], theirs, create_app) == 0
        assert run(["database"], ours, create_app) == 0, "it stands in its newest form: nothing to do"
        engine = create_engine(ours.database)
        with pytest.raises(ProgrammingError, match="permission denied"), engine.begin() as tx:
            tx.execute(text("CREATE TABLE mine (no integer)"))
        engine.dispose()


def test_an_older_form_is_the_owners_to_change(
    pg_server: str, tmp_path: Path, keys: Path, desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.chmod(0o700)
    with postgres.fresh_database(pg_server) as url:
        with_owner = create_engine(url)
        with with_owner.begin() as tx:
            tx.execute(text("CREATE EXTENSION pg_trgm"))
        with_owner.dispose()
        ours = makers.settings(tmp_path, postgres.programs(url), GRIEVANCE_KEYS=str(keys))
        assert run(["database"], ours, create_app) == 1
        assert "grievance database --program ROLE" in capsys.readouterr().err
