"""The case office: the work list, a case with its clocks and moves, messages and notes, and the procedures."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form

from grievance.casework import assigning, bulk, moving
from grievance.casework.showing import ordering, reading
from grievance.casework.words import reaching
from grievance.core.asks import TEXT
from grievance.core.errors import GrievanceError, Invalid, Refused, Said, Stale, say
from grievance.web import given
from grievance.web.errors import status_of, told
from grievance.web.evidence import Door, add_evidence
from grievance.web.forms import fields
from grievance.web.forms.moving import add_moves
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer
from grievance.web.meetings import add_meetings
from grievance.web.navigation import OFFICE_ROLES, done, listing, staff
from grievance.web.office.attending import HANDED_OVER, add_attending
from grievance.web.office.flooding import add_bulk
from grievance.web.office.giving import add_assigning
from grievance.web.office.handing import add_handing
from grievance.web.office.holding import add_holding
from grievance.web.office.letters import add_letters
from grievance.web.office.links import LINKED, add_links
from grievance.web.office.procedures import add_procedures
from grievance.web.office.translating import TRANSLATED, add_translating
from grievance.web.speaking import say_it
from grievance.web.taking import add_export

pages = staff(Blueprint("office", __name__))
add_meetings(pages, "office", OFFICE_ROLES)
add_moves(pages, "office", OFFICE_ROLES)
add_procedures(pages)
add_evidence(pages, Door("office", OFFICE_ROLES, releases=True))
add_export(pages, "office", OFFICE_ROLES)
add_letters(pages)
add_bulk(pages)
add_assigning(pages)
add_attending(pages)
add_links(pages)
add_handing(pages)
add_holding(pages)
add_translating(pages)

FILTERS = ("view", "q", "turn", "lane", "about", "who", "site", "stage", "linked", "law", "sort")
TAKEN = {
    "message": say("Sent. The complainant reads it when they open the case with its number."),
    "note": say("Noted. Only the office reads it."),
    "evidence": say("The files are kept. The complainant sees them too."),
    "released": say("The parties and the panel may see this file now."),
    "assigned": say("The case is given to: {whom}."),
    **LINKED,
    "translated": TRANSLATED,
    "handed": HANDED_OVER,
    "nobody": say("The case is given back. It waits for an officer."),
}
"""What a page says after what is no move of the procedure."""


@pages.get("/office")
@needs(PERSON)
def cases() -> str:
    found, wanted = listing(viewer(), OFFICE_ROLES, FILTERS)
    narrow = any(wanted[name] for name in FILTERS if name not in ("view", "sort"))
    laws = {"tracks": ordering.tracks(desk()), "procedures": ordering.procedures(desk())}
    return render_template(
        "office/cases.html",
        list=found,
        wanted=wanted,
        narrow=narrow,
        stages=_stages(),
        MANY=bulk.MANY,
        **laws,
    )


def _stages() -> dict[str, str]:
    """Every stage in which a case can be, by name; where procedures share a name, the label of one."""
    procedures = desk().lawbook.procedures.values()
    return {name: stage.label for procedure in procedures for name, stage in procedure.stages.items()}


@pages.get("/office/cases/<ref>")
@needs(PERSON)
def case(ref: str) -> str:
    return _page(ref)


@pages.post("/office/cases/<ref>/contact")
@needs(PERSON)
def contact(ref: str) -> Response | tuple[str, int]:
    """It stands in the answer to the form alone: no address leads to it."""
    reading.case(desk(), viewer(), ref, roles=OFFICE_ROLES)  # a seat elsewhere in the case opens nothing at this door
    try:
        return render_template("office/contact.html", contact=reaching.read(desk(), viewer(), ref)), 200
    except (Refused, Stale) as error:
        return _page(ref, problem=error.said), status_of(error)


@pages.post("/office/cases/<ref>/messages")
@needs(PERSON)
def send_message(ref: str) -> Response | tuple[str, int]:
    return _write(ref, "message")


@pages.post("/office/cases/<ref>/notes")
@needs(PERSON)
def write_note(ref: str) -> Response | tuple[str, int]:
    return _write(ref, "note")


@pages.post("/office/cases/<ref>/assign")
@needs(PERSON)
def assign(ref: str) -> Response | tuple[str, int]:
    person = request.form.get("person", "")
    reading.case(desk(), viewer(), ref, roles=OFFICE_ROLES)  # a seat elsewhere in the case opens nothing at this door
    try:
        assigning.assign(desk(), viewer(), ref, person, given.reason(), seen=given.seen())
    except (Stale, Invalid) as error:
        problem, status = told(error)
        return _page(ref, problem=problem, chosen=person), status
    return redirect(url_for("office.case", ref=ref, done="assigned" if person else "nobody"), 303)


def _write(ref: str, name: str) -> Response | tuple[str, int]:
    """A message or a note: what does not fit is shown again with what was typed."""
    reading.case(desk(), viewer(), ref, roles=OFFICE_ROLES)
    form = _forms()[name](request.form)
    verbs = {"message": moving.write_message, "note": moving.write_note}
    problem: GrievanceError
    if not form.validate():
        problem = Invalid({})
    else:
        try:
            verbs[name](desk(), viewer(), ref, form[name].data, request.form.get("once", ""))
        except (Invalid, Refused, Stale) as error:
            problem = error
        else:
            return redirect(url_for("office.case", ref=ref, done=name, _anchor=f"{name}s"), 303)
    return _page(ref, problem=problem.said, tried={name: form}), status_of(problem)


def _page(
    ref: str,
    *,
    problem: Said | None = None,
    chosen: str | None = None,
    tried: Mapping[str, Form] = MappingProxyType({}),
) -> str:
    """The case; `tried` holds a form that did not fit, by name, and `chosen` the officer that was tried."""
    view = reading.case(desk(), viewer(), ref, roles=OFFICE_ROLES)
    forms: dict[str, Any] = {name: tried.get(name) or form() for name, form in _forms().items()}
    return render_template(
        "office/case.html",
        case=view,
        done=done(view),
        taken=TAKEN.get(request.args.get("done", "")) if request.method == "GET" else None,
        problem=problem,
        tried=next(iter(tried.values()), ()),
        chosen=view.assignee if chosen is None else chosen,
        mark=given.mark(),
        **forms,
    )


def _forms() -> dict[str, type[Form]]:
    """The two forms of a case page, in the reader's language."""
    message = fields.text(
        say_it("Write to the complainant"), say_it("They read it with their number. Write no name."), most=TEXT
    )
    note = fields.text(say_it("Write a note"), say_it("Only the office reads it, and it stays for good."), most=TEXT)
    return {
        "message": type("MessageForm", (fields.Page,), {"message": message}),
        "note": type("NoteForm", (fields.Page,), {"note": note}),
    }
