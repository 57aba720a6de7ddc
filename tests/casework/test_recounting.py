"""A changed calendar moves open dates once, says so in the ledger, tells those concerned, and leaves alone what is past."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from grievance import clock as ticking
from grievance.casework import escalating, recounting
from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.core import clocks
from grievance.core.calendar import Calendar, due_day
from grievance.core.case import Case
from grievance.core.events import ClockRecounted
from grievance.store import cases
from grievance.store.tables import cases as rows
from grievance.store.tables import clocks as running
from grievance.store.tables import outbox
from tests.makers import Clock, Story, contents, decreed

DECLARED = date(2026, 4, 23)


def admitted(desk: Desk, clock: Clock) -> Story:
    """The factory has to answer: released and admitted on 9 April 2026, due on the 24th."""
    clock.at = datetime(2026, 4, 9, 3, tzinfo=UTC)
    return Story.filed(desk).taken()


def case_of(desk: Desk, story: Story) -> Case:
    with desk.store.read() as tx:
        held = cases.by_ref(tx, story.who("officer").holders, story.ref)  # type: ignore[union-attr]
    assert held is not None
    return held.case


def due(desk: Desk, story: Story) -> date:
    stage = case_of(desk, story).stage_clock
    assert stage is not None
    return due_day(stage.due_at, desk.lawbook.calendars["kh-factory"])


def recounted(desk: Desk, story: Story) -> list[ClockRecounted]:
    with desk.store.read() as tx:
        ledger = cases.ledger_of(tx, case_of(desk, story).id)
    return [entry.event for entry, _ in ledger if isinstance(entry.event, ClockRecounted)]


def tick(desk: Desk) -> None:
    ticking.once(desk, lambda _, __: None, ticking.Watch())


def marks(desk: Desk) -> set[str]:
    with desk.store.read() as tx:
        return set(tx.execute(select(running.c.counted_by)).scalars())


def test_a_declared_holiday_gives_the_silent_factory_a_day_more(desk: Desk, clock: Clock) -> None:
    """Scenario 10: 23 April is declared a holiday, so ten working days from 9 April end on Saturday 25 April."""
    story = admitted(desk, clock)
    assert due(desk, story) == date(2026, 4, 24)
    clock.pass_days(3)
    newer = decreed(desk, more={DECLARED: "Declared for one day"})
    with desk.store.write() as tx:
        tx.execute(text("DELETE FROM outbox"))
    assert recounting.recount(newer) == 1
    assert due(newer, story) == date(2026, 4, 25)
    assert len(recounted(desk, story)) == 1
    assert recounting.recount(newer) == 0, "counted once"
    assert verifying.verify(newer) == (1, [])
    with desk.store.read() as tx:
        told = {(person, kind) for person, kind in tx.execute(select(outbox.c.person, outbox.c.kind))}
    assert {("lotus-hr", "date")} <= told, "whose date moved is told"
    assert {kind for _, kind in told} == {"date"}
    assert any("calendar" in line.what for line in story.view("respondent", "lotus-hr").timeline)


def test_the_factory_is_not_presumed_silent_on_the_old_day(desk: Desk, clock: Clock) -> None:
    """A tick counts again before it rings: at the old end of grace nothing happens, at the new one it does."""
    story = admitted(desk, clock)
    newer = decreed(desk, more={date(2026, 4, 27): "Declared in the days of grace"})
    clock.at = datetime(2026, 4, 28, 18, tzinfo=UTC)  # the old grace ended with 28 April in Phnom Penh
    tick(newer)
    assert case_of(desk, story).stage == "answer"
    clock.pass_days(1)
    tick(newer)
    assert case_of(desk, story).stage != "answer"


def test_planted_a_tick_that_rings_first_takes_the_day_away(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = admitted(desk, clock)
    newer = decreed(desk, more={date(2026, 4, 27): "Declared in the days of grace"})
    clock.at = datetime(2026, 4, 28, 18, tzinfo=UTC)
    monkeypatch.setattr(recounting, "recount", lambda _: 0)
    tick(newer)
    assert case_of(desk, story).stage != "answer"


def test_what_the_calendar_does_not_touch_gets_no_entry(desk: Desk, clock: Clock) -> None:
    story = admitted(desk, clock)
    before = case_of(desk, story).seq
    newer = decreed(desk, more={date(2026, 8, 3): "Long after"})
    assert recounting.recount(newer) == 0
    assert case_of(desk, story).seq == before
    assert marks(desk) == {newer.lawbook.calendars["kh-factory"].mark}, "and it is not looked at again"


def test_what_rang_stays_rung_and_a_date_that_is_over_stays(desk: Desk, clock: Clock) -> None:
    story = admitted(desk, clock)
    clock.at = datetime(2026, 4, 20, 3, tzinfo=UTC)
    escalating.sweep(desk)
    before = case_of(desk, story).stage_clock
    assert before is not None
    assert before.rang == 1, "the first reminder rang"
    newer = decreed(desk, more={DECLARED: "Declared for one day"})
    recounting.recount(newer)
    after = case_of(desk, story).stage_clock
    assert after is not None
    assert (after.rang, after.rings[0]) == (1, before.rings[0])
    assert escalating.sweep(newer).rungs == 0, "the reminder that rang does not ring again"
    clock.at = datetime(2026, 4, 26, 3, tzinfo=UTC)  # due on the 25th: now in grace
    late = decreed(newer, more={date(2026, 4, 24): "Said too late", date(2026, 4, 27): "Said in time"})
    recounting.recount(late)
    grace = case_of(desk, story).stage_clock
    assert grace is not None
    assert grace.due_at == after.due_at
    assert grace.rings[-1] == after.rings[-1] + timedelta(days=1), "grace is counted on from the day that is over"


def test_a_cancelled_holiday_takes_no_date_into_the_past(desk: Desk, clock: Clock) -> None:
    story = admitted(desk, clock)
    clock.at = datetime(2026, 4, 23, 3, tzinfo=UTC)
    newer = decreed(desk, fewer=(date(2026, 4, 14), date(2026, 4, 15), date(2026, 4, 16)))  # ten days: 21 April
    recounting.recount(newer)
    assert due(newer, story) == date(2026, 4, 24), "the end of tomorrow"
    assert verifying.verify(newer) == (1, [])


def test_an_extended_clock_is_counted_from_its_first_start(desk: Desk, clock: Clock) -> None:
    story = admitted(desk, clock)
    clock.pass_days(5)
    story.do("respondent", "ask_time", reasons="The payroll is with the bank.")
    story.do("officer", "give_time", reasons="They asked in time.")
    newer = decreed(desk, more={DECLARED: "Declared for one day"})
    assert due(desk, story) == date(2026, 4, 30)
    recounting.recount(newer)
    assert due(newer, story) == date(2026, 5, 2)  # 1 May is a holiday already


def test_a_clock_set_by_a_process_with_the_old_files_is_found(desk: Desk, clock: Clock) -> None:
    newer = decreed(desk, more={DECLARED: "Declared for one day"})
    assert recounting.recount(newer) == 0
    story = admitted(desk, clock)  # a worker that was not restarted yet
    assert recounting.recount(newer) == 1
    assert due(newer, story) == date(2026, 4, 25)


def test_two_processes_count_each_clock_once(desk: Desk, clock: Clock) -> None:
    stories = [admitted(desk, clock) for _ in range(6)]
    newer = decreed(desk, more={DECLARED: "Declared for one day"})
    moved: list[int] = []
    threads = [threading.Thread(target=lambda: moved.append(recounting.recount(newer, 2))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(moved) == len(stories)
    assert [len(recounted(desk, story)) for story in stories] == [1] * len(stories)
    assert verifying.verify(newer) == (len(stories), [])


def test_a_damaged_case_holds_up_no_other(desk: Desk, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    stories = [admitted(desk, clock) for _ in range(3)]
    sick = case_of(desk, stories[0]).id
    newer = decreed(desk, more={DECLARED: "Declared for one day"})
    with desk.store.write() as tx:
        kept = tx.execute(select(rows.c.state).where(rows.c.id == sick)).scalar_one()
        tx.execute(rows.update().where(rows.c.id == sick).values(state="{"))
    with caplog.at_level(logging.ERROR):
        assert recounting.recount(newer, 2) == 2
    assert sick in caplog.text
    with desk.store.write() as tx:
        tx.execute(rows.update().where(rows.c.id == sick).values(state=kept))
    assert recounting.recount(newer) == 1


def test_a_tick_with_nothing_changed_writes_nothing(desk: Desk, clock: Clock) -> None:
    admitted(desk, clock)
    before = contents(desk)
    assert recounting.recount(desk) == 0
    assert contents(desk) == before


def test_planted_a_mark_that_forgets_the_days_hides_a_change(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Calendar, "mark", property(lambda calendar: f"{calendar.name}@{calendar.version}"))
    story = admitted(desk, clock)
    newer = decreed(desk, more={DECLARED: "Declared for one day"})
    assert recounting.recount(newer) == 0
    assert due(desk, story) == date(2026, 4, 24)


def test_planted_a_recount_that_rings_again_is_noticed(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without what rang before, the second reminder would be taken for the first: the ledger's rungs would not fit."""
    story = admitted(desk, clock)
    clock.at = datetime(2026, 4, 20, 3, tzinfo=UTC)
    escalating.sweep(desk)
    sound = clocks.recounted

    def careless(*given: object) -> object:
        event = sound(*given)  # type: ignore[arg-type]
        return replace(event, rings=(clock.at, *event.rings[1:])) if event else None

    monkeypatch.setattr(clocks, "recounted", careless)
    recounting.recount(decreed(desk, more={DECLARED: "Declared for one day"}))
    rang = case_of(desk, story).stage_clock
    assert rang is not None
    assert rang.rings[0] == clock.at != datetime(2026, 4, 18, 1, tzinfo=UTC)
