"""Sets the clocks of a case: from a limit and a start to the instants at which its rungs ring, and again by a new calendar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from grievance.core import events as e
from grievance.core.calendar import Calendar, Limit, after, before, due, due_day
from grievance.core.case import Case, Clock
from grievance.core.deadlines import Rung, SideClock
from grievance.core.procedure import AFTER, Procedure, Stage

Ring = tuple[datetime, str]
"""When, and the name of the rung; empty for a reminder and for the due one."""

MORNING = time(8)
MORE = " + "
"""Between a limit and its extensions, in the words of a clock: 10 working days + 5 working days."""


def stage_clock(
    case: Case, stage: Stage, start: datetime, calendar: Calendar, limit: Limit | None = None
) -> e.ClockSet:
    """The clock of the stage that the case has just entered; `limit` overrules the stage's own, and counts from entering."""
    counted = start if limit else _counted_from(case, stage, start, calendar)
    limit = limit or stage.limit(case.lane)
    if limit is None:
        raise ValueError(f"stage {stage.id} has no limit")
    due_at = _with_remedies(case, stage, counted, due(limit, counted, calendar), calendar)
    rings = _rings(stage, start, due_at, calendar, _ladder(stage, start, calendar))
    return _set(case, stage.id, str(limit), due_at, rings, counted, calendar)


def longer(case: Case, clock: Clock, stage: Stage, by: Limit, calendar: Calendar, at: datetime) -> e.ClockSet:
    """The same clock, later by an extension that is counted from its due day."""
    due_at = after(by, clock.due_at, calendar)
    rings = _rings(stage, at, due_at, calendar, _waiting(clock))
    limit = f"{clock.limit}{MORE}{by}"
    return _set(case, clock.name, limit, due_at, rings, clock.start, calendar, clock.extended + 1)


def next_remedy(case: Case, clock: Clock, stage: Stage, calendar: Calendar, at: datetime) -> e.ClockSet:
    """The clock of a stage that counts open remedies, set again after one of them was reported."""
    start = case.entered_at or at
    due_at = _earliest_remedy(case, calendar, due(Limit.parse(clock.limit), start, calendar))
    rings = _rings(stage, at, due_at, calendar, _waiting(clock))
    return _set(case, clock.name, clock.limit, due_at, rings, start, calendar)


def missed_clock(case: Case, stage: Stage, missed: Clock, calendar: Calendar) -> e.ClockSet:
    """What goes on ringing after a stage was missed, counted from its due day."""
    rings = [(_rung_at(rung, after(rung.within, missed.due_at, calendar), calendar), rung.name) for rung in stage.after]
    return _set(case, stage.id + AFTER, missed.limit, missed.due_at, rings, None, calendar)


def side_clock(case: Case, side: SideClock, start: datetime, calendar: Calendar, day: date | None = None) -> e.ClockSet:
    """A clock beside the stages, from a moment or from a day that somebody named; its rings tell."""
    counted = calendar.midnight_after(day - timedelta(days=1)) if day else start
    due_at = due(side.within, counted, calendar)
    rings = _warnings(side.remind, start, due_at, due_at, calendar)
    return _set(case, side.name, str(side.within), due_at, rings, counted, calendar)


def rung_of(rungs: Iterable[Rung], name: str) -> Rung | None:
    """The rung of that name."""
    return next((rung for rung in rungs if rung.name == name), None)


def recounted(
    case: Case, clock: Clock, procedure: Procedure, calendar: Calendar, at: datetime
) -> e.ClockRecounted | None:
    """The same clock from its start by a calendar that changed since; None where that changes nothing.

    What rang has rung, and a due day that is over stays. One that now lies nearer is at the earliest the end of
    tomorrow: nobody loses a right by a day that was cancelled in the night.
    """
    if clock.start is None:  # an old entry, or what rings on after a day that is over
        return None
    stage = procedure.stages.get(clock.name)
    tomorrow = calendar.midnight_after(calendar.day_of(at) + timedelta(days=1))
    due_at = clock.due_at
    if due_at > at:
        due_at = max(_due_again(case, clock, clock.start, stage, calendar), min(due_at, tomorrow))
    if stage:
        plan = _rings(stage, clock.start, due_at, calendar, _ladder(stage, clock.start, calendar))
    else:
        plan = _warnings(procedure.clocks[clock.name].remind, clock.start, due_at, due_at, calendar)
    old = _named(clock)
    done, open_rungs = old[: clock.rang], {name for _, name in old[clock.rang :] if name}
    # Reminders are told apart by their place from the end; one that lies back now rings at once.
    reminders, rang = (sum(not name for _, name in part) for part in (old[:-1], done))
    again = [ring for ring in plan[:-1] if not ring[1]][-reminders:][rang:] if reminders else []
    ahead = sorted([*again, *(ring for ring in plan if ring[1] in open_rungs)])
    last = max(plan[-1][0], min(clock.rings[-1], tomorrow))
    rings, names = _split([*done, *ahead, (last, "")])
    if (due_at, rings) == (clock.due_at, clock.rings):
        return None
    return e.ClockRecounted(clock.no, due_at, rings, calendar.mark, names)


