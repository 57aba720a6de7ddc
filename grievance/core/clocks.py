"""Sets the clocks of a case: from a limit and a start to the instants at which its rungs ring."""

from __future__ import annotations

from datetime import datetime

from grievance.core import events as e
from grievance.core.calendar import Calendar, Limit, after, before, due
from grievance.core.case import Case, Clock
from grievance.core.procedure import SideClock, Stage


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
    return e.ClockSet(case.next_clock, stage.id, str(limit), due_at, _rings(stage, start, due_at, calendar))


def longer(case: Case, clock: Clock, stage: Stage, by: Limit, calendar: Calendar, at: datetime) -> e.ClockSet:
    """The same clock, later by an extension that is counted from its due day."""
    due_at = after(by, clock.due_at, calendar)
    rings = _rings(stage, at, due_at, calendar)
    return e.ClockSet(case.next_clock, clock.name, f"{clock.limit} + {by}", due_at, rings, clock.extended + 1)


def next_remedy(case: Case, clock: Clock, stage: Stage, calendar: Calendar, at: datetime) -> e.ClockSet:
    """The clock of a stage that counts open remedies, set again after one of them was reported."""
    due_at = _earliest_remedy(case, calendar, due(Limit.parse(clock.limit), case.entered_at or at, calendar))
    return e.ClockSet(case.next_clock, clock.name, clock.limit, due_at, _rings(stage, at, due_at, calendar))


def side_clock(case: Case, side: SideClock, start: datetime, calendar: Calendar) -> e.ClockSet:
    """A clock beside the stages: one rung, which tells."""
    due_at = due(side.within, start, calendar)
    return e.ClockSet(case.next_clock, side.name, str(side.within), due_at, (due_at,))


def _rings(stage: Stage, start: datetime, due_at: datetime, calendar: Calendar) -> tuple[datetime, ...]:
    """Reminders that still lie ahead, in order, then the instant at which silence has its consequence."""
    ahead = sorted({before(limit, due_at, calendar) for limit in stage.remind})
    last = after(stage.grace, due_at, calendar) if stage.grace else due_at
    return (*(ring for ring in ahead if start < ring < due_at), last)


def _earliest_remedy(case: Case, calendar: Calendar, cap: datetime) -> datetime:
    days = sorted(remedy.due for remedy in case.remedies if remedy.status == "ordered" and remedy.due)
    return min(calendar.midnight_after(datetime.fromisoformat(days[0]).date()), cap) if days else cap
