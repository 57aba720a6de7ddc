"""What a page or the clock asks, SQLite answers from an index: no question reads a table that grows with the cases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, event, exists, select

from grievance.casework import bulk, escalating
from grievance.casework.desk import Bearer, Desk
from grievance.casework.showing import following, reading, worklists
from grievance.store import cases as found
from grievance.store import clusters
from grievance.store.tables import cases, seats
from tests import makers
from tests.conftest import fresh

GROWING = ("cases", "seats", "events", "texts", "items", "wraps", "outbox", "files", "restatements", "links")
SMALL = {"ix_cases_more_sites", "ix_cases_bulk"}
"""Hold few cases: those with several respondents, and those that came in a flood and wait."""
NEARLY_ALL = ("ix_cases_final_due_at (final=?)", "ix_seats_filed (holder=? AND role=?)")
"""Of an index that begins with what most cases have in common: whatever is open, whatever one office is seated in."""

Asked = list[tuple[str, Any]]


@pytest.fixture
def database(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """SQLite alone: it takes the plan that its rules give, while PostgreSQL reads all of a table that holds five rows."""
    tmp_path.chmod(0o700)
    with fresh("sqlite", tmp_path, request) as url:
        yield url


@pytest.fixture
def bearer(desk: Desk) -> Bearer:
    opened = makers.Story.filed(desk).bearer
    assert opened is not None
    return opened


@contextmanager
def asking(desk: Desk) -> Iterator[Asked]:
    """Every question that is asked meanwhile, with its values."""
    asked: Asked = []

    def note(*told: Any) -> None:
        _, _, statement, values, _, many = told
        if statement.lstrip().startswith(("SELECT", "WITH")) and not many:
            asked.append((statement, values))

    event.listen(desk.store.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(desk.store.engine, "before_cursor_execute", note)


def read_whole(desk: Desk, asked: Asked) -> list[str]:
    """The steps of plans that read a growing table from one end to the other."""
    with desk.store.read() as tx:
        steps = [
            (row.detail, statement)
            for statement, values in asked
            for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    return [f"{step}: {statement}" for step, statement in steps if _whole(step)]


def _whole(step: str) -> bool:
    words = step.split()
    if step.endswith(NEARLY_ALL):
        return True
    return words[0] == "SCAN" and words[1] in GROWING and not SMALL & set(words)


def test_the_complainants_page(desk: Desk, bearer: Bearer) -> None:
    with asking(desk) as asked:
        following.page(desk, bearer, "", roles=makers.ROLES["complainant"])
    assert len(asked) >= 4
    assert read_whole(desk, asked) == []


def test_the_officers_pages(desk: Desk) -> None:
    story, sophea = makers.Story.filed(desk), makers.viewer("sophea")
    with asking(desk) as asked:
        reading.case(desk, sophea, story.ref, roles=makers.ROLES["officer"])
        for wanted in ({}, {"view": "late"}, {"q": "overtime"}, {"q": "ម៉ោង", "turn": "officer"}, {"site": "KH-0412"}):
            worklists.worklist(desk, sophea, wanted, roles=makers.ROLES["officer"], page=1)
        bulk.waiting(desk, sophea)
        bulk.lane(desk, sophea)
        bulk.finish(desk)
    assert len(asked) > 20
    assert read_whole(desk, asked) == []


def test_the_clock(desk: Desk, clock: makers.Clock) -> None:
    makers.Story.filed(desk)
    clock.pass_days(30)
    with asking(desk) as asked:
        escalating.sweep(desk)
    assert len(asked) > 5
    assert read_whole(desk, asked) == []


def test_planted_the_bulk_lane_looked_for_among_all_that_are_open(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    makers.Story.filed(desk)
    monkeypatch.setattr(clusters, "WAITS", (cases.c.bulk != "", cases.c.final == ""))
    monkeypatch.setattr(clusters, "_waiting", clusters._waiting.__wrapped__)
    with asking(desk) as asked:
        bulk.waiting(desk, makers.viewer("sophea"))
    assert read_whole(desk, asked)


def test_planted_a_question_that_asks_every_case(desk: Desk, bearer: Bearer, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = exists().where(seats.c.case_id == cases.c.id, seats.c.kind == "receipt", *found._HOLDS)
    slow = select(*found._HELD).where(mine, cases.c.id != bindparam("own"))
    monkeypatch.setattr(found, "_OF_RECEIPT", slow)
    with asking(desk) as asked:
        following.page(desk, bearer, "", roles=makers.ROLES["complainant"])
    assert [step for step in read_whole(desk, asked) if step.startswith("SCAN cases")]
