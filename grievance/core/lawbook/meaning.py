"""What the words of a procedure promise is what its moves do: consequences, pauses, lanes, ladders, the law's clocks."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from grievance.core.asks import ASKS
from grievance.core.deadlines import SideClock
from grievance.core.effects import EFFECTS
from grievance.core.events import CLOCK
from grievance.core.lawbook.soundness import sources
from grievance.core.lawbook.tables import Reading
from grievance.core.lines import Path
from grievance.core.procedure import ANYWHERE, TURNS, URGENT, Move, Procedure, Stage, starts_in
from grievance.core.retention import ALWAYS
from grievance.core.rules import RULES
from grievance.core.rules.rule import PARTIES

TWO_SIDES = 2


def check(procedure: Procedure, places: Mapping[str, int], reading: Reading) -> None:
    """Notes every fault in `reading`; names that nothing knows were refused before, and are passed over here."""
    for lane, name in procedure.start_lane.items():
        _start(procedure, lane, name, reading)
    _retention(procedure, reading)
    for stage in procedure.stages.values():
        if not stage.final:
            _lanes(stage, reading)
            _last_remedy(stage, reading)
            _ladders(procedure, stage, reading)
            _pauses(procedure, stage, places, reading)
            _consequence(procedure, stage, reading)
    for clock in procedure.clocks.values():
        _beside(procedure, clock, reading)
        _end_and_tasks(procedure, clock, reading)
    for move in procedure.moves.values():
        _move(procedure, move, ("moves", places[move.name]), reading)


def _start(procedure: Procedure, lane: str, name: str, reading: Reading) -> None:
    at = ("start_lane", lane)
    if not reading.known(at, "stage", name, procedure.stages):
        return
    limit = procedure.stages[name].limit(lane)
    if procedure.stages[name].final:
        reading.refuse(at, "A case cannot begin where it ends.")
    elif limit and lane in URGENT and limit.unit != "hours":
        reading.refuse(at, f"An urgent case runs on real time: {name} counts in hours in lane {lane}, not {limit}.")


def _retention(procedure: Procedure, reading: Reading) -> None:
    """Nothing is erased while the case can be opened again, and what is erased always includes who complained."""
    kept = procedure.retention
    if kept is None:
        return
    missing = [name for name in ALWAYS if name not in kept.erases]
    if kept.erases and missing:
        text = (
            f"Erased is always who complained, how to reach them, what they wrote and sent: add {', '.join(missing)}."
        )
        reading.refuse(("retention", "erases"), text)
    if not procedure.reopen_within.surely_within(kept.after) or kept.after == procedure.reopen_within:
        text = f"A case can be opened again within {procedure.reopen_within}, so its words are kept longer than {kept.after}."
        reading.refuse(("retention", "after"), text)


def _lanes(stage: Stage, reading: Reading) -> None:
    """The more urgent, the sooner."""
    slowest = [("the standard", stage.within), *((lane, stage.within_lane.get(lane)) for lane in reversed(URGENT))]
    held = [(name, limit) for name, limit in slowest if limit]
    for (slower, long), (lane, short) in pairwise(held):
        if not short.surely_within(long):
            text = f"{stage.id} gives lane {lane} {short}, and {slower} {long}: an urgent lane is never slower."
            reading.refuse(("stages", stage.id, "within_lane", lane), text)


def _last_remedy(stage: Stage, reading: Reading) -> None:
    """A date in an order could be any: what waits for the last one says how long at most."""
    if (stage.counts == "last remedy") != (stage.at_most is not None):
        text = f"{stage.id} says at_most and counts the last remedy, or neither."
        reading.refuse(("stages", stage.id, "counts" if stage.at_most is None else "at_most"), text)


def _ladders(procedure: Procedure, stage: Stage, reading: Reading) -> None:
    limits = [limit for limit in (stage.within, *stage.within_lane.values()) if limit]
    for key, rungs in (("rungs", stage.rungs), ("after", stage.after)):
        for index, rung in enumerate(rungs):
            at = ("stages", stage.id, key, index)
            for name in rung.does:
                if not _rings(name):
                    reading.refuse((*at, "does"), f"The clock may not cause {name}: {rung.name} only tells.")
            if index and not rungs[index - 1].within.surely_within(rung.within):
                text = (
                    f"{rung.name} does not stand above {rungs[index - 1].name}: write the rungs in the order of time."
                )
                reading.refuse((*at, "in"), text)
            if key == "rungs" and not procedure.counts_from_entering(stage):
                reading.refuse(at, f"{stage.id} does not count from entering, so its rungs have no time of their own.")
            elif key == "rungs" and not all(rung.within.surely_within(limit) for limit in limits):
                late = ", ".join(str(limit) for limit in limits)
                text = (
                    f"{rung.name} would ring after {stage.id} is due ({late}): write it in the same unit, or as after."
                )
                reading.refuse((*at, "in"), text)


def _pauses(procedure: Procedure, stage: Stage, places: Mapping[str, int], reading: Reading) -> None:
    for name, limit in stage.paused_by.items():
        at = ("stages", stage.id, "paused_by", name)
        if not reading.known(at, "stage", name, procedure.stages):
            continue
        waiting = procedure.stages[name]
        back = [late for late in waiting.late if late in procedure.moves and procedure.moves[late].to == stage.id]
        there = [move for move in procedure.moves.values() if move.to == name and starts_in(move, stage)]
        if waiting.final or not back:
            reading.refuse(at, f"The pause never ends: silence at {name} does not lead back to {stage.id}.")
        elif waiting.turn == stage.turn:
            reading.refuse(
                at, f"It is the same side's turn at {name} and at {stage.id}: nobody pauses their own clock."
            )
        elif not there:
            reading.refuse(at, f"No move leads from {stage.id} to {name}, so nothing is ever paused.")
        elif stage.within and not limit.surely_within(stage.within):
            reading.refuse(at, f"Coming back from {name} gives {limit}, more than the {stage.within} of {stage.id}.")
        for move in there:
            if set(URGENT) & set(procedure.lanes) and "standard_lane" not in move.needs:
                text = f"{move.name} would pause an urgent case, and nothing does: it needs standard_lane."
                reading.refuse(("moves", places[move.name], "needs"), text)


def _consequence(procedure: Procedure, stage: Stage, reading: Reading) -> None:
    at = ("stages", stage.id, "consequence")
    late = [procedure.moves[name] for name in stage.late if name in procedure.moves]
    effect = {"presume": "presume", "void": "void"}.get(stage.consequence)
    for move in late:
        if effect and effect not in move.does:
            reading.refuse(at, f"{stage.id} promises {stage.consequence}, but {move.name} does not do {effect}.")
        if stage.consequence == "tell" and move.does:
            reading.refuse(at, f"{stage.id} promises only to tell, but {move.name} does {', '.join(move.does)}.")
    entering = [move for move in procedure.moves.values() if move.to == stage.id]
    if stage.consequence == "void" and not all(_asks_text(move) for move in entering):
        names = ", ".join(move.name for move in entering if not _asks_text(move))
        reading.refuse(at, f"{stage.id} promises void, but {names} leads there without a text that could be.")
    turn = TURNS[stage.turn][1] if stage.turn in TURNS else ()
    asking = [move for move in procedure.moves_from[stage.id] if move.to and ANYWHERE not in move.source]
    if stage.consequence == "lapse" and not any(set(turn) & set(move.by) for move in asking):
        reading.refuse(at, f"Nothing lapses at {stage.id}: whoever has the turn can ask for nothing there.")
    if stage.consequence == "consent" and (stage.extend is None or stage.extend.who != "parties"):
        reading.refuse(at, f"{stage.id} promises more time by consent, but the parties do not extend it together.")


def _asks_text(move: Move) -> bool:
    return any(ASKS[name].shape == "text" and ASKS[name].kept == "exchange" for name in move.asks if name in ASKS)


def _beside(procedure: Procedure, clock: SideClock, reading: Reading) -> None:
    at = ("clocks", clock.name)
    for name in clock.starts:
        move = procedure.moves.get(name)
        missing = [ask for ask in (*clock.when, *filter(None, [clock.counts])) if move and ask not in move.asks]
        if missing:
            reading.refuse(
                (*at, "starts"), f"{name} does not ask {', '.join(missing)}, so it cannot start {clock.name}."
            )
    for ask, answer in clock.when.items():
        reading.known((*at, "when", ask), f"answer to {ask}", answer, ASKS[ask].choices)
    if not clock.statutory:
        return
    if clock.does:
        reading.refuse((*at, "does"), f"{clock.name} is the law's: what comes of it is for the state. It only tells.")
    if not clock.counts:
        reading.refuse(
            (*at, "statutory"), f"{clock.name} is the law's: it counts from a date that is asked (counts = …)."
        )
    if clock.within.roll:
        reading.refuse((*at, "within"), f"{clock.name} is the law's: we never roll it on. Take the + away.")
    if not clock.remind and clock.within.unit != "hours":
        reading.refuse(at, f"{clock.name} is the law's: say when people are warned (remind = …).")
    if "roposal" in clock.source:
        reading.refuse((*at, "source"), f"{clock.name} is the law's, so its source is a law and no proposal.")


def _end_and_tasks(procedure: Procedure, clock: SideClock, reading: Reading) -> None:
    """The end stops every clock, but for the one that it starts; and a task is somebody's who can do it."""
    at = ("clocks", clock.name)
    started = [procedure.moves[name] for name in clock.starts if name in procedure.moves]
    ending = {move.name for move in started if move.to in procedure.stages and procedure.stages[move.to].final}
    for move in started:
        if clock.after_end and move.name not in ending:
            reading.refuse(
                (*at, "after_end"), f"{clock.name} tells after the end, but {move.name} does not end a case."
            )
        elif not clock.after_end and move.name in ending:
            text = f"{move.name} ends the case, and that stops every clock: {clock.name} runs on only as after_end."
            reading.refuse((*at, "starts"), text)
    _task(procedure, clock, at, reading)


