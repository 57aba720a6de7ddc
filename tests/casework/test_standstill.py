"""The clock stops where time cannot be trusted, and everybody's clock with it; downtime and a moved demo are no jump."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from grievance import clock as timetable
from grievance.casework import bulk, delivering, escalating, flooding, reseating, standstill
from grievance.casework.desk import Desk
from grievance.casework.files import keeping
from grievance.casework.house import founding, pretending
from grievance.casework.showing import worklists
from grievance.core.errors import Invalid, Refused
from grievance.demo import cast
from grievance.notices import Notice
from grievance.store import cases, ledger, setup, stands
from grievance.store.tables import outbox
from tests.files import jpeg
from tests.makers import ROLES, Clock, Story, viewer
from tests.store.attacks import stranger

YEARS = 366 * 3
"""Days after which the words of a case that was taken back are erased, and more."""

ONCE = {
    member.id: 1
    for member in cast.PEOPLE
    if member.administrator or any(post == "coordinator" for _, post in member.bodies)
}


class Machine:
    """A machine's date and the time that really passes, both in seconds."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.ahead, self.passed = clock, 0.0, 0.0
        self.watch = timetable.Watch(lambda: self.passed + self.ahead, lambda: self.passed)

    def waits(self, **span: float) -> None:
        """Time passes, and the date with it."""
        self.passed += timedelta(**span).total_seconds()
        self.clock.at += timedelta(**span)

    def jumps(self, **span: float) -> None:
        """Somebody sets the date."""
        self.ahead += timedelta(**span).total_seconds()
        self.clock.at += timedelta(**span)

    def ticks(self, desk: Desk) -> int:
        return timetable.once(desk, _post, self.watch)


def _post(_: str, __: Notice) -> None: ...


def state(desk: Desk) -> str:
    standing = standstill.standing(desk)
    return standing.state if standing else standstill.RUNS


def told(desk: Desk) -> Counter[str]:
    with desk.store.read() as tx:
        return Counter(tx.execute(select(outbox.c.person).where(outbox.c.kind == "frozen")).scalars())


@pytest.fixture
def machine(desk: Desk, clock: Clock) -> Machine:
    """A machine whose clock has looked once, and a case that waits."""
    Story.filed(desk)
    made = Machine(clock)
    made.waits(seconds=10)
    assert made.ticks(desk) == 0
    return made


@pytest.mark.parametrize("hours", [7, 24 * 400, -7])
def test_a_jump_freezes_the_clock_instead_of_escalating_everyone(
    desk: Desk, machine: Machine, hours: int, caplog: pytest.LogCaptureFixture
) -> None:
    machine.jumps(hours=hours)
    with caplog.at_level(logging.ERROR):
        assert machine.ticks(desk) == 0
    assert state(desk) == standstill.FROZEN
    assert "the clock is frozen" in caplog.text, "an operator must learn of it"
    assert told(desk) == ONCE, "every coordinator and administrator, once"
    for _ in range(3):
        machine.waits(days=30)
        assert machine.ticks(desk) == 0
    assert told(desk) == ONCE
    listed = worklists.worklist(desk, viewer("sophea"), {}, roles=ROLES["officer"])
    assert listed.stopped
    assert len(standstill.record(desk)) == 1


def test_planted_without_the_watch_a_jump_escalates(
    desk: Desk, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine.watch, "drift", timedelta)
    machine.jumps(days=400)
    assert machine.ticks(desk) > 0


def test_time_that_passes_is_no_jump_however_long_it_was(desk: Desk, machine: Machine) -> None:
    """A machine that slept, or a tick that came late: the date moved as far as time did."""
    machine.waits(days=3)
    machine.jumps(hours=5)
    assert machine.ticks(desk) > 0
    assert state(desk) == standstill.RUNS


def test_downtime_is_no_jump(desk: Desk, machine: Machine, clock: Clock) -> None:
    """The process was away for three days: it knows nothing of them, and catches up."""
    machine.waits(days=3)
    later = Machine(clock)
    assert later.ticks(desk) > 0
    assert state(desk) == standstill.RUNS


