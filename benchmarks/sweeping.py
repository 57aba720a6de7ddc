"""What it costs when nobody acts: many clocks that are due at one instant, rung in batches, beside one UPDATE."""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select, update

from benchmarks import floor
from benchmarks.houses import Cost, House, fill, second
from benchmarks.making import Maker
from benchmarks.measuring import Table
from grievance.casework import escalating
from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.store.tables import events, outbox, rungs
from tests import makers

BEGIN = makers.START + timedelta(days=2)
"""A Wednesday in a month without holidays: of groups that are filed a day apart, none shares its instants with another."""
KINDS = ("reminder", "missed date")
FEW_ENOUGH = 500
"""So many cases are verified afterwards; more would take longer than the sweep."""


def measure_sweep(table: Table, house: House, seed: int, *, repeats: int, due: int) -> None:
    """Groups of cases, filed a day apart, so that each sweep finds one group's clocks and no other's.

    A reminder: an event, the next rung, three notices. A missed date: the events of the move, new clocks, notices.
    """
    clock = makers.Clock(BEGIN)
    figures: dict[str, list[tuple[Cost, Cost]]] = {kind: [] for kind in KINDS}
    with second(house) as house_of_clocks:
        desk = replace(house_of_clocks.desk, now=clock)
        rings = _groups(house_of_clocks, seed, repeats, due, clock.at)
        for at, kind in sorted(rings):
            _sweep_until(desk, clock, at)
            figures[kind].append((_sweep(house_of_clocks, desk, due, kind), _floor(house_of_clocks, due)))
        if due <= FEW_ENOUGH:
            assert not verifying.verify(desk)[1], "a case that was swept does not verify"
    for kind, measured in figures.items():
        sweeps, floors = zip(*measured, strict=True)
        table.add(
            f"sweep of {due:,} due clocks, each: {kind}",
            house.kind,
            "ms CPU",
            [cost.cpu / due * 1000 for cost in sweeps],
            [cost.cpu / due * 1000 for cost in floors],
            [cost.database / due * 1000 for cost in sweeps],
        )
        rates, floor_rates = ([due / cost.wall for cost in costs] for costs in (sweeps, floors))
        table.add("  clocks swept", house.kind, "a s", rates, floor_rates)


def measure_two_sweepers(table: Table, house: House, seed: int, *, due: int) -> None:
    """Seconds until two processes have rung as many clocks that are due at once; each rings exactly once."""
    clock = makers.Clock(BEGIN)
    with second(house) as crowd:
        for clock.at, kind in sorted(_groups(crowd, seed, 1, due, BEGIN)):
            before = _rungs(crowd)
            crowd.desk.store.engine.dispose()
            fork = multiprocessing.get_context("fork")
            sweepers = [fork.Process(target=escalating.sweep, args=(replace(crowd.desk, now=clock),)) for _ in range(2)]
            began = time.perf_counter()
            for sweeper in sweepers:
                sweeper.start()
            for sweeper in sweepers:
                sweeper.join()
            seconds = time.perf_counter() - began
            assert _rungs(crowd) == before + due, f"{kind}: a rung was lost or rang twice"
            table.add(f"{due:,} due clocks, two sweepers: {kind}", house.kind, "s", [seconds])


def _sweep_until(desk: Desk, clock: makers.Clock, at: datetime) -> None:
    """What a group that was measured before goes on ringing is no part of the next one's figures."""
    clock.at = at - timedelta(seconds=1)
    escalating.sweep(desk)
    clock.at = at


def _groups(house: House, seed: int, repeats: int, due: int, now: datetime) -> list[tuple[datetime, str]]:
    """Files the groups; returns the instants at which each rings first, and at which its date is missed."""
    maker, rings = Maker(house.desk, seed), list[tuple[datetime, str]]()
    for group in range(repeats):
        batches = list(maker.waiting(now - timedelta(days=2) + timedelta(days=group), due))
        fill([house], batches)
        stage_clock = batches[0][0].case.stage_clock
        assert stage_clock is not None, "a case that waits has no clock"
        rings += zip(stage_clock.rings, KINDS, strict=True)
    return rings


def _sweep(house: House, desk: Desk, due: int, kind: str) -> Cost:
    """The cost of one sweep that must find exactly these clocks."""
    before = _counts(house)
    swept = escalating.Swept()

    def act() -> None:
        nonlocal swept
        swept = escalating.sweep(desk)

    cost = house.cost(act)
    after = _counts(house)
    assert (swept.rungs, swept.aside) == (due, {}), f"{kind}: {swept.rungs} rungs, {len(swept.aside)} set aside"
    assert after[0] >= before[0] + due, "a rung without an event"
    assert after[1] >= before[1] + due, "a rung without a notice"
    return cost


def _floor(house: House, due: int) -> Cost:
    """The cost of one statement that moves as many bare rows to their next date, and commits."""
    with house.desk.store.write() as tx:
        tx.execute(floor.clocks.delete())
        tx.execute(insert(floor.clocks), [{"rung": 0, "rings_at": no} for no in range(due)])
    statement = (
        update(floor.clocks)
        .where(floor.clocks.c.rings_at <= due)
        .values(rung=floor.clocks.c.rung + 1, rings_at=floor.clocks.c.rings_at + 10 * due)
    )

    def act() -> None:
        with house.desk.store.write() as tx:
            assert tx.execute(statement).rowcount == due

    return house.cost(act)


def _rungs(house: House) -> int:
    with house.desk.store.read() as tx:
        return tx.execute(select(func.count()).select_from(rungs)).scalar_one()


def _counts(house: House) -> tuple[int, int]:
    with house.desk.store.read() as tx:
        entries, notices = (
            tx.execute(select(func.count()).select_from(table)).scalar_one() for table in (events, outbox)
        )
    return entries, notices
