"""Behind the link of a letter: the invited takes the account, and who forgot a password chooses another."""

from __future__ import annotations

from flask import render_template, request
from werkzeug.wrappers import Response
from wtforms import Form

from grievance.casework.house import inviting
from grievance.web.account import pages
from grievance.web.account.showing import Answer, form_page, to
from grievance.web.forms.account import forgot_form, join_form, reset_form
from grievance.web.front import desk
from grievance.web.gate import ANYBODY, needs
from grievance.web.given import sent

GONE = 410


@pages.route("/account/join/<token>", methods=["GET", "POST"])
@needs(ANYBODY)
def join(token: str) -> Answer:
    def act(form: Form) -> Response:
        inviting.join(desk(), token, form["name"].data, form["language"].data, request.form["password"])
        return to("account.sign_in", "joined")

    try:
        guest = inviting.guest(desk(), token, "invitation")
        form = join_form()(sent(), name=guest.name, language=guest.language)
        return form_page(form, act, "account/join.html", guest=guest)
    except inviting.NoPass as error:
        return render_template("account/gone.html", said=error.said), GONE


@pages.route("/account/forgot", methods=["GET", "POST"])
@needs(ANYBODY)
def forgot() -> Answer:
    def act(form: Form) -> Response:
        inviting.ask_reset(desk(), form["mail"].data)
        return to("account.forgot", "asked")

    return form_page(forgot_form()(sent()), act, "account/forgot.html")


@pages.route("/account/reset/<token>", methods=["GET", "POST"])
@needs(ANYBODY)
def reset(token: str) -> Answer:
    def act(_: Form) -> Response:
        inviting.reset(desk(), token, request.form["password"])
        return to("account.sign_in", "reset")

    try:
        guest = inviting.guest(desk(), token, "reset")
        return form_page(reset_form()(sent()), act, "account/reset.html", guest=guest)
    except inviting.NoPass as error:
        return render_template("account/gone.html", said=error.said), GONE
