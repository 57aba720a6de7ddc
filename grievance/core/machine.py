"""Fires moves: from a case and a move to the events that follow, or `Refused` with the reason that the page shows too.

The state machine is one `transitions.Machine` a procedure version, shared by all cases and fired on a throw-away token;
guards are asked first through `rules.why_not`, so that a page and a refusal give one and the same reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from transitions import Machine, MachineError

from grievance.core import clocks, pacing
from grievance.core import events as e
from grievance.core.calendar import Calendar
from grievance.core.case import Case, Clock
from grievance.core.deadlines import Rung
from grievance.core.effects import EFFECTS, Given
from grievance.core.errors import Refused, Said, say
from grievance.core.fold import apply
from grievance.core.grace import asks_of, must_say_why
from grievance.core.matters import Actor, Seat
from grievance.core.procedure import AFTER, TURNS, Move, Procedure, starts_in
from grievance.core.rules import Question, why_not
from grievance.core.seating import Sitting, must_leave, relieved, seats_for

NOTHING = Given()
TIME = Actor(e.CLOCK)
TIED = say("You may not sit in this case any more, so somebody else takes your seat.")
COMPLAINANT = Actor("complainant", 1)


@dataclass(frozen=True, slots=True)
class Fired:
    """What a move led to: the entries to append, in order, the case after them, who is to be told, and what it opens.

    `opens` names the kinds of case (procedure.OPENS) that the caller opens beside this one, in the same append.
    """

    entries: tuple[e.Entry, ...]
    case: Case
    tells: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()


class _Run:
    """Collects entries and keeps the case current while one move, and what follows at once from it, happens."""

    def __init__(self, sitting: Sitting, case: Case, actor: Actor) -> None:
        self.sitting, self.case, self.actor = sitting, case, actor
        self.entries: list[e.Entry] = []
        self.tells: dict[str, None] = {}
        self.opens: dict[str, None] = {}

    def note(self, events: Iterable[e.Event], actor: Actor | None = None) -> None:
        for event in events:
            entry = e.Entry(self.case.seq + 1, self.sitting.at, actor or self.actor, event)
            self.entries.append(entry)
            self.case = apply(self.case, entry)

    def result(self) -> Fired:
        return Fired(tuple(self.entries), self.case, tuple(self.tells), tuple(self.opens))


def file(
    sitting: Sitting,
    case_id: str,
    filed: e.Filed,
    seats: Sequence[Seat],
    *,
    by: Actor = COMPLAINANT,
    also: Iterable[e.Event] = (),
) -> Fired:
    """A case begins: it is filed `by` somebody, the receipt and the office are seated, and the first clock runs.

    `also` is what is known of it from the start. Where no seat is an officer's, it begins where the procedure says.
    """
    run = _Run(sitting, Case(id=case_id), by)
    procedure = sitting.procedure
    stage = procedure.stages[procedure.start_in(filed.lane, office=any(seat.role == "officer" for seat in seats))]
    filed = replace(filed, procedure=procedure.key, stage=stage.id, turn=stage.turn)
    run.note([filed, *also, *map(e.SeatTaken, seats)])
    for wanted in stage.seats:
        run.note(seats_for(sitting, run.case, wanted))
    run.note([clocks.stage_clock(run.case, stage, sitting.at, sitting.calendar)])
    run.tells.update(dict.fromkeys(("officer", *TURNS[stage.turn][1])))
    return run.result()


def fire(sitting: Sitting, case: Case, name: str, actor: Actor, given: Given = NOTHING) -> Fired:
    """The events of one move by `actor`. Raises Refused with the reason, or Invalid where an answer does not fit."""
    move = sitting.procedure.moves.get(name)
    if move is None or (name in sitting.procedure.automatic and actor.role != e.CLOCK):
        raise Refused(say("There is no such move here."))
    run = _Run(sitting, case, actor)
    _relieve(run)
    if actor.seat and run.case.seat(actor.seat) is None:
        raise Refused(TIED)
    _make(run, move, given)
    return run.result()


def relieve(sitting: Sitting, case: Case) -> Fired:
    """Whoever may not sit any more makes room; no entries where everybody may."""
    run = _Run(sitting, case, TIME)
    _relieve(run)
    return run.result()


def ring(sitting: Sitting, case: Case, clock: Clock) -> Fired:
    """The next ring of a clock: a reminder, a rung, or what silence leads to. The caller checks that it is due."""
    run = _Run(sitting, case, TIME)
    procedure, last = sitting.procedure, clock.rang == len(clock.rings) - 1
    _relieve(run)
    run.note([e.Rang(clock.no, clock.rang, last, clock.rung)])
    if clock.name in procedure.stages:
        stage = procedure.stages[clock.name]
        if last:
            _make(run, _late_move(run, stage.late), NOTHING)
        elif clock.rung:
            _rung(run, clocks.rung_of(stage.rungs, clock.rung))
        else:
            run.tells.update(dict.fromkeys(TURNS[stage.turn][1]))
        return run.result()
    if clock.name in procedure.clocks:
        side = procedure.clocks[clock.name]
        # Only whose task it is has to be reminded; when the time is over, everybody hears who did nothing.
        tells = TURNS[side.turn][1] if side.wants and not last else side.tells
        _causes(run, side.does if last else (), tells)
    else:
        _rung(run, clocks.rung_of(procedure.stages[clock.name.removesuffix(AFTER)].after, clock.rung))
    if last:
        run.note([e.ClockStopped(clock.no)])
    return run.result()


def possible(sitting: Sitting, case: Case, actor: Actor) -> list[tuple[Move, Said | None]]:
    """The moves that this actor's role can ever make from here, each with None or the reason why not now."""
    question = _question(sitting, case, actor)
    seat = case.seat(actor.seat)
    tied = TIED if seat and must_leave(sitting, case, seat) else None
    return [
        (move, tied or why_not(question, move))
        for move in sitting.procedure.moves_from[case.stage]
        if actor.role in move.by and move.name not in sitting.procedure.automatic
    ]


