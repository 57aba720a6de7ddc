"""Two officers send the same move at the same moment: one wins, the other is told and keeps the text."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.casework.showing import reading
from grievance.store.tables import cases, events, items
from tests import makers
from tests.trials.processes import House, many_cases, race, running
from tests.trials.sizes import scaled, seed

WON, TOLD = 303, 409


def races(desk: Desk, house: House, count: int, seed: int) -> None:
    print(f"races: seed {seed}, {count} races")
    many_cases(desk, count, random.Random(seed))
    with desk.store.whole() as tx:
        refs = list(tx.execute(select(cases.c.ref)).scalars())
    seen = reading.case(desk, makers.viewer("sophea"), refs[0], roles=makers.ROLES["officer"]).seq
    results: Counter[tuple[tuple[int, bool], ...]] = Counter()
    began = time.monotonic()
    with running(house, race) as (_, first), running(house, race) as (_, second):
        first.send("sophea")
        second.send("rith")
        assert (first.recv(), second.recv()) == ("ready", "ready")
        for ref in refs:
            at = time.monotonic() + 0.005
            for link, who in ((first, "Sophea"), (second, "Rith")):
                form = {"greeting": f"{who} has read <{ref}> and keeps every word.", "seen": str(seen)}
                link.send((ref, "acknowledge", form, at))
            results[tuple(sorted((first.recv(), second.recv())))] += 1
        first.send(None)
        second.send(None)
    print(f"{count} races: {dict(results)}; {count / (time.monotonic() - began):.0f} a second")
    assert results == {((WON, False), (TOLD, True)): count}, "one wins, the other is told and finds what they typed"
    with desk.store.whole() as tx:
        moved = Counter(tx.execute(select(events.c.case_id).where(events.c.kind == "Moved")).scalars())
        greeted = Counter(tx.execute(select(items.c.case_id).where(items.c.name == "greeting")).scalars())
    assert len(moved) == len(greeted) == count
    assert set(moved.values()) == set(greeted.values()) == {1}
    assert verifying.verify(desk) == (count, [])


@pytest.fixture
def house(desk: Desk, database: str, tmp_path: Path, keys: Path) -> House:
    desk.now()  # the database has to be there before the house that others open on it
    return House(tmp_path, database, keys)


def test_fifty_races(desk: Desk, house: House) -> None:
    races(desk, house, 50, seed())


@pytest.mark.trial
def test_a_thousand_races(desk: Desk, house: House) -> None:
    races(desk, house, scaled(1_000), seed())
