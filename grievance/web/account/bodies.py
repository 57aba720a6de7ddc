"""Organisations: case offices, factories, brands, unions and associations, each on its side."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response
from wtforms import Form

from grievance.casework.house import furnishing
from grievance.web.account import pages
from grievance.web.account.showing import Answer, form_page, list_page, retired_wanted, to, was_done
from grievance.web.forms.administration import body_form
from grievance.web.front import desk
from grievance.web.gate import ADMINISTRATOR, needs, viewer
from grievance.web.given import sent, words_wanted


@pages.get("/account/bodies")
@needs(ADMINISTRATOR)
def bodies() -> str:
    words = words_wanted()
    retired = retired_wanted()
    found = list_page(lambda page: furnishing.bodies(desk(), viewer(), words, page, retired=retired))
    shown = {"words": words, "retired": retired, "kinds": furnishing.KINDS, "done": was_done()}
    return render_template("account/bodies.html", list=found, **shown)


@pages.route("/account/bodies/new", methods=["GET", "POST"])
@needs(ADMINISTRATOR)
def new_body() -> Answer:
    def act(form: Form) -> Response:
        furnishing.make_body(desk(), viewer(), form["kind"].data, form["side"].data or "", form["name"].data)
        return to("account.bodies", "made")

    return form_page(body_form(new=True)(sent(), side=""), act, "account/body.html", body=None)


@pages.route("/account/bodies/<body_id>", methods=["GET", "POST"])
@needs(ADMINISTRATOR, fresh=True)
def body(body_id: str) -> Answer:
    def act(form: Form) -> Response:
        furnishing.change_body(desk(), viewer(), body_id, form["side"].data or "", form["name"].data)
        return to("account.bodies", "saved")

    there = furnishing.body(desk(), viewer(), body_id)
    form = body_form(new=False)(sent(), name=there.name, side=there.side)
    return form_page(form, act, "account/body.html", body=there, kinds=furnishing.KINDS)
