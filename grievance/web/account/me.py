"""What somebody sees and changes of their own account: name, language, password, and where they are signed in."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form

from grievance.casework.house import people, steps, through
from grievance.web import gate
from grievance.web.account import pages
from grievance.web.account.showing import Answer, form_page, to, was_done, zone
from grievance.web.account.signing_in import sign_out
from grievance.web.forms.account import password_form, rename_form
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer
from grievance.web.given import sent


@pages.get("/account", endpoint="me")
@needs(PERSON)
def mine() -> str:
    sessions = people.my_sessions(desk(), viewer())
    shown = {"sessions": sessions, "current": _current(), "stepped": steps.has_step(desk(), viewer())}
    organisations = through.names(desk(), sessions)
    return render_template("account/me.html", **shown, organisations=organisations, zone=zone(), done=was_done())


@pages.route("/account/name", methods=["GET", "POST"])
@needs(PERSON)
def rename() -> Answer:
    def act(form: Form) -> Response:
        people.rename(desk(), viewer(), form["name"].data, form["language"].data)
        return redirect(url_for("account.me", done="saved", lang=form["language"].data), 303)

    form = rename_form()(sent(), name=viewer().name, language=viewer().language)
    return form_page(form, act, "account/rename.html")


@pages.route("/account/password", methods=["GET", "POST"])
@needs(PERSON, fresh=True)
def password() -> Answer:
    def act(_: Form) -> Response:
        people.change_password(desk(), viewer(), gate.session_token(), request.form["old"], request.form["new"])
        return to("account.me", "password")

    return form_page(password_form()(sent()), act, "account/password.html")


@pages.post("/account/sessions/<session_id>")
@needs(PERSON)
def end_session(session_id: str) -> Response:
    if session_id == _current().hex():
        return sign_out()
    people.end_session(desk(), viewer(), session_id)
    return to("account.me", "ended")


def _current() -> bytes:
    return people.session_id(gate.session_token())
