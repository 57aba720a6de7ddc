"""A pooled connection that lay for a while is asked whether it lives: a database that was restarted is no error page."""

from __future__ import annotations

import math

import pytest
from sqlalchemy import create_engine, text

from grievance.casework.desk import Desk
from grievance.core.errors import Busy
from grievance.store import store


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
