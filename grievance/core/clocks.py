"""Sets the clocks of a case: from a limit and a start to the instants at which its rungs ring."""

from __future__ import annotations

from datetime import datetime, timedelta

from grievance.core import events as e
from grievance.core.calendar import Calendar, Limit, after, before, due
from grievance.core.case import Case, Clock
from grievance.core.procedure import SideClock, Stage

MORE = " + "
"""Between a limit and its extensions, in the words of a clock: 10 working days + 5 working days."""


def stage_clock(
    case: Case, stage: Stage, start: datetime, calendar: Calendar, limit: Limit | None = None
) -> e.ClockSet:
    """The clock of the stage that the case has just entered; `limit` overrules the stage's own."""
    limit = limit or stage.limit(case.lane)
    if limit is None:
        raise ValueError(f"stage {stage.id} has no limit")
    due_at = due(limit, start, calendar)
    if stage.counts == "open remedies":
        due_at = _earliest_remedy(case, calendar, due_at)
    rings = _rings(stage, start, due_at, calendar)
    return _set(case, stage.id, str(limit), due_at, rings, start, calendar)


def longer(case: Case, clock: Clock, stage: Stage, by: Limit, calendar: Calendar, at: datetime) -> e.ClockSet:
    """The same clock, later by an extension that is counted from its due day."""
    due_at = after(by, clock.due_at, calendar)
    rings = _rings(stage, at, due_at, calendar)
    limit = f"{clock.limit}{MORE}{by}"
    return _set(case, clock.name, limit, due_at, rings, clock.start, calendar, clock.extended + 1)


def next_remedy(case: Case, clock: Clock, stage: Stage, calendar: Calendar, at: datetime) -> e.ClockSet:
    """The clock of a stage that counts open remedies, set again after one of them was reported."""
    start = case.entered_at or at
    due_at = _earliest_remedy(case, calendar, due(Limit.parse(clock.limit), start, calendar))
    return _set(case, clock.name, clock.limit, due_at, _rings(stage, at, due_at, calendar), start, calendar)


def side_clock(case: Case, side: SideClock, start: datetime, calendar: Calendar) -> e.ClockSet:
    """A clock beside the stages: one rung, which tells."""
    due_at = due(side.within, start, calendar)
    return _set(case, side.name, str(side.within), due_at, (due_at,), start, calendar)


def recounted(
    case: Case, clock: Clock, stage: Stage | None, calendar: Calendar, at: datetime
) -> e.ClockRecounted | None:
    """The same clock from its start by a calendar that changed since; None where that changes nothing.

    What rang has rung, and a due day that is over stays. One that now lies nearer is at the earliest the end of
    tomorrow: nobody loses a right by a day that was cancelled in the night. `stage` is None for a clock beside the stages.
    """
    if clock.start is None:
        return None
    tomorrow = calendar.midnight_after(calendar.day_of(at) + timedelta(days=1))
    due_at = clock.due_at
    if due_at > at:
        due_at = max(_due_again(case, clock, clock.start, stage, calendar), min(due_at, tomorrow))
    rings = (due_at,) if stage is None else _rings(stage, clock.start, due_at, calendar)
    reminders = len(clock.rings) - 1
    ahead = rings[:-1][-reminders:][clock.rang :] if reminders else ()  # one that lies back now rings at once
    rings = (*clock.rings[: clock.rang], *ahead, max(rings[-1], min(clock.rings[-1], tomorrow)))
    if (due_at, rings) == (clock.due_at, clock.rings):
        return None
    return e.ClockRecounted(clock.no, due_at, rings, calendar.mark)


def _due_again(case: Case, clock: Clock, start: datetime, stage: Stage | None, calendar: Calendar) -> datetime:
    first, *more = clock.limit.split(MORE)
    due_at = due(Limit.parse(first), start, calendar)
    for extension in more:
        due_at = after(Limit.parse(extension), due_at, calendar)
    if stage and stage.counts == "open remedies":
        due_at = _earliest_remedy(case, calendar, due_at)
    return due_at


def _set(
    case: Case,
    name: str,
    limit: str,
    due_at: datetime,
    rings: tuple[datetime, ...],
    start: datetime | None,
    calendar: Calendar,
    extended: int = 0,
) -> e.ClockSet:
    return e.ClockSet(case.next_clock, name, limit, due_at, rings, extended, start, calendar.mark)


def _rings(stage: Stage, start: datetime, due_at: datetime, calendar: Calendar) -> tuple[datetime, ...]:
    """Reminders that still lie ahead, in order, then the instant at which silence has its consequence."""
    ahead = sorted({before(limit, due_at, calendar) for limit in stage.remind})
    last = after(stage.grace, due_at, calendar) if stage.grace else due_at
    return (*(ring for ring in ahead if start < ring < due_at), last)


def _earliest_remedy(case: Case, calendar: Calendar, cap: datetime) -> datetime:
    days = sorted(remedy.due for remedy in case.remedies if remedy.status == "ordered" and remedy.due)
    return min(calendar.midnight_after(datetime.fromisoformat(days[0]).date()), cap) if days else cap
