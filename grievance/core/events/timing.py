"""Limits begin, ring and end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from grievance.core.events.event import Event


@dataclass(frozen=True, slots=True)
class ClockSet(Event):
    """A limit began to run. `no` is unique in the case; `rings` are the instants of its rungs, the last is the due one."""

    no: int
    name: str  # the stage's id, or the name of a clock beside the stages
    limit: str
    due_at: datetime
    rings: tuple[datetime, ...]
    extended: int = 0
    start: datetime | None = None  # from when the limit counts, through all extensions; older entries do not say
    counted_by: str = ""  # the calendar, by its mark
    rungs: tuple[str, ...] = ()  # beside `rings`: the names of those that the procedure names; empty for none at all


@dataclass(frozen=True, slots=True)
class ClockRecounted(Event):
    """The calendar changed under a limit that runs, so its instants were counted again; `rings` holds those that rang, too."""

    no: int
    due_at: datetime
    rings: tuple[datetime, ...]
    counted_by: str
    rungs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClockStopped(Event):
    """A limit does not run any more."""

    no: int


@dataclass(frozen=True, slots=True)
class TaskDone(Event):
    """Somebody whose task it is has done it; the clock runs on for those who have not."""

    clock: int
    seat: int


@dataclass(frozen=True, slots=True)
class Rang(Event):
    """One rung of one clock happened: a reminder, a named rung, or the due one (then a move follows at once)."""

    clock: int
    rung: int
    due: bool
    name: str = ""
