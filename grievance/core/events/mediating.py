"""The mediator calls sessions and notes who came; a text is proposed, and signed by each side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grievance.core.events.event import Event, Words


@dataclass(frozen=True, slots=True)
class SessionSet(Event):
    """A session was called; with the number of an earlier one it was put off. `at` is an ISO instant in UTC."""

    no: int
    at: str
    hours: int
    words: Words = field(default_factory=dict)  # place


@dataclass(frozen=True, slots=True)
class SessionCancelled(Event):
    """A session will not take place."""

    no: int


@dataclass(frozen=True, slots=True)
class AttendanceNoted(Event):
    """The mediator noted who came: complainant and respondent, each came, excused or absent."""

    no: int
    came: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SettlementProposed(Event):
    """A text lies before both; signatures under an earlier version do not count any more."""

    version: int


@dataclass(frozen=True, slots=True)
class SettlementSigned(Event):
    """One party (whose seat acts) signed this version."""

    role: str
    version: int
