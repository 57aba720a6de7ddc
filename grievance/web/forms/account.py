"""The form of the sign-in page."""

from __future__ import annotations

from wtforms import Form
from wtforms.fields import PasswordField, StringField

from grievance.web.forms import fields
from grievance.web.speaking import say_it

LONGEST_MAIL, LONGEST_PASSWORD = 254, 1_000


def sign_in_form() -> type[Form]:
    """The form class in the reader's language: mail and password."""
    return type(
        "SignIn",
        (fields.Page,),
        {
            "mail": StringField(
                say_it("Mail address"),
                [fields.required(), fields.at_most(LONGEST_MAIL)],
                render_kw={"autocomplete": "username", "inputmode": "email"},
            ),
            "password": PasswordField(
                say_it("Password"),
                [fields.required(), fields.at_most(LONGEST_PASSWORD)],
                render_kw={"autocomplete": "current-password"},
            ),
        },
    )
