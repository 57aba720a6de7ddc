"""A case whose number was lost is handed on to the number of the complaint that was filed again: slowly, by two officers.

Nobody can tell by a number alone whether it is the same person. So the case shows for a week, to whoever opens it with
the first number, that another one is to open it; one press there stops it. A second officer hands it on. Then the first
number opens nothing in it but a page that says so, where its holder can say that this was not them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Connection

from grievance.casework import wording
from grievance.casework.desk import Bearer, Desk, Lent, Viewer, calendar_of
from grievance.casework.entries import entered
from grievance.casework.files import keeping
from grievance.casework.finding import find, find_seat
from grievance.casework.once import first_time
from grievance.core.case import Case
from grievance.core.errors import Hidden, Refused, Said, Stale, needed, say
from grievance.core.events import HandedOn
from grievance.core.matters import RECEIPT, Actor, Handing, Seat
from grievance.core.visibility import OFFICE
from grievance.store import cases, files, ledger
from grievance.vault import BOX, Envelope

WAIT = timedelta(days=7)
"""How long the first number can say no before another one opens the case: our proposal."""

KEPT_BACK = frozenset({"identity", "contact"})
"""Texts that are not sealed to another number: they say who complained, and whoever complained knows them."""

OVER = ("handed", "disputed")
UNDER_WAY = ("announced", *OVER)


@dataclass(frozen=True, slots=True)
class HandingView:
    """What the page of a handing on shows: both cases, how far it is, what is possible now, and what stays closed."""

    ref: str
    other: str
    seq: int
    step: str
    from_day: date | None  # from when on it can be handed on
    why_not_announce: Said | None
    why_not_hand: Said | None
    closed: int  # texts that the office cannot open, and so not seal to the new number


@dataclass(frozen=True, slots=True)
class _Both:
    """The case that is handed on (`held`), the one that was filed anew (`theirs`), and the officer's seats in them."""

    held: ledger.Held
    actor: Actor
    theirs: ledger.Held
    there: Actor
    parent: Case | None  # the case whose number opens this one, where it has none of its own

    @property
    def known(self) -> Handing | None:
        """How far it is."""
        return self.held.case.handings.get(self.theirs.case.id)


def look(desk: Desk, viewer: Viewer, ref: str, other: str) -> HandingView:
    """How far the case `ref` is on its way to the number of the case `other`. Raises Hidden without a seat in both."""
    with desk.store.read() as tx:
        both = _both(tx, viewer, ref, other)
        return HandingView(
            ref=both.held.ref,
            other=both.theirs.ref,
            seq=both.held.case.seq,
            step=both.known.step if both.known else "",
            from_day=can_hand_from(desk, tx, both.held.case, both.known) if both.known else None,
            why_not_announce=_why_not_announce(desk, tx, both, viewer),
            why_not_hand=_why_not_hand(desk, tx, both, viewer),
            closed=_rewrapped(desk, tx, both.held, both.theirs.box)[1],
        )


def act(desk: Desk, viewer: Viewer, what: str, ref: str, other: str, reason: str, *, seen: int, once: str = "") -> None:
    """One step of the office, entered in both cases. `what`: one of ACTS.

    announce   the number of `other` is to open `ref`: from a week on a second officer can hand it on
    hand       it does from now on, and what the office can open is sealed to it
    take_back  what was announced is stopped, or the case is given back to the first number

    Raises Hidden without an office seat in both, Stale, Refused with why not, Invalid without a reason.
    """
    if what not in ACTS:
        raise Hidden
    with desk.store.write() as tx:
        both = _both(tx, viewer, ref, other)
        if not first_time(desk, tx, once, viewer.person, both.held.ref, what):
            return
        if both.held.case.seq != seen:
            raise Stale
        why = ACTS[what](desk, tx, both, viewer)
        if why:
            raise Refused(why)
        needed("reason", reason)
        step, holder = {"announce": "announced", "hand": "handed"}.get(what, "stopped"), ""
        wraps: tuple[ledger.Rewrap, ...] = ()
        if what == "hand":
            holder, wraps = both.theirs.case.id, _rewrapped(desk, tx, both.held, both.theirs.box)[0]
        elif both.known and both.known.step in OVER:
            step, holder = "returned", both.known.before
            first = both.held.case.id if holder == RECEIPT else holder
            wraps = _rewrapped(desk, tx, both.held, cases.box_of(tx, first))[0]
        _enter(desk, tx, both, step, {"handing_reason": reason}, holder, wraps)


def object_to(desk: Desk, bearer: Bearer, words: str) -> None:
    """The first number says no: before, that stops it; afterwards it tells the office, which looks at it again.

    Raises Hidden where this number has nothing to say no to.
    """
    with desk.store.write() as tx:
        held = find(tx, bearer, "")
        other, known = taken(held.case)
        theirs = cases.by_id(tx, other) if known and known.step in ("announced", "handed") else None
        if known is None or theirs is None:
            raise Hidden
        seat = _seat(held.case)
        before = known.step == "announced"
        # Whoever lost the seat acts from none, as in the other case, where they never had one.
        actor = Actor("complainant", seat.no if seat and before else 0)
        both = _Both(held, actor, theirs, Actor("complainant"), None)
        _enter(desk, tx, both, "refused" if before else "disputed", {"handing_dispute": words})


def taken(case: Case) -> tuple[str, Handing | None]:
    """The other case whose number is to open this one, or does, and how far that is; of several the newest."""
    given = [(known.at, other) for other, known in case.handings.items() if known.gives and known.step in UNDER_WAY]
    other = max(given, default=(None, ""))[1]
    return other, case.handings.get(other)


