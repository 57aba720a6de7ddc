"""Before what is hard to undo somebody shows again who they are, and goes on with what they typed."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from grievance.casework.house import entering, passkeys, people
from grievance.core.errors import GrievanceError, Said
from grievance.web import gate
from grievance.web.account import pages
from grievance.web.account.showing import to
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer

SHOWN, TYPED, ANSWER = "proof", "proof_code", "proof_passkey"
"""Names of our own fields, which no form has that is carried along."""


def shown() -> tuple[str, str]:
    """What was typed, and what a passkey answered. As typed: the blanks at its ends belong to a password."""
    return request.form.get(TYPED, ""), request.form.get(ANSWER, "")


def status_of(error: GrievanceError) -> int:
    """Whoever has to wait is told so by the status too."""
    return 429 if isinstance(error, people.TooMany) else 422


@pages.route("/account/prove", methods=["GET", "POST"])
@needs(PERSON)
def prove() -> Response | tuple[str, int]:
    """What was being sent comes along whole, and goes on its way from here."""
    problem: Said | None = None
    status = 200
    if SHOWN in request.form:
        try:
            entering.prove(desk(), viewer(), gate.session_token(), *shown())
        except (entering.WrongCode, entering.WrongProof, people.TooMany, passkeys.WrongPasskey) as error:
            problem, status = error.said, status_of(error)
        else:
            meant = _meant()
            return redirect(meant, 307 if _sends() else 303) if meant else to("account.me")
    ours = (SHOWN, TYPED, ANSWER, "page_token")
    kept = [(name, value) for name, values in request.form.lists() if name not in ours for value in values]
    page = render_template(
        "account/prove.html",
        asked=entering.asked_of(desk(), viewer(), gate.session_token()),
        problem=problem,
        kept=kept if _meant() else [],
        here=url_for("account.prove", to=_meant() or None, send="1" if _sends() else None),
    )
    return page, status


def _sends() -> bool:
    """Only what a page of ours sent goes on as it was sent: a link in a letter makes nobody do anything by their own proof."""
    return request.method == "POST" and request.args.get("send") == "1"


def _meant() -> str:
    """Where somebody was on their way: a page of ours that asks for this, with its own method, or nowhere."""
    try:
        adapter = current_app.create_url_adapter(request)
        assert adapter is not None  # noqa: S101  there is one wherever there is a request
        endpoint, values = adapter.match(request.args.get("to", ""), method="POST" if _sends() else "GET")
    except HTTPException:
        return ""
    view = current_app.view_functions[endpoint]
    return url_for(endpoint, **values) if getattr(view, "fresh", False) else ""
