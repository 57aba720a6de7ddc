"""How somebody signs in: their second steps and recovery codes; and what an administrator does after a loss."""

from __future__ import annotations

from flask import render_template, request
from werkzeug.wrappers import Response
from wtforms import Form

from grievance.casework.house import passkeys, staffing, steps
from grievance.core.errors import Hidden, Invalid, or_hidden
from grievance.web import gate
from grievance.web.account import pages
from grievance.web.account.again import ANSWER
from grievance.web.account.showing import Answer, form_page, to, was_done, zone
from grievance.web.drawing import drawn_once
from grievance.web.forms.account import app_form, lost_form, passkey_form
from grievance.web.front import desk, front
from grievance.web.gate import ADMINISTRATOR, PERSON, needs, viewer
from grievance.web.given import sent


@pages.get("/account/steps", endpoint="steps")
@needs(PERSON, fresh=True)
def mine() -> str:
    found = steps.ways(desk(), viewer())
    owed = "owed" in request.args
    return render_template("account/steps.html", ways=found, kinds=steps.KINDS, zone=zone(), done=was_done(), owed=owed)


@pages.route("/account/steps/app", methods=["GET", "POST"])
@needs(PERSON, fresh=True)
def add_app() -> Answer:
    def act(form: Form) -> Answer:
        made = steps.keep_app(
            desk(), viewer(), gate.session_token(), request.form.get("offer", ""), form["name"].data, form["code"].data
        )
        return _entered(made)

    offer = steps.offer(desk(), viewer(), front().title, request.form.get("offer", ""))
    return form_page(app_form()(sent()), act, "account/app.html", offer=offer, code=drawn_once(offer.address))


@pages.route("/account/steps/passkey", methods=["GET", "POST"])
@needs(PERSON, fresh=True)
def add_passkey() -> Answer:
    def act(form: Form) -> Answer:
        answer = request.form.get(ANSWER, "")
        try:
            made = steps.keep_passkey(desk(), viewer(), gate.session_token(), form["name"].data, answer)
        except passkeys.WrongPasskey as error:
            raise Invalid({"name": error.said}) from error
        return _entered(made)

    def options() -> str:
        return passkeys.ask_for_new(desk(), viewer(), gate.session_token(), front().title)

    if not passkeys.possible(desk()):
        raise Hidden
    return form_page(passkey_form()(sent()), act, "account/new_passkey.html", options=options)


@pages.post("/account/steps/codes")
@needs(PERSON, fresh=True)
def new_codes() -> Answer:
    return _codes(steps.new_codes(desk(), viewer()))


@pages.route("/account/steps/<step_id>/remove", methods=["GET", "POST"])
@needs(PERSON, fresh=True)
def remove_step(step_id: str) -> Answer:
    found = or_hidden(next((one for one in steps.ways(desk(), viewer()).steps if one.id == step_id), None))
    if request.method == "POST":
        steps.remove(desk(), viewer(), step_id)
        return to("account.steps", "step_gone")
    last = len(steps.ways(desk(), viewer()).steps) == 1
    return render_template("account/remove_step.html", step=found, last=last)


@pages.route("/account/people/<person>/steps", methods=["GET", "POST"])
@needs(ADMINISTRATOR, fresh=True)
def lost(person: str) -> Answer:
    def act(form: Form) -> Response:
        steps.take_away(desk(), viewer(), person, form["reason"].data)
        return to("account.person", "steps_taken", person=person)

    one = staffing.one(desk(), viewer(), person)
    return form_page(lost_form()(sent()), act, "account/lost.html", one=one)


def _entered(codes: tuple[str, ...]) -> Answer:
    return _codes(codes) if codes else to("account.steps", "step")


def _codes(codes: tuple[str, ...]) -> str:
    return render_template("account/codes.html", codes=codes)
