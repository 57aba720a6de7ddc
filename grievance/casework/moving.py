"""Moves a case: every move of every role goes through `fire`, and what the page showed as possible is what is possible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from grievance.casework import opening, signable, wording
from grievance.casework.desk import Bearer, Desk, Lent, Viewer, actors, sitting
from grievance.casework.entries import change_of, entered
from grievance.casework.finding import find, known
from grievance.casework.newest import newest
from grievance.casework.once import came_before, first_time
from grievance.core import machine
from grievance.core.case import Case
from grievance.core.effects import Given
from grievance.core.errors import Invalid, Refused, Stale, say
from grievance.core.events import Decided, Entry, MessageSent, Noted, PositionTaken
from grievance.core.matters import Actor
from grievance.core.visibility import SETTLED
from grievance.store import cases, ledger
from grievance.vault import Sealed


@dataclass(frozen=True, slots=True)
class Answers:
    """What came with a move: structured answers by ask, and texts by ask. Shape and bounds were checked at the door."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


def fire(
    desk: Desk, viewer: Viewer | Bearer, ref: str, move: str, answers: Answers, *, seen: int, once: str = ""
) -> Case:
    """Make a move in the case that was read at `seen`, and only once under a mark.

    Raises Hidden, Stale, Refused or Invalid; then nothing changed.
    """
    with desk.store.write() as tx:
        held = find(tx, viewer, ref)
        if not first_time(desk, tx, once, *_sent(viewer, ref, move)):
            return held.case
        shown, lent = known(tx, held.case, viewer), Lent(tx)
        if newest(desk, tx, shown, viewer) != seen:
            raise Stale
        day = sitting(desk, lent, held.case)
        actor = _actor(day.procedure.moves, held.case, viewer, move)
        written = wording.draft(desk, answers.texts)
        if shown is not held.case:  # what their page refuses is refused, though the case goes on unknown to them
            machine.fire(day, shown, move, actor, Given(answers.facts, written.words))
        fired = machine.fire(day, held.case, move, actor, Given(answers.facts, written.words))
        opened = opening.beside(desk, lent, fired, held, actor, answers.texts)
        entries, written = _reasons_opened(desk, tx, held, opened.entries, written)
        change = change_of(desk, lent, held, opened.case, entries, written, fired.tells)
        ledger.append(tx, [change, *opened.beside])
        signable.letters(desk, tx, [change])
        return opened.case


def made_before(desk: Desk, viewer: Viewer | Bearer, ref: str, move: str, once: str) -> bool:
    """Whether this viewer made this move from the very page with this mark: the answer was lost, or tapped twice."""
    return came_before(desk, once, *_sent(viewer, ref, move))


def _sent(viewer: Viewer | Bearer, ref: str, what: str) -> tuple[str, str, str]:
    return (viewer.tag.hex() if isinstance(viewer, Bearer) else viewer.person, ref, what)


def write_message(desk: Desk, viewer: Viewer | Bearer, ref: str, body: str, once: str = "") -> None:
    """A message between the complainant and the office; it moves nothing. Sent twice under one mark, it is one message."""
    _say(desk, viewer, ref, "message", body, MessageSent, {"complainant": ("officer",)}, once)


def write_note(desk: Desk, viewer: Viewer, ref: str, body: str, once: str = "") -> None:
    """A note that only the office reads."""
    _say(desk, viewer, ref, "note", body, Noted, {}, once)


def _actor(moves: Mapping[str, Any], case: Case, viewer: Viewer | Bearer, move: str) -> Actor:
    """The seat of the viewer that may make this move, or their first one, whose refusal then says why."""
    held = actors(case, viewer)
    by = moves[move].by if move in moves else ()
    return next((actor for actor in held if actor.role in by), held[0])


def _say(
    desk: Desk,
    viewer: Viewer | Bearer,
    ref: str,
    name: str,
    body: str,
    kind: type[MessageSent | Noted],
    tells: Mapping[str, tuple[str, ...]],
    once: str,
) -> None:
    if not body.strip():
        raise Invalid({name: say("Write something first.")})
    with desk.store.write() as tx:
        held = find(tx, viewer, ref)
        actor = next((a for a in actors(held.case, viewer) if a.role in ("complainant", "officer", "relief")), None)
        if held.case.erased_at is not None:
            raise Refused(
                say("The words of this case are erased, and its number opens nothing: nobody would read this.")
            )
        if actor is None:
            raise Refused(say("Only the complainant and the case office write to each other here."))
        if not first_time(desk, tx, once, *_sent(viewer, ref, name), body):
            return
        written = wording.draft(desk, {name: body})
        change = entered(desk, Lent(tx), held, actor, kind(written.words), written, tells.get(actor.role, ()))
        ledger.append(tx, [change])


def _reasons_opened(
    desk: Desk, tx: Connection, held: ledger.Held, entries: tuple[Entry, ...], written: wording.Draft
) -> tuple[tuple[Entry, ...], wording.Draft]:
    """A decision opens to the parties what the panellists wrote, under the seat: it is sealed again, for more readers.

    Only a panel's process can open the deliberation; elsewhere the decision stands without the reasons of the seats. What
    counts no more, as what was thought before a case was opened again, a decision opens to nobody.
    """
    old = held.case.unopened
    decided_by_panel = (i for i, e in enumerate(entries) if isinstance(e.event, Decided) and e.event.how != SETTLED)
    at = next(decided_by_panel, None)
    if at is None:
        return entries, written
    bodies: dict[str, str] = {}
    taken = {
        entry.seq: entry.event.seat
        for entry, _ in cases.ledger_of(tx, held.case.id)
        if isinstance(entry.event, PositionTaken)
    }
    for item in cases.items_of(tx, held.case.id):
        if item.name == "position_reasons" and taken.get(item.seq, 0) in held.case.positions and item.seq > old:
            bodies[f"reasons_{taken[item.seq]}"] = _deliberation(desk, held.case.id, item)
    bodies |= {
        f"reasons_{entry.event.seat}": written.bodies["position_reasons"]
        for entry in entries
        if isinstance(entry.event, PositionTaken) and "position_reasons" in written.bodies
    }
    opened = wording.draft(desk, {name: body for name, body in bodies.items() if held.case.seat(int(name[8:]))})
    decided = entries[at].event
    if not isinstance(decided, Decided):
        return entries, written
    entry = replace(entries[at], event=replace(decided, words=opened.words))
    merged = wording.Draft({**written.bodies, **opened.bodies}, {**written.salts, **opened.salts})
    return (*entries[:at], entry, *entries[at + 1 :]), merged


def _deliberation(desk: Desk, case_id: str, item: ledger.Item) -> str:
    try:
        return wording.opened(desk, Viewer("", "", ""), case_id, item) or ""
    except Sealed:
        return ""
