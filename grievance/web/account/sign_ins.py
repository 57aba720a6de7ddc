"""Where somebody is signed in, for administrators: since when, when last used; each ends alone, or all of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import render_template

from grievance.casework.house import people, signing_out, staffing, through
from grievance.core.errors import Refused, Said
from grievance.web import gate
from grievance.web.account import pages
from grievance.web.account.showing import Answer, to, was_done, zone
from grievance.web.errors import STATUS
from grievance.web.front import desk
from grievance.web.gate import ADMINISTRATOR, needs, viewer


@pages.get("/account/people/<person>/sign-ins")
@needs(ADMINISTRATOR)
def sign_ins(person: str) -> Answer:
    return _page(person)


@pages.post("/account/people/<person>/sign-ins")
@needs(ADMINISTRATOR, fresh=True)
def end_sign_ins(person: str) -> Answer:
    return _ended(person, partial(signing_out.end_all, desk(), viewer(), person))


@pages.post("/account/people/<person>/sign-ins/<session_id>")
@needs(ADMINISTRATOR, fresh=True)
def end_sign_in(person: str, session_id: str) -> Answer:
    return _ended(person, partial(signing_out.end, desk(), viewer(), person, session_id))


def _ended(person: str, act: Callable[[], None]) -> Answer:
    try:
        act()
    except Refused as error:
        return _page(person, error.said), STATUS[Refused]
    return to("account.sign_ins", "signed_out", person=person)


def _page(person: str, problem: Said | None = None) -> str:
    sessions = signing_out.sign_ins(desk(), viewer(), person)
    return render_template(
        "account/sign_ins.html",
        one=staffing.one(desk(), viewer(), person),
        sessions=sessions,
        organisations=through.names(desk(), sessions),
        current=people.session_id(gate.session_token()),
        zone=zone(),
        problem=problem,
        done=was_done(),
    )
