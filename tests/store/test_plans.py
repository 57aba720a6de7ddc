"""What a page or the clock asks, SQLite answers from an index: no question reads a table that grows with the cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, event, exists, select

from grievance.casework import assigning, bulk, escalating, reseating
from grievance.casework.desk import Bearer, Desk
from grievance.casework.showing import following, reading, worklists
from grievance.casework.words import lapsing
from grievance.store import cases as found
from grievance.store import narrowing
from grievance.store.tables import cases, seats
from tests import makers
from tests.conftest import fresh

GROWING = ("cases", "seats", "events", "texts", "items", "wraps", "outbox", "files", "restatements", "links")
SMALL = {"ix_cases_more_sites", "ix_cases_bulk", "sqlite_autoindex_links_1"}
"""Hold few cases: those with several respondents, and those that came in a flood and wait. Or are read no further than some
two thousand: which cases are linked."""
NEARLY_ALL = (
    "ix_seats_held (holder=? AND role=? AND ended=?)",
    "ix_seats_filed (holder=? AND role=? AND ended=?)",
    "ix_seats_filed (holder=? AND role=?)",
)
"""Of an index that begins with what most cases have in common: whatever is open, whatever one office is seated in."""

NARROWED = (
    {"turn": "officer"},
    {"lane": "U1"},
    {"about": "wages"},
    {"stage": "intake", "view": "ended"},
    {"site": "KH-0412"},
    {"law": "worker"},
    {"linked": "1"},
    {"who": "me"},
)
Asked = list[tuple[str, Any]]
Act = Callable[[Desk], object]


def listing(**wanted: str) -> Act:
    """The work list, narrowed to this."""
    return lambda desk: worklists.worklist(desk, makers.viewer("sophea"), wanted, roles=makers.ROLES["officer"])


PLANTED = (
    ("ix_cases_bulk", listing()),
    ("ix_cases_turn", listing(turn="officer")),
    ("ix_cases_lane", listing(lane="U1")),
    ("ix_cases_category", listing(about="wages")),
    ("ix_cases_stage", listing(stage="intake")),
    ("ix_cases_site", listing(site="KH-0412")),
    ("ix_cases_procedure", listing(law="worker")),
    ("ix_seats_assigned", lambda desk: assigning.in_hand(desk, makers.viewer("sophea"))),
    ("ix_seats_drawn", reseating.reseat),
    ("ix_seats_drawn", lapsing.lapse),
)


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
    return [step for step in steps_of(desk, asked) if _whole(step)]


def steps_of(desk: Desk, asked: Asked) -> list[str]:
    """How each question is answered, step by step."""
    with desk.store.read() as tx:
        plans = [tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values) for statement, values in asked]
        return [row.detail for plan in plans for row in plan]


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
        for wanted in ({}, {"view": "late"}, {"q": "overtime"}, {"q": "ម៉ោង", "turn": "officer"}, *NARROWED):
            worklists.worklist(desk, sophea, wanted, roles=makers.ROLES["officer"], page=1)
        bulk.lane(desk, sophea)
        bulk.finish(desk)
        assigning.in_hand(desk, sophea, "sophea")
    assert len(asked) > 20
    assert read_whole(desk, asked) == []


def test_the_clock(desk: Desk, clock: makers.Clock) -> None:
    makers.Story.filed(desk)
    clock.pass_days(30)
    with asking(desk) as asked:
        escalating.sweep(desk)
        reseating.reseat(desk)
        lapsing.lapse(desk)
    assert len(asked) > 10
    assert read_whole(desk, asked) == []


@pytest.mark.parametrize("wanted", NARROWED[:-1], ids=lambda wanted: next(iter(wanted)))
def test_a_filter_begins_in_its_index_and_not_along_the_list(
    desk: Desk, wanted: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.Story.filed(desk)

    def walked() -> list[str]:
        with asking(desk) as asked:
            listing(**wanted)(desk)
        narrowed = [(statement, values) for statement, values in asked if "JOIN cases" in statement]
        return [step for step in steps_of(desk, narrowed) if " ix_seats_" in step]

    assert walked() == []
    monkeypatch.setattr(narrowing, "PLENTY", -1)  # planted: what few cases fit is looked for from the top of the list
    assert walked()


@pytest.mark.parametrize(("index", "act"), PLANTED)
def test_planted_an_index_that_is_gone(desk: Desk, index: str, act: Act) -> None:
    """What each of them is there for is asked of every case, or of every seat, without it."""
    makers.Story.filed(desk)
    with asking(desk) as asked:
        act(desk)
    assert read_whole(desk, asked) == []
    with desk.store.write() as tx:
        tx.exec_driver_sql(f"DROP INDEX {index}")
    desk.store.engine.dispose()  # a plan that was told already is remembered with its connection
    assert read_whole(desk, asked)


def test_planted_a_question_that_asks_every_case(desk: Desk, bearer: Bearer, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = exists().where(seats.c.case_id == cases.c.id, seats.c.kind == "receipt", *found._HOLDS)
    slow = select(*found.HELD).where(mine, cases.c.id != bindparam("own"))
    monkeypatch.setattr(found, "_OF_RECEIPT", slow)
    with asking(desk) as asked:
        following.page(desk, bearer, "", roles=makers.ROLES["complainant"])
    assert [step for step in read_whole(desk, asked) if step.startswith("SCAN cases")]
