"""What entries speak of: who acts, the seats, the issues and the remedies of a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Actor:
    """Who caused an entry: a seat in the case (`seat` > 0) or the clock (`seat` = 0)."""

    role: str
    seat: int = 0
    person: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """One row of who may act: `holder` is a person, a body (an organisation) or the receipt."""

    no: int
    role: str
    kind: str  # person | body | receipt
    holder: str
    side: str = ""


BESIDE = 1_000
"""Seats of custodians are numbered from here on: in one row with the others a gap would tell a party that one was asked."""

RECEIPT = "receipt"
"""Who holds the complainant's seat of a case that was filed with a number of its own."""


@dataclass(frozen=True, slots=True)
class Respondent:
    """One organisation complained about: at which site (empty for one that has none), and the brands that buy there."""

    body: str
    site: str = ""
    buyers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attended:
    """How somebody was helped to file: by which officer, how they came, how they agreed, whether it was read back to them."""

    person: str
    came: str  # of attending.CAME
    agreed: str  # of attending.AGREED
    read_back: bool


LINKS: Mapping[str, str] = {
    "duplicate": "The same matter, filed by somebody else or twice",
    "earlier": "The same complaint, filed earlier; its receipt was lost",
    "later": "The same complaint, filed again after the receipt was lost",
    "same_site": "Another matter at the same workplace",
    "process": "A complaint about how this case was handled",
    "process_of": "The case that this complaint is about",
    "retaliation": "Somebody was punished for complaining",
    "retaliation_of": "The complaint for which somebody was punished",
}
"""How another case belongs to one, read from that one, with the label people read."""

BACK: Mapping[str, str] = {
    "duplicate": "duplicate",
    "earlier": "later",
    "later": "earlier",
    "same_site": "same_site",
    "process": "process_of",
    "process_of": "process",
    "retaliation": "retaliation_of",
    "retaliation_of": "retaliation",
}
"""The same link, read from the other case."""


@dataclass(frozen=True, slots=True)
class Link:
    """Another case that belongs to this one: how (one of LINKS), its id, and its reference."""

    kind: str
    case: str
    ref: str


STEPS: Mapping[str, str] = {
    "announced": "Another number is to open this case",
    "refused": "The first number says no: no other number opens this case",
    "stopped": "No other number opens this case after all",
    "handed": "Another number opens this case",
    "disputed": "The first number says that this was not them",
    "returned": "The first number opens this case again",
}
"""The steps of a case on its way to another receipt, with what people read of them."""


@dataclass(frozen=True, slots=True)
class Handing:
    """How far a case is on its way to another receipt (or this one's own receipt to an earlier case).

    `ref`: of the other case; `step`: the newest of STEPS, at `at`; `gives`: this is the case that is handed on; `by`: who
    announced it; `before`: who held the complainant's seat until it was handed on.
    """

    ref: str
    step: str
    at: datetime
    gives: bool
    by: str = ""
    before: str = ""


HOLD: Mapping[str, str] = {
    "asked": "Somebody asks that nothing of it is erased",
    "held": "Nothing of it is erased",
    "unasked": "It is not held: whoever asked took it back, or the second person said no",
    "lift_asked": "Nothing of it is erased. Somebody asks to end that",
    "kept": "Nothing of it is erased. Whoever asked to end that took it back, or the second person said no",
    "lifted": "It is not held any more",
}
"""The steps of a hold, with what people read of them."""


@dataclass(frozen=True, slots=True)
class Hold:
    """How far a hold is: the newest of HOLD, since `at`, by whom."""

    step: str
    at: datetime
    by: str

    @property
    def holds(self) -> bool:
        """Whether two people want it held, and not two want it ended."""
        return self.step in ("held", "lift_asked", "kept")


@dataclass(frozen=True, slots=True)
class Left:
    """A seat that ended before the case did. `why`: see `events.SeatLeft` and `events.Recused`; `kind` of a conflict."""

    seat: Seat
    why: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing complained of; a case holds several, each with its own outcome."""

    no: int
    category: str
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing that somebody owes. Amount in whole units of `currency` as typed, `due` an ISO date or empty."""

    no: int
    issue: int
    kind: str
    beneficiaries: int
    amount: str = ""
    currency: str = ""
    due: str = ""
    owner: str = "respondent"  # all of them together, or the one organisation that owes it
    status: str = "proposed"  # proposed | ordered | reported | missed
    seen: Mapping[str, str] = field(default_factory=dict)  # side → seen | not_seen | false
    group: str = ""  # for whom: one of asks.GROUPS
    planned: str = ""  # ISO date by which its owner plans to be done


@dataclass(frozen=True, slots=True)
class Evidence:
    """One file of a case. `size` in KiB, rounded up; `object` is its name in the object store; `seq` its entry.

    `shared`: the parties and the panel may see it, because a party sent it or an officer released it.
    """

    no: int
    seq: int
    kind: str
    size: int
    role: str
    object: str
    shared: bool = False
    seat: int = 0  # of whoever added it
    erased: bool = False  # its bytes and keys are gone
    state: str = ""  # of evidence.STATES: why nobody may open it


@dataclass(frozen=True, slots=True)
class Session:
    """A meeting with the mediator. `at` is an ISO instant; `seq` the entry that carries the place; `changed` how often."""

    no: int
    seq: int
    at: str
    hours: int
    changed: int = 0
    cancelled: bool = False
    came: Mapping[str, str] = field(default_factory=dict)  # complainant | respondent → came | excused | absent


NAMING_REASONS: Mapping[str, str] = {
    "danger": "Somebody is in danger, and has to be found",
    "asked": "You asked for something that needs your name",
    "remedy": "Money or work that is owed to you has to reach you",
    "reprisal": "You have to be protected against a punishment for complaining",
    "law": "A court or an authority demands it by law",
}
"""Why a name may be read: our proposal. It is said to the complainant in these words, and so speaks to them."""


@dataclass(frozen=True, slots=True)
class Naming:
    """A request to read who complained: by whom, why, when, and the entry `seq` that carries its reason in words.

    `agreed`: who agreed, in order; `custodian`: one of them did so as a custodian; `step`: asked, opened, refused,
    taken_back or lapsed; `until`: when it closes again; `read`: how often it was read.
    """

    no: int
    by: str
    why: str
    at: datetime
    seq: int
    agreed: tuple[str, ...] = ()
    custodian: bool = False
    step: str = "asked"
    until: datetime | None = None
    read: int = 0
