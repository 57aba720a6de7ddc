"""Signing in and out, and what somebody may see of their own account; a session is a row that they can end anywhere."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.casework import people
from grievance.core.errors import Invalid, Said
from grievance.web import gate
from grievance.web.forms.account import sign_in_form
from grievance.web.front import desk, front
from grievance.web.gate import ANYBODY, PERSON, needs, viewer
from grievance.web.navigation import first_page, staff
from grievance.web.speaking import COOKIE as LANGUAGE_COOKIE
from grievance.web.speaking import spoken

pages = staff(Blueprint("account", __name__))


@pages.get("/account/sign-in", endpoint="sign_in")
@needs(ANYBODY)
def ask() -> Response | str:
    known = gate.maybe_viewer()
    if known:
        return redirect(url_for(first_page(known)), 303)
    return render_template("account/sign_in.html", form=sign_in_form()(), problem=None)


@pages.post("/account/sign-in")
@needs(ANYBODY)
def sign_in_now() -> Response | tuple[str, int]:
    form = sign_in_form()(request.form)
    problem: Said | None = None
    status = 422
    if not form.validate():
        problem = Invalid({}).said
    else:
        try:
            # As typed: the blanks at its ends belong to a password.
            token = people.sign_in(desk(), form["mail"].data, request.form["password"])
        except people.TooMany as error:
            problem, status = error.said, 429
        except people.WrongPassword as error:
            problem = error.said
        else:
            gate.sign_in(token)
            return redirect(url_for(first_page(viewer()), lang=_language()), 303)
    return render_template("account/sign_in.html", form=form, problem=problem), status


@pages.post("/account/sign-out")
@needs(PERSON)
def sign_out() -> Response:
    gate.sign_out()
    return redirect(url_for("account.sign_in"), 303)


@pages.get("/account")
@needs(PERSON)
def me() -> str:
    zone = next(iter(desk().lawbook.calendars.values())).tz
    sessions = people.my_sessions(desk(), viewer())
    return render_template("account/me.html", sessions=sessions, current=_current(), zone=zone)


@pages.post("/account/sessions/<session_id>")
@needs(PERSON)
def end_session(session_id: str) -> Response:
    if session_id == _current().hex():
        return sign_out()
    people.end_session(desk(), viewer(), session_id)
    return redirect(url_for("account.me", done="ended"), 303)


def _current() -> bytes:
    return people.session_id(gate.session_token())


def _language() -> str | None:
    """The language that the person is entered with, unless this browser has chosen one or reads it already."""
    theirs = viewer().language
    if request.cookies.get(LANGUAGE_COOKIE) or theirs == spoken() or theirs not in front().languages:
        return None
    return theirs
