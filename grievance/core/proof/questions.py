"""Proves that silence cannot bury a case: a procedure without faults comes to an end, whoever falls silent.

The procedure is proved as data; that rules mean what `Rule.wants` says of them is tested by random walks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from grievance.core.calendar import Calendar
from grievance.core.errors import Fault, Said, say
from grievance.core.procedure import ANYWHERE, ROLES, TURNS, Move, Procedure, Stage, starts_in
from grievance.core.proof.drawing import draw
from grievance.core.proof.graphs import loop_in, reachable
from grievance.core.proof.reckoning import Reckoning, name_of, reckon
from grievance.core.proof.silence import (
    ALONE,
    VOICES,
    Who,
    capped,
    counts,
    exits,
    reached,
    who_can_bury,
)
from grievance.core.rules import RULES

__all__ = ["Proof", "draw", "prove", "report", "stations"]

YEAR = 2026
"""The year whose filing days are reckoned."""

ANSWERING = frozenset({"statement", "comment"})
"""What a party is asked when it answers the other; both get the same time for it."""


@dataclass(frozen=True)
class Proof:
    """Without faults it is proved: `reckonings` holds the days, `buriers` the groups that could lead to our failure."""

    procedure: Procedure
    faults: tuple[Fault, ...]
    reckonings: tuple[Reckoning, ...] = ()
    buriers: tuple[frozenset[str], ...] = ()

    @property
    def holds(self) -> bool:
        return not self.faults


def prove(procedure: Procedure, calendar: Calendar, year: int = YEAR) -> Proof:
    """Every fault at once; the days are reckoned only where there is none. Raises `NoHolidays` for a year not held."""
    found = faults(procedure)
    if found:
        return Proof(procedure, found)
    buriers = who_can_bury(procedure, _finals(procedure, "failed"))
    return Proof(procedure, (), reckon(procedure, calendar, year), tuple(buriers))


def faults(procedure: Procedure) -> tuple[Fault, ...]:
    """Every fault at once, none when silence cannot bury a case; a few milliseconds, asked whenever the house opens."""
    return tuple(sorted(fault for question in QUESTIONS for fault in question(procedure)))


def report(proof: Proof) -> list[Said]:
    """What `grievance prove` prints, line by line: the faults, or what is proved and how long a case can take."""
    procedure = proof.procedure
    if not proof.holds:
        return [say("{fault}", fault=fault) for fault in proof.faults]
    stages = procedure.stages.values()
    finals = sum(1 for stage in stages if stage.final)
    sizes = {"stages": len(procedure.stages), "finals": finals, "moves": len(procedure.moves)}
    return [
        say("{key}: {stages} stages ({finals} of them final), {moves} moves.", key=procedure.key, **sizes),
        say("Every stage is reached. Every open stage has a turn, a clock and a way out that needs nobody."),
        say("Silence never goes round, and no loop of moves has no cap: every walk ends."),
        say("The complainant can withdraw everywhere. No party, officer, side or mediator alone leads to our failure."),
        say("Three sides, {seats} seats each; whoever answers gets the same time.", seats=procedure.seats_per_side),
        *(
            say("Our failure is reached when these are silent and the others do not agree: {who}.", who=_voices(group))
            for group in proof.buriers
        ),
        *(_line(reckoning) for reckoning in proof.reckonings),
    ]


def _line(reckoning: Reckoning) -> Said:
    return say(
        "{label} ({lane}): at most {most} days, at least {least}; longest when filed on {worst}, ends {ends} as {end} "
        "(filing days of {year}, until {until}).",
        label=reckoning.label,
        lane=reckoning.lane,
        most=reckoning.most,
        least=reckoning.least,
        worst=reckoning.worst,
        ends=reckoning.path[-1][1],
        end=reckoning.path[-1][0],
        year=reckoning.until.year,
        until=reckoning.until,
    )


def stations(procedure: Procedure) -> tuple[str, ...]:
    """The main line that people are shown as a path: stage ids from the start to a final stage."""
    return procedure.path


# --- The questions ----------------------------------------------------------------------------------------------------


def _everything_is_reached(procedure: Procedure) -> Iterator[Fault]:
    open_stages = {s.id: [m.to for m in exits(procedure, s)] for s in procedure.stages.values() if not s.final}
    seen = set(procedure.starts).union(*(reachable(start, open_stages) for start in procedure.starts))
    for stage in procedure.stages.values():
        if stage.id not in seen:
            yield _at_stage(procedure, stage, f"No walk from {procedure.start} ever comes to {stage.id}.")


def _every_move_is_made(procedure: Procedure) -> Iterator[Fault]:
    late = {name for stage in procedure.stages.values() for name in stage.late}
    for move in procedure.moves.values():
        if move.by == ("clock",) and move.name not in late:
            yield _at_move(procedure, move, f"{move.name} is by the clock, but no stage names it as late.", "name")


def _silence_ends(procedure: Procedure) -> Iterator[Fault]:
    edges = {s.id: tuple(procedure.moves[name].to for name in s.late) for s in procedure.stages.values()}
    loop = loop_in(edges)
    if loop:
        stage = procedure.stages[loop[0]]
        yield _at_stage(procedure, stage, f"Silence goes round for ever: {' → '.join((*loop, loop[0]))}.", "late")


def _loops_end(procedure: Procedure) -> Iterator[Fault]:
    """Every loop goes through a move that is let through only a limited number of times."""
    free: dict[str, tuple[Move, ...]] = {
        stage.id: () if stage.final else tuple(m for m in exits(procedure, stage) if not capped(procedure, m))
        for stage in procedure.stages.values()
    }
    loop = loop_in({name: tuple(move.to for move in moves) for name, moves in free.items()})
    if loop:
        after = (*loop[1:], loop[0])
        moves = [next(m for m in free[a] if m.to == b) for a, b in zip(loop, after, strict=True)]
        roles = " and ".join(dict.fromkeys(role for move in moves for role in move.by))
        way, names = " → ".join((*loop, loop[0])), _list(move.name for move in moves)
        text = f"{roles} can go round for ever: {way}; cap one of {names}."
        yield _at_move(procedure, moves[-1], text, "to")


def _caps_count(procedure: Procedure) -> Iterator[Fault]:
    for move in procedure.moves.values():
        for name in move.needs:
            cap = RULES[name].cap
            if cap and not counts(procedure, move, cap):
                text = f"{name} counts {_list(sorted(cap.counts))}, so it caps nothing on {move.name}."
                yield _at_move(procedure, move, text, "needs")
        if "extend" in move.does and "extension_left" not in move.needs:
            yield _at_move(procedure, move, f"{move.name} extends without end: it needs extension_left.", "does")


def _turns_have_moves(procedure: Procedure) -> Iterator[Fault]:
    """Whoever has the turn can do something there, and is seated by then. Parties are equal: both can."""
    for stage in procedure.stages.values():
        if stage.final:
            continue
        label, roles = TURNS[stage.turn]
        moves = [m for m in procedure.moves_from[stage.id] if ANYWHERE not in m.source]
        can = {role for m in moves if m.name not in procedure.automatic for role in m.by}
        idle = [role for role in roles if role not in can]
        if idle == list(roles) or (idle and stage.turn == "parties"):
            text = f"It is the turn of {label} at {stage.id}, but there is no move for {_list(idle)}."
            yield _at_stage(procedure, stage, text, "turn")
        needed = {m.by[0] for m in moves if m.to and len(m.by) == 1} | {roles[0]}
        for role in sorted(needed & set(roles) - procedure.seated.get(stage.id, frozenset(roles))):
            text = f"{ROLES[role]} ({role}) has the turn at {stage.id}, but a case can come there before one is seated."
            yield _at_stage(procedure, stage, text, "turn")


def _withdrawing(procedure: Procedure) -> Iterator[Fault]:
    """The complainant can take it back everywhere, and nobody else; only the clock ends a case as our failure."""
    withdrawn, failed = set(_finals(procedure, "withdrawn")), set(_finals(procedure, "failed"))
    free = [m for m in procedure.moves.values() if m.to in withdrawn and m.by == ("complainant",) and not m.needs]
    for stage in procedure.stages.values():
        if not stage.final and not any(starts_in(move, stage) for move in free):
            yield _at_stage(procedure, stage, f"The complainant cannot withdraw at {stage.id}.")
    for move in procedure.moves.values():
        if move.to in withdrawn and move.by != ("complainant",):
            yield _at_move(procedure, move, f"Only the complainant withdraws; {move.name} does it too.", "by")
        if move.to in failed and move.by != ("clock",):
            yield _at_move(procedure, move, f"Only the clock ends as our failure; {move.name} does it too.", "by")
    for name in sorted(failed):
        stage = procedure.stages[name]
        if not any("complainant" in move.by and move.to for move in procedure.moves_from[name]):
            yield _at_stage(procedure, stage, f"The complainant cannot open a case again that ended at {name}.")


def _equal_time(procedure: Procedure) -> Iterator[Fault]:
    """Whoever answers the other side gets the same time: limit, lanes, extension and grace."""
    answering = [stage for stage in procedure.stages.values() if _answers(procedure, stage)]
    for stage in answering[1:]:
        first = answering[0]
        if _time(stage) != _time(first):
            text = f"{stage.id} and {first.id} answer each other, but the time given is not the same."
            yield _at_stage(procedure, stage, text, "within")


def _nobody_buries_alone(procedure: Procedure) -> Iterator[Fault]:
    """No final stage of our failure is reached by the silence or the refusals of one alone."""
    for name in sorted(_finals(procedure, "failed")):
        for voice in ALONE:
            if name in reached(procedure, Who(VOICES - {voice}, VOICES)):
                text = f"{name_of(voice)} ({voice}) alone can bring a case to {name}."
                yield _at_stage(procedure, procedure.stages[name], text)


QUESTIONS = (
    _everything_is_reached,
    _every_move_is_made,
    _silence_ends,
    _loops_end,
    _caps_count,
    _turns_have_moves,
    _withdrawing,
    _equal_time,
    _nobody_buries_alone,
)


# --- What they look at ------------------------------------------------------------------------------------------------


def _answers(procedure: Procedure, stage: Stage) -> bool:
    return stage.turn in ("complainant", "respondent") and any(
        stage.turn in move.by and ANSWERING & set(move.asks) for move in procedure.moves_from[stage.id]
    )


def _time(stage: Stage) -> tuple[object, ...]:
    extension = replace(stage.extend, lanes=tuple(sorted(stage.extend.lanes))) if stage.extend else None
    return stage.within, dict(stage.within_lane), extension, stage.grace


def _finals(procedure: Procedure, kind: str) -> list[str]:
    return [stage.id for stage in procedure.stages.values() if stage.final == kind]


def _at_stage(procedure: Procedure, stage: Stage, text: str, *key: str) -> Fault:
    return Fault(procedure.file, procedure.line("stages", stage.id, *key), text)


def _at_move(procedure: Procedure, move: Move, text: str, *key: str) -> Fault:
    number = list(procedure.moves).index(move.name)
    return Fault(procedure.file, procedure.line("moves", number, *key), text)


def _voices(group: frozenset[str]) -> str:
    return _list(name_of(voice) for voice in sorted(group))


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
