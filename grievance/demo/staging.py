"""The stage on which the demo is played: a desk whose day the players set, and what is planned for which day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from grievance.casework import escalating
from grievance.casework.desk import Desk, Viewer
from grievance.demo import cast


@dataclass
class Stage:
    """Where stories are played."""

    desk: Desk
    today: datetime
    plans: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)
    at: datetime | None = None

    def __post_init__(self) -> None:
        self.at = self.today
        self.desk = replace(self.desk, now=self._now)

    def _now(self) -> datetime:
        return self.at or self.today

    def plan(self, days_ago: float, what: Callable[[], object]) -> None:
        """Something that will have happened so many days ago."""
        self.plans.append((self.today - timedelta(days=days_ago), len(self.plans), what))

    def play(self) -> None:
        """Everything in the order of time; before each thing the clock rings what was due by then."""
        for at, _, what in sorted(self.plans, key=lambda plan: plan[:2]):
            self.at = at
            escalating.sweep(self.desk)
            what()
        self.at = self.today
        escalating.sweep(self.desk)


def viewer_of(person: str) -> Viewer:
    """One of the cast."""
    member = next(member for member in cast.PEOPLE if member.id == person)
    bodies = {body.id: body for body in cast.BODIES}
    return Viewer(member.id, member.name, member.language, tuple(bodies[body] for body, _ in member.bodies))


def party_of(body: str, function: str = "") -> str:
    """Who of the cast speaks for an organisation: whoever holds this seat on the roster, or none at all."""
    seats = ((function, ""),) if function else ()
    return next(member.id for member in cast.PEOPLE if (body, "") in member.bodies and member.seats == seats)
