"""The orders in which the office reads its list, by the word in the address; one that there is not is the order of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grievance.casework.desk import Desk, Viewer
from grievance.core.asks import CATEGORIES, LANES
from grievance.core.procedure import TURNS
from grievance.core.tracks import TRACKS, track_of
from grievance.store.lists import Order
from grievance.store.orders import Sortable

DATES: Mapping[str, str] = {"": "due_at", "filed": "filed_at"}
"""Orders along a date that an index keeps: they hold for a list of any length. The first is the order of time."""

SORTS = ("turn", "stage", "site", "about", "lane", "officer")
"""Orders for which the list is sorted."""


def order_of(desk: Desk, viewer: Viewer, wanted: str) -> tuple[str, Order]:
    """The order that was asked for, by its name and as the store takes it. A hyphen before the name turns it round."""
    backwards, name = wanted.startswith("-"), wanted.removeprefix("-")
    if name in ("", "time"):
        return "-time" if backwards else "", Order(backwards=backwards)
    if name in DATES:
        return wanted, Order(DATES[name], backwards)
    if name not in SORTS:
        return "", Order()

    def key(row: Sortable) -> Any:
        return _key(desk, viewer, name, row)

    return wanted, Order(backwards=backwards, key=key)


def _key(desk: Desk, viewer: Viewer, name: str, row: Sortable) -> Any:
    """What tells two cases apart: names alike in every database, and what is ours before what is another's."""
    match name:
        case "turn":
            return row.turn != "officer" or row.assignee != viewer.person, _place(row.turn, list(TURNS))
        case "stage":
            law = desk.lawbook.procedures.get(row.procedure)
            return _place(row.stage, list(law.stages) if law else []), row.stage
        case "site":
            return not row.site, row.site_name.casefold(), row.site
        case "about":
            return _place(row.category, list(CATEGORIES))
        case "lane":
            return _place(row.lane, list(LANES))
        case _:
            return not row.assignee, row.assignee != viewer.person, row.assignee_name.casefold()


def _place(one: str, among: Sequence[str]) -> int:
    return among.index(one) if one in among else len(among)


def laws_of(desk: Desk, wanted: str) -> tuple[str, ...]:
    """Every version of the procedures of a track, or of the one of this name; where neither is known, none that there is."""
    every = desk.lawbook.procedures.values()
    return tuple(law.key for law in every if wanted in (law.name, track_of(law.name))) or (wanted,) if wanted else ()


def procedures(desk: Desk) -> dict[str, str]:
    """Name → label of every procedure of the house, in its newest version, by name."""
    newest = sorted(desk.lawbook.procedures.values(), key=lambda law: (law.name, law.version))
    return {law.name: law.label for law in newest}


def tracks(desk: Desk) -> dict[str, str]:
    """Track → label of those for which the house has a procedure."""
    there = {track_of(name) for name in procedures(desk)}
    return {track: label for track, label in TRACKS.items() if track in there}
