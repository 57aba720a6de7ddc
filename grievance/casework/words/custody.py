"""Who complained is read by nobody but whom two others let: an officer asks with a reason, and for a day.

A custodian of the programme and somebody else, neither of them the one who asks, have to say yes; one no is enough to keep
it closed. The key is held by the process that opens the door `custody` alone. The complainant reads each step.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import Connection

from grievance.casework import wording
from grievance.casework.desk import Desk, Lent, Viewer, acting, actors, calendar_of
from grievance.casework.entries import entered
from grievance.casework.finding import find
from grievance.casework.once import first_time
from grievance.casework.parties import NamingView
from grievance.core.case import Case
from grievance.core.errors import Hidden, Invalid, Refused, Said, Stale, or_hidden, say
from grievance.core.events import Event, NameOpening, SeatLeft, SeatTaken
from grievance.core.matters import BESIDE, NAMING_REASONS, Actor, Naming, Seat
from grievance.core.visibility import CUSTODIAN, OFFICE, sees_name
from grievance.store import cases, ledger, people
from grievance.store.changes import Notice

OPEN = timedelta(hours=24)
"""How long a name stays open to whoever asked: our proposal."""

LAPSES = timedelta(days=7)
"""How long whoever is asked has to answer: our proposal. Whoever still needs the name asks anew."""

VOICES = 2
"""How many others have to agree; one of them at least a custodian."""

ROLES = OFFICE | {CUSTODIAN}
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class CustodyView:
    """The requests in one case, newest first; `asked` says why this viewer cannot ask now, None where they can."""

    ref: str
    seq: int
    roles: frozenset[str]
    zone: tzinfo
    asked: Said | None
    requests: tuple[Request, ...]

    @property
    def works(self) -> bool:
        """Whether the viewer works on the case, and could ask."""
        return bool(self.roles & OFFICE)


@dataclass(frozen=True, slots=True)
class Request:
    """One request, with its reason in words as far as this process opens it, and what this viewer can do about it."""

    view: NamingView
    by: str
    agreed: tuple[str, ...]
    reason: str
    refusal: str
    mine: bool
    why_not_agree: Said | None
    readable: bool


def shown(case: Case, now: datetime) -> tuple[NamingView, ...]:
    """The requests of a case, newest first, as the complainant and the office read them."""
    return tuple(_view(one, now) for one in reversed(case.namings))


def look(desk: Desk, viewer: Viewer, ref: str) -> CustodyView:
    """The requests in a case. Raises Hidden for whoever neither works on it nor is asked."""
    with desk.store.read() as tx:
        held, actor = _found(tx, viewer, ref)
        case, lent = held.case, Lent(tx)
        names = people.names(tx, [person for one in case.namings for person in (one.by, *one.agreed)])
        body = wording.reading(desk, tx, viewer, case.id)
        refusals = {
            entry.event.no: entry.seq
            for entry, _ in cases.ledger_of(tx, case.id)
            if isinstance(entry.event, NameOpening) and entry.event.step == "refused"
        }

        return CustodyView(
            ref=held.ref,
            seq=_steps(case),
            roles=frozenset(one.role for one in actors(case, viewer)) & ROLES,
            zone=calendar_of(desk, lent, case).tz,
            asked=_why_not_ask(tx, lent, case, viewer),
            requests=tuple(
                Request(
                    view=_view(one, desk.now()),
                    by=names.get(one.by, ""),
                    agreed=tuple(names.get(person, "") for person in one.agreed),
                    reason=body(one.seq, "naming_reason"),
                    refusal=body(refusals.get(one.no, 0), "naming_refusal"),
                    mine=one.by == viewer.person,
                    why_not_agree=_why_not_agree(desk, lent, case, viewer, one, actor),
                    readable=one.by == viewer.person and _is_open(one, desk.now()),
                )
                for one in reversed(case.namings)
            ),
        )


def ask(desk: Desk, viewer: Viewer, ref: str, why: str, reason: str, *, seen: int, once: str = "") -> None:
    """An officer asks to read the name. Raises Hidden, Stale, Refused, or Invalid without a category and a reason."""
    with desk.store.write() as tx:
        held, _ = _found(tx, viewer, ref)
        if not first_time(desk, tx, once, viewer.person, ref, "ask"):
            return
        lent, case = Lent(tx), held.case
        _fresh(case, seen)
        refusal = _why_not_ask(tx, lent, case, viewer)
        if refusal:
            raise Refused(refusal)
        faults = {} if why in NAMING_REASONS else {"why": say("Choose one of these.")}
        if not reason.strip():
            faults["reason"] = say("Say in a sentence or two what you need the name for.")
        if faults:
            raise Invalid(faults)
        written = wording.draft(desk, {"naming_reason": reason[:LONGEST]})
        event = NameOpening("asked", len(case.namings) + 1, why, words=written.words)
        seats: list[Event] = [
            SeatTaken(Seat(no, CUSTODIAN, "person", person))
            for no, person in enumerate(_custodians(lent, case, viewer.person), _next_beside(case))
        ]
        officer = acting(case, viewer, OFFICE)
        ledger.append(tx, [entered(desk, lent, held, officer, event, written, (CUSTODIAN, "officer"), seats)])


def answer(desk: Desk, viewer: Viewer, ref: str, no: int, step: str, reason: str, *, seen: int, once: str = "") -> None:
    """Agree, refuse or take back request `no`. Raises Hidden, Stale, Refused, or Invalid for a no without a reason."""
    with desk.store.write() as tx:
        held, actor = _found(tx, viewer, ref)
        if not first_time(desk, tx, once, viewer.person, ref, step, str(no)):
            return
        lent, case = Lent(tx), held.case
        _fresh(case, seen)
        request = _request(case, no)
        if step == "taken_back":
            asks = request.by == viewer.person and step_at(request, desk.now()) == "asked"
            refusal = None if asks else _SETTLED
        elif step in ("agreed", "refused"):
            refusal = _why_not_agree(desk, lent, case, viewer, request, actor)
        else:
            raise Hidden
        if refusal:
            raise Refused(refusal)
        if step == "refused" and not reason.strip():
            raise Invalid({"reason": say("Say why it stays closed: whoever asked reads it.")})
        written = wording.draft(desk, {"naming_refusal": reason[:LONGEST]} if step == "refused" else {})
        event = _step(desk, request, actor, step, written)
        settled = event.step != "agreed"
        gone: list[Event] = [SeatLeft(seat.no, "settled") for seat in case.seated(CUSTODIAN)] if settled else []
        change = entered(desk, lent, held, actor, event, written, more=gone)
        if settled and request.by != viewer.person:
            told = Notice(request.by, "news", f"{case.id}/{change.entries[-1].seq}")
            change = replace(change, notices=(told,))
        ledger.append(tx, [change])


def read(desk: Desk, viewer: Viewer, ref: str, no: int) -> Mapping[str, str]:
    """Who complained, for whoever asked, while it is open; each reading is entered. Raises Hidden, Refused, vault.Sealed."""
    with desk.store.write() as tx:
        held, actor = _found(tx, viewer, ref)
        request = _request(held.case, no)
        if request.by != viewer.person:
            raise Hidden
        if not _is_open(request, desk.now()):
            raise Refused(say("It is closed again. If you still need it, ask once more."))
        item = cases.item_of(tx, held.case.id, wording.FILED, "identity")
        if item is None:
            raise Refused(say("The name is erased: its time was over. Nobody can open it any more."))
        found = wording.opened(desk, viewer, held.case.id, item)
        if found is None:
            raise Refused(say("This computer holds no key for names. Open it where names are opened."))
        event = NameOpening("read", no)
        ledger.append(tx, [entered(desk, Lent(tx), held, actor, event, wording.Draft())])
    return {name: said for name, said in json.loads(found).items() if said}


_SETTLED = say("This request is settled already. Load the page again.")


def _found(tx: Connection, viewer: Viewer, ref: str) -> tuple[ledger.Held, Actor]:
    """The case, and the seat in which this viewer speaks here: as a custodian where they are one."""
    held = find(tx, viewer, ref)
    mine = [actor for actor in actors(held.case, viewer) if actor.role in ROLES]
    if not mine:
        raise Hidden
    return held, next((actor for actor in mine if actor.role == CUSTODIAN), mine[0])


def _fresh(case: Case, seen: int) -> None:
    if _steps(case) != seen:
        raise Stale


def _steps(case: Case) -> int:
    """How many steps there were: a custodian reads nothing of a case, and not when something else is written in it."""
    return sum(1 + len(one.agreed) + one.read + (one.step != "asked") for one in case.namings)


def _request(case: Case, no: int) -> Naming:
    return or_hidden(next((one for one in case.namings if one.no == no), None))


def _next_beside(case: Case) -> int:
    every = (*case.seats, *(gone.seat for gone in case.left))
    return max((seat.no + 1 for seat in every if seat.no >= BESIDE), default=BESIDE)


def _custodians(lent: Lent, case: Case, without: str) -> Sequence[str]:
    """Whoever is on the programme's roster as one, but whoever asks and whoever the complaint is about."""
    away = {without, *case.named, *case.out}
    found = (one.person for one in lent.roster(case.programme) if one.function == CUSTODIAN)
    return sorted(person for person in set(found) if person not in away)


