"""The office assesses, restates, releases and tries to reach people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from grievance.core.events.event import Event, Words
from grievance.core.matters import Issue, Respondent


@dataclass(frozen=True, slots=True)
class Assessed(Event):
    """Triage: what it is about, how serious, which lane, against whom, and who buys there.

    `site`, `respondent` and `buyers` are those of the first one complained about, `others` are further ones.
    """

    category: str
    severity: str
    lane: str
    site: str
    respondent: str
    buyers: tuple[str, ...]
    issues: tuple[Issue, ...]  # numbered from 1
    others: tuple[Respondent, ...] = ()


@dataclass(frozen=True, slots=True)
class LaneSet(Event):
    """It became urgent."""

    lane: str


@dataclass(frozen=True, slots=True)
class Restated(Event):
    """An officer wrote the one narrative in clear; `could_have_written` is how many people could have written it."""

    could_have_written: int
    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SecondAsked(Event):
    """Few could have written it: somebody else of the office is to confirm that it goes out."""

    person: str


@dataclass(frozen=True, slots=True)
class Recalled(Event):
    """The consent was taken back before anybody outside read the restatement: it is released no more."""


@dataclass(frozen=True, slots=True)
class SecondAnswered(Event):
    """Nobody is asked any more: a second officer declined, or whoever asked took it back."""


@dataclass(frozen=True, slots=True)
class Released(Event):
    """The restatement may be read by the parties, from `arrives` on: a moment drawn by lot; at once where none is named."""

    arrives: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConsentSet(Event):
    """The complainant agreed to one disclosure or measure, or took it back for the future."""

    scope: str
    given: bool


@dataclass(frozen=True, slots=True)
class Attempted(Event):
    """An officer tried to reach the complainant."""

    channel: str
    reached: bool