def test_the_clock_of_one_process_freezes_those_of_all(desk: Desk, machine: Machine, clock: Clock) -> None:
    other = Machine(clock)
    assert other.ticks(desk) == 0
    machine.jumps(days=10)
    machine.ticks(desk)
    assert other.ticks(desk) == 0, "its own date never jumped, and still it waits"
    assert escalating.sweep(desk).rungs == 0
    standstill.resume(desk, "chan", "The date is right again.")
    assert other.ticks(desk) > 0


def test_a_date_before_the_newest_entry_freezes_a_clock_that_just_began(
    desk: Desk, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    Story.filed(desk)
    clock.at -= timedelta(hours=1)
    machine = Machine(clock)
    machine.ticks(desk)
    assert state(desk) == standstill.RUNS, "it looks twice"
    machine.waits(seconds=10)
    with caplog.at_level(logging.ERROR):
        machine.ticks(desk)
    assert state(desk) == standstill.FROZEN
    assert "lies before" in caplog.text


def test_a_date_that_goes_back_a_little_is_nothing(desk: Desk, machine: Machine) -> None:
    machine.jumps(minutes=-9)
    for _ in range(3):
        machine.ticks(desk)
    assert state(desk) == standstill.RUNS


def test_a_date_that_goes_back_an_hour_while_the_clock_runs_is_found(desk: Desk, machine: Machine) -> None:
    machine.jumps(hours=-1)
    machine.ticks(desk)
    machine.ticks(desk)
    assert state(desk) == standstill.FROZEN


def test_whoever_resumes_takes_what_was_written_under_the_wrong_date_into_account(
    desk: Desk, machine: Machine, clock: Clock
) -> None:
    """Entries of a wrong future stay; they must not freeze every clock that begins until that day has come."""
    machine.jumps(days=30)
    Story.filed(desk)
    machine.ticks(desk)
    machine.jumps(days=-30)
    machine.ticks(desk)
    standstill.resume(desk, "root", "The date was set back.")
    for began in (machine, Machine(clock)):
        for _ in range(3):
            machine.waits(seconds=10)
            began.ticks(desk)
    assert state(desk) == standstill.RUNS


def test_stopping_and_resuming_ask_for_a_reason_and_stay_on_record(desk: Desk) -> None:
    with pytest.raises(Invalid):
        standstill.freeze(desk, "root", "  ")
    with pytest.raises(Refused):
        standstill.resume(desk, "root", "It runs.")
    standstill.freeze(desk, "root", "The database moves.")
    with pytest.raises(Refused):
        standstill.freeze(desk, "root", "Again.")
    standstill.resume(desk, "chan", "It has moved.")
    assert [(stand.who, stand.state, stand.reason) for stand in standstill.record(desk)] == [
        ("root", "frozen", "The database moves."),
        ("chan", "runs", "It has moved."),
    ]


@pytest.mark.parametrize("attack", ["UPDATE stands SET reason = 'x'", "DELETE FROM stands"])
def test_the_record_is_append_only(desk: Desk, database: str, attack: str) -> None:
    standstill.freeze(desk, "root", "The database moves.")
    engine = stranger(database)
    with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(attack))
    engine.dispose()


