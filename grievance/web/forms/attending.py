"""The form with which an officer files for somebody: the filing form, with how they came and agreed before it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from wtforms import Form

from grievance.core.attending import AGREED, CAME
from grievance.core.matters import Attended
from grievance.language import name_of
from grievance.web.forms import fields
from grievance.web.forms.filing import FilingPage, filing_form
from grievance.web.speaking import say_it

BEFORE = ("came", "agreed", "tongue")
AFTER = ("read_back",)
LEFT_OUT = frozenset({"more"})
"""What a table of boxes would ask at length; the triage says it better."""


@lru_cache(maxsize=64)
def attending_form(language: str, languages: tuple[str, ...]) -> type[Form]:
    """The form class in the language of the officer; `languages` are those that the complainant may choose."""
    body: dict[str, Any] = {
        "came": fields.one_of(say_it("How did they come to us?"), fields.in_words(CAME)),
        "agreed": fields.one_of(
            say_it("Do they agree that you file for them?"),
            fields.in_words(AGREED),
            say_it("Say first what is written down, who reads it, and that they get a number that is only theirs."),
        ),
        "tongue": fields.one_of(
            say_it("In which language do they want to read?"), {code: name_of(code) for code in languages}
        ),
        "read_back": fields.one_of(say_it("Did you read it back to them?"), {"yes": say_it("Yes"), "no": say_it("No")}),
    }
    return type(f"AttendingForm_{language}", (filing_form(language, site=False), FilingPage), body)


def attended(given: Mapping[str, Any]) -> Attended:
    """How somebody was helped; by whom is known from who is signed in."""
    return Attended("", given["came"] or "", given["agreed"] or "", given["read_back"] == "yes")
