"""Of many complaints that come at once, those that wait in the bulk lane: gathered, taken out, set aside, taken up again."""

from __future__ import annotations

from dataclasses import dataclass, field

from grievance.core.events.event import Event, Words


@dataclass(frozen=True, slots=True)
class Gathered(Event):
    """The case came in a flood and waits beside others like it. `cluster` names which, and says nothing of any word."""

    cluster: str


@dataclass(frozen=True, slots=True)
class TakenOut(Event):
    """An officer holds it for a complaint like any other."""


@dataclass(frozen=True, slots=True)
class SetAside(Event):
    """An officer will not take it, with others like it, for a reason. Until it is done, it can be taken up again."""

    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TakenUp(Event):
    """It is not set aside after all: it waits as before."""
