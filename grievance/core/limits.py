"""A span of time in the words of a procedure: whoever holds a `Limit` holds a sound one, and its text reads back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

Unit = Literal["hours", "days", "working days", "weeks", "months"]

MOST = 10_000  # the largest amount: keeps a slip of the pen from counting through centuries

SHORTEST = {"hours": 1, "days": 24, "working days": 24, "weeks": 168, "months": 28 * 24}
LONGEST = {"hours": 1, "days": 24, "weeks": 168, "months": 31 * 24}
"""Elapsed hours of one of each; how long a working day lasts depends on the calendar."""

_LIMIT = re.compile(r"([1-9][0-9]{0,5}) (hour|day|working day|week|month)(s?)(\+?)")


@dataclass(frozen=True)
class Limit:
    """A span of time as a procedure states it; `roll` moves an end on a rest day or holiday to the next working day.

    Hours are elapsed time, days, weeks and months are calendar time, working days follow the calendar.
    """

    amount: int
    unit: Unit
    roll: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= MOST:
            raise ValueError(f"A limit is a whole number from 1 to {MOST}, not {self.amount}.")
        if self.unit not in get_args(Unit):
            raise ValueError(f"A limit counts in {', '.join(get_args(Unit))}, not in {self.unit!r}.")
        if self.roll and self.unit in ("hours", "working days"):
            raise ValueError(f"Take the + away: {self.unit} never end on a day that rolls on.")

    @classmethod
    def parse(cls, text: str) -> Limit:
        """From `10 working days`, `1 month`, `4 hours`, `30 days+`. `ValueError` with a sentence for anything else."""
        found = _LIMIT.fullmatch(text)
        if found is None or (found[1] == "1") == bool(found[3]):
            raise ValueError(f'Write a limit like "10 working days", "1 month", "4 hours" or "30 days+", not {text!r}.')
        unit = next(unit for unit in get_args(Unit) if unit == found[2] + "s")
        return cls(int(found[1]), unit, bool(found[4]))

    def surely_within(self, other: Limit) -> bool:
        """Whether this span can never end after the other, from one start, whatever the calendar."""
        if self.unit == other.unit:
            return self.amount <= other.amount and self.roll <= other.roll
        if self.roll or self.unit not in LONGEST:
            return False
        started = 0 if self.unit == "hours" else 24  # the day of the start is not counted
        return self.amount * LONGEST[self.unit] + started <= other.amount * SHORTEST[other.unit]

    def __str__(self) -> str:
        unit = self.unit.removesuffix("s") if self.amount == 1 else self.unit
        return f"{self.amount} {unit}{'+' if self.roll else ''}"
