"""The drill: a clean folder, an old case backup and the newest keys give a house that is whole, silent, and forgets."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from sqlalchemy import select

from benchmarks.making import Maker
from grievance import clock as timetable
from grievance.casework import standstill
from grievance.casework.desk import Desk
from grievance.casework.house import anchoring, safekeeping, verifying
from grievance.casework.words import erasing
from grievance.store import ledger
from grievance.store.tables import events, wraps
from grievance.vault import Signer
from tests.casework.test_anchoring import a_day
from tests.casework.test_safekeeping import IDENTITY, TO, elsewhere, opened
from tests.makers import Clock, Story
from tests.trials.sizes import scaled, seed

__all__ = ["elsewhere"]

TEN_MINUTES = 600

YEARS = 366 * 3
"""Days after which the words of an ended case are erased, and more."""


def drill(desk: Desk, elsewhere: safekeeping.Place, clock: Clock, keys: Path, count: int) -> dict[str, float]:
    """Seconds of each part, of a house with so many cases, one in a hundred of them erased since the backup."""
    started = seed()
    print(f"drill: seed {started}, {count} cases, {desk.store.engine.dialect.name} to {elsewhere.database[:10]}")
    ended = max(1, count // 100)
    for batch in Maker(desk, started).batches(0, count - ended):
        with desk.store.whole(write=True) as tx:
            ledger.append(tx, batch)
    for _ in range(ended):
        Story.filed(desk).do("complainant", "withdraw", {"why_withdrawn": "free"})
    signer = Signer.open(keys)
    assert signer
    roots = a_day(desk, clock, signer)
    folder, took = elsewhere.keys.parent, dict[str, float]()

    def timed(what: str, since: float) -> float:
        took[what] = time.monotonic() - since
        print(f"{what} {took[what]:.1f} s; {time.process_time():.1f} s of CPU since the process began")
        return time.monotonic()

    at = time.monotonic()
    with (folder / "cases.age").open("wb") as one, (folder / "older.age").open("wb") as other:
        safekeeping.backup(desk, one, other, [TO])
    timed("backup", at)
    clock.pass_days(YEARS)
    assert erasing.sweep(desk).cases == ended
    with desk.store.read() as tx:
        erased = list(tx.execute(select(events.c.case_id).where(events.c.kind == "Erased")).scalars())
    with (folder / "none.age").open("wb") as one, (folder / "keys.age").open("wb") as other:
        safekeeping.backup(desk, one, other, [TO])
    at = time.monotonic()
    with (folder / "cases.age").open("rb") as old, (folder / "keys.age").open("rb") as newest:
        safekeeping.restore(elsewhere, old, newest, IDENTITY, clock.at)
    at = timed("restore", at)
    there = opened(elsewhere, clock, keys)
    assert verifying.verify(there) == (count, [])
    assert anchoring.verify(there, signer.public, roots).faults == ()
    assert standstill.verified(there, clean=True, outside=True) == standstill.VERIFIED
    timed("verify", at)
    sent: list[str] = []
    assert timetable.once(there, lambda address, _: sent.append(address), timetable.Watch()) == 0
    assert sent == [], "no notice before somebody lets it go on"
    with there.store.whole() as tx:
        left = set(tx.execute(select(wraps.c.name).where(wraps.c.case_id.in_(erased))).scalars())
        assert left <= {"reasons"}, "erased stays erased"
    standstill.resume(there, "root", "The drill is over.")
    there.store.engine.dispose()
    return took


def test_a_small_drill(desk: Desk, elsewhere: safekeeping.Place, clock: Clock, keys: Path) -> None:
    drill(desk, elsewhere, clock, keys, 20)


@pytest.mark.trial
def test_a_hundred_thousand_cases_are_back_within_ten_minutes(
    desk: Desk, elsewhere: safekeeping.Place, clock: Clock, keys: Path
) -> None:
    took = drill(desk, elsewhere, clock, keys, scaled(100_000))
    assert took["restore"] + took["verify"] <= TEN_MINUTES
