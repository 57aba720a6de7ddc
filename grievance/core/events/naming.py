"""Somebody of the office asks to read the name of whoever complained: two others agree, or one says no.

And somebody of the office read how to reach them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from grievance.core.events.event import Event, Words


@dataclass(frozen=True, slots=True)
class NameOpening(Event):
    """One step on the way of request `no`. `why`: one of matters.NAMING_REASONS.

    `step`: asked, agreed, opened, read, refused, taken_back or lapsed.
    `custodian`: whoever agrees does so as a custodian; `until`: where it is opened by this step, when it closes again.
    """

    step: str
    no: int
    why: str = ""
    custodian: bool = False
    until: datetime | None = None
    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContactRead(Event):
    """The actor read how to reach whoever complained; of one person and day only the first look is entered."""
