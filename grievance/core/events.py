"""What can happen to a case: small frozen facts, past tense, and never a word that somebody wrote.

An event carries structured facts only. For every free text it carries, under the name of what was asked, the commitment
SHA-256(32-byte salt + UTF-8 text) in hex; the text itself lives beside the ledger, where it can be sealed or erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from grievance.core.matters import Actor, Issue, Remedy, Seat

Words = Mapping[str, str]
"""Name of a text → its commitment, 64 hex digits."""

CLOCK = "clock"
"""The role under which time acts; it holds no seat."""


class Event:
    """Every kind below derives from this; the kind's name is the class's name."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Filed(Event):
    """A complaint came in. `week` is the ISO week that parties may know, such as 2026-W47."""

    procedure: str
    programme: str
    stage: str
    turn: str
    lane: str
    filer: str  # worker | union | representative
    anonymity: str
    language: str
    week: str
    about: tuple[str, ...] = ()
    consents: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    site: str = ""
    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SeatTaken(Event):
    """Somebody may act from now on."""

    seat: Seat


@dataclass(frozen=True, slots=True)
class SeatLeft(Event):
    """Somebody may not act any more."""

    no: int
    why: str


@dataclass(frozen=True, slots=True)
class ClockSet(Event):
    """A limit began to run. `no` is unique in the case; `rings` are the instants of its rungs, the last is the due one."""

    no: int
    name: str  # the stage's id, or the name of a clock beside the stages
    limit: str
    due_at: datetime
    rings: tuple[datetime, ...]
    extended: int = 0


@dataclass(frozen=True, slots=True)
class ClockStopped(Event):
    """A limit does not run any more."""

    no: int


@dataclass(frozen=True, slots=True)
class Rang(Event):
    """One rung of one clock happened: a reminder, or the due one (then a move follows in the same append)."""

    clock: int
    rung: int
    due: bool


@dataclass(frozen=True, slots=True)
class Moved(Event):
    """A move of the procedure was made. `to` may be the stage itself; `answers` hold only structured facts."""

    move: str
    source: str
    to: str
    turn: str
    final: str = ""
    answers: Mapping[str, object] = field(default_factory=dict)
    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assigned(Event):
    """An officer took the case, or got it."""

    person: str


@dataclass(frozen=True, slots=True)
class Assessed(Event):
    """Triage: what it is about, how serious, which lane, against whom, and who buys there."""

    category: str
    severity: str
    lane: str
    site: str
    respondent: str
    buyers: tuple[str, ...]
    issues: tuple[Issue, ...]  # numbered from 1


@dataclass(frozen=True, slots=True)
class Restated(Event):
    """An officer wrote the one narrative in clear; `could_have_written` is how many people could have written it."""

    could_have_written: int
    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Released(Event):
    """The restatement may now be read by the parties."""


@dataclass(frozen=True, slots=True)
class ConsentSet(Event):
    """The complainant agreed to one disclosure or measure, or took it back for the future."""

    scope: str
    given: bool


@dataclass(frozen=True, slots=True)
class Answered(Event):
    """The respondent said of each issue whether it accepts or contests it; lifts a presumption."""

    issues: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Presumed(Event):
    """The respondent stayed silent: the issues stand as claimed until somebody decides."""


@dataclass(frozen=True, slots=True)
class Attempted(Event):
    """An officer tried to reach the complainant."""

    channel: str
    reached: bool


@dataclass(frozen=True, slots=True)
class PositionTaken(Event):
    """A panellist or neutral said what they think of each issue; it replaces that seat's earlier one."""

    seat: int
    stage: str
    outcomes: Mapping[int, str]
    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ViewsOpened(Event):
    """The blind first views may be read by the whole panel."""


@dataclass(frozen=True, slots=True)
class RemedyProposed(Event):
    """A remedy lies on the table; agreements and positions on the table before it do not count any more."""

    remedy: Remedy


@dataclass(frozen=True, slots=True)
class RemedyStruck(Event):
    """A proposed remedy was taken off the table; agreements and positions do not count any more."""

    no: int


@dataclass(frozen=True, slots=True)
class Decided(Event):
    """Each issue has its outcome; `dissent` lists the seats that thought otherwise."""

    outcomes: Mapping[int, str]
    dissent: tuple[int, ...]
    how: str  # together | majority | neutral | settled
    words: Words = field(default_factory=dict)  # reasons_<seat>: what each seat wrote, opened to the parties


@dataclass(frozen=True, slots=True)
class RemedyOrdered(Event):
    """A proposed remedy became an order with a date (ISO)."""

    no: int
    due: str


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
    """The complainant says that it is not real: what was reported is owed again, with a new date (ISO)."""

    due: str


@dataclass(frozen=True, slots=True)
class MediatorNamed(Event):
    """A party would accept this person as mediator."""

    role: str
    person: str


@dataclass(frozen=True, slots=True)
class MessageSent(Event):
    """A message between the complainant and the office."""

    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Noted(Event):
    """An officer wrote a note that only the office reads."""

    words: Words = field(default_factory=dict)


KINDS: Mapping[str, type[Event]] = {kind.__name__: kind for kind in Event.__subclasses__()}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger: what happened, who caused it, when (aware, UTC). `seq` counts from 1 in each case."""

    seq: int
    at: datetime
    actor: Actor
    event: Event
