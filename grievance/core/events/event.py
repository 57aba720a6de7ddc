"""What an event is: a small frozen fact; and `Entry`, one line of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from grievance.core.matters import Actor

Words = Mapping[str, str]
"""Name of a text → its commitment, 64 hex digits."""

CLOCK = "clock"
"""The role under which time acts; it holds no seat."""

HOST = "host"
"""The role under which whoever runs the house acts at its host; it holds no seat either."""


class Event:
    """Every kind below derives from this; the kind's name is the class's name."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger: what happened, who caused it, when (aware, UTC). `seq` counts from 1 in each case."""

    seq: int
    at: datetime
    actor: Actor
    event: Event
