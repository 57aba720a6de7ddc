"""Filing for somebody who came, telephoned or wrote; and saying that their number was handed over."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form

from grievance.casework import attending, filing
from grievance.casework.attending import Taken
from grievance.casework.showing import following
from grievance.casework.showing.following import BadTicket
from grievance.core.attending import HANDED
from grievance.core.errors import Busy, Invalid, Refused, Said, Stale, say
from grievance.web import given
from grievance.web.errors import status_of, told
from grievance.web.forms.asks import errors_to
from grievance.web.forms.attending import AFTER, BEFORE, LEFT_OUT, attended, attending_form
from grievance.web.forms.filing import complaint
from grievance.web.front import desk, front
from grievance.web.gate import PERSON, needs, viewer
from grievance.web.speaking import spoken

HANDED_OVER = say("The number is theirs now. This page does not show it any more.")

Answer = Response | tuple[str, int]


def add_attending(pages: Blueprint) -> None:
    """The form, and the confirmation that the number was given away."""

    @pages.route("/office/attend", endpoint="attend", methods=["GET", "POST"])
    @needs(PERSON)
    def attend() -> Answer:
        known = attending.programmes(desk(), viewer())
        typed = attending_form(spoken(), tuple(front().languages))(given.sent())
        if request.method == "GET":
            typed["tongue"].data = spoken()
            return _asked(known, typed, following.new_ticket(desk()), None, 200)
        ticket, programme = request.form.get("ticket", ""), request.form.get("programme", "")
        if not typed.validate():
            return _asked(known, typed, ticket, Invalid({}).said, 422)
        try:
            said = complaint(typed, typed["tongue"].data, "", "")
            how = attended(typed.data)
            taken = attending.file_for(desk(), viewer(), programme or next(iter(known)), said, how, ticket)
        except filing.SentBefore as error:
            return _asked(known, typed, following.new_ticket(desk()), error.said, 422)
        except BadTicket:
            return _asked(known, typed, following.new_ticket(desk()), Stale().said, 422)
        except (Invalid, Refused, Busy) as error:
            if isinstance(error, Invalid):
                errors_to(typed, error.fields)
            return _asked(known, typed, ticket, error.said, status_of(error))
        return _number(taken, None, 200)

    @pages.post("/office/cases/<ref>/handed", endpoint="handed")
    @needs(PERSON)
    def handed(ref: str) -> Answer:
        try:
            attending.hand_receipt(desk(), viewer(), ref, request.form.get("how", ""), seen=given.seen())
        except (Invalid, Stale, Busy) as error:
            # The number stays on the page of whoever still has it open; it is not sent back here.
            return _number(Taken(ref, given.seen(), ""), *told(error))
        return redirect(url_for("office.case", ref=ref, done="handed"), 303)


def _asked(known: dict[str, str], typed: Form, ticket: str, problem: Said | None, status: int) -> Answer:
    page = render_template(
        "office/attend.html",
        known=known,
        programme=request.form.get("programme", ""),
        form=typed,
        before=[typed[name] for name in BEFORE],
        asked=[field for field in typed if field.name not in {*BEFORE, *AFTER, *LEFT_OUT}],
        after=[typed[name] for name in AFTER],
        ticket=ticket,
        problem=problem,
    )
    return page, status


def _number(taken: Taken, problem: Said | None, status: int) -> Answer:
    groups = following.group(taken.digits).split() if taken.digits else ()
    return render_template("office/number.html", taken=taken, groups=groups, handed=HANDED, problem=problem), status
