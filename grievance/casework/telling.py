"""Tells people: which notices an entry causes. A notice says nothing of a case."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from grievance.casework.desk import Lent
from grievance.core.case import Case
from grievance.core.events import CLOCK, ClockRecounted, Entry, Moved, Rang
from grievance.core.procedure import TURNS
from grievance.core.visibility import sees_opened_again
from grievance.store.ledger import Notice


def notices(lent: Lent, case: Case, entries: tuple[Entry, ...], roles: Iterable[str]) -> tuple[Notice, ...]:
    """One notice for each person who holds one of these roles; somebody with two roles hears once.

    The most urgent kind wins: missed (the clock moved on), turn (it is your turn now), reminder, news.
    """
    cause = f"{case.id}/{entries[-1].seq}"
    by_clock = any(isinstance(entry.event, Moved) and entry.actor.role == CLOCK for entry in entries)
    only_rang = isinstance(entries[-1].event, Rang)
    recounted = isinstance(entries[-1].event, ClockRecounted)
    kinds: dict[str, str] = {}
    # Whoever acted knows it; whoever a complaint about us concerns is told as the one who answers it, or not at all.
    away = {entries[-1].actor.person, *case.named, *case.out} - {seat.holder for seat in case.seated("respondent")}
    for role in roles:
        if not sees_opened_again(role, case):
            continue  # a letter would tell them that it goes on
        # Whoever has answered is not reminded of an answer.
        spoken = {seat.no for seat in case.seated(role)} - {seat.no for seat in case.awaited}
        spoken = spoken if only_rang and role == "respondent" and case.awaited else set()
        kind = "date" if recounted else _kind(case, role, by_clock=by_clock, only_rang=only_rang)
        for person in recipients(lent, case, role, without=spoken):
            if person not in away and RANK[kind] > RANK.get(kinds.get(person, ""), 0):
                kinds[person] = kind
    told = tuple(Notice(person, kind, cause) for person, kind in sorted(kinds.items()))
    # What waits in the bulk lane fills nobody's letters: they hear once an hour that there is something.
    return once_an_hour(entries[-1].at, told) if case.bulk else told


def once_an_hour(at: datetime, notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """The same people, told at most once an hour that many came at once."""
    cause = f"many/{at:%Y-%m-%dT%H}"
    people = sorted({notice.person for notice in notices})
    return tuple(Notice(person, "many", cause, once=True) for person in people)


RANK = {"news": 1, "date": 2, "reminder": 3, "turn": 4, "missed": 5}


def recipients(lent: Lent, case: Case, role: str, *, without: Collection[int] = ()) -> tuple[str, ...]:
    """The people behind a role, some seats left out. Nobody for the complainant: the receipt is the only way to them."""
    if role == "officer" and case.assignee:
        return (case.assignee,)
    if role == "coordinator":
        return tuple(p for seat in case.seated("officer") for p in lent.members(seat.holder, "coordinator"))
    if role == "chair":
        return tuple(one.person for one in lent.roster(case.programme) if one.function == "chair")
    found: list[str] = []
    for seat in (one for one in case.seated(role) if one.no not in without):
        if seat.kind == "person":
            found.append(seat.holder)
        elif seat.kind == "body":
            found += lent.members(seat.holder)
    return tuple(found)


def _kind(case: Case, role: str, *, by_clock: bool, only_rang: bool) -> str:
    if only_rang:
        return "reminder"
    if by_clock and role in ("coordinator", "chair"):
        return "missed"
    return "turn" if role in TURNS[case.turn][1] else "news"
