"""People who complained together leave the complaint; it goes on for the others."""

from __future__ import annotations

from dataclasses import dataclass, field

from grievance.core.events.event import Event, Words


@dataclass(frozen=True, slots=True)
class MembersLeft(Event):
    """So many left, and so many stay, at least one: counted, never named."""

    left: int
    remaining: int
    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RemedyResized(Event):
    """A remedy on the table is for fewer people now; each of them gets what was proposed. `amount` is for all together."""

    no: int
    beneficiaries: int
    amount: str
