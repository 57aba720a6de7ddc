"""Words of a case that ended are erased when their time is over, unless two people of the office hold them."""

from __future__ import annotations

from dataclasses import dataclass, field

from grievance.core.events.event import Event, Words


@dataclass(frozen=True, slots=True)
class Erased(Event):
    """What was kept in these compartments (and `files`) is destroyed, and the receipt opens nothing any more."""

    what: tuple[str, ...]
    texts: int
    files: int


@dataclass(frozen=True, slots=True)
class HoldSet(Event):
    """One step of a hold: one of matters.HOLD. Its reason is a note of the office."""

    step: str
    words: Words = field(default_factory=dict)
