"""The page on which a case whose number was lost is handed on to another number, step by step, or taken back."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for

from grievance.casework import handing
from grievance.casework.showing import reading
from grievance.core.errors import say
from grievance.web import given
from grievance.web.forms import reasoned
from grievance.web.forms.reasoned import Answer, Wrong
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer
from grievance.web.navigation import OFFICE_ROLES

DONE = {
    "announce": say("Announced. The first number reads it when it opens the case, and can say no for a week."),
    "hand": say("Handed on. The new number opens this case now."),
    "take_back": say("Taken back. Both cases say so."),
}


def add_handing(pages: Blueprint) -> None:
    """The page, and the three steps that it can make."""

    @pages.get("/office/cases/<ref>/number/<other>", endpoint="number_of")
    @needs(PERSON)
    def show(ref: str, other: str) -> Answer:
        return _page(ref, other)

    @pages.post("/office/cases/<ref>/number/<other>", endpoint="hand_on")
    @needs(PERSON)
    def act(ref: str, other: str) -> Answer:
        what, reason = request.form.get("what", ""), given.reason()
        reading.case(desk(), viewer(), ref, roles=OFFICE_ROLES)  # a seat elsewhere opens nothing at this door
        act = handing.act
        error = reasoned.take(lambda seen, once: act(desk(), viewer(), what, ref, other, reason, seen=seen, once=once))
        if error:
            return _page(ref, other, error)
        return redirect(url_for("office.number_of", ref=ref, other=other, done=what), 303)


def _page(ref: str, other: str, error: Wrong | None = None) -> Answer:
    return reasoned.page("office/handing.html", DONE, error, view=handing.look(desk(), viewer(), ref, other))
