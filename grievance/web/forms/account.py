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
LONGEST_DEVICE, LONGEST_REASON = 60, 500


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


def app_form() -> type[Form]:
    """What an authenticator app is called, and the code that it shows."""
    code = StringField(
        say_it("Code that the app shows now"),
        [fields.required(), fields.at_most(LONGEST_NAME)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )
    return type("App", (fields.Page,), {"name": _device(), "code": code})


def passkey_form() -> type[Form]:
    """What a passkey is called."""
    return type("NewPasskey", (fields.Page,), {"name": _device()})


def lost_form() -> type[Form]:
    """Why second steps of somebody are taken away."""
    hint = say_it(
        "For instance: lost the telephone, and called from the number that we know. It is entered in the record."
    )
    return type("Lost", (fields.Page,), {"reason": fields.line(say_it("Reason"), hint, most=LONGEST_REASON)})


def _device() -> Any:
    hint = say_it("So that you know it again, such as: telephone of the office.")
    return fields.line(say_it("Name of the device"), hint, most=LONGEST_DEVICE)


def own_name() -> Any:
    """How others see somebody."""
    return fields.line(say_it("Name"), say_it("As the others in a case see it."), most=LONGEST_NAME)


def language() -> Any:
    """One of the languages of the house."""
    choices = {code: name_of(code) for code in front().languages}
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
