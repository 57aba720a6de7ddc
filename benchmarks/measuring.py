"""What was measured: a few repeats of each figure beside those of its floor, printed as one table or written as JSON."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `floor` holds the floor's value of the same repeat, or is empty where there is none.

    `in_database` is the part of each value that PostgreSQL's own processes took; SQLite works inside ours.
    """

    what: str
    database: str
    unit: str
    values: tuple[float, ...]
    floor: tuple[float, ...] = ()
    in_database: tuple[float, ...] = ()

    @property
    def ratios(self) -> tuple[float, ...]:
        """Value over floor, repeat by repeat: a slow moment of the machine strikes both."""
        return tuple(value / floor for value, floor in zip(self.values, self.floor, strict=False) if floor > 0)


@dataclass(slots=True)
class Table:
    """Collects figures and prints each as soon as it is known."""

    figures: list[Figure] = field(default_factory=list)

    def add(
        self,
        what: str,
        database: str,
        unit: str,
        values: Sequence[float],
        floor: Sequence[float] = (),
        in_database: Sequence[float] = (),
    ) -> None:
        """One more figure. Raises ValueError where value and floor were not measured equally often."""
        if floor and len(floor) != len(values):
            raise ValueError(f"{what}: {len(values)} values beside {len(floor)} floors")
        figure = Figure(what, database, unit, tuple(values), tuple(floor), tuple(in_database))
        self.figures.append(figure)
        print(_line(figure), flush=True)

    def head(self) -> None:
        """The names of the columns."""
        print(f"{'':52}{'':11}{'':>7}{'min':>10}{'median':>10}{'max':>10}  {'floor':>9}  {'ratio (min to max)':<22}")

    def write(self, path: Path, circumstances: dict[str, object]) -> None:
        """All figures as JSON, with where they were measured."""
        rows = [asdict(figure) | {"median": statistics.median(figure.values)} for figure in self.figures]
        path.write_text(json.dumps({"measured": circumstances, "figures": rows}, indent=1) + "\n", encoding="utf-8")


def _line(figure: Figure) -> str:
    values = figure.values
    spread = "".join(f"{_short(v):>10}" for v in (min(values), statistics.median(values), max(values)))
    text = f"{figure.what:52}{figure.database:11}{figure.unit:>7}{spread}"
    ratios = figure.ratios
    if ratios:
        wide = f"{_short(statistics.median(ratios))} ({_short(min(ratios))} to {_short(max(ratios))})"
        text += f"  {_short(statistics.median(figure.floor)):>9}  {wide:<22}"
    if any(figure.in_database):
        text += f"  of it in PostgreSQL {_short(statistics.median(figure.in_database))}"
    return text


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0 to 1) of the values do not exceed; the nearest one, never between two."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def circumstances(seed: int, size: int) -> dict[str, object]:
    """Where and when this was measured; no name of the machine, no path."""
    return {
        "on": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "sqlite": sqlite3.sqlite_version,
        "fsync_ms": round(statistics.median(_fsyncs()), 2),
        "seed": seed,
        "cases": size,
        "load_before": round(os.getloadavg()[0], 1),
    }


def _fsyncs() -> list[float]:
    """Milliseconds that it takes to bring 4 KiB safely to where the databases lie."""
    times = []
    with tempfile.NamedTemporaryFile(prefix="bench-") as file:
        for _ in range(20):
            file.write(b"x" * 4096)
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            times.append((time.perf_counter() - began) * 1000)
    return times
