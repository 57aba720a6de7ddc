"""Who may not sit: conflicts of interest are declared, detected or pointed at, and a side strikes a neutral."""

from __future__ import annotations

from dataclasses import dataclass

from grievance.core.events.event import Event


@dataclass(frozen=True, slots=True)
class Recused(Event):
    """A seat ended because of a conflict of interest; what it said does not count any more."""

    seat: int
    why: str  # declared | detected | challenged
    kind: str  # one of asks.CONFLICTS


@dataclass(frozen=True, slots=True)
class Tied(Event):
    """The office knows of a tie between an organisation and this case: nobody of it may sit."""

    body: str
    kind: str


@dataclass(frozen=True, slots=True)
class Challenged(Event):
    """Somebody says that the holder of this seat has a conflict of interest."""

    seat: int
    kind: str


@dataclass(frozen=True, slots=True)
class ChallengeDismissed(Event):
    """The office found no conflict of interest."""

    seat: int


@dataclass(frozen=True, slots=True)
class NeutralStruck(Event):
    """A side used its one strike against the neutral who was drawn."""

    side: str
