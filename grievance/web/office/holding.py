"""The page on which two people of the office keep the words of a case beyond their time, and let them go again."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.casework import holding
from grievance.casework.once import new_mark
from grievance.casework.showing import reading
from grievance.core.errors import Busy, Invalid, Refused, Said, Stale, say
from grievance.web.errors import BUSY, STATUS
from grievance.web.forms.moving import seen_in
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer
from grievance.web.navigation import OFFICE_ROLES

DONE = {
    "ask": say("Asked. Until somebody else answers, for two weeks at most, nothing of it is erased."),
    "confirm": say("Held. Nothing of it is erased until two people end that."),
    "refuse": say("Not held. Its words go when their time is over."),
    "ask_lift": say("Asked. It stays held until somebody else confirms."),
    "lift": say("Ended. Its words go when their time is over."),
    "keep": say("It stays held."),
}
LONGEST = 2_000
"""Characters of a reason."""

Answer = Response | tuple[str, int]
Wrong = Invalid | Refused | Stale | Busy


def add_holding(pages: Blueprint) -> None:
    """The page, and its steps."""

    @pages.get("/office/cases/<ref>/hold", endpoint="hold")
    @needs(PERSON)
    def show(ref: str) -> Answer:
        return _page(ref)

    @pages.post("/office/cases/<ref>/hold", endpoint="set_hold")
    @needs(PERSON)
    def act(ref: str) -> Answer:
        what, reason = request.form.get("what", ""), request.form.get("reason", "").replace("\x00", "")[:LONGEST]
        seen, once = seen_in(request.form.get("seen")), request.form.get("once", "")
        reading.case(desk(), viewer(), ref, roles=OFFICE_ROLES)  # a seat elsewhere opens nothing at this door
        try:
            holding.act(desk(), viewer(), what, ref, reason, seen=seen, once=once)
        except (Invalid, Refused, Stale, Busy) as error:
            return _page(ref, what, reason, error)
        return redirect(url_for("office.hold", ref=ref, done=what), 303)


def _page(ref: str, tried: str = "", reason: str = "", error: Wrong | None = None) -> Answer:
    wrong: dict[str, Said] = dict(error.fields) if isinstance(error, Invalid) else {}
    page = render_template(
        "office/hold.html",
        view=holding.look(desk(), viewer(), ref),
        done=DONE.get(request.args.get("done", "")) if request.method == "GET" else None,
        tried=tried,
        reason=reason,
        problem=error.said if error else None,
        wrong=wrong,
        mark=new_mark(desk()),
    )
    return page, STATUS.get(type(error), BUSY) if error else 200
