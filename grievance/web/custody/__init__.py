"""The custody of names: requests to read who complained, and the only page on which a name is read."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.casework import custody
from grievance.casework.once import new_mark
from grievance.core.errors import Busy, Hidden, Invalid, Refused, Said, Stale, say
from grievance.core.matters import NAMING_REASONS
from grievance.web.errors import BUSY, STATUS
from grievance.web.forms.moving import seen_in
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer
from grievance.web.navigation import CUSTODY_ROLES, listing, staff

pages = staff(Blueprint("custody", __name__))

Answer = Response | tuple[str, int]
Wrong = Invalid | Refused | Stale | Busy
DONE = {
    "ask": say("Asked. The custodians are told; you hear of it when it is settled."),
    "agreed": say("You have agreed."),
    "refused": say("Refused. The name stays closed, and whoever asked reads why."),
    "taken_back": say("Taken back. The name stays closed."),
}


@pages.get("/custody")
@needs(PERSON)
def cases() -> str:
    """The cases in which this custodian is asked. No words are searched here: a custodian reads nothing of a case."""
    found, wanted = listing(viewer(), CUSTODY_ROLES, ("view",))
    return render_template("custody/cases.html", list=found, wanted=wanted)


@pages.get("/custody/cases/<ref>")
@needs(PERSON, fresh=True)
def case(ref: str) -> Answer:
    return _page(ref)


@pages.post("/custody/cases/<ref>/ask")
@needs(PERSON, fresh=True)
def ask(ref: str) -> Answer:
    why, reason = request.form.get("why", ""), _typed("reason")
    return _done(ref, "ask", lambda seen, once: custody.ask(desk(), viewer(), ref, why, reason, seen=seen, once=once))


@pages.post("/custody/cases/<ref>/<int:no>/<step>")
@needs(PERSON, fresh=True)
def answer(ref: str, no: int, step: str) -> Answer:
    if step not in DONE:
        raise Hidden
    reason = _typed("reason")
    return _done(
        ref,
        step,
        lambda seen, once: custody.answer(desk(), viewer(), ref, no, step, reason, seen=seen, once=once),
    )


@pages.post("/custody/cases/<ref>/<int:no>/name")
@needs(PERSON, fresh=True)
def read(ref: str, no: int) -> Answer:
    """The name stands in the answer to the form alone: no address leads to it."""
    try:
        name = custody.read(desk(), viewer(), ref, no)
    except Refused as error:
        return _page(ref, error)
    return render_template("custody/name.html", ref=ref, name=name), 200


def _done(ref: str, what: str, act: Callable[[int, str], None]) -> Answer:
    try:
        act(seen_in(request.form.get("seen")), request.form.get("once", ""))
    except (Invalid, Refused, Stale, Busy) as error:
        return _page(ref, error)
    return redirect(url_for("custody.case", ref=ref, done=what), 303)


def _page(ref: str, error: Wrong | None = None) -> Answer:
    wrong: dict[str, Said] = dict(error.fields) if isinstance(error, Invalid) else {}
    page = render_template(
        "custody/case.html",
        view=custody.look(desk(), viewer(), ref),
        done=DONE.get(request.args.get("done", "")) if request.method == "GET" else None,
        reasons=NAMING_REASONS,
        why=request.form.get("why", ""),
        reason=_typed("reason"),
        problem=error.said if error else None,
        wrong=wrong,
        mark=new_mark(desk()),
    )
    return page, STATUS.get(type(error), BUSY) if error else 200


def _typed(name: str) -> str:
    return request.form.get(name, "").replace("\x00", "")[: custody.LONGEST]
