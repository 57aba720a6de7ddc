"""What goes wrong, said in the reader's language, with what to do next; a missing and a foreign thing look the same."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from traceback import format_tb

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from grievance.core.calendar import NoHolidays
from grievance.core.errors import Busy, Down, Gone, GrievanceError, Hidden, Invalid, Refused, Said, Stale, say
from grievance.web.counting import refused
from grievance.web.gate import Forged, SignedOut
from grievance.web.receiving import let_by
from grievance.web.resending import again, words
from grievance.web.speaking import say_it

log = logging.getLogger(__name__)

STATUS: dict[type[GrievanceError], int] = {
    Hidden: 404,
    Refused: 409,
    Stale: 409,
    Invalid: 422,
    Forged: 400,
    SignedOut: 403,
}
BUSY = 503

PLAIN: dict[int, Said] = {
    400: say("The browser sent something that we could not read. Go back and try again."),
    404: Hidden().said,
    405: Hidden().said,
    413: say("That was too large to send. Send less at once."),
}
BROKEN = say("Something broke on our side. Nothing that you sent before is lost. Please try again in a moment.")
AWAY = say("Nothing that you sent before is lost. Please try again in a minute.")
"""Said to whoever only looked; whoever sent something reads what became of it."""

NOTHING = say("There is nothing here")
IMPOSSIBLE = say("This is not possible now")
LATER = say("Please try again in a moment")
HEADINGS: dict[type[GrievanceError] | int, Said] = {
    Down: say("The system cannot be reached just now"),
    Busy: LATER,
    Gone: LATER,
    Stale: say("Somebody was here before you"),
    Refused: IMPOSSIBLE,
    NoHolidays: IMPOSSIBLE,
    Invalid: say("Some answers need another look"),
    Forged: say("This page was open for too long"),
    SignedOut: say("You are signed out"),
    400: say("This could not be read"),
    Hidden: NOTHING,
    404: NOTHING,
    413: say("This is too large"),
}
FAILED = say("This did not work")
"""The heading of whatever is not named above; what broke on our side says so below it."""


def install(app: Flask) -> None:
    """Answer every error with a page."""
    app.register_error_handler(GrievanceError, _ours)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def status_of(error: GrievanceError) -> int:
    """The status of a page that says this."""
    return STATUS.get(type(error), BUSY)


def told(error: GrievanceError) -> tuple[Said, int]:
    """What stands above a form that could not be taken, and the status: of several things that do not fit the first."""
    said = next(iter(error.fields.values()), error.said) if isinstance(error, Invalid) else error.said
    return said, status_of(error)


PROBLEM = "application/problem+json"
JSON = "application/json"


def _page(said: Said, status: int, kind: type[GrievanceError] | int) -> tuple[str, int] | Response:
    """A page under the heading of its kind; for a program that asks for JSON and for no page, the same as RFC 9457 has it."""
    wanted = request.accept_mimetypes.best_match(("text/html", PROBLEM, JSON), "text/html")
    if wanted == "text/html":
        kept = again() if status == BUSY else None
        looked = status == BUSY and request.method == "GET"
        head, copied = HEADINGS.get(kind, FAILED), words() if kind in (Forged, SignedOut) else ()
        opened = _address() if kind is Forged else ""
        page = render_template(
            "error.html",
            head=head,
            said=said,
            again=kept,
            looked=looked,
            copied=copied,
            opened=opened,
            signed_out=kind is SignedOut,
        )
        return page, status
    problem = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": say_it(said)}
    return Response(json.dumps(problem, ensure_ascii=False), status, mimetype=PROBLEM)


def _address() -> str:
    """Where the form that was sent can be opened again; empty where its address takes what is sent and shows nothing."""
    adapter, sent = current_app.create_url_adapter(request), request.url_rule
    try:
        shown = adapter.match(method="GET", return_rule=True)[0] if adapter else None
    except HTTPException:
        return ""
    return request.path if shown and sent and shown.rule == sent.rule else ""


def _ours(error: GrievanceError) -> tuple[str, int] | Response:
    refused(error)
    status = status_of(error)
    looked = isinstance(error, Down) and request.method != "POST"
    return _page(AWAY if looked else error.said, status, type(error))


def _http(error: HTTPException) -> tuple[str, int] | Response:
    refused(error)
    if isinstance(error, SecurityError):
        # Asked for under a name that is not ours: no page of ours has an address there.
        return Response("Not found here.\n", 400, mimetype="text/plain")
    if isinstance(error, RequestEntityTooLarge):
        let_by()
    status = 404 if error.code == 405 else error.code or 500  # noqa: PLR2004  a wrong method tells that a page exists
    return _page(PLAIN.get(status, BROKEN), status, status)


def _broken(error: Exception) -> tuple[str, int] | Response:
    # Where, and of what kind: what an error says of itself may repeat what somebody sent, such as the values of a row.
    frames = "".join(format_tb(error.__traceback__))
    log.error("a request broke: %s\nTraceback (most recent call last):\n%s", type(error).__name__, frames)
    return _page(BROKEN, 500, 500)
