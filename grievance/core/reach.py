"""How far ahead the time limits of a procedure ask for working days: so far a calendar has to hold holidays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grievance.core.deadlines import SideClock
from grievance.core.limits import Limit
from grievance.core.procedure import Procedure, Stage

_DAYS = {"days": 1.0, "weeks": 7.0, "months": 31.0, "working days": 7 / 5}
"""Of one of each at most; working days in weeks of five."""

_FREE = 10
"""Days by which holidays in a row put off what counts or ends on working days; a guess on the long side."""


def longest(procedure: Procedure) -> int:
    """Calendar days, roughly and rather too many, after which no clock that begins now asks for a working day any more."""
    chains = [*_of_stages(procedure), *map(_of_clock, procedure.clocks.values())]
    return max((_days(chain) for chain in chains if any(map(_asks, chain))), default=0)


def _asks(limit: Limit) -> bool:
    return limit.roll or limit.unit == "working days"


def _days(limits: Iterable[Limit]) -> int:
    """Of these limits one after the other."""
    return sum(_most(limit) for limit in limits)


def _most(limit: Limit) -> int:
    if limit.unit == "hours":
        return -(-limit.amount // 24)
    return int(limit.amount * _DAYS[limit.unit]) + (_FREE if _asks(limit) else 0)


def _of_stages(procedure: Procedure) -> Iterator[list[Limit]]:
    """Each limit with which a stage can begin, with what is reckoned together with it."""
    for stage in procedure.stages.values():
        begins = [stage.within, stage.at_most, *stage.within_lane.values(), *stage.paused_by.values()]
        begins += [move.within for move in procedure.moves.values() if move.to == stage.id]
        begins += procedure.remedies.values() if "remed" in stage.counts else []
        for first in filter(None, begins):
            yield [first, *_on_top(stage, first)]


def _on_top(stage: Stage, first: Limit) -> Iterator[Limit]:
    # An extension of a year is asked for near its end, and looks no further ahead than any other limit.
    if stage.extend and _asks(first):
        yield from [stage.extend.by] * stage.extend.times
    if stage.grace:
        yield stage.grace
    # A reminder looks back from the end, so it makes nothing longer; but it asks for working days there.
    yield from (Limit(1, "working days") for limit in stage.remind[:1] if _asks(limit))


def _of_clock(side: SideClock) -> list[Limit]:
    return [side.within, *(Limit(1, "working days") for limit in side.remind[:1] if _asks(limit))]
