"""A procedure as data: stages, moves, limits and seats, frozen; it answers questions and does nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from grievance.core.calendar import Limit

ROLES: Mapping[str, str] = {
    "complainant": "The person who complained",
    "respondent": "The one complained about",
    "brand": "Buying brand",
    "officer": "Case officer",
    "relief": "Relief officer drawn by lot",
    "coordinator": "Coordinator",
    "chair": "Chair of a side",
    "panel": "Panel member",
    "neutral": "Neutral person",
    "mediator": "Mediator",
    "clock": "The clock (automatic)",
}
"""Who may act or be told, with the label people read. The clock acts and is never told."""

TURNS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "officer": ("The case office", ("officer",)),
    "complainant": ("The person who complained", ("complainant",)),
    "respondent": ("The factory", ("respondent",)),
    "brand": ("Buying brand", ("brand",)),
    "parties": ("Both parties", ("complainant", "respondent")),
    "panel": ("The panel", ("panel", "neutral", "relief")),
    "neutral": ("Neutral person", ("neutral",)),
    "nobody": ("Finished", ()),
}
"""Whose turn a stage can be: its label, and the roles that are meant (and reminded)."""

SEATS = ("panel", "relief", "neutral", "second_neutral", "mediator")
"""What a stage can ask to be seated when a case enters it."""

SIDES: Mapping[str, str] = {"workers": "Workers", "employers": "Employers", "brands": "Brands"}
CONSEQUENCES: Mapping[str, str] = {
    "fire": "The case moves on",
    "presume": "Presumed as claimed, until somebody decides",
    "void": "The proposal is void",
    "lapse": "The right to ask lapses",
    "tell": "It is told, and nothing is lost",
    "consent": "Longer only if both agree",
}
FINALS: Mapping[str, str] = {
    "ended": "The case came to its end",
    "withdrawn": "The complainant took it back",
    "failed": "We failed: it counts against us, and can be opened again",
}
BY_PROGRAMME = "programme"
"""What a procedure says in place of a calendar's name when it counts by that of the programme."""
ANYWHERE = "*"
ENDED = "final"


@dataclass(frozen=True, slots=True)
class Extension:
    """More time: `by` each time, at most `times`, granted by `who` (officer, complainant, or parties together)."""

    by: Limit
    times: int
    who: str
    lanes: tuple[str, ...]


@dataclass(frozen=True)
class Stage:
    """Where a case can be. A stage that is not final has a turn, a limit and at least one late move."""

    id: str
    label: str
    turn: str = "nobody"
    final: str = ""
    within: Limit | None = None
    within_lane: Mapping[str, Limit] = field(default_factory=dict)
    counts: str = "entry"
    remind: tuple[Limit, ...] = ()
    extend: Extension | None = None
    grace: Limit | None = None
    late: tuple[str, ...] = ()
    at_once: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    consequence: str = "fire"
    source: str = ""
    checked: date | None = None

    def limit(self, lane: str) -> Limit | None:
        """The limit in this lane."""
        return self.within_lane.get(lane, self.within)

    def may_extend(self, lane: str) -> Extension | None:
        """The extension that this lane allows."""
        return self.extend if self.extend and lane in self.extend.lanes else None


@dataclass(frozen=True, slots=True)
class Move:
    """What can be done: from where to where, by whom, what must hold, what is asked, what it causes, whom it tells."""

    name: str
    label: str
    source: tuple[str, ...]
    to: str  # empty: the case stays where it is, and its clock runs on
    by: tuple[str, ...]
    needs: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    does: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    within: Limit | None = None  # another limit for the stage that it enters


@dataclass(frozen=True, slots=True)
class SideClock:
    """A clock beside the stages that tells and never moves, started by the first of its moves."""

    name: str
    label: str
    starts: tuple[str, ...]
    within: Limit
    tells: tuple[str, ...]
    source: str
    checked: date | None


@dataclass(frozen=True)
class Procedure:
    """One version of one procedure; `key` names it for ever on the cases filed under it."""

    name: str
    version: int
    label: str
    country: str
    calendar: str
    in_force: date
    start: str
    lanes: tuple[str, ...]
    sides: tuple[str, ...]
    seats_per_side: int
    reopen_within: Limit
    stages: Mapping[str, Stage]
    moves: Mapping[str, Move]
    clocks: Mapping[str, SideClock]
    remedies: Mapping[str, Limit]
    path: tuple[str, ...] = ()  # the main line of stages that people are shown, from the start to a final stage
    file: str = ""
    lines: Mapping[tuple[str | int, ...], int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def key(self) -> str:
        """Such as kh/worker-1@0."""
        return f"{self.name}@{self.version}"

    @cached_property
    def automatic(self) -> frozenset[str]:
        """Moves that nobody presses: the clock's, and those that happen at once when their needs hold."""
        at_once = {name for stage in self.stages.values() for name in stage.at_once}
        return frozenset(at_once | {move.name for move in self.moves.values() if move.by == ("clock",)})

    @cached_property
    def moves_from(self) -> Mapping[str, tuple[Move, ...]]:
        """Stage → every move that can start there, in the order of the file."""
        return {name: tuple(m for m in self.moves.values() if starts_in(m, s)) for name, s in self.stages.items()}

    @cached_property
    def seated(self) -> Mapping[str, frozenset[str]]:
        """Stage → the roles that hold a seat there on every walk; filing seats the complainant and the office."""
        found: dict[str, frozenset[str]] = {self.start: frozenset({"complainant", "officer"})}
        todo = [self.start]
        while todo:
            stage = self.stages[todo.pop()]
            for move in () if stage.final else self.moves_from[stage.id]:
                if not move.to:
                    continue
                gained = {"respondent", "brand"} if "name_parties" in move.does else set()
                gained |= {seat.removeprefix("second_") for seat in self.stages[move.to].seats}
                now = found[stage.id] | gained
                before = found.get(move.to, now | {"anybody"})
                if not before <= now:
                    found[move.to] = before & now
                    todo.append(move.to)
        return found

    def line(self, *path: str | int) -> int:
        """The line of the file where this was said, or of the nearest thing above it."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return 1


def starts_in(move: Move, stage: Stage) -> bool:
    """Whether the move can be made from this stage."""
    if stage.final:
        return ENDED in move.source or stage.id in move.source
    return ANYWHERE in move.source or stage.id in move.source
