"""The panel takes positions and decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grievance.core.events.event import Event, Words


@dataclass(frozen=True, slots=True)
class PositionTaken(Event):
    """A panellist or neutral said what they think of each issue; it replaces that seat's earlier one."""

    seat: int
    stage: str
    outcomes: Mapping[int, str]
    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ViewsOpened(Event):
    """The blind first views may be read by the whole panel."""


@dataclass(frozen=True, slots=True)
class SentBack(Event):
    """On appeal it goes back: nobody's view and no order of the first decision counts any more."""


@dataclass(frozen=True, slots=True)
class Decided(Event):
    """Each issue has its outcome; `dissent` lists the seats that thought otherwise."""

    outcomes: Mapping[int, str]
    dissent: tuple[int, ...]
    how: str  # together | majority | neutral | settled
    words: Words = field(default_factory=dict)  # reasons_<seat>: what each seat wrote, opened to the parties


@dataclass(frozen=True, slots=True)
class PanelSigned(Event):
    """A seat stands by its position, or by the decision, as entry `of` says it: the text is `signed.text`.

    `by`: passkey, and then the four texts (base64url) show it to anybody; or server, and then the house alone attests it.
    `mark` (hex) keeps the hash from being guessed.
    """

    what: str  # position | decision
    seat: int
    of: int
    mark: str
    by: str  # passkey | server
    key: str = ""  # the passkey's public key, COSE
    data: str = ""  # authenticator data
    client: str = ""  # client data
    signature: str = ""
