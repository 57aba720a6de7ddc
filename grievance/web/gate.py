"""Who comes in: every route declares its need, every unsafe request proves that it comes from our own page."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from grievance.casework.desk import Bearer, Tampered, Viewer
from grievance.casework.house import entering, founding, people, steps
from grievance.core.errors import Busy, GrievanceError, Hidden, or_hidden, say
from grievance.web.front import desk, front
from grievance.web.resending import words

View = TypeVar("View", bound=Callable[..., Any])

ANYBODY, BEARER, PERSON, ADMINISTRATOR = "anybody", "bearer", "person", "administrator"
DOOR_COOKIE, RECEIPT_COOKIE = "__Host-door", "__Host-receipt"
RECEIPT_MINUTES = 15
PROVE = "/account/prove"
"""Where somebody shows again who they are; the door of accounts may be open in another process of this house."""
STEPS = "/account/steps?owed=1"
"""Where somebody adds a second step, and reads that one is needed now."""
HALF = "half"
"""What the cookie calls a sign-in that waits for its second step."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Forged(GrievanceError):
    """A request that our own page did not make, or made too long ago."""

    def __init__(self) -> None:
        super().__init__(say("Nothing was sent. Open the page again, and send it from there."))


class SignedOut(GrievanceError):
    """Somebody sent what they wrote after their sign-in had ended: the page that says so holds it."""

    def __init__(self) -> None:
        super().__init__(say("You were signed out meanwhile, so nothing was sent."))


class User(UserMixin):  # type: ignore[misc]
    """What Flask-Login carries: the session token as id, and the viewer it stands for."""

    def __init__(self, token: str, viewer: Viewer) -> None:
        self.token, self.viewer = token, viewer

    def get_id(self) -> str:
        """The session token, never the person."""
        return self.token


def needs(
    need: str, *, ticket: bool = False, room: Callable[[], None] | None = None, fresh: bool = False
) -> Callable[[View], View]:
    """Declare who may come in: ANYBODY, BEARER (a receipt was shown), PERSON (signed in) or ADMINISTRATOR.

    `ticket`: the form carries a ticket of the vault, which stands for the page token.
    `fresh`: whoever is signed in has shown within ten minutes who they are; else they are asked, and go on from there.
    `room`: called before the form is read, where a request may be larger than others (`receiving.make_room`).
    """

    def declare(view: View) -> View:
        marked = cast("Any", view)
        marked.need, marked.ticket, marked.room, marked.fresh = need, ticket, room, fresh
        return view

    return declare


def install(app: Flask) -> None:
    """Put the gate in front of every route of the app."""
    manager = LoginManager(app)
    manager.session_protection = None  # sessions are rows here: killed, idle and aged in the database

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> User | None:
        if g.get("unanswered"):  # the page that says so asks again who reads it
            return None
        try:
            viewer = people.whois(desk(), token)
        except Busy:
            g.unanswered = True
            raise
        return User(token, viewer) if viewer else None

    app.before_request(_check)
    app.jinja_env.globals["page_token"] = page_token


def viewer() -> Viewer:
    """Whoever is signed in. Raises Hidden on a route without that need."""
    user = current_user
    if not user.is_authenticated:
        raise Hidden
    return cast("User", user).viewer


def maybe_viewer() -> Viewer | None:
    """Whoever is signed in, or None."""
    return cast("User", current_user).viewer if current_user.is_authenticated else None


def session_token() -> str:
    """The token of the session of whoever is signed in. Raises Hidden on a route without that need."""
    viewer()
    return cast("User", current_user).token


def sign_in(token: str) -> None:
    """Begin the session in this browser; the page token changes with it."""
    found = or_hidden(people.whois(desk(), token))
    session.clear()
    login_user(User(token, found))
    g.new_door = secrets.token_urlsafe(24)


def wait(token: str) -> None:
    """The password was right, and this browser is to show the second step: the token opens nothing by itself."""
    session.clear()
    session[HALF] = token


def half_token() -> str:
    """The token of the sign-in that waits for its second step in this browser; empty where there is none."""
    return str(session.get(HALF, ""))


def browser() -> str:
    """What stands for this browser until it is closed."""
    return _door()


def sign_out() -> None:
    """End the session in this browser and in the database."""
    user = cast("User", current_user)
    people.sign_out(desk(), user.viewer, user.token)
    logout_user()
    session.clear()


def bearer() -> Bearer:
    """Whoever showed a receipt in the last quarter of an hour. Raises Hidden on a route without that need."""
    return or_hidden(_bearer())


def remember_receipt(response: BaseResponse, held: Bearer) -> None:
    """Open, or prolong, the session of a receipt: its keys live in an encrypted cookie, and nowhere else."""
    until = int(desk().now().timestamp()) + RECEIPT_MINUTES * 60
    sealed = desk().vault.seal_cookie("receipt", until.to_bytes(8, "big") + held.tag + held.box + held.case.encode())
    _set(response, RECEIPT_COOKIE, sealed)


