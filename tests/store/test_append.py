"""One function appends to cases: everything of a change is written, or nothing; whoever read an older state is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, text

from grievance.casework import moving
from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.core.errors import Stale
from grievance.core.events import Assigned, Entry
from grievance.core.fold import apply
from grievance.core.matters import Actor
from grievance.store import audit, cases, ledger, tables
from tests.makers import Story, contents, viewer


def assigned(desk: Desk, held: ledger.Held, person: str) -> ledger.Change:
    """An officer is given this case."""
    entry = Entry(held.case.seq + 1, desk.now(), Actor("officer", 2, "chan"), Assigned(person))
    notice = ledger.Notice(person, "turn", f"{held.case.id}/{entry.seq}")
    return ledger.Change(apply(held.case, entry), (entry,), held, notices=(notice,))


def all_held(tx: Connection) -> list[ledger.Held]:
    found = [cases.by_id(tx, case_id) for case_id in audit.all_ids(tx)]
    return [held for held in found if held]


def test_a_batch_is_one_append(desk: Desk) -> None:
    for _ in range(3):
        Story.filed(desk)
    with desk.store.write() as tx:
        held = all_held(tx)
        ledger.append(tx, [assigned(desk, one, "sophea") for one in held])
    with desk.store.read() as tx:
        assert {one.case.assignee for one in all_held(tx)} == {"sophea"}
    assert verifying.verify(desk) == (3, [])


# asvs: 2.3.3
def test_one_stale_change_leaves_nothing_of_the_batch(desk: Desk) -> None:
    for _ in range(3):
        Story.filed(desk)
    before = contents(desk)
    for stale in range(3):
        with desk.store.read() as tx:
            held = all_held(tx)
        held[stale] = replace(held[stale], case=replace(held[stale].case, seq=held[stale].case.seq - 1))
        with pytest.raises(Stale), desk.store.write() as tx:
            ledger.append(tx, [assigned(desk, one, "sophea") for one in held])
        assert contents(desk) == before, stale
    assert verifying.verify(desk) == (3, [])


def test_the_primary_key_stands_behind_the_lock(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the look at `seq` planted away, the ledger still takes no second entry of the same number."""
    Story.filed(desk)
    with desk.store.read() as tx:
        (held,) = all_held(tx)
    with desk.store.write() as tx:
        ledger.append(tx, [assigned(desk, held, "sophea")])
    before = contents(desk)
    monkeypatch.setattr(ledger, "_move", lambda tx, rows: None)
    with pytest.raises(Stale), desk.store.write() as tx:
        ledger.append(tx, [assigned(desk, held, "rith")])
    assert contents(desk) == before


# asvs: 2.3.3
def test_a_failure_between_two_statements_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power goes after the n-th statement of an append: of a filing, and of a move."""
    story = Story.filed(desk)
    before = contents(desk)
    for after in range(1, 7):
        with monkeypatch.context() as patch:
            patch.setattr(ledger, "_many", breaking(after))
            with pytest.raises(Power):
                Story.filed(desk)
        assert contents(desk) == before, after
        with monkeypatch.context() as patch:
            patch.setattr(ledger, "_many", breaking(after))
            with pytest.raises(Power):
                story.do("officer", "acknowledge", greeting="Hello.")
        assert contents(desk) == before, after
    story.do("officer", "acknowledge", greeting="Hello.")
    assert verifying.verify(desk) == (1, [])


class Power(Exception):
    """It is gone."""


def breaking(after: int) -> Callable[[Connection, Any, list[dict[str, Any]]], None]:
    whole, done = ledger._many, [0]

    def some(tx: Connection, statement: Any, rows: list[dict[str, Any]]) -> None:
        whole(tx, statement, rows)
        done[0] += bool(rows)
        if done[0] == after or "outbox" in str(statement):
            raise Power

    return some


def test_a_message_beside_a_move_is_stale_too(desk: Desk) -> None:
    """A message moves nothing, but it is an entry: what was read before it is not the newest."""
    story = Story.filed(desk)
    seen = story.view("officer").seq
    moving.write_message(desk, story.who("complainant"), "", "One more thing.")
    with pytest.raises(Stale):
        moving.fire(desk, viewer("sophea"), story.ref, "acknowledge", moving.Answers(), seen=seen)


def test_reading_sees_one_moment(desk: Desk) -> None:
    """Between two questions of one look somebody moves the case: both answers are of the moment before."""
    story = Story.filed(desk)
    with desk.store.read() as tx:
        (held,) = all_held(tx)
        story.do("officer", "acknowledge", greeting="Hello.")
        assert len(audit.lines(tx, held.case.id)) == held.case.seq
    with desk.store.read() as tx:
        assert len(audit.lines(tx, held.case.id)) > held.case.seq


def test_reading_cannot_write(desk: Desk) -> None:
    """On PostgreSQL the transaction itself is read-only; SQLite has no such transaction, there the layering holds."""
    Story.filed(desk)
    if desk.store.sqlite:
        return
    with desk.store.read() as tx:
        assert tx.execute(select(func.current_setting("transaction_read_only"))).scalar_one() == "on"


def test_two_batches_crosswise_do_not_wait_for_each_other(desk: Desk) -> None:
    """Cases are locked in one order, whatever order they come in: whoever waits for the first holds no later one."""
    if desk.store.sqlite:  # one writer at a time
        return
    for _ in range(2):
        Story.filed(desk)
    with desk.store.read() as tx:
        first, later = sorted(all_held(tx), key=lambda held: held.case.id)

    def give_both() -> None:
        with desk.store.write() as tx:
            ledger.append(tx, [assigned(desk, held, "sophea") for held in (later, first)])

    with desk.store.write() as tx, ThreadPoolExecutor(1) as other:
        lock = select(tables.cases.c.id).with_for_update(nowait=True)
        tx.execute(lock.where(tables.cases.c.id == first.case.id)).one()
        waiting = other.submit(give_both)
        while not tx.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one():
            assert not waiting.done()
            time.sleep(0.01)
        tx.execute(lock.where(tables.cases.c.id == later.case.id)).one()
        tx.rollback()
        waiting.result(60)
    assert verifying.verify(desk) == (2, [])
