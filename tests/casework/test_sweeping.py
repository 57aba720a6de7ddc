"""When nobody acts: one case that cannot go on holds up no other, and after an outage nobody is told twice."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from grievance.casework import escalating
from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.core import machine
from grievance.core.errors import Stale
from grievance.store import cases, ledger
from grievance.store.tables import cases as rows
from grievance.store.tables import outbox
from tests.makers import Clock, Story, contents
from tests.store.attacks import tamper


def three(desk: Desk, clock: Clock) -> list[Story]:
    """Three cases, filed one after another, the first one due first; all of them due."""
    stories = []
    for _ in range(3):
        stories.append(Story.filed(desk))
        clock.pass_days(1)
    clock.pass_days(9)
    return stories


def id_of(desk: Desk, ref: str) -> str:
    with desk.store.read() as tx:
        return str(tx.execute(select(rows.c.id).where(rows.c.ref == ref)).scalar_one())


def stages(desk: Desk) -> Counter[str]:
    with desk.store.read() as tx:
        return Counter(tx.execute(select(rows.c.stage)).scalars())


@pytest.mark.parametrize("batch", [1, 2, 200])
def test_a_damaged_case_is_set_aside(desk: Desk, clock: Clock, batch: int) -> None:
    sick = id_of(desk, three(desk, clock)[0].ref)
    kept = str(tamper_state(desk, sick, "{"))
    swept = escalating.sweep(desk, batch)
    assert list(swept.aside) == [sick]
    assert stages(desk) == {"triage": 2, "received": 1}
    tamper_state(desk, sick, kept)
    assert not escalating.sweep(desk, batch).aside
    assert stages(desk) == {"triage": 3}
    assert verifying.verify(desk) == (3, [])


def tamper_state(desk: Desk, case_id: str, state: str) -> object:
    with desk.store.read() as tx:
        before = tx.execute(select(rows.c.state).where(rows.c.id == case_id)).scalar_one()
    tamper(desk.store.engine, "UPDATE cases SET state = :state WHERE id = :id", state=state, id=case_id)
    return before


def test_a_case_whose_procedure_is_missing_is_set_aside(desk: Desk, clock: Clock) -> None:
    """As after a careless update that drops a file which open cases still run under."""
    sick = id_of(desk, three(desk, clock)[1].ref)
    state = tamper_state(desk, sick, "{}")
    tamper_state(desk, sick, str(state).replace("kh/worker-1@1", "kh/gone-1@0"))
    swept = escalating.sweep(desk)
    assert list(swept.aside) == [sick]
    assert stages(desk) == {"triage": 2, "received": 1}


def test_a_case_that_the_core_fails_on_is_set_aside(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sick = id_of(desk, three(desk, clock)[2].ref)
    ring = machine.ring

    def failing(day: object, case: object, due: object) -> object:
        if getattr(case, "id", "") == sick:
            raise ZeroDivisionError
        return ring(day, case, due)  # type: ignore[arg-type]

    monkeypatch.setattr(machine, "ring", failing)
    with caplog.at_level(logging.ERROR):
        assert list(escalating.sweep(desk).aside) == [sick]
    assert "set aside" in caplog.text, "an operator must learn of it"
    assert stages(desk) == {"triage": 2, "received": 1}


@pytest.mark.parametrize("batch", [1, 200])
def test_a_case_that_the_database_refuses_is_set_aside(desk: Desk, clock: Clock, batch: int) -> None:
    """Its rung stands in the table already: the append fails for the whole batch, then for this case alone."""
    stories = three(desk, clock)
    sick = id_of(desk, stories[0].ref)
    tamper(
        desk.store.engine, "INSERT INTO rungs SELECT case_id, no, 0, rings_at FROM clocks WHERE case_id = :id", id=sick
    )
    swept = escalating.sweep(desk, batch)
    assert list(swept.aside) == [sick]
    assert stages(desk) == {"triage": 2, "received": 1}
    tamper(desk.store.engine, "DELETE FROM rungs WHERE case_id = :id", id=sick)
    assert not escalating.sweep(desk).aside
    assert stages(desk) == {"triage": 3}
    assert verifying.verify(desk) == (3, [])


def test_planted_a_sweep_without_its_guard_stops_at_the_sick_case(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sick = id_of(desk, three(desk, clock)[0].ref)
    tamper_state(desk, sick, "{")
    claim = cases.claim_due
    monkeypatch.setattr(cases, "claim_due", lambda *given: [replace(one, ref=one.held().ref) for one in claim(*given)])
    with pytest.raises(ValueError, match="truncated"):
        escalating.sweep(desk)
    assert stages(desk) == {"received": 3}


def test_somebody_who_acts_at_the_same_moment_wins_over_the_clock(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the claim and the append an officer moves the case (as PostgreSQL without locks would allow)."""
    first, *_ = three(desk, clock)
    append, moved = ledger.append, [0]

    def late(tx: object, changes: list[ledger.Change]) -> None:
        moved[0] += 1
        if moved[0] == 1:
            raise Stale
        append(tx, changes)  # type: ignore[arg-type]

    monkeypatch.setattr(ledger, "append", late)
    swept = escalating.sweep(desk)
    assert (swept.rungs, swept.aside) == (9, {})  # a reminder, the due one, and what rings on after it
    assert stages(desk) == {"triage": 3}
    assert first.view("officer").stage == "triage"
    assert verifying.verify(desk) == (3, [])


def test_after_a_long_outage_each_person_hears_once_of_a_case(desk: Desk, clock: Clock) -> None:
    stories = three(desk, clock)
    with desk.store.write() as tx:
        tx.execute(text("DELETE FROM outbox"))
    clock.pass_days(200)
    rungs = escalating.sweep(desk).rungs
    assert rungs >= 6
    with desk.store.read() as tx:
        told = Counter(
            (person, cause.split("/")[0]) for person, cause in tx.execute(select(outbox.c.person, outbox.c.cause))
        )
    assert {case for _, case in told} == {id_of(desk, story.ref) for story in stories}
    assert set(told.values()) == {1}


def test_a_sweep_with_nothing_due_writes_nothing(desk: Desk) -> None:
    Story.filed(desk)
    before = contents(desk)
    assert escalating.sweep(desk).rungs == 0
    assert contents(desk) == before