def _due_again(case: Case, clock: Clock, start: datetime, stage: Stage | None, calendar: Calendar) -> datetime:
    first, *more = clock.limit.split(MORE)
    due_at = due(Limit.parse(first), start, calendar)
    for extension in more:
        due_at = after(Limit.parse(extension), due_at, calendar)
    return _with_remedies(case, stage, start, due_at, calendar) if stage else due_at


def _set(
    case: Case,
    name: str,
    limit: str,
    due_at: datetime,
    rings: Sequence[Ring],
    start: datetime | None,
    calendar: Calendar,
    extended: int = 0,
) -> e.ClockSet:
    times, names = _split(rings)
    return e.ClockSet(case.next_clock, name, limit, due_at, times, extended, start, calendar.mark, names)


def _split(rings: Sequence[Ring]) -> tuple[tuple[datetime, ...], tuple[str, ...]]:
    """Instants and names; no names at all where no rung has one."""
    names = tuple(name for _, name in rings)
    return tuple(at for at, _ in rings), names if any(names) else ()


def _named(clock: Clock) -> list[Ring]:
    return list(zip(clock.rings, clock.rungs or ("",) * len(clock.rings), strict=True))


def _waiting(clock: Clock) -> list[Ring]:
    """The named rungs that have not rung yet: a clock that is set again forgets none of them."""
    return [ring for ring in _named(clock)[clock.rang :] if ring[1]]


def _ladder(stage: Stage, start: datetime, calendar: Calendar) -> list[Ring]:
    return [(_rung_at(rung, due(rung.within, start, calendar), calendar), rung.name) for rung in stage.rungs]


def _rung_at(rung: Rung, end: datetime, calendar: Calendar) -> datetime:
    """What only tells comes in the morning of its day, as a reminder does; what causes something when the day is over."""
    if rung.does or rung.within.unit == "hours":
        return end
    return datetime.combine(due_day(end, calendar), MORNING, calendar.tz).astimezone(UTC)


def _rings(stage: Stage, start: datetime, due_at: datetime, calendar: Calendar, rungs: Iterable[Ring]) -> list[Ring]:
    """Reminders that still lie ahead and the rungs, in order, then the instant at which silence has its consequence."""
    last = after(stage.grace, due_at, calendar) if stage.grace else due_at
    return _warnings(stage.remind, start, due_at, last, calendar, rungs)


def _warnings(
    remind: Iterable[Limit],
    start: datetime,
    due_at: datetime,
    last: datetime,
    calendar: Calendar,
    rungs: Iterable[Ring] = (),
) -> list[Ring]:
    reminders = {before(limit, due_at, calendar) for limit in remind}
    rings = [*((ring, "") for ring in reminders if start < ring < due_at), *rungs]
    return [*sorted(ring for ring in rings if ring[0] < last), (last, "")]


def _counted_from(case: Case, stage: Stage, start: datetime, calendar: Calendar) -> datetime:
    """The event from which the stage's limit counts. Entering, where it has not happened or where its time is over already:
    nobody is late before it is their turn.
    """
    known = {"filing": case.filed_at, "release": case.released_at, "decision": case.decided_at}
    made = [case.made[name] for name in stage.since if name in case.made]
    counted = max(made) if made else known.get(stage.counts)
    limit = stage.limit(case.lane)
    return counted if counted and limit and due(limit, counted, calendar) > start else start


def _with_remedies(case: Case, stage: Stage, start: datetime, due_at: datetime, calendar: Calendar) -> datetime:
    """The due instant of a stage that waits for remedies, else the one that was counted."""
    if stage.counts == "open remedies":
        return _earliest_remedy(case, calendar, due_at)
    days = [remedy.due for remedy in case.remedies if remedy.status == "ordered" and remedy.due]
    if stage.at_most is None or not days:
        return due_at
    last = calendar.midnight_after(date.fromisoformat(max(days)))
    return max(due_at, min(last, due(stage.at_most, start, calendar)))


def _earliest_remedy(case: Case, calendar: Calendar, cap: datetime) -> datetime:
    days = sorted(remedy.due for remedy in case.remedies if remedy.status == "ordered" and remedy.due)
    return min(calendar.midnight_after(datetime.fromisoformat(days[0]).date()), cap) if days else cap
