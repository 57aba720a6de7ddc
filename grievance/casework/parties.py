"""What pages are given of the parties: who is complained about, a brand, meetings, what to sign, whose name is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from grievance.core.purchasing import FELL, MEMBERS, SHARE


@dataclass(frozen=True, slots=True)
class SessionView:
    """A meeting with the mediator."""

    no: int
    at: datetime
    until: datetime
    place: str
    cancelled: bool
    over: bool
    changed: int = 0
    came: Mapping[str, str] = field(default_factory=dict)  # complainant | respondent → came | excused | absent


@dataclass(frozen=True, slots=True)
class Signing:
    """A party that has to sign a text; `name` where several organisations answer."""

    role: str
    name: str
    signed: bool


@dataclass(frozen=True, slots=True)
class RespondentView:
    """Who is complained about, as far as this viewer may read: who, where, who buys there, what they answered.

    `answers` maps an issue to accept or contest; `state` is answered, presumed (nobody answered in time), waiting, or
    hidden while the answer is there and not yet for this viewer.
    """

    name: str
    site: str
    site_name: str
    buyers: tuple[str, ...]
    mine: bool
    state: str
    answers: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class TextView:
    """One version of the text of a settlement, and whoever has to sign it."""

    version: int
    at: datetime
    by: str
    text: str
    parties: tuple[Signing, ...] = ()


@dataclass(frozen=True, slots=True)
class PoolView:
    """How many members stand together. `withheld`: others are told only that there are some, and the bounds."""

    members: int  # 0 where this viewer may not know
    largest: int
    withheld: bool
    more: int  # members that are missing until it may be shown
    bounds: tuple[int, int] = (MEMBERS, SHARE)


@dataclass(frozen=True, slots=True)
class OrdersView:
    """By how many per cent orders fell, and what came of it. `until`: the day by which reasons are asked for."""

    filer: int
    country: int
    sign: str  # of asks.ORDER_SIGNS
    months: int
    alarms: bool  # whether these figures are an alarm
    alarm: str  # of purchasing.ASKED, ANSWERED, SILENT
    until: date | None
    bound: int = FELL  # per cent


@dataclass(frozen=True, slots=True)
class BrandView:
    """A complaint about a brand. `name` is empty until the triage named one, or where this viewer may not know."""

    name: str
    contact: str
    independent: bool
    pool: PoolView | None
    orders: OrdersView | None


@dataclass(frozen=True, slots=True)
class NamingView:
    """A request to read who complained. `step`: asked, refused, taken_back, lapsed, opened, or closed again.

    `until`: until when it is open, or could be answered.
    """

    no: int
    at: datetime
    why: str  # a message id
    step: str
    until: datetime | None
    read: int  # how often it was read
