"""Officers see what came in a flood by its clusters, take out what is genuine, and set the rest aside with a reason.

Nothing is dropped: a case that is set aside keeps its number, and a day later goes the way on which its procedure declines a
complaint. Until then it can be taken up again; after that its complainant can ask the three sides, as after any refusal.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Connection

from grievance.casework import opening, telling, wording
from grievance.casework.desk import Desk, Lent, Viewer, acting, calendar_of, sitting
from grievance.casework.entries import entered
from grievance.casework.once import first_time
from grievance.core import machine
from grievance.core.calendar import due_day
from grievance.core.case import Case
from grievance.core.errors import GrievanceError, Refused, Stale, needed, or_hidden, say
from grievance.core.events import Entry, Event, SetAside, TakenOut, TakenUp
from grievance.core.matters import Actor
from grievance.store import cases, clusters, ledger, lists, stands

log = logging.getLogger(__name__)

UNDO = timedelta(days=1)
"""So long a cluster that was set aside can be taken up again; our proposal."""

PAGE, BATCH, MANY = 25, 200, lists.MANY
OFFICER = frozenset({"officer"})
NOTHING_LEFT = say("None of these still waits in the bulk lane.")


@dataclass(frozen=True, slots=True)
class ClusterView:
    """One line of the bulk lane."""

    id: str
    waiting: int
    urgent: int
    aside: int
    due: date | None


@dataclass(frozen=True, slots=True)
class Lane:
    """A page of the clusters, the largest first; how many there are, and how many cases wait in them."""

    clusters: tuple[ClusterView, ...]
    total: int
    waiting: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case of a cluster: the beginning of what was written, where this process can open it."""

    ref: str
    seq: int
    lane: str
    site: str
    about: tuple[str, ...]
    words: str
    due: date | None
    aside: bool


@dataclass(frozen=True, slots=True)
class OneCluster:
    """A page of one cluster, what is due first before the rest."""

    cluster: ClusterView
    cases: tuple[Waiting, ...]
    page: int
    pages: int


def left(desk: Desk, viewer: Viewer, cluster_id: str) -> bool:
    """Whether anything of a cluster still waits for this viewer."""
    with desk.store.read() as tx:
        return clusters.one(tx, viewer.holders, cluster_id) is not None


