"""A PostgreSQL that is blind to Khmer is refused at start, with what to do, and nothing is written into it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from grievance.app import create_app
from grievance.cli import run
from grievance.store import fitness
from grievance.store.engines import engine_for
from grievance.store.fitness import WrongDatabase
from tests import postgres
from tests.makers import settings


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