def test_two_clocks_that_see_it_at_once_write_one_row(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = Machine(clock), Machine(clock)
    first.ticks(desk), second.ticks(desk)
    first.jumps(days=10)
    first.ticks(desk)
    monkeypatch.setattr(stands, "now_stands", lambda _: None)  # as if it had looked a moment before
    second.jumps(days=10)
    assert second.ticks(desk) == 0
    monkeypatch.undo()
    assert len(standstill.record(desk)) == 1
    assert set(told(desk).values()) == {1}


def test_a_moved_demo_is_no_jump(desk: Desk) -> None:
    """The machine's own date does not move, and what is due under the pretended one rings."""
    Story.filed(desk)
    founding.mark_demo(desk, {})
    object.__setattr__(desk, "now", pretending.Offset(desk.store))
    watch = timetable.Watch()
    timetable.once(desk, _post, watch)
    pretending.advance(desk.store, timedelta(days=4000))
    object.__setattr__(desk, "now", pretending.Offset(desk.store))
    assert timetable.once(desk, _post, watch) >= 0
    assert state(desk) == standstill.RUNS


def what_the_timetable_does_beside(desk: Desk, clock: Clock, *, silent: bool) -> dict[str, int]:
    """Whether what is set aside is declined, seats are filled anew and files are forgotten, a week on, while it stands."""
    story, seated = Story.filed(desk), Story.filed(desk).taken().answered().reviewed()
    with desk.store.write() as tx:
        held = cases.by_ref(tx, (cast.OFFICE,), story.ref)
        assert held
        case, entries = flooding.gather(desk, held.case, "alike")
        ledger.append(tx, [ledger.Change(case=case, entries=entries, held=held)])
    assert bulk.set_aside(desk, viewer("sophea"), "alike", "A machine.", once="a") == 1
    keeping.keep(desk, keeping.new_case_id(desk), [keeping.Upload("a.jpg", jpeg())], _box(desk), shared=False)
    gone = next(iter(seated.seated("panel")))
    with desk.store.write() as tx:
        setup.change_person(tx, gone, active=False)
    standstill.freeze(desk, "root", "Restored, or the date jumped.", silent=silent)
    clock.pass_days(7)
    return {"declined": bulk.finish(desk), "reseated": reseating.reseat(desk), "forgotten": keeping.sweep(desk)}


def _box(desk: Desk) -> bytes:
    return desk.vault.open_receipt(desk.vault.receipt_of(bytes(32)).digits).box_public


@pytest.mark.parametrize("silent", [True, False])
def test_while_it_stands_nothing_is_declined_drawn_or_forgotten(desk: Desk, clock: Clock, silent: bool) -> None:
    assert set(what_the_timetable_does_beside(desk, clock, silent=silent).values()) == {0}
    standstill.resume(desk, "root", "Looked at.")
    assert (bulk.finish(desk), reseating.reseat(desk), keeping.sweep(desk)) == (1, 1, 1), "and then it is"


def test_planted_a_timetable_that_does_not_ask_would(desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stands, "state", lambda _: standstill.RUNS)
    assert set(what_the_timetable_does_beside(desk, clock, silent=True).values()) == {1}


def erased_after_a_jump(desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> int:
    """Cases whose words the timetable erases where the date jumps by years after a tick, before the next one."""
    Story.filed(desk).do("complainant", "withdraw", {"why_withdrawn": "free"})
    machine = Machine(clock)
    monkeypatch.setattr(timetable, "Watch", lambda: machine.watch)
    jobs = {job.id: job for job in timetable.timetable(desk, _post, 60).get_jobs()}
    for name, years in (("tick", 0), ("erasure", YEARS), ("files", 0)):
        machine.jumps(days=years)
        jobs[name].func(*jobs[name].args)
    with desk.store.read() as tx:
        return int(tx.execute(text("SELECT count(*) FROM events WHERE kind = 'Erased'")).scalar_one())


def test_nothing_is_erased_between_a_jump_and_the_next_tick(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert erased_after_a_jump(desk, clock, monkeypatch) == 0
    assert state(desk) == standstill.FROZEN


def test_planted_an_erasure_that_does_not_look_at_the_date_first_erases(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timetable, "after_a_look", lambda job, _: job)
    assert erased_after_a_jump(desk, clock, monkeypatch) == 1


def test_while_it_is_silent_no_notice_leaves(desk: Desk) -> None:
    Story.filed(desk)
    standstill.freeze(desk, "root", "Restored.", silent=True)
    assert delivering.deliver(desk, _post) == 0
    standstill.resume(desk, "root", "Looked at.")
    assert delivering.deliver(desk, _post) == 3


def test_a_frozen_clock_still_lets_notices_leave(desk: Desk) -> None:
    Story.filed(desk)
    standstill.freeze(desk, "root", "The date jumps.")
    assert delivering.deliver(desk, _post) == 3
