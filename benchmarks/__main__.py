"""`python -m benchmarks`: one command, one table. SIZE=100000 lengthens the list, QUICK=1 looks fast, JSON=file keeps it."""

from __future__ import annotations

import os
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.copying import copy
from benchmarks.doors import measure_filing, measure_first_visit, measure_following, measure_rest
from benchmarks.houses import House, fill, houses
from benchmarks.lists import measure_lists, measure_search
from benchmarks.making import Maker
from benchmarks.measuring import Table, circumstances
from benchmarks.processes import Server
from benchmarks.sweeping import measure_sweep, measure_two_sweepers
from grievance.casework.house import verifying

SMALLEST, LARGEST = 1_000, 1_000_000


def main() -> int:
    """Everything, on both databases; a minute when QUICK is set, else under five for the default list."""
    quick = bool(os.environ.get("QUICK"))
    size = int(os.environ.get("SIZE") or (SMALLEST if quick else 10_000))
    if not SMALLEST <= size <= LARGEST or size % SMALLEST:
        print(f"SIZE must be a multiple of {SMALLEST} up to {LARGEST}.", file=sys.stderr)
        return 2
    seed = int(os.environ.get("SEED") or time.time())
    facts, table = circumstances(seed, size), Table()
    print(", ".join(f"{name} {value}" for name, value in facts.items()))
    began = time.monotonic()
    with houses() as all_houses, ExitStack() as stack:
        table.head()
        running = [
            (house, stack.enter_context(house.serving()), stack.enter_context(house.floor())) for house in all_houses
        ]
        _lists(table, running, size, seed, quick=quick)
        for house, ours, floor in running:
            _doors(table, house, ours, floor, quick=quick)
        for house in all_houses:
            measure_sweep(table, house, seed, repeats=2 if quick else 4, due=200 if quick else 1000)
            measure_two_sweepers(table, house, seed, due=1000 if quick else 10_000)
    facts |= {"seconds": round(time.monotonic() - began), "load_after": round(os.getloadavg()[0], 1)}
    print(f"{facts['seconds']} seconds; load {facts['load_before']} before, {facts['load_after']} after")
    if os.environ.get("JSON"):
        table.write(Path(os.environ["JSON"]), facts)
    return 0


def _lists(table: Table, running: list[tuple[House, Server, Server]], size: int, seed: int, *, quick: bool) -> None:
    """Lists of 10³, 10⁴ … cases up to `size`, in one database that grows."""
    maker = Maker(running[0][0].desk, seed)
    steps = [*(10**power for power in range(3, 7) if 10**power < size), size]
    for before, step in zip([0, *steps], steps, strict=False):
        if step == SMALLEST:
            fill((house for house, _, _ in running), maker.batches(0, step))
        else:
            for house, _, _ in running:
                copy(house, SMALLEST, before, step)
        for house, ours, floor in running:
            measure_lists(table, house, ours, floor, step, repeats=2 if quick else 5, each=5 if quick else 10)
            measure_search(table, house, step, repeats=3 if quick else 9)
            if step == SMALLEST and not quick:  # the bulk is made of true cases: every one verifies
                assert not verifying.verify(house.desk)[1]


def _doors(table: Table, house: House, ours: Server, floor: Server, *, quick: bool) -> None:
    repeats = 2 if quick else 5
    measure_first_visit(table, house, ours)
    measure_filing(table, house, ours, floor, repeats=repeats, each=5 if quick else 15)
    measure_following(table, house, ours, floor, repeats=repeats, each=5 if quick else 20)
    measure_rest(table, house, repeats=1 if quick else 3)


if __name__ == "__main__":
    raise SystemExit(main())
