"""What the story of a case comes to for one viewer, before a page is made of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from grievance.casework.parties import TextView
from grievance.casework.sent import EvidenceView, Message, Translation
from grievance.casework.views import Line
from grievance.core.matters import Actor
from grievance.core.visibility import APART


@dataclass(frozen=True, slots=True)
class Told:
    """The story as far as this viewer may read it. `reasons` maps a seat to what it wrote; `own` holds own words."""

    lines: tuple[Line, ...]
    messages: tuple[Message, ...]
    own: Mapping[str, str]
    clear: Mapping[str, str]
    reasons: Mapping[int, str]
    reachable: bool  # whether they said how
    name: str  # the identity as it was given, where the viewer may know it
    evidence: tuple[EvidenceView, ...]
    places: Mapping[int, str]  # entry → place or link of a session
    plans: Mapping[int, str]  # remedy → what its owner plans
    proposed: tuple[TextView, ...]  # texts of a settlement
    translations: Mapping[int, tuple[Translation, ...]]  # entry → what was made of it
    second: Line | None  # that a second officer was asked last
    theirs: Mapping[str, tuple[str, ...]]  # ask of the triage → what the complainant answered, for the office
    entered: Mapping[str, datetime]  # stage → when it was entered last, in the order of the path taken


def as_one(mine: Collection[Actor], actor: Actor) -> bool:
    """Whether the viewer acted, or somebody of the same role who is no other organisation."""
    return any(actor.seat == own.seat or (actor.role == own.role and own.role not in APART) for own in mine)
