"""Who has to speak for a rule to hold, and so where a case can go when somebody stays silent or refuses to agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from grievance.core.procedure import ANYWHERE, SIDES, Move, Procedure, Stage, starts_in

OFFICE = frozenset({"officer", "relief"})
NEUTRALS = frozenset({"neutral"})
PARTIES = frozenset({"complainant", "respondent"})
BENCH = frozenset({*SIDES, "neutral", "mediator", "respondent"})
SECOND = "second_neutral"

ALONE = ("officer", "relief", "complainant", "respondent", "brand", *SIDES, "neutral", "mediator")
"""Those none of whom may be able to bury a case alone; a side of the panel is named by its side."""

VOICES = frozenset({*ALONE, SECOND})


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
            and self.consent in (None, consent)
        )


WANTS: Mapping[str, Wants] = {
    "restated": Wants(one_of=OFFICE),
    "restatement_released": Wants(one_of=OFFICE, consent=True),
    "not_released": Wants(free=True),
    "respondent_named": Wants(one_of=OFFICE),
    "consent_to_release": Wants(consent=True),
    "no_consent_to_release": Wants(consent=False),
    "consent_referral": Wants(free=True),
    "attempts_made": Wants(one_of=OFFICE),
    "asked_less_than_twice": Wants(free=True),
    "not_taken_back_before": Wants(free=True),
    "disputed_less_than_twice": Wants(free=True),
    "extension_left": Wants(free=True),
    "two_sides_agree": Wants(sides=2, free=True),
    "views_still_closed": Wants(free=True),
    "answer_missing": Wants(free=True),
    "all_views_in": Wants(sides=3),
    "all_sides_agree": Wants(sides=3, free=True),
    "all_positions_in": Wants(all_of=NEUTRALS, sides=3),
    "decision_quorum": Wants(all_of=NEUTRALS, sides=1),
    "majority_with_neutral": Wants(all_of=NEUTRALS, sides=1, free=True),
    "neutral_voted": Wants(all_of=NEUTRALS),
    "outcome_per_issue": Wants(one_of=frozenset({*SIDES, "neutral"})),
    "remedies_dated": Wants(one_of=BENCH),
    "table_dated": Wants(one_of=BENCH),
    "remedy_on_table": Wants(one_of=BENCH, free=True),
    "mediation_open": Wants(all_of=PARTIES, free=True),
    "both_agree": Wants(all_of=PARTIES, free=True),
    "both_agree_extension": Wants(all_of=PARTIES, free=True),
    "both_agree_settlement": Wants(all_of=PARTIES, free=True),
    "not_yet_reviewed": Wants(free=True),
    "something_upheld": Wants(free=True),
    "remedy_open": Wants(free=True),
    "all_items_reported": Wants(one_of=frozenset({"respondent"})),
    "two_sides_verified": Wants(sides=2, free=True),
    "complainant_confirmed": Wants(one_of=frozenset({"complainant"}), free=True),
    "reopen_window": Wants(free=True),
}
"""Every rule; the proof refuses a procedure that uses one which is missing here."""


TABLE = frozenset({"propose_remedy", "strike_remedy"})
"""Effects after which positions and agreements do not count any more …"""

POSITIONS = frozenset({
    "all_positions_in", "all_sides_agree", "decision_quorum", "majority_with_neutral", "neutral_voted",
})  # fmt: skip
"""… and the rules that hang on those."""


@dataclass(frozen=True, slots=True)
class Cap:
    """How often a capped rule lets a move through, and the moves that it counts (see the rule's own text)."""

    times: int
    counts: frozenset[str]


CAPS: Mapping[str, Cap] = {
    "asked_less_than_twice": Cap(2, frozenset({"ask_information"})),
    "not_taken_back_before": Cap(1, frozenset({"take_back"})),
    "disputed_less_than_twice": Cap(2, frozenset({"dispute_remedy"})),
    "not_yet_reviewed": Cap(1, frozenset({"open_views", "start_mediation", "call_decision"})),
    "mediation_open": Cap(1, frozenset({"start_mediation"})),
}
"""The capped rules that end loops; `extension_left` is counted by the clock that it extends, and ends no loop."""


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
    return any(counts(procedure, move, CAPS[name]) for name in move.needs if name in CAPS)


def counts(procedure: Procedure, move: Move, cap: Cap) -> bool:
    """Whether a cap counts the move itself, or every way on from where it leads."""
    if move.name in cap.counts:
        return True
    if not move.to:
        return False
    target = procedure.stages[move.to]
    onward = [way for way in exits(procedure, target) if not procedure.stages[way.to].final]
    return not target.final and all(way.name in cap.counts for way in onward)


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
    return all(WANTS[name].can(heard(stage, voices), consent=consent) for name in move.needs)


def certain(stage: Stage, move: Move, voices: frozenset[str], *, consent: bool) -> bool:
    """Whether its needs hold for sure when these do what they can."""
    return open_to(stage, move, voices, consent=consent) and not any(WANTS[name].free for name in move.needs)


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
            if certain(stage, move, who.willing | who.spoke, consent=consent):
                break
    return found


def ways(procedure: Procedure, stage: Stage, who: Who, *, consent: bool) -> Iterator[Leaving]:
    """Where a case can go: by what the able may do, and by the clock unless the willing are sure to be in time."""
    for move in by_people(procedure, stage, who.able, consent=consent):
        yield Leaving(move, in_time=True)
    if not any(
        certain(stage, move, who.willing, consent=consent)
        and not undone(procedure, stage, move, who.able - who.willing)
        for move in by_people(procedure, stage, who.willing, consent=consent)
    ):
        for move in by_clock(procedure, stage, who, consent=consent):
            yield Leaving(move, in_time=False)


def reached(procedure: Procedure, who: Who) -> frozenset[str]:
    """Every stage that a case can come to, with consent to the release or without."""
    found: set[str] = set()
    for consent in (True, False):
        here, todo = {procedure.start}, [procedure.start]
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
