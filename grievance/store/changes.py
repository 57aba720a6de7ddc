"""What is appended to a case: its entries, and what belongs to them beside the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grievance.core import events as e
from grievance.core.case import Case
from grievance.core.chain import opens


@dataclass(frozen=True, slots=True)
class Held:
    """A case as it was read, with what an append needs: the hash of its newest entry, its reference, its box key."""

    case: Case
    head: str
    ref: str
    box: bytes


@dataclass(frozen=True, slots=True)
class Text:
    """A text in clear beside the ledger."""

    seq: int
    name: str
    salt: bytes
    body: str


@dataclass(frozen=True, slots=True)
class Item:
    """A sealed text beside the ledger: cipher, and reader → wrapped key."""

    seq: int
    name: str
    cipher: bytes
    wraps: Mapping[str, bytes]


FILE = "file"
"""The name under which the wraps of a file stand, beside those of the texts of its entry."""


@dataclass(frozen=True, slots=True)
class Wraps:
    """Who else may open the file that an entry speaks of: reader → wrapped key."""

    seq: int
    wraps: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Rewrap:
    """The wrap of one reader of a text or a file (name FILE), made anew: the receipt's, for another receipt's box."""

    seq: int
    name: str
    reader: str
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody is told something of this kind, once for this cause. `once`: they may have been told already."""

    person: str
    kind: str
    cause: str
    once: bool = False


@dataclass(frozen=True, slots=True)
class Birth:
    """What a new case has beside its ledger: its reference, and what the receipt opens."""

    ref: str
    tag: bytes
    box: bytes

    @property
    def opens(self) -> str:
        """What the first entry says of it."""
        return opens(self.ref, self.tag, self.box)


@dataclass(frozen=True, slots=True)
class Change:
    """Entries for one case, read as `held` (None for a new one, then with `birth`), and what belongs to them."""

    case: Case
    entries: tuple[e.Entry, ...]
    held: Held | None = None
    birth: Birth | None = None
    texts: tuple[Text, ...] = ()
    items: tuple[Item, ...] = ()
    files: tuple[Wraps, ...] = ()
    rewrapped: tuple[Rewrap, ...] = ()
    notices: tuple[Notice, ...] = ()
    searched: tuple[str, str] | None = None  # title and search key of a new restatement
