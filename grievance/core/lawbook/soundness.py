"""The grammar between the parts of a procedure: names that meet, moves that can be made, what the clock may do."""

from __future__ import annotations

from collections.abc import Mapping

from grievance.core.asks import WORKER_REMEDIES
from grievance.core.effects import EFFECTS
from grievance.core.events import CLOCK
from grievance.core.lawbook.tables import Reading
from grievance.core.lines import Path
from grievance.core.owed import EMPLOYER_REMEDIES
from grievance.core.procedure import ANYWHERE, ENDED, SIDES, TURNS, Move, Procedure, Stage, starts_in

PEOPLE_SAY = frozenset({
    "agree_extension", "agree_settlement", "ask_more_time_together", "ask_time", "ask_to_send_back", "change_view",
    "confirm_remedy", "propose_rejection", "submit_reply", "vote",
})  # fmt: skip
"""Moves that rules count as somebody's word; the clock cannot speak for anybody."""


EXTENDING = {"parties": {"complainant", "respondent"}}
"""Who makes the extending moves, where it is not the role itself."""


def check(procedure: Procedure, places: Mapping[str, int], reading: Reading) -> None:
    """Notes every fault in `reading`; `places` gives the number of each move in the file."""
    _head(procedure, reading)
    for stage in procedure.stages.values():
        _stage(procedure, stage, reading)
    for clock in procedure.clocks.values():
        for index, name in enumerate(clock.starts):
            reading.known(("clocks", clock.name, "starts", index), "move", name, procedure.moves)
        if clock.name in procedure.stages:
            reading.refuse(("clocks", clock.name), f"A stage is called {clock.name} already.")
    for move in procedure.moves.values():
        _move(procedure, move, ("moves", places[move.name]), reading)


def _head(procedure: Procedure, reading: Reading) -> None:
    stages = procedure.stages
    if not stages:
        reading.refuse(("stages",), "The procedure has no stages: write each under [stages.name].")
    elif procedure.start and reading.known(("start",), "stage", procedure.start, stages):
        if stages[procedure.start].final:
            reading.refuse(("start",), "A case cannot begin where it ends.")
        _path(procedure, reading)
    for index, name in enumerate(procedure.set_aside):
        known = reading.known(("set_aside", index), "move", name, procedure.moves)
        if known and "officer" not in procedure.moves[name].by:
            reading.refuse(("set_aside", index), f"An officer sets aside, so {name} must be an officer's move.")
    if procedure.start_without_office:
        reading.known(("start_without_office",), "stage", procedure.start_without_office, stages)
    if procedure.sides and set(procedure.sides) != set(SIDES):
        reading.refuse(("sides",), f"The sides are equal parties, so all of them sit: {', '.join(SIDES)}.")


def _path(procedure: Procedure, reading: Reading) -> None:
    path, stages = procedure.path, procedure.stages
    known = [reading.known(("path", index), "stage", name, stages) for index, name in enumerate(path)]
    if not path or not all(known):
        return
    if path[0] != procedure.start:
        reading.refuse(("path",), f"The path begins where a case begins: {procedure.start}.")
    if [name for name in path if stages[name].final] != [path[-1]]:
        reading.refuse(("path",), "The path has one final stage, and it is the last.")


def _stage(procedure: Procedure, stage: Stage, reading: Reading) -> None:
    at = ("stages", stage.id)
    for index, name in enumerate(stage.late):
        place = (*at, "late", index)
        if reading.known(place, "move", name, procedure.moves):
            _late(stage, procedure.moves[name], place, reading)
    for index, name in enumerate(stage.since):
        reading.known((*at, "counts", index), "move", name, procedure.moves)
    for name in stage.late[:-1]:
        if name in procedure.moves and not procedure.moves[name].needs:
            reading.refuse((*at, "late"), f"{name} needs nothing, so the late moves after it are never made.")
    for index, name in enumerate(stage.at_once):
        place = (*at, "at_once", index)
        if reading.known(place, "move", name, procedure.moves):
            _at_once(stage, procedure.moves[name], place, reading)
    if stage.extend and not any("extend" in move.does and starts_in(move, stage) for move in procedure.moves.values()):
        reading.refuse((*at, "extend"), f"No move with the effect extend starts in {stage.id}.")


