"""The page on which a case whose number was lost is handed on to another number, step by step, or taken back."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.casework import handing
from grievance.casework.once import new_mark
from grievance.casework.showing import reading
from grievance.core.errors import Busy, Invalid, Refused, Said, Stale, say
from grievance.web.errors import BUSY, STATUS
from grievance.web.forms.moving import seen_in
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer
from grievance.web.navigation import OFFICE_ROLES

DONE = {
    "announce": say("Announced. The first number reads it when it opens the case, and can say no for a week."),
    "hand": say("Handed on. The new number opens this case now."),
    "take_back": say("Taken back. Both cases say so."),
}
LONGEST = 2_000
"""Characters of a reason."""

Answer = Response | tuple[str, int]
Wrong = Invalid | Refused | Stale | Busy


def add_handing(pages: Blueprint) -> None:
    """The page, and the three steps that it can make."""

    @pages.get("/office/cases/<ref>/number/<other>", endpoint="number_of")
    @needs(PERSON)
    def show(ref: str, other: str) -> Answer:
        return _page(ref, other)

    @pages.post("/office/cases/<ref>/number/<other>", endpoint="hand_on")
    @needs(PERSON)
    def act(ref: str, other: str) -> Answer:
        what, reason = request.form.get("what", ""), request.form.get("reason", "").replace("\x00", "")[:LONGEST]
        seen, once = seen_in(request.form.get("seen")), request.form.get("once", "")
        reading.case(desk(), viewer(), ref, roles=OFFICE_ROLES)  # a seat elsewhere opens nothing at this door
        try:
            handing.act(desk(), viewer(), what, ref, other, reason, seen=seen, once=once)
        except (Invalid, Refused, Stale, Busy) as error:
            return _page(ref, other, reason, error)
        return redirect(url_for("office.number_of", ref=ref, other=other, done=what), 303)


def _page(ref: str, other: str, reason: str = "", error: Wrong | None = None) -> Answer:
    wrong: dict[str, Said] = dict(error.fields) if isinstance(error, Invalid) else {}
    page = render_template(
        "office/handing.html",
        view=handing.look(desk(), viewer(), ref, other),
        done=DONE.get(request.args.get("done", "")) if request.method == "GET" else None,
        reason=reason,
        problem=error.said if error else None,
        wrong=wrong,
        mark=new_mark(desk()),
    )
    return page, STATUS.get(type(error), BUSY) if error else 200
