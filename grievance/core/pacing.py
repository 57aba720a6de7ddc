"""Says which clocks stop and which begin when a case moves: the stage's own, what rings on after a miss, those beside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from grievance.core import clocks
from grievance.core import events as e
from grievance.core.case import Case
from grievance.core.deadlines import SideClock
from grievance.core.effects import Given
from grievance.core.matters import Actor
from grievance.core.procedure import AFTER, TURNS, Move, Procedure
from grievance.core.seating import Sitting


def stopped(procedure: Procedure, before: Case, after: Case, role: str) -> Iterator[e.Event]:
    """What does not run any more after `role` moved the case from `before` to `after`.

    The clock of a stage that was left; what rang on after a miss, once somebody of that turn acts; and all of them where
    the case ends, or is opened again: whoever was to hear of its end later has nothing to hear.
    """
    left = after.stage != before.stage
    for clock in before.clocks:
        missed = procedure.stages.get(clock.name.removesuffix(AFTER)) if clock.name.endswith(AFTER) else None
        acted = missed is not None and role in TURNS[missed.turn][1]
        over = left and (after.final or before.final)
        if over or acted or (left and clock.name in (before.stage, before.stage + AFTER)):
            yield e.ClockStopped(clock.no)


def entered(sitting: Sitting, case: Case, move: Move, source: str) -> e.ClockSet:
    """The clock of the stage that the case has just entered from `source`."""
    limit = sitting.procedure.limit_after(move, source)
    return clocks.stage_clock(case, sitting.procedure.stages[case.stage], sitting.at, sitting.calendar, limit)


def rings_on(sitting: Sitting, case: Case, move: Move, before: Case) -> Iterator[e.ClockSet]:
    """What goes on ringing where it was the clock that moved the case out of a stage."""
    left, clock = sitting.procedure.stages[before.stage], before.stage_clock
    if clock and left.after and move.name in left.late:
        yield clocks.missed_clock(case, left, clock, sitting.calendar)


def beside(sitting: Sitting, case: Case, move: Move, given: Given) -> Iterator[e.Event]:
    """One of ours starts once; one of the law, a task, and one that tells after the end start anew with each move."""
    for side in sitting.procedure.clocks.values():
        if move.name not in side.starts or any(given.answers.get(ask) != said for ask, said in side.when.items()):
            continue
        if side.wants and not case.seated(*TURNS[side.turn][1]):
            continue  # where no brand buys, nobody is waited for
        if side.counts or side.wants:
            running = case.clock(side.name)
            if running:
                yield e.ClockStopped(running.no)
        day = date.fromisoformat(str(given.answers[side.counts])) if side.counts else None
        anew = side.counts or side.wants or side.after_end
        if anew or sum(case.moved.get(name, 0) for name in side.starts) == 1:
            yield clocks.side_clock(case, side, sitting.at, sitting.calendar, day)


def tasks(procedure: Procedure, case: Case, move: Move, actor: Actor) -> Iterator[e.Event]:
    """Whoever does what a task wants has done it."""
    for side in procedure.clocks.values():
        clock = case.clock(side.name) if side.wants == move.name else None
        if clock and actor.seat not in clock.done:
            yield e.TaskDone(clock.no, actor.seat)


def unowed(procedure: Procedure, case: Case) -> Iterator[e.Event]:
    """The clocks of tasks that nobody owes any more: everybody who sits there has done them, or has left."""
    for side in procedure.clocks.values():
        clock = case.clock(side.name) if side.wants else None
        if clock and all(seat.no in clock.done for seat in case.seated(*TURNS[side.turn][1])):
            yield e.ClockStopped(clock.no)


def owed(procedure: Procedure, case: Case, role: str, seat: int) -> Iterator[SideClock]:
    """The tasks that wait for this seat."""
    for side in procedure.clocks.values():
        clock = case.clock(side.name) if side.wants and role in TURNS[side.turn][1] else None
        if clock and seat not in clock.done:
            yield side
