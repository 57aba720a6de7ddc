"""Remedies are proposed, ordered, reported, missed, verified and disputed."""

from __future__ import annotations

from dataclasses import dataclass, field

from grievance.core.events.event import Event, Words
from grievance.core.matters import Remedy


@dataclass(frozen=True, slots=True)
class RemedyProposed(Event):
    """A remedy lies on the table; agreements and positions on the table before it do not count any more."""

    remedy: Remedy


@dataclass(frozen=True, slots=True)
class RemedyStruck(Event):
    """A proposed remedy was taken off the table; agreements and positions do not count any more."""

    no: int


@dataclass(frozen=True, slots=True)
class RemedyOrdered(Event):
    """A proposed remedy became an order with a date (ISO)."""

    no: int
    due: str


@dataclass(frozen=True, slots=True)
class RemedyPlanned(Event):
    """Its owner said who does what, by when (ISO date; empty in an old entry), and how it can be seen."""

    no: int
    words: Words = field(default_factory=dict)  # plan, plan_proof
    day: str = ""


@dataclass(frozen=True, slots=True)
class RemedyReported(Event):
    """The owner says that it is done."""

    no: int


@dataclass(frozen=True, slots=True)
class RemedyMissed(Event):
    """The date passed without a report."""

    no: int


@dataclass(frozen=True, slots=True)
class RemedyVerified(Event):
    """A side looked: seen, not_seen or false."""

    no: int
    side: str
    seen: str


@dataclass(frozen=True, slots=True)
class RemedyDisputed(Event):
    """The complainant says that it is not real: what was reported is owed again, at once or by a new date (ISO)."""

    due: str
