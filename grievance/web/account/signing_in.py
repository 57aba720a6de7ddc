"""Signing in and out; a wrong password says little, and a session is a row that ends everywhere at once."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form

from grievance.casework.house import entering, passkeys, people, through
from grievance.core.errors import Hidden, Invalid, Said
from grievance.web import gate
from grievance.web.account import pages
from grievance.web.account.again import ANSWER, shown, status_of
from grievance.web.account.showing import to, was_done
from grievance.web.counting import refused
from grievance.web.forms.account import sign_in_form
from grievance.web.front import desk, front
from grievance.web.gate import ANYBODY, PERSON, needs, viewer
from grievance.web.navigation import first_page
from grievance.web.speaking import COOKIE as LANGUAGE_COOKIE
from grievance.web.speaking import spoken


@pages.get("/account/sign-in", endpoint="sign_in")
@needs(ANYBODY)
def ask() -> Response | tuple[str, int]:
    known = gate.maybe_viewer()
    if known:
        return redirect(url_for(first_page(known)), 303)
    return _page(sign_in_form()(), None, 200)


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
            entry = people.sign_in(desk(), form["mail"].data, request.form["password"])
        except people.TooMany as error:
            problem, status = error.said, 429
            refused(error)
        except people.WrongPassword as error:
            problem = error.said
            refused(error)
        else:
            if not entry.whole:
                gate.wait(entry.token)
                return redirect(url_for("account.second"), 303)
            return _in(entry.token)
    return _page(form, problem, status)


@pages.get("/account/second", endpoint="second")
@needs(ANYBODY)
def ask_second() -> Response | tuple[str, int]:
    return _second(None, 200)


@pages.post("/account/second")
@needs(ANYBODY)
def second_now() -> Response | tuple[str, int]:
    try:
        token = entering.second(desk(), gate.half_token(), *shown())
    except entering.Over:
        return to("account.sign_in", "over")
    except (entering.WrongCode, people.TooMany, passkeys.WrongPasskey) as error:
        refused(error)
        return _second(error.said, status_of(error))
    return _in(token)


@pages.post("/account/passkey")
@needs(ANYBODY)
def passkey() -> Response | tuple[str, int]:
    """Signing in with a passkey alone: first the question for the browser, then its answer."""
    if not passkeys.possible(desk()):
        raise Hidden
    problem, status = None, 200
    if ANSWER in request.form:
        try:
            return _in(passkeys.enter(desk(), gate.browser(), request.form[ANSWER]))
        except passkeys.WrongPasskey as error:
            refused(error)
            problem, status = error.said, status_of(error)
    options = passkeys.ask_anybody(desk(), gate.browser())
    return render_template("account/passkey.html", options=options, problem=problem), status


@pages.post("/account/sign-out")
@needs(PERSON)
def sign_out() -> Response:
    gate.sign_out()
    return redirect(url_for("account.sign_in"), 303)


def _page(form: Form, problem: Said | None, status: int) -> tuple[str, int]:
    shown = {"form": form, "problem": problem, "passkeys": passkeys.possible(desk()), "ways": through.ways(desk())}
    return render_template("account/sign_in.html", done=None if problem else was_done(), **shown), status


def _in(token: str) -> Response:
    gate.sign_in(token)
    return redirect(first_address(), 303)


def first_address() -> str:
    """Where whoever has just signed in begins."""
    return url_for(first_page(viewer()), lang=_language())


def _second(problem: Said | None, status: int) -> Response | tuple[str, int]:
    try:
        asked = entering.asked_of_half(desk(), gate.half_token())
    except entering.Over:
        return to("account.sign_in", "over" if gate.half_token() else "")
    return render_template("account/second.html", asked=asked, problem=problem), status


def _language() -> str | None:
    """The language that the person is entered with, unless this browser has chosen one or reads it already."""
    theirs = viewer().language
    if request.cookies.get(LANGUAGE_COOKIE) or theirs == spoken() or theirs not in front().languages:
        return None
    return theirs
