"""Who has to speak for a rule to hold, and so where a case can go when somebody stays silent or refuses to agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from grievance.core.procedure import ANYWHERE, SIDES, Move, Procedure, Stage, starts_in
from grievance.core.rules import RULES, Cap

SECOND = "second_neutral"

ALONE = ("officer", "relief", "complainant", "respondent", "brand", *SIDES, "neutral", "mediator", "chair")
"""Those none of whom may be able to bury a case alone; a side of the panel is named by its side."""

LAST = (SECOND, "outside", "operator", "chair")
"""Those who are asked last, after others stayed silent: the last of a line can always let a case go by."""

VOICES = frozenset({*ALONE, *LAST})


ROLE_OF: Mapping[str, str] = {**dict.fromkeys(SIDES, "panel"), SECOND: "neutral"}
"""Voice → the role that holds its seat, where it is another word."""

TABLE = frozenset({"propose_remedy", "strike_remedy"})
"""Effects after which positions and agreements do not count any more …"""

POSITIONS = frozenset({
    "all_positions_in", "all_sides_agree", "decision_quorum", "majority_with_neutral", "neutral_voted",
})  # fmt: skip
"""… and the rules that hang on those."""


@dataclass(frozen=True, slots=True)
class Who:
    """The `willing` do what they can in time, the `able` what they like; the word of those who `spoke` stands."""

    willing: frozenset[str] = frozenset()
    able: frozenset[str] = frozenset()
    spoke: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Leaving:
    """One way out of a stage: `in_time` when a person takes it, else the clock."""

    move: Move
    in_time: bool


def exits(procedure: Procedure, stage: Stage) -> Iterator[Move]:
    """The moves by which a case can leave an open stage, the clock's that its `late` does not name left out."""
    for move in procedure.moves_from[stage.id]:
        if move.to and move.to != stage.id and (move.by != ("clock",) or move.name in stage.late):
            yield move


def capped(procedure: Procedure, move: Move) -> bool:
    """Whether one of its needs lets this move through only a limited number of times in one case."""
    return any(counts(procedure, move, cap) for cap in caps_on(move))


def counts(procedure: Procedure, move: Move, cap: Cap) -> bool:
    """Whether a cap counts the move itself, or every way on from where it leads."""
    if move.name in cap.counts:
        return True
    if not move.to:
        return False
    target = procedure.stages[move.to]
    onward = [way for way in exits(procedure, target) if not procedure.stages[way.to].final]
    return not target.final and all(way.name in cap.counts for way in onward)


def caps_on(move: Move) -> list[Cap]:
    """What lets this move through only so many times. `extension_left` is counted by its clock, and ends no loop."""
    return [cap for name in move.needs if (cap := RULES[name].cap)]


def speaks(procedure: Procedure, stage: Stage, role: str, voices: frozenset[str]) -> bool:
    """Whether anybody of this role is sure to be seated in this stage and acts."""
    if role not in procedure.seated.get(stage.id, frozenset()):
        return False
    return bool(heard(stage, voices) & (set(SIDES) if role == "panel" else {role}))


def heard(stage: Stage, voices: frozenset[str]) -> frozenset[str]:
    """Where a second neutral is seated, that one is the neutral."""
    if SECOND not in stage.seats:
        return voices
    return (voices - {"neutral"}) | ({"neutral"} if SECOND in voices else set())


def open_to(stage: Stage, move: Move, voices: frozenset[str], *, consent: bool) -> bool:
    """Whether the move's needs can hold when these speak."""
    return all(RULES[name].wants.can(heard(stage, voices), consent=consent) for name in move.needs)


def certain(procedure: Procedure, stage: Stage, move: Move, voices: frozenset[str], *, consent: bool) -> bool:
    """Whether its needs hold for sure when these do what they can; whoever is not sure to be seated by then can do nothing."""
    seated = procedure.seated.get(stage.id, frozenset())
    there = frozenset(voice for voice in voices if ROLE_OF.get(voice, voice) in seated)
    return open_to(stage, move, there, consent=consent) and not any(RULES[name].wants.free for name in move.needs)


def undone(procedure: Procedure, stage: Stage, move: Move, hindering: frozenset[str]) -> bool:
    """Whether these can change the table again and again, so that the positions that the move needs never stand."""
    return bool(POSITIONS & set(move.needs)) and any(
        speaks(procedure, stage, role, hindering)
        for other in procedure.moves_from[stage.id]
        if TABLE & set(other.does)
        for role in other.by
    )


def by_people(procedure: Procedure, stage: Stage, voices: frozenset[str], *, consent: bool) -> list[Move]:
    """The ways out that these can take and that are meant for this stage (withdrawing, open everywhere, is not)."""
    return [
        move
        for move in exits(procedure, stage)
        if ANYWHERE not in move.source
        and any(role != "clock" and speaks(procedure, stage, role, voices) for role in move.by)
        and open_to(stage, move, voices, consent=consent)
    ]


def by_clock(procedure: Procedure, stage: Stage, who: Who, *, consent: bool) -> list[Move]:
    """The late moves that can be the first whose needs hold."""
    found: list[Move] = []
    for name in stage.late:
        move = procedure.moves[name]
        if starts_in(move, stage) and open_to(stage, move, who.able | who.spoke, consent=consent):
            found.append(move)
            if certain(procedure, stage, move, who.willing | who.spoke, consent=consent):
                break
    return found


def ways(procedure: Procedure, stage: Stage, who: Who, *, consent: bool) -> Iterator[Leaving]:
    """Where a case can go: by what the able may do, and by the clock unless the willing are sure to be in time."""
    for move in by_people(procedure, stage, who.able, consent=consent):
        yield Leaving(move, in_time=True)
    if not any(
        certain(procedure, stage, move, who.willing, consent=consent)
        and not undone(procedure, stage, move, who.able - who.willing)
        for move in by_people(procedure, stage, who.willing, consent=consent)
    ):
        for move in by_clock(procedure, stage, who, consent=consent):
            yield Leaving(move, in_time=False)


def reached(procedure: Procedure, who: Who) -> frozenset[str]:
    """Every stage that a case can come to, with consent to the release or without."""
    found: set[str] = set()
    for consent in (True, False):
        here, todo = set(procedure.starts), list(procedure.starts)
        while todo:
            stage = procedure.stages[todo.pop()]
            if not stage.final:
                new = {way.move.to for way in ways(procedure, stage, who, consent=consent)} - here
                here |= new
                todo.extend(new)
        found |= here
    return frozenset(found)


def who_can_bury(procedure: Procedure, failed: Iterable[str], most: int = 3) -> list[frozenset[str]]:
    """The smallest groups, up to `most` voices, that can lead a case to one of these stages by silence or hindering."""
    goal = set(failed)
    found: list[frozenset[str]] = []
    for size in range(1, most + 1):
        for group in map(frozenset, combinations(sorted(VOICES), size)):
            if not any(small <= group for small in found) and reached(procedure, Who(VOICES - group, VOICES)) & goal:
                found.append(group)
    return found
