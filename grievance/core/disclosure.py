"""Which entries of a ledger may leave the house whole, for whom; what is not named here stays with the office."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from grievance.core import events as e
from grievance.core.case import Case
from grievance.core.matters import Actor
from grievance.core.procedure import Procedure
from grievance.core.visibility import (
    MEETING,
    OFFICE,
    OWN_WORDS,
    PANEL,
    sees_answers,
    sees_count,
    sees_evidence,
    sees_link,
    sees_mark,
    sees_moment,
    sees_move,
    sees_orders,
    sees_original,
    sees_pool,
    sees_position,
    sees_restatement,
    sees_side_clock,
    sees_text,
)


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody's look at a case from one of their seats."""

    me: Actor
    case: Case
    procedure: Procedure
    known: frozenset[str] = frozenset()  # ids of other cases in which they hold a seat of the office too

    @property
    def role(self) -> str:
        """As whom they look."""
        return self.me.role

    def mine(self, entry: e.Entry) -> bool:
        """Whether this seat caused the entry."""
        return (entry.actor.role, entry.actor.seat) == (self.me.role, self.me.seat)


Rule = Callable[[Look, e.Entry], bool]


def sees_entry(look: Look, entry: e.Entry) -> bool:
    """Whether everything that the entry says may be told."""
    if _tells_position(entry):
        inside = look.role in OFFICE | PANEL or not isinstance(entry.event, e.PanelSigned)
        return inside and sees_position(look.role, entry.actor.seat, look.me.seat, look.case, said=entry.seq)
    counted = _counted(entry)
    if counted and not (look.mine(entry) or sees_pool(look.role, look.case, counted)):
        return False
    if isinstance(entry.event, e.Linked | e.Unlinked | e.HandedOn):
        return sees_link(look.role, seated=entry.event.case in look.known)
    if look.role in OFFICE:
        return True
    rule = OTHERS.get(type(entry.event))
    return rule is not None and rule(look, entry)


def sees_words(look: Look, entry: e.Entry, name: str, kept: str) -> bool:
    """Whether this text of an entry, which is kept in that compartment, may be told."""
    role, case, event = look.role, look.case, entry.event
    if name.startswith("reasons_"):
        return sees_position(role, int(name.removeprefix("reasons_")), look.me.seat, case)
    if isinstance(event, e.PositionTaken):
        return sees_position(role, event.seat, look.me.seat, case, said=entry.seq)
    if isinstance(event, e.EvidenceAdded | e.EvidenceReleased) and kept == "exchange":
        return _file(look, entry)
    move = look.procedure.moves.get(event.move) if isinstance(event, e.Moved) else None
    if isinstance(event, e.Restated | e.SessionSet | e.RemedyPlanned):
        return OTHERS[type(event)](look, entry)
    return sees_text(role, kept, move, entry.actor.role, look.case, own=look.mine(entry), said=entry.seq)


def sees_person(look: Look, entry: e.Entry) -> bool:
    """Whether it may be told which person acted; in which role is told to everybody."""
    return look.role in OFFICE or look.mine(entry)


def sees_when(look: Look, entry: e.Entry) -> bool:
    """Whether the moment may be told: of most of what happened this is all that is asked."""
    return sees_moment(look.role, entry.at, look.case)


def in_order(looks: Sequence[Look], told: Sequence[e.Entry]) -> list[tuple[e.Entry, e.Entry]]:
    """What may be told in the order in which it is, each entry with the one whose moment is told for it.

    That a file came stands to others where it was shown to them: when it came is when somebody held a phone in hand.
    """
    if any(look.role in OWN_WORDS for look in looks):
        return [(entry, entry) for entry in told]
    came = {
        entry.event.no: entry
        for entry in told
        if isinstance(entry.event, e.EvidenceAdded)
        and not entry.event.shared
        and not any(look.mine(entry) for look in looks)
    }
    found: list[tuple[e.Entry, e.Entry]] = []
    for entry in told:
        if isinstance(entry.event, e.EvidenceReleased) and entry.event.no in came:
            found.append((came[entry.event.no], entry))
        if entry not in came.values():
            found.append((entry, entry))
    return found


def _tells_position(entry: e.Entry) -> bool:
    """A position, its signature, and the move by which it was taken, whose answers repeat it."""
    event = entry.event
    if isinstance(event, e.PanelSigned):
        return event.what == "position"
    return isinstance(event, e.PositionTaken) or (
        isinstance(event, e.Moved) and "outcomes" in event.answers and entry.actor.role in PANEL
    )


def _counted(entry: e.Entry) -> tuple[int, int] | None:
    """How many members an entry tells of, and the share of the largest: of few it is told to nobody but who wrote it."""
    event = entry.event
    if isinstance(event, e.Pooled):
        return event.members, event.largest
    if isinstance(event, e.Moved) and {"members", "largest_share"} <= set(event.answers):
        return int(str(event.answers["members"])), int(str(event.answers["largest_share"]))
    return None


