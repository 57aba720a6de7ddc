"""The forms of administrators; what there is to choose from is handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import Form
from wtforms.fields import BooleanField

from grievance.casework.house.furnishing import KINDS
from grievance.casework.house.rostering import FUNCTIONS
from grievance.casework.house.staffing import POSTS
from grievance.core.procedure import SIDES
from grievance.core.tracks import TRACKS
from grievance.language import name_of
from grievance.web.forms import fields
from grievance.web.forms.account import LONGEST_MAIL, LONGEST_NAME, language
from grievance.web.speaking import say_it

Choices = Mapping[str, str]


def programme_form(
    offices: Choices,
    calendars: Sequence[str],
    procedures: Mapping[str, Choices],
    languages: Sequence[str],
    *,
    new: bool,
) -> type[Form]:
    """A programme; its short name is asked once."""
    short = {
        "id": fields.line(
            say_it("Short name"),
            say_it("Small letters, such as kh. It stands in addresses and never changes."),
            most=31,
        )
    }
    body: dict[str, Any] = {
        **(short if new else {}),
        "title": fields.line(
            say_it("Name"), say_it("Whoever complains chooses by it: best the name of the country."), most=LONGEST_NAME
        ),
        "country": fields.line(say_it("Country"), say_it("Two letters, such as KH."), most=2),
        "office": fields.picked(say_it("Case office"), offices),
        "calendar": fields.picked(
            say_it("Calendar"),
            {name: name for name in calendars},
            say_it("For procedures that name none of their own."),
        ),
        "languages": fields.some_of(
            say_it("Languages"),
            {code: name_of(code) for code in languages},
            say_it("In which its office answers; shown where the country is chosen. None means all of them."),
            needed=False,
        ),
    }
    for track, label in TRACKS.items():
        laws = {name: f"{say_it(law)} ({name})" for name, law in procedures[track].items()}
        body[f"for_{track}"] = fields.one_of(say_it(label), {"": say_it("None"), **laws}, needed=False)
    return type("ProgrammeForm", (fields.Page,), body)


def body_form(*, new: bool) -> type[Form]:
    """An organisation; its kind is asked once."""
    kinds = {kind: say_it(label) for kind, (label, _) in KINDS.items()}
    sides = {"": say_it("The usual one of its kind"), **fields.in_words(SIDES)}
    body: dict[str, Any] = {
        "name": fields.line(say_it("Name"), say_it("As others in a case see it."), most=LONGEST_NAME),
        **({"kind": fields.one_of(say_it("Kind"), kinds, say_it("It never changes."))} if new else {}),
        "side": fields.one_of(
            say_it("Side"), sides, say_it("Only an association can stand on several: say on which."), needed=False
        ),
    }
    return type("BodyForm", (fields.Page,), body)


def site_form(factories: Choices, brands: Choices, programmes: Choices | None) -> type[Form]:
    """A site; its number and programme are asked once, with `programmes`."""
    once: dict[str, Any] = {}
    if programmes is not None:
        once = {
            "programme": fields.picked(say_it("Programme"), programmes),
            "code": fields.line(
                say_it("Number"), say_it("It stands on the poster, such as KH-0412, and never changes."), most=40
            ),
        }
    body: dict[str, Any] = {
        **once,
        "name": fields.line(say_it("Name")),
        "place": fields.line(say_it("Place"), say_it("Town or district."), needed=False),
        "body": fields.picked(say_it("Run by"), factories),
        "buyers": fields.some_of(
            say_it("Who buys there"), brands, say_it("They join when a case is taken up."), needed=False
        ),
    }
    return type("SiteForm", (fields.Page,), body)


def invite_form(bodies: Choices) -> type[Form]:
    """Whom to invite."""
    body: dict[str, Any] = {
        "mail": fields.line(say_it("Mail address"), say_it("The letter with the link goes there."), most=LONGEST_MAIL),
        "name": fields.line(say_it("Name"), say_it("They can change it when they join."), most=LONGEST_NAME),
        "language": language(),
        "body": fields.picked(
            say_it("Organisation"),
            bodies,
            say_it("None for neutrals and mediators: they belong to nobody."),
            needed=False,
        ),
        "post": _post(),
        "administrator": BooleanField(
            say_it("Administrator"),
            description=say_it("Can do everything on these pages, and sees no case by it."),
        ),
    }
    return type("InviteForm", (fields.Page,), body)


def mail_form() -> type[Form]:
    """Another address for somebody."""
    hint = say_it("They sign in with it from now on. Links that were sent to the old one work no more.")
    return type("MailForm", (fields.Page,), {"mail": fields.line(say_it("Mail address"), hint, most=LONGEST_MAIL)})


def member_form(bodies: Choices) -> type[Form]:
    """To which organisation somebody belongs."""
    return type("MemberForm", (fields.Page,), {"body": fields.picked(say_it("Organisation"), bodies), "post": _post()})


def roster_form(people: Choices) -> type[Form]:
    """Who can be drawn, for what."""
    body: dict[str, Any] = {
        "person": fields.picked(say_it("Person"), people),
        "function": fields.one_of(say_it("As"), {key: say_it(one.label) for key, one in FUNCTIONS.items()}),
        "side": fields.one_of(
            say_it("For the side of"),
            {"": say_it("None"), **fields.in_words(SIDES)},
            say_it("Panel members and chairs have a side; all others have none."),
            needed=False,
        ),
    }
    return type("RosterForm", (fields.Page,), body)


def _post() -> Any:
    posts = {"": say_it("Member"), **{post: say_it(label) for post, (label, _) in POSTS.items()}}
    hint = say_it("A coordinator hears when a date is missed in an office. A buying team is that of a brand.")
    return fields.one_of(say_it("Post"), posts, hint, needed=False)