def _late(stage: Stage, move: Move, place: Path, reading: Reading) -> None:
    if CLOCK not in move.by:
        reading.refuse(place, f"The clock cannot make {move.name}: it is by {', '.join(move.by)}.")
    elif not starts_in(move, stage):
        reading.refuse(place, f"{move.name} cannot start in {stage.id}: add it to its from.")
    elif not move.to or move.to == stage.id:
        reading.refuse(place, f"{move.name} stays in {stage.id}, so silence would lead nowhere: give it a to.")
    elif move.name == stage.late[-1] and move.needs:
        needs = ", ".join(move.needs)
        reading.refuse(place, f"{move.name} is the last way out of {stage.id}, so it needs nothing: not {needs}.")


def _at_once(stage: Stage, move: Move, place: Path, reading: Reading) -> None:
    if not starts_in(move, stage):
        reading.refuse(place, f"{move.name} cannot start in {stage.id}: add it to its from.")
    elif not move.needs:
        reading.refuse(place, f"{move.name} needs nothing, so it would happen at once for ever: say what it needs.")
    elif move.asks:
        reading.refuse(place, f"{move.name} happens at once, so nobody answers what it asks.")
    elif move.by == (CLOCK,):
        reading.refuse(place, f"{move.name} is by the clock alone; at once is what follows from somebody's move.")


def _move(procedure: Procedure, move: Move, at: Path, reading: Reading) -> None:
    starts = {*procedure.stages, ANYWHERE, ENDED}
    for index, name in enumerate(move.source):
        reading.known((*at, "from", index), "stage", name, starts)
    if move.to:
        reading.known((*at, "to"), "stage", move.to, procedure.stages)
    target = procedure.stages.get(move.to)
    if move.within and (not move.to or (target and target.final)):
        reading.refuse((*at, "within"), f"{move.name} enters no stage that waits, so it has no within.")
    if CLOCK in move.by:
        _by_the_clock(move, at, reading)
    _effects(procedure, move, at, reading)


def _effects(procedure: Procedure, move: Move, at: Path, reading: Reading) -> None:
    for name in move.does:
        missing = [ask for ask in _reads(name) if ask not in move.asks]
        if missing:
            reading.refuse((*at, "asks"), f"{move.name} does {name}, so it has to ask {', '.join(missing)}.")
    if "propose_remedy" in move.does:
        kinds = EMPLOYER_REMEDIES if procedure.complainant == "employers" else WORKER_REMEDIES
        missing = [kind for kind in kinds if kind not in procedure.remedies]
        if missing:
            reading.refuse(("remedies",), f"A remedy without a date of its own needs one here: {', '.join(missing)}.")
    if "extend" in move.does:
        for stage in sources(procedure, move):
            if stage.extend is None:
                reading.refuse((*at, "from"), f"{move.name} extends, but {stage.id} cannot be extended.")
            elif not _extends_for(stage, stage.extend.who, move):
                reading.refuse((*at, "by"), f"{move.name} is not by {stage.extend.who}, who extends {stage.id}.")


def _extends_for(stage: Stage, who: str, move: Move) -> bool:
    """By those who extend; what the office gave to one side, the other takes for itself."""
    roles = EXTENDING.get(who, {who})
    return set(move.by) == roles or ("other_had_time" in move.needs and set(move.by) <= set(TURNS[stage.turn][1]))


def _reads(name: str) -> tuple[str, ...]:
    """What an effect has to be asked; an unknown one was refused before, by its name."""
    return EFFECTS[name].reads if name in EFFECTS else ()


def _by_the_clock(move: Move, at: Path, reading: Reading) -> None:
    if len(move.by) > 1:
        reading.refuse((*at, "by"), f"{move.name} is by the clock, so it is by nobody else.")
    if move.asks:
        reading.refuse((*at, "asks"), f"The clock answers nothing, so {move.name} asks nothing.")
    if move.name in PEOPLE_SAY:
        reading.refuse((*at, "by"), f"{move.name} is somebody's word; the clock speaks for nobody.")
    for index, name in enumerate(move.does):
        if name in EFFECTS and not EFFECTS[name].clock:
            reading.refuse(
                (*at, "does", index),
                f"The clock may not cause {name}: it never discloses, answers, agrees, finds at fault or confirms.",
            )


def sources(procedure: Procedure, move: Move) -> list[Stage]:
    """The open stages in which a move starts."""
    return [stage for stage in procedure.stages.values() if not stage.final and starts_in(move, stage)]
