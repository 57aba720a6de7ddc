"""What may be said before anybody filed: which workplace a poster belongs to, and by when an officer answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from grievance.casework.desk import Desk
from grievance.core.calendar import due, due_day
from grievance.core.errors import Said, say
from grievance.core.limits import Limit
from grievance.store import people


@dataclass(frozen=True, slots=True)
class Welcome:
    """`spans` maps each lane to the time of the first answer in words; `day` is its day in the standard lane."""

    site: str = ""  # the number on the poster; empty for none, and for one that nobody knows
    site_name: str = ""
    site_place: str = ""
    spans: Mapping[str, Said] | None = None
    day: date | None = None


STANDARD = "U3"


def welcome(desk: Desk, programme_id: str, code: str = "") -> Welcome:
    """What the filing page tells. A number that nobody knows gives no site."""
    now = desk.now()
    with desk.store.read() as tx:
        programme = people.programme(tx, programme_id)
        found = people.site(tx, code) if code else None
    if programme is None:
        return Welcome()
    procedure = desk.lawbook.in_force(programme.procedure, now.date())
    calendar = desk.lawbook.calendar_of(procedure)
    first = procedure.stages[procedure.start]
    limits = {lane: limit for lane in procedure.lanes if (limit := first.limit(lane))}
    return Welcome(
        site=found.code if found else "",
        site_name=found.name if found else "",
        site_place=found.place if found else "",
        spans={lane: in_words(limit) for lane, limit in limits.items()},
        day=due_day(due(limits[STANDARD], now, calendar), calendar) if STANDARD in limits else None,
    )


def in_words(limit: Limit) -> Said:
    """Such as “within 4 hours”."""
    one = {
        "hours": say("within 1 hour"),
        "days": say("within 1 day"),
        "working days": say("within 1 working day"),
        "weeks": say("within 1 week"),
        "months": say("within 1 month"),
    }
    many = {
        "hours": say("within {n} hours", n=limit.amount),
        "days": say("within {n} days", n=limit.amount),
        "working days": say("within {n} working days", n=limit.amount),
        "weeks": say("within {n} weeks", n=limit.amount),
        "months": say("within {n} months", n=limit.amount),
    }
    return (one if limit.amount == 1 else many)[limit.unit]
