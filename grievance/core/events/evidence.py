"""Files are added to a case, and shown to more people."""

from __future__ import annotations

from dataclasses import dataclass, field

from grievance.core.events.event import Event, Words


@dataclass(frozen=True, slots=True)
class EvidenceAdded(Event):
    """A file was kept. `size` in KiB, rounded up; `digest` is SHA-256(32-byte salt + bytes) in hex.

    `object` names the sealed bytes in the object store; `shared` where a party sent it, so that all may see it.
    """

    no: int
    kind: str
    size: int
    digest: str
    object: str
    shared: bool = False
    words: Words = field(default_factory=dict)
    waiting: bool = False  # the scanner has not said yet whether it is harmful
    original: str = ""  # the same of the bytes as they were sent; empty where they were not kept


@dataclass(frozen=True, slots=True)
class Scanned(Event):
    """The scanner said what it thinks of a file that waited."""

    no: int
    harmful: bool


@dataclass(frozen=True, slots=True)
class OriginalTaken(Event):
    """Whoever runs the house took out what was sent, still sealed, for whoever holds the key that is not in the house."""

    no: int
    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EvidenceReleased(Event):
    """An officer let the parties and the panel see one file."""

    no: int
    words: Words = field(default_factory=dict)
