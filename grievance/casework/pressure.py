"""How many complaints come in, as far as one process knows, and what is then asked of whoever files: settings and counting."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

CALM, ASKS, OVERFLOWS = "calm", "asks", "overflows"
"""Nothing is asked; a little work or a short wait is; and whatever comes even so is gathered in the bulk lane."""

WINDOW = timedelta(minutes=10)
"""Over which filings are counted, of the house as a whole and never by where they come from."""

STALE = timedelta(seconds=1)
"""So long a count is believed: in a second no house takes more filings than a few hundred."""

PUZZLES = 8
"""Several small puzzles instead of a large one: a phone that is out of luck then takes twice the time, and not five times."""

_WORK = re.compile(r"\.".join([r"\d{1,10}"] * PUZZLES), re.ASCII)


class Gauge:
    """What one process knows of how many came within the window: what it read last, and what it filed since."""

    def __init__(self) -> None:
        self._read_at: datetime | None = None
        self._count = 0

    def known(self, now: datetime) -> int | None:
        """The count, or None where it has to be read again."""
        if self._read_at is None or not timedelta() <= now - self._read_at < STALE:
            return None
        return self._count

    def read(self, now: datetime, count: int) -> None:
        """So many were found."""
        self._read_at, self._count = now, count

    def add(self) -> None:
        """One more was filed here."""
        self._count += 1


@dataclass(frozen=True, slots=True)
class Flood:
    """What the settings say. All four figures are proposals of ours (docs/adr/0030).

    ask: filings within the window above which work is asked; most: above which they are gathered;
    bits: of each of eight puzzles; wait: seconds, where no script runs.
    """

    ask: int = 60
    most: int = 600
    bits: int = 12
    wait: int = 20
    gauge: Gauge = field(default_factory=Gauge, compare=False)

    def level(self, count: int) -> str:
        """What so many filings within the window mean."""
        return CALM if count < self.ask else ASKS if count < self.most else OVERFLOWS


def work_fits(ticket: str, work: str, bits: int) -> bool:
    """Whether `work` holds eight numbers, each of which makes SHA-256("ticket.puzzle.number") begin with so many zero bits."""
    if not _WORK.fullmatch(work):
        return False
    return all(_solves(f"{ticket}.{no}.{number}", bits) for no, number in enumerate(work.split(".")))


def _solves(text: str, bits: int) -> bool:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> (32 - bits) == 0
