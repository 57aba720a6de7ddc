"""Which clocks a move stops and which it starts, beside the one of the stage that it enters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from grievance.core import clocks
from grievance.core import events as e
from grievance.core.case import Case
from grievance.core.effects import Given
from grievance.core.procedure import AFTER, TURNS, Move, Procedure
from grievance.core.seating import Sitting


def stopped(procedure: Procedure, before: Case, case: Case, move: Move, role: str) -> Iterator[e.Event]:
    """What was waited for in a stage that was left or by what this move answers; what rang after a miss; at the end, all."""
    left = case.stage != before.stage
    for clock in before.clocks:
        missed = procedure.stages.get(clock.name.removesuffix(AFTER)) if clock.name.endswith(AFTER) else None
        acted = missed is not None and role in TURNS[missed.turn][1]
        side = procedure.clocks.get(clock.name)
        answered = side is not None and move.name in side.ends
        if case.final or acted or answered or (left and clock.name in (before.stage, before.stage + AFTER)):
            yield e.ClockStopped(clock.no)


def started(sitting: Sitting, case: Case, move: Move, given: Given) -> Iterator[e.Event]:
    """One of ours starts once, or anew each time it waits for an answer; one of the law with each date that is named."""
    for side in sitting.procedure.clocks.values():
        if move.name not in side.starts or any(given.answers.get(ask) != said for ask, said in side.when.items()):
            continue
        running, day = case.clock(side.name), None
        if side.counts:
            if running:
                yield e.ClockStopped(running.no)
            day = date.fromisoformat(str(given.answers[side.counts]))
        elif running or (not side.ends and sum(case.moved.get(name, 0) for name in side.starts) != 1):
            continue
        yield clocks.side_clock(case, side, sitting.at, sitting.calendar, day)
        case = replace(case, next_clock=case.next_clock + 1)
