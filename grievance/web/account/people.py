"""People: who has an account, whom they belong to, invitations, and accounts that are closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form

from grievance.casework.desk import Desk, Viewer
from grievance.casework.house import furnishing, inviting, staffing, through
from grievance.core.errors import Hidden, Said, or_hidden, say
from grievance.web.account import pages
from grievance.web.account.showing import Answer, confirm_page, form_page, list_page, to, was_done, zone
from grievance.web.forms.administration import invite_form, mail_form, member_form
from grievance.web.front import desk
from grievance.web.gate import ADMINISTRATOR, needs, viewer
from grievance.web.given import sent, words_wanted
from grievance.web.speaking import spoken


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that is done to an account after a page has said what it causes."""

    title: Said
    causes: tuple[Said, ...]
    button: Said
    act: Callable[[Desk, Viewer, str], None]
    done: str


DECISIONS: Mapping[str, Decision] = {
    "close": Decision(
        say("Close the account of {name}"),
        (
            say("Every sign-in of theirs ends at once, and the link of an invitation too."),
            say("They get no letters, and nobody draws them for a seat."),
            say("Seats that they hold and cases assigned to them stay theirs: the case office gives them to others."),
            say("You can open the account again; the old password works then."),
        ),
        say("Close the account"),
        staffing.deactivate,
        "closed",
    ),
    "open": Decision(
        say("Open the account of {name} again"),
        (say("They can sign in with their old password, and see again what their organisations and seats show them."),),
        say("Open the account"),
        staffing.reactivate,
        "opened",
    ),
    "invite": Decision(
        say("Invite {name} once more"),
        (
            say(
                "A new letter is sent, with a link that is good for seven days. The link of the letter before works no more."
            ),
        ),
        say("Send the letter"),
        inviting.invite_again,
        "invited",
    ),
    "promote": Decision(
        say("Make {name} an administrator"),
        (
            say(
                "They can do everything that you can do here: invite and close accounts, change programmes and rosters."
            ),
            say("They see no case by it."),
        ),
        say("Make them an administrator"),
        lambda desk, viewer, person: staffing.administer(desk, viewer, person, on=True),
        "saved",
    ),
    "demote": Decision(
        say("Take administration from {name}"),
        (say("From now on they do not see these pages any more. Their organisations and seats stay."),),
        say("Take it from them"),
        lambda desk, viewer, person: staffing.administer(desk, viewer, person, on=False),
        "saved",
    ),
}


@pages.get("/account/people")
@needs(ADMINISTRATOR)
def people() -> str:
    words, state = words_wanted(), request.args.get("state", "")
    state = state if state in staffing.STATES else ""
    found = list_page(lambda page: staffing.listing(desk(), viewer(), words, state, page))
    counts = {one: staffing.listing(desk(), viewer(), state=one).total for one in ("", *staffing.STATES)}
    return render_template(
        "account/people.html",
        list=found,
        words=words,
        state=state,
        counts=counts,
        states=staffing.STATES,
        done=was_done(),
    )


@pages.route("/account/people/new", methods=["GET", "POST"])
@needs(ADMINISTRATOR, fresh=True)
def invite() -> Answer:
    def act(form: Form) -> Response:
        asked: dict[str, Any] = {name: form[name].data or "" for name in ("mail", "name", "language", "body", "post")}
        person = inviting.invite(
            desk(), viewer(), inviting.Invitation(**asked, administrator=bool(form["administrator"].data))
        )
        return to("account.person", "invited", person=person)

    form = invite_form(furnishing.bodies_of_kind(desk(), viewer()))(sent(), language=spoken(), post="")
    return form_page(form, act, "account/invite.html")


@pages.get("/account/people/<person>")
@needs(ADMINISTRATOR)
def person(person: str) -> Answer:
    return _person(person, _member_form()(post=""))


@pages.post("/account/people/<person>")
@needs(ADMINISTRATOR, fresh=True)
def belong(person: str) -> Answer:
    return _person(person, _member_form()(sent()))


def _person(person: str, form: Form) -> Answer:
    def act(form: Form) -> Response:
        staffing.belong(desk(), viewer(), person, form["body"].data, form["post"].data or "")
        return to("account.person", "belongs", person=person)

    one = staffing.one(desk(), viewer(), person)
    shown = {"one": one, "bound": through.of(desk(), viewer(), person), "posts": staffing.POSTS}
    return form_page(form, act, "account/person.html", **shown, zone=zone(), states=staffing.STATES)


@pages.route("/account/people/<person>/mail", methods=["GET", "POST"])
@needs(ADMINISTRATOR, fresh=True)
def correct_mail(person: str) -> Answer:
    def act(form: Form) -> Response:
        inviting.correct_mail(desk(), viewer(), person, form["mail"].data)
        return to("account.person", "saved", person=person)

    one = staffing.one(desk(), viewer(), person)
    return form_page(mail_form()(sent(), mail=one.mail), act, "account/mail.html", one=one)


@pages.route("/account/people/<person>/leave/<body>", methods=["GET", "POST"])
@needs(ADMINISTRATOR, fresh=True)
def leave(person: str, body: str) -> Answer:
    one = staffing.one(desk(), viewer(), person)
    found = or_hidden(next((theirs for theirs in one.bodies if theirs.id == body), None))

    def act() -> Response:
        staffing.leave(desk(), viewer(), person, body)
        return to("account.person", "belongs", person=person)

    return confirm_page(
        act,
        title=say("{name} belongs to {body} no more", name=one.name, body=found.name),
        causes=(say("What they see through this organisation is closed to them at once. Their own seats stay."),),
        button=say("Take them out"),
        back=url_for("account.person", person=person),
    )


@pages.route("/account/people/<person>/<what>", methods=["GET", "POST"])
@needs(ADMINISTRATOR, fresh=True)
def decide(person: str, what: str) -> Answer:
    decision = DECISIONS.get(what)
    one = staffing.one(desk(), viewer(), person)
    if decision is None:
        raise Hidden

    def act() -> Response:
        decision.act(desk(), viewer(), person)
        if what == "demote" and person == viewer().person:
            return to("account.me", decision.done)
        return to("account.person", decision.done, person=person)

    return confirm_page(
        act,
        title=say(decision.title.text, name=one.name),
        causes=decision.causes,
        button=decision.button,
        back=url_for("account.person", person=person),
    )


def _member_form() -> type[Form]:
    return member_form(furnishing.bodies_of_kind(desk(), viewer()))
