"""From the text of a procedure to a `Procedure` that keeps the grammar, or to every fault with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from grievance.core.asks import ASKS, CATEGORIES, LANES, REMEDIES
from grievance.core.effects import EFFECTS
from grievance.core.lawbook import meaning, soundness, timing
from grievance.core.lawbook.tables import NAME, SOON, Reading, Table, whole_file
from grievance.core.procedure import (
    CONSEQUENCES,
    FILERS,
    FINALS,
    OPENS,
    RESPONDENTS,
    ROLES,
    SEATS,
    SIDES,
    TOLD,
    TURNS,
    Move,
    Procedure,
    Stage,
)
from grievance.core.retention import ERASABLE, Retention
from grievance.core.rules import RULES

PROCEDURE = (
    "name", "version", "label", "country", "calendar", "in_force", "complainant", "respondent", "start", "start_lane",
    "start_without_office", "categories",
    "path", "lanes", "delay", "sides", "seats_per_side", "reopen_within", "set_aside", "clocks", "stages", "moves", "remedies",
    "retention",
)  # fmt: skip
STAGE = (
    "label", "turn", "final", "within", "within_lane", "counts", "at_most", "paused_by", "remind", "rungs", "extend", "grace",
    "late", "after", "at_once", "seats", "consequence", "source", "checked",
)  # fmt: skip
RETENTION = ("after", "erases", "source", "checked")
MOVE = ("name", "label", "from", "to", "by", "needs", "asks", "does", "tells", "within", "opens")
PROCEDURE_NAME = re.compile(r"[a-z]{2,}/[a-z][a-z0-9-]*")


def parse_procedure(text: str, file: str) -> Procedure:
    """The procedure of one TOML text. Raises `Faulty` with all faults; `file` is only named in them."""
    reading = Reading(text, file)
    top = whole_file(reading, "the procedure")
    top.only(PROCEDURE)
    moves, places = _moves(top)
    procedure = _procedure(top, moves)
    soundness.check(procedure, places, reading)
    meaning.check(procedure, places, reading)
    reading.finish()
    return procedure


def _procedure(top: Table, moves: Mapping[str, Move]) -> Procedure:
    lanes = top.some_of("lanes", "lane", LANES, required=True)
    name = top.words("name")
    if name and not PROCEDURE_NAME.fullmatch(name):
        top.refuse("name", f'"{name}" is no name for a procedure; write it like kh/worker-1.')
    return Procedure(
        name=name,
        version=top.whole("version", 0) if "version" in top.data else _missing_version(top),
        label=top.words("label"),
        country=top.words("country"),
        calendar=top.words("calendar"),
        in_force=top.day("in_force") or date.min,
        start=top.words("start"),
        lanes=lanes,
        sides=top.some_of("sides", "side", SIDES, required=True),
        seats_per_side=top.whole("seats_per_side"),
        reopen_within=top.limit("reopen_within", required=True) or SOON,
        stages=MappingProxyType({key: _stage(key, table, lanes) for key, table in top.tables("stages", "stage")}),
        moves=moves,
        clocks=MappingProxyType({key: timing.clock(key, table) for key, table in top.tables("clocks", "clock")}),
        delay=timing.delay(top),
        start_without_office=top.words("start_without_office", ""),
        categories=top.some_of("categories", "category", CATEGORIES, required=True),
        start_lane=MappingProxyType(top.named("start_lane", "lane of this procedure", lanes)),
        complainant=top.one_of("complainant", "side of the one who complains", FILERS, "workers"),
        respondent=top.one_of("respondent", "side of the one complained about", RESPONDENTS, "employers"),
        remedies=MappingProxyType(top.limits("remedies", "remedy", REMEDIES)),
        retention=_retention(top),
        path=top.names("path", required=True),
        set_aside=top.names("set_aside"),
        file=top.reading.file,
        digest=top.reading.digest,
        lines=top.reading.lines,
    )


def _retention(top: Table) -> Retention | None:
    """How long words are kept after the end, where the procedure says it; where it does not, nothing is erased."""
    table = top.table("retention")
    if table is None:
        return None
    table.only(RETENTION)
    return Retention(
        after=table.limit("after", required=True) or SOON,
        erases=table.some_of("erases", "compartment that can be erased", ERASABLE, required=True),
        source=timing.cited(table),
        checked=timing.checked(table),
    )


def _missing_version(top: Table) -> int:
    top.refuse("version", 'the procedure has no "version".')
    return 0


def _stage(name: str, table: Table, lanes: tuple[str, ...]) -> Stage:
    table.only(STAGE)
    if "final" in table.data:
        for key in table.data:
            if key in STAGE and key not in ("label", "final"):
                table.refuse(key, f"{table.what} is final: nothing is awaited there, so it has no {key}.")
        return Stage(name, table.words("label"), final=table.one_of("final", "kind of final stage", FINALS))
    counts, since = timing.counted(table)
    return Stage(
        id=name,
        label=table.words("label"),
        turn=_turn(table),
        within=table.limit("within", required=True),
        within_lane=MappingProxyType(table.limits("within_lane", "lane of this procedure", lanes)),
        counts=counts,
        since=since,
        at_most=table.limit("at_most"),
        paused_by=MappingProxyType(timing.pauses(table)),
        remind=timing.reminders(table),
        rungs=timing.rungs(table, "rungs"),
        after=timing.rungs(table, "after"),
        extend=timing.extension(table, lanes),
        grace=table.limit("grace"),
        late=table.names("late", required=True, single=True),
        at_once=table.names("at_once"),
        seats=table.some_of("seats", "seat", SEATS),
        consequence=table.one_of("consequence", "consequence", CONSEQUENCES, "fire"),
        source=timing.cited(table),
        checked=timing.checked(table),
    )


def _turn(table: Table) -> str:
    turn = table.one_of("turn", "turn", TURNS)
    if turn == "nobody":
        table.refuse("turn", f"{table.what} is open, so it is somebody's turn.")
    return turn


def _moves(top: Table) -> tuple[Mapping[str, Move], Mapping[str, int]]:
    """The moves by name, and the number of each in the file."""
    moves: dict[str, Move] = {}
    places: dict[str, int] = {}
    for index, table in top.entries("moves", "move"):
        table.only(MOVE)
        move = _move(table)
        if move.name and not NAME.fullmatch(move.name):
            table.refuse("name", f'"{move.name}" is no name: small letters, digits and _, beginning with a letter.')
        if move.name in moves:
            line = top.reading.lines[("moves", places[move.name], "name")]
            table.refuse("name", f"There is a move {move.name} already, in line {line}.")
        elif move.name:
            moves[move.name], places[move.name] = move, index
    return MappingProxyType(moves), places


def _move(table: Table) -> Move:
    return Move(
        name=table.words("name"),
        label=table.words("label"),
        source=table.names("from", required=True),
        to=table.words("to", ""),
        by=table.some_of("by", "role", ROLES, required=True),
        needs=table.some_of("needs", "rule", RULES),
        asks=table.some_of("asks", "ask", ASKS),
        does=table.some_of("does", "effect", EFFECTS),
        tells=table.some_of("tells", "role that can be told", TOLD),
        within=table.limit("within"),
        opens=table.one_of("opens", "kind of case that is opened", OPENS, ""),
    )