def lane(desk: Desk, viewer: Viewer, page: int = 1) -> Lane:
    """The clusters for this viewer; empty where they sit in no office."""
    with desk.store.read() as tx:
        total, all_waiting = clusters.count(tx, viewer.holders)
        pages = max(1, -(-total // PAGE))
        page = min(page, pages)
        found = clusters.listed(tx, viewer.holders, first=(page - 1) * PAGE, most=PAGE)
        return Lane(tuple(_view(desk, tx, viewer, one) for one in found), total, all_waiting, page, pages)


def cluster(desk: Desk, viewer: Viewer, cluster_id: str, page: int = 1) -> OneCluster:
    """One cluster. Raises Hidden where this viewer has nothing of it."""
    with desk.store.read() as tx:
        one = or_hidden(clusters.one(tx, viewer.holders, cluster_id))
        pages = -(-one.waiting // PAGE)
        page = min(page, pages)
        found = clusters.page(tx, viewer.holders, cluster_id, first=(page - 1) * PAGE, most=PAGE)
        lent = Lent(tx)
        listed = tuple(_waiting(desk, tx, lent, viewer, held) for held in found)
        return OneCluster(_view(desk, tx, viewer, one), listed, page, pages)


def take_out(desk: Desk, viewer: Viewer, cluster_id: str, refs: Sequence[str], *, once: str) -> int:
    """Into the work list, as a complaint like any other: those of these references, or with none of them the whole cluster.

    Returns how many. Raises Refused where nothing of it waits any more.
    """
    chosen = frozenset(refs)
    return _each(desk, viewer, cluster_id, "take out", once, lambda case: not chosen or case in chosen, TakenOut)


def set_aside(desk: Desk, viewer: Viewer, cluster_id: str, reason: str, *, once: str) -> int:
    """The whole cluster, with a reason that each complainant reads. Returns how many. Raises Invalid without a reason."""
    needed("reason", reason)
    return _each(desk, viewer, cluster_id, "set aside", once, lambda _: True, SetAside, reason)


def take_up(desk: Desk, viewer: Viewer, cluster_id: str, *, once: str) -> int:
    """What was set aside waits as before. Returns how many."""
    return _each(desk, viewer, cluster_id, "take up", once, lambda _: True, TakenUp)


def _each(
    desk: Desk,
    viewer: Viewer,
    cluster_id: str,
    what: str,
    once: str,
    chosen: Callable[[str], bool],
    kind: type[TakenOut | SetAside | TakenUp],
    reason: str = "",
) -> int:
    """The same entry in each case of a cluster, in short transactions: others file in between."""
    with desk.store.read() as tx:
        if clusters.one(tx, viewer.holders, cluster_id) is None:
            raise Refused(NOTHING_LEFT)
    done, after = 0, ""
    while True:
        try:
            with desk.store.write() as tx:
                if not after and not first_time(desk, tx, once, viewer.person, what, cluster_id):
                    return 0
                found = clusters.of(tx, viewer.holders, cluster_id, after=after, most=BATCH)
                if not found:
                    return done
                lent = Lent(tx)
                fitting = [held for held in found if chosen(held.ref) and _fits(kind, held.case)]
                changes = [_changed(desk, lent, viewer, held, kind, reason) for held in fitting]
                if changes:
                    ledger.append(tx, changes)
        except Stale:  # somebody moved one of them: read again
            continue
        done, after = done + len(fitting), found[-1].case.id


def _fits(kind: type[Event], case: Case) -> bool:
    return kind is TakenOut or (case.aside_at is None) == (kind is SetAside)


def _changed(
    desk: Desk, lent: Lent, viewer: Viewer, held: ledger.Held, kind: type[Event], reason: str
) -> ledger.Change:
    actor = acting(held.case, viewer, OFFICER)
    if kind is TakenOut:
        change = entered(desk, lent, held, actor, TakenOut(), wording.Draft())
        return replace(change, notices=telling.notices(lent, change.case, change.entries, ("officer",)))
    written = wording.draft(desk, {"set_aside_reason": reason} if reason else {})
    event = SetAside(written.words) if kind is SetAside else TakenUp()
    return entered(desk, lent, held, actor, event, written)


def finish(desk: Desk, most: int = BATCH) -> int:
    """Declines what was set aside a day ago, by the moves that its procedure names, for the officer who set it aside.

    Returns how many cases; none while the clock stands. What cannot be declined any more waits in the work list: it is
    taken out.
    """
    done = 0
    while True:
        try:
            with desk.store.write() as tx:
                if stands.state(tx) != stands.RUNS:
                    return done
                found = clusters.set_aside_before(tx, desk.now() - UNDO, most)
                lent = Lent(tx)
                ledger.append(tx, [change for held in found for change in _declined(desk, tx, lent, held)])
        except Stale:
            continue
        done += len(found)
        if len(found) < most:
            return done


def _declined(desk: Desk, tx: Connection, lent: Lent, held: ledger.Held) -> list[ledger.Change]:
    day = sitting(desk, lent, held.case)
    actor = _who(tx, held)
    case, tells, beside = held.case, dict[str, None](), list[ledger.Change]()
    entries: tuple[Entry, ...] = ()
    for name in day.procedure.set_aside:
        try:
            fired = machine.fire(day, case, name, actor)
        except GrievanceError:  # not from here: the next one may
            continue
        opened = opening.beside(desk, lent, fired, held, actor)
        case, entries = opened.case, (*entries, *opened.entries)
        tells |= dict.fromkeys(fired.tells)
        beside += opened.beside
    if not entries or case.stage == held.case.stage:
        log.warning("a case that was set aside could not be declined, and waits in the work list")
        return [entered(desk, lent, held, actor, TakenOut(), wording.Draft(), ("officer",))]
    notices = telling.once_an_hour(desk.now(), telling.notices(lent, case, entries, tells))
    return [ledger.Change(case=case, entries=entries, held=held, notices=notices), *beside]


def _who(tx: Connection, held: ledger.Held) -> Actor:
    """Whoever set it aside."""
    ledger_of = (entry for entry, _ in cases.ledger_of(tx, held.case.id))
    return [entry.actor for entry in ledger_of if isinstance(entry.event, SetAside)][-1]


def _view(desk: Desk, tx: Connection, viewer: Viewer, one: clusters.Cluster) -> ClusterView:
    """Its first date is counted by the calendar of the case that is due first."""
    due = None
    if one.due_at is not None:
        found = clusters.page(tx, viewer.holders, one.id, first=0, most=1)
        due = due_day(one.due_at, calendar_of(desk, Lent(tx), found[0].case)) if found else None
    return ClusterView(one.id, one.waiting, one.urgent, one.aside, due)


def _waiting(desk: Desk, tx: Connection, lent: Lent, viewer: Viewer, held: ledger.Held) -> Waiting:
    case, clock = held.case, held.case.stage_clock
    words = wording.beginning(wording.reading(desk, tx, viewer, case.id)(wording.FILED, "account"))
    due = due_day(clock.due_at, calendar_of(desk, lent, case)) if clock else None
    return Waiting(held.ref, case.seq, case.lane, case.site, case.about, words, due, case.aside_at is not None)
