"""A pooled connection that lay for a while is asked whether it lives: a database that was restarted is no error page."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text

from grievance.casework.desk import Desk
from grievance.core.errors import Busy, Down
from grievance.store import outages, store
from tests.makers import Story


def cut_off(desk: Desk) -> None:
    """Whatever the pool holds is dead now, as after a restart of the server."""
    with desk.store.read() as tx:
        tx.execute(text("SELECT 1"))
    other = create_engine(desk.store.engine.url)
    with other.begin() as tx:
        tx.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    other.dispose()


def reads(desk: Desk) -> int:
    with desk.store.read() as tx:
        return int(tx.execute(text("SELECT 1")).scalar_one())


# asvs: 16.5.2
def test_a_dead_connection_is_replaced(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "QUIET", 0.0)
    if not desk.store.sqlite:
        cut_off(desk)
    assert reads(desk) == 1


def test_planted_without_asking_the_first_one_after_a_restart_is_told_to_wait(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    if desk.store.sqlite:  # a file does not restart: there is nothing to ask
        return
    monkeypatch.setattr(store, "QUIET", math.inf)
    cut_off(desk)
    with pytest.raises(Busy):
        reads(desk)
    assert reads(desk) == 1


@contextmanager
def opened_while_nothing_could_be_written(desk: Desk) -> Iterator[list[sqlite3.Connection]]:
    """Two connections as SQLite opens them where the kernel opens the file for nobody who writes; one is in use."""
    made: list[sqlite3.Connection] = []

    def open_to_read(*_: object) -> sqlite3.Connection:
        made.append(
            sqlite3.connect(f"file:{desk.store.engine.url.database}?mode=ro", uri=True, check_same_thread=False)
        )
        return made[-1]

    desk.store.engine.dispose()
    event.listen(desk.store.engine, "do_connect", open_to_read)
    with desk.store.read() as tx:
        tx.execute(text("SELECT 1"))
        assert reads(desk) == 1
        event.remove(desk.store.engine, "do_connect", open_to_read)
        yield made


def how_often_open(desk: Desk) -> int:
    """As the kernel has it: SQLite keeps a connection that was closed while any cursor of it is."""
    with suppress(FileNotFoundError):
        there = str(Path(desk.store.engine.url.database or "").resolve())
        return [str(one.readlink()) for one in Path("/proc/self/fd").iterdir() if one.is_symlink()].count(there)
    raise AssertionError("something was closed meanwhile")


def test_a_disk_that_is_writable_again_needs_no_restart(desk: Desk) -> None:
    """Every connection of before is closed, as soon as nobody uses it: while one is open, none that is opened can write."""
    if not desk.store.sqlite:  # its server opens files, not we
        return
    with opened_while_nothing_could_be_written(desk) as made:
        assert how_often_open(desk) == len(made) == 2
        with pytest.raises(Down) as kept:
            Story.filed(desk)
    assert how_often_open(desk) == 0, str(kept)
    Story.filed(desk)
    assert reads(desk) == 1
    assert desk.store.engine.pool.checkedin() == 1, "kept again"  # type: ignore[attr-defined]


def test_planted_a_connection_that_is_kept_refuses_for_ever(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    if not desk.store.sqlite:
        return
    monkeypatch.setattr(outages, "_SQLITE_READ_ONLY", "SQLITE_NOTHING")
    with opened_while_nothing_could_be_written(desk) as made:
        for _ in range(3):
            with pytest.raises(Down):
                Story.filed(desk)
        assert how_often_open(desk) == len(made)


def test_what_adds_rows_is_planned_once_and_what_looks_never(desk: Desk) -> None:
    """PostgreSQL plans a search anew for each word; a plan for any word may read the whole index."""
    if desk.store.sqlite:
        return
    for _ in range(12):
        Story.filed(desk)
    with desk.store.read() as tx:
        rows = tx.execute(text("SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements")).all()
    assert {row.statement[:6] for row in rows} == {"INSERT"}
    assert [row for row in rows if row.generic_plans + row.custom_plans >= 12], "each filing prepared it anew"
