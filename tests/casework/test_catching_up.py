"""After an outage: oldest first, those that nobody has taken before others, each rung once, and one letter a person."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from grievance import clock as timetable
from grievance.casework import delivering, escalating
from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.core import machine
from grievance.core.errors import Down
from grievance.notices import Notice
from grievance.store import cases
from grievance.store.tables import cases as rows
from grievance.store.tables import clocks, outbox, people
from tests.makers import Clock, Story
from tests.trials.processes import many_cases

MANY = 300


class Post:
    def __init__(self) -> None:
        self.sent: list[tuple[str, Notice]] = []

    def __call__(self, address: str, notice: Notice) -> None:
        self.sent.append((address, notice))


def due_in(desk: Desk, day: timedelta, clock: Clock) -> None:
    """So many cases whose first limit has just passed: an outage of three days ends."""
    many_cases(desk, MANY, random.Random(1))
    clock.at += day


def test_after_three_days_each_person_gets_one_letter(desk: Desk, clock: Clock) -> None:
    due_in(desk, timedelta(days=7), clock)
    with desk.store.write() as tx:
        tx.execute(text("DELETE FROM outbox"))
    clock.pass_days(3)
    post = Post()
    rungs = timetable.once(desk, post, timetable.Watch())
    assert rungs >= MANY * 2, "reminders and the due one of each"
    assert rungs % MANY == 0
    with desk.store.read() as tx:
        told = Counter(tx.execute(select(people.c.mail).join(outbox, outbox.c.person == people.c.id)).scalars())
        assert set(tx.execute(select(outbox.c.state)).scalars()) == {"sent"}
    assert min(told.values()) == MANY, "every case is told of"
    assert Counter(address for address, _ in post.sent) == dict.fromkeys(told, 1)
    letters = {address: notice.body for address, notice in post.sent}
    assert f"{MANY} matters" in letters["coordinator@demo.test"] or "៣" in letters["coordinator@demo.test"]
    assert verifying.verify(desk) == (MANY, [])


def test_while_another_clock_still_rings_nothing_is_sent(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two clocks: one holds the last batch, and the other must not send half of what a person will hear."""
    due_in(desk, timedelta(days=10), clock)
    post = Post()
    with monkeypatch.context() as patch:
        patch.setattr(cases, "claim_due", lambda *_: [])  # locked by the other
        assert timetable.once(desk, post, timetable.Watch()) == 0
    assert not post.sent
    timetable.once(desk, post, timetable.Watch())
    assert len(post.sent) == len({address for address, _ in post.sent}) > 0


def test_a_case_that_was_set_aside_holds_up_no_letter(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    Story.filed(desk)
    clock.pass_days(10)

    def failing(*_: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(machine, "ring", failing)
    post = Post()
    timetable.once(desk, post, timetable.Watch())
    assert post.sent


def test_oldest_first_and_unassigned_before_assigned(desk: Desk, clock: Clock) -> None:
    many_cases(desk, 40, random.Random(2))
    clock.pass_days(30)
    with desk.store.write() as tx:
        tx.execute(text("UPDATE clocks SET rings_at = rings_at - rings_at % 86400000000"))
        ids = list(tx.execute(select(rows.c.id).order_by(rows.c.id)).scalars())
        for case_id in ids[::2]:
            tx.execute(text("UPDATE cases SET assignee = 'sophea' WHERE id = :id"), {"id": case_id})
    claimed: list[str] = []
    with desk.store.write() as tx:
        when = {row.case_id: row.rings_at for row in tx.execute(select(clocks))}
        for _ in range(8):
            claimed += [claim.case_id for claim in cases.claim_due(tx, clock.at, 5, claimed)]
    assert len(claimed) == 40
    assert claimed == sorted(claimed, key=lambda one: (when[one], one in ids[::2], one))


def test_an_outage_puts_a_job_off_in_one_line_and_a_fault_of_ours_is_none(caplog: pytest.LogCaptureFixture) -> None:
    def raising(error: Exception) -> Callable[[], None]:
        def job() -> None:
            raise error

        return timetable.put_off(job)

    raising(Down())()
    (line,) = caplog.records
    assert line.levelname == "WARNING"
    assert line.exc_info is None
    assert line.getMessage().startswith("test_catching_up was put off: ")
    with pytest.raises(ZeroDivisionError):
        raising(ZeroDivisionError())()


def test_planted_without_the_pause_a_person_hears_twice(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that sends while another rings: the letter goes out before all is rung."""
    due_in(desk, timedelta(days=10), clock)
    with desk.store.write() as tx:
        tx.execute(text("DELETE FROM outbox"))
    monkeypatch.setattr(escalating, "others_ring", lambda *_: False)
    post = Post()
    batch = escalating._transaction

    def meanwhile(*given: object) -> int:
        while delivering.deliver(desk, post):
            pass
        return batch(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(escalating, "_transaction", meanwhile)
    timetable.once(desk, post, timetable.Watch())
    assert len(post.sent) > len({address for address, _ in post.sent})
