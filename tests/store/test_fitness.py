"""A PostgreSQL that is blind to Khmer is refused at start, with what to do, and nothing is written into it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import Engine, inspect, text
from sqlalchemy.pool import QueuePool

from grievance.app import check_database, create_app
from grievance.cli import run
from grievance.store import fitness
from grievance.store.engines import engine_for
from grievance.store.fitness import WrongDatabase
from tests import postgres
from tests.makers import desk_of, house, settings
from tests.reused import Reused


@pytest.mark.parametrize("command", ["serve", "clock", "init"])
def test_each_start_refuses_a_blind_database(
    pg_server: str,
    tmp_path: Path,
    keys: Path,
    command: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr("sys.stdin", io.StringIO("a long quiet river\n"))
    more = ["--mail", "a@example.org", "--name", "A"] if command == "init" else []
    with postgres.fresh_database(pg_server, ctype="C") as url:
        chosen = settings(tmp_path, url, GRIEVANCE_KEYS=str(keys))
        assert run([command, *more], chosen, create_app) == 1
        told = capsys.readouterr().err
        assert "finds no Khmer words" in told
        assert "--lc-ctype=C.UTF-8" in told
        with engine_for(url) as engine, engine.connect() as tx:
            assert inspect(tx).get_table_names() == [], "nothing was written"
            assert tx.execute(text("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")).scalar() == 0


def test_a_database_that_reads_khmer_passes(pg_server: str, tmp_path: Path) -> None:
    with postgres.fresh_database(pg_server) as url, engine_for(url) as engine:
        fitness.check(engine)
    with engine_for(f"sqlite:///{tmp_path / 'one.sqlite'}") as engine:
        fitness.check(engine)


def test_planted_a_word_in_latin_letters_would_pass(pg_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with postgres.fresh_database(pg_server, ctype="C") as url, engine_for(url) as engine:
        with pytest.raises(WrongDatabase):
            fitness.check(engine)
        monkeypatch.setattr(fitness, "WORD", "woman")
        fitness.check(engine)


@pytest.fixture
def on_postgresql(pg_reused: Reused, tmp_path: Path, keys: Path) -> Iterator[Flask]:
    tmp_path.chmod(0o700)
    with pg_reused.database() as url:
        app = house(tmp_path, postgres.programs(url), GRIEVANCE_KEYS=str(keys))
        yield app
        desk_of(app).store.engine.dispose()


def check_nothing_left_open(app: Flask) -> None:
    pool = desk_of(app).store.engine.pool
    assert isinstance(pool, QueuePool)
    check_database(app)
    assert desk_of(app).store.engine.pool.status() == pool.recreate().status()


def test_a_server_that_forks_after_the_check_shares_no_connection(on_postgresql: Flask) -> None:
    """Gunicorn loads the app once and forks: two processes on one connection would read each other's answers."""
    check_nothing_left_open(on_postgresql)


def test_planted_a_check_that_keeps_its_connection_is_found(on_postgresql: Flask) -> None:
    with patch.object(Engine, "dispose"), pytest.raises(AssertionError):
        check_nothing_left_open(on_postgresql)
