"""What an effect is: a name, and a pure function from a case and answers to events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from grievance.core import events as e
from grievance.core.case import Case
from grievance.core.matters import Actor
from grievance.core.seating import Sitting


@dataclass(frozen=True, slots=True)
class Given:
    """What came with a move: structured answers by ask, and the commitments of the texts."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    words: e.Words = field(default_factory=dict)


Cause = Callable[[Sitting, Case, Actor, Given], Iterator[e.Event]]


@dataclass(frozen=True, slots=True)
class Effect:
    """`reads` are the asks that its move has to ask; `clock`: whether the clock may cause it, for nobody."""

    causes: Cause
    reads: tuple[str, ...] = ()
    clock: bool = False


EFFECTS: dict[str, Effect] = {}


def effect(*, reads: tuple[str, ...] = (), clock: bool = False) -> Callable[[Cause], Cause]:
    """Enter a function into the vocabulary under its own name. The clock moves, tells, draws by lot, records a presumption."""

    def enter(causes: Cause) -> Cause:
        EFFECTS[causes.__name__] = Effect(causes, reads, clock)
        return causes

    return enter
