"""Reads cases for a viewer, who is never optional: what comes back is frozen and holds what they may see."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from grievance.casework import linking
from grievance.casework.bulk import UNDO
from grievance.casework.desk import Bearer, Desk, Lent, Viewer, actors, sitting
from grievance.casework.finding import find_known
from grievance.casework.newest import newest
from grievance.casework.showing import answering, benches, meeting, prefilling, purchasing, retaining
from grievance.casework.showing import storytelling as story
from grievance.casework.showing.choosing import PICKED, choices
from grievance.casework.showing.choosing import asked as put
from grievance.casework.showing.recalling import own
from grievance.casework.showing.told import Told
from grievance.casework.showing.worklists import officers_beside
from grievance.casework.timing import clocks, due_view, local_day, resting, stations
from grievance.casework.views import CaseView, FormView, MoveView, Own
from grievance.casework.words import custody
from grievance.core import machine
from grievance.core.asks import ASKS
from grievance.core.calendar import due, due_day
from grievance.core.case import Case
from grievance.core.effects.remedying import RESPONDENT
from grievance.core.errors import Hidden, say
from grievance.core.evidence import adding, why_not_add
from grievance.core.grace import asks_of
from grievance.core.matters import Actor
from grievance.core.pacing import owed
from grievance.core.procedure import ANYWHERE, FINALS, MARKS, Move
from grievance.core.seating import Sitting, empty_seats
from grievance.core.visibility import (
    OFFICE,
    OWN_WORDS,
    sees_count,
    sees_day_of_filing,
    sees_end,
    sees_mark,
    sees_party_names,
    sees_restatement,
)
from grievance.store import people
from grievance.store.ledger import Held

UNNAMED = frozenset({"complainant", "officer"})


def case(desk: Desk, viewer: Viewer | Bearer, ref: str, *, roles: frozenset[str]) -> CaseView:
    """The case as this viewer sees it from a door for these roles. Raises Hidden where they hold no such seat."""
    with desk.store.read() as tx:
        held = find_known(tx, viewer, ref)
        return seen(desk, tx, viewer, held, roles)


def form(desk: Desk, viewer: Viewer | Bearer, ref: str, move: str, *, roles: frozenset[str]) -> FormView:
    """What to ask for a move, with the reason when it is not possible now: what was typed must find its form again.

    Raises Hidden for a move that the viewer's role never makes.
    """
    with desk.store.read() as tx:
        held = find_known(tx, viewer, ref)
        view = seen(desk, tx, viewer, held, roles)
        day = sitting(desk, Lent(tx), held.case)
        asked = day.procedure.moves.get(move)
        if asked is None or move in day.procedure.automatic or not set(asked.by) & set(view.roles):
            raise Hidden
        here = next((m for m in view.moves if m.name == move), None)
        away = say("The case is not at a stage where this can be done.")
        between = move in day.procedure.between
        chosen = here or MoveView(move, asked.label, away, asked.asks, asked.tells, "", asked.does, between=between)
        offered = {name: choices(tx, day, held.case, name) for name in chosen.asks if ASKS[name].shape in PICKED}
        shapes = {name: put(day.procedure, held.case, name) for name in chosen.asks}
        marked = prefilling.marked(view, shapes, offered)
        start = prefilling.start(view, shapes, marked)
        return _ending(day, asked, FormView(view, chosen, shapes, offered, theirs=marked, start=start))


def _ending(day: Sitting, move: Move, form: FormView) -> FormView:
    """What whoever complained has to know before they end their case: until when they can take it back, who learns when."""
    stage = day.procedure.stages.get(move.to)
    if stage is None or not stage.final or "complainant" not in form.case.roles:
        return form
    undo = due_day(due(day.procedure.reopen_within, day.at, day.calendar), day.calendar)
    later = next(
        (clock for clock in day.procedure.clocks.values() if clock.after_end and move.name in clock.starts), None
    )
    if later is None:
        return replace(form, undo=undo)
    return replace(
        form, undo=undo, told_on=due_day(due(later.within, day.at, day.calendar), day.calendar), told_then=later.tells
    )


def seen(desk: Desk, tx: Connection, viewer: Viewer | Bearer, held: Held, roles: frozenset[str]) -> CaseView:
    """A case that was found for this viewer, as they see it from a door for these roles. Raises Hidden as `case` does."""
    case = held.case
    mine = tuple(actor for actor in actors(case, viewer) if actor.role in roles)
    if not mine:
        raise Hidden
    day = sitting(desk, Lent(tx), case)
    procedure, calendar, now = day.procedure, day.calendar, day.at
    stage, clock = procedure.stages[case.stage], case.stage_clock
    my_roles = tuple(dict.fromkeys(actor.role for actor in mine))
    restated = any(sees_restatement(role, case) for role in my_roles)
    named = any(sees_party_names(role, case) for role in my_roles)
    office, own_words = bool(OFFICE & set(my_roles)), bool(OWN_WORDS & set(my_roles))
    counted = any(sees_count(role, case) for role in my_roles)
    site = people.site(tx, case.site) if case.site and (named or office) else None
    officers = officers_beside(tx, viewer) if office and isinstance(viewer, Viewer) else {}
    names = officers | people.names(
        tx,
        [
            *(one.body for one in case.respondents),
            case.contact,
            *case.buyers,
            case.assignee,
            case.second_asked,
            case.attended.person if case.attended else "",
            # A receipt has no name, and an officer's is told to the office alone.
            *(s.holder for s in (*case.seats, *(gone.seat for gone in case.left)) if office or s.role not in UNNAMED),
        ],
    )
    told = story.read(desk, tx, viewer, case, mine, procedure, names)
    texts = told.clear
    view = CaseView(
        ref=held.ref,
        seq=newest(desk, tx, case, viewer),
        roles=my_roles,
        procedure=procedure.key,
        procedure_label=procedure.label,
        zone=calendar.tz,
        title=texts.get("title", "") if restated else "",
        restatement=texts.get("restatement", "") if restated else "",
        released_at=case.released_at,
        on_its_way=case.released_at is not None and now < case.released_at,
        stage=case.stage,
        stage_label=stage.label,
        turn=case.turn,
        turn_label=procedure.turn(case.turn)[0],
        my_turn=answering.my_turn(case, procedure, mine),
        spoken=any({actor.seat for actor in mine} & set(said) for said in case.said.values()),
        lane=case.lane,
        final=case.final,
        final_label=FINALS.get(case.final, ""),
        due=due_view(clock.due_at, clock.limit, now, calendar) if clock else None,
        entered_at=case.entered_at,
        week=case.week,
        filed_day=local_day(case.filed_at, calendar) if any(map(sees_day_of_filing, my_roles)) else None,
        anonymity=case.anonymity if own_words else "",
        language=case.language,
        filer=case.filer if own_words else "",
        site=case.site if named else "",
        site_name=site.name if site else "",
        place=site.place if site else "",
        respondent=", ".join(names.get(one.body, "") for one in case.respondents) if named else "",
        respondents=answering.respondents(tx, case, mine, names),
        buyers=tuple(names.get(buyer, "") for buyer in case.buyers) if named else (),
        category=case.category if restated or set(my_roles) & OWN_WORDS else "",
        severity=case.severity if office else "",
        issues=case.issues if restated else (),
        remedies=case.remedies,
        members=case.members if counted else 0,
        members_left=case.members_left if counted else 0,
        presumed=answering.presumed(case, mine),
        marks=tuple(MARKS[mark] for mark in case.marks if any(sees_mark(role, mark, case) for role in my_roles)),
        decided=case.decided,
        silent=case.silent,
        seats=benches.seats(case, mine, names, told.reasons, "panel", "neutral"),
        stations=stations(case, day, told.entered, my_roles),
        clocks=clocks(case, day, mine),
        timeline=told.lines,
        messages=told.messages,
        moves=_moves(day, case, mine),
        complainant=_name(told),
        own=replace(own(told.own), reachable=told.reachable) if office else Own(),
        consents=case.consents if own_words else {},
        assignee=case.assignee if office else "",
        assignee_name=names.get(case.assignee, "") if office else "",
        officers=officers,
        restated=case.restated > 0,
        could_have_written=case.could_have_written if office else 0,
        second=told.second if office and case.second_asked else None,
        views_open=case.views_open,
        about=case.about if own_words else (),
        theirs=told.theirs,
        evidence=told.evidence,
        why_no_evidence=why_not_add(case, adding(mine)),
        owners=_owners(case, names) if named else {},
        plans=told.plans,
        consequence=stage.consequence if clock else "",
        grace_until=due_day(clock.rings[-1], calendar) if clock and stage.grace else None,
        sessions=meeting.sessions(case, told.places, my_roles, now),
        settlement=meeting.texts(case, told.proposed, names),
        beside=benches.seats(case, mine, names, told.reasons, "mediator", "relief"),
        left=benches.left(case, mine, names),
        empty=empty_seats(procedure, case),
        translations=told.translations,
        bulk=case.bulk if office else "-" if case.bulk and "complainant" in my_roles else "",
        aside_on=calendar.day_of(case.aside_at + UNDO) if case.aside_at else None,
        attended=case.attended if office else None,
        attended_by=names.get(case.attended.person, "") if office and case.attended else "",
        handed=case.handed if office else "",
        against=purchasing.against(case, day, my_roles, names),
        keeping=retaining.keeping(desk, Lent(tx), case) if own_words else None,
        namings=custody.shown(case, now) if own_words else (),
        links=linking.linked(desk, tx, viewer, case, my_roles),
    )
    return view if any(sees_end(role, case, procedure) for role in my_roles) else resting(view)


def _owners(case: Case, names: Mapping[str, str]) -> dict[str, str]:
    together = ", ".join(names.get(one.body, "") for one in case.respondents)
    owing = {remedy.owner for remedy in case.remedies}
    return {owner: together if owner == RESPONDENT else names.get(owner, "") for owner in owing}


def _name(told: Told) -> str:
    """Who complained, in one line, where this viewer may know it."""
    return ", ".join(json.loads(told.name).values()) if told.name else ""


def _moves(day: Sitting, case: Case, mine: tuple[Actor, ...]) -> tuple[MoveView, ...]:
    """Possible ones first, and of these what is waited for; a move that two of the viewer's seats could make is shown once."""
    found: dict[str, MoveView] = {}
    for actor in mine:
        wanted = {side.wants for side in owed(day.procedure, case, actor.role, actor.seat)}
        for move, why in machine.possible(day, case, actor):
            label = day.procedure.stages[move.to].label if move.to else ""
            always = ANYWHERE in move.source and move.name not in wanted
            asks = asks_of(day.procedure, case, move, actor.role, day.at)
            beside = "extension_left" in move.needs or "raise_lane" in move.does
            between = move.name in day.procedure.between
            view = MoveView(move.name, move.label, why, asks, move.tells, label, move.does, always, beside, between)
            if move.name not in found or found[move.name].why_not is not None:
                found[move.name] = view
    return tuple(sorted(found.values(), key=lambda move: (move.why_not is not None, move.beside)))
