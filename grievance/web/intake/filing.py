"""The first page, the filing form and its receipt: sent twice it is one case, refused it loses nothing typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import render_template, request, url_for
from wtforms import Form

from grievance.casework import filing, flooding
from grievance.casework.files import tray
from grievance.casework.files.tray import Tray
from grievance.casework.showing import following, reading
from grievance.casework.welcoming import Welcome, taking, welcome
from grievance.core.errors import Busy, Gone, Hidden, Invalid, Refused, Said, say
from grievance.language import plain_digits
from grievance.web.drawing import drawn
from grievance.web.errors import STATUS, status_of
from grievance.web.evidence import ACCEPT, BOUNDS
from grievance.web.forms.employer import employer_complaint, employer_form
from grievance.web.forms.filing import complaint, filing_form
from grievance.web.front import desk
from grievance.web.front import front as lent
from grievance.web.gate import ANYBODY, needs
from grievance.web.intake import pages
from grievance.web.intake.wordings import wording
from grievance.web.receiving import make_room, uploads
from grievance.web.speaking import spoken

SIGNS = {"separation": "dismissal", "foa": "union", "osh": "safety"}
"""Categories whose sign has another name."""

_POSTER = re.compile(r"[A-Z0-9-]{1,40}")
TICKET = "\ue000ticket\ue000"
"""Stands in an empty form where each copy gets a ticket of its own."""

COMPLAINANT = frozenset({"complainant"})
UNKNOWN_FORM = say(
    "We did not recognise this form, so nothing was sent. "
    "Everything that you wrote is still here: press “Send” once more."
)
SECOND = say("If you send what stands here now, it becomes a second complaint of its own.")
NOBODY = say("Nobody takes complaints here now, so nothing was sent.")
COPY = say("Everything that you wrote is still here. Copy it, so that you can hand it to somebody else who can help.")
FILES_MISSING = say("Not every file was taken. Read why beside them. Everything else that you wrote is still here.")

WAIT = say(
    "Many complaints are coming in just now. Nothing is lost: everything that you wrote is still here. "
    "Please wait {seconds} seconds, then press “Send” again."
)
TOO_MANY = 429
"""The status of a form that has to wait a little; RFC 6585."""

Answer = tuple[str, int]


@pages.get("/")
@needs(ANYBODY)
def front() -> str:
    return render_template("intake/front.html")


@dataclass(frozen=True, slots=True)
class Way:
    """One way in: the track that it files under, its page, where its form is sent, what it asks and what that says."""

    track: str
    template: str
    endpoint: str
    form: Callable[[Welcome], type[Form]]
    complaint: Callable[[Form, Welcome], filing.Complaint]


WORKER = Way(
    "worker",
    "intake/file.html",
    "intake.send_to_programme",
    lambda known: filing_form(spoken(), site=bool(known.site)),
    lambda form, known: complaint(form, spoken(), known.site, known.site_name),
)
EMPLOYER = Way(
    "employer",
    "intake/employer.html",
    "intake.send_by_employer",
    lambda _: employer_form(spoken()),
    lambda form, _: employer_complaint(form, spoken()),
)


@pages.get("/file")
@needs(ANYBODY)
def form() -> Answer:
    """The form of the only programme; with several, their list."""
    return _open(WORKER)


@pages.get("/in/<programme>/file")
@needs(ANYBODY)
def form_of_programme(programme: str) -> Answer:
    return _open(WORKER, programme)


@pages.get("/s/<code>")
@needs(ANYBODY)
def form_of_site(code: str) -> Answer:
    return _open(WORKER, code=code)


@pages.get("/employer")
@needs(ANYBODY)
def employer() -> Answer:
    return _open(EMPLOYER)


@pages.get("/in/<programme>/employer")
@needs(ANYBODY)
def employer_of_programme(programme: str) -> Answer:
    return _open(EMPLOYER, programme)


@pages.post("/file")
@needs(ANYBODY, ticket=True, room=make_room)
def send() -> Answer:
    return _send(WORKER)


@pages.post("/in/<programme>/file")
@needs(ANYBODY, ticket=True, room=make_room)
def send_to_programme(programme: str) -> Answer:
    return _send(WORKER, programme)


@pages.post("/s/<code>")
@needs(ANYBODY, ticket=True, room=make_room)
def send_of_site(code: str) -> Answer:
    return _send(WORKER, code=code)


@pages.post("/in/<programme>/employer")
@needs(ANYBODY, ticket=True, room=make_room)
def send_by_employer(programme: str) -> Answer:
    return _send(EMPLOYER, programme)


def _open(way: Way, programme: str = "", code: str = "") -> Answer:
    """An empty form is the same for everybody but for its ticket."""
    busy = flooding.busy(desk())
    blank = lent().shelf.page((request.path, spoken(), busy), desk().now(), lambda: _blank(way, programme, code, busy))
    return blank.replace(TICKET, following.new_ticket(desk())), 200


def _blank(way: Way, programme: str, code: str, busy: flooding.Asked | None) -> str:
    try:
        known = _welcome(way, programme, code)
    except Refused as error:  # a retired programme, or one without this track
        known = Welcome(choices=taking(desk()))
        return render_template("intake/programmes.html", known=known, way=way, refused=error.said)
    if not known.programme:
        return render_template("intake/programmes.html", known=known, way=way, lost=bool(code))
    return _ask(way, known, way.form(known)(), TICKET, code=code, busy=busy)[0]


def _send(way: Way, programme: str = "", code: str = "") -> Answer:
    # A form that names its programme needs to know no more, unless it has to be shown again: `_ask` reads it then.
    known, closed = (Welcome(programme), None) if programme and not code else _taker(way, programme, code)
    typed = way.form(known)(request.form)
    ticket = request.form.get("ticket", "")
    files = Tray("")
    try:
        busy = flooding.asked(desk(), ticket, request.form.get("work", ""), request.form.get("waited", ""))
        # Cleaning a file is what costs most here, so it is done for whoever has paid.
        files = tray.fill(desk(), ticket, [] if busy else uploads(), request.form.getlist("kept"))
        if "again" in request.args and closed is None:  # the language was changed: what was typed goes along
            return _ask(way, known, typed, ticket, files=files, code=code, busy=busy)
        valid = closed is not None or typed.validate()
        stopped = _stopped(closed, files, busy, valid=valid)
        if stopped:
            problem, status, advice = stopped
            return _ask(
                way, known, typed, ticket, problem, files=files, code=code, status=status, advice=advice, busy=busy
            )
        arrived = filing.file(desk(), known.programme, way.complaint(typed, known), ticket, files)
    except filing.SentBefore as error:
        fresh = following.new_ticket(desk())
        return _ask(way, known, typed, fresh, error.said, code=code, status=422, advice=SECOND)
    except (Busy, Gone, Invalid, Refused) as error:  # nothing was written: the same form can be sent again, or nowhere
        known, advice = (Welcome(), COPY) if isinstance(error, Refused) else (known, None)
        return _ask(
            way, known, typed, ticket, error.said, files=files, code=code, status=status_of(error), advice=advice
        )
    except following.BadTicket:
        again = "again" in request.args
        unknown, status = (None, 200) if again and not ticket else (UNKNOWN_FORM, 422)
        return _ask(way, known, typed, following.new_ticket(desk()), unknown, code=code, status=status)
    return _receipt(arrived), 200


def _stopped(
    closed: Said | None, files: Tray, busy: flooding.Asked | None, *, valid: bool
) -> tuple[Said, int, Said | None] | None:
    """Why a form is shown again instead of being filed: what it says, its status, and what else can be done."""
    if closed is not None:
        return closed, STATUS[Refused], COPY
    if not valid or files.refused or files.lost:
        return FILES_MISSING if valid else Invalid({}).said, 422, None
    return (say(WAIT.text, seconds=busy.seconds), TOO_MANY, None) if busy else None


def _taker(way: Way, programme: str, code: str) -> tuple[Welcome, Said | None]:
    """Who takes the form that was sent, or why nobody does: it may have been open for an hour."""
    try:
        known = _welcome(way, programme, code)
    except Refused as error:
        return Welcome(), error.said
    if known.programme:
        return known, None
    if known.choices:  # no page of ours sends there: each form goes to its programme
        raise Hidden
    return known, NOBODY


def _welcome(way: Way, programme: str, code: str) -> Welcome:
    """A poster is typed by hand: digits of any script and small letters are read; what no poster has names no site."""
    typed = plain_digits(code).strip().upper()
    return welcome(desk(), programme, typed if _POSTER.fullmatch(typed) else "", track=way.track)


def _ask(
    way: Way,
    known: Welcome,
    typed: Form,
    ticket: str,
    problem: Said | None = None,
    *,
    code: str,
    files: Tray | None = None,
    status: int = 200,
    advice: Said | None = None,
    busy: flooding.Asked | None = None,
) -> Answer:
    if known.programme and not known.choices:
        known, closed = _taker(way, known.programme, code)
        problem = closed or problem
    chosen = bool(request.files or request.form.getlist("kept"))
    page = render_template(
        way.template,
        form=typed,
        ticket=ticket,
        known=known,
        lost=bool(code) and not known.site,
        action=url_for(way.endpoint, programme=known.programme) if known.programme and not known.site else request.path,
        problem=problem,
        advice=advice,
        kept=tray.tokens(desk(), ticket, files) if files and files.pieces else (),
        refused=files.refused if files else (),
        lost_files=files.lost or (bool(busy) and bool(request.files)) if files else chosen,
        busy=busy,
        accept=ACCEPT,
        bounds=BOUNDS,
        signs=SIGNS,
    )
    return page, status


def _receipt(arrived: filing.Arrived) -> str:
    """The number, and what the case itself says happens next; a form sent again shows where the case is by now."""
    digits = arrived.digits
    view = arrived.standing or reading.case(desk(), arrived.bearer, "", roles=COMPLAINANT)
    return render_template(
        "intake/receipt.html",
        case=view,
        t=wording(view.filer),
        digits=digits,
        groups=following.group(digits).split(),
        code=drawn(url_for("intake.follow", _external=True)),
    )
