"""Two and five sweepers, killed with -9 and started again: each rung of each clock once, and nobody hears twice."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from grievance.casework import escalating
from grievance.casework.desk import Desk, Lent, sitting
from grievance.casework.house import verifying
from grievance.core import events as e
from grievance.core import machine
from grievance.core.procedure import OPENS
from grievance.store.cases import by_id
from grievance.store.tables import cases, clocks, events, links, outbox, rungs
from tests import makers
from tests.trials.processes import House, heard, many_cases, running, sweep
from tests.trials.sizes import scaled, seed

DAYS = (4, 9, 60, 200)
"""The last two after an outage: several rungs of a case at once, and in the end two of its clocks."""


@dataclass(frozen=True, slots=True)
class Alone:
    """One case after a day on which one clock looked: its stage, and since it was filed its rungs, moves and cases opened.

    `days` is how often people were told.
    """

    stage: str
    rang: int
    moved: int
    opened: int
    days: int


def alone(desk: Desk, days: Sequence[int]) -> list[Alone]:
    """What becomes of one case when one clock looks on these days, reckoned by the core without a row being written."""
    found, rang, moved, opened = list[Alone](), 0, 0, 0
    with desk.store.read() as tx:
        first = tx.execute(select(func.min(cases.c.id))).scalar_one()
        held = by_id(tx, first)
        assert held is not None
        case = held.case
        for number, day in enumerate(days, 1):
            at = makers.START + timedelta(days=day)
            rules = sitting(replace(desk, now=makers.Clock(at)), Lent(tx), case)
            before = rang
            while clock := escalating._due(case, at):
                fired = machine.ring(rules, case, clock)
                case = fired.case
                rang += sum(isinstance(entry.event, e.Rang) for entry in fired.entries)
                moved += sum(isinstance(entry.event, e.Moved) for entry in fired.entries)
                opened += len(fired.opens)
            assert rang > before, "a day on which nothing rings tries nothing"
            found.append(Alone(case.stage, rang, moved, opened, number))
    return found


def swept(desk: Desk, house: House, day: int, dice: random.Random, kills: int, sweepers: int) -> None:
    """So many processes sweep on this day until nothing is due; so many times two of them die, or one of them alone."""
    there = replace(house, at=makers.START + timedelta(days=day))
    end = time.monotonic() + 600
    while due(desk, there) and time.monotonic() < end:
        with ExitStack() as stack:
            crew = [stack.enter_context(running(there, sweep)) for _ in range(sweepers)]
            for _, link in crew:
                assert link.recv() == "ready"
            if kills:
                time.sleep(dice.random() * 0.15)
                dice.choice(crew)[0].kill()
                kills -= 1
                time.sleep(dice.random() * 0.15)
                dice.choice(crew)[0].kill()
            for _, link in crew:
                assert not any(aside for _, aside in heard(link))


def due(desk: Desk, house: House) -> int:
    with desk.store.read() as tx:
        query = select(func.count()).select_from(clocks).where(clocks.c.rings_at <= house.at)
        return tx.execute(query).scalar_one()


def sweeps(desk: Desk, house: House, count: int, kills: int, seed: int, sweepers: int = 2) -> None:
    print(f"sweeps: seed {seed}, {count} cases, {sweepers} sweepers, {kills} kills a phase")
    dice = random.Random(seed)
    many_cases(desk, count, dice)
    reckoned = alone(desk, DAYS)
    assert reckoned[2].rang - reckoned[1].rang > 1, "after an outage several rungs at once"
    assert (reckoned[2].opened, reckoned[3].opened) == (0, 1), "our failure is complained of once, by itself"
    for day, one in zip(DAYS, reckoned, strict=True):
        began = time.monotonic()
        before = rows(desk)
        swept(desk, house, day, dice, kills, sweepers)
        found = rows(desk)
        print(f"day {day}: {(found - before) / (time.monotonic() - began):.0f} rungs a second, with their restarts")
        check(desk, count, one)
    assert verifying.verify(desk) == (count * (1 + reckoned[-1].opened), [])


def rows(desk: Desk) -> int:
    with desk.store.read() as tx:
        return tx.execute(select(func.count()).select_from(rungs)).scalar_one()


def check(desk: Desk, count: int, one: Alone) -> None:
    """Of every case: the stage, each rung once in the table and once in the ledger, each move of the clock once.

    People are told once for each day on which something rang, however many rungs that were. Each case that a case opens
    is there once, where its procedure begins, nothing has rung in it, and people are told once that it is there.
    """
    with desk.store.read() as tx:
        linked = tx.execute(select(links.c.other_id, links.c.case_id).where(links.c.kind.in_(OPENS)))
        beside = {row.other_id: row.case_id for row in linked}
        stages = {row.id: row.stage for row in tx.execute(select(cases.c.id, cases.c.stage))}
        in_table = Counter(tx.execute(select(rungs.c.case_id)).scalars())
        ledger = {
            kind: Counter(tx.execute(select(events.c.case_id).where(events.c.kind == kind)).scalars())
            for kind in ("Rang", "Moved")
        }
        told = Counter(tuple(row) for row in tx.execute(select(outbox.c.person, outbox.c.cause)))
    first = stages.keys() - beside.keys()
    assert Counter(stages[case] for case in first) == {one.stage: count}, "a case did not move"
    assert Counter(beside.values()) == (dict.fromkeys(first, one.opened) if one.opened else {}), "a case was not opened"
    assert {stages[case] for case in beside} <= {desk.lawbook.procedure("default/process-1@1").start}
    assert in_table == ledger["Rang"], "a rung is lost"
    assert in_table == dict.fromkeys(first, one.rang)
    assert ledger["Moved"] == (dict.fromkeys(first, one.moved) if one.moved else {})
    assert set(told.values()) == {1}, "somebody heard twice of one thing"
    causes = Counter(cause.split("/")[0] for cause in {cause for _, cause in told})
    assert causes == dict.fromkeys(first, one.days) | dict.fromkeys(beside, 1), "of something nobody was told"


@pytest.fixture
def house(desk: Desk, database: str, tmp_path: Path, keys: Path) -> House:
    desk.now()  # the database has to be there before the house that others open on it
    return House(tmp_path, database, keys)


def test_five_hundred_clocks_under_two_sweepers(desk: Desk, house: House) -> None:
    sweeps(desk, house, 500, 2, seed())


@pytest.mark.trial
@pytest.mark.parametrize("sweepers", [2, 5])
def test_ten_thousand_clocks_under_sweepers(desk: Desk, house: House, sweepers: int) -> None:
    sweeps(desk, house, scaled(10_000), scaled(20), seed(), sweepers)


PLANTED = (
    ("DELETE FROM outbox WHERE cause LIKE (SELECT min(id) FROM cases) || '%'", "nobody was told"),
    (("INSERT INTO outbox (person, kind, cause, state, tries, next_at) "
     "SELECT person, 'again', cause, state, tries, next_at FROM outbox"), "heard twice"),
    ("DELETE FROM rungs WHERE rung = 0 AND case_id = (SELECT min(id) FROM cases)", "a rung is lost"),
    ("UPDATE cases SET stage = 'received' WHERE id = (SELECT min(id) FROM cases)", "a case did not move"),
)  # fmt: skip
"""Each is looked for before the ones above it."""


def test_planted_losses_and_doubles_are_found(desk: Desk, clock: makers.Clock) -> None:
    many_cases(desk, 3, random.Random(1))
    [one] = alone(desk, [9])
    clock.pass_days(9)
    escalating.sweep(desk)
    check(desk, 3, one)
    for statement, said in PLANTED:
        with desk.store.engine.begin() as connection:
            connection.execute(text(statement))
        with pytest.raises(AssertionError, match=said):
            check(desk, 3, one)
