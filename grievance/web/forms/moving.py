"""The page on which a move is made, the same at every door: it asks, says whom it tells, and loses nothing typed."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.casework import moving
from grievance.casework.desk import Bearer, Viewer
from grievance.casework.showing import reading
from grievance.core.errors import Busy, Invalid, Refused, Said, Stale
from grievance.web import given
from grievance.web.errors import status_of
from grievance.web.forms.asks import answers, errors_to, form_for
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer
from grievance.web.speaking import say_it


def add_moves(pages: Blueprint, door: str, roles: frozenset[str]) -> None:
    """Hangs the route on a door of people with an account."""

    @pages.route(f"/{door}/cases/<ref>/<move>", methods=["GET", "POST"], endpoint="make_move")
    @needs(PERSON)
    def make_move(ref: str, move: str) -> Response | tuple[str, int]:
        back = url_for(f"{door}.case", ref=ref)
        return move_page(viewer(), ref, move, roles=roles, template=f"{door}/move.html", back=back)


def move_page(
    who: Viewer | Bearer, ref: str, move: str, *, roles: frozenset[str], template: str, back: str
) -> Response | tuple[str, int]:
    """GET asks, POST makes the move and goes `back` with the name of what was done.

    `back` is the address of the case. A move that is not possible any more is shown with its reason and what was typed.
    """
    view = reading.form(desk(), who, ref, move, roles=roles)
    mark = given.mark()
    if request.method == "POST" and moving.made_before(desk(), who, ref, move, mark):
        return redirect(f"{back}?done={move}", 303)
    form = form_for(view)(given.sent(), data=view.start if request.method == "GET" else None)
    problem: Said | None = view.move.why_not
    status = 409 if problem else 200
    if request.method == "GET":
        form["seen"].data = str(view.case.seq)
    elif problem is None:
        if form.validate():
            try:
                moving.fire(desk(), who, ref, move, answers(form, view), seen=given.seen(), once=mark)
            except Invalid as error:
                errors_to(form, error.fields)
                problem, status = error.said, 422
            except (Refused, Stale, Busy) as error:
                problem, status = error.said, status_of(error)
            else:
                return redirect(f"{back}?done={move}", 303)
        else:
            problem, status = Invalid({}).said, 422
    if request.method == "POST":
        form["seen"].data = str(view.case.seq)  # having read that it moved, they may send it again
    page = render_template(template, view=view, form=form, problem=problem, say=say_it, back=back, mark=mark)
    return page, status
