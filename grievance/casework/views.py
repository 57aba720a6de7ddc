"""What pages are given: frozen values that hold what this viewer may see and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from grievance.casework.parties import BrandView, NamingView, RespondentView, SessionView, TextView
from grievance.casework.sent import EvidenceView, Message, Translation
from grievance.core.asks import Ask
from grievance.core.errors import Said
from grievance.core.matters import Attended, Issue, Remedy

OK, SOON, LATE = "ok", "soon", "late"
"""What a signal can say; each has a colour, a shape and words beside it."""


@dataclass(frozen=True, slots=True)
class Due:
    """A date that is waited for. `at` is the instant after which it is missed; `hours` when it runs on real time."""

    at: datetime
    day: date
    signal: str
    left: Said  # "9 working days left", "late by 2 hours"
    hours: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline.

    `what` is a message id: a sentence of its own, or where `chosen` what stood on the button that `who` pressed.
    """

    at: datetime
    what: str
    who: str  # a message id of a role, or empty
    name: str = ""
    texts: tuple[tuple[str, str], ...] = ()  # (label as message id, body)
    facts: tuple[tuple[str, str], ...] = ()  # (label, value), both message ids
    clock: bool = False
    chosen: bool = False
    mine: bool = False  # the viewer chose it
    to: str = ""  # label of the stage that the case entered with it, empty where it stayed


@dataclass(frozen=True, slots=True)
class MoveView:
    """A move that this viewer's role can make from here, or the reason why not now."""

    name: str
    label: str
    why_not: Said | None
    asks: tuple[str, ...]
    tells: tuple[str, ...]  # roles
    to: str  # label of the stage that it leads to, empty when the case stays
    does: tuple[str, ...] = ()  # names of effects, for the words that a page says before it is made
    always: bool = False  # open at every stage, and so not what this stage is about
    beside: bool = False  # more time or more haste, which stand beside what is waited for
    between: bool = False  # between the parties: the panel reads nothing of it, unless it is told


@dataclass(frozen=True, slots=True)
class Station:
    """One stage of the case's path. `state` is was, here or next; `silence` where the clock would lead from here."""

    id: str
    label: str
    state: str
    day: date | None = None
    silence: str = ""
    silence_day: date | None = None


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock that runs, with where its figure comes from."""

    label: str
    limit: str
    due: Due
    source: str
    checked: date | None
    reminders: tuple[date, ...] = ()
    rungs: tuple[tuple[str, date], ...] = ()  # what still happens on the way: label and day
    move: str = ""  # of a task that waits for this viewer: the move that does it


@dataclass(frozen=True, slots=True)
class SeatView:
    """A panel seat with its position as far as this viewer may see it. `state` is none, sealed or open."""

    no: int
    side: str  # workers | employers | brands | "" for the neutral
    role: str
    name: str
    mine: bool
    state: str
    outcomes: Mapping[int, str] = field(default_factory=dict)
    reasons: str = ""
    dissents: bool = False
    position_by: str = ""  # how the position is signed, where the viewer reads it: passkey or server; empty: not yet
    decision_by: str = ""  # how this seat signed the decision
    sat: bool = False  # whether it was held when it was decided: whoever reviews that does not stand by it
    challenged: str = ""  # the conflict of interest that somebody points at, for the office and the panel

    def found(self, issues: Iterable[Issue]) -> bool:
        """Whether it found of each issue what was decided of it."""
        return all(self.outcomes.get(issue.no, "") == issue.outcome for issue in issues)


@dataclass(frozen=True, slots=True)
class LeftView:
    """A seat that ended before the case did, and why: see `events.SeatLeft`, `events.Recused`."""

    role: str
    side: str
    name: str
    why: str
    kind: str


@dataclass(frozen=True, slots=True)
class Own:
    """What only the complainant and the office read; on the page of a case the office alone."""

    account: Mapping[str, str] = field(default_factory=dict)
    identity: Mapping[str, str] = field(default_factory=dict)
    contact: Mapping[str, str] = field(default_factory=dict)
    sealed: bool = False  # this process holds no key for it
    reachable: bool = False  # for the office: they said how to reach them, which is read on a page of its own


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands that was filed this moment: what its receipt tells, under the names that `CaseView` uses."""

    zone: tzinfo
    stations: tuple[Station, ...]
    due: Due | None
    filed_day: date | None
    anonymity: str
    filer: str
    consents: Mapping[str, bool]
    released_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """Another case, as the office sees it. `how` is one of matters.LINKS, or empty; `why` says what makes it look alike."""

    ref: str
    title: str
    stage_label: str
    final: bool
    site: str
    category: str
    filed_day: date | None
    how: str = ""
    why: tuple[Said, ...] = ()
    step: str = ""  # how far one of the two is handed on to the other's number: one of matters.STEPS


