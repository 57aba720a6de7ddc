"""The follow page: a number opens one case for a quarter of an hour, says where it is, and what can be done now."""

from __future__ import annotations

import re
from typing import Any

from flask import Response as FileAnswer
from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.casework import handing, moving
from grievance.casework.showing import following, recalling
from grievance.casework.showing.following import BadReceipt, UnknownReceipt
from grievance.core.asks import TEXT
from grievance.core.errors import Invalid, Refused, Said, Stale, say
from grievance.web import given
from grievance.web.evidence import add_page, file_answer
from grievance.web.forms import fields
from grievance.web.forms.moving import move_page
from grievance.web.front import desk
from grievance.web.front import front as lent
from grievance.web.gate import (
    ANYBODY,
    BEARER,
    DOOR_COOKIE,
    RECEIPT_COOKIE,
    bearer,
    forget_receipt,
    needs,
    remember_receipt,
)
from grievance.web.intake import pages
from grievance.web.intake.filing import COMPLAINANT, Answer
from grievance.web.intake.wordings import NAMED, wording
from grievance.web.meetings import meeting_answer
from grievance.web.receiving import make_room
from grievance.web.speaking import COOKIE as LANGUAGE_COOKIE
from grievance.web.speaking import say_it
from grievance.web.taking import export_answer

MESSAGE = "message"
TOLD = {
    MESSAGE: say("Your message is with the case officer."),
    "evidence": say("Your files are with the case officer."),
    "not_me": say("The case office is told. Nobody but the office reads what you wrote here."),
}
"""What the page says after what is no move of the procedure."""
_ON_THE_CASE = re.compile(r"/(?:case|cases/[0-9A-Z-]{9})/[a-z_]+")
OURS = (DOOR_COOKIE, RECEIPT_COOKIE, LANGUAGE_COOKIE, "__Host-session")


@pages.get("/follow")
@needs(ANYBODY)
def follow() -> str:
    return _number()


@pages.post("/follow")
@needs(ANYBODY)
def show() -> Response | Answer:
    """Opens the case. What was being sent when the session ran out comes along whole, and goes on its way from here."""
    if "number" not in request.form:
        return _number(), 422
    typed = request.form["number"]
    try:
        held = following.show_receipt(desk(), typed)
    except (BadReceipt, UnknownReceipt) as error:
        return _number(typed, error.said), 422
    to = _interrupted()
    response = redirect(to, 307) if to else redirect(url_for("intake.case"), 303)
    remember_receipt(response, held)
    return response


@pages.get("/cases/<of>")
@pages.get("/case")
@needs(BEARER)
def case() -> Answer:
    return _case(None, 200)


@pages.get("/cases/<of>/words")
@pages.get("/case/words")
@needs(BEARER)
def words() -> str:
    return render_template("intake/words.html", own=recalling.own_words(desk(), bearer(), _of()))


@pages.post("/cases/<of>/message")
@pages.post("/case/message")
@needs(BEARER)
def message() -> Response | Answer:
    typed = _message_form()(request.form)
    if not typed.validate():
        return _case(typed, 422, Invalid({}).said)
    try:
        moving.write_message(desk(), bearer(), _of(), typed[MESSAGE].data, request.form.get("once", ""))
    except (Refused, Stale) as error:
        return _case(typed, 409, error.said)
    return redirect(url_for("intake.case", done=MESSAGE, _anchor="messages"), 303)


@pages.get("/cases/<of>/export")
@pages.get("/case/export")
@needs(BEARER)
def export() -> FileAnswer:
    """The whole case as a file that anybody can check, for whoever wants to keep it or take it elsewhere."""
    return export_answer(bearer(), _of())


@pages.route("/cases/<of>/evidence", methods=["GET", "POST"])
@pages.route("/case/evidence", methods=["GET", "POST"])
@needs(BEARER, room=make_room)
def evidence() -> Response | Answer:
    return add_page(bearer(), _of(), roles=COMPLAINANT, template="intake/evidence.html", back=url_for("intake.case"))


