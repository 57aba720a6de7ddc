"""A manufacturer or an association complains about a brand: contacts, members, texts that were read, and orders."""

from __future__ import annotations

from dataclasses import dataclass

from grievance.core.events.event import Event


@dataclass(frozen=True, slots=True)
class ContactNamed(Event):
    """Who answers for the brand; `independent` where the programme knows that person outside buying."""

    person: str
    independent: bool


@dataclass(frozen=True, slots=True)
class Pooled(Event):
    """How many members are in it, counted and never named, and how many per cent of the volume the largest has."""

    members: int
    largest: int


@dataclass(frozen=True, slots=True)
class TextApproved(Event):
    """The filer read word for word what would be released; a later text needs a new yes."""


@dataclass(frozen=True, slots=True)
class OrdersRecorded(Event):
    """By how many per cent orders fell, the filer's and those to the whole country; `sign` is one of asks.ORDER_SIGNS.

    `months` is how many were compared with the same months of the year before; 0 where an old entry did not say.
    """

    filer: int
    country: int
    sign: str
    months: int = 0


@dataclass(frozen=True, slots=True)
class ReasonsAsked(Event):
    """An alarm about the figures that stand: the brand's contact is asked for reasons, and nothing is presumed."""


@dataclass(frozen=True, slots=True)
class ReasonsGiven(Event):
    """The contact gave reasons; given late they take no mark away."""
