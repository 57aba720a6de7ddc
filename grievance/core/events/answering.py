"""The parties answer, or stay silent, and choose a mediator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grievance.core.events.event import Event


@dataclass(frozen=True, slots=True)
class Answered(Event):
    """One respondent (whose seat acts) said of each issue whether it accepts or contests it; lifts its presumption."""

    issues: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Presumed(Event):
    """Against the respondents who stayed silent the issues stand as claimed until somebody decides.

    An old entry names no seats: it means whoever had not answered.
    """

    seats: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked(Event):
    """Something weighs against the respondent, until people decide what follows from it. `why` is one of procedure.MARKS."""

    why: str


@dataclass(frozen=True, slots=True)
class MediatorNamed(Event):
    """A party (whose seat acts) would accept this person as mediator."""

    role: str
    person: str
