"""Tells the story of a case to one viewer: its timeline, messages and positions, with the texts that they may open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from grievance.casework import filing, linking, wording
from grievance.casework.desk import Bearer, Desk, Viewer
from grievance.casework.finding import told
from grievance.casework.parties import TextView
from grievance.casework.sent import Message, Translation
from grievance.casework.showing import prefilling, retaining
from grievance.casework.showing.exhibits import Exhibits
from grievance.casework.showing.headings import BULK, OTHER, READ_AS, reasons
from grievance.casework.showing.told import Told, as_one
from grievance.casework.views import Line
from grievance.core import events as e
from grievance.core.asks import ASKS
from grievance.core.case import Case
from grievance.core.evidence import numbers
from grievance.core.matters import LINKS, STEPS, Actor
from grievance.core.procedure import MARKS, ROLES, Move, Procedure
from grievance.core.purchasing import ORDER_REASONS
from grievance.core.visibility import (
    APART,
    MEETING,
    OFFICE,
    hides_actor,
    sees_mark,
    sees_move,
    sees_name,
    sees_position,
    sees_text,
)

Pairs = tuple[tuple[str, str], ...]
"""Texts or facts of a line, each under its heading."""


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
    body = wording.reading(desk, tx, viewer, case.id)
    entries = told(tx, case)
    beside = linking.known(tx, viewer, linking.named(entries))
    exhibits = Exhibits(case, mine, body, numbers(mine, case, entries))
    refs = {other: found.ref for other, found in beside.items()}
    teller = _Teller(case, mine, procedure, names, body, refs, exhibits)
    for entry in entries:
        (teller.in_bulk if isinstance(entry.event, BULK) else teller.tell)(entry)
    return teller.told(wording.clear(tx, case) if case.restated else {})


class _Teller:
    """Takes the entries in order and keeps of each what the viewer may see."""

    def __init__(
        self,
        case: Case,
        mine: tuple[Actor, ...],
        procedure: Procedure,
        names: Mapping[str, str],
        body: Callable[[int, str], str],
        beside: Mapping[str, str],
        exhibits: Exhibits,
    ) -> None:
        self.case, self.mine, self.procedure, self.names, self.body = case, mine, procedure, names, body
        self.beside, self.exhibits = beside, exhibits
        self.roles = tuple(actor.role for actor in mine)
        self.inside = bool(OFFICE & set(self.roles))
        self.lines: list[Line] = []
        self.messages: list[Message] = []
        self.own: dict[str, str] = {}
        self.name, self.reachable = "", False
        self.reasons: dict[int, str] = {}
        self.places: dict[int, str] = {}
        self.plans: dict[int, str] = {}
        self.proposed: list[TextView] = []
        self.translations: dict[int, tuple[Translation, ...]] = {}
        self.second: Line | None = None
        self.theirs: prefilling.Answers = {}
        self.entered: dict[str, datetime] = {}

    def told(self, clear: Mapping[str, str]) -> Told:
        return Told(
            lines=tuple(self.lines),
            messages=tuple(self.messages),
            own=self.own,
            clear=clear,
            reasons=self.reasons,
            name=self.name,
            reachable=self.reachable,
            evidence=self.exhibits.shown(),
            places=self.places,
            plans=self.plans,
            proposed=tuple(self.proposed),
            translations=self.translations,
            second=self.second,
            theirs=self.theirs,
            entered=self.entered,
        )

    def tell(self, entry: e.Entry) -> None:
        match entry.event:
            case e.Filed():
                self._filed(entry, entry.event)
            case e.MessageSent() | e.Translated() | e.ContactRead() if self._reads_own_words():
                self._message(entry)
            case e.Noted() | e.Assigned() | e.ReceiptHanded() | e.Erased() | e.HoldSet() if self.inside:
                self._office(entry)
            case e.Linked() | e.Unlinked() | e.HandedOn() as event if self.inside and event.case in self.beside:
                self._beside(entry, event)
            case e.EvidenceAdded() | e.EvidenceReleased() | e.OriginalTaken() as event:
                self._file(entry, event)
            case e.PositionTaken() as event if event.words:
                self._position(entry, event)
            case e.Decided() as event:
                self.reasons |= {int(name[8:]): self.body(entry.seq, name) for name in event.words}
            case e.ClockRecounted() | e.Marked() | e.SessionSet() | e.RemedyPlanned():
                self._dated(entry)
            case e.Moved():
                self._moved(entry, entry.event)

    def _reads_own_words(self) -> bool:
        return any(sees_text(role, "words", None, "", self.case) for role in self.roles)

    def _filed(self, entry: e.Entry, event: e.Filed) -> None:
        self.entered[event.stage] = entry.at
        if self._reads_own_words():
            self.lines.append(Line(entry.at, OTHER[e.Filed], ""))
        if "complainant" in self.roles:
            return  # they know who they are; what they wrote stands on a page of its own (`recalling.own_words`)
        if "identity" in event.words and any(sees_name(role, self.case) for role in self.roles):
            self.name = self.body(entry.seq, "identity")
        if self.inside:
            self.own |= {
                name: self.body(entry.seq, name) for name in event.words if name not in ("identity", "contact")
            }
            self.reachable = "contact" in event.words
            if entry.actor == filing.COMPLAINANT:  # neither the clock nor an officer who reported it for them
                self.theirs = prefilling.answered(event, beside=bool(self.case.links))

    def _position(self, entry: e.Entry, event: e.PositionTaken) -> None:
        if any(sees_position(one.role, event.seat, one.seat, self.case, said=entry.seq) for one in self.mine):
            written = self.body(entry.seq, "position_reasons")
            self.reasons[event.seat] = written or self.reasons.get(event.seat, "")

    def _message(self, entry: e.Entry) -> None:
        name = self.names.get(entry.actor.person, "") if self.inside else ""
        if isinstance(entry.event, e.ContactRead):
            self.lines.append(Line(entry.at, OTHER[e.ContactRead], ROLES[entry.actor.role], name))
            return
        if isinstance(entry.event, e.Translated):
            made = Translation(entry.at, entry.event.language, self.body(entry.seq, "translation"), name)
            self.translations[entry.event.of] = (*self.translations.get(entry.event.of, ()), made)
            return
        by, body = entry.actor.role, self.body(entry.seq, "message")
        self.messages.append(Message(entry.at, by in self.roles, by != "complainant", body, entry.seq))

    def _file(self, entry: e.Entry, event: e.EvidenceAdded | e.EvidenceReleased | e.OriginalTaken) -> None:
        if isinstance(event, e.EvidenceAdded):
            self.exhibits.add(entry, event)
        elif isinstance(event, e.EvidenceReleased):
            self.exhibits.release(entry, event)
        elif no := self.exhibits.taken(event):
            reason = self.body(entry.seq, "original_reason") if self._reads_own_words() else ""
            self.lines.append(retaining.taken(entry, no, reason))

    def _dated(self, entry: e.Entry) -> None:
        if isinstance(entry.event, e.ClockRecounted):
            self.lines.append(Line(entry.at, OTHER[type(entry.event)], "", clock=True))
        elif isinstance(entry.event, e.Marked):
            why = entry.event.why  # of any other mark the clock's move tells
            if why == ORDER_REASONS and any(sees_mark(role, why, self.case) for role in self.roles):
                self.lines.append(Line(entry.at, MARKS[why], "", clock=True))
        elif isinstance(entry.event, e.RemedyPlanned):
            written = (self.body(entry.seq, name) for name in ("plan", "plan_proof"))
            self.plans[entry.event.no] = "\n".join(filter(None, written))
        elif MEETING & set(self.roles):
            self.places[entry.seq] = self.body(entry.seq, "place")

    def _office(self, entry: e.Entry) -> None:
        if isinstance(entry.event, e.Erased | e.HoldSet):
            self.lines.append(retaining.line(entry, self.names, self.body))
            return
        written = self.body(entry.seq, "note" if isinstance(entry.event, e.Noted) else "assign_reason")
        self._beside_moves(entry, (("", written),) if written else ())

    def in_bulk(self, entry: e.Entry) -> None:
        """The complainant reads it too: nobody's complaint is put away without them."""
        if not self._reads_own_words():
            return
        self._beside_moves(entry, reasons(self.body(entry.seq, "set_aside_reason")))

    def _beside(self, entry: e.Entry, event: e.Linked | e.Unlinked | e.HandedOn) -> None:
        reason = next((self.body(entry.seq, name) for name in event.words), "")
        how = STEPS[event.step] if isinstance(event, e.HandedOn) else LINKS[event.kind]
        self._beside_moves(entry, reasons(reason), ((self.beside[event.case], how),))

    def _beside_moves(self, entry: e.Entry, texts: Pairs, facts: Pairs = ()) -> None:
        by, clock = entry.actor, entry.actor.role == e.CLOCK
        name = self.names.get(by.person, "") if self.inside and not hides_actor(by.role) else ""
        who = "" if clock else ROLES[by.role]
        self.lines.append(Line(entry.at, OTHER[type(entry.event)], who, name, texts, facts, clock=clock))

    def _moved(self, entry: e.Entry, event: e.Moved) -> None:
        if event.to != event.source:
            self.entered.pop(event.to, None)  # entered again: it stands where it was entered last
            self.entered[event.to] = entry.at
        move, by = self.procedure.moves[event.move], entry.actor.role
        own = entry.actor.seat in {actor.seat for actor in self.mine}
        between = move.name in self.procedure.between
        if any(sees_move(role, move, by, self.case, entry.at, between=between, own=own) for role in self.roles):
            self.lines.append(self._line(entry, event, move, own=own))
            if "ask_second" in move.does:
                self.second = self.lines[-1]
            if "settlement_text" in event.words and "propose_text" in move.does:
                text = self.body(entry.seq, "settlement_text")
                self.proposed.append(TextView(len(self.proposed) + 1, entry.at, ROLES[by], text))

    def _line(self, entry: e.Entry, event: e.Moved, move: Move, *, own: bool) -> Line:
        by, inside = entry.actor.role, self.inside
        texts = []
        for name in event.words:
            kept = ASKS[name].kept
            if any(sees_text(role, kept, move, by, self.case, own=own, said=entry.seq) for role in self.roles):
                text = self.body(entry.seq, name)
                if text:
                    texts.append((READ_AS.get(name, ASKS[name].label), text))
        facts = []
        for name, answer in event.answers.items():
            ask = ASKS.get(name)
            if ask and ask.choices and isinstance(answer, str) and (inside or as_one(self.mine, entry.actor)):
                facts.append((ask.label, ask.choices.get(answer, answer)))
        alone = move.name in self.procedure.automatic  # it happened by itself: nobody chose it
        who = "" if alone else ROLES.get(by, "")
        person = self.names.get(entry.actor.person, "") if inside and not hides_actor(by) else ""
        name = "" if alone else person or self._body_of(entry)
        return Line(
            entry.at,
            move.label,
            who,
            name,
            tuple(texts),
            tuple(facts),
            clock=by == e.CLOCK,
            chosen=not alone,
            mine=not inside and entry.actor in self.mine,  # the office reads who of them it was
            to=self.procedure.stages[event.to].label if event.to != event.source else "",
        )

    def _body_of(self, entry: e.Entry) -> str:
        """Of several who answer, which one acted; never a person outside the office."""
        several = len(self.case.seated(entry.actor.role)) > 1 and entry.actor.role in APART
        seat = self.case.seat(entry.actor.seat)
        return self.names.get(seat.holder, "") if several and seat and seat.kind == "body" else ""
