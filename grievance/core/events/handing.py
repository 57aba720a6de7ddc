"""A case is handed on to another receipt, because the first one was lost: announced, then handed, or taken back."""

from __future__ import annotations

from dataclasses import dataclass, field

from grievance.core.events.event import Event, Words


@dataclass(frozen=True, slots=True)
class HandedOn(Event):
    """One step on the way of a case to another receipt, entered in the case and in the one that was filed anew.

    `step`: one of matters.STEPS; `case` and `ref` are the other one; `gives`: this is the case that is handed on, and
    `seat` and `holder` stand in it where the step changes who holds the complainant's seat.
    """

    step: str
    case: str
    ref: str
    gives: bool
    seat: int = 0
    holder: str = ""
    words: Words = field(default_factory=dict)
