"""Limits begin, ring and end."""

from __future__ import annotations

from dataclasses import replace

from grievance.core import events as e
from grievance.core.case import Case, Clock, changed
from grievance.core.fold.folding import folds, renewed


@folds(e.ClockSet)
def clock_set(case: Case, event: e.ClockSet, _: e.Entry) -> Case:
    clock = Clock(
        event.no,
        event.name,
        event.limit,
        event.due_at,
        event.rings,
        event.extended,
        start=event.start,
        rungs=event.rungs,
    )
    # An agreement to more time is used up by the time that it gave: the next extension needs a new one.
    said = {move: seats for move, seats in case.said.items() if not (event.extended and move == "agree_extension")}
    return changed(case, clocks=(*case.clocks, clock), next_clock=max(case.next_clock, event.no + 1), said=said)


@folds(e.ClockRecounted)
def clock_recounted(case: Case, event: e.ClockRecounted, _: e.Entry) -> Case:
    clocks = renewed(case.clocks, event.no, due_at=event.due_at, rings=event.rings, rungs=event.rungs)
    return changed(case, clocks=clocks)


@folds(e.ClockStopped)
def clock_stopped(case: Case, event: e.ClockStopped, _: e.Entry) -> Case:
    return changed(case, clocks=tuple(clock for clock in case.clocks if clock.no != event.no))


@folds(e.TaskDone)
def task_done(case: Case, event: e.TaskDone, _: e.Entry) -> Case:
    clocks = (replace(one, done=(*one.done, event.seat)) if one.no == event.clock else one for one in case.clocks)
    return changed(case, clocks=tuple(clocks))


@folds(e.Rang)
def rang(case: Case, event: e.Rang, _: e.Entry) -> Case:
    return changed(case, clocks=renewed(case.clocks, event.clock, rang=event.rung + 1))
