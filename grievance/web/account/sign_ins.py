"""Where somebody is signed in, for administrators: since when, when last used; each ends alone, or all of them."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from grievance.casework.house import people, signing_out, staffing, through
from grievance.core.errors import Refused, Said
from grievance.web import gate
from grievance.web.account import pages
from grievance.web.account.showing import Answer, to, was_done
from grievance.web.front import desk
from grievance.web.gate import ADMINISTRATOR, needs, viewer


@pages.get("/account/people/<person>/sign-ins")
@needs(ADMINISTRATOR)
def sign_ins(person: str) -> Answer:
    return _page(person)


@pages.post("/account/people/<person>/sign-ins")
@needs(ADMINISTRATOR, fresh=True)
def end_sign_ins(person: str) -> Answer:
    try:
        signing_out.end_all(desk(), viewer(), person)
    except Refused as error:
        return _page(person, error.said), 409
    return _away(person)


@pages.post("/account/people/<person>/sign-ins/<session_id>")
@needs(ADMINISTRATOR, fresh=True)
def end_sign_in(person: str, session_id: str) -> Answer:
    try:
        signing_out.end(desk(), viewer(), person, session_id)
    except Refused as error:
        return _page(person, error.said), 409
    return _away(person)


def _away(person: str) -> Response:
    return to("account.sign_ins", "signed_out", person=person)


def _page(person: str, problem: Said | None = None) -> str:
    sessions = signing_out.sign_ins(desk(), viewer(), person)
    return render_template(
        "account/sign_ins.html",
        one=staffing.one(desk(), viewer(), person),
        sessions=sessions,
        organisations=through.names(desk(), sessions),
        current=people.session_id(gate.session_token()),
        zone=next(iter(desk().lawbook.calendars.values())).tz,
        problem=problem,
        done=was_done(),
    )
