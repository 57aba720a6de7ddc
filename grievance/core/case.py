"""Everything that may be asked of a case without opening a sealed word; it comes from the ledger by `fold.apply`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from grievance.core.matters import (
    Attended,
    Evidence,
    Handing,
    Hold,
    Issue,
    Left,
    Link,
    Naming,
    Remedy,
    Respondent,
    Seat,
    Session,
)

__all__ = ["Case", "Clock", "changed"]


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit that runs. `rang` counts the rings that happened; `rungs` names them where the procedure does."""

    no: int
    name: str
    limit: str
    due_at: datetime
    rings: tuple[datetime, ...]
    extended: int = 0
    rang: int = 0
    start: datetime | None = None  # None where an old entry did not say
    rungs: tuple[str, ...] = ()
    done: tuple[int, ...] = ()  # of a task: the seats that did it

    @property
    def rung(self) -> str:
        """The name of the next ring, empty for a reminder and for the due one."""
        return self.rungs[self.rang] if self.rungs else ""


@dataclass(frozen=True)  # without slots: `changed` copies its dict
class Case:
    """Everything that may be asked of a case without opening a sealed word.

    `moved` counts each move ever made; `said` lists for each move the seats that made it since the stage was entered
    (the clock's seat is 0), as far as it still counts; `acted` lists the seats that did anything at all in this stage;
    `silent` lists the (stage, turn) pairs that the clock had to leave.
    """

    id: str = ""
    seq: int = 0
    procedure: str = ""
    programme: str = ""
    stage: str = ""
    turn: str = ""
    lane: str = ""
    final: str = ""
    filer: str = ""
    anonymity: str = ""
    language: str = ""
    week: str = ""
    about: tuple[str, ...] = ()
    filed_at: datetime | None = None
    entered_at: datetime | None = None
    ended_at: datetime | None = None
    erased_at: datetime | None = None  # when identity, contact and own words were erased
    hold: Hold | None = None  # two people of the office want that nothing of it is erased
    named: tuple[str, ...] = ()  # whom a complaint about us is about: people or organisations
    out: tuple[str, ...] = ()  # who else may not judge it
    links: tuple[Link, ...] = ()
    handings: Mapping[str, Handing] = field(default_factory=dict)  # other case → how far one is handed on
    namings: tuple[Naming, ...] = ()  # requests to read who complained
    seats: tuple[Seat, ...] = ()
    next_seat: int = 1
    left: tuple[Left, ...] = ()
    tied: Mapping[str, str] = field(default_factory=dict)  # organisation → kind of conflict, as the office knows it
    challenged: Mapping[int, str] = field(default_factory=dict)  # seat → kind of conflict that somebody points at
    struck: tuple[str, ...] = ()  # sides that struck a neutral
    clocks: tuple[Clock, ...] = ()
    next_clock: int = 1
    moved: Mapping[str, int] = field(default_factory=dict)
    made: Mapping[str, datetime] = field(default_factory=dict)  # of moves from which a limit counts: the last time
    said: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    acted: tuple[int, ...] = ()
    silent: tuple[tuple[str, str], ...] = ()
    consents: Mapping[str, bool] = field(default_factory=dict)
    withdrawn: Mapping[str, int] = field(default_factory=dict)  # consent taken back → the first seat that came after
    assignee: str = ""
    bulk: str = ""  # the cluster in which it waits, where it came in a flood
    aside_at: datetime | None = None  # when an officer set it aside, until that is done
    attended: Attended | None = None
    handed: str = ""  # how the receipt was given away, where an officer helped to file
    category: str = ""
    severity: str = ""
    site: str = ""
    respondents: tuple[Respondent, ...] = ()  # in the order in which the triage named them
    issues: tuple[Issue, ...] = ()
    members: int = 0  # who still complain together, as somebody counted them; 0 where nobody did
    members_left: int = 0
    contact: str = ""  # who answers for a brand
    contact_independent: bool = False
    pooled: tuple[int, int] | None = None  # members, and per cent of the largest
    orders: tuple[int, int, str] | None = None  # fell by per cent: the filer's, the country's; another sign
    compared: int = 0  # months that these figures look at, against the same months a year before
    alarm: str = ""  # what came of the alarm about these figures: one of purchasing.ASKED, ANSWERED, SILENT
    restated: int = 0
    approved: int = 0  # which restatement the filer has read and let go
    could_have_written: int = 0
    second_asked: str = ""  # who asked for a second officer, until one answers
    released_at: datetime | None = None  # from when the parties may read it: the moment at which it arrives
    reopened: bool = False  # opened again, and the restatement was neither written anew nor released again
    unsaid: int = 0  # the entry that opened it again, until the other side is asked something: they do not know of it
    answers: Mapping[int, Mapping[int, str]] = field(default_factory=dict)  # seat → issue → accept | contest
    unheard: tuple[int, ...] = ()  # seats of respondents against whom it is presumed as claimed
    marks: tuple[str, ...] = ()  # what weighs against the respondent: of procedure.MARKS
    attempts: tuple[tuple[str, str], ...] = ()  # (ISO day in UTC, channel)
    positions: Mapping[int, Mapping[int, str]] = field(default_factory=dict)  # seat → issue → outcome
    views_open: bool = False
    anew: tuple[int, ...] = ()  # seats that took a position after a decision: on appeal, until that is decided
    unopened: int = 0  # no decision opens what the panel thought up to this entry: opened again since, or sent back
    decided: str = ""
    decided_at: datetime | None = None
    bench: int = 0  # whoever holds a seat below this number sat when it was decided
    dissent: tuple[int, ...] = ()
    signatures: Mapping[str, str] = field(default_factory=dict)  # "position/<seat>" or "decision/<seat>" → by what
    remedies: tuple[Remedy, ...] = ()
    mediators: Mapping[int, str] = field(default_factory=dict)  # seat of a party → the person it would accept
    confided: int = 0  # what was written to the mediator alone up to this entry was written to one who left
    evidence: tuple[Evidence, ...] = ()
    sessions: tuple[Session, ...] = ()
    settlement: int = 0  # the version of the text that is proposed now; the first is 1
    signed: Mapping[int, int] = field(default_factory=dict)  # seat of a party → the version that it signed

    @property
    def open(self) -> bool:
        """Whether the case has not ended."""
        return not self.final

    def seat(self, no: int) -> Seat | None:
        """The seat of that number while somebody holds it."""
        return next((seat for seat in self.seats if seat.no == no), None)

    def seated(self, *roles: str) -> tuple[Seat, ...]:
        """The seats now held under one of these roles."""
        return tuple(seat for seat in self.seats if seat.role in roles)

    def clock(self, name: str) -> Clock | None:
        """The running clock of that name."""
        return next((clock for clock in self.clocks if clock.name == name), None)

    @property
    def stage_clock(self) -> Clock | None:
        """The clock of the stage where the case is."""
        return self.clock(self.stage)

    @property
    def parties(self) -> tuple[Seat, ...]:
        """Whoever has to agree where the parties agree: the complainant and every respondent; none while one is missing."""
        seats = self.seated("complainant", "respondent")
        return seats if {seat.role for seat in seats} == {"complainant", "respondent"} else ()

    @property
    def buyers(self) -> tuple[str, ...]:
        """Every brand that buys from one of those complained about, each once."""
        return tuple(dict.fromkeys(buyer for one in self.respondents for buyer in one.buyers))

    @property
    def sites(self) -> tuple[str, ...]:
        """The site that was named first, and those of further respondents."""
        return tuple(dict.fromkeys(filter(None, (self.site, *(one.site for one in self.respondents)))))

    @property
    def answered(self) -> bool:
        """Whether every respondent answered."""
        seats = self.seated("respondent")
        return bool(seats) and all(seat.no in self.answers for seat in seats)

    @property
    def presumed(self) -> bool:
        """Whether it is presumed as claimed against somebody."""
        return bool(self.unheard)

    @property
    def awaited(self) -> tuple[Seat, ...]:
        """The respondents whose answer is missing, and against whom nothing is presumed for it."""
        seats = self.seated("respondent")
        return tuple(seat for seat in seats if seat.no not in self.answers and seat.no not in self.unheard)

    def owes(self, seat: Seat | None, remedy: Remedy) -> bool:
        """Whether it is for the holder of this seat to put this right: alone, or together with the other respondents."""
        return seat is not None and remedy.owner in (seat.holder, seat.role if seat.role == "respondent" else "")

    def all_spoke(self, move: str) -> bool:
        """Whether every party made this move since the stage was entered."""
        parties = self.parties
        return bool(parties) and all(seat.no in self.said.get(move, ()) for seat in parties)

    def spoke(self, move: str, role: str) -> bool:
        """Whether a seat of this role made this move since the stage was entered."""
        holders = {seat.no for seat in self.seated(role)}
        return any(seat in holders for seat in self.said.get(move, ()))


if TYPE_CHECKING:
    from dataclasses import replace as changed  # so that each name and value is checked
else:
    _NAMES = frozenset(Case.__dataclass_fields__)

    def changed(case: Case, **values: object) -> Case:
        """The same case with other values. TypeError for a name that no case has.

        `dataclasses.replace` does the same and sets each of some sixty values again, one by one: forty times as long, and
        a sweep folds every entry of every case.
        """
        if not values.keys() <= _NAMES:
            raise TypeError(f"a case has no {', '.join(sorted(values.keys() - _NAMES))}")
        made = object.__new__(Case)
        made.__dict__.update(case.__dict__)
        made.__dict__.update(values)
        return made
