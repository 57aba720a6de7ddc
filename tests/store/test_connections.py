"""A pooled connection that lay for a while is asked whether it lives: a database that was restarted is no error page."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, event, text

from grievance.casework.desk import Desk
from grievance.core.errors import Busy, Down
from grievance.store import outages, store
from tests import makers


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
def opened_while_nothing_could_be_written(desk: Desk) -> Iterator[None]:
    """What SQLite falls back to where the kernel opens the file for nobody who writes."""

    def open_to_read(*_: object) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{desk.store.engine.url.database}?mode=ro", uri=True, check_same_thread=False)

    desk.store.engine.dispose()
    event.listen(desk.store.engine, "do_connect", open_to_read)
    assert reads(desk) == 1
    event.remove(desk.store.engine, "do_connect", open_to_read)
    yield


# asvs: 16.5.2
def test_a_disk_that_is_writable_again_needs_no_restart(desk: Desk) -> None:
    if not desk.store.sqlite:  # its server opens files, not we
        return
    with opened_while_nothing_could_be_written(desk), pytest.raises(Down):
        makers.Story.filed(desk)
    makers.Story.filed(desk)


def test_planted_a_connection_that_is_kept_refuses_for_ever(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    if not desk.store.sqlite:
        return
    monkeypatch.setattr(outages, "_SQLITE_DOWN", ())
    with opened_while_nothing_could_be_written(desk):
        for _ in range(3):
            with pytest.raises(Exception, match="readonly"):
                makers.Story.filed(desk)
