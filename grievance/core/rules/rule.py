"""What a rule is: a name, a question with yes or no, the reason people read when it is no, and who must speak for a yes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from grievance.core.calendar import Calendar
from grievance.core.case import Case
from grievance.core.errors import Said
from grievance.core.matters import Actor
from grievance.core.procedure import SIDES, Procedure

COMPLAINANT = frozenset({"complainant"})
NEUTRALS = frozenset({"neutral"})
PARTIES = frozenset({"complainant", "respondent"})
ATTEMPTS, CHANNELS = 3, 2
"""Attempts to reach the complainant: three, on different days, by two channels (procedures, rule 11)."""

BENCH = frozenset({*SIDES, "neutral", "mediator", "respondent"})


@dataclass(frozen=True, slots=True)
class Question:
    """A rule is asked about a case as it stands, the one who wants to move, and the moment."""

    case: Case
    procedure: Procedure
    calendar: Calendar
    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Wants:
    """What a rule hangs on. `free`: it may hold or not whoever speaks, as where people must agree or facts decide."""

    one_of: frozenset[str] = frozenset()
    all_of: frozenset[str] = frozenset()
    sides: int = 0
    consent: bool | None = None
    free: bool = False

    def can(self, voices: frozenset[str], *, consent: bool) -> bool:
        """Whether it can hold when these speak, and the complainant consented to the release or not."""
        return (
            (not self.one_of or bool(self.one_of & voices))
            and self.all_of <= voices
            and len(voices & set(SIDES)) >= self.sides
            # Whoever may still speak for themselves can still consent.
            and (self.consent in (None, consent) or (self.consent is True and "complainant" in voices))
        )


@dataclass(frozen=True, slots=True)
class Cap:
    """How often a rule lets a move through in one case, and the moves that it counts: a loop through it ends."""

    times: int
    counts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rule:
    """The proof takes `wants` and `cap` at their word; random walks find out if they lie."""

    holds: Callable[[Question], bool]
    reason: Said
    wants: Wants
    cap: Cap | None = None
    says: Callable[[Question], Said] | None = None  # a reason that names what is missing in this very case

    def why(self, question: Question) -> Said:
        """What people read when it is no."""
        return self.says(question) if self.says else self.reason


RULES: dict[str, Rule] = {}


def rule(
    reason: Said, *, wants: Wants, cap: Cap | None = None, says: Callable[[Question], Said] | None = None
) -> Callable[[Callable[[Question], bool]], Callable[[Question], bool]]:
    """Enter a function into the vocabulary under its own name."""

    def enter(holds: Callable[[Question], bool]) -> Callable[[Question], bool]:
        RULES[holds.__name__] = Rule(holds, reason, wants, cap, says)
        return holds

    return enter


def attempts_suffice(attempts: Iterable[tuple[str, str]]) -> bool:
    """Whether these (ISO day, channel) are enough to say that somebody could not be reached."""
    made = list(attempts)
    return len({day for day, _ in made}) >= ATTEMPTS and len({channel for _, channel in made}) >= CHANNELS