def _why_not_ask(tx: Connection, lent: Lent, case: Case, viewer: Viewer) -> Said | None:
    if not any(actor.role in OFFICE for actor in actors(case, viewer)):
        return say("Only an officer who works on this case can ask.")
    if case.anonymity == "anonymous" or cases.item_of(tx, case.id, wording.FILED, "identity") is None:
        return say("No name was given. There is nothing to open.")
    if sees_name("officer", case):
        return say("They want to be known to everybody in the case: their name stands on its page.")
    if any(one.step == "asked" for one in case.namings):
        return say("Somebody asks already. Wait until that is settled.")
    if not _custodians(lent, case, viewer.person):
        return say("This programme has no custodian beside you. An administrator puts somebody on the roster.")
    return None


def _why_not_agree(desk: Desk, lent: Lent, case: Case, viewer: Viewer, request: Naming, actor: Actor) -> Said | None:
    if step_at(request, desk.now()) != "asked":
        return _SETTLED
    if request.by == viewer.person:
        return say("Others have to agree, not whoever asks.")
    if viewer.person in request.agreed:
        return say("You have agreed. Somebody else has to as well.")
    if actor.role == CUSTODIAN and viewer.person not in _custodians(lent, case, request.by):
        return say("You are not a custodian of this programme any more.")
    return None


def _step(desk: Desk, request: Naming, actor: Actor, step: str, written: wording.Draft) -> NameOpening:
    custodian = actor.role == CUSTODIAN
    enough = len(request.agreed) + 1 >= VOICES and (custodian or request.custodian)
    if step == "agreed" and enough:
        return NameOpening("opened", request.no, custodian=custodian, until=desk.now() + OPEN)
    return NameOpening(step, request.no, custodian=custodian and step == "agreed", words=written.words)


def _is_open(one: Naming, now: datetime) -> bool:
    return one.step == "opened" and one.until is not None and now < one.until


def step_at(one: Naming, now: datetime) -> str:
    """Where a request stands at that moment, whether anybody has entered it or not: its step, lapsed, or closed again."""
    if one.step == "asked" and now >= one.at + LAPSES:
        return "lapsed"
    return "closed" if one.step == "opened" and not _is_open(one, now) else one.step


def _view(one: Naming, now: datetime) -> NamingView:
    step = step_at(one, now)
    until = one.at + LAPSES if step in ("asked", "lapsed") else one.until
    return NamingView(one.no, one.at, NAMING_REASONS[one.why], step, until, one.read)
