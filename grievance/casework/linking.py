"""Links cases that belong together, and finds those that might: only among cases in which the viewer is seated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from grievance.casework import wording
from grievance.casework.desk import Bearer, Desk, Lent, Viewer, actors, calendar_of
from grievance.casework.entries import entered
from grievance.casework.finding import find, find_seat
from grievance.casework.once import first_time
from grievance.casework.views import Beside
from grievance.core.case import Case
from grievance.core.errors import UNANSWERED, Hidden, Invalid, Said, Stale, needed, say
from grievance.core.events import Entry, HandedOn, Linked, Unlinked
from grievance.core.matters import BACK, Actor
from grievance.core.visibility import OFFICE, sees_link
from grievance.language import search_key
from grievance.store import ledger, links

BY_HAND = ("duplicate", "earlier", "later", "same_site", "retaliation", "retaliation_of", "process", "process_of")
"""What an officer can say; the clock says some of it by itself."""

WEEKS = 8
ALIKE = 0.35
"""Cases at one site within so many weeks, or with so large a share of three-letter pieces in common, are shown as alike.
Both are our proposal."""

LOOKED_AT = 300
"""Cases that are compared; an office that has more at one site narrows by the list."""

LONG = 5
"""Letters of a word that is worth looking for."""


@dataclass(frozen=True, slots=True)
class LinksView:
    """What the page of links shows: those that stand, and those that might."""

    linked: tuple[Beside, ...]
    alike: tuple[Beside, ...]


def named(entries: Iterable[Entry]) -> set[str]:
    """The ids of other cases that these entries speak of."""
    return {entry.event.case for entry in entries if isinstance(entry.event, Linked | Unlinked | HandedOn)}


def known(tx: Connection, viewer: Viewer | Bearer, ids: Iterable[str]) -> dict[str, links.Beside]:
    """Those of these cases, by id, that this viewer may know of: whoever works in the office of both."""
    return {} if isinstance(viewer, Bearer) else links.among(tx, viewer.holders, OFFICE, sorted(ids))


def linked(
    desk: Desk, tx: Connection, viewer: Viewer | Bearer, case: Case, roles: tuple[str, ...]
) -> tuple[Beside, ...]:
    """The cases linked with this one, for somebody who looks from seats of these roles."""
    found = known(tx, viewer, {link.case for link in case.links})
    return tuple(
        replace(_beside(desk, tx, found[link.case], link.kind), step=_step(case, link.case))
        for link in case.links
        if any(sees_link(role, seated=link.case in found) for role in roles)
    )


def _step(case: Case, other: str) -> str:
    known = case.handings.get(other)
    return known.step if known else ""


def look(desk: Desk, viewer: Viewer, ref: str, *, roles: frozenset[str]) -> LinksView:
    """The links of a case, and cases that look alike and are not linked yet. Raises Hidden."""
    with desk.store.read() as tx:
        held = find(tx, viewer, ref)
        mine = tuple(actor.role for actor in actors(held.case, viewer) if actor.role in roles & OFFICE)
        if not mine:
            raise Hidden
        return LinksView(linked(desk, tx, viewer, held.case, mine), tuple(_alike(desk, tx, viewer, held)))


def link(
    desk: Desk, viewer: Viewer, ref: str, other: str, kind: str, reason: str, *, seen: int, once: str = ""
) -> None:
    """Say in both cases that they belong together; the same form sent twice says it once.

    Raises Hidden, Stale where this case moved since it was read, Invalid by field: other, kind, reason.
    """
    wrong: dict[str, Said] = {}
    if kind not in BY_HAND:
        wrong["kind"] = say("Choose how the two belong together.")
    if not reason.strip():
        wrong["reason"] = UNANSWERED
    with desk.store.write() as tx:
        held, actor = find_seat(tx, viewer, ref, OFFICE)
        if not first_time(desk, tx, once, viewer.person, held.ref, "link"):
            return
        try:
            theirs, actor_there = find_seat(tx, viewer, other.strip().upper(), OFFICE)
        except Hidden:
            raise Invalid(
                wrong | {"other": say("You have no case with this number. Look it up in the work list.")}
            ) from None
        if theirs.case.id == held.case.id:
            wrong["other"] = say("This is the number of this very case.")
        elif any(one.kind == kind and one.case == theirs.case.id for one in held.case.links):
            wrong["other"] = say("The two are linked like that already.")
        if wrong:
            raise Invalid(wrong)
        if held.case.seq != seen:
            raise Stale
        _both(
            desk,
            tx,
            (held, actor, Linked(kind, theirs.case.id, theirs.ref)),
            (theirs, actor_there, Linked(BACK[kind], held.case.id, held.ref)),
            reason,
        )


def unlink(desk: Desk, viewer: Viewer, ref: str, other: str, kind: str, reason: str, *, seen: int) -> None:
    """Say in both cases that they do not belong together after all. Raises Hidden, Stale, Invalid without a reason."""
    needed("reason", reason)
    with desk.store.write() as tx:
        held, actor = find_seat(tx, viewer, ref, OFFICE)
        theirs, actor_there = find_seat(tx, viewer, other, OFFICE)
        if held.case.seq != seen:
            raise Stale
        if not any(one.kind == kind and one.case == theirs.case.id for one in held.case.links):
            raise Hidden
        _both(
            desk,
            tx,
            (held, actor, Unlinked(kind, theirs.case.id)),
            (theirs, actor_there, Unlinked(BACK[kind], held.case.id)),
            reason,
        )


def _both(
    desk: Desk,
    tx: Connection,
    here: tuple[ledger.Held, Actor, Linked | Unlinked],
    there: tuple[ledger.Held, Actor, Linked | Unlinked],
    reason: str,
) -> None:
    """One append for both cases, each with the reason under a salt of its own."""
    lent, changes = Lent(tx), []
    for held, actor, event in (here, there):
        written = wording.draft(desk, {"link_reason": reason})
        if isinstance(event, Linked):
            said: Linked | Unlinked = Linked(event.kind, event.case, event.ref, written.words)
        else:
            said = Unlinked(event.kind, event.case, written.words)
        changes.append(entered(desk, lent, held, actor, said, written))
    # Always in the same order, so that two officers who link the same two cases wait for each other and not in a circle.
    ledger.append(tx, sorted(changes, key=lambda change: change.case.id))


def _alike(desk: Desk, tx: Connection, viewer: Viewer, held: ledger.Held) -> list[Beside]:
    case = held.case
    mine = links.among(tx, viewer.holders, OFFICE, [case.id]).get(case.id)
    key = mine.key if mine else ""
    words = sorted({word for word in search_key(mine.title if mine else "").split() if len(word) >= LONG}, key=len)[-3:]
    near = links.near(tx, viewer.holders, OFFICE, case, words, LOOKED_AT)
    linked_with = {link.case for link in case.links}
    found = []
    for one in near:
        why = _why_alike(case, key, one)
        if why and one.case.id not in linked_with:
            found.append((len(why), one.case.filed_at, _beside(desk, tx, one, "", tuple(why))))
    found.sort(key=lambda each: (each[0], each[1]), reverse=True)
    return [each[2] for each in found[:25]]


def _why_alike(case: Case, key: str, other: links.Beside) -> list[Said]:
    why = []
    apart = abs(case.filed_at - other.case.filed_at) if case.filed_at and other.case.filed_at else timedelta.max
    same = _about(case) & _about(other.case)
    if set(case.sites) & set(other.case.sites) and apart <= timedelta(weeks=WEEKS) and same:
        why.append(say("Same site and subject, filed within {weeks} weeks", weeks=WEEKS))
    if key and other.key and _share(key, other.key) >= ALIKE:
        why.append(say("The restatements are alike"))
    return why


def _about(case: Case) -> set[str]:
    """Subjects: what the triage found, or what was ticked until then."""
    return {case.category} if case.category else set(case.about)


def _share(one: str, other: str) -> float:
    """The share of three-letter pieces that two texts have in common, from 0 to 1; it needs no blanks between words."""
    a, b = ({text[i : i + 3] for i in range(len(text) - 2)} for text in (one, other))
    return len(a & b) / len(a | b) if a | b else 0.0


def _beside(desk: Desk, tx: Connection, found: links.Beside, how: str, why: tuple[Said, ...] = ()) -> Beside:
    case = found.case
    stage = desk.lawbook.procedure(case.procedure).stages[case.stage]
    calendar = calendar_of(desk, Lent(tx), case)
    return Beside(
        ref=found.ref,
        title=found.title,
        stage_label=stage.label,
        final=bool(case.final),
        site=case.site,
        category=case.category,
        filed_day=calendar.day_of(case.filed_at) if case.filed_at else None,
        how=how,
        why=why,
    )
