"""The page on which a move is made, the same at every door: it asks, says whom it tells, and loses nothing typed."""

from __future__ import annotations

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from grievance.casework import moving
from grievance.casework.desk import Bearer, Viewer
from grievance.casework.once import new_mark
from grievance.casework.showing import reading
from grievance.core.errors import Busy, Invalid, Refused, Said, Stale
from grievance.web.errors import BUSY, STATUS
from grievance.web.forms.asks import answers, errors_to, form_for
from grievance.web.front import desk
from grievance.web.speaking import say_it

LONGEST = 9
"""Digits of the number of an entry."""


def move_page(
    viewer: Viewer | Bearer, ref: str, move: str, *, roles: frozenset[str], template: str, back: str
) -> Response | tuple[str, int]:
    """GET asks, POST makes the move and goes `back` with the name of what was done.

    `back` is the address of the case. A move that is not possible any more is shown with its reason and what was typed.
    """
    view = reading.form(desk(), viewer, ref, move, roles=roles)
    mark = request.form.get("once", "") or new_mark(desk())
    if request.method == "POST" and moving.made_before(desk(), viewer, ref, move, mark):
        return redirect(f"{back}?done={move}", 303)
    form = form_for(view)(request.form if request.method == "POST" else None)
    problem: Said | None = view.move.why_not
    status = 409 if problem else 200
    if request.method == "GET":
        form["seen"].data = str(view.case.seq)
    elif problem is None:
        if form.validate():
            try:
                given, seen = answers(form, view), seen_in(form["seen"].data)
                moving.fire(desk(), viewer, ref, move, given, seen=seen, once=mark)
            except Invalid as error:
                errors_to(form, error.fields)
                problem, status = error.said, 422
            except (Refused, Stale, Busy) as error:
                problem, status = error.said, STATUS.get(type(error), BUSY)
            else:
                return redirect(f"{back}?done={move}", 303)
        else:
            problem, status = Invalid({}).said, 422
    if request.method == "POST":
        form["seen"].data = str(view.case.seq)  # having read that it moved, they may send it again
    page = render_template(template, view=view, form=form, problem=problem, say=say_it, back=back, mark=mark)
    return page, status


def seen_in(text: str | None) -> int:
    """The number of the entry that was read, 0 where a form says nothing that could be one."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= LONGEST else 0
