"""Whether somebody has to enter next year's holidays: told in good time, because without them time limits are refused."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, timedelta

from grievance.casework.desk import Desk
from grievance.core.calendar import Calendar
from grievance.core.errors import Said, say
from grievance.core.reach import longest
from grievance.store import people

log = logging.getLogger(__name__)

WARNED = timedelta(days=90)
"""How long before time limits begin to reach into a year without holidays somebody is told: our proposal."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A calendar that has to be completed: the year that lacks, and from which day on limits ask for it, roughly."""

    calendar: str
    year: int
    since: date
    now: bool

    @property
    def said(self) -> Said:
        """What comes of it."""
        if self.now:
            return say(
                "Time limits that reach into {year} are refused now: whoever makes a move that begins one is told to try "
                "later.",
                year=self.year,
            )
        return say("Soon time limits reach into {year}, and a move that begins one is then refused.", year=self.year)

    @property
    def remedy(self) -> Said:
        """What to do."""
        return say(
            "Enter the public holidays of {year} from the official list into workflows/calendars/{calendar}.toml, set "
            "last_year and a new version, and start the house anew. Open dates are counted again by themselves.",
            year=self.year,
            calendar=self.calendar,
        )


def ending(desk: Desk) -> tuple[Ending, ...]:
    """The calendars of programmes that have to be completed by now, the most urgent first."""
    lawbook, today = desk.lawbook, desk.now().date()
    with desk.store.read() as tx:
        programmes = people.programmes_all(tx)
    reach: dict[str, int] = {}
    for programme in programmes:
        for name in programme.tracks.values():
            for procedure in (one for one in lawbook.procedures.values() if one.name == name):
                counted = lawbook.calendar_of(procedure, programme.calendar).name
                reach[counted] = max(reach.get(counted, 0), longest(procedure))
    found = (_ending(lawbook.calendars[name], days, today) for name, days in reach.items())
    return tuple(sorted((one for one in found if one), key=lambda one: one.since))


def warn(desk: Desk) -> None:
    """Says the same in the log, for whoever reads that."""
    for one in ending(desk):
        log.warning("the calendar %s holds no holidays for %d: %s %s", one.calendar, one.year, one.said, one.remedy)


def _ending(calendar: Calendar, days: int, today: date) -> Ending | None:
    last = max(calendar.holidays)
    since = date(last + 1, 1, 1) - timedelta(days=days)
    return Ending(calendar.name, last + 1, since, now=since <= today) if days and today >= since - WARNED else None
