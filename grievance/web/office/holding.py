"""The page on which two people of the office keep the words of a case beyond their time, and let them go again."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for

from grievance.casework.showing import reading
from grievance.casework.words import holding
from grievance.core.errors import say
from grievance.web import given
from grievance.web.forms import reasoned
from grievance.web.forms.reasoned import Answer, Wrong
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer
from grievance.web.navigation import OFFICE_ROLES

DONE = {
    "ask": say("Asked. Until somebody else answers, for two weeks at most, nothing of it is erased."),
    "confirm": say("Held. Nothing of it is erased until two people end that."),
    "refuse": say("Not held. Its words are erased when their time is over."),
    "ask_lift": say("Asked. It stays held until somebody else confirms."),
    "lift": say("Ended. Its words are erased when their time is over."),
    "keep": say("It stays held."),
}


def add_holding(pages: Blueprint) -> None:
    """The page, and its steps."""

    @pages.get("/office/cases/<ref>/hold", endpoint="hold")
    @needs(PERSON)
    def show(ref: str) -> Answer:
        return _page(ref)

    @pages.post("/office/cases/<ref>/hold", endpoint="set_hold")
    @needs(PERSON)
    def act(ref: str) -> Answer:
        what, reason = request.form.get("what", ""), given.reason()
        reading.case(desk(), viewer(), ref, roles=OFFICE_ROLES)  # a seat elsewhere opens nothing at this door
        act = holding.act
        error = reasoned.take(lambda seen, once: act(desk(), viewer(), what, ref, reason, seen=seen, once=once))
        return _page(ref, what, error) if error else redirect(url_for("office.hold", ref=ref, done=what), 303)


def _page(ref: str, tried: str = "", error: Wrong | None = None) -> Answer:
    return reasoned.page("office/hold.html", DONE, error, view=holding.look(desk(), viewer(), ref), tried=tried)