def forget_receipt(response: BaseResponse) -> None:
    """Close the session of a receipt."""
    response.delete_cookie(RECEIPT_COOKIE, secure=True, httponly=True, samesite="Strict")


def page_token() -> str:
    """The token that the forms of a page carry; masked afresh for each page, so that compression betrays nothing."""
    door = _door()
    if g.get("token_of") != door:
        mac = desk().vault.mac("page", door.encode())
        mask = secrets.token_bytes(len(mac))
        g.token = (mask + bytes(a ^ b for a, b in zip(mac, mask, strict=True))).hex()
        g.token_of = door
    return str(g.token)


def keep_door(response: BaseResponse) -> None:
    """Send the browser's door cookie when it is new."""
    fresh = g.get("new_door")
    if fresh:
        _set(response, DOOR_COOKIE, fresh)


def _door() -> str:
    """A random value that stands for this browser until it is closed."""
    if not g.get("new_door"):
        known = request.cookies.get(DOOR_COOKIE, "")
        if known:
            return known
        g.new_door = secrets.token_urlsafe(24)
    return str(g.new_door)


def _check() -> BaseResponse | None:
    """Before every request: its need, and where it came from."""
    if "\x00" in request.path:  # no address of ours holds one, and PostgreSQL refuses to look for it
        raise Hidden
    if request.endpoint is None:
        return None
    view = cast("Any", current_app.view_functions[request.endpoint])
    if view.room:
        view.room()
    if view.need == ADMINISTRATOR and current_user.is_authenticated and not viewer().administrator:
        raise Hidden  # before anything else: to everybody else these pages do not exist
    if request.method not in SAFE and not view.ticket:
        _same_page()
    if view.need in (PERSON, ADMINISTRATOR):
        return _signed_in(view)
    if view.need == BEARER and _bearer() is None:
        if request.method in SAFE:
            return redirect(url_for("intake.follow", again="1"), 303)
        # 307 carries along what was typed: the number is asked for, and then it is sent where it was meant to go.
        return redirect(url_for("intake.follow", again="1", to=request.path), 307)
    return None


def _signed_in(view: Any) -> BaseResponse | None:
    """Away to sign in, to add the second step that is needed here, or to show again who it is; else nothing."""
    if not current_user.is_authenticated:
        if "account" in front().doors and words():
            raise SignedOut
        return redirect(url_for("account.sign_in"), 303) if "account" in front().doors else _nobody()
    if _owes_step(view.need):
        return redirect(STEPS, 303)
    if view.fresh and not entering.is_fresh(desk(), viewer(), session_token()):
        return _prove_first()
    return None


def _owes_step(need: str) -> bool:
    """Whether a second step is needed behind this door by now, and this person has none."""
    place = "administration" if need == ADMINISTRATOR else str(request.blueprint)
    day = front().second_step.get(place)
    if day is None or desk().now().date() < day or steps.has_step(desk(), viewer()):
        return False
    return not founding.is_demo(desk())  # everybody knows its passwords, and tries it once


def _prove_first() -> BaseResponse:
    """Away to the page that asks who they are. 307 carries along what was typed, and it is sent on from there."""
    if request.method in SAFE:
        return redirect(f"{PROVE}?{urlencode({'to': request.path})}", 303)
    return redirect(f"{PROVE}?{urlencode({'to': request.path, 'send': '1'})}", 307)


def _nobody() -> Response:
    raise Hidden


def from_elsewhere() -> bool:
    """Whether the browser says that a page of another site led here."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def _same_page() -> None:
    if from_elsewhere():
        raise Forged
    known, given = request.cookies.get(DOOR_COOKIE, ""), request.form.get("page_token", "")
    try:
        raw = bytes.fromhex(given)
    except ValueError:
        raise Forged from None
    half = len(raw) // 2
    mac = bytes(a ^ b for a, b in zip(raw[:half], raw[half:], strict=False))
    if not known or not desk().vault.mac_fits("page", known.encode(), mac):
        raise Forged


def _bearer() -> Bearer | None:
    if "bearer" not in g:
        g.bearer = _shown()
    return cast("Bearer | None", g.bearer)


def _shown() -> Bearer | None:
    sealed = request.cookies.get(RECEIPT_COOKIE, "")
    if not sealed:
        return None
    try:
        plain = desk().vault.open_cookie("receipt", sealed)
    except Tampered:
        return None
    case = plain[72:].decode()
    if int.from_bytes(plain[:8], "big") < desk().now().timestamp() or not case:
        return None
    return Bearer(plain[8:40], plain[40:72], case)


def _set(response: BaseResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, secure=True, httponly=True, samesite="Strict", path="/")
