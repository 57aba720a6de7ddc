"""The panel takes positions and decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grievance.core.events.event import Event, Words


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
class SentBack(Event):
    """On appeal it goes back: nobody's view and no order of the first decision counts any more."""


@dataclass(frozen=True, slots=True)
class Decided(Event):
    """Each issue has its outcome; `dissent` lists the seats that thought otherwise."""

    outcomes: Mapping[int, str]
    dissent: tuple[int, ...]
    how: str  # together | majority | neutral | settled
    words: Words = field(default_factory=dict)  # reasons_<seat>: what each seat wrote, opened to the parties