def _rings(name: str) -> bool:
    """Whether a clock that rings may cause this effect: it answers nothing. Unknown names were refused before."""
    return name not in EFFECTS or (EFFECTS[name].clock and not EFFECTS[name].reads)


def _task(procedure: Procedure, clock: SideClock, at: Path, reading: Reading) -> None:
    """Whose it is, which move does it, and what comes of it where somebody did not."""
    if bool(clock.turn) != bool(clock.wants):
        text = f"{clock.name} says whose task it is (turn) and which move does it (wants), or neither."
        reading.refuse((*at, "turn" if clock.turn else "wants"), text)
    for name in clock.does:
        if not clock.wants:
            reading.refuse((*at, "does"), f"{clock.name} is nobody's task, so nothing comes of silence.")
        elif not _rings(name):
            reading.refuse((*at, "does"), f"The clock may not cause {name}: {clock.name} only tells.")
    if clock.wants and (clock.statutory or clock.after_end):
        reading.refuse((*at, "wants"), f"{clock.name} is a task of ours, while a case is open.")
    elif clock.wants and reading.known((*at, "wants"), "move", clock.wants, procedure.moves):
        move, roles = procedure.moves[clock.wants], TURNS[clock.turn][1] if clock.turn in TURNS else ()
        started = [procedure.moves[name] for name in clock.starts if name in procedure.moves]
        there = {stage for one in started for stage in ((one.to,) if one.to else one.source)}
        if move.to or (ANYWHERE not in move.source and not there <= set(move.source)):
            text = f'{clock.name} runs beside the stages, so {move.name} is made wherever it starts, or anywhere (from "*"), '
            reading.refuse((*at, "wants"), f"{text}and leads nowhere.")
        elif not set(roles) <= set(move.by):
            reading.refuse(
                (*at, "wants"), f"{clock.name} is the task of {', '.join(roles)}, who cannot make {move.name}."
            )


def _move(procedure: Procedure, move: Move, at: Path, reading: Reading) -> None:
    wants = [RULES[name].wants for name in move.needs if name in RULES]
    for stage in sources(procedure, move):
        if "presume" in move.does and stage.consequence != "presume":
            reading.refuse((*at, "does"), f"{move.name} presumes, but {stage.id} does not promise that: consequence.")
        if "extend" in move.does and stage.extend and CLOCK not in move.by:
            if stage.extend.who == "parties" and not any(wants.all_of >= PARTIES for wants in wants):
                reading.refuse((*at, "needs"), f"{move.name} extends by consent, so it needs a rule that both agree.")
            if stage.extend.who == "panel" and not any(wants.sides >= TWO_SIDES for wants in wants):
                reading.refuse((*at, "needs"), f"{move.name} extends for the panel, so it needs that two sides ask.")
