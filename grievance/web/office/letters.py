"""Notices that nobody received: whom they were for, and three ways to settle it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.casework import undelivered
from grievance.core.errors import say
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer

DONE = {
    "again": say("The notices are sent again within a minute."),
    "corrected": say("The notices are sent to the new address within a minute."),
    "told": say("Noted: told by telephone. These notices are not sent any more."),
}


def add_letters(pages: Blueprint) -> None:
    """The list, and how an entry of it is settled."""

    @pages.get("/office/letters")
    @needs(PERSON)
    def letters() -> str:
        found = undelivered.unreached(desk(), viewer())
        return render_template("office/letters.html", unreached=found, done=DONE.get(request.args.get("done", "")))

    @pages.post("/office/letters/<person>/<how>")
    @needs(PERSON)
    def settle_letters(person: str, how: str) -> Response:
        undelivered.settle(desk(), viewer(), person, how)
        return redirect(url_for("office.letters", done=how), 303)
