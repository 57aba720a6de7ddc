"""A procedure as data: stages, moves, limits and seats, frozen; it answers questions and does nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from grievance.core.deadlines import Extension, Rung, SideClock
from grievance.core.limits import Limit
from grievance.core.retention import Retention

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
    "outside": "Outside person",
    "operator": "Whoever puts our faults right",
    "clock": "The clock (automatic)",
}
"""Who may act or be told, with the label people read. The clock acts and is never told."""

TOLD = tuple(role for role in ROLES if role != "clock")
"""Who can be told."""

TURNS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "officer": ("The case office", ("officer",)),
    "complainant": ("The person who complained", ("complainant",)),
    "respondent": ("The factory", ("respondent",)),
    "brand": ("Buying brand", ("brand",)),
    "parties": ("Both parties", ("complainant", "respondent")),
    "panel": ("The panel", ("panel", "neutral", "relief")),
    "neutral": ("Neutral person", ("neutral",)),
    "chairs": ("The chairs of the three sides", ("chair",)),
    "outside": ("An outside person", ("outside",)),
    "operator": ("We ourselves", ("operator",)),
    "nobody": ("Finished", ()),
}
"""Whose turn a stage can be: its label, and the roles that are meant (and reminded)."""

SEATS: Mapping[str, str] = {
    "panel": "panel",
    "relief": "relief",
    "neutral": "neutral",
    "second_neutral": "neutral",
    "mediator": "mediator",
    "chairs": "chair",
    "fresh_panel": "panel",
    "fresh_neutral": "neutral",
    "outside": "outside",
    "operator": "operator",
}
"""What a stage can ask to be seated when a case enters it, and the role that this gives."""

RESPONDENTS: Mapping[str, str] = {"employers": "The factory", "brands": "The brand", "operator": "The person named"}
"""Who answers in a procedure, by the side they belong to: the label people read when it is their turn."""

FILERS = ("workers", "employers", "anybody")
"""Whose complaint a procedure hears."""

URGENT = ("U1", "U2")
"""The lanes that run on real time, the fastest first."""

MARKS: Mapping[str, str] = {
    "protection": "No protection was confirmed in time. It weighs against the respondent where somebody was punished.",
    "order_reasons": "The brand gave no reasons in time for the change of orders.",
}
"""What the clock may hold against a respondent who stays silent, for those who decide: a mark, never a finding."""

OPENS: Mapping[str, str] = {
    "process": "A complaint about the procedure is opened",
    "retaliation": "A linked urgent case is opened",
}
"""Which other case a move opens."""

SIDES: Mapping[str, str] = {"workers": "Workers", "employers": "Employers", "brands": "Brands"}
CONSEQUENCES: Mapping[str, str] = {
    "fire": "The case moves on",
    "presume": "What is claimed counts as true, until somebody decides",
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
AFTER = "+"
"""Ends the name of the clock that goes on ringing after its stage was missed."""


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
    since: tuple[str, ...] = ()  # moves: the limit counts from the last of them that was made
    at_most: Limit | None = None
    remind: tuple[Limit, ...] = ()
    extend: Extension | None = None
    grace: Limit | None = None
    paused_by: Mapping[str, Limit] = field(default_factory=dict)  # stage → the limit on coming back from it
    rungs: tuple[Rung, ...] = ()
    after: tuple[Rung, ...] = ()
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
    opens: str = ""  # one of OPENS


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
    delay: Limit | None = None  # hours within which a released text goes out, at a moment drawn by lot
    start_without_office: str = ""  # where a case begins that nobody of the office may look at
    categories: tuple[str, ...] = ()  # of asks.CATEGORIES, what it hears
    start_lane: Mapping[str, str] = field(default_factory=dict)  # lane → where its cases begin instead
    complainant: str = "workers"  # one of FILERS
    respondent: str = "employers"  # one of RESPONDENTS
    retention: Retention | None = None  # how long words are kept after the end; None: for good
    set_aside: tuple[str, ...] = ()  # moves that decline what came in a flood, as far as each can be made
    path: tuple[str, ...] = ()  # the main line of stages that people are shown, from the start to a final stage
    file: str = ""
    digest: str = field(default="", repr=False, compare=False)  # of the text of its file
    lines: Mapping[tuple[str | int, ...], int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def key(self) -> str:
        """Such as kh/worker-1@1."""
        return f"{self.name}@{self.version}"

    def start_in(self, lane: str, *, office: bool = True) -> str:
        """The stage in which a case of this lane begins; another where nobody of the office may look at it."""
        return self.start_lane.get(lane, self.start) if office else self.start_without_office or self.start

    @property
    def starts(self) -> tuple[str, ...]:
        """Every stage in which a case can begin."""
        return tuple(dict.fromkeys(filter(None, (self.start, *self.start_lane.values(), self.start_without_office))))

    def turn(self, turn: str) -> tuple[str, tuple[str, ...]]:
        """Whose turn that is here: the label people read, and the roles that are meant."""
        label, roles = TURNS[turn]
        return (RESPONDENTS[self.respondent] if turn == "respondent" else label), roles

    def limit_after(self, move: Move, source: str) -> Limit | None:
        """The limit that overrules the one of the stage that is entered: the move's own, or that of a pause."""
        return move.within or self.stages[move.to].paused_by.get(source)

    def counts_from_entering(self, stage: Stage) -> bool:
        """Whether its limit counts from entering on every walk, because whatever leads there is what it counts from."""
        leading = [move.name for move in self.moves.values() if move.to == stage.id and move.source != (stage.id,)]
        return stage.counts in ("entry", "last remedy") and (not stage.since or set(leading) <= set(stage.since))

    @cached_property
    def counted(self) -> frozenset[str]:
        """The moves from which some limit counts."""
        return frozenset(name for stage in self.stages.values() for name in stage.since)

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
    def between(self) -> frozenset[str]:
        """The moves that can be made only while it is for the parties to come to terms: negotiations, mediation, a text."""
        parties = {stage.id for stage in self.stages.values() if stage.turn == "parties"}
        return frozenset(move.name for move in self.moves.values() if set(move.source) <= parties)

    @cached_property
    def seated(self) -> Mapping[str, frozenset[str]]:
        """Stage → the roles that hold a seat there on every walk; filing seats the complainant and the office."""
        filed = frozenset({"complainant", "officer"})
        found = {name: filed | self._drawn(name) for name in self.starts if name in self.stages}
        if self.start_without_office in found:
            found[self.start_without_office] = frozenset({"complainant"}) | self._drawn(self.start_without_office)
        todo = list(found)
        while todo:
            stage = self.stages[todo.pop()]
            for move in () if stage.final else self.moves_from[stage.id]:
                if not move.to:
                    continue
                gained = {"respondent", "brand"} if "name_parties" in move.does else set()
                gained |= {"respondent"} if {"call_the_named", "seat_contact"} & set(move.does) else set()
                gained |= self._drawn(move.to)
                now = found[stage.id] | gained
                before = found.get(move.to, now | {"anybody"})
                if not before <= now:
                    found[move.to] = before & now
                    todo.append(move.to)
        return found

    def _drawn(self, stage: str) -> frozenset[str]:
        return frozenset(SEATS[seat] for seat in self.stages[stage].seats if seat in SEATS)

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
