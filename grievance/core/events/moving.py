"""Moves are made, and people write beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grievance.core.events.event import Event, Words


@dataclass(frozen=True, slots=True)
class Moved(Event):
    """A move of the procedure was made. `to` may be the stage itself; `answers` hold only structured facts."""

    move: str
    source: str
    to: str
    turn: str
    final: str = ""
    answers: Mapping[str, object] = field(default_factory=dict)
    words: Words = field(default_factory=dict)
    counted: bool = False  # whether some limit of the procedure counts from it


@dataclass(frozen=True, slots=True)
class MessageSent(Event):
    """A message between the complainant and the office."""

    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Noted(Event):
    """An officer wrote a note that only the office reads."""

    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Translated(Event):
    """An officer put what was written with entry `of` into another language; the original stays."""

    of: int
    language: str
    words: Words = field(default_factory=dict)
