"""Says how much time is left, in the unit of the limit; where the case is on its path, and where silence leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from grievance.casework.views import LATE, OK, SOON, CaseView, ClockView, Due, Standing, Station
from grievance.core import machine
from grievance.core.calendar import Calendar, NoHolidays, due_day
from grievance.core.case import Case, Clock
from grievance.core.errors import Said, say
from grievance.core.matters import Actor
from grievance.core.pacing import owed
from grievance.core.procedure import Procedure
from grievance.core.seating import Sitting
from grievance.core.visibility import sees_moment, sees_side_clock

SOON_DAYS, SOON_HOURS = 1, 6
RESTS = say("It rests")
LATER = say("There is nothing to wait for now. You will read here when there is more to say.")


def due_view(due_at: datetime, limit: str, now: datetime, calendar: Calendar) -> Due:
    """A due instant in words. Limits in hours count hours; all others count working days of the case's calendar."""
    day = due_day(due_at, calendar)
    if "hour" in limit:
        seconds = (due_at - now) / timedelta(hours=1)
        if now >= due_at:
            return Due(due_at, calendar.day_of(due_at), LATE, _late(max(1, round(-seconds)), "hour"), hours=True)
        signal = SOON if seconds <= SOON_HOURS else OK
        return Due(due_at, calendar.day_of(due_at), signal, _left(max(1, round(seconds)), "hour"), hours=True)
    today = calendar.day_of(now)
    if now >= due_at:
        late, unit = _days(calendar, day, today)
        return Due(due_at, day, LATE, _late(max(1, late), unit))
    left, unit = _days(calendar, today + timedelta(days=1), day + timedelta(days=1))
    if day == today:
        return Due(due_at, day, SOON, say("today"))
    if left <= SOON_DAYS:
        said = say("tomorrow") if day == today + timedelta(days=1) else _left(max(1, left), unit)
        return Due(due_at, day, SOON, said)
    return Due(due_at, day, OK, _left(left, unit))


@lru_cache(maxsize=1024)  # the rows of a list ask the same again and again
def _days(calendar: Calendar, start: date, end: date) -> tuple[int, str]:
    """Working days, or plain ones, said as such, where nobody has entered the holidays: a page is shown even then.

    The date that is waited for stands already; here it is only said how far away it is.
    """
    try:
        return calendar.working_days_between(start, end), "working day"
    except NoHolidays:
        return (end - start).days, "day"


def _left(n: int, unit: str) -> Said:
    if unit == "hour":
        return say("1 hour left") if n == 1 else say("{n} hours left", n=n)
    if unit == "day":
        return say("1 day left") if n == 1 else say("{n} days left", n=n)
    return say("1 working day left") if n == 1 else say("{n} working days left", n=n)


def _late(n: int, unit: str) -> Said:
    if unit == "hour":
        return say("late by 1 hour") if n == 1 else say("late by {n} hours", n=n)
    if unit == "day":
        return say("late by 1 day") if n == 1 else say("late by {n} days", n=n)
    return say("late by 1 working day") if n == 1 else say("late by {n} working days", n=n)


def local_day(instant: datetime | None, calendar: Calendar) -> date | None:
    """The day of an instant where the case is."""
    return calendar.day_of(instant) if instant else None


def standing(case: Case, day: Sitting) -> Standing:
    """Where a case stands that was filed at `day.at`, for whoever filed it; nothing is read for it."""
    clock = case.stage_clock
    return Standing(
        zone=day.calendar.tz,
        stations=stations(case, day, {case.stage: day.at}, ("complainant",)),
        due=due_view(clock.due_at, clock.limit, day.at, day.calendar) if clock else None,
        filed_day=local_day(case.filed_at, day.calendar),
        anonymity=case.anonymity,
        filer=case.filer,
        consents=case.consents,
    )


def stations(case: Case, day: Sitting, entered: Mapping[str, datetime], roles: tuple[str, ...]) -> tuple[Station, ...]:
    """The main line, with where the case is: a stage off the line stands in its place, before the next one to come."""
    procedure, calendar = day.procedure, day.calendar
    line = list(procedure.path)
    passed = [stage for stage in entered if stage in line]
    if case.stage not in line:
        at = line.index(passed[-1]) + 1 if passed else 0
        line.insert(at, case.stage)
        if case.final:
            line = line[: at + 1]
    here = line.index(case.stage)
    ahead = _ahead(procedure, case.stage)
    silence = machine.silence_leads_to(procedure, calendar, case, day.at) if case.open else None
    clock = case.stage_clock
    found = []
    for no, name in enumerate(line):
        if (no < here and name not in entered) or (no > here and name not in ahead):
            continue  # a stage that this case did not pass, or will not
        state = "was" if no < here else "here" if no == here else "next"
        leads = silence is not None and state == "here" and clock is not None
        since = entered.get(name)
        dated = since and (state == "here" or any(sees_moment(role, since, case) for role in roles))
        found.append(
            Station(
                id=name,
                label=procedure.stages[name].label,
                state=state,
                day=local_day(since, calendar) if dated else None,
                silence=procedure.stages[silence.to].label if leads and silence else "",
                silence_day=calendar.day_of(clock.rings[-1]) if leads and clock else None,
            )
        )
    return tuple(found)


def _ahead(procedure: Procedure, stage: str) -> set[str]:
    """Where a case can still come from here without ending in between."""
    found: set[str] = set()
    todo = [stage]
    while todo:
        name = todo.pop()
        if not procedure.stages[name].final:
            onward = {move.to for move in procedure.moves_from[name] if move.to} - found
            found |= onward
            todo += onward
    return found


def resting(view: CaseView) -> CaseView:
    """The case for those who are to hear later how it ended: it rests, and says no more."""
    passed = tuple(station for station in view.stations if station.state == "was")
    label, later = RESTS.text, LATER.text
    return replace(view, stage="", stage_label=label, final="rests", final_label=later, stations=passed)


def clocks(case: Case, day: Sitting, mine: tuple[Actor, ...]) -> tuple[ClockView, ...]:
    """Every clock that runs and that these seats may see, the stage's own first."""
    procedure, calendar, now = day.procedure, day.calendar, day.at
    roles = tuple(actor.role for actor in mine)
    tasks = {side.name for actor in mine for side in owed(procedure, case, actor.role, actor.seat)}
    views = []
    for clock in sorted(case.clocks, key=lambda clock: clock.name != case.stage):
        side = procedure.clocks.get(clock.name)
        if side and not any(sees_side_clock(role, side) for role in roles):
            continue
        what = procedure.stages.get(clock.name) or side
        if what is None:  # it rings on after a stage was missed, and gives nobody any time
            continue
        labels = {rung.name: rung.label for rung in procedure.stages[clock.name].rungs} if not side else {}
        ahead = [(calendar.day_of(ring), name) for ring, name in _ahead_of(clock)]
        views.append(
            ClockView(
                label=what.label,
                limit=clock.limit,
                due=due_view(clock.due_at, clock.limit, now, calendar),
                source=what.source,
                checked=what.checked,
                reminders=tuple(day for day, name in ahead if not name),
                rungs=tuple((labels[name], day) for day, name in ahead if name),
                move=side.wants if side and clock.name in tasks else "",
            )
        )
    return tuple(views)


def _ahead_of(clock: Clock) -> list[tuple[datetime, str]]:
    """What still rings before the last of its rings, and under which name."""
    names = clock.rungs or ("",) * len(clock.rings)
    return list(zip(clock.rings, names, strict=True))[clock.rang : -1]
