"""The first page, the filing form and its receipt: sent twice it is one case, refused it loses nothing typed."""

from __future__ import annotations

import re

import segno
from flask import render_template, request, url_for
from markupsafe import Markup
from wtforms import Form

from grievance.casework import filing, following, reading, tray
from grievance.casework.tray import Tray
from grievance.casework.welcoming import Welcome, welcome
from grievance.core.errors import Busy, Gone, Hidden, Invalid, Said, say
from grievance.language import plain_digits
from grievance.web.errors import BUSY, STATUS
from grievance.web.evidence import ACCEPT, BOUNDS
from grievance.web.forms.filing import complaint, filing_form
from grievance.web.front import desk
from grievance.web.front import front as lent
from grievance.web.gate import ANYBODY, needs
from grievance.web.intake import pages
from grievance.web.receiving import make_room, uploads
from grievance.web.speaking import spoken

SIGNS = {"separation": "dismissal", "foa": "union", "osh": "safety"}
"""Categories whose sign has another name."""

_POSTER = re.compile(r"[A-Z0-9-]{1,40}")
TICKET = "\ue000ticket\ue000"
"""Stands in an empty form where each copy gets a ticket of its own."""

MASK = 3
"""Of the eight patterns that a code may be drawn with. Any can be read; to try all and take the best costs eight times."""

QUIET, DARK = 4, re.compile(rb"\x01+")

COMPLAINANT = frozenset({"complainant"})
UNKNOWN_FORM = say(
    "We did not recognise this form, so nothing was sent. "
    "Everything that you wrote is still here: press “Send” once more."
)
SECOND = say("If you send what stands here now, it becomes a second complaint of its own.")
FILES_MISSING = say("Not every file was taken. Read why in part 4. Everything else that you wrote is still here.")

Answer = tuple[str, int]


@pages.get("/")
@needs(ANYBODY)
def front() -> str:
    return render_template("intake/front.html")


@pages.get("/file")
@needs(ANYBODY)
def form() -> Answer:
    """The form of the only programme; with several, their list."""
    return _open()


@pages.get("/in/<programme>/file")
@needs(ANYBODY)
def form_of_programme(programme: str) -> Answer:
    return _open(programme)


@pages.get("/s/<code>")
@needs(ANYBODY)
def form_of_site(code: str) -> Answer:
    return _open(code=code)


@pages.post("/file")
@needs(ANYBODY, ticket=True, room=make_room)
def send() -> Answer:
    return _send()


@pages.post("/in/<programme>/file")
@needs(ANYBODY, ticket=True, room=make_room)
def send_to_programme(programme: str) -> Answer:
    return _send(programme)


@pages.post("/s/<code>")
@needs(ANYBODY, ticket=True, room=make_room)
def send_of_site(code: str) -> Answer:
    return _send(code=code)


def _open(programme: str = "", code: str = "") -> Answer:
    """An empty form is the same for everybody but for its ticket."""
    blank = lent().shelf.page((request.path, spoken()), desk().now(), lambda: _blank(programme, code))
    return blank.replace(TICKET, following.new_ticket(desk())), 200


def _blank(programme: str, code: str) -> str:
    known = _welcome(programme, code)
    if not known.programme:
        return render_template("intake/programmes.html", known=known, lost=bool(code))
    form = filing_form(spoken(), site=bool(known.site))()
    return _ask(known, form, TICKET, code=code)[0]


def _send(programme: str = "", code: str = "") -> Answer:
    known = _welcome(programme, code)
    if not known.programme:  # no page of ours sends there: each form goes to its programme
        raise Hidden
    typed = filing_form(spoken(), site=bool(known.site))(request.form)
    ticket = request.form.get("ticket", "")
    files = Tray("")
    try:
        files = tray.fill(desk(), ticket, uploads(), request.form.getlist("kept"))
        if "again" in request.args:  # the language was changed: what was typed goes along
            return _ask(known, typed, ticket, files=files, code=code)
        valid = typed.validate()
        if not valid or files.refused or files.lost:
            problem = FILES_MISSING if valid else Invalid({}).said
            return _ask(known, typed, ticket, problem, files=files, code=code, status=422)
        sent = complaint(typed, spoken(), known.site, known.site_name)
        arrived = filing.file(desk(), known.programme, sent, ticket, files)
    except filing.SentBefore as error:
        fresh = following.new_ticket(desk())
        return _ask(known, typed, fresh, error.said, code=code, status=422, advice=SECOND)
    except (Busy, Gone, Invalid) as error:  # nothing was written: the same form can be sent again
        return _ask(known, typed, ticket, error.said, files=files, code=code, status=STATUS.get(type(error), BUSY))
    except following.BadTicket:
        again = "again" in request.args
        unknown, status = (None, 200) if again and not ticket else (UNKNOWN_FORM, 422)
        return _ask(known, typed, following.new_ticket(desk()), unknown, code=code, status=status)
    return _receipt(arrived), 200


def _welcome(programme: str, code: str) -> Welcome:
    """A poster is typed by hand: digits of any script and small letters are read; what no poster has names no site."""
    typed = plain_digits(code).strip().upper()
    return welcome(desk(), programme, typed if _POSTER.fullmatch(typed) else "")


def _ask(
    known: Welcome,
    typed: Form,
    ticket: str,
    problem: Said | None = None,
    *,
    code: str,
    files: Tray | None = None,
    status: int = 200,
    advice: Said | None = None,
) -> Answer:
    chosen = bool(request.files or request.form.getlist("kept"))
    page = render_template(
        "intake/file.html",
        form=typed,
        ticket=ticket,
        known=known,
        lost=bool(code) and not known.site,
        action=request.path if known.site else url_for("intake.send_to_programme", programme=known.programme),
        problem=problem,
        advice=advice,
        kept=tray.tokens(desk(), ticket, files) if files and files.pieces else (),
        refused=files.refused if files else (),
        lost_files=files.lost if files else chosen,
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
        digits=digits,
        groups=following.group(digits).split(),
        code=_drawn(digits),
    )


def _drawn(digits: str) -> Markup:
    """The number as a code for a phone camera: a stroke for each run of dark fields, four fields of quiet around."""
    rows = segno.make(digits, error="m", micro=False, mask=MASK).matrix
    runs = (
        f"M{run.start() + QUIET} {y + QUIET}.5h{run.end() - run.start()}"
        for y, row in enumerate(rows)
        for run in DARK.finditer(row)
    )
    size = len(rows) + 2 * QUIET
    drawn = f'<svg viewBox="0 0 {size} {size}" class="code"><path stroke="#000" d="{"".join(runs)}"/></svg>'
    return Markup(drawn)  # noqa: S704  drawn from twenty digits
