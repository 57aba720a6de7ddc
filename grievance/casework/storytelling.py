"""Tells the story of a case to one viewer: its timeline, messages and positions, with the texts that they may open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from grievance.casework import wording
from grievance.casework.desk import Bearer, Desk, Viewer
from grievance.casework.views import Line, Message, SeatView
from grievance.core import events as e
from grievance.core.asks import ASKS
from grievance.core.case import Case
from grievance.core.errors import say
from grievance.core.matters import Actor
from grievance.core.panel import complete
from grievance.core.procedure import ROLES, Move, Procedure
from grievance.core.visibility import OFFICE, hides_actor, sees_move, sees_name, sees_position, sees_text
from grievance.store import cases

OTHER: Mapping[type[e.Event], str] = {
    e.Filed: say("The complaint arrived").text,
    e.Assigned: say("An officer took the case").text,
    e.Noted: say("Note of the office").text,
}
"""Entries beside moves that have a line of their own; the rest is part of the move that caused it."""

READ_AS: Mapping[str, str] = {
    "body": say("The other body").text,
    "comment": say("Comment on the answer").text,
    "greeting": say("First word to the complainant").text,
    "handover": say("How the body confirmed").text,
    "other_ways": say("Other ways").text,
    "own_words": say("In their own words").text,
    "plan": say("Plan").text,
    "proof": say("What was done, and how it can be seen").text,
    "questions": say("Questions").text,
    "settlement_text": say("Text of the settlement").text,
    "statement": say("Statement").text,
}
"""How a text is headed when others read it, where the label of the question speaks to whoever writes."""


@dataclass(frozen=True, slots=True)
class Told:
    """The story as far as this viewer may read it. `reasons` maps a seat to what it wrote; `own` holds own words."""

    lines: tuple[Line, ...]
    messages: tuple[Message, ...]
    own: Mapping[str, str]
    clear: Mapping[str, str]
    reasons: Mapping[int, str]
    name: str  # the identity as it was given, where the viewer may know it
    entered: Mapping[str, datetime]  # stage → when it was entered last, in the order of the path taken


def read(
    desk: Desk,
    tx: Connection,
    viewer: Viewer | Bearer,
    case: Case,
    mine: tuple[Actor, ...],
    procedure: Procedure,
    names: Mapping[str, str],
) -> Told:
    """The story of a case for somebody who holds the seats `mine` in it."""
    sealed = {(item.seq, item.name): item for item in cases.items_of(tx, case.id)}
    roles = tuple(actor.role for actor in mine)
    lines: list[Line] = []
    messages: list[Message] = []
    own: dict[str, str] = {}
    name = ""
    reasons: dict[int, str] = {}
    entered: dict[str, datetime] = {}

    def body(seq: int, name: str) -> str:
        item = sealed.get((seq, name))
        return (wording.opened(desk, viewer, case.id, item) if item else None) or ""

    for entry, _ in cases.ledger_of(tx, case.id):
        event, by = entry.event, entry.actor.role
        match event:
            case e.Filed():
                if "identity" in event.words and any(sees_name(role, case) for role in roles):
                    name = body(entry.seq, "identity")
                entered[event.stage] = entry.at
                if any(sees_text(role, "words", None, by) for role in roles):
                    own |= {name: body(entry.seq, name) for name in event.words}
                    lines.append(Line(entry.at, OTHER[e.Filed], ""))
            case e.MessageSent():
                if any(sees_text(role, "words", None, by) for role in roles):
                    text = body(entry.seq, "message")
                    messages.append(Message(entry.at, by in roles, by != "complainant", text))
            case e.Noted() | e.Assigned() if OFFICE & set(roles):
                texts = (("", body(entry.seq, "note")),) if isinstance(event, e.Noted) else ()
                lines.append(Line(entry.at, OTHER[type(event)], ROLES[by], names.get(entry.actor.person, ""), texts))
            case e.PositionTaken():
                if any(sees_position(r, event.seat, _seat(mine, r), case) for r in roles) and event.words:
                    reasons[event.seat] = body(entry.seq, "position_reasons") or reasons.get(event.seat, "")
            case e.Decided():
                reasons |= {int(name[8:]): body(entry.seq, name) for name in event.words}
            case e.Moved():
                if event.to != event.source:
                    entered.pop(event.to, None)
                    entered[event.to] = entry.at
                move = procedure.moves[event.move]
                if any(sees_move(role, move, by, case, entry.at) for role in roles):
                    lines.append(_line(entry, event, move, roles, names, body))
    return Told(tuple(lines), tuple(messages), own, _clear(tx, case), reasons, name, entered)


def seats(case: Case, mine: tuple[Actor, ...], names: Mapping[str, str], told: Told) -> tuple[SeatView, ...]:
    """The panel's seats side by side, each with its position as far as the viewer may see it."""
    numbers = {actor.seat for actor in mine}
    inside = any(actor.role in ("panel", "neutral", "officer", "relief") for actor in mine)
    views = []
    for seat in case.seated("panel", "neutral"):
        open_to_me = any(sees_position(a.role, seat.no, a.seat, case) for a in mine)
        state = "none" if not complete(case, seat.no) else "open" if open_to_me else "sealed"
        views.append(
            SeatView(
                no=seat.no,
                side=seat.side,
                role=seat.role,
                name=names.get(seat.holder, "") if inside else "",
                mine=seat.no in numbers,
                state=state,
                outcomes=case.positions.get(seat.no, {}) if state == "open" else {},
                reasons=told.reasons.get(seat.no, "") if state == "open" else "",
                dissents=seat.no in case.dissent,
            )
        )
    return tuple(views)


def _seat(mine: tuple[Actor, ...], role: str) -> int:
    return next((actor.seat for actor in mine if actor.role == role), 0)


def _clear(tx: Connection, case: Case) -> dict[str, str]:
    return {text.name: text.body for text in cases.texts_of(tx, case.id)}


def _line(
    entry: e.Entry,
    event: e.Moved,
    move: Move,
    roles: tuple[str, ...],
    names: Mapping[str, str],
    body: object,
) -> Line:
    by = entry.actor.role
    texts = []
    for name in event.words:
        if any(sees_text(role, ASKS[name].kept, move, by) for role in roles) and callable(body):
            text = body(entry.seq, name)
            if text:
                texts.append((READ_AS.get(name, ASKS[name].label), text))
    facts = []
    for name, answer in event.answers.items():
        ask = ASKS.get(name)
        if ask and ask.choices and isinstance(answer, str) and (OFFICE & set(roles) or by in roles):
            facts.append((ask.label, ask.choices.get(answer, answer)))
    who = "" if by == e.CLOCK else ROLES.get(by, "")
    name = "" if hides_actor(by) or not OFFICE & set(roles) else names.get(entry.actor.person, "")
    return Line(entry.at, move.label, who, name, tuple(texts), tuple(facts), clock=by == e.CLOCK)
