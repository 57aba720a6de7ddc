"""What the house changes by itself gives way to whoever moved the case first, and writes nothing then."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from grievance.casework import unasked
from grievance.casework.desk import Desk
from grievance.core.errors import Stale
from grievance.core.events import CLOCK, Entry, SeatLeft
from grievance.core.fold import apply
from grievance.core.matters import Actor
from grievance.store import cases, ledger
from tests.makers import Story, contents


def an_entry(desk: Desk, tx: Connection, held: ledger.Held) -> ledger.Change:
    """One that the clock may make in any case: somebody leaves a seat."""
    del tx
    entry = Entry(held.case.seq + 1, desk.now(), Actor(CLOCK), SeatLeft(held.case.seats[0].no, "settled"))
    return ledger.Change(case=apply(held.case, entry), entries=(entry,), held=held)


def read(desk: Desk, story: Story) -> ledger.Held:
    with desk.store.read() as tx:
        held = cases.at_host(tx, story.ref)
    assert held
    return held


def test_one_entry_in_one_transaction_and_none_where_there_is_nothing_to_do(desk: Desk) -> None:
    held = read(desk, Story.filed(desk))
    assert unasked.change(desk, held.case.id, an_entry)
    before = contents(desk)
    assert not unasked.change(desk, held.case.id, lambda *_: None)
    assert not unasked.change(desk, "no such case", an_entry)
    assert contents(desk) == before
    with desk.store.read() as tx:
        there = cases.by_id(tx, held.case.id)
    assert there
    assert there.case.seq == held.case.seq + 1


def check_the_slower(desk: Desk) -> None:
    """It looks at the case, and somebody moves it before its entry is written."""
    story = Story.filed(desk)
    old = read(desk, story)
    story.do("officer", "acknowledge", greeting="We have read it.")
    before = contents(desk)
    assert not unasked.change(desk, old.case.id, lambda desk, tx, _: an_entry(desk, tx, old))
    assert contents(desk) == before


def test_whoever_came_first_is_right(desk: Desk) -> None:
    check_the_slower(desk)


def test_planted_a_stale_case_that_is_no_matter_is_found(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unasked, "Stale", ZeroDivisionError)
    with pytest.raises(Stale):
        check_the_slower(desk)
