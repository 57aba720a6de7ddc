"""The page on which a panellist signs a position or the decision: the text, its hash, and the passkey beside each other."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.casework import signing
from grievance.casework.house import passkeys
from grievance.casework.showing import reading
from grievance.core.errors import GrievanceError, Refused, Stale
from grievance.core.signed import DECISION
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, session_token, viewer
from grievance.web.navigation import PANEL_ROLES

Answer = Response | tuple[str, int]


def add_signing(pages: Blueprint) -> None:
    """The page, and its two ways: a passkey, or that the server attests it."""

    @pages.route("/panel/cases/<ref>/sign/<what>", methods=["GET", "POST"])
    @needs(PERSON)
    def sign(ref: str, what: str) -> Answer:
        if request.method == "GET":
            return _page(ref, what)
        try:
            signing.sign(desk(), viewer(), ref, what, session_token(), request.form.get("proof_passkey", ""))
        except (passkeys.WrongPasskey, Stale) as error:
            return _page(ref, what, error)
        return _back(ref, what)

    @pages.post("/panel/cases/<ref>/sign/<what>/attest")
    @needs(PERSON, fresh=True)
    def attest(ref: str, what: str) -> Answer:
        try:
            signing.attest(desk(), viewer(), ref, what, request.form.get("digest", ""))
        except (Refused, Stale) as error:
            return _page(ref, what, error)
        return _back(ref, what)


def _back(ref: str, what: str) -> Response:
    return redirect(url_for("panel.case", ref=ref) + ("#result" if what == DECISION else "#mine"), 303)


def _page(ref: str, what: str, error: GrievanceError | None = None) -> Answer:
    page = render_template(
        "panel/sign.html",
        view=signing.look(desk(), viewer(), ref, what, session_token()),
        case=reading.case(desk(), viewer(), ref, roles=PANEL_ROLES),
        problem=error.said if error else None,
        possible=passkeys.possible(desk()),
    )
    return page, 200 if error is None else 422 if isinstance(error, passkeys.WrongPasskey) else 409