def _moved(look: Look, entry: e.Entry) -> bool:
    moved = entry.event
    if not isinstance(moved, e.Moved):
        return False
    move = look.procedure.moves[moved.move]
    between = move.name in look.procedure.between
    told = sees_move(look.role, move, entry.actor.role, look.case, entry.at, between=between, own=look.mine(entry))
    return look.mine(entry) or (told and not moved.answers)


def _clock(look: Look, entry: e.Entry) -> bool:
    if not isinstance(entry.event, e.ClockSet):
        return False
    side = look.procedure.clocks.get(entry.event.name)
    shown = side is None or sees_side_clock(look.role, side)
    return shown and sees_when(look, entry)


def _file(look: Look, entry: e.Entry) -> bool:
    event = entry.event
    if not isinstance(event, e.EvidenceAdded | e.EvidenceReleased | e.Scanned):
        return False
    piece = next((piece for piece in look.case.evidence if piece.no == event.no), None)
    return piece is not None and sees_evidence(look.role, look.me.seat, piece, look.case)


def _scanned(look: Look, entry: e.Entry) -> bool:
    """To others than whoever sent the file it would tell when it came."""
    said = entry.event
    mine = {piece.no for piece in look.case.evidence if piece.seat == look.me.seat}
    return isinstance(said, e.Scanned) and _file(look, entry) and (look.role in OWN_WORDS or said.no in mine)


def _original(look: Look, entry: e.Entry) -> bool:
    taken = entry.event
    return isinstance(taken, e.OriginalTaken) and any(
        sees_original(look.role, look.me.seat, piece) for piece in look.case.evidence if piece.no == taken.no
    )


def _meeting(look: Look, entry: e.Entry) -> bool:
    return look.role in MEETING and sees_when(look, entry)


def _mark(look: Look, entry: e.Entry) -> bool:
    mark = entry.event
    return isinstance(mark, e.Marked) and sees_mark(look.role, mark.why, look.case) and sees_when(look, entry)


def _own_words(look: Look, _: e.Entry) -> bool:
    return look.role in OWN_WORDS


OTHERS: Mapping[type[e.Event], Rule] = {
    e.Filed: Look.mine,
    e.ConsentSet: Look.mine,
    e.Recalled: Look.mine,
    e.MediatorNamed: Look.mine,
    e.Gathered: _own_words,
    e.TakenOut: _own_words,
    e.SetAside: _own_words,
    e.TakenUp: _own_words,
    e.ContactRead: _own_words,
    e.MessageSent: _own_words,
    e.Translated: _own_words,
    e.MembersLeft: lambda look, entry: (
        sees_count(look.role, look.case) and (look.role in OWN_WORDS or sees_when(look, entry))
    ),
    e.Moved: _moved,
    e.EvidenceAdded: _file,
    e.EvidenceReleased: _file,
    e.Scanned: _scanned,
    e.OriginalTaken: _original,
    e.ClockSet: _clock,
    e.Restated: lambda look, _: sees_restatement(look.role, look.case),
    e.Released: sees_when,
    e.Answered: lambda look, entry: sees_when(look, entry) and sees_answers(look.role, look.case, own=look.mine(entry)),
    e.Presumed: sees_when,
    e.Marked: _mark,
    e.Decided: sees_when,
    e.PanelSigned: lambda look, _: look.role in PANEL,  # a key is the same in every case: it would tell who sits
    e.SessionSet: _meeting,
    e.SessionCancelled: _meeting,
    e.AttendanceNoted: _meeting,
    e.SettlementProposed: _meeting,
    e.SettlementSigned: _meeting,
    e.Pooled: lambda *_: True,  # as far as it may be told at all: asked before
    e.OrdersRecorded: lambda look, _: sees_orders(look.role, look.case),
    e.ReasonsAsked: sees_when,
    e.ReasonsGiven: sees_when,
    e.RemedyProposed: sees_when,
    e.RemedyPlanned: sees_when,
    e.RemedyStruck: sees_when,
    e.RemedyOrdered: sees_when,
    e.RemedyReported: sees_when,
    e.RemedyResized: lambda look, entry: sees_count(look.role, look.case) and sees_when(look, entry),
    e.RemedyMissed: sees_when,
    e.RemedyVerified: sees_when,
    e.RemedyDisputed: sees_when,
}
"""Of each kind of entry, what those outside the office may be told. A kind that is missing here is the office's."""

UNTOLD: Mapping[type[e.Event], tuple[str, ...]] = {
    e.Restated: ("could_have_written",),
    e.Filed: ("attended",),
    e.Released: ("arrives",),
    e.Gathered: ("cluster",),  # with whom it came
    e.EvidenceAdded: ("object", "waiting", "no"),  # the object begins with the day on which the file came
    e.EvidenceReleased: ("no",),  # files are told under other numbers: gaps would tell of those of others
    e.OriginalTaken: ("no",),
    e.Scanned: ("no",),
    e.ClockSet: ("no",),  # so would those of clocks that are not for them
}
"""Fields that are left out of an entry for those outside the office."""

OF_FILES = (e.EvidenceAdded, e.EvidenceReleased, e.OriginalTaken, e.Scanned)
"""What is told of files: under the number by which a reader knows them (`evidence.numbers`)."""
