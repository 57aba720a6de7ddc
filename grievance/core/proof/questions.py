"""Proves that silence cannot bury a case: a procedure without faults comes to an end, whoever falls silent.

The procedure is proved as data; that rules mean what `Rule.wants` says of them is tested by random walks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from grievance.core.asks import ASKS
from grievance.core.errors import Fault
from grievance.core.grace import waits_for
from grievance.core.procedure import ANYWHERE, ROLES, TURNS, Move, Procedure, Stage, starts_in
from grievance.core.proof.graphs import loop_in, reachable
from grievance.core.proof.reckoning import name_of
from grievance.core.proof.silence import (
    ALONE,
    VOICES,
    Who,
    capped,
    counts,
    exits,
    reached,
)
from grievance.core.rules import RULES

ANSWERING = frozenset({"statement", "comment"})
"""What a party is asked when it answers the other; both get the same time for it."""


DECIDING = frozenset({"decide_together", "decide_by_majority", "decide_alone"})
FRESH = frozenset({"fresh_panel", "fresh_neutral"})
"""Effects that decide for the first time, and the seats of those who look again."""


def faults(procedure: Procedure) -> tuple[Fault, ...]:
    """Every fault at once, none when silence cannot bury a case; a few milliseconds, asked whenever the house opens."""
    return tuple(sorted(fault for question in QUESTIONS for fault in question(procedure)))


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
        # To ask for more time, or to take it, is nothing that a turn waits for.
        moves = [
            m for m in procedure.moves_from[stage.id] if ANYWHERE not in m.source and "extension_left" not in m.needs
        ]
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


def _counts_from_what_happened(procedure: Procedure) -> Iterator[Fault]:
    """A limit that counts from a move counts from one that some walk makes before it comes to the stage."""
    edges = {s.id: [m.to for m in exits(procedure, s)] for s in procedure.stages.values() if not s.final}
    for stage in procedure.stages.values():
        for name in stage.since:
            move = procedure.moves[name]
            made_at = [move.to] if move.to else [one for one in edges if starts_in(move, procedure.stages[one])]
            if move.to != stage.id and not any(stage.id in reachable(one, edges) for one in made_at):
                text = f"{stage.id} counts from {name}, but no walk makes {name} before it comes to {stage.id}."
                yield _at_stage(procedure, stage, text, "counts")


def _tasks_find_somebody(procedure: Procedure) -> Iterator[Fault]:
    """Whose task it is sits where the task begins."""
    for side in procedure.clocks.values():
        for move in (procedure.moves[name] for name in side.starts if side.wants):
            for stage in (one for one in procedure.stages.values() if not one.final and starts_in(move, one)):
                for role in set(TURNS[side.turn][1]) - procedure.seated.get(stage.id, frozenset()):
                    text = f"{side.name} is the task of {role}, but {move.name} can start it before one is seated."
                    yield Fault(procedure.file, procedure.line("clocks", side.name), text)


def _equal_time(procedure: Procedure) -> Iterator[Fault]:
    """Whoever answers the other side gets the same time: limit, lanes, extension and grace."""
    answering = [stage for stage in procedure.stages.values() if _answers(procedure, stage)]
    for stage in answering[1:]:
        first = answering[0]
        if _time(procedure, stage) != _time(procedure, first):
            text = f"{stage.id} and {first.id} answer each other, but the time given is not the same."
            yield _at_stage(procedure, stage, text, "within")


def _equal_file(procedure: Procedure) -> Iterator[Fault]:
    """What one party writes to the others in a move, the other party is told of, from where both sit."""
    stages = [stage for stage in procedure.stages.values() if not stage.final]
    for move in procedure.moves.values():
        late = any(waits_for(stage, move) for stage in stages)  # in the grace it says why
        shown = late or any(ASKS[name].kept == "exchange" for name in move.asks if name in ASKS)
        for party, other in (("complainant", "respondent"), ("respondent", "complainant")):
            sits = any(starts_in(move, stage) and other in procedure.seated.get(stage.id, ()) for stage in stages)
            if shown and sits and party in move.by and other not in {*move.tells, *move.by}:
                text = f"The sides get one file, but {other} is not told of what {party} writes with {move.name}."
                yield _at_move(procedure, move, text, "tells")


def _can_appeal(procedure: Procedure) -> Iterator[Fault]:
    """Whoever is decided upon can ask other people to look again; whoever is rejected by one, the three sides."""
    for move in procedure.moves.values():
        if not move.to or move.by == ("clock",):
            continue
        onward = () if procedure.stages[move.to].final else procedure.moves_from[move.to]
        for party in ("complainant", "respondent") if DECIDING & set(move.does) else ():
            if not any(party in way.by and way.to and FRESH & set(procedure.stages[way.to].seats) for way in onward):
                text = f"{move.name} decides, but at {move.to} the {party} cannot ask other people to look again."
                yield _at_move(procedure, move, text, "to")
        if "ground" in move.asks and not any(
            "complainant" in way.by and way.to and procedure.stages[way.to].turn not in ("officer", "nobody")
            for way in onward
        ):
            text = f"{move.name} rejects, but at {move.to} the complainant cannot ask others than the office."
            yield _at_move(procedure, move, text, "to")


def _nobody_buries_alone(procedure: Procedure) -> Iterator[Fault]:
    """No final stage of our failure is reached by the silence or the refusals of one alone."""
    alone = {voice: reached(procedure, Who(VOICES - {voice}, VOICES)) for voice in ALONE}
    for name in sorted(_finals(procedure, "failed")):
        for voice, stages in alone.items():
            if name in stages:
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
    _counts_from_what_happened,
    _tasks_find_somebody,
    _equal_time,
    _equal_file,
    _can_appeal,
    _nobody_buries_alone,
)


# --- What they look at ------------------------------------------------------------------------------------------------


def _answers(procedure: Procedure, stage: Stage) -> bool:
    return stage.turn in ("complainant", "respondent") and any(
        stage.turn in move.by and ANSWERING & set(move.asks) for move in procedure.moves_from[stage.id]
    )


def _time(procedure: Procedure, stage: Stage) -> tuple[object, ...]:
    extension = replace(stage.extend, lanes=tuple(sorted(stage.extend.lanes))) if stage.extend else None
    counts = "entry" if procedure.counts_from_entering(stage) else (stage.counts, stage.since)
    return stage.within, dict(stage.within_lane), counts, extension, stage.grace


def _finals(procedure: Procedure, kind: str) -> list[str]:
    return [stage.id for stage in procedure.stages.values() if stage.final == kind]


def _at_stage(procedure: Procedure, stage: Stage, text: str, *key: str) -> Fault:
    return Fault(procedure.file, procedure.line("stages", stage.id, *key), text)


def _at_move(procedure: Procedure, move: Move, text: str, *key: str) -> Fault:
    number = list(procedure.moves).index(move.name)
    return Fault(procedure.file, procedure.line("moves", number, *key), text)


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
