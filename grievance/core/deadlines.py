"""How time runs in a procedure, as data: from what a limit counts, extensions, rungs, and the clocks beside the stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from grievance.core.limits import Limit

COUNTS = ("entry", "filing", "release", "decision", "open remedies", "last remedy")
"""From what a stage's limit counts, where it does not name moves; where that has not happened, from entering.

`open remedies` ends with the earliest date in the orders, at the limit at the latest; `last remedy` ends with the latest
of them, at the limit at the earliest and at `at_most` at the latest.
"""


@dataclass(frozen=True, slots=True)
class Extension:
    """More time: `by` each time, at most `times`, granted by `who` (one role, a turn's roles, parties together)."""

    by: Limit
    times: int
    who: str
    lanes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rung:
    """Something that happens while a limit runs, or after it was missed: it tells, and may cause what the clock may."""

    name: str
    label: str
    within: Limit  # counted from entering the stage, or for a rung after the miss from the due day
    tells: tuple[str, ...]
    does: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SideClock:
    """A clock beside the stages that tells and never moves, started by the first of its moves.

    A statutory one is the law's, not ours: it counts from the date answered to `counts`, and starts anew with each.
    A task is somebody's: everybody of `turn` is to make the move `wants`, and when all have, it stops.
    One that tells `after_end` is started by the move that ends the case, and forgotten when the case is opened again.
    """

    name: str
    label: str
    starts: tuple[str, ...]
    within: Limit
    tells: tuple[str, ...]
    source: str
    checked: date | None
    statutory: bool = False
    counts: str = ""  # an ask for a date; empty: from the move
    when: Mapping[str, str] = field(default_factory=dict)  # ask → the answer with which it starts
    remind: tuple[Limit, ...] = ()
    turn: str = ""  # one of procedure.TURNS, for a task
    wants: str = ""  # the move that does the task
    does: tuple[str, ...] = ()  # what comes of it where somebody did not
    after_end: bool = False
