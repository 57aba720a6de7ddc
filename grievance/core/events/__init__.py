"""What can happen to a case: small frozen facts, past tense, and never a word that somebody wrote.

An event carries structured facts only. For every free text it carries, under the name of what was asked, the commitment
SHA-256(32-byte salt + UTF-8 text) in hex; the text itself lives beside the ledger, where it can be sealed or erased.
"""

from __future__ import annotations

from collections.abc import Mapping

from grievance.core.events.answering import Answered, Marked, MediatorNamed, Presumed
from grievance.core.events.beginning import (
    Assigned,
    Filed,
    KeptOut,
    Linked,
    ReceiptHanded,
    SeatLeft,
    SeatTaken,
    Unlinked,
)
from grievance.core.events.deciding import Decided, PanelSigned, PositionTaken, SentBack, ViewsOpened
from grievance.core.events.event import CLOCK, HOST, Entry, Event, Words
from grievance.core.events.evidence import EvidenceAdded, EvidenceReleased, OriginalTaken, Scanned
from grievance.core.events.flooding import Gathered, SetAside, TakenOut, TakenUp
from grievance.core.events.handing import HandedOn
from grievance.core.events.mediating import (
    AttendanceNoted,
    SessionCancelled,
    SessionSet,
    SettlementProposed,
    SettlementSigned,
)
from grievance.core.events.members import MembersLeft, RemedyResized
from grievance.core.events.moving import MessageSent, Moved, Noted, Translated
from grievance.core.events.naming import ContactRead, NameOpening
from grievance.core.events.purchasing import (
    ContactNamed,
    OrdersRecorded,
    Pooled,
    ReasonsAsked,
    ReasonsGiven,
    TextApproved,
)
from grievance.core.events.remedying import (
    RemedyDisputed,
    RemedyMissed,
    RemedyOrdered,
    RemedyPlanned,
    RemedyProposed,
    RemedyReported,
    RemedyStruck,
    RemedyVerified,
)
from grievance.core.events.retention import Erased, HoldSet
from grievance.core.events.seating import Challenged, ChallengeDismissed, NeutralStruck, Recused, Tied
from grievance.core.events.taking import (
    Assessed,
    Attempted,
    ConsentSet,
    LaneSet,
    Recalled,
    Released,
    Restated,
    SecondAnswered,
    SecondAsked,
)
from grievance.core.events.timing import ClockRecounted, ClockSet, ClockStopped, Rang, TaskDone

__all__ = [
    "CLOCK",
    "HOST",
    "KINDS",
    "Answered",
    "Assessed",
    "Assigned",
    "Attempted",
    "AttendanceNoted",
    "ChallengeDismissed",
    "Challenged",
    "ClockRecounted",
    "ClockSet",
    "ClockStopped",
    "ConsentSet",
    "ContactNamed",
    "ContactRead",
    "Decided",
    "Entry",
    "Erased",
    "Event",
    "EvidenceAdded",
    "EvidenceReleased",
    "Filed",
    "Gathered",
    "HandedOn",
    "HoldSet",
    "KeptOut",
    "LaneSet",
    "Linked",
    "Marked",
    "MediatorNamed",
    "MembersLeft",
    "MessageSent",
    "Moved",
    "NameOpening",
    "NeutralStruck",
    "Noted",
    "OrdersRecorded",
    "OriginalTaken",
    "PanelSigned",
    "Pooled",
    "PositionTaken",
    "Presumed",
    "Rang",
    "ReasonsAsked",
    "ReasonsGiven",
    "Recalled",
    "ReceiptHanded",
    "Recused",
    "Released",
    "RemedyDisputed",
    "RemedyMissed",
    "RemedyOrdered",
    "RemedyPlanned",
    "RemedyProposed",
    "RemedyReported",
    "RemedyResized",
    "RemedyStruck",
    "RemedyVerified",
    "Restated",
    "Scanned",
    "SeatLeft",
    "SeatTaken",
    "SecondAnswered",
    "SecondAsked",
    "SentBack",
    "SessionCancelled",
    "SessionSet",
    "SetAside",
    "SettlementProposed",
    "SettlementSigned",
    "TakenOut",
    "TakenUp",
    "TaskDone",
    "TextApproved",
    "Tied",
    "Translated",
    "Unlinked",
    "ViewsOpened",
    "Words",
]

KINDS: Mapping[str, type[Event]] = {kind.__name__: kind for kind in Event.__subclasses__()}
