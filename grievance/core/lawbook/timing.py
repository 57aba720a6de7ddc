"""Reads how time runs: reminders, rungs, pauses, extensions, and the clocks beside the stages, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from grievance.core.asks import ASKS
from grievance.core.deadlines import COUNTS, Extension, Rung, SideClock
from grievance.core.effects import EFFECTS
from grievance.core.lawbook.tables import NAME, SOON, Table
from grievance.core.limits import Limit
from grievance.core.procedure import TOLD, TURNS

CLOCK = (
    "label", "starts", "when", "counts", "within", "remind", "statutory", "turn", "wants", "does", "after_end", "tells",
    "source", "checked",
)  # fmt: skip
EXTENSION = ("by", "times", "who", "lanes")
RUNG = ("name", "label", "in", "does", "tells")
EXTENDERS = ("officer", "complainant", "parties", "panel")
DATES = tuple(name for name, ask in ASKS.items() if ask.shape == "date")


def reminders(table: Table) -> tuple[Limit, ...]:
    """How long before the due day people are reminded."""
    found = []
    for index, text in enumerate(table.names("remind")):
        limit = table.read_limit(text, "remind", index, suffix=" before")
        if limit.roll:
            table.refuse("remind", "A reminder looks back, so it cannot roll on: take the + away.", index)
        found.append(limit)
    return tuple(found)


def extension(table: Table, lanes: tuple[str, ...]) -> Extension | None:
    """How a stage's limit is extended, if it is."""
    inner = table.table("extend")
    if inner is None:
        return None
    inner.only(EXTENSION)
    return Extension(
        by=inner.limit("by", required=True) or SOON,
        times=inner.whole("times"),
        who=inner.one_of("who", "role that extends", EXTENDERS),
        lanes=inner.some_of("lanes", "lane of this procedure", lanes) if "lanes" in inner.data else lanes,
    )


def clock(name: str, table: Table) -> SideClock:
    """A clock beside the stages."""
    table.only((*CLOCK, "late"))
    if "late" in table.data:
        table.refuse(
            "late", f"{table.what} stands beside the stages: it tells, and never moves a case. Take late away."
        )
    return SideClock(
        name=name,
        label=table.words("label"),
        starts=table.names("starts", required=True),
        within=table.limit("within", required=True) or SOON,
        tells=table.some_of("tells", "role that can be told", TOLD, required=True),
        source=cited(table),
        checked=checked(table),
        statutory=table.flag("statutory"),
        counts=table.one_of("counts", "ask for a date", DATES, "") if "counts" in table.data else "",
        when=MappingProxyType(table.named("when", "ask", ASKS)),
        remind=reminders(table),
        turn=table.one_of("turn", "turn", TURNS, "") if "turn" in table.data else "",
        wants=table.words("wants", ""),
        does=table.some_of("does", "effect", EFFECTS),
        after_end=table.flag("after_end"),
    )


def counted(table: Table) -> tuple[str, tuple[str, ...]]:
    """From what a stage's limit counts: one of COUNTS, or the moves from the last of which it does."""
    if isinstance(table.data.get("counts"), list):
        return "entry", table.names("counts", required=True)
    return table.one_of("counts", "way of counting", COUNTS, "entry"), ()


def cited(table: Table) -> str:
    """Where the figure comes from; a limit without is refused."""
    if "source" in table.data:
        return table.words("source")
    table.refuse("source", f'No citation, no clock: {table.what} has no "source". A figure of ours is a "Proposal".')
    return ""


def checked(table: Table) -> date | None:
    """When somebody last looked at the source."""
    if "checked" in table.data:
        return table.day("checked")
    table.refuse("checked", f'No citation, no clock: {table.what} does not say when its source was "checked".')
    return None


def pauses(table: Table) -> Mapping[str, Limit]:
    """Stage → the limit on coming back from it; whether there is such a stage is asked later."""
    inner = table.table("paused_by")
    return {name: inner.limit(name, required=True) or SOON for name in inner.data} if inner else {}


def rungs(table: Table, key: str) -> tuple[Rung, ...]:
    """The rungs of a ladder, in the order of the file; each has a name of its own."""
    found: list[Rung] = []
    for _, rung in table.entries(key, "rung") if key in table.data else ():
        rung.only(RUNG)
        one = Rung(
            name=rung.words("name"),
            label=rung.words("label"),
            within=rung.limit("in", required=True) or SOON,
            tells=rung.some_of("tells", "role that can be told", TOLD, required=True),
            does=rung.some_of("does", "effect", EFFECTS),
        )
        if one.name and not NAME.fullmatch(one.name):
            rung.refuse("name", f'"{one.name}" is no name: small letters, digits and _, beginning with a letter.')
        if one.name in {other.name for other in found}:
            rung.refuse("name", f"There is a rung {one.name} already in {key} of {table.what}.")
        found.append(one)
    return tuple(found)


def delay(table: Table) -> Limit | None:
    """Within how many hours the lot draws when a released text goes out; None where it goes at once."""
    limit = table.limit("delay")
    if limit and limit.unit != "hours":
        table.refuse("delay", 'The lot draws a moment of real time: write it in hours, such as delay = "48 hours".')
    return limit