def silence_leads_to(procedure: Procedure, calendar: Calendar, case: Case, at: datetime) -> Move | None:
    """The move that the clock would make if nobody acted from now on."""
    question = Question(case, procedure, calendar, TIME, at)
    late = [procedure.moves[name] for name in procedure.stages[case.stage].late]
    return next((move for move in late if why_not(question, move) is None), None)


def _question(sitting: Sitting, case: Case, actor: Actor) -> Question:
    return Question(case, sitting.procedure, sitting.calendar, actor, sitting.at)


def _late_move(run: _Run, names: tuple[str, ...]) -> Move:
    question = _question(run.sitting, run.case, run.actor)
    moves = [run.sitting.procedure.moves[name] for name in names]
    return next((move for move in moves if why_not(question, move) is None), moves[-1])


def _make(run: _Run, move: Move, given: Given) -> None:
    """One move: its guards, its effects, itself; then the stage it enters, and what happens there at once."""
    before, first = run.case, len(run.entries)
    target = _target(run, move)
    must_say_why(asks_of(run.sitting.procedure, before, move, run.actor.role, run.sitting.at), given.words)
    for name in move.does:
        run.note(EFFECTS[name].causes(run.sitting, run.case, run.actor, given))
    stage = run.sitting.procedure.stages[target]
    carried = {name for entry in run.entries[first:] for name in getattr(entry.event, "words", ())}
    words = {name: commitment for name, commitment in given.words.items() if name not in carried}
    counted = move.name in run.sitting.procedure.counted
    run.note([e.Moved(move.name, before.stage, target, stage.turn, stage.final, given.answers, words, counted)])
    run.tells.update(dict.fromkeys(move.tells))
    if move.opens:
        run.opens[move.opens] = None
    procedure = run.sitting.procedure
    run.note(pacing.stopped(procedure, before, run.case, run.actor.role))
    if target != before.stage:
        run.note(_entered(run, move, before))
    run.note(pacing.tasks(procedure, run.case, move, run.actor))
    run.note(pacing.beside(run.sitting, run.case, move, given))
    _relieve(run)
    run.note(pacing.unowed(procedure, run.case))
    _at_once(run)


def _rung(run: _Run, rung: Rung | None) -> None:
    if rung:
        _causes(run, rung.does, rung.tells)


def _causes(run: _Run, does: Iterable[str], tells: Iterable[str]) -> None:
    """What rings tells, and causes what the clock may cause."""
    for name in does:
        run.note(EFFECTS[name].causes(run.sitting, run.case, run.actor, NOTHING))
    run.tells.update(dict.fromkeys(tells))


def _relieve(run: _Run) -> None:
    """It is the clock that relieves: nobody says who sits."""
    before = len(run.entries)
    run.note(relieved(run.sitting, run.case), TIME)
    if len(run.entries) > before:
        run.tells.update(dict.fromkeys(("officer", "panel", "neutral", "mediator")))


def _entered(run: _Run, move: Move, before: Case) -> Iterator[e.Event]:
    stage = run.sitting.procedure.stages[run.case.stage]
    if stage.final:
        return
    if run.actor.role == e.CLOCK:
        yield from pacing.rings_on(run.sitting, run.case, move, before)
    for wanted in stage.seats:
        # What is seated first changes the case that the next draw looks at: `note` drains this generator step by step.
        yield from seats_for(run.sitting, run.case, wanted)
    yield pacing.entered(run.sitting, run.case, move, before.stage)


def _at_once(run: _Run) -> None:
    question = _question(run.sitting, run.case, run.actor)
    for name in run.sitting.procedure.stages[run.case.stage].at_once:
        move = run.sitting.procedure.moves[name]
        if why_not(question, move) is None:
            _make(run, move, NOTHING)
            return


def _target(run: _Run, move: Move) -> str:
    """Asks the guards, then lets the shared machine move a token."""
    reason = why_not(_question(run.sitting, run.case, run.actor), move)
    if reason is not None:
        raise Refused(reason)
    token = _Token(run.case.stage)
    try:
        _machine(run.sitting.procedure).events[move.name].trigger(token)
    except MachineError as error:
        raise Refused(say("The case is not at a stage where this can be done.")) from error
    return token.state


class _Token:
    """What `transitions` moves: it lives for one move."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


_BUILT: dict[int, tuple[Procedure, Machine]] = {}
"""One machine a procedure, keyed by identity; the procedure is kept beside it so that its id stays its own."""


def _machine(procedure: Procedure) -> Machine:
    if id(procedure) not in _BUILT:
        _BUILT[id(procedure)] = (procedure, _build(procedure))
    return _BUILT[id(procedure)][1]


def _build(procedure: Procedure) -> Machine:
    arrows: list[dict[str, Any]] = [
        {"trigger": move.name, "source": stage.id, "dest": move.to or stage.id}
        for move in procedure.moves.values()
        for stage in procedure.stages.values()
        if starts_in(move, stage)
    ]
    return Machine(
        model=None,
        states=list(procedure.stages),
        transitions=arrows,
        initial=procedure.start,
        auto_transitions=False,
        send_event=True,
    )
