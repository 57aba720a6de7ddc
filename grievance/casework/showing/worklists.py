"""Lists cases for a viewer, who is never optional: 25 a page, each line with what they may see of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from grievance.casework import standstill, wording
from grievance.casework.desk import Desk, Lent, Viewer, actors, calendar_of
from grievance.casework.finding import find_known
from grievance.casework.rows import ListView, Row
from grievance.casework.showing import answering, purchasing
from grievance.casework.showing.ordering import laws_of, order_of
from grievance.casework.timing import RESTS, due_view
from grievance.casework.undelivered import any_unreached
from grievance.core.case import Case
from grievance.core.pacing import owed
from grievance.core.seating import empty_seats
from grievance.core.visibility import OFFICE, sees_end, sees_party_names, sees_restatement
from grievance.language import search_key
from grievance.store import clusters, lists, people

PAGE = 25


def worklist(
    desk: Desk, viewer: Viewer, wanted: Mapping[str, str], *, roles: frozenset[str], page: int = 1
) -> ListView:
    """The viewer's cases, 25 a page, soonest due first unless `wanted` names another of `ordering` in `sort`.

    `wanted` also holds q, turn, lane, about, who, site, stage, law, linked and view; unknown keys are ignored.
    """
    now = desk.now()
    with desk.store.read() as tx:
        me, lent = viewer.person, Lent(tx)
        view = wanted.get("view", "")
        narrowed = lists.Wanted(
            view=view if view in (lists.LATE, lists.WEEK, lists.ENDED) else lists.OPEN,
            key=search_key(wanted.get("q", "").strip()),
            turn=wanted.get("turn", ""),
            lane=wanted.get("lane", ""),
            category=wanted.get("about", ""),
            assignee={"me": me, "nobody": "-"}.get(wanted.get("who", ""), wanted.get("who", "")),
            # Each role is a range of an index. Whoever holds none of them finds nothing, whatever is looked through.
            roles=tuple(sorted(roles & viewer.held or roles)),
            site=wanted.get("site", "").upper(),
            stage=wanted.get("stage", ""),
            laws=laws_of(desk, wanted.get("law", "")),
            linked=viewer.holders if wanted.get("linked") and roles & OFFICE else (),
            readers=() if roles & OFFICE else viewer.holders,
        )
        first = (page - 1) * PAGE
        # The moment of filing is the office's to know: others are told the week.
        sort, order = order_of(desk, viewer, wanted.get("sort", "") if roles & OFFICE else "")
        found, counts = lists.listed(tx, viewer.holders, narrowed, now, first=first, most=PAGE, order=order)
        officers = officers_beside(tx, viewer) if roles & OFFICE else {}
        listed = (one for row in found.rows for one in (row.assignee, _brand(desk, row.case)))
        names = officers | people.names(tx, (one for one in listed if one not in officers))
        rows = tuple(_row(desk, lent, _known(tx, row, viewer), viewer, names, now) for row in found.rows)
        zone = calendar_of(desk, lent, found.rows[0].case).tz if found.rows else None
        stopped = standstill.why_stopped(tx) if roles & OFFICE else ""
        bulk = clusters.waiting(tx, viewer.holders, lists.MANY + 1) if roles & OFFICE else 0
        unreached = bool(roles & OFFICE) and any_unreached(tx, viewer)
    today = now.astimezone(zone).date() if zone else None
    return ListView(
        rows=rows,
        total=found.total,
        more=found.more,
        first=first + 1,
        page=page,
        pages=max(1, -(-found.total // PAGE), page + 1 if found.onward else 0),
        counts={tab: str(n) if n <= lists.MANY else f"{lists.MANY}+" for tab, n in counts.items()},
        officers=officers,
        today=today,
        order=sort,
        only=found.only,
        stopped=stopped,
        bulk=bulk,
        unreached=unreached,
    )


def _brand(desk: Desk, case: Case) -> str:
    """The brand that a case is about: it has no site."""
    brands = desk.lawbook.procedure(case.procedure).respondent == purchasing.BRANDS
    return case.respondents[0].body if brands and case.respondents else ""


def _known(tx: Connection, row: lists.Listed, viewer: Viewer) -> lists.Listed:
    """The line of a case as far as this viewer knows it."""
    if not (row.case.unsaid or row.case.withdrawn):
        return row
    case = find_known(tx, viewer, row.ref).case
    if case.seq == row.case.seq:
        return replace(row, case=case)
    site = people.site(tx, case.site)
    name, place = (site.name, site.place) if site else ("", "")
    title = wording.clear(tx, case).get("title", "")
    return replace(row, case=case, title=title, site=case.site, site_name=name, place=place)


def _row(desk: Desk, lent: Lent, row: lists.Listed, viewer: Viewer, names: Mapping[str, str], now: datetime) -> Row:
    case = row.case
    procedure = desk.lawbook.procedure(case.procedure)
    stage = procedure.stages[case.stage]
    clock = case.stage_clock
    held = actors(case, viewer)
    mine = {actor.role for actor in held}
    seats = {actor.seat for actor in held}
    shown, named = (any(sees(role, case) for role in mine) for sees in (sees_restatement, sees_party_names))
    label = stage.label if any(sees_end(role, case, procedure) for role in mine) else RESTS.text
    second = bool(mine & OFFICE) and case.second_asked not in ("", viewer.person)
    tasked = second or any(tuple(owed(procedure, case, one.role, one.seat)) for one in held)
    return Row(
        ref=row.ref,
        title=row.title if shown else "",
        stage_label=label,
        turn=case.turn,
        turn_label=procedure.turn(case.turn)[0],
        answers=procedure.respondent,
        my_turn=answering.my_turn(case, procedure, held) or tasked,
        lane=case.lane,
        final_label=label if case.final else "",
        category=case.category if shown else "",
        site=row.site if named else "",
        site_name=row.site_name if named else "",
        place=row.place if named else "",
        assignee=row.assignee,
        assignee_name=names.get(row.assignee, ""),
        mine=row.assignee == viewer.person,
        brand=names.get(_brand(desk, case), "") if named else "",
        seq=case.seq,
        due=due_view(clock.due_at, clock.limit, now, calendar_of(desk, lent, case)) if clock else None,
        spoken=any(seats & set(said) for said in case.said.values()),
        second=second,
        empty=empty_seats(procedure, case),
    )


def officers_beside(tx: Connection, viewer: Viewer) -> dict[str, str]:
    """Id → name of everybody who is active in the viewer's own case offices."""
    return people.colleagues(tx, [body.id for body in viewer.bodies if body.kind == "office"])