def can_hand_from(desk: Desk, tx: Connection, case: Case, known: Handing) -> date:
    """The day from which on it can be handed on."""
    return calendar_of(desk, Lent(tx), case).day_of(known.at + WAIT)


def _both(tx: Connection, viewer: Viewer, ref: str, other: str) -> _Both:
    held, actor = find_seat(tx, viewer, ref, OFFICE)
    theirs, there = find_seat(tx, viewer, other, OFFICE)
    seat = _seat(held.case)
    parent = cases.by_id(tx, seat.holder) if seat and seat.holder != RECEIPT else None
    return _Both(held, actor, theirs, there, parent.case if parent else None)


def _seat(case: Case) -> Seat | None:
    return next((seat for seat in case.seated("complainant") if seat.kind == "receipt"), None)


def _why_not_announce(_: Desk, __: Connection, both: _Both, viewer: Viewer) -> Said | None:
    case, new = both.held.case, both.theirs.case
    never = _why_never(case, new)
    if never:
        return never
    if new.attended and new.attended.person == viewer.person:
        return say("You wrote down the new complaint yourself. Somebody else of the office has to look at it.")
    on_its_way, known = taken(case)
    if known and (known.step != "handed" or on_its_way == new.id):
        return say("It is under way already, or done.")
    if both.parent and not _reached(both.parent, new.id, UNDER_WAY):
        return say("Begin with the complaint that this one came of: its number opens both.")
    return None


def _why_never(case: Case, new: Case) -> Said | None:
    """Why these two are not for it at all."""
    own, other = _seat(case), _seat(new)
    if case.erased_at is not None:
        return say("The words of the first complaint and who filed it are erased: there is nothing to hand on.")
    if case.programme != new.programme:
        return say("The two belong to different programmes: each office knows only its own.")
    if not any(link.kind == "later" and link.case == new.id for link in case.links):
        return say("Link the two first: the new one is the same complaint, filed again after the receipt was lost.")
    if own is None or other is None or other.holder != RECEIPT:
        return say("One of the two has no number of its own, so there is none to hand on.")
    if case.anonymity == "anonymous":
        return say(
            "Whoever filed it gave no name and no way to reach them, so nobody can tell whether it is the same person. "
            "Go on with the new complaint: everything can be done there."
        )
    return None


def _why_not_hand(desk: Desk, _: Connection, both: _Both, viewer: Viewer) -> Said | None:
    known, new = both.known, both.theirs.case
    if known is None or known.step != "announced":
        return say("Announce it first, so that the first number can say no.")
    # Within the week somebody may have found that they are not the same, or all was erased.
    never = _why_never(both.held.case, new)
    if never:
        return never
    if desk.now() < known.at + WAIT:
        return say("The first number can still say no. Wait until the week is over.")
    if viewer.person in (known.by, new.attended.person if new.attended else ""):
        return say("Somebody else of the office has to do this: two of you look at it.")
    if both.parent and not _reached(both.parent, new.id, OVER):
        return say("Begin with the complaint that this one came of: its number opens both.")
    return None


def _why_not_take_back(_: Desk, __: Connection, both: _Both, ___: Viewer) -> Said | None:
    if both.known and both.known.gives and both.known.step in UNDER_WAY:
        return None
    return say("Nothing is under way here that could be stopped.")


ACTS = {"announce": _why_not_announce, "hand": _why_not_hand, "take_back": _why_not_take_back}
"""What the office does, each with the question why it is not possible."""


def _reached(case: Case, other: str, steps: tuple[str, ...]) -> bool:
    known = case.handings.get(other)
    return known is not None and known.gives and known.step in steps


def _rewrapped(desk: Desk, tx: Connection, held: ledger.Held, box: bytes) -> tuple[tuple[ledger.Rewrap, ...], int]:
    """The receipt's wraps of texts and files anew, for this box, and how many of them this process cannot open."""
    sealed = [
        (item.seq, item.name, Envelope(item.cipher, item.wraps), wording.bound(held.case.id, item.seq, item.name))
        for item in cases.items_of(tx, held.case.id)
        if BOX in item.wraps and item.name not in KEPT_BACK
    ]
    for piece in held.case.evidence:
        envelope = Envelope(b"", files.wraps_of(tx, held.case.id, piece.seq))
        sealed.append((piece.seq, ledger.FILE, envelope, keeping.place(held.case.id, piece.object)))
    made: list[ledger.Rewrap] = []
    for seq, name, envelope, place in sealed:
        reader = next((one for one in envelope.wraps if one != BOX and desk.vault.opens(one)), "")
        if reader:
            wrapped = desk.vault.share(envelope, bound=place, reader=reader, box=box)[BOX]
            made.append(ledger.Rewrap(seq, name, BOX, wrapped))
    return tuple(made), len(sealed) - len(made)


def _enter(
    desk: Desk,
    tx: Connection,
    both: _Both,
    step: str,
    words: Mapping[str, str],
    holder: str = "",
    wraps: tuple[ledger.Rewrap, ...] = (),
) -> None:
    """One append for both cases; why is read by the office alone. What the first number says is told to the office."""
    seat, lent = _seat(both.held.case), Lent(tx)
    tells = ("officer",) if "handing_dispute" in words else ()
    changes = []
    for one, actor, other in ((both.held, both.actor, both.theirs), (both.theirs, both.there, both.held)):
        written, gives = wording.draft(desk, words), one is both.held
        event = HandedOn(step, other.case.id, other.ref, gives, words=written.words)
        if gives and holder and seat:
            event = replace(event, seat=seat.no, holder=holder)
        change = entered(desk, lent, one, actor, event, written, tells if gives else ())
        changes.append(replace(change, rewrapped=wraps if gives else ()))
    ledger.append(tx, sorted(changes, key=lambda change: change.case.id))
