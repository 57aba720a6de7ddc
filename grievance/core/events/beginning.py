"""How a case begins, who sits in it, who works on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from grievance.core.events.event import Event, Words
from grievance.core.matters import Attended, Seat


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
    attended: Attended | None = None  # None for whoever filed alone
    opens: str = ""  # of chain.opens; empty in cases that were filed before it was entered


@dataclass(frozen=True, slots=True)
class SeatTaken(Event):
    """Somebody may act from now on."""

    seat: Seat


@dataclass(frozen=True, slots=True)
class SeatLeft(Event):
    """Somebody may not act any more."""

    no: int
    why: str  # gone | silent | struck | fresh | second_neutral | replaced | corrected


@dataclass(frozen=True, slots=True)
class Assigned(Event):
    """An officer took the case, or got it."""

    person: str
    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptOut(Event):
    """The complaint is about these (`named`); neither they nor those close to the matter (`out`) may judge or read it.

    Both hold people or organisations. A person named is asked for an account, and sees no more than that asks for.
    """

    named: tuple[str, ...]
    out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Linked(Event):
    """Another case belongs to this one. `kind` says how: one of matters.LINKS, read from this case."""

    kind: str
    case: str  # the other's id
    ref: str
    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unlinked(Event):
    """That other case does not belong to this one after all."""

    kind: str
    case: str
    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReceiptHanded(Event):
    """The officer who helped to file gave the number away: from here on no page of the office shows it."""

    how: str  # of attending.HANDED
