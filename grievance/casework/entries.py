"""Entries with what belongs to them: texts kept, people told, the title that lists show; ready to be appended."""

from __future__ import annotations

from collections.abc import Iterable

from grievance.casework import telling, wording
from grievance.casework.desk import Desk, Lent
from grievance.core.case import Case
from grievance.core.events import Entry, Event
from grievance.core.fold import apply
from grievance.core.matters import Actor
from grievance.language import search_key
from grievance.store import ledger


def entered(
    desk: Desk,
    lent: Lent,
    held: ledger.Held,
    actor: Actor,
    event: Event,
    written: wording.Draft,
    tells: tuple[str, ...] = (),
    more: Iterable[Event] = (),
) -> ledger.Change:
    """One entry that moves nothing, and what follows from it (`more`), ready to be appended."""
    case, entries = held.case, list[Entry]()
    for one in (event, *more):
        entries.append(Entry(case.seq + 1, desk.now(), actor, one))
        case = apply(case, entries[-1])
    return change_of(desk, lent, held, case, tuple(entries), written, tells)


def change_of(
    desk: Desk,
    lent: Lent,
    held: ledger.Held,
    case: Case,
    entries: tuple[Entry, ...],
    written: wording.Draft,
    tells: tuple[str, ...] = (),
) -> ledger.Change:
    """These entries with their texts, and whoever is told, ready to be appended. `case` is the one that they make."""
    texts, items = wording.keep(desk, case, entries, written, held.box)
    restated = {text.name: text.body for text in texts}
    searched = None
    if "restatement" in restated:
        searched = (restated["title"], search_key(f"{restated['title']} {restated['restatement']}"))
    return ledger.Change(
        case=case,
        entries=entries,
        held=held,
        texts=tuple(texts),
        items=tuple(items),
        notices=telling.notices(lent, case, entries, tells),
        searched=searched,
    )
