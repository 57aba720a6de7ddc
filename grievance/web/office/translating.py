"""The page on which an officer translates what a complainant and the office wrote to each other."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.casework.showing import reading
from grievance.casework.words import translating
from grievance.core.asks import TEXT
from grievance.core.errors import Busy, Hidden, Invalid, Said, Stale, say
from grievance.language import name_of
from grievance.web import given
from grievance.web.errors import STATUS, status_of
from grievance.web.forms import fields
from grievance.web.front import desk, front
from grievance.web.gate import PERSON, needs, viewer
from grievance.web.navigation import OFFICE_ROLES
from grievance.web.speaking import say_it, spoken

TRANSLATED = say("Kept beside the original, which stays as it is.")


def add_translating(pages: Blueprint) -> None:
    """One page for the account (entry 1) and for each message."""

    @pages.route("/office/cases/<ref>/translate/<int:no>", endpoint="translate", methods=["GET", "POST"])
    @needs(PERSON)
    def translate(ref: str, no: int) -> Response | tuple[str, int]:
        view = reading.case(desk(), viewer(), ref, roles=OFFICE_ROLES)
        written = {message.seq: message.body for message in view.messages} | {1: view.own.account.get("words", "")}
        if not written.get(no):
            raise Hidden
        body = {
            "tongue": fields.one_of(
                say_it("Into which language?"), {code: name_of(code) for code in front().languages}
            ),
            "translation": fields.text(
                say_it("Your translation"),
                say_it("The complainant and the office read it, below the original."),
                most=TEXT,
            ),
        }
        form = type("TranslationForm", (fields.Page,), body)(given.sent())
        once, problem, status = given.mark(), None, 200
        if request.method == "GET":
            form["tongue"].data = spoken()
        else:
            problem, status = _kept(ref, no, form, once)
            if problem is None:
                return redirect(url_for("office.case", ref=ref, done="translated"), 303)
        page = render_template(
            "office/translate.html", case=view, original=written[no], form=form, problem=problem, once=once
        )
        return page, status


def _kept(ref: str, of: int, form: fields.Page, once: str) -> tuple[Said | None, int]:
    if not form.validate():
        return Invalid({}).said, STATUS[Invalid]
    try:
        translating.translate(desk(), viewer(), ref, of, form["tongue"].data, form["translation"].data, once=once)
    except (Invalid, Stale, Busy) as error:
        return error.said, status_of(error)
    return None, 303