@pages.get("/cases/<of>/meetings/<int:no>.ics")
@pages.get("/case/meetings/<int:no>.ics")
@needs(BEARER)
def meeting(no: int) -> Response:
    return meeting_answer(bearer(), _of(), no, roles=COMPLAINANT)


@pages.get("/cases/<of>/evidence/<int:no>")
@pages.get("/case/evidence/<int:no>")
@needs(BEARER)
def file(no: int) -> Response:
    return file_answer(bearer(), _of(), no, roles=COMPLAINANT)


@pages.route("/cases/<of>/<move>", methods=["GET", "POST"])
@pages.route("/case/<move>", methods=["GET", "POST"])
@needs(BEARER)
def move(move: str) -> Response | Answer:
    return move_page(bearer(), _of(), move, roles=COMPLAINANT, template="intake/move.html", back=url_for("intake.case"))


@pages.post("/case/number")
@needs(BEARER)
def not_me() -> Response:
    """Whoever holds the first number says that no other one is to open the case."""
    handing.object_to(desk(), bearer(), request.form.get("words", "")[:TEXT])
    return redirect(url_for("intake.case", of=None, done="not_me"), 303)


@pages.post("/case/leave")
@needs(ANYBODY)
def close() -> Response:
    response = redirect(url_for("intake.front", closed=1), 303)
    forget_receipt(response)
    return response


@pages.get("/leave")
@needs(ANYBODY)
def leave() -> Response:
    """Out, at once: nothing of ours stays in this browser, and the next page betrays nothing."""
    response = redirect(lent().leave_to, 303)
    for name in OURS:
        response.delete_cookie(name, secure=True, httponly=True, samesite="Strict")
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    g.new_door = None
    return response


def _of() -> str:
    """Which of the cases that the number opens; its own where the address says nothing."""
    return str(g.get("of", ""))


def _number(typed: str = "", problem: Said | None = None) -> str:
    kept = [
        (name, value)
        for name, values in (request.form.lists() if _interrupted() else ())
        if name not in ("number", "page_token")
        for value in values
    ]
    return render_template(
        "intake/follow.html",
        typed=typed,
        problem=problem,
        again="again" in request.args,
        kept=kept,
        to=_interrupted(),
    )


def _interrupted() -> str:
    """Where something was being sent when the session ran out: a page of the case, or nowhere.

    Nowhere for a link: whoever follows one and types their number has sent nothing, and must not find that they did.
    """
    to = request.args.get("to", "")
    return to if request.method == "POST" and _ON_THE_CASE.fullmatch(to) else ""


def _message_form() -> Any:
    return type("MessageForm", (fields.Page,), {MESSAGE: fields.text(say_it("Write to the officer"))})


def _case(typed: Any, status: int, problem: Said | None = None) -> Answer:
    view, beside = following.page(desk(), bearer(), _of(), roles=COMPLAINANT)
    if view is None:
        return render_template("intake/handed.html", around=beside, done=TOLD.get(request.args.get("done", ""))), status
    page = render_template(
        "intake/case.html",
        around=beside,
        own=not _of(),
        case=view,
        form=typed or _message_form()(),
        mark=given.mark(),
        t=wording(view.filer),
        meanings=dict(wording(view.filer).meanings) | ({"name": NAMED} if view.anonymity == "named" else {}),
        problem=problem,
        done=_done(view.procedure),
        written=request.args.get("done") == MESSAGE,
    )
    return page, status


def _done(procedure: str) -> Said | None:
    """What the last request did, by its name in the address; a name that is no move says nothing."""
    name = request.args.get("done", "")
    if name in TOLD:
        return TOLD[name]
    law = desk().lawbook.procedure(procedure)
    known = law.moves.get(name)
    if known is None:
        return None
    what = say(known.label)
    if any(clock.after_end and name in clock.starts for clock in law.clocks.values()):
        return say(
            "Done: {what}. Only the case office knows it now. The others are told some days later, and never if you open "
            "it again before.",
            what=what,
        )
    if not known.tells:
        return say("Done: {what}. Nobody outside the office is told.", what=what)
    return say("Done: {what}. Everybody concerned has been told.", what=what)
