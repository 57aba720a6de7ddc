"""How long the words of a case are kept after it ended, and what of it is erased then: data of its procedure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from grievance.core.limits import SHORTEST, Limit

FILES: Final = "files"
"""The files of a case, whoever sent them, as `erases` names them."""

ALWAYS: Final = ("identity", "contact", "words", FILES)
"""What every procedure erases: who complained, how to reach them, what they wrote and sent."""

ERASABLE: Final = (*ALWAYS, "mediation", "notes", "deliberation")
"""What a procedure can name. What the parties said to each other (exchange) and the restatement are the record of the case."""

WAITS: Final = timedelta(days=14)
"""How long a hold that one person asked for keeps the words, so that a second one can answer: our proposal."""

SLACK: Final = timedelta(days=4)
"""More than months of different lengths and zones of the world can differ by."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Erased is what stands in `erases`, `after` the case ended; where the figure comes from, and when somebody looked."""

    after: Limit
    erases: tuple[str, ...]
    source: str
    checked: date | None


def ended_by(limit: Limit, now: datetime) -> datetime:
    """No case that ended later can be due at `now`, in whichever place of the world: so nobody need look at it."""
    if limit.unit == "months":
        years, month = divmod(now.year * 12 + now.month - 1 - limit.amount, 12)
        day = min(now.day, monthrange(years, month + 1)[1])
        return now.replace(year=years, month=month + 1, day=day) + SLACK
    return now + SLACK - timedelta(hours=limit.amount * SHORTEST[limit.unit])
