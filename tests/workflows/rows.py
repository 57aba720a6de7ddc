"""One walk through a procedure, reckoned over every filing day of 2026: the rows of the lawyers' tables, one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from grievance.core.proof.reckoning import EVENING, MOMENT, Reckoner
from grievance.core.proof.silence import VOICES
from tests.workflows.proofs import LAWBOOK

YEAR = 2026


@dataclass(frozen=True)
class Most:
    """The most days until a stage was entered, and a filing day with which it takes so long."""

    days: int
    filed: date


@cache
def reckoner_of(key: str) -> Reckoner:
    """Reckons by one procedure; what it has counted once it knows."""
    procedure = LAWBOOK.procedure(key)
    return Reckoner(procedure, LAWBOOK.calendar_of(procedure))


def row(key: str, *moves: str, longer: frozenset[str] = frozenset(), grace: bool = True) -> Mapping[str, Most]:
    """Stage → the most days until it is entered, if these moves are made one after another, each as late as can be.

    A person makes a move in the last moment, the clock when it is over. The stages in `longer` are extended as often as
    they can be; without `grace` a person acts on the due day. The last move's own stage is there too, as it is entered.
    """
    first = date(YEAR, 1, 1)
    found: dict[str, Most] = {}
    for day in (first + timedelta(days=no) for no in range((date(YEAR + 1, 1, 1) - first).days)):
        for stage, at in _entries(key, day, moves, longer, grace=grace):
            days = (at - day).days
            if stage not in found or days > found[stage].days:
                found[stage] = Most(days, day)
    return found


def _entries(
    key: str, day: date, moves: tuple[str, ...], longer: frozenset[str], *, grace: bool
) -> list[tuple[str, date]]:
    reckoner = reckoner_of(key)
    procedure = reckoner.procedure
    at = datetime.combine(day, EVENING, reckoner.calendar.tz).astimezone(UTC)
    stage, within, found = procedure.stages[procedure.start], None, []
    for name in moves:
        move = procedure.moves[name]
        assert move in procedure.moves_from[stage.id], f"{name} does not start in {stage.id}"
        by_clock = move.by == ("clock",)
        # No order reaches beyond these walks, so nothing waits for the date of a remedy.
        waits = replace(stage, at_most=None, extend=stage.extend if stage.id in longer else None)
        if not (grace or by_clock):
            waits = replace(waits, grace=None)
        ring = reckoner.last_moment(waits, "U3", within, at, VOICES)
        at = ring if by_clock else ring - MOMENT
        within = procedure.limit_after(move, stage.id)
        stage = procedure.stages[move.to]
        found.append((stage.id, reckoner.calendar.day_of(at)))
    return found
