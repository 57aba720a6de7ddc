"""What pages are given of what somebody sent: messages, what was made of them in another language, files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from grievance.core.errors import Said


@dataclass(frozen=True, slots=True)
class Message:
    """One message between the complainant and the office."""

    at: datetime
    mine: bool
    from_office: bool
    body: str
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Translation:
    """What was written, in another language: by whom of the office, and when. `name` is empty outside the office."""

    at: datetime
    language: str
    body: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One file. `who` is a message id of a role; `release` says why it cannot be shown to the parties, None where it can."""

    no: int
    at: datetime
    kind: str  # of core.evidence.KINDS
    size: int  # KiB
    who: str
    mine: bool
    shared: bool
    caption: str = ""
    shown_as: str = ""  # what an officer wrote beside it for the parties
    reason: str = ""  # why it was released, for the complainant and the office
    why_not_release: Said | None = None
    why_not_open: Said | None = None  # by nobody: of core.evidence.STATES
