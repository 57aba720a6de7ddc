"""Signing in and out; a wrong password says little, and a session is a row that ends everywhere at once."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.casework.house import people
from grievance.core.errors import Invalid, Said
from grievance.web import gate
from grievance.web.account import pages
from grievance.web.account.showing import was_done
from grievance.web.forms.account import sign_in_form
from grievance.web.front import desk, front
from grievance.web.gate import ANYBODY, PERSON, needs, viewer
from grievance.web.navigation import first_page
from grievance.web.speaking import COOKIE as LANGUAGE_COOKIE
from grievance.web.speaking import spoken


@pages.get("/account/sign-in", endpoint="sign_in")
@needs(ANYBODY)
def ask() -> Response | str:
    known = gate.maybe_viewer()
    if known:
        return redirect(url_for(first_page(known)), 303)
    return render_template("account/sign_in.html", form=sign_in_form()(), problem=None, done=was_done())


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
    return render_template("account/sign_in.html", form=form, problem=problem, done=None), status


@pages.post("/account/sign-out")
@needs(PERSON)
def sign_out() -> Response:
    gate.sign_out()
    return redirect(url_for("account.sign_in"), 303)


def _language() -> str | None:
    """The language that the person is entered with, unless this browser has chosen one or reads it already."""
    theirs = viewer().language
    if request.cookies.get(LANGUAGE_COOKIE) or theirs == spoken() or theirs not in front().languages:
        return None
    return theirs
