"""Every procedure as its file says it, stage by stage with source and consequence, beside what was proved of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from grievance.casework import proving
from grievance.casework.house import calendars
from grievance.core.asks import LANES
from grievance.core.errors import or_hidden
from grievance.core.procedure import CONSEQUENCES, FINALS, Procedure, Stage
from grievance.core.proof.reckoning import name_of
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs
from grievance.web.speaking import say_it


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage in the order of the main line, then the others. `leads` holds (late move, stage that it leads to)."""

    stage: Stage
    turn: str
    on_path: bool
    lanes: tuple[tuple[str, str], ...]
    leads: tuple[tuple[str, str], ...]
    consequence: str


def add_procedures(pages: Blueprint) -> None:
    """The list and the page of one procedure."""

    @pages.get("/office/procedures", endpoint="procedures")
    @needs(PERSON)
    def every() -> str:
        return render_template("office/procedures.html", procedures=_all(), calendars=calendars.ending(desk()))

    @pages.get("/office/procedures/<path:name>", endpoint="procedure")
    @needs(PERSON)
    def one(name: str) -> str:
        procedure = or_hidden(next((found for found in _all() if name in (found.key, found.name)), None))
        calendar = desk().lawbook.calendar_of(procedure)
        return render_template(
            "office/procedure.html",
            procedure=procedure,
            calendar=calendar,
            stages=_stages(procedure),
            finals=FINALS,
            **_proof(procedure),
            proposals=sum("roposal" in stage.source for stage in procedure.stages.values()),
        )


def _all() -> list[Procedure]:
    """By name, the newest version of each first, so that a name alone finds the newest."""
    return sorted(desk().lawbook.procedures.values(), key=lambda found: (found.name, -found.version))


def _stages(procedure: Procedure) -> list[StageView]:
    line = list(procedure.path)
    beside = [name for name in procedure.stages if name not in line]
    beside.sort(key=lambda name: bool(procedure.stages[name].final))
    return [_stage(procedure, procedure.stages[name], on_path=name in line) for name in (*line, *beside)]


def _stage(procedure: Procedure, stage: Stage, *, on_path: bool) -> StageView:
    late = [procedure.moves[name] for name in stage.late]
    return StageView(
        stage,
        procedure.turn(stage.turn)[0],
        on_path,
        tuple((LANES[lane], str(limit)) for lane, limit in stage.within_lane.items()),
        tuple((move.label, procedure.stages[move.to].label if move.to else "") for move in late),
        CONSEQUENCES[stage.consequence] if stage.consequence != "fire" else "",
    )


def _proof(procedure: Procedure) -> dict[str, Any]:
    """What the page says of a proof: days when all are silent, days of the longest walk, and who could bury a case."""
    found = proving.proved(desk(), procedure)
    lines = found.lines if found else ()
    return {
        "proof": found,
        "silent": max((line.most for line in lines[: len(procedure.lanes)]), default=0),
        "longest": max((line.most for line in lines), default=0),
        "buriers": [_voices(group) for group in (found.buriers if found else ())],
    }


def _voices(group: tuple[str, ...]) -> str:
    return ", ".join(sorted(say_it(name_of(voice)) for voice in group))
