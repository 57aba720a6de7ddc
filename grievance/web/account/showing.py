"""Shows forms and lists: what is wrong is said beside its field, what was typed stays, a last page stands for too high ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form

from grievance.casework.house.recording import Page
from grievance.core.errors import GrievanceError, Invalid, Refused, Said, say
from grievance.web.errors import STATUS
from grievance.web.front import desk
from grievance.web.given import page_wanted
from grievance.web.speaking import say_it

Answer = Response | tuple[str, int] | str

DONE: Mapping[str, Said] = {
    "ended": say("That sign-in is ended. Whoever used it has to sign in again."),
    "signed_out": say("It is ended. Whoever used it has to sign in again."),
    "over": say("That took longer than five minutes, or the sign-in was used already. Sign in again."),
    "step": say("It is entered. You are asked for it when you sign in, and before what is hard to undo."),
    "step_gone": say("It is removed. You are not asked for it any more."),
    "steps_taken": say("Their second steps are gone and every sign-in of theirs is ended. They are told by mail."),
    "unbound": say("It is unbound, and what they opened through it is ended. They are told by mail."),
    "saved": say("Saved."),
    "password": say("You have a new password. Every other sign-in of yours is ended."),
    "made": say("It is entered."),
    "invited": say("The letter is on its way."),
    "closed": say("The account is closed, and every sign-in of it is ended."),
    "opened": say("The account is open again."),
    "belongs": say("That is so from now on, in every open browser of theirs too."),
    "rostered": say("They can be drawn from now on."),
    "unrostered": say("They are not drawn any more. Seats that they hold stay theirs."),
    "retired": say(
        "It is retired: nothing new begins with it. You find it among the retired ones, and can bring it back."
    ),
    "back": say("It is in use again."),
    "taken": say("The list is taken over, all of it."),
    "joined": say("Your account is ready. Sign in with your new password."),
    "reset": say("You have a new password, and every sign-in of yours is ended. Sign in with it."),
    "asked": say(
        "If somebody has an account with this address, a letter with a link is on its way. It is good for one hour."
    ),
}
"""What was just done, by the word in the address."""


def was_done() -> Said | None:
    """The sentence for what the address says was just done."""
    return DONE.get(request.args.get("done", ""))


def form_page(form: Form, act: Callable[[Form], Answer], template: str, **shown: Any) -> Answer:
    """The page of a form; when it was sent and fits, what `act` answers. What does not fit is said beside its field."""
    problem: Said | None = None
    status = 200
    if request.method == "POST":
        problem, status = Invalid({}).said, 422
        if form.validate():
            try:
                return act(form)
            except GrievanceError as error:
                problem, status = error.said, _status(error)
                if isinstance(error, Invalid):
                    put_faults(form, error)
    return render_template(template, form=form, problem=problem, done=was_done(), **shown), status


def confirm_page(act: Callable[[], Answer], *, why_not: Said | None = None, **shown: Any) -> Answer:
    """Says what follows (`title`, `causes`), and does it when its `button` is pressed; or why not, and the way `back`."""
    problem, status = why_not, 200
    if request.method == "POST":
        try:
            return act()
        except Refused as error:
            problem, status = error.said, STATUS[Refused]
    return render_template("account/confirm.html", problem=problem, **shown), status


def _status(error: GrievanceError) -> int:
    if type(error) not in STATUS or STATUS[type(error)] == 404:  # noqa: PLR2004  there is no form for nothing
        raise error
    return STATUS[type(error)]


def put_faults(form: Form, error: Invalid) -> None:
    """Each sentence beside its field; one without a field beside the first."""
    for name, said in error.fields.items():
        field = form[name] if name in form else next(iter(form))
        field.errors = [*field.errors, say_it(said)]


def list_page(read: Callable[[int], Page]) -> Page:
    """The page that the address asks for, the last one where it asks for more."""
    found = read(page_wanted())
    return found if found.page <= found.pages else read(found.pages)


def retired_wanted() -> bool:
    """Whether the address asks for what is retired."""
    return request.args.get("retired") == "1"


def zone() -> tzinfo:
    """In which these pages tell times: they belong to no programme, so it is that of the first calendar."""
    return next(iter(desk().lawbook.calendars.values())).tz


def to(endpoint: str, done: str = "", **values: Any) -> Response:
    """Away to another page, which says what was done."""
    return redirect(url_for(endpoint, done=done or None, **values), 303)
