"""One case played through the pure core, clock and all: what a scenario or a test needs instead of a world."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from grievance.core import events as e
from grievance.core import machine
from grievance.core.asks import ASKS
from grievance.core.calendar import Calendar
from grievance.core.case import Case, Clock
from grievance.core.effects import Given
from grievance.core.errors import Refused, say
from grievance.core.grace import asks_of
from grievance.core.machine import Fired
from grievance.core.matters import Actor, Issue, Seat
from grievance.core.procedure import SIDES, Procedure
from grievance.core.seating import FUNCTIONS, Candidate, Place, Sitting, free

ROSTER: tuple[Candidate, ...] = (
    *(Candidate(f"{side}-{no}", "panel", side) for side in SIDES for no in range(1, 7)),
    *(Candidate(f"neutral-{no}", "neutral") for no in range(1, 8)),
    *(Candidate(f"mediator-{no}", "mediator") for no in (1, 2)),
    *(Candidate(f"chair-{side}", "chair", side) for side in SIDES),
    *(Candidate(f"outside-{no}", "outside") for no in (1, 2, 3)),
    Candidate("operator-1", "operator"),
    Candidate("contact", "contact", "", frozenset({"buyer"})),
    Candidate("buying", "buying", "", frozenset({"buyer"})),
)
"""Six for each side, so that other people can look again; seven neutrals; nobody has a conflict of interest."""

PLACES: Mapping[str, Place] = MappingProxyType({
    "site": Place("site", "factory", ("buyer",)),
    "annex": Place("annex", "subcontractor", ("buyer", "second-buyer")),
    "agency": Place("", "agency"),
})  # fmt: skip
OFFICE = (Seat(1, "complainant", "receipt", "receipt"), Seat(2, "officer", "body", "office"))
COMMITMENT = "0" * 64
FACTS: Mapping[str, Any] = MappingProxyType({
    "agreement": True, "contact": "contact", "country_fell": 10, "largest_share": 40, "members": 3,
    "months": 3, "named_brand": "buyer",
    "orders_fell": 40, "channel": "page", "conflict": "organisation", "consent": "mediation",
    "could_have_written": 40,
    "ground": "no_facts", "new_ground": "fact", "no_waiver": True, "reached": "no",
    "respondent": "site", "seen": "seen", "session_length": "2", "session_on": "2028-01-01T09:00:00+00:00",
    "severity": "moderate",
    "other_respondents": (), "leaving": 1, "remaining": 3, "tied_body": "union", "why_withdrawn": "unsaid",
})  # fmt: skip
"""What is answered where a scenario says nothing."""


class Play:
    """A case and the world around it: `case` and `entries` grow; what the core refuses changes nothing."""

    def __init__(
        self,
        procedure: Procedure,
        calendar: Calendar,
        *,
        roster: tuple[Candidate, ...] = ROSTER,
        places: Mapping[str, Place] = PLACES,
        seed: int = 1,
    ) -> None:
        self.procedure, self.calendar, self.roster, self.places = procedure, calendar, roster, places
        self.lots = random.Random(seed)
        self.case = Case()
        self.entries: tuple[e.Entry, ...] = ()
        self.told: tuple[str, ...] = ()
        self.opened: tuple[str, ...] = ()

    def file(
        self,
        at: datetime,
        lane: str,
        consents: tuple[str, ...] = (),
        refusals: tuple[str, ...] = (),
        *,
        office: bool = True,
    ) -> None:
        """Somebody files; the receipt is seated, and the office unless all of it is complained about."""
        year, week, _ = self.calendar.day_of(at).isocalendar()
        filed = e.Filed(
            procedure=self.procedure.key,
            programme="programme",
            stage="",
            turn="",
            lane=lane,
            filer="association" if self.procedure.complainant == "employers" else "worker",
            anonymity="anonymous",
            language="km",
            week=f"{year}-W{week:02}",
            consents=consents,
            refusals=refusals,
        )
        seats = OFFICE if office else OFFICE[:1]
        also = self._known() if self.procedure.complainant == "anybody" else ()
        self._keep(machine.file(self.sitting(at), "case", filed, seats, also=also))

    def _known(self) -> tuple[e.Event, ...]:
        """A complaint about us knows from the start what it is about, and whom."""
        category = self.procedure.categories[0]
        facts = e.Assessed(category, "serious", "U3", "", "", (), (Issue(1, category),))
        return (e.KeptOut(("named",), ("leads",)), facts)

    def sitting(self, at: datetime) -> Sitting:
        """The world at this moment."""
        return Sitting(
            self.procedure,
            self.calendar,
            at.astimezone(UTC),
            self.lots.choice,
            lambda: self.roster,
            lambda: self.places,
        )

    def move(self, at: datetime, actor: Actor, name: str, given: Given | None = None) -> None:
        """Somebody makes a move; what nobody answered is answered plainly. Raises Refused or Invalid."""
        given = given or self.given(at, self.asked(at, name, actor.role))
        self._keep(machine.fire(self.sitting(at), self.case, name, actor, given))

    def asked(self, at: datetime, name: str, role: str) -> tuple[str, ...]:
        """What the move asks of this role at this moment; nothing where there is no such move."""
        move = self.procedure.moves.get(name)
        return asks_of(self.procedure, self.case, move, role, at) if move else ()

    def given(self, at: datetime, asks: tuple[str, ...], answers: Mapping[str, Any] = MappingProxyType({})) -> Given:
        """Answers to these asks: the given ones, and plain ones for the rest; texts become commitments."""
        facts = {name: answers.get(name, self._plain(at, name)) for name in asks if ASKS[name].kept == "entry"}
        return Given(facts, {name: COMMITMENT for name in asks if ASKS[name].kept != "entry"})

    def seats(self, who: str) -> tuple[Seat, ...]:
        """The seats that `who` means: a role or a side, its first or that of a number; "panel" is every member."""
        role, _, number = who.partition(" ")
        if who == "panel":
            return self.case.seated(who)
        seats = [seat for seat in self.case.seats if role in ((seat.side if seat.role == "panel" else ""), seat.role)]
        chosen = int(number or 1)
        return tuple(seats[chosen - 1 : chosen])

    def actors(self, who: str) -> tuple[Actor, ...]:
        """Those who act. Raises Refused where nobody of that name holds a seat."""
        seats = self.seats(who)
        if not seats:
            raise Refused(say("Nobody sits as {who}.", who=who))
        return tuple(Actor(seat.role, seat.no, seat.holder) for seat in seats)

    def due(self, until: datetime) -> tuple[datetime, Clock] | None:
        """The next rung that rings by `until`."""
        waiting = [(clock.rings[clock.rang], clock.no, clock) for clock in self.case.clocks]
        rung = min(waiting, default=None, key=lambda found: found[:2])
        return (rung[0], rung[2]) if rung and rung[0] <= until else None

    def pass_time(self, until: datetime, *, late: bool = False) -> int:
        """Every clock rings at its own moment, or all at `until` when nothing ran in between; how many rungs rang."""
        rungs = 0
        while found := self.due(until):
            at, clock = found
            self._keep(machine.ring(self.sitting(until if late else at), self.case, clock))
            rungs += 1
        return rungs

    def _plain(self, at: datetime, name: str) -> Any:
        issues = [issue.no for issue in self.case.issues]
        remedy = next((str(remedy.no) for remedy in self.case.remedies), "")
        known: Mapping[str, Any] = {
            **FACTS,
            "lane": self.case.lane,
            "category": self.procedure.categories[0],
            "issues": self.procedure.categories[:1],
            "started_on": str(self.calendar.day_of(at)),
            "state_step_on": str(self.calendar.day_of(at)),
            "later_on": str(self.calendar.day_of(at) + timedelta(days=30)),
            "plan_day": str(self.calendar.day_of(at)),
            "outcomes": dict.fromkeys(issues, "upheld"),
            "issue_answers": dict.fromkeys(issues, "contest"),
            "remedy": {"issue": next(iter(issues), 0), "kind": self._owed(), "beneficiaries": 1},
            "challenged_seat": next((str(no) for no in self.case.challenged), ""),
            "which_session": next((str(one.no) for one in self.case.sessions if not one.cancelled), ""),
            "which_seat": next((str(seat.no) for seat in self.case.seated(*FUNCTIONS)), ""),
            "which_remedy": remedy,
            "open_remedy": remedy,
            "mediator": next((one.person for one in free(self.sitting(at), self.case, "mediator")), ""),
        }
        return known.get(name, next(iter(ASKS[name].choices), ""))

    def _owed(self) -> str:
        kinds = self.procedure.remedies
        return "wage_payment" if "wage_payment" in kinds else next(iter(kinds), "")

    def _keep(self, fired: Fired) -> None:
        self.entries = (*self.entries, *fired.entries)
        self.case, self.told, self.opened = fired.case, fired.tells, fired.opens


def with_holidays(calendar: Calendar, days: Mapping[str, str]) -> Calendar:
    """The calendar with more holidays (ISO date → name)."""
    years: dict[int, dict[Any, str]] = {year: dict(named) for year, named in calendar.holidays.items()}
    for day, name in days.items():
        found = datetime.fromisoformat(day).date()
        years.setdefault(found.year, {})[found] = name
    return replace(calendar, holidays=years)
