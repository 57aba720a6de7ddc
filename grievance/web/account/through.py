"""Away to the house of one's own organisation, and back from it; and what an administrator unbinds."""

from __future__ import annotations

from collections.abc import Mapping

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from grievance.casework.house import staffing, through
from grievance.core.errors import or_hidden, say
from grievance.web import gate
from grievance.web.account import pages
from grievance.web.account.showing import Answer, confirm_page, to
from grievance.web.account.signing_in import first_address
from grievance.web.counting import refused
from grievance.web.front import desk
from grievance.web.gate import ADMINISTRATOR, ANYBODY, needs, viewer

COOKIE = "__Host-through"
STATUS: Mapping[type[through.Astray], int] = {through.Away: 503, through.Gone: 400}
"""403 for all others: it was understood, and nobody comes in by it."""


@pages.get("/account/through/<body>", endpoint="through")
@needs(ANYBODY)
def begin(body: str) -> Answer:
    if gate.maybe_viewer():
        return redirect(first_address(), 303)
    if gate.from_elsewhere():  # nobody is signed in by a link on somebody else's page
        return to("account.sign_in")
    try:
        address, sealed = through.begin(desk(), body)
    except through.Astray as error:
        return _astray(body, error)
    answer = redirect(address, 303)
    # Lax, the only cookie here that is: it has to come back from another site. It opens nothing by itself.
    answer.set_cookie(
        COOKIE,
        sealed,
        max_age=int(through.LASTS.total_seconds()),
        secure=True,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return answer


@pages.get("/account/through/<body>/back", endpoint="through_back")
@needs(ANYBODY)
def back(body: str) -> Answer:
    """A page, and no redirect: browsers send the cookie of the session only where our own page leads on to the next one."""
    try:
        entry = through.end(desk(), body, request.cookies.get(COOKIE, ""), request.args)
    except through.Astray as error:
        return _forgotten(make_response(_astray(body, error)))
    if entry.whole:
        gate.sign_in(entry.token)
        on = first_address()
    else:
        gate.wait(entry.token)
        on = url_for("account.second")
    return _forgotten(make_response(render_template("account/through.html", on=on, whole=entry.whole)))


@pages.route("/account/people/<person>/through/<body>", methods=["GET", "POST"])
@needs(ADMINISTRATOR, fresh=True)
def unbind(person: str, body: str) -> Answer:
    one = staffing.one(desk(), viewer(), person)
    found = or_hidden(next((bound for bound in through.of(desk(), viewer(), person) if bound.body == body), None))

    def act() -> Response:
        through.unbind(desk(), viewer(), person, body)
        return to("account.person", "unbound", person=person)

    return confirm_page(
        act,
        title=say("{name} does not sign in through {body} any more", name=one.name, body=found.name),
        causes=(
            say(
                "What they opened through it ends at once. They are told by mail. Their account and its password stay."
            ),
            say("Whoever comes from there next with their mail address is bound to the account anew."),
            say("To keep somebody out, close the account, or take them out of the organisation."),
        ),
        button=say("Unbind it"),
        back=url_for("account.person", person=person),
    )


def _astray(body: str, error: through.Astray) -> tuple[str, int]:
    refused(error)
    way = through.way(desk(), body)
    return render_template("account/astray.html", way=way, problem=error.said), STATUS.get(type(error), 403)


def _forgotten(answer: Response) -> Response:
    """The cookie has done its part, however that went."""
    answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
    return answer
