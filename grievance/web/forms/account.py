"""The forms of signing in, and of one's own account."""

from __future__ import annotations

from typing import Any

from wtforms import Form
from wtforms.fields import PasswordField, StringField

from grievance.language import name_of
from grievance.web.forms import fields
from grievance.web.front import front
from grievance.web.speaking import say_it

LONGEST_MAIL, LONGEST_PASSWORD, LONGEST_NAME = 254, 1_100, 100


def sign_in_form() -> type[Form]:
    """Mail and password."""
    return type("SignIn", (fields.Page,), {"mail": _mail(), "password": _password(say_it("Password"))})


def forgot_form() -> type[Form]:
    """A mail address."""
    return type("Forgot", (fields.Page,), {"mail": _mail()})


def join_form() -> type[Form]:
    """What the invited say of themselves, and their password."""
    return type("Join", (fields.Page,), {"name": own_name(), "language": language(), "password": _new()})


def rename_form() -> type[Form]:
    """One's own name and language."""
    return type("Rename", (fields.Page,), {"name": own_name(), "language": language()})


def reset_form() -> type[Form]:
    """A new password."""
    return type("Reset", (fields.Page,), {"password": _new()})


def password_form() -> type[Form]:
    """The old password, and a new one."""
    old = _password(say_it("Your password now"))
    return type("Password", (fields.Page,), {"old": old, "new": _new()})


def own_name() -> Any:
    """How others see somebody."""
    return fields.line(say_it("Name"), say_it("As the others in a case see it."), most=LONGEST_NAME)


def language() -> Any:
    """One of the languages of the house."""
    choices = [(code, name_of(code)) for code in front().languages]
    return fields.one_of(say_it("Language of pages and letters"), choices)


def _mail() -> Any:
    return StringField(
        say_it("Mail address"),
        [fields.required(), fields.at_most(LONGEST_MAIL)],
        render_kw={"autocomplete": "username", "inputmode": "email"},
    )


def _password(label: str) -> Any:
    return PasswordField(
        label,
        [fields.required(), fields.at_most(LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )


def _new() -> Any:
    return PasswordField(
        say_it("New password"),
        [fields.required(), fields.at_most(LONGEST_PASSWORD)],
        description=say_it("At least 15 characters. Four or five words that belong to nothing do well."),
        render_kw={"autocomplete": "new-password"},
    )
