"""Tells people: which notices an entry causes, and how the outbox is emptied. A notice says nothing of a case."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from grievance.casework.desk import Desk, Lent, Tampered
from grievance.core.case import Case
from grievance.core.events import CLOCK, ClockRecounted, Entry, Moved, Rang
from grievance.core.procedure import TURNS
from grievance.notices import Notice as Letter
from grievance.notices import write
from grievance.store import outbox, stands
from grievance.store.ledger import Notice

log = logging.getLogger(__name__)

TRIES = 8
"""After so many failures in a row (about a day) a notice is dead: it stays in the outbox as such."""

LINK = "letter"
"""What a link that waits in the outbox is sealed for."""

LENT = timedelta(minutes=5)
"""How long a claimed notice is left to the one who claimed it; sending one takes seconds."""


def notices(lent: Lent, case: Case, entries: tuple[Entry, ...], roles: Iterable[str]) -> tuple[Notice, ...]:
    """One notice for each person who holds one of these roles; somebody with two roles hears once.

    The most urgent kind wins: missed (the clock moved on), turn (it is your turn now), reminder, news.
    """
    cause = f"{case.id}/{entries[-1].seq}"
    by_clock = any(isinstance(entry.event, Moved) and entry.actor.role == CLOCK for entry in entries)
    only_rang = isinstance(entries[-1].event, Rang)
    recounted = isinstance(entries[-1].event, ClockRecounted)
    kinds: dict[str, str] = {}
    actor = entries[-1].actor.person
    for role in roles:
        kind = "date" if recounted else _kind(case, role, by_clock=by_clock, only_rang=only_rang)
        for person in recipients(lent, case, role):
            if person != actor and RANK[kind] > RANK.get(kinds.get(person, ""), 0):
                kinds[person] = kind
    return tuple(Notice(person, kind, cause) for person, kind in sorted(kinds.items()))


RANK = {"news": 1, "date": 2, "reminder": 3, "turn": 4, "missed": 5}


def recipients(lent: Lent, case: Case, role: str) -> tuple[str, ...]:
    """The people behind a role. Nobody for the complainant: the receipt is the only way to them."""
    if role == "officer" and case.assignee:
        return (case.assignee,)
    if role == "coordinator":
        return tuple(p for seat in case.seated("officer") for p in lent.members(seat.holder, "coordinator"))
    if role == "chair":
        return tuple(one.person for one in lent.roster(case.programme) if one.function == "chair")
    found: list[str] = []
    for seat in case.seated(role):
        if seat.kind == "person":
            found.append(seat.holder)
        elif seat.kind == "body":
            found += lent.members(seat.holder)
    return tuple(found)


def _kind(case: Case, role: str, *, by_clock: bool, only_rang: bool) -> str:
    if only_rang:
        return "reminder"
    if by_clock and role in ("coordinator", "chair"):
        return "missed"
    return "turn" if role in TURNS[case.turn][1] else "news"


def deliver(desk: Desk, send: Callable[[str, Letter], None], most: int = 100) -> int:
    """Send what waits, through `send(mail, letter)`; what fails is tried again later, ever more rarely. Returns how many.

    Each notice is claimed, sent and settled by itself, and no transaction is open while it is sent: a slow mail server
    holds up nobody who files, and a crash sends at most that one twice.
    """
    for done in range(most):
        with desk.store.write() as tx:
            silent = stands.state(tx) == stands.SILENT
            letter = None if silent else outbox.claim_letter(tx, desk.now(), desk.now() + LENT)
        if letter is None:
            return done
        tries, state, wait = letter.tries + 1, "sent", timedelta()
        try:
            link = desk.vault.open_cookie(LINK, letter.sealed).decode() if letter.sealed else ""
            send(letter.mail, write(letter.kind, letter.language, link))
        except (
            OSError,
            ValueError,
            KeyError,
            Tampered,
        ) as error:  # the server, the address, the kind: the next one may do better
            log.warning("a notice could not be sent: %s", type(error).__name__)
            state, wait = "dead" if tries >= TRIES else "waiting", timedelta(minutes=2**tries)
        with desk.store.write() as tx:
            outbox.settle_letter(tx, letter.id, state, tries, desk.now() + wait)
    return most
