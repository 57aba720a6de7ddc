"""The custody of names: requests to read who complained, and the only page on which a name is read."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for

from grievance.casework.words import custody
from grievance.core.errors import Hidden, Refused, say
from grievance.core.matters import NAMING_REASONS
from grievance.web import given
from grievance.web.forms import reasoned
from grievance.web.forms.reasoned import Answer, Wrong
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer
from grievance.web.navigation import CUSTODY_ROLES, listing, staff

pages = staff(Blueprint("custody", __name__))

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
    why, reason = request.form.get("why", ""), given.reason()
    return _done(ref, "ask", lambda seen, once: custody.ask(desk(), viewer(), ref, why, reason, seen=seen, once=once))


@pages.post("/custody/cases/<ref>/<int:no>/<step>")
@needs(PERSON, fresh=True)
def answer(ref: str, no: int, step: str) -> Answer:
    if step not in DONE:
        raise Hidden
    reason = given.reason()
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


def _done(ref: str, what: str, step: Callable[[int, str], object]) -> Answer:
    error = reasoned.take(step)
    return _page(ref, error) if error else redirect(url_for("custody.case", ref=ref, done=what), 303)


def _page(ref: str, error: Wrong | None = None) -> Answer:
    view = custody.look(desk(), viewer(), ref)
    more = {"reasons": NAMING_REASONS, "why": request.form.get("why", "")}
    return reasoned.page("custody/case.html", DONE, error, view=view, **more)