@dataclass(frozen=True, slots=True)
class Keeping:
    """`erases_on`: when the words go; `erased_on`: when they went; `hold`: of matters.HOLD, empty where none says anything."""

    erases_on: date | None = None
    erased_on: date | None = None
    hold: str = ""


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as one viewer may see it."""

    ref: str
    seq: int  # as far as it was read: `casework.newest`
    roles: tuple[str, ...]
    procedure: str
    procedure_label: str
    zone: tzinfo
    title: str
    restatement: str
    released_at: datetime | None
    on_its_way: bool  # released, and not arrived yet
    stage: str
    stage_label: str
    turn: str
    turn_label: str
    my_turn: bool
    spoken: bool  # whether the viewer's seat has said at this stage what it can say; it may change it
    lane: str
    final: str
    final_label: str
    due: Due | None
    entered_at: datetime | None
    week: str
    filed_day: date | None
    anonymity: str
    language: str
    filer: str
    site: str
    site_name: str
    place: str
    respondent: str  # the names of all of them, in one line
    respondents: tuple[RespondentView, ...]
    buyers: tuple[str, ...]
    category: str
    severity: str
    issues: tuple[Issue, ...]
    remedies: tuple[Remedy, ...]
    members: int  # who still complain together, and how many left: 0 where nobody counted, or for others than may know
    members_left: int
    presumed: bool  # against the viewer, where the viewer answers; else against anybody
    marks: tuple[str, ...]  # what weighs against the respondent, as sentences
    decided: str
    silent: tuple[tuple[str, str], ...]
    seats: tuple[SeatView, ...]
    stations: tuple[Station, ...]
    clocks: tuple[ClockView, ...]
    timeline: tuple[Line, ...]
    messages: tuple[Message, ...]
    moves: tuple[MoveView, ...]
    complainant: str  # empty where the viewer may not know who complained
    own: Own
    consents: Mapping[str, bool]
    assignee: str
    assignee_name: str
    officers: Mapping[str, str]
    restated: bool
    could_have_written: int = 0  # for the office alone
    second: Line | None = None  # for the office, while a second officer is asked: who asked, and with which reasons
    views_open: bool = False
    about: tuple[str, ...] = ()  # what the complainant ticked, for whoever reads their own words
    theirs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # ask → what they had answered, for the office
    evidence: tuple[EvidenceView, ...] = ()
    why_no_evidence: Said | None = None  # why this viewer cannot add a file now
    owners: Mapping[str, str] = field(default_factory=dict)  # owner of a remedy → name, where the parties are named
    plans: Mapping[int, str] = field(default_factory=dict)  # remedy → what its owner plans
    grace_until: date | None = None  # the last day on which whoever is late can still act, with a reason
    consequence: str = ""  # of the stage's clock: one of procedure.CONSEQUENCES
    sessions: tuple[SessionView, ...] = ()
    settlement: tuple[TextView, ...] = ()  # oldest first; the last is the one on the table
    beside: tuple[SeatView, ...] = ()  # the mediator and the relief officer
    left: tuple[LeftView, ...] = ()
    empty: tuple[tuple[str, str], ...] = ()  # (role, side) of seats that nobody fills
    translations: Mapping[int, tuple[Translation, ...]] = field(default_factory=dict)  # entry → what was made of it
    attended: Attended | None = None  # for the office alone
    attended_by: str = ""
    bulk: str = ""  # the cluster, for the office; for the complainant only that there is one
    aside_on: date | None = None  # from when on it is declined, where it was set aside
    handed: str = ""
    against: BrandView | None = None  # where it is about a brand
    keeping: Keeping | None = None  # how long the words are kept, for whoever reads them
    namings: tuple[NamingView, ...] = ()  # for the complainant and the office
    links: tuple[Beside, ...] = ()  # for the office, and of the other cases those that it is seated in too

    @property
    def voices(self) -> tuple[tuple[SeatView, ...], ...]:
        """What the seats said, as far as the viewer may read it: each position once, with all who took it in the same words."""
        said: dict[object, list[SeatView]] = {}
        for seat in self.seats:
            if seat.state == "open" and (seat.reasons or seat.outcomes):
                said.setdefault((seat.dissents, seat.reasons, *sorted(seat.outcomes.items())), []).append(seat)
        return tuple(map(tuple, said.values()))


@dataclass(frozen=True, slots=True)
class FormView:
    """What a page needs to ask for one move: the move, its questions, and the choices that depend on the case."""

    case: CaseView
    move: MoveView
    asks: Mapping[str, Ask]
    choices: Mapping[str, Mapping[str, str]]  # ask → value → text in clear (names), where the vocabulary has none
    undo: date | None = None  # the last day on which whoever ends the case with it can open it again
    told_on: date | None = None  # the day on which others learn of such an end: until then they see that it rests
    told_then: tuple[str, ...] = ()  # their roles
    theirs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # ask → choices that the complainant had made
    start: Mapping[str, Any] = field(default_factory=dict)  # ask → with what the form starts
