"""What may be said before anybody filed: who takes the complaint, whose workplace a poster is, and by when it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from grievance.casework.desk import Desk, law
from grievance.core.calendar import due, due_day
from grievance.core.errors import Hidden, Refused, Said, say
from grievance.core.limits import Limit
from grievance.store import people

Programme = people.Programme


@dataclass(frozen=True, slots=True)
class Welcome:
    """`spans` maps each lane to the time of the first answer in words; `day` is its day in the standard lane.

    `programme` is the one that takes the complaint; empty where there are several and none is chosen yet, or none at all.
    """

    programme: str = ""
    title: str = ""
    choices: tuple[Programme, ...] = ()
    site: str = ""  # the number on the poster; empty for none, for one that nobody knows, and for a retired one
    left: str = ""  # the name of the poster's workplace, where that is retired
    site_name: str = ""
    site_place: str = ""
    spans: Mapping[str, Said] | None = None
    day: date | None = None

    def taking(self, track: str) -> tuple[Programme, ...]:
        """The programmes among the choices that take complaints of this track."""
        return tuple(one for one in self.choices if track in one.tracks)


STANDARD = "U3"


def welcome(desk: Desk, programme_id: str = "", code: str = "", track: str = "worker") -> Welcome:
    """What the filing page tells. The programme is the poster's, the chosen one, or the only one.

    A number that nobody knows gives no site, nor does that of a retired one: there the general form of its programme asks
    for the workplace. Raises Hidden for a programme that there is not, Refused where it is retired or takes no complaints
    of this track.
    """
    now = desk.now()
    with desk.store.read() as tx:
        known = people.programmes_all(tx)
        found = people.site(tx, code) if code else None
    every = tuple(one for one in known if not one.retired)
    only = every[0].id if len(every) == 1 else ""
    chosen = (found.programme if found else "") or programme_id or only
    programme = next((one for one in known if one.id == chosen), None)
    if programme is None:
        if chosen:
            raise Hidden
        return Welcome(choices=every)
    if programme.retired:
        raise Refused(retired(programme))
    left = found.name if found and found.retired else ""
    found = None if left else found
    procedure, calendar = law(desk, programme, track)
    firsts = {lane: procedure.stages[procedure.start_in(lane)] for lane in procedure.lanes}
    limits = {lane: limit for lane, first in firsts.items() if (limit := first.limit(lane))}
    return Welcome(
        programme=programme.id,
        title=programme.title,
        choices=every,
        site=found.code if found else "",
        left=left,
        site_name=found.name if found else "",
        site_place=found.place if found else "",
        spans={lane: in_words(limit) for lane, limit in limits.items()},
        day=due_day(due(limits[STANDARD], now, calendar), calendar) if STANDARD in limits else None,
    )


def taking(desk: Desk) -> tuple[Programme, ...]:
    """The programmes that take complaints, by title."""
    with desk.store.read() as tx:
        return people.programmes_open(tx)


def retired(programme: Programme) -> Said:
    """Why a retired programme takes nothing."""
    return say(
        "{programme} takes no new complaints any more. Whoever has a number follows their case as before.",
        programme=programme.title,
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
